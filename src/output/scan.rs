//! The last look at what was written: names, e-mail addresses, telephone numbers and personal numbers of participants that
//! stood in the inputs must stand in no output. Inputs are known by salted hashes only, so that this look can't leak them.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use memchr::{memchr, memrchr};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;
use zip::ZipArchive;

use crate::diagnostic::{Place, Problem};
use crate::ingest::PersonalTraces;

/// The most words that a name is looked for in.
const NAME_WORDS: usize = 4;

/// The most words that a telephone number is written in.
const NUMBER_WORDS: usize = 5;

/// Digits of the shortest telephone number that is looked for.
const DIGITS: usize = 8;

/// How much of a file is looked at in one go, where its tags allow.
const PIECE: usize = 256 << 10;

/// Runs of words whose answer is remembered: an annex says the same few thousand things a million times.
const REMEMBERED: usize = 50_000;

/// Looks for traces of persons in texts and files.
pub struct Scan<'t> {
    traces: &'t PersonalTraces,
    /// Texts that documents print of persons on purpose, lower case.
    allowed: BTreeSet<String>,
}

/// What was found; which one it was is told to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trace {
    Name,
    /// An e-mail address, a telephone number or a personal number.
    Contact,
}

impl<'t> Scan<'t> {
    /// `allowed` are names that project.toml itself prints: of who signs, of organisations.
    pub fn new(traces: &'t PersonalTraces, allowed: impl IntoIterator<Item = String>) -> Scan<'t> {
        Scan { traces, allowed: allowed.into_iter().map(|text| text.to_lowercase()).collect() }
    }

    /// One text, as a reader sees it.
    pub fn text(&self, text: &str) -> BTreeSet<Trace> {
        let mut look = Look::default();
        self.words(text, &mut look);
        look.found
    }

    fn words(&self, text: &str, look: &mut Look) {
        if self.traces.hashes.is_empty() || is_harmless(text.as_bytes()) {
            return;
        }
        // The same marks part words here as where the inputs were read, and quotation marks of JSON.
        let parts = |c: char| c.is_whitespace() || matches!(c, ';' | ',' | '<' | '>' | '(' | ')' | '"');
        let words: Vec<&str> = text.split(parts).filter(|word| !word.is_empty()).collect();
        let any_contact = may_be_contact(&words);
        for at in 0..words.len() {
            let names = (2..=NAME_WORDS).map_while(|length| words.get(at..at + length)).take_while(|run| {
                // No part of a name holds a digit.
                run.iter().all(|word| !word.contains(|c: char| c.is_ascii_digit()))
            });
            if names.map(|run| run.join(" ")).any(|run| look.is_name(self, run)) {
                look.found.insert(Trace::Name);
            }
            if !any_contact {
                continue;
            }
            let numbers = (1..=NUMBER_WORDS).map_while(|length| words.get(at..at + length));
            if numbers.filter(|run| may_be_contact(run)).any(|run| self.is_contact(&run.join(" "))) {
                look.found.insert(Trace::Contact);
            }
        }
    }

    /// Every text of a view, before it is laid out: a finished PDF holds glyphs, not letters.
    pub fn view(&self, view: &impl Serialize) -> BTreeSet<Trace> {
        let mut found = BTreeSet::new();
        if !self.traces.hashes.is_empty()
            && let Ok(value) = serde_json::to_value(view)
        {
            self.value(&value, &mut found);
        }
        found
    }

    /// A written file: the parts of a workbook as XML, anything else as text, whatever lies between its letters.
    ///
    /// # Errors
    /// The file can't be read, or is a damaged workbook.
    pub fn file(&self, path: &Path) -> io::Result<BTreeSet<Trace>> {
        if self.traces.hashes.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut file = File::open(path)?;
        let mut magic = [0; 4];
        let is_zip = file.read(&mut magic)? == magic.len() && magic == *b"PK\x03\x04";
        let file = File::open(path)?;
        if !is_zip {
            let mut look = Look::default();
            self.marked_up(file, &mut look)?;
            return Ok(look.found);
        }
        let parts = ZipArchive::new(BufReader::new(file)).map_err(io::Error::other)?.len();
        // Each part with a reader of its own, so that the sheets of a long annex are looked at side by side.
        let looks = (0..parts).into_par_iter().map(|at| {
            let mut archive = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(io::Error::other)?;
            let part = archive.by_index(at).map_err(io::Error::other)?;
            let mut look = Look::default();
            self.marked_up(part, &mut look)?;
            Ok(look.found)
        });
        let found: Vec<BTreeSet<Trace>> = looks.collect::<io::Result<_>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// What stands between tags, and the values of attributes within them.
    fn marked_up(&self, mut reader: impl Read, look: &mut Look) -> io::Result<()> {
        let mut buffer: Vec<u8> = Vec::with_capacity(2 * PIECE);
        loop {
            let kept = buffer.len();
            buffer.resize(kept + PIECE, 0);
            let length = reader.read(&mut buffer[kept..])?;
            buffer.truncate(kept + length);
            let whole = match length {
                0 => kept,
                _ => memrchr(b'>', &buffer[kept..]).map_or(0, |end| kept + end + 1),
            };
            self.tags(&buffer[..whole], look);
            buffer.drain(..whole);
            if length == 0 {
                return Ok(());
            }
        }
    }

    fn tags(&self, mut markup: &[u8], look: &mut Look) {
        while !markup.is_empty() {
            let end = memchr(b'>', markup).map_or(markup.len(), |end| end + 1);
            let (piece, rest) = markup.split_at(end);
            let (before, tag) = piece.split_at(memchr(b'<', piece).unwrap_or(piece.len()));
            self.bytes(before, look);
            for value in tag.split(|byte| *byte == b'"').skip(1).step_by(2) {
                self.bytes(value, look);
            }
            markup = rest;
        }
    }

    fn bytes(&self, bytes: &[u8], look: &mut Look) {
        if !is_harmless(bytes) {
            self.words(&unescaped(&String::from_utf8_lossy(bytes)), look);
        }
    }

    fn value(&self, value: &Value, found: &mut BTreeSet<Trace>) {
        match value {
            Value::String(text) => found.extend(self.text(text)),
            Value::Array(values) => values.iter().for_each(|value| self.value(value, found)),
            Value::Object(fields) => fields.values().for_each(|value| self.value(value, found)),
            Value::Number(number) => found.extend(self.text(&number.to_string())),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn is_contact(&self, run: &str) -> bool {
        self.traces.holds_contact(run.trim_matches(|c: char| !c.is_alphanumeric()))
    }

    fn is_name(&self, run: &str) -> bool {
        let bare = run.trim_matches(|c: char| !c.is_alphanumeric());
        self.traces.holds_name(bare) && !self.allowed.contains(&bare.to_lowercase())
    }
}

/// What was found in a file so far, and which runs of words are names.
#[derive(Default)]
struct Look {
    found: BTreeSet<Trace>,
    names: HashMap<String, bool>,
}

impl Look {
    fn is_name(&mut self, scan: &Scan, run: String) -> bool {
        if let Some(&known) = self.names.get(&run) {
            return known;
        }
        let is_name = scan.is_name(&run);
        if self.names.len() < REMEMBERED {
            self.names.insert(run, is_name);
        }
        is_name
    }
}

/// Whether a text can't be a trace by its bytes alone: one word, no address, fewer digits than a telephone number.
/// Escaped characters, and those bytes that begin a space of Unicode, are left to a closer look.
fn is_harmless(text: &[u8]) -> bool {
    let mut digits = 0;
    for byte in text {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'@' | b'&' | b';' | b',' | b'<' | b'>' | b'(' | b')' | b'"' => return false,
            0..=b' ' | 0xc2 | 0xe1..=0xe3 => return false,
            _ => {}
        }
    }
    digits < DIGITS
}

/// One error for each kind of trace in a file.
pub fn problems(file: &str, found: &BTreeSet<Trace>) -> Vec<Problem> {
    let problem = |trace: &Trace| {
        let problem = Problem::error("personal-data-in-output").at(Place::file(file));
        match trace {
            Trace::Name => problem.variant("name"),
            Trace::Contact => problem,
        }
    };
    found.iter().map(problem).collect()
}

fn may_be_contact(run: &[&str]) -> bool {
    let digits = || run.iter().flat_map(|word| word.chars()).filter(char::is_ascii_digit).count();
    run.iter().any(|word| word.contains('@')) || digits() >= DIGITS
}

fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}
