use std::io::{BufReader, Read};

use calamine::{Data, DataRef, Reader, SheetType, SheetVisible, Xls, XlsError};

use super::archive::{damaged_file, file_too_large, unread_form};
use super::cell_value::cell_value;
use super::compound_file::CompoundFile;
use super::geometry::{MergedRange, SheetGeometry};
use super::row_assembler::{CellReader, PositionedCell, RowAssembler};
use super::shared_file::SharedFile;
use super::xml::{MAX_SHEETS, too_many_sheets};
use super::{Projection, RowSource, SheetInfo};
use crate::diagnostic::{Problem, cell_name, kinds};
use crate::ingest::raw_row::NumberDisplay;
use crate::model::Limits;

/// Excel's workbook of 1997 to 2003. The library can't stream it: it lays every sheet out as a full grid,
/// so the file's records are scanned before. They are described in [MS-XLS].
pub(super) struct Book {
    sheets: Vec<Sheet>,
}

struct Sheet {
    cells: Vec<(u32, u32, Data)>,
    geometry: SheetGeometry,
}

/// The format's own limit is 65,536 rows; files of real data stay far below this.
const MAX_MIB: u64 = 96;
/// Cells of all grids together, about 24 bytes each.
const MAX_GRID: u64 = 6_000_000;

const BOUND_SHEET: u16 = 0x0085;
const ROW: u16 = 0x0208;
const FILE_PASS: u16 = 0x002f;
const DIMENSIONS: u16 = 0x0200;
const BEGIN_SUBSTREAM: u16 = 0x0809;
const END_SUBSTREAM: u16 = 0x000a;
/// BiffRecords that begin with row and column of a cell with content.
const CELL_RECORDS: [u16; 8] = [0x0203, 0x0204, 0x00d6, 0x0205, 0x027e, 0x00fd, 0x00bd, 0x0006];

impl Book {
    pub(super) fn open(file: &SharedFile, limits: &Limits) -> Result<(Book, Vec<SheetInfo>), Box<Problem>> {
        let max_mib = MAX_MIB.min(limits.unpacked_mib);
        if file.length > max_mib << 20 {
            return Err(file_too_large(max_mib));
        }
        let mut bytes = Vec::new();
        file.reopen().read_to_end(&mut bytes).map_err(|_| damaged_file())?;
        let compound = CompoundFile::read(&bytes).ok_or_else(damaged_file)?;
        if compound.has("EncryptedPackage") {
            return Err(Box::new(Problem::error(kinds::EncryptedFile)));
        }
        if !compound.has("Workbook") && !compound.has("Book") {
            return Err(Box::new(Problem::error(kinds::NotATable::Document)));
        }
        let stream = compound.stream("Workbook").or_else(|| compound.stream("Book")).ok_or_else(damaged_file)?;
        let hidden_rows = scan_records(&stream)?;
        drop(stream);
        drop(bytes);
        let mut book: Xls<_> = Xls::new(BufReader::new(file.reopen())).map_err(library_problem)?;
        let metadata = book.sheets_metadata().to_vec();
        let (mut sheets, mut infos) = (Vec::new(), Vec::new());
        for (at, info) in metadata.into_iter().enumerate() {
            if info.typ != SheetType::WorkSheet {
                continue;
            }
            let hidden_rows = hidden_rows.get(at).cloned().unwrap_or_default();
            let mut geometry = SheetGeometry { hidden_rows, ..SheetGeometry::default() };
            for merged in book.merge_cells_by_sheet_name(&info.name).map_err(library_problem)? {
                let ((top, left), (bottom, right)) = (merged.start, merged.end);
                geometry.add_merged(MergedRange { top, left, bottom, right });
            }
            let range = book.worksheet_range(&info.name).map_err(library_problem)?;
            let (first_row, first_column) = range.start().unwrap_or_default();
            let cells = range
                .used_cells()
                .map(|(row, column, data)| (first_row + row as u32, first_column + column as u32, data.clone()))
                .collect();
            sheets.push(Sheet { cells, geometry: geometry.sorted() });
            infos.push(SheetInfo { name: Some(info.name), hidden: info.visible != SheetVisible::Visible });
        }
        Ok((Book { sheets }, infos))
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        sheet: usize,
        projection: &Projection,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let sheet = self.sheets.get(sheet).ok_or_else(damaged_file)?;
        let cells = XlsCells { cells: sheet.cells.iter(), max_length: limits.cell_length as usize };
        Ok(Box::new(RowAssembler::new(cells, &sheet.geometry, projection, limits)))
    }
}

struct XlsCells<'a> {
    cells: std::slice::Iter<'a, (u32, u32, Data)>,
    max_length: usize,
}

