//! Whether a text says a number, in any of the ways in which reports write one.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Number, Value, json};

use crate::locale::{Gender, Locale};

/// More decimals are never printed.
const MOST_DECIMALS: u32 = 6;
/// Zeros that a rounded number may end with.
const MOST_ZEROS: u32 = 9;
/// Letters between the two ends of an interval.
const BETWEEN_ENDS: usize = 12;

/// A number, or the ends of an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberSpan {
    /// The number, or the lower end.
    pub from: Decimal,
    /// The same number, or the upper end.
    pub to: Decimal,
}

/// One end of an interval.
type SpanEnd = fn(NumberSpan) -> Decimal;

impl NumberSpan {
    /// As figures.json writes it. `None` for what is absent, hidden or no number.
    pub fn from_json(value: &Value) -> Option<NumberSpan> {
        let decimal = |value: &Value| {
            let text = value.as_number()?.to_string();
            text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
        };
        Some(match value {
            Value::Object(ends) => NumberSpan { from: decimal(ends.get("from")?)?, to: decimal(ends.get("to")?)? },
            number => NumberSpan { from: decimal(number)?, to: decimal(number)? },
        })
    }
}

impl NumberSpan {
    /// As figures.json writes it.
    pub fn to_json(self) -> Option<Value> {
        let number = |value: Decimal| value.normalize().to_string().parse::<Number>().ok().map(Value::Number);
        let (from, to) = (number(self.from)?, number(self.to)?);
        Some(if self.from == self.to { from } else { json!({ "from": from, "to": to }) })
    }
}

/// A figure that a text should say.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedFigure {
    pub value: NumberSpan,
    /// What the annex shows of it, where that is known.
    pub shown: Option<NumberSpan>,
    /// It is approximate, and may be printed as a rounder number.
    pub is_rough: bool,
    /// It is one of those that figures.json holds, not a change or a share.
    pub is_placed: bool,
    /// It is no fraction, so that a percent sign behind it is its unit.
    pub is_in_percents: bool,
}

impl ExpectedFigure {
    /// Whether a text begins with the figure: whole, with fewer decimals, as percents, in a word, between others.
    pub fn is_said_by(&self, text: &str, locale: Option<&Locale>) -> bool {
        let text: String = text
            .chars()
            .filter(|letter| !matches!(letter, '\u{ad}' | '\u{2060}' | '\u{200b}'))
            .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
            .collect();
        let text = text.trim_start();
        locale.is_some_and(|locale| self.is_said_in_a_word(text, locale)) || self.is_said_in_digits(text, locale)
    }

    fn is_said_in_a_word(&self, text: &str, locale: &Locale) -> bool {
        let text = text.to_lowercase();
        let genders = Gender::CODES.into_iter().filter_map(Gender::from_code);
        let words = genders.filter_map(|gender| locale.number_word(self.value.from, gender));
        let is_it = |word: &str| {
            let hedged = hedges(locale).into_iter().map(|hedge| format!("{hedge} {word}")).chain([word.to_owned()]);
            hedged
                .map(|words| words.to_lowercase())
                .any(|words| text.strip_prefix(&words).is_some_and(|rest| !rest.starts_with(char::is_alphabetic)))
        };
        self.value.from == self.value.to && words.into_iter().any(is_it)
    }

    fn is_said_in_digits(&self, text: &str, locale: Option<&Locale>) -> bool {
        let Some((first, rest)) = Numeral::read(text) else { return false };
        let is_hedged = locale.is_some_and(|locale| hedges(locale).iter().any(|hedge| text.starts_with(hedge)));
        let is_rough = self.is_rough || (is_hedged && !self.is_placed);
        let says = |numeral: &Numeral, is_percent: bool, end: SpanEnd| self.is_end(numeral, is_percent, is_rough, end);
        let (from, to): (SpanEnd, SpanEnd) = (|span| span.from, |span| span.to);
        let is_percent = is_percent_sign(rest);
        if says(&first, is_percent, from) && says(&first, is_percent, to) {
            return true;
        }
        // `53–107 %`, `between 53 % and 107 %`
        let (second, rest) = match Numeral::read(rest.strip_prefix(" %").or(rest.strip_prefix('%')).unwrap_or(rest)) {
            Some((second, rest)) if second.letters_before <= BETWEEN_ENDS => (second, rest),
            _ => return false,
        };
        let is_percent = is_percent || is_percent_sign(rest);
        says(&first, is_percent, from) && says(&second, is_percent, to)
    }

