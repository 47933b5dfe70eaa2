//! The rows behind figures, as they are kept to say later what changed.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use crate::indicators::{EvidenceRow, Figures, evidence_row_count, evidence_rows};
use crate::model::{IndicatorId, Period, Project};
use crate::output::{FingerprintedRow, RecordedRows, RowFingerprinter, RowStates, Submission};

/// Rows of an indicator are kept if there are no more than these; the command `explain` lists them all.
const MOST_ROWS: usize = 10_000;

/// The rows behind every figure of a report, with fingerprints made with `secret`.
pub(super) fn fingerprint_rows(project: &Project, figures: &Figures, secret: &[u8]) -> RecordedRows {
    let fingerprinter = RowFingerprinter::new(secret);
    let is_shown = |id: &IndicatorId| {
        let code = &project.logframe.indicator(*id).code;
        project.settings.reports.iter().any(|report| report.shows(code))
    };
    let ids: Vec<IndicatorId> = project.logframe.indicator_ids().filter(is_shown).collect();
    let fingerprint = |id: &IndicatorId| {
        if evidence_row_count(project, figures, *id) > MOST_ROWS {
            return None;
        }
        let rows = evidence_rows(project, figures, *id);
        Some((*id, rows.iter().map(|row| fingerprinted(project, row, &fingerprinter)).collect()))
    };
    let found: Vec<(IndicatorId, Vec<FingerprintedRow>)> = ids.par_iter().filter_map(fingerprint).collect();
    let mut kept = RecordedRows { key: fingerprinter.key_name(), ..RecordedRows::default() };
    for (id, rows) in found {
        kept.insert(&project.logframe.indicator(id).code, rows);
    }
    kept
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

/// Rows behind submitted reports, held against those of today.
pub(super) struct SentRows<'a> {
    folder: &'a Path,
    project: &'a Project,
    figures: &'a Figures,
    /// Fingerprinted when they are first asked for.
    today: OnceCell<RecordedRows>,
}

impl<'a> SentRows<'a> {
    pub fn new(folder: &'a Path, project: &'a Project, figures: &'a Figures) -> SentRows<'a> {
        SentRows { folder, project, figures, today: OnceCell::new() }
    }

    /// The rows of a submission; `None` if they weren't kept, or not with the project's key.
    pub fn read(&self, submission: &Submission) -> Option<RecordedRows> {
        submission.rows(self.folder, self.key()?)
    }

    /// An indicator's rows as they were sent and as they are, if both are kept.
    pub fn compare(&self, sent: &RecordedRows, indicator: &str) -> Option<RowStates> {
        let key = self.key()?;
        let today = self.today.get_or_init(|| fingerprint_rows(self.project, self.figures, key));
        RowStates::between(sent, today, indicator)
    }

    fn key(&self) -> Option<&'a [u8]> {
        self.project.settings.privacy.key.as_deref()
    }
}

/// First and last day of every period, by its code.
pub(super) fn period_days(project: &Project) -> BTreeMap<String, (String, String)> {
    let days = |period: &Period| (period.start.to_string(), period.end.to_string());
    project.logframe.periods.iter().map(|period| (period.code.clone(), days(period))).collect()
}