impl<'a> CellReader<'a> for XlsCells<'a> {
    fn next_cell(&mut self) -> Result<Option<PositionedCell<'a>>, Box<Problem>> {
        let Some((row, column, data)) = self.cells.next() else { return Ok(None) };
        let raw = cell_value(as_data_ref(data), false, self.max_length);
        Ok(Some(PositionedCell {
            row: *row,
            column: *column,
            raw,
            shared: None,
            is_known_text: false,
            display: NumberDisplay::Plain,
        }))
    }
}

/// The same value as the streaming readers of other formats give it.
fn as_data_ref(data: &Data) -> DataRef<'_> {
    match data {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(yes) => DataRef::Bool(*yes),
        Data::DateTime(date) => DataRef::DateTime(*date),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

fn library_problem(error: XlsError) -> Box<Problem> {
    match error {
        XlsError::Password => Box::new(Problem::error(kinds::EncryptedFile)),
        _ => unread_form(),
    }
}

/// Hidden rows of every sheet, in the workbook's order. A grid that would be too large to lay out is an error that
/// names its farthest cell.
fn scan_records(stream: &[u8]) -> Result<Vec<Vec<(u32, u32)>>, Box<Problem>> {
    let mut starts = Vec::new();
    for (kind, data) in BiffRecords(stream) {
        match kind {
            // Also of the oldest kind, which has the number 0.
            FILE_PASS => return Err(Box::new(Problem::error(kinds::EncryptedFile))),
            BOUND_SHEET if starts.len() == MAX_SHEETS => return Err(too_many_sheets()),
            BOUND_SHEET => starts.push(u32_at(data, 0).ok_or_else(damaged_file)? as usize),
            END_SUBSTREAM => break,
            _ => {}
        }
    }
    let mut hidden_rows = Vec::new();
    let mut grid = 0u64;
    // Sheets may name the same records: then each of them is read as often, by the library too.
    let mut bytes_left = 2 * stream.len();
    for start in starts {
        let sheet = stream.get(start..).ok_or_else(unread_form)?;
        let mut geometry = SheetGeometry::default();
        let (mut top, mut left) = (u32::MAX, u32::MAX);
        let (mut bottom, mut right, mut has_cells) = (0, 0, false);
        let mut depth = 0;
        for (kind, data) in BiffRecords(sheet) {
            bytes_left = bytes_left.checked_sub(4 + data.len()).ok_or_else(unread_form)?;
            match kind {
                BEGIN_SUBSTREAM => depth += 1,
                END_SUBSTREAM if depth <= 1 => break,
                END_SUBSTREAM => depth -= 1,
                DIMENSIONS if depth <= 1 => check_dimensions(data)?,
                ROW if depth <= 1 => {
                    // fDyZero: the row's height is none.
                    if let (Some(row), Some(flags)) = (u16_at(data, 0), u16_at(data, 12))
                        && flags & 0x20 != 0
                    {
                        geometry.add_hidden_row(u32::from(row));
                    }
                }
                _ if depth <= 1 && CELL_RECORDS.contains(&kind) => {
                    if let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) {
                        let (row, column) = (u32::from(row), u32::from(column));
                        (top, left) = (top.min(row), left.min(column));
                        (bottom, right, has_cells) = (bottom.max(row), right.max(column), true);
                    }
                }
                _ => {}
            }
        }
        if has_cells {
            grid += u64::from(bottom - top + 1) * u64::from(right - left + 1);
        }
        if grid > MAX_GRID {
            return Err(Box::new(Problem::error(kinds::FarCell { cell: cell_name(bottom + 1, right) })));
        }
        hidden_rows.push(geometry.sorted().hidden_rows);
    }
    Ok(hidden_rows)
}

/// The library reserves memory for the whole range that a sheet says it has, and doesn't expect an end before its beginning.
fn check_dimensions(data: &[u8]) -> Result<(), Box<Problem>> {
    let u16_as_u32 = |at| u16_at(data, at).map(u32::from);
    let (first, last, columns) = match data.len() {
        10 => (u16_as_u32(0), u16_as_u32(2), u16_as_u32(6)),
        _ => (u32_at(data, 0), u32_at(data, 4), u16_as_u32(10)),
    };
    let (first, last, columns) = (first.unwrap_or(0), last.unwrap_or(0), columns.unwrap_or(0));
    let sound = last <= 65_536 && columns <= 257 && (first <= last || last == 0);
    if sound { Ok(()) } else { Err(damaged_file()) }
}

/// The records of a stream: kind and data, continuations apart.
struct BiffRecords<'s>(&'s [u8]);

impl<'s> Iterator for BiffRecords<'s> {
    type Item = (u16, &'s [u8]);

    fn next(&mut self) -> Option<(u16, &'s [u8])> {
        let (kind, length) = (u16_at(self.0, 0)?, usize::from(u16_at(self.0, 2)?));
        let data = self.0.get(4..4 + length)?;
        self.0 = &self.0[4 + length..];
        Some((kind, data))
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
