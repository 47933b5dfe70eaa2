use rust_decimal::Decimal;

use super::super::annex_builder::AnnexBuilder;
use super::super::workbook_model::{AnnexCell, AnnexColumn, AnnexColumnKind, CellRef, Formula, InMemoryRows};
use super::EvidenceLayout;
use super::rows::{flag_cell, source_text};
use crate::indicators::Scope;
use crate::model::{Aggregation, Amount, IndicatorId, ReportedValue};

/// The reported values that count up to the end of the period, in order of their periods' ends.
pub fn counted_values<'a>(draft: &AnnexBuilder<'a>, id: IndicatorId) -> Vec<(&'a ReportedValue, Amount)> {
    let settings = &draft.project().settings;
    let mut values: Vec<(&ReportedValue, Amount)> = draft
        .logframe()
        .reported
        .iter()
        .filter(|reported| reported.indicator == id && reported.period.start >= settings.start)
        .filter(|reported| reported.period.end <= draft.period.end.min(settings.end))
        .filter(|reported| settings.data_until.is_none_or(|until| reported.period.end <= until))
        .filter_map(|reported| Some((reported, reported.value?)))
        .collect();
    values.sort_by_key(|(reported, _)| (reported.period.end, reported.period.start, reported.row));
    values
}

fn in_period(draft: &AnnexBuilder, reported: &ReportedValue) -> bool {
    draft.period.start <= reported.period.start && reported.period.end <= draft.period.end
}

/// What the values come to, as the indicator's aggregation says.
pub fn total_formula(
    draft: &AnnexBuilder,
    id: IndicatorId,
    layout: &EvidenceLayout,
    scope: Scope,
    column: u16,
) -> Formula {
    let all = || layout.column(column);
    let none = Formula::call("COUNT", [all()]).infix("=", Formula::number(0));
    let total = match draft.indicator(id).aggregation {
        Some(Aggregation::Latest) => {
            let values = counted_values(draft, id);
            let last =
                values.iter().rposition(|(reported, _)| scope == Scope::Cumulative || in_period(draft, reported));
            match last {
                Some(row) => Formula::Cell(CellRef::row(layout.sheet, row as u32, column)),
                None => Formula::text(draft.absent()),
            }
        }
        Some(Aggregation::Maximum) => Formula::call("MAX", [all()]),
        Some(Aggregation::Average) => Formula::call("AVERAGE", [all()]),
        Some(Aggregation::Sum) | None => Formula::call("SUM", [all()]),
    };
    Formula::call("IF", [none, Formula::text(draft.absent()), total])
}

/// Columns and rows of the sheet: a row for each value.
pub fn columns_and_rows<'a>(draft: &AnnexBuilder<'a>, id: IndicatorId) -> (Vec<AnnexColumn>, InMemoryRows<'a>) {
    let labels = &draft.labels;
    let column = |heading: &str, kind| AnnexColumn { heading: labels.label(heading), kind };
    let columns = vec![
        column("period.one", AnnexColumnKind::Code),
        column("activity.date", AnnexColumnKind::Date),
        column("workbook.end-date", AnnexColumnKind::Date),
        column("workbook.in-period", AnnexColumnKind::Flag),
        column("figure.value", AnnexColumnKind::Number),
        column("workbook.value-in-period", AnnexColumnKind::Number),
        column("figure.source", AnnexColumnKind::Title),
        column("annex.source-row", AnnexColumnKind::Source),
    ];
    let flags = draft.flag_format();
    let rows = counted_values(draft, id)
        .into_iter()
        .map(|(reported, amount)| {
            let values: [Decimal; 1] = [amount.from];
            let value = AnnexCell::Number(amount.from, draft.format(false, &values, amount.hedge));
            let within = in_period(draft, reported);
            vec![
                AnnexCell::text(reported.period.code.as_str()),
                AnnexCell::Date(reported.period.start),
                AnnexCell::Date(reported.period.end),
                flag_cell(within, flags),
                value.clone(),
                if within { value } else { AnnexCell::Empty },
                AnnexCell::text(labels.text(&reported.source)),
                AnnexCell::text(source_text(draft.project(), reported.row)),
            ]
        })
        .collect();
    (columns, InMemoryRows(rows))
}
