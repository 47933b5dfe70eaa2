use std::path::Path;

use serde::Serialize;

use super::MessageLanguage;
use super::figures_view::amount;
use super::project_view::{LocalText, local_text};
use super::reading::{CountedProject, Reading};
use crate::model::Amount;
use crate::output::{RowChanges, SentAmount, Submission};
use crate::pipeline::{Comparison, compare_submitted};

/// How many rows are named that changed a figure.
const ROWS_SHOWN: usize = 20;

/// What was sent beside what the data says today.
#[derive(Serialize)]
pub(super) struct SentFigures<'a> {
    title: String,
    lines: Vec<SentLine<'a>>,
    sentences: Vec<SentSentence>,
}

#[derive(Serialize)]
struct SentLine<'a> {
    code: &'a str,
    title: LocalText<'a>,
    period: BesideToday,
    cumulative: BesideToday,
    /// The rows that made the difference, where they are known.
    added: Vec<String>,
    removed: Vec<String>,
    changed: Vec<String>,
    /// Cells that were corrected.
    cells: Vec<String>,
}

#[derive(Serialize)]
struct BesideToday {
    sent: String,
    today: String,
    differs: bool,
}

/// A sentence of the narrative that was sent and isn't there any more, or the other way round.
#[derive(Serialize)]
struct SentSentence {
    document: String,
    section: String,
    gone: Vec<String>,
    new: Vec<String>,
}

/// A submission by its place among those of the project; `None` if there is none, or nothing to compare it with.
pub(super) fn sent_beside_today<'a>(
    reading: &Reading,
    counted: &'a CountedProject,
    project: &Path,
    at: usize,
    language: &MessageLanguage,
) -> Option<SentFigures<'a>> {
    let sent = reading.submissions.get(at)?;
    let comparison = compare_submitted(project, Some(&sent.report), Some(&sent.period)).unwrap_or_default();
    let today = counted.figures.periods.iter().find(|figures| figures.period.code == sent.period)?;
    let settings = &counted.project.settings;
    let lines = counted.project.logframe.indicators.iter().zip(&today.figures).filter_map(|(indicator, figure)| {
        let then = sent.indicators.get(&indicator.code)?;
        let beside = |then: &Option<SentAmount>, now: Option<Amount>| BesideToday {
            sent: amount(indicator, then.as_ref().map(SentAmount::amount), &language.locale),
            today: amount(indicator, now, &language.locale),
            differs: match (then, now) {
                (Some(then), Some(now)) => !then.is_same_as(now),
                (then, now) => then.is_some() != now.is_some(),
            },
        };
        let rows = rows_behind(&comparison, &indicator.code);
        Some(SentLine {
            code: &indicator.code,
            title: local_text(&indicator.title, &settings.languages, &language.locale),
            period: beside(&then.period, figure.period),
            cumulative: beside(&then.cumulative, figure.cumulative),
            added: first_rows(&rows.added),
            removed: first_rows(&rows.removed),
            changed: first_rows(&rows.changed),
            cells: first_rows(&rows.cells.iter().map(|cell| cell.place.clone()).collect::<Vec<_>>()),
        })
    });
    Some(SentFigures { title: title_of(sent), lines: lines.collect(), sentences: sentences(&comparison) })
}

fn title_of(sent: &Submission) -> String {
    format!("{}/{}", sent.period, sent.report)
}

/// All rows behind the changes of an indicator, each once.
fn rows_behind(comparison: &Comparison, code: &str) -> RowChanges {
    let mut all = RowChanges::default();
    for change in comparison.figures.iter().filter(|change| change.indicator == code) {
        all.added.extend(change.rows.added.iter().cloned());
        all.removed.extend(change.rows.removed.iter().cloned());
        all.changed.extend(change.rows.changed.iter().cloned());
        all.cells.extend(change.rows.cells.iter().cloned());
    }
    for rows in [&mut all.added, &mut all.removed, &mut all.changed] {
        rows.sort();
        rows.dedup();
    }
    all.cells.sort();
    all.cells.dedup();
    all
}

fn first_rows(rows: &[crate::model::RowPlace]) -> Vec<String> {
    let shown = rows.iter().take(ROWS_SHOWN).map(ToString::to_string);
    shown.chain((rows.len() > ROWS_SHOWN).then(|| "…".to_owned())).collect()
}

fn sentences(comparison: &Comparison) -> Vec<SentSentence> {
    let changes = comparison.sentences.iter();
    changes
        .map(|change| SentSentence {
            document: change.document.clone(),
            section: change.section.clone(),
            gone: change.removed.clone(),
            new: change.added.clone(),
        })
        .collect()
}
