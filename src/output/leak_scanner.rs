//! The last check of what was made: names, e-mail addresses, telephone numbers and personal numbers of participants that are
//! in the inputs must be in no output. Tables of persons are known by salted hashes only, so that the scanner can't leak
//! them; an address, a telephone or a personal number in any other cell is known by its form.

mod decode;
mod files;
mod names;
mod report;
mod scan_state;
mod word_spans;

use std::collections::BTreeSet;

use memchr::memchr;
use serde::Serialize;
use serde_json::Value;

use crate::personal::{Contact, ContactKind, PersonalTraces, find_contacts};
use decode::{decode_digits, decode_percent};
pub use files::text_of_svg;
use names::AllowedNames;
pub use report::{Findings, Origins, report_leaks};
use scan_state::ScanState;

/// Digits of the shortest telephone number that is looked for.
const SHORTEST_NUMBER: usize = 8;

/// Digits of the shortest date: `1 May 1985`.
const SHORTEST_DAY: usize = 5;

/// Bytes of a word that may be two glued together, of letters that take two bytes each.
const LONG_WORD: usize = 12;

/// Looks for traces of persons in texts and files.
pub struct LeakScanner<'t> {
    traces: &'t PersonalTraces,
    /// Names that documents print on purpose.
    names: AllowedNames,
    /// Addresses and numbers that may be printed whoever they belong to.
    public: BTreeSet<String>,
    /// Addresses and numbers that the organisation's own texts print, unless they are a person's.
    own: BTreeSet<String>,
    /// Digits of the organisation's codes, which are no telephone numbers, unless they are a person's.
    codes: BTreeSet<String>,
    /// Hashes of dates that may be printed though somebody was born then.
    public_days: BTreeSet<[u8; 16]>,
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
    /// Codes of activities, indicators, results and values of lists.
    pub codes: Vec<&'a str>,
    /// What the program prints by itself: words side by side in it are no names.
    pub program_texts: Vec<&'a str>,
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
    /// The exact date of birth of a participant.
    BirthDate,
}

impl Trace {
    /// The salted hash of what was found, as [`PersonalTraces`] has it.
    pub fn hash(&self) -> [u8; 16] {
        self.hash
    }
}

impl<'t> LeakScanner<'t> {
    /// A scanner for what the inputs say of persons.
    pub fn new(traces: &'t PersonalTraces, allowed: &AllowList) -> LeakScanner<'t> {
        let keys =
            |texts: &[String]| -> BTreeSet<String> { texts.iter().flat_map(|text| contact_keys(text)).collect() };
        let names = allowed.names.iter().chain(allowed.public);
        // What has a plus or an at sign was written to be called or mailed.
        let codes = allowed.codes.iter().filter(|code| !code.contains(['+', '@']));
        LeakScanner {
            traces,
            names: AllowedNames::new(traces, names, &allowed.program_texts),
            public: keys(allowed.public),
            own: keys(&allowed.texts),
            codes: codes.flat_map(|code| contact_keys(code)).collect(),
            public_days: allowed.public.iter().flat_map(|text| traces.find_births(text)).collect(),
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
            Value::Array(values) => {
                values.iter().for_each(|value| self.scan_value(value, state));
                // A reader sees no border between plain and emphasised text.
                if let Some(line) = line_of_inlines(values) {
                    self.scan_words(&line, state);
                }
                // A name may have a cell for each of its words; numbers in cells of their own are no telephone.
                if let Some(row) = row_of_cells(values) {
                    self.scan_names(&row, state);
                }
            }
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
        self.scan_births(text, state);
        self.scan_names(text, state);
        for decoded in [decode_percent(text), decode_digits(text)].into_iter().flatten() {
            self.scan_words(&decoded, state);
        }
    }

    fn scan_births(&self, text: &str, state: &mut ScanState) {
        if self.traces.has_births() && text.bytes().filter(u8::is_ascii_digit).count() >= SHORTEST_DAY {
            let found = self.traces.find_births(text).into_iter().filter(|hash| !self.public_days.contains(hash));
            state.found.extend(found.map(|hash| Trace { kind: TraceKind::BirthDate, hash }));
        }
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
                ContactKind::Address => !is_any_in(&self.own),
                ContactKind::Telephone => !is_any_in(&self.own) && !is_any_in(&self.codes),
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
}

/// The keys of all contacts in a text.
fn contact_keys(text: &str) -> impl Iterator<Item = String> {
    find_contacts(text).into_iter().flat_map(|Contact { keys, .. }| keys)
}

/// Kinds of pieces of a line, as a view writes them.
const INLINES: [&str; 7] = ["text", "figure", "strong", "emphasis", "link", "footnote", "line-break"];

/// The text of a line that is in pieces, as a reader sees it; footnotes are left out. `None` if it is one piece, or if the
/// values are no pieces of a line.
fn line_of_inlines(values: &[Value]) -> Option<String> {
    if values.len() < 2 || !values.iter().all(is_inline) {
        return None;
    }
    let mut line = String::new();
    push_inlines(values, &mut line);
    Some(line)
}

/// The text of a row of a table in prose. `None` if the values are no cells, each of pieces of a line.
fn row_of_cells(values: &[Value]) -> Option<String> {
    let cells: Option<Vec<&Vec<Value>>> = values.iter().map(Value::as_array).collect();
    let cells = cells.filter(|cells| cells.len() > 1 && cells.iter().all(|cell| cell.iter().all(is_inline)))?;
    let mut row = String::new();
    for cell in cells {
        push_inlines(cell, &mut row);
        row.push(' ');
    }
    Some(row)
}

fn is_inline(value: &Value) -> bool {
    kind_of(value).is_some_and(|kind| INLINES.contains(&kind))
}

fn kind_of(value: &Value) -> Option<&str> {
    value.get("kind")?.as_str()
}

fn push_inlines(values: &[Value], line: &mut String) {
    for value in values {
        match (kind_of(value), value.get("text"), value.get("content")) {
            (Some("line-break"), ..) => line.push(' '),
            (Some("footnote"), ..) => {}
            (_, Some(Value::String(text)), _) => line.push_str(text),
            (_, _, Some(Value::Array(content))) => push_inlines(content, line),
            _ => {}
        }
    }
}

/// Whether a text can't be a trace by its bytes alone: one word, no address, fewer digits than a telephone number.
/// Escaped characters, and those bytes that begin a space of Unicode, need a closer look.
fn is_harmless(text: &[u8]) -> bool {
    let mut digits = 0;
    // Words of two letters or more, however they are separated, and the length of the current one.
    let (mut words, mut length, mut is_wide) = (0, 0, false);
    let mut previous = b' ';
    for byte in text {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'@' | b'&' | b';' | b',' | b'<' | b'>' | b'(' | b')' | b'"' | b'/' | b':' | b'|' | b'%' => return false,
            0..=b' ' | 0xc2 | 0xe1..=0xe3 => return false,
            _ => {}
        }
        let is_letter = byte.is_ascii_alphabetic() || *byte >= 0x80;
        if !is_letter || (byte.is_ascii_uppercase() && previous.is_ascii_lowercase()) {
            length = 0;
        }
        if is_letter {
            length += 1;
            words += usize::from(length == 2);
            is_wide |= *byte >= 0x80 && length >= LONG_WORD;
        }
        previous = *byte;
    }
    digits < SHORTEST_NUMBER && words < 2 && !is_wide
}
