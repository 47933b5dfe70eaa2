//! Rows from cells: the same for every format.

use super::geometry::{MergedRange, SheetGeometry};
use super::{Projection, RowSource};
use crate::diagnostic::{Problem, kinds};
use crate::ingest::raw_row::{NumberDisplay, Raw, RawCell, RawRow};
use crate::model::Limits;

/// A cell as a format's reader gives it, blank ones included. Rows and columns count from 0.
pub(super) struct PositionedCell<'a> {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) raw: Option<Raw<'a>>,
    /// See [`RawCell::shared`].
    pub(super) shared: Option<u32>,
    /// See [`RawCell::is_known_text`].
    pub(super) is_known_text: bool,
    /// See [`RawCell::display`].
    pub(super) display: NumberDisplay,
}

/// Reads the cells of a sheet in the order of the file.
pub(super) trait CellReader<'a>: Send {
    /// The next cell, `None` at the end of the sheet.
    fn next_cell(&mut self) -> Result<Option<PositionedCell<'a>>, Box<Problem>>;
}

/// Rows of a sheet from the cells of a format's reader.
pub(super) struct RowAssembler<'a, 's, C> {
    cells: C,
    builder: RowBuilder<'a, 's>,
}

/// Makes rows of the cells that are wanted, with merged values repeated and hidden rows marked.
/// A row without content of its own is not given, however far merged cells or formats reach.
pub(super) struct RowBuilder<'a, 's> {
    geometry: &'s SheetGeometry,
    projection: Projection,
    /// Whether each of the first 64 columns is wanted, by bit.
    first_columns: u64,
    /// Columns that aren't wanted but hold the value of a merged range that reaches into a wanted one.
    anchors: Vec<u32>,
    row: RawRow<'a>,
    /// The first cell of the next row.
    pending: Option<PositionedCell<'a>>,
    next_merged: usize,
    active: Vec<(MergedRange, Raw<'a>, NumberDisplay)>,
    next_hidden: usize,
    /// Cells that may still be read.
    cells_left: u64,
    cell_limit: u64,
    ended: bool,
}

/// A title merged over the whole sheet is repeated over the first columns only.
const MAX_REPEATED_COLUMNS: u32 = 256;

impl<'a, 's, C: CellReader<'a>> RowAssembler<'a, 's, C> {
    pub(super) fn new(
        cells: C,
        geometry: &'s SheetGeometry,
        projection: &Projection,
        limits: &Limits,
    ) -> RowAssembler<'a, 's, C> {
        let builder = RowBuilder::new(geometry, projection, limits.cells);
        RowAssembler { cells, builder }
    }
}

impl<'a, C: CellReader<'a>> RowSource<'a> for RowAssembler<'a, '_, C> {
    fn advance(&mut self) -> Result<bool, Box<Problem>> {
        let RowAssembler { cells, builder } = self;
        builder.advance(|| cells.next_cell())
    }

    fn row(&self) -> &RawRow<'a> {
        &self.builder.row
    }

    fn fill(&mut self, row: &mut RawRow<'a>) -> Result<bool, Box<Problem>> {
        let more = self.advance()?;
        // The caller's memory is used for the next row.
        std::mem::swap(row, &mut self.builder.row);
        Ok(more)
    }
}

impl<'a, 's> RowBuilder<'a, 's> {
    fn new(geometry: &'s SheetGeometry, projection: &Projection, limit: u64) -> RowBuilder<'a, 's> {
        let anchors = match projection {
            Projection::All => Vec::new(),
            Projection::Columns(columns) => anchors(geometry, columns),
        };
        let first_columns = match projection {
            Projection::All => u64::MAX,
            Projection::Columns(columns) => {
                columns.iter().take_while(|column| **column < u64::BITS).fold(0, |bits, column| bits | 1 << column)
            }
        };
        RowBuilder {
            geometry,
            projection: projection.clone(),
            first_columns,
            anchors,
            row: RawRow::default(),
            pending: None,
            next_merged: 0,
            active: Vec::new(),
            next_hidden: 0,
            cells_left: limit,
            cell_limit: limit,
            ended: false,
        }
    }

    /// Counts cells against the limit.
    fn spend_cells(&mut self, cells: u64) -> Result<(), Box<Problem>> {
        match self.cells_left.checked_sub(cells) {
            Some(left) => {
                self.cells_left = left;
                Ok(())
            }
            None => Err(Box::new(Problem::error(kinds::TooManyCells { limit: self.cell_limit.to_string() }))),
        }
    }

    fn is_wanted(&self, column: u32) -> bool {
        if column < u64::BITS {
            return self.first_columns >> column & 1 == 1;
        }
        match &self.projection {
            Projection::All => true,
            Projection::Columns(columns) => columns.binary_search(&column).is_ok(),
        }
    }

