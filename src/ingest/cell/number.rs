use std::str::FromStr;

use rust_decimal::Decimal;

use super::Read;
use super::text::{clean, is_placeholder, unreadable};
use crate::diagnostic::Problem;
use crate::ingest::fold;
use crate::ingest::layout::vocabulary;
use crate::ingest::raw::{Raw, RawCell};
use crate::model::{Amount, Hedge};

/// The largest count: above it a spreadsheet's numbers are no longer exact (2^53 − 1).
pub const MAX_COUNT: u64 = 9_007_199_254_740_991;

/// Serial numbers of 1990-01-01 and 2100-01-01: what stands between them under a date format is a date that was meant as one.
const MEANT_AS_DATE: std::ops::Range<f64> = 32_874.0..73_051.0;

/// A number with whether it was written with a percent sign (`60 %` is 0.6).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentage {
    pub value: Decimal,
    pub percent: bool,
}

/// A count of people or things: a whole number from 0 to [`MAX_COUNT`], exact or hedged (`околу 16`).
pub fn read_count(cell: Option<&RawCell<'_>>) -> Read<Amount> {
    let Some(amount) = read(cell, Form::Count)? else { return Ok(None) };
    let value = amount.number.value;
    if amount.number.percent {
        return fault("not-a-count", "percent", &amount.shown);
    }
    if value.is_sign_negative() && !value.is_zero() {
        return fault("not-a-count", "negative", &amount.shown);
    }
    if !value.fract().is_zero() {
        return fault("not-a-count", "fraction", &amount.shown);
    }
    if value > Decimal::from(MAX_COUNT) {
        return fault("not-a-count", "large", &amount.shown);
    }
    Ok(Some(with_hedge(value.normalize(), amount.hedge)))
}

/// A reported quantity: any number, perhaps hedged, perhaps in percent.
pub fn read_amount(cell: Option<&RawCell<'_>>) -> Read<(Amount, bool)> {
    Ok(read(cell, Form::Amount)?.map(|read| (with_hedge(read.number.value, read.hedge), read.number.percent)))
}

/// A target, a baseline or a numeric attribute: any number without a hedge, perhaps in percent.
pub fn read_decimal(cell: Option<&RawCell<'_>>) -> Read<Percentage> {
    Ok(read(cell, Form::Number)?.map(|read| read.number))
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Count,
    Amount,
    Number,
}

struct Quantity {
    number: Percentage,
    hedge: Option<Hedge>,
    shown: String,
}

fn read(cell: Option<&RawCell<'_>>, form: Form) -> Read<Quantity> {
    let Some(cell) = cell else { return Ok(None) };
    match &cell.raw {
        Raw::Number(number) => exact(*number, form),
        Raw::Date { serial, .. } if !MEANT_AS_DATE.contains(serial) => exact(*serial, form),
        Raw::Date { day, serial } => {
            let shown = day.map_or_else(|| plain_number(*serial), |day| day.to_string());
            let problem = Problem::error("date-not-number").with("text", shown).with("number", plain_number(*serial));
            Err(Box::new(problem))
        }
        Raw::Bool(yes) => fault(form.code(), "boolean", if *yes { "TRUE" } else { "FALSE" }),
        Raw::Text(text) => written(&clean(text), form),
        Raw::Error(_) | Raw::FormulaWithoutValue | Raw::TooLong(_) => Err(unreadable(&cell.raw)),
    }
}

impl Form {
    fn code(self) -> &'static str {
        match self {
            Form::Count => "not-a-count",
            Form::Amount | Form::Number => "not-a-number",
        }
    }
}

fn exact(number: f64, form: Form) -> Read<Quantity> {
    let shown = plain_number(number);
    match decimal(number) {
        Some(value) => Ok(Some(Quantity { number: Percentage { value, percent: false }, hedge: None, shown })),
        None => fault(form.code(), "large", &shown),
    }
}

fn written(text: &str, form: Form) -> Read<Quantity> {
    let shown = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if shown.is_empty() || is_placeholder(&shown) {
        return Ok(None);
    }
    let unmarked = shown.trim_end_matches(is_footnote_mark).trim_end();
    let folded = fold::code_key(unmarked);
    let (hedge, rest) = if form == Form::Number { (None, folded.as_str()) } else { unhedged(&folded) };
    let (digits, percent) = match rest.strip_suffix('%') {
        Some(before) => (before.trim_end(), true),
        None => (rest, false),
    };
    let Some(value) = parse(digits) else {
        let mut problem = Problem::error(form.code()).with("text", shown.as_str());
        match number_at_start(digits) {
            Some(number) if form == Form::Count => problem = problem.variant("unit").with("number", number),
            _ if form == Form::Number && digits.chars().any(char::is_alphanumeric) => {
                problem = problem.variant("words");
            }
            _ => {}
        }
        return Err(Box::new(problem));
    };
    let value = if percent { value / Decimal::ONE_HUNDRED } else { value };
    Ok(Some(Quantity { number: Percentage { value, percent }, hedge, shown }))
}

