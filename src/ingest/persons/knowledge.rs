//! What all rows together write of a person. Rows of a million persons come to some thousands of different states of
//! knowledge, so each is stored once, and so is each step from one to the next.

use std::num::NonZeroU32;

use hashbrown::HashMap;

use super::attributes::{Attributes, AttributesId, push_birth, push_value};
use crate::model::{AgeBands, Birth, Value};

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
    fn reconcile(&self, other: &Self, bands: &AgeBands) -> Option<Self>;
}

impl FactValue for Value {
    fn reconcile(&self, other: &Value, _: &AgeBands) -> Option<Value> {
        (self == other).then(|| self.clone())
    }
}

// Births can both be true where the more exact one lies within the other.

impl FactValue for Birth {
    fn reconcile(&self, other: &Birth, bands: &AgeBands) -> Option<Birth> {
        match (*self, *other) {
            (a, b) if a == b => Some(a),
            (Birth::Date(date), Birth::Year(year)) | (Birth::Year(year), Birth::Date(date)) => {
                (date.year() == year).then_some(Birth::Date(date))
            }
            (exact @ (Birth::Date(_) | Birth::Year(_)), Birth::Age(_) | Birth::Band(_))
            | (Birth::Age(_) | Birth::Band(_), exact @ (Birth::Date(_) | Birth::Year(_))) => Some(exact),
            (Birth::Age(age), Birth::Band(band)) | (Birth::Band(band), Birth::Age(age)) => {
                (bands.band_of(i32::from(age)) == Some(band)).then_some(Birth::Age(age))
            }
            _ => None,
        }
    }
}

/// Adds what a row writes to a fact.
fn observe<T: FactValue>(
    fact: &mut Option<KnownFact<T>>,
    value: &T,
    source: PersonSource,
    bands: &AgeBands,
) -> FactChange {
    let added = KnownFact { value: value.clone(), is_contradicted: false, source };
    merge(fact, &Some(added), bands)
}

