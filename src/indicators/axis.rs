use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::ages::{Age, Ages};
use super::numbers::Numbers;
use super::timeline::{Attendances, Seat};
use super::{Key, PartKey};
use crate::model::{AxisPart, Category, ColumnId, Project, Value};

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

    /// Tells the slots of attendances, one after the other.
    pub fn each(&self, attendances: &Attendances, places: &[u32], mut take: impl FnMut(u32)) {
        if self.second.is_none() {
            self.first.each(attendances, places, take);
        } else {
            places.iter().for_each(|&place| take(self.slot(attendances.seat(place))));
        }
    }
}

/// The codes of every part of an axis, kept for all indicators that ask for them, side by side.
pub(super) struct Codings<'a> {
    project: &'a Project,
    attendances: &'a Attendances,
    made: Mutex<Vec<Coding>>,
}

/// A part of an axis, whether of attendances, and its codes once somebody asked for them.
type Coding = (AxisPart, bool, Arc<OnceLock<Arc<Codes>>>);

impl<'a> Codings<'a> {
    pub fn new(project: &'a Project, attendances: &'a Attendances) -> Codings<'a> {
        Codings { project, attendances, made: Mutex::default() }
    }

    /// The slots of an axis among `rows`: attendances, or activities, where nothing of persons is known.
    pub fn slots(&self, parts: AxisParts, of_attendances: bool, rows: impl Iterator<Item = Seat>) -> Slots {
        let first = self.codes(parts.0, of_attendances);
        let Some(second) = parts.1.map(|part| self.codes(part, of_attendances)) else {
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

    fn codes(&self, part: AxisPart, of_attendances: bool) -> Arc<Codes> {
        let coding = {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            match made.iter().find(|(made, of, _)| (*made, *of) == (part, of_attendances)) {
                Some((_, _, coding)) => Arc::clone(coding),
                None => {
                    let coding = Arc::default();
                    made.push((part, of_attendances, Arc::clone(&coding)));
                    coding
                }
            }
        };
        // Others who ask for the same wait for it; those who ask for something else don't.
        let make = || Arc::new(Codes::new(self.project, self.attendances, part, of_attendances));
        Arc::clone(coding.get_or_init(make))
    }
}

/// One part of an axis: its values are numbered from 0, *several* and *unknown* stand last.
struct Codes {
    by: By,
    size: u32,
    bands: bool,
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
    fn new(project: &Project, attendances: &Attendances, part: AxisPart, of_attendances: bool) -> Codes {
        match part {
            AxisPart::Activity(column) => {
                let size = project.activities.columns[usize::from(column.0)].entries.len() as u32 + 2;
                let values = project.activities.rows.iter().map(|activity| code_of(&activity.values, column, size));
                Codes { by: By::Activity(Numbers::new(values, size)), size, bands: false }
            }
            AxisPart::Person(column) => {
                let size = project.persons.columns[usize::from(column.0)].entries.len() as u32 + 2;
                let values = || project.persons.states.iter().map(|state| code_of(&state.values, column, size));
                let by = if of_attendances { By::State(Numbers::new(values(), size)) } else { By::Nothing };
                Codes { by, size, bands: false }
            }
            AxisPart::Age => {
                let bands = &project.settings.age_bands;
                let size = bands.0.len() as u32 + 2;
                let code = |age: Age| age.band(bands).map_or(size - 1, u32::from);
                let by = if of_attendances {
                    let ages = attendances.ages(project);
                    let codes = ages.each_known(code);
                    By::Age(ages, codes)
                } else {
                    By::Nothing
                };
                Codes { by, size, bands: true }
            }
        }
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

    /// Tells the codes of attendances, one after the other: what they are looked up by is decided once.
    fn each(&self, attendances: &Attendances, places: &[u32], mut take: impl FnMut(u32)) {
        fn of<'f>(field: &'f [u32], places: &'f [u32]) -> impl Iterator<Item = u32> + 'f {
            places.iter().map(|&place| field[place as usize])
        }
        match &self.by {
            By::Activity(codes) => codes.each(of(&attendances.activity, places), take),
            By::State(codes) => codes.each(of(&attendances.state, places), take),
            By::Age(ages, codes) => ages.each(places, |age| take(codes[age])),
            By::Nothing => places.iter().for_each(|_| take(self.size - 1)),
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
