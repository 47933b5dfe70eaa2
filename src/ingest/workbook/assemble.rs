use super::scan::{Merge, Scan};
use super::{RowSource, Wanted};
use crate::diagnostic::Problem;
use crate::ingest::raw::{Raw, RawCell, RawRow};
use crate::model::Limits;

/// A cell as a format's reader gives it, blank ones included. Rows and columns count from 0.
pub(super) struct Found<'a> {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) raw: Option<Raw<'a>>,
    /// See [`RawCell::shared`].
    pub(super) shared: Option<u32>,
    /// See [`RawCell::is_known_text`].
    pub(super) is_known_text: bool,
}

/// The cells of a sheet in the order of the file.
pub(super) trait Cells<'a>: Send {
    fn next_cell(&mut self) -> Result<Option<Found<'a>>, Box<Problem>>;
}

/// Rows of a sheet from the cells of a format's reader.
pub(super) struct Assembler<'a, 's, C> {
    cells: C,
    assembly: Assembly<'a, 's>,
}

/// Makes rows of cells: those that are wanted, with merged values repeated and hidden rows marked.
/// A row without content of its own is not given, however far merged cells or formats reach.
pub(super) struct Assembly<'a, 's> {
    scan: &'s Scan,
    wanted: Wanted,
    /// The wanted ones of the first columns, by bit.
    wanted_first: u64,
    /// Columns that are read for the sake of what is merged with them.
    anchors: Vec<u32>,
    untyped: bool,
    row: RawRow<'a>,
    pending: Option<Found<'a>>,
    next_merge: usize,
    active: Vec<(Merge, Raw<'a>)>,
    next_hidden: usize,
    left: u64,
    limit: u64,
    done: bool,
}

/// A title merged over the whole sheet is repeated over the first columns only.
const WIDEST_MERGE: u32 = 256;

impl<'a, 's, C: Cells<'a>> Assembler<'a, 's, C> {
    pub(super) fn new(cells: C, scan: &'s Scan, wanted: &Wanted, limits: &Limits) -> Assembler<'a, 's, C> {
        let assembly = Assembly::new(scan, wanted, limits.cells);
        Assembler { cells, assembly }
    }

    /// For files without types.
    pub(super) fn untyped(mut self) -> Assembler<'a, 's, C> {
        self.assembly.untyped = true;
        self
    }
}

impl<'a, C: Cells<'a>> RowSource<'a> for Assembler<'a, '_, C> {
    fn advance(&mut self) -> Result<bool, Box<Problem>> {
        let Assembler { cells, assembly } = self;
        assembly.advance(|| cells.next_cell())
    }

    fn row(&self) -> &RawRow<'a> {
        &self.assembly.row
    }

    fn fill(&mut self, row: &mut RawRow<'a>) -> Result<bool, Box<Problem>> {
        let more = self.advance()?;
        // The memory of rows goes round.
        std::mem::swap(row, &mut self.assembly.row);
        Ok(more)
    }
}

impl<'a, 's> Assembly<'a, 's> {
    fn new(scan: &'s Scan, wanted: &Wanted, limit: u64) -> Assembly<'a, 's> {
        let anchors = match wanted {
            Wanted::All => Vec::new(),
            Wanted::Columns(columns) => anchors(scan, columns),
        };
        let wanted_first = match wanted {
            Wanted::All => u64::MAX,
            Wanted::Columns(columns) => {
                columns.iter().take_while(|column| **column < u64::BITS).fold(0, |bits, column| bits | 1 << column)
            }
        };
        Assembly {
            scan,
            wanted: wanted.clone(),
            wanted_first,
            anchors,
            untyped: false,
            row: RawRow::default(),
            pending: None,
            next_merge: 0,
            active: Vec::new(),
            next_hidden: 0,
            left: limit,
            limit,
            done: false,
        }
    }

