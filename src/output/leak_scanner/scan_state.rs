use std::collections::BTreeSet;

use hashbrown::{HashMap, HashSet};

use super::Trace;
use super::word_spans::WordSpan;
use crate::personal::PersonalTraces;

/// How many texts and words are remembered: an annex repeats the same few thousand a million times.
const MOST_REMEMBERED: usize = 50_000;

/// Bytes of the longest text that is remembered.
const LONGEST_REMEMBERED: usize = 256;

/// What was found so far, and what needn't be scanned again.
#[derive(Default)]
pub(super) struct ScanState {
    pub found: BTreeSet<Trace>,
    texts: HashSet<Box<str>>,
    /// Words, and whether they can be a part of a name.
    of_names: HashMap<Box<str>, bool>,
    /// The words of the current text; kept for its allocation.
    pub words: Vec<WordSpan>,
    /// What a file is read into; kept for its allocation, since a workbook has many parts.
    pub buffer: Vec<u8>,
}

impl ScanState {
    /// Whether a text is met for the first time. Long texts always are.
    pub fn is_first(&mut self, text: &str) -> bool {
        if self.texts.contains(text) {
            return false;
        }
        if self.texts.len() < MOST_REMEMBERED && text.len() <= LONGEST_REMEMBERED {
            self.texts.insert(text.into());
        }
        true
    }

    /// Whether a word can be a part of a participant's name.
    pub fn is_of_name(&mut self, traces: &PersonalTraces, word: &str) -> bool {
        // No part of a name holds a digit.
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            return false;
        }
        if let Some(known) = self.of_names.get(word) {
            return *known;
        }
        let is_of_name = traces.may_be_name_part(word);
        if self.of_names.len() < MOST_REMEMBERED {
            self.of_names.insert(word.into(), is_of_name);
        }
        is_of_name
    }
}
