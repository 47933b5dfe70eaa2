//! A row of cells as XML, to the letter as the library writes it, but for labels that the workbook holds once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;

use jiff::civil::{Date, date};
use rust_xlsxwriter::Format;
use rust_xlsxwriter::utility::column_number_to_name;

use super::shared_texts::SharedTexts;
use super::style::{AnnexStyle, Formats};
use super::text_fit::to_f64;
use super::text_xml::{is_plain_text, push_text};
use crate::report::annex::{Annex, AnnexCell, AnnexSheet, FormatId};

/// The library would write this in a way that isn't known here.
#[derive(Debug)]
pub struct LibraryMismatch;

/// Pixels of a row without a height of its own.
const DEFAULT_HEIGHT: u32 = 20;

/// Writes rows of one sheet.
pub struct RowXmlWriter<'p> {
    columns: Vec<ColumnWriter<'p>>,
    style: &'p AnnexStyle,
    /// Texts that cells name by their number; at first all texts are in their cells, as the library has them.
    shared: Option<&'p SharedTexts<'p>>,
    /// Cells that name a text by its number.
    pub shared_cells: u64,
    date_format: FormatId,
    /// Days of a date, the last one computed.
    last_day: Option<(Date, i32)>,
    /// What was written and not yet taken.
    pub xml: Vec<u8>,
}

/// The numbers of the formats that a column's cells may have.
struct ColumnWriter<'p> {
    name: String,
    texts: [u32; 2],
    numbers: Vec<u32>,
    /// The format of the first cell, which is the column's own.
    default_format: Option<u32>,
    /// The last label and its number among the shared texts: mostly the next row has it, too.
    last: Option<(&'p str, Option<u32>)>,
}

