use std::collections::{BTreeMap, BTreeSet};

use super::{CellDiff, CorrectedCell, CountedColumns, FingerprintedRow, RecordedRows, StateSide};
use crate::model::RowPlace;

/// The rows that made a figure another one: where they are today; removed ones, where they were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowChanges {
    /// Only in the newer state.
    pub added: Vec<RowPlace>,
    /// Only in the older state.
    pub removed: Vec<RowPlace>,
    /// In the same place, with other content.
    pub changed: Vec<RowPlace>,
    /// Cells that were corrected in rows of both states, where they are today. What they explain is in no other list.
    pub cells: Vec<CorrectedCell>,
}

/// How rows of two states are recognised as the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowIdentity {
    /// By what is counted.
    Content,
    /// By what is counted and its values on the indicator's axes.
    ContentAndParts,
}

impl RowIdentity {
    fn key(self, row: &FingerprintedRow) -> String {
        match self {
            RowIdentity::Content => row.fingerprint.clone(),
            RowIdentity::ContentAndParts => format!("{}:{}", row.fingerprint, row.parts_fingerprint),
        }
    }
}

impl RowChanges {
    /// Whether no row differs.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty() && self.cells.is_empty()
    }

    fn between(old: &[&FingerprintedRow], new: &[&FingerprintedRow], identity: RowIdentity) -> RowChanges {
        let mut added = unmatched(new, old, identity);
        let mut removed = unmatched(old, new, identity);
        let changed: BTreeSet<RowPlace> = added.intersection(&removed).cloned().collect();
        added.retain(|row| !changed.contains(row));
        removed.retain(|row| !changed.contains(row));
        let list = |rows: BTreeSet<RowPlace>| rows.into_iter().collect();
        RowChanges { added: list(added), removed: list(removed), changed: list(changed), cells: Vec::new() }
    }

    /// Says of rows that stood in both states which of their cells were corrected.
    fn find_cells(&mut self, diff: &CellDiff, columns: &CountedColumns, with_parts: bool) {
        let mut cells: BTreeSet<CorrectedCell> = BTreeSet::new();
        let mut explain = |rows: &mut Vec<RowPlace>, states: &[StateSide]| {
            rows.retain(|row| {
                let found = states.iter().flat_map(|state| diff.behind(row, *state, columns, with_parts));
                let found: Vec<CorrectedCell> = found.cloned().collect();
                let is_left = found.is_empty();
                cells.extend(found);
                is_left
            });
        };
        explain(&mut self.added, &[StateSide::New]);
        explain(&mut self.removed, &[StateSide::Old]);
        explain(&mut self.changed, &[StateSide::Old, StateSide::New]);
        self.cells = cells.into_iter().collect();
    }
}

/// The places of `rows` that have no match among `others`, as often as they occur.
fn unmatched(rows: &[&FingerprintedRow], others: &[&FingerprintedRow], identity: RowIdentity) -> BTreeSet<RowPlace> {
    let mut matches: BTreeMap<String, usize> = BTreeMap::new();
    for other in others {
        *matches.entry(identity.key(other)).or_insert(0) += 1;
    }
    let mut unmatched = BTreeSet::new();
    for row in rows {
        match matches.get_mut(&identity.key(row)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => {
                unmatched.insert(row.place.clone());
            }
        }
    }
    unmatched
}

/// Which rows of an indicator a value of figures.json draws on.
struct RowFilter {
    from: Option<String>,
    to: String,
    /// Whether later contacts of a person count.
    with_later: bool,
    with_parts: bool,
}

impl RowFilter {
    /// For a field of figures.json in a period; `None` where no row is behind it.
    fn for_field(field: &str, (start, end): &(String, String)) -> Option<RowFilter> {
        if field.starts_with("target") || field.starts_with("baseline") {
            return None;
        }
        let within = field.ends_with(".period") || field.contains(".period.");
        let served = field.ends_with(".served") || field.contains(".served.");
        Some(RowFilter {
            from: (within || served).then(|| start.clone()),
            to: end.clone(),
            with_later: served,
            with_parts: field.starts_with("by."),
        })
    }

    fn select<'a>(&self, rows: &'a [FingerprintedRow]) -> Vec<&'a FingerprintedRow> {
        let inside =
            |row: &&FingerprintedRow| self.from.as_ref().is_none_or(|from| *from <= row.day) && row.day <= self.to;
        rows.iter().filter(inside).filter(|row| self.with_later || !row.is_later).collect()
    }
}

/// Two states of a project's rows, fingerprinted with the same secret.
pub struct StateComparison<'r> {
    old: &'r RecordedRows,
    new: &'r RecordedRows,
    cells: CellDiff,
}

impl<'r> StateComparison<'r> {
    /// `None` if the states can't be compared, since their fingerprints were made with different secrets.
    pub fn between(old: &'r RecordedRows, new: &'r RecordedRows) -> Option<StateComparison<'r>> {
        (old.key == new.key).then(|| StateComparison { old, new, cells: CellDiff::between(&old.tables, &new.tables) })
    }

    /// The rows of an indicator, whose figures depend on these columns; `None` if they weren't kept in both states.
    pub fn rows_of(&self, indicator: &str, columns: CountedColumns) -> Option<RowStates<'_>> {
        let (old, new) = (self.old.rows_of(indicator)?, self.new.rows_of(indicator)?);
        Some(RowStates { old, new, columns, cells: &self.cells })
    }
}

/// An indicator's rows in two states of a project.
pub struct RowStates<'c> {
    /// In the older state.
    pub old: Vec<FingerprintedRow>,
    /// In the newer state.
    pub new: Vec<FingerprintedRow>,
    columns: CountedColumns,
    cells: &'c CellDiff,
}

impl RowStates<'_> {
    /// The rows that changed a field of figures.json (`actual.period`) in a period (its first and last day).
    pub fn changes_behind(&self, field: &str, period: &(String, String)) -> RowChanges {
        let Some(filter) = RowFilter::for_field(field, period) else { return RowChanges::default() };
        let identity = if filter.with_parts { RowIdentity::ContentAndParts } else { RowIdentity::Content };
        let mut changes = RowChanges::between(&filter.select(&self.old), &filter.select(&self.new), identity);
        changes.find_cells(self.cells, &self.columns, filter.with_parts);
        changes
    }
}
