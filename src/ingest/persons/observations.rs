//! What rows of attendance that differ only in kept columns come to: a status that changes. Few different things are
//! written so, however many persons and rows there are, so each sequence of them is stored once.

use std::num::NonZeroU32;

use hashbrown::HashMap;

use super::attributes::{AttributesId, push_value};
use crate::model::Value;

/// What rows wrote in one column.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// The first value that wasn't blank.
    pub value: Value,
    /// Another row has another value.
    pub is_contradicted: bool,
}

impl Observed {
    /// The value, unless it is blank or contradicted.
    pub fn known_value(&self) -> Option<&Value> {
        Some(&self.value).filter(|value| !self.is_contradicted && **value != Value::Blank)
    }
}

/// The number of a sequence of rows in [`Observations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ObservationId(NonZeroU32);

/// Sequences of rows, each with what they come to in every kept column.
#[derive(Default)]
pub struct Observations {
    columns: Vec<Vec<Observed>>,
    by_key: HashMap<Vec<u64>, ObservationId>,
    /// A sequence and the attributes of one more row → the longer sequence.
    steps: HashMap<(Option<ObservationId>, AttributesId), ObservationId>,
}

impl Observations {
    /// What the rows of a sequence come to, by kept column.
    pub fn get(&self, id: ObservationId) -> &[Observed] {
        &self.columns[id.0.get() as usize - 1]
    }

    /// The sequence with one more row, whose attributes have this number and these values.
    pub fn append(&mut self, before: Option<ObservationId>, row: AttributesId, values: &[Value]) -> ObservationId {
        if let Some(&known) = self.steps.get(&(before, row)) {
            return known;
        }
        let mut columns =
            before.map_or_else(|| vec![Observed::default(); values.len()], |before| self.get(before).to_vec());
        for (observed, value) in columns.iter_mut().zip(values).filter(|(_, value)| **value != Value::Blank) {
            if observed.value == Value::Blank {
                observed.value = value.clone();
            } else if observed.value != *value {
                observed.is_contradicted = true;
            }
        }
        let id = self.intern(columns);
        self.steps.insert((before, row), id);
        id
    }

    fn intern(&mut self, observed: Vec<Observed>) -> ObservationId {
        let mut key = Vec::new();
        for Observed { value, is_contradicted } in &observed {
            push_value(&mut key, value);
            key.push(u64::from(*is_contradicted));
        }
        let Observations { columns, by_key, .. } = self;
        *by_key.entry(key).or_insert_with(|| {
            columns.push(observed);
            ObservationId(NonZeroU32::new(columns.len() as u32).unwrap_or(NonZeroU32::MAX))
        })
    }
}
