//! Reads numbers in the forms in which people write them.

use std::str::FromStr;

use rust_decimal::Decimal;

use super::date::format_date;
use super::decimal_marks::MarkMeaning;
use super::text::{clean, is_placeholder, unreadable_problem};
use super::{CellResult, DecimalMarks};
use crate::diagnostic::{Problem, ProblemKind, kinds};
use crate::fold;
use crate::ingest::layout::vocabulary;
use crate::ingest::raw_row::{NumberDisplay, Raw, RawCell};
use crate::model::{Amount, Hedge};

/// The largest count: above it a spreadsheet's numbers are no longer exact (2^53 − 1).
pub const MAX_COUNT: u64 = 9_007_199_254_740_991;

/// Serial numbers of 1990-01-01 and 2100-01-01: a number between them under a date format is meant as a date.
const MEANT_AS_DATE: std::ops::Range<f64> = 32_874.0..73_051.0;

/// A number, and whether it is written or shown with a percent sign: `60 %` is 0.6.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WrittenNumber {
    /// The number; a hundredth of what a percent sign follows.
    pub value: Decimal,
    /// A percent sign is written behind it, or its cell's format shows one.
    pub percent: bool,
}

/// A count of people or things: a whole number from 0 to [`MAX_COUNT`], exact or hedged (`околу 16`).
///
/// # Errors
/// A problem if the cell holds anything else.
pub fn read_count(cell: Option<&RawCell<'_>>) -> CellResult<Amount> {
    let Some(amount) = read_quantity(cell, Form::Count, DecimalMarks::default())? else { return Ok(None) };
    let value = amount.number.value;
    if amount.number.percent {
        return error(kinds::NotACount::Percent { text: amount.shown });
    }
    if value.is_sign_negative() && !value.is_zero() {
        return error(kinds::NotACount::Negative { text: amount.shown });
    }
    if !value.fract().is_zero() {
        return error(kinds::NotACount::Fraction { text: amount.shown });
    }
    if value > Decimal::from(MAX_COUNT) {
        return error(kinds::NotACount::Large { text: amount.shown });
    }
    Ok(Some(with_hedge(value.normalize(), amount.hedge)))
}

/// A reported quantity, any number, perhaps hedged, and whether it is written in percent.
///
/// # Errors
/// A problem if the cell holds no number.
pub fn read_amount(cell: Option<&RawCell<'_>>) -> CellResult<(Amount, bool)> {
    read_amount_as(cell, DecimalMarks::default())
}

/// [`read_amount`] in a column that uses its marks so.
///
/// # Errors
/// As [`read_amount`], and for a number that can be read in two ways where the column is of two minds.
pub fn read_amount_as(cell: Option<&RawCell<'_>>, marks: DecimalMarks) -> CellResult<(Amount, bool)> {
    Ok(read_quantity(cell, Form::Amount, marks)?
        .map(|read| (with_hedge(read.number.value, read.hedge), read.number.percent)))
}

/// A target, a baseline or a numeric attribute: any number without a hedge, perhaps in percent.
///
/// # Errors
/// A problem if the cell holds no number, or a hedged one.
pub fn read_decimal(cell: Option<&RawCell<'_>>) -> CellResult<WrittenNumber> {
    read_decimal_as(cell, DecimalMarks::default())
}

/// [`read_decimal`] in a column that uses its marks so.
///
/// # Errors
/// As [`read_decimal`], and for a number that can be read in two ways where the column is of two minds.
pub fn read_decimal_as(cell: Option<&RawCell<'_>>, marks: DecimalMarks) -> CellResult<WrittenNumber> {
    Ok(read_quantity(cell, Form::Number, marks)?.map(|read| read.number))
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Count,
    Amount,
    Number,
}

struct WrittenQuantity {
    number: WrittenNumber,
    hedge: Option<Hedge>,
    shown: String,
}

fn read_quantity(cell: Option<&RawCell<'_>>, form: Form, marks: DecimalMarks) -> CellResult<WrittenQuantity> {
    let Some(cell) = cell else { return Ok(None) };
    match &cell.raw {
        Raw::Number(number) => {
            // A count under such a format is still a count: its sheet was formatted carelessly.
            let percent = cell.display == NumberDisplay::Percent && form != Form::Count;
            number_quantity(*number, percent, form)
        }
        Raw::Date { serial, .. } if !MEANT_AS_DATE.contains(serial) => number_quantity(*serial, false, form),
        Raw::Date { day, serial } => {
            let shown = format_date(*day, *serial);
            error(kinds::DateNotNumber { text: shown, number: format_number(*serial) })
        }
        Raw::Bool(yes) => error(form.boolean(if *yes { "TRUE" } else { "FALSE" }.to_owned())),
        Raw::Text(text) => parse_quantity(&clean(text), form, marks),
        Raw::Error(_) | Raw::FormulaWithoutValue | Raw::TooLong(_) => Err(unreadable_problem(&cell.raw)),
    }
}

