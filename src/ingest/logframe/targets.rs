use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::nearest_of;
use crate::diagnostic::Problem;
use crate::ingest::cell::{Reading, SlashColumn};
use crate::ingest::codes::CodeBook;
use crate::ingest::conditions::WrittenCalculation;
use crate::ingest::lists::Listing;
use crate::ingest::raw::RawRow;
use crate::ingest::settings::periods;
use crate::ingest::table::{Part, Role, TableRun, Verdict};
use crate::model::{BaselineUse, Indicator, IndicatorId, Period, Settings, Target, TargetKind, TargetSpan};

/// A target with the cells that later faults are told at.
pub struct TargetRow {
    pub target: Target,
    part: Part,
    row: RawRow<'static>,
}

/// What targets and reported values refer to.
pub struct Ground<'g> {
    pub settings: &'g Settings,
    pub periods: &'g [Period],
    pub listing: &'g Listing,
    pub codes: &'g CodeBook,
    /// By number of the indicator.
    pub calculations: &'g [Option<WrittenCalculation>],
}

/// The indicator that a row is about.
pub fn indicator(run: &mut TableRun, part: &Part, row: &RawRow, codes: &CodeBook) -> Option<u32> {
    let column = part.column("indicator")?;
    let code = run.key(part, row, Some(column), "missing-value")?;
    match codes.find(&code) {
        Some(found) => {
            if found.folded {
                run.looks_alike(part, row, column, &code, codes.written(found.number));
            }
            Some(found.number)
        }
        None => {
            run.fault(part, row, column, Role::Deciding, nearest_of(Problem::error("unknown-indicator"), &code, codes));
            None
        }
    }
}

/// The period that a cell names; `None` for a blank, with no word said.
pub fn period(run: &mut TableRun, part: &Part, row: &RawRow, ground: &Ground) -> Option<Option<Period>> {
    let column = part.column("period")?;
    let told = run.told();
    let Some(code) = period_code(run, part, row, column) else { return (told == run.told()).then_some(None) };
    let settings = ground.settings;
    match periods::resolve(&code, &settings.periods, settings.start, settings.end) {
        Some(period) => Some(Some(period)),
        None => {
            let known = ground.periods.iter().map(|period| period.code.as_str());
            let mut problem = Problem::error("unknown-period")
                .with("value", code.as_str())
                .with("start", settings.start.to_string())
                .with("end", settings.end.to_string());
            if let Some(near) = crate::diagnostic::nearest(&code, known) {
                problem = problem.variant("nearest").with("nearest", near);
            }
            run.fault(part, row, column, Role::Deciding, problem);
            None
        }
    }
}

/// A spreadsheet likes to make a date of `2017-03`: its month is the period then.
fn period_code(run: &mut TableRun, part: &Part, row: &RawRow, column: u32) -> Option<String> {
    use crate::ingest::raw::Raw;
    if let Some(Raw::Date { day: Some(day), .. }) = row.cell(column).map(|cell| &cell.raw)
        && day.day() == 1
    {
        return Some(format!("{:04}-{:02}", day.year(), day.month()));
    }
    run.code(part, row, Some(column), Role::Deciding).map(|code| code.into_owned())
}

pub fn read(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    slashes: SlashColumn,
    ground: &Ground,
    targets: &mut Vec<TargetRow>,
) {
    let indicator = indicator(run, part, row, ground.codes);
    let told = run.told();
    let period = period(run, part, row, ground);
    let due_column = part.column("due");
    let due = run.date(part, row, due_column, Role::Deciding).and_then(|reading| match (reading, due_column) {
        (Reading::Month(_), Some(column)) => {
            let problem = Problem::error("month-without-day").with("column", run.heading(part, column));
            run.fault(part, row, column, Role::Deciding, problem);
            None
        }
        (reading, Some(column)) => run.settled(part, row, column, slashes, reading),
        (_, None) => None,
    });
    let at = |name: &str| part.column(name).unwrap_or_default();
    let span = match (period.flatten(), due) {
        (Some(period), None) => Some(TargetSpan::Period(period)),
        (None, Some(day)) => {
            let settings = ground.settings;
            if day < settings.start || day > settings.end {
                let problem = Problem::warning("date-outside-project")
                    .with("value", day.to_string())
                    .with("start", settings.start.to_string())
                    .with("end", settings.end.to_string());
                run.remark(part, row, at("due"), problem);
            }
            Some(TargetSpan::Due(day))
        }
        (Some(_), Some(_)) => {
            run.fault(part, row, at("due"), Role::Deciding, Problem::error("period-and-due"));
            None
        }
        (None, None) => {
            if told == run.told() {
                let column = part.column("period").or(due_column).unwrap_or_default();
                let problem = Problem::error("missing-value").with("column", run.heading(part, column));
                run.fault(part, row, column, Role::Deciding, problem);
            }
            None
        }
    };
    let told = run.told();
    let value = run.decimal(part, row, part.column("target"));
    if value.is_none() && told == run.told() {
        let problem = Problem::error("missing-value").with("column", run.heading(part, at("target")));
        run.fault(part, row, at("target"), Role::Deciding, problem);
    }
    let kind = run.word(part, row, "kind", ground.listing, "kind");
    let calculation = indicator.and_then(|number| ground.calculations[number as usize].as_ref());
    if let (Some(value), Some(calculation)) = (value, calculation) {
        judge_value(run, part, row, at("target"), value, calculation);
    }
    if run.settle() == Verdict::Leave {
        return;
    }
    let (Some(number), Some(span), Some(value)) = (indicator, span, value) else { return };
    let kind = match kind {
        Some(0) => TargetKind::Incremental,
        Some(_) => TargetKind::Cumulative,
        None => default_kind(&span, calculation),
    };
    let target =
        Target { indicator: IndicatorId(number as u16), span, value: value.value, kind, row: part.row(row.number) };
    targets.push(TargetRow { target, part: part.clone(), row: row.clone().into_owned() });
}

