use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::axis::bands_by_row;
use super::rows_by_day::RowsByDay;
use crate::model::{ColumnId, DistinctColumn, Project, Value};

/// The values that `distinct` counts, numbered.
pub(super) enum DistinctValues<'a> {
    /// A column of the activities, or of the persons' states: by row of its table the values in the cell, by row of the
    /// timeline the row of the table.
    Column { values: Vec<Vec<u32>>, table_rows: Cow<'a, [u32]> },
    /// The person, or the age band where it is known, by row of the timeline.
    Single(Vec<Option<u32>>),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum CellContent {
    Category(u32),
    Number(Decimal),
    Day(Date),
}

impl<'a> DistinctValues<'a> {
    pub fn new(project: &Project, timeline: &'a RowsByDay, column: DistinctColumn) -> DistinctValues<'a> {
        let attendances = &timeline.attendances;
        match column {
            DistinctColumn::Activity(column) => DistinctValues::Column {
                values: number_values(project.activities.rows.iter().map(|row| &*row.values), column),
                table_rows: timeline.activities.ids.iter().map(|id| id.0).collect(),
            },
            DistinctColumn::Person(column) => DistinctValues::Column {
                values: number_values(project.persons.states.iter().map(|state| state.values.as_slice()), column),
                table_rows: Cow::Borrowed(&attendances.state),
            },
            DistinctColumn::PersonCode => {
                DistinctValues::Single(attendances.person.iter().map(|person| Some(*person)).collect())
            }
            DistinctColumn::Age => {
                DistinctValues::Single(bands_by_row(project, attendances).map(|band| band.map(u32::from)).collect())
            }
        }
    }

    /// The values in a row of the timeline.
    pub fn in_row(&self, row: u32) -> &[u32] {
        match self {
            DistinctValues::Column { values, table_rows } => &values[table_rows[row as usize] as usize],
            DistinctValues::Single(values) => values[row as usize].as_slice(),
        }
    }
}

/// Numbers the different values of a column; by row, those in its cell.
fn number_values<'v>(rows: impl Iterator<Item = &'v [Value]>, column: ColumnId) -> Vec<Vec<u32>> {
    let mut numbers: BTreeMap<CellContent, u32> = BTreeMap::new();
    let mut number = |content: CellContent| {
        let next = numbers.len() as u32;
        *numbers.entry(content).or_insert(next)
    };
    let cell = |values: &[Value]| match &values[usize::from(column.0)] {
        Value::Blank => Vec::new(),
        Value::Number(amount) => vec![number(CellContent::Number(amount.from))],
        Value::Date(day) => vec![number(CellContent::Day(*day))],
        value => value.categories().iter().map(|category| number(CellContent::Category(category.0))).collect(),
    };
    rows.map(cell).collect()
}
