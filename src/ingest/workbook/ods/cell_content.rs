//! What a cell of an ODS holds, by its attributes and the text that it shows.

use std::borrow::Cow;

use jiff::civil::Date;
use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;

use crate::ingest::raw_row::{NumberDisplay, Raw};
use crate::ingest::workbook::cell_value::{number_value, text_value};
use crate::ingest::workbook::xml::attribute;

/// The number of a date counts days since this one.
const EPOCH: Date = jiff::civil::date(1899, 12, 30);

/// Whether a text is an error of a formula in any language: `#DIV/0!`, `#NAME?`, `#N/A`. A number behind a sign, `#5`, is
/// none.
fn is_error_word(text: &str) -> bool {
    let is_part = |c: char| c.is_uppercase() || matches!(c, '/' | '_' | '!' | '?');
    let word = text.replacen("/0!", "!", 1);
    word.strip_prefix('#').is_some_and(|word| word.contains(char::is_uppercase) && word.chars().all(is_part))
}

/// How a cell that shows this text shows its number.
pub(super) fn number_display(element: &BytesStart<'_>, text: &str) -> NumberDisplay {
    if attribute(element, b"value-type").as_deref() == Some("percentage") {
        return NumberDisplay::Percent;
    }
    padded_digits(text).map_or(NumberDisplay::Plain, NumberDisplay::Padded)
}

/// Digits of a text that is nothing but digits and begins with a zero, as a format shows a number.
fn padded_digits(text: &str) -> Option<u8> {
    let is_padded = text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    is_padded.then(|| u8::try_from(text.len()).unwrap_or(u8::MAX))
}

/// The content of a cell by its attributes and text; `None` for a blank.
pub(super) fn cell_content(element: &BytesStart<'_>, text: String, max_length: usize) -> Option<Raw<'static>> {
    let written_formula = attribute(element, b"formula");
    let formula = written_formula.is_some();
    let kinds: Vec<String> = element
        .attributes()
        .with_checks(false)
        .flatten()
        .filter(|attribute| attribute.key.local_name().as_ref() == b"value-type")
        .filter_map(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned))
        .collect();
    // Some programs save an error as a number, or as a text, that shows its word.
    let is_text = kinds.first().is_none_or(|kind| kind == "string");
    let is_marked = text.starts_with("Err:") || is_error_word(&text) && text.contains(['!', '?', '/']);
    let shows_error = if is_text { formula && is_marked } else { is_marked || is_error_word(&text) };
    if shows_error || kinds.iter().any(|kind| kind == "error") {
        return Some(Raw::Error(Cow::Owned(text)));
    }
    // LibreOffice saves the truth values of a workbook of Excel so, with the number 1 or 0.
    if let Some(yes) = written_formula.as_deref().and_then(constant_truth) {
        return Some(Raw::Bool(yes));
    }
    match kinds.first().map(String::as_str) {
        Some("float" | "percentage" | "currency") => {
            let number = attribute(element, b"value")?;
            if formula && matches!(number.as_str(), "0" | "1") && is_truth_word(&text) {
                return Some(Raw::Bool(number == "1"));
            }
            Some(number.parse().map_or_else(|_| Raw::Error(Cow::Owned(number)), number_value))
        }
        Some("boolean") => attribute(element, b"boolean-value").map(|yes| Raw::Bool(yes == "true")),
        Some("date") => {
            let day = attribute(element, b"date-value")?.get(..10)?.parse::<Date>().ok()?;
            let serial = day.since((jiff::Unit::Day, EPOCH)).map_or(0, |span| span.get_days());
            Some(Raw::Date { day: Some(day), serial: f64::from(serial) })
        }
        Some("time") => match time_of_day(&attribute(element, b"time-value")?) {
            Some(serial) => Some(Raw::Date { day: None, serial }),
            None => text_value(Cow::Owned(text), max_length),
        },
        Some("string") => {
            let text = attribute(element, b"string-value").filter(|text| !text.is_empty()).unwrap_or(text);
            text_value(Cow::Owned(text), max_length)
        }
        _ if formula && text.is_empty() && kinds.is_empty() => Some(Raw::FormulaWithoutValue),
        _ => text_value(Cow::Owned(text), max_length),
    }
}

/// The value of a formula that is nothing but a truth value: `of:=TRUE()`.
fn constant_truth(formula: &str) -> Option<bool> {
    match formula.split_once('=')?.1.trim() {
        "TRUE()" => Some(true),
        "FALSE()" => Some(false),
        _ => None,
    }
}

/// Whether a text may be what LibreOffice shows of a truth value, in whatever language: `TRUE`, `FALSCH`. It saves the
/// number 1 or 0 with it, where a formula compares something.
fn is_truth_word(text: &str) -> bool {
    text.chars().count() >= SHORTEST_TRUTH_WORD && text.chars().all(char::is_uppercase)
}

/// Letters of `TRUE`, `VRAI`, `WAHR`; a format may show 1 as `ДА`.
const SHORTEST_TRUTH_WORD: usize = 4;

/// `PT09H30M00S` as a part of a day; `None` for a day or more, which is no time of day.
fn time_of_day(duration: &str) -> Option<f64> {
    let (hours, rest) = duration.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds: f64 = rest.strip_suffix('S')?.replace(',', ".").parse().ok()?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let serial = (f64::from(hours * 60 + minutes) * 60.0 + seconds) / 86_400.0;
    (hours < 24 && (0.0..1.0).contains(&serial)).then_some(serial)
}
