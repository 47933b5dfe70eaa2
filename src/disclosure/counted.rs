use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::indicators::{Evidence, Figures, PartKey};
use crate::model::{Axis, IndicatorId, Project};

use super::standing::of_attendance;

/// Counts an indicator on an axis that it doesn't have itself, for a ratio that has it: levels at the end of each of `days`
/// (after a first one of zero), then the persons served in each of the periods `served`.
pub(super) fn count(
    project: &Project,
    figures: &Figures,
    id: IndicatorId,
    axis: &Axis,
    days: &[Date],
    served: &[usize],
) -> BTreeMap<PartKey, Vec<i64>> {
    let mut table: BTreeMap<PartKey, Vec<i64>> = BTreeMap::new();
    let Some(Evidence::Attendances { rows, first, .. }) = figures.evidence.get(usize::from(id.0)) else {
        return table;
    };
    let people = project.logframe.indicator(id).calculation == crate::model::Calculation::People;
    let slots = days.len() + 1 + served.len();
    let mut add = |row: u32, day: Date, slot: usize| {
        let attendance = &project.persons.attendances[row as usize];
        let key = of_attendance(project, axis, attendance, day);
        table.entry(key).or_insert_with(|| vec![0; slots])[slot] += 1;
    };
    for ((day, row), first) in rows.iter().zip(first) {
        let slot = 1 + days.partition_point(|end| *end < day);
        if slot <= days.len() && (!people || *first) {
            add(row, day, slot);
        }
    }
    for (at, period) in served.iter().enumerate() {
        let period = &figures.periods[*period].period;
        let mut seen = vec![false; project.persons.rows.len()];
        for (day, row) in rows.iter().filter(|(day, _)| period.contains(*day)) {
            let person = project.persons.attendances[row as usize].person.0 as usize;
            if !std::mem::replace(&mut seen[person], true) {
                add(row, day, days.len() + 1 + at);
            }
        }
    }
    for values in table.values_mut() {
        for slot in 1..=days.len() {
            values[slot] += values[slot - 1];
        }
    }
    table
}
