//! Small projects as text, for the tests of this room and for whoever else wants projects of every kind of fault.
//!
//! A case begins with `#### what it shows`. It changes the project of `cases/base.txt`: `== Sheet` puts another sheet in
//! place of one, `== + Sheet` adds rows to it, `== - Sheet` takes it away, `== project` puts another project.toml,
//! `== + project` adds lines to it, `== book NAME SHEET` a sheet of another workbook, `== file NAME` writes a text file,
//! `== bytes NAME` one in hexadecimal. What a reader
//! must find in it is written below that: `== problems`, `== rows`, and `== figures` that come of it.

#![allow(dead_code, reason = "tests and benchmarks each use their part")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::sheets::workbook;

/// The files of cases under `cases/`, without their ending.
pub const FILES: [&str; 16] = [
    "project",
    "tables",
    "activities",
    "persons",
    "logframe",
    "conditions",
    "waivers",
    "csv",
    "columns",
    "dates",
    "wide",
    "forms",
    "events",
    "tracking",
    "counts",
    "completion",
];

/// One case as it is written.
#[derive(Clone)]
pub struct Case {
    pub name: String,
    /// Name and content of each block.
    pub blocks: Vec<(String, String)>,
}

/// A case's project.
pub struct CaseProject {
    /// By path in the project's folder.
    pub files: BTreeMap<String, Vec<u8>>,
    /// project.toml as text; empty where the case has none, or none that is text.
    pub project: String,
    /// The sheets of data.xlsx as text.
    pub sheets: BTreeMap<String, String>,
}

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/ingest/cases")
}

/// The cases of `cases/<file>.txt`.
pub fn cases_of(file: &str) -> Vec<Case> {
    cases(&fs::read_to_string(folder().join(format!("{file}.txt"))).expect("cases"))
}

pub fn all_cases() -> Vec<Case> {
    FILES.iter().flat_map(|file| cases_of(file)).collect()
}

pub fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("#### ") {
            cases.push(Case { name: name.to_owned(), blocks: Vec::new() });
        } else if let Some(block) = line.strip_prefix("== ") {
            if let Some(case) = cases.last_mut() {
                case.blocks.push((block.to_owned(), String::new()));
            }
        } else if let Some((_, content)) = cases.last_mut().and_then(|case| case.blocks.last_mut()) {
            content.push_str(line);
            content.push('\n');
        }
    }
    for (name, content) in cases.iter_mut().flat_map(|case| &mut case.blocks) {
        // Blank lines before the next heading belong to nobody; a file keeps them.
        if !name.starts_with("file ") {
            content.truncate(content.trim_end().len());
            content.push('\n');
        }
    }
    cases
}

impl Case {
    pub fn block(&self, name: &str) -> Option<&str> {
        self.blocks.iter().find(|(block, _)| block == name).map(|(_, content)| content.as_str())
    }

    /// The base with what the case changes of it.
    pub fn project(&self) -> CaseProject {
        let base = cases_of("base");
        let mut project = String::new();
        let mut sheets: BTreeMap<String, String> = BTreeMap::new();
        let mut order: Vec<String> = Vec::new();
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut books: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (block, content) in base[0].blocks.iter().chain(&self.blocks) {
            match block.split_once(' ') {
                _ if ["problems", "rows", "figures"].contains(&block.as_str()) => {}
                _ if block == "project" => project = content.clone(),
                Some(("+", "project")) => project.push_str(content),
                Some(("+", sheet)) => sheets.entry(sheet.to_owned()).or_default().push_str(content),
                Some(("-", sheet)) => {
                    sheets.remove(sheet);
                    order.retain(|name| name != sheet);
                }
                Some(("bytes", name)) => {
                    let bytes = content.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).expect("a byte"));
                    files.insert(name.to_owned(), bytes.collect());
                }
                Some(("book", name)) => {
                    let (book, sheet) = name.split_once(' ').expect("a book and a sheet");
                    books.entry(book.to_owned()).or_default().push((sheet.to_owned(), content.clone()));
                }
                Some(("file", name)) => {
                    files.insert(name.to_owned(), content.clone().into_bytes());
                }
                _ => {
                    sheets.insert(block.clone(), content.clone());
                    if !order.contains(block) {
                        order.push(block.clone());
                    }
                }
            }
        }
        for (book, sheets) in &books {
            let written: Vec<(&str, &str)> =
                sheets.iter().map(|(name, rows)| (name.as_str(), rows.trim_end())).collect();
            files.insert(book.clone(), workbook(&written));
        }
        if !project.trim().is_empty() {
            files.insert("project.toml".to_owned(), project.clone().into_bytes());
        }
        let written: Vec<(&str, &str)> = order.iter().map(|name| (name.as_str(), sheets[name].trim_end())).collect();
        files.insert("data.xlsx".to_owned(), workbook(&written));
        CaseProject { files, project, sheets }
    }
}
