//! Rows that write the same of their persons, found before their cells are read: a register of a million rows says some
//! thousands of different things.

use std::num::NonZeroU32;

use hashbrown::HashMap;

use super::fields::FieldColumns;
use crate::ingest::raw::{Raw, RawCell, RawRow};
use crate::ingest::table::TableRun;

/// Most columns that are compared; with more of them each row is read by itself.
const COLUMNS: usize = 8;
/// Most patterns that are remembered.
const MOST: usize = 1 << 17;

/// Numbers for what rows of one sheet write in the columns of their persons. Equal cells of a sheet read alike.
#[derive(Default)]
pub struct Patterns {
    columns: Option<Vec<u32>>,
    numbers: HashMap<[u32; COLUMNS], u32>,
}

impl Patterns {
    /// An age is held against its row's day, so that equal rows may differ in what is wrong with them.
    pub fn new(columns: &FieldColumns) -> Patterns {
        let compared: Vec<u32> = columns.wanted().collect();
        let is_of_use = compared.len() <= COLUMNS && !columns.has_age();
        Patterns { columns: is_of_use.then_some(compared), numbers: HashMap::new() }
    }

    /// The number of a row's pattern; none where it can't be told, or isn't worth remembering.
    pub fn number(&mut self, row: &RawRow) -> Option<u32> {
        let mut pattern = [0; COLUMNS];
        for (word, column) in pattern.iter_mut().zip(self.columns.as_ref()?) {
            if let Some(cell) = row.cell(*column) {
                *word = word_of(cell)?;
            }
        }
        if let Some(number) = self.numbers.get(&pattern) {
            return Some(*number);
        }
        let number = self.numbers.len();
        (number < MOST).then(|| {
            self.numbers.insert(pattern, number as u32);
            number as u32
        })
    }
}

/// A word that only equal cells have; what is written in a cell of its own has none.
fn word_of(cell: &RawCell) -> Option<u32> {
    const VALUES: u32 = 1 << 29;
    let whole = |number: f64| {
        let is_whole = number.is_sign_positive() && number.fract() == 0.0 && number < f64::from(VALUES);
        is_whole.then_some(number as u32)
    };
    let (kind, value) = match cell.raw {
        Raw::Text(_) => (1, cell.shared.filter(|number| *number < VALUES)?),
        Raw::Number(number) => (2, whole(number)?),
        Raw::Date { serial, .. } => (3, whole(serial)?),
        _ => return None,
    };
    (!cell.merged).then_some(kind * VALUES + value)
}

/// What patterns were read as, where nothing had to be said of them.
#[derive(Default)]
pub struct Meanings(Vec<Option<NonZeroU32>>);

impl Meanings {
    /// What a row of this pattern says; `read` reads it where the pattern is new, or has none. What something had to be
    /// said of is read again at every row, so that it is told at each.
    pub fn of(
        &mut self,
        pattern: Option<u32>,
        run: &mut TableRun,
        read: impl FnOnce(&mut TableRun) -> NonZeroU32,
    ) -> NonZeroU32 {
        let place = pattern.map(|pattern| pattern as usize);
        if let Some(known) = place.and_then(|place| *self.0.get(place)?) {
            return known;
        }
        let told = run.told();
        let words = read(run);
        if let Some(place) = place.filter(|_| told == run.told()) {
            if place >= self.0.len() {
                self.0.resize(place + 1, None);
            }
            self.0[place] = Some(words);
        }
        words
    }
}
