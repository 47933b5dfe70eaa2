//! The targets table: what an indicator is to reach in a period or by a day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::merged::report_merged_numbers;
use super::number_unit::NumberUnit;
use crate::diagnostic::{Problem, first_names, kinds};
use crate::ingest::cell::{DateReading, SlashOrder, WrittenNumber};
use crate::ingest::codes::{CodeId, CodeIndex};
use crate::ingest::conditions::{WrittenCalculation, WrittenCompletion};
use crate::ingest::lists::ListIndex;
use crate::ingest::raw_row::Raw;
use crate::ingest::settings::periods;
use crate::ingest::table::{Field, KeptRow, OnFault, RowOutcome, RowReader, TableReader};
use crate::model::{BaselineUse, Indicator, IndicatorId, Period, Settings, Target, TargetKind, TargetSpan};

/// A target with its row, for later checks.
pub struct TargetRow {
    pub target: Target,
    row: KeptRow,
}

/// What targets and reported values refer to.
pub struct TargetContext<'t> {
    pub settings: &'t Settings,
    pub periods: &'t [Period],
    pub lists: &'t ListIndex,
    /// Codes of the indicators.
    pub codes: &'t CodeIndex,
    /// The calculation of each indicator; `None` for a faulty one.
    pub calculations: &'t [Option<WrittenCalculation>],
    /// The unit of each indicator's numbers; `None` for one without a calculation.
    pub units: &'t [Option<NumberUnit>],
}

impl TargetContext<'_> {
    /// The calculation of an indicator.
    pub fn calculation(&self, indicator: Option<CodeId>) -> Option<&WrittenCalculation> {
        self.calculations[indicator?.index()].as_ref()
    }

    /// The code of an indicator and the unit of its numbers.
    pub fn unit(&self, indicator: Option<CodeId>) -> Option<(&str, &NumberUnit)> {
        let id = indicator?;
        Some((self.codes.text(id), self.units[id.index()].as_ref()?))
    }
}

/// Reads the indicator that a row is about.
pub fn read_indicator_code(row: &mut RowReader, codes: &CodeIndex) -> Option<CodeId> {
    let mut field = row.field("indicator");
    let code = field.required_code()?;
    super::find_known(&mut field, &code, codes, OnFault::DropRow, |indicator, nearest| kinds::UnknownIndicator {
        indicator,
        known: first_names(codes.texts()),
        nearest,
    })
}

/// A period as a cell names it.
pub enum NamedPeriod {
    /// The cell is blank, or there is no such column.
    Blank,
    Known(Period),
    /// The cell can't be read or names no period; already reported.
    Faulty,
}

impl NamedPeriod {
    /// The period, if the cell names one.
    pub fn known(self) -> Option<Period> {
        match self {
            NamedPeriod::Known(period) => Some(period),
            NamedPeriod::Blank | NamedPeriod::Faulty => None,
        }
    }
}

/// Reads the period that a row is about.
pub fn read_period(row: &mut RowReader, context: &TargetContext) -> NamedPeriod {
    let reported = row.reported();
    let mut field = row.field("period");
    let Some(code) = read_period_code(&mut field) else {
        return if reported == field.reported() { NamedPeriod::Blank } else { NamedPeriod::Faulty };
    };
    let settings = context.settings;
    if let Some(period) = periods::resolve_code(&code, &settings.periods, settings.start, settings.end) {
        return NamedPeriod::Known(period);
    }
    let known = context.periods.iter().map(|period| period.code.as_str());
    let meant = periods::suggest_code(&code, &settings.periods, settings.start, settings.end);
    let nearest = meant.or_else(|| crate::diagnostic::nearest(&code, known).map(str::to_owned));
    let (start, end) = (settings.start.to_string(), settings.end.to_string());
    let year = settings.start.year().to_string();
    field.report(OnFault::DropRow, kinds::UnknownPeriod { value: code, start, end, year, nearest });
    NamedPeriod::Faulty
}

