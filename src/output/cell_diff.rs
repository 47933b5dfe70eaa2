//! Which cells of a project's tables were corrected between two states of them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::num::NonZeroU16;

use serde::{Deserialize, Serialize};

use crate::model::{RowPlace, RowSpot};

/// The rows of a table's sheet, with a fingerprint of each cell that figures may depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedSheet {
    /// Name of the table.
    pub table: String,
    /// File and sheet, as a [`RowPlace`] names them.
    pub sheet: String,
    /// Columns by name, as conditions write it, with the number from 1 (A).
    pub columns: Vec<(String, NonZeroU16)>,
    /// `17 key,key fingerprint fingerprint`: row, keys or `-`, and the cells in the order of the columns, a blank one `-`.
    pub rows: Vec<String>,
}

/// A row of a [`RecordedSheet`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedCells {
    /// Number of the row, from 1.
    pub row: u32,
    /// What it is known by in its table and in others.
    pub keys: Vec<String>,
    /// A fingerprint for each column; `None` for a blank.
    pub fingerprints: Vec<Option<String>>,
}

/// The mark for a blank, and for a row without keys.
const NONE: &str = "-";

impl RecordedSheet {
    /// Adds a row.
    pub fn push(&mut self, row: &RecordedCells) {
        let keys = if row.keys.is_empty() { NONE.to_owned() } else { row.keys.join(",") };
        let cells = row.fingerprints.iter().map(|fingerprint| fingerprint.as_deref().unwrap_or(NONE));
        let words: Vec<&str> = [keys.as_str()].into_iter().chain(cells).collect();
        self.rows.push(format!("{} {}", row.row, words.join(" ")));
    }

    fn rows(&self) -> impl Iterator<Item = RecordedCells> {
        self.rows.iter().filter_map(|line| {
            let mut words = line.split(' ');
            let row = words.next()?.parse().ok()?;
            let keys = words.next()?.split(',').filter(|key| *key != NONE).map(str::to_owned).collect();
            let fingerprints = words.map(|word| (word != NONE).then(|| word.to_owned())).collect();
            Some(RecordedCells { row, keys, fingerprints })
        })
    }
}

/// A cell that says something else than it did.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CorrectedCell {
    /// Where it is today.
    pub place: RowPlace,
    /// Name of its table.
    pub table: String,
    /// Name of its column.
    pub column: String,
}

/// The columns whose cells an indicator depends on, as `activities.type`; those of `participants` and `attendance` are
/// `persons.sex`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountedColumns {
    /// Of its totals.
    pub of_totals: BTreeSet<String>,
    /// Of its axes.
    pub of_parts: BTreeSet<String>,
}

impl CountedColumns {
    fn include(&self, cell: &CorrectedCell, with_parts: bool) -> bool {
        let table = if cell.table == "participants" || cell.table == "attendance" { "persons" } else { &cell.table };
        let name = format!("{table}.{}", cell.column);
        self.of_totals.contains(&name) || with_parts && self.of_parts.contains(&name)
    }
}

/// The rows of two states that are the same row, with the cells that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CellDiff {
    pairs: Vec<RowPair>,
    /// Where a row was → its pairs: a sheet may hold two tables.
    old: BTreeMap<RowPlace, Vec<usize>>,
    /// Where a row is → its pairs.
    new: BTreeMap<RowPlace, Vec<usize>>,
    /// Pairs of the rows that bear a key.
    bearers: BTreeMap<String, Vec<usize>>,
}

/// One of two states that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateSide {
    /// The older.
    Old,
    /// The newer.
    New,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct RowPair {
    /// In either state.
    keys: BTreeSet<String>,
    corrected: Vec<CorrectedCell>,
}

/// A row with its sheet.
struct PlacedRow<'s> {
    sheet: &'s RecordedSheet,
    cells: RecordedCells,
}

impl PlacedRow<'_> {
    fn place(&self) -> RowPlace {
        RowPlace { sheet: self.sheet.sheet.clone(), spot: RowSpot { row: self.cells.row, column: None } }
    }

    fn cells_by_name(&self) -> BTreeMap<&str, &str> {
        let cells = self.sheet.columns.iter().zip(&self.cells.fingerprints);
        cells.filter_map(|((name, _), cell)| Some((name.as_str(), cell.as_deref()?))).collect()
    }

    /// Whether it may be the same row with corrections: it shares a key, or most of its cells.
    fn resembles(&self, other: &PlacedRow) -> bool {
        let (own, others) = (self.cells_by_name(), other.cells_by_name());
        let equal = own.iter().filter(|(name, cell)| others.get(*name) == Some(cell)).count();
        self.cells.keys.iter().any(|key| other.cells.keys.contains(key)) || equal * 2 > own.len().max(others.len())
    }
}

