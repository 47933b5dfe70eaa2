//! Reads texts and codes.

use std::borrow::Cow;

use super::CellResult;
use super::date::{format_date, format_time};
use super::number::format_number;
use crate::diagnostic::{Problem, kinds};
use crate::fold;
use crate::ingest::layout::vocabulary;
use crate::ingest::raw_row::{NumberDisplay, Raw, RawCell};

/// A text as a reader sees it: `_x000D_` and other escaped control characters, zero-width characters and outer spaces
/// gone, no-break spaces plain, line breaks `\n`. Joiners stay within words of scripts that are written with them.
pub fn clean(text: &str) -> Cow<'_, str> {
    // This runs for every cell: hardly any begins or ends with a space.
    let is_trim = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    let trimmed = if is_trim(bytes.first()) && is_trim(bytes.last()) { text } else { text.trim() };
    let plain = trimmed.is_ascii()
        && !trimmed.contains("_x")
        && !trimmed.bytes().any(|byte| byte < b' ' && byte != b'\n' || byte == 0x7f);
    if plain {
        return Cow::Borrowed(trimmed);
    }
    let needs = |c: char| {
        (c.is_control() && c != '\n') || fold::is_invisible(c) || (c.is_whitespace() && c != ' ' && c != '\n')
    };
    if !trimmed.contains("_x") && !trimmed.chars().any(needs) {
        return Cow::Borrowed(trimmed);
    }
    let unescaped = unescape_controls(trimmed);
    let mut out = String::with_capacity(unescaped.len());
    let mut chars = unescaped.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            JOINER | NON_JOINER
                if out.chars().next_back().is_some_and(takes_joiners)
                    && chars.peek().is_some_and(|next| takes_joiners(*next)) =>
            {
                out.push(c);
            }
            '\r' | '\n' | '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            c if fold::is_invisible(c) => {}
            c if c.is_whitespace() => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out.trim().to_owned())
}

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';

/// Whether a letter is of a script in which joiners change how a word is written: Arabic, as Persian and Urdu need it,
/// Syriac, Mongolian and those of India.
fn takes_joiners(c: char) -> bool {
    let is_of_script = matches!(
        c,
        '\u{600}'..='\u{74f}' | '\u{750}'..='\u{77f}' | '\u{860}'..='\u{dff}' | '\u{1800}'..='\u{18af}'
            | '\u{a8e0}'..='\u{a8ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
    );
    is_of_script && (c.is_alphabetic() || fold::is_combining(c))
}

/// Excel writes characters that XML can't hold as `_x000D_`, and a literal underscore before such as `_x005F_`.
fn unescape_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let escaped = code.filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let character = escaped.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        match character {
            Some(character) if character.is_control() || character == '_' => {
                out.push(character);
                rest = &rest[at + 7..];
            }
            _ => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// `-`, `/`, `N/A`, `нема`: what is written where there is nothing to write.
pub fn is_placeholder(text: &str) -> bool {
    // This runs for every cell: no placeholder holds a digit, and the longest is a few words.
    if text.len() > LONGEST_PLACEHOLDER || text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    // The first letter and the length rule most texts out.
    if fold::first_letter_and_length(text).is_some_and(|shape| !vocabulary().placeholder_shapes.contains(&shape)) {
        return false;
    }
    vocabulary().placeholders.contains(&fold::code_key(text))
}

/// In bytes.
const LONGEST_PLACEHOLDER: usize = 48;

/// A number as its format shows it, if that fills up whole numbers with zeros; else plainly.
fn format_padded(number: f64, display: NumberDisplay) -> String {
    let plain = format_number(number);
    let is_whole = plain.bytes().all(|byte| byte.is_ascii_digit());
    match display {
        NumberDisplay::Padded(digits) if is_whole => format!("{plain:0>width$}", width = usize::from(digits)),
        _ => plain,
    }
}

/// A cell's text for titles, labels and categories. Numbers are written plainly, but with the zeros of their format; dates
/// as ISO, times of day as `09:00`. Line breaks stay.
///
/// # Errors
/// A problem if the cell holds an error, a formula that was never calculated, or too long a text.
pub fn read_text<'a>(cell: Option<&'a RawCell<'_>>) -> CellResult<Cow<'a, str>> {
    let Some(cell) = cell else { return Ok(None) };
    let text = match &cell.raw {
        Raw::Text(text) => match cell.untyped.then(|| text_time(text)).flatten() {
            Some(time) => Cow::Owned(time),
            None => clean(text),
        },
        Raw::Number(number) => Cow::Owned(format_padded(*number, cell.display)),
        Raw::Bool(yes) => Cow::Borrowed(if *yes { "TRUE" } else { "FALSE" }),
        Raw::Date { day, serial } => Cow::Owned(format_date(*day, *serial)),
        Raw::Error(_) | Raw::FormulaWithoutValue | Raw::TooLong(_) => return Err(unreadable_problem(&cell.raw)),
    };
    Ok((!text.is_empty() && !is_placeholder(&text)).then_some(text))
}

/// A text that is nothing but a time of day, as a cell of a workbook shows it: `9:00` is `09:00`.
fn text_time(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > LONGEST_TIME || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':') {
        return None;
    }
    let parts: Vec<&str> = text.split(':').collect();
    let number = |part: &str, end: u32| part.parse().ok().filter(|number: &u32| part.len() <= 2 && *number < end);
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] if minute.len() == 2 => (number(hour, 24)?, number(minute, 60)?, 0),
        [hour, minute, second] if minute.len() == 2 && second.len() == 2 => {
            (number(hour, 24)?, number(minute, 60)?, number(second, 60)?)
        }
        _ => return None,
    };
    Some(format_time(hour, minute, second))
}

