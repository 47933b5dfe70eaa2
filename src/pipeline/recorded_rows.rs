//! The rows behind figures, as records keep them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::indicators::{EvidenceRow, Figures, evidence_row_count, evidence_rows};
use crate::model::{Calculation, IndicatorId, Participants, Project, RowPlace};
use crate::output::{FingerprintedRow, RecordedRows, RowFingerprinter, RowStates, SentIndicator, SentRow};

/// Rows of an indicator are kept if there are no more than these; the command `explain` lists them all.
const MOST_ROWS: usize = 10_000;

/// The rows behind an indicator; `None` if they are too many to be kept.
fn kept_rows(project: &Project, figures: &Figures, id: IndicatorId) -> Option<Vec<EvidenceRow>> {
    (evidence_row_count(project, figures, id) <= MOST_ROWS).then(|| evidence_rows(project, figures, id))
}

/// The rows behind every figure of a report, with fingerprints made with `secret`.
pub(super) fn fingerprint_rows(project: &Project, figures: &Figures, secret: &[u8]) -> RecordedRows {
    let fingerprinter = RowFingerprinter::new(secret);
    let ids: Vec<IndicatorId> = project.logframe.indicator_ids().filter(|id| may_be_kept(project, *id)).collect();
    let fingerprint = |id: &IndicatorId| {
        let rows = kept_rows(project, figures, *id)?;
        Some((*id, rows.iter().map(|row| fingerprinted(project, row, &fingerprinter)).collect()))
    };
    let found: Vec<(IndicatorId, Vec<FingerprintedRow>)> = ids.par_iter().filter_map(fingerprint).collect();
    let mut kept = RecordedRows { key: fingerprinter.key_name(), ..RecordedRows::default() };
    for (id, rows) in found {
        kept.insert(&project.logframe.indicator(id).code, rows);
    }
    kept
}

/// Rows of persons are kept where an annex lists them anyway.
fn may_be_kept(project: &Project, id: IndicatorId) -> bool {
    let of_persons = counts_attendances(project, id, project.logframe.indicators.len());
    let code = &project.logframe.indicator(id).code;
    let mut reports = project.settings.reports.iter();
    reports.any(|report| report.shows(code) && !(of_persons && report.participants == Participants::None))
}

/// Whether an indicator, or either side of a ratio, is counted over attendances. `depth` bounds ratios of ratios.
fn counts_attendances(project: &Project, id: IndicatorId, depth: usize) -> bool {
    match project.logframe.indicator(id).calculation {
        Calculation::Ratio(over, under) => {
            depth > 0 && [over, under].iter().any(|side| counts_attendances(project, *side, depth - 1))
        }
        calculation => calculation.over_attendances(),
    }
}

fn fingerprinted(project: &Project, row: &EvidenceRow, fingerprinter: &RowFingerprinter) -> FingerprintedRow {
    FingerprintedRow {
        place: project.sources.place(row.row),
        day: row.day.to_string(),
        fingerprint: fingerprinter.fingerprint(&row.identity),
        // Together with the row's content, so that rows of one group have different fingerprints.
        parts_fingerprint: if row.axis_values.is_empty() {
            String::new()
        } else {
            fingerprinter.fingerprint(&format!("{}\n{}", row.identity, row.axis_values))
        },
        is_later: row.is_later,
    }
}

/// The rows behind an indicator up to a day, as a submission keeps them; `None` if they are too many.
pub(super) fn sent_rows(project: &Project, figures: &Figures, id: IndicatorId, until: Date) -> Option<Vec<SentRow>> {
    let rows = kept_rows(project, figures, id)?;
    Some(rows.iter().filter(|row| row.day <= until).map(|row| sent_row(project, row)).collect())
}

/// The rows behind an indicator as they were sent and as they are, if both are kept.
pub(super) fn compare_with_sent(
    sent: &SentIndicator,
    project: &Project,
    figures: &Figures,
    id: IndicatorId,
) -> Option<RowStates> {
    let old = sent.comparable_rows()?;
    let new = kept_rows(project, figures, id)?.iter().map(|row| sent_row(project, row).comparable()).collect();
    Some(RowStates { old, new, are_comparable: true })
}

fn sent_row(project: &Project, row: &EvidenceRow) -> SentRow {
    let RowPlace { sheet, spot } = project.sources.place(row.row);
    SentRow {
        identity: row.identity.clone(),
        place: sheet,
        row: spot.row,
        column: spot.column,
        day: row.day.to_string(),
        is_later: row.is_later,
    }
}

/// First and last day of every period, by its code.
pub(super) fn period_days(project: &Project) -> BTreeMap<String, (String, String)> {
    let days = |period: &crate::model::Period| (period.start.to_string(), period.end.to_string());
    project.logframe.periods.iter().map(|period| (period.code.clone(), days(period))).collect()
}
