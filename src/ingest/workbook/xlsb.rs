use std::io::{BufReader, Read};

use calamine::{Cell, DataRef, Reader, SheetType, SheetVisible, Xlsb, XlsbError};

use super::archive::{Archive, damaged};
use super::assemble::{Assembler, Cells, Found};
use super::handle::Handle;
use super::scan::{Merge, Scan};
use super::xlsx::raw;
use super::{RowSource, SheetInfo, Wanted};
use crate::diagnostic::Problem;
use crate::model::Limits;

/// Excel's binary workbook: zipped parts of records. Records are described in [MS-XLSB].
pub(super) struct Book {
    sheets: Vec<Sheet>,
    book: Xlsb<BufReader<Handle>>,
    archive: Archive,
}

struct Sheet {
    name: String,
    part: Option<String>,
    scan: Option<Scan>,
}

/// No record of a sheet of cells is longer; the library reserves what a record says.
const LONGEST_RECORD: u32 = 4 << 20;
/// What the library keeps of shared texts.
const MOST_STRINGS: u64 = 300 << 20;

const ROW: u32 = 0;
const MERGE: u32 = 0x00b0;
const SHEET: u32 = 0x009c;
/// A sheet's row with this bit is not shown.
const ZERO_HEIGHT: u8 = 1 << 4;

impl Book {
    pub(super) fn open(file: &Handle, mut archive: Archive) -> Result<(Book, Vec<SheetInfo>), Box<Problem>> {
        for part in ["xl/workbook.bin", "xl/sharedstrings.bin", "xl/styles.bin"] {
            if archive.has(part) {
                let mut bytes = 0u64;
                records(&mut archive, part, |_, record| bytes += record.len() as u64 + 32)?;
                if bytes > MOST_STRINGS {
                    let limit = (MOST_STRINGS >> 20).to_string();
                    return Err(Box::new(Problem::error("file-too-large").variant("texts").with("limit", limit)));
                }
            }
        }
        let parts = parts(&mut archive)?;
        let book = Xlsb::new(BufReader::new(file.again())).map_err(fault)?;
        let (mut sheets, mut infos) = (Vec::new(), Vec::new());
        for (at, sheet) in book.sheets_metadata().iter().enumerate() {
            if sheet.typ == SheetType::WorkSheet {
                let part = parts.get(at).cloned().flatten();
                sheets.push(Sheet { name: sheet.name.clone(), part, scan: None });
                infos
                    .push(SheetInfo { name: Some(sheet.name.clone()), hidden: sheet.visible != SheetVisible::Visible });
            }
        }
        Ok((Book { sheets, book, archive }, infos))
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        sheet: usize,
        wanted: &Wanted,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let Book { sheets, book, archive } = self;
        let sheet = sheets.get_mut(sheet).ok_or_else(damaged)?;
        let scan = match sheet.scan.take() {
            Some(scan) => scan,
            None => scanned(archive, sheet.part.as_deref().ok_or_else(damaged)?)?,
        };
        let scan = sheet.scan.insert(scan);
        let mut reader = book.worksheet_cells_reader(&sheet.name).map_err(fault)?;
        let cells = Stream { next: move || reader.next_cell(), limit: limits.cell_length as usize };
        Ok(Box::new(Assembler::new(cells, scan, wanted, limits)))
    }
}

struct Stream<F> {
    /// The library's reader of cells; it has no name outside the library.
    next: F,
    limit: usize,
}

impl<'a, F: FnMut() -> Result<Option<Cell<DataRef<'a>>>, XlsbError> + Send> Cells<'a> for Stream<F> {
    fn next_cell(&mut self) -> Result<Option<Found<'a>>, Box<Problem>> {
        let Some(cell) = (self.next)().map_err(fault)? else { return Ok(None) };
        let (row, column) = cell.get_position();
        if row > 1_048_575 || column > 16_383 {
            return Err(damaged());
        }
        Ok(Some(Found {
            row,
            column,
            raw: raw(cell.get_value().clone(), false, self.limit),
            shared: None,
            is_known_text: false,
        }))
    }
}

fn fault(error: XlsbError) -> Box<Problem> {
    match error {
        XlsbError::Password => Box::new(Problem::error("encrypted-file")),
        _ => damaged(),
    }
}

fn scanned(archive: &mut Archive, part: &str) -> Result<Scan, Box<Problem>> {
    let mut scan = Scan::default();
    records(archive, part, |kind, record| match kind {
        ROW => {
            if let (Some(row), Some(flags)) = (u32_at(record, 0), record.get(11))
                && flags & ZERO_HEIGHT != 0
            {
                scan.hide(row);
            }
        }
        MERGE => {
            let at = |offset| u32_at(record, offset);
            if let (Some(top), Some(bottom), Some(left), Some(right)) = (at(0), at(4), at(8), at(12)) {
                scan.merge(Merge { top, left, bottom, right });
            }
        }
        _ => {}
    })?;
    Ok(scan.sorted())
}

/// The part of every sheet, in the workbook's order.
fn parts(archive: &mut Archive) -> Result<Vec<Option<String>>, Box<Problem>> {
    let relations = super::xlsx::targets(archive, "xl/_rels/workbook.bin.rels")?;
    let mut parts = Vec::new();
    records(archive, "xl/workbook.bin", |kind, record| {
        if kind == SHEET {
            let length = u32_at(record, 8).filter(|length| *length != u32::MAX);
            let id = length.and_then(|length| record.get(12..12 + 2 * length as usize));
            let units =
                id.map(|id| id.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect::<Vec<_>>());
            let id = units.map(|units| String::from_utf16_lossy(&units));
            // The library passes over sheets without a relation.
            if let Some(id) = id {
                parts.push(relations.get(&id).map(|target| match target.strip_prefix('/') {
                    Some(absolute) => absolute.to_owned(),
                    None => format!("xl/{target}"),
                }));
            }
        }
    })?;
    Ok(parts)
}

/// Walks the records of a part. A record longer than any real one is a damaged file.
fn records(archive: &mut Archive, part: &str, mut look: impl FnMut(u32, &[u8])) -> Result<(), Box<Problem>> {
    archive.check(part)?;
    let mut reader = BufReader::with_capacity(256 << 10, archive.part(part)?);
    let mut record = Vec::new();
    while let Some(first) = byte(&mut reader)? {
        let kind = if first & 0x80 == 0 {
            u32::from(first)
        } else {
            u32::from(first & 0x7f) | u32::from(byte(&mut reader)?.ok_or_else(damaged)? & 0x7f) << 7
        };
        let mut length = 0u32;
        for shift in 0..4 {
            let next = byte(&mut reader)?.ok_or_else(damaged)?;
            length |= u32::from(next & 0x7f) << (7 * shift);
            if next & 0x80 == 0 {
                break;
            }
        }
        if length > LONGEST_RECORD {
            return Err(damaged());
        }
        record.resize(length as usize, 0);
        reader.read_exact(&mut record).map_err(|_| damaged())?;
        look(kind, &record);
    }
    Ok(())
}

fn byte(reader: &mut impl Read) -> Result<Option<u8>, Box<Problem>> {
    let mut one = [0];
    match reader.read(&mut one) {
        Ok(0) => Ok(None),
        Ok(_) => Ok(Some(one[0])),
        Err(_) => Err(damaged()),
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
