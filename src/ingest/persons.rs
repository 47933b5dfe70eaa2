//! Persons: what the participants table and the rows of attendance say of them. Names are compared here and go no further.

mod duplicates;
mod facts;
mod fields;
mod participants;
mod states;

pub use duplicates::Links;
pub use duplicates::{settle as settle_links, suspect as suspect_duplicates};
pub use facts::{Fact, Source};
pub use fields::{FieldGround, PersonFields};
pub use participants::{hear, links, name, named, person, read as read_participants, slash_column};
pub use states::{RowStates, finish};

use std::num::NonZeroU32;

use super::codes::{CodeBook, Recalled};
use super::table::Part;
use crate::model::{Birth, RowRef, Value};

/// Everybody who was named, by number of their code.
#[derive(Default)]
pub struct Persons {
    pub codes: CodeBook,
    pub infos: Vec<Info>,
    /// Sheets that persons' cells are in, to name a second cell.
    pub parts: Vec<Part>,
    /// There is a participants table: nobody may be named who isn't in it.
    pub closed: bool,
    pub links: Links,
    /// By number of a person what attendance said of them last, as [`RowStates`] numbers it.
    heard: Vec<Option<NonZeroU32>>,
    /// Whom the shared texts of the sheet at hand name.
    pub recalled: Recalled,
}

/// What is known of one person, whatever the day.
#[derive(Clone, Debug)]
pub struct Info {
    pub row: RowRef,
    pub sex: Fact<Value>,
    pub birth: Fact<Birth>,
    /// An age or age band that rows of attendance give, each for its own day.
    pub age: Fact<Birth>,
    /// The other kept columns: what a row that leaves them blank takes.
    pub values: Vec<Fact<Value>>,
    /// A salted hash of the folded name.
    pub name: Option<[u8; 16]>,
}

impl Info {
    fn take_in(&mut self, other: &Info) {
        self.sex.take_in(&other.sex);
        self.birth.take_in(&other.birth);
        self.age.take_in(&other.age);
        for (own, other) in self.values.iter_mut().zip(&other.values) {
            own.take_in(other);
        }
    }
}

impl Persons {
    /// What attendance said last of a person, if it can be passed over when it is said again.
    pub fn last_heard(&self, number: u32) -> Option<NonZeroU32> {
        self.heard.get(number as usize).copied().flatten()
    }

    pub fn heard(&mut self, number: u32, words: Option<NonZeroU32>) {
        let number = number as usize;
        if number >= self.heard.len() {
            self.heard.resize(number + 1, None);
        }
        self.heard[number] = words;
    }

    /// The number of a person by code; a new one if it is new.
    pub fn find_or_add(&mut self, code: &str, row: RowRef, columns: usize) -> super::codes::Found {
        let found = self.codes.find_or_add(code);
        if found.number as usize == self.infos.len() {
            self.infos.push(Info {
                row,
                sex: Fact::default(),
                birth: Fact::default(),
                age: Fact::default(),
                values: vec![Fact::default(); columns],
                name: None,
            });
        }
        found
    }

    /// Puts what is known of persons who are one together, with the first of them.
    pub fn merge(&mut self, same: &[u32]) {
        for (number, &first) in same.iter().enumerate().filter(|(number, first)| **first as usize != *number) {
            let other = self.infos[number].clone();
            self.infos[first as usize].take_in(&other);
        }
    }

    /// A person's code, and where the first of two values stands that contradict each other.
    fn contradicted(&self, number: u32, (row, column): (RowRef, u32)) -> (String, String) {
        let part = self.parts.iter().find(|part| part.id == row.sheet);
        let other = part.map(|part| part.describe(row.row, column)).unwrap_or_default();
        (self.codes.written(number).to_owned(), other)
    }

    /// `participants.xlsx, Register, A12`: where a person's code first stands.
    pub fn describe(&self, number: u32) -> String {
        self.cell(number).map(|(part, row, column)| part.describe(row, column)).unwrap_or_default()
    }

    /// Part, row and column of a person's code.
    pub fn cell(&self, number: u32) -> Option<(&Part, u32, u32)> {
        let row = self.infos[number as usize].row;
        let part = self.parts.iter().find(|part| part.id == row.sheet)?;
        Some((part, row.row, part.column("person").unwrap_or_default()))
    }
}
