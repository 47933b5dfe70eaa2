//! Earlier periods of which nobody knows any more what their reports showed.

use std::collections::BTreeSet;
use std::path::Path;

use super::planned_units::plan_units;
use crate::diagnostic::{Place, Problem, kinds};
use crate::folder::MEMORY_FOLDER;
use crate::model::Project;
use crate::output::Submission;

/// A warning that names the earlier periods with outputs in `home` that were neither submitted nor are remembered: later
/// reports can't be held against what those showed. None where there are no such periods.
pub(super) fn report_forgotten_periods(project: &Project, home: &Path, submissions: &[Submission]) -> Option<Problem> {
    // A draft isn't sent.
    if project.settings.draft {
        return None;
    }
    let stands = |outputs: &[String]| outputs.iter().any(|output| home.join(output).exists());
    let units = plan_units(&project.settings);
    let standing = units.iter().filter(|unit| stands(&unit.outputs)).filter_map(|unit| unit.name.split_once('/'));
    let standing: BTreeSet<&str> = standing.map(|(period, _)| period).collect();
    let reported = project.settings.reports.iter().flat_map(|report| &report.periods);
    let last_day = reported.filter_map(|code| project.logframe.period(code)).map(|period| period.end).max();
    let forgotten = project.logframe.periods.iter().filter(|period| {
        standing.contains(period.code.as_str())
            && Some(period.end) < last_day
            && !submissions.iter().any(|sent| sent.period == period.code)
    });
    let forgotten: Vec<&str> = forgotten.map(|period| period.code.as_str()).collect();
    (!forgotten.is_empty()).then(|| {
        Problem::warning(kinds::PeriodsForgotten { periods: forgotten.join(", ") }).at(Place::file(MEMORY_FOLDER))
    })
}
