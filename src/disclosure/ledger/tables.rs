use std::collections::BTreeMap;

use crate::disclosure::axis_key::attendance_part;
use crate::indicators::{CountedAttendance, Evidence, Figures, PartKey, Scope};
use crate::model::{Axis, Calculation, IndicatorId, Project};

use super::slot_layout::SlotLayout;
use super::{AxisSpec, axis_of, normalize_axis, to_whole_number, transpose};

/// The values of every part of an axis, by slot.
pub(super) type Table = BTreeMap<PartKey, Vec<i64>>;

/// The table of each axis: as the figures have it where the indicator has the axis, else from its crossing, else from the rows.
pub(super) fn count_tables(
    project: &Project,
    figures: &Figures,
    id: IndicatorId,
    specs: &[AxisSpec],
    slots: &SlotLayout,
) -> Vec<Table> {
    let indicator = project.logframe.indicator(id);
    let mut tables: Vec<Option<Table>> = specs
        .iter()
        .map(|spec| {
            let own = indicator.axes.iter().position(|axis| normalize_axis(axis).0 == *spec)?;
            let transposed = normalize_axis(&indicator.axes[own]).1;
            let mut table = Table::new();
            for (&at, period) in &slots.of_period {
                let parts = figures.periods[at].figures.get(usize::from(id.0)).and_then(|figure| figure.axes.get(own));
                for part in parts.map_or(&[][..], |axis| &axis.parts) {
                    let row =
                        table.entry(transpose(part.key, transposed)).or_insert_with(|| vec![0; slots.slot_count()]);
                    let value = |scope| part.value(scope).map_or(0, to_whole_number);
                    row[period.start] = value(Scope::Cumulative) - value(Scope::Period);
                    row[period.end] = value(Scope::Cumulative);
                    if period.served != period.end {
                        row[period.served] = value(Scope::Served);
                    }
                    row[0] = 0;
                }
            }
            Some(table)
        })
        .collect();
    for at in 0..specs.len() {
        if tables[at].is_none() && specs[at].1.is_some() {
            tables[at] = Some(count_on_axis(project, figures, id, &axis_of(specs[at]), slots));
        }
    }
    for at in 0..specs.len() {
        if tables[at].is_none() {
            let side = specs[at].0;
            let crossing = specs.iter().position(|spec| spec.1.is_some_and(|second| spec.0 == side || second == side));
            tables[at] = Some(match crossing {
                Some(crossing) => sum_side(tables[crossing].as_ref(), specs[crossing].0 == side, slots.slot_count()),
                None => count_on_axis(project, figures, id, &axis_of(specs[at]), slots),
            });
        }
    }
    tables.into_iter().flatten().collect()
}

/// The first or the second side of a crossed axis.
fn sum_side(crossed: Option<&Table>, first: bool, slot_count: usize) -> Table {
    let mut table = Table::new();
    for (key, values) in crossed.into_iter().flatten() {
        let sides = side_keys(*key);
        let row = table.entry(sides[usize::from(!first)]).or_insert_with(|| vec![0; slot_count]);
        row.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
    table
}

/// The parts of the two sides that a crossed part adds to.
pub(super) fn side_keys(key: PartKey) -> [PartKey; 2] {
    match key {
        PartKey::Crossed(first, second) => [PartKey::One(first), PartKey::One(second)],
        one => [one, one],
    }
}

/// Counts an indicator on an axis that it doesn't have itself, for a ratio that has it.
fn count_on_axis(project: &Project, figures: &Figures, id: IndicatorId, axis: &Axis, slots: &SlotLayout) -> Table {
    let SlotLayout { days, served, .. } = slots;
    let mut table = Table::new();
    let Some(Evidence::Attendances { rows }) = figures.evidence.get(usize::from(id.0)) else {
        return table;
    };
    let people = project.logframe.indicator(id).calculation == Calculation::People;
    let mut add = |row: CountedAttendance, slot: usize| {
        let attendance = &project.persons.attendances[row.index as usize];
        let key = attendance_part(project, axis, attendance, row.day);
        table.entry(key).or_insert_with(|| vec![0; slots.slot_count()])[slot] += 1;
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
                add(row, slots.level_count() + at);
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
