#![no_main]
//! Any bytes at all, opened as a table and read to the end: no panic, no endless loop, no unbounded memory.
//! `cargo +nightly fuzz run ingest -- -rss_limit_mb=500 -timeout=10`

use std::cell::RefCell;

use donor_report::ingest::layout::{self, Mapping, TableKind};
use donor_report::ingest::workbook::{self, Wanted};
use donor_report::ingest::cell;
use donor_report::model::Limits;
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits { unpacked_mib: 64, cells: 1_000_000, cell_length: 32_767, attachment_mib: 1 };

thread_local! {
    static FOLDER: RefCell<tempfile::TempDir> = RefCell::new(tempfile::tempdir().expect("a temporary folder"));
}

fuzz_target!(|bytes: &[u8]| {
    FOLDER.with_borrow(|folder| {
        std::fs::write(folder.path().join("t"), bytes).expect("a file");
        let mut problems = Vec::new();
        let Some(mut book) = workbook::open(folder.path(), "t", &LIMITS, &mut problems) else {
            assert!(!problems.is_empty());
            return;
        };
        for sheet in 0..book.sheets.len() {
            if let Ok(head) = book.head(sheet) {
                for kind in TableKind::ALL {
                    let _ = layout::find(&head, kind, &Mapping::new(), ("t", None));
                }
            }
            let Ok(mut rows) = book.rows(sheet, &Wanted::All) else { continue };
            while let Ok(Some(row)) = rows.next_row() {
                for found in &row.cells {
                    let _ = cell::read_count(Some(found));
                    let _ = cell::read_date(Some(found));
                    let _ = cell::read_decimal(Some(found));
                    let _ = cell::read_code(Some(found));
                }
            }
        }
    });
});
