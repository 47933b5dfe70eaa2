//! Rows that those of another sheet belong to.

use std::collections::HashMap;

use super::{FIRST_ADDED, HeadingState, Origin};
use crate::ingest::cell;
use crate::ingest::raw_row::{MAX_PARENTS, ParentNumbers, RawCell, RawRow};

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
    /// The parent's columns that the first added columns repeat; some may be added to the parent's own.
    pub columns: Vec<u32>,
    /// How the parent's rows find those that they belong to themselves.
    pub above: Option<Box<ParentJoin>>,
}

/// A row that others belong to.
pub struct ParentRow {
    /// Its own, and those of the rows that it belongs to.
    pub numbers: ParentNumbers,
    /// Under the numbers of added columns.
    pub cells: Vec<RawCell<'static>>,
    /// The cell of its validation status.
    pub status: Option<RawCell<'static>>,
    /// It should belong to a row itself, and doesn't; whether that is waived.
    pub orphan: Option<HeadingState>,
}

/// What is wrong with a row that others belong to. Rows are numbered from 1, columns from 0.
pub enum ParentFault {
    /// Another row has its key.
    Doubled {
        /// Its number.
        row: u32,
        /// The other's.
        known: u32,
    },
    /// The row that it belongs to isn't there.
    Orphan {
        /// Its number.
        row: u32,
        /// Its own key.
        key: String,
        /// Where it names the other.
        column: u32,
        /// The other's key.
        missing: String,
    },
}

/// Rows that others belong to, by their keys.
#[derive(Default)]
pub struct ParentRows {
    by_key: HashMap<String, ParentRow>,
}

impl ParentRows {
    /// Says of the row with this key what has become of its fault.
    pub fn set_orphan(&mut self, key: &str, state: HeadingState) {
        if let Some(row) = self.by_key.get_mut(key) {
            row.orphan = Some(state);
        }
    }
}

impl ParentJoin {
    /// Where a cell of one of the parent's columns is.
    pub fn origin(&self, column: u32) -> Origin {
        let above = self.above.as_ref().zip(column.checked_sub(FIRST_ADDED));
        let origin = above.and_then(|(above, at)| Some(above.origin(*above.columns.get(at as usize)?)));
        match origin {
            Some(Origin::Parent { level, column }) => Origin::Parent { level: level + 1, column },
            _ => Origin::Parent { level: 0, column },
        }
    }

    /// The join from the sheet of the `level`th parent's repeat to that parent; 0 is this one.
    pub fn at_level(&self, level: usize) -> &ParentJoin {
        match &self.above {
            Some(above) if level > 0 => above.at_level(level - 1),
            _ => self,
        }
    }

    /// The joins from the nearest parent to the farthest.
    pub fn chain(&self) -> impl Iterator<Item = &ParentJoin> {
        std::iter::successors(Some(self), |join| join.above.as_deref())
    }

    /// The parent's columns that are read where these columns of the repeat are wanted (`None`: all).
    pub fn wanted(&self, columns: Option<&[u32]>) -> Vec<u32> {
        let is_wanted = |at: usize| columns.is_none_or(|columns| columns.contains(&(FIRST_ADDED + at as u32)));
        let own = self.columns.iter().enumerate().filter(|(at, _)| is_wanted(*at)).map(|(_, column)| *column);
        let reference = self.above.as_ref().map(|above| above.reference);
        let mut wanted: Vec<u32> = own.chain([self.key]).chain(self.status).chain(reference).collect();
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }

    /// Keeps a row of the parent's sheet with what it has of those that it belongs to itself. Returns what is wrong with it.
    pub fn keep(
        &self,
        rows: &mut ParentRows,
        raw: &RawRow,
        above: Option<(&ParentJoin, &ParentRows)>,
    ) -> Option<ParentFault> {
        let key = key_of(raw.cell(self.key))?;
        let parent = above.and_then(|(join, rows)| join.find(rows, raw));
        let cells = self.columns.iter().enumerate().filter_map(|(at, column)| {
            let cell = match parent {
                Some(parent) if *column >= FIRST_ADDED => parent.cell(*column)?,
                _ => raw.cell(*column)?,
            };
            let cell = cell.clone().into_owned();
            Some(RawCell { column: FIRST_ADDED + at as u32, shared: None, ..cell })
        });
        let own_status = self.status.and_then(|column| raw.cell(column)).map(|cell| cell.clone().into_owned());
        let mut numbers = ParentNumbers::default();
        numbers[0] = raw.number;
        if let Some(parent) = parent {
            numbers[1..].copy_from_slice(&parent.numbers[..MAX_PARENTS - 1]);
        }
        let row = ParentRow {
            numbers,
            cells: cells.collect(),
            status: own_status.or_else(|| parent?.status.clone()),
            orphan: parent.and_then(|parent| parent.orphan),
        };
        match rows.by_key.entry(key.clone()) {
            std::collections::hash_map::Entry::Occupied(known) => {
                return Some(ParentFault::Doubled { row: raw.number, known: known.get().numbers[0] });
            }
            std::collections::hash_map::Entry::Vacant(free) => drop(free.insert(row)),
        }
        let (join, _) = above.filter(|_| parent.is_none())?;
        let missing = cell::read_text(raw.cell(join.reference)).ok().flatten().unwrap_or_default().into_owned();
        Some(ParentFault::Orphan { row: raw.number, key, column: join.reference, missing })
    }

    /// The row that a row of the repeat belongs to.
    pub fn find<'p>(&self, rows: &'p ParentRows, raw: &RawRow) -> Option<&'p ParentRow> {
        rows.by_key.get(&key_of(raw.cell(self.reference))?)
    }
}

impl ParentRow {
    fn cell(&self, column: u32) -> Option<&RawCell<'static>> {
        self.cells.iter().find(|cell| cell.column == column)
    }
}

fn key_of(cell: Option<&RawCell>) -> Option<String> {
    cell::read_code(cell).ok().flatten().map(|key| key.into_owned())
}
