//! The last look at what was written: names, e-mail addresses, telephone numbers and personal numbers of participants that
//! stood in the inputs must stand in no output. Tables of persons are known by salted hashes only, so that this look can't
//! leak them; an address, a telephone or a personal number in any other cell is known by its form.

mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use hashbrown::{HashMap, HashSet};
use memchr::{memchr, memrchr};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;
use zip::ZipArchive;

use crate::diagnostic::{Place, Problem};
use crate::ingest::PersonalTraces;
use crate::ingest::personal::{ContactKind, contacts};
use words::{Span, spans};

/// Digits of the shortest telephone number that is looked for.
const DIGITS: usize = 8;

/// Outputs that a problem names.
const OUTPUTS_NAMED: usize = 3;

/// How much of a file is looked at in one go, where its tags allow.
const PIECE: usize = 256 << 10;

/// Bytes of the attributes of a cell.
const LONGEST_CELL: usize = 64;

/// Bytes of a workbook whose parts are looked at one after the other.
const SHORT_FILE: u64 = 1 << 20;

/// Texts and words that are remembered: an annex says the same few thousand things a million times.
const REMEMBERED: usize = 50_000;

/// Bytes of the longest text that is remembered.
const SHORT: usize = 256;

/// Looks for traces of persons in texts and files.
pub struct Scan<'t> {
    traces: &'t PersonalTraces,
    /// Names that documents print on purpose, lower case.
    names: BTreeSet<String>,
    /// Addresses and numbers that may be printed whoever they belong to.
    public: BTreeSet<String>,
    /// Addresses and numbers that the organisation's own texts print, unless they are a person's.
    stated: BTreeSet<String>,
}

/// What a project prints on purpose.
#[derive(Default)]
pub struct OnPurpose<'a> {
    /// Of who signs, of organisations.
    pub names: Vec<String>,
    /// `privacy.public`: names, addresses and numbers that may stand even in a row about a person.
    pub public: &'a [String],
    /// project.toml, prose and templates.
    pub texts: Vec<String>,
}

/// What was found. Which one it was is told to nobody; its hash finds the cell that it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trace {
    pub kind: TraceKind,
    hash: [u8; 16],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TraceKind {
    Name,
    Address,
    Telephone,
    PersonalNumber,
}