    fn spend(&mut self, cells: u64) -> Result<(), Box<Problem>> {
        match self.left.checked_sub(cells) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Box::new(Problem::error("too-many-cells").with("limit", self.limit.to_string()))),
        }
    }

    fn is_wanted(&self, column: u32) -> bool {
        if column < u64::BITS {
            return self.wanted_first >> column & 1 == 1;
        }
        match &self.wanted {
            Wanted::All => true,
            Wanted::Columns(columns) => columns.binary_search(&column).is_ok(),
        }
    }

    fn take(&mut self, found: Found<'a>) {
        let Some(raw) = found.raw else { return };
        let wanted = self.is_wanted(found.column);
        if wanted || self.anchors.binary_search(&found.column).is_ok() {
            let Found { column, shared, is_known_text, .. } = found;
            let cell = RawCell { column, raw, merged: false, untyped: self.untyped, shared, is_known_text };
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
        self.row.has_other |= !wanted;
    }

    /// Repeats the values of merged cells in a row whose own cells are complete.
    fn fill_merged(&mut self, row: u32) -> Result<(), Box<Problem>> {
        while let Some(merge) = self.scan.merges.get(self.next_merge).filter(|merge| merge.top <= row) {
            if let Some(cell) = self.row.cell(merge.left).filter(|_| merge.top == row) {
                self.active.push((*merge, cell.raw.clone()));
            }
            self.next_merge += 1;
        }
        self.active.retain(|(merge, _)| merge.bottom >= row);
        if self.active.is_empty() {
            return Ok(());
        }
        self.spend(self.active.len() as u64)?;
        let own = self.row.cells.len();
        let mut repeated = 0;
        for (merge, raw) in &self.active {
            let right = merge.right.min(merge.left.saturating_add(WIDEST_MERGE));
            let columns: Vec<u32> = match &self.wanted {
                Wanted::All => (merge.left..=right).collect(),
                Wanted::Columns(columns) => {
                    let first = columns.partition_point(|column| *column < merge.left);
                    columns[first..].iter().copied().take_while(|column| *column <= merge.right).collect()
                }
            };
            for column in columns {
                let taken = self.row.cells[..own].binary_search_by_key(&column, |cell| cell.column).is_ok();
                if !taken {
                    repeated += 1;
                    let (raw, untyped) = (raw.clone(), self.untyped);
                    self.row.cells.push(RawCell {
                        column,
                        raw,
                        merged: true,
                        untyped,
                        shared: None,
                        is_known_text: false,
                    });
                }
            }
        }
        self.spend(repeated)?;
        self.row.cells.sort_by_key(|cell| cell.column);
        self.row.cells.dedup_by_key(|cell| cell.column);
        Ok(())
    }

    fn is_hidden(&mut self, row: u32) -> bool {
        while self.scan.hidden.get(self.next_hidden).is_some_and(|(_, last)| *last < row) {
            self.next_hidden += 1;
        }
        self.scan.hidden.get(self.next_hidden).is_some_and(|(first, _)| *first <= row)
    }

    /// Goes to the next row with content; false at the end. `next` gives the next cell.
    fn advance(
        &mut self,
        mut next: impl FnMut() -> Result<Option<Found<'a>>, Box<Problem>>,
    ) -> Result<bool, Box<Problem>> {
        self.row.cells.clear();
        self.row.has_other = false;
        let mut current = None;
        if let Some(found) = self.pending.take() {
            current = Some(found.row);
            self.take(found);
        }
        while !self.done {
            let Some(found) = next()? else {
                self.done = true;
                break;
            };
            self.spend(1)?;
            if found.raw.is_none() {
                continue;
            }
            match current {
                Some(row) if found.row > row => {
                    self.pending = Some(found);
                    break;
                }
                Some(row) if found.row < row => {
                    return Err(Box::new(Problem::error("damaged-file").variant("order")));
                }
                _ => current = Some(found.row),
            }
            self.take(found);
        }
        let Some(row) = current else { return Ok(false) };
        self.row.number = row + 1;
        self.row.hidden = self.is_hidden(row);
        if !self.scan.merges.is_empty() {
            self.fill_merged(row)?;
            if !self.anchors.is_empty() {
                let wanted = std::mem::take(&mut self.wanted);
                if let Wanted::Columns(columns) = &wanted {
                    self.row.cells.retain(|cell| columns.binary_search(&cell.column).is_ok());
                }
                self.wanted = wanted;
            }
        }
        Ok(true)
    }
}

/// The first columns of merged cells that reach into a wanted column from one that isn't.
fn anchors(scan: &Scan, columns: &[u32]) -> Vec<u32> {
    let mut anchors: Vec<u32> = scan
        .merges
        .iter()
        .filter(|merge| columns.binary_search(&merge.left).is_err())
        .filter(|merge| {
            let first = columns.partition_point(|column| *column < merge.left);
            columns.get(first).is_some_and(|column| *column <= merge.right)
        })
        .map(|merge| merge.left)
        .collect();
    anchors.sort_unstable();
    anchors.dedup();
    anchors
}
