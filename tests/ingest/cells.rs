//! Values of cells, and the problems of cells that can't be read.

use std::borrow::Cow;

use donor_report::ingest::cell::{self, CellResult, DateReading, SlashOrder};
use donor_report::ingest::raw_row::{NumberDisplay, Raw, RawCell};
use donor_report::model::{Amount, Hedge};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn cell(raw: Raw<'_>) -> RawCell<'_> {
    RawCell::new(0, raw)
}

fn text(text: &str) -> RawCell<'_> {
    cell(Raw::Text(Cow::Borrowed(text)))
}

fn untyped(text: &str) -> RawCell<'_> {
    RawCell { untyped: true, ..self::text(text) }
}

fn dated(serial: f64, day: Option<Date>) -> RawCell<'static> {
    cell(Raw::Date { day, serial })
}

/// A value in words: `blank`, what it is, or the problem's code and variant.
fn outcome<T>(read: CellResult<T>, show: impl Fn(T) -> String) -> String {
    match read {
        Ok(None) => "blank".to_owned(),
        Ok(Some(value)) => show(value),
        Err(problem) => match problem.variant {
            Some(variant) => format!("{} {variant}", problem.code),
            None => problem.code.to_owned(),
        },
    }
}

fn amount(amount: Amount) -> String {
    match amount.hedge {
        None => amount.from.to_string(),
        Some(Hedge::About) => format!("about {} grain {}", amount.from, amount.rounding_exponent),
        Some(Hedge::Approximately) => format!("approximately {} grain {}", amount.from, amount.rounding_exponent),
    }
}

fn count(written: &str) -> String {
    outcome(cell::read_count(Some(&text(written))), amount)
}

fn number(written: &str) -> String {
    outcome(cell::read_decimal(Some(&text(written))), |read| {
        format!("{}{}", read.value.normalize(), if read.percent { " percent" } else { "" })
    })
}

fn day(written: &str) -> String {
    outcome(cell::read_date(Some(&text(written))), |reading| match reading {
        DateReading::Day(day) => day.to_string(),
        DateReading::Range { first, last } => format!("{first} to {last}"),
        DateReading::Month(day) => format!("month {}", day.strftime("%Y-%m")),
        DateReading::Slash { day_first, month_first } => {
            let show = |day: Option<Date>| day.map_or("none".to_owned(), |day| day.to_string());
            format!("{} or {}", show(day_first), show(month_first))
        }
    })
}

