//! What one person adds to the published numbers, as things are or with another value of an attribute.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::indicators::{Key, PartKey, holds_for_person};
use crate::model::{ActivityId, AxisSide, Birth, Category, DistinctColumn, PersonId, PersonState, Project, Value};

use super::axis_key::{age_key, value_key};
use super::ledger::{AxisSpec, CountUnit, Ledger, LedgerAxis, PersonCount};

/// Another value of an attribute, in all rows of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AttributeChange {
    pub side: AxisSide,
    pub key: Key,
}

/// A published number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct CellKey {
    pub axis: u32,
    /// Among the spans of the axis.
    pub span: u32,
    pub part: PartKey,
    /// Of `distinct`, one of the values that are told apart.
    pub value: u32,
}

/// What a person adds to each number that is published up to a batch, in order of cells. With values changed, each of another
/// attribute, only what that can change: numbers of axes that depend on one of these attributes.
pub(super) fn contributions(
    ledger: &Ledger,
    person: PersonId,
    batch: usize,
    changes: &[AttributeChange],
) -> Vec<(CellKey, i64)> {
    let rows = ledger.rows_up_to(person, ledger.ends[batch]);
    let reader = ContributionReader { ledger, batch, changes };
    let mut found = Vec::new();
    for count in &ledger.counts {
        let axes: Vec<usize> =
            count.axes.iter().copied().filter(|axis| can_change(&ledger.axes[*axis], changes)).collect();
        if axes.is_empty() {
            continue;
        }
        let counted: Vec<(Date, u32)> =
            rows.iter().copied().filter(|&(day, row)| reader.is_counted(count, day, row)).collect();
        for axis in axes {
            reader.add_axis(axis, count.unit, &counted, &mut found);
        }
    }
    found.sort_unstable_by_key(|(cell, _)| *cell);
    found.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    found
}

/// Whether numbers of an axis may be others with some values changed; of none, whether they are any.
pub(super) fn can_change(axis: &LedgerAxis, changes: &[AttributeChange]) -> bool {
    changes.is_empty() || changes.iter().any(|change| axis.attributes.contains(&change.side))
}

struct ContributionReader<'a> {
    ledger: &'a Ledger<'a>,
    batch: usize,
    changes: &'a [AttributeChange],
}

