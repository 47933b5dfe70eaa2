//! TOML read by hand from spanned tables, so that every fault is told at its line and column, all in one run.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Range, RangeInclusive};

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Place, Problem, nearest};
use crate::model::{Lang, Text};

pub const PROJECT_FILE: &str = "project.toml";

/// project.toml while it is read: turns spans into places and collects the problems.
pub struct Page<'a> {
    source: &'a str,
    problems: RefCell<Vec<Problem>>,
    /// Name of table → the keys that were asked for, for the reference.
    asked: RefCell<BTreeMap<String, BTreeSet<&'static str>>>,
}

/// One value with the dotted name that messages give it.
#[derive(Clone)]
pub struct Node<'a> {
    pub name: String,
    pub value: &'a DeValue<'a>,
    pub span: Range<usize>,
}

/// A table whose keys are asked for one by one; what nobody asked for is a fault when it is finished.
pub struct Keys<'a> {
    pub name: String,
    pub span: Range<usize>,
    entries: Vec<KeyEntry<'a>>,
    asked: RefCell<Vec<&'static str>>,
}

struct KeyEntry<'a> {
    key: &'a str,
    key_span: Range<usize>,
    value: &'a DeValue<'a>,
    span: Range<usize>,
    taken: Cell<bool>,
}

impl<'a> Page<'a> {
    pub fn new(source: &'a str) -> Page<'a> {
        Page { source, problems: RefCell::default(), asked: RefCell::default() }
    }

    pub fn problem(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// The keys that were asked for in each table that is there.
    pub fn asked(&self) -> BTreeMap<String, BTreeSet<&'static str>> {
        self.asked.borrow().clone()
    }

    pub fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    /// Line and column, both from 1, columns in characters.
    pub fn place(&self, span: &Range<usize>) -> Place {
        let before = self.source.get(..span.start).unwrap_or(self.source);
        let line = before.matches('\n').count() as u32 + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
        Place::line(PROJECT_FILE, line, column)
    }

    pub fn wrong_type(&self, node: &Node, expected: &'static str) {
        self.problem(
            Problem::error("wrong-type").variant(expected).at(self.place(&node.span)).with("key", node.name.as_str()),
        );
    }

    /// The value of a key that must be there.
    pub fn need(&self, keys: &Keys<'a>, key: &'static str) -> Option<Node<'a>> {
        let node = keys.take(key);
        if node.is_none() {
            self.problem(Problem::error("missing-key").at(self.place(&keys.span)).with("key", keys.dotted(key)));
        }
        node
    }

    pub fn string(&self, node: &Node<'a>) -> Option<String> {
        match node.value.as_str().map(str::trim) {
            Some("") => {
                self.problem(Problem::error("empty-value").at(self.place(&node.span)).with("key", node.name.as_str()));
                None
            }
            Some(text) => Some(text.to_owned()),
            None => {
                self.wrong_type(node, "text");
                None
            }
        }
    }

    pub fn boolean(&self, node: &Node<'a>) -> Option<bool> {
        let value = node.value.as_bool();
        if value.is_none() {
            self.wrong_type(node, "boolean");
        }
        value
    }

    pub fn date(&self, node: &Node<'a>) -> Option<Date> {
        let date = node.value.as_datetime().and_then(|datetime| match (datetime.date, datetime.time) {
            (Some(date), None) => Date::new(date.year as i16, date.month as i8, date.day as i8).ok(),
            _ => None,
        });
        if date.is_none() {
            self.wrong_type(node, "date");
        }
        date
    }

