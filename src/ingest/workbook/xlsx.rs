use std::borrow::Cow;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Reader, SheetVisible, Xlsx};
use jiff::civil::Date;

use super::{RowSource, SheetInfo, Wanted};
use crate::diagnostic::{Place, Problem};
use crate::ingest::raw::{Raw, RawCell, RawRow};
use crate::model::Limits;

pub(super) struct Book {
    file: String,
    names: Vec<String>,
    book: Xlsx<BufReader<File>>,
}

impl Book {
    pub(super) fn open(path: &Path, relative: &str) -> Result<(Book, Vec<SheetInfo>), Box<Problem>> {
        let damaged = || Box::new(Problem::error("damaged-file").at(Place::file(relative)));
        let file = File::open(path).map_err(|_| damaged())?;
        let book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(|_| damaged())?;
        let sheets: Vec<SheetInfo> = book
            .sheets_metadata()
            .iter()
            .map(|sheet| SheetInfo { name: Some(sheet.name.clone()), hidden: sheet.visible != SheetVisible::Visible })
            .collect();
        let names = book.sheet_names();
        Ok((Book { file: relative.to_owned(), names, book }, sheets))
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        sheet: usize,
        wanted: &Wanted,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let name = self.names.get(sheet).cloned().unwrap_or_default();
        let place = Place::sheet(&self.file, Some(&name));
        let reader = self
            .book
            .worksheet_cells_reader(&name)
            .map_err(|_| Box::new(Problem::error("damaged-file").at(place.clone())))?;
        Ok(Box::new(Rows {
            reader,
            place,
            wanted: wanted.clone(),
            row: RawRow::default(),
            pending: None,
            limit: limits.cell_length as usize,
        }))
    }
}

struct Rows<'a> {
    reader: calamine::XlsxCellReader<'a, BufReader<File>>,
    place: Place,
    wanted: Wanted,
    row: RawRow<'a>,
    pending: Option<(u32, RawCell<'a>)>,
    limit: usize,
}

impl<'a> RowSource<'a> for Rows<'a> {
    fn next_row(&mut self) -> Result<Option<&RawRow<'a>>, Box<Problem>> {
        self.row.cells.clear();
        self.row.has_other = false;
        self.row.number = 0;
        if let Some((number, cell)) = self.pending.take() {
            self.row.number = number;
            self.row.cells.push(cell);
        }
        loop {
            let record = self
                .reader
                .next_cell_with_formula_metadata()
                .map_err(|_| Box::new(Problem::error("damaged-file").at(self.place.clone())))?;
            let Some(record) = record else { break };
            let (row, column) = record.pos;
            let Some(raw) = raw(record.value, record.formula.is_some(), self.limit) else { continue };
            if let Wanted::Columns(columns) = &self.wanted {
                if columns.binary_search(&column).is_err() {
                    self.row.has_other |= self.row.number == row + 1;
                    continue;
                }
            }
            let cell = RawCell { column, raw, merged: false, untyped: false };
            if self.row.number == 0 {
                self.row.number = row + 1;
            }
            if self.row.number != row + 1 {
                self.pending = Some((row + 1, cell));
                break;
            }
            self.row.cells.push(cell);
        }
        Ok((self.row.number != 0).then_some(&self.row))
    }
}

fn raw<'a>(value: DataRef<'a>, formula: bool, limit: usize) -> Option<Raw<'a>> {
    Some(match value {
        DataRef::Empty if formula => Raw::FormulaWithoutValue,
        DataRef::Empty => return None,
        DataRef::SharedString(text) => text_of(Cow::Borrowed(text), limit)?,
        DataRef::String(text) => text_of(Cow::Owned(text), limit)?,
        DataRef::Int(number) => Raw::Number(number as f64),
        DataRef::Float(number) => Raw::Number(number),
        DataRef::Bool(yes) => Raw::Bool(yes),
        DataRef::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            Raw::Date { day: Date::new(year as i16, month as i8, day as i8).ok(), serial: date.as_f64() }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_of(Cow::Owned(text), limit)?,
        DataRef::Error(error) => Raw::Error(Cow::Owned(error.to_string())),
    })
}

/// A text that is all blanks is no content.
fn text_of(text: Cow<'_, str>, limit: usize) -> Option<Raw<'_>> {
    if text.trim().is_empty() {
        return None;
    }
    Some(if text.len() > limit { Raw::TooLong(text.len()) } else { Raw::Text(text) })
}
