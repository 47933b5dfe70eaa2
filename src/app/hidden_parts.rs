//! What a limit for small groups of persons would hide, before it is chosen.

use std::path::Path;

use serde::Serialize;

use super::reading::CountedProject;
use super::settings::read_source;
use crate::disclosure::{Released, ReleasedValue, Releases, release};
use crate::model::{Project, ReportSettings};

/// What a report would hide under another limit, beside what it hides now.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct HiddenView {
    report: String,
    now: PartCount,
    then: PartCount,
}

/// How many parts of breakdowns are shown and how many aren't, over a report's periods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct PartCount {
    shown: u64,
    hidden: u64,
    /// Axes of which nothing is shown.
    axes: u64,
}

/// What would be hidden if a report had this limit; of no report: if the whole project had, and with it each report that
/// sets none of its own.
pub(super) fn hidden_parts(
    counted: &CountedProject,
    folder: &Path,
    report: Option<&str>,
    limit: u32,
) -> Option<Vec<HiddenView>> {
    let changed_reports = match report {
        Some(name) => vec![name.to_owned()],
        None => reports_without_limit(folder)?,
    };
    let now = release(&counted.project, &counted.figures);
    let mut changed: Project = counted.project.clone();
    let reports = &mut changed.settings.reports;
    for report in reports.iter_mut().filter(|report| changed_reports.contains(&report.name)) {
        report.suppress_below = limit;
        report.limits_by_axis.clear();
    }
    let then = release(&changed, &counted.figures);
    let of_reports = counted.project.settings.reports.iter().zip(&changed.settings.reports);
    let views = of_reports.filter(|(report, _)| changed_reports.contains(&report.name)).map(|(report, other)| {
        let count = |releases: &Releases, report: &ReportSettings| {
            count_parts(releases.for_report(report), &counted.project, report)
        };
        HiddenView { report: report.name.clone(), now: count(&now, report), then: count(&then, other) }
    });
    Some(views.collect())
}

fn count_parts(released: &Released, project: &Project, report: &ReportSettings) -> PartCount {
    let mut count = PartCount::default();
    let periods = released.periods.iter().filter(|period| report.periods.contains(&period.period.code));
    for figures in periods.map(|period| &period.figures) {
        for (figure, indicator) in figures.iter().zip(&project.logframe.indicators) {
            if !report.shows(&indicator.code) {
                continue;
            }
            count.axes += figure.axes.iter().filter(|axis| axis.withheld).count() as u64;
            for part in figure.axes.iter().flat_map(|axis| &axis.parts) {
                let is_hidden = |value: &ReleasedValue| !matches!(value, ReleasedValue::Value(_));
                match [&part.period, &part.cumulative].into_iter().any(is_hidden) {
                    true => count.hidden += 1,
                    false => count.shown += 1,
                }
            }
        }
    }
    count
}

/// Names of the reports that have the project's limit.
fn reports_without_limit(folder: &Path) -> Option<Vec<String>> {
    let (source, _) = read_source(folder)?;
    let values = super::project_toml::read_values(&source).ok()?;
    let reports = values.get("reports")?.as_array()?;
    let inherit = reports.iter().filter(|report| report.get("suppress_below").is_none());
    Some(inherit.filter_map(|report| Some(report.get("name")?.as_str()?.to_owned())).collect())
}
