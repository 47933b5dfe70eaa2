//! Results, indicators, targets and reported values. Indicators are read as written first; what their `where`, `by` and
//! `calculation` mean is resolved once the columns of activities and persons are known.

mod indicators;
mod merged;
mod number_unit;
mod reported;
mod results;
mod targets;

pub use indicators::{IndicatorContext, WrittenIndicator, check_baselines, read_indicator};
pub use number_unit::NumberUnit;
pub use reported::{check_reported, read_reported};
pub use results::{ResultRows, read_result};
pub use targets::{TargetContext, check_targets, read_target};

use super::codes::{CodeId, CodeIndex};
use super::table::{Field, OnFault};
use crate::diagnostic::{ProblemKind, kinds};
use crate::model::Settings;
use jiff::civil::Date;

/// The result that a cell names. `None` for a blank, and without a results table, where any code is accepted.
pub fn find_result(field: &mut Field, results: Option<&CodeIndex>) -> Option<CodeId> {
    let code = field.code(OnFault::BlankValue)?;
    find_known(field, &code, results?, OnFault::BlankValue, |value, nearest| kinds::UnknownResult { value, nearest })
}

/// The code that a cell must name. If it isn't known, `unknown` makes a problem of it and the nearest code that is.
fn find_known<K: Into<ProblemKind>>(
    field: &mut Field,
    code: &str,
    known: &CodeIndex,
    on_fault: OnFault,
    unknown: impl FnOnce(String, Option<String>) -> K,
) -> Option<CodeId> {
    let Some(found) = known.find(code) else {
        field.report(on_fault, unknown(code.to_owned(), known.suggestion(code)));
        return None;
    };
    if found.is_look_alike {
        field.warn_look_alike(code, known.text(found.id));
    }
    Some(found.id)
}

/// The kind of problem of a day outside the project.
pub fn date_outside_project(day: Date, settings: &Settings) -> kinds::DateOutsideProject {
    let (start, end) = (settings.start.to_string(), settings.end.to_string());
    kinds::DateOutsideProject::Plain { value: day.to_string(), start, end }
}