    /// Adds a cell to the row, in the order of columns.
    fn push_cell(&mut self, found: PositionedCell<'a>) {
        let Some(raw) = found.raw else { return };
        let is_wanted = self.is_wanted(found.column);
        if let (false, Raw::Error(text), None) = (is_wanted, &raw, &self.row.unread_error) {
            self.row.unread_error = Some((found.column, text.as_ref().into()));
        }
        if is_wanted || self.anchors.binary_search(&found.column).is_ok() {
            let PositionedCell { column, shared, is_known_text, display, .. } = found;
            let cell = RawCell { shared, is_known_text, display, ..RawCell::new(column, raw) };
            match self.row.cells.last().map(|last| last.column) {
                Some(last) if last >= found.column => {
                    let at = self.row.cells.partition_point(|cell| cell.column < found.column);
                    if self.row.cells.get(at).is_some_and(|cell| cell.column == found.column) {
                        self.row.cells[at] = cell;
                    } else {
                        self.row.cells.insert(at, cell);
                    }
                }
                _ => self.row.cells.push(cell),
            }
        }
        self.row.has_other |= !is_wanted;
    }

    /// Repeats the values of merged cells in a row whose own cells are complete.
    fn repeat_merged(&mut self, row: u32) -> Result<(), Box<Problem>> {
        while let Some(merged) = self.geometry.merged.get(self.next_merged).filter(|merged| merged.top <= row) {
            if let Some(cell) = self.row.cell(merged.left).filter(|_| merged.top == row) {
                self.active.push((*merged, cell.raw.clone(), cell.display));
            }
            self.next_merged += 1;
        }
        self.active.retain(|(merged, ..)| merged.bottom >= row);
        if self.active.is_empty() {
            return Ok(());
        }
        self.spend_cells(self.active.len() as u64)?;
        let own = self.row.cells.len();
        let mut repeated = 0;
        for (merged, raw, display) in &self.active {
            let right = merged.right.min(merged.left.saturating_add(MAX_REPEATED_COLUMNS));
            let columns: Vec<u32> = match &self.projection {
                Projection::All => (merged.left..=right).collect(),
                Projection::Columns(columns) => {
                    let first = columns.partition_point(|column| *column < merged.left);
                    columns[first..].iter().copied().take_while(|column| *column <= merged.right).collect()
                }
            };
            for column in columns {
                let is_filled = self.row.cells[..own].binary_search_by_key(&column, |cell| cell.column).is_ok();
                if !is_filled {
                    repeated += 1;
                    let (raw, display) = (raw.clone(), *display);
                    self.row.cells.push(RawCell { merged: true, display, ..RawCell::new(column, raw) });
                }
            }
        }
        self.spend_cells(repeated)?;
        self.row.cells.sort_by_key(|cell| cell.column);
        self.row.cells.dedup_by_key(|cell| cell.column);
        Ok(())
    }

    fn is_hidden(&mut self, row: u32) -> bool {
        while self.geometry.hidden_rows.get(self.next_hidden).is_some_and(|(_, last)| *last < row) {
            self.next_hidden += 1;
        }
        self.geometry.hidden_rows.get(self.next_hidden).is_some_and(|(first, _)| *first <= row)
    }

    /// Goes to the next row with content; false at the end. `next` reads the next cell.
    fn advance(
        &mut self,
        mut next: impl FnMut() -> Result<Option<PositionedCell<'a>>, Box<Problem>>,
    ) -> Result<bool, Box<Problem>> {
        self.row.cells.clear();
        self.row.has_other = false;
        self.row.unread_error = None;
        let mut current = None;
        if let Some(found) = self.pending.take() {
            current = Some(found.row);
            self.push_cell(found);
        }
        while !self.ended {
            let Some(found) = next()? else {
                self.ended = true;
                break;
            };
            self.spend_cells(1)?;
            if found.raw.is_none() {
                continue;
            }
            match current {
                Some(row) if found.row > row => {
                    self.pending = Some(found);
                    break;
                }
                Some(row) if found.row < row => {
                    return Err(Box::new(Problem::error(kinds::DamagedFile::Order)));
                }
                _ => current = Some(found.row),
            }
            self.push_cell(found);
        }
        let Some(row) = current else { return Ok(false) };
        self.row.number = row + 1;
        self.row.hidden = self.is_hidden(row);
        if !self.geometry.merged.is_empty() {
            self.repeat_merged(row)?;
            if !self.anchors.is_empty() {
                let projection = std::mem::take(&mut self.projection);
                if let Projection::Columns(columns) = &projection {
                    self.row.cells.retain(|cell| columns.binary_search(&cell.column).is_ok());
                }
                self.projection = projection;
            }
        }
        Ok(true)
    }
}

/// The first columns of merged ranges that reach into a wanted column from one that isn't.
fn anchors(geometry: &SheetGeometry, columns: &[u32]) -> Vec<u32> {
    let mut anchors: Vec<u32> = geometry
        .merged
        .iter()
        .filter(|merged| columns.binary_search(&merged.left).is_err())
        .filter(|merged| {
            let first = columns.partition_point(|column| *column < merged.left);
            columns.get(first).is_some_and(|column| *column <= merged.right)
        })
        .map(|merged| merged.left)
        .collect();
    anchors.sort_unstable();
    anchors.dedup();
    anchors
}
