//! What a build is to make, and how it ended.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;

use super::forms::FormNote;
use crate::diagnostic::{Problem, kinds, nearest};
use crate::folder::shown_path;
use crate::output::{FigureChange, LockError, StageError};

/// The program's version with a hash of all that it was built from: another program makes every document again.
pub(super) const PROGRAM: &str = concat!(env!("CARGO_PKG_VERSION"), "-", env!("DONOR_REPORT_FINGERPRINT"));

/// What to build and where to.
pub struct BuildOptions {
    /// How much of the project.
    pub extent: Extent,
    /// The folder that holds one folder per project code.
    pub out: PathBuf,
    /// Make even what is up to date.
    pub force: bool,
    /// Make what can be made, marked as a draft: faulty rows and sections are left out.
    pub draft: bool,
}

/// How much of a project is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All reports and the file for IATI.
    Whole,
    /// Some reports.
    Reports {
        /// Only the report of this name.
        report: Option<String>,
        /// Only for the period of this code.
        period: Option<String>,
    },
    /// The file for IATI alone.
    Iati,
}

impl Extent {
    /// Whether the file for IATI is built.
    pub(super) fn has_iati(&self) -> bool {
        matches!(self, Extent::Whole | Extent::Iati)
    }
}

/// Receives the progress of a build, from whichever thread makes it.
pub trait BuildProgress: Sync {
    /// Another build holds the project's outputs.
    fn waiting_for_lock(&self) {}
    /// One more output was made, or found up to date.
    fn output_done(&self) {}
}

/// How a project's build ended. With an error of the project as a whole nothing was written.
pub struct Built {
    /// The project's code; empty if it couldn't be read.
    pub code: String,
    /// Everything that was found.
    pub problems: Vec<Problem>,
    /// Outputs written, relative to `<out>/<code>`.
    pub written: Vec<String>,
    /// Those of them that hold rows of persons.
    pub with_persons: BTreeSet<String>,
    /// What was done to donors' own forms.
    pub forms: Vec<FormNote>,
    /// How many outputs were up to date.
    pub kept: usize,
    /// Records of an earlier version that were removed from among the outputs, relative to `<out>/<code>`.
    pub removed: Vec<String>,
    /// Outputs of reports that became restricted, removed from where everybody's lie.
    pub withdrawn: Vec<String>,
    /// Figures that aren't what the last build released.
    pub changes: Vec<FigureChange>,
    /// Codes of the indicators whose values are fractions.
    pub fractions: BTreeSet<String>,
    /// What was requested and not made because of errors of its own, as `<period>/<report>`, while others were.
    pub left_out: Vec<String>,
}

impl Built {
    pub(super) fn new(code: &str, problems: Vec<Problem>) -> Built {
        Built {
            code: code.to_owned(),
            problems,
            written: Vec::new(),
            with_persons: BTreeSet::new(),
            forms: Vec::new(),
            kept: 0,
            removed: Vec::new(),
            withdrawn: Vec::new(),
            changes: Vec::new(),
            fractions: BTreeSet::new(),
            left_out: Vec::new(),
        }
    }

    /// Whether any problem is an error.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }

    /// Whether an error kept every report from being made.
    pub fn is_stopped(&self) -> bool {
        self.problems.iter().any(Problem::stops_all)
    }
}

/// Why a build couldn't be tried, or not finished.
#[derive(Debug)]
pub enum BuildError {
    /// A file can't be written.
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
    /// The machine's clock is so wrong that annexes can't be written.
    ClockBefore1970,
    /// There is no report of the requested name.
    NoSuchReport {
        /// The name.
        report: String,
        /// The reports that there are.
        known: Vec<String>,
    },
    /// No report that was requested has the requested period.
    NoSuchPeriod {
        /// The code.
        period: String,
        /// The periods that there are.
        known: Vec<String>,
    },
}

impl BuildError {
    /// The same as a problem without a place.
    pub fn to_problem(&self) -> Problem {
        match self {
            BuildError::Write { path, error } => {
                Problem::error(kinds::CannotWrite::Plain { file: shown_path(path), why: error.to_string() })
            }
            BuildError::ClockBefore1970 => Problem::error(kinds::ClockBefore1970),
            BuildError::NoSuchReport { report, known } => {
                let nearest = nearest(report, known.iter().map(String::as_str)).map(str::to_owned);
                Problem::error(kinds::NoSuchReport { report: report.clone(), known: known.join(", "), nearest })
            }
            BuildError::NoSuchPeriod { period, known } => {
                let same = known.iter().find(|known| words_of(known) == words_of(period)).map(String::as_str);
                let nearest = same.or_else(|| nearest(period, known.iter().map(String::as_str))).map(str::to_owned);
                Problem::error(kinds::PeriodNotReported { period: period.clone(), known: known.join(", "), nearest })
            }
        }
    }
}

impl From<StageError> for BuildError {
    fn from(error: StageError) -> BuildError {
        BuildError::Write { path: error.path, error: error.error }
    }
}

impl From<LockError> for BuildError {
    fn from(error: LockError) -> BuildError {
        BuildError::Write { path: error.path, error: error.error }
    }
}

/// The words of a period's code, in whatever order: `Q1 2025` is `2025-Q1`.
fn words_of(code: &str) -> BTreeSet<String> {
    code.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_uppercase).collect()
}

/// The argument that names the periods in which prose has a problem.
const PERIODS: &str = "periods";

/// Adds problems that aren't there yet: prose that serves several periods is checked for each of them. One that is there
/// is about the reports of both, and names the periods of both.
pub(super) fn add_new(problems: &mut Vec<Problem>, found: Vec<Problem>) {
    for problem in found {
        let is_same = |other: &&mut Problem| {
            (other.code, other.severity, &other.places) == (problem.code, problem.severity, &problem.places)
                && Problem { reports: problem.reports.clone(), args: args_but_periods(other), ..(**other).clone() }
                    == Problem { args: args_but_periods(&problem), ..problem.clone() }
        };
        let Some(known) = problems.iter_mut().find(is_same) else {
            problems.push(problem);
            continue;
        };
        if let (Some(known), Some(more)) = (known.args.get_mut(PERIODS), problem.args.get(PERIODS))
            && !known.split(", ").any(|period| period == more)
        {
            *known = format!("{known}, {more}");
        }
        known.reports = match (known.reports.take(), problem.reports) {
            (Some(mut reports), Some(more)) => {
                reports.extend(more);
                reports.sort();
                reports.dedup();
                Some(reports)
            }
            _ => None,
        };
    }
}

fn args_but_periods(problem: &Problem) -> BTreeMap<&'static str, String> {
    problem.args.iter().filter(|(name, _)| **name != PERIODS).map(|(name, value)| (*name, value.clone())).collect()
}
