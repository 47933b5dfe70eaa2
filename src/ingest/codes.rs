//! Codes of activities, persons, indicators and results: found in any spelling, kept as first written.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::fold::{self, Script};
use super::raw::RawCell;
use crate::diagnostic::nearest;

/// Bytes of a code that is folded without memory of its own.
const PLAIN: usize = 32;

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
    /// Places of codes by their folded keys.
    places: HashTable<Hashed>,
}

/// A place with a part of its key's hash, so that neither growing nor a search that finds nothing goes to the texts,
/// which lie all over the memory.
#[derive(Clone, Copy)]
struct Hashed {
    hash: u32,
    place: u32,
}

fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
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
        let found = self.place(text, self.hash(text))?;
        Some(Found { number: self.meaning(found.number), ..found })
    }

    /// The number of a code that was written just so before.
    pub fn find_exact(&self, text: &str) -> Option<u32> {
        let place = self.among(self.hash(text), |place| self.written(place) == text)?;
        Some(self.meaning(place))
    }

    /// The number of a code, a new one if it is new.
    pub fn find_or_add(&mut self, text: &str) -> Found {
        let hash = self.hash(text);
        match self.place(text, hash) {
            Some(found) => Found { number: self.meaning(found.number), ..found },
            None => Found { number: self.add(text, hash), folded: false },
        }
    }

    fn among(&self, hash: u32, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let found = self.places.find(spread(hash), |entry| entry.hash == hash && is_it(entry.place));
        found.map(|entry| entry.place)
    }

    /// The one place with this text's key.
    fn place(&self, text: &str, hash: u32) -> Option<Found> {
        let is_it = |place| {
            let written = self.written(place);
            written == text || fold::code_key(written) == fold::code_key(text)
        };
        let number = self.among(hash, is_it)?;
        let folded = self.written(number) != text && looks_alike(fold::script(text), self.scripts[number as usize]);
        Some(Found { number, folded })
    }

    /// Of the folded key.
    fn hash(&self, text: &str) -> u32 {
        let mut plain = [0; PLAIN];
        match plain.get_mut(..text.len()).filter(|_| text.bytes().all(|byte| byte.is_ascii_graphic())) {
            // Folding such a text only takes its letters small.
            Some(key) => {
                key.copy_from_slice(text.as_bytes());
                key.make_ascii_lowercase();
                self.hashes.hash_one(&*key) as u32
            }
            None => self.hashes.hash_one(fold::code_key(text).as_bytes()) as u32,
        }
    }

    fn meaning(&self, place: u32) -> u32 {
        self.meant.as_ref().map_or(place, |meant| meant[place as usize])
    }

    fn add(&mut self, text: &str, hash: u32) -> u32 {
        let number = self.ends.len() as u32;
        self.texts.push_str(text);
        self.ends.push(self.texts.len());
        self.scripts.push(fold::script(text));
        self.places.insert_unique(spread(hash), Hashed { hash, place: number }, |entry| spread(entry.hash));
        number
    }

    /// The code of a place, as first written.
    pub fn written(&self, place: u32) -> &str {
        let place = place as usize;
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.texts[start..self.ends[place]]
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

/// Whether one key, written in two scripts, means that look-alike letters stand for each other.
fn looks_alike(written: Script, known: Script) -> bool {
    written != known && written != Script::Neutral && known != Script::Neutral
}

/// What shared texts of one workbook were found to be, by their number, so that each is looked up once.
#[derive(Default)]
pub struct Recalled {
    book: usize,
    found: Vec<u32>,
}

const UNKNOWN: u32 = u32::MAX;

impl Recalled {
    /// Goes on with a workbook; what was found in another is forgotten.
    pub fn turn_to(&mut self, book: usize) {
        if self.book != book {
            *self = Recalled { book, found: Vec::new() };
        }
    }

    /// What a cell's text was found to be before.
    pub fn get(&self, cell: &RawCell) -> Option<u32> {
        self.found.get(cell.shared? as usize).copied().filter(|found| *found != UNKNOWN)
    }

    pub fn keep(&mut self, cell: &RawCell, found: u32) {
        let Some(number) = cell.shared else { return };
        let number = number as usize;
        if number >= self.found.len() {
            self.found.resize(number + 1, UNKNOWN);
        }
        self.found[number] = found;
    }
}
