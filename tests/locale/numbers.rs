use donor_report::locale::{ExcelKind, Gender, NumberFormat};
use donor_report::model::{Amount, Hedge};
use rust_decimal::Decimal;

use super::locale;

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

/// CLDR 48: separators of mk, sr and sr-Latn are `.` and `,`, of en `,` and `.`, of sq a no-break space from five digits on, and `,`.
#[test]
fn numbers_are_grouped_as_cldr_says() {
    let table = [
        ("0", "0", "0", "0", "0"),
        ("518", "518", "518", "518", "518"),
        ("1234", "1.234", "1,234", "1234", "1.234"),
        ("84000", "84.000", "84,000", "84\u{a0}000", "84.000"),
        ("1234567.5", "1.234.567,5", "1,234,567.5", "1\u{a0}234\u{a0}567,5", "1.234.567,5"),
        ("2.50", "2,5", "2.5", "2,5", "2,5"),
        ("-3", "-3", "-3", "-3", "-3"),
        (
            "9007199254740991",
            "9.007.199.254.740.991",
            "9,007,199,254,740,991",
            "9\u{a0}007\u{a0}199\u{a0}254\u{a0}740\u{a0}991",
            "9.007.199.254.740.991",
        ),
    ];
    for (value, mk, en, sq, sr) in table {
        for (lang, expected) in [("mk", mk), ("en", en), ("sq", sq), ("sr", sr), ("sr-Latn", sr)] {
            assert_eq!(locale(lang).number(decimal(value)), expected, "{value} in {lang}");
        }
    }
}

#[test]
fn percents_round_halves_away_from_zero() {
    let table = [
        ("1.036", 1, "103,6\u{a0}%", "103.6%"),
        ("0.8379", 1, "83,8\u{a0}%", "83.8%"),
        ("0.0005", 1, "0,1\u{a0}%", "0.1%"),
        ("-0.0005", 1, "-0,1\u{a0}%", "-0.1%"),
        ("0.125", 0, "13\u{a0}%", "13%"),
        ("1", 1, "100,0\u{a0}%", "100.0%"),
        ("12.5", 0, "1.250\u{a0}%", "1,250%"),
    ];
    for (value, decimals, mk, en) in table {
        assert_eq!(locale("mk").percent(decimal(value), decimals), mk);
        assert_eq!(locale("en").percent(decimal(value), decimals), en);
        assert_eq!(locale("sr-Latn").percent(decimal(value), decimals), mk);
    }
}

#[test]
fn a_figure_keeps_its_hedge_and_its_grain() {
    let amount = |from: u64, to: u64, hedge, rounding_exponent| Amount {
        from: from.into(),
        to: to.into(),
        hedge,
        rounding_exponent,
    };
    let table = [
        (amount(518, 518, None, 0), "518", "518", "518", "518"),
        (
            amount(84_000, 84_000, Some(Hedge::Approximately), 3),
            "приближно\u{a0}84.000",
            "approximately\u{a0}84,000",
            "afërsisht\u{a0}84\u{a0}000",
            "приближно\u{a0}84.000",
        ),
        (
            amount(84_017, 84_017, Some(Hedge::About), 3),
            "околу\u{a0}84.000",
            "about\u{a0}84,000",
            "rreth\u{a0}84\u{a0}000",
            "око\u{a0}84.000",
        ),
        (
            amount(84_500, 84_500, Some(Hedge::About), 3),
            "околу\u{a0}85.000",
            "about\u{a0}85,000",
            "rreth\u{a0}85\u{a0}000",
            "око\u{a0}85.000",
        ),
        (amount(16, 32, None, 0), "16–32", "16–32", "16–32", "16–32"),
        (
            amount(16, 32, Some(Hedge::About), 0),
            "околу\u{a0}16–32",
            "about\u{a0}16–32",
            "rreth\u{a0}16–32",
            "око\u{a0}16–32",
        ),
    ];
    for (value, mk, en, sq, sr) in table {
        for (lang, expected) in [("mk", mk), ("en", en), ("sq", sq), ("sr", sr)] {
            assert_eq!(locale(lang).figure(&value, false), expected);
        }
    }
    assert_eq!(locale("mk").figure_between(&amount(16, 32, Some(Hedge::About), 0)), "околу\u{a0}меѓу 16 и 32");
    assert_eq!(locale("en").figure_between(&amount(16, 32, None, 0)), "between 16 and 32");
    assert_eq!(locale("mk").bare_figure(&amount(84_017, 84_017, Some(Hedge::About), 3)), "84.000");
}

#[test]
fn a_ratio_is_a_percentage_and_whole_where_it_is_approximate() {
    let exact = Amount { from: decimal("0.6"), to: decimal("0.6"), hedge: None, rounding_exponent: 0 };
    assert_eq!(locale("mk").figure(&exact, true), "60,0\u{a0}%");
    let about = Amount { hedge: Some(Hedge::About), ..exact };
    assert_eq!(locale("en").figure(&about, true), "about\u{a0}60%");
}

