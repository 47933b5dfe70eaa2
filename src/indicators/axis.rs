use rayon::prelude::*;

use super::count_shares::{CountShares, counted_total};
use super::rows_by_day::{AttendanceByDay, RowsByDay, RowsOfDays};
use super::{Key, PartKey};
use crate::model::{AxisSide, Category, ColumnId, IndicatorId, Project, Value};

/// An axis, whether of attendances, and the count that head counts break down by it.
type NeededAxis = (AxisSides, bool, Option<ColumnId>);

/// The two sides of an axis; the second only where it is crossed.
pub(super) type AxisSides = (AxisSide, Option<AxisSide>);

/// The part of one axis that every row of a timeline falls into. Parts are numbered in the order in which they are shown.
pub(super) struct AxisIndex {
    /// By row.
    pub parts: Vec<u32>,
    /// By part.
    pub keys: Vec<PartKey>,
    /// Of head counts in columns: what of a row falls into which part; `parts` says nothing then.
    pub shares: Option<CountShares>,
}

/// The index of every axis that indicators are counted on; each is made once.
pub(super) struct AxisIndexes {
    made: Vec<AxisIndex>,
    /// By indicator and axis, the place in `made`.
    of_indicator: Vec<Vec<usize>>,
}

impl AxisIndexes {
    /// `axes` are those that each indicator is counted on. What isn't counted from rows needs none.
    pub fn new(project: &Project, timeline: &RowsByDay, axes: &[Vec<AxisSides>]) -> AxisIndexes {
        let mut needed: Vec<NeededAxis> = Vec::new();
        let mut of_indicator = Vec::new();
        for (indicator, axes) in project.logframe.indicators.iter().zip(axes) {
            let calculation = indicator.calculation;
            let counted = axes.iter().filter(|_| calculation.is_counted());
            let places = counted.map(|sides| {
                let axis = (*sides, calculation.over_attendances(), counted_total(calculation, *sides));
                needed.iter().position(|other| *other == axis).unwrap_or_else(|| {
                    needed.push(axis);
                    needed.len() - 1
                })
            });
            of_indicator.push(places.collect());
        }
        let make = |(sides, of_attendances, total): NeededAxis| match total {
            Some(total) => AxisIndex::of_counts(project, timeline.rows(of_attendances), sides, total),
            None => AxisIndex::new(project, timeline.rows(of_attendances), sides),
        };
        AxisIndexes { made: needed.into_par_iter().map(make).collect(), of_indicator }
    }

    /// Those of an indicator, axis by axis.
    pub fn for_indicator(&self, id: IndicatorId) -> Vec<&AxisIndex> {
        self.of_indicator[usize::from(id.0)].iter().map(|at| &self.made[*at]).collect()
    }
}

impl AxisIndex {
    fn new(project: &Project, rows: RowsOfDays, (first, second): AxisSides) -> AxisIndex {
        let first = SideCodes::new(project, rows, first);
        let Some(second) = second.map(|side| SideCodes::new(project, rows, side)) else {
            let keys = (0..first.size).map(|code| PartKey::One(first.key(code))).collect();
            return AxisIndex { parts: first.codes, keys, shares: None };
        };
        // Only the pairs that occur are numbered: of two long lists there may be too many.
        let of_rows: Vec<(u32, u32)> = first.codes.iter().copied().zip(second.codes.iter().copied()).collect();
        let mut pairs = of_rows.clone();
        pairs.par_sort_unstable();
        pairs.dedup();
        let number = |pair: &(u32, u32)| pairs.partition_point(|other| other < pair) as u32;
        let parts = of_rows.iter().map(number).collect();
        let keys = pairs.iter().map(|(a, b)| PartKey::Crossed(first.key(*a), second.key(*b))).collect();
        AxisIndex { parts, keys, shares: None }
    }
}

/// The value of every row on one side of an axis: list entries or bands by number, then *several* and *unknown*.
struct SideCodes {
    /// By row.
    codes: Vec<u32>,
    size: u32,
    is_age: bool,
}

impl SideCodes {
    fn new(project: &Project, rows: RowsOfDays, side: AxisSide) -> SideCodes {
        let values = match side {
            AxisSide::Activity(column) => project.activities.columns[usize::from(column.0)].entries.len(),
            AxisSide::Person(column) => project.persons.columns[usize::from(column.0)].entries.len(),
            AxisSide::Age => project.settings.age_bands.0.len(),
            AxisSide::Counted(_) => 0,
        };
        let size = values as u32 + 2;
        let codes = match (side, rows) {
            (AxisSide::Activity(column), _) => {
                let of = |values: &[Value]| code_of(values, column, size);
                let codes: Vec<u32> = project.activities.rows.iter().map(|activity| of(&activity.values)).collect();
                (0..rows.len() as u32).map(|row| codes[rows.activity(row).0 as usize]).collect()
            }
            (AxisSide::Person(column), RowsOfDays::Attendances(attendances)) => {
                let of = |values: &[Value]| code_of(values, column, size);
                let codes: Vec<u32> = project.persons.states.iter().map(|state| of(&state.values)).collect();
                attendances.state.iter().map(|state| codes[*state as usize]).collect()
            }
            (AxisSide::Age, RowsOfDays::Attendances(attendances)) => {
                bands_by_row(project, attendances).map(|band| band.map_or(size - 1, u32::from)).collect()
            }
            // Nothing is known of persons where activities are counted.
            (AxisSide::Person(_) | AxisSide::Age, RowsOfDays::Activities(_)) | (AxisSide::Counted(_), _) => {
                vec![size - 1; rows.len()]
            }
        };
        SideCodes { codes, size, is_age: side == AxisSide::Age }
    }

    fn key(&self, code: u32) -> Key {
        if code + 1 == self.size {
            Key::Unknown
        } else if code + 2 == self.size {
            Key::Several
        } else if self.is_age {
            Key::Band(code as u8)
        } else {
            Key::Category(Category(code))
        }
    }
}

/// The age band at every attendance; `None` where it isn't known.
pub(super) fn bands_by_row(project: &Project, attendances: &AttendanceByDay) -> impl Iterator<Item = Option<u8>> {
    let days = attendances.days.with_days(0..attendances.days.row_count() as u32);
    days.map(|(day, row)| {
        let birth = project.persons.states[attendances.state[row as usize] as usize].birth;
        project.settings.age_bands.band_on(birth, day)
    })
}

fn code_of(values: &[Value], column: ColumnId, size: u32) -> u32 {
    match Key::from_value(&values[usize::from(column.0)]) {
        Key::Category(category) => category.0,
        Key::Several => size - 2,
        Key::Band(_) | Key::Unknown => size - 1,
    }
}