impl<'p> RowXmlWriter<'p> {
    pub fn new(
        annex: &Annex,
        sheet: &AnnexSheet,
        formats: &Formats,
        style: &'p AnnexStyle,
        numbers: &HashMap<&Format, u32>,
    ) -> Result<RowXmlWriter<'p>, LibraryMismatch> {
        let number = |format: &Format| numbers.get(format).copied().ok_or(LibraryMismatch);
        let columns = sheet.columns.iter().enumerate().map(|(at, column)| {
            let number_of = |id: usize| number(formats.number(column.kind, FormatId(id as u16)));
            Ok(ColumnWriter {
                name: column_number_to_name(at as u16),
                texts: [number(formats.text(column.kind, ""))?, number(formats.text(column.kind, "="))?],
                numbers: (0..annex.formats.len()).map(number_of).collect::<Result<_, _>>()?,
                default_format: None,
                last: None,
            })
        });
        let columns = columns.collect::<Result<_, _>>()?;
        let date_format = annex.date_format;
        Ok(RowXmlWriter { columns, style, shared: None, shared_cells: 0, date_format, last_day: None, xml: Vec::new() })
    }

    /// From now on, cells name the shared texts.
    pub fn use_shared_texts(&mut self, shared: &'p SharedTexts<'p>) {
        self.shared = Some(shared);
    }

    /// Takes the formats of the first row for those of the columns.
    pub fn set_column_formats(&mut self, row: &[AnnexCell]) {
        let date_format = self.date_format;
        for (column, cell) in self.columns.iter_mut().zip(row) {
            column.default_format = column.format_number(cell, date_format);
        }
    }

    /// Writes a row, counted from 0, whose texts take so many lines.
    pub fn write_row(&mut self, row: u32, lines: u32, cells: &[AnnexCell<'p>]) -> Result<(), LibraryMismatch> {
        let RowXmlWriter { columns, style, shared, shared_cells, date_format, last_day, xml } = self;
        if cells.len() > columns.len() || cells.iter().all(|cell| matches!(cell, AnnexCell::Empty)) {
            return Err(LibraryMismatch);
        }
        xml.extend_from_slice(b"<row r=\"");
        push_number(xml, u64::from(row) + 1);
        let height = (f64::from(lines) * style.lines.height * 4.0 / 3.0).round() as u32;
        if lines > 1 && height != DEFAULT_HEIGHT {
            // A vector takes whatever is written to it.
            let _ = write!(xml, "\" ht=\"{}\" customHeight=\"1", f64::from(height) * 0.75);
        }
        xml.extend_from_slice(b"\">");
        for (column, cell) in columns.iter_mut().zip(cells) {
            let Some(format) = column.format_number(cell, *date_format) else {
                if matches!(cell, AnnexCell::Empty) {
                    continue;
                }
                return Err(LibraryMismatch);
            };
            let number = column.shared_text_number(cell, *shared);
            let mut open = |end: &[u8]| {
                xml.extend_from_slice(b"<c r=\"");
                xml.extend_from_slice(column.name.as_bytes());
                push_number(xml, u64::from(row) + 1);
                xml.extend_from_slice(b"\" s=\"");
                push_number(xml, u64::from(format));
                xml.extend_from_slice(end);
            };
            match (cell, number) {
                (AnnexCell::Text(text), _) if text.is_empty() => {
                    if column.default_format != Some(format) {
                        open(b"\"/>");
                    }
                }
                (AnnexCell::Text(_), Some(number)) => {
                    open(b"\" t=\"s\"><v>");
                    push_number(xml, number.into());
                    xml.extend_from_slice(b"</v></c>");
                    *shared_cells += 1;
                }
                (AnnexCell::Text(text), None) => {
                    if !is_plain_text(text) {
                        return Err(LibraryMismatch);
                    }
                    open(b"\" t=\"inlineStr\"><is>");
                    push_text(xml, text);
                    xml.extend_from_slice(b"</is></c>");
                }
                (AnnexCell::Number(value, _), _) => {
                    open(b"\"><v>");
                    match u64::try_from(value.mantissa()) {
                        Ok(whole) if value.scale() == 0 && whole < 1 << 53 => push_number(xml, whole),
                        _ => {
                            let _ = write!(xml, "{}", to_f64(*value));
                        }
                    }
                    xml.extend_from_slice(b"</v></c>");
                }
                (AnnexCell::Date(day), _) => {
                    let days = match *last_day {
                        Some((last, days)) if last == *day => days,
                        _ => day_number(*day)?,
                    };
                    *last_day = Some((*day, days));
                    open(b"\"><v>");
                    push_number(xml, days.unsigned_abs().into());
                    xml.extend_from_slice(b"</v></c>");
                }
                (
                    AnnexCell::Empty
                    | AnnexCell::Heading(_)
                    | AnnexCell::Group(_)
                    | AnnexCell::Formula { .. }
                    | AnnexCell::Link { .. },
                    _,
                ) => {
                    return Err(LibraryMismatch);
                }
            }
        }
        xml.extend_from_slice(b"</row>");
        Ok(())
    }
}

impl<'p> ColumnWriter<'p> {
    /// The number of a cell's text among the shared ones. Labels, which rows borrow, may be among them; a text that was made
    /// for its row isn't.
    fn shared_text_number(&mut self, cell: &AnnexCell<'p>, shared: Option<&SharedTexts>) -> Option<u32> {
        let (AnnexCell::Text(Cow::Borrowed(text)), Some(shared)) = (cell, shared) else { return None };
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
    fn format_number(&self, cell: &AnnexCell, date_format: FormatId) -> Option<u32> {
        match cell {
            AnnexCell::Text(text) => Some(self.texts[usize::from(Formats::needs_quote_prefix(text))]),
            AnnexCell::Number(_, format) => self.numbers.get(usize::from(format.0)).copied(),
            AnnexCell::Date(_) => self.numbers.get(usize::from(date_format.0)).copied(),
            AnnexCell::Empty
            | AnnexCell::Heading(_)
            | AnnexCell::Group(_)
            | AnnexCell::Formula { .. }
            | AnnexCell::Link { .. } => None,
        }
    }
}

/// Days since the end of 1899, from March 1900 on, where Excel's calendar has found its feet.
fn day_number(day: Date) -> Result<i32, LibraryMismatch> {
    if day < date(1900, 3, 1) || day > date(9999, 12, 31) {
        return Err(LibraryMismatch);
    }
    day.since(date(1899, 12, 30)).map(|span| span.get_days()).map_err(|_| LibraryMismatch)
}

/// A whole number in digits.
fn push_number(xml: &mut Vec<u8>, number: u64) {
    xml.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}