    fn is_end(&self, numeral: &Numeral, is_percent: bool, is_rough: bool, end: SpanEnd) -> bool {
        // No share is larger than one.
        let is_unit = self.is_in_percents || (!self.is_placed && end(self.value).abs() > Decimal::ONE);
        self.is_end_as(numeral, is_percent, is_rough, end)
            || (is_percent && is_unit && self.is_end_as(numeral, false, is_rough, end))
    }

    fn is_end_as(&self, numeral: &Numeral, is_percent: bool, is_rough: bool, end: SpanEnd) -> bool {
        let (value, shown) = (end(self.value), self.shown.map(end));
        let percents = value.checked_mul(Decimal::ONE_HUNDRED);
        // Differences of shares are given in percentage points.
        let points = percents.filter(|_| !self.is_placed && !is_percent);
        let values = if is_percent { percents } else { Some(value) };
        let shown = if is_percent { shown.and_then(|shown| shown.checked_mul(Decimal::ONE_HUNDRED)) } else { shown };
        let says = |number: Decimal| {
            let is_it = |form: &NumberForm| {
                let number = if numeral.is_negative { -number } else { number };
                form.is(number) || (is_rough && !is_percent && shown.is_none() && form.is_rounded(number))
            };
            numeral.forms.iter().any(is_it)
        };
        values.into_iter().chain(points).chain(shown.filter(|_| is_rough)).any(says)
    }
}

/// A number that was typed in the place of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OvertypedNumber {
    /// The number, a fraction where it was typed in percents.
    pub value: NumberSpan,
    /// What figures.json calls its hedge.
    pub hedge: Option<&'static str>,
}

impl OvertypedNumber {
    /// Reads `400`, `about 400`, `16–32`, `63.8%` or `three` as a language writes them; `None` for anything else.
    pub fn read(text: &str, locale: &Locale) -> Option<OvertypedNumber> {
        let text: String = text.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter }).collect();
        let text = text.trim().to_lowercase();
        let hedges = HEDGES.iter().filter_map(|(key, code)| Some((hedge(locale, key)?.to_lowercase(), *code)));
        let found = hedges.into_iter().find_map(|(hedge, code)| Some((text.strip_prefix(&hedge)?, code)));
        let (number, hedge) = found.map_or((text.as_str(), None), |(rest, code)| (rest.trim(), Some(code)));
        let (number, is_percent) = match number.strip_suffix('%') {
            Some(number) => (number.trim(), true),
            None => (number, false),
        };
        let read = |text: &str| {
            let word = || locale.parse_number_word(text.trim()).map(Decimal::from);
            let number = locale.parse_number(text.trim().trim_end_matches('%')).or_else(word)?;
            if is_percent { number.checked_div(Decimal::ONE_HUNDRED) } else { Some(number) }
        };
        let (from, to) = match number.split_once('–') {
            Some((from, to)) => (read(from)?, read(to)?),
            None => (read(number)?, read(number)?),
        };
        Some(OvertypedNumber { value: NumberSpan { from, to }, hedge })
    }
}

/// Phrases that say that a number is approximate, with what figures.json calls them.
const HEDGES: [(&str, &str); 4] = [
    ("number.about", "about"),
    ("number.approximately", "approximately"),
    ("number.about-sign", "about"),
    ("number.approximately-sign", "approximately"),
];

