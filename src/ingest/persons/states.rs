//! From what rows said to what is known of each person at each attendance.

use std::collections::HashMap;

use super::{Info, Persons};
use crate::ingest::fold;
use crate::model::{Birth, PersonState, StateId, Value};

/// What rows of attendance say, equal ones once: age on the day and the kept columns besides sex.
#[derive(Default)]
pub struct RowStates {
    by_key: HashMap<Vec<u8>, u32>,
    states: Vec<(Birth, Vec<Value>)>,
    key: Vec<u8>,
}

impl RowStates {
    pub fn intern(&mut self, age: Birth, values: Vec<Value>) -> u32 {
        let mut key = std::mem::take(&mut self.key);
        key.clear();
        push_birth(&mut key, age);
        values.iter().for_each(|value| push_value(&mut key, value));
        let number = match self.by_key.get(&key) {
            Some(&number) => number,
            None => {
                let number = self.states.len() as u32;
                self.by_key.insert(key.clone(), number);
                self.states.push((age, values));
                number
            }
        };
        self.key = key;
        number
    }

    pub fn values(&self, number: u32) -> &(Birth, Vec<Value>) {
        &self.states[number as usize]
    }
}

fn push_birth(key: &mut Vec<u8>, birth: Birth) {
    match birth {
        Birth::Unknown => key.push(0),
        Birth::Date(date) => {
            key.push(1);
            key.extend(date.year().to_le_bytes());
            key.extend([date.month() as u8, date.day() as u8]);
        }
        Birth::Year(year) => {
            key.push(2);
            key.extend(year.to_le_bytes());
        }
        Birth::Age(age) => key.extend([3, age]),
        Birth::Band(band) => key.extend([4, band]),
    }
}

fn push_value(key: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Blank => key.push(0),
        Value::One(category) => {
            key.push(1);
            key.extend(category.0.to_le_bytes());
        }
        Value::Several(categories) => {
            key.push(2);
            key.extend((categories.len() as u32).to_le_bytes());
            categories.iter().for_each(|category| key.extend(category.0.to_le_bytes()));
        }
        Value::Number(amount) => {
            key.push(3);
            key.extend(fold::code_key(&format!("{amount:?}")).into_bytes());
            key.push(0);
        }
        Value::Date(date) => {
            key.push(4);
            push_birth(key, Birth::Date(*date));
        }
    }
}

/// The states in the model's form, found for pairs of a person and what a row said.
pub struct Finish<'p> {
    persons: &'p Persons,
    rows: &'p RowStates,
    has_sex: bool,
    by_key: HashMap<Vec<u8>, StateId>,
    key: Vec<u8>,
    pub states: Vec<PersonState>,
}

const BLANK: &Value = &Value::Blank;

pub fn finish<'p>(persons: &'p Persons, rows: &'p RowStates, has_sex: bool) -> Finish<'p> {
    Finish { persons, rows, has_sex, by_key: HashMap::new(), key: Vec::new(), states: Vec::new() }
}

impl Finish<'_> {
    /// What is known of a person at an attendance whose row said `row`: sex and birth are the person's,
    /// the rest is the row's, and where the row leaves a blank the person's.
    pub fn state(&mut self, person: u32, row: u32) -> StateId {
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
