//! What a cell of a sheet's XML holds, by either of the two readers of it.

use std::borrow::Cow;

use calamine::{ExcelDateTime, ExcelDateTimeType};
use jiff::civil::{Date, DateTime, Time, date};

use super::cell_formats::CellFormat;
use super::shared_strings::SharedStrings;
use crate::ingest::raw_row::{NumberDisplay, Raw};
use crate::ingest::workbook::cell_value::{date_value, text_value};

/// What the cells of a workbook refer to.
#[derive(Clone, Copy)]
pub(super) struct WorkbookContext<'a> {
    pub(super) strings: &'a SharedStrings,
    pub(super) formats: &'a [CellFormat],
    pub(super) from_1904: bool,
}

/// A cell of the sheet's XML. Rows and columns count from 0.
pub(super) struct SheetCell<'a> {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) value: SheetValue<'a>,
    pub(super) is_formula: bool,
}

pub(super) enum SheetValue<'a> {
    Blank,
    /// The number of a text that cells share, and the text.
    Shared(u32, &'a str),
    Text(String),
    Number(f64, NumberDisplay),
    /// A number that its format shows as a date or a time: days since the workbook's epoch.
    Date(f64),
    /// A day, a time of day or both, written as ISO 8601: the day, and days since the end of 1899.
    IsoDate(Option<Date>, f64),
    Bool(bool),
    /// As displayed.
    Error(String),
}

impl<'a> SheetCell<'a> {
    pub(super) fn blank(row: u32, column: u32) -> SheetCell<'a> {
        SheetCell { row, column, value: SheetValue::Blank, is_formula: false }
    }

    /// The content, `None` for a blank. `max_length` as in [`text_value`].
    pub(super) fn into_raw(self, context: &WorkbookContext<'a>, max_length: usize) -> Option<Raw<'a>> {
        Some(match self.value {
            SheetValue::Blank if self.is_formula => Raw::FormulaWithoutValue,
            SheetValue::Blank => return None,
            SheetValue::Shared(number, text) if context.strings.is_visible(number) && text.len() <= max_length => {
                Raw::Text(Cow::Borrowed(text))
            }
            SheetValue::Shared(_, text) => text_value(Cow::Borrowed(text), max_length)?,
            SheetValue::Text(text) => text_value(Cow::Owned(text), max_length)?,
            SheetValue::Number(number, _) => Raw::Number(number),
            SheetValue::Date(serial) => {
                date_value(ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, context.from_1904))
            }
            SheetValue::IsoDate(day, serial) => Raw::Date { day, serial },
            SheetValue::Bool(yes) => Raw::Bool(yes),
            SheetValue::Error(text) => Raw::Error(Cow::Owned(text)),
        })
    }
}

impl<'a> WorkbookContext<'a> {
    /// The text of this number; `None` if the workbook doesn't have so many.
    pub(super) fn shared_text(&self, number: u32) -> Option<SheetValue<'a>> {
        self.strings.get(number as usize).map(|text| SheetValue::Shared(number, text))
    }

    /// A number in the format of its cell; `None` for what is no finite number.
    pub(super) fn read_number(&self, digits: &[u8], style: Option<usize>) -> Option<SheetValue<'a>> {
        let number = parse_number(digits)?;
        Some(match style.and_then(|style| self.formats.get(style)) {
            Some(CellFormat::Date) => SheetValue::Date(number),
            Some(CellFormat::Number(display)) => SheetValue::Number(number, *display),
            // A duration counts on as a number does.
            Some(CellFormat::Duration) | None => SheetValue::Number(number, NumberDisplay::Plain),
        })
    }
}

/// What a cell of the type for ISO 8601 holds: a day, a time of day, or both. Anything else is a text.
pub(super) fn iso_value<'a>(text: String) -> SheetValue<'a> {
    let written = text.trim();
    // The day and the time are as they are written, whatever zone follows.
    let local = written.trim_end_matches(['Z', 'z']);
    let parsed = if let Ok(both) = local.parse::<DateTime>() {
        Some((Some(both.date()), both.time()))
    } else {
        local.trim_start_matches('T').parse::<Time>().ok().map(|time| (None, time))
    };
    match parsed {
        Some((day, time)) => SheetValue::IsoDate(day, day.map_or(0.0, serial_of_day) + part_of_day(time)),
        None => SheetValue::Text(text),
    }
}

/// The serial number of a day in workbooks that count from 1900.
fn serial_of_day(day: Date) -> f64 {
    let days = day.since((jiff::Unit::Day, date(1899, 12, 30))).map_or(0, |span| span.get_days());
    // Such workbooks have a 29 February 1900, which never was.
    f64::from(if day < date(1900, 3, 1) { days - 1 } else { days })
}

fn part_of_day(time: Time) -> f64 {
    let seconds = i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60 + i32::from(time.second());
    (f64::from(seconds) + f64::from(time.subsec_nanosecond()) * 1e-9) / 86_400.0
}

/// Digits that an `f64` holds exactly.
const EXACT_DIGITS: usize = 15;

fn parse_number(content: &[u8]) -> Option<f64> {
    if !content.is_empty() && content.len() <= EXACT_DIGITS && content.iter().all(u8::is_ascii_digit) {
        return Some(content.iter().fold(0u64, |sum, digit| sum * 10 + u64::from(digit - b'0')) as f64);
    }
    let is_plain = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E');
    if !content.iter().all(is_plain) {
        return None;
    }
    std::str::from_utf8(content).ok()?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// `B7` as (6, 1).
pub(super) fn parse_reference(reference: &[u8]) -> Option<(u32, u32)> {
    let letters = reference.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    if letters == 0 || letters > 3 {
        return None;
    }
    let column = reference[..letters].iter().fold(0, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1);
    let row: u32 = std::str::from_utf8(&reference[letters..]).ok()?.parse().ok()?;
    Some((row.checked_sub(1)?, column - 1))
}
