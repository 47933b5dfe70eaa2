//! What all rows together write of a person. Rows of a million persons come to some thousands of different states of
//! knowledge, so each is stored once, and so is each step from one to the next.

use std::num::NonZeroU32;

use hashbrown::HashMap;

use super::attributes::{Attributes, AttributesId, push_birth, push_value};
use crate::model::{Birth, Value};

/// Which table writes something of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PersonSource {
    /// The participants table. What it writes comes before what rows of attendance write.
    Register,
    Attendance,
}

/// One thing known of a person: what was written first, and whether something else contradicts it.
#[derive(Clone, Debug)]
struct KnownFact<T> {
    value: T,
    is_contradicted: bool,
    source: PersonSource,
}

/// What became of a fact when a row was added.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FactChange {
    None,
    Added,
    Contradicted,
}

/// Values that can be compared with what another row writes of the same person.
trait FactValue: Clone + PartialEq {
    /// The more exact of two values, if both can be true.
    fn reconcile(&self, other: &Self) -> Option<Self>;
}

impl FactValue for Value {
    fn reconcile(&self, other: &Value) -> Option<Value> {
        (self == other).then(|| self.clone())
    }
}

// Births can both be true where the more exact one lies within the other.

impl FactValue for Birth {
    fn reconcile(&self, other: &Birth) -> Option<Birth> {
        match (*self, *other) {
            (a, b) if a == b => Some(a),
            (Birth::Date(date), Birth::Year(year)) | (Birth::Year(year), Birth::Date(date)) => {
                (date.year() == year).then_some(Birth::Date(date))
            }
            // A year may pass between two rows: the first age is kept.
            (Birth::Age(a), Birth::Age(b)) => (a.abs_diff(b) <= 1).then_some(Birth::Age(a)),
            (exact @ (Birth::Date(_) | Birth::Year(_)), Birth::Age(_) | Birth::Band(_))
            | (Birth::Age(_) | Birth::Band(_), exact @ (Birth::Date(_) | Birth::Year(_))) => Some(exact),
            (age @ Birth::Age(_), Birth::Band(_)) | (Birth::Band(_), age @ Birth::Age(_)) => Some(age),
            _ => None,
        }
    }
}

/// Adds what a row writes to a fact.
fn observe<T: FactValue>(fact: &mut Option<KnownFact<T>>, value: &T, source: PersonSource) -> FactChange {
    let Some(known) = fact else {
        *fact = Some(KnownFact { value: value.clone(), is_contradicted: false, source });
        return FactChange::Added;
    };
    match known.value.reconcile(value) {
        Some(reconciled) => known.value = reconciled,
        // The register comes before rows of attendance.
        None if known.source == PersonSource::Register && source == PersonSource::Attendance => {}
        None => {
            known.is_contradicted = true;
            return FactChange::Contradicted;
        }
    }
    FactChange::None
}

/// Adds a fact about the same person under another code.
fn merge<T: FactValue>(fact: &mut Option<KnownFact<T>>, other: &Option<KnownFact<T>>) {
    if let Some(other) = other {
        observe(fact, &other.value, other.source);
        if let Some(fact) = fact {
            fact.is_contradicted |= other.is_contradicted;
        }
    }
}

/// The value of a fact, unless it is contradicted.
fn certain_value<T>(fact: &Option<KnownFact<T>>) -> Option<&T> {
    fact.as_ref().filter(|fact| !fact.is_contradicted).map(|fact| &fact.value)
}

/// What is known of a person, whatever the day.
#[derive(Clone, Debug, Default)]
pub struct PersonKnowledge {
    sex: Option<KnownFact<Value>>,
    birth: Option<KnownFact<Birth>>,
    /// An age or age band that rows of attendance write, each for its own day.
    age: Option<KnownFact<Birth>>,
    /// The other kept columns: what a row has where it is blank.
    values: Vec<Option<KnownFact<Value>>>,
}

/// The name of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FactName {
    Sex,
    Birth,
    Age,
    /// A kept column besides sex and birth, by its index.
    Other(usize),
}

impl PersonKnowledge {
    /// The sex, if it is known for certain.
    pub fn sex(&self) -> Option<&Value> {
        certain_value(&self.sex)
    }

    /// The birth, if it is known for certain; an age or age band if that is what the register writes.
    pub fn birth(&self) -> Option<Birth> {
        certain_value(&self.birth).copied()
    }

    /// An age or age band that rows of attendance write.
    pub fn age(&self) -> Option<Birth> {
        certain_value(&self.age).copied()
    }

    /// The value of a kept column besides sex, if it is known for certain.
    pub fn value(&self, at: usize) -> Option<&Value> {
        certain_value(self.values.get(at)?)
    }

    /// Whether rows disagree on how old the person is.
    pub fn is_age_contradicted(&self) -> bool {
        [&self.birth, &self.age].into_iter().flatten().any(|fact| fact.is_contradicted)
    }