fn judge_value(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    column: u32,
    value: crate::ingest::cell::Percentage,
    calculation: &WrittenCalculation,
) {
    let shown = value.value.normalize().to_string();
    match calculation {
        WrittenCalculation::Ratio(..) if value.value > Decimal::ONE && !value.percent => {
            let problem = Problem::warning("ratio-over-one").with("value", shown).with("column", "target");
            run.remark(part, row, column, problem);
        }
        WrittenCalculation::Reported => {}
        _ if value.value < Decimal::ZERO => {
            let problem = Problem::error("not-a-count").variant("negative").with("text", shown);
            run.fault(part, row, column, Role::Deciding, problem.with("column", run.heading(part, column)));
        }
        _ => {}
    }
}

/// Period targets are increments for what is added up over periods; everything else is a level.
fn default_kind(span: &TargetSpan, calculation: Option<&WrittenCalculation>) -> TargetKind {
    let adds_up = matches!(
        calculation,
        Some(
            WrittenCalculation::Activities
                | WrittenCalculation::Attendances
                | WrittenCalculation::People
                | WrittenCalculation::Sum(_)
        )
    );
    match span {
        TargetSpan::Period(_) if adds_up => TargetKind::Incremental,
        _ => TargetKind::Cumulative,
    }
}

/// One target per span and kind, and increments that come to the total.
pub fn check(run: &mut TableRun, indicators: &[Indicator], rows: Vec<TargetRow>) -> Vec<Target> {
    let mut kept: Vec<TargetRow> = Vec::new();
    for one in rows {
        let again = kept.iter().find(|other| {
            other.target.indicator == one.target.indicator
                && other.target.kind == one.target.kind
                && same_span(&other.target.span, &one.target.span)
        });
        match again {
            None => kept.push(one),
            Some(other) => {
                let column = one.part.column("indicator").unwrap_or_default();
                let problem = Problem::error("duplicate-target")
                    .with("value", indicators[usize::from(one.target.indicator.0)].code.as_str())
                    .with("other", other.part.describe(other.row.number, column));
                run.fault_in_used(&one.part, &one.row, column, Role::Deciding, problem);
            }
        }
    }
    sums(run, indicators, &kept);
    kept.into_iter().map(|one| one.target).collect()
}

fn same_span(a: &TargetSpan, b: &TargetSpan) -> bool {
    match (a, b) {
        (TargetSpan::Period(a), TargetSpan::Period(b)) => (a.start, a.end) == (b.start, b.end),
        (TargetSpan::Due(a), TargetSpan::Due(b)) => a == b,
        _ => false,
    }
}

/// Warns where an indicator's increments, none overlapping, don't come to its total.
fn sums(run: &mut TableRun, indicators: &[Indicator], rows: &[TargetRow]) {
    let mut by_indicator: BTreeMap<IndicatorId, Vec<(&TargetRow, &Period)>> = BTreeMap::new();
    for row in rows {
        if let (TargetSpan::Period(period), TargetKind::Incremental) = (&row.target.span, row.target.kind) {
            by_indicator.entry(row.target.indicator).or_default().push((row, period));
        }
    }
    for (id, mut increments) in by_indicator {
        let indicator = &indicators[usize::from(id.0)];
        let Some(total) = indicator.target else { continue };
        increments.sort_by_key(|(_, period)| (period.start, period.end));
        if increments.windows(2).any(|pair| pair[1].1.start <= pair[0].1.end) {
            continue;
        }
        let sum: Decimal = increments.iter().map(|(row, _)| row.target.value).sum();
        let added = match indicator.baseline_use {
            Some(BaselineUse::Added) => indicator.baseline.unwrap_or_default(),
            _ => Decimal::ZERO,
        };
        if sum != total - added
            && let Some((last, _)) = increments.last()
        {
            let column = last.part.column("target").unwrap_or_default();
            let problem = Problem::warning("targets-differ")
                .with("value", indicator.code.as_str())
                .with("sum", sum.normalize().to_string())
                .with("total", (total - added).normalize().to_string());
            run.remark(&last.part, &last.row, column, problem);
        }
    }
}
