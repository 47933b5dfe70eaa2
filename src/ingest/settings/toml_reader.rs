//! TOML read by hand from spanned tables, so that every fault is reported at its line and column, all in one run.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Range, RangeInclusive};

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::de::{DeTable, DeValue};

use super::example_line::example_of;
use super::syntax_fault::find_date;
use crate::diagnostic::kinds::{self, WrongType};
use crate::diagnostic::{Place, Problem, ProblemKind, nearest};
use crate::folder::PROJECT_FILE;
use crate::ingest::wrong_language::find_other_language;
use crate::model::{Lang, Text};

/// Reads project.toml: turns spans into places and collects the problems.
pub struct TomlReader<'a> {
    source: &'a str,
    problems: RefCell<Vec<Problem>>,
    /// Name of table → the keys that are read of it, for the reference.
    known_keys: RefCell<BTreeMap<String, BTreeSet<&'static str>>>,
}

/// One value with the dotted name that messages give it.
#[derive(Clone)]
pub struct TomlNode<'a> {
    /// Dotted, as messages give it.
    pub name: String,
    /// As it was parsed.
    pub value: &'a DeValue<'a>,
    /// Bytes of the file.
    pub span: Range<usize>,
}

/// A table whose keys are taken one by one; those that nobody took are reported by [`TomlKeys::finish`].
pub struct TomlKeys<'a> {
    /// Dotted, as messages give it.
    pub name: String,
    /// Bytes of the file.
    pub span: Range<usize>,
    entries: Vec<KeyEntry<'a>>,
    known: RefCell<Vec<&'static str>>,
}

struct KeyEntry<'a> {
    key: &'a str,
    key_span: Range<usize>,
    value: &'a DeValue<'a>,
    span: Range<usize>,
    taken: Cell<bool>,
}

impl<'a> TomlReader<'a> {
    /// A reader of the text of project.toml.
    pub fn new(source: &'a str) -> TomlReader<'a> {
        TomlReader { source, problems: RefCell::default(), known_keys: RefCell::default() }
    }

    /// Adds a problem.
    pub fn report(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// How many problems were reported so far.
    pub fn problem_count(&self) -> usize {
        self.problems.borrow().len()
    }

    /// What was reported after the first `before` problems is about this report alone; `None`: about one that has no name
    /// of its own.
    pub fn attribute_since(&self, before: usize, report: Option<String>) {
        for problem in self.problems.borrow_mut().iter_mut().skip(before) {
            problem.reports = Some(report.clone().into_iter().collect());
        }
    }

    /// Puts others in place of problems that were reported, where `amend` knows better.
    pub fn amend_problems(&self, amend: impl Fn(&Problem) -> Option<Problem>) {
        for problem in self.problems.borrow_mut().iter_mut() {
            if let Some(better) = amend(problem) {
                *problem = better;
            }
        }
    }

    /// The keys that are read of each table that is there.
    pub fn known_keys(&self) -> BTreeMap<String, BTreeSet<&'static str>> {
        self.known_keys.borrow().clone()
    }

    /// All problems, in the order in which they were reported.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    /// Line and column, both from 1, columns in characters.
    pub fn place(&self, span: &Range<usize>) -> Place {
        Place::in_text(PROJECT_FILE, self.source, span.start)
    }

    /// Adds an error at some bytes of the file.
    pub fn report_at(&self, span: &Range<usize>, kind: impl Into<ProblemKind>) {
        self.report(Problem::error(kind).at(self.place(span)));
    }

    /// Reports a value of the wrong type; `expected` makes the kind that names the right one.
    pub fn report_wrong_type(&self, node: &TomlNode, expected: impl FnOnce(String) -> WrongType) {
        self.report_at(&node.span, expected(node.name.clone()));
    }

    /// The value of a key that must be there; a missing one is reported.
    pub fn require(&self, keys: &TomlKeys<'a>, key: &'static str) -> Option<TomlNode<'a>> {
        let node = keys.take(key);
        if node.is_none() {
            self.report_missing(&keys.span, keys, key);
        }
        node
    }

    /// Reports a key that must be there.
    pub fn report_missing(&self, span: &Range<usize>, keys: &TomlKeys<'a>, key: &str) {
        self.report_at(span, kinds::MissingKey { key: keys.dotted(key), example: example_of(key) });
    }

