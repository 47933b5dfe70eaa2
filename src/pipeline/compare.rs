use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::counted_columns::counted_columns;
use super::current_state::{CurrentState, released_indicators};
use super::recorded_rows::{SentRows, period_days};
use crate::disclosure;
use crate::indicators::Figures;
use crate::ingest;
use crate::model::{Calculation, Logframe, Project};
use crate::output::{
    FigureChange, SentenceChange, StateComparison, Submission, diff_figures, diff_sentences, read_built_figures,
    read_built_project,
};

/// What differs between two states of a project's reports.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Released figures.
    pub figures: Vec<FigureChange>,
    /// Sentences of the narrative.
    pub sentences: Vec<SentenceChange>,
    /// Codes of the indicators whose values are fractions, where that is known.
    pub fractions: BTreeSet<String>,
}

/// Codes of a project's ratios.
pub(super) fn fractions(project: &Project) -> BTreeSet<String> {
    ratios(&project.logframe)
}

fn ratios(logframe: &Logframe) -> BTreeSet<String> {
    let indicators = logframe.indicators.iter();
    let ratios = indicators.filter(|indicator| matches!(indicator.calculation, Calculation::Ratio(..)));
    ratios.map(|indicator| indicator.code.clone()).collect()
}

/// Compares the figures of two folders of outputs, the older first. Outputs hold neither rows nor which indicators are
/// ratios: that is known from a project with their code, if it is among `projects`.
///
/// # Errors
/// The folder that holds no figures.json.
pub fn compare_builds<'a>(old: &'a Path, new: &'a Path, projects: &[PathBuf]) -> Result<Comparison, &'a Path> {
    let read = |folder: &'a Path| Some(read_built_figures(folder)).filter(|read| !read.is_empty()).ok_or(folder);
    let figures = diff_figures(&read(old)?, &read(new)?);
    let has_decimals = figures.iter().any(|change| {
        let values = change.old.iter().chain(&change.new);
        !change.field.starts_with("progress") && values.into_iter().any(|value| value.contains('.'))
    });
    let fractions = if has_decimals { fractions_of(read_built_project(new), projects) } else { BTreeSet::new() };
    Ok(Comparison { figures, fractions, ..Comparison::default() })
}

/// The ratios of the project with a code.
fn fractions_of(code: Option<String>, projects: &[PathBuf]) -> BTreeSet<String> {
    let project = projects.iter().find(|folder| code.is_some() && ingest::code_of(folder) == code);
    let logframe = project.and_then(|folder| ingest::read(folder).logframe);
    logframe.map(|logframe| ratios(&logframe)).unwrap_or_default()
}

/// The figures that a build would now release otherwise than the last one, whose outputs are in `out`.
pub fn compare_built(project: &Project, figures: &Figures, out: &Path) -> Comparison {
    let built = read_built_figures(&out.join(&project.settings.code));
    if built.is_empty() {
        return Comparison::default();
    }
    let releases = disclosure::release(project, figures);
    let released = built.keys().filter_map(|document| {
        let (period, report) = document.split_once('/')?;
        Some((document.clone(), released_indicators(project, &releases, report, period)?))
    });
    let released = released.collect();
    Comparison { figures: diff_figures(&built, &released), fractions: fractions(project), sentences: Vec::new() }
}

