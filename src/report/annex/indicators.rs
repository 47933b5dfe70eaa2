//! The sheet of indicators: a row for each, two for one that is an interval, with the periods side by side.

mod row_formulas;

use rust_decimal::Decimal;

use super::AnnexInput;
use super::annex_builder::{AnnexBuilder, IntervalEnd};
use super::data::DataItem;
use super::evidence;
use super::labels::ColumnList;
use super::row_notes::{explanation, short_note};
use super::sheet_plan::{PlacedIndicator, SheetSubject, ShownIndicator};
use super::workbook_model::{AnnexCell, AnnexColumnKind, AnnexSheet, CellRef, InMemoryRows, SheetRole};
use crate::disclosure::ReleasedFigure;
use crate::indicators::Scope;
use crate::locale::ExcelKind;
use crate::report::earlier_periods::earlier_periods;
use crate::report::figures::PlacedValue;
use row_formulas::RowFormulas;

pub use row_formulas::round_for_print;

/// Columns by place, of which some are there only where some indicator needs them.
pub struct IndicatorSheetColumns {
    pub baseline: u16,
    /// Periods beside the report's own, each by its place among the project's.
    pub earlier: Vec<(usize, u16)>,
    pub target_period: u16,
    pub period: u16,
    pub served: Option<u16>,
    pub cumulative: u16,
    /// Where a baseline is added to what is counted.
    pub level: Option<u16>,
    pub due: u16,
    pub progress_due: u16,
    pub total: u16,
    pub progress: u16,
    /// Of the first language.
    pub status: u16,
}

impl IndicatorSheetColumns {
    pub fn new(
        input: &AnnexInput,
        shown: &[ShownIndicator],
        figures: &[ReleasedFigure],
        languages: u16,
    ) -> IndicatorSheetColumns {
        let totals = |shown: &ShownIndicator| &figures[usize::from(shown.id.0)].totals;
        // Code, titles, result, units.
        let baseline = 2 + 2 * languages;
        let mut next = baseline;
        let mut place = || {
            next += 1;
            next
        };
        let earlier = earlier_periods(input.project, input.period, usize::MAX);
        let earlier = earlier.into_iter().map(|period| (period, place())).collect();
        let (target_period, period) = (place(), place());
        let served = shown.iter().any(|shown| totals(shown).served.is_some()).then(&mut place);
        let cumulative = place();
        let level = shown.iter().any(|shown| totals(shown).level != totals(shown).cumulative).then(&mut place);
        let (due, progress_due, total, progress) = (place(), place(), place(), place());
        let status = place();
        IndicatorSheetColumns {
            baseline,
            earlier,
            target_period,
            period,
            served,
            cumulative,
            level,
            due,
            progress_due,
            total,
            progress,
            status,
        }
    }

    /// The column of a value of the report's own period; none for one that no indicator has.
    pub fn column(&self, value: PlacedValue) -> Option<u16> {
        Some(match value {
            PlacedValue::Baseline => self.baseline,
            PlacedValue::TargetPeriod => self.target_period,
            PlacedValue::TargetDue => self.due,
            PlacedValue::TargetTotal => self.total,
            PlacedValue::Progress => self.progress,
            PlacedValue::ProgressDue => self.progress_due,
            PlacedValue::Actual(Scope::Period) => self.period,
            PlacedValue::Actual(Scope::Served) => return self.served,
            PlacedValue::Actual(Scope::Cumulative) => self.cumulative,
        })
    }
}

pub fn indicators_sheet<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let labels = &draft.labels;
    let known = |period: usize| draft.project().settings.known_days(&draft.logframe().periods[period]);
    let mut columns = ColumnList::new(labels);
    columns.add("figure.code", AnnexColumnKind::Code);
    columns.add_texts("figure.indicator", AnnexColumnKind::Title);
    columns.add("figure.result", AnnexColumnKind::Code);
    columns.add_texts("figure.unit", AnnexColumnKind::Word);
    columns.add("figure.baseline", AnnexColumnKind::Number);
    for (period, _) in &draft.columns.earlier {
        columns.add_headed(labels.each(|locale| locale.period_short(&known(*period))), AnnexColumnKind::Number);
    }
    columns.add("figure.target-period", AnnexColumnKind::Number);
    columns.add("figure.actual-period", AnnexColumnKind::Number);
    if draft.columns.served.is_some() {
        columns.add("figure.served", AnnexColumnKind::Number);
    }
    columns.add("figure.cumulative", AnnexColumnKind::Number);
    if draft.columns.level.is_some() {
        columns.add("figure.level", AnnexColumnKind::Number);
    }
    columns.add("figure.target-due", AnnexColumnKind::Number);
    columns.add("figure.progress-due", AnnexColumnKind::Progress);
    columns.add("figure.target-total", AnnexColumnKind::Number);
    columns.add("figure.progress", AnnexColumnKind::Progress);
    debug_assert_eq!(columns.next(), draft.columns.status);
    columns.add_texts("figure.status", AnnexColumnKind::Status);
    columns.add_texts("figure.comment", AnnexColumnKind::Remark);
    if has_notes(draft) {
        columns.add_texts("page.note", AnnexColumnKind::Remark);
    }
    let columns = columns.finish();
    let head = head_lines(draft);
    let (on_track, at_risk) = limit_cells(draft);
    draft.names.name_cell("limit_on_track", on_track);
    draft.names.name_cell("limit_at_risk", at_risk);
    let placed = draft.plan.indicators.clone();
    let mut rows = Vec::new();
    for placed in &placed {
        for &end in IntervalEnd::needed(placed.interval) {
            rows.push(indicator_row(draft, placed, end));
        }
    }
    let frozen = 1 + draft.labels.count();
    let rows = Box::new(InMemoryRows(rows));
    draft.table_sheet(SheetSubject::Indicators, (SheetRole::Figures, "indicators"), head, columns, frozen, rows)
}

