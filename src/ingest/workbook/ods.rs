use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{BufReader, Read};

use jiff::civil::Date;
use memchr::memmem;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::archive::{Archive, damaged};
use super::assemble::{Assembler, Cells, Found};
use super::scan::{Merge, Scan};
use super::xlsx::{raw_text, value};
use super::{RowSource, SheetInfo, Wanted};
use crate::diagnostic::Problem;
use crate::ingest::raw::Raw;
use crate::model::Limits;

/// LibreOffice's and OpenOffice's spreadsheet, streamed from its one part of XML. Rows and cells that repeat are kept
/// as their number, so that the blank million at the end costs nothing.
pub(super) struct Book {
    archive: Archive,
    scans: Vec<Scan>,
}

const CONTENT: &str = "content.xml";
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;
/// What a program displays for a date is days since this one.
const EPOCH: Date = jiff::civil::date(1899, 12, 30);

impl Book {
    pub(super) fn open(mut archive: Archive) -> Result<(Book, Vec<SheetInfo>), Box<Problem>> {
        if archive.has("META-INF/manifest.xml") {
            let manifest = archive.read("META-INF/manifest.xml", 16 << 20)?;
            if memmem::find(&manifest, b"encryption-data").is_some() {
                return Err(Box::new(Problem::error("encrypted-file")));
            }
        }
        if archive.has("mimetype") {
            let kind = archive.read("mimetype", 1 << 10)?;
            if memmem::find(&kind, b"opendocument.spreadsheet").is_none() {
                return Err(Box::new(Problem::error("not-a-table").variant("document")));
            }
        }
        archive.scan(CONTENT, &mut |_| {})?;
        let (mut scans, mut infos) = (Vec::new(), Vec::new());
        let mut walker = Walker::new(archive.part(CONTENT)?);
        let mut row = 0;
        while let Some(piece) = walker.next_piece(usize::MAX)? {
            match piece {
                Piece::Sheet { name, hidden } => {
                    infos.push(SheetInfo { name: Some(name), hidden });
                    scans.push(Scan::default());
                    row = 0;
                }
                Piece::Row(found) => {
                    if let Some(scan) = scans.last_mut() {
                        note(scan, &found, row);
                    }
                    row = (row + found.repeated).min(MOST_ROWS);
                }
            }
        }
        drop(walker);
        let scans = scans.into_iter().map(Scan::sorted).collect();
        Ok((Book { archive, scans }, infos))
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        sheet: usize,
        wanted: &Wanted,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let scan = self.scans.get(sheet).ok_or_else(damaged)?;
        let mut walker = Walker::new(self.archive.part(CONTENT)?);
        let mut ahead = sheet + 1;
        while ahead > 0 {
            match walker.next_piece(0)? {
                Some(Piece::Sheet { .. }) => ahead -= 1,
                Some(Piece::Row(_)) => {}
                None => return Err(damaged()),
            }
        }
        let limit = limits.cell_length as usize;
        let cells = Stream { walker, limit, row: Row::default(), at: 0, repeats: 0, number: 0, begun: false };
        Ok(Box::new(Assembler::new(cells, scan, wanted, limits)))
    }
}

fn note(scan: &mut Scan, found: &Row, row: u32) {
    if found.hidden && found.cells.iter().any(|cell| cell.raw.is_some()) {
        for hidden in row..row.saturating_add(found.repeated).min(MOST_ROWS) {
            scan.hide(hidden);
        }
    }
    for cell in &found.cells {
        if cell.rows_spanned > 1 || cell.columns_spanned > 1 {
            let bottom = row.saturating_add(cell.rows_spanned - 1);
            let right = cell.column.saturating_add(cell.columns_spanned - 1);
            scan.merge(Merge { top: row, left: cell.column, bottom, right });
        }
    }
}

struct Stream<R> {
    walker: Walker<R>,
    limit: usize,
    row: Row,
    at: usize,
    /// How often the cell at `at` has been given.
    repeats: u32,
    number: u32,
    begun: bool,
}

