//! Which spellings are one thing.

use donor_report::fold::{Script, code_key, fold_code, heading_key, name_key, script};
use proptest::prelude::*;

#[test]
fn codes_are_one_whatever_their_letters_look_like() {
    let same = [
        ("А-01", "A-01"),
        ("а-01", "A-01"),
        ("Ｕ－１", "u-1"),
        ("A  01", " a 01 "),
        ("A–01", "A-01"),
        ("A‑01", "A-01"),
        ("ОБУКА", "обука"),
        ("Куманово", "Кумaново"),
        ("ѓ", "г\u{301}"),
        ("Зоолошка\u{a0}градина", "зоолошка градина"),
        ("A\u{200b}01", "A01"),
        ("می\u{200c}خواهم", "میخواهم"),
    ];
    for (a, b) in same {
        assert_eq!(code_key(a), code_key(b), "{a:?} {b:?}");
    }
    for (a, b) in [("1", "01"), ("A-1", "A-01"), ("A 01", "A01"), ("Ѓ", "Г"), ("ќ", "к"), ("Ј1", "I1")] {
        assert_ne!(code_key(a), code_key(b), "{a:?} {b:?}");
    }
}

#[test]
fn a_folded_letter_is_recognised() {
    assert_eq!(script("Oрганизирани"), Script::Mixed, "a Latin O");
    assert_eq!(script("Организирани"), Script::Cyrillic);
    assert_eq!(script("Обука-HR"), Script::Both);
    assert_eq!(script("12-34"), Script::Neutral);
    let (latin, cyrillic) = (fold_code("A-01"), fold_code("А-01"));
    assert_eq!(latin.key, cyrillic.key);
    assert_eq!((latin.script, cyrillic.script), (Script::Latin, Script::Cyrillic));
}

#[test]
fn headings_are_compared_by_their_words() {
    for written in ["Birth year", " BIRTH_YEAR *", "birth\nyear", "Birth\u{a0}\u{a0}year:", "birth-year"] {
        assert_eq!(heading_key(written), "birth year", "{written:?}");
    }
}

#[test]
fn headings_differ_by_the_side_of_a_number_that_they_mean() {
    for written in ["Women <18", "women < 18", "Women (<18)", "women\n<18 *"] {
        assert_eq!(heading_key(written), "women <18", "{written:?}");
    }
    for (written, key) in [("Women ≥ 18", "women ≥18"), ("Women >=18", "women ≥18"), ("Women (18+)", "women 18+")]
    {
        assert_eq!(heading_key(written), key, "{written:?}");
    }
    for (written, key) in [("Q1 + Q2", "q1 q2"), ("Q1+Q2", "q1 q2"), ("<Women>", "women"), ("0-4", "0 4")] {
        assert_eq!(heading_key(written), key, "{written:?}");
    }
}

#[test]
fn names_are_compared_across_alphabets() {
    let same = [
        ("Марија Ѓорѓиевска", "Marija Gjorgjievska"),
        ("Марија Ѓорѓиевска", "Gjorgjievska, Marija"),
        ("Марија Ѓорѓиевска", "MARIJA GORGIEVSKA"),
        ("Ѓорѓиевска", "Đorđievska"),
        ("Шаќири", "Shakjiri"),
        ("Шаќири", "Šaḱiri"),
        ("Жарко Чичовски", "Zharko Chichovski"),
        ("Жарко Чичовски", "Žarko Čičovski"),
        ("Љубица Њутновска", "Ljubica Njutnovska"),
        ("Џемиле Ѕидарска", "Dzhemile Dzidarska"),
        ("Јован  Петров", "jovan petrov"),
        ("Али Хасан", "Ali Hasan"),
    ];
    for (a, b) in same {
        assert_eq!(name_key(a), name_key(b), "{a} {b}");
    }
    for (a, b) in [("Марија Петрова", "Марија Петковска"), ("Ана", "Анна Ли"), ("Јован", "Иво")]
    {
        assert_ne!(name_key(a), name_key(b), "{a} {b}");
    }
}

proptest! {
    #[test]
    fn a_key_of_a_key_is_itself(text in "\\PC{0,20}") {
        let key = code_key(&text);
        prop_assert_eq!(code_key(&key), key);
        let key = heading_key(&text);
        prop_assert_eq!(heading_key(&key), key);
    }

    #[test]
    fn case_and_outer_spaces_never_matter(text in "[A-Za-zА-Ша-шЀ-Џѐ-џ0-9 .-]{1,20}") {
        prop_assert_eq!(code_key(&format!("  {} ", text.to_uppercase())), code_key(&text.to_lowercase()));
    }
}
