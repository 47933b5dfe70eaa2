//! From what rows said to what is known of each person at each attendance.

use std::num::NonZeroU32;

use hashbrown::HashMap;

use super::words::{push_birth, push_value};
use super::{Persons, Summary};
use crate::model::{Birth, PersonState, StateId, Value};

/// The states in the model's form, found for pairs of a person and what a row said.
pub struct Finish<'p> {
    persons: &'p Persons,
    has_sex: bool,
    by_key: HashMap<Vec<u64>, StateId>,
    key: Vec<u64>,
    /// By number of words the state of persons of whom nothing else was said.
    of_words: Vec<Option<StateId>>,
    /// By what the first row said, what was heard after it, and what the row at hand says.
    of_heard: HashMap<(Summary, NonZeroU32), StateId>,
    /// By person what their last row said, and the state that it came to: the next one mostly says the same, and this is
    /// much less to go through than all that is known of everybody.
    last: Vec<Option<(NonZeroU32, StateId)>>,
    pub states: Vec<PersonState>,
}

const BLANK: &Value = &Value::Blank;

pub fn finish(persons: &Persons, has_sex: bool) -> Finish<'_> {
    let (of_words, last) = (vec![None; persons.words.len()], vec![None; persons.infos.len()]);
    let (by_key, of_heard) = (HashMap::new(), HashMap::new());
    Finish { persons, has_sex, by_key, key: Vec::new(), of_words, of_heard, last, states: Vec::new() }
}

impl Finish<'_> {
    /// What is known of a person at an attendance whose row said `words`: sex and birth are the person's,
    /// the rest is the row's, and where the row leaves a blank the person's.
    pub fn state(&mut self, person: u32, words: NonZeroU32) -> StateId {
        if let Some((said, state)) = self.last[person as usize]
            && said == words
        {
            return state;
        }
        let state = self.known(person, words);
        self.last[person as usize] = Some((words, state));
        state
    }

    /// The same for a row that doesn't say what the person's row before it said.
    fn known(&mut self, person: u32, words: NonZeroU32) -> StateId {
        if self.persons.only_words(person) == Some(words) {
            let place = words.get() as usize - 1;
            if let Some(state) = self.of_words[place] {
                return state;
            }
            let state = self.find(person, words);
            self.of_words[place] = Some(state);
            return state;
        }
        let Some(said) = self.persons.said_of(person) else { return self.find(person, words) };
        if let Some(&state) = self.of_heard.get(&(said, words)) {
            return state;
        }
        let state = self.find(person, words);
        self.of_heard.insert((said, words), state);
        state
    }

    fn find(&mut self, person: u32, words: NonZeroU32) -> StateId {
        let persons = self.persons;
        let known = persons.known(person);
        let said = persons.words.get(words);
        let birth = match (known.birth(), said.age) {
            _ if known.is_age_contradicted() => Birth::Unknown,
            (Some(birth), _) => birth,
            (None, Birth::Unknown) => known.age().unwrap_or_default(),
            (None, age) => age,
        };
        let sex = self.has_sex.then(|| known.sex().unwrap_or(BLANK));
        let rest = said.values.iter().enumerate().map(|(at, value)| match value {
            Value::Blank => known.value(at).unwrap_or(BLANK),
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