#[test]
fn progress_is_whole_where_the_figure_is_approximate() {
    let (half, more) = (decimal("0.5333"), decimal("1.0667"));
    assert_eq!(locale("mk").progress(more, more, Some(Hedge::About)), "околу\u{a0}107\u{a0}%");
    assert_eq!(locale("mk").progress(more, more, None), "106,7\u{a0}%");
    assert_eq!(locale("mk").progress(half, more, Some(Hedge::About)), "околу\u{a0}53–107\u{a0}%");
    assert_eq!(locale("en").progress(half, more, None), "53.3–106.7%");
    assert_eq!(locale("en").progress_between(half, more, None), "between 53.3% and 106.7%");
}

#[test]
fn what_is_not_shown_has_a_sign() {
    assert_eq!(locale("mk").absent(), "—");
    assert_eq!(locale("mk").below(5), "<5");
    assert_eq!(locale("en").withheld(), "·");
}

/// CLDR's samples: mk one is `i % 10 = 1 and i % 100 != 11` of the visible digits; sr has few for 2–4.
#[test]
fn plurals_follow_cldr() {
    let table = [
        ("0", "other", "other", "other", "other"),
        ("1", "one", "one", "one", "one"),
        ("2", "other", "other", "other", "few"),
        ("5", "other", "other", "other", "other"),
        ("11", "other", "other", "other", "other"),
        ("12", "other", "other", "other", "other"),
        ("21", "one", "other", "other", "one"),
        ("22", "other", "other", "other", "few"),
        ("101", "one", "other", "other", "one"),
        ("111", "other", "other", "other", "other"),
        ("0.1", "one", "other", "other", "one"),
        ("1.1", "one", "other", "other", "one"),
        ("518", "other", "other", "other", "other"),
    ];
    for (value, mk, en, sq, sr) in table {
        for (lang, expected) in [("mk", mk), ("en", en), ("sq", sq), ("sr", sr), ("sr-Latn", sr)] {
            assert_eq!(locale(lang).plural(decimal(value)), expected, "{value} in {lang}");
        }
    }
    assert_eq!(locale("mk").plural_categories(), ["one", "other"]);
    assert_eq!(locale("sr").plural_categories(), ["few", "one", "other"]);
}

#[test]
fn lists_end_with_and() {
    let table = [
        ("mk", "", "Куманово", "Куманово и Бутел", "Куманово, Бутел и Гевгелија"),
        ("en", "", "Куманово", "Куманово and Бутел", "Куманово, Бутел and Гевгелија"),
        ("sq", "", "Куманово", "Куманово dhe Бутел", "Куманово, Бутел dhe Гевгелија"),
        ("sr", "", "Куманово", "Куманово и Бутел", "Куманово, Бутел и Гевгелија"),
        ("sr-Latn", "", "Куманово", "Куманово i Бутел", "Куманово, Бутел i Гевгелија"),
    ];
    let places = ["Куманово", "Бутел", "Гевгелија"];
    for (lang, none, one, two, three) in table {
        let forms: Vec<String> = (0..=3).map(|n| locale(lang).list(&places[..n])).collect();
        assert_eq!(forms, [none, one, two, three], "{lang}");
    }
}

#[test]
fn words_agree_up_to_ten() {
    let mk = locale("mk");
    let word = |n: u64, gender| mk.number_word(n.into(), gender);
    assert_eq!(word(1, Gender::Feminine), Some("една"));
    assert_eq!(word(2, Gender::Masculine), Some("два"));
    assert_eq!(word(2, Gender::Neuter), Some("две"));
    assert_eq!(word(3, Gender::Persons), Some("тројца"));
    assert_eq!(word(10, Gender::Masculine), Some("десет"));
    assert_eq!(word(0, Gender::Masculine), None);
    assert_eq!(word(11, Gender::Masculine), None);
    assert_eq!(mk.number_word(decimal("2.5"), Gender::Masculine), None);
    assert_eq!(locale("en").number_word(3.into(), Gender::Feminine), Some("three"));
    assert_eq!(locale("sq").number_word(3.into(), Gender::Feminine), Some("tri"));
    assert_eq!(locale("sr-Latn").number_word(2.into(), Gender::Feminine), Some("dve"));
}

#[test]
fn a_donor_may_fix_the_separators() {
    let format = NumberFormat { grouping: " ".to_owned(), decimal: ".".to_owned() };
    let mk = locale("mk").with_number_format(format);
    assert_eq!(mk.number(decimal("1234567.5")), "1 234 567.5");
    assert_eq!(mk.percent(decimal("12.345"), 1), "1 234.5\u{a0}%");
}

#[test]
fn cells_carry_the_hedge_in_their_format() {
    assert_eq!(locale("mk").excel_format(ExcelKind::Integer, Some(Hedge::Approximately)), "\"приближно \"#,##0");
    assert_eq!(locale("en").excel_format(ExcelKind::Percent, None), "0.0%");
}
