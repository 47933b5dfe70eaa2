//! Letters and signs that no font has.

use std::collections::BTreeMap;

use donor_report::locale::Locale;
use donor_report::model::Lang;
use donor_report::render::pdf::{Attached, FontCoverage, data_files, render_pdf};
use donor_report::report::block::{Block, Inline};
use donor_report::report::document::{Document, DocumentLayout};

use super::sample;

fn printable(lang: &str, text: &str) -> String {
    let locale = Locale::new(&Lang::new(lang)).expect("the language is known");
    FontCoverage::new(&BTreeMap::new()).printable(text, &locale.scripts().collect())
}

#[test]
fn what_a_font_has_is_printed_as_it_is() {
    for text in [
        "Обука → ✓ ≤ ★ ■ ☎ ½ € № “a” – …",
        "تدريب على السلامة، ١٢",
        "a\u{301} и\u{300} x\u{fe0f}\u{200d}\u{a0}\u{2003}y\n\tz",
        "हिन्दी भाषा",
        "Ѓорѓи Ќосев Šćëßøğ Ελλάδα",
    ] {
        assert_eq!(printable("en", text), text);
        let coverage = FontCoverage::new(&BTreeMap::new());
        assert_eq!(coverage.unprinted(text).collect::<String>(), "");
    }
}

#[test]
fn a_run_of_one_script_is_the_name_of_the_script_in_the_documents_language() {
    for (text, en, mk) in [
        ("ქართული ენა", "[Georgian]", "[грузиско писмо]"),
        ("Спроти עברית, 3", "Спроти [Hebrew], 3", "Спроти [хебрејско писмо], 3"),
        ("ไทย ქართ", "[Thai] [Georgian]", "[тајландско писмо] [грузиско писмо]"),
        ("日本ひら", "[Han][Hiragana]", "[кинеско писмо][хирагана]"),
        ("বাংলা ভাষা (বাং)", "[Bengali] ([Bengali])", "[бенгалско писмо] ([бенгалско писмо])"),
        ("𐌀𐌁", "[Old Italic]", "[Old Italic]"),
    ] {
        assert_eq!((printable("en", text).as_str(), printable("mk", text).as_str()), (en, mk), "{text}");
    }
}

#[test]
fn a_sign_is_its_unicode_name_and_a_control_character_nothing() {
    for (text, printed) in [
        ("a 🙂 b", "a [SLIGHTLY SMILING FACE] b"),
        ("👩\u{200d}⚕\u{fe0f}", "[WOMAN]\u{200d}[STAFF OF AESCULAPIUS]"),
        ("x\u{e123}y", "x[U+E123]y"),
        ("a\u{0}b\u{b}c\u{7f}d\u{85}", "abcd"),
        ("e\u{1d167}", "e[MUSICAL SYMBOL COMBINING TREMOLO-1]"),
    ] {
        assert_eq!(printable("en", text), printed);
    }
}

/// A document of nothing but these words.
fn document(words: &[String]) -> Document {
    let mut document = sample::document(&[1], DocumentLayout::Single);
    document.sections.truncate(1);
    document.parts[0].glance = None;
    let paragraph = |words: &[String]| Block::Paragraph { content: vec![Inline::Text { text: words.join(" ") }] };
    document.sections[0].entries[0].prose = words.chunks(200).map(paragraph).collect();
    document
}

#[test]
fn every_character_that_a_font_has_is_laid_out_alone_and_behind_a_letter() {
    let coverage = FontCoverage::new(&BTreeMap::new());
    let words: Vec<String> = (' '..=char::MAX)
        .flat_map(|c| if c.is_alphanumeric() { vec![c.to_string()] } else { vec![c.to_string(), format!("a{c}")] })
        .filter(|word| coverage.unprinted(word).next().is_none())
        .collect();
    assert!(words.len() > 6_000, "{}", words.len());
    let drawn =
        render_pdf(&document(&words), Attached { annex: Some(Vec::new()), ..Attached::default() }, &BTreeMap::new());
    assert!(drawn.is_ok(), "{:#?}", drawn.err());
}

#[test]
fn what_is_printed_for_a_character_is_in_the_fonts() {
    let coverage = FontCoverage::new(&BTreeMap::new());
    for lang in Locale::languages() {
        let locale = Locale::new(&Lang::new(lang)).expect("the language is known");
        let scripts = locale.scripts().collect();
        for c in ('\0'..='\u{3ffff}').step_by(if *lang == "en" { 1 } else { 61 }) {
            let printed = coverage.printable(&c.to_string(), &scripts);
            assert_eq!(coverage.unprinted(&printed).next(), None, "{c:?} in {lang}: {printed}");
        }
    }
}

#[test]
fn codes_that_no_font_has_stay_different() {
    let mut document = sample::document(&[1], DocumentLayout::Single);
    document.parts[0].scripts = BTreeMap::from([("Geor", "Georgian")]);
    document.anchors = ["ა", "ბ", "I3"].map(str::to_owned).into();
    let [(_, common), _] = data_files(&document, &FontCoverage::new(&BTreeMap::new())).expect("views");
    let common: serde_json::Value = serde_json::from_slice(&common).expect("JSON");
    assert_eq!(common["anchors"], serde_json::json!(["[Georgian]", "[Georgian] 2", "I3"]));
}
