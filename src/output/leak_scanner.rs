//! The last check of what was made: names, e-mail addresses, telephone numbers and personal numbers of participants that are
//! in the inputs must be in no output. Tables of persons are known by salted hashes only, so that the scanner can't leak
//! them; an address, a telephone or a personal number in any other cell is known by its form.

mod files;
mod report;
mod scan_state;
mod word_spans;

use std::collections::BTreeSet;

use memchr::memchr;
use serde::Serialize;
use serde_json::Value;

use crate::personal::{ContactKind, PersonalTraces, find_contacts};
pub use report::{Findings, report_leaks};
use scan_state::ScanState;
use word_spans::word_spans;

/// Digits of the shortest telephone number that is looked for.
const SHORTEST_NUMBER: usize = 8;

/// Looks for traces of persons in texts and files.
pub struct LeakScanner<'t> {
    traces: &'t PersonalTraces,
    /// Names that documents print on purpose, lower case.
    names: BTreeSet<String>,
    /// Addresses and numbers that may be printed whoever they belong to.
    public: BTreeSet<String>,
    /// Addresses and numbers that the organisation's own texts print, unless they are a person's.
    own: BTreeSet<String>,
}

/// What a project prints on purpose.
#[derive(Default)]
pub struct AllowList<'a> {
    /// Names of who signs, and of organisations.
    pub names: Vec<String>,
    /// `privacy.public`: names, addresses and numbers that may be printed even if a row about a person holds them.
    pub public: &'a [String],
    /// The organisation's own texts: project.toml, prose and templates.
    pub texts: Vec<String>,
}

/// What was found in an output. It doesn't say which name or number it was; its hash finds the cell that it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trace {
    /// What kind of personal data.
    pub kind: TraceKind,
    hash: [u8; 16],
}

/// Kinds of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TraceKind {
    /// At least two words of a participant's name.
    Name,
    /// An e-mail address.
    Address,
    /// A telephone number.
    Telephone,
    /// A personal identification number.
    PersonalNumber,
}

impl<'t> LeakScanner<'t> {
    /// A scanner for what the inputs say of persons.
    pub fn new(traces: &'t PersonalTraces, allowed: &AllowList) -> LeakScanner<'t> {
        let keys = |texts: &[String]| {
            texts
                .iter()
                .flat_map(|text| find_contacts(text))
                .flat_map(|contact| contact.keys)
                .collect::<BTreeSet<String>>()
        };
        let names = allowed.names.iter().chain(allowed.public);
        LeakScanner {
            traces,
            names: names.map(|text| text.to_lowercase()).collect(),
            public: keys(allowed.public),
            own: keys(&allowed.texts),
        }
    }

    /// Scans one text, as a reader sees it.
    pub fn scan_text(&self, text: &str) -> BTreeSet<Trace> {
        let mut state = ScanState::default();
        self.scan_words(text, &mut state);
        state.found
    }

    /// Scans every text of a view, before it is laid out: a finished PDF holds glyphs, not letters.
    pub fn scan_view(&self, view: &impl Serialize) -> BTreeSet<Trace> {
        let mut state = ScanState::default();
        if let Ok(value) = serde_json::to_value(view) {
            self.scan_value(&value, &mut state);
        }
        state.found
    }

    fn scan_value(&self, value: &Value, state: &mut ScanState) {
        match value {
            Value::String(text) => self.scan_words(text, state),
            Value::Array(values) => values.iter().for_each(|value| self.scan_value(value, state)),
            Value::Object(fields) => {
                // Values of an axis are keys, too.
                for (key, value) in fields {
                    self.scan_words(key, state);
                    self.scan_value(value, state);
                }
            }
            Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() != 0.0) => {}
            Value::Number(number) => self.scan_words(&number.to_string(), state),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn scan_words(&self, text: &str, state: &mut ScanState) {
        if is_harmless(text.as_bytes()) || !state.is_first(text) {
            return;
        }
        self.scan_contacts(text, state);
        if self.traces.longest_name() == 0 {
            return;
        }
        let mut words = std::mem::take(&mut state.words);
        words.clear();
        words.extend(word_spans(text));
        for word in &mut words {
            word.is_of_name = state.is_of_name(self.traces, &text[word.start..word.end]);
        }
        for first in 0..words.len() {
            let most =
                words[first..].iter().take(self.traces.longest_name()).take_while(|word| word.is_of_name).count();
            for length in 2..=most {
                let run: Vec<&str> =
                    words[first..first + length].iter().map(|word| &text[word.start..word.end]).collect();
                state.found.extend(self.find_name(&run.join(" ")));
            }
        }
        state.words = words;
    }

    fn scan_contacts(&self, text: &str, state: &mut ScanState) {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if digits < SHORTEST_NUMBER && memchr(b'@', text.as_bytes()).is_none() {
            return;
        }
        for contact in find_contacts(text) {
            let is_any_in = |known: &BTreeSet<String>| contact.keys.iter().any(|key| known.contains(key));
            if is_any_in(&self.public) {
                continue;
            }
            let of_person = self.traces.find_contact(&contact);
            let by_form = match contact.kind {
                ContactKind::PersonalNumber => true,
                ContactKind::Address | ContactKind::Telephone => !is_any_in(&self.own),
                ContactKind::Digits => false,
            };
            let first = || contact.keys.first().map(|key| self.traces.hash_text(key));
            let Some(hash) = of_person.or_else(|| first().filter(|_| by_form)) else { continue };
            let kind = match contact.kind {
                ContactKind::Address => TraceKind::Address,
                ContactKind::PersonalNumber => TraceKind::PersonalNumber,
                ContactKind::Telephone | ContactKind::Digits => TraceKind::Telephone,
            };
            state.found.insert(Trace { kind, hash });
        }
    }

    fn find_name(&self, run: &str) -> Option<Trace> {
        let bare = run.trim_matches(|c: char| !c.is_alphanumeric());
        let hash = self.traces.find_name(bare).filter(|_| !self.names.contains(&bare.to_lowercase()))?;
        Some(Trace { kind: TraceKind::Name, hash })
    }
}

/// Whether a text can't be a trace by its bytes alone: one word, no address, fewer digits than a telephone number.
/// Escaped characters, and those bytes that begin a space of Unicode, need a closer look.
fn is_harmless(text: &[u8]) -> bool {
    let mut digits = 0;
    for byte in text {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'@' | b'&' | b';' | b',' | b'<' | b'>' | b'(' | b')' | b'"' | b'/' | b':' | b'|' => return false,
            0..=b' ' | 0xc2 | 0xe1..=0xe3 => return false,
            _ => {}
        }
    }
    digits < SHORTEST_NUMBER
}