impl CellDiff {
    /// A row is the same by what it holds, else by what it is known by, however the rows are sorted, else by where it is.
    pub fn between(old: &[RecordedSheet], new: &[RecordedSheet]) -> CellDiff {
        let mut diff = CellDiff::default();
        let (mut old, mut new) = (placed(old), placed(new));
        let known =
            |row: &PlacedRow| (!row.cells.keys.is_empty()).then(|| (row.sheet.table.clone(), row.cells.keys.clone()));
        let content = |row: &PlacedRow| {
            let cells = row.cells_by_name().into_iter();
            known(row).map(|key| (key, cells.map(|(name, cell)| format!("{name} {cell}")).collect::<Vec<String>>()))
        };
        diff.pair_rows(&mut old, &mut new, content, |_, _| true);
        diff.pair_rows(&mut old, &mut new, known, |_, _| true);
        let place = |row: &PlacedRow| Some((row.sheet.table.clone(), row.place()));
        diff.pair_rows(&mut old, &mut new, place, |row, before| row.resembles(before));
        diff
    }

    /// Pairs rows with equal keys, in their order, and leaves the others.
    fn pair_rows<K: Ord>(
        &mut self,
        old: &mut Vec<PlacedRow>,
        new: &mut Vec<PlacedRow>,
        key: impl Fn(&PlacedRow) -> Option<K>,
        may_be_same: impl Fn(&PlacedRow, &PlacedRow) -> bool,
    ) {
        let mut known: BTreeMap<Option<K>, VecDeque<PlacedRow>> = BTreeMap::new();
        for row in old.drain(..) {
            known.entry(key(&row)).or_default().push_back(row);
        }
        new.retain(|row| {
            let Some(key) = key(row) else { return true };
            let Some(rows) = known.get_mut(&Some(key)) else { return true };
            let before =
                if rows.front().is_some_and(|before| may_be_same(row, before)) { rows.pop_front() } else { None };
            before.iter().for_each(|before| self.add(before, row));
            before.is_none()
        });
        old.extend(known.into_values().flatten());
    }

    fn add(&mut self, old: &PlacedRow, new: &PlacedRow) {
        let (before, after) = (old.cells_by_name(), new.cells_by_name());
        let cell = |(name, number): &(String, NonZeroU16)| CorrectedCell {
            place: RowPlace {
                sheet: new.sheet.sheet.clone(),
                spot: RowSpot { row: new.cells.row, column: Some(*number) },
            },
            table: new.sheet.table.clone(),
            column: name.clone(),
        };
        let differ = new.sheet.columns.iter().filter(|(name, _)| before.get(name.as_str()) != after.get(name.as_str()));
        let corrected = differ.map(cell).collect();
        let keys: BTreeSet<String> = old.cells.keys.iter().chain(&new.cells.keys).cloned().collect();
        let pair = self.pairs.len();
        self.old.entry(old.place()).or_default().push(pair);
        self.new.entry(new.place()).or_default().push(pair);
        if new.cells.keys.len() == 1 {
            keys.iter().for_each(|key| self.bearers.entry(key.clone()).or_default().push(pair));
        }
        self.pairs.push(RowPair { keys, corrected });
    }

    /// The corrected cells behind a row of the newer state, or the older, that counts only there or otherwise: of its own,
    /// of its activity's row and of its person's.
    pub fn behind(
        &self,
        place: &RowPlace,
        state: StateSide,
        columns: &CountedColumns,
        with_parts: bool,
    ) -> Vec<&CorrectedCell> {
        let rows = match state {
            StateSide::Old => &self.old,
            StateSide::New => &self.new,
        };
        let row = RowPlace { spot: RowSpot { column: None, ..place.spot }, ..place.clone() };
        let own: BTreeSet<usize> = rows.get(&row).into_iter().flatten().copied().collect();
        let keys = own.iter().flat_map(|pair| &self.pairs[*pair].keys);
        let bearers: BTreeSet<usize> = keys.filter_map(|key| self.bearers.get(key)).flatten().copied().collect();
        let cells = own.union(&bearers).flat_map(|pair| &self.pairs[*pair].corrected);
        cells.filter(|cell| columns.include(cell, with_parts)).collect()
    }
}

fn placed(sheets: &[RecordedSheet]) -> Vec<PlacedRow<'_>> {
    sheets.iter().flat_map(|sheet| sheet.rows().map(move |cells| PlacedRow { sheet, cells })).collect()
}
