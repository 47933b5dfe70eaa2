//! The table of reported values: figures that the tables of activities and attendance can't give.

use std::collections::BTreeMap;

use super::merged::report_merged_numbers;
use super::targets::{self, NamedPeriod, TargetContext};
use crate::diagnostic::{ProblemKind, kinds};
use crate::ingest::column_builder::approximate;
use crate::ingest::conditions::WrittenCalculation;
use crate::ingest::lists::ListIndex;
use crate::ingest::table::{KeptRow, OnFault, RowOutcome, RowReader, TableReader, TableSheet};
use crate::model::{Aggregation, Calculation, Indicator, IndicatorId, ReportedValue};

/// A reported value with its row, for later checks.
pub struct ReportedRow {
    pub reported: ReportedValue,
    row: KeptRow,
}

/// Reads one row of the table of reported values.
pub fn read_reported(row: &mut RowReader, context: &TargetContext, values: &mut Vec<ReportedRow>) {
    let languages = &context.settings.languages;
    let indicator = targets::read_indicator_code(row, context.codes);
    let period = match targets::read_period(row, context) {
        NamedPeriod::Blank => {
            if row.field("period").exists() {
                row.field("period").report_missing(OnFault::DropRow);
            }
            None
        }
        period => period.known(),
    };
    let precision = row.field("precision").built_in_entry(context.lists, "precision");
    let value = row.field("value").amount().map(|(amount, percent)| match context.unit(indicator) {
        Some((code, unit)) => unit.convert_amount(&mut row.field("value"), code, amount, percent),
        None => amount,
    });
    if value.is_some() && context.calculation(indicator).is_some_and(|known| *known != WrittenCalculation::Reported) {
        row.field("value").warn(kinds::ReportedNotUsed);
    }
    let comment = row.translated_text("comment", languages);
    let action = row.translated_text("action", languages);
    let source = row.translated_text("source", languages);
    if let Some(period) = &period
        && value.is_some()
        && let Some(until) = context.settings.data_until.filter(|until| period.end > *until)
    {
        let kind = kinds::AfterDataUntil { value: period.code.clone(), until: until.to_string() };
        row.field("period").warn(kind);
    }
    if row.finish() == RowOutcome::Dropped {
        return;
    }
    let (Some(indicator), Some(period)) = (indicator, period) else { return };
    let value = value.map(|amount| if precision == Some(1) { approximate(amount) } else { amount });
    let indicator = IndicatorId(indicator.0 as u16);
    let reported = ReportedValue { indicator, period, value, comment, action, source, row: row.row_ref() };
    values.push(ReportedRow { reported, row: row.keep() });
}

/// Reports a second value for one indicator and period, and several values that don't say how they come together;
/// `indicator_sheet` is where they are to say it.
pub fn check_reported(
    table: &mut TableReader,
    indicators: &[Indicator],
    (indicator_sheet, lists): (Option<&TableSheet>, &ListIndex),
    rows: Vec<ReportedRow>,
) -> Vec<ReportedValue> {
    let is_summed = |id: IndicatorId| {
        let indicator = &indicators[usize::from(id.0)];
        indicator.calculation == Calculation::Reported && indicator.aggregation == Some(Aggregation::Sum)
    };
    let numbers = rows.iter().map(|row| (Some(row.reported.indicator).filter(|id| is_summed(*id)), &row.row));
    report_merged_numbers(table, "value", &numbers.collect::<Vec<_>>());
    let mut kept: Vec<ReportedRow> = Vec::new();
    for value in rows {
        let span = |row: &ReportedRow| (row.reported.indicator, row.reported.period.start, row.reported.period.end);
        match kept.iter().find(|first| span(first) == span(&value)) {
            None => kept.push(value),
            Some(first) => {
                let period = value.reported.period.code.clone();
                let kind = |indicator, other| kinds::DuplicatePeriod::Reported { indicator, value: period, other };
                report_period(table, indicators, &value, first, kind);
            }
        }
    }
    let mut by_indicator: BTreeMap<IndicatorId, Vec<&ReportedRow>> = BTreeMap::new();
    for value in kept.iter().filter(|row| row.reported.value.is_some()) {
        by_indicator.entry(value.reported.indicator).or_default().push(value);
    }
    for (id, values) in by_indicator {
        let indicator = &indicators[usize::from(id.0)];
        if values.len() < 2 || indicator.calculation != Calculation::Reported {
            continue;
        }
        match indicator.aggregation {
            None => {
                let column = indicator_sheet.map(|sheet| sheet.heading_or_example("aggregation"));
                let column = column.unwrap_or_default();
                let has_column = indicator_sheet.is_some_and(|sheet| sheet.column("aggregation").is_some());
                let choices = ["sum", "latest", "maximum", "average"]
                    .map(|code| lists.written_value("aggregation", code))
                    .join(", ");
                let kind = |value, other| {
                    if has_column {
                        kinds::MissingAggregation::Plain { column, value, other, choices }
                    } else {
                        kinds::MissingAggregation::NoColumn { column, value, other, choices }
                    }
                };
                report_period(table, indicators, values[1], values[0], kind);
            }
            Some(Aggregation::Sum | Aggregation::Average) => check_overlaps(table, indicators, values),
            Some(Aggregation::Latest | Aggregation::Maximum) => {}
        }
    }
    kept.into_iter().map(|row| row.reported).collect()
}

/// Reports values of one indicator whose periods overlap.
fn check_overlaps(table: &mut TableReader, indicators: &[Indicator], mut values: Vec<&ReportedRow>) {
    values.sort_by_key(|row| (row.reported.period.start, row.reported.period.end));
    let mut furthest = values[0];
    for &next in &values[1..] {
        if next.reported.period.start <= furthest.reported.period.end {
            let kind = |value, other| kinds::OverlappingPeriods { value, other };
            report_period(table, indicators, next, furthest, kind);
        }
        if next.reported.period.end > furthest.reported.period.end {
            furthest = next;
        }
    }
}

/// Reports a problem at the period of a row that collides with another row, or at the cell that the row was made of: the
/// heading of its period is that of other rows too. `kind` makes it of the indicator's code and the other row's cell.
fn report_period<K: Into<ProblemKind>>(
    table: &mut TableReader,
    indicators: &[Indicator],
    value: &ReportedRow,
    other: &ReportedRow,
    kind: impl FnOnce(String, String) -> K,
) {
    let indicator = &indicators[usize::from(value.reported.indicator.0)];
    let column_of = |row: &KeptRow| if row.raw.made_of.is_some() { "value" } else { "period" };
    let kind = kind(indicator.code.clone(), other.row.describe(column_of(&other.row)));
    table.kept_row(&value.row).field(column_of(&value.row)).report(OnFault::DropRow, kind);
}
