//! Some rows around a cell, as a spreadsheet program shows them, without what may be personal.

use std::path::Path;

use super::raw_row::RawRow;
use super::table::excerpt_text;
use super::workbook::{self, Projection};
use crate::diagnostic::ShownOfSheet;
use crate::model::Limits;

/// Rows shown above and below the cell.
const ROWS_AROUND: u32 = 2;

/// Columns that are shown at most: those with a meaning, and neighbours of the faulty one.
const MOST_COLUMNS: usize = 9;

/// What may be shown of the rows around a cell.
pub struct ShownColumns<'a> {
    /// The row of headings and the key columns.
    pub shown: &'a ShownOfSheet,
    /// The row, from 1, and column, from 0, of the cell.
    pub faulty: (u32, u32),
    /// Whether the cell's own content may be shown.
    pub shows_faulty: bool,
}

/// Rows of a sheet by their numbers.
pub struct SheetWindow {
    /// Each from 0, with its heading.
    pub columns: Vec<(u32, String)>,
    /// A cell for each column.
    pub rows: Vec<(u32, Vec<WindowCell>)>,
}

/// A cell of a [`SheetWindow`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WindowCell {
    /// Nothing is in it.
    Blank,
    /// Its text.
    Shown(String),
    /// Something that isn't shown.
    Hidden,
}

/// The rows around a cell; `None` if the sheet can't be read.
pub fn read_window(
    folder: &Path,
    file: &str,
    sheet: Option<&str>,
    columns: &ShownColumns,
    limits: &Limits,
) -> Option<SheetWindow> {
    let (row, _) = columns.faulty;
    let mut book = workbook::open(folder, file, limits, &mut Vec::new())?;
    let at = sheet.map_or(Some(0), |name| book.sheet_by_name(name))?;
    let (first, last) = (row.saturating_sub(ROWS_AROUND), row.saturating_add(ROWS_AROUND));
    let mut headings = RawRow::default();
    let mut found: Vec<RawRow> = Vec::new();
    let mut rows = book.rows(at, &Projection::All).ok()?;
    while let Some(read) = rows.next_row().ok()? {
        if read.number > last {
            break;
        }
        if Some(read.number) == columns.shown.heading_row {
            headings = read.clone().into_owned();
        } else if read.number >= first {
            found.push(read.clone().into_owned());
        }
    }
    let first = first.max(columns.shown.heading_row.map_or(1, |row| row + 1));
    let blank = RawRow::default();
    let numbers: Vec<u32> = (first..=last.min(found.last().map_or(row, |row| row.number).max(row))).collect();
    let wanted = columns.choose(&headings, &found);
    let cells = |number: u32| {
        let read = found.iter().find(|row| row.number == number).unwrap_or(&blank);
        wanted.iter().map(|&column| columns.cell(number, column, read)).collect()
    };
    Some(SheetWindow {
        columns: wanted.iter().map(|&column| (column, excerpt_text(&headings, column))).collect(),
        rows: numbers.into_iter().map(|number| (number, cells(number))).collect(),
    })
}

impl ShownColumns<'_> {
    /// Key columns, the faulty one and what is near it, from left to right.
    fn choose(&self, headings: &RawRow, rows: &[RawRow]) -> Vec<u32> {
        let faulty = self.faulty.1;
        let filled = rows.iter().chain([headings]).flat_map(|row| &row.cells).map(|cell| cell.column);
        let mut near: Vec<u32> = filled.collect();
        near.sort_unstable();
        near.dedup();
        near.sort_by_key(|column| column.abs_diff(faulty));
        let mut chosen = vec![faulty];
        for column in self.shown.key_columns.iter().copied().chain(near) {
            if chosen.len() < MOST_COLUMNS && !chosen.contains(&column) {
                chosen.push(column);
            }
        }
        chosen.sort_unstable();
        chosen
    }

    fn cell(&self, number: u32, column: u32, row: &RawRow) -> WindowCell {
        if row.cell(column).is_none() {
            return WindowCell::Blank;
        }
        let is_faulty = self.faulty == (number, column);
        let is_key = self.shown.key_columns.contains(&column);
        if if is_faulty { self.shows_faulty } else { is_key } {
            WindowCell::Shown(excerpt_text(row, column))
        } else {
            WindowCell::Hidden
        }
    }
}
