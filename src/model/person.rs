use jiff::civil::Date;

use super::{ActivityId, Column, ColumnId, RowRef, Value};

/// A person, by the order of their first row in the person table: the order that pseudonyms follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub u32);

/// What is known of a person at an attendance; equal ones are stored once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateId(pub u32);

/// A person's code, for explaining figures to the organisation itself. Reports print pseudonyms.
/// There is no field for a name, here or anywhere after ingest.
#[derive(Clone, Debug)]
pub struct Person {
    /// As first written; never folded.
    pub code: String,
    /// The person's first row.
    pub row: RowRef,
}

/// What a state knows of a person's age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Birth {
    /// Nothing.
    #[default]
    Unknown,
    /// The day of birth.
    Date(Date),
    /// The year of birth.
    Year(i16),
    /// Holds for every date.
    Age(u8),
    /// Index into [`AgeBands`].
    Band(u8),
}

impl Birth {
    /// Age in full years on `day`; from a year of birth, the difference of years. None where only a band is known.
    pub fn age_on(self, day: Date) -> Option<i32> {
        match self {
            Birth::Unknown | Birth::Band(_) => None,
            Birth::Age(age) => Some(i32::from(age)),
            Birth::Year(year) => Some(i32::from(day.year()) - i32::from(year)),
            Birth::Date(birth) => {
                let before_birthday = (day.month(), day.day()) < (birth.month(), birth.day());
                Some(i32::from(day.year()) - i32::from(birth.year()) - i32::from(before_birthday))
            }
        }
    }
}

/// Lower ends of age bands, rising, in years. UNHCR's are 0, 5, 12, 18, 60.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgeBands(pub Vec<u8>);

impl AgeBands {
    /// The band that `age` falls in; none below the first.
    pub fn band_of(&self, age: i32) -> Option<u8> {
        let above = self.0.iter().take_while(|&&low| i32::from(low) <= age).count();
        above.checked_sub(1).map(|band| band as u8)
    }

    /// The band that somebody is in on `day`. None where the age isn't known, or is below the first band.
    pub fn band_on(&self, birth: Birth, day: Date) -> Option<u8> {
        match birth {
            Birth::Band(band) => Some(band),
            birth => birth.age_on(day).and_then(|age| self.band_of(age)),
        }
    }

    /// `0-4`, `18-59`, `60+`: the code of a band in figures.json.
    pub fn code(&self, band: u8) -> String {
        let (low, high) = self.ends(band);
        match high {
            Some(high) => format!("{low}-{high}"),
            None => format!("{low}+"),
        }
    }

    /// First and last age of a band, in full years; the last band has no end.
    pub fn ends(&self, band: u8) -> (u8, Option<u8>) {
        let band = usize::from(band);
        (self.0[band], self.0.get(band + 1).map(|next| next - 1))
    }
}

/// What a row says of a person: facts that may change from one attendance to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonState {
    /// What is known of the age.
    pub birth: Birth,
    /// One value per column of [`PersonTable::columns`].
    pub values: Vec<Value>,
}

/// One person at one activity, on one day and in one session. Under 64 bytes: there may be millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attendance {
    /// What was attended.
    pub activity: ActivityId,
    /// Who attended.
    pub person: PersonId,
    /// What was known of the person then.
    pub state: StateId,
    /// Its own date where the row has one; an undated one follows its activity.
    pub day: Option<Date>,
    /// Interned; 0 where none is given.
    pub session: u32,
    /// Where it was read.
    pub row: RowRef,
}

/// Persons, their states and their attendances (without doubled rows, which ingest reports and leaves out).
/// Columns under their contract names where they were kept: `sex`, `status`, `organisation`, `municipality`; attributes follow.
/// Age is not a column: conditions and axes reach it as [`super::Subject::Age`] and [`super::AxisSide::Age`].
#[derive(Clone, Debug, Default)]
pub struct PersonTable {
    /// What the values of each state are.
    pub columns: Vec<Column>,
    /// Persons, in the order of their first rows.
    pub rows: Vec<Person>,
    /// The different states, referred to by [`Attendance::state`].
    pub states: Vec<PersonState>,
    /// In the order of files, then rows.
    pub attendances: Vec<Attendance>,
    /// Written sessions, from index 1; index 0 is the empty text.
    pub sessions: Vec<String>,
}

impl PersonTable {
    /// The column of a name, as `where` and `by` write it.
    pub fn column(&self, name: &str) -> Option<ColumnId> {
        self.columns.iter().position(|column| column.name == name).map(|at| ColumnId(at as u16))
    }

    /// The state of an id.
    pub fn state(&self, id: StateId) -> &PersonState {
        &self.states[id.0 as usize]
    }
}
