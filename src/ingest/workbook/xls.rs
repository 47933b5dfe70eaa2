use std::io::{BufReader, Read};

use calamine::{Data, DataRef, Reader, SheetType, SheetVisible, Xls, XlsError};

use super::archive::{damaged, too_large};
use super::assemble::{Assembler, Cells, Found};
use super::compound::Compound;
use super::handle::Handle;
use super::scan::{Merge, Scan};
use super::xlsx::raw;
use super::{RowSource, SheetInfo, Wanted};
use crate::diagnostic::{Problem, cell_name};
use crate::model::Limits;

/// Excel's workbook of 1997 to 2003. The library can't stream it: it lays every sheet out as a full grid,
/// so that the file's records are looked through before. They are described in [MS-XLS].
pub(super) struct Book {
    sheets: Vec<Sheet>,
}

struct Sheet {
    cells: Vec<(u32, u32, Data)>,
    scan: Scan,
}

/// The format's own limit is 65,536 rows; files of real data stay far below this.
const MOST_MIB: u64 = 96;
/// Cells of all grids together, about 24 bytes each.
const MOST_GRID: u64 = 6_000_000;

const BOUND_SHEET: u16 = 0x0085;
const ROW: u16 = 0x0208;
const FILE_PASS: u16 = 0x002f;
const DIMENSIONS: u16 = 0x0200;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
/// Records that begin with row and column of a cell with content.
const CELLS: [u16; 8] = [0x0203, 0x0204, 0x00d6, 0x0205, 0x027e, 0x00fd, 0x00bd, 0x0006];

impl Book {
    pub(super) fn open(file: &Handle, limits: &Limits) -> Result<(Book, Vec<SheetInfo>), Box<Problem>> {
        let most = MOST_MIB.min(limits.unpacked_mib);
        if file.length > most << 20 {
            return Err(too_large(most));
        }
        let mut bytes = Vec::new();
        file.again().read_to_end(&mut bytes).map_err(|_| damaged())?;
        let compound = Compound::read(&bytes).ok_or_else(damaged)?;
        if compound.has("EncryptedPackage") {
            return Err(Box::new(Problem::error("encrypted-file")));
        }
        if !compound.has("Workbook") && !compound.has("Book") {
            return Err(Box::new(Problem::error("not-a-table").variant("document")));
        }
        let stream = compound.stream("Workbook").or_else(|| compound.stream("Book")).ok_or_else(damaged)?;
        let hidden = look_through(&stream)?;
        drop(stream);
        drop(bytes);
        let mut book: Xls<_> = Xls::new(BufReader::new(file.again())).map_err(fault)?;
        let metadata = book.sheets_metadata().to_vec();
        let (mut sheets, mut infos) = (Vec::new(), Vec::new());
        for (at, info) in metadata.into_iter().enumerate() {
            if info.typ != SheetType::WorkSheet {
                continue;
            }
            let mut scan = Scan { hidden: hidden.get(at).cloned().unwrap_or_default(), ..Scan::default() };
            for merged in book.merge_cells_by_sheet_name(&info.name).map_err(fault)? {
                let ((top, left), (bottom, right)) = (merged.start, merged.end);
                scan.merge(Merge { top, left, bottom, right });
            }
            let range = book.worksheet_range(&info.name).map_err(fault)?;
            let (first_row, first_column) = range.start().unwrap_or_default();
            let cells = range
                .used_cells()
                .map(|(row, column, data)| (first_row + row as u32, first_column + column as u32, data.clone()))
                .collect();
            sheets.push(Sheet { cells, scan: scan.sorted() });
            infos.push(SheetInfo { name: Some(info.name), hidden: info.visible != SheetVisible::Visible });
        }
        Ok((Book { sheets }, infos))
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        sheet: usize,
        wanted: &Wanted,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let sheet = self.sheets.get(sheet).ok_or_else(damaged)?;
        let cells = Stream { cells: sheet.cells.iter(), limit: limits.cell_length as usize };
        Ok(Box::new(Assembler::new(cells, &sheet.scan, wanted, limits)))
    }
}

