//! Cells of a sheet's XML in whatever form: prefixed elements, comments, CDATA, references left out. Slower than
//! [`FastCells`](super::fast_cells), which leaves to it what programs rarely write.

use std::io::BufReader;

use quick_xml::events::{BytesStart, Event};

use super::shared_strings::{read_run, read_text};
use super::sheet_cell::{SheetCell, SheetValue, WorkbookContext, iso_value, parse_reference};
use crate::diagnostic::{Problem, cell_name, kinds};
use crate::ingest::workbook::archive::damaged_file;
use crate::ingest::workbook::read_ahead::UnpackedPart;
use crate::ingest::workbook::xml::attribute;

/// Streams the cells of one sheet.
pub(super) struct GeneralCells<'a> {
    xml: quick_xml::Reader<BufReader<UnpackedPart>>,
    context: WorkbookContext<'a>,
    buffer: Vec<u8>,
    begun: bool,
    row: u32,
    column: u32,
}

impl<'a> GeneralCells<'a> {
    /// `part` is the sheet from its beginning.
    pub(super) fn new(part: UnpackedPart, context: WorkbookContext<'a>) -> GeneralCells<'a> {
        let mut xml = quick_xml::Reader::from_reader(BufReader::with_capacity(64 << 10, part));
        xml.config_mut().expand_empty_elements = true;
        GeneralCells { xml, context, buffer: Vec::new(), begun: false, row: 0, column: 0 }
    }

    /// The next cell, empty ones included; `None` at the end of the sheet.
    pub(super) fn next_cell(&mut self) -> Result<Option<SheetCell<'a>>, Box<Problem>> {
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer).map_err(|_| damaged_file())? {
                Event::Start(element) => match element.local_name().as_ref() {
                    b"sheetData" => self.begun = true,
                    b"row" if self.begun => {
                        if let Some(number) = attribute(&element, b"r") {
                            let number: u32 = number.trim().parse().map_err(|_| damaged_file())?;
                            self.row = number.checked_sub(1).ok_or_else(damaged_file)?;
                            self.column = 0;
                        }
                    }
                    b"c" if self.begun => {
                        let element = element.into_owned();
                        return self.read_cell(&element).map(Some);
                    }
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    b"sheetData" => return Ok(None),
                    b"row" => {
                        self.row = self.row.saturating_add(1);
                        self.column = 0;
                    }
                    _ => {}
                },
                Event::Eof => return Err(damaged_file()),
                _ => {}
            }
        }
    }

    /// Reads a cell from its start tag on.
    fn read_cell(&mut self, element: &BytesStart<'_>) -> Result<SheetCell<'a>, Box<Problem>> {
        let reference = attribute(element, b"r");
        let (row, column) = match &reference {
            Some(reference) => parse_reference(reference.trim().as_bytes()).ok_or_else(damaged_file)?,
            None => (self.row, self.column),
        };
        let kind = attribute(element, b"t");
        let style = attribute(element, b"s").and_then(|style| style.trim().parse().ok());
        let mut cell = SheetCell::blank(row, column);
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer).map_err(|_| damaged_file())? {
                Event::Start(child) => match child.local_name().as_ref() {
                    b"v" => {
                        let child = child.into_owned();
                        let mut text = String::new();
                        read_run(&mut self.xml, &child, &mut text)?;
                        if let Some(value) = self.read_value(&cell, text, kind.as_deref(), style)? {
                            cell.value = value;
                        }
                    }
                    b"f" => cell.is_formula = true,
                    b"is" => {
                        let name = child.name().as_ref().to_owned();
                        let mut text = String::new();
                        read_text(&mut self.xml, &name, &mut text)?;
                        cell.value = SheetValue::Text(text);
                    }
                    _ => {}
                },
                Event::End(end) if end.local_name().as_ref() == b"c" => break,
                Event::Eof => return Err(damaged_file()),
                _ => {}
            }
        }
        self.column = column + 1;
        Ok(cell)
    }

    /// The value that a `<v>` holds; `None` where it holds none.
    fn read_value(
        &self,
        cell: &SheetCell<'_>,
        text: String,
        kind: Option<&str>,
        style: Option<usize>,
    ) -> Result<Option<SheetValue<'a>>, Box<Problem>> {
        if kind == Some("inlineStr") || text.is_empty() && kind != Some("str") {
            return Ok(None);
        }
        Ok(Some(match kind {
            Some("s") => {
                let found = text.trim().parse().ok().and_then(|number| self.context.shared_text(number));
                found.ok_or_else(|| missing_text(cell))?
            }
            None | Some("n") => match self.context.read_number(text.trim().as_bytes(), style) {
                Some(number) => number,
                // Infinity and what is no number are written by programs that divide by zero.
                None if text.trim().parse::<f64>().is_ok() => SheetValue::Error(text),
                None => SheetValue::Text(text),
            },
            Some("b") => SheetValue::Bool(match text.trim() {
                "0" | "false" => false,
                "1" | "true" => true,
                _ => return Err(damaged_file()),
            }),
            Some("str") => SheetValue::Text(text),
            Some("d") => iso_value(text),
            Some("e") => SheetValue::Error(text),
            Some(_) => return Err(damaged_file()),
        }))
    }
}

fn missing_text(cell: &SheetCell<'_>) -> Box<Problem> {
    Box::new(Problem::error(kinds::DamagedFile::Text { cell: cell_name(cell.row + 1, cell.column) }))
}
