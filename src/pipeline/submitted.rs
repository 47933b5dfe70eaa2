use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::CouldNotRun;
use crate::diagnostic::{Place, Problem, cell_name};
use crate::indicators::{self, Figures, Scope, standing_rows};
use crate::model::{Amount, IndicatorId, Period, Project, RowRef};
use crate::output::{Sent, Submission, SubmissionFault};

/// A figure that is not what a submitted report said, and the rows that made the difference.
#[derive(Clone, Debug)]
pub struct Difference {
    pub report: String,
    pub period: Period,
    pub indicator: IndicatorId,
    pub scope: Scope,
    pub old: Option<Amount>,
    pub new: Option<Amount>,
    /// Rows that count now and didn't then.
    pub added: Vec<RowRef>,
    /// What rows said that counted then and don't now (activity, person, day …).
    pub gone: Vec<String>,
}

/// Holds every submitted report against today's figures, in the order of periods, reports and indicators.
fn differences(project: &Project, figures: &Figures, submissions: &[Submission]) -> Vec<Difference> {
    submissions.iter().flat_map(|submission| of_submission(project, figures, submission)).collect()
}

fn of_submission(project: &Project, figures: &Figures, submission: &Submission) -> Vec<Difference> {
    let Some(today) = figures.periods.iter().find(|period| period.period.code == submission.period) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for id in project.logframe.indicator_ids() {
        let Some(sent) = submission.indicators.get(&project.logframe.indicator(id).code) else { continue };
        let figure = &today.figures[usize::from(id.0)];
        let changed: Vec<(Scope, Option<Amount>, Option<Amount>)> = [Scope::Period, Scope::Served, Scope::Cumulative]
            .into_iter()
            .map(|scope| (scope, sent_value(sent, scope), figure.value(scope)))
            .filter(|(_, old, new)| old != new)
            .collect();
        if changed.is_empty() {
            continue;
        }
        let rows = standing_rows(project, figures, id, &today.period);
        let added: Vec<RowRef> =
            rows.iter().filter(|(key, _)| !sent.rows.contains(*key)).map(|(_, row)| *row).collect();
        let gone: Vec<String> = sent.rows.iter().filter(|key| !rows.contains_key(*key)).cloned().collect();
        for (scope, old, new) in changed {
            found.push(Difference {
                report: submission.report.clone(),
                period: today.period.clone(),
                indicator: id,
                scope,
                old,
                new,
                added: added.clone(),
                gone: gone.clone(),
            });
        }
    }
    found
}

fn sent_value(sent: &Sent, scope: Scope) -> Option<Amount> {
    let value = match scope {
        Scope::Period => &sent.period,
        Scope::Served => &sent.served,
        Scope::Cumulative => &sent.cumulative,
    };
    value.as_ref().map(crate::output::SentAmount::amount)
}

/// Keeps the finished documents of a report in `home` (`build/<code>`) and what they stand on as submitted; gives
/// how many files.
///
/// # Errors
/// The disk's.
pub fn submit(folder: &Path, home: &Path, report: &str, period: &str) -> Result<usize, CouldNotRun> {
    let loaded = super::load(folder);
    let documents = documents_of(home, report, period);
    if let Some(project) = &loaded.checked.project {
        let figures = indicators::count(project);
        if let Some(submission) = submission(project, &figures, report, period) {
            let kept = Submission::folder(folder, period);
            submission.keep(folder, &documents).map_err(|error| CouldNotRun::Write { path: kept, error })?;
        }
    }
    Ok(documents.len())
}

