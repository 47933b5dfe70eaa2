mod cell_content;
mod sheet_xml;

use std::io::Read;

use memchr::memmem;

use super::archive::{Archive, damaged_file};
use super::geometry::{MergedRange, SheetGeometry};
use super::row_assembler::{CellReader, PositionedCell, RowAssembler};
use super::xml::{MAX_SHEETS, too_many_sheets};
use super::{Projection, RowSource, SheetInfo};
use crate::diagnostic::{Problem, kinds};
use crate::ingest::layout::LAST_HEADER_ROW;
use crate::model::Limits;

use sheet_xml::{OdsItem, OdsReader, OdsRow};

/// LibreOffice's and OpenOffice's spreadsheet, streamed from its one part of XML. Rows and cells that repeat are kept
/// as their number, so that the blank million at the end costs nothing.
pub(super) struct Book {
    archive: Archive,
    sheets: Vec<Sheet>,
}

/// A sheet, with its first rows, so that a search for headings in every sheet unpacks the file once.
#[derive(Default)]
struct Sheet {
    geometry: SheetGeometry,
    first_rows: Vec<OdsRow>,
    /// The byte of the unpacked part at which the rows after the first ones begin; `None` if there are no more.
    rest: Option<u64>,
}

const CONTENT: &str = "content.xml";
const MAX_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: u32 = 16_384;
/// More rows than the head of a sheet has.
const FIRST_ROWS: usize = LAST_HEADER_ROW as usize + 10;
/// Bytes of XML of which first rows are kept, in all sheets together.
const MAX_FIRST_ROWS: u64 = 16 << 20;

impl Book {
    pub(super) fn open(mut archive: Archive, limits: &Limits) -> Result<(Book, Vec<SheetInfo>), Box<Problem>> {
        if archive.has("META-INF/manifest.xml") {
            let manifest = archive.read("META-INF/manifest.xml", 16 << 20)?;
            if memmem::find(&manifest, b"encryption-data").is_some() {
                return Err(Box::new(Problem::error(kinds::EncryptedFile)));
            }
        }
        if archive.has("mimetype") {
            let kind = archive.read("mimetype", 1 << 10)?;
            if memmem::find(&kind, b"opendocument.spreadsheet").is_none() {
                return Err(Box::new(Problem::error(kinds::NotATable::Document)));
            }
        }
        archive.scan_xml(CONTENT, &mut |_| {})?;
        let (mut sheets, mut infos) = (Vec::<Sheet>::new(), Vec::new());
        let mut reader = OdsReader::new(archive.open_part(CONTENT)?);
        let (mut row, mut kept_bytes, mut position) = (0, 0, 0);
        while let Some(item) = reader.next_item(limits.cell_length as usize)? {
            match item {
                OdsItem::Sheet { name, hidden } => {
                    infos.push(SheetInfo { name: Some(name), hidden });
                    if infos.len() > MAX_SHEETS {
                        return Err(too_many_sheets());
                    }
                    sheets.push(Sheet::default());
                    row = 0;
                }
                OdsItem::Row(found) => {
                    let repeated = found.repeated;
                    if let Some(sheet) = sheets.last_mut() {
                        add_geometry(&mut sheet.geometry, &found, row);
                        let bytes = reader.position() - position;
                        let is_first = sheet.first_rows.len() < FIRST_ROWS && kept_bytes + bytes <= MAX_FIRST_ROWS;
                        if sheet.rest.is_none() && is_first {
                            kept_bytes += bytes;
                            sheet.first_rows.push(found);
                        } else {
                            sheet.rest.get_or_insert(position);
                        }
                    }
                    row = (row + repeated).min(MAX_ROWS);
                }
            }
            position = reader.position();
        }
        drop(reader);
        for sheet in &mut sheets {
            sheet.geometry = std::mem::take(&mut sheet.geometry).sorted();
        }
        Ok((Book { archive, sheets }, infos))
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        sheet: usize,
        projection: &Projection,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let Book { archive, sheets } = self;
        let sheet = sheets.get(sheet).ok_or_else(damaged_file)?;
        let cells = OdsCells {
            first_rows: sheet.first_rows.iter(),
            rest: sheet.rest.map(|position| (archive, position)),
            reader: None,
            max_length: limits.cell_length as usize,
            row: OdsRow::default(),
            cell: 0,
            repeats: 0,
            number: 0,
            begun: false,
        };
        Ok(Box::new(RowAssembler::new(cells, &sheet.geometry, projection, limits)))
    }
}

