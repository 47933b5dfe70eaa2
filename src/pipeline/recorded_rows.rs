//! The rows behind figures, as they are kept to say later what changed.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use crate::indicators::{EvidenceRow, Figures, evidence_row_count, evidence_rows};
use crate::ingest::{WrittenCell, WrittenRow, visit_written_rows};
use crate::model::{IndicatorId, Period, Project};
use crate::output::{
    FingerprintedRow, RecordedCells, RecordedRows, RecordedSheet, RowFingerprinter, StateComparison, Submission,
};

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

/// [`fingerprint_rows`] with the cells that they were counted from, unless the tables are large.
pub(super) fn fingerprint_with_cells(
    folder: &Path,
    project: &Project,
    figures: &Figures,
    secret: &[u8],
) -> RecordedRows {
    let mut kept = fingerprint_rows(project, figures, secret);
    let persons = &project.persons;
    if persons.attendances.len() + persons.rows.len() + project.activities.rows.len() > 3 * MOST_ROWS {
        return kept;
    }
    let fingerprinter = RowFingerprinter::new(secret);
    visit_written_rows(folder, project, |row| record_cells(&mut kept.tables, &row, &fingerprinter));
    kept
}

fn record_cells(tables: &mut Vec<RecordedSheet>, row: &WrittenRow, fingerprinter: &RowFingerprinter) {
    let is_same = |sheet: &RecordedSheet| sheet.table == row.table && sheet.sheet == row.place.sheet;
    if !tables.last().is_some_and(is_same) {
        let (table, sheet) = (row.table.to_owned(), row.place.sheet.clone());
        tables.push(RecordedSheet { table, sheet, ..RecordedSheet::default() });
    }
    let Some(sheet) = tables.last_mut() else { return };
    let mut fingerprints = vec![None; sheet.columns.len()];
    for WrittenCell { column, number, text } in &row.cells {
        let fingerprint = Some(fingerprinter.fingerprint(&format!("{column}\n{text}")));
        match sheet.columns.iter().position(|(name, at)| name == column && at == number) {
            Some(at) => fingerprints[at] = fingerprint,
            None => {
                sheet.columns.push((column.clone(), *number));
                fingerprints.push(fingerprint);
            }
        }
    }
    let key = |(table, code): &(&str, String)| fingerprinter.key_fingerprint(&format!("{table}\n{code}"));
    let keys = row.keys.iter().map(key).collect();
    sheet.push(&RecordedCells { row: row.place.spot.row, keys, fingerprints });
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

    /// Rows as they were sent beside those of today.
    pub fn compare<'r>(&'r self, sent: &'r RecordedRows) -> Option<StateComparison<'r>> {
        let key = self.key()?;
        let read = || fingerprint_with_cells(self.folder, self.project, self.figures, key);
        StateComparison::between(sent, self.today.get_or_init(read))
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
