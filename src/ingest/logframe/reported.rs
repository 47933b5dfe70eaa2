use std::collections::BTreeMap;

use super::targets::{self, Ground};
use crate::diagnostic::Problem;
use crate::ingest::columns::approximate;
use crate::ingest::conditions::WrittenCalculation;
use crate::ingest::raw::RawRow;
use crate::ingest::table::{Part, Role, TableRun, Verdict};
use crate::model::{Aggregation, Indicator, IndicatorId, Reported};

/// A reported value with the cells that later faults are told at.
pub struct ReportedRow {
    pub reported: Reported,
    part: Part,
    row: RawRow<'static>,
}

pub fn read(run: &mut TableRun, part: &Part, row: &RawRow, ground: &Ground, reported: &mut Vec<ReportedRow>) {
    let languages = &ground.settings.languages;
    let indicator = targets::indicator(run, part, row, ground.codes);
    let period = match targets::period(run, part, row, ground) {
        Some(None) => {
            let column = part.column("period").unwrap_or_default();
            let problem = Problem::error("missing-value").with("column", run.heading(part, column));
            run.fault(part, row, column, Role::Deciding, problem);
            None
        }
        period => period.flatten(),
    };
    let precision = run.word(part, row, "precision", ground.listing, "precision");
    let value_column = part.column("value");
    let value = run.amount(part, row, value_column);
    let calculation = indicator.and_then(|number| ground.calculations[number as usize].as_ref());
    if value.is_some()
        && let (Some(calculation), Some(column)) = (calculation, value_column)
        && *calculation != WrittenCalculation::Reported
    {
        run.remark(part, row, column, Problem::warning("reported-not-used"));
    }
    let comment = run.translated(part, row, "comment", languages, false);
    let source = run.translated(part, row, "source", languages, false);
    if let (Some(period), Some(column)) = (&period, part.column("period"))
        && value.is_some()
        && let Some(until) = ground.settings.data_until.filter(|until| period.end > *until)
    {
        let problem =
            Problem::warning("after-data-until").with("value", period.code.as_str()).with("until", until.to_string());
        run.remark(part, row, column, problem);
    }
    if run.settle() == Verdict::Leave {
        return;
    }
    let (Some(number), Some(period)) = (indicator, period) else { return };
    let value = value.map(|(amount, _)| if precision == Some(1) { approximate(amount) } else { amount });
    let indicator = IndicatorId(number as u16);
    let at = part.row(row.number);
    let one = Reported { indicator, period, value, comment, source, row: at };
    reported.push(ReportedRow { reported: one, part: part.clone(), row: row.clone().into_owned() });
}

/// One row per indicator and period, and a way to put several periods together.
pub fn check(run: &mut TableRun, indicators: &[Indicator], rows: Vec<ReportedRow>) -> Vec<Reported> {
    let mut kept: Vec<ReportedRow> = Vec::new();
    for one in rows {
        let again = kept.iter().find(|other| {
            other.reported.indicator == one.reported.indicator
                && (other.reported.period.start, other.reported.period.end)
                    == (one.reported.period.start, one.reported.period.end)
        });
        match again {
            None => kept.push(one),
            Some(other) => {
                let other = other.part.describe(other.row.number, other.part.column("period").unwrap_or_default());
                fault(run, indicators, &one, "duplicate-period", "period", &other);
            }
        }
    }
    let mut by_indicator: BTreeMap<IndicatorId, Vec<usize>> = BTreeMap::new();
    for (at, one) in kept.iter().enumerate().filter(|(_, one)| one.reported.value.is_some()) {
        by_indicator.entry(one.reported.indicator).or_default().push(at);
    }
    for (id, mut places) in by_indicator {
        let indicator = &indicators[usize::from(id.0)];
        if places.len() < 2 || indicator.calculation != crate::model::Calculation::Reported {
            continue;
        }
        match indicator.aggregation {
            None => {
                let second = &kept[places[1]];
                let other = kept[places[0]].part.describe(kept[places[0]].row.number, column(&kept[places[0]]));
                fault(run, indicators, second, "missing-aggregation", "period", &other);
            }
            Some(Aggregation::Sum | Aggregation::Average) => {
                places.sort_by_key(|at| (kept[*at].reported.period.start, kept[*at].reported.period.end));
                let mut furthest = &kept[places[0]];
                for next in places[1..].iter().map(|at| &kept[*at]) {
                    if next.reported.period.start <= furthest.reported.period.end {
                        let other = furthest.part.describe(furthest.row.number, column(furthest));
                        fault(run, indicators, next, "overlapping-periods", "period", &other);
                    }
                    if next.reported.period.end > furthest.reported.period.end {
                        furthest = next;
                    }
                }
            }
            Some(Aggregation::Latest | Aggregation::Maximum) => {}
        }
    }
    kept.into_iter().map(|one| one.reported).collect()
}

fn column(row: &ReportedRow) -> u32 {
    row.part.column("period").unwrap_or_default()
}

fn fault(
    run: &mut TableRun,
    indicators: &[Indicator],
    row: &ReportedRow,
    code: &'static str,
    column: &str,
    other: &str,
) {
    let at = row.part.column(column).unwrap_or_default();
    let indicator = &indicators[usize::from(row.reported.indicator.0)];
    let problem = Problem::error(code)
        .with("value", indicator.code.as_str())
        .with("period", row.reported.period.code.as_str())
        .with("other", other);
    run.fault_in_used(&row.part, &row.row, at, Role::Deciding, problem);
}