/// The code of a period. A spreadsheet program turns `2017-03` into the first day of the month: its month is meant then.
fn read_period_code(field: &mut Field) -> Option<String> {
    if let Some(Raw::Date { day: Some(day), .. }) = field.cell().map(|cell| &cell.raw)
        && day.day() == 1
    {
        return Some(format!("{:04}-{:02}", day.year(), day.month()));
    }
    field.code(OnFault::DropRow).map(|code| code.into_owned())
}

/// Reads one row of the targets table. `slashes` is how the column `due` writes its dates.
pub fn read_target(row: &mut RowReader, slashes: SlashOrder, context: &TargetContext, targets: &mut Vec<TargetRow>) {
    let indicator = read_indicator_code(row, context.codes);
    let span = read_span(row, slashes, context);
    let reported = row.reported();
    let value = row.field("target").number();
    if value.is_none() && reported == row.reported() {
        row.field("target").report_missing(OnFault::DropRow);
    }
    let kind = row.field("kind").built_in_entry(context.lists, "kind");
    let calculation = context.calculation(indicator);
    let may_fall = matches!(calculation, Some(WrittenCalculation::Completed(WrittenCompletion::Share { .. })));
    if may_fall && kind == Some(0) {
        row.field("kind").report(OnFault::DropRow, kinds::CumulativeOnly);
    }
    let value = value.map(|number| match context.unit(indicator) {
        Some((code, unit)) => read_value(&mut row.field("target"), code, unit, number),
        None => number.value,
    });
    if row.finish() == RowOutcome::Dropped {
        return;
    }
    let (Some(indicator), Some(span), Some(value)) = (indicator, span, value) else { return };
    let kind = match kind {
        Some(0) => TargetKind::Incremental,
        Some(_) => TargetKind::Cumulative,
        None => default_kind(&span, calculation),
    };
    let indicator = IndicatorId(indicator.0 as u16);
    let target = Target { indicator, span, value, kind, row: row.row_ref() };
    targets.push(TargetRow { target, row: row.keep() });
}

/// The period of a target, or the day that it is due.
fn read_span(row: &mut RowReader, slashes: SlashOrder, context: &TargetContext) -> Option<TargetSpan> {
    let reported = row.reported();
    let period = read_period(row, context).known();
    let mut due = row.field("due");
    let day = due.date(OnFault::DropRow).and_then(|reading| match reading {
        DateReading::Month(_) => {
            due.report(OnFault::DropRow, kinds::MonthWithoutDay);
            None
        }
        reading => due.resolve_date(slashes, reading),
    });
    match (period, day) {
        (Some(period), None) => Some(TargetSpan::Period(period)),
        (None, Some(day)) => {
            let settings = context.settings;
            if day < settings.start || day > settings.end {
                due.warn(super::date_outside_project(day, settings));
            }
            Some(TargetSpan::Due(day))
        }
        (Some(_), Some(_)) => {
            due.report(OnFault::DropRow, kinds::PeriodAndDue);
            None
        }
        (None, None) => {
            if reported == row.reported() {
                let at = row.sheet.column("period").or(row.sheet.column("due"));
                let (period, due) = (row.sheet.heading_or_example("period"), row.sheet.heading_or_example("due"));
                let missing = kinds::MissingValue::Target { period, due };
                row.field_at(at).report(OnFault::DropRow, missing);
            }
            None
        }
    }
}

/// A target in its indicator's unit.
fn read_value(field: &mut Field, code: &str, unit: &NumberUnit, number: WrittenNumber) -> Decimal {
    let value = unit.convert(field, code, number);
    if value < Decimal::ZERO && matches!(unit, NumberUnit::Count | NumberUnit::Fraction) {
        let text = value.normalize().to_string();
        field.report(OnFault::DropRow, kinds::NotACount::Negative { text });
    }
    value
}

/// The kind of a target that doesn't say: increments for period targets of what is added up over periods, else cumulative.
fn default_kind(span: &TargetSpan, calculation: Option<&WrittenCalculation>) -> TargetKind {
    let adds_up = matches!(
        calculation,
        Some(
            WrittenCalculation::Activities
                | WrittenCalculation::Attendances
                | WrittenCalculation::People
                | WrittenCalculation::Completed(WrittenCompletion::Attendances(_))
                | WrittenCalculation::Sum(_)
        )
    );
    match span {
        TargetSpan::Period(_) if adds_up => TargetKind::Incremental,
        _ => TargetKind::Cumulative,
    }
}