    /// Adds what is known of the same person under another code.
    pub fn merge(&mut self, other: &PersonKnowledge) {
        merge(&mut self.sex, &other.sex);
        merge(&mut self.birth, &other.birth);
        merge(&mut self.age, &other.age);
        self.values.resize(self.values.len().max(other.values.len()), None);
        for (own, other) in self.values.iter_mut().zip(&other.values) {
            merge(own, other);
        }
    }

    /// Adds what a row writes. Returns what became of each fact that it touches.
    fn observe(&mut self, row: &Attributes, source: PersonSource) -> Vec<(FactName, FactChange)> {
        let mut changes = Vec::new();
        if row.sex != Value::Blank {
            changes.push((FactName::Sex, observe(&mut self.sex, &row.sex, source)));
        }
        if row.birth != Birth::Unknown {
            changes.push((FactName::Birth, observe(&mut self.birth, &row.birth, source)));
        }
        if row.age != Birth::Unknown {
            changes.push(match source {
                PersonSource::Register => (FactName::Birth, observe(&mut self.birth, &row.age, source)),
                PersonSource::Attendance => (FactName::Age, observe(&mut self.age, &row.age, source)),
            });
        }
        self.values.resize(row.values.len(), None);
        for (at, (value, fact)) in row.values.iter().zip(&mut self.values).enumerate() {
            if *value != Value::Blank {
                let change = observe(fact, value, source);
                // A status that changes from one attendance to the next is no contradiction.
                if source == PersonSource::Register {
                    changes.push((FactName::Other(at), change));
                }
            }
        }
        changes
    }

    fn push_key(&self, key: &mut Vec<u64>) {
        let flags = |is_contradicted: bool, source: PersonSource| {
            u64::from(is_contradicted) << 1 | u64::from(source == PersonSource::Register)
        };
        for fact in [&self.birth, &self.age] {
            let Some(KnownFact { value, is_contradicted, source }) = fact else {
                key.push(u64::MAX);
                continue;
            };
            push_birth(key, *value);
            key.push(flags(*is_contradicted, *source));
        }
        for fact in [&self.sex].into_iter().chain(&self.values) {
            let Some(KnownFact { value, is_contradicted, source }) = fact else {
                key.push(u64::MAX);
                continue;
            };
            push_value(key, value);
            key.push(flags(*is_contradicted, *source));
        }
    }
}

/// The number of [`PersonKnowledge`] in a [`KnowledgeInterner`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KnowledgeId(NonZeroU32);

/// What a row adds to what is known of its person.
pub struct KnowledgeStep {
    /// What is known with the row.
    pub to: KnowledgeId,
    /// Facts that the row is the first to write; not those of attendance's kept columns, which nothing contradicts.
    pub added: Vec<FactName>,
    /// Facts that the row contradicts.
    pub contradicted: Vec<FactName>,
}

/// Stores equal knowledge once.
#[derive(Default)]
pub struct KnowledgeInterner {
    known: Vec<PersonKnowledge>,
    by_key: HashMap<Vec<u64>, KnowledgeId>,
    steps: Vec<KnowledgeStep>,
    step_index: HashMap<(Option<KnowledgeId>, AttributesId, PersonSource), usize>,
}

impl KnowledgeInterner {
    /// The knowledge with this number.
    pub fn get(&self, id: KnowledgeId) -> &PersonKnowledge {
        &self.known[id.0.get() as usize - 1]
    }

    /// The step that a row makes from what is known before it, which is nothing at a person's first row.
    pub fn step(
        &mut self,
        before: Option<KnowledgeId>,
        (id, row): (AttributesId, &Attributes),
        source: PersonSource,
    ) -> &KnowledgeStep {
        let key = (before, id, source);
        if let Some(&at) = self.step_index.get(&key) {
            return &self.steps[at];
        }
        let mut knowledge = before.map(|before| self.get(before).clone()).unwrap_or_default();
        let changes = knowledge.observe(row, source);
        let facts = |wanted| changes.iter().filter(move |(_, change)| *change == wanted).map(|(fact, _)| *fact);
        let (added, contradicted) = (facts(FactChange::Added).collect(), facts(FactChange::Contradicted).collect());
        let to = self.intern(knowledge);
        let at = self.steps.len();
        self.steps.push(KnowledgeStep { to, added, contradicted });
        self.step_index.insert(key, at);
        &self.steps[at]
    }

    /// The number of this knowledge; equal knowledge has the same.
    pub fn intern(&mut self, knowledge: PersonKnowledge) -> KnowledgeId {
        let mut key = Vec::new();
        knowledge.push_key(&mut key);
        let KnowledgeInterner { known, by_key, .. } = self;
        *by_key.entry(key).or_insert_with(|| {
            known.push(knowledge);
            KnowledgeId(NonZeroU32::new(known.len() as u32).unwrap_or(NonZeroU32::MAX))
        })
    }
}
