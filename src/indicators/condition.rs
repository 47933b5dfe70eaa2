use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::ages::{Age, Ages};
use super::places::Places;
use super::timeline::{Attendances, Seat};
use crate::model::{Activity, AgeBands, Atom, Birth, Condition, Indicator, Op, PersonState, Project, Subject, Value};

/// No condition fails.
const HOLDS: u8 = u8::MAX;

/// Ages that anybody has, for bands without an upper end.
const OLDEST: u8 = 150;

/// An indicator's `where`, decided once per activity and once per state of a person; only what depends on
/// the attendance itself (age on its day, its date, its session, the person) is left for each row.
pub(super) struct Filter<'a> {
    project: &'a Project,
    /// The first condition that fails, per activity; empty where no condition is about activities.
    activities: Vec<u8>,
    /// The same per state; empty where no condition is about persons' states.
    states: Vec<u8>,
    rows: Vec<OfRow<'a>>,
}

/// A condition that depends on the attendance itself.
struct OfRow<'a> {
    number: u8,
    condition: &'a Condition,
    /// Of one on the age: the ages, and what it says of each.
    ages: Option<(Arc<Ages>, Vec<bool>)>,
}

impl<'a> Filter<'a> {
    pub fn new(project: &'a Project, attendances: &Attendances, indicator: &'a Indicator) -> Filter<'a> {
        let numbered = || indicator.conditions.iter().enumerate().map(|(at, condition)| (number(at), condition));
        let of_activity: Vec<_> = numbered().filter(|(_, condition)| condition.subject.of_activity()).collect();
        let of_state: Vec<_> = numbered().filter(|(_, condition)| is_of_state(condition.subject)).collect();
        let of_row = |(number, condition): (u8, &'a Condition)| {
            let of_ages = || {
                let ages = attendances.ages(project);
                let holds = ages.each_known(|age| holds_for_age(condition, age, &project.settings.age_bands));
                (ages, holds)
            };
            OfRow { number, condition, ages: (condition.subject == Subject::Age).then(of_ages) }
        };
        let rows = numbered()
            .filter(|(_, condition)| !condition.subject.of_activity() && !is_of_state(condition.subject))
            .map(of_row)
            .collect();
        let first = |conditions: &[(u8, &Condition)], holds: &dyn Fn(&Condition) -> bool| {
            conditions.iter().find(|(_, condition)| !holds(condition)).map_or(HOLDS, |(at, _)| *at)
        };
        let activities = if of_activity.is_empty() {
            Vec::new()
        } else {
            let of = |activity: &Activity| first(&of_activity, &|condition| holds_for_activity(condition, activity));
            project.activities.rows.iter().map(of).collect()
        };
        let states = if of_state.is_empty() {
            Vec::new()
        } else {
            let of = |state: &PersonState| first(&of_state, &|condition| holds_for_state(condition, state));
            project.persons.states.iter().map(of).collect()
        };
        Filter { project, activities, states, rows }
    }

    /// The first condition that fails for an activity.
    pub fn activity(&self, activity: u32) -> Option<u8> {
        self.activities.get(activity as usize).copied().filter(|&at| at != HOLDS)
    }

    /// The first condition that fails for an attendance.
    pub fn attendance(&self, attendances: &Attendances, seat: Seat) -> Option<u8> {
        let of_activity = self.activity(seat.activity);
        let of_state = self.states.get(seat.state as usize).copied().filter(|&at| at != HOLDS);
        let of_row = self.rows.iter().find(|of_row| !of_row.holds(self.project, attendances, seat.place));
        [of_activity, of_state, of_row.map(|of_row| of_row.number)].into_iter().flatten().min()
    }

    /// The attendances for which every condition holds.
    pub fn holding(&self, attendances: &Attendances) -> Places {
        let of_activity = |place: u32| self.activities[attendances.activity[place as usize] as usize] == HOLDS;
        let of_state = |place: u32| self.states[attendances.state[place as usize] as usize] == HOLDS;
        let len = attendances.len();
        let chosen = match (self.activities.is_empty(), self.states.is_empty()) {
            (true, true) => Places::all(len),
            (false, true) => Places::holding(len, of_activity),
            (true, false) => Places::holding(len, of_state),
            (false, false) => Places::holding(len, |place| of_activity(place) & of_state(place)),
        };
        self.rows
            .iter()
            .fold(chosen, |chosen, of_row| chosen.kept(0..len, |place| of_row.holds(self.project, attendances, place)))
    }
}

impl OfRow<'_> {
    #[inline]
    fn holds(&self, project: &Project, attendances: &Attendances, place: u32) -> bool {
        if let Some((ages, holds)) = &self.ages {
            return holds[ages.number(place)];
        }
        let is_index = |index: u32| self.condition.any.contains(&Atom::Index(index));
        let at = place as usize;
        let any = match self.condition.subject {
            Subject::PersonCode => is_index(attendances.person[at]),
            Subject::Session => is_index(project.persons.attendances[attendances.index[at] as usize].session),
            Subject::AttendanceDate => {
                let day = attendances.days.of(place);
                self.condition.any.iter().any(|atom| is_day(atom, day))
            }
            Subject::Age | Subject::Activity(_) | Subject::ActivityDate | Subject::Person(_) | Subject::BirthYear => {
                false
            }
        };
        any != self.condition.negated
    }
}

/// Conditions after the 255th are told under one number.
fn number(at: usize) -> u8 {
    at.min(usize::from(HOLDS) - 1) as u8
}

/// Whether it is the same on every day.
fn is_of_state(subject: Subject) -> bool {
    matches!(subject, Subject::Person(_) | Subject::BirthYear)
}

pub(super) fn holds_for_activity(condition: &Condition, activity: &Activity) -> bool {
    let any = match condition.subject {
        Subject::Activity(column) => any_of_value(condition, &activity.values[usize::from(column.0)]),
        Subject::ActivityDate => {
            activity.counted_day().is_some_and(|day| condition.any.iter().any(|atom| is_day(atom, day)))
        }
        _ => false,
    };
    any != condition.negated
}

pub(super) fn holds_for_state(condition: &Condition, state: &PersonState) -> bool {
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
fn holds_for_age(condition: &Condition, age: Age, bands: &AgeBands) -> bool {
    let any = match age {
        Age::Unknown => false,
        Age::Band(band) => {
            let (low, high) = bands.ends(band);
            (low..=high.unwrap_or(OLDEST)).all(|age| any_number(condition, Decimal::from(age)))
        }
        Age::Years(years) => any_number(condition, Decimal::from(years)),
    };
    any != condition.negated
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