/// Takes the hedge from the front of a folded text.
fn unhedged(folded: &str) -> (Option<Hedge>, &str) {
    let words = vocabulary();
    let hedges = [(Hedge::Approximately, &words.approximately), (Hedge::About, &words.about)];
    for (hedge, starts) in hedges {
        for start in starts {
            let Some(rest) = folded.strip_prefix(start.as_str()) else { continue };
            let after_word = start.ends_with(char::is_alphabetic);
            let rest = rest.strip_prefix('.').filter(|_| after_word).unwrap_or(rest);
            let parted = !after_word || rest.starts_with(|c: char| c == ' ' || c.is_ascii_digit());
            if parted {
                return (Some(hedge), rest.trim_start());
            }
        }
    }
    (None, folded)
}

/// `16*`, `16 †`, `16¹`: a mark that leads to a footnote.
fn is_footnote_mark(c: char) -> bool {
    matches!(c, '*' | '†' | '‡' | '§' | '¹' | '²' | '³' | '⁰' | '⁴'..='⁹' | ' ')
}

/// `16 лица`, `16лица` → `16`: the number that a cell with a unit behind it should hold.
fn number_at_start(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | ' ')))?;
    let number = text[..end].trim_end();
    let rest = &text[end..];
    let letters = rest.chars().filter(|c| c.is_alphabetic()).count();
    let digits = rest.chars().any(|c| c.is_ascii_digit());
    (parse(number).is_some() && letters > 0 && !digits).then(|| number.to_owned())
}

/// One number as people write it: an optional sign, digits in groups of three parted by one kind of separator
/// (`84.000`, `84,000`, `1 234`), at most one decimal separator. A single separator before exactly three digits parts
/// thousands, unless only a zero stands before it.
fn parse(text: &str) -> Option<Decimal> {
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
            let groups_all = grouped(digits, *last);
            let leading_zero = before.starts_with('0');
            if groups_all && !leading_zero {
                digits.chars().filter(char::is_ascii_digit).collect()
            } else if matches!(last, '.' | ',') && (single || whole_part(before, *last)) {
                let whole: String = before.chars().filter(char::is_ascii_digit).collect();
                format!("{whole}.{after}")
            } else {
                return None;
            }
        }
    };
    let value = Decimal::from_str(&plain).ok()?;
    Some(if negative { -value } else { value })
}

/// Whether one kind of separator parts all digits into groups of three.
fn grouped(digits: &str, separator: char) -> bool {
    let mut groups = digits.split(separator);
    let first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && all_digits(first));
    first && groups.all(|group| group.len() == 3 && all_digits(group))
}

/// The whole part before a decimal separator: grouped by another separator.
fn whole_part(before: &str, decimal: char) -> bool {
    match before.chars().find(|c| !c.is_ascii_digit()) {
        Some(separator) => separator != decimal && grouped(before, separator),
        None => true,
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A spreadsheet's number in fifteen significant digits, which is what it shows and means; whole ones exactly.
pub(super) fn decimal(number: f64) -> Option<Decimal> {
    if !number.is_finite() {
        return None;
    }
    if number.fract() == 0.0 && number.abs() < 1e18 {
        return Some(Decimal::from(number as i64));
    }
    Decimal::from_scientific(&format!("{number:.14e}")).ok().map(|value| value.normalize())
}

/// A number as a person would write it, without exponents or a trailing `.0`.
pub(super) fn plain_number(number: f64) -> String {
    decimal(number).map_or_else(|| number.to_string(), |value| value.normalize().to_string())
}

fn with_hedge(value: Decimal, hedge: Option<Hedge>) -> Amount {
    let mut amount = Amount::exact(value);
    amount.hedge = hedge;
    if hedge.is_some() {
        amount.grain = grain(value);
    }
    amount
}

/// The power of ten of the last digit that isn't zero: 84 000 → 3, 16 → 0.
fn grain(value: Decimal) -> u32 {
    let mut rest = value.trunc();
    let mut power = 0;
    while !rest.is_zero() && (rest % Decimal::TEN).is_zero() {
        rest /= Decimal::TEN;
        power += 1;
    }
    power
}

fn fault<T>(code: &'static str, variant: &'static str, shown: &str) -> Read<T> {
    Err(Box::new(Problem::error(code).variant(variant).with("text", shown)))
}
