//! A row of cells as XML, to the letter as the library writes it, but for labels that the workbook holds once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;

use jiff::civil::{Date, date};
use rust_xlsxwriter::Format;
use rust_xlsxwriter::utility::column_number_to_name;

use super::look::{Formats, Look};
use super::shared::Shared;
use super::sheet::float;
use crate::report::annex::{Annex, Cell, FormatId, Sheet};

/// The library would write this in a way that isn't known here.
#[derive(Debug)]
pub struct Unlike;

/// Pixels of a row whose height isn't said.
const USUAL_HEIGHT: u32 = 20;

/// Bytes of a text that surely fits a cell.
const SHORT: usize = 32_767;

/// Writes rows of one sheet.
pub struct Pattern<'p> {
    columns: Vec<Style<'p>>,
    look: &'p Look,
    /// Texts that cells name by their number; at first all texts stand in their cells, as the library has them.
    shared: Option<&'p Shared<'p>>,
    /// Cells that name a text by its number.
    pub naming: u64,
    date_format: FormatId,
    /// Days of a date, the last that was asked for.
    last_day: Option<(Date, i32)>,
    /// What was written and not yet taken.
    pub xml: Vec<u8>,
}

/// The numbers of the formats that a column's cells may have.
struct Style<'p> {
    name: String,
    texts: [u32; 2],
    numbers: Vec<u32>,
    /// The format of the first cell, which is the column's own.
    usual: Option<u32>,
    /// The last label and its number among the shared texts: it mostly stands in the next row, too.
    last: Option<(&'p str, Option<u32>)>,
}

impl<'p> Pattern<'p> {
    pub fn new(
        annex: &Annex,
        sheet: &Sheet,
        formats: &Formats,
        look: &'p Look,
        numbers: &HashMap<&Format, u32>,
    ) -> Result<Pattern<'p>, Unlike> {
        let number = |format: &Format| numbers.get(format).copied().ok_or(Unlike);
        let columns = sheet.columns.iter().enumerate().map(|(at, column)| {
            let of = |id: usize| number(formats.number(column.kind, FormatId(id as u16)));
            Ok(Style {
                name: column_number_to_name(at as u16),
                texts: [number(formats.text(column.kind, ""))?, number(formats.text(column.kind, "="))?],
                numbers: (0..annex.formats.len()).map(of).collect::<Result<_, _>>()?,
                usual: None,
                last: None,
            })
        });
        let columns = columns.collect::<Result<_, _>>()?;
        let date_format = annex.date_format;
        Ok(Pattern { columns, look, shared: None, naming: 0, date_format, last_day: None, xml: Vec::new() })
    }

    /// From now on, cells name the shared texts.
    pub fn share(&mut self, shared: &'p Shared<'p>) {
        self.shared = Some(shared);
    }

    /// Takes the formats of the first row for those of the columns.
    pub fn learn(&mut self, row: &[Cell]) {
        let date_format = self.date_format;
        for (style, cell) in self.columns.iter_mut().zip(row) {
            style.usual = style.of(cell, date_format);
        }
    }

    /// Writes a row, counted from 0, whose texts take so many lines.
    pub fn row(&mut self, row: u32, lines: u32, cells: &[Cell<'p>]) -> Result<(), Unlike> {
        let Pattern { columns, look, shared, naming, date_format, last_day, xml } = self;
        if cells.len() > columns.len() || cells.iter().all(|cell| matches!(cell, Cell::Empty)) {
            return Err(Unlike);
        }
        xml.extend_from_slice(b"<row r=\"");
        push(xml, u64::from(row) + 1);
        let height = (f64::from(lines) * look.lines.height * 4.0 / 3.0).round() as u32;
        if lines > 1 && height != USUAL_HEIGHT {
            // A vector takes whatever is written to it.
            let _ = write!(xml, "\" ht=\"{}\" customHeight=\"1", f64::from(height) * 0.75);
        }
        xml.extend_from_slice(b"\">");
        for (style, cell) in columns.iter_mut().zip(cells) {
            let Some(format) = style.of(cell, *date_format) else {
                if matches!(cell, Cell::Empty) {
                    continue;
                }
                return Err(Unlike);
            };
            let number = style.number(cell, *shared);
            let mut open = |end: &[u8]| {
                xml.extend_from_slice(b"<c r=\"");
                xml.extend_from_slice(style.name.as_bytes());
                push(xml, u64::from(row) + 1);
                xml.extend_from_slice(b"\" s=\"");
                push(xml, u64::from(format));
                xml.extend_from_slice(end);
            };
            match (cell, number) {
                (Cell::Text(text), _) if text.is_empty() => {
                    if style.usual != Some(format) {
                        open(b"\"/>");
                    }
                }
                (Cell::Text(_), Some(number)) => {
                    open(b"\" t=\"s\"><v>");
                    push(xml, number.into());
                    xml.extend_from_slice(b"</v></c>");
                    *naming += 1;
                }
                (Cell::Text(text), None) => {
                    if !is_known(text) {
                        return Err(Unlike);
                    }
                    open(b"\" t=\"inlineStr\"><is>");
                    push_text(xml, text);
                    xml.extend_from_slice(b"</is></c>");
                }
                (Cell::Number(value, _), _) => {
                    open(b"\"><v>");
                    match u64::try_from(value.mantissa()) {
                        Ok(whole) if value.scale() == 0 && whole < 1 << 53 => push(xml, whole),
                        _ => {
                            let _ = write!(xml, "{}", float(*value));
                        }
                    }
                    xml.extend_from_slice(b"</v></c>");
                }
                (Cell::Date(day), _) => {
                    let days = match *last_day {
                        Some((last, days)) if last == *day => days,
                        _ => serial(*day)?,
                    };
                    *last_day = Some((*day, days));
                    open(b"\"><v>");
                    push(xml, days.unsigned_abs().into());
                    xml.extend_from_slice(b"</v></c>");
                }
                (Cell::Empty | Cell::Heading(_) | Cell::Formula { .. } | Cell::Link { .. }, _) => return Err(Unlike),
            }
        }
        xml.extend_from_slice(b"</row>");
        Ok(())
    }
}