impl<'a, R: Read + Send> Cells<'a> for Stream<R> {
    fn next_cell(&mut self) -> Result<Option<Found<'a>>, Box<Problem>> {
        loop {
            if let Some(cell) = self.row.cells.get(self.at) {
                let column = cell.column + self.repeats;
                let raw = cell.raw.clone();
                self.repeats += 1;
                if raw.is_none() || self.repeats >= cell.repeated {
                    self.at += 1;
                    self.repeats = 0;
                }
                return Ok(Some(Found { row: self.number, column, raw, shared: None, is_known_text: false }));
            }
            self.at = 0;
            if self.begun && self.row.repeated > 1 && !self.row.cells.is_empty() && self.number + 1 < MOST_ROWS {
                self.row.repeated -= 1;
                self.number += 1;
                continue;
            }
            let passed = if self.begun { self.row.repeated } else { 0 };
            match self.walker.next_piece(self.limit)? {
                Some(Piece::Row(row)) if self.number.saturating_add(passed) < MOST_ROWS => {
                    self.number += passed;
                    self.begun = true;
                    self.row = row;
                }
                _ => return Ok(None),
            }
        }
    }
}

enum Piece {
    Sheet { name: String, hidden: bool },
    Row(Row),
}

#[derive(Default)]
struct Row {
    repeated: u32,
    hidden: bool,
    /// Only cells with content or merged ones.
    cells: Vec<Cell>,
}

struct Cell {
    column: u32,
    repeated: u32,
    rows_spanned: u32,
    columns_spanned: u32,
    raw: Option<Raw<'static>>,
}

/// Goes through the XML sheet by sheet and row by row.
struct Walker<R> {
    reader: quick_xml::Reader<BufReader<R>>,
    buffer: Vec<u8>,
    /// Tables within cells are passed over.
    depth: u32,
    style: String,
    hidden_styles: BTreeSet<String>,
}

impl<R: Read> Walker<R> {
    fn new(part: R) -> Walker<R> {
        let mut reader = quick_xml::Reader::from_reader(BufReader::with_capacity(64 << 10, part));
        let config = reader.config_mut();
        config.check_end_names = false;
        config.expand_empty_elements = true;
        Walker { reader, buffer: Vec::new(), depth: 0, style: String::new(), hidden_styles: BTreeSet::new() }
    }

