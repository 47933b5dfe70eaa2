use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::axis::{AxisIndex, AxisSides};
use super::rows_by_day::RowsOfDays;
use super::{Key, PartKey};
use crate::model::{
    Activity, Amount, Axis, AxisSide, Calculation, ColumnId, CountBlock, CountSideId, Project, Value, amount_in,
};

/// What of each row's count falls into which part of an axis, where activities have their head counts in columns.
pub(super) struct CountShares {
    /// By row, where its shares start; at the end their number.
    starts: Vec<u32>,
    /// Part and count.
    shares: Vec<(u32, Amount)>,
}

impl CountShares {
    /// The parts of a row that aren't 0.
    pub fn of_row(&self, row: u32) -> impl Iterator<Item = (u32, Amount)> {
        let (from, to) = (self.starts[row as usize], self.starts[row as usize + 1]);
        self.shares[from as usize..to as usize].iter().copied()
    }
}

/// The count that an axis breaks down by head counts in columns.
pub(super) fn counted_total(calculation: Calculation, (first, second): AxisSides) -> Option<ColumnId> {
    let is_counted = |side: AxisSide| matches!(side, AxisSide::Counted(_));
    match calculation {
        Calculation::Sum(total) if is_counted(first) || second.is_some_and(is_counted) => Some(total),
        _ => None,
    }
}

/// The head counts of one activity by the parts of an axis, whatever isn't 0. Whom no part covers is *unknown*, where the
/// parts should cover all.
pub fn counts_of_activity(
    project: &Project,
    total: ColumnId,
    sides: (AxisSide, Option<AxisSide>),
    activity: &Activity,
) -> BTreeMap<PartKey, Amount> {
    let mut found: BTreeMap<PartKey, Amount> = BTreeMap::new();
    let (first, second) = sides;
    let axis = Axis { text: String::new(), first, second };
    let Some(block) = project.activities.head_counts.block_of_axis(total, &axis) else { return found };
    if amount_in(&activity.values, total).is_none() {
        return found;
    }
    let mut add = |key_of: &dyn Fn(CountSideId) -> Key, amount: Amount| {
        let key = |side: AxisSide| match side {
            AxisSide::Counted(side) => key_of(side),
            AxisSide::Activity(column) => Key::from_value(&activity.values[usize::from(column.0)]),
            AxisSide::Person(_) | AxisSide::Age => Key::Unknown,
        };
        let key = second.map_or(PartKey::One(key(first)), |second| PartKey::Crossed(key(first), key(second)));
        if amount.to > Decimal::ZERO {
            found.entry(key).and_modify(|sum| *sum = sum.plus(amount)).or_insert(amount);
        }
    };
    for part in &block.parts {
        if let Some(amount) = amount_in(&activity.values, part.column) {
            add(&|side| block.value_on(part, side).map_or(Key::Unknown, Key::Category), amount);
        }
    }
    if let Some(rest) = rest_of(block, &activity.values) {
        add(&|_| Key::Unknown, rest);
    }
    found
}

fn rest_of(block: &CountBlock, values: &[Value]) -> Option<Amount> {
    block.untold(values).filter(|_| !block.is_of_whom)
}

impl AxisIndex {
    /// An axis of a count that has columns of its own. Only the parts that occur are numbered.
    pub(super) fn of_counts(project: &Project, rows: RowsOfDays, sides: AxisSides, total: ColumnId) -> AxisIndex {
        let of_activity = |activity: &Activity| counts_of_activity(project, total, sides, activity);
        let by_activity: Vec<BTreeMap<PartKey, Amount>> = project.activities.rows.iter().map(of_activity).collect();
        let mut keys: Vec<PartKey> = by_activity.iter().flat_map(BTreeMap::keys).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        let (mut starts, mut shares) = (vec![0], Vec::new());
        for row in 0..rows.len() as u32 {
            for (key, amount) in &by_activity[rows.activity(row).0 as usize] {
                shares.push((keys.partition_point(|other| other < key) as u32, *amount));
            }
            starts.push(shares.len() as u32);
        }
        AxisIndex { parts: Vec::new(), keys, shares: Some(CountShares { starts, shares }) }
    }
}
