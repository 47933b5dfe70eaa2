#![no_main]
//! Any text at all as a section of prose: no panic and no endless loop.
//! `cargo +nightly fuzz run narrative -- -timeout=10 -max_len=2000`

use libfuzzer_sys::fuzz_target;

// What the tests run over the corpus, with their small project.
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../../tests/narrative/fixture.rs"]
mod fixture;
#[path = "../../tests/narrative/fuzzed.rs"]
mod fuzzed;

fuzz_target!(|bytes: &[u8]| fuzzed::write_any(&String::from_utf8_lossy(bytes)));