impl Form {
    /// The kind of problem of a truth value.
    fn boolean(self, text: String) -> ProblemKind {
        match self {
            Form::Count => kinds::NotACount::Boolean { text }.into(),
            Form::Amount | Form::Number => kinds::NotANumber::Boolean { text }.into(),
        }
    }

    /// The kind of problem of a number that can't be kept exactly.
    fn too_large(self, text: String) -> ProblemKind {
        match self {
            Form::Count => kinds::NotACount::Large { text }.into(),
            Form::Amount | Form::Number => kinds::NotANumber::Large { text }.into(),
        }
    }

    /// The kind of problem of a text that isn't one number; `digits` is the text without hedge and percent sign.
    fn not_one_number(self, text: String, digits: &str) -> ProblemKind {
        match (self, has_unit(digits)) {
            (Form::Count, true) => kinds::NotACount::Unit { text }.into(),
            (Form::Count, false) => kinds::NotACount::Plain { text }.into(),
            (Form::Number, _) if digits.chars().any(char::is_alphanumeric) => kinds::NotANumber::Words { text }.into(),
            (Form::Amount | Form::Number, _) => kinds::NotANumber::Plain { text }.into(),
        }
    }
}

fn number_quantity(number: f64, percent: bool, form: Form) -> CellResult<WrittenQuantity> {
    let shown = format_number(number);
    match exact_decimal(number) {
        Some(value) => Ok(Some(WrittenQuantity { number: WrittenNumber { value, percent }, hedge: None, shown })),
        None => error(form.too_large(shown)),
    }
}

fn parse_quantity(text: &str, form: Form, marks: DecimalMarks) -> CellResult<WrittenQuantity> {
    let shown = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if shown.is_empty() || is_placeholder(&shown) {
        return Ok(None);
    }
    let unmarked = shown.trim_end_matches(is_footnote_mark).trim_end();
    let folded = fold::code_key(unmarked);
    let (hedge, rest) = if form == Form::Number { (None, folded.as_str()) } else { split_hedge(&folded) };
    let (digits, percent) = match rest.strip_suffix('%') {
        Some(before) => (before.trim_end(), true),
        None => (rest, false),
    };
    let (whole, decimal) = match parse_number(digits) {
        None => return error(form.not_one_number(shown, digits)),
        Some(WrittenDigits::Plain(value)) => (value, None),
        Some(WrittenDigits::Grouped { whole, decimal, mark }) => (whole, Some((decimal, marks.meaning(mark)))),
    };
    let value = match decimal {
        Some((decimal, MarkMeaning::Decimals)) => decimal,
        Some((decimal, MarkMeaning::Contradicting)) => {
            let (whole, decimal) = (whole.to_string(), decimal.to_string());
            return error(kinds::AmbiguousNumber { text: shown, whole, decimal });
        }
        Some((_, MarkMeaning::Thousands | MarkMeaning::Unsettled)) | None => whole,
    };
    let value = if percent { value / Decimal::ONE_HUNDRED } else { value };
    Ok(Some(WrittenQuantity { number: WrittenNumber { value, percent }, hedge, shown }))
}

/// The hedge at the front of a folded text, and the rest.
fn split_hedge(folded: &str) -> (Option<Hedge>, &str) {
    let words = vocabulary();
    let hedges = [(Hedge::Approximately, &words.approximately), (Hedge::About, &words.about)];
    for (hedge, starts) in hedges {
        for start in starts {
            let Some(rest) = folded.strip_prefix(start.as_str()) else { continue };
            let after_word = start.ends_with(char::is_alphabetic);
            let rest = rest.strip_prefix('.').filter(|_| after_word).unwrap_or(rest);
            let is_separate = !after_word || rest.starts_with(|c: char| c == ' ' || c.is_ascii_digit());
            if is_separate {
                return (Some(hedge), rest.trim_start());
            }
        }
    }
    (None, folded)
}

/// Whether a cell's text ends with a mark that leads to a footnote, which is passed over behind a number.
pub fn has_footnote_mark(cell: &RawCell<'_>) -> bool {
    matches!(&cell.raw, Raw::Text(text) if clean(text).ends_with(|c| c != ' ' && is_footnote_mark(c)))
}

