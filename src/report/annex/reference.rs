//! The sheet of reference: what each indicator means and how it is counted, in words.

use super::annex_builder::AnnexBuilder;
use super::labels::ColumnList;
use super::row_notes::evidence_note;
use super::sheet_plan::{PlacedIndicator, SheetSubject};
use super::workbook_model::{AnnexCell, AnnexColumnKind, AnnexSheet, CellRef, InMemoryRows, SheetRole};
use crate::locale::Locale;
use crate::model::{Axis, IndicatorId, Target, TargetKind, TargetSpan};
use crate::report::column_names;
use crate::report::status_labels::level_label;

pub fn reference_sheet<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let labels = &draft.labels;
    let mut columns = ColumnList::new(labels);
    columns.add("figure.code", AnnexColumnKind::Code);
    columns.add_texts("figure.indicator", AnnexColumnKind::Title);
    columns.add_texts("workbook.level", AnnexColumnKind::Word);
    columns.add_texts("figure.definition", AnnexColumnKind::Remark);
    columns.add_texts("figure.calculation", AnnexColumnKind::Remark);
    columns.add_texts("figure.disaggregation", AnnexColumnKind::Remark);
    columns.add_texts("figure.verification", AnnexColumnKind::Remark);
    columns.add("figure.baseline", AnnexColumnKind::Number);
    columns.add("figure.target-total", AnnexColumnKind::Number);
    columns.add_texts("workbook.targets", AnnexColumnKind::Remark);
    let columns = columns.finish();
    let rows = draft.plan.indicators.iter().map(|placed| reference_row(draft, placed)).collect();
    let head = labels.title_lines(|locale| locale.label("workbook.reference").to_owned());
    let frozen = 1 + labels.count();
    let rows = Box::new(InMemoryRows(rows));
    draft.table_sheet(SheetSubject::Reference, (SheetRole::Figures, "reference"), head, columns, frozen, rows)
}

fn reference_row<'a>(draft: &AnnexBuilder<'a>, placed: &PlacedIndicator) -> Vec<AnnexCell<'a>> {
    let labels = &draft.labels;
    let indicator = draft.indicator(placed.id);
    let percent = draft.is_percent(placed.id);
    let to = CellRef::row(draft.sheet(SheetSubject::Indicators), placed.row, 0);
    let mut cells = vec![draft.link(indicator.code.as_str(), to)];
    cells.extend(labels.text_cells(&indicator.title));
    cells.extend(
        labels.cells(|locale| {
            indicator.level.map(|level| locale.label(level_label(level)).to_owned()).unwrap_or_default()
        }),
    );
    cells.extend(labels.text_cells(&indicator.definition));
    cells.extend(labels.cells(|locale| calculation_text(draft, placed, locale)));
    cells.extend(labels.cells(|locale| axes_text(draft, placed.id, locale)));
    cells.extend(labels.text_cells(&indicator.verification));
    cells.push(draft.number(indicator.baseline, percent));
    cells.push(draft.number(draft.figure(placed.id).totals.target_total, percent));
    cells.extend(labels.cells(|locale| targets_text(draft, placed.id, percent, locale)));
    cells
}

/// How it is counted, under which conditions, and what the count lacks.
fn calculation_text(draft: &AnnexBuilder, placed: &PlacedIndicator, locale: &Locale) -> String {
    let indicator = draft.indicator(placed.id);
    let words = draft.counting_words(locale);
    let mut sentences = vec![words.calculation(indicator.calculation)];
    sentences.extend(words.conditions(&indicator.conditions));
    let coverage = &draft.figure(placed.id).totals.coverage;
    if coverage.blank > 0 {
        let (blank, rows) = (locale.integer(coverage.blank), locale.integer(coverage.rows));
        sentences.push(locale.phrase("counted.without-count", &[("blank", &blank), ("rows", &rows)]));
    }
    sentences.extend(evidence_note(draft, placed, locale));
    sentences.join(" ")
}

/// By what it is broken down, and whether the parts add up.
fn axes_text(draft: &AnnexBuilder, id: IndicatorId, locale: &Locale) -> String {
    let indicator = draft.indicator(id);
    let name = |axis: &Axis| {
        let side = |side| column_names::side_name(draft.project(), locale, side);
        match axis.second {
            Some(second) => format!("{} × {}", side(axis.first), side(second)),
            None => side(axis.first),
        }
    };
    let names: Vec<String> = indicator.axes.iter().map(name).collect();
    let mut text = names.join("; ");
    let counts = &draft.project().activities.head_counts;
    let is_of_whom = |axis: &Axis| counts.is_of_whom(indicator.calculation, axis);
    let adds_up = indicator.calculation.is_additive() && !indicator.axes.iter().any(is_of_whom);
    if !names.is_empty() && !adds_up {
        text = format!("{text}. {}", locale.label("counted.not-additive"));
    }
    text
}

/// The targets of periods and days, a line for each.
fn targets_text(draft: &AnnexBuilder, id: IndicatorId, percent: bool, locale: &Locale) -> String {
    let mut targets: Vec<&Target> = draft.logframe().targets.iter().filter(|target| target.indicator == id).collect();
    targets.sort_by_key(|target| target.span.end());
    let line = |target: &&Target| {
        let value = if percent { locale.percent(target.value, 1) } else { locale.number(target.value) };
        let span = match &target.span {
            TargetSpan::Period(period) => locale.period_name(period),
            TargetSpan::Due(day) => locale.phrase("period.until", &[("date", &locale.date(*day))]),
        };
        let since_start = target.kind == TargetKind::Cumulative && matches!(target.span, TargetSpan::Period(_));
        let kind = if since_start { format!(" ({})", locale.label("workbook.since-start")) } else { String::new() };
        format!("{span}: {value}{kind}")
    };
    targets.iter().map(line).collect::<Vec<String>>().join("\n")
}
