//! Problems in data and prose: where, what, why, remedy. Below every stage; knows no other room.
//!
//! A problem is a code with arguments and a place. Its sentences stand in `templates/messages/*.toml`,
//! in every language of messages, so that no sentence lives in Rust and ERRORS.md can't drift.

mod catalogue;
mod place;
mod print;

pub use catalogue::{Catalogue, Sentences};
pub use place::{Place, Spot, cell_name, column_name};
pub use print::{print_problem, print_problems};

use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    pub fn code(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// How many first places of a repeated problem are kept and shown.
pub const PLACES_SHOWN: usize = 5;

/// One problem, or one kind of problem that repeats in a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Stable word, listed in ERRORS.md (`unknown-person`).
    pub code: &'static str,
    /// Which wording of the code's message, where it has several.
    pub variant: Option<&'static str>,
    pub severity: Severity,
    /// The first places, up to [`PLACES_SHOWN`] of them.
    pub places: Vec<Place>,
    /// How many there are.
    pub count: u64,
    /// Fill the `{braces}` of the sentences.
    pub args: BTreeMap<&'static str, String>,
    /// Key columns and the faulty cell of the row, names as `…`; with the index of the faulty one.
    pub excerpt: Option<Excerpt>,
}

/// `activity A-031 | person U-0412`, the second marked.
#[derive(Clone, Debug, PartialEq)]
pub struct Excerpt {
    pub cells: Vec<(String, String)>,
    pub faulty: Option<usize>,
}

impl Problem {
    pub fn new(severity: Severity, code: &'static str) -> Problem {
        Problem { code, variant: None, severity, places: Vec::new(), count: 1, args: BTreeMap::new(), excerpt: None }
    }

    pub fn error(code: &'static str) -> Problem {
        Problem::new(Severity::Error, code)
    }

    pub fn warning(code: &'static str) -> Problem {
        Problem::new(Severity::Warning, code)
    }

    pub fn note(code: &'static str) -> Problem {
        Problem::new(Severity::Note, code)
    }

    pub fn at(mut self, place: Place) -> Problem {
        self.places.push(place);
        self
    }

    pub fn variant(mut self, variant: &'static str) -> Problem {
        self.variant = Some(variant);
        self
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Problem {
        self.args.insert(name, value.into());
        self
    }

    pub fn excerpt(mut self, cells: Vec<(String, String)>, faulty: Option<usize>) -> Problem {
        self.excerpt = Some(Excerpt { cells, faulty });
        self
    }
}

/// The nearest of `known` to what was written, within a third of its length: for "did you mean".
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = written.to_lowercase();
    let limit = (written.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&written, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
