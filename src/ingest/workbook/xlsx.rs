mod cell_formats;
mod fast_cells;
mod shared_strings;
mod tag_scanner;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use calamine::{DataRef, Reader, Xlsx, XlsxCellReader, XlsxError};
use memchr::memmem;
use rayon::prelude::*;

use super::archive::{Archive, damaged_file};
use super::catch_panic::catch_panic;
use super::cell_value::cell_value;
use super::geometry::SheetGeometry;
use super::read_ahead::UnpackedPart;
use super::row_assembler::{CellReader, PositionedCell, RowAssembler};
use super::shared_file::SharedFile;
use super::xml::{MAX_DESCRIPTION, Relation, attribute, for_each_nested_element, read_relations};
use super::{LARGE_FILE, Projection, RowSource, SheetInfo};
use crate::diagnostic::{Problem, kinds};
use crate::ingest::raw::Raw;
use crate::model::Limits;
use cell_formats::{CellFormat, read_cell_formats};
use fast_cells::{FastCells, SheetCell, Unsupported, WorkbookContext};
use shared_strings::SharedStrings;

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
    /// Opened for the first sheet that our own reader can't read to its end.
    library: Option<Library>,
}

type Library = Xlsx<BufReader<SharedFile>>;

struct Sheet {
    name: String,
    part: String,
    geometry: Option<SheetGeometry>,
}

/// The part that holds the workbook, by the package's relations.
pub(super) fn workbook_part(archive: &mut Archive) -> Result<Option<String>, Box<Problem>> {
    let relations = read_relations(archive, "_rels/.rels")?;
    let target = relations.into_values().find(|relation| relation.kind.ends_with("/officeDocument"));
    let part = target.map(|relation| relation.target.trim_start_matches('/').to_owned());
    Ok(part.filter(|part| part.contains("workbook") || part.starts_with("xl/")))
}

impl Book {
    pub(super) fn open(
        file: &SharedFile,
        mut archive: Archive,
        limits: &Limits,
    ) -> Result<(Book, Vec<SheetInfo>), Box<Problem>> {
        let part = workbook_part(&mut archive)?.ok_or_else(damaged_file)?;
        let (folder, name) = part.rsplit_once('/').map_or(("", part.as_str()), |(folder, name)| (folder, name));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let relations = read_relations(&mut archive, &format!("{folder}_rels/{name}.rels"))?;
        let WorkbookDescription { mut sheets, infos, from_1904 } =
            read_description(&mut archive, &part, &folder, &relations)?;
        check_styles(&mut archive, &folder)?;
        let formats = read_cell_formats(&mut archive, &format!("{folder}styles.xml"))?;
        let shared = format!("{folder}sharedStrings.xml");
        let (strings, ()) = rayon::join(
            || catch_panic(|| SharedStrings::read(&mut archive, &shared)).unwrap_or_else(|| Err(damaged_file())),
            || read_geometries(file, &mut sheets, limits),
        );
        let strings = strings?;
        let book = Book { file: file.clone(), archive, sheets, strings, formats, from_1904, library: None };
        Ok((book, infos))
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        sheet: usize,
        projection: &Projection,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let Book { file, archive, sheets, strings, formats, from_1904, library } = self;
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
        let fast_cells = FastCells::new(source, context);
        let library = Some(LibraryFallback { file: file.reopen(), library, sheet: &sheet.name });
        let max_length = limits.cell_length as usize;
        let cells =
            XlsxCells { strings, max_length, fast_cells: Some(fast_cells), given: 0, fallback: library, reader: None };
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

/// Cells of a sheet: by our own reader, and by the library's from the first thing on that ours doesn't support.
struct XlsxCells<'a> {
    strings: &'a SharedStrings,
    /// Characters of the longest text; of longer ones only the length is kept.
    max_length: usize,
    fast_cells: Option<FastCells<'a>>,
    /// Cells that our own reader has given.
    given: u64,
    fallback: Option<LibraryFallback<'a>>,
    reader: Option<XlsxCellReader<'a, BufReader<SharedFile>>>,
}

/// What is needed to read a sheet by the library.
struct LibraryFallback<'a> {
    file: SharedFile,
    library: &'a mut Option<Library>,
    sheet: &'a str,
}

