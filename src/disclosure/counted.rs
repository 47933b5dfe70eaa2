use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::indicators::{CountedAttendance, Evidence, Figures, PartKey};
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
    let Some(Evidence::Attendances { rows }) = figures.evidence.get(usize::from(id.0)) else {
        return table;
    };
    let people = project.logframe.indicator(id).calculation == crate::model::Calculation::People;
    let slots = days.len() + 1 + served.len();
    let mut add = |row: CountedAttendance, slot: usize| {
        let attendance = &project.persons.attendances[row.index as usize];
        let key = of_attendance(project, axis, attendance, row.day);
        table.entry(key).or_insert_with(|| vec![0; slots])[slot] += 1;
    };
    for row in rows.iter() {
        let slot = 1 + days.partition_point(|end| *end < row.day);
        if slot <= days.len() && (!people || row.is_first) {
            add(row, slot);
        }
    }
    for (at, period) in served.iter().enumerate() {
        let period = &figures.periods[*period].period;
        let mut seen = vec![false; project.persons.rows.len()];
        for row in rows.within(period) {
            if !std::mem::replace(&mut seen[row.person.0 as usize], true) {
                add(row, days.len() + 1 + at);
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
