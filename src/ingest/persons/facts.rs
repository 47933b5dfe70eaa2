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
