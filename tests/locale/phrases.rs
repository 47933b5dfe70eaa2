use donor_report::locale::{Locale, fill};
use donor_report::model::Lang;

use super::locale;

#[test]
fn every_language_has_every_form() {
    assert_eq!(Locale::languages(), ["en", "mk", "sq", "sr", "sr-Latn"]);
    for lang in Locale::languages() {
        assert!(!locale(lang).status(Some("achieved")).is_empty());
    }
    assert!(Locale::new(&Lang::new("xx")).is_none());
}

#[test]
fn an_argument_is_never_read_as_a_placeholder() {
    assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "x")]), "{b} and x");
    assert_eq!(fill("{unknown} {", &[]), "{unknown} {");
}

#[test]
fn a_sentence_that_ends_with_an_abbreviation_has_one_full_stop() {
    assert_eq!(fill("До {day}.", &[("day", "2017 г.")]), "До 2017 г.");
    assert_eq!(fill("{day}. {rest}", &[("day", "30"), ("rest", "мај")]), "30. мај");
}

#[test]
fn quotation_marks_are_the_languages_own() {
    assert_eq!(locale("mk").quote("Група"), "„Група“");
    assert_eq!(locale("en").quote("Group"), "“Group”");
}

/// Letters of both alphabets in one word are look-alikes that somebody typed by mistake.
#[test]
fn no_phrase_mixes_alphabets_in_a_word() {
    for file in ["templates/labels/language.toml", "templates/labels/document.toml"] {
        let text = std::fs::read_to_string(file).expect("a labels file");
        for word in text.replace("\\u00a0", " ").split(|c: char| !c.is_alphabetic()) {
            let cyrillic = word.chars().any(|c| ('\u{400}'..='\u{52f}').contains(&c));
            let latin = word.chars().any(|c| c.is_ascii_alphabetic() || ('\u{c0}'..='\u{24f}').contains(&c));
            assert!(!(cyrillic && latin), "{word} in {file}");
        }
    }
}

/// A key in the source that no phrase answers to would be printed as itself.
#[test]
fn every_key_that_the_program_names_has_a_phrase() {
    let mut folders = vec![std::path::PathBuf::from("src")];
    let english = locale("en");
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source file");
            for call in [".label(\"", ".phrase(\""] {
                for key in text.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                    assert!(english.find_label(key).is_some(), "`{key}` in {}", path.display());
                    seen += 1;
                }
            }
        }
    }
    assert!(seen >= 5);
}