fn hedge(locale: &Locale, key: &str) -> Option<String> {
    Some(locale.phrase(key, &[("n", "")]).trim().to_owned()).filter(|hedge| !hedge.is_empty())
}

/// How a language says that a number is approximate, before it.
fn hedges(locale: &Locale) -> Vec<String> {
    HEDGES.iter().filter_map(|(key, _)| hedge(locale, key)).collect()
}

fn is_percent_sign(rest: &str) -> bool {
    rest.trim_start().starts_with('%')
}

/// A number with so many decimals.
#[derive(Debug)]
struct NumberForm {
    number: Decimal,
    decimals: u32,
}

impl NumberForm {
    fn is(&self, number: Decimal) -> bool {
        self.decimals <= MOST_DECIMALS && round(number, self.decimals) == self.number
    }

    /// A whole number that ends with zeros, to which another is rounded.
    fn is_rounded(&self, number: Decimal) -> bool {
        let mut step = Decimal::TEN;
        for _ in 0..MOST_ZEROS {
            if self.decimals > 0 || !(self.number % step).is_zero() {
                return false;
            }
            if !self.number.is_zero() && round(number / step, 0) * step == self.number {
                return true;
            }
            step *= Decimal::TEN;
        }
        false
    }
}

fn round(number: Decimal, decimals: u32) -> Decimal {
    number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

/// Digits of a text with what they may mean: `84.000` is a thousand times more in one language than in another.
#[derive(Debug)]
struct Numeral {
    forms: Vec<NumberForm>,
    is_negative: bool,
    letters_before: usize,
}

impl Numeral {
    /// The first number of a text, and what follows it.
    fn read(text: &str) -> Option<(Numeral, &str)> {
        let start = text.find(|letter: char| letter.is_ascii_digit())?;
        let (before, mut rest) = text.split_at(start);
        let mut groups: Vec<(Option<char>, &str)> = Vec::new();
        let mut separator = None;
        loop {
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (digits, after) = rest.split_at(length);
            groups.push((separator, digits));
            rest = after;
            separator = separator_after(digits, after);
            let Some(separator) = separator else { break };
            rest = &rest[separator.len_utf8()..];
        }
        let is_negative = before.ends_with(['−', '-']);
        let forms = [grouped(&groups), with_decimals(&groups)].into_iter().flatten().collect();
        Some((Numeral { forms, is_negative, letters_before: before.chars().count() }, rest))
    }
}

/// What parts digits within a number. A blank is one only before three digits.
fn separator_after(digits: &str, rest: &str) -> Option<char> {
    let mut letters = rest.chars();
    let separator = letters.next()?;
    let following = letters.take_while(char::is_ascii_digit).count();
    match separator {
        '.' | ',' | '’' | '\'' if following > 0 => Some(separator),
        ' ' if following == 3 && digits.len() <= 3 => Some(separator),
        _ => None,
    }
}

/// `84.000` as eighty-four thousand.
fn grouped(groups: &[(Option<char>, &str)]) -> Option<NumberForm> {
    let (first, others) = groups.split_first()?;
    let is_even = others.iter().all(|(separator, digits)| digits.len() == 3 && *separator == others[0].0);
    if !is_even || (!others.is_empty() && first.1.len() > 3) {
        return None;
    }
    let digits: String = groups.iter().map(|(_, digits)| *digits).collect();
    Some(NumberForm { number: digits.parse().ok()?, decimals: 0 })
}

/// `1.362,5`, `12.5`
fn with_decimals(groups: &[(Option<char>, &str)]) -> Option<NumberForm> {
    let ((separator, decimals), whole) = groups.split_last()?;
    let separator = separator.filter(|separator| matches!(separator, '.' | ','))?;
    if whole.iter().any(|(other, _)| *other == Some(separator)) {
        return None;
    }
    let whole = grouped(whole)?.number;
    let number = format!("{whole}.{decimals}").parse().ok()?;
    Some(NumberForm { number, decimals: u32::try_from(decimals.len()).ok()? })
}
