mod formats;
mod plain;
mod strings;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use calamine::{DataRef, Reader, Xlsx, XlsxCellReader, XlsxError};
use jiff::civil::Date;
use memchr::memmem;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use rayon::prelude::*;

use super::archive::{Archive, damaged};
use super::assemble::{Assembler, Cells, Found};
use super::contain::contain;
use super::handle::Handle;
use super::open::LARGE;
use super::scan::Scan;
use super::unpacked::Unpacked;
use super::{RowSource, SheetInfo, Wanted};
use crate::diagnostic::Problem;
use crate::ingest::raw::Raw;
use crate::ingest::{cell, fold};
use crate::model::Limits;
use formats::Shown;
use plain::{Context, Plain, PlainCell};
use strings::Strings;

const MIB: u64 = 1 << 20;

/// Excel itself allows 65,490 cell formats, and as many fonts.
const MOST_STYLES: u64 = 70_000;
/// Bytes of a sheet that is worth a thread to unpack it.
const LONG: u64 = 8 * MIB;
/// Parts that only describe the workbook.
const MOST_DESCRIPTION: u64 = 16 * MIB;

pub(super) struct Book {
    file: Handle,
    archive: Archive,
    sheets: Vec<Sheet>,
    strings: Strings,
    formats: Vec<Shown>,
    from_1904: bool,
    /// Opened for the first sheet that our own reader doesn't know how to read.
    library: Option<Library>,
}

type Library = Xlsx<BufReader<Handle>>;

struct Sheet {
    name: String,
    part: String,
    scan: Option<Scan>,
}

/// The part that holds the workbook, by the package's relations.
pub(super) fn workbook_part(archive: &mut Archive) -> Result<Option<String>, Box<Problem>> {
    let relations = relations(archive, "_rels/.rels")?;
    let target = relations.into_values().find(|relation| relation.kind.ends_with("/officeDocument"));
    let part = target.map(|relation| relation.target.trim_start_matches('/').to_owned());
    Ok(part.filter(|part| part.contains("workbook") || part.starts_with("xl/")))
}

impl Book {
    pub(super) fn open(
        file: &Handle,
        mut archive: Archive,
        limits: &Limits,
    ) -> Result<(Book, Vec<SheetInfo>), Box<Problem>> {
        let part = workbook_part(&mut archive)?.ok_or_else(damaged)?;
        let (folder, name) = part.rsplit_once('/').map_or(("", part.as_str()), |(folder, name)| (folder, name));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let relations = relations(&mut archive, &format!("{folder}_rels/{name}.rels"))?;
        let Sheets { mut sheets, infos, from_1904 } = sheets(&mut archive, &part, &folder, &relations)?;
        check_styles(&mut archive, &folder)?;
        let formats = formats::read(&mut archive, &format!("{folder}styles.xml"))?;
        let shared = format!("{folder}sharedStrings.xml");
        let (strings, ()) = rayon::join(
            || contain(|| Strings::read(&mut archive, &shared)).unwrap_or_else(|| Err(damaged())),
            || scan_ahead(file, &mut sheets, limits),
        );
        let strings = strings?;
        let book = Book { file: file.clone(), archive, sheets, strings, formats, from_1904, library: None };
        Ok((book, infos))
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        sheet: usize,
        wanted: &Wanted,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let Book { file, archive, sheets, strings, formats, from_1904, library } = self;
        let sheet = sheets.get_mut(sheet).ok_or_else(damaged)?;
        let scan = match sheet.scan.take() {
            Some(scan) => scan,
            None => Scan::of_xml(archive, &sheet.part)?,
        };
        let scan = sheet.scan.insert(scan);
        let context = Context { strings, formats, from_1904: *from_1904 };
        let source: Box<dyn Read + Send> = if archive.size(&sheet.part) > LONG {
            Box::new(Unpacked::start(file, &sheet.part, *limits))
        } else {
            Box::new(archive.part(&sheet.part)?)
        };
        let plain = Plain::new(source, context);
        let library = Some(Aside { file: file.again(), library, sheet: &sheet.name });
        let longest = limits.cell_length as usize;
        let cells = Stream { strings, longest, plain: Some(plain), given: 0, aside: library, reader: None };
        Ok(Box::new(Assembler::new(cells, scan, wanted, limits)))
    }
}

