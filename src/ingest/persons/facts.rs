//! What is known of a person whose rows disagree, fact by fact, with the cell of each.

use super::attributes::Attributes;
use super::columns::ColumnPositions;
use super::observations::Observed;
use crate::model::{Birth, RowRef, SheetId, Value};

/// Which table writes something of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonSource {
    /// The participants table. What it writes comes before what rows of attendance write.
    Register,
    Attendance,
}

/// One thing known of a person: what was written first, where, and whether something else contradicts it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact<T> {
    pub value: Option<T>,
    pub is_contradicted: bool,
    is_registered: bool,
    pub row: RowRef,
    pub column: u32,
}

impl<T> Default for Fact<T> {
    fn default() -> Fact<T> {
        let row = RowRef { sheet: SheetId(0), row: 0 };
        Fact { value: None, is_contradicted: false, is_registered: false, row, column: 0 }
    }
}

/// Values that can be compared with what another row writes of the same person.
pub trait FactValue: Clone + PartialEq {
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

impl<T: FactValue> Fact<T> {
    /// Adds what a row writes; true if it contradicts what was written first.
    pub fn observe(&mut self, value: T, source: PersonSource, row: RowRef, column: u32) -> bool {
        let is_registered = source == PersonSource::Register;
        let Some(known) = &self.value else {
            *self = Fact { value: Some(value), is_contradicted: false, is_registered, row, column };
            return false;
        };
        if *known == value {
            return false;
        }
        match known.reconcile(&value) {
            Some(agreed) => {
                self.value = Some(agreed);
                false
            }
            // The register comes before rows of attendance.
            None if self.is_registered && !is_registered => false,
            None => {
                self.is_contradicted = true;
                true
            }
        }
    }

    /// Adds what is known of the same person under another code.
    pub fn merge(&mut self, other: &Fact<T>) {
        if let Some(value) = &other.value {
            let source = if other.is_registered { PersonSource::Register } else { PersonSource::Attendance };
            self.observe(value.clone(), source, other.row, other.column);
            self.is_contradicted |= other.is_contradicted;
        }
    }

    /// The value, unless it is contradicted.
    pub fn known_value(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| !self.is_contradicted)
    }
}

/// What is known of a person whose rows write different things of sex or age.
#[derive(Clone, Debug)]
pub struct Facts {
    pub sex: Fact<Value>,
    pub birth: Fact<Birth>,
    /// An age or age band that rows of attendance write, each for its own day.
    pub age: Fact<Birth>,
    /// The other kept columns: what a row has where it is blank.
    pub values: Vec<Fact<Value>>,
}

/// A cell that contradicts another: its column, and the other's row and column.
pub struct Contradiction {
    pub column: u32,
    pub other: (RowRef, u32),
}

impl Facts {
    /// Nothing known, with this number of kept columns besides sex and birth.
    pub fn new(columns: usize) -> Facts {
        let values = vec![Fact::default(); columns];
        Facts { sex: Fact::default(), birth: Fact::default(), age: Fact::default(), values }
    }

    /// Adds what a row writes. Returns the cells that contradict earlier ones.
    pub fn observe(
        &mut self,
        written: &Attributes,
        source: PersonSource,
        row: RowRef,
        positions: &ColumnPositions,
    ) -> Vec<Contradiction> {
        let mut contradictions = Vec::new();
        let mut contradicted = |column: u32, row: RowRef, other: u32| {
            contradictions.push(Contradiction { column, other: (row, other) });
        };
        let sex_column = positions.sex().unwrap_or_default();
        if written.sex != Value::Blank && self.sex.observe(written.sex.clone(), source, row, sex_column) {
            contradicted(sex_column, self.sex.row, self.sex.column);
        }
        if written.birth != Birth::Unknown && self.birth.observe(written.birth, source, row, written.birth_column) {
            contradicted(written.birth_column, self.birth.row, self.birth.column);
        }
        if written.age != Birth::Unknown {
            let fact = if source == PersonSource::Register { &mut self.birth } else { &mut self.age };
            if fact.observe(written.age, source, row, written.birth_column) {
                contradicted(written.birth_column, fact.row, fact.column);
            }
        }
        for (at, (value, fact)) in written.values.iter().zip(&mut self.values).enumerate() {
            let column = positions.other(at).unwrap_or_default();
            let differs = *value != Value::Blank && fact.observe(value.clone(), source, row, column);
            // A status that changes from one attendance to the next is no contradiction.
            if differs && source == PersonSource::Register {
                contradicted(column, fact.row, fact.column);
            }
        }
        contradictions
    }

