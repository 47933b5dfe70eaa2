use donor_report::model::Period;
use jiff::civil::date;

use super::locale;

#[test]
fn dates_in_every_form() {
    let day = date(2017, 4, 30);
    let table = [
        ("mk", "30\u{a0}април\u{a0}2017\u{a0}г.", "30\u{a0}април\u{a0}2017", "30.04.2017", "април 2017\u{a0}г."),
        ("en", "30\u{a0}April\u{a0}2017", "30\u{a0}April\u{a0}2017", "30\u{a0}Apr\u{a0}2017", "April 2017"),
        ("sq", "30\u{a0}prill\u{a0}2017", "30\u{a0}prill\u{a0}2017", "30.04.2017", "prill 2017"),
        ("sr", "30.\u{a0}априла\u{a0}2017.", "30.\u{a0}априла\u{a0}2017.", "30.04.2017.", "април 2017."),
        ("sr-Latn", "30.\u{a0}aprila\u{a0}2017.", "30.\u{a0}aprila\u{a0}2017.", "30.04.2017.", "april 2017."),
    ];
    for (lang, long, text, short, month) in table {
        let locale = locale(lang);
        assert_eq!(locale.date(day), long);
        assert_eq!(locale.date_in_text(day), text);
        assert_eq!(locale.date_short(day), short);
        assert_eq!(locale.month(2017, 4), month);
    }
}

/// CLDR's months: wide, format.
#[test]
fn months_are_cldrs() {
    let table = [
        ("mk", "јануари февруари март април мај јуни јули август септември октомври ноември декември"),
        ("en", "January February March April May June July August September October November December"),
        ("sq", "janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor"),
        ("sr", "јануар фебруар март април мај јун јул август септембар октобар новембар децембар"),
        ("sr-Latn", "januar februar mart april maj jun jul avgust septembar oktobar novembar decembar"),
    ];
    for (lang, months) in table {
        let names: Vec<&str> = (1..=12).map(|month| locale(lang).month_name(month)).collect();
        assert_eq!(names.join(" "), months);
    }
}

#[test]
fn a_range_says_once_what_its_ends_share() {
    let table = [
        (
            date(2017, 1, 1),
            date(2017, 4, 30),
            "1\u{a0}јануари – 30\u{a0}април\u{a0}2017\u{a0}г.",
            "1\u{a0}January – 30\u{a0}April\u{a0}2017",
            "1.\u{a0}јануара – 30.\u{a0}априла\u{a0}2017.",
        ),
        (
            date(2017, 4, 1),
            date(2017, 4, 30),
            "1–30\u{a0}април\u{a0}2017\u{a0}г.",
            "1–30\u{a0}April\u{a0}2017",
            "1–30.\u{a0}априла\u{a0}2017.",
        ),
        (
            date(2016, 12, 1),
            date(2017, 1, 31),
            "1\u{a0}декември\u{a0}2016\u{a0}г. – 31\u{a0}јануари\u{a0}2017\u{a0}г.",
            "1\u{a0}December\u{a0}2016 – 31\u{a0}January\u{a0}2017",
            "1.\u{a0}децембра\u{a0}2016. – 31.\u{a0}јануара\u{a0}2017.",
        ),
        (
            date(2017, 4, 30),
            date(2017, 4, 30),
            "30\u{a0}април\u{a0}2017\u{a0}г.",
            "30\u{a0}April\u{a0}2017",
            "30.\u{a0}априла\u{a0}2017.",
        ),
    ];
    for (from, to, mk, en, sr) in table {
        for (lang, expected) in [("mk", mk), ("en", en), ("sr", sr)] {
            assert_eq!(locale(lang).date_range(from, to), expected);
        }
    }
}

#[test]
fn a_period_that_is_a_quarter_is_called_one() {
    let table = [
        (date(2017, 2, 1), date(2017, 2, 28), "февруари 2017\u{a0}г.", "February 2017"),
        (date(2017, 4, 1), date(2017, 6, 30), "втор квартал од 2017\u{a0}г.", "second quarter of 2017"),
        (date(2017, 7, 1), date(2017, 12, 31), "второ полугодие од 2017\u{a0}г.", "second half of 2017"),
        (date(2017, 1, 1), date(2017, 12, 31), "2017\u{a0}г.", "2017"),
        (
            date(2017, 2, 1),
            date(2017, 4, 30),
            "1\u{a0}февруари – 30\u{a0}април\u{a0}2017\u{a0}г.",
            "1\u{a0}February – 30\u{a0}April\u{a0}2017",
        ),
        (
            date(2017, 4, 2),
            date(2017, 6, 30),
            "2\u{a0}април – 30\u{a0}јуни\u{a0}2017\u{a0}г.",
            "2\u{a0}April – 30\u{a0}June\u{a0}2017",
        ),
    ];
    for (start, end, mk, en) in table {
        let period = Period { code: "x".to_owned(), start, end };
        assert_eq!(locale("mk").period_name(&period), mk);
        assert_eq!(locale("en").period_name(&period), en);
    }
}

#[test]
fn days_of_a_table_say_once_what_they_share() {
    let days = [
        (date(2017, 4, 6), date(2017, 4, 7), "06–07.04.2017", "6–7\u{a0}Apr\u{a0}2017", "06–07.04.2017."),
        (
            date(2017, 2, 6),
            date(2017, 3, 17),
            "06.02–17.03.2017",
            "6\u{a0}Feb–17\u{a0}Mar\u{a0}2017",
            "06.02.–17.03.2017.",
        ),
        (
            date(2016, 12, 1),
            date(2017, 1, 31),
            "01.12.2016–31.01.2017",
            "1\u{a0}Dec\u{a0}2016–31\u{a0}Jan\u{a0}2017",
            "01.12.2016.–31.01.2017.",
        ),
        (date(2017, 4, 6), date(2017, 4, 6), "06.04.2017", "6\u{a0}Apr\u{a0}2017", "06.04.2017."),
    ];
    for (from, to, mk, en, sr) in days {
        for (lang, expected) in [("mk", mk), ("en", en), ("sr", sr)] {
            assert_eq!(locale(lang).date_range_short(from, to), expected);
        }
    }
}