impl ContributionReader<'_> {
    fn is_counted(&self, count: &PersonCount, day: Date, row: u32) -> bool {
        if !count.may_count(row) {
            return false;
        }
        if count.conditions.is_empty() {
            return true;
        }
        let project = self.ledger.project;
        let state = project.persons.state(project.persons.attendances[row as usize].state);
        let holds = |state: &PersonState| {
            count.conditions.iter().all(|condition| holds_for_person(project, condition, state, day))
        };
        if self.changes.is_empty() {
            return holds(state);
        }
        let mut changed = state.clone();
        self.changes.iter().for_each(|change| change_state(project, &mut changed, *change));
        holds(&changed)
    }

    fn add_axis(&self, at: usize, unit: CountUnit, counted: &[(Date, u32)], found: &mut Vec<(CellKey, i64)>) {
        let axis = &self.ledger.axes[at];
        let parts: Vec<PartKey> = counted.iter().map(|&(day, row)| self.part_of(axis, day, row)).collect();
        for (span_at, span) in axis.spans.iter().enumerate().filter(|(_, span)| span.batch <= self.batch) {
            let cell = |part: PartKey, value: u32| CellKey { axis: at as u32, span: span_at as u32, part, value };
            let is_within = |day: Date| span.start <= day && day <= span.end;
            let within = || (0..counted.len()).filter(|row| is_within(counted[*row].0));
            match unit {
                CountUnit::FirstContacts => {
                    // The first contact of all is new in a span; the first one within it is served there.
                    let first = if span.is_served { within().next() } else { within().next().filter(|row| *row == 0) };
                    found.extend(first.map(|row| (cell(parts[row], 0), 1)));
                }
                CountUnit::Completed(_) => {
                    let last = self.last_needed(axis.count, counted, span.end);
                    let last = last.filter(|row| is_within(counted[*row].0));
                    found.extend(last.map(|row| (cell(parts[row], 0), 1)));
                }
                CountUnit::Attendances => found.extend(within().map(|row| (cell(parts[row], 0), 1))),
                CountUnit::Persons => {
                    let different: BTreeSet<PartKey> = within().map(|row| parts[row]).collect();
                    found.extend(different.into_iter().map(|part| (cell(part, 0), 1)));
                }
                CountUnit::Values(column) => {
                    for row in within() {
                        let values = self.values_of(column, counted[row]);
                        found.extend(values.into_iter().map(|value| (cell(parts[row], value), 1)));
                    }
                }
            }
        }
    }

    /// Of the rows that an indicator of completion counts, the last that a person needed by the end of a day.
    fn last_needed(&self, count: usize, counted: &[(Date, u32)], end: Date) -> Option<usize> {
        let rule = self.ledger.counts[count].completion.as_ref()?;
        let attendances = &self.ledger.project.persons.attendances;
        let rows: Vec<(Date, ActivityId)> =
            counted.iter().map(|(day, row)| (*day, attendances[*row as usize].activity)).collect();
        rule.completed(&rows, &rule.needed(end), end)?.rows.last().copied()
    }

    fn part_of(&self, axis: &LedgerAxis, day: Date, row: u32) -> PartKey {
        let Some((first, second)): Option<AxisSpec> = axis.spec else { return PartKey::One(Key::Unknown) };
        let first = self.key_of(first, day, row);
        second.map_or(PartKey::One(first), |second| PartKey::Crossed(first, self.key_of(second, day, row)))
    }

    fn key_of(&self, side: AxisSide, day: Date, row: u32) -> Key {
        if let Some(change) = self.changes.iter().find(|change| change.side == side) {
            return change.key;
        }
        let project = self.ledger.project;
        let attendance = &project.persons.attendances[row as usize];
        match side {
            AxisSide::Activity(column) => value_key(&project.activities.get(attendance.activity).values, column),
            AxisSide::Person(column) => value_key(&project.persons.state(attendance.state).values, column),
            AxisSide::Age => age_key(project, project.persons.state(attendance.state), day),
            AxisSide::Counted(_) => Key::Unknown,
        }
    }

    /// The values of a row that `distinct` tells apart, as numbers.
    fn values_of(&self, column: DistinctColumn, (day, row): (Date, u32)) -> Vec<u32> {
        let project = self.ledger.project;
        let attendance = &project.persons.attendances[row as usize];
        let by_key = |side: AxisSide| match self.key_of(side, day, row) {
            Key::Category(category) => vec![category.0],
            Key::Band(band) => vec![u32::from(band)],
            Key::Several | Key::Unknown => Vec::new(),
        };
        let DistinctColumn::Person(column) = column else { return by_key(AxisSide::Age) };
        let side = AxisSide::Person(column);
        if self.changes.iter().any(|change| change.side == side) {
            return by_key(side);
        }
        match &project.persons.state(attendance.state).values[usize::from(column.0)] {
            Value::Blank => Vec::new(),
            value @ (Value::One(_) | Value::Several(_)) => {
                value.categories().iter().map(|category| category.0).collect()
            }
            // Nobody else may be taken to have the same one: it stays where it is.
            Value::Number(_) | Value::Date(_) => vec![attendance.person.0],
        }
    }
}

fn change_state(project: &Project, state: &mut PersonState, change: AttributeChange) {
    match (change.side, change.key) {
        (AxisSide::Person(column), key) => {
            state.values[usize::from(column.0)] = match key {
                Key::Category(Category(entry)) => Value::One(Category(entry)),
                Key::Band(_) | Key::Several | Key::Unknown => Value::Blank,
            };
        }
        (AxisSide::Age, Key::Band(band)) => state.birth = Birth::Age(project.settings.age_bands.ends(band).0),
        (AxisSide::Age, _) => state.birth = Birth::Unknown,
        (AxisSide::Activity(_) | AxisSide::Counted(_), _) => {}
    }
}