    fn next_piece(&mut self, limit: usize) -> Result<Option<Piece>, Box<Problem>> {
        loop {
            self.buffer.clear();
            match self.reader.read_event_into(&mut self.buffer).map_err(|_| damaged())? {
                Event::Start(element) => match element.name().as_ref() {
                    b"style:style" => self.style = value(&element, b"name").unwrap_or_default(),
                    b"style:table-properties" if value(&element, b"display").as_deref() == Some("false") => {
                        self.hidden_styles.insert(self.style.clone());
                    }
                    b"table:table" => {
                        self.depth += 1;
                        let name = value(&element, b"name").unwrap_or_default();
                        // Copies of other files' sheets that a formula refers to.
                        if self.depth == 1 && !name.starts_with("'file:") {
                            let style = value(&element, b"style-name").unwrap_or_default();
                            return Ok(Some(Piece::Sheet { name, hidden: self.hidden_styles.contains(&style) }));
                        }
                    }
                    b"table:table-row" if self.depth == 1 => {
                        let hidden = value(&element, b"visibility").is_some_and(|shown| shown != "visible");
                        let repeated = number(&element, b"number-rows-repeated");
                        return Ok(Some(Piece::Row(Row { repeated, hidden, cells: self.cells(limit)? })));
                    }
                    _ => {}
                },
                Event::End(element) if element.name().as_ref() == b"table:table" => {
                    self.depth = self.depth.saturating_sub(1);
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// The cells of a row, to its end.
    fn cells(&mut self, limit: usize) -> Result<Vec<Cell>, Box<Problem>> {
        let mut cells = Vec::new();
        let mut column = 0u32;
        loop {
            self.buffer.clear();
            match self.reader.read_event_into(&mut self.buffer).map_err(|_| damaged())? {
                Event::Start(element) => {
                    let covered = element.name().as_ref() == b"table:covered-table-cell";
                    if !covered && element.name().as_ref() != b"table:table-cell" {
                        continue;
                    }
                    let element = element.into_owned();
                    let text = self.text(element.name().as_ref(), limit)?;
                    let repeated = number(&element, b"number-columns-repeated");
                    let cell = Cell {
                        column,
                        repeated: repeated.min(MOST_COLUMNS.saturating_sub(column)),
                        rows_spanned: number(&element, b"number-rows-spanned"),
                        columns_spanned: number(&element, b"number-columns-spanned"),
                        raw: if covered { None } else { content(&element, text, limit) },
                    };
                    let merged = cell.rows_spanned > 1 || cell.columns_spanned > 1;
                    if column < MOST_COLUMNS && (cell.raw.is_some() || merged) {
                        cells.push(cell);
                    }
                    column = column.saturating_add(repeated);
                }
                Event::End(element) if element.name().as_ref() == b"table:table-row" => return Ok(cells),
                Event::Eof => return Err(damaged()),
                _ => {}
            }
        }
    }

    /// The text of a cell's paragraphs, to the cell's end. Comments and tables within are passed over.
    fn text(&mut self, cell: &[u8], limit: usize) -> Result<String, Box<Problem>> {
        let mut text = String::new();
        let (mut passed, mut nested, mut paragraphs, mut within) = (0u32, 0u32, 0u32, 0u32);
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|_| damaged())?;
            let keep = passed == 0 && within > 0 && text.len() <= limit.saturating_mul(4).saturating_add(8);
            match event {
                Event::Start(element) => match element.name().as_ref() {
                    b"office:annotation" | b"draw:frame" | b"table:table" | b"table:detective" => passed += 1,
                    name if name == cell => nested += 1,
                    b"text:p" | b"text:h" if passed == 0 => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                        within += 1;
                    }
                    b"text:s" if keep => {
                        let spaces = value(&element, b"c").and_then(|count| count.parse().ok()).unwrap_or(1usize);
                        text.extend(std::iter::repeat_n(' ', spaces.min(limit)));
                    }
                    b"text:tab" if keep => text.push(' '),
                    b"text:line-break" if keep => text.push('\n'),
                    _ => {}
                },
                Event::End(element) => match element.name().as_ref() {
                    b"office:annotation" | b"draw:frame" | b"table:table" | b"table:detective" => {
                        passed = passed.saturating_sub(1);
                    }
                    b"text:p" | b"text:h" if passed == 0 => within = within.saturating_sub(1),
                    name if name == cell => {
                        if nested == 0 {
                            return Ok(text);
                        }
                        nested -= 1;
                    }
                    _ => {}
                },
                Event::Text(part) if keep => text.push_str(&part.decode().map_err(|_| damaged())?),
                Event::CData(part) if keep => text.push_str(&part.decode().map_err(|_| damaged())?),
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
                            _ => return Err(damaged()),
                        });
                    }
                },
                Event::Eof => return Err(damaged()),
                _ => {}
            }
        }
    }
}

/// What a cell's attributes and text say.
fn content(element: &BytesStart<'_>, text: String, limit: usize) -> Option<Raw<'static>> {
    let formula = value(element, b"formula").is_some();
    let kinds: Vec<String> = element
        .attributes()
        .with_checks(false)
        .flatten()
        .filter(|attribute| attribute.key.local_name().as_ref() == b"value-type")
        .filter_map(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned))
        .collect();
    if kinds.iter().any(|kind| kind == "error") || (formula && text.starts_with("Err:")) {
        return Some(Raw::Error(Cow::Owned(text)));
    }
    match kinds.first().map(String::as_str) {
        Some("float" | "percentage" | "currency") => {
            value(element, b"value").and_then(|number| number.parse().ok()).map(Raw::Number)
        }
        Some("boolean") => value(element, b"boolean-value").map(|yes| Raw::Bool(yes == "true")),
        Some("date") => {
            let day = value(element, b"date-value")?.get(..10)?.parse::<Date>().ok()?;
            let serial = day.since((jiff::Unit::Day, EPOCH)).map_or(0, |span| span.get_days());
            Some(Raw::Date { day: Some(day), serial: f64::from(serial) })
        }
        Some("string") => {
            let text = value(element, b"string-value").filter(|text| !text.is_empty()).unwrap_or(text);
            raw_text(Cow::Owned(text), limit)
        }
        _ if formula && text.is_empty() && kinds.is_empty() => Some(Raw::FormulaWithoutValue),
        _ => raw_text(Cow::Owned(text), limit),
    }
}

/// A number of repetitions or of spanned cells: 1 where nothing is said.
fn number(element: &BytesStart<'_>, name: &[u8]) -> u32 {
    value(element, name).and_then(|number| number.parse().ok()).unwrap_or(1).clamp(1, MOST_ROWS)
}
