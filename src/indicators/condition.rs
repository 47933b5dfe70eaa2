use jiff::civil::Date;
use rust_decimal::Decimal;

use super::timeline::{Attendances, Seat};
use crate::model::{Activity, Atom, Birth, Condition, Indicator, Op, PersonState, Project, Subject, Value};

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
    rows: Vec<(u8, &'a Condition, Option<Ages>)>,
}

impl<'a> Filter<'a> {
    pub fn new(project: &'a Project, indicator: &'a Indicator) -> Filter<'a> {
        let numbered = || indicator.conditions.iter().enumerate().map(|(at, condition)| (number(at), condition));
        let of_activity: Vec<_> = numbered().filter(|(_, condition)| condition.subject.of_activity()).collect();
        let of_state: Vec<_> = numbered().filter(|(_, condition)| is_of_state(condition.subject)).collect();
        let rows = numbered()
            .filter(|(_, condition)| !condition.subject.of_activity() && !is_of_state(condition.subject))
            .map(|(at, condition)| (at, condition, Ages::of(project, condition)))
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
    #[inline]
    pub fn attendance(&self, attendances: &Attendances, seat: Seat) -> Option<u8> {
        let mut failed = HOLDS;
        if !self.activities.is_empty() {
            failed = self.activities[seat.activity as usize];
        }
        if !self.states.is_empty() {
            failed = failed.min(self.states[seat.state as usize]);
        }
        for (at, condition, ages) in &self.rows {
            let holds = || match ages {
                Some(ages) => ages.hold(condition, seat.state, attendances.day[seat.place as usize]),
                None => holds_for_row(self.project, condition, attendances, seat),
            };
            if *at < failed && !holds() {
                failed = *at;
            }
        }
        Some(failed).filter(|&at| at != HOLDS)
    }

    /// The places of the attendances for which every condition holds.
    pub fn holding(&self, attendances: &Attendances) -> Vec<u32> {
        let of_activity = |at: usize| self.activities[attendances.activity[at] as usize] == HOLDS;
        let of_state = |at: usize| self.states[attendances.state[at] as usize] == HOLDS;
        let len = attendances.len();
        match (self.activities.is_empty(), self.states.is_empty(), self.rows.is_empty()) {
            (true, true, true) => (0..len as u32).collect(),
            (false, true, true) => chosen(len, of_activity),
            (true, false, true) => chosen(len, of_state),
            (false, false, true) => chosen(len, |at| of_activity(at) & of_state(at)),
            (_, _, false) => chosen(len, |at| self.attendance(attendances, attendances.seat(at as u32)).is_none()),
        }
    }
}

/// The places for which something holds. Each is written, and the next one over it where it doesn't hold: whether it does
/// is hard for a processor to foretell. Some at a time, so that no more memory is touched than is filled.
fn chosen(len: usize, holds: impl Fn(usize) -> bool) -> Vec<u32> {
    const SOME: usize = 1 << 10;
    let (mut chosen, mut some) = (Vec::with_capacity(len), [0; SOME]);
    for start in (0..len).step_by(SOME) {
        let mut end = 0;
        for at in start..len.min(start + SOME) {
            some[end] = at as u32;
            end += usize::from(holds(at));
        }
        chosen.extend_from_slice(&some[..end]);
    }
    chosen
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

fn holds_for_row(project: &Project, condition: &Condition, attendances: &Attendances, seat: Seat) -> bool {
    let at = seat.place as usize;
    let is_index = |index: u32| condition.any.contains(&Atom::Index(index));
    let any = match condition.subject {
        Subject::PersonCode => is_index(attendances.person[at]),
        Subject::Session => is_index(project.persons.attendances[attendances.index[at] as usize].session),
        Subject::AttendanceDate => condition.any.iter().any(|atom| is_day(atom, attendances.day[at])),
        Subject::Age | Subject::Activity(_) | Subject::ActivityDate | Subject::Person(_) | Subject::BirthYear => false,
    };
    any != condition.negated
}

/// What a condition on the age says of every age, and of every band.
struct Ages {
    /// From 0; of all that a band may end with.
    of_age: Vec<bool>,
    /// Of a person known by an age band alone, what is true of every age in it.
    of_band: Vec<bool>,
    births: Vec<Birth>,
}

impl Ages {
    /// None of conditions on something else.
    fn of(project: &Project, condition: &Condition) -> Option<Ages> {
        if condition.subject != Subject::Age {
            return None;
        }
        let of_age: Vec<bool> = (0..=u8::MAX).map(|age| any_number(condition, Decimal::from(age))).collect();
        let bands = &project.settings.age_bands;
        let of_band = (0..bands.0.len()).map(|band| {
            let (low, high) = bands.ends(band as u8);
            (low..=high.unwrap_or(OLDEST)).all(|age| of_age[usize::from(age)])
        });
        let of_band = of_band.collect();
        let births = project.persons.states.iter().map(|state| state.birth).collect();
        Some(Ages { of_age, of_band, births })
    }

    fn hold(&self, condition: &Condition, state: u32, day: Date) -> bool {
        let any = match self.births[state as usize] {
            Birth::Band(band) => self.of_band.get(usize::from(band)).copied().unwrap_or(false),
            birth => birth.age_on(day).is_some_and(|age| {
                match usize::try_from(age).ok().and_then(|age| self.of_age.get(age)) {
                    Some(&holds) => holds,
                    None => any_number(condition, Decimal::from(age)),
                }
            }),
        };
        any != condition.negated
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
