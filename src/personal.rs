//! What is known of the names, e-mail addresses, telephone numbers and personal numbers of participants, none of which may
//! be found in anything that is written: salted hashes only. The texts themselves are forgotten at once.

#![warn(missing_docs)]

mod contact;

pub use contact::{Contact, ContactKind, find_contacts};

use std::hash::{DefaultHasher, Hasher};

use hashbrown::HashSet;

use crate::fold;

/// Words of the longest name that is looked for, whatever the inputs hold.
const MAX_WORDS: usize = 8;

/// Salted hashes of names, telephone numbers, e-mail addresses and personal numbers of a project's participants, for the
/// scan of what was written.
#[derive(Clone, Debug, Default)]
pub struct PersonalTraces {
    salt: [u8; 16],
    hashes: HashSet<[u8; 16]>,
    /// Hashes of the single words of names.
    words: HashSet<u64>,
    /// Words of the longest name.
    longest: usize,
}

/// [`PersonalTraces`] while the tables are read.
pub struct TraceCollector {
    traces: PersonalTraces,
}

/// The salt of one project's hashes.
#[derive(Clone, Copy)]
pub struct Salt([u8; 16]);

/// The hashes of one name.
pub struct NameTrace {
    hash: Option<[u8; 16]>,
    /// How many words the name has.
    word_count: usize,
    /// Hashes of the first words.
    words: [u64; MAX_WORDS],
    /// Hashes of contacts within the name.
    contacts: Vec<[u8; 16]>,
}

impl Salt {
    /// The trace of a name, of which `key` is [`fold::name_key`]: names compare equal whatever their script and the order
    /// of their parts.
    pub fn trace_name(self, name: &str, key: &str) -> NameTrace {
        let mut words = [0; MAX_WORDS];
        let mut word_count = 0;
        for word in split_words(key) {
            if let Some(slot) = words.get_mut(word_count) {
                *slot = hash_word(&self.0, word);
            }
            word_count += 1;
        }
        let hash = (word_count > 0).then(|| hash_text(&self.0, key));
        NameTrace { hash, word_count, words, contacts: self.hash_contacts(name).collect() }
    }

    /// Hashes of the e-mail addresses, telephone numbers and personal numbers in a cell about a person.
    fn hash_contacts(self, text: &str) -> impl Iterator<Item = [u8; 16]> {
        find_contacts(text).into_iter().flat_map(move |contact| {
            let is_sure = contact.kind != ContactKind::Digits;
            // Else a mobile telephone that lost its zero in a spreadsheet, or a personal number with a typing error.
            let keys = contact.keys.into_iter().filter(move |key| is_sure || is_distinctive(key));
            keys.map(move |key| hash_text(&self.0, &key))
        })
    }
}

impl TraceCollector {
    /// The salt comes from the text of project.toml, so that equal inputs give equal traces.
    pub fn new(project_file: &str) -> TraceCollector {
        let mut salt = [0; 16];
        salt.copy_from_slice(&blake3::derive_key("donor-report personal traces", project_file.as_bytes())[..16]);
        TraceCollector { traces: PersonalTraces { salt, ..PersonalTraces::default() } }
    }

    /// The salt that [`TraceCollector::add_name`] expects of its names.
    pub fn salt(&self) -> Salt {
        Salt(self.traces.salt)
    }

    /// Adds a name; returns its hash, `None` for a name without a word.
    pub fn add_name(&mut self, name: NameTrace) -> Option<[u8; 16]> {
        let NameTrace { hash, word_count, words, contacts } = name;
        self.traces.hashes.extend(contacts);
        // A single given name would be found in any text.
        if word_count > 1 {
            self.traces.hashes.extend(hash);
            let kept = word_count.min(MAX_WORDS);
            self.traces.words.extend(&words[..kept]);
            self.traces.longest = self.traces.longest.max(kept);
        }
        hash
    }

    /// Adds a person's code where it is a name, or a contact by which the person is known elsewhere.
    pub fn add_code(&mut self, code: &str) {
        let is_name = code.split_whitespace().count() > 1 && !code.contains(|c: char| c.is_ascii_digit());
        if is_name && code.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || matches!(c, '-' | '.' | '\'')) {
            self.add_name(self.salt().trace_name(code, &fold::name_key(code)));
        } else {
            self.add_contacts(code);
        }
    }

    /// Adds the contacts in a cell about a person.
    pub fn add_contacts(&mut self, text: &str) {
        self.traces.hashes.extend(self.salt().hash_contacts(text));
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

    /// How many names and contacts are known.
    pub fn count(&self) -> usize {
        self.hashes.len()
    }

    /// The hash of a text of two words or more that is the name of a participant, in any script and order of its parts.
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

fn split_words(key: &str) -> impl Iterator<Item = &str> {
    key.split(' ').filter(|word| !word.is_empty())
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
