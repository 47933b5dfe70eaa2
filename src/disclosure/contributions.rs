//! What one person adds to the published numbers, as things are or with another value of an attribute.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::indicators::{Key, PartKey, holds_for_person};
use crate::model::{ActivityId, AxisSide, Birth, Category, DistinctColumn, PersonId, PersonState, Project, Value};

use super::axis_key::{age_key, value_key};
use super::ledger::{AxisSpec, CountUnit, Ledger, LedgerAxis, PersonCount, depends_on};

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
    /// Of `distinct`, one of the values that are counted.
    pub value: u32,
}

/// What a person adds to each number that is published up to a batch.
pub(super) struct PersonContributions<'a> {
    ledger: &'a Ledger<'a>,
    pub person: PersonId,
    batch: usize,
    /// The attendances that may count.
    rows: Vec<(Date, u32)>,
    /// By count: those that do.
    counted: Vec<Vec<(Date, u32)>>,
    /// In order of cells.
    pub added: Vec<(CellKey, i64)>,
}

impl<'a> PersonContributions<'a> {
    pub fn new(ledger: &'a Ledger<'a>, person: PersonId, batch: usize) -> PersonContributions<'a> {
        let rows = ledger.rows_up_to(person, ledger.ends[batch]);
        let reader = ContributionReader { ledger, batch, changes: &[] };
        let counted: Vec<Vec<(Date, u32)>> =
            ledger.counts.iter().map(|count| reader.counted_of(count, &rows)).collect();
        let mut added = Vec::new();
        for (count, counted) in ledger.counts.iter().zip(&counted) {
            count.axes.iter().for_each(|axis| reader.add_axis(*axis, count.unit, counted, &mut added));
        }
        let added = sum_by_key(added);
        PersonContributions { ledger, person, batch, rows, counted, added }
    }

    /// By how much it differs with other values in all of the person's rows, each of another attribute; in order of cells.
    pub fn difference(&self, changes: &[AttributeChange]) -> Vec<(CellKey, i64)> {
        let reader = ContributionReader { ledger: self.ledger, batch: self.batch, changes };
        if changes.iter().all(|change| self.has_value(*change)) {
            return Vec::new();
        }
        let mut added = Vec::new();
        for (count, counted) in self.ledger.counts.iter().zip(&self.counted) {
            let mut axes = count.axes.iter().filter(|axis| can_change(&self.ledger.axes[**axis], changes)).peekable();
            if axes.peek().is_none() {
                continue;
            }
            let is_narrowed = |change: &AttributeChange| {
                count.conditions.iter().any(|condition| depends_on(condition, &[change.side]))
            };
            let changed;
            let counted = if changes.iter().any(is_narrowed) {
                changed = reader.counted_of(count, &self.rows);
                &changed
            } else {
                counted
            };
            axes.for_each(|axis| reader.add_axis(*axis, count.unit, counted, &mut added));
        }
        let may_differ = self.added.iter().filter(|(key, _)| can_change(&self.ledger.axes[key.axis as usize], changes));
        added.extend(may_differ.map(|(key, by)| (*key, -by)));
        let mut difference = sum_by_key(added);
        difference.retain(|(_, by)| *by != 0);
        difference
    }

    /// Whether each of the rows has a value already, and no other that counts as the same one.
    fn has_value(&self, change: AttributeChange) -> bool {
        let AxisSide::Person(column) = change.side else { return false };
        let project = self.ledger.project;
        let key = |row: u32| {
            let state = project.persons.state(project.persons.attendances[row as usize].state);
            value_key(&state.values, column)
        };
        matches!(change.key, Key::Category(_)) && self.rows.iter().all(|(_, row)| key(*row) == change.key)
    }
}

/// The sum for each key, in order of keys.
fn sum_by_key(mut numbers: Vec<(CellKey, i64)>) -> Vec<(CellKey, i64)> {
    numbers.sort_by_key(|(key, _)| *key);
    numbers.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        if is_same {
            kept.1 += next.1;
        }
        is_same
    });
    numbers
}

/// Whether numbers of an axis may be others with some values changed.
fn can_change(axis: &LedgerAxis, changes: &[AttributeChange]) -> bool {
    changes.iter().any(|change| axis.attributes.contains(&change.side))
}

struct ContributionReader<'a> {
    ledger: &'a Ledger<'a>,
    batch: usize,
    changes: &'a [AttributeChange],
}

impl ContributionReader<'_> {
    /// Those of a person's rows that count.
    fn counted_of(&self, count: &PersonCount, rows: &[(Date, u32)]) -> Vec<(Date, u32)> {
        rows.iter().copied().filter(|&(day, row)| self.is_counted(count, day, row)).collect()
    }

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
