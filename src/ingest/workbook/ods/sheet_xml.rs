//! The XML of an ODS, sheet by sheet and row by row.

use std::collections::BTreeSet;
use std::io::{BufReader, Read};

use quick_xml::events::{BytesStart, Event};

use super::cell_content::{cell_content, number_display};
use super::{MAX_COLUMNS, MAX_ROWS};
use crate::diagnostic::Problem;
use crate::ingest::raw_row::{NumberDisplay, Raw};
use crate::ingest::workbook::archive::damaged_file;
use crate::ingest::workbook::xml::attribute;

/// What the XML holds one after the other.
pub(super) enum OdsItem {
    Sheet { name: String, hidden: bool },
    Row(OdsRow),
}

#[derive(Clone, Default)]
pub(super) struct OdsRow {
    pub(super) repeated: u32,
    pub(super) hidden: bool,
    /// Only cells with content or merged ones.
    pub(super) cells: Vec<OdsCell>,
}

#[derive(Clone)]
pub(super) struct OdsCell {
    pub(super) column: u32,
    pub(super) repeated: u32,
    pub(super) rows_spanned: u32,
    pub(super) columns_spanned: u32,
    pub(super) raw: Option<Raw<'static>>,
    /// How it shows a number.
    pub(super) display: NumberDisplay,
}

/// Reads the XML sheet by sheet and row by row.
pub(super) struct OdsReader<R> {
    reader: quick_xml::Reader<BufReader<R>>,
    buffer: Vec<u8>,
    /// Nesting of tables; those within cells are skipped.
    depth: u32,
    /// Within copies of other files' cells, which formulas and links keep; they are skipped.
    is_copy: bool,
    is_link: bool,
    style: String,
    hidden_styles: BTreeSet<String>,
}

impl<R: Read> OdsReader<R> {
    pub(super) fn new(part: R) -> OdsReader<R> {
        let mut reader = quick_xml::Reader::from_reader(BufReader::with_capacity(64 << 10, part));
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.expand_empty_elements = true;
        OdsReader {
            reader,
            buffer: Vec::new(),
            depth: 0,
            is_copy: false,
            is_link: false,
            style: String::new(),
            hidden_styles: BTreeSet::new(),
        }
    }

    /// Reads on from a byte among the rows of a sheet.
    pub(super) fn within_sheet(part: R) -> OdsReader<R> {
        OdsReader { depth: 1, ..OdsReader::new(part) }
    }

    /// Bytes that were read of the part, or of what is left of it.
    pub(super) fn position(&self) -> u64 {
        self.reader.buffer_position()
    }

