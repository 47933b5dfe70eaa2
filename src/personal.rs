//! What is known of the names, e-mail addresses, telephone numbers, personal numbers and dates of birth of participants,
//! none of which may be found in anything that is written: salted hashes only. The texts themselves are forgotten at once.

#![warn(missing_docs)]

mod birth_date;
mod contact;
mod digits;
mod name;
mod telephone;
mod words_near_numbers;

pub use contact::{Contact, ContactKind, find_contacts};
pub use name::NameTrace;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};

use hashbrown::HashSet;

use crate::fold;
use name::split_words;

/// Salted hashes of names, telephone numbers, e-mail addresses, personal numbers and dates of birth of a project's
/// participants, for the scan of what was written.
#[derive(Clone, Debug, Default)]
pub struct PersonalTraces {
    salt: [u8; 16],
    hashes: HashSet<[u8; 16]>,
    /// Hashes of the single words of names.
    words: HashSet<u64>,
    /// Words of the longest name.
    longest: usize,
    /// Hashes of dates of birth.
    births: HashSet<[u8; 16]>,
    /// Name of a month → its number.
    months: BTreeMap<String, i8>,
}

/// [`PersonalTraces`] while the tables are read.
pub struct TraceCollector {
    traces: PersonalTraces,
}

/// The salt of one project's hashes.
#[derive(Clone, Copy)]
pub struct Salt([u8; 16]);

impl Salt {
    /// The trace of a name, of which `key` is [`fold::name_key`]: names compare equal whatever their script and the order
    /// of their parts.
    pub fn trace_name(self, name: &str, key: &str) -> NameTrace {
        NameTrace::new(self, name, key)
    }

    /// Hashes of the e-mail addresses, telephone numbers and personal numbers in a cell about a person.
    pub fn hash_contacts(self, text: &str) -> impl Iterator<Item = [u8; 16]> {
        find_contacts(text).into_iter().flat_map(move |contact| {
            let is_sure = contact.kind != ContactKind::Digits;
            // Else a mobile telephone that lost its zero in a spreadsheet, or a personal number with a typing error.
            let keys = contact.keys.into_iter().filter(move |key| is_sure || is_distinctive(key));
            keys.map(move |key| hash_text(&self.0, &key))
        })
    }

    /// As [`Salt::hash_contacts`] of a cell in a column of telephone numbers: any digits are one.
    pub fn hash_telephones(self, text: &str) -> impl Iterator<Item = [u8; 16]> {
        let keys = find_contacts(text).into_iter().flat_map(|contact| contact.keys);
        keys.map(move |key| hash_text(&self.0, &key))
    }

    /// The hash of a date of birth.
    pub fn hash_birth(self, (year, month, day): (i16, i8, i8)) -> [u8; 16] {
        hash_text(&self.0, &format!("born {year:04}-{month:02}-{day:02}"))
    }
}

impl TraceCollector {
    /// The salt comes from the text of project.toml, so that equal inputs give equal traces. `months` gives the number of a
    /// month by its name, as [`fold::code_key`] writes it.
    pub fn new(project_file: &str, months: &BTreeMap<String, i8>) -> TraceCollector {
        let mut salt = [0; 16];
        salt.copy_from_slice(&blake3::derive_key("donor-report personal traces", project_file.as_bytes())[..16]);
        TraceCollector { traces: PersonalTraces { salt, months: months.clone(), ..PersonalTraces::default() } }
    }

    /// The salt that [`TraceCollector::add_name`] expects of its names.
    pub fn salt(&self) -> Salt {
        Salt(self.traces.salt)
    }

    /// Adds a name; returns the hash of the whole of it, `None` for a name without a word.
    pub fn add_name(&mut self, name: &NameTrace) -> Option<[u8; 16]> {
        self.traces.hashes.extend(name.hashes());
        if name.word_count > 1 {
            self.traces.words.extend(name.words());
            self.traces.longest = self.traces.longest.max(name.word_count);
        }
        name.whole
    }

    /// Adds a person's code where it is a name, or a contact by which the person is known elsewhere.
    pub fn add_code(&mut self, code: &str) {
        let is_name = code.split_whitespace().count() > 1 && !code.contains(|c: char| c.is_ascii_digit());
        if is_name && code.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || matches!(c, '-' | '.' | '\'')) {
            self.add_name(&self.salt().trace_name(code, &fold::name_key(code)));
        } else {
            self.add_contacts(code);
        }
    }

    /// Adds the contacts in a cell about a person.
    pub fn add_contacts(&mut self, text: &str) {
        self.traces.hashes.extend(self.salt().hash_contacts(text));
    }

    /// Adds what a cell in a column of telephone numbers holds.
    pub fn add_telephones(&mut self, text: &str) {
        self.traces.hashes.extend(self.salt().hash_telephones(text));
    }

    /// Adds a date of birth: year, month and day.
    pub fn add_birth(&mut self, day: (i16, i8, i8)) {
        let hash = self.salt().hash_birth(day);
        self.traces.births.insert(hash);
    }

    /// All that was added.
    pub fn finish(self) -> PersonalTraces {
        self.traces
    }
}

impl PersonalTraces {
    /// Words of the longest name; 0 if no name is known.
    pub fn longest_name(&self) -> usize {
        self.longest
    }

    /// The salt of the hashes.
    pub fn salt(&self) -> Salt {
        Salt(self.salt)
    }

    /// Whether exact dates of birth are known.
    pub fn has_births(&self) -> bool {
        !self.births.is_empty()
    }

    /// Hashes of the participants' dates of birth in a text.
    pub fn find_births(&self, text: &str) -> Vec<[u8; 16]> {
        let days = birth_date::find_days(text, &self.months).into_iter();
        let hashes = days.map(|(year, month, day)| self.salt().hash_birth((year as i16, month as i8, day as i8)));
        hashes.filter(|hash| self.births.contains(hash)).collect()
    }

    /// How many names and contacts are known.
    pub fn count(&self) -> usize {
        self.hashes.len()
    }

    /// The hash of a text of two words or more that is the name of a participant, or two words of it, in any script and
    /// order of its parts.
    pub fn find_name(&self, text: &str) -> Option<[u8; 16]> {
        let key = fold::name_key(text);
        let hash = hash_text(&self.salt, &key);
        (key.contains(' ') && self.hashes.contains(&hash)).then_some(hash)
    }

    /// Whether a word can be a part of a participant's name. If not, no name needs to be looked for around it.
    pub fn may_be_name_part(&self, word: &str) -> bool {
        split_words(&fold::name_key(word)).all(|word| self.words.contains(&hash_word(&self.salt, word)))
    }

    /// The hash of a contact by the first of its keys that is known from a row about a person.
    pub fn find_contact(&self, contact: &Contact) -> Option<[u8; 16]> {
        contact.keys.iter().map(|key| hash_text(&self.salt, key)).find(|hash| self.hashes.contains(hash))
    }

    /// The salted hash of any text, known or not.
    pub fn hash_text(&self, text: &str) -> [u8; 16] {
        hash_text(&self.salt, text)
    }
}

/// A short hash is enough for words: it only decides where a closer look is worth while.
fn hash_word(salt: &[u8; 16], word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(salt);
    hasher.write(word.as_bytes());
    hasher.finish()
}

fn hash_text(salt: &[u8; 16], text: &str) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(salt);
    hasher.update(text.as_bytes());
    let mut short = [0; 16];
    short.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    short
}

/// Whether bare digits in a row about a person lead to the person.
fn is_distinctive(digits: &str) -> bool {
    digits.len() == 13 || (digits.len() == 8 && digits.starts_with('7'))
}
