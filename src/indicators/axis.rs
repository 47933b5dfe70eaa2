use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::ages::Ages;
use super::marks::{Marking, Marks};
use super::numbers::Numbers;
use super::places::Places;
use super::timeline::{Attendances, Seat};
use super::{Key, PartKey};
use crate::model::{AxisPart, Category, ColumnId, IndicatorId, Project, Value};

/// Crossings with more possible slots than this number only the pairs that occur.
const DENSE: usize = 4096;

/// What an axis asks of, simple or crossed.
pub(super) type AxisParts = (AxisPart, Option<AxisPart>);

/// An axis with every row's slot on it at hand. Slots rise in the order in which parts are shown.
pub(super) struct Slots {
    first: Arc<Codes>,
    second: Option<Arc<Codes>>,
    /// The pairs that occur, where possible ones are too many.
    pairs: Option<BTreeMap<(u32, u32), u32>>,
    keys: Vec<PartKey>,
}

impl Slots {
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn key(&self, slot: usize) -> PartKey {
        self.keys[slot]
    }

    #[inline]
    pub fn slot(&self, seat: Seat) -> u32 {
        let first = self.first.code(seat);
        match (&self.second, &self.pairs) {
            (None, _) => first,
            (Some(second), None) => first * second.size + second.code(seat),
            (Some(second), Some(pairs)) => pairs.get(&(first, second.code(seat))).copied().unwrap_or_default(),
        }
    }

    /// Counts the attendances at places of a range on their slots.
    pub fn count(&self, attendances: &Attendances, places: &Places, range: Range<usize>, counts: &mut [u32]) {
        match (&self.second, &self.first.marks) {
            (None, Some(marks)) => marks.count(places, range, &mut counts[..self.len()]),
            _ => places.some(range, |some| {
                some.iter().for_each(|place| counts[self.slot(attendances.seat(*place)) as usize] += 1);
            }),
        }
    }
}

/// The codes of every part of an axis that an indicator asks for, over attendances or over activities.
pub(super) struct Codings<'a> {
    project: &'a Project,
    attendances: &'a Attendances,
    made: Vec<((AxisPart, bool), Arc<Codes>)>,
}

impl<'a> Codings<'a> {
    /// Of what is asked for, by indicator: each made once, side by side.
    pub fn new(
        project: &'a Project,
        attendances: &'a Attendances,
        asked: &[(IndicatorId, &Vec<AxisParts>)],
    ) -> Codings<'a> {
        let mut parts: Vec<(AxisPart, bool)> = Vec::new();
        for (id, axes) in asked {
            let calculation = project.logframe.indicator(*id).calculation;
            for part in axes.iter().flat_map(|(first, second)| [Some(*first), *second]).flatten() {
                let part = (part, calculation.over_attendances());
                if calculation.is_counted() && !parts.contains(&part) {
                    parts.push(part);
                }
            }
        }
        let make = |part| (part, Arc::new(Codes::new(project, attendances, part)));
        Codings { project, attendances, made: parts.into_par_iter().map(make).collect() }
    }

    /// The slots of an axis among `rows`: attendances, or activities, where nothing of persons is known.
    pub fn slots(&self, parts: AxisParts, of_attendances: bool, rows: impl Iterator<Item = Seat>) -> Slots {
        let first = self.codes((parts.0, of_attendances));
        let Some(second) = parts.1.map(|part| self.codes((part, of_attendances))) else {
            let keys = (0..first.size).map(|code| PartKey::One(first.key(code))).collect();
            return Slots { first, second: None, pairs: None, keys };
        };
        let crossed = |(a, b): (u32, u32)| PartKey::Crossed(first.key(a), second.key(b));
        if first.size as usize * second.size as usize <= DENSE {
            let keys = (0..first.size).flat_map(|a| (0..second.size).map(move |b| (a, b))).map(crossed).collect();
            return Slots { first, second: Some(second), pairs: None, keys };
        }
        let mut pairs: BTreeMap<(u32, u32), u32> =
            rows.map(|seat| ((first.code(seat), second.code(seat)), 0)).collect();
        for (slot, number) in (0..).zip(pairs.values_mut()) {
            *number = slot;
        }
        let keys = pairs.keys().copied().map(crossed).collect();
        Slots { first, second: Some(second), pairs: Some(pairs), keys }
    }

    fn codes(&self, part: (AxisPart, bool)) -> Arc<Codes> {
        let made = self.made.iter().find(|(made, _)| *made == part);
        made.map_or_else(|| Arc::new(Codes::new(self.project, self.attendances, part)), |(_, codes)| Arc::clone(codes))
    }
}