    pub fn integer(&self, node: &Node<'a>, within: RangeInclusive<u64>) -> Option<u64> {
        let Some(integer) = node.value.as_integer() else {
            self.wrong_type(node, "integer");
            return None;
        };
        let value = u64::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|value| within.contains(value));
        if value.is_none() {
            self.out_of_range(node, integer.as_str(), &within.start().to_string(), &within.end().to_string());
        }
        value
    }

    pub fn decimal(&self, node: &Node<'a>, within: RangeInclusive<Decimal>) -> Option<Decimal> {
        let written = match node.value {
            DeValue::Float(float) => float.as_str(),
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
            _ => {
                self.wrong_type(node, "number");
                return None;
            }
        };
        let value = written.parse::<Decimal>().ok().filter(|value| within.contains(value));
        if value.is_none() {
            self.out_of_range(node, written, &within.start().to_string(), &within.end().to_string());
        }
        value
    }

    fn out_of_range(&self, node: &Node<'a>, written: &str, low: &str, high: &str) {
        self.problem(
            Problem::error("out-of-range")
                .at(self.place(&node.span))
                .with("key", node.name.as_str())
                .with("value", written)
                .with("low", low)
                .with("high", high),
        );
    }

    /// One of a few words, told with the nearest where it is another.
    pub fn word<T: Copy>(&self, node: &Node<'a>, words: &[(&str, T)]) -> Option<T> {
        let written = self.string(node)?;
        if let Some((_, meant)) = words.iter().find(|(word, _)| *word == written) {
            return Some(*meant);
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.unknown("unknown-choice", &node.span, &written, known.iter().copied(), |problem| {
            problem.with("key", node.name.as_str()).with("known", known.join(", "))
        });
        None
    }

    /// An error about something that isn't among `known`, with the nearest of them.
    pub fn unknown<'k>(
        &self,
        code: &'static str,
        span: &Range<usize>,
        written: &str,
        known: impl IntoIterator<Item = &'k str>,
        more: impl FnOnce(Problem) -> Problem,
    ) {
        let mut problem = more(Problem::error(code).at(self.place(span)).with("value", written));
        if let Some(near) = nearest(written, known) {
            problem = problem.variant("nearest").with("nearest", near);
        }
        self.problem(problem);
    }

    pub fn keys(&self, node: &Node<'a>) -> Option<Keys<'a>> {
        match node.value {
            DeValue::Table(table) => Some(Keys::new(node.name.clone(), node.span.clone(), table)),
            _ => {
                self.wrong_type(node, "table");
                None
            }
        }
    }

    /// The elements of an array.
    pub fn array(&self, node: &Node<'a>) -> Vec<Node<'a>> {
        match node.value {
            DeValue::Array(items) => items
                .iter()
                .map(|item| Node { name: node.name.clone(), value: item.get_ref(), span: item.span() })
                .collect(),
            _ => {
                self.wrong_type(node, "array");
                Vec::new()
            }
        }
    }

    /// The tables of an `[[array]]` that may be left out.
    pub fn tables(&self, keys: &Keys<'a>, key: &'static str) -> Vec<Keys<'a>> {
        keys.take(key)
            .map(|node| self.array(&node))
            .unwrap_or_default()
            .iter()
            .filter_map(|item| self.keys(item))
            .collect()
    }

    /// An array of strings with their spans.
    pub fn strings(&self, node: &Node<'a>) -> Vec<(String, Range<usize>)> {
        self.array(node).iter().filter_map(|item| Some((self.string(item)?, item.span.clone()))).collect()
    }

    /// A text by language, or a plain string in the source language. Missing languages are warnings.
    pub fn text(&self, node: &Node<'a>, languages: &[Lang]) -> Text {
        let mut text = Text::default();
        match node.value {
            DeValue::String(_) => {
                if let (Some(written), Some(source)) = (self.string(node), languages.first()) {
                    text.set(source.clone(), written);
                }
            }
            DeValue::Table(table) => {
                for (key, value) in table {
                    let item = Node {
                        name: format!("{}.{}", node.name, key.get_ref()),
                        value: value.get_ref(),
                        span: value.span(),
                    };
                    if !is_language(key.get_ref()) {
                        let known = languages.iter().map(Lang::as_str);
                        self.unknown("unknown-key", &key.span(), key.get_ref(), known, |problem| {
                            problem.with("table", node.name.as_str())
                        });
                    } else if item.value.as_str().is_some_and(|written| written.trim().is_empty()) {
                        continue;
                    } else if let Some(written) = self.string(&item) {
                        text.set(Lang::new(key.get_ref()), written);
                    }
                }
            }
            _ => {
                self.wrong_type(node, "translated");
                return text;
            }
        }
        for lang in languages.iter().filter(|lang| text.get(lang).is_none()) {
            self.problem(
                Problem::warning("untranslated-text")
                    .variant("key")
                    .at(self.place(&node.span))
                    .with("what", node.name.as_str())
                    .with("language", lang.as_str()),
            );
        }
        text
    }
}

impl<'a> Keys<'a> {
    pub fn new(name: String, span: Range<usize>, table: &'a DeTable<'a>) -> Keys<'a> {
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
        Keys { name, span, entries, asked: RefCell::new(Vec::new()) }
    }

    pub fn dotted(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    pub fn take(&self, key: &'static str) -> Option<Node<'a>> {
        self.asked.borrow_mut().push(key);
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        entry.taken.set(true);
        Some(Node { name: self.dotted(key), value: entry.value, span: entry.span.clone() })
    }

    /// Every entry, for tables whose keys are the project's own: key, its span, value.
    pub fn all(&self) -> Vec<(&'a str, Range<usize>, Node<'a>)> {
        self.entries
            .iter()
            .map(|entry| {
                let node = Node { name: self.dotted(entry.key), value: entry.value, span: entry.span.clone() };
                (entry.key, entry.key_span.clone(), node)
            })
            .collect()
    }

    /// Says which keys nobody asked for.
    pub fn finish(self, page: &Page<'a>) {
        let asked = self.asked.borrow();
        page.asked.borrow_mut().entry(self.name.clone()).or_default().extend(asked.iter());
        for entry in self.entries.iter().filter(|entry| !entry.taken.get()) {
            page.unknown("unknown-key", &entry.key_span, entry.key, asked.iter().copied(), |problem| {
                problem.with("table", if self.name.is_empty() { PROJECT_FILE } else { self.name.as_str() })
            });
        }
    }
}

/// Whether a tag looks like a language of BCP 47: `mk`, `sr-Latn`.
pub fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