/// Whether there is a note on any indicator.
fn has_notes(draft: &AnnexBuilder) -> bool {
    let Some(locale) = draft.labels.locales().first() else { return false };
    draft.plan.indicators.iter().any(|placed| !short_note(draft, placed, locale).is_empty())
}

/// The title, and the limits of statuses.
fn head_lines<'a>(draft: &AnnexBuilder<'a>) -> Vec<Vec<AnnexCell<'a>>> {
    let labels = &draft.labels;
    let percent = draft.format_of(ExcelKind::Percent, None);
    let limits = draft.project().settings.progress;
    let limit = |value: Decimal, key: &str| {
        let mut line = vec![AnnexCell::Number(value, percent)];
        // Each sentence runs on over the cell behind it.
        for (at, cell) in labels.label_cells(key).into_iter().enumerate() {
            line.extend((at > 0).then_some(AnnexCell::Empty));
            line.push(cell);
        }
        line
    };
    let mut head = title_lines(draft);
    head.push(limit(limits.on_track, "workbook.limit-on-track"));
    head.push(limit(limits.at_risk, "workbook.limit-at-risk"));
    head
}

fn title_lines<'a>(draft: &AnnexBuilder<'a>) -> Vec<Vec<AnnexCell<'a>>> {
    let known = draft.project().settings.known_days(draft.period);
    draft.labels.title_lines(|locale| format!("{}, {}", locale.label("annex.indicators"), locale.period(&known)))
}

/// The cells that hold the limits of statuses.
fn limit_cells(draft: &AnnexBuilder) -> (CellRef, CellRef) {
    let home = draft.sheet(SheetSubject::Indicators);
    let line = title_lines(draft).len() as u32;
    (CellRef::head(home, line, 0), CellRef::head(home, line + 1, 0))
}

/// One indicator, or one end of it.
fn indicator_row<'a>(draft: &mut AnnexBuilder<'a>, placed: &PlacedIndicator, end: IntervalEnd) -> Vec<AnnexCell<'a>> {
    let formulas = RowFormulas::new(placed, end);
    let indicator = draft.indicator(placed.id);
    let totals = &draft.figure(placed.id).totals;
    let percent = draft.is_percent(placed.id);
    let evidence = evidence::evidence_total_cell(draft, placed.id, Scope::Cumulative, IntervalEnd::Least);
    let code =
        match evidence.or(placed.evidence.map(|kind| CellRef::head(draft.sheet(SheetSubject::Evidence(kind)), 0, 0))) {
            Some(cell) => draft.link(indicator.code.as_str(), cell),
            None => AnnexCell::text(indicator.code.as_str()),
        };
    let result = indicator.result.map(|result| draft.logframe().result(result).code.as_str()).unwrap_or_default();
    let mut cells = vec![code];
    cells.extend(draft.labels.cells(|locale| {
        let title = draft.labels.in_language(&indicator.title, locale);
        if placed.interval { format!("{title} ({})", locale.label(end.label())) } else { title }
    }));
    cells.push(AnnexCell::text(result));
    cells.extend(draft.labels.text_cells(&indicator.unit));
    cells.push(draft.number(indicator.baseline, percent));
    for (period, _) in &draft.columns.earlier {
        let item = DataItem::Total(PlacedValue::Actual(Scope::Period));
        cells.push(
            draft
                .data
                .reference(draft, placed.id, *period, item, end)
                .unwrap_or_else(|| AnnexCell::text(draft.absent())),
        );
    }
    cells.push(draft.number(totals.target_period, percent));
    cells.push(formulas.scope_cell(draft, Scope::Period));
    if draft.columns.served.is_some() {
        cells.push(formulas.scope_cell(draft, Scope::Served));
    }
    cells.push(formulas.scope_cell(draft, Scope::Cumulative));
    if draft.columns.level.is_some() {
        cells.push(formulas.level_cell(draft));
    }
    cells.push(draft.number(totals.target_due, percent));
    cells.push(formulas.progress_cell(draft, totals.target_due, totals.progress_due, draft.columns.due));
    cells.push(draft.number(totals.target_total, percent));
    cells.push(formulas.progress_cell(draft, totals.target_total, totals.progress, draft.columns.total));
    cells.extend(draft.labels.locales().iter().map(|locale| formulas.status_cell(draft, locale)));
    cells.extend(draft.labels.cells(|locale| explanation(draft, placed.id, locale)));
    if has_notes(draft) {
        cells.extend(draft.labels.cells(|locale| short_note(draft, placed, locale)));
    }
    formulas.name_cells(draft);
    cells
}
