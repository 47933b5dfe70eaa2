//! Ages that rows of attendance write, each for its own day: as years go by they differ, and still one birth fits them all,
//! or none does.

use hashbrown::HashMap;
use jiff::civil::Date;

use super::FactCell;
use crate::ingest::codes::CodeId;
use crate::model::{AgeBands, Birth};

/// Year, month and day. The 29th of February may be there in any year.
type DayNumbers = (i16, i8, i8);

/// An end of a range of births, with the cell that sets it.
type Limit = (DayNumbers, FactCell);

/// The births that fit all ages written of a person: after `after`, not after `until`.
#[derive(Clone, Copy, Debug)]
pub struct BirthRange {
    after: Option<Limit>,
    until: Limit,
}

impl BirthRange {
    /// The births that fit an age or an age band which a cell writes for a day between `first` and `last`.
    pub fn new(age: Birth, (first, last): (Date, Date), cell: FactCell, bands: &AgeBands) -> Option<BirthRange> {
        let (low, high) = match age {
            Birth::Age(age) => (age, Some(age)),
            Birth::Band(band) => bands.ends(band),
            Birth::Unknown | Birth::Date(_) | Birth::Year(_) => return None,
        };
        let earlier = |day: Date, years: i16| ((day.year() - years, day.month(), day.day()), cell);
        let after = high.map(|high| earlier(first, i16::from(high) + 1));
        Some(BirthRange { after, until: earlier(last, i16::from(low)) })
    }

    /// Narrows the births to those that fit `other` too; if none does, it returns the two cells that can't both be true.
    fn narrow(&mut self, other: &BirthRange) -> Option<(FactCell, FactCell)> {
        let begins = |limits: &BirthRange| limits.after.map(|(day, _)| day);
        let conflict = if begins(other).is_some_and(|day| day >= self.until.0) {
            other.after.map(|(_, cell)| (cell, self.until.1))
        } else if begins(self).is_some_and(|day| day >= other.until.0) {
            self.after.map(|(_, cell)| (other.until.1, cell))
        } else {
            None
        };
        if conflict.is_none() {
            if begins(other) > begins(self) {
                self.after = other.after;
            }
            if other.until.0 < self.until.0 {
                self.until = other.until;
            }
        }
        conflict
    }
}

/// The limits of everybody whose age attendance writes.
#[derive(Default)]
pub struct BirthRangeByPerson(HashMap<CodeId, BirthRange>);

impl BirthRangeByPerson {
    /// Adds what a row writes. Returns its cell and the one that it contradicts, if it does.
    pub fn add(&mut self, person: CodeId, limits: BirthRange) -> Option<(FactCell, FactCell)> {
        self.0.entry(person).or_insert(limits).narrow(&limits)
    }

    /// Adds the limits of another code to those of the person's first one. Returns as [`BirthRangeByPerson::add`] does.
    pub fn merge(&mut self, first: CodeId, other: CodeId) -> Option<(FactCell, FactCell)> {
        let limits = self.0.remove(&other)?;
        self.add(first, limits)
    }
}
