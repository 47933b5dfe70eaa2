//! What a cell holds, from what a format's reader gives of it.

use std::borrow::Cow;

use calamine::{DataRef, ExcelDateTime};
use jiff::civil::Date;

use crate::fold;
use crate::ingest::cell;
use crate::ingest::raw_row::Raw;

/// A cell's content as the spreadsheet library gives it; `None` for a blank. `max_length` as in [`text_value`].
pub(super) fn cell_value<'a>(value: DataRef<'a>, is_formula: bool, max_length: usize) -> Option<Raw<'a>> {
    Some(match value {
        DataRef::Empty if is_formula => Raw::FormulaWithoutValue,
        DataRef::Empty => return None,
        DataRef::SharedString(text) => text_value(Cow::Borrowed(text), max_length)?,
        DataRef::String(text) => text_value(Cow::Owned(text), max_length)?,
        DataRef::Int(number) => Raw::Number(number as f64),
        DataRef::Float(number) => number_value(number),
        DataRef::Bool(yes) => Raw::Bool(yes),
        DataRef::DateTime(date) if date.is_duration() => number_value(date.as_f64()),
        DataRef::DateTime(date) => date_value(date),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_value(Cow::Owned(text), max_length)?,
        DataRef::Error(error) => Raw::Error(Cow::Owned(error.to_string())),
    })
}

/// A number; what is none, or infinite, is an error of the cell.
pub(super) fn number_value<'a>(number: f64) -> Raw<'a> {
    if number.is_finite() { Raw::Number(number) } else { Raw::Error(Cow::Owned(number.to_string())) }
}

/// The day after the last one that spreadsheet programs know, 9999-12-31.
const END_OF_DAYS: f64 = 2_958_466.0;

/// A number that its format shows as a date.
pub(super) fn date_value<'a>(date: ExcelDateTime) -> Raw<'a> {
    let serial = date.as_f64();
    if !serial.is_finite() {
        return number_value(serial);
    }
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    let day = Date::new(i16::try_from(year).unwrap_or(0), month as i8, day as i8).ok();
    // A serial below 1 is a time of day.
    Raw::Date { day: day.filter(|_| (1.0..END_OF_DAYS).contains(&serial)), serial }
}

/// A text of blanks only is no content, as a cached empty text is none. Of one with more than `max_length` characters only
/// the length is kept.
pub(super) fn text_value(text: Cow<'_, str>, max_length: usize) -> Option<Raw<'_>> {
    if !begins_visibly(&text) && cell::clean(&text).is_empty() {
        return None;
    }
    let is_long = text.len() > max_length && text.chars().count() > max_length;
    Some(if is_long { Raw::TooLong(text.len()) } else { Raw::Text(text) })
}

/// Whether the first character is visible, as in most texts. An underscore may begin an escaped control character.
pub(super) fn begins_visibly(text: &str) -> bool {
    text.starts_with(|c: char| c != '_' && !c.is_whitespace() && !c.is_control() && !fold::is_invisible(c))
}