impl<'a> LibraryFallback<'a> {
    /// The library's reader, at the cell after the first `given`.
    fn reader(self, given: u64) -> Result<XlsxCellReader<'a, BufReader<SharedFile>>, Box<Problem>> {
        if self.library.is_none() {
            *self.library = Some(Xlsx::new(BufReader::new(self.file)).map_err(library_problem)?);
        }
        let library = self.library.as_mut().ok_or_else(damaged_file)?;
        let mut reader = library.worksheet_cells_reader(self.sheet).map_err(library_problem)?;
        for _ in 0..given {
            reader.next_cell().map_err(library_problem)?;
        }
        Ok(reader)
    }
}

impl<'a> CellReader<'a> for XlsxCells<'a> {
    fn next_cell(&mut self) -> Result<Option<PositionedCell<'a>>, Box<Problem>> {
        let cell = match &mut self.fast_cells {
            Some(fast_cells) => match fast_cells.next_cell() {
                Ok(cell) => {
                    self.given += 1;
                    cell
                }
                Err(Unsupported) => {
                    self.fast_cells = None;
                    let fallback = self.fallback.take().ok_or_else(damaged_file)?;
                    self.reader = Some(fallback.reader(self.given)?);
                    return self.next_cell();
                }
            },
            None => {
                let reader = self.reader.as_mut().ok_or_else(damaged_file)?;
                let record = reader.next_cell_with_formula_metadata().map_err(library_problem)?;
                record.map(|record| SheetCell {
                    row: record.pos.0,
                    column: record.pos.1,
                    value: record.value,
                    formula: record.formula.is_some(),
                    shared: None,
                    min_digits: 0,
                })
            }
        };
        let Some(cell) = cell else { return Ok(None) };
        if cell.row > 1_048_575 || cell.column > 16_383 {
            return Err(damaged_file());
        }
        let SheetCell { row, column, value, formula, shared, min_digits } = cell;
        let is_visible = shared.is_some_and(|number| self.strings.is_visible(number));
        let raw = match value {
            DataRef::SharedString(text) if is_visible && text.len() <= self.max_length => {
                Some(Raw::Text(Cow::Borrowed(text)))
            }
            value => cell_value(value, formula, self.max_length),
        };
        let is_known_text = shared.is_some_and(|number| self.strings.is_known_text(number));
        Ok(Some(PositionedCell { row, column, raw, shared, is_known_text, min_digits }))
    }
}

fn library_problem(error: XlsxError) -> Box<Problem> {
    match error {
        XlsxError::Password => Box::new(Problem::error(kinds::EncryptedFile)),
        XlsxError::CellError(text) => Box::new(Problem::error(kinds::DamagedFile::Cell { text })),
        _ => damaged_file(),
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
        let part = match relation.target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("{folder}{}", relation.target),
        };
        let hidden = attribute(element, b"state").is_some_and(|state| state != "visible");
        infos.push(SheetInfo { name: Some(name.clone()), hidden });
        sheets.push(Sheet { name, part, geometry: None });
    })?;
    Ok(WorkbookDescription { sheets, infos, from_1904 })
}

fn check_styles(archive: &mut Archive, folder: &str) -> Result<(), Box<Problem>> {
    for part in [format!("{folder}styles.xml"), format!("{folder}theme/theme1.xml")] {
        if !archive.has(&part) {
            continue;
        }
        let mut tags = 0u64;
        let mut bytes = 0u64;
        let kinds = [&b"<xf"[..], b"<font>", b"<font/", b"<fill", b"<border", b"<numFmt "].map(memmem::Finder::new);
        archive.scan_xml(&part, &mut |xml| {
            bytes += xml.len() as u64;
            tags += kinds.iter().map(|kind| kind.find_iter(xml).count() as u64).sum::<u64>();
        })?;
        if tags > 6 * MAX_STYLES || bytes > 4 * MAX_DESCRIPTION {
            return Err(damaged_file());
        }
    }
    Ok(())
}
