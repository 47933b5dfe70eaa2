//! Salted hashes of what must not be found in anything that is written: names, e-mail addresses, telephone
//! numbers and personal numbers of persons. The texts themselves are forgotten at once.

mod contact;

pub use contact::{Contact, ContactKind, contacts};

use std::collections::BTreeSet;

use super::PersonalTraces;
use super::fold;
use super::raw::{Raw, RawRow};
use super::table::Part;

/// Most words of a name that is looked for, whatever the inputs hold.
const WORDS: usize = 8;

/// Traces while tables are read.
pub struct Traces {
    salt: [u8; 16],
    hashes: BTreeSet<[u8; 16]>,
    longest: usize,
}

impl Traces {
    /// The salt comes from the project's own file, so that equal inputs give equal traces.
    pub fn new(project_file: &str) -> Traces {
        let mut salt = [0; 16];
        salt.copy_from_slice(&blake3::derive_key("donor-report personal traces", project_file.as_bytes())[..16]);
        Traces { salt, hashes: BTreeSet::new(), longest: 0 }
    }

    /// Remembers a name; its hash compares names, whatever their script and the order of their parts.
    pub fn name(&mut self, name: &str) -> Option<[u8; 16]> {
        self.look_at(name);
        let key = fold::name_key(name);
        if key.is_empty() {
            return None;
        }
        let hash = hash(&self.salt, &key);
        // A single given name would be found in any text.
        let words = key.split(' ').count();
        if words > 1 {
            self.hashes.insert(hash);
            self.longest = self.longest.max(words.min(WORDS));
        }
        Some(hash)
    }

    /// Remembers a person's code where it is a name, an address or a number by which a person is known elsewhere.
    pub fn code(&mut self, code: &str) {
        let is_name = code.split_whitespace().count() > 1 && !code.contains(|c: char| c.is_ascii_digit());
        if is_name && code.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || matches!(c, '-' | '.' | '\'')) {
            self.name(code);
        } else {
            self.look_at(code);
        }
    }

    /// Remembers e-mail addresses, telephone numbers and personal numbers that stand in a cell about a person.
    pub fn look_at(&mut self, text: &str) {
        for contact in contacts(text) {
            for key in contact.keys.iter().filter(|_| contact.kind != ContactKind::Digits) {
                self.hashes.insert(hash(&self.salt, key));
            }
            // A mobile telephone that lost its zero in a spreadsheet, or a personal number with a slip in it.
            for key in contact.keys.iter().filter(|key| contact.kind == ContactKind::Digits && is_telling(key)) {
                self.hashes.insert(hash(&self.salt, key));
            }
        }
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
        PersonalTraces { salt: self.salt, hashes: self.hashes, longest: self.longest }
    }
}

impl PersonalTraces {
    /// The hash of a text of two words or more that is the name of a participant, in any script and order of its parts.
    pub fn name(&self, text: &str) -> Option<[u8; 16]> {
        let key = fold::name_key(text);
        let hash = hash(&self.salt, &key);
        (key.contains(' ') && self.hashes.contains(&hash)).then_some(hash)
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

fn hash(salt: &[u8; 16], text: &str) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(salt);
    hasher.update(text.as_bytes());
    let mut short = [0; 16];
    short.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    short
}

/// Columns of a table of persons that nothing else reads.
pub fn unread(part: &Part, wanted: &[u32]) -> Vec<u32> {
    let unlisted = part.layout.columns.iter().filter(|column| !column.listed).map(|column| column.column);
    unlisted.filter(|column| !wanted.contains(column)).collect()
}

/// Whether bare digits in a row about a person are a number that leads to the person.
fn is_telling(digits: &str) -> bool {
    digits.len() == 13 || (digits.len() == 8 && digits.starts_with('7'))
}
