//! Results, indicators, targets and reported values. Indicators are read as written first; what their `where`, `by` and
//! `calculation` mean is settled once the columns of activities and persons are known.

mod indicators;
mod reported;
mod results;
mod targets;

pub use indicators::{IndicatorGround, WrittenIndicator, check_baselines, read as read_indicator};
pub use reported::{check as check_reported, read as read_reported};
pub use results::{ResultRows, read as read_result};
pub use targets::{Ground, check as check_targets, read as read_target};

use super::codes::CodeBook;
use super::raw::RawRow;
use super::table::{Part, Role, TableRun};
use crate::diagnostic::Problem;

/// The number of the result that a cell names. Without a results table any code is taken, and none is known.
pub fn result_of(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    column: Option<u32>,
    results: Option<&CodeBook>,
) -> Option<u32> {
    let code = run.code(part, row, column, Role::Describing)?;
    let (results, column) = (results?, column?);
    match results.find(&code) {
        Some(found) => {
            if found.folded {
                run.looks_alike(part, row, column, &code, results.written(found.number));
            }
            Some(found.number)
        }
        None => {
            let problem = nearest_of(Problem::error("unknown-result"), &code, results);
            run.fault(part, row, column, Role::Describing, problem);
            None
        }
    }
}

/// A problem about a code that isn't known, with the nearest that is.
pub fn nearest_of(problem: Problem, code: &str, known: &CodeBook) -> Problem {
    let problem = problem.with("value", code).with("indicator", code);
    match known.nearest(code) {
        Some(near) => problem.variant("nearest").with("nearest", known.written(near)),
        None => problem,
    }
}
