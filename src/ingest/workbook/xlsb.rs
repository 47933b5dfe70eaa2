use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use calamine::{Cell, DataRef, Reader, SheetType, SheetVisible, Xlsb, XlsbError};

use super::archive::{Archive, damaged_file, unread_form};
use super::cell_value::cell_value;
use super::geometry::{MergedRange, SheetGeometry};
use super::row_assembler::{CellReader, PositionedCell, RowAssembler};
use super::shared_file::SharedFile;
use super::xml::{MAX_SHEETS, Relation, read_relations, resolve_target, too_many_sheets};
use super::{Projection, RowSource, SheetInfo};
use crate::diagnostic::{Problem, kinds};
use crate::ingest::raw_row::NumberDisplay;
use crate::model::Limits;

/// Excel's binary workbook: zipped parts of records. Records are described in [MS-XLSB].
pub(super) struct Book {
    sheets: Vec<Sheet>,
    book: Xlsb<BufReader<SharedFile>>,
    archive: Archive,
}

struct Sheet {
    name: String,
    part: Option<String>,
    geometry: Option<SheetGeometry>,
}

/// No record of a sheet of cells is longer; the library reserves what a record says.
const MAX_RECORD: u32 = 4 << 20;
/// What the library keeps of shared texts.
const MAX_STRINGS: u64 = 300 << 20;

const WORKBOOK: &str = "xl/workbook.bin";

const ROW: u32 = 0;
const MERGE: u32 = 0x00b0;
const SHEET: u32 = 0x009c;
/// A sheet's row with this bit is not shown.
const ZERO_HEIGHT: u8 = 1 << 4;

impl Book {
    /// `workbook` is the part that [`workbook_part`] found.
    pub(super) fn open(
        file: &SharedFile,
        mut archive: Archive,
        workbook: &str,
        notes: &mut Vec<Problem>,
    ) -> Result<(Book, Vec<SheetInfo>), Box<Problem>> {
        // The library takes the parts by their usual names alone, and would read a workbook without its texts.
        let relations = read_workbook_relations(&mut archive)?;
        let usual = [("/sharedStrings", "xl/sharedstrings.bin"), ("/styles", "xl/styles.bin")];
        let is_usual = |relation: &Relation| {
            usual.iter().all(|(kind, part)| {
                !relation.kind.ends_with(kind) || resolve_target("xl", &relation.target).to_lowercase() == *part
            })
        };
        if workbook.to_lowercase() != WORKBOOK || !relations.values().all(is_usual) {
            return Err(unread_form());
        }
        for part in [WORKBOOK, "xl/sharedstrings.bin", "xl/styles.bin"] {
            if archive.has(part) {
                let mut bytes = 0u64;
                for_each_record(&mut archive, part, |_, record| bytes += record.len() as u64 + 32)?;
                if bytes > MAX_STRINGS {
                    let limit = (MAX_STRINGS >> 20).to_string();
                    return Err(Box::new(Problem::error(kinds::FileTooLarge::Texts { limit })));
                }
            }
        }
        let parts = sheet_parts(&mut archive, &relations)?;
        if parts.len() > MAX_SHEETS {
            return Err(too_many_sheets());
        }
        let book = Xlsb::new(BufReader::new(file.reopen())).map_err(library_problem)?;
        let (mut sheets, mut infos) = (Vec::new(), Vec::new());
        for (at, sheet) in book.sheets_metadata().iter().enumerate() {
            if sheet.typ == SheetType::WorkSheet {
                let part = parts.get(at).cloned().flatten().filter(|part| archive.has(part));
                if part.is_none() {
                    // Spreadsheet programs open the others.
                    notes.push(Problem::warning(kinds::DamagedFile::Sheet { sheet: sheet.name.clone() }));
                    continue;
                }
                sheets.push(Sheet { name: sheet.name.clone(), part, geometry: None });
                infos
                    .push(SheetInfo { name: Some(sheet.name.clone()), hidden: sheet.visible != SheetVisible::Visible });
            }
        }
        Ok((Book { sheets, book, archive }, infos))
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        sheet: usize,
        projection: &Projection,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let Book { sheets, book, archive } = self;
        let sheet = sheets.get_mut(sheet).ok_or_else(damaged_file)?;
        let geometry = match sheet.geometry.take() {
            Some(geometry) => geometry,
            None => read_geometry(archive, sheet.part.as_deref().ok_or_else(damaged_file)?)?,
        };
        let geometry = sheet.geometry.insert(geometry);
        let mut reader = book.worksheet_cells_reader(&sheet.name).map_err(library_problem)?;
        let cells = XlsbCells { next: move || reader.next_cell(), max_length: limits.cell_length as usize };
        Ok(Box::new(RowAssembler::new(cells, geometry, projection, limits)))
    }
}

struct XlsbCells<F> {
    /// The library's reader of cells; it has no name outside the library.
    next: F,
    max_length: usize,
}

