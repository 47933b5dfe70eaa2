//! What one row writes of its person. A register of a million rows writes some thousands of different things, so each is
//! stored once.

use std::num::NonZeroU32;

use hashbrown::HashMap;
use jiff::civil::Date;

use crate::fold;
use crate::model::{Birth, Value};

/// What one row writes of its person.
#[derive(Debug)]
pub struct Attributes {
    pub sex: Value,
    /// A date or a year of birth.
    pub birth: Birth,
    /// An age or an age band on the row's day.
    pub age: Birth,
    /// The column of the birth; of the age, where there is no birth.
    pub birth_column: u32,
    /// The values of the other kept columns.
    pub values: Vec<Value>,
}

/// The number of [`Attributes`] in an [`AttributeInterner`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributesId(NonZeroU32);

impl AttributesId {
    /// The number as an index, from 0.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// Stores equal attributes once.
#[derive(Default)]
pub struct AttributeInterner {
    attributes: Vec<Attributes>,
    by_key: HashMap<Vec<u64>, AttributesId>,
    key: Vec<u64>,
}

impl AttributeInterner {
    /// The births of all that is stored.
    pub fn births(&self) -> impl Iterator<Item = Birth> + '_ {
        self.attributes.iter().map(|attributes| attributes.birth)
    }

    /// The number of these attributes; equal ones have the same.
    pub fn intern(&mut self, attributes: Attributes) -> AttributesId {
        self.key.clear();
        self.key.push(u64::from(attributes.birth_column));
        push_value(&mut self.key, &attributes.sex);
        push_birth(&mut self.key, attributes.birth);
        push_birth(&mut self.key, attributes.age);
        attributes.values.iter().for_each(|value| push_value(&mut self.key, value));
        if let Some(&id) = self.by_key.get(&self.key) {
            return id;
        }
        self.attributes.push(attributes);
        let id = AttributesId(NonZeroU32::new(self.attributes.len() as u32).unwrap_or(NonZeroU32::MAX));
        self.by_key.insert(self.key.clone(), id);
        id
    }

    /// All of them, in the order of their numbers.
    pub fn all(&self) -> impl Iterator<Item = &Attributes> {
        self.attributes.iter()
    }

    /// The attributes with this number.
    pub fn get(&self, id: AttributesId) -> &Attributes {
        &self.attributes[id.index()]
    }
}

/// A word of a key: what kind of value it is, and the value.
fn key_word(kind: u8, value: u32) -> u64 {
    u64::from(kind) << 32 | u64::from(value)
}

/// Appends a birth to a key; only equal births append the same words.
pub fn push_birth(key: &mut Vec<u64>, birth: Birth) {
    key.push(match birth {
        Birth::Unknown => 0,
        Birth::Date(date) => key_word(1, packed_date(date)),
        Birth::Year(year) => key_word(2, u32::from(year.cast_unsigned())),
        Birth::Age(age) => key_word(3, u32::from(age)),
        Birth::Band(band) => key_word(4, u32::from(band)),
    });
}

fn packed_date(date: Date) -> u32 {
    u32::from(date.year().cast_unsigned()) << 16 | u32::from(date.month() as u8) << 8 | u32::from(date.day() as u8)
}

/// Appends a value to a key; only equal values append the same words.
pub fn push_value(key: &mut Vec<u64>, value: &Value) {
    match value {
        Value::Blank => key.push(0),
        Value::One(category) => key.push(key_word(1, category.0)),
        Value::Several(categories) => {
            key.push(key_word(2, categories.len() as u32));
            key.extend(categories.iter().map(|category| key_word(1, category.0)));
        }
        Value::Number(amount) => {
            let text = fold::code_key(&format!("{amount:?}"));
            key.push(key_word(3, text.len() as u32));
            key.extend(text.bytes().map(u64::from));
        }
        Value::Date(date) => key.push(key_word(4, packed_date(*date))),
    }
}
