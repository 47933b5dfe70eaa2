mod cell_formats;
mod fast_cells;
mod general_cells;
mod shared_strings;
mod sheet_cell;
mod tag_scanner;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use memchr::memmem;
use rayon::prelude::*;

use super::archive::{Archive, damaged_file};
use super::catch_panic::catch_panic;
use super::geometry::SheetGeometry;
use super::read_ahead::UnpackedPart;
use super::row_assembler::{CellReader, PositionedCell, RowAssembler};
use super::shared_file::SharedFile;
use super::xml::{
    MAX_DESCRIPTION, MAX_SHEETS, Relation, attribute, for_each_element, for_each_nested_element, read_relations,
    resolve_target, too_many_sheets,
};
use super::{LARGE_FILE, Projection, RowSource, SheetInfo};
use crate::diagnostic::{Problem, kinds};
use crate::ingest::raw_row::NumberDisplay;
use crate::model::Limits;
use cell_formats::{CellFormat, read_cell_formats};
use fast_cells::FastCells;
use general_cells::GeneralCells;
use shared_strings::SharedStrings;
use sheet_cell::{SheetCell, SheetValue, WorkbookContext};
use tag_scanner::Unsupported;

/// Excel itself allows 65,490 cell formats, and as many fonts.
const MAX_STYLES: u64 = 70_000;
/// Bytes of a sheet from which a second thread to unpack it pays off.
const LARGE_SHEET: u64 = 8 << 20;

pub(super) struct Book {
    file: SharedFile,
    archive: Archive,
    sheets: Vec<Sheet>,
    strings: SharedStrings,
    formats: Vec<CellFormat>,
    from_1904: bool,
}

struct Sheet {
    part: String,
    geometry: Option<SheetGeometry>,
}

/// The part that holds the workbook, by the package's relations; `None` if the package is no workbook.
pub(super) fn workbook_part(archive: &mut Archive) -> Result<Option<String>, Box<Problem>> {
    let relations = read_relations(archive, "_rels/.rels")?;
    let target = relations.into_values().find(|relation| relation.kind.ends_with("/officeDocument"));
    let part = target.map(|relation| resolve_target("", &relation.target)).filter(|part| archive.has(part));
    let Some(part) = part else { return Ok(None) };
    let mut root = None;
    for_each_element(archive, &part, |element| {
        root.get_or_insert_with(|| element.local_name().as_ref().to_owned());
    })?;
    Ok(Some(part).filter(|_| root.as_deref() == Some(b"workbook")))
}

