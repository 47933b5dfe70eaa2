//! The indicators table, its `calculation`, `where` and `by` split but not yet looked up.

use super::number_unit::NumberUnit;
use super::results::level_at;
use crate::diagnostic::kinds;
use crate::ingest::cell::WrittenNumber;
use crate::ingest::codes::CodeIndex;
use crate::ingest::conditions::{self, WrittenAxis, WrittenCalculation, WrittenCondition};
use crate::ingest::lists::ListIndex;
use crate::ingest::table::{KeptRow, OnFault, RowReader, TableReader};
use crate::model::{Aggregation, BaselineUse, Calculation, Direction, Indicator, Lang, Plan, ResultId};

/// An indicator with the words of its row, before they are looked up.
pub struct WrittenIndicator {
    pub indicator: Indicator,
    /// `None` if it is blank or can't be split; already reported.
    pub calculation: Option<WrittenCalculation>,
    pub conditions: Vec<WrittenCondition>,
    pub axes: Vec<WrittenAxis>,
    pub row: KeptRow,
    baseline: Option<WrittenNumber>,
    target: Option<WrittenNumber>,
}

/// What indicators refer to.
#[derive(Clone, Copy)]
pub struct IndicatorContext<'i> {
    pub lists: &'i ListIndex,
    pub languages: &'i [Lang],
    /// None where the project has no results table.
    pub results: Option<&'i CodeIndex>,
}

/// Reads one row of the indicators table.
pub fn read_indicator(
    row: &mut RowReader,
    context: &IndicatorContext,
    codes: &mut CodeIndex,
    indicators: &mut Vec<WrittenIndicator>,
) {
    let IndicatorContext { lists, languages, results } = *context;
    let code = row.field("code").required_code();
    let title = row.required_text("title", languages);
    let unit = row.required_text("unit", languages);
    let definition = row.translated_text("definition", languages);
    let verification = row.translated_text("verification", languages);
    let level = row.field("level").built_in_entry(lists, "level").and_then(level_at);
    let result = super::find_result(&mut row.field("result"), results);
    let direction = match row.field("direction").built_in_entry(lists, "direction") {
        Some(1) => Direction::Decrease,
        _ => Direction::Increase,
    };
    let aggregation = row.field("aggregation").built_in_entry(lists, "aggregation").and_then(|entry| {
        let all = [Aggregation::Sum, Aggregation::Latest, Aggregation::Maximum, Aggregation::Average];
        all.get(entry as usize).copied()
    });
    let baseline_use = row
        .field("baseline_use")
        .built_in_entry(lists, "baseline_use")
        .and_then(|entry| [BaselineUse::Added, BaselineUse::Reference].get(entry as usize).copied());
    let plan = row.field("plan").built_in_entry(lists, "plan").map(|_| Plan::Linear);
    let baseline = row.field("baseline").number();
    let target = row.field("target").number();
    let calculation_text = text_of(row, "calculation");
    let where_text = text_of(row, "where");
    let by_text = text_of(row, "by");

    let calculation = read_calculation(row, &calculation_text);
    let (conditions, faults) = conditions::parse_conditions(&where_text);
    for fault in faults {
        row.field("where").report(OnFault::DropRow, fault);
    }
    let (axes, faults) = conditions::parse_axes(&by_text);
    for fault in faults {
        row.field("by").report(OnFault::DropRow, fault);
    }
    if let Some(code) = code {
        if let Some(found) = codes.find(&code) {
            let other = indicators[found.id.index()].row.describe("code");
            let value = code.into_owned();
            row.field("code").report(OnFault::DropRow, kinds::DuplicateCode { value, other });
        } else {
            codes.find_or_add(&code);
            indicators.push(WrittenIndicator {
                indicator: Indicator {
                    code: code.into_owned(),
                    title,
                    unit,
                    level,
                    result: result.map(|result| ResultId(result.0 as u16)),
                    // Replaced when the words are looked up.
                    calculation: Calculation::Reported,
                    calculation_text,
                    conditions: Vec::new(),
                    where_text,
                    axes: Vec::new(),
                    baseline: baseline.map(|number| number.value),
                    baseline_use,
                    target: target.map(|number| number.value),
                    direction,
                    aggregation,
                    plan,
                    definition,
                    verification,
                    row: row.row_ref(),
                },
                calculation,
                conditions,
                axes,
                row: row.keep(),
                baseline,
                target,
            });
        }
    }
    row.finish();
}

/// A cell as text with its line breaks; empty for a blank.
fn text_of(row: &mut RowReader, name: &str) -> String {
    row.field(name).text().map(|text| text.into_owned()).unwrap_or_default()
}

/// Splits a calculation; `None` if it is blank or faulty.
fn read_calculation(row: &mut RowReader, text: &str) -> Option<WrittenCalculation> {
    let mut field = row.field("calculation");
    if text.is_empty() {
        // Else the cell has been reported as unreadable.
        if field.is_blank() {
            field.report_missing(OnFault::DropRow);
        }
        return None;
    }
    conditions::parse_calculation(text).map_err(|fault| field.report(OnFault::DropRow, fault)).ok()
}

/// Checks an indicator's baseline, its use and its target against the calculation, and converts them to its unit.
pub fn check_baselines(
    table: &mut TableReader,
    written: &mut WrittenIndicator,
    unit: Option<&NumberUnit>,
    lists: &ListIndex,
) {
    let WrittenIndicator { indicator, row, .. } = written;
    let (Some(calculation), Some(unit)) = (&written.calculation, unit) else { return };
    let mut row = table.kept_row(row);
    let is_counted = !matches!(calculation, WrittenCalculation::Ratio(..) | WrittenCalculation::Reported);
    let is_added_up = *calculation == WrittenCalculation::Reported && indicator.aggregation == Some(Aggregation::Sum);
    let starts_from_nothing = is_counted || is_added_up;
    let baseline = indicator.baseline;
    if !starts_from_nothing && indicator.baseline_use.is_some() {
        row.field("baseline_use").warn(kinds::BaselineUseUnused { value: indicator.code.clone() });
    }
    if starts_from_nothing && baseline.is_some_and(|baseline| !baseline.is_zero()) && indicator.baseline_use.is_none() {
        let value = indicator.code.clone();
        let column = row.sheet.heading_or_example("baseline_use");
        let [added, reference] =
            ["added", "reference"].map(|code| lists.written_value("baseline_use", code).to_owned());
        let kind = if row.field("baseline_use").exists() {
            kinds::BaselineUseMissing::Plain { column, value, added, reference }
        } else {
            kinds::BaselineUseMissing::NoColumn { column, value, added, reference }
        };
        row.field("baseline").report(OnFault::DropRow, kind);
    }
    if is_counted && let Some(target) = indicator.target.filter(|target| target.is_sign_negative() && !target.is_zero())
    {
        let text = target.to_string();
        row.field("target").report(OnFault::DropRow, kinds::NotACount::Negative { text });
    }
    if is_added_up && *unit == NumberUnit::Percent {
        let at = if row.field("aggregation").exists() { "aggregation" } else { "code" };
        let [latest, average] = ["latest", "average"].map(|code| lists.written_value("aggregation", code).to_owned());
        let column = row.sheet.heading_or_example("aggregation");
        row.field(at).warn(kinds::SummedPercentages { indicator: indicator.code.clone(), column, latest, average });
    }
    let code = &indicator.code;
    indicator.baseline = written.baseline.map(|number| unit.convert(&mut row.field("baseline"), code, number));
    indicator.target = written.target.map(|number| unit.convert(&mut row.field("target"), code, number));
}
