use std::path::{Path, PathBuf};

use super::CouldNotRun;
use super::compare::Today;
use super::evidence::{row_at, rows_under};
use crate::diagnostic::{Place, Problem};
use crate::indicators::{Figures, Scope, StandingRow};
use crate::model::{Amount, IndicatorId, Period, Project};
use crate::output::{MarkedRow, RowAt, RowChanges, Sent, SentRow, Submission, SubmissionFault, rows_behind};

/// A figure that is not what a submitted report said, and the rows that made the difference.
#[derive(Clone, Debug)]
pub struct Difference {
    pub report: String,
    pub period: Period,
    pub indicator: IndicatorId,
    pub scope: Scope,
    pub old: Option<Amount>,
    pub new: Option<Amount>,
    pub rows: RowChanges,
}

/// Holds every submitted report against today's figures, in the order of periods, reports and indicators.
fn differences(project: &Project, figures: &Figures, submissions: &[Submission]) -> Vec<Difference> {
    submissions.iter().flat_map(|submission| of_submission(project, figures, submission)).collect()
}

fn of_submission(project: &Project, figures: &Figures, submission: &Submission) -> Vec<Difference> {
    let Some(today) = figures.periods.iter().find(|period| period.period.code == submission.period) else {
        return Vec::new();
    };
    let days = (today.period.start.to_string(), today.period.end.to_string());
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
        let rows = rows_of(sent, project, figures, id);
        for (scope, old, new) in changed {
            let field = format!("actual.{}", scope_code(scope));
            let rows = rows.as_ref().map(|(then, now)| rows_behind(&field, &days, then, now, true));
            found.push(Difference {
                report: submission.report.clone(),
                period: today.period.clone(),
                indicator: id,
                scope,
                old,
                new,
                rows: rows.unwrap_or_default(),
            });
        }
    }
    found
}

/// The rows under an indicator as they were sent and as they are, where both are kept.
pub(super) fn rows_of(
    sent: &Sent,
    project: &Project,
    figures: &Figures,
    id: IndicatorId,
) -> Option<(Vec<MarkedRow>, Vec<MarkedRow>)> {
    let then = sent.rows.as_ref()?.iter().map(SentRow::marked).collect();
    let now = rows_under(project, figures, id)?.iter().map(|row| sent_row(project, row).marked()).collect();
    Some((then, now))
}

fn sent_row(project: &Project, row: &StandingRow) -> SentRow {
    let RowAt { place, row: number } = row_at(project, row.row);
    SentRow { says: row.says.clone(), place, row: number, day: row.day.to_string(), later: row.is_later }
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
    let documents = documents_of(home, report, period);
    if let Some(today) = Today::read(folder)
        && let Some(submission) = submission(&today, report, period)
    {
        let kept = Submission::folder(folder, period);
        submission.keep(folder, &documents).map_err(|error| CouldNotRun::Write { path: kept, error })?;
    }
    Ok(documents.len())
}

/// What a report says today, to be kept as it is sent.
fn submission(today: &Today, report: &str, period: &str) -> Option<Submission> {
    let project = &today.project;
    let figures = &today.figures;
    let of_period = figures.periods.iter().find(|figures| figures.period.code == period)?;
    let settings = project.settings.reports.iter().find(|settings| settings.name == report)?;
    let mut submission = Submission::new(report, period);
    for id in project.logframe.indicator_ids() {
        let code = &project.logframe.indicator(id).code;
        if settings.indicators.as_ref().is_some_and(|shown| !shown.contains(code)) {
            continue;
        }
        let figure = &of_period.figures[usize::from(id.0)];
        let until = |row: &&StandingRow| row.day <= of_period.period.end;
        let kept = rows_under(project, figures, id);
        let rows = kept.map(|rows| rows.iter().filter(until).map(|row| sent_row(project, row)).collect());
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
    submission.sentences = today.sentences(report, period);
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
        let mut problem = Problem::warning("restated")
            .with("report", &difference.report)
            .with("period", &difference.period.code)
            .with("indicator", &indicator.code)
            .with("scope", scope_code(difference.scope))
            .with("old", plain(difference.old))
            .with("new", plain(difference.new));
        let rows = &difference.rows;
        let counts = [("added", &rows.added), ("changed", &rows.changed), ("gone", &rows.gone)];
        for (kind, rows) in counts {
            problem = problem.with(kind, rows.len().to_string());
        }
        // What is gone stands nowhere any more; its place is told as it was.
        problem = problem.with("was", first_places(&rows.gone));
        if !rows.is_empty() {
            problem = problem.variant(if rows.gone.is_empty() { "rows" } else { "gone" });
        }
        let here = rows.added.iter().chain(&rows.changed).take(crate::diagnostic::PLACES_SHOWN);
        problem.places = here.map(place_of).collect();
        problem.count = ((rows.added.len() + rows.changed.len()) as u64).max(1);
        if problem.places.is_empty() {
            let source = project.sources.get(indicator.row.sheet);
            problem = problem.at(Place::cell(&source.file, source.sheet.as_deref(), indicator.row.row, 0));
        }
        problems.push(problem);
    }
    problems
}

fn place_of(row: &RowAt) -> Place {
    match row.place.split_once(':') {
        Some((file, sheet)) => Place::cell(file, Some(sheet), row.row, 0),
        None => Place::cell(&row.place, None, row.row, 0),
    }
}

/// `participants.xlsx:Присуства:17; …` — the first of some rows.
fn first_places(rows: &[RowAt]) -> String {
    let shown = rows.iter().take(crate::diagnostic::PLACES_SHOWN);
    let shown: Vec<String> = shown.map(|at| format!("{}:{}", at.place, at.row)).collect();
    let more = if rows.len() > shown.len() { "; …" } else { "" };
    format!("{}{more}", shown.join("; "))
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