    pub(super) fn next_item(&mut self, max_length: usize) -> Result<Option<OdsItem>, Box<Problem>> {
        loop {
            self.buffer.clear();
            match self.reader.read_event_into(&mut self.buffer).map_err(|_| damaged_file())? {
                Event::Start(element) => match element.name().as_ref() {
                    b"style:style" => self.style = attribute(&element, b"name").unwrap_or_default(),
                    b"style:table-properties" if attribute(&element, b"display").as_deref() == Some("false") => {
                        self.hidden_styles.insert(self.style.clone());
                    }
                    b"table:table" => {
                        self.depth += 1;
                        let name = attribute(&element, b"name").unwrap_or_default();
                        if self.depth == 1 {
                            self.is_copy = self.is_link || is_foreign_sheet(&name);
                        }
                        if self.depth == 1 && !self.is_copy {
                            let style = attribute(&element, b"style-name").unwrap_or_default();
                            return Ok(Some(OdsItem::Sheet { name, hidden: self.hidden_styles.contains(&style) }));
                        }
                    }
                    b"table:dde-links" => self.is_link = true,
                    b"table:table-row" if self.depth == 1 && !self.is_copy => {
                        let hidden = attribute(&element, b"visibility").is_some_and(|shown| shown != "visible");
                        let repeated = repetitions(&element, b"number-rows-repeated");
                        return Ok(Some(OdsItem::Row(OdsRow {
                            repeated,
                            hidden,
                            cells: self.read_cells(max_length)?,
                        })));
                    }
                    _ => {}
                },
                Event::End(element) => match element.name().as_ref() {
                    b"table:table" => self.depth = self.depth.saturating_sub(1),
                    b"table:dde-links" => self.is_link = false,
                    _ => {}
                },
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// The cells of a row, to its end.
    fn read_cells(&mut self, max_length: usize) -> Result<Vec<OdsCell>, Box<Problem>> {
        let mut cells = Vec::new();
        let mut column = 0u32;
        loop {
            self.buffer.clear();
            match self.reader.read_event_into(&mut self.buffer).map_err(|_| damaged_file())? {
                Event::Start(element) => {
                    let covered = element.name().as_ref() == b"table:covered-table-cell";
                    if !covered && element.name().as_ref() != b"table:table-cell" {
                        continue;
                    }
                    let element = element.into_owned();
                    let text = self.read_text(element.name().as_ref(), max_length)?;
                    let repeated = repetitions(&element, b"number-columns-repeated");
                    let display = number_display(&element, &text);
                    let cell = OdsCell {
                        column,
                        display,
                        repeated: repeated.min(MAX_COLUMNS.saturating_sub(column)),
                        rows_spanned: repetitions(&element, b"number-rows-spanned"),
                        columns_spanned: repetitions(&element, b"number-columns-spanned"),
                        raw: if covered { None } else { cell_content(&element, text, max_length) },
                    };
                    let merged = cell.rows_spanned > 1 || cell.columns_spanned > 1;
                    if column < MAX_COLUMNS && (cell.raw.is_some() || merged) {
                        cells.push(cell);
                    }
                    column = column.saturating_add(repeated);
                }
                Event::End(element) if element.name().as_ref() == b"table:table-row" => return Ok(cells),
                Event::Eof => return Err(damaged_file()),
                _ => {}
            }
        }
    }

    /// The text of a cell's paragraphs, to the cell's end. Comments and tables within are skipped.
    fn read_text(&mut self, cell: &[u8], max_length: usize) -> Result<String, Box<Problem>> {
        let mut text = String::new();
        let (mut skipped, mut nested, mut paragraphs, mut within) = (0u32, 0u32, 0u32, 0u32);
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|_| damaged_file())?;
            let keep = skipped == 0 && within > 0 && text.len() <= max_length.saturating_mul(4).saturating_add(8);
            match event {
                Event::Start(element) => match element.name().as_ref() {
                    b"office:annotation" | b"draw:frame" | b"table:table" | b"table:detective" => skipped += 1,
                    name if name == cell => nested += 1,
                    b"text:p" | b"text:h" if skipped == 0 => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                        within += 1;
                    }
                    b"text:s" if keep => {
                        let spaces = attribute(&element, b"c").and_then(|count| count.parse().ok()).unwrap_or(1usize);
                        text.extend(std::iter::repeat_n(' ', spaces.min(max_length)));
                    }
                    b"text:tab" if keep => text.push(' '),
                    b"text:line-break" if keep => text.push('\n'),
                    _ => {}
                },
                Event::End(element) => match element.name().as_ref() {
                    b"office:annotation" | b"draw:frame" | b"table:table" | b"table:detective" => {
                        skipped = skipped.saturating_sub(1);
                    }
                    b"text:p" | b"text:h" if skipped == 0 => within = within.saturating_sub(1),
                    name if name == cell => {
                        if nested == 0 {
                            return Ok(text);
                        }
                        nested -= 1;
                    }
                    _ => {}
                },
                Event::Text(part) if keep => text.push_str(&part.decode().map_err(|_| damaged_file())?),
                Event::CData(part) if keep => text.push_str(&part.decode().map_err(|_| damaged_file())?),
                Event::GeneralRef(entity) if keep => match entity.resolve_char_ref() {
                    Ok(Some(character)) => text.push(character),
                    _ => {
                        let name: &[u8] = entity.as_ref();
                        text.push_str(match name {
                            b"amp" => "&",
                            b"lt" => "<",
                            b"gt" => ">",
                            b"quot" => "\"",
                            b"apos" => "'",
                            _ => return Err(damaged_file()),
                        });
                    }
                },
                Event::Eof => return Err(damaged_file()),
                _ => {}
            }
        }
    }
}

/// Whether a table's name is the address of another file's sheet, `'file:///…/other.ods'#$Sheet`: a copy of the cells that
/// formulas refer to. A sheet of the file itself has no such name.
fn is_foreign_sheet(name: &str) -> bool {
    name.starts_with('\'') && name.contains("'#")
}

/// A number of repetitions or of spanned cells; 1 if there is no such attribute.
fn repetitions(element: &BytesStart<'_>, name: &[u8]) -> u32 {
    attribute(element, name).and_then(|number| number.parse().ok()).unwrap_or(1).clamp(1, MAX_ROWS)
}
