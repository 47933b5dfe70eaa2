use rust_decimal::Decimal;

use super::results::level_of;
use crate::diagnostic::Problem;
use crate::ingest::cell::{Percentage, read_text};
use crate::ingest::codes::CodeBook;
use crate::ingest::conditions::{self, Fault, WrittenAxis, WrittenCalculation, WrittenCondition};
use crate::ingest::lists::Listing;
use crate::ingest::raw::RawRow;
use crate::ingest::table::{Part, Role, TableRun};
use crate::model::{Aggregation, BaselineUse, Calculation, Direction, Indicator, Lang, ResultId};

/// An indicator with the words of its row, before they are looked up.
pub struct WrittenIndicator {
    pub indicator: Indicator,
    pub calculation: Option<WrittenCalculation>,
    pub conditions: Vec<WrittenCondition>,
    pub axes: Vec<WrittenAxis>,
    pub part: Part,
    pub row: RawRow<'static>,
    baseline_percent: bool,
    target_percent: bool,
}

/// What indicators refer to.
#[derive(Clone, Copy)]
pub struct IndicatorGround<'g> {
    pub listing: &'g Listing,
    pub languages: &'g [Lang],
    /// None where the project has no results table.
    pub results: Option<&'g CodeBook>,
}

pub fn read(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    ground: &IndicatorGround,
    codes: &mut CodeBook,
    known: &mut Vec<WrittenIndicator>,
) {
    let IndicatorGround { listing, languages, results } = *ground;
    let column = part.column("code");
    let code = run.key(part, row, column, "missing-value").map(|code| code.into_owned());
    let title = run.translated(part, row, "title", languages, true);
    let unit = run.translated(part, row, "unit", languages, true);
    let definition = run.translated(part, row, "definition", languages, false);
    let verification = run.translated(part, row, "verification", languages, false);
    let level = run.word(part, row, "level", listing, "level").and_then(level_of);
    let result = super::result_of(run, part, row, part.column("result"), results);
    let direction = match run.word(part, row, "direction", listing, "direction") {
        Some(1) => Direction::Decrease,
        _ => Direction::Increase,
    };
    let aggregation = run.word(part, row, "aggregation", listing, "aggregation").and_then(|entry| {
        let all = [Aggregation::Sum, Aggregation::Latest, Aggregation::Maximum, Aggregation::Average];
        all.get(entry as usize).copied()
    });
    let baseline_use = run
        .word(part, row, "baseline_use", listing, "baseline_use")
        .and_then(|entry| [BaselineUse::Added, BaselineUse::Reference].get(entry as usize).copied());
    let baseline = run.decimal(part, row, part.column("baseline"));
    let target = run.decimal(part, row, part.column("target"));
    let calculation_text = written(run, part, row, "calculation");
    let where_text = written(run, part, row, "where");
    let by_text = written(run, part, row, "by");

    let at = part.column("calculation").unwrap_or_default();
    let calculation = match calculation_text.as_str() {
        "" => {
            if row.cell(at).is_none_or(|cell| read_text(Some(cell)).is_ok_and(|text| text.is_none())) {
                let problem = Problem::error("missing-value").with("column", run.heading(part, at));
                run.fault(part, row, at, Role::Deciding, problem);
            }
            None
        }
        text => match conditions::calculation(text) {
            Ok(calculation) => Some(calculation),
            Err(fault) => {
                run.fault(part, row, at, Role::Deciding, fault_problem(fault));
                None
            }
        },
    };
    let (conditions, faults) = conditions::conditions(&where_text);
    for fault in faults {
        run.fault(part, row, part.column("where").unwrap_or_default(), Role::Deciding, fault_problem(fault));
    }
    let (axes, faults) = conditions::axes(&by_text);
    for fault in faults {
        run.fault(part, row, part.column("by").unwrap_or_default(), Role::Deciding, fault_problem(fault));
    }
    if let (Some(code), Some(column)) = (code, column) {
        if let Some(found) = codes.find(&code) {
            let first = &known[found.number as usize];
            let other = first.part.describe(first.row.number, first.part.column("code").unwrap_or_default());
            let problem = Problem::error("duplicate-code").with("value", code).with("other", other);
            run.fault(part, row, column, Role::Deciding, problem);
        } else {
            codes.find_or_add(&code);
            known.push(WrittenIndicator {
                indicator: Indicator {
                    code,
                    title,
                    unit,
                    level,
                    result: result.map(|number| ResultId(number as u16)),
                    // Stands in until the words are looked up.
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
                    definition,
                    verification,
                    row: part.row(row.number),
                },
                calculation,
                conditions,
                axes,
                part: part.clone(),
                row: row.clone().into_owned(),
                baseline_percent: is_percent(baseline),
                target_percent: is_percent(target),
            });
        }
    }
    run.settle();
}

fn is_percent(number: Option<Percentage>) -> bool {
    number.is_some_and(|number| number.percent)
}

/// A cell as text, line breaks kept.
fn written(run: &mut TableRun, part: &Part, row: &RawRow, name: &str) -> String {
    run.text(part, row, part.column(name)).map(|text| text.into_owned()).unwrap_or_default()
}

pub fn fault_problem(fault: Fault) -> Problem {
    match fault {
        Fault::NoOperator(text) => Problem::error("bad-condition").variant("operator").with("text", text),
        Fault::NoValue(text) => Problem::error("bad-condition").variant("value").with("text", text),
        Fault::NoName(text) => Problem::error("bad-condition").variant("name").with("text", text),
        Fault::WrongCrossing(text) => Problem::error("bad-axis").with("text", text),
        Fault::WrongArguments(text) => Problem::error("bad-calculation").variant("arguments").with("text", text),
        Fault::UnknownCalculation(text) => {
            let name = text.split('(').next().unwrap_or_default().trim();
            let near = crate::diagnostic::nearest(name, WrittenCalculation::NAMES);
            let problem = Problem::error("bad-calculation").with("text", text.as_str());
            match near {
                Some(near) => problem.variant("nearest").with("nearest", near),
                None => problem,
            }
        }
    }
}

/// What a baseline, a target and their use must be for the calculation they stand beside.
pub fn check_baselines(run: &mut TableRun, written: &WrittenIndicator) {
    let WrittenIndicator { indicator, part, row, .. } = written;
    let Some(calculation) = &written.calculation else { return };
    let counted = !matches!(calculation, WrittenCalculation::Ratio(..) | WrittenCalculation::Reported);
    let baseline = indicator.baseline;
    let at = |name: &str| part.column(name).unwrap_or_default();
    if counted && baseline.is_some_and(|baseline| !baseline.is_zero()) && indicator.baseline_use.is_none() {
        let problem = Problem::error("baseline-use-missing").with("value", indicator.code.as_str());
        run.fault_in_used(part, row, at("baseline"), Role::Deciding, problem);
    }
    if counted && indicator.target.is_some_and(|target| target.is_sign_negative() && !target.is_zero()) {
        let problem = Problem::error("not-a-count").variant("negative");
        let shown = indicator.target.map(|target| target.to_string()).unwrap_or_default();
        run.fault_in_used(part, row, at("target"), Role::Deciding, problem.with("text", shown));
    }
    if matches!(calculation, WrittenCalculation::Ratio(..)) {
        let values =
            [("baseline", baseline, written.baseline_percent), ("target", indicator.target, written.target_percent)];
        for (name, value, percent) in values {
            if let Some(value) = value.filter(|value| *value > Decimal::ONE && !percent) {
                let problem = Problem::warning("ratio-over-one").with("value", value.normalize().to_string());
                run.remark(part, row, at(name), problem.with("column", name));
            }
        }
    }
}