impl<'t> Scan<'t> {
    pub fn new(traces: &'t PersonalTraces, on_purpose: &OnPurpose) -> Scan<'t> {
        let keys = |texts: &[String]| {
            texts.iter().flat_map(|text| contacts(text)).flat_map(|contact| contact.keys).collect::<BTreeSet<String>>()
        };
        let names = on_purpose.names.iter().chain(on_purpose.public);
        Scan {
            traces,
            names: names.map(|text| text.to_lowercase()).collect(),
            public: keys(on_purpose.public),
            stated: keys(&on_purpose.texts),
        }
    }

    /// One text, as a reader sees it.
    pub fn text(&self, text: &str) -> BTreeSet<Trace> {
        let mut look = Look::default();
        self.words(text, &mut look);
        look.found
    }

    fn words(&self, text: &str, look: &mut Look) {
        if is_harmless(text.as_bytes()) || look.has_seen(text) {
            return;
        }
        self.contacts(text, look);
        if self.traces.longest == 0 {
            return;
        }
        let mut words = std::mem::take(&mut look.words);
        words.clear();
        words.extend(spans(text));
        for word in &mut words {
            word.is_of_name = look.is_of_name(self, &text[word.start..word.end]);
        }
        for at in 0..words.len() {
            let most = words[at..].iter().take(self.traces.longest).take_while(|word| word.is_of_name).count();
            for length in 2..=most {
                let run: Vec<&str> = words[at..at + length].iter().map(|word| &text[word.start..word.end]).collect();
                look.found.extend(self.name(&run.join(" ")));
            }
        }
        look.words = words;
    }

    fn contacts(&self, text: &str, look: &mut Look) {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if digits < DIGITS && memchr(b'@', text.as_bytes()).is_none() {
            return;
        }
        for contact in contacts(text) {
            let is_any = |known: &BTreeSet<String>| contact.keys.iter().any(|key| known.contains(key));
            if is_any(&self.public) {
                continue;
            }
            let of_person = self.traces.contact(&contact);
            let by_form = match contact.kind {
                ContactKind::PersonalNumber => true,
                ContactKind::Address | ContactKind::Telephone => !is_any(&self.stated),
                ContactKind::Digits => false,
            };
            let first = || contact.keys.first().map(|key| self.traces.hash(key));
            let Some(hash) = of_person.or_else(|| first().filter(|_| by_form)) else { continue };
            let kind = match contact.kind {
                ContactKind::Address => TraceKind::Address,
                ContactKind::PersonalNumber => TraceKind::PersonalNumber,
                ContactKind::Telephone | ContactKind::Digits => TraceKind::Telephone,
            };
            look.found.insert(Trace { kind, hash });
        }
    }

    /// Every text of a view, before it is laid out: a finished PDF holds glyphs, not letters.
    pub fn view(&self, view: &impl Serialize) -> BTreeSet<Trace> {
        let mut look = Look::default();
        if let Ok(value) = serde_json::to_value(view) {
            self.value(&value, &mut look);
        }
        look.found
    }

    /// A written file: the parts of a workbook as XML, anything else as text, whatever lies between its letters.
    ///
    /// # Errors
    /// The file can't be read, or is a damaged workbook.
    pub fn file(&self, path: &Path) -> io::Result<BTreeSet<Trace>> {
        let mut file = File::open(path)?;
        let mut magic = [0; 4];
        let is_zip = file.read(&mut magic)? == magic.len() && magic == *b"PK\x03\x04";
        let file = File::open(path)?;
        if !is_zip {
            let mut look = Look::default();
            self.marked_up(file, &mut look)?;
            return Ok(look.found);
        }
        let is_short = file.metadata()?.len() < SHORT_FILE;
        let archive = || ZipArchive::new(BufReader::new(File::open(path)?)).map_err(io::Error::other);
        let mut first = archive()?;
        if is_short {
            let mut look = Look::default();
            for at in 0..first.len() {
                self.part(&mut first, at, &mut look)?;
            }
            return Ok(look.found);
        }
        // Each part with a reader of its own, so that the sheets of a long annex are looked at side by side.
        let looks = (0..first.len()).into_par_iter().try_fold(Look::default, |mut look, at| {
            self.part(&mut archive()?, at, &mut look)?;
            Ok(look)
        });
        let looks: Vec<Look> = looks.collect::<io::Result<_>>()?;
        Ok(looks.into_iter().flat_map(|look| look.found).collect())
    }

    fn part<R: Read + Seek>(&self, archive: &mut ZipArchive<R>, at: usize, look: &mut Look) -> io::Result<()> {
        self.marked_up(archive.by_index(at).map_err(io::Error::other)?, look)
    }

    /// What stands between tags, and the values of attributes within them.
    fn marked_up(&self, mut reader: impl Read, look: &mut Look) -> io::Result<()> {
        let mut buffer = std::mem::take(&mut look.buffer);
        let mut kept = 0;
        loop {
            if buffer.len() < kept + PIECE {
                buffer.resize(kept + PIECE, 0);
            }
            let length = reader.read(&mut buffer[kept..])?;
            let filled = kept + length;
            let whole = match length {
                0 => filled,
                _ => memrchr(b'>', &buffer[kept..filled]).map_or(0, |end| kept + end + 1),
            };
            self.tags(&buffer[..whole], look);
            buffer.copy_within(whole..filled, 0);
            kept = filled - whole;
            if length == 0 {
                look.buffer = buffer;
                return Ok(());
            }
        }
    }

    fn tags(&self, mut markup: &[u8], look: &mut Look) {
        let mut in_value = false;
        while !markup.is_empty() {
            let (before, rest) = markup.split_at(memchr(b'<', markup).unwrap_or(markup.len()));
            if !(in_value && is_fraction(before)) {
                self.bytes(before, look);
            }
            if let Some((content, after)) = usual_cell(rest) {
                self.bytes(content, look);
                markup = after;
                in_value = false;
                continue;
            }
            let (tag, rest) = rest.split_at(memchr(b'>', rest).map_or(rest.len(), |end| end + 1));
            if !is_cell(tag) {
                for value in tag.split(|byte| *byte == b'"').skip(1).step_by(2) {
                    self.bytes(value, look);
                }
            }
            in_value = tag == b"<v>";
            markup = rest;
        }
    }

    fn bytes(&self, bytes: &[u8], look: &mut Look) {
        if !is_harmless(bytes) {
            self.words(&unescaped(&String::from_utf8_lossy(bytes)), look);
        }
    }

    fn value(&self, value: &Value, look: &mut Look) {
        match value {
            Value::String(text) => self.words(text, look),
            Value::Array(values) => values.iter().for_each(|value| self.value(value, look)),
            Value::Object(fields) => {
                // Values of an axis are keys, too.
                for (key, value) in fields {
                    self.words(key, look);
                    self.value(value, look);
                }
            }
            Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() != 0.0) => {}
            Value::Number(number) => self.words(&number.to_string(), look),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn name(&self, run: &str) -> Option<Trace> {
        let bare = run.trim_matches(|c: char| !c.is_alphanumeric());
        let hash = self.traces.name(bare).filter(|_| !self.names.contains(&bare.to_lowercase()))?;
        Some(Trace { kind: TraceKind::Name, hash })
    }
}

/// What stands in a cell of a sheet that begins here with one value and nothing else, as nearly all do, and what follows.
fn usual_cell(markup: &[u8]) -> Option<(&[u8], &[u8])> {
    let attributes = markup.strip_prefix(b"<c r=\"")?;
    let end = attributes.iter().take(LONGEST_CELL).position(|byte| *byte == b'>')?;
    let inside = &attributes[end + 1..];
    let kinds: [(&[u8], &[u8]); 2] = [(b"<v>", b"</v></c>"), (b"<is><t>", b"</t></is></c>")];
    kinds.iter().enumerate().find_map(|(at, (open, close))| {
        let value = inside.strip_prefix(*open)?;
        let (content, rest) = value.split_at(memchr(b'<', value)?);
        let content = if at == 0 && is_fraction(content) { &[] } else { content };
        Some((content, rest.strip_prefix(*close)?))
    })
}

/// Whether the number in a cell has a fraction: its decimals may look like a personal number or a telephone and are none.
fn is_fraction(value: &[u8]) -> bool {
    let is_number = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'E' | b'e');
    memchr(b'.', value).is_some_and(|point| point > 0) && value.iter().all(is_number)
}

/// Whether a tag opens a cell of a sheet, whose attributes are its address, the number of its format and its kind.
fn is_cell(tag: &[u8]) -> bool {
    tag.starts_with(b"<c r=\"") || tag.starts_with(b"</")
}

/// What was found in a file so far, and what needn't be looked at again.
#[derive(Default)]
struct Look {
    found: BTreeSet<Trace>,
    texts: HashSet<Box<str>>,
    /// Words, and whether they can be a part of a name.
    of_names: HashMap<Box<str>, bool>,
    /// Of the text at hand; kept for its memory.
    words: Vec<Span>,
    /// What a file was read into; kept so that it needn't be made anew for each of a workbook's many parts.
    buffer: Vec<u8>,
}

impl Look {
    /// Whether a text was looked at before; from now on it was.
    fn has_seen(&mut self, text: &str) -> bool {
        if self.texts.contains(text) {
            return true;
        }
        if self.texts.len() < REMEMBERED && text.len() <= SHORT {
            self.texts.insert(text.into());
        }
        false
    }