struct Stream<'a> {
    cells: std::slice::Iter<'a, (u32, u32, Data)>,
    limit: usize,
}

impl<'a> Cells<'a> for Stream<'a> {
    fn next_cell(&mut self) -> Result<Option<Found<'a>>, Box<Problem>> {
        let Some((row, column, data)) = self.cells.next() else { return Ok(None) };
        let raw = raw(as_streamed(data), false, self.limit);
        Ok(Some(Found { row: *row, column: *column, raw, shared: None, is_known_text: false }))
    }
}

/// The same value as the streaming readers of other formats give it.
fn as_streamed(data: &Data) -> DataRef<'_> {
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

fn fault(error: XlsError) -> Box<Problem> {
    match error {
        XlsError::Password => Box::new(Problem::error("encrypted-file")),
        _ => damaged(),
    }
}

/// Hidden rows of every sheet, in the workbook's order. A grid that would be too large to lay out is an error that
/// names its farthest cell.
fn look_through(stream: &[u8]) -> Result<Vec<Vec<(u32, u32)>>, Box<Problem>> {
    let mut starts = Vec::new();
    for (kind, data) in Records(stream) {
        match kind {
            FILE_PASS if u16_at(data, 0) != Some(0) => return Err(Box::new(Problem::error("encrypted-file"))),
            BOUND_SHEET => starts.push(u32_at(data, 0).ok_or_else(damaged)? as usize),
            END => break,
            _ => {}
        }
    }
    let mut all = Vec::new();
    let mut grid = 0u64;
    for start in starts {
        let sheet = stream.get(start..).ok_or_else(damaged)?;
        let mut scan = Scan::default();
        let (mut top, mut left) = (u32::MAX, u32::MAX);
        let (mut bottom, mut right, mut any) = (0, 0, false);
        let mut depth = 0;
        for (kind, data) in Records(sheet) {
            match kind {
                BEGIN => depth += 1,
                END if depth <= 1 => break,
                END => depth -= 1,
                DIMENSIONS if depth <= 1 => check_dimensions(data)?,
                ROW if depth <= 1 => {
                    // fDyZero: the row's height is none.
                    if let (Some(row), Some(flags)) = (u16_at(data, 0), u16_at(data, 12))
                        && flags & 0x20 != 0
                    {
                        scan.hide(u32::from(row));
                    }
                }
                _ if depth <= 1 && CELLS.contains(&kind) => {
                    if let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) {
                        let (row, column) = (u32::from(row), u32::from(column));
                        (top, left) = (top.min(row), left.min(column));
                        (bottom, right, any) = (bottom.max(row), right.max(column), true);
                    }
                }
                _ => {}
            }
        }
        if any {
            grid += u64::from(bottom - top + 1) * u64::from(right - left + 1);
        }
        if grid > MOST_GRID {
            return Err(Box::new(Problem::error("far-cell").with("cell", cell_name(bottom + 1, right))));
        }
        all.push(scan.sorted().hidden);
    }
    Ok(all)
}

/// The library reserves memory for the whole range that a sheet says it has, and doesn't expect an end before its beginning.
fn check_dimensions(data: &[u8]) -> Result<(), Box<Problem>> {
    let wide = |at| u16_at(data, at).map(u32::from);
    let (first, last, columns) = match data.len() {
        10 => (wide(0), wide(2), wide(6)),
        _ => (u32_at(data, 0), u32_at(data, 4), wide(10)),
    };
    let (first, last, columns) = (first.unwrap_or(0), last.unwrap_or(0), columns.unwrap_or(0));
    let sound = last <= 65_536 && columns <= 257 && (first <= last || last == 0);
    if sound { Ok(()) } else { Err(damaged()) }
}

/// The records of a stream: kind and data, continuations apart.
struct Records<'s>(&'s [u8]);

impl<'s> Iterator for Records<'s> {
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
