//! The totals above the rows of an evidence sheet, as formulas over them.

use super::super::annex_builder::{AnnexBuilder, IntervalEnd, QuantityFormulas};
use super::super::workbook_model::{AnnexCell, CellRef, Formula};
use super::{EvidenceLayout, days, reported};
use crate::indicators::Scope;
use crate::model::{Calculation, IndicatorId};

/// The line of the first total: under the title and the way back.
const FIRST_TOTAL: u32 = 2;

/// Columns that all evidence has, by place: who or what, and whether it counts in the period.
const COUNTED: u16 = 0;

/// The scopes that an indicator's evidence gives totals of.
pub fn total_scopes(calculation: Calculation) -> &'static [Scope] {
    match calculation {
        Calculation::People => &[Scope::Period, Scope::Served, Scope::Cumulative],
        _ => &[Scope::Period, Scope::Cumulative],
    }
}

/// What an indicator comes to in a scope, unrounded, as formulas over its evidence, or over what a ratio is made of.
/// None where nothing of the kind is counted.
pub fn total_formulas(draft: &AnnexBuilder, id: IndicatorId, scope: Scope) -> Option<QuantityFormulas> {
    let calculation = draft.indicator(id).calculation;
    if let Calculation::Ratio(first, second) = calculation {
        if scope == Scope::Served && !has_served(draft, id) {
            return None;
        }
        let top = total_formulas(draft, first, scope_in_ratio(draft, first, scope))?;
        let bottom = total_formulas(draft, second, scope_in_ratio(draft, second, scope))?;
        let divided = |top: Formula, bottom: Formula| draft.or_absent(top.infix("/", bottom));
        return Some(QuantityFormulas { from: divided(top.from, bottom.to), to: divided(top.to, bottom.from) });
    }
    let placed = draft.plan.placed(id)?;
    let at = total_scopes(calculation).iter().position(|&own| own == scope)?;
    let Some(sheet) = placed.evidence else {
        // Too many rows to show: the values themselves.
        let constant = |end: IntervalEnd| match draft.figure(id).totals.value(scope) {
            Some(amount) => Formula::Number(end.amount(&amount)),
            None => Formula::text(draft.absent()),
        };
        return Some(QuantityFormulas { from: constant(IntervalEnd::Least), to: constant(IntervalEnd::Most) });
    };
    let ends = IntervalEnd::needed(placed.interval).len() as u32;
    let line = FIRST_TOTAL + at as u32 * ends;
    let from = Formula::Cell(CellRef::head(sheet, line, 0));
    let to = Formula::Cell(CellRef::head(sheet, line + ends - 1, 0));
    Some(QuantityFormulas { from, to })
}

/// Whether an indicator tells who was served: `people`, and ratios of them. No ratio is made of itself.
pub fn has_served(draft: &AnnexBuilder, id: IndicatorId) -> bool {
    match draft.indicator(id).calculation {
        Calculation::People => true,
        Calculation::Ratio(first, second) => has_served(draft, first) || has_served(draft, second),
        _ => false,
    }
}

/// The scope of a part of a ratio: a ratio of persons is of those served, not of those first met.
pub fn scope_in_ratio(draft: &AnnexBuilder, part: IndicatorId, scope: Scope) -> Scope {
    match scope {
        Scope::Cumulative => Scope::Cumulative,
        Scope::Period | Scope::Served if has_served(draft, part) => Scope::Served,
        Scope::Period | Scope::Served => Scope::Period,
    }
}

/// A total over the rows of an evidence sheet.
fn total_formula(
    draft: &AnnexBuilder,
    id: IndicatorId,
    layout: &EvidenceLayout,
    scope: Scope,
    end: IntervalEnd,
) -> Formula {
    let sum = |column: u16| Formula::call("SUM", [layout.column(column)]);
    if let Some(&values) = layout.values.get(&scope) {
        return Formula::call("COUNTA", [layout.separate_column(values)]);
    }
    if layout.by_day {
        return sum(match scope {
            Scope::Period => layout.in_period,
            Scope::Served => layout.served.unwrap_or(layout.in_period),
            Scope::Cumulative => days::CUMULATIVE,
        });
    }
    let rows = || Formula::call("COUNTA", [layout.column(COUNTED)]);
    let flagged = match scope {
        Scope::Period => sum(layout.in_period),
        Scope::Served => sum(layout.served.unwrap_or(layout.in_period)),
        Scope::Cumulative => rows(),
    };
    let value = match scope {
        Scope::Cumulative => layout.value,
        Scope::Period | Scope::Served => layout.value_in_period,
    };
    let (Some(value), calculation) = (value, draft.indicator(id).calculation) else { return flagged };
    match calculation {
        Calculation::Distinct(_) => sum(value),
        Calculation::Reported => reported::total_formula(draft, id, layout, scope, value),
        _ => {
            let function = match calculation {
                Calculation::Reach(_) if end == IntervalEnd::Least => "MAX",
                _ => "SUM",
            };
            let sum = Formula::call(function, [layout.column(value)]);
            let coverage = &draft.figure(id).totals.coverage;
            let blank = if scope == Scope::Cumulative { coverage.blank } else { coverage.period_blank };
            if blank == 0 {
                return sum;
            }
            // No row is zero, but rows without a count are absent; they are in no evidence.
            let none = Formula::call("COUNT", [layout.column(value)]).infix("=", Formula::number(0));
            Formula::call("IF", [none, Formula::text(draft.absent()), sum])
        }
    }
}

/// One line for each scope, or for each of its ends: the number, and what it is.
pub fn total_lines<'a>(
    draft: &mut AnnexBuilder<'a>,
    id: IndicatorId,
    layout: &EvidenceLayout,
) -> Vec<Vec<AnnexCell<'a>>> {
    let interval = draft.plan.placed(id).is_some_and(|placed| placed.interval);
    let indicator = draft.indicator(id);
    let mut lines = Vec::new();
    for &scope in total_scopes(indicator.calculation) {
        for &end in IntervalEnd::needed(interval) {
            let value = draft.figure(id).totals.value(scope);
            let number = value.map(|amount| end.amount(&amount));
            let format = draft.format(false, number.as_slice(), value.and_then(|amount| amount.hedge));
            let mut label = draft.labels.label(scope_label(scope));
            if interval {
                label = format!("{label}, {}", draft.labels.label(end.label()));
            }
            let line = FIRST_TOTAL + lines.len() as u32;
            let field = if interval { format!("_{}", end.field()) } else { String::new() };
            let field = format!("counted_{}{field}", scope.code());
            draft.names.name_figure(indicator, &field, CellRef::head(layout.sheet, line, 0));
            let cell = draft.formula(total_formula(draft, id, layout, scope, end), number, format);
            lines.push(vec![cell, AnnexCell::text(label)]);
        }
    }
    lines
}

/// The label of a scope.
pub fn scope_label(scope: Scope) -> &'static str {
    match scope {
        Scope::Period => "figure.actual-period",
        Scope::Served => "figure.served",
        Scope::Cumulative => "figure.cumulative",
    }
}
