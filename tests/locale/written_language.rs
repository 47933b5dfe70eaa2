use donor_report::locale::{are_exchanged, foreign_language};
use donor_report::model::Lang;

const MK: &str = "Во текот на кварталот беа одржани обуки за млади и се воспостави соработка со општините.";
const EN: &str = "In the course of the quarter trainings were held for young people and work with the towns began.";
const SQ: &str = "Gjatë tremujorit janë mbajtur trajnime për të rinjtë dhe është nisur puna me komunat e vendit.";
const SR: &str = "У току квартала су одржане обуке за младе и започет је рад који се наставља са општинама у јулу.";

#[test]
fn a_text_in_another_language_is_found_by_letters_or_by_common_words() {
    let of = |text: &str, lang: &str| foreign_language(text, &Lang::new(lang), 8);
    assert_eq!(
        [of(MK, "en"), of(EN, "mk"), of(SQ, "en"), of(EN, "sq"), of(SQ, "mk")],
        [Some("mk"), Some("en"), Some("sq"), Some("en"), Some("sq")]
    );
    for (text, lang) in [(MK, "mk"), (EN, "en"), (SQ, "sq"), (SR, "sr")] {
        assert_eq!(of(text, lang), None, "{lang}");
    }
    assert_eq!(of(MK, "ar"), None, "a language that isn't known is left alone");
}

/// Names, abbreviations and numbers are the same in every language; so is a word or two of another.
#[test]
fn names_and_short_texts_are_no_language() {
    let of = |text: &str, lang: &str| foreign_language(text, &Lang::new(lang), 3);
    let fine = [
        ("Македонско Здружение на Млади Правници", "en"),
        ("UNHCR, IOM, GIZ", "mk"),
        ("Обука", "en"),
        ("Обука за млади", "en"),
        ("Meeting with the Association „Млади на работа“ in Kumanovo", "en"),
        ("Средба со Save the Children и со општините во регионот", "mk"),
        ("12,5 % од 40", "en"),
    ];
    for (text, lang) in fine {
        assert_eq!(of(text, lang), None, "{text}");
    }
    assert_eq!(of("Втора обука за млади од општините", "en"), Some("mk"));
}

#[test]
fn two_texts_in_each_others_letters_have_changed_places() {
    let exchanged = |mk: &str, en: &str| are_exchanged((&Lang::new("mk"), mk), (&Lang::new("en"), en));
    assert!(exchanged("Training", "Обука") && exchanged("First training, 2025", "Прва обука, 2025"));
    assert!(!exchanged("Обука", "Training") && !exchanged("UNHCR", "UNHCR") && !exchanged("IOM", "ИОМ и UNHCR"));
    assert!(!are_exchanged((&Lang::new("sr-Latn"), "Obuka"), (&Lang::new("en"), "Training")), "letters don't tell");
}