/// One part of an axis: its values are numbered from 0, *several* and *unknown* stand last.
struct Codes {
    by: By,
    size: u32,
    bands: bool,
    /// Of attendances, where there are few.
    marks: Option<Marks>,
}

enum By {
    Activity(Numbers),
    State(Numbers),
    /// The code of every age that is known of anybody.
    Age(Arc<Ages>, Vec<u32>),
    /// Nothing is known of persons where activities are counted.
    Nothing,
}

impl Codes {
    fn new(project: &Project, attendances: &Attendances, (part, of_attendances): (AxisPart, bool)) -> Codes {
        let (by, size) = match part {
            AxisPart::Activity(column) => {
                let size = project.activities.columns[usize::from(column.0)].entries.len() as u32 + 2;
                let values = project.activities.rows.iter().map(|activity| code_of(&activity.values, column, size));
                (By::Activity(Numbers::new(values, size)), size)
            }
            AxisPart::Person(column) => {
                let size = project.persons.columns[usize::from(column.0)].entries.len() as u32 + 2;
                let values = || project.persons.states.iter().map(|state| code_of(&state.values, column, size));
                (if of_attendances { By::State(Numbers::new(values(), size)) } else { By::Nothing }, size)
            }
            AxisPart::Age => {
                let bands = &project.settings.age_bands;
                let size = bands.0.len() as u32 + 2;
                let of_ages = || {
                    let ages = attendances.ages(project);
                    let codes = ages.each_known(|age| age.band(bands).map_or(size - 1, u32::from));
                    By::Age(ages, codes)
                };
                (if of_attendances { of_ages() } else { By::Nothing }, size)
            }
        };
        let mut codes = Codes { by, size, bands: part == AxisPart::Age, marks: None };
        if of_attendances && let Some(mut marking) = Marking::new(attendances.len(), size) {
            codes.each(attendances, |code| marking.mark(code));
            codes.marks = Some(marking.marks());
        }
        codes
    }

    #[inline]
    fn code(&self, seat: Seat) -> u32 {
        match &self.by {
            By::Activity(codes) => codes.at(seat.activity),
            By::State(codes) => codes.at(seat.state),
            By::Age(ages, codes) => codes[ages.number(seat.place)],
            By::Nothing => self.size - 1,
        }
    }

    /// Tells the codes of all attendances, one after the other: what they are looked up by is decided once.
    fn each(&self, attendances: &Attendances, mut take: impl FnMut(u32)) {
        match &self.by {
            By::Activity(codes) => codes.each(&attendances.activity, take),
            By::State(codes) => codes.each(&attendances.state, take),
            By::Age(ages, codes) => ages.each(|age| take(codes[age])),
            By::Nothing => (0..attendances.len()).for_each(|_| take(self.size - 1)),
        }
    }

    fn key(&self, code: u32) -> Key {
        if code + 1 == self.size {
            Key::Unknown
        } else if code + 2 == self.size {
            Key::Several
        } else if self.bands {
            Key::Band(code as u8)
        } else {
            Key::Category(Category(code))
        }
    }
}

fn code_of(values: &[Value], column: ColumnId, size: u32) -> u32 {
    match &values[usize::from(column.0)] {
        Value::One(category) => category.0,
        Value::Several(_) => size - 2,
        Value::Blank | Value::Number(_) | Value::Date(_) => size - 1,
    }
}