    fn is_of_name(&mut self, scan: &Scan, word: &str) -> bool {
        // No part of a name holds a digit.
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            return false;
        }
        if let Some(known) = self.of_names.get(word) {
            return *known;
        }
        let is_of_name = scan.traces.is_of_name(word);
        if self.of_names.len() < REMEMBERED {
            self.of_names.insert(word.into(), is_of_name);
        }
        is_of_name
    }
}

/// Whether a text can't be a trace by its bytes alone: one word, no address, fewer digits than a telephone number.
/// Escaped characters, and those bytes that begin a space of Unicode, are left to a closer look.
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
    digits < DIGITS
}

/// What was found in outputs: the names of these by trace.
pub type Found = BTreeMap<Trace, BTreeSet<String>>;

/// Errors about what was found: at each cell or line that it comes from, else at the output.
pub fn problems(found: &Found, origins: &BTreeMap<Trace, BTreeSet<Place>>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (trace, outputs) in found {
        let named: Vec<&str> = outputs.iter().take(OUTPUTS_NAMED).map(String::as_str).collect();
        let more = if outputs.len() > OUTPUTS_NAMED { " …" } else { "" };
        let problem = || {
            let problem = Problem::error("personal-data-in-output");
            let problem = match trace.kind {
                TraceKind::Name => problem,
                TraceKind::Address => problem.variant("address"),
                TraceKind::Telephone => problem.variant("telephone"),
                TraceKind::PersonalNumber => problem.variant("personal-number"),
            };
            problem.with("outputs", format!("{}{more}", named.join(", ")))
        };
        match origins.get(trace) {
            Some(places) => problems.extend(places.iter().map(|place| problem().at(place.clone()))),
            None => problems.extend(outputs.iter().take(1).map(|output| problem().at(Place::file(output)))),
        }
    }
    problems
}

fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}