    /// Adds what rows of attendance wrote in the kept columns.
    pub fn observe_all(&mut self, observed: &[Observed], row: RowRef) {
        for (fact, Observed { value, is_contradicted }) in self.values.iter_mut().zip(observed) {
            if *value != Value::Blank {
                fact.observe(value.clone(), PersonSource::Attendance, row, 0);
                fact.is_contradicted |= *is_contradicted && !fact.is_registered;
            }
        }
    }

    /// Adds what is known of the same person under another code.
    pub fn merge(&mut self, other: &Facts) {
        self.sex.merge(&other.sex);
        self.birth.merge(&other.birth);
        self.age.merge(&other.age);
        for (own, other) in self.values.iter_mut().zip(&other.values) {
            own.merge(other);
        }
    }
}

/// What is known of a person, whatever the day; contradicted facts are unknown.
pub enum PersonKnowledge<'p> {
    Nothing,
    /// Every row writes the same of sex and age as the first.
    Attributes {
        first: &'p Attributes,
        is_registered: bool,
        /// What rows of attendance write in the kept columns, where they differ.
        observed: Option<&'p [Observed]>,
    },
    Facts(&'p Facts),
}

impl<'p> PersonKnowledge<'p> {
    pub fn sex(&self) -> Option<&'p Value> {
        match self {
            PersonKnowledge::Nothing => None,
            PersonKnowledge::Attributes { first, .. } => Some(&first.sex).filter(|sex| **sex != Value::Blank),
            PersonKnowledge::Facts(facts) => facts.sex.known_value(),
        }
    }

    /// The birth; an age or age band if that is what the register writes.
    pub fn birth(&self) -> Option<Birth> {
        match self {
            PersonKnowledge::Nothing => None,
            PersonKnowledge::Attributes { first, is_registered, .. } => {
                let age = if *is_registered { first.age } else { Birth::Unknown };
                [first.birth, age].into_iter().find(|birth| *birth != Birth::Unknown)
            }
            PersonKnowledge::Facts(facts) => facts.birth.known_value().copied(),
        }
    }

    /// An age or age band that rows of attendance write.
    pub fn age(&self) -> Option<Birth> {
        match self {
            PersonKnowledge::Attributes { first, is_registered: false, .. } => {
                Some(first.age).filter(|age| *age != Birth::Unknown)
            }
            PersonKnowledge::Facts(facts) => facts.age.known_value().copied(),
            PersonKnowledge::Nothing | PersonKnowledge::Attributes { .. } => None,
        }
    }

    /// Whether rows disagree on how old the person is.
    pub fn is_age_contradicted(&self) -> bool {
        matches!(self, PersonKnowledge::Facts(facts) if facts.birth.is_contradicted || facts.age.is_contradicted)
    }

    /// The value of a kept column besides sex.
    pub fn value(&self, at: usize) -> Option<&'p Value> {
        match self {
            PersonKnowledge::Nothing => None,
            PersonKnowledge::Attributes { first, is_registered, observed } => {
                let first = Some(&first.values[at]).filter(|value| **value != Value::Blank);
                match observed {
                    // The register comes before rows of attendance.
                    Some(observed) if !is_registered || first.is_none() => observed[at].known_value(),
                    _ => first,
                }
            }
            PersonKnowledge::Facts(facts) => facts.values[at].known_value(),
        }
    }
}
