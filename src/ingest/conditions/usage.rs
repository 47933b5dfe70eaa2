//! How indicators use columns, known before any row is read: persons' columns that no indicator names aren't kept, and what
//! is summed or compared by size is read as numbers.

use std::collections::BTreeMap;

use super::grammar::{WrittenAxis, WrittenCalculation, WrittenCondition, WrittenOp};
use crate::fold;

/// The table whose column a name means, if it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableSide {
    Activity,
    Person,
}

/// `activity.municipality` → its side and the bare name; a bare name has no side.
pub fn split_side(name: &str) -> (Option<TableSide>, &str) {
    match name.split_once('.') {
        Some((side, rest)) => match fold::code_key(side).as_str() {
            "activity" | "activities" => (Some(TableSide::Activity), rest.trim()),
            "person" | "persons" | "participant" | "participants" | "attendance" => {
                (Some(TableSide::Person), rest.trim())
            }
            _ => (None, name),
        },
        None => (None, name),
    }
}

/// The columns in use, by folded name.
#[derive(Clone, Debug, Default)]
pub struct ColumnUsage {
    columns: BTreeMap<String, UsedAs>,
}

#[derive(Clone, Copy, Debug, Default)]
struct UsedAs {
    /// Summed: cells may hold hedged counts.
    summed: bool,
    /// Compared by size with a number, or with a day.
    number: bool,
    day: bool,
    axis: bool,
}

/// How the cells of a used column are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAs {
    Categories,
    Numbers,
    Days,
}

impl ColumnUsage {
    /// Adds the columns that one indicator names.
    pub fn add_indicator(
        &mut self,
        calculation: Option<&WrittenCalculation>,
        conditions: &[WrittenCondition],
        axes: &[WrittenAxis],
    ) {
        if let Some(column) = calculation.and_then(WrittenCalculation::column) {
            let summed = matches!(calculation, Some(WrittenCalculation::Sum(_) | WrittenCalculation::Reach(_)));
            self.entry(column).summed |= summed;
        }
        for condition in conditions {
            let by_size = !matches!(condition.op, WrittenOp::Equal | WrittenOp::NotEqual);
            let is_day = condition
                .values
                .iter()
                .any(|value| super::compile::parse_day_span(value).is_some() && value.contains('-'));
            let entry = self.entry(&condition.name);
            entry.day |= by_size && is_day;
            entry.number |= by_size && !is_day;
        }
        for axis in axes {
            self.entry(&axis.first).axis = true;
            if let Some(second) = &axis.second {
                self.entry(second).axis = true;
            }
        }
    }

    /// Adds a column of the activities that holds counts.
    pub fn add_count(&mut self, column: &str) {
        self.columns.entry(fold::heading_key(column)).or_default().summed = true;
    }

    fn entry(&mut self, name: &str) -> &mut UsedAs {
        self.columns.entry(fold::heading_key(split_side(name).1)).or_default()
    }

    /// Whether some indicator names the column.
    pub fn is_used(&self, column: &str) -> bool {
        self.columns.contains_key(&fold::heading_key(column))
    }

    /// Whether some indicator sums the column.
    pub fn is_summed(&self, column: &str) -> bool {
        self.columns.get(&fold::heading_key(column)).is_some_and(|used| used.summed)
    }

    /// Whether a disaggregation prints the column's values.
    pub fn is_axis(&self, column: &str) -> bool {
        self.columns.get(&fold::heading_key(column)).is_some_and(|used| used.axis)
    }

    /// How the column's cells are to be read.
    pub fn read_as(&self, column: &str) -> ReadAs {
        match self.columns.get(&fold::heading_key(column)) {
            Some(UsedAs { summed: true, .. } | UsedAs { number: true, .. }) => ReadAs::Numbers,
            Some(UsedAs { day: true, .. }) => ReadAs::Days,
            _ => ReadAs::Categories,
        }
    }
}
