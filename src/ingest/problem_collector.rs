//! Collects problems. One that repeats in a column becomes one problem with all of its cells.

use std::collections::HashMap;

use crate::diagnostic::{Problem, Severity, Spot};

/// Problems with the same key are one: the same kind for the same reason, at the same severity, in the same column of a
/// sheet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct RepeatKey {
    code: &'static str,
    /// The wording, which says the reason. One with a suggestion is worded as one without.
    variant: Option<&'static str>,
    severity: Severity,
    file: String,
    sheet: Option<String>,
    column: u32,
}

/// Problems in the order of their first cells.
#[derive(Default)]
pub struct ProblemCollector {
    problems: Vec<Problem>,
    by_key: HashMap<RepeatKey, usize>,
    stops_all: bool,
}

impl ProblemCollector {
    /// Adds a problem, or counts it with an earlier one.
    pub fn add(&mut self, problem: Problem) {
        self.stops_all |= problem.stops_all();
        let Some(key) = repeat_key(&problem) else {
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
            return;
        };
        match self.by_key.get(&key) {
            // One cause may be found twice, such as a doubled heading for each language of a column.
            Some(&at) if is_same(&self.problems[at], &problem) => {}
            Some(&at) => self.problems[at].add_repeat(problem),
            None => {
                self.by_key.insert(key, self.problems.len());
                self.problems.push(problem);
            }
        }
    }

    /// Adds each of the problems.
    pub fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        problems.into_iter().for_each(|problem| self.add(problem));
    }

    /// Whether there is an error that stops every report.
    pub fn stops_all(&self) -> bool {
        self.stops_all
    }

    /// The problems in the order of their first cells.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}

/// Whether a problem says again at the same cell what the first of its group does.
fn is_same(first: &Problem, problem: &Problem) -> bool {
    first.places.first() == problem.places.first() && first.args == problem.args
}

/// The key of a problem at a cell; others don't repeat.
fn repeat_key(problem: &Problem) -> Option<RepeatKey> {
    let place = problem.places.first()?;
    match &place.spot {
        Spot::Cell { sheet, column, .. } => Some(RepeatKey {
            code: problem.code,
            variant: problem.variant.filter(|variant| *variant != "nearest"),
            severity: problem.severity,
            file: place.file.clone(),
            sheet: sheet.clone(),
            column: *column,
        }),
        Spot::File | Spot::Sheet { .. } | Spot::TableCell { .. } | Spot::Line { .. } => None,
    }
}
