//! Results, indicators, targets and reported values. Indicators are read as written first; what their `where`, `by` and
//! `calculation` mean is resolved once the columns of activities and persons are known.

mod indicators;
mod reported;
mod results;
mod targets;

pub use indicators::{IndicatorContext, WrittenIndicator, check_baselines, read_indicator};
pub use reported::{check_reported, read_reported};
pub use results::{ResultRows, read_result};
pub use targets::{TargetContext, check_targets, read_target};

use super::codes::{CodeId, CodeIndex};
use super::table::{Field, OnFault};
use crate::diagnostic::Problem;

/// The result that a cell names. `None` for a blank, and without a results table, where any code is accepted.
pub fn find_result(field: &mut Field, results: Option<&CodeIndex>) -> Option<CodeId> {
    let code = field.code(OnFault::BlankValue)?;
    find_known(field, &code, results?, OnFault::BlankValue, "unknown-result")
}

/// The code that a cell must name; a problem of kind `unknown` if it isn't known.
fn find_known(
    field: &mut Field,
    code: &str,
    known: &CodeIndex,
    on_fault: OnFault,
    unknown: &'static str,
) -> Option<CodeId> {
    let Some(found) = known.find(code) else {
        field.report(on_fault, with_nearest(Problem::error(unknown), code, known));
        return None;
    };
    if found.is_look_alike {
        field.warn_look_alike(code, known.text(found.id));
    }
    Some(found.id)
}

/// Completes a problem about an unknown code with the code, and the nearest one that is known.
pub fn with_nearest(problem: Problem, code: &str, known: &CodeIndex) -> Problem {
    let problem = problem.with("value", code).with("indicator", code);
    match known.nearest(code) {
        Some(near) => problem.variant("nearest").with("nearest", known.text(near)),
        None => problem,
    }
}
