//! What rows of attendance that differ in kept columns alone come to: a status that changes. Few different things are
//! said so, however many persons and rows there are.

use std::num::NonZeroU32;

use hashbrown::HashMap;

use super::words::push_value;
use crate::model::Value;

/// What was said in one column, once more than one row was heard.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// The first that wasn't blank.
    pub value: Value,
    /// Another row says something else.
    pub contradicted: bool,
}

impl Heard {
    pub fn settled(&self) -> Option<&Value> {
        Some(&self.value).filter(|value| !self.contradicted && **value != Value::Blank)
    }
}

/// Rows that were heard one after the other, by number.
#[derive(Default)]
pub struct Hearings {
    columns: Vec<Vec<Heard>>,
    by_key: HashMap<Vec<u64>, NonZeroU32>,
    /// From a hearing and the number of what another row says to what both come to.
    steps: HashMap<(Option<NonZeroU32>, NonZeroU32), NonZeroU32>,
}

impl Hearings {
    pub fn get(&self, number: NonZeroU32) -> &[Heard] {
        &self.columns[number.get() as usize - 1]
    }

    /// A hearing with one more row, whose words have this number and these values.
    pub fn with(&mut self, before: Option<NonZeroU32>, words: NonZeroU32, values: &[Value]) -> NonZeroU32 {
        if let Some(&known) = self.steps.get(&(before, words)) {
            return known;
        }
        let mut heard = before.map_or_else(|| vec![Heard::default(); values.len()], |before| self.get(before).to_vec());
        for (heard, said) in heard.iter_mut().zip(values).filter(|(_, said)| **said != Value::Blank) {
            if heard.value == Value::Blank {
                heard.value = said.clone();
            } else if heard.value != *said {
                heard.contradicted = true;
            }
        }
        let number = self.number(heard);
        self.steps.insert((before, words), number);
        number
    }

    fn number(&mut self, heard: Vec<Heard>) -> NonZeroU32 {
        let mut key = Vec::new();
        for Heard { value, contradicted } in &heard {
            push_value(&mut key, value);
            key.push(u64::from(*contradicted));
        }
        let Hearings { columns, by_key, .. } = self;
        *by_key.entry(key).or_insert_with(|| {
            columns.push(heard);
            NonZeroU32::new(columns.len() as u32).unwrap_or(NonZeroU32::MAX)
        })
    }
}
