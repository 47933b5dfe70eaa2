//! From what rows write to what is known of each person at each attendance.

use hashbrown::HashMap;

use super::Persons;
use super::attributes::{AttributesId, push_birth, push_value};
use super::knowledge::{KnowledgeId, PersonKnowledge};
use crate::ingest::codes::CodeId;
use crate::model::{Birth, PersonState, StateId, Value};

/// Finds the model's states for pairs of a person and what a row writes.
pub struct StateResolver<'p> {
    persons: &'p Persons,
    has_sex: bool,
    by_key: HashMap<Vec<u64>, StateId>,
    key: Vec<u64>,
    /// By what is known of a person, and what the current row writes.
    by_knowledge: HashMap<(Option<KnowledgeId>, AttributesId), StateId>,
    /// By person, what the last row wrote, and its state: the next row mostly writes the same, and this is much less memory
    /// to touch than all that is known of everybody.
    last: Vec<Option<(AttributesId, StateId)>>,
    pub states: Vec<PersonState>,
}

const BLANK: &Value = &Value::Blank;

impl<'p> StateResolver<'p> {
    /// A resolver without states; `has_sex` if states begin with a sex.
    pub fn new(persons: &'p Persons, has_sex: bool) -> StateResolver<'p> {
        StateResolver {
            persons,
            has_sex,
            by_key: HashMap::new(),
            key: Vec::new(),
            by_knowledge: HashMap::new(),
            last: vec![None; persons.records.len()],
            states: Vec::new(),
        }
    }

    /// The state of a person at an attendance whose row writes `attributes`: sex and birth are the person's, the rest is
    /// the row's, and the person's where the row is blank.
    pub fn resolve(&mut self, person: CodeId, attributes: AttributesId) -> StateId {
        if let Some((last, state)) = self.last[person.index()]
            && last == attributes
        {
            return state;
        }
        let knowledge = self.persons.records[person.index()].knowledge;
        let state = match self.by_knowledge.get(&(knowledge, attributes)) {
            Some(&state) => state,
            None => {
                let state = self.find_or_add(person, attributes);
                self.by_knowledge.insert((knowledge, attributes), state);
                state
            }
        };
        self.last[person.index()] = Some((attributes, state));
        state
    }

    fn find_or_add(&mut self, person: CodeId, attributes: AttributesId) -> StateId {
        let persons = self.persons;
        let unknown = PersonKnowledge::default();
        let known = persons.knowledge(person).unwrap_or(&unknown);
        let row = persons.attributes.get(attributes);
        let birth = match (known.birth(), row.age) {
            _ if known.is_age_contradicted() => Birth::Unknown,
            (Some(birth), _) => birth,
            (None, Birth::Unknown) => known.age().unwrap_or_default(),
            (None, age) => age,
        };
        let sex = self.has_sex.then(|| known.sex().unwrap_or(BLANK));
        let rest = row.values.iter().enumerate().map(|(at, value)| match value {
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
