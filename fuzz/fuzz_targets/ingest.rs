#![no_main]
//! Any bytes at all as a project's only file: no panic, no endless loop, no unbounded memory.
//! `cargo +nightly fuzz run ingest -- -rss_limit_mb=500 -timeout=10`

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;

// What the tests run over the corpus.
#[path = "../../tests/ingest/fuzzed.rs"]
mod fuzzed;

thread_local! {
    static FOLDER: RefCell<tempfile::TempDir> = RefCell::new(tempfile::tempdir().expect("a temporary folder"));
}

fuzz_target!(|bytes: &[u8]| FOLDER.with_borrow(|folder| fuzzed::read_any(folder.path(), bytes)));