/// Scans the sheets of a large workbook side by side. A fault is found again and told when its sheet is read.
fn scan_ahead(file: &Handle, sheets: &mut [Sheet], limits: &Limits) {
    if file.length < LARGE {
        return;
    }
    sheets.par_iter_mut().for_each(|sheet| {
        let scan = || Archive::open(file, limits).and_then(|mut archive| Scan::of_xml(&mut archive, &sheet.part));
        sheet.scan = contain(scan).and_then(Result::ok);
    });
}

/// Cells of a sheet: by our own reader, and from the first thing on that it doesn't know by the library's.
struct Stream<'a> {
    strings: &'a Strings,
    /// Characters of the longest text; longer ones are only measured.
    longest: usize,
    plain: Option<Plain<'a>>,
    /// Cells that our own reader gave.
    given: u64,
    aside: Option<Aside<'a>>,
    reader: Option<XlsxCellReader<'a, BufReader<Handle>>>,
}

/// What is needed to read a sheet by the library.
struct Aside<'a> {
    file: Handle,
    library: &'a mut Option<Library>,
    sheet: &'a str,
}

impl<'a> Aside<'a> {
    /// The library's reader, at the cell after the first `given`.
    fn reader(self, given: u64) -> Result<XlsxCellReader<'a, BufReader<Handle>>, Box<Problem>> {
        if self.library.is_none() {
            *self.library = Some(Xlsx::new(BufReader::new(self.file)).map_err(fault)?);
        }
        let library = self.library.as_mut().ok_or_else(damaged)?;
        let mut reader = library.worksheet_cells_reader(self.sheet).map_err(fault)?;
        for _ in 0..given {
            reader.next_cell().map_err(fault)?;
        }
        Ok(reader)
    }
}

impl<'a> Cells<'a> for Stream<'a> {
    fn next_cell(&mut self) -> Result<Option<Found<'a>>, Box<Problem>> {
        let cell = match &mut self.plain {
            Some(plain) => match plain.next_cell() {
                Ok(cell) => {
                    self.given += 1;
                    cell
                }
                Err(plain::Odd) => {
                    self.plain = None;
                    let aside = self.aside.take().ok_or_else(damaged)?;
                    self.reader = Some(aside.reader(self.given)?);
                    return self.next_cell();
                }
            },
            None => {
                let reader = self.reader.as_mut().ok_or_else(damaged)?;
                let record = reader.next_cell_with_formula_metadata().map_err(fault)?;
                record.map(|record| PlainCell {
                    row: record.pos.0,
                    column: record.pos.1,
                    value: record.value,
                    formula: record.formula.is_some(),
                    shared: None,
                })
            }
        };
        let Some(cell) = cell else { return Ok(None) };
        if cell.row > 1_048_575 || cell.column > 16_383 {
            return Err(damaged());
        }
        let PlainCell { row, column, value, formula, shared } = cell;
        let is_visible = shared.is_some_and(|number| self.strings.is_visible(number));
        let raw = match value {
            DataRef::SharedString(text) if is_visible && text.len() <= self.longest => {
                Some(Raw::Text(Cow::Borrowed(text)))
            }
            value => raw(value, formula, self.longest),
        };
        let is_known_text = shared.is_some_and(|number| self.strings.is_known_text(number));
        Ok(Some(Found { row, column, raw, shared, is_known_text }))
    }
}

/// A cell's content as the library gives it.
pub(super) fn raw<'a>(value: DataRef<'a>, formula: bool, limit: usize) -> Option<Raw<'a>> {
    Some(match value {
        DataRef::Empty if formula => Raw::FormulaWithoutValue,
        DataRef::Empty => return None,
        DataRef::SharedString(text) => raw_text(Cow::Borrowed(text), limit)?,
        DataRef::String(text) => raw_text(Cow::Owned(text), limit)?,
        DataRef::Int(number) => Raw::Number(number as f64),
        DataRef::Float(number) => Raw::Number(number),
        DataRef::Bool(yes) => Raw::Bool(yes),
        DataRef::DateTime(date) => {
            let serial = date.as_f64();
            if date.is_duration() {
                return Some(Raw::Number(serial));
            }
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            let day = Date::new(i16::try_from(year).unwrap_or(0), month as i8, day as i8).ok();
            Raw::Date { day: day.filter(|_| serial >= 0.0), serial }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => raw_text(Cow::Owned(text), limit)?,
        DataRef::Error(error) => Raw::Error(Cow::Owned(error.to_string())),
    })
}