/// Reports a second target for one time, a target at the project's end that isn't the indicator's total (whose cell
/// `cell_of_total` names), and increments that don't come to it.
pub fn check_targets(
    table: &mut TableReader,
    indicators: &[Indicator],
    rows: Vec<TargetRow>,
    project_end: Date,
    cell_of_total: impl Fn(&Indicator) -> String,
) -> Vec<Target> {
    let added = |target: &Target| Some(target.indicator).filter(|_| target.kind == TargetKind::Incremental);
    let numbers = rows.iter().map(|row| (added(&row.target), &row.row));
    report_merged_numbers(table, "target", &numbers.collect::<Vec<_>>());
    let mut kept: Vec<TargetRow> = Vec::new();
    for TargetRow { target, row } in rows {
        let indicator = &indicators[usize::from(target.indicator.0)];
        let value = indicator.code.clone();
        if let Some(first) = kept.iter().find(|first| is_for_same_time(&first.target, &target)) {
            // Of a tracking table several targets have one cell of their indicator.
            let column_of = |row: &KeptRow| if row.raw.made_of.is_some() { "target" } else { "indicator" };
            let kind = kinds::DuplicateTarget::Plain { value, other: first.row.describe(column_of(&first.row)) };
            table.kept_row(&row).field(column_of(&row)).report(OnFault::DropRow, kind);
            continue;
        }
        let is_final = target.kind == TargetKind::Cumulative && target.span.end() == project_end;
        if let Some(total) = indicator.target.filter(|total| is_final && *total != target.value) {
            let [target, total] = [target.value, total].map(|number| number.normalize().to_string());
            let kind = kinds::DuplicateTarget::Total { value, target, total, other: cell_of_total(indicator) };
            table.kept_row(&row).field("target").report(OnFault::DropRow, kind);
            continue;
        }
        kept.push(TargetRow { target, row });
    }
    check_sums(table, indicators, &kept, project_end);
    kept.into_iter().map(|kept| kept.target).collect()
}

/// Whether two targets are of one indicator and for one time: increments for the same span, levels for the same day.
fn is_for_same_time(a: &Target, b: &Target) -> bool {
    a.indicator == b.indicator
        && a.kind == b.kind
        && match a.kind {
            TargetKind::Incremental => is_same_span(&a.span, &b.span),
            TargetKind::Cumulative => a.span.end() == b.span.end(),
        }
}

fn is_same_span(a: &TargetSpan, b: &TargetSpan) -> bool {
    match (a, b) {
        (TargetSpan::Period(a), TargetSpan::Period(b)) => (a.start, a.end) == (b.start, b.end),
        (TargetSpan::Due(a), TargetSpan::Due(b)) => a == b,
        _ => false,
    }
}

/// Warns where an indicator's increments, none overlapping, don't come to its total; a note where they don't reach the
/// project's end yet.
fn check_sums(table: &mut TableReader, indicators: &[Indicator], rows: &[TargetRow], project_end: Date) {
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
            Some(BaselineUse::Added) if indicator.starts_from_nothing() => indicator.baseline.unwrap_or_default(),
            _ => Decimal::ZERO,
        };
        if sum != total - added
            && let Some((last, _)) = increments.last()
        {
            let total = total - added;
            // Who has planned the first year only has the rest still to plan.
            let is_open = sum < total && increments.iter().all(|(_, period)| period.end < project_end);
            let value = indicator.code.clone();
            let [sum, total] = [sum, total].map(|number| number.normalize().to_string());
            let problem = if is_open {
                Problem::note(kinds::TargetsDiffer::SoFar { value, sum, total })
            } else {
                Problem::warning(kinds::TargetsDiffer::Plain { value, sum, total })
            };
            table.kept_row(&last.row).field("target").warn_problem(problem);
        }
    }
}
