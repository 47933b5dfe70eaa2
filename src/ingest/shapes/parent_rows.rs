//! Rows that those of another sheet belong to.

use std::collections::HashMap;

use super::FIRST_ADDED;
use crate::ingest::cell;
use crate::ingest::raw_row::{RawCell, RawRow};

/// How a row of a repeat finds the row that it belongs to.
#[derive(Clone, Debug)]
pub struct ParentJoin {
    /// Index of the parent's file among those that were opened.
    pub book: usize,
    /// Index of its sheet.
    pub sheet: usize,
    /// The file's path.
    pub file: String,
    /// The sheet's name.
    pub sheet_name: Option<String>,
    /// The parent's row of headings.
    pub header_row: u32,
    /// The parent's column of keys.
    pub key: u32,
    /// The repeat's column of them.
    pub reference: u32,
    /// The parent's column of the validation status.
    pub status: Option<u32>,
    /// The parent's columns that the first added columns stand for.
    pub columns: Vec<u32>,
}

/// A row that others belong to.
pub struct ParentRow {
    /// As a spreadsheet program shows it.
    pub number: u32,
    /// Under the numbers of added columns.
    pub cells: Vec<RawCell<'static>>,
    /// The cell of its validation status.
    pub status: Option<RawCell<'static>>,
}

/// Rows that others belong to, by their keys.
#[derive(Default)]
pub struct ParentRows {
    by_key: HashMap<String, ParentRow>,
}

impl ParentJoin {
    /// The parent's columns that are read where these columns of the repeat are wanted (`None`: all).
    pub fn wanted(&self, columns: Option<&[u32]>) -> Vec<u32> {
        let is_wanted = |at: usize| columns.is_none_or(|columns| columns.contains(&(FIRST_ADDED + at as u32)));
        let own = self.columns.iter().enumerate().filter(|(at, _)| is_wanted(*at)).map(|(_, column)| *column);
        let mut wanted: Vec<u32> = own.chain([self.key]).chain(self.status).collect();
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }

    /// Keeps a row of the parent's sheet. Returns the row that has the same key already.
    pub fn keep(&self, rows: &mut ParentRows, raw: &RawRow) -> Option<u32> {
        let key = key_of(raw.cell(self.key))?;
        let cells = self.columns.iter().enumerate().filter_map(|(at, column)| {
            let cell = raw.cell(*column)?.clone().into_owned();
            Some(RawCell { column: FIRST_ADDED + at as u32, shared: None, ..cell })
        });
        let status = self.status.and_then(|column| raw.cell(column)).map(|cell| cell.clone().into_owned());
        let row = ParentRow { number: raw.number, cells: cells.collect(), status };
        match rows.by_key.entry(key) {
            std::collections::hash_map::Entry::Occupied(known) => Some(known.get().number),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(row);
                None
            }
        }
    }

    /// The row that a row of the repeat belongs to.
    pub fn find<'p>(&self, rows: &'p ParentRows, raw: &RawRow) -> Option<&'p ParentRow> {
        rows.by_key.get(&key_of(raw.cell(self.reference))?)
    }
}

fn key_of(cell: Option<&RawCell>) -> Option<String> {
    cell::read_code(cell).ok().flatten().map(|key| key.into_owned())
}