/// A text of blanks only is no content, as a cached empty text is none.
pub(super) fn raw_text(text: Cow<'_, str>, limit: usize) -> Option<Raw<'_>> {
    if !begins_visibly(&text) && cell::clean(&text).is_empty() {
        return None;
    }
    let long = text.len() > limit && text.chars().count() > limit;
    Some(if long { Raw::TooLong(text.len()) } else { Raw::Text(text) })
}

/// Most texts do. An underscore may begin an escaped control character.
fn begins_visibly(text: &str) -> bool {
    text.starts_with(|c: char| c != '_' && !c.is_whitespace() && !c.is_control() && !fold::is_invisible(c))
}

fn fault(error: XlsxError) -> Box<Problem> {
    match error {
        XlsxError::Password => Box::new(Problem::error("encrypted-file")),
        XlsxError::CellError(text) => Box::new(Problem::error("damaged-file").variant("cell").with("text", text)),
        _ => damaged(),
    }
}

struct Relation {
    kind: String,
    target: String,
}

/// The targets of a part's relations, by their ids.
pub(super) fn targets(archive: &mut Archive, part: &str) -> Result<BTreeMap<String, String>, Box<Problem>> {
    Ok(relations(archive, part)?.into_iter().map(|(id, relation)| (id, relation.target)).collect())
}

/// The relations of a part, by their ids.
fn relations(archive: &mut Archive, part: &str) -> Result<BTreeMap<String, Relation>, Box<Problem>> {
    let mut found = BTreeMap::new();
    each_element(archive, part, |element| {
        if element.local_name().as_ref() == b"Relationship" {
            let relation = Relation {
                kind: value(element, b"Type").unwrap_or_default(),
                target: value(element, b"Target").unwrap_or_default(),
            };
            found.insert(value(element, b"Id").unwrap_or_default(), relation);
        }
    })?;
    Ok(found)
}

/// What a workbook says of itself.
struct Sheets {
    /// The sheets of cells in the workbook's order; charts on a sheet of their own are none.
    sheets: Vec<Sheet>,
    infos: Vec<SheetInfo>,
    /// Days are counted from 1904.
    from_1904: bool,
}

fn sheets(
    archive: &mut Archive,
    part: &str,
    folder: &str,
    relations: &BTreeMap<String, Relation>,
) -> Result<Sheets, Box<Problem>> {
    let (mut sheets, mut infos, mut from_1904) = (Vec::new(), Vec::new(), false);
    each_element(archive, part, |element| {
        if element.local_name().as_ref() == b"workbookPr" {
            from_1904 = value(element, b"date1904").is_some_and(|said| matches!(said.as_str(), "1" | "true"));
        }
        if element.local_name().as_ref() != b"sheet" {
            return;
        }
        let relation = value(element, b"id").and_then(|id| relations.get(&id));
        let Some(relation) = relation.filter(|relation| relation.kind.ends_with("/worksheet")) else { return };
        let name = value(element, b"name").unwrap_or_default();
        let part = match relation.target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("{folder}{}", relation.target),
        };
        let hidden = value(element, b"state").is_some_and(|state| state != "visible");
        infos.push(SheetInfo { name: Some(name.clone()), hidden });
        sheets.push(Sheet { name, part, scan: None });
    })?;
    Ok(Sheets { sheets, infos, from_1904 })
}

fn each_element(archive: &mut Archive, part: &str, mut look: impl FnMut(&BytesStart<'_>)) -> Result<(), Box<Problem>> {
    let content = archive.read(part, MOST_DESCRIPTION)?;
    if memmem::find(&content, b"<!DOCTYPE").is_some() {
        return Err(Box::new(Problem::error("document-type")));
    }
    let mut reader = quick_xml::Reader::from_reader(content.as_slice());
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => look(&element),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(_) => return Err(damaged()),
        }
    }
}

/// An attribute by its local name.
pub(super) fn value(element: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let mut attributes = element.attributes();
    let found =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
}

fn check_styles(archive: &mut Archive, folder: &str) -> Result<(), Box<Problem>> {
    for part in [format!("{folder}styles.xml"), format!("{folder}theme/theme1.xml")] {
        if !archive.has(&part) {
            continue;
        }
        let mut tags = 0u64;
        let mut bytes = 0u64;
        let kinds = [&b"<xf"[..], b"<font>", b"<font/", b"<fill", b"<border", b"<numFmt "].map(memmem::Finder::new);
        archive.scan(&part, &mut |xml| {
            bytes += xml.len() as u64;
            tags += kinds.iter().map(|kind| kind.find_iter(xml).count() as u64).sum::<u64>();
        })?;
        if tags > 6 * MOST_STYLES || bytes > 4 * MOST_DESCRIPTION {
            return Err(damaged());
        }
    }
    Ok(())
}
