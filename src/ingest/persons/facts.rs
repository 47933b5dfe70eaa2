use super::fields::{FieldColumns, Said};
use super::heard::Heard;
use crate::model::{Birth, RowRef, SheetId, Value};

/// Who says something of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The participants table, which stands over rows of attendance for sex and birth.
    Table,
    Attendance,
}

/// One thing known of a person: the first that was said, and whether something else contradicts it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact<T> {
    pub value: Option<T>,
    pub contradicted: bool,
    by_table: bool,
    pub row: RowRef,
    pub column: u32,
}

impl<T> Default for Fact<T> {
    fn default() -> Fact<T> {
        let row = RowRef { sheet: SheetId(0), row: 0 };
        Fact { value: None, contradicted: false, by_table: false, row, column: 0 }
    }
}

/// What a second statement makes of a fact.
pub trait Statement: Clone + PartialEq {
    /// Both hold; the more exact of them.
    fn agree(&self, other: &Self) -> Option<Self>;
}

impl Statement for Value {
    fn agree(&self, other: &Value) -> Option<Value> {
        (self == other).then(|| self.clone())
    }
}

// Births agree where the more exact one lies within the other.

impl Statement for Birth {
    fn agree(&self, other: &Birth) -> Option<Birth> {
        match (*self, *other) {
            (a, b) if a == b => Some(a),
            (Birth::Date(date), Birth::Year(year)) | (Birth::Year(year), Birth::Date(date)) => {
                (date.year() == year).then_some(Birth::Date(date))
            }
            // A year passes between two entries: the first age stands.
            (Birth::Age(a), Birth::Age(b)) => (a.abs_diff(b) <= 1).then_some(Birth::Age(a)),
            (exact @ (Birth::Date(_) | Birth::Year(_)), Birth::Age(_) | Birth::Band(_))
            | (Birth::Age(_) | Birth::Band(_), exact @ (Birth::Date(_) | Birth::Year(_))) => Some(exact),
            (age @ Birth::Age(_), Birth::Band(_)) | (Birth::Band(_), age @ Birth::Age(_)) => Some(age),
            _ => None,
        }
    }
}

impl<T: Statement> Fact<T> {
    /// Takes in another statement; true where it contradicts the first.
    pub fn hear(&mut self, said: T, source: Source, row: RowRef, column: u32) -> bool {
        let by_table = source == Source::Table;
        let Some(known) = &self.value else {
            *self = Fact { value: Some(said), contradicted: false, by_table, row, column };
            return false;
        };
        if *known == said {
            return false;
        }
        match known.agree(&said) {
            Some(agreed) => {
                self.value = Some(agreed);
                false
            }
            // The participants table stands over rows of attendance.
            None if self.by_table && !by_table => false,
            None => {
                self.contradicted = true;
                true
            }
        }
    }

    /// Takes in what is known of the same person under another code.
    pub fn take_in(&mut self, other: &Fact<T>) {
        if let Some(value) = &other.value {
            let source = if other.by_table { Source::Table } else { Source::Attendance };
            self.hear(value.clone(), source, other.row, other.column);
            self.contradicted |= other.contradicted;
        }
    }

    /// What is known, unless it is contradicted.
    pub fn settled(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| !self.contradicted)
    }
}

/// What is known of a person of whom more than one thing was said.
#[derive(Clone, Debug)]
pub struct Facts {
    pub sex: Fact<Value>,
    pub birth: Fact<Birth>,
    /// An age or age band that rows of attendance give, each for its own day.
    pub age: Fact<Birth>,
    /// The other kept columns: what a row that leaves them blank takes.
    pub values: Vec<Fact<Value>>,
}

/// A cell that contradicts another: its column, and where the other stands.
pub struct Contradiction {
    pub column: u32,
    pub other: (RowRef, u32),
}

impl Facts {
    pub fn new(columns: usize) -> Facts {
        let values = vec![Fact::default(); columns];
        Facts { sex: Fact::default(), birth: Fact::default(), age: Fact::default(), values }
    }