/// Bytes of `09:00:00`.
const LONGEST_TIME: usize = 8;

/// Numbers of more than fifteen digits, of which a spreadsheet keeps no more.
const LEAST_LONG_NUMBER: f64 = 1e15;

/// `1.01198E+12`: what a spreadsheet program writes of a long number. A code such as `3E12` is none.
fn is_in_e_notation(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['E', 'e']) else { return false };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = number.split_once(['.', ',']).map_or((number, None), |(whole, rest)| (whole, Some(rest)));
    let unsigned = exponent.strip_prefix(['+', '-']);
    is_number(whole)
        && fraction.is_none_or(is_number)
        && is_number(unsigned.unwrap_or(exponent))
        && (unsigned.is_some() || fraction.is_some())
}

/// A code: a whole number is its digits (`101.0` is `101`), text keeps its zeros, line breaks are spaces.
///
/// # Errors
/// As [`read_text`]; and a problem if the cell holds a date, which a code such as `1-2` may have become, or a number that
/// has lost digits of the code.
pub fn read_code<'a>(cell: Option<&'a RawCell<'_>>) -> CellResult<Cow<'a, str>> {
    let Some(cell) = cell else { return Ok(None) };
    match &cell.raw {
        Raw::Date { day, serial } => {
            let text = format_date(*day, *serial);
            return Err(Box::new(Problem::error(kinds::DateInCode { text })));
        }
        Raw::Number(number) if number.abs() >= LEAST_LONG_NUMBER => {
            let text = format_number(*number);
            return Err(Box::new(Problem::error(kinds::RoundedCode::Digits { text })));
        }
        _ => {}
    }
    let Some(text) = read_text(Some(cell))? else { return Ok(None) };
    if is_in_e_notation(&text) {
        return Err(Box::new(Problem::error(kinds::RoundedCode::Plain { text: text.into_owned() })));
    }
    if let Some(digits) = text.strip_suffix(".0").filter(|_| cell.untyped)
        && !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Ok(Some(Cow::Owned(digits.to_owned())));
    }
    if text.contains('\n') {
        return Ok(Some(Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))));
    }
    Ok(Some(text))
}

/// [`read_text`] that takes a placeholder for the text that it is: a list may hold `нема` as one of its values.
///
/// # Errors
/// As [`read_text`].
pub fn read_any_text<'a>(cell: Option<&'a RawCell<'_>>) -> CellResult<Cow<'a, str>> {
    match cell.map(|cell| &cell.raw) {
        Some(Raw::Text(text)) => Ok(Some(clean(text)).filter(|text| !text.is_empty())),
        _ => read_text(cell),
    }
}

/// The values of a cell that may hold several, separated by `;` or line breaks.
pub fn split_values(text: &str) -> impl Iterator<Item = &str> {
    split_parts(text).filter(|part| !is_placeholder(part))
}

/// [`split_values`] with placeholders among them.
pub fn split_parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

/// Whether a text is a placeholder that may as well be an answer: `нема`, `none`.
pub fn is_none_word(text: &str) -> bool {
    text.len() <= LONGEST_PLACEHOLDER && vocabulary().none_words.contains(&fold::code_key(text))
}

/// The problem of a cell that holds no value.
pub(super) fn unreadable_problem(raw: &Raw<'_>) -> Box<Problem> {
    Box::new(match raw {
        Raw::Error(text) => Problem::error(kinds::ErrorCell::Plain { text: text.to_string() }),
        Raw::FormulaWithoutValue => Problem::error(kinds::FormulaWithoutValue),
        Raw::TooLong(length) => Problem::error(kinds::CellTooLong { length: length.to_string() }),
        _ => Problem::error(kinds::UnreadableCell),
    })
}
