use std::collections::BTreeMap;

use rayon::prelude::*;

use super::prose::Filled;
use crate::indicators::{Figures, StandingRow, standing_count, standing_rows};
use crate::model::{Calculation, IndicatorId, Participants, Project, RowRef};
use crate::output::{EvidenceRows, MarkedRow, Marks, RowAt, Sentences};
use crate::report::narrative::sentences;

/// An indicator with more rows keeps none: the command `explain` lists them.
pub(super) const MOST_ROWS: usize = 10_000;

/// Where a row stands.
pub(super) fn row_at(project: &Project, row: RowRef) -> RowAt {
    let source = project.sources.get(row.sheet);
    let place = match &source.sheet {
        Some(sheet) => format!("{}:{sheet}", source.file),
        None => source.file.clone(),
    };
    RowAt { place, row: row.row }
}

/// The rows under an indicator, unless they are too many.
pub(super) fn rows_under(project: &Project, figures: &Figures, id: IndicatorId) -> Option<Vec<StandingRow>> {
    (standing_count(project, figures, id) <= MOST_ROWS).then(|| standing_rows(project, figures, id))
}

/// Where the rows are that every figure of a report stands on, each with a mark made with `secret`.
pub(super) fn marked_rows(project: &Project, figures: &Figures, secret: &[u8]) -> EvidenceRows {
    let marks = Marks::new(secret);
    let ids: Vec<IndicatorId> = project.logframe.indicator_ids().filter(|id| may_be_kept(project, *id)).collect();
    let of = |id: &IndicatorId| Some((*id, marked(project, &rows_under(project, figures, *id)?, &marks)));
    let found: Vec<(IndicatorId, Vec<MarkedRow>)> = ids.par_iter().filter_map(of).collect();
    let mut kept = EvidenceRows { key: marks.key(), ..EvidenceRows::default() };
    for (id, rows) in found {
        kept.keep(&project.logframe.indicator(id).code, rows);
    }
    kept
}

/// Rows of persons are kept where an annex lists them anyway.
fn may_be_kept(project: &Project, id: IndicatorId) -> bool {
    let of_persons = is_of_persons(project, id, project.logframe.indicators.len());
    let code = &project.logframe.indicator(id).code;
    let mut reports = project.settings.reports.iter();
    reports.any(|report| {
        report.indicators.as_ref().is_none_or(|codes| codes.contains(code))
            && !(of_persons && report.participants == Participants::None)
    })
}

fn is_of_persons(project: &Project, id: IndicatorId, depth: usize) -> bool {
    match project.logframe.indicator(id).calculation {
        Calculation::Ratio(over, under) => {
            depth > 0 && [over, under].iter().any(|side| is_of_persons(project, *side, depth - 1))
        }
        calculation => calculation.over_attendances(),
    }
}

fn marked(project: &Project, rows: &[StandingRow], marks: &Marks) -> Vec<MarkedRow> {
    let mark = |row: &StandingRow| {
        let RowAt { place, row: number } = row_at(project, row.row);
        MarkedRow {
            place,
            row: number,
            day: row.day.to_string(),
            mark: marks.mark(&row.says),
            // With what the row says, so that rows of one group can't be told by their marks.
            parts: if row.parts.is_empty() {
                String::new()
            } else {
                marks.mark(&format!("{}\n{}", row.says, row.parts))
            },
            is_later: row.is_later,
        }
    };
    rows.iter().map(mark).collect()
}

/// First and last day of every period.
pub(super) fn period_days(project: &Project) -> BTreeMap<String, (String, String)> {
    let days = |period: &crate::model::Period| (period.start.to_string(), period.end.to_string());
    project.logframe.periods.iter().map(|period| (period.code.clone(), days(period))).collect()
}

/// The sentences of a report's prose.
pub(super) fn sentences_of(prose: &Filled) -> Sentences {
    let name = |section: &String, lang: &crate::model::Lang| format!("{section}.{}", lang.as_str());
    prose.iter().map(|((section, lang), blocks)| (name(section, lang), sentences(blocks))).collect()
}