    /// Takes in what a row says; what of it contradicts an earlier one.
    pub fn hear(&mut self, said: &Said, source: Source, row: RowRef, columns: &FieldColumns) -> Vec<Contradiction> {
        let mut contradictions = Vec::new();
        let mut contradicted = |column: u32, row: RowRef, other: u32| {
            contradictions.push(Contradiction { column, other: (row, other) });
        };
        let sex_column = columns.sex().unwrap_or_default();
        if said.sex != Value::Blank && self.sex.hear(said.sex.clone(), source, row, sex_column) {
            contradicted(sex_column, self.sex.row, self.sex.column);
        }
        if said.birth != Birth::Unknown && self.birth.hear(said.birth, source, row, said.birth_column) {
            contradicted(said.birth_column, self.birth.row, self.birth.column);
        }
        if said.age != Birth::Unknown {
            let fact = if source == Source::Table { &mut self.birth } else { &mut self.age };
            if fact.hear(said.age, source, row, said.birth_column) {
                contradicted(said.birth_column, fact.row, fact.column);
            }
        }
        for (at, (value, fact)) in said.values.iter().zip(&mut self.values).enumerate() {
            let column = columns.other(at).unwrap_or_default();
            let differs = *value != Value::Blank && fact.hear(value.clone(), source, row, column);
            // A status that changes from one attendance to the next is no contradiction.
            if differs && source == Source::Table {
                contradicted(column, fact.row, fact.column);
            }
        }
        contradictions
    }

    /// Takes in what rows of attendance said in the kept columns.
    pub fn take_heard(&mut self, heard: &[Heard], row: RowRef) {
        for (fact, Heard { value, contradicted }) in self.values.iter_mut().zip(heard) {
            if *value != Value::Blank {
                fact.hear(value.clone(), Source::Attendance, row, 0);
                fact.contradicted |= *contradicted && !fact.by_table;
            }
        }
    }

    pub fn take_in(&mut self, other: &Facts) {
        self.sex.take_in(&other.sex);
        self.birth.take_in(&other.birth);
        self.age.take_in(&other.age);
        for (own, other) in self.values.iter_mut().zip(&other.values) {
            own.take_in(other);
        }
    }
}

/// What is known of a person: of each thing what isn't contradicted.
pub enum Known<'p> {
    Nothing,
    /// Every row said the same of sex and age.
    Said {
        said: &'p Said,
        by_table: bool,
        /// What rows of attendance said in the kept columns, where they differ.
        heard: Option<&'p [Heard]>,
    },
    Facts(&'p Facts),
}

impl<'p> Known<'p> {
    pub fn sex(&self) -> Option<&'p Value> {
        match self {
            Known::Nothing => None,
            Known::Said { said, .. } => Some(&said.sex).filter(|sex| **sex != Value::Blank),
            Known::Facts(facts) => facts.sex.settled(),
        }
    }

    /// A birth; an age or band where that is what a register gives.
    pub fn birth(&self) -> Option<Birth> {
        match self {
            Known::Nothing => None,
            Known::Said { said, by_table, .. } => {
                let age = if *by_table { said.age } else { Birth::Unknown };
                [said.birth, age].into_iter().find(|birth| *birth != Birth::Unknown)
            }
            Known::Facts(facts) => facts.birth.settled().copied(),
        }
    }

    /// An age or band that rows of attendance give.
    pub fn age(&self) -> Option<Birth> {
        match self {
            Known::Said { said, by_table: false, .. } => Some(said.age).filter(|age| *age != Birth::Unknown),
            Known::Facts(facts) => facts.age.settled().copied(),
            Known::Nothing | Known::Said { .. } => None,
        }
    }

    /// Rows disagree on how old the person is.
    pub fn is_age_contradicted(&self) -> bool {
        matches!(self, Known::Facts(facts) if facts.birth.contradicted || facts.age.contradicted)
    }

    /// The value of a kept column besides sex.
    pub fn value(&self, at: usize) -> Option<&'p Value> {
        match self {
            Known::Nothing => None,
            Known::Said { said, by_table, heard } => {
                let first = Some(&said.values[at]).filter(|value| **value != Value::Blank);
                match heard {
                    // A register stands over rows of attendance.
                    Some(heard) if !by_table || first.is_none() => heard[at].settled(),
                    _ => first,
                }
            }
            Known::Facts(facts) => facts.values[at].settled(),
        }
    }
}
