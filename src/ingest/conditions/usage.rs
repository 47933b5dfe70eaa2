//! What the indicators' words need of columns before any row is read: persons' columns that nobody names aren't kept,
//! and what is summed or compared by size is read as numbers.

use std::collections::BTreeMap;

use super::grammar::{WrittenAxis, WrittenCalculation, WrittenCondition, WrittenOp};
use crate::ingest::fold;

/// Whose column a name means, where it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Activity,
    Person,
}

/// `activity.municipality` → its side and the bare name; a bare name has no side.
pub fn split_side(name: &str) -> (Option<Side>, &str) {
    match name.split_once('.') {
        Some((side, rest)) => match fold::code_key(side).as_str() {
            "activity" | "activities" => (Some(Side::Activity), rest.trim()),
            "person" | "persons" | "participant" | "participants" | "attendance" => (Some(Side::Person), rest.trim()),
            _ => (None, name),
        },
        None => (None, name),
    }
}

/// Names of columns in use, by folded key.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    columns: BTreeMap<String, Use>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Use {
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

impl Usage {
    pub fn add(
        &mut self,
        calculation: Option<&WrittenCalculation>,
        conditions: &[WrittenCondition],
        axes: &[WrittenAxis],
    ) {
        if let Some(column) = calculation.and_then(WrittenCalculation::column) {
            let summed = !matches!(calculation, Some(WrittenCalculation::Distinct(_)));
            self.entry(column).summed |= summed;
        }
        for condition in conditions {
            let by_size = !matches!(condition.op, WrittenOp::Equal | WrittenOp::NotEqual);
            let is_day =
                condition.values.iter().any(|value| super::compile::day_span(value).is_some() && value.contains('-'));
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

    fn entry(&mut self, name: &str) -> &mut Use {
        self.columns.entry(fold::heading_key(split_side(name).1)).or_default()
    }

    pub fn names(&self, column: &str) -> bool {
        self.columns.contains_key(&fold::heading_key(column))
    }

    /// Whether a disaggregation prints the column's values.
    pub fn is_axis(&self, column: &str) -> bool {
        self.columns.get(&fold::heading_key(column)).is_some_and(|used| used.axis)
    }

    pub fn read_as(&self, column: &str) -> ReadAs {
        match self.columns.get(&fold::heading_key(column)) {
            Some(Use { summed: true, .. } | Use { number: true, .. }) => ReadAs::Numbers,
            Some(Use { day: true, .. }) => ReadAs::Days,
            _ => ReadAs::Categories,
        }
    }
}
