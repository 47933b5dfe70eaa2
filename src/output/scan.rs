//! The last look at what was written: names, e-mail addresses, telephone numbers and personal numbers of participants that
//! stood in the inputs must stand in no output. Inputs are known by salted hashes only, so that this look can't leak them.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

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
        let mut found = BTreeSet::new();
        if self.traces.hashes.is_empty() {
            return found;
        }
        // The same marks part words here as where the inputs were read, and quotation marks of JSON.
        let parts = |c: char| c.is_whitespace() || matches!(c, ';' | ',' | '<' | '>' | '(' | ')' | '"');
        let words: Vec<&str> = text.split(parts).filter(|word| !word.is_empty()).collect();
        for at in 0..words.len() {
            let names = (2..=NAME_WORDS).map_while(|length| words.get(at..at + length)).take_while(|run| {
                // No part of a name holds a digit.
                run.iter().all(|word| !word.contains(|c: char| c.is_ascii_digit()))
            });
            if names.map(|run| run.join(" ")).any(|run| self.is_name(&run)) {
                found.insert(Trace::Name);
            }
            let numbers = (1..=NUMBER_WORDS).map_while(|length| words.get(at..at + length));
            if numbers.filter(|run| may_be_contact(run)).any(|run| self.is_contact(&run.join(" "))) {
                found.insert(Trace::Contact);
            }
        }
        found
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
        let mut found = BTreeSet::new();
        if self.traces.hashes.is_empty() {
            return Ok(found);
        }
        let mut file = File::open(path)?;
        let mut magic = [0; 4];
        let is_zip = file.read(&mut magic)? == magic.len() && magic == *b"PK\x03\x04";
        let file = File::open(path)?;
        if !is_zip {
            self.marked_up(BufReader::new(file), &mut found)?;
            return Ok(found);
        }
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(io::Error::other)?;
        for at in 0..archive.len() {
            let member = archive.by_index(at).map_err(io::Error::other)?;
            self.marked_up(BufReader::new(member), &mut found)?;
        }
        Ok(found)
    }

    /// What stands between tags, and the values of attributes within them.
    fn marked_up(&self, mut reader: impl BufRead, found: &mut BTreeSet<Trace>) -> io::Result<()> {
        let mut piece = Vec::new();
        while reader.read_until(b'>', &mut piece)? > 0 {
            let text = String::from_utf8_lossy(&piece);
            let (before, tag) = text.split_once('<').unwrap_or((&text, ""));
            found.extend(self.text(&unescaped(before)));
            for value in tag.split('"').skip(1).step_by(2) {
                found.extend(self.text(&unescaped(value)));
            }
            piece.clear();
        }
        Ok(())
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