/// `16*`, `16 †`, `16¹`: a mark that leads to a footnote.
fn is_footnote_mark(c: char) -> bool {
    matches!(c, '*' | '†' | '‡' | '§' | '¹' | '²' | '³' | '⁰' | '⁴'..='⁹' | ' ')
}

/// `16 лица`, `16лица`: whether one number has words behind it. They may say thousands, so that the number alone needn't
/// be what is meant.
fn has_unit(text: &str) -> bool {
    let Some(end) = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | ' '))) else { return false };
    let rest = &text[end..];
    let has = |is_it: fn(char) -> bool| rest.chars().any(is_it);
    parse_number(text[..end].trim_end()).is_some() && has(char::is_alphabetic) && !has(|c| c.is_ascii_digit())
}

/// The digits of one number.
enum WrittenDigits {
    Plain(Decimal),
    /// A single point or comma before exactly three digits: thousands, unless its column says otherwise.
    Grouped {
        whole: Decimal,
        decimal: Decimal,
        mark: char,
    },
}

/// One number as people write it: an optional sign, digits in groups of three that one kind of separator separates
/// (`84.000`, `84,000`, `1 234`), at most one decimal separator. A zero alone before a separator makes it a decimal one.
fn parse_number(text: &str) -> Option<WrittenDigits> {
    let (negative, digits) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || !digits.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let separators: Vec<(usize, char)> = digits.char_indices().filter(|(_, c)| !c.is_ascii_digit()).collect();
    if separators.iter().any(|(_, c)| !matches!(c, '.' | ',' | ' ' | '\'')) {
        return None;
    }
    let plain = match separators.as_slice() {
        [] => digits.to_owned(),
        [.., (at, last)] => {
            let single = separators.len() == 1;
            let before = &digits[..*at];
            let after = &digits[at + last.len_utf8()..];
            let groups_all = is_grouped(digits, *last);
            let leading_zero = before.starts_with('0');
            if groups_all && !leading_zero {
                let whole = signed(&digits.chars().filter(char::is_ascii_digit).collect::<String>(), negative)?;
                return Some(if single && matches!(last, '.' | ',') {
                    let decimal = signed(&format!("{before}.{after}"), negative)?;
                    WrittenDigits::Grouped { whole, decimal, mark: *last }
                } else {
                    WrittenDigits::Plain(whole)
                });
            }
            if matches!(last, '.' | ',') && (single || is_whole_part(before, *last)) {
                let whole: String = before.chars().filter(char::is_ascii_digit).collect();
                format!("{whole}.{after}")
            } else {
                return None;
            }
        }
    };
    signed(&plain, negative).map(WrittenDigits::Plain)
}

fn signed(digits: &str, is_negative: bool) -> Option<Decimal> {
    let value = Decimal::from_str(digits).ok()?;
    Some(if is_negative { -value } else { value })
}

/// Whether one kind of separator parts all digits into groups of three.
fn is_grouped(digits: &str, separator: char) -> bool {
    let mut groups = digits.split(separator);
    let first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && all_digits(first));
    first && groups.all(|group| group.len() == 3 && all_digits(group))
}

/// The whole part before a decimal separator: grouped by another separator.
fn is_whole_part(before: &str, decimal: char) -> bool {
    match before.chars().find(|c| !c.is_ascii_digit()) {
        Some(separator) => separator != decimal && is_grouped(before, separator),
        None => true,
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A spreadsheet's number in fifteen significant digits, which is what it shows and means; whole ones exactly.
pub(super) fn exact_decimal(number: f64) -> Option<Decimal> {
    if !number.is_finite() {
        return None;
    }
    if number.fract() == 0.0 && number.abs() < 1e18 {
        return Some(Decimal::from(number as i64));
    }
    Decimal::from_scientific(&format!("{number:.14e}")).ok().map(|value| value.normalize())
}

/// A number as a person would write it, without exponents or a trailing `.0`.
pub(super) fn format_number(number: f64) -> String {
    exact_decimal(number).map_or_else(|| number.to_string(), |value| value.normalize().to_string())
}

fn with_hedge(value: Decimal, hedge: Option<Hedge>) -> Amount {
    let amount = Amount::exact(value);
    hedge.map_or(amount, |hedge| amount.with_hedge(hedge))
}

fn error<T>(kind: impl Into<ProblemKind>) -> CellResult<T> {
    Err(Box::new(Problem::error(kind)))
}