impl<'p> Style<'p> {
    /// The number of a cell's text among the shared ones. Labels, which rows borrow, may be among them; a text that was made
    /// for its row isn't.
    fn number(&mut self, cell: &Cell<'p>, shared: Option<&Shared>) -> Option<u32> {
        let (Cell::Text(Cow::Borrowed(text)), Some(shared)) = (cell, shared) else { return None };
        match self.last {
            Some((last, number)) if std::ptr::eq(last, *text) => number,
            _ => {
                let number = shared.number(text);
                self.last = Some((text, number));
                number
            }
        }
    }

    /// The number of a cell's format; none for cells that long sheets don't hold.
    fn of(&self, cell: &Cell, date_format: FormatId) -> Option<u32> {
        match cell {
            Cell::Text(text) => Some(self.texts[usize::from(Formats::is_quoted(text))]),
            Cell::Number(_, format) => self.numbers.get(usize::from(format.0)).copied(),
            Cell::Date(_) => self.numbers.get(usize::from(date_format.0)).copied(),
            Cell::Empty | Cell::Heading(_) | Cell::Formula { .. } | Cell::Link { .. } => None,
        }
    }
}

/// Days since the end of 1899, from March 1900 on, where Excel's calendar has found its feet.
fn serial(day: Date) -> Result<i32, Unlike> {
    if day < date(1900, 3, 1) || day > date(9999, 12, 31) {
        return Err(Unlike);
    }
    day.since(date(1899, 12, 30)).map(|span| span.get_days()).map_err(|_| Unlike)
}

/// Control characters, what looks like one escaped, and texts that may be too long are left to the library.
pub fn is_known(text: &str) -> bool {
    let is_plain = |byte: u8| byte >= b' ' || matches!(byte, b'\n' | b'\t');
    text.len() <= SHORT
        && text.bytes().all(is_plain)
        && !text.match_indices("_x").any(|(at, _)| is_escape(&text.as_bytes()[at..]))
        && !text.contains(['\u{fffe}', '\u{ffff}'])
}

/// `_x000D_`.
fn is_escape(text: &[u8]) -> bool {
    text.get(2..6).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) && text.get(6) == Some(&b'_')
}

/// A text within its element.
pub fn push_text(xml: &mut Vec<u8>, text: &str) {
    let outer = |c: char| matches!(c, '\t' | '\n' | ' ');
    let kept = text.starts_with(outer) || text.ends_with(outer);
    xml.extend_from_slice(if kept { b"<t xml:space=\"preserve\">" } else { b"<t>" });
    xml.extend_from_slice(quick_xml::escape::partial_escape(text).as_bytes());
    xml.extend_from_slice(b"</t>");
}

/// A whole number in digits.
fn push(xml: &mut Vec<u8>, number: u64) {
    xml.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}
