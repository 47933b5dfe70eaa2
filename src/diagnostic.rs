//! Problems in data and prose: where, what, why, remedy. Below every stage.
//!
//! A problem is a kind with arguments, and a place. Its sentences are in `templates/messages/*.toml`, in every language
//! of messages, so that no sentence is in Rust and ERRORS.md can't drift. The build script makes one type per code of
//! them (`codegen/types.rs`), so that a wrong code, variant or placeholder doesn't compile:
//!
//! ```ignore
//! // [unknown-key] has `{value}`, `{table}`, and a variant `nearest` that adds `{nearest}`: a struct.
//! Problem::error(kinds::UnknownKey { value: text.into(), table: name.into(), nearest: near.map(str::to_owned) })
//!     .at(place)
//! // [wrong-type] with other variants: an enum. The message without a variant is `Plain`.
//! Problem::error(kinds::WrongType::Date { key: key.into() })
//! // [project-without-end] without placeholders: a unit struct.
//! Problem::warning(kinds::ProjectWithoutEnd)
//! ```
//!
//! - `{count}` is no field: it is the problem's own count.
//! - `{old:number}` and `{day:date}` are written as the language of messages does, from a plain number or an ISO date;
//!   `{status:status}` is the phrase `status-off-track` for the argument `off_track`, so that no code is printed where a
//!   word is meant.
//! - `group` is said of several like problems in place of the first one's sentence.
//! - A function that is given a kind by its caller takes `impl Into<ProblemKind>`, or `impl FnOnce(String) -> K` where
//!   it has an argument to add.
//! - To compare codes: `problem.code == kinds::WrongType::CODE`.
//! - [`phrases`] has a type for each code of `templates/messages/phrases/`, for [`Catalogue::phrase`].

#![warn(missing_docs)]

mod catalogue;
mod message;
mod nearest;
mod number_argument;
mod place;
mod placeholders;
mod print;
mod repeat;

/// Every kind of problem: one type per code of `templates/messages/*.toml`.
pub mod kinds {
    include!(concat!(env!("OUT_DIR"), "/problem_kinds.rs"));
}

/// What else commands say: one type per code of `templates/messages/phrases/*.toml`.
pub mod phrases {
    include!(concat!(env!("OUT_DIR"), "/phrases.rs"));
}

pub use catalogue::{Catalogue, Sentences};
pub use message::{Phrase, ProblemKind};
pub use nearest::{first_names, nearest, renamed_to};
pub use number_argument::{number_argument, tell_apart};
pub use place::{Place, Spot, cell_name, column_name};
pub use placeholders::fill_placeholders;
pub use print::{CellListing, print_problem, print_problems};
pub use repeat::Repeat;

use std::collections::BTreeMap;

use message::Message;

/// How bad a problem is, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Stops reports.
    Error,
    /// May make a report wrong.
    Warning,
    /// For information.
    Note,
}

impl Severity {
    /// Its word in machine-readable output (`error`).
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
    /// How bad it is.
    pub severity: Severity,
    /// The first places, up to [`PLACES_SHOWN`] of them.
    pub places: Vec<Place>,
    /// How many there are.
    pub count: u64,
    /// The cells of a group of like problems besides the first.
    pub repeats: Vec<Repeat>,
    /// Fill the `{braces}` of the sentences.
    pub args: BTreeMap<&'static str, String>,
    /// Key columns and the faulty cell of the row, names as `…`; with the index of the faulty one.
    pub excerpt: Option<Excerpt>,
    /// What it is about alone: reports (`final`) or single periods of one (`2017-Q1/final`), none where a report has no
    /// name. `None`: the project as a whole.
    pub reports: Option<Vec<String>>,
}

/// `activity A-031 | person U-0412`, the second marked.
#[derive(Clone, Debug, PartialEq)]
pub struct Excerpt {
    /// Heading and content.
    pub cells: Vec<(String, String)>,
    /// Index of the one that is marked.
    pub faulty: Option<usize>,
    /// What may be shown of the sheet's other rows, where that is known.
    pub shown: Option<ShownOfSheet>,
}

/// What may be shown of any row of a sheet: nothing personal is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShownOfSheet {
    /// The row of headings, from 1.
    pub heading_row: Option<u32>,
    /// Columns of codes, from 0.
    pub key_columns: Vec<u32>,
}

impl Problem {
    /// A problem without a place.
    pub fn new(severity: Severity, kind: impl Into<ProblemKind>) -> Problem {
        let ProblemKind(Message { code, variant, args }) = kind.into();
        Problem {
            code,
            variant,
            severity,
            places: Vec::new(),
            count: 1,
            repeats: Vec::new(),
            args,
            excerpt: None,
            reports: None,
        }
    }

    /// An error without a place.
    pub fn error(kind: impl Into<ProblemKind>) -> Problem {
        Problem::new(Severity::Error, kind)
    }

    /// A warning without a place.
    pub fn warning(kind: impl Into<ProblemKind>) -> Problem {
        Problem::new(Severity::Warning, kind)
    }

    /// A note without a place.
    pub fn note(kind: impl Into<ProblemKind>) -> Problem {
        Problem::new(Severity::Note, kind)
    }

    /// Adds a place.
    pub fn at(mut self, place: Place) -> Problem {
        self.places.push(place);
        self
    }

    /// Says what it is about alone; see [`Problem::reports`].
    pub fn about(mut self, reports: impl IntoIterator<Item = String>) -> Problem {
        self.reports = Some(reports.into_iter().collect());
        self
    }

    /// Whether its first place is in a folder (`narrative/`).
    pub fn is_in(&self, folder: &str) -> bool {
        self.places.first().is_some_and(|place| place.file.starts_with(folder))
    }

    /// Whether it stops anything.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Whether it stops every report.
    pub fn stops_all(&self) -> bool {
        self.is_error() && self.reports.is_none()
    }

    /// Whether it stops a report's documents for a period.
    pub fn stops(&self, report: &str, period: &str) -> bool {
        self.is_error() && self.is_about(report, period)
    }

    /// Whether a report's documents for a period have to do with it.
    pub fn is_about(&self, report: &str, period: &str) -> bool {
        let is_it = |name: &String| match name.split_once('/') {
            Some((code, name)) => code == period && name == report,
            None => name == report,
        };
        self.reports.as_ref().is_none_or(|reports| reports.iter().any(is_it))
    }

    /// Shows the row's cells, and which of them is faulty.
    pub fn excerpt(mut self, cells: Vec<(String, String)>, faulty: Option<usize>) -> Problem {
        self.excerpt = Some(Excerpt { cells, faulty, shown: None });
        self
    }

    /// Says of the excerpt what may be shown beside it.
    pub fn beside(mut self, shown: ShownOfSheet) -> Problem {
        if let Some(excerpt) = &mut self.excerpt {
            excerpt.shown = Some(shown);
        }
        self
    }
}
