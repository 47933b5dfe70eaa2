//! A report that was sent, against what its project gives today.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::compare::fractions;
use super::current_state::CurrentState;
use crate::output::{FigureChange, diff_figures};
use crate::proof::CarriedReport;

/// What a project gives today in place of a report's figures.
pub enum InputsOutcome {
    /// The same.
    Same,
    /// Other figures: old ones are the report's, new ones today's.
    Changed {
        /// Those that differ.
        figures: Vec<FigureChange>,
        /// Codes of the indicators whose values are fractions.
        fractions: BTreeSet<String>,
    },
    /// It is another project, or has no such report or period any more.
    NoSuchReport,
}

/// Holds the figures that a report carries against those of today; `None` if the project has errors.
pub fn compare_inputs(folder: &Path, carried: &CarriedReport) -> Option<InputsOutcome> {
    let current = CurrentState::read(folder)?;
    let (report, period) = (carried.text_at("/report"), carried.text_at("/period/code"));
    let today = current
        .released_indicators(report, period)
        .filter(|_| current.project.settings.code == carried.text_at("/project"));
    let Some(today) = today else { return Some(InputsOutcome::NoSuchReport) };
    let then = carried.value.get("indicators").cloned().unwrap_or_default();
    let figures = diff_figures(&by_period(then, report, period), &by_period(today, report, period));
    let fractions = fractions(&current.project);
    Some(if figures.is_empty() { InputsOutcome::Same } else { InputsOutcome::Changed { figures, fractions } })
}

/// The indicators of a figures.json, and those of each period beside its own: `<period>/<report>` → indicators.
fn by_period(indicators: Value, report: &str, period: &str) -> BTreeMap<String, Value> {
    let mut beside: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for indicator in indicators.as_array().into_iter().flatten() {
        for other in indicator.get("periods").and_then(Value::as_array).into_iter().flatten() {
            let code = other.get("code").and_then(Value::as_str).unwrap_or_default();
            let mut figures = other.clone();
            figures["code"] = indicator.get("code").cloned().unwrap_or_default();
            beside.entry(format!("{code}/{report}")).or_default().push(figures);
        }
    }
    let mut documents: BTreeMap<String, Value> =
        beside.into_iter().map(|(name, figures)| (name, Value::Array(figures))).collect();
    documents.insert(format!("{period}/{report}"), indicators);
    documents
}
