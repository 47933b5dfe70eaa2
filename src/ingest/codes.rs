//! Codes of activities, persons, indicators and results: found in any spelling, kept as first written.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::fold::{self, Folded, Script};
use super::raw::RawCell;
use crate::diagnostic::nearest;

/// Codes by number, in the order of their first appearance. A text stands here once, whatever finds it: there may be as
/// many codes as persons.
#[derive(Default)]
pub struct CodeBook {
    /// The codes as first written, one after the other, and where each ends.
    texts: String,
    ends: Vec<usize>,
    scripts: Vec<Script>,
    /// What each number stands for now, once codes were found to be one.
    meant: Option<Vec<u32>>,
    hashes: DefaultHashBuilder,
    /// Places of codes, by their text as a cell writes it: the usual way, without folding.
    exact: HashTable<u32>,
    /// By their folded keys.
    folded: HashTable<u32>,
}

/// A code that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub number: u32,
    /// It is only the same because look-alike letters were folded.
    pub folded: bool,
}

impl CodeBook {
    pub fn find(&self, text: &str) -> Option<Found> {
        self.place(text).map(|found| Found { number: self.meaning(found.number), ..found })
    }

    /// The number of a code that was written just so before.
    pub fn find_exact(&self, text: &str) -> Option<u32> {
        self.place_exact(text).map(|place| self.meaning(place))
    }

    /// The number of a code, a new one if it is new.
    pub fn find_or_add(&mut self, text: &str) -> Found {
        match self.find(text) {
            Some(found) => found,
            None => Found { number: self.add(text), folded: false },
        }
    }

    fn place_exact(&self, text: &str) -> Option<u32> {
        self.exact.find(self.hashes.hash_one(text), |&place| self.written(place) == text).copied()
    }

    fn place(&self, text: &str) -> Option<Found> {
        if let Some(number) = self.place_exact(text) {
            return Some(Found { number, folded: false });
        }
        let Folded { key, script } = fold::code(text);
        let hash = self.hashes.hash_one(&key);
        let place = *self.folded.find(hash, |&place| fold::code_key(self.written(place)) == key)?;
        Some(Found { number: place, folded: looks_alike(script, self.scripts[place as usize]) })
    }

    fn meaning(&self, place: u32) -> u32 {
        self.meant.as_ref().map_or(place, |meant| meant[place as usize])
    }

    fn add(&mut self, text: &str) -> u32 {
        let Folded { key, script } = fold::code(text);
        let number = self.ends.len() as u32;
        self.texts.push_str(text);
        self.ends.push(self.texts.len());
        self.scripts.push(script);
        let CodeBook { texts, ends, hashes, exact, folded, .. } = self;
        exact.insert_unique(hashes.hash_one(text), number, |&place| hashes.hash_one(at(texts, ends, place)));
        let rehash = |&place: &u32| hashes.hash_one(fold::code_key(at(texts, ends, place)));
        folded.insert_unique(hashes.hash_one(&key), number, rehash);
        number
    }

    /// The code of a place, as first written.
    pub fn written(&self, place: u32) -> &str {
        at(&self.texts, &self.ends, place)
    }

    /// The code that is nearest to what was written.
    pub fn nearest(&self, text: &str) -> Option<u32> {
        let near = nearest(text, (0..self.ends.len() as u32).map(|place| self.written(place)))?;
        self.find_exact(near)
    }

    /// Gives every code another number: codes of persons who are one get the same.
    pub fn renumber(&mut self, numbers: &[u32]) {
        self.meant = Some(numbers.to_vec());
    }
}

fn at<'t>(texts: &'t str, ends: &[usize], place: u32) -> &'t str {
    let place = place as usize;
    let start = if place == 0 { 0 } else { ends[place - 1] };
    &texts[start..ends[place]]
}

/// Whether one key, written in two scripts, means that look-alike letters stand for each other.
fn looks_alike(written: Script, known: Script) -> bool {
    written != known && written != Script::Neutral && known != Script::Neutral
}

/// What shared texts of one sheet were found to be, by their number, so that each is looked up once.
#[derive(Default)]
pub struct Recalled(Vec<u32>);

const UNKNOWN: u32 = u32::MAX;

impl Recalled {
    /// What a cell's text was found to be before.
    pub fn get(&self, cell: &RawCell) -> Option<u32> {
        self.0.get(cell.shared? as usize).copied().filter(|found| *found != UNKNOWN)
    }

    pub fn keep(&mut self, cell: &RawCell, found: u32) {
        let Some(number) = cell.shared else { return };
        let number = number as usize;
        if number >= self.0.len() {
            self.0.resize(number + 1, UNKNOWN);
        }
        self.0[number] = found;
    }
}
