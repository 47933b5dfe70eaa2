//! From what rows said to what is known of each person at each attendance.

use std::num::NonZeroU32;

use hashbrown::HashMap;
use jiff::civil::Date;

use super::fields::Said;
use super::{Info, Persons};
use crate::ingest::fold;
use crate::model::{Birth, PersonState, StateId, Value};

/// What rows of attendance say, equal ones once: age on the day and the kept columns besides sex.
#[derive(Default)]
pub struct RowStates {
    /// All that a row says of its person, sex and birth too, by number; with the state that it comes to.
    by_words: HashMap<Vec<u64>, NonZeroU32>,
    state_of_words: Vec<Option<u32>>,
    by_key: HashMap<Vec<u64>, u32>,
    states: Vec<(Birth, Vec<Value>)>,
    key: Vec<u64>,
}

impl RowStates {
    /// The number of what a row says of its person.
    pub fn said(&mut self, said: &Said) -> NonZeroU32 {
        self.key.clear();
        push_value(&mut self.key, &said.sex);
        push_birth(&mut self.key, said.birth);
        push_birth(&mut self.key, said.age);
        said.values.iter().for_each(|value| push_value(&mut self.key, value));
        if let Some(&number) = self.by_words.get(&self.key) {
            return number;
        }
        self.state_of_words.push(None);
        let number = NonZeroU32::new(self.state_of_words.len() as u32).unwrap_or(NonZeroU32::MAX);
        self.by_words.insert(self.key.clone(), number);
        number
    }

    /// The state of a row whose words have this number.
    pub fn intern(&mut self, words: NonZeroU32, said: Said) -> u32 {
        let place = words.get() as usize - 1;
        if let Some(state) = self.state_of_words[place] {
            return state;
        }
        let Said { age, values, .. } = said;
        self.key.clear();
        push_birth(&mut self.key, age);
        values.iter().for_each(|value| push_value(&mut self.key, value));
        let number = match self.by_key.get(&self.key) {
            Some(&number) => number,
            None => {
                let number = self.states.len() as u32;
                self.by_key.insert(self.key.clone(), number);
                self.states.push((age, values));
                number
            }
        };
        self.state_of_words[place] = Some(number);
        number
    }

    pub fn values(&self, number: u32) -> &(Birth, Vec<Value>) {
        &self.states[number as usize]
    }
}

/// What kind of thing a word of a key is; the rest of the word is its value.
fn word(kind: u8, value: u32) -> u64 {
    u64::from(kind) << 32 | u64::from(value)
}

fn push_birth(key: &mut Vec<u64>, birth: Birth) {
    key.push(match birth {
        Birth::Unknown => 0,
        Birth::Date(date) => word(1, day(date)),
        Birth::Year(year) => word(2, u32::from(year.cast_unsigned())),
        Birth::Age(age) => word(3, u32::from(age)),
        Birth::Band(band) => word(4, u32::from(band)),
    });
}

fn day(date: Date) -> u32 {
    u32::from(date.year().cast_unsigned()) << 16 | u32::from(date.month() as u8) << 8 | u32::from(date.day() as u8)
}

fn push_value(key: &mut Vec<u64>, value: &Value) {
    match value {
        Value::Blank => key.push(0),
        Value::One(category) => key.push(word(1, category.0)),
        Value::Several(categories) => {
            key.push(word(2, categories.len() as u32));
            key.extend(categories.iter().map(|category| word(1, category.0)));
        }
        Value::Number(amount) => {
            let written = fold::code_key(&format!("{amount:?}"));
            key.push(word(3, written.len() as u32));
            key.extend(written.bytes().map(u64::from));
        }
        Value::Date(date) => key.push(word(4, day(*date))),
    }
}

/// The states in the model's form, found for pairs of a person and what a row said.
pub struct Finish<'p> {
    persons: &'p Persons,
    rows: &'p RowStates,
    has_sex: bool,
    by_key: HashMap<Vec<u64>, StateId>,
    key: Vec<u64>,
    /// By person what their last row said, and the state that it came to: the next one mostly says the same.
    last: Vec<Option<(u32, StateId)>>,
    pub states: Vec<PersonState>,
}

const BLANK: &Value = &Value::Blank;

pub fn finish<'p>(persons: &'p Persons, rows: &'p RowStates, has_sex: bool) -> Finish<'p> {
    let last = vec![None; persons.infos.len()];
    Finish { persons, rows, has_sex, by_key: HashMap::new(), key: Vec::new(), last, states: Vec::new() }
}

impl Finish<'_> {
    /// What is known of a person at an attendance whose row said `row`: sex and birth are the person's,
    /// the rest is the row's, and where the row leaves a blank the person's.
    pub fn state(&mut self, person: u32, row: u32) -> StateId {
        if let Some((said, state)) = self.last[person as usize]
            && said == row
        {
            return state;
        }
        let state = self.find(person, row);
        self.last[person as usize] = Some((row, state));
        state
    }

    fn find(&mut self, person: u32, row: u32) -> StateId {
        let info: &Info = &self.persons.infos[person as usize];
        let (age, said) = self.rows.values(row);
        let birth = if info.birth.contradicted || info.age.contradicted {
            Birth::Unknown
        } else {
            match (info.birth.settled(), *age) {
                (Some(birth), _) => *birth,
                (None, Birth::Unknown) => info.age.settled().copied().unwrap_or_default(),
                (None, age) => age,
            }
        };
        let sex = self.has_sex.then(|| info.sex.settled().unwrap_or(BLANK));
        let rest = said.iter().zip(&info.values).map(|(value, fact)| match value {
            Value::Blank => fact.settled().unwrap_or(BLANK),
            value => value,
        });
        let values = sex.into_iter().chain(rest);
        self.key.clear();
        push_birth(&mut self.key, birth);
        values.clone().for_each(|value| push_value(&mut self.key, value));
        if let Some(&known) = self.by_key.get(&self.key) {
            return known;
        }
        let id = StateId(self.states.len() as u32);
        self.states.push(PersonState { birth, values: values.cloned().collect() });
        self.by_key.insert(self.key.clone(), id);
        id
    }
}
