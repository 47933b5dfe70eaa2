//! Where texts stand that documents print. Read again only after a trace of a person was found in what would be written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::cell;
use super::layout::{LayoutColumn, TableKind};
use super::settings::{self, PROJECT_FILE};
use super::sources::Tables;
use super::workbook::Wanted;
use crate::diagnostic::Place;
use crate::model::Project;

/// Folders of texts beside the tables.
const FOLDERS: [&str; 3] = ["narrative", "profiles", "templates"];

/// What `look` finds in the texts that a document may print, by where they stand.
pub fn whereabouts<T: Ord + Copy>(
    folder: &Path,
    project: &Project,
    look: impl Fn(&str) -> BTreeSet<T>,
) -> BTreeMap<T, BTreeSet<Place>> {
    let mut found: BTreeMap<T, BTreeSet<Place>> = BTreeMap::new();
    let mut add = |finds: BTreeSet<T>, place: Place| {
        finds.into_iter().for_each(|find| {
            found.entry(find).or_default().insert(place.clone());
        });
    };
    each_own_text(folder, &mut |file, text| lines(file, text, &look, &mut add));
    let Ok(source) = fs::read_to_string(folder.join(PROJECT_FILE)) else { return found };
    // What is wrong with the files has been told when they were read.
    let Some(file) = settings::read(&source, folder, &mut Vec::new()) else { return found };
    let mut tables = Tables::find(folder, &file.plans, &file.settings.limits, &mut Vec::new());
    for kind in TableKind::ALL {
        for sheet in tables.sheets(kind) {
            let printed = sheet.layout.columns.iter().filter(|column| may_be_printed(kind, column, project));
            let mut columns: Vec<u32> = printed.map(|column| column.column).collect();
            columns.sort_unstable();
            columns.dedup();
            tables.look_through(&sheet, Wanted::Columns(columns), |row| {
                for cell in &row.cells {
                    if let Ok(Some(text)) = cell::read_text(Some(cell)) {
                        add(look(&text), sheet.place(row.number, cell.column));
                    }
                }
            });
        }
    }
    found
}

/// Codes and names of persons, and what is not kept of them, go into no document.
fn may_be_printed(kind: TableKind, column: &LayoutColumn, project: &Project) -> bool {
    match kind {
        TableKind::Participants | TableKind::Attendance => project.persons.column(&column.name).is_some(),
        _ => true,
    }
}

/// project.toml and the texts beside the tables, by their path.
pub fn each_own_text(folder: &Path, look: &mut impl FnMut(&str, &str)) {
    if let Ok(source) = fs::read_to_string(folder.join(PROJECT_FILE)) {
        look(PROJECT_FILE, &source);
    }
    for name in FOLDERS {
        texts(&folder.join(name), name, look);
    }
}

fn texts(folder: &Path, prefix: &str, look: &mut impl FnMut(&str, &str)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => texts(&entry.path(), &name, look),
            Ok(kind) if kind.is_file() => {
                if let Ok(text) = fs::read_to_string(entry.path()) {
                    look(&name, &text);
                }
            }
            _ => {}
        }
    }
}

/// Line by line; what only a line and the next hold together stands at the first.
fn lines<T: Ord + Copy>(
    file: &str,
    text: &str,
    look: &impl Fn(&str) -> BTreeSet<T>,
    add: &mut impl FnMut(BTreeSet<T>, Place),
) {
    let lines: Vec<&str> = text.lines().collect();
    let finds: Vec<BTreeSet<T>> = lines.iter().map(|line| look(line)).collect();
    for (at, own) in finds.iter().enumerate() {
        let mut all = own.clone();
        if let (Some(next), Some(finds)) = (lines.get(at + 1), finds.get(at + 1)) {
            let joined = look(&format!("{}\n{next}", lines[at]));
            all.extend(joined.into_iter().filter(|find| !finds.contains(find)));
        }
        add(all, Place::line(file, at as u32 + 1, 1));
    }
}