impl<'a, F: FnMut() -> Result<Option<Cell<DataRef<'a>>>, XlsbError> + Send> CellReader<'a> for XlsbCells<F> {
    fn next_cell(&mut self) -> Result<Option<PositionedCell<'a>>, Box<Problem>> {
        let Some(cell) = (self.next)().map_err(library_problem)? else { return Ok(None) };
        let (row, column) = cell.get_position();
        if row > 1_048_575 || column > 16_383 {
            return Err(damaged_file());
        }
        Ok(Some(PositionedCell {
            row,
            column,
            raw: cell_value(cell.get_value().clone(), false, self.max_length),
            shared: None,
            is_known_text: false,
            display: NumberDisplay::Plain,
        }))
    }
}

fn library_problem(error: XlsbError) -> Box<Problem> {
    match error {
        XlsbError::Password => Box::new(Problem::error(kinds::EncryptedFile)),
        _ => unread_form(),
    }
}

/// The part of a binary workbook, by the package's relations; `None` if the package is none.
pub(super) fn workbook_part(archive: &mut Archive) -> Result<Option<String>, Box<Problem>> {
    if archive.has(WORKBOOK) {
        return Ok(Some(WORKBOOK.to_owned()));
    }
    if !archive.has("_rels/.rels") {
        return Ok(None);
    }
    let relations = read_relations(archive, "_rels/.rels")?;
    let target = relations.into_values().find(|relation| relation.kind.ends_with("/officeDocument"));
    Ok(target.map(|relation| resolve_target("", &relation.target)).filter(|part| part.ends_with(".bin")))
}

fn read_workbook_relations(archive: &mut Archive) -> Result<BTreeMap<String, Relation>, Box<Problem>> {
    let part = "xl/_rels/workbook.bin.rels";
    if archive.has(part) { read_relations(archive, part) } else { Ok(BTreeMap::new()) }
}

fn read_geometry(archive: &mut Archive, part: &str) -> Result<SheetGeometry, Box<Problem>> {
    let mut geometry = SheetGeometry::default();
    for_each_record(archive, part, |kind, record| match kind {
        ROW => {
            if let (Some(row), Some(flags)) = (u32_at(record, 0), record.get(11))
                && flags & ZERO_HEIGHT != 0
            {
                geometry.add_hidden_row(row);
            }
        }
        MERGE => {
            let at = |offset| u32_at(record, offset);
            if let (Some(top), Some(bottom), Some(left), Some(right)) = (at(0), at(4), at(8), at(12)) {
                geometry.add_merged(MergedRange { top, left, bottom, right });
            }
        }
        _ => {}
    })?;
    Ok(geometry.sorted())
}

/// The part of every sheet, in the workbook's order.
fn sheet_parts(
    archive: &mut Archive,
    relations: &BTreeMap<String, Relation>,
) -> Result<Vec<Option<String>>, Box<Problem>> {
    let mut parts = Vec::new();
    for_each_record(archive, WORKBOOK, |kind, record| {
        if kind == SHEET {
            let length = u32_at(record, 8).filter(|length| *length != u32::MAX);
            let id = length.and_then(|length| record.get(12..12 + 2 * length as usize));
            let units =
                id.map(|id| id.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect::<Vec<_>>());
            let id = units.map(|units| String::from_utf16_lossy(&units));
            // The library skips sheets without a relation.
            if let Some(id) = id {
                parts.push(relations.get(&id).map(|relation| resolve_target("xl", &relation.target)));
            }
        }
    })?;
    Ok(parts)
}

/// Calls `visit` with the kind and data of every record of a part. A record longer than any real one
/// is damage.
fn for_each_record(archive: &mut Archive, part: &str, mut visit: impl FnMut(u32, &[u8])) -> Result<(), Box<Problem>> {
    archive.verify(part)?;
    let mut reader = BufReader::with_capacity(256 << 10, archive.open_part(part)?);
    let mut record = Vec::new();
    while let Some(first) = read_byte(&mut reader)? {
        let kind = if first & 0x80 == 0 {
            u32::from(first)
        } else {
            u32::from(first & 0x7f) | u32::from(read_byte(&mut reader)?.ok_or_else(damaged_file)? & 0x7f) << 7
        };
        let mut length = 0u32;
        for shift in 0..4 {
            let next = read_byte(&mut reader)?.ok_or_else(damaged_file)?;
            length |= u32::from(next & 0x7f) << (7 * shift);
            if next & 0x80 == 0 {
                break;
            }
        }
        if length > MAX_RECORD {
            return Err(damaged_file());
        }
        record.resize(length as usize, 0);
        reader.read_exact(&mut record).map_err(|_| damaged_file())?;
        visit(kind, &record);
    }
    Ok(())
}

fn read_byte(reader: &mut impl Read) -> Result<Option<u8>, Box<Problem>> {
    let mut one = [0];
    match reader.read(&mut one) {
        Ok(0) => Ok(None),
        Ok(_) => Ok(Some(one[0])),
        Err(_) => Err(damaged_file()),
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