/// Compares every submitted report, or those of this name and period, with today's data, and its versions with one
/// another; `None` if the data has errors.
pub fn compare_submitted(folder: &Path, report: Option<&str>, period: Option<&str>) -> Option<Comparison> {
    let current = CurrentState::read(folder)?;
    let mut comparison = Comparison { fractions: fractions(&current.project), ..Comparison::default() };
    let (mut submissions, _) = Submission::read_all(folder);
    submissions
        .retain(|sent| report.is_none_or(|name| sent.report == name) && period.is_none_or(|code| sent.period == code));
    let rows = SentRows::new(folder, &current.project, &current.figures);
    let follows = |sent: &Submission, next: &Submission| (&next.report, &next.period) == (&sent.report, &sent.period);
    for (at, submission) in submissions.iter().enumerate() {
        if let Some(next) = submissions.get(at + 1).filter(|next| follows(submission, next)) {
            compare_versions(folder, &rows, &current, submission, next, &mut comparison);
            continue;
        }
        let document = format!("{}/{}", submission.period, submission.report);
        let released = current.released_indicators(&submission.report, &submission.period);
        comparison.figures.extend(changes_since(folder, &rows, &current.project, submission, released));
        if let Some(sentences) = &submission.sentences {
            let sent = single(&document, sentences.clone());
            let written = single(&document, current.sentences(&submission.report, &submission.period));
            comparison.sentences.extend(diff_sentences(&sent, &written));
        }
    }
    Some(comparison)
}

/// Adds what one version of a report says otherwise than the one before it.
fn compare_versions(
    folder: &Path,
    rows: &SentRows,
    current: &CurrentState,
    old: &Submission,
    new: &Submission,
    comparison: &mut Comparison,
) {
    let document = format!("{}/{} {}→{}", old.period, old.report, old.version, new.version);
    if let (Some(before), Some(after)) = (old.figures(folder), new.figures(folder)) {
        let mut figures = diff_figures(&single(&document, before), &single(&document, after));
        let days = period_days(&current.project).remove(&old.period);
        if let (Some(old), Some(new), Some(days)) = (rows.read(old), rows.read(new), days) {
            let compared = StateComparison::between(&old, &new);
            compared.iter().for_each(|compared| explain_changes(&mut figures, compared, &current.project, &days));
        }
        comparison.figures.extend(figures);
    }
    if let (Some(before), Some(after)) = (&old.sentences, &new.sentences) {
        comparison
            .sentences
            .extend(diff_sentences(&single(&document, before.clone()), &single(&document, after.clone())));
    }
}

/// How the indicators of a report's figures.json differ from those that were sent, with the rows that caused it.
pub(super) fn changes_since(
    folder: &Path,
    rows: &SentRows,
    project: &Project,
    submission: &Submission,
    released: Option<Value>,
) -> Vec<FigureChange> {
    let document = format!("{}/{}", submission.period, submission.report);
    let (Some(sent), Some(released)) = (submission.figures(folder), released) else { return Vec::new() };
    let mut figures = diff_figures(&single(&document, sent), &single(&document, released));
    add_rows(&mut figures, rows, project, submission);
    figures
}

fn single<T>(document: &str, content: T) -> BTreeMap<String, T> {
    BTreeMap::from([(document.to_owned(), content)])
}

/// Adds to changes the rows that caused them, if they were kept with the submission.
fn add_rows(changes: &mut [FigureChange], rows: &SentRows, project: &Project, submission: &Submission) {
    let days = period_days(project).remove(&submission.period);
    let (Some(sent), Some(days)) = (rows.read(submission), days) else { return };
    let compared = rows.compare(&sent);
    compared.iter().for_each(|compared| explain_changes(changes, compared, project, &days));
}

/// Adds to the changes of one document the rows and cells that caused them.
fn explain_changes(
    changes: &mut [FigureChange],
    compared: &StateComparison,
    project: &Project,
    days: &(String, String),
) {
    for of_indicator in changes.chunk_by_mut(|one, next| one.indicator == next.indicator) {
        let code = &of_indicator[0].indicator;
        let mut ids = project.logframe.indicator_ids();
        let id = ids.find(|id| project.logframe.indicator(*id).code == *code);
        let columns = id.map(|id| counted_columns(project, id)).unwrap_or_default();
        let Some(states) = compared.rows_of(code, columns) else { continue };
        for change in of_indicator {
            change.rows = states.changes_behind(&change.field, days);
        }
    }
}
