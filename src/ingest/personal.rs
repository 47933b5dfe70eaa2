//! Salted hashes of what must not be found in anything that is written: names, e-mail addresses, telephone
//! numbers and personal numbers of persons. The texts themselves are forgotten at once.

use std::collections::BTreeSet;

use super::PersonalTraces;
use super::fold;

/// Digits of the shortest number that is a trace.
const SHORTEST: usize = 8;

/// Traces while tables are read.
pub struct Traces {
    salt: [u8; 16],
    hashes: BTreeSet<[u8; 16]>,
}

impl Traces {
    /// The salt comes from the project's own file, so that equal inputs give equal traces.
    pub fn new(project_file: &str) -> Traces {
        let mut salt = [0; 16];
        salt.copy_from_slice(&blake3::derive_key("donor-report personal traces", project_file.as_bytes())[..16]);
        Traces { salt, hashes: BTreeSet::new() }
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
        if key.contains(' ') {
            self.hashes.insert(hash);
        }
        Some(hash)
    }

    /// Remembers e-mail addresses, telephone numbers and personal numbers that stand in a cell about a person.
    pub fn look_at(&mut self, text: &str) {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if digits < SHORTEST && !text.contains('@') {
            return;
        }
        for word in text.split([' ', ';', ',', '\n', '<', '>', '(', ')']).filter(|word| is_address(word)) {
            self.hashes.insert(hash(&self.salt, &word.to_lowercase()));
        }
        for digits in numbers(text) {
            self.hashes.insert(hash(&self.salt, &digits));
        }
    }

    pub fn finish(self) -> PersonalTraces {
        PersonalTraces { salt: self.salt, hashes: self.hashes }
    }
}

impl PersonalTraces {
    /// Whether a text of two words or more is the name of a participant, in any script and order of its parts.
    pub fn holds_name(&self, text: &str) -> bool {
        let key = fold::name_key(text);
        key.contains(' ') && self.hashes.contains(&hash(&self.salt, &key))
    }

    /// Whether a word is an e-mail address, a telephone number or a personal number from the tables of persons.
    pub fn holds_contact(&self, text: &str) -> bool {
        (is_address(text) && self.hashes.contains(&hash(&self.salt, &text.to_lowercase())))
            || numbers(text).iter().any(|digits| self.hashes.contains(&hash(&self.salt, digits)))
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

fn is_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.ends_with('.'))
}

/// Runs of digits as long as a telephone number (8 to 12, spaces, slashes and hyphens aside) or a
/// personal number (13: day, month, year, region, sex, control).
fn numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut digits = String::new();
    for c in text.chars().chain(['|']) {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '/' | '-' | '.' | '(' | ')' if !digits.is_empty() => {}
            _ => {
                if (SHORTEST..=13).contains(&digits.len()) {
                    found.push(std::mem::take(&mut digits));
                }
                digits.clear();
            }
        }
    }
    found
}
