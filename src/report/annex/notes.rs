//! The last sheet: what the others hold, and what to know of the figures.

use super::annex_builder::AnnexBuilder;
use super::labels::ColumnList;
use super::row_notes::evidence_note;
use super::sheet_plan::SheetSubject;
use super::workbook_model::{
    AnnexCell, AnnexColumnKind, AnnexSheet, AnnexSheetIndex, CellRef, InMemoryRows, SheetRole,
};
use crate::indicators::Scope;
use crate::locale::Locale;
use crate::model::Participants;

pub fn notes_sheet<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let labels = &draft.labels;
    let mut columns = ColumnList::new(labels);
    columns.add("workbook.about-what", AnnexColumnKind::Word);
    columns.add_texts("page.note", AnnexColumnKind::Prose);
    let columns = columns.finish();
    let mut rows: Vec<Vec<AnnexCell>> = Vec::new();
    for (at, subject) in draft.plan.subjects().enumerate() {
        let to = CellRef::head(AnnexSheetIndex(at as u16), 0, 0);
        let mut cells = vec![draft.link(draft.plan.name(subject), to)];
        cells.extend(labels.label_cells(subject.description()));
        rows.push(cells);
    }
    let notes: Vec<Vec<String>> = labels.locales().iter().map(|locale| general_notes(draft, locale)).collect();
    let count = notes.first().map_or(0, Vec::len);
    for note in 0..count {
        let mut cells = vec![AnnexCell::Empty];
        cells.extend(notes.iter().map(|notes| AnnexCell::text(notes[note].clone())));
        rows.push(cells);
    }
    for placed in &draft.plan.indicators {
        if draft.labels.locales().iter().any(|locale| evidence_note(draft, placed, locale).is_some()) {
            let to = CellRef::row(draft.sheet(SheetSubject::Indicators), placed.row, 0);
            let mut cells = vec![draft.link(draft.indicator(placed.id).code.as_str(), to)];
            cells.extend(labels.cells(|locale| evidence_note(draft, placed, locale).unwrap_or_default()));
            rows.push(cells);
        }
    }
    let head = labels.title_lines(|locale| locale.label("annex.notes").to_owned());
    let rows = Box::new(InMemoryRows(rows));
    draft.table_sheet(SheetSubject::Notes, (SheetRole::Notes, "notes"), head, columns, 0, rows)
}

/// What holds for the whole annex; as many notes in every language.
fn general_notes(draft: &AnnexBuilder, locale: &Locale) -> Vec<String> {
    let label = |key: &str| locale.label(key).to_owned();
    let settings = &draft.project().settings;
    let figures = || draft.plan.indicators.iter().map(|placed| &draft.figure(placed.id).totals);
    let mut notes = Vec::new();
    if draft.input.report.is_restricted() {
        notes.push(label("notes.restricted"));
    }
    if !settings.notice.is_empty() {
        notes.push(draft.labels.in_language(&settings.notice, locale));
    }
    notes.extend([label("workbook.live"), label("counted.period")]);
    if figures().any(|figure| figure.served.is_some()) {
        notes.push(label("counted.served"));
    }
    let amounts = || {
        let scopes = [Scope::Period, Scope::Served, Scope::Cumulative];
        figures().flat_map(move |figure| scopes.map(|scope| figure.value(scope))).flatten()
    };
    if amounts().any(|amount| amount.hedge.is_some()) {
        notes.push(label("workbook.hedge-signs"));
    }
    if amounts().any(|amount| amount.is_interval()) {
        notes.push(label("notes.interval"));
    }
    if let Some(day) = figures().find_map(|figure| figure.data_until) {
        notes.push(locale.phrase("notes.data-until", &[("date", &locale.date_in_text(day))]));
    }
    notes.push(match draft.input.released.suppress_below {
        0 => label("notes.not-suppressed"),
        limit => locale.phrase("notes.suppressed", &[("n", &locale.integer(u64::from(limit)))]),
    });
    match draft.input.released.participants {
        Participants::None => {}
        Participants::Pseudonymised => notes.push(label("notes.pseudonymised")),
        Participants::Detailed => notes.push(label("notes.detailed")),
    }
    for waived in draft.input.waived.iter().filter(|waived| waived.count > 0) {
        let Some(waiver) = settings.waivers.get(waived.waiver) else { continue };
        let (n, reason) = (locale.integer(waived.count), draft.labels.in_language(&waiver.reason, locale));
        let table = locale.find_label(&format!("table-name.{}", waiver.table)).unwrap_or(&waiver.table);
        let args = [("table", table), ("n", &n), ("reason", &reason)];
        notes.push(locale.phrase("notes.waived", &args));
    }
    notes
}