#[test]
fn counts_are_numbers_or_texts_that_are_one_number() {
    let cases = [
        ("16", "16"),
        (" 16 ", "16"),
        ("0", "0"),
        ("84.000", "84000"),
        ("84,000", "84000"),
        ("1 234", "1234"),
        ("1\u{a0}234", "1234"),
        ("1\u{202f}234\u{202f}567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("16.0", "16"),
        ("+16", "16"),
        ("16*", "16"),
        ("16 **", "16"),
        ("16¹", "16"),
        ("16 †", "16"),
        ("１６", "16"),
        ("\u{200b}16\u{feff}", "16"),
        ("9007199254740991", "9007199254740991"),
        ("9007199254740992", "not-a-count large"),
        ("16,5", "not-a-count fraction"),
        ("12.7", "not-a-count fraction"),
        ("-4", "not-a-count negative"),
        ("16 лица", "not-a-count unit"),
        ("16лица", "not-a-count unit"),
        ("1.200 people", "not-a-count unit"),
        ("16 и 12", "not-a-count"),
        ("16-20", "not-a-count"),
        ("16/20", "not-a-count"),
        ("шест", "not-a-count"),
        ("12.34.56", "not-a-count"),
        ("1.23,456", "not-a-count"),
        ("16 %", "not-a-count percent"),
        ("-", "blank"),
        ("/", "blank"),
        ("N/A", "blank"),
        ("n/a", "blank"),
        ("нема", "blank"),
        ("НЕМА", "blank"),
        ("", "blank"),
        ("\u{a0}", "blank"),
    ];
    for (written, expected) in cases {
        assert_eq!(count(written), expected, "{written:?}");
    }
}

#[test]
fn approximate_counts_keep_their_hedge_and_grain() {
    let cases = [
        ("околу 16", "about 16 grain 0"),
        ("Околу 16 ", "about 16 grain 0"),
        ("околу\u{a0}300", "about 300 grain 2"),
        ("about 16", "about 16 grain 0"),
        ("ca. 16", "about 16 grain 0"),
        ("ca 16", "about 16 grain 0"),
        ("~16", "about 16 grain 0"),
        ("≈ 16", "about 16 grain 0"),
        ("приближно 84.000", "approximately 84000 grain 3"),
        ("approximately 84,000", "approximately 84000 grain 3"),
        ("approx. 1 200", "approximately 1200 grain 2"),
        ("отприлика 50*", "about 50 grain 1"),
        ("околу 16 лица", "not-a-count unit"),
        ("околу", "not-a-count"),
        ("околу 16,5", "not-a-count fraction"),
    ];
    for (written, expected) in cases {
        assert_eq!(count(written), expected, "{written:?}");
    }
}

#[test]
fn counts_of_other_kinds_of_cells() {
    let count = |raw: RawCell<'_>| outcome(cell::read_count(Some(&raw)), amount);
    assert_eq!(count(cell(Raw::Number(16.0))), "16");
    assert_eq!(count(cell(Raw::Number(12.7))), "not-a-count fraction");
    assert_eq!(count(cell(Raw::Number(-4.0))), "not-a-count negative");
    assert_eq!(count(cell(Raw::Number(3.000_000_000_000_000_4))), "3");
    assert_eq!(count(cell(Raw::Number(9_007_199_254_740_991.0))), "9007199254740991");
    assert_eq!(count(cell(Raw::Number(9_007_199_254_740_992.0))), "not-a-count large");
    assert_eq!(count(cell(Raw::Number(1e300))), "not-a-count large");
    assert_eq!(count(cell(Raw::Number(f64::NAN))), "not-a-count large");
    assert_eq!(count(dated(16.0, Some(date(1900, 1, 16)))), "16", "shown as 16.01.1900");
    assert_eq!(count(dated(84_000.0, Some(date(2129, 12, 24)))), "84000");
    assert_eq!(count(dated(42_795.0, Some(date(2017, 3, 1)))), "date-not-number", "a date in the wrong column");
    assert_eq!(count(cell(Raw::Bool(true))), "not-a-count boolean");
    assert_eq!(count(cell(Raw::Error(Cow::Borrowed("#REF!")))), "error-cell");
    assert_eq!(count(cell(Raw::FormulaWithoutValue)), "formula-without-value");
    assert_eq!(count(cell(Raw::TooLong(40_000))), "cell-too-long");
    assert_eq!(outcome(cell::read_count(None), amount), "blank");
}

#[test]
fn the_error_of_a_unit_names_no_number_that_may_not_be_meant() {
    for written in ["16 лица", "2 илјади", "1.2k", "1,5 милиони"] {
        let problem = cell::read_count(Some(&text(written))).expect_err("an error");
        let sentences = donor_report::diagnostic::Catalogue::new("mk").sentences(&problem);
        let help = "напишете го само целиот број, со цифри; единицата спаѓа во насловот";
        assert_eq!(sentences.help.as_deref(), Some(help), "{written}");
    }
}

#[test]
fn targets_are_one_number_and_none_is_fished_out_of_a_sentence() {
    let cases = [
        ("400", "400"),
        ("0,6", "0.6"),
        ("0.6", "0.6"),
        ("60 %", "0.6 percent"),
        ("60%", "0.6 percent"),
        ("12,5 %", "0.125 percent"),
        ("84.000", "84000"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("0,125", "0.125"),
        ("-3,5", "-3.5"),
        ("2 505", "2505"),
        ("> 400", "not-a-number words"),
        ("по 3 за секоја општина", "not-a-number words"),
        ("at least 400", "not-a-number words"),
        ("околу 400", "not-a-number words"),
        ("400 лица", "not-a-number words"),
        ("н/п", "blank"),
    ];
    for (written, expected) in cases {
        assert_eq!(number(written), expected, "{written:?}");
    }
    let exact = cell::read_decimal(Some(&cell(Raw::Number(0.1 + 0.2)))).expect("a number").expect("a number");
    assert_eq!(exact.value, Decimal::new(3, 1), "fifteen digits, as a spreadsheet shows");
}

#[test]
fn reported_values_may_be_hedged_fractions() {
    let read = |written: &str| {
        outcome(cell::read_amount(Some(&text(written))), |(value, percent)| {
            format!("{}{}", amount(value), if percent { " percent" } else { "" })
        })
    };
    assert_eq!(read("приближно 84.000"), "approximately 84000 grain 3");
    assert_eq!(read("60 %"), "0.60 percent");
    assert_eq!(read("12,7"), "12.7");
    assert_eq!(read("-4"), "-4");
}

#[test]
fn dates_in_every_form_of_the_contract() {
    let cases = [
        ("2016-12-31", "2016-12-31"),
        ("2016-12-31T10:30:00", "2016-12-31"),
        ("2016-12-31 10:30", "2016-12-31"),
        ("31.12.2016", "2016-12-31"),
        ("31.12.2016.", "2016-12-31"),
        ("31. 12. 2016", "2016-12-31"),
        ("1.2.2017", "2017-02-01"),
        ("31.12.2016 г.", "2016-12-31"),
        ("31.12.2016г.", "2016-12-31"),
        ("31.12.2016 година", "2016-12-31"),
        ("31.12.2016 10:30", "2016-12-31"),
        ("31 декември 2016", "2016-12-31"),
        ("31 декември 2016 г.", "2016-12-31"),
        ("31 Декември 2016 год.", "2016-12-31"),
        ("31. мај 2016", "2016-05-31"),
        ("31 December 2016", "2016-12-31"),
        ("31st December 2016", "2016-12-31"),
        ("December 31, 2016", "2016-12-31"),
        ("31-Dec-2016", "2016-12-31"),
        ("\u{a0}31.12.2016\u{200b}", "2016-12-31"),
        ("20161231", "2016-12-31"),
        ("31/12/2016", "2016-12-31 or none"),
        ("12/31/2016", "none or 2016-12-31"),
        ("03/04/2017", "2017-04-03 or 2017-03-04"),
        ("31-12-2016", "2016-12-31 or none"),
        ("септември 2017", "month 2017-09"),
        ("September 2017", "month 2017-09"),
        ("септември 2017 г.", "month 2017-09"),
        ("2017-09", "month 2017-09"),
        ("09.2017", "month 2017-09"),
        ("31-04-20", "two-digit-year"),
        ("31.12.16", "two-digit-year"),
        ("31/12/16", "two-digit-year"),
        ("31 декември 16", "two-digit-year"),
        ("31.02.2017", "invalid-date"),
        ("32/13/2017", "invalid-date"),
        ("42795", "number-not-date"),
        ("2017", "number-not-date year"),
        ("летото 2017", "invalid-date"),
        ("01.03.2017 - 05.03.2017", "2017-03-01 to 2017-03-05"),
        ("12-14.03.2017", "2017-03-12 to 2017-03-14"),
        ("12.-14.03.2017", "2017-03-12 to 2017-03-14"),
        ("28.02–02.03.2017 г.", "2017-02-28 to 2017-03-02"),
        ("12–14 март 2017", "2017-03-12 to 2017-03-14"),
        ("30 December 2016 - 2 January 2017", "2016-12-30 to 2017-01-02"),
        ("12-14/25/2017", "invalid-date"),
        ("12-32.03.2017", "invalid-date"),
        ("12-14.03.17", "two-digit-year"),
        ("-", "blank"),
        ("", "blank"),
    ];
    for (written, expected) in cases {
        assert_eq!(day(written), expected, "{written:?}");
    }
    let read = |raw: RawCell<'_>| outcome(cell::read_date(Some(&raw)), |reading| format!("{reading:?}"));
    assert_eq!(read(dated(42_795.5, Some(date(2017, 3, 1)))), "Day(2017-03-01)");
    assert_eq!(read(dated(0.5, Some(date(1899, 12, 31)))), "invalid-date", "a time of day");
    assert_eq!(read(cell(Raw::Number(42_795.0))), "number-not-date");
    assert_eq!(read(cell(Raw::Bool(false))), "invalid-date");
    assert_eq!(read(cell(Raw::Error(Cow::Borrowed("#N/A")))), "error-cell");
}

#[test]
fn the_order_of_a_column_is_decided_by_one_date_that_reads_one_way() {
    let resolved = |column: &[&str], date: &str| {
        let mut slashes = SlashOrder::default();
        let read = |written: &str| cell::read_date(Some(&text(written))).expect("a date").expect("a date");
        for written in column {
            slashes.observe(read(written));
        }
        match slashes.resolve(read(date), date) {
            Ok(day) => day.to_string(),
            Err(problem) => problem.code.to_owned(),
        }
    };
    assert_eq!(resolved(&["31/12/2016"], "03/04/2017"), "2017-04-03");
    assert_eq!(resolved(&["12/31/2016"], "03/04/2017"), "2017-03-04");
    assert_eq!(resolved(&[], "03/04/2017"), "ambiguous-date");
    assert_eq!(resolved(&["31/12/2016", "12/31/2016"], "03/04/2017"), "ambiguous-date");
    assert_eq!(resolved(&["31/12/2016", "12/31/2016"], "25/04/2017"), "2017-04-25");
    assert_eq!(resolved(&[], "03/03/2017"), "2017-03-03");
    assert_eq!(resolved(&["31.12.2016", "2017-01-25"], "03/04/2017"), "ambiguous-date", "dots decide no slashes");
}

#[test]
fn codes_are_digits_or_text_as_written() {
    let code = |raw: RawCell<'_>| outcome(cell::read_code(Some(&raw)), Cow::into_owned);
    assert_eq!(code(cell(Raw::Number(101.0))), "101");
    assert_eq!(code(cell(Raw::Number(1.5))), "1.5");
    assert_eq!(code(text("001")), "001");
    assert_eq!(code(text(" A-01\u{a0}")), "A-01");
    assert_eq!(code(text("A\n01")), "A 01");
    assert_eq!(code(text("1.0")), "1.0", "a text keeps its zeros");
    assert_eq!(code(untyped("101.0")), "101", "a file without types writes numbers so");
    assert_eq!(code(untyped("001")), "001");
    assert_eq!(code(dated(42_737.0, Some(date(2017, 1, 2)))), "date-in-code", "`1-2` that became a date");
    assert_eq!(code(text("нема")), "blank");
    assert_eq!(code(dated(0.375, None)), "date-in-code");
}

#[test]
fn a_code_that_has_lost_digits_is_no_code() {
    let code = |raw: RawCell<'_>| outcome(cell::read_code(Some(&raw)), Cow::into_owned);
    assert_eq!(code(cell(Raw::Number(999_999_999_999_999.0))), "999999999999999", "fifteen digits are kept");
    assert_eq!(code(cell(Raw::Number(1e15))), "rounded-code digits");
    assert_eq!(code(cell(Raw::Number(-1e15))), "rounded-code digits");
    assert_eq!(code(text("1234567890123456789")), "1234567890123456789", "a text keeps all of them");
    for lost in ["1.01198E+12", "1,01198E+12", "1E+12", "1.01198e+12", "2E-05", "1.01198E12"] {
        assert_eq!(code(text(lost)), "rounded-code", "{lost}");
        assert_eq!(code(untyped(lost)), "rounded-code", "{lost}");
    }
    for kept in ["3E12", "E+12", "1.5E", "A1.2E+3", "1.2.3E+4", "12E", "E"] {
        assert_eq!(code(text(kept)), kept);
    }
}

#[test]
fn a_number_keeps_the_zeros_of_its_format() {
    let padded =
        |number: f64, digits: u8| RawCell { display: NumberDisplay::Padded(digits), ..cell(Raw::Number(number)) };
    let code = |raw: RawCell<'_>| outcome(cell::read_code(Some(&raw)), Cow::into_owned);
    let text = |raw: RawCell<'_>| outcome(cell::read_text(Some(&raw)), Cow::into_owned);
    assert_eq!(code(padded(123.0, 7)), "0000123");
    assert_eq!(text(padded(123.0, 7)), "0000123");
    assert_eq!(code(padded(12_345.0, 3)), "12345");
    assert_eq!(text(padded(1.5, 7)), "1.5");
    assert_eq!(text(padded(-5.0, 3)), "-5");
    assert_eq!(outcome(cell::read_count(Some(&padded(16.0, 4))), amount), "16", "a count is a number");
}

#[test]
fn a_time_of_day_alone_is_a_time() {
    let text = |raw: RawCell<'_>| outcome(cell::read_text(Some(&raw)), Cow::into_owned);
    for (serial, shown) in
        [(0.375, "09:00"), (0.5, "12:00"), (0.0, "00:00"), (0.999_999_9, "00:00"), (0.75 + 1.0 / 86_400.0, "18:00:01")]
    {
        assert_eq!(text(dated(serial, None)), shown, "{serial}");
    }
    assert_eq!(text(dated(-0.5, None)), "-0.5");
    let day = |raw: RawCell<'_>| outcome(cell::read_date(Some(&raw)), |_| "a date".to_owned());
    assert_eq!(day(dated(0.375, None)), "invalid-date");
}

#[test]
fn texts_lose_what_nobody_sees() {
    let cases = [
        ("  Обука ", "Обука"),
        ("Обука_x000D_\nза права", "Обука\nза права"),
        ("Обука_x000d_", "Обука"),
        ("_x005F_x000D_", "_x000D_"),
        ("a_x0007_b", "ab"),
        ("a\u{7}b\u{1b}[31m", "ab[31m"),
        ("Оп\u{ad}шти\u{200b}на", "Општина"),
        ("а\u{a0}б\u{2009}в\tг", "а б в г"),
        // Persian and Hindi are written with joiners within words; nobody sees them elsewhere.
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("\u{200c}می\u{200c}\u{200c}خواهم\u{200c} ۱\u{200c}", "می\u{200c}خواهم ۱"),
        ("क्\u{200d}ष", "क्\u{200d}ष"),
        ("Оп\u{200c}штина a\u{200d}b", "Општина ab"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("snake_xylophone", "snake_xylophone"),
        ("=HYPERLINK(\"http://x\")", "=HYPERLINK(\"http://x\")"),
        ("+cmd|' /C calc'!A0", "+cmd|' /C calc'!A0"),
        ("#read(\"/etc/passwd\")", "#read(\"/etc/passwd\")"),
        ("{{actual \"I1\"}}<script>alert(1)</script>", "{{actual \"I1\"}}<script>alert(1)</script>"),
    ];
    for (written, expected) in cases {
        assert_eq!(cell::clean(written), expected, "{written:?}");
    }
    assert_eq!(
        cell::split_values("Куманово; Бутел\nГевгелија;; - ;").collect::<Vec<_>>(),
        ["Куманово", "Бутел", "Гевгелија"]
    );
    let shown = |raw: RawCell<'_>| outcome(cell::read_text(Some(&raw)), Cow::into_owned);
    assert_eq!(shown(cell(Raw::Number(2017.0))), "2017");
    assert_eq!(shown(cell(Raw::Number(0.5))), "0.5");
    assert_eq!(shown(cell(Raw::Bool(true))), "TRUE");
    assert_eq!(shown(dated(42_795.0, Some(date(2017, 3, 1)))), "2017-03-01");
    assert_eq!(shown(cell(Raw::Error(Cow::Borrowed("#NAME?")))), "error-cell");
}

proptest! {
    /// However a count is written, it is the same count or a problem, never another count.
    #[test]
    fn mess_around_a_count_changes_nothing(value in 0u64..10_000_000, grouping in 0usize..5, before in 0usize..4, after in 0usize..5) {
        let digits = value.to_string();
        let separator = ["", ".", ",", " ", "\u{a0}"][grouping];
        let mut grouped = String::new();
        for (at, c) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at) % 3 == 0 {
                grouped.push_str(separator);
            }
            grouped.push(c);
        }
        let written = format!("{}{grouped}{}", ["", " ", "\u{feff}", "\n"][before], ["", "*", " ", "\u{200b}", "_x000D_"][after]);
        prop_assert_eq!(count(&written), value.to_string());
    }

    /// A day is read the same in every form that the contract knows.
    #[test]
    fn every_form_of_a_day_is_the_same_day(days in 0i32..80_000) {
        let day = date(1900, 1, 1).checked_add(jiff::Span::new().days(days)).expect("a day");
        let months = ["јануари", "февруари", "март", "април", "мај", "јуни", "јули", "август", "септември", "октомври", "ноември", "декември"];
        let month = months[day.month() as usize - 1];
        for written in [
            day.to_string(),
            day.strftime("%d.%m.%Y").to_string(),
            day.strftime("%-d.%-m.%Y г.").to_string(),
            day.strftime("%-d %B %Y").to_string(),
            format!("{} {month} {}", day.day(), day.year()),
            format!(" {}. {} {} год. ", day.day(), month.to_uppercase(), day.year()),
        ] {
            prop_assert_eq!(self::day(&written), day.to_string(), "{}", written);
        }
    }
}
