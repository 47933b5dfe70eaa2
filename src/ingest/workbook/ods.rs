mod cell_content;

use std::collections::BTreeSet;
use std::io::{BufReader, Read};

use memchr::memmem;
use quick_xml::events::{BytesStart, Event};

use super::archive::{Archive, damaged_file};
use super::geometry::{MergedRange, SheetGeometry};
use super::row_assembler::{CellReader, PositionedCell, RowAssembler};
use super::xml::{MAX_SHEETS, attribute, too_many_sheets};
use super::{Projection, RowSource, SheetInfo};
use crate::diagnostic::{Problem, kinds};
use crate::ingest::raw_row::Raw;
use crate::model::Limits;

use cell_content::{cell_content, padded_digits};

/// LibreOffice's and OpenOffice's spreadsheet, streamed from its one part of XML. Rows and cells that repeat are kept
/// as their number, so that the blank million at the end costs nothing.
pub(super) struct Book {
    archive: Archive,
    geometries: Vec<SheetGeometry>,
}

const CONTENT: &str = "content.xml";
const MAX_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: u32 = 16_384;
impl Book {
    pub(super) fn open(mut archive: Archive) -> Result<(Book, Vec<SheetInfo>), Box<Problem>> {
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
        let (mut geometries, mut infos) = (Vec::new(), Vec::new());
        let mut reader = OdsReader::new(archive.open_part(CONTENT)?);
        let mut row = 0;
        while let Some(item) = reader.next_item(usize::MAX)? {
            match item {
                OdsItem::Sheet { name, hidden } => {
                    infos.push(SheetInfo { name: Some(name), hidden });
                    if infos.len() > MAX_SHEETS {
                        return Err(too_many_sheets());
                    }
                    geometries.push(SheetGeometry::default());
                    row = 0;
                }
                OdsItem::Row(found) => {
                    if let Some(geometry) = geometries.last_mut() {
                        add_geometry(geometry, &found, row);
                    }
                    row = (row + found.repeated).min(MAX_ROWS);
                }
            }
        }
        drop(reader);
        let geometries = geometries.into_iter().map(SheetGeometry::sorted).collect();
        Ok((Book { archive, geometries }, infos))
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        sheet: usize,
        projection: &Projection,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let geometry = self.geometries.get(sheet).ok_or_else(damaged_file)?;
        let mut reader = OdsReader::new(self.archive.open_part(CONTENT)?);
        let mut sheets_left = sheet + 1;
        while sheets_left > 0 {
            match reader.next_item(0)? {
                Some(OdsItem::Sheet { .. }) => sheets_left -= 1,
                Some(OdsItem::Row(_)) => {}
                None => return Err(damaged_file()),
            }
        }
        let max_length = limits.cell_length as usize;
        let cells =
            OdsCells { reader, max_length, row: OdsRow::default(), cell: 0, repeats: 0, number: 0, begun: false };
        Ok(Box::new(RowAssembler::new(cells, geometry, projection, limits)))
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
struct OdsCells<R> {
    reader: OdsReader<R>,
    max_length: usize,
    row: OdsRow,
    /// Index of the row's next cell.
    cell: usize,
    /// How often that cell has been given.
    repeats: u32,
    number: u32,
    begun: bool,
}

impl<'a, R: Read + Send> CellReader<'a> for OdsCells<R> {
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
                    min_digits: cell.min_digits,
                }));
            }
            self.cell = 0;
            if self.begun && self.row.repeated > 1 && !self.row.cells.is_empty() && self.number + 1 < MAX_ROWS {
                self.row.repeated -= 1;
                self.number += 1;
                continue;
            }
            let rows = if self.begun { self.row.repeated } else { 0 };
            match self.reader.next_item(self.max_length)? {
                Some(OdsItem::Row(row)) if self.number.saturating_add(rows) < MAX_ROWS => {
                    self.number += rows;
                    self.begun = true;
                    self.row = row;
                }
                _ => return Ok(None),
            }
        }
    }
}

/// What the XML holds one after the other.
enum OdsItem {
    Sheet { name: String, hidden: bool },
    Row(OdsRow),
}

#[derive(Default)]
struct OdsRow {
    repeated: u32,
    hidden: bool,
    /// Only cells with content or merged ones.
    cells: Vec<OdsCell>,
}

struct OdsCell {
    column: u32,
    repeated: u32,
    rows_spanned: u32,
    columns_spanned: u32,
    raw: Option<Raw<'static>>,
    /// Digits with which it shows a number that begins with zeros.
    min_digits: u8,
}

/// Reads the XML sheet by sheet and row by row.
struct OdsReader<R> {
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
    fn new(part: R) -> OdsReader<R> {
        let mut reader = quick_xml::Reader::from_reader(BufReader::with_capacity(64 << 10, part));
        let config = reader.config_mut();
        config.check_end_names = false;
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

    fn next_item(&mut self, max_length: usize) -> Result<Option<OdsItem>, Box<Problem>> {
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
                    let min_digits = padded_digits(&text);
                    let cell = OdsCell {
                        column,
                        min_digits,
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
