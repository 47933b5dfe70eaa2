//! Persons: what the participants table and the rows of attendance say of them. Names are compared here and go no further.

mod duplicates;
mod facts;
mod fields;
mod heard;
mod participants;
mod patterns;
mod states;
mod words;

pub use duplicates::Links;
pub use duplicates::{settle as settle_links, suspected, tell_suspected};
pub use facts::Source;
use facts::{Contradiction, Facts, Known};
pub use fields::{FieldGround, PersonFields};
pub use participants::{folded, hear, links, name, named, person, read as read_participants, slash_column};
pub use patterns::{Meanings, Patterns};
pub use states::finish;
pub use words::Words;

use std::num::NonZeroU32;

use super::codes::{CodeBook, Recalled};
use super::table::Part;
use crate::model::{Birth, RowRef};
use fields::FieldColumns;
use heard::Hearings;

/// Everybody who was named, by number of their code.
#[derive(Default)]
pub struct Persons {
    pub codes: CodeBook,
    pub infos: Vec<Info>,
    /// By number of a person what attendance said last, if it can be passed over when it is said again. Apart from the rest,
    /// since every row asks for it.
    pub last: Vec<Option<NonZeroU32>>,
    /// What rows say of persons.
    pub words: Words,
    hearings: Hearings,
    /// Sheets that persons' cells are in with the columns that are kept, to name a second cell.
    pub parts: Vec<(Part, FieldColumns)>,
    /// There is a participants table: nobody may be named who isn't in it.
    pub closed: bool,
    pub links: Links,
    /// Whom the shared texts of the workbook at hand name.
    pub recalled: Recalled,
}

/// What is known of one person, whatever the day. Of most persons every row says the same, and no more is kept than the
/// number of those words: there may be a person for every few rows.
#[derive(Clone, Debug)]
pub struct Info {
    /// The first row about the person.
    pub row: RowRef,
    /// What that row said.
    first: Option<NonZeroU32>,
    by_table: bool,
    /// What rows of attendance said in the kept columns, once they differ there, or from the register.
    heard: Option<NonZeroU32>,
    /// Once rows say different things of sex or age.
    facts: Option<Box<Facts>>,
    /// A salted hash of the folded name.
    pub name: Option<[u8; 16]>,
}

/// What rows said of a person, by the numbers of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Summary {
    first: NonZeroU32,
    by_table: bool,
    heard: Option<NonZeroU32>,
}

impl Persons {
    /// The number of a person by code; a new one if it is new.
    pub fn find_or_add(&mut self, code: &str, row: RowRef) -> super::codes::Found {
        let found = self.codes.find_or_add(code);
        if found.number as usize == self.infos.len() {
            self.infos.push(Info { row, first: None, by_table: false, heard: None, facts: None, name: None });
            self.last.push(None);
        }
        found
    }

    /// Takes in what a row says of a person; what of it contradicts an earlier row.
    pub fn hear(
        &mut self,
        number: u32,
        words: NonZeroU32,
        source: Source,
        row: RowRef,
        columns: &FieldColumns,
    ) -> Vec<Contradiction> {
        let said = self.words.get(words);
        let info = &mut self.infos[number as usize];
        match info.first {
            _ if info.facts.is_some() => {}
            // An age beside a birth may contradict it within the one row.
            None if source == Source::Attendance || said.birth == Birth::Unknown || said.age == Birth::Unknown => {
                (info.first, info.by_table) = (Some(words), source == Source::Table);
                return Vec::new();
            }
            Some(_) if said.is_blank() => return Vec::new(),
            Some(first)
                if source == Source::Attendance && said.adds_nothing_to(self.words.get(first), info.by_table) =>
            {
                let before = match info.heard {
                    None if !info.by_table => Some(self.hearings.with(None, first, &self.words.get(first).values)),
                    before => before,
                };
                info.heard = Some(self.hearings.with(before, words, &said.values));
                return Vec::new();
            }
            _ => {}
        }
        let mut facts = self.facts(number);
        let contradictions = facts.hear(self.words.get(words), source, row, columns);
        self.infos[number as usize].facts = Some(facts);
        contradictions
    }

    /// What is known of a person, fact by fact.
    fn facts(&mut self, number: u32) -> Box<Facts> {
        let info = &mut self.infos[number as usize];
        if let Some(facts) = info.facts.take() {
            return facts;
        }
        let columns = self.parts.first().map_or(0, |(_, columns)| columns.others());
        let mut facts = Box::new(Facts::new(columns));
        if let Some(first) = info.first
            && let Some((_, columns)) = self.parts.iter().find(|(part, _)| part.id == info.row.sheet)
        {
            let source = if info.by_table { Source::Table } else { Source::Attendance };
            facts.hear(self.words.get(first), source, info.row, columns);
        }
        if let Some(heard) = info.heard {
            facts.take_heard(self.hearings.get(heard), info.row);
        }
        facts
    }

    /// What every row said of a person, if all said the same.
    fn only_words(&self, number: u32) -> Option<NonZeroU32> {
        let info = &self.infos[number as usize];
        info.first.filter(|_| info.facts.is_none() && info.heard.is_none())
    }

    /// All that rows said of a person, in short; persons with the same are alike. None where rows disagree on sex or age.
    fn said_of(&self, number: u32) -> Option<Summary> {
        match self.infos[number as usize] {
            Info { first: Some(first), by_table, heard, facts: None, .. } => Some(Summary { first, by_table, heard }),
            _ => None,
        }
    }

    /// What is known of a person, whatever the day.
    fn known(&self, number: u32) -> Known<'_> {
        let info = &self.infos[number as usize];
        match (&info.facts, info.first) {
            (Some(facts), _) => Known::Facts(facts),
            (None, Some(first)) => Known::Said {
                said: self.words.get(first),
                by_table: info.by_table,
                heard: info.heard.map(|heard| self.hearings.get(heard)),
            },
            (None, None) => Known::Nothing,
        }
    }

    /// Puts what is known of persons who are one together, with the first of them.
    pub fn merge(&mut self, same: &[u32]) {
        for (number, &first) in (0..).zip(same).filter(|(number, first)| *first != number) {
            let other = self.facts(number);
            let mut facts = self.facts(first);
            facts.take_in(&other);
            self.infos[number as usize].facts = Some(other);
            self.infos[first as usize].facts = Some(facts);
        }
    }

    /// A person's code, and where the first of two values stands that contradict each other.
    fn contradicted(&self, number: u32, (row, column): (RowRef, u32)) -> (String, String) {
        let part = self.parts.iter().find(|(part, _)| part.id == row.sheet);
        let other = part.map(|(part, _)| part.describe(row.row, column)).unwrap_or_default();
        (self.codes.written(number).to_owned(), other)
    }

    /// `participants.xlsx, Register, A12`: where a person's code first stands.
    pub fn describe(&self, number: u32) -> String {
        self.cell(number).map(|(part, row, column)| part.describe(row, column)).unwrap_or_default()
    }

    /// Part, row and column of a person's code.
    pub fn cell(&self, number: u32) -> Option<(&Part, u32, u32)> {
        let row = self.infos[number as usize].row;
        let (part, _) = self.parts.iter().find(|(part, _)| part.id == row.sheet)?;
        Some((part, row.row, part.column("person").unwrap_or_default()))
    }
}
