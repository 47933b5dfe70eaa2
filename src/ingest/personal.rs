//! Salted hashes of what must not be found in anything that is written: names, e-mail addresses, telephone
//! numbers and personal numbers of persons. The texts themselves are forgotten at once.

mod contact;

pub use contact::{Contact, ContactKind, contacts};

use std::hash::{DefaultHasher, Hasher};

use hashbrown::HashSet;

use super::PersonalTraces;
use super::fold;
use super::raw::{Raw, RawRow};
use super::table::TableSheet;

/// Most words of a name that is looked for, whatever the inputs hold.
const WORDS: usize = 8;

/// Traces while tables are read.
pub struct Traces {
    salt: Salt,
    hashes: HashSet<[u8; 16]>,
    words: HashSet<u64>,
    longest: usize,
}

/// What makes the hashes of one project's texts.
#[derive(Clone, Copy)]
pub struct Salt([u8; 16]);

/// What is kept of a name.
pub struct NameTrace {
    hash: Option<[u8; 16]>,
    /// How many words it has, and the hashes of the first of them.
    words: usize,
    first: [u64; WORDS],
    /// Of contacts that stand in it.
    others: Vec<[u8; 16]>,
}

impl Salt {
    /// The trace of a name, of which `key` is the folded form; its hash compares names, whatever their script and the order
    /// of their parts.
    pub fn name(self, name: &str, key: &str) -> NameTrace {
        let mut first = [0; WORDS];
        let mut words = 0;
        for word in words_of(key) {
            if let Some(place) = first.get_mut(words) {
                *place = word_hash(&self.0, word);
            }
            words += 1;
        }
        NameTrace { hash: (words > 0).then(|| self.hash(key)), words, first, others: self.contacts(name).collect() }
    }

    /// E-mail addresses, telephone numbers and personal numbers that stand in a cell about a person.
    fn contacts(self, text: &str) -> impl Iterator<Item = [u8; 16]> {
        contacts(text).into_iter().flat_map(move |contact| {
            let is_sure = contact.kind != ContactKind::Digits;
            // Else a mobile telephone that lost its zero in a spreadsheet, or a personal number with a slip in it.
            contact.keys.into_iter().filter(move |key| is_sure || is_telling(key)).map(move |key| self.hash(&key))
        })
    }

    fn hash(self, text: &str) -> [u8; 16] {
        hash(&self.0, text)
    }
}

impl Traces {
    /// The salt comes from the project's own file, so that equal inputs give equal traces.
    pub fn new(project_file: &str) -> Traces {
        let mut salt = [0; 16];
        salt.copy_from_slice(&blake3::derive_key("donor-report personal traces", project_file.as_bytes())[..16]);
        Traces { salt: Salt(salt), hashes: HashSet::new(), words: HashSet::new(), longest: 0 }
    }

    pub fn salt(&self) -> Salt {
        self.salt
    }

    /// Remembers a name; its hash.
    pub fn keep(&mut self, name: NameTrace) -> Option<[u8; 16]> {
        let NameTrace { hash, words, first, others } = name;
        self.hashes.extend(others);
        // A single given name would be found in any text.
        if words > 1 {
            self.hashes.extend(hash);
            let words = words.min(WORDS);
            self.words.extend(&first[..words]);
            self.longest = self.longest.max(words);
        }
        hash
    }

    /// Remembers a person's code where it is a name, an address or a number by which a person is known elsewhere.
    pub fn code(&mut self, code: &str) {
        let is_name = code.split_whitespace().count() > 1 && !code.contains(|c: char| c.is_ascii_digit());
        if is_name && code.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || matches!(c, '-' | '.' | '\'')) {
            self.keep(self.salt.name(code, &fold::name_key(code)));
        } else {
            self.look_at(code);
        }
    }

    /// Remembers the contacts that stand in a cell about a person.
    pub fn look_at(&mut self, text: &str) {
        self.hashes.extend(self.salt.contacts(text));
    }

    /// Looks at the cells of columns that are read for nothing else: telephone, address, notes. Nothing of them is kept.
    pub fn aside(&mut self, row: &RawRow, columns: &[u32]) {
        for cell in columns.iter().filter_map(|column| row.cell(*column)) {
            match &cell.raw {
                Raw::Text(text) => self.look_at(text),
                // Whole numbers of eight digits and more; spreadsheets hold telephone numbers so.
                Raw::Number(number) if (1e7..1e15).contains(number) => self.look_at(&number.to_string()),
                _ => {}
            }
        }
    }

    pub fn finish(self) -> PersonalTraces {
        PersonalTraces { salt: self.salt.0, hashes: self.hashes, words: self.words, longest: self.longest }
    }
}

impl PersonalTraces {
    /// The hash of a text of two words or more that is the name of a participant, in any script and order of its parts.
    pub fn name(&self, text: &str) -> Option<[u8; 16]> {
        let key = fold::name_key(text);
        let hash = hash(&self.salt, &key);
        (key.contains(' ') && self.hashes.contains(&hash)).then_some(hash)
    }

    /// Whether a word can be a part of a participant's name: where one can't, no name needs to be looked for around it.
    pub fn is_of_name(&self, word: &str) -> bool {
        words_of(&fold::name_key(word)).all(|word| self.words.contains(&word_hash(&self.salt, word)))
    }

    /// The hash of a contact by the first of its keys that stands in a row about a person.
    pub fn contact(&self, contact: &Contact) -> Option<[u8; 16]> {
        contact.keys.iter().map(|key| hash(&self.salt, key)).find(|hash| self.hashes.contains(hash))
    }

    /// The hash of a text that is told from others by itself, not by the tables of persons.
    pub fn hash(&self, text: &str) -> [u8; 16] {
        hash(&self.salt, text)
    }
}

fn words_of(key: &str) -> impl Iterator<Item = &str> {
    key.split(' ').filter(|word| !word.is_empty())
}

/// A short hash is enough for words: it only tells where a closer look is worth while.
fn word_hash(salt: &[u8; 16], word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(salt);
    hasher.write(word.as_bytes());
    hasher.finish()
}

fn hash(salt: &[u8; 16], text: &str) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(salt);
    hasher.update(text.as_bytes());
    let mut short = [0; 16];
    short.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    short
}

/// Columns of a table of persons that nothing else reads.
pub fn unread(sheet: &TableSheet, wanted: &[u32]) -> Vec<u32> {
    let unlisted = sheet.layout.columns.iter().filter(|column| !column.listed).map(|column| column.column);
    unlisted.filter(|column| !wanted.contains(column)).collect()
}

/// Whether bare digits in a row about a person are a number that leads to the person.
fn is_telling(digits: &str) -> bool {
    digits.len() == 13 || (digits.len() == 8 && digits.starts_with('7'))
}