fn add_geometry(geometry: &mut SheetGeometry, found: &OdsRow, row: u32) {
    if found.hidden && found.cells.iter().any(|cell| cell.raw.is_some()) {
        for hidden in row..row.saturating_add(found.repeated).min(MAX_ROWS) {
            geometry.add_hidden_row(hidden);
        }
    }
    for cell in &found.cells {
        if cell.rows_spanned > 1 || cell.columns_spanned > 1 {
            let bottom = row.saturating_add(cell.rows_spanned - 1);
            let right = cell.column.saturating_add(cell.columns_spanned - 1);
            geometry.add_merged(MergedRange { top: row, left: cell.column, bottom, right });
        }
    }
}

/// The cells of one sheet.
struct OdsCells<'a> {
    first_rows: std::slice::Iter<'a, OdsRow>,
    /// Where the other rows are, until they are begun.
    rest: Option<(&'a mut Archive, u64)>,
    reader: Option<OdsReader<Box<dyn Read + Send + 'a>>>,
    max_length: usize,
    row: OdsRow,
    /// Index of the row's next cell.
    cell: usize,
    /// How often that cell has been given.
    repeats: u32,
    number: u32,
    begun: bool,
}

impl OdsCells<'_> {
    fn next_row(&mut self) -> Result<Option<OdsRow>, Box<Problem>> {
        if let Some(row) = self.first_rows.next() {
            return Ok(Some(row.clone()));
        }
        if let Some((archive, position)) = self.rest.take() {
            let mut part = archive.open_part(CONTENT)?;
            std::io::copy(&mut part.by_ref().take(position), &mut std::io::sink()).map_err(|_| damaged_file())?;
            self.reader = Some(OdsReader::within_sheet(Box::new(part)));
        }
        let Some(reader) = &mut self.reader else { return Ok(None) };
        match reader.next_item(self.max_length)? {
            Some(OdsItem::Row(row)) => Ok(Some(row)),
            Some(OdsItem::Sheet { .. }) | None => {
                self.reader = None;
                Ok(None)
            }
        }
    }
}

impl<'a> CellReader<'a> for OdsCells<'a> {
    fn next_cell(&mut self) -> Result<Option<PositionedCell<'a>>, Box<Problem>> {
        loop {
            if let Some(cell) = self.row.cells.get(self.cell) {
                let column = cell.column + self.repeats;
                let raw = cell.raw.clone();
                self.repeats += 1;
                if raw.is_none() || self.repeats >= cell.repeated {
                    self.cell += 1;
                    self.repeats = 0;
                }
                return Ok(Some(PositionedCell {
                    row: self.number,
                    column,
                    raw,
                    shared: None,
                    is_known_text: false,
                    display: cell.display,
                }));
            }
            self.cell = 0;
            if self.begun && self.row.repeated > 1 && !self.row.cells.is_empty() && self.number + 1 < MAX_ROWS {
                self.row.repeated -= 1;
                self.number += 1;
                continue;
            }
            let rows = if self.begun { self.row.repeated } else { 0 };
            match self.next_row()? {
                Some(row) if self.number.saturating_add(rows) < MAX_ROWS => {
                    self.number += rows;
                    self.begun = true;
                    self.row = row;
                }
                _ => return Ok(None),
            }
        }
    }
}
