//! Any bytes at all as a project's only file: opened as a table and read to the end, then read as every table of a
//! project. `fuzz/` looks for bytes that make it panic, loop or grow; here it runs over the corpus that is kept.

use std::fs;
use std::path::Path;

use donor_report::diagnostic::{Catalogue, CellListing, Severity, print_problems};
use donor_report::indicators;
use donor_report::ingest::layout::{self, ColumnMappings, TableKind};
use donor_report::ingest::workbook::{self, Projection};
use donor_report::ingest::{self, cell};
use donor_report::model::Limits;

const LIMITS: Limits = Limits { unpacked_mib: 64, cells: 1_000_000, cell_length: 32_767, attachment_mib: 1 };

/// One file for all tables: each takes the sheet that fits it.
const PROJECT: &str = r#"
code = "FUZZ"
languages = ["en", "mk"]
start = 2017-01-01
end = 2017-12-31
title = { en = "Any bytes", mk = "Било какви бајти" }
limits = { unpacked_mib = 64, cells = 1000000 }
periods = { quarters = true }
reports = [{ name = "quarterly", periods = ["2017-Q1"], documents = [["en"]] }]
[tables]
activities = { file = "t" }
participants = { file = "t" }
attendance = { file = "t" }
results = { file = "t" }
indicators = { file = "t" }
targets = { file = "t" }
reported = { file = "t" }
lists = { file = "t" }
"#;

/// Reads `bytes` in every way that there is; `folder` is an empty one, or that of an earlier call.
pub fn read_any(folder: &Path, bytes: &[u8]) {
    fs::write(folder.join("t"), bytes).expect("a file");
    stream(folder);
    fs::write(folder.join("project.toml"), PROJECT).expect("a file");
    let checked = ingest::read(folder);
    for account in &checked.accounts {
        let skipped: u64 = account.skipped.values().sum();
        assert_eq!(account.read, account.used + skipped + account.waived + account.error, "{account:?}");
    }
    let printed = print_problems(&checked.problems, &Catalogue::new("en"), "", CellListing::First);
    let has_errors = checked.problems.iter().any(|problem| problem.severity == Severity::Error);
    assert_eq!(checked.project.is_none(), has_errors, "{printed}");
    if let Some(project) = &checked.project {
        indicators::count(project);
    }
}

fn stream(folder: &Path) {
    let mut problems = Vec::new();
    let Some(mut book) = workbook::open(folder, "t", &LIMITS, &mut problems) else {
        assert!(!problems.is_empty());
        return;
    };
    for sheet in 0..book.sheets.len() {
        if let Ok(head) = book.head(sheet) {
            for kind in TableKind::ALL {
                // Whether a table is found doesn't matter, nor what a cell holds.
                let _ = layout::find_layout(&head, kind, &ColumnMappings::new(), ("t", None));
            }
        }
        let Ok(rows) = book.rows(sheet, &Projection::All) else { continue };
        let _ = rows.for_each(|row| {
            for found in &row.cells {
                let _ = cell::read_count(Some(found));
                let _ = cell::read_date(Some(found));
                let _ = cell::read_amount(Some(found));
                let _ = cell::read_decimal(Some(found));
                let _ = cell::read_code(Some(found));
            }
        });
    }
}

#[test]
fn the_corpus_of_files() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/ingest");
    let mut files = 0;
    let folder = tempfile::tempdir().expect("a temporary folder");
    for entry in fs::read_dir(corpus).expect("the corpus") {
        read_any(folder.path(), &fs::read(entry.expect("an entry").path()).expect("a file"));
        files += 1;
    }
    assert!(files >= 30, "{files}");
}
