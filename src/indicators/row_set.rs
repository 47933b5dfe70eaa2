use std::ops::Range;

use fixedbitset::FixedBitSet;

/// A set of rows of a timeline, by row number: a bit for each row, since every indicator keeps a set of its own and there
/// may be millions of rows.
#[derive(Clone, Debug, Default)]
pub(super) struct RowSet(FixedBitSet);

impl RowSet {
    /// All rows below `len`.
    pub fn all(len: usize) -> RowSet {
        let mut bits = FixedBitSet::with_capacity(len);
        bits.insert_range(..);
        RowSet(bits)
    }

    /// The rows below `len` that `keep` accepts.
    pub fn from_fn(len: usize, mut keep: impl FnMut(u32) -> bool) -> RowSet {
        let mut bits = FixedBitSet::with_capacity(len);
        (0..len).for_each(|row| bits.set(row, keep(row as u32)));
        RowSet(bits)
    }

    /// The rows of the set within `range` that `keep` accepts; it is called in ascending order.
    pub fn filter(&self, range: Range<usize>, mut keep: impl FnMut(u32) -> bool) -> RowSet {
        let mut bits = FixedBitSet::with_capacity(self.0.len());
        self.within(range).filter(|row| keep(*row)).for_each(|row| bits.insert(row as usize));
        RowSet(bits)
    }

    /// The rows before `end` that are in any of several sets.
    pub fn union<'s>(sets: impl Iterator<Item = &'s RowSet>, end: usize) -> RowSet {
        let mut all = FixedBitSet::new();
        sets.for_each(|set| all.union_with(&set.0));
        all.remove_range(end.min(all.len())..);
        RowSet(all)
    }

    pub fn len(&self) -> usize {
        self.0.count_ones(..)
    }

    /// How many rows of `range` are in the set.
    pub fn count_within(&self, range: Range<usize>) -> usize {
        self.0.count_ones(range)
    }

    pub fn contains(&self, row: u32) -> bool {
        self.0.contains(row as usize)
    }

    /// The rows in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.ones().map(|row| row as u32)
    }

    /// The rows of `range` that are in the set, in ascending order.
    pub fn within(&self, range: Range<usize>) -> impl Iterator<Item = u32> {
        range.filter(|row| self.0.contains(*row)).map(|row| row as u32)
    }
}
