use rust_decimal::Decimal;

use super::super::AnnexInput;
use super::super::annex_builder::AnnexBuilder;
use super::super::labels::ColumnList;
use super::super::sheet_plan::SheetSubject;
use super::super::workbook_model::{AnnexCell, AnnexColumnKind, AnnexSheet, CellRef, CellSpan, Formula, InMemoryRows};
use super::layout::EvidenceKind;
use super::{evidence_head, flag_cell, source_text, table_name};
use crate::indicators::Scope;
use crate::model::{Aggregation, Amount, IndicatorId, Period, ReportedValue};

/// Columns by place.
pub const IN_PERIOD: u16 = 4;
const VALUE: u16 = 5;
const VALUE_IN_PERIOD: u16 = 6;

/// The reported values that count up to the end of the period, in order of their periods' ends.
pub fn counted_values<'a>(input: &AnnexInput<'a>, id: IndicatorId) -> Vec<(&'a ReportedValue, Amount)> {
    let settings = &input.project.settings;
    let Some(end) = input.released.periods.get(input.period).map(|released| released.period.end) else {
        return Vec::new();
    };
    let mut values: Vec<(&ReportedValue, Amount)> = input
        .project
        .logframe
        .reported
        .iter()
        .filter(|reported| reported.indicator == id && reported.period.start >= settings.start)
        .filter(|reported| reported.period.end <= end.min(settings.end))
        .filter(|reported| settings.data_until.is_none_or(|until| reported.period.end <= until))
        .filter_map(|reported| Some((reported, reported.value?)))
        .collect();
    values.sort_by_key(|(reported, _)| (reported.period.end, reported.period.start, reported.row));
    values
}

fn in_period(period: &Period, reported: &ReportedValue) -> bool {
    period.start <= reported.period.start && reported.period.end <= period.end
}

/// What an indicator's values come to in a scope, as its aggregation says.
pub fn total_formula(draft: &AnnexBuilder, id: IndicatorId, scope: Scope) -> Option<Formula> {
    let (first, last) = draft.evidence.columns(id)?.rows;
    let values = counted_values(&draft.input, id);
    if values.is_empty() {
        return Some(Formula::text(draft.absent()));
    }
    let column = if scope == Scope::Cumulative { VALUE } else { VALUE_IN_PERIOD };
    let sheet = draft.sheet(SheetSubject::Evidence(EvidenceKind::Reported));
    let all = || Formula::Span(CellSpan { sheet, column, first, last });
    let none = Formula::call("COUNT", [all()]).infix("=", Formula::number(0));
    let total = match draft.indicator(id).aggregation {
        Some(Aggregation::Latest) => {
            let is_counted = |(reported, _): &(&ReportedValue, Amount)| {
                scope == Scope::Cumulative || in_period(draft.period, reported)
            };
            match values.iter().rposition(is_counted) {
                Some(row) => Formula::Cell(CellRef::row(sheet, first + row as u32, column)),
                None => Formula::text(draft.absent()),
            }
        }
        Some(Aggregation::Maximum) => Formula::call("MAX", [all()]),
        Some(Aggregation::Average) => Formula::call("AVERAGE", [all()]),
        Some(Aggregation::Sum) | None => Formula::call("SUM", [all()]),
    };
    Some(Formula::call("IF", [none, Formula::text(draft.absent()), total]))
}

/// A row for each value, an indicator after the other.
pub fn reported_evidence<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let kind = EvidenceKind::Reported;
    let labels = &draft.labels;
    let mut columns = ColumnList::new(labels);
    columns.add("figure.indicator", AnnexColumnKind::Code);
    columns.add("period.one", AnnexColumnKind::Key);
    columns.add("activity.date", AnnexColumnKind::Date);
    columns.add("workbook.end-date", AnnexColumnKind::Date);
    columns.add("workbook.in-period", AnnexColumnKind::Flag);
    columns.add("figure.value", AnnexColumnKind::Number);
    columns.add("workbook.value-in-period", AnnexColumnKind::Number);
    columns.add_texts("figure.source", AnnexColumnKind::Title);
    columns.add("annex.source-row", AnnexColumnKind::Source);
    let columns = columns.finish();
    let flags = draft.flag_format();
    let mut rows = Vec::new();
    for (id, _) in draft.evidence.of_kind(kind) {
        let code = &draft.indicator(id).code;
        for (reported, amount) in counted_values(&draft.input, id) {
            let values: [Decimal; 1] = [amount.from];
            let value = AnnexCell::Number(amount.from, draft.format(false, &values, amount.hedge));
            let within = in_period(draft.period, reported);
            let mut cells = vec![
                AnnexCell::text(code.as_str()),
                AnnexCell::text(reported.period.code.as_str()),
                AnnexCell::Date(reported.period.start),
                AnnexCell::Date(reported.period.end),
                flag_cell(within, flags),
                value.clone(),
                if within { value } else { AnnexCell::Empty },
            ];
            cells.extend(labels.text_cells(&reported.source));
            cells.push(AnnexCell::text(source_text(draft.project(), reported.row)));
            rows.push(cells);
        }
    }
    let head = evidence_head(draft, SheetSubject::Evidence(kind));
    draft.table_sheet(SheetSubject::Evidence(kind), table_name(kind), head, columns, 2, Box::new(InMemoryRows(rows)))
}
