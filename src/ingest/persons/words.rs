//! What rows say of persons, each different thing once.

use std::num::NonZeroU32;

use hashbrown::HashMap;
use jiff::civil::Date;

use super::fields::Said;
use crate::ingest::fold;
use crate::model::{Birth, Value};

/// What rows say of their persons, by number.
#[derive(Default)]
pub struct Words {
    said: Vec<Said>,
    by_key: HashMap<Vec<u64>, NonZeroU32>,
    key: Vec<u64>,
}

impl Words {
    /// The number of what a row says; an equal row has the same.
    pub fn find_or_keep(&mut self, said: Said) -> NonZeroU32 {
        self.key.clear();
        self.key.push(u64::from(said.birth_column));
        push_value(&mut self.key, &said.sex);
        push_birth(&mut self.key, said.birth);
        push_birth(&mut self.key, said.age);
        said.values.iter().for_each(|value| push_value(&mut self.key, value));
        if let Some(&number) = self.by_key.get(&self.key) {
            return number;
        }
        self.said.push(said);
        let number = NonZeroU32::new(self.said.len() as u32).unwrap_or(NonZeroU32::MAX);
        self.by_key.insert(self.key.clone(), number);
        number
    }

    pub fn get(&self, number: NonZeroU32) -> &Said {
        &self.said[number.get() as usize - 1]
    }

    pub fn len(&self) -> usize {
        self.said.len()
    }
}

/// What kind of thing a word of a key is; the rest of the word is its value.
fn word(kind: u8, value: u32) -> u64 {
    u64::from(kind) << 32 | u64::from(value)
}

pub fn push_birth(key: &mut Vec<u64>, birth: Birth) {
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

pub fn push_value(key: &mut Vec<u64>, value: &Value) {
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