/// What a report says today, to be kept as it is sent.
fn submission(project: &Project, figures: &Figures, report: &str, period: &str) -> Option<Submission> {
    let today = figures.periods.iter().find(|figures| figures.period.code == period)?;
    let settings = project.settings.reports.iter().find(|settings| settings.name == report)?;
    let mut submission = Submission::new(report, period);
    for id in project.logframe.indicator_ids() {
        let code = &project.logframe.indicator(id).code;
        if settings.indicators.as_ref().is_some_and(|shown| !shown.contains(code)) {
            continue;
        }
        let figure = &today.figures[usize::from(id.0)];
        let rows: BTreeSet<String> = standing_rows(project, figures, id, &today.period).into_keys().collect();
        submission.indicators.insert(
            code.clone(),
            Sent {
                period: figure.period.map(Into::into),
                served: figure.served.map(Into::into),
                cumulative: figure.cumulative.map(Into::into),
                rows,
            },
        );
    }
    Some(submission)
}

/// The differences as warnings, each at the first rows that caused it.
fn problems(project: &Project, differences: &[Difference], faults: &[SubmissionFault]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = faults
        .iter()
        .map(|fault| Problem::warning("submission-unreadable").at(Place::file(&fault.file)).with("why", &fault.why))
        .collect();
    for difference in differences {
        let indicator = project.logframe.indicator(difference.indicator);
        let cause = difference.added.first().copied().unwrap_or(indicator.row);
        let source = project.sources.get(cause.sheet);
        let mut problem = Problem::warning("restated")
            .at(Place::cell(&source.file, source.sheet.as_deref(), cause.row, 0))
            .with("report", &difference.report)
            .with("period", &difference.period.code)
            .with("indicator", &indicator.code)
            .with("scope", scope_code(difference.scope))
            .with("old", plain(difference.old))
            .with("new", plain(difference.new))
            .with("added", difference.added.len().to_string())
            .with("gone", difference.gone.len().to_string())
            .with("rows", rows_of(project, difference));
        problem.places.extend(difference.added.iter().skip(1).take(crate::diagnostic::PLACES_SHOWN - 1).map(|row| {
            let source = project.sources.get(row.sheet);
            Place::cell(&source.file, source.sheet.as_deref(), row.row, 0)
        }));
        problems.push(problem);
    }
    problems
}

/// `participants.xlsx:Присуства:B17; …` — the first rows that count now and didn't.
fn rows_of(project: &Project, difference: &Difference) -> String {
    let shown: Vec<String> = difference
        .added
        .iter()
        .take(crate::diagnostic::PLACES_SHOWN)
        .map(|row| {
            let source = project.sources.get(row.sheet);
            format!("{}:{}:{}", source.file, source.sheet.as_deref().unwrap_or_default(), cell_name(row.row, 0))
        })
        .chain(difference.gone.iter().take(crate::diagnostic::PLACES_SHOWN).map(|key| format!("−{key}")))
        .collect();
    shown.join("; ")
}

fn scope_code(scope: Scope) -> &'static str {
    match scope {
        Scope::Period => "period",
        Scope::Served => "served",
        Scope::Cumulative => "cumulative",
    }
}

/// A value for messages, without a language: `16–32`, `518`, `—`.
fn plain(amount: Option<Amount>) -> String {
    match amount {
        None => "—".to_owned(),
        Some(amount) if amount.is_interval() => format!("{}–{}", amount.from.normalize(), amount.to.normalize()),
        Some(amount) => amount.to.normalize().to_string(),
    }
}

/// The finished outputs of one report and period in `home` (`build/<code>`).
fn documents_of(home: &Path, report: &str, period: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(home.join(period)).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.strip_prefix(report).is_some_and(|rest| rest.starts_with('.'))
        })
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}

/// What submitted reports said and the data doesn't say any more, with the warnings that tell it.
pub struct RestatedFigures {
    pub differences: Vec<Difference>,
    pub problems: Vec<Problem>,
}

/// Holds everything that was submitted from `folder` against today's figures.
pub fn restated(folder: &Path, project: &Project, figures: &Figures) -> RestatedFigures {
    let (submissions, faults) = Submission::all(folder);
    let differences = differences(project, figures, &submissions);
    let problems = problems(project, &differences, &faults);
    RestatedFigures { differences, problems }
}
