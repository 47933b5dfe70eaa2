//! Letters and signs that no font has.

use std::collections::BTreeMap;

use donor_report::locale::Locale;
use donor_report::model::Lang;
use donor_report::render::pdf::FontCoverage;

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
        ("हिन्दी भाषा (हि)", "[Devanagari] ([Devanagari])", "[деванагари] ([деванагари])"),
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
