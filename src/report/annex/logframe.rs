//! The sheet of the logframe: the results chain with its indicators, as donors' forms ask for it.

use super::annex_builder::{AnnexBuilder, IntervalEnd};
use super::labels::ColumnList;
use super::sheet_plan::{PlacedIndicator, SheetSubject};
use super::workbook_model::{AnnexCell, AnnexColumnKind, AnnexSheet, CellRef, Formula, InMemoryRows, SheetRole};
use crate::model::{ResultId, ResultNode};
use crate::report::results_chain::flatten_chain;
use crate::report::status_labels::level_label;

pub fn logframe_sheet<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let labels = &draft.labels;
    let mut columns = ColumnList::new(labels);
    columns.add_texts("workbook.level", AnnexColumnKind::Word);
    columns.add("figure.result", AnnexColumnKind::Code);
    columns.add_texts("workbook.result-title", AnnexColumnKind::Remark);
    columns.add("figure.code", AnnexColumnKind::Code);
    columns.add_texts("figure.indicator", AnnexColumnKind::Title);
    columns.add_texts("figure.unit", AnnexColumnKind::Word);
    columns.add("figure.baseline", AnnexColumnKind::Number);
    columns.add("figure.target", AnnexColumnKind::Number);
    columns.add("workbook.current", AnnexColumnKind::Number);
    columns.add("workbook.current-day", AnnexColumnKind::Date);
    columns.add_texts("figure.verification", AnnexColumnKind::Remark);
    columns.add_texts("figure.assumptions", AnnexColumnKind::Remark);
    let columns = columns.finish();
    let mut rows = Vec::new();
    for (id, _) in flatten_chain(draft.logframe()) {
        let own: Vec<PlacedIndicator> = indicators_of(draft, Some(id));
        if own.is_empty() {
            rows.push(logframe_row(draft, Some(id), None, IntervalEnd::Least));
        }
        rows.extend(indicator_rows(draft, Some(id), &own));
    }
    rows.extend(indicator_rows(draft, None, &indicators_of(draft, None)));
    let head = labels.title_lines(|locale| locale.label("workbook.logframe").to_owned());
    let rows = Box::new(InMemoryRows(rows));
    draft.table_sheet(SheetSubject::Logframe, (SheetRole::Figures, "logframe"), head, columns, 0, rows)
}

/// The report's own indicators of a result.
fn indicators_of(draft: &AnnexBuilder, result: Option<ResultId>) -> Vec<PlacedIndicator> {
    let own = |placed: &&PlacedIndicator| placed.listed && draft.indicator(placed.id).result == result;
    draft.plan.indicators.iter().filter(own).copied().collect()
}

fn indicator_rows<'a>(
    draft: &AnnexBuilder<'a>,
    result: Option<ResultId>,
    own: &[PlacedIndicator],
) -> Vec<Vec<AnnexCell<'a>>> {
    let ends = |placed: &PlacedIndicator| IntervalEnd::needed(placed.interval);
    let rows = own.iter().flat_map(|placed| ends(placed).iter().map(move |end| (placed, *end)));
    rows.map(|(placed, end)| logframe_row(draft, result, Some(placed), end)).collect()
}

fn logframe_row<'a>(
    draft: &AnnexBuilder<'a>,
    result: Option<ResultId>,
    placed: Option<&PlacedIndicator>,
    end: IntervalEnd,
) -> Vec<AnnexCell<'a>> {
    let labels = &draft.labels;
    let node: Option<&ResultNode> = result.map(|id| draft.logframe().result(id));
    let level = placed.and_then(|placed| draft.indicator(placed.id).level);
    let level = node.and_then(|node| node.level).or(level);
    let mut cells =
        labels.cells(|locale| level.map(|level| locale.label(level_label(level)).to_owned()).unwrap_or_default());
    cells.push(AnnexCell::text(node.map(|node| node.code.as_str()).unwrap_or_default()));
    cells.extend(labels.cells(|locale| node.map(|node| labels.in_language(&node.title, locale)).unwrap_or_default()));
    match placed {
        Some(placed) => cells.extend(indicator_cells(draft, placed, end)),
        None => {
            cells.push(AnnexCell::Empty);
            cells.extend(labels.empty_cells());
            cells.extend(labels.empty_cells());
            cells.extend((0..4).map(|_| AnnexCell::Empty));
            cells.extend(labels.empty_cells());
        }
    }
    cells.extend(
        labels.cells(|locale| node.map(|node| labels.in_language(&node.assumptions, locale)).unwrap_or_default()),
    );
    cells
}

fn indicator_cells<'a>(draft: &AnnexBuilder<'a>, placed: &PlacedIndicator, end: IntervalEnd) -> Vec<AnnexCell<'a>> {
    let labels = &draft.labels;
    let indicator = draft.indicator(placed.id);
    let percent = draft.is_percent(placed.id);
    let totals = &draft.figure(placed.id).totals;
    let home = draft.sheet(SheetSubject::Indicators);
    let row = placed.row + if end == IntervalEnd::Most { 1 } else { 0 };
    let mut cells = vec![draft.link(indicator.code.as_str(), CellRef::row(home, row, 0))];
    cells.extend(labels.cells(|locale| {
        let title = labels.in_language(&indicator.title, locale);
        if placed.interval { format!("{title} ({})", locale.label(end.label())) } else { title }
    }));
    cells.extend(labels.text_cells(&indicator.unit));
    cells.push(draft.number(indicator.baseline, percent));
    cells.push(draft.number(totals.target_total, percent));
    cells.push(match totals.level {
        None => AnnexCell::text(draft.absent()),
        Some(level) => {
            let number = level.round_for_print(end.amount(&level));
            let column = draft.columns.level.unwrap_or(draft.columns.cumulative);
            let format = draft.format(percent, &[number], level.hedge);
            draft.formula(Formula::Cell(CellRef::row(home, row, column)), Some(number), format)
        }
    });
    cells.push(match totals.level {
        None => AnnexCell::Empty,
        Some(_) => AnnexCell::Date(draft.project().settings.known_days(draft.period).end),
    });
    cells.extend(labels.text_cells(&indicator.verification));
    cells
}
