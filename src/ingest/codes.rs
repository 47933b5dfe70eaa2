//! Codes of activities, persons, indicators and results: found in any spelling, kept as first written.

use std::collections::HashMap;

use super::fold::{self, Folded, Script};
use crate::diagnostic::nearest;

/// Codes by number, in the order of their first appearance.
#[derive(Default)]
pub struct CodeBook {
    /// As a cell writes it → its number: the usual way, without folding.
    exact: HashMap<String, u32>,
    folded: HashMap<String, u32>,
    written: Vec<Written>,
}

struct Written {
    text: String,
    script: Script,
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
        if let Some(&number) = self.exact.get(text) {
            return Some(Found { number, folded: false });
        }
        let Folded { key, script } = fold::code(text);
        let number = *self.folded.get(&key)?;
        Some(Found { number, folded: looks_alike(script, self.written[number as usize].script) })
    }

    /// The number of a code that was written just so before.
    pub fn find_exact(&self, text: &str) -> Option<u32> {
        self.exact.get(text).copied()
    }

    /// The number of a code, a new one if it is new.
    pub fn find_or_add(&mut self, text: &str) -> Found {
        match self.find(text) {
            Some(found) => found,
            None => Found { number: self.add(text), folded: false },
        }
    }

    fn add(&mut self, text: &str) -> u32 {
        let Folded { key, script } = fold::code(text);
        let number = self.written.len() as u32;
        self.exact.insert(text.to_owned(), number);
        self.folded.insert(key, number);
        self.written.push(Written { text: text.to_owned(), script });
        number
    }

    pub fn written(&self, number: u32) -> &str {
        &self.written[number as usize].text
    }

    /// The code that is nearest to what was written.
    pub fn nearest(&self, text: &str) -> Option<u32> {
        let near = nearest(text, self.written.iter().map(|written| written.text.as_str()))?;
        self.exact.get(near).copied()
    }

    /// Gives every code another number: codes of persons who are one get the same.
    pub fn renumber(&mut self, numbers: &[u32]) {
        for number in self.exact.values_mut().chain(self.folded.values_mut()) {
            *number = numbers[*number as usize];
        }
    }
}

/// Whether one key, written in two scripts, means that look-alike letters stand for each other.
fn looks_alike(written: Script, known: Script) -> bool {
    written != known && written != Script::Neutral && known != Script::Neutral
}
