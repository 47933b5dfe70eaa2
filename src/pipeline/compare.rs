use std::collections::BTreeMap;
use std::path::Path;

use super::current_state::CurrentState;
use super::recorded_rows::{compare_with_sent, period_days};
use crate::output::{
    EvidenceFile, FigureChange, Record, RowStates, SentIndicator, SentenceChange, Submission, add_row_changes,
    diff_figures, diff_sentences,
};

/// What differs between two states of a project's reports.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Released figures.
    pub figures: Vec<FigureChange>,
    /// Sentences of the narrative.
    pub sentences: Vec<SentenceChange>,
}

/// Compares two folders of outputs, the older first.
///
/// # Errors
/// The folder whose record can't be read.
pub fn compare_builds<'a>(old: &'a Path, new: &'a Path) -> Result<Comparison, &'a Path> {
    let (old_record, new_record) = (Record::read(old).ok_or(old)?, Record::read(new).ok_or(new)?);
    let (old_evidence, new_evidence) = (EvidenceFile::read(old), EvidenceFile::read(new));
    let mut figures = diff_figures(&old_record.figures, &new_record.figures);
    add_row_changes(&mut figures, (&old_record, &old_evidence), (&new_record, &new_evidence));
    Ok(Comparison { figures, sentences: diff_sentences(&old_evidence.sentences, &new_evidence.sentences) })
}

/// Compares every submitted report, or those of this name and period, with today's data, and its versions with one
/// another; `None` if the data has errors.
pub fn compare_submitted(folder: &Path, report: Option<&str>, period: Option<&str>) -> Option<Comparison> {
    let current = CurrentState::read(folder)?;
    let mut comparison = Comparison::default();
    let (mut submissions, _) = Submission::read_all(folder);
    submissions
        .retain(|sent| report.is_none_or(|name| sent.report == name) && period.is_none_or(|code| sent.period == code));
    let follows = |sent: &Submission, next: &Submission| (&next.report, &next.period) == (&sent.report, &sent.period);
    for (at, submission) in submissions.iter().enumerate() {
        if let Some(next) = submissions.get(at + 1).filter(|next| follows(submission, next)) {
            compare_versions(folder, &current, submission, next, &mut comparison);
            continue;
        }
        let document = format!("{}/{}", submission.period, submission.report);
        let released = current.released_indicators(&submission.report, &submission.period);
        if let (Some(sent), Some(released)) = (submission.figures(folder), released) {
            let mut figures = diff_figures(&single(&document, sent), &single(&document, released));
            figures.iter_mut().for_each(|change| add_rows(change, &current, submission));
            comparison.figures.extend(figures);
        }
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
    current: &CurrentState,
    old: &Submission,
    new: &Submission,
    comparison: &mut Comparison,
) {
    let document = format!("{}/{} {}→{}", old.period, old.report, old.version, new.version);
    if let (Some(before), Some(after)) = (old.figures(folder), new.figures(folder)) {
        let mut figures = diff_figures(&single(&document, before), &single(&document, after));
        let days = period_days(&current.project).remove(&old.period);
        for change in &mut figures {
            let rows =
                |sent: &Submission| sent.indicators.get(&change.indicator).and_then(SentIndicator::comparable_rows);
            if let (Some(old), Some(new), Some(days)) = (rows(old), rows(new), &days) {
                change.rows = RowStates { old, new, are_comparable: true }.changes_behind(&change.field, days);
            }
        }
        comparison.figures.extend(figures);
    }
    if let (Some(before), Some(after)) = (&old.sentences, &new.sentences) {
        comparison
            .sentences
            .extend(diff_sentences(&single(&document, before.clone()), &single(&document, after.clone())));
    }
}

fn single<T>(document: &str, content: T) -> BTreeMap<String, T> {
    BTreeMap::from([(document.to_owned(), content)])
}

/// Adds to a change the rows that caused it, if the submission keeps them. It tells rows apart by what is counted, not by
/// their parts.
fn add_rows(change: &mut FigureChange, current: &CurrentState, submission: &Submission) {
    let project = &current.project;
    let id = project.logframe.indicator_ids().find(|id| project.logframe.indicator(*id).code == change.indicator);
    let sent = submission.indicators.get(&change.indicator);
    let (Some(id), Some(sent)) = (id, sent) else { return };
    let days = period_days(project).remove(&submission.period);
    if let (Some(states), Some(days)) = (compare_with_sent(sent, project, &current.figures, id), days) {
        change.rows = states.changes_behind(&change.field, &days);
    }
}
