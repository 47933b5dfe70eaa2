use jiff::civil::Date;
use rust_decimal::Decimal;

use super::row_set::RowSet;
use super::rows_by_day::{AttendanceByDay, RowsOfDays};
use crate::model::{Activity, AgeBands, Atom, Birth, Condition, Indicator, Op, PersonState, Project, Subject, Value};

/// No condition fails.
const NONE_FAILS: u8 = u8::MAX;

/// The highest age, for bands without an upper end.
const OLDEST: u8 = 150;

/// An indicator's `where`, decided once per activity and once per state of a person; only what depends on
/// the attendance itself (age on its day, its date, its session, the person) is left for each row.
pub(super) struct Filter<'a> {
    project: &'a Project,
    rows: RowsOfDays<'a>,
    /// The first condition that fails, per activity; empty where no condition is about activities.
    activities: Vec<u8>,
    /// The same per state; empty where no condition is about persons' states.
    states: Vec<u8>,
    /// The conditions that depend on the attendance itself, numbered.
    of_attendance: Vec<(u8, &'a Condition)>,
}

impl<'a> Filter<'a> {
    pub fn new(project: &'a Project, rows: RowsOfDays<'a>, indicator: &'a Indicator) -> Filter<'a> {
        let numbered = || indicator.conditions.iter().enumerate().map(|(at, condition)| (number(at), condition));
        let of_activity: Vec<_> = numbered().filter(|(_, condition)| condition.subject.is_of_activity()).collect();
        let of_state: Vec<_> = numbered().filter(|(_, condition)| is_of_state(condition.subject)).collect();
        let of_attendance = numbered()
            .filter(|(_, condition)| !condition.subject.is_of_activity() && !is_of_state(condition.subject))
            .collect();
        let first_failing = |conditions: &[(u8, &Condition)], holds: &dyn Fn(&Condition) -> bool| {
            conditions.iter().find(|(_, condition)| !holds(condition)).map_or(NONE_FAILS, |(number, _)| *number)
        };
        let activities = project
            .activities
            .rows
            .iter()
            .filter(|_| !of_activity.is_empty())
            .map(|activity| first_failing(&of_activity, &|condition| holds_for_activity(condition, activity)));
        let states = project.persons.states.iter().filter(|_| !of_state.is_empty());
        let states = states.map(|state| first_failing(&of_state, &|condition| holds_for_state(condition, state)));
        Filter { project, rows, activities: activities.collect(), states: states.collect(), of_attendance }
    }

    /// The rows for which every condition holds.
    pub fn matching_rows(&self) -> RowSet {
        RowSet::from_fn(self.rows.len(), |row| self.first_failing(row).is_none())
    }

    /// The number of the first condition that fails for a row.
    pub fn first_failing(&self, row: u32) -> Option<u8> {
        let at = |failing: &[u8], at: u32| failing.get(at as usize).copied().unwrap_or(NONE_FAILS);
        let of_activity = at(&self.activities, self.rows.activity(row).0);
        let first = match self.rows {
            RowsOfDays::Activities(_) => of_activity,
            RowsOfDays::Attendances(attendances) => {
                let of_state = at(&self.states, attendances.state[row as usize]);
                let mut of_attendance = self.of_attendance.iter();
                let of_attendance =
                    of_attendance.find(|(_, condition)| !self.holds_for_row(condition, attendances, row));
                of_activity.min(of_state).min(of_attendance.map_or(NONE_FAILS, |(number, _)| *number))
            }
        };
        (first != NONE_FAILS).then_some(first)
    }

    fn holds_for_row(&self, condition: &Condition, attendances: &AttendanceByDay, row: u32) -> bool {
        let has_index = |index: u32| condition.any.contains(&Atom::Index(index));
        let at = row as usize;
        let any = match condition.subject {
            Subject::PersonCode => has_index(attendances.person[at]),
            Subject::Session => has_index(self.project.persons.attendances[attendances.index[at] as usize].session),
            Subject::AttendanceDate => {
                let day = attendances.days.day_of(row);
                condition.any.iter().any(|atom| is_day(atom, day))
            }
            Subject::Age => {
                let birth = self.project.persons.states[attendances.state[at] as usize].birth;
                any_age(condition, birth, attendances.days.day_of(row), &self.project.settings.age_bands)
            }
            Subject::Activity(_) | Subject::ActivityDate | Subject::Person(_) | Subject::BirthYear => false,
        };
        any != condition.negated
    }
}

/// The number that a condition is reported by; those after the 255th share one.
fn number(at: usize) -> u8 {
    at.min(usize::from(NONE_FAILS) - 1) as u8
}

/// Whether it depends only on a person's state, and so is the same on every day.
fn is_of_state(subject: Subject) -> bool {
    matches!(subject, Subject::Person(_) | Subject::BirthYear)
}

/// Whether all conditions of an indicator that are of activities hold for one.
pub(super) fn holds_for_all(indicator: &Indicator, activity: &Activity) -> bool {
    let of_activity = indicator.conditions.iter().filter(|condition| condition.subject.is_of_activity());
    of_activity.into_iter().all(|condition| holds_for_activity(condition, activity))
}

fn holds_for_activity(condition: &Condition, activity: &Activity) -> bool {
    let any = match condition.subject {
        Subject::Activity(column) => any_of_value(condition, &activity.values[usize::from(column.0)]),
        Subject::ActivityDate => {
            activity.counted_day().is_some_and(|day| condition.any.iter().any(|atom| is_day(atom, day)))
        }
        _ => false,
    };
    any != condition.negated
}

/// Whether a condition on persons holds for a state on a day.
pub(super) fn holds_on_day(condition: &Condition, state: &PersonState, day: Date, bands: &AgeBands) -> bool {
    match condition.subject {
        Subject::Age => any_age(condition, state.birth, day, bands) != condition.negated,
        _ => holds_for_state(condition, state),
    }
}

fn holds_for_state(condition: &Condition, state: &PersonState) -> bool {
    let any = match condition.subject {
        Subject::Person(column) => any_of_value(condition, &state.values[usize::from(column.0)]),
        Subject::BirthYear => {
            let year = match state.birth {
                Birth::Date(day) => Some(day.year()),
                Birth::Year(year) => Some(year),
                Birth::Unknown | Birth::Age(_) | Birth::Band(_) => None,
            };
            year.is_some_and(|year| any_number(condition, Decimal::from(year)))
        }
        _ => false,
    };
    any != condition.negated
}

/// Of a person known by an age band alone: what is true of every age in it.
fn any_age(condition: &Condition, birth: Birth, day: Date, bands: &AgeBands) -> bool {
    match birth {
        Birth::Band(band) => {
            let (low, high) = bands.ends(band);
            (low..=high.unwrap_or(OLDEST)).all(|age| any_number(condition, Decimal::from(age)))
        }
        birth => birth.age_on(day).is_some_and(|age| any_number(condition, Decimal::from(age))),
    }
}

fn any_of_value(condition: &Condition, value: &Value) -> bool {
    match value {
        Value::Blank => false,
        Value::One(_) | Value::Several(_) => condition
            .any
            .iter()
            .any(|atom| matches!(atom, Atom::Category(category) if value.categories().contains(category))),
        Value::Number(_) => value.number().is_some_and(|number| any_number(condition, number)),
        Value::Date(day) => condition.any.iter().any(|atom| is_day(atom, *day)),
    }
}

fn any_number(condition: &Condition, number: Decimal) -> bool {
    condition.any.iter().any(|atom| match atom {
        Atom::Number(op, limit) => match op {
            Op::Equal => number == *limit,
            Op::Less => number < *limit,
            Op::LessOrEqual => number <= *limit,
            Op::Greater => number > *limit,
            Op::GreaterOrEqual => number >= *limit,
        },
        Atom::Category(_) | Atom::Day(..) | Atom::Index(_) => false,
    })
}

fn is_day(atom: &Atom, day: Date) -> bool {
    match atom {
        Atom::Day(op, first, last) => match op {
            Op::Equal => *first <= day && day <= *last,
            Op::Less => day < *first,
            Op::LessOrEqual => day <= *last,
            Op::Greater => day > *last,
            Op::GreaterOrEqual => day >= *first,
        },
        Atom::Category(_) | Atom::Number(..) | Atom::Index(_) => false,
    }
}
