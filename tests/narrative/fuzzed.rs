//! Any text at all as a section of prose, against a small logframe. `fuzz/` looks for a text that makes it panic or
//! loop; here it runs over the corpus that is kept.

use super::fixture::{assert_worded, check, render};

/// Checks and fills in a text as a section in either language, as both of a bilingual document, and as a partial.
pub fn write_any(text: &str) {
    for lang in ["mk", "en"] {
        if let Err(problems) = render(lang, text) {
            assert!(!problems.is_empty());
            assert_worded(&problems);
        }
    }
    let files = [
        ("final/summary.mk.md", text),
        ("final/summary.en.md", "{{actual \"I1\"}} {{> part}}"),
        ("partials/part.mk.md", text),
        ("partials/part.en.md", text),
    ];
    check(&files);
}

#[test]
fn the_corpus_of_prose() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/narrative");
    let mut files = 0;
    for entry in std::fs::read_dir(corpus).expect("the corpus") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        write_any(&String::from_utf8_lossy(&bytes));
        files += 1;
    }
    assert!(files >= 30, "{files}");
}