    /// A text without white space around it; an empty one is reported.
    pub fn string(&self, node: &TomlNode<'a>) -> Option<String> {
        match node.value.as_str().map(str::trim) {
            Some("") => {
                self.report_at(&node.span, kinds::EmptyValue { key: node.name.clone() });
                None
            }
            Some(text) => Some(text.to_owned()),
            None => {
                self.report_wrong_type(node, |key| WrongType::Text { key });
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn boolean(&self, node: &TomlNode<'a>) -> Option<bool> {
        let value = node.value.as_bool();
        if value.is_none() {
            self.report_wrong_type(node, |key| WrongType::Boolean { key });
        }
        value
    }

    /// A date without a time.
    pub fn date(&self, node: &TomlNode<'a>) -> Option<Date> {
        let date = node.value.as_datetime().and_then(|datetime| match (datetime.date, datetime.time) {
            (Some(date), None) => Date::new(date.year as i16, date.month as i8, date.day as i8).ok(),
            _ => None,
        });
        if date.is_none() {
            // A day in quotation marks, or written as in a letter, is given back as it is to be written.
            let meant = node.value.as_str().and_then(find_date).and_then(|(_, day)| day);
            let right = meant.map_or_else(|| "2026-01-31".to_owned(), |day| day.to_string());
            self.report_wrong_type(node, |key| WrongType::Date { key, right });
        }
        date
    }

    /// A whole number within a range.
    pub fn integer(&self, node: &TomlNode<'a>, within: RangeInclusive<u64>) -> Option<u64> {
        let Some(integer) = node.value.as_integer() else {
            self.report_wrong_type(node, |key| WrongType::Integer { key });
            return None;
        };
        let value = u64::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|value| within.contains(value));
        if value.is_none() {
            self.report_out_of_range(node, integer.as_str(), &within.start().to_string(), &within.end().to_string());
        }
        value
    }

    /// A number within a range.
    pub fn decimal(&self, node: &TomlNode<'a>, within: RangeInclusive<Decimal>) -> Option<Decimal> {
        let written = match node.value {
            DeValue::Float(float) => float.as_str(),
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
            _ => {
                self.report_wrong_type(node, |key| WrongType::Number { key });
                return None;
            }
        };
        let value = written.parse::<Decimal>().ok().filter(|value| within.contains(value));
        if value.is_none() {
            self.report_out_of_range(node, written, &within.start().to_string(), &within.end().to_string());
        }
        value
    }

    fn report_out_of_range(&self, node: &TomlNode<'a>, written: &str, low: &str, high: &str) {
        let (key, value) = (node.name.clone(), written.to_owned());
        self.report_at(&node.span, kinds::OutOfRange { key, value, low: low.to_owned(), high: high.to_owned() });
    }

    /// One of a few words; any other is reported with the nearest of them.
    pub fn choice<T: Copy>(&self, node: &TomlNode<'a>, words: &[(&str, T)]) -> Option<T> {
        let written = self.string(node)?;
        if let Some((_, meant)) = words.iter().find(|(word, _)| *word == written) {
            return Some(*meant);
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.report_unknown(&node.span, &written, known.iter().copied(), |value, nearest| kinds::UnknownChoice {
            key: node.name.clone(),
            known: known.join(", "),
            value,
            nearest,
        });
        None
    }

    /// Reports something that isn't among `known`; `kind` takes it, and the nearest of them.
    pub fn report_unknown<'k, K: Into<ProblemKind>>(
        &self,
        span: &Range<usize>,
        written: &str,
        known: impl IntoIterator<Item = &'k str>,
        kind: impl FnOnce(String, Option<String>) -> K,
    ) {
        self.report_at(span, kind(written.to_owned(), nearest(written, known).map(str::to_owned)));
    }

    /// A table.
    pub fn keys(&self, node: &TomlNode<'a>) -> Option<TomlKeys<'a>> {
        match node.value {
            DeValue::Table(table) => Some(TomlKeys::new(node.name.clone(), node.span.clone(), table)),
            _ => {
                self.report_wrong_type(node, |key| WrongType::Table { key });
                None
            }
        }
    }

    /// The elements of an array.
    pub fn array(&self, node: &TomlNode<'a>) -> Vec<TomlNode<'a>> {
        match node.value {
            DeValue::Array(items) => items
                .iter()
                .map(|item| TomlNode { name: node.name.clone(), value: item.get_ref(), span: item.span() })
                .collect(),
            _ => {
                self.report_wrong_type(node, |key| WrongType::Array { key });
                Vec::new()
            }
        }
    }

    /// The tables of an `[[array]]`, which may be missing.
    pub fn tables(&self, keys: &TomlKeys<'a>, key: &'static str) -> Vec<TomlKeys<'a>> {
        keys.take(key)
            .map(|node| self.array(&node))
            .unwrap_or_default()
            .iter()
            .filter_map(|item| self.keys(item))
            .collect()
    }

    /// An array of strings with their spans.
    pub fn strings(&self, node: &TomlNode<'a>) -> Vec<(String, Range<usize>)> {
        self.array(node).iter().filter_map(|item| Some((self.string(item)?, item.span.clone()))).collect()
    }

    /// A text by language, or a plain string in the source language. Missing languages are warnings.
    pub fn text(&self, node: &TomlNode<'a>, languages: &[Lang]) -> Text {
        let mut text = Text::default();
        match node.value {
            DeValue::String(_) => {
                if let (Some(written), Some(source)) = (self.string(node), languages.first()) {
                    text.set(source.clone(), written);
                }
            }
            DeValue::Table(table) => {
                for (key, value) in table {
                    let item = TomlNode {
                        name: format!("{}.{}", node.name, key.get_ref()),
                        value: value.get_ref(),
                        span: value.span(),
                    };
                    if !Lang::is_tag(key.get_ref()) {
                        let known = languages.iter().map(Lang::as_str);
                        let table = node.name.clone();
                        self.report_unknown(&key.span(), key.get_ref(), known, |value, nearest| {
                            kinds::UnknownKey::Plain { table, value, nearest }
                        });
                    } else if item.value.as_str().is_some_and(|written| written.trim().is_empty()) {
                        continue;
                    } else if let Some(written) = self.string(&item) {
                        text.set(Lang::new(key.get_ref()), written);
                    }
                }
            }
            _ => {
                self.report_wrong_type(node, |key| WrongType::Translated { key });
                return text;
            }
        }
        if let Some(kind) = languages.iter().find_map(|lang| find_other_language(&text, lang)) {
            self.report(Problem::warning(kind).at(self.place(&node.span)));
        }
        for lang in languages.iter().filter(|lang| text.get(lang).is_none()) {
            self.report(
                Problem::warning(kinds::UntranslatedText::Key {
                    what: node.name.clone(),
                    language: lang.as_str().to_owned(),
                })
                .at(self.place(&node.span)),
            );
        }
        text
    }
}

impl<'a> TomlKeys<'a> {
    /// The keys of a table; `name` is its dotted name, empty for the file itself.
    pub fn new(name: String, span: Range<usize>, table: &'a DeTable<'a>) -> TomlKeys<'a> {
        let entries = table
            .iter()
            .map(|(key, value)| KeyEntry {
                key: key.get_ref(),
                key_span: key.span(),
                value: value.get_ref(),
                span: value.span(),
                taken: Cell::new(false),
            })
            .collect();
        TomlKeys { name, span, entries, known: RefCell::new(Vec::new()) }
    }

    /// The dotted name that messages give a key of this table.
    pub fn dotted(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    /// Whether the key was asked for.
    pub fn knows(&self, key: &str) -> bool {
        self.known.borrow().contains(&key)
    }

    /// The value of a key; from now on the key is known.
    pub fn take(&self, key: &'static str) -> Option<TomlNode<'a>> {
        self.known.borrow_mut().push(key);
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        entry.taken.set(true);
        Some(TomlNode { name: self.dotted(key), value: entry.value, span: entry.span.clone() })
    }

    /// [`TomlKeys::take`] of a key that is the name of a column, which the reference lists elsewhere.
    pub fn take_own(&self, key: &str) -> Option<TomlNode<'a>> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        entry.taken.set(true);
        Some(TomlNode { name: self.dotted(key), value: entry.value, span: entry.span.clone() })
    }

    /// Every entry: key, its span, value. For tables whose keys are the project's own.
    pub fn entries(&self) -> Vec<(&'a str, Range<usize>, TomlNode<'a>)> {
        self.entries
            .iter()
            .map(|entry| {
                let node = TomlNode { name: self.dotted(entry.key), value: entry.value, span: entry.span.clone() };
                (entry.key, entry.key_span.clone(), node)
            })
            .collect()
    }

    /// Reports the keys that nobody took.
    pub fn finish(self, reader: &TomlReader<'a>) {
        let known = self.known.borrow();
        reader.known_keys.borrow_mut().entry(self.name.clone()).or_default().extend(known.iter());
        for entry in self.entries.iter().filter(|entry| !entry.taken.get()) {
            let table = if self.name.is_empty() { PROJECT_FILE } else { self.name.as_str() }.to_owned();
            let known = known.iter().copied();
            reader.report_unknown(&entry.key_span, entry.key, known, |value, nearest| kinds::UnknownKey::Plain {
                table,
                value,
                nearest,
            });
        }
    }
}
