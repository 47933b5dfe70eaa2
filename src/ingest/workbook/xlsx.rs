use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::BufReader;

use calamine::{DataRef, Reader, Xlsx, XlsxCellReader, XlsxError};
use jiff::civil::Date;
use memchr::memmem;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::archive::{Archive, damaged};
use super::assemble::{Assembler, Cells, Found};
use super::handle::Handle;
use super::scan::Scan;
use super::{RowSource, SheetInfo, Wanted};
use crate::diagnostic::Problem;
use crate::ingest::raw::Raw;
use crate::ingest::{cell, fold};
use crate::model::Limits;

const MIB: u64 = 1 << 20;

/// What the library keeps of shared texts while a workbook is open may not be larger than this: their bytes, and per text what its bookkeeping takes.
const MOST_STRINGS: u64 = 300 * MIB;
const PER_STRING: u64 = 48;
/// Excel itself allows 65,490 cell formats, and as many fonts.
const MOST_STYLES: u64 = 70_000;
/// Parts that only describe the workbook.
const MOST_DESCRIPTION: u64 = 16 * MIB;

pub(super) struct Book {
    archive: Archive,
    sheets: Vec<Sheet>,
    book: Xlsx<BufReader<Handle>>,
}

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
    pub(super) fn open(file: &Handle, mut archive: Archive) -> Result<(Book, Vec<SheetInfo>), Box<Problem>> {
        let part = workbook_part(&mut archive)?.ok_or_else(damaged)?;
        let (folder, name) = part.rsplit_once('/').map_or(("", part.as_str()), |(folder, name)| (folder, name));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let relations = relations(&mut archive, &format!("{folder}_rels/{name}.rels"))?;
        let (parts, infos) = sheets(&mut archive, &part, &folder, &relations)?;
        check_strings(&mut archive, &format!("{folder}sharedStrings.xml"))?;
        check_styles(&mut archive, &folder)?;
        let book = Xlsx::new(BufReader::new(file.again())).map_err(fault)?;
        Ok((Book { archive, sheets: parts, book }, infos))
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        sheet: usize,
        wanted: &Wanted,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let Book { archive, sheets, book } = self;
        let sheet = sheets.get_mut(sheet).ok_or_else(damaged)?;
        let scan = match sheet.scan.take() {
            Some(scan) => scan,
            None => Scan::of_xml(archive, &sheet.part)?,
        };
        let scan = sheet.scan.insert(scan);
        let reader = book.worksheet_cells_reader(&sheet.name).map_err(fault)?;
        let cells = Stream { reader, formulas: scan.formulas };
        Ok(Box::new(Assembler::new(cells, scan, wanted, limits)))
    }
}

struct Stream<'a> {
    reader: XlsxCellReader<'a, BufReader<Handle>>,
    /// To be asked for with every cell, which takes longer.
    formulas: bool,
}

/// A cell as the library gives it.
struct Streamed<'a> {
    row: u32,
    column: u32,
    value: DataRef<'a>,
    formula: bool,
}

impl<'a> Cells<'a> for Stream<'a> {
    type Cell = Streamed<'a>;

    fn next_cell(&mut self) -> Result<Option<Streamed<'a>>, Box<Problem>> {
        let ((row, column), value, formula) = if self.formulas {
            let Some(record) = self.reader.next_cell_with_formula_metadata().map_err(fault)? else { return Ok(None) };
            (record.pos, record.value, record.formula.is_some())
        } else {
            let Some(cell) = self.reader.next_cell().map_err(fault)? else { return Ok(None) };
            (cell.get_position(), cell.get_value().clone(), false)
        };
        if row > 1_048_575 || column > 16_383 {
            return Err(damaged());
        }
        Ok(Some(Streamed { row, column, value, formula }))
    }

    fn found(Streamed { row, column, value, formula }: Streamed<'a>, limit: usize) -> Found<'a> {
        Found { row, column, raw: raw(value, formula, limit) }
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
    // Most texts begin with something visible; an underscore may begin an escaped control character.
    let visible = |c: char| c != '_' && !c.is_whitespace() && !c.is_control() && !fold::is_invisible(c);
    if !text.starts_with(visible) && cell::clean(&text).is_empty() {
        return None;
    }
    let long = text.len() > limit && text.chars().count() > limit;
    Some(if long { Raw::TooLong(text.len()) } else { Raw::Text(text) })
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

/// The sheets of cells in the workbook's order; charts on a sheet of their own are none.
fn sheets(
    archive: &mut Archive,
    part: &str,
    folder: &str,
    relations: &BTreeMap<String, Relation>,
) -> Result<(Vec<Sheet>, Vec<SheetInfo>), Box<Problem>> {
    let (mut sheets, mut infos) = (Vec::new(), Vec::new());
    each_element(archive, part, |element| {
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
    Ok((sheets, infos))
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

/// The library reserves memory for as many texts as the part says it has, and keeps them all.
fn check_strings(archive: &mut Archive, part: &str) -> Result<(), Box<Problem>> {
    if !archive.has(part) {
        return Ok(());
    }
    let (mut bytes, mut texts, mut said) = (0u64, 0u64, 0u64);
    let item = memmem::Finder::new(b"<si");
    let prefixed = memmem::Finder::new(b":si>");
    let count = memmem::Finder::new(b"uniqueCount=");
    archive.scan(part, &mut |xml| {
        bytes += xml.len() as u64;
        texts += item.find_iter(xml).count() as u64 + prefixed.find_iter(xml).count() as u64;
        for at in count.find_iter(xml) {
            let digits = xml[at + 13..].iter().take_while(|byte| byte.is_ascii_digit());
            said = digits
                .fold(0u64, |sum, &digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
                .max(said);
        }
    })?;
    if said > texts.saturating_mul(2) + 100_000 {
        return Err(damaged());
    }
    if bytes + texts * PER_STRING > MOST_STRINGS {
        return Err(Box::new(
            Problem::error("file-too-large").variant("texts").with("limit", (MOST_STRINGS / MIB).to_string()),
        ));
    }
    Ok(())
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