impl Book {
    pub(super) fn open(
        file: &SharedFile,
        mut archive: Archive,
        limits: &Limits,
        notes: &mut Vec<Problem>,
    ) -> Result<(Book, Vec<SheetInfo>), Box<Problem>> {
        let part = workbook_part(&mut archive)?.ok_or_else(damaged_file)?;
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", &part));
        let relations = match folder {
            "" => format!("_rels/{name}.rels"),
            folder => format!("{folder}/_rels/{name}.rels"),
        };
        let relations =
            if archive.has(&relations) { read_relations(&mut archive, &relations)? } else { BTreeMap::new() };
        let WorkbookDescription { sheets, infos, from_1904 } =
            read_description(&mut archive, &part, folder, &relations)?;
        let (mut sheets, infos) = skip_missing_sheets(&archive, sheets, infos, notes);
        // Where no relation says where a part is, it is where programs put it.
        let part_of = |kind: &str, usual: &str| {
            let relation = relations.values().find(|relation| relation.kind.ends_with(kind));
            resolve_target(folder, relation.map_or(usual, |relation| &relation.target))
        };
        let styles = part_of("/styles", "styles.xml");
        check_styles(&mut archive, [&styles, &part_of("/theme", "theme/theme1.xml")])?;
        let formats = read_cell_formats(&mut archive, &styles)?;
        let shared = part_of("/sharedStrings", "sharedStrings.xml");
        let (strings, ()) = rayon::join(
            || catch_panic(|| SharedStrings::read(&mut archive, &shared)).unwrap_or_else(|| Err(damaged_file())),
            || read_geometries(file, &mut sheets, limits),
        );
        let strings = strings?;
        let book = Book { file: file.clone(), archive, sheets, strings, formats, from_1904 };
        Ok((book, infos))
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        sheet: usize,
        projection: &Projection,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let Book { file, archive, sheets, strings, formats, from_1904 } = self;
        let sheet = sheets.get_mut(sheet).ok_or_else(damaged_file)?;
        let geometry = match sheet.geometry.take() {
            Some(geometry) => geometry,
            None => SheetGeometry::read_xml(archive, &sheet.part)?,
        };
        let geometry = sheet.geometry.insert(geometry);
        let context = WorkbookContext { strings, formats, from_1904: *from_1904 };
        let source: Box<dyn Read + Send> = if archive.declared_size(&sheet.part) > LARGE_SHEET {
            Box::new(UnpackedPart::start(file, &sheet.part, *limits))
        } else {
            Box::new(archive.open_part(&sheet.part)?)
        };
        let general = GeneralSource { file: file.reopen(), part: &sheet.part, limits: *limits };
        let reader = SheetReader::Fast(FastCells::new(source, context), general);
        let cells = XlsxCells { context, max_length: limits.cell_length as usize, given: 0, reader };
        Ok(Box::new(RowAssembler::new(cells, geometry, projection, limits)))
    }
}

/// Reads hidden rows and merged cells of a large workbook's sheets in parallel. A fault is found again and reported when
/// its sheet is read.
fn read_geometries(file: &SharedFile, sheets: &mut [Sheet], limits: &Limits) {
    if file.length < LARGE_FILE {
        return;
    }
    sheets.par_iter_mut().for_each(|sheet| {
        let read =
            || Archive::open(file, limits).and_then(|mut archive| SheetGeometry::read_xml(&mut archive, &sheet.part));
        sheet.geometry = catch_panic(read).and_then(Result::ok);
    });
}

/// Cells of a sheet.
struct XlsxCells<'a> {
    context: WorkbookContext<'a>,
    /// Characters of the longest text; of longer ones only the length is kept.
    max_length: usize,
    /// Cells that the fast reader has given.
    given: u64,
    reader: SheetReader<'a>,
}

/// The fast reader, and the general one from the first thing on that the fast one doesn't support.
enum SheetReader<'a> {
    Fast(FastCells<'a>, GeneralSource<'a>),
    General(GeneralCells<'a>),
}

/// What is needed to read a sheet once more from its beginning.
struct GeneralSource<'a> {
    file: SharedFile,
    part: &'a str,
    limits: Limits,
}

impl<'a> XlsxCells<'a> {
    fn read_cell(&mut self) -> Result<Option<SheetCell<'a>>, Box<Problem>> {
        if let SheetReader::Fast(cells, source) = &mut self.reader {
            match cells.next_cell() {
                Ok(cell) => {
                    self.given += 1;
                    return Ok(cell);
                }
                Err(Unsupported) => {
                    let part = UnpackedPart::start(&source.file, source.part, source.limits);
                    let mut general = GeneralCells::new(part, self.context);
                    for _ in 0..self.given {
                        general.next_cell()?;
                    }
                    self.reader = SheetReader::General(general);
                }
            }
        }
        match &mut self.reader {
            SheetReader::Fast(..) => Err(damaged_file()),
            SheetReader::General(cells) => cells.next_cell(),
        }
    }
}

