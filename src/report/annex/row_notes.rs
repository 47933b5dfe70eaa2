//! The texts beside an indicator's numbers, in one language.

use super::annex_builder::AnnexBuilder;
use super::sheet_plan::PlacedIndicator;
use crate::locale::Locale;
use crate::model::{IndicatorId, ReportedValue};

/// What to know of a figure, in a few words.
pub fn short_note(draft: &AnnexBuilder, placed: &PlacedIndicator, locale: &Locale) -> String {
    let totals = &draft.figure(placed.id).totals;
    let mut notes = Vec::new();
    if !placed.listed {
        notes.push(locale.label("workbook.part-of-ratio").to_owned());
    }
    if totals.coverage.blank > 0 {
        let (blank, rows) = (locale.integer(totals.coverage.blank), locale.integer(totals.coverage.rows));
        notes.push(locale.phrase("counted.without-count", &[("blank", &blank), ("rows", &rows)]));
    }
    if totals.is_due_by_time {
        notes.push(locale.label("workbook.due-by-time").to_owned());
    }
    notes.join("\n")
}

/// The explanations of variance for the periods within the report's, earliest first, each with what is done.
pub fn explanation(draft: &AnnexBuilder, id: IndicatorId, locale: &Locale) -> String {
    let within = |reported: &&ReportedValue| {
        reported.indicator == id
            && draft.period.start <= reported.period.start
            && reported.period.end <= draft.period.end
            && !reported.comment.is_empty()
    };
    let mut reported: Vec<&ReportedValue> = draft.logframe().reported.iter().filter(within).collect();
    reported.sort_by_key(|reported| (reported.period.start, reported.period.end));
    let mut lines: Vec<String> = Vec::new();
    for reported in reported {
        let comment = draft.labels.in_language(&reported.comment, locale);
        let action = draft.labels.in_language(&reported.action, locale);
        let line =
            if action.is_empty() { comment } else { format!("{comment} {}: {action}", locale.label("report.action")) };
        // A text that a longer period repeats is kept once.
        if !line.is_empty() && !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

/// How the rows behind an indicator that has no evidence are to be had, or why they aren't; none where they are listed.
pub fn evidence_note(draft: &AnnexBuilder, placed: &PlacedIndicator, locale: &Locale) -> Option<String> {
    let indicator = draft.indicator(placed.id);
    if !indicator.calculation.is_counted() || placed.evidence.is_some() {
        return None;
    }
    let command = format!("donor-report explain {} --period {}", indicator.code, draft.period.code);
    let args = [("code", indicator.code.as_str()), ("command", &locale.quote(&command))];
    let would_tell = draft.input.released.without_evidence.contains(&placed.id);
    Some(locale.phrase(if would_tell { "annex.telling-rows" } else { "annex.explain" }, &args))
}
