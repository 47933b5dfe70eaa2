//! What two programs gave, byte for byte: exit code, standard output, standard error and whole folders of files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Output;

use donor_report::folder::MEMORY_FOLDER;

/// Letters shown of a line that isn't the same, from a few before the first other one.
const SHOWN: usize = 100;
const SHOWN_BEFORE: usize = 30;

/// Content by path in a folder. A path that ends in `/` is a folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// How many things were compared, and which of them aren't the same.
#[derive(Debug, Default)]
pub struct Comparison {
    pub compared: usize,
    pub differences: Vec<Difference>,
}

/// A thing that isn't the same.
#[derive(Debug)]
pub struct Difference {
    /// `exit code`, `standard output`, `standard error`, or a file's path.
    pub thing: String,
    /// Where it first differs, and how.
    pub first: First,
}

/// The first difference between two contents.
#[derive(Debug, PartialEq, Eq)]
pub enum First {
    /// Of text: the line, from 1, and what is around the first other letter in the old and the new one.
    Line { line: usize, old: Option<String>, new: Option<String> },
    /// Of anything else: the offset, and the lengths.
    Byte { offset: usize, old: usize, new: usize },
    /// Only the old program wrote it.
    Gone,
    /// Only the new program wrote it.
    Added,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{}", self.thing)?;
        match &self.first {
            First::Line { line, old, new } => {
                let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "(the end)".to_owned());
                write!(out, ", line {line}:\n    old {}\n    new {}", shown(old), shown(new))
            }
            First::Byte { offset, old, new } => write!(out, ", offset {offset} (old {old} bytes, new {new})"),
            First::Gone => write!(out, ": only the old program wrote it"),
            First::Added => write!(out, ": only the new program wrote it"),
        }
    }
}

impl Comparison {
    pub fn add(&mut self, other: Comparison) {
        self.compared += other.compared;
        self.differences.extend(other.differences);
    }
}

/// Compares how two runs ended and what they printed.
pub fn compare_runs(old: &Output, new: &Output) -> Comparison {
    let (old_status, new_status) = (old.status.to_string(), new.status.to_string());
    let things = [
        ("exit code", old_status.as_bytes(), new_status.as_bytes()),
        ("standard output", &old.stdout, &new.stdout),
        ("standard error", &old.stderr, &new.stderr),
    ];
    let differences = things.into_iter().filter_map(|(thing, old, new)| {
        Some(Difference { thing: thing.to_owned(), first: first_difference(old, new)? })
    });
    Comparison { compared: things.len(), differences: differences.collect() }
}

/// Compares all that lies in two folders, but for what a program remembers, which names it and its folder. Files that were `given` to the programs must have
/// been left alone; they count as nothing that was compared, and neither do folders.
///
/// # Errors
/// A file or folder can't be read.
pub fn compare_folders(old: &Path, new: &Path, given: &BTreeSet<String>) -> io::Result<Comparison> {
    let (old, new) = (files(old)?, files(new)?);
    let mut comparison = Comparison::default();
    for path in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        comparison.compared += usize::from(!path.ends_with('/') && !given.contains(path));
        let first = match (old.get(path), new.get(path)) {
            (Some(old), Some(new)) => first_difference(old, new),
            (Some(_), None) => Some(First::Gone),
            (None, _) => Some(First::Added),
        };
        comparison.differences.extend(first.map(|first| Difference { thing: path.clone(), first }));
    }
    Ok(comparison)
}

/// Every file and folder under a folder, but for what a program remembers.
///
/// # Errors
/// One of them can't be read.
pub fn files(folder: &Path) -> io::Result<Files> {
    fn walk(folder: &Path, prefix: &str, found: &mut Files) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_name() == MEMORY_FOLDER {
                continue;
            }
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                found.insert(format!("{path}/"), Vec::new());
                walk(&entry.path(), &format!("{path}/"), found)?;
            } else {
                found.insert(path, fs::read(entry.path())?);
            }
        }
        Ok(())
    }
    let mut found = Files::new();
    walk(folder, "", &mut found)?;
    Ok(found)
}

/// Where two contents first differ; `None` where they are the same.
pub fn first_difference(old: &[u8], new: &[u8]) -> Option<First> {
    if old == new {
        return None;
    }
    match (text(old), text(new)) {
        (Some(old), Some(new)) => first_line(old, new),
        _ => {
            let common = old.iter().zip(new).take_while(|(old, new)| old == new).count();
            Some(First::Byte { offset: common, old: old.len(), new: new.len() })
        }
    }
}

/// Nobody reads the lines of a file that holds a null or isn't UTF-8.
fn text(content: &[u8]) -> Option<&str> {
    std::str::from_utf8(content).ok().filter(|text| !text.contains('\0'))
}

fn first_line(old: &str, new: &str) -> Option<First> {
    // Line breaks belong to their lines: another kind of them is a difference.
    let (mut old_lines, mut new_lines) = (old.split_inclusive('\n'), new.split_inclusive('\n'));
    for line in 1.. {
        let (old, new) = (old_lines.next(), new_lines.next());
        if old.is_none() && new.is_none() {
            break;
        }
        if old != new {
            let common = old.unwrap_or_default().chars().zip(new.unwrap_or_default().chars());
            let start = common.take_while(|(old, new)| old == new).count().saturating_sub(SHOWN_BEFORE);
            let excerpt = |line: &str| format!("{:?}", line.chars().skip(start).take(SHOWN).collect::<String>());
            return Some(First::Line { line, old: old.map(excerpt), new: new.map(excerpt) });
        }
    }
    None
}
