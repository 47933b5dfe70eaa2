//! Problems are collected here, one after another; what repeats in a column is one problem with its number and first cells.

use std::collections::HashMap;

use crate::diagnostic::{PLACES_SHOWN, Problem, Severity, Spot};

/// What makes two problems one: the same kind, at the same severity, in the same column of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Column {
    code: &'static str,
    severity: Severity,
    file: String,
    sheet: Option<String>,
    column: u32,
}

/// Problems in the order in which their first cells were met.
#[derive(Default)]
pub struct Gather {
    problems: Vec<Problem>,
    by_column: HashMap<Column, usize>,
    errors: u64,
}

impl Gather {
    pub fn add(&mut self, problem: Problem) {
        if problem.severity == Severity::Error {
            self.errors += problem.count;
        }
        let Some(column) = column_of(&problem) else {
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
            return;
        };
        match self.by_column.get(&column) {
            Some(&at) => {
                let known = &mut self.problems[at];
                known.count += problem.count;
                let room = PLACES_SHOWN.saturating_sub(known.places.len());
                known.places.extend(problem.places.into_iter().take(room));
            }
            None => {
                self.by_column.insert(column, self.problems.len());
                self.problems.push(problem);
            }
        }
    }

    pub fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        problems.into_iter().for_each(|problem| self.add(problem));
    }

    /// How many errors there are so far, repeated ones counted each.
    pub fn errors(&self) -> u64 {
        self.errors
    }

    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}

fn column_of(problem: &Problem) -> Option<Column> {
    let place = problem.places.first()?;
    match &place.spot {
        Spot::Cell { sheet, column, .. } => Some(Column {
            code: problem.code,
            severity: problem.severity,
            file: place.file.clone(),
            sheet: sheet.clone(),
            column: *column,
        }),
        Spot::File | Spot::Sheet { .. } | Spot::Line { .. } => None,
    }
}