/// Adds a fact about the same person from another row, or under another code. What the register says prevails over rows of
/// attendance.
fn merge<T: FactValue>(fact: &mut Option<KnownFact<T>>, other: &Option<KnownFact<T>>, bands: &AgeBands) -> FactChange {
    let Some(other) = other else { return FactChange::None };
    let Some(known) = fact else {
        *fact = Some(other.clone());
        return FactChange::Added;
    };
    let reconciled = known.value.reconcile(&other.value, bands);
    if known.source != other.source {
        let own_stands = known.source == PersonSource::Register;
        let is_certain = !known.is_contradicted && !other.is_contradicted;
        if !own_stands {
            *known = other.clone();
        }
        if let Some(value) = reconciled.filter(|_| is_certain) {
            known.value = value;
        }
        return if own_stands { FactChange::None } else { FactChange::Added };
    }
    known.is_contradicted |= other.is_contradicted || reconciled.is_none();
    match reconciled {
        Some(value) => {
            known.value = value;
            FactChange::None
        }
        None => FactChange::Contradicted,
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
    /// An age or age band that rows of attendance write, each for its own day; what a row has where it is blank.
    age: Option<KnownFact<Birth>>,
    /// No birth fits all the ages that rows of attendance write.
    ages_contradict: bool,
    /// The other kept columns: what a row has where it is blank.
    values: Vec<Option<KnownFact<Value>>>,
}

/// The name of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FactName {
    Sex,
    Birth,
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

    /// Whether rows disagree on how old the person is. A birth in the register prevails over the ages of attendance.
    pub fn is_age_contradicted(&self) -> bool {
        match &self.birth {
            Some(birth) if birth.is_contradicted || birth.source == PersonSource::Register => birth.is_contradicted,
            _ => self.ages_contradict,
        }
    }

    /// The same with ages of attendance that no birth fits.
    pub fn with_contradicting_ages(&self) -> PersonKnowledge {
        PersonKnowledge { ages_contradict: true, ..self.clone() }
    }

    /// Adds what is known of the same person under another code. Returns what became of each fact whose
    /// contradictions are reported.
    fn merge(&mut self, other: &PersonKnowledge, bands: &AgeBands) -> Vec<(FactName, FactChange)> {
        let mut changes = vec![
            (FactName::Sex, merge(&mut self.sex, &other.sex, bands)),
            (FactName::Birth, merge(&mut self.birth, &other.birth, bands)),
        ];
        merge(&mut self.age, &other.age, bands);
        self.ages_contradict |= other.ages_contradict;
        self.values.resize(self.values.len().max(other.values.len()), None);
        for (at, (own, other)) in self.values.iter_mut().zip(&other.values).enumerate() {
            let change = merge(own, other, bands);
            if own.as_ref().is_some_and(|fact| fact.source == PersonSource::Register) {
                changes.push((FactName::Other(at), change));
            }
        }
        changes
    }

    /// Adds what a row writes. Returns what became of each fact that it touches.
    fn observe(&mut self, row: &Attributes, source: PersonSource, bands: &AgeBands) -> Vec<(FactName, FactChange)> {
        let mut changes = Vec::new();
        if row.sex != Value::Blank {
            changes.push((FactName::Sex, observe(&mut self.sex, &row.sex, source, bands)));
        }
        if row.birth != Birth::Unknown {
            changes.push((FactName::Birth, observe(&mut self.birth, &row.birth, source, bands)));
        }
        match source {
            _ if row.age == Birth::Unknown => {}
            PersonSource::Register => {
                changes.push((FactName::Birth, observe(&mut self.birth, &row.age, source, bands)));
            }
            // An age changes from one attendance to the next; see `BirthRange`.
            PersonSource::Attendance => {
                observe(&mut self.age, &row.age, source, bands);
            }
        }
        self.values.resize(row.values.len(), None);
        for (at, (value, fact)) in row.values.iter().zip(&mut self.values).enumerate() {
            if *value != Value::Blank {
                let change = observe(fact, value, source, bands);
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
        key.push(u64::from(self.ages_contradict));
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

/// What a row, or another code, adds to what is known of its person.
#[derive(Clone)]
pub struct KnowledgeStep {
    /// What is known with it.
    pub to: KnowledgeId,
    /// Facts that it is the first to write; not those of attendance's kept columns, which nothing contradicts.
    pub added: Vec<FactName>,
    /// Facts that it contradicts.
    pub contradicted: Vec<FactName>,
}

/// Stores equal knowledge once.
#[derive(Default)]
pub struct KnowledgeInterner {
    pub bands: AgeBands,
    known: Vec<PersonKnowledge>,
    by_key: HashMap<Vec<u64>, KnowledgeId>,
    steps: Vec<KnowledgeStep>,
    step_index: HashMap<(Option<KnowledgeId>, AttributesId, PersonSource), usize>,
}

impl KnowledgeInterner {
    /// Nothing known yet. Ages are compared with the `bands`.
    pub fn new(bands: AgeBands) -> KnowledgeInterner {
        KnowledgeInterner { bands, ..KnowledgeInterner::default() }
    }

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
        let changes = knowledge.observe(row, source, &self.bands);
        let step = self.step_to(knowledge, &changes);
        let at = self.steps.len();
        self.steps.push(step);
        self.step_index.insert(key, at);
        &self.steps[at]
    }

    /// The step that another code of the same person makes.
    pub fn merge(&mut self, known: Option<KnowledgeId>, other: KnowledgeId) -> KnowledgeStep {
        let mut merged = known.map(|known| self.get(known).clone()).unwrap_or_default();
        let changes = merged.merge(self.get(other), &self.bands);
        self.step_to(merged, &changes)
    }

    fn step_to(&mut self, knowledge: PersonKnowledge, changes: &[(FactName, FactChange)]) -> KnowledgeStep {
        let facts = |wanted| changes.iter().filter(move |(_, change)| *change == wanted).map(|(fact, _)| *fact);
        let (added, contradicted) = (facts(FactChange::Added).collect(), facts(FactChange::Contradicted).collect());
        KnowledgeStep { to: self.intern(knowledge), added, contradicted }
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
