use std::path::{Path, PathBuf};

use super::current_state::CurrentState;
use super::outcome::BuildError;
use super::rows::sent_rows;
use crate::output::{SentIndicator, Submission};

/// Keeps the finished documents of a report in `home` (`build/<code>`) as submitted, with the figures and rows behind them;
/// returns how many files there are.
///
/// # Errors
/// If a file can't be read or written.
pub fn submit(folder: &Path, home: &Path, report: &str, period: &str) -> Result<usize, BuildError> {
    let documents = list_documents(home, report, period);
    if let Some(current) = CurrentState::read(folder)
        && let Some(submission) = make_submission(&current, report, period)
    {
        let kept = Submission::folder(folder, period);
        submission.save(folder, &documents).map_err(|error| BuildError::Write { path: kept, error })?;
    }
    Ok(documents.len())
}

/// What a report says today, to be kept as it is sent; `None` if there is no such report or period.
fn make_submission(current: &CurrentState, report: &str, period: &str) -> Option<Submission> {
    let project = &current.project;
    let figures = current.figures.periods.iter().find(|figures| figures.period.code == period)?;
    let settings = project.settings.reports.iter().find(|settings| settings.name == report)?;
    let mut submission = Submission::new(report, period);
    for id in project.logframe.indicator_ids() {
        let code = &project.logframe.indicator(id).code;
        if !settings.shows(code) {
            continue;
        }
        let figure = &figures.figures[usize::from(id.0)];
        submission.indicators.insert(
            code.clone(),
            SentIndicator {
                period: figure.period.map(Into::into),
                served: figure.served.map(Into::into),
                cumulative: figure.cumulative.map(Into::into),
                rows: sent_rows(project, &current.figures, id, figures.period.end),
            },
        );
    }
    submission.sentences = current.sentences(report, period);
    Some(submission)
}

/// The finished outputs of one report and period in `home` (`build/<code>`).
fn list_documents(home: &Path, report: &str, period: &str) -> Vec<PathBuf> {
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
