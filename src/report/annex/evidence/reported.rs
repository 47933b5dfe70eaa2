use rust_decimal::Decimal;

use super::super::draft::Draft;
use super::super::view::{Cell, CellRef, Column, ColumnKind, Formula, Listed};
use super::Layout;
use super::rows::{flag, source};
use crate::indicators::Scope;
use crate::model::{Aggregation, Amount, IndicatorId, ReportedValue};

/// The reported values that count up to the end of the period, in order of their periods' ends.
pub fn values<'a>(draft: &Draft<'a>, id: IndicatorId) -> Vec<(&'a ReportedValue, Amount)> {
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

fn in_period(draft: &Draft, reported: &ReportedValue) -> bool {
    draft.period.start <= reported.period.start && reported.period.end <= draft.period.end
}

/// What the values come to, as the indicator's aggregation says.
pub fn total(draft: &Draft, id: IndicatorId, layout: &Layout, scope: Scope, column: u16) -> Formula {
    let all = || layout.column(column);
    let none = Formula::call("COUNT", [all()]).infix("=", Formula::number(0));
    let total = match draft.indicator(id).aggregation {
        Some(Aggregation::Latest) => {
            let values = values(draft, id);
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
pub fn sheet<'a>(draft: &Draft<'a>, id: IndicatorId) -> (Vec<Column>, Listed<'a>) {
    let words = &draft.words;
    let column = |heading: &str, kind| Column { heading: words.label(heading), kind };
    let columns = vec![
        column("period.one", ColumnKind::Code),
        column("activity.date", ColumnKind::Date),
        column("workbook.end-date", ColumnKind::Date),
        column("workbook.in-period", ColumnKind::Flag),
        column("figure.value", ColumnKind::Number),
        column("workbook.value-in-period", ColumnKind::Number),
        column("figure.source", ColumnKind::Title),
        column("annex.source-row", ColumnKind::Source),
    ];
    let flags = draft.flag_format();
    let rows = values(draft, id)
        .into_iter()
        .map(|(reported, amount)| {
            let values: [Decimal; 1] = [amount.from];
            let value = Cell::Number(amount.from, draft.format(false, &values, amount.hedge));
            let within = in_period(draft, reported);
            vec![
                Cell::text(reported.period.code.as_str()),
                Cell::Date(reported.period.start),
                Cell::Date(reported.period.end),
                flag(within, flags),
                value.clone(),
                if within { value } else { Cell::Empty },
                Cell::text(words.text(&reported.source)),
                Cell::text(source(draft.project(), reported.row)),
            ]
        })
        .collect();
    (columns, Listed(rows))
}
