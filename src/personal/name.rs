//! A participant's name as hashes: whoever is registered with three words is known by any two of them.

use super::{Salt, hash_text, hash_word};
use crate::fold;

/// Words of the longest name that is looked for, whatever the inputs hold.
const MAX_WORDS: usize = 8;

/// Letters of a word that may be a mere particle of a name: `van der`.
const PARTICLE: usize = 3;

/// The hashes of one name.
pub struct NameTrace {
    /// Of the whole name; `None` for a name without a word.
    pub(super) whole: Option<[u8; 16]>,
    /// Of any two of the words, where there are more.
    pub(super) pairs: Vec<[u8; 16]>,
    /// How many words the name has, up to [`MAX_WORDS`].
    pub(super) word_count: usize,
    /// Hashes of the first words.
    words: [u64; MAX_WORDS],
    /// Hashes of contacts within the name.
    pub(super) contacts: Vec<[u8; 16]>,
}

impl NameTrace {
    /// The trace of a name, of which `key` is [`crate::fold::name_key`].
    pub(super) fn new(salt: Salt, name: &str, key: &str) -> NameTrace {
        let mut words = [0; MAX_WORDS];
        let mut word_count = 0;
        for word in split_words(key) {
            if let Some(slot) = words.get_mut(word_count) {
                *slot = hash_word(&salt.0, word);
                word_count += 1;
            }
        }
        let whole = (word_count > 0).then(|| hash_text(&salt.0, key));
        let pairs = if word_count > 2 { hash_pairs(salt, name, key) } else { Vec::new() };
        NameTrace { whole, pairs, word_count, words, contacts: salt.hash_contacts(name).collect() }
    }

    /// Hashes of the first words.
    pub(super) fn words(&self) -> &[u64] {
        &self.words[..self.word_count]
    }

    /// Hashes under which the name is known if a text holds it or two of its words.
    pub fn hashes(&self) -> impl Iterator<Item = [u8; 16]> + '_ {
        // A single given name would be found in any text.
        let whole = self.whole.filter(|_| self.word_count > 1);
        whole.into_iter().chain(self.pairs.iter().copied()).chain(self.contacts.iter().copied())
    }
}

/// The words of a name's key.
pub(super) fn split_words(key: &str) -> impl Iterator<Item = &str> {
    key.split(' ').filter(|word| !word.is_empty())
}

/// Any two words, but initials, pairs of particles and the halves of one surname: all pairs where nothing else is left.
fn hash_pairs(salt: Salt, name: &str, key: &str) -> Vec<[u8; 16]> {
    let doubled: Vec<String> = name.split_whitespace().filter(|part| part.contains('-')).map(fold::name_key).collect();
    let is_one_surname = |first: &str, second: &str| {
        doubled
            .iter()
            .any(|part| split_words(part).any(|word| word == first) && split_words(part).any(|word| word == second))
    };
    let words: Vec<&str> = split_words(key).take(MAX_WORDS).collect();
    let pairs: Vec<(&str, &str)> = words
        .iter()
        .enumerate()
        .flat_map(|(at, first)| words[at + 1..].iter().map(move |second| (*first, *second)))
        .collect();
    let letters = |word: &str| word.chars().count();
    let is_distinctive = |(first, second): &&(&str, &str)| {
        let (shorter, longer) = (letters(first).min(letters(second)), letters(first).max(letters(second)));
        shorter > 1 && longer > PARTICLE && !is_one_surname(first, second)
    };
    let mut kept: Vec<&(&str, &str)> = pairs.iter().filter(is_distinctive).collect();
    if kept.is_empty() {
        kept = pairs.iter().collect();
    }
    // The words of a key are in order.
    kept.into_iter().map(|(first, second)| hash_text(&salt.0, &format!("{first} {second}"))).collect()
}
