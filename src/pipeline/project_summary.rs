//! The state of a project, in a line of a portfolio: its problems, its reports and its indicators by status.

use std::path::Path;

use jiff::civil::Date;

use super::check::check;
use super::load::Loaded;
use super::outcome::{BuildOptions, Extent};
use super::planned_units::plan_units;
use super::up_to_date::find_up_to_date;
use crate::diagnostic::{Problem, Severity, kinds};
use crate::indicators::{self, Status};
use crate::model::{Period, Project, Settings};
use crate::output::Submission;

/// A project of a portfolio as it is now.
pub struct ProjectSummary {
    /// `None` if project.toml can't be read.
    pub settings: Option<Settings>,
    /// The cells with errors: with any, nothing can be built.
    pub errors: usize,
    /// The cells with warnings.
    pub warnings: usize,
    /// Whether all outputs are those that a build would make now.
    pub up_to_date: bool,
    /// How many units of work it has.
    pub units: usize,
    /// How many reports were sent, each version counted.
    pub sent: usize,
    /// A sent report says something else than the data of today.
    pub restated: bool,
    /// The report that is to be sent next; `None` where every one was, and in a project with errors.
    pub next: Option<UnsentReport>,
    /// Its indicators by status; `None` in a project with errors, and where no period with a report has ended.
    pub standing: Option<Standing>,
}

/// The report that is to be sent next.
pub struct UnsentReport {
    /// Its name.
    pub report: String,
    /// The period that it is for.
    pub period: Period,
}

/// Indicators by status at the end of the last period for which there is a report.
pub struct Standing {
    /// Code of the period.
    pub period: String,
    /// Its last day.
    pub ends: Date,
    /// How many indicators have each status, in the order of [`Status::ALL`].
    pub by_status: [usize; Status::ALL.len()],
    /// How many have no status for want of data.
    pub no_data: usize,
}

impl ProjectSummary {
    /// Reads, checks and counts the project in `folder`, whose outputs are in `out`.
    pub fn read(folder: &Path, out: &Path) -> ProjectSummary {
        let Loaded { checked, problems, .. } = check(folder);
        let count = |severity| {
            let alike = problems.iter().filter(|problem| problem.severity == severity);
            alike.flat_map(Problem::each_cell).count()
        };
        let (submissions, _) = Submission::read_all(folder);
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let options = BuildOptions { extent: Extent::Whole, out: out.to_owned(), force: false, draft: false };
        let sound = checked.project.as_ref().filter(|_| errors == 0);
        ProjectSummary {
            up_to_date: sound.is_some() && find_up_to_date(folder, &options, 1).is_some(),
            units: checked.settings.as_ref().map_or(0, |settings| plan_units(settings).len()),
            sent: submissions.len(),
            restated: problems.iter().any(|problem| problem.code == kinds::Restated::CODE),
            next: sound.and_then(|project| find_next_unsent(project, &submissions)),
            standing: sound.and_then(Standing::find),
            settings: checked.settings,
            errors,
            warnings,
        }
    }
}

/// The first report to end of those that weren't sent.
pub fn find_next_unsent(project: &Project, submissions: &[Submission]) -> Option<UnsentReport> {
    let planned =
        project.settings.reports.iter().flat_map(|report| {
            report.periods.iter().chain(&report.not_ended).map(move |period| (&report.name, period))
        });
    let is_sent =
        |report: &str, period: &str| submissions.iter().any(|sent| sent.report == report && sent.period == period);
    let unsent = planned.filter(|(report, period)| !is_sent(report, period)).filter_map(|(report, code)| {
        Some(UnsentReport { report: report.clone(), period: project.logframe.period(code)?.clone() })
    });
    unsent.min_by(|a, b| a.period.end.cmp(&b.period.end))
}

impl Standing {
    fn find(project: &Project) -> Option<Standing> {
        let codes = project.settings.reports.iter().flat_map(|report| &report.periods);
        let last = codes.filter_map(|code| project.logframe.period(code)).max_by_key(|period| period.end)?;
        let counted = indicators::count(project);
        let figures = &counted.periods.iter().find(|figures| figures.period.code == last.code)?.figures;
        let has = |status: Option<Status>| figures.iter().filter(|figure| figure.status == status).count();
        Some(Standing {
            period: last.code.clone(),
            ends: last.end,
            by_status: Status::ALL.map(|status| has(Some(status))),
            no_data: has(None),
        })
    }
}