impl<'a> CellReader<'a> for XlsxCells<'a> {
    fn next_cell(&mut self) -> Result<Option<PositionedCell<'a>>, Box<Problem>> {
        let Some(cell) = self.read_cell()? else { return Ok(None) };
        let (row, column) = (cell.row, cell.column);
        if row > 1_048_575 || column > 16_383 {
            return Err(damaged_file());
        }
        let (shared, display) = match cell.value {
            SheetValue::Shared(number, _) => (Some(number), NumberDisplay::Plain),
            SheetValue::Number(_, display) => (None, display),
            _ => (None, NumberDisplay::Plain),
        };
        let raw = cell.into_raw(&self.context, self.max_length);
        let is_known_text = shared.is_some_and(|number| self.context.strings.is_known_text(number));
        Ok(Some(PositionedCell { row, column, raw, shared, is_known_text, display }))
    }
}

/// What the part of the workbook lists.
struct WorkbookDescription {
    /// The sheets of cells in the workbook's order; chart sheets are left out.
    sheets: Vec<Sheet>,
    infos: Vec<SheetInfo>,
    /// Dates count from 1904.
    from_1904: bool,
}

fn read_description(
    archive: &mut Archive,
    part: &str,
    folder: &str,
    relations: &BTreeMap<String, Relation>,
) -> Result<WorkbookDescription, Box<Problem>> {
    let (mut sheets, mut infos, mut from_1904) = (Vec::new(), Vec::new(), false);
    for_each_nested_element(archive, part, |depth, element| {
        // An extension repeats the element without the attribute.
        if depth == 1 && element.local_name().as_ref() == b"workbookPr" {
            from_1904 = attribute(element, b"date1904").is_some_and(|value| matches!(value.as_str(), "1" | "true"));
        }
        if depth != 2 || element.local_name().as_ref() != b"sheet" {
            return;
        }
        let relation = attribute(element, b"id").and_then(|id| relations.get(&id));
        let Some(relation) = relation.filter(|relation| relation.kind.ends_with("/worksheet")) else { return };
        let name = attribute(element, b"name").unwrap_or_default();
        let part = resolve_target(folder, &relation.target);
        let hidden = attribute(element, b"state").is_some_and(|state| state != "visible");
        infos.push(SheetInfo { name: Some(name), hidden });
        sheets.push(Sheet { part, geometry: None });
    })?;
    if sheets.len() > MAX_SHEETS {
        return Err(too_many_sheets());
    }
    Ok(WorkbookDescription { sheets, infos, from_1904 })
}

/// Leaves out sheets that the workbook lists and the file doesn't hold, with a warning: spreadsheet programs open the others.
/// A part is one sheet's: under other names it isn't read again.
fn skip_missing_sheets(
    archive: &Archive,
    sheets: Vec<Sheet>,
    infos: Vec<SheetInfo>,
    notes: &mut Vec<Problem>,
) -> (Vec<Sheet>, Vec<SheetInfo>) {
    let mut parts = BTreeSet::new();
    let (there, missing): (Vec<_>, Vec<_>) = sheets
        .into_iter()
        .zip(infos)
        .partition(|(sheet, _)| archive.has(&sheet.part) && parts.insert(sheet.part.to_lowercase()));
    for (_, info) in missing {
        notes.push(Problem::warning(kinds::DamagedFile::Sheet { sheet: info.name.unwrap_or_default() }));
    }
    there.into_iter().unzip()
}

fn check_styles(archive: &mut Archive, parts: [&str; 2]) -> Result<(), Box<Problem>> {
    for part in parts.into_iter().filter(|part| archive.has(part)).collect::<Vec<_>>() {
        let mut tags = 0u64;
        let mut bytes = 0u64;
        let kinds = [&b"<xf"[..], b"<font>", b"<font/", b"<fill", b"<border", b"<numFmt "].map(memmem::Finder::new);
        archive.scan_xml(part, &mut |xml| {
            bytes += xml.len() as u64;
            tags += kinds.iter().map(|kind| kind.find_iter(xml).count() as u64).sum::<u64>();
        })?;
        if tags > 6 * MAX_STYLES || bytes > 4 * MAX_DESCRIPTION {
            return Err(damaged_file());
        }
    }
    Ok(())
}
