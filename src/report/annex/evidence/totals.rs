//! Totals over the rows of evidence, and over those of one part, as formulas.

use super::super::annex_builder::{AnnexBuilder, IntervalEnd, QuantityFormulas};
use super::super::sheet_plan::SheetSubject;
use super::super::workbook_model::{AnnexCell, CellRef, CellSpan, Formula};
use super::layout::{EvidenceKind, MarkColumns, ValuesOf};
use super::{ends, evidence_head, is_interval, is_second, reported};
use crate::indicators::Scope;
use crate::model::{Calculation, ColumnId, DistinctColumn, IndicatorId};

/// The scopes that an indicator's evidence gives totals of.
fn total_scopes(calculation: Calculation) -> &'static [Scope] {
    match calculation {
        Calculation::People => &[Scope::Period, Scope::Served, Scope::Cumulative],
        calculation if calculation.may_fall() => &[Scope::Cumulative],
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
    if !total_scopes(calculation).contains(&scope) {
        return None;
    }
    if calculation == Calculation::Reported {
        let total = reported::total_formula(draft, id, scope)?;
        return Some(QuantityFormulas { from: total.clone(), to: total });
    }
    if draft.evidence.columns(id).is_none() {
        // Too many rows to show: the values themselves.
        let constant = |end: IntervalEnd| match draft.figure(id).totals.value(scope) {
            Some(amount) => Formula::Number(end.amount(&amount)),
            None => Formula::text(draft.absent()),
        };
        return Some(QuantityFormulas { from: constant(IntervalEnd::Least), to: constant(IntervalEnd::Most) });
    }
    let most = if is_interval(draft, id) { IntervalEnd::Most } else { IntervalEnd::Least };
    let cell = |end: IntervalEnd| Some(Formula::Cell(evidence_total_cell(draft, id, scope, end)?));
    Some(QuantityFormulas { from: cell(IntervalEnd::Least)?, to: cell(most)? })
}

/// Whether an indicator has a value of those served: `people`, and ratios of them. No ratio is made of itself.
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

/// A line of totals above the marks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TotalLine {
    scope: Scope,
    end: IntervalEnd,
}

impl TotalLine {
    /// The lines of a sheet, in their order.
    pub fn all(draft: &AnnexBuilder, kind: EvidenceKind) -> Vec<TotalLine> {
        let people = draft.evidence.of_kind(kind).any(|(id, _)| draft.indicator(id).calculation == Calculation::People);
        let scopes: &[Scope] = total_scopes(if people { Calculation::People } else { Calculation::Activities });
        let ends = ends(draft, kind);
        scopes.iter().flat_map(|&scope| ends.iter().map(move |&end| TotalLine { scope, end })).collect()
    }
}

/// The cell of an indicator's total, above its column of marks.
pub fn evidence_total_cell(draft: &AnnexBuilder, id: IndicatorId, scope: Scope, end: IntervalEnd) -> Option<CellRef> {
    let columns = draft.evidence.columns(id).filter(|columns| columns.kind != EvidenceKind::Reported)?;
    let subject = SheetSubject::Evidence(columns.kind);
    let line = TotalLine::all(draft, columns.kind).iter().position(|line| *line == TotalLine { scope, end })?;
    let above = evidence_head(draft, subject).len();
    let second = columns.second.filter(|_| is_second(draft.indicator(id).calculation, scope));
    Some(CellRef::head(draft.sheet(subject), (above + line) as u32, second.unwrap_or(columns.counted)))
}

/// One line of totals: what they are, and a formula above the marks of each indicator.
pub fn total_line_cells<'a>(
    draft: &AnnexBuilder<'a>,
    kind: EvidenceKind,
    TotalLine { scope, end }: TotalLine,
    columns: usize,
) -> Vec<AnnexCell<'a>> {
    let mut cells = vec![AnnexCell::Empty; columns];
    let has_ends = ends(draft, kind).len() > 1;
    let labels = draft.labels.each(|locale| {
        let scope = locale.label(scope_label(scope));
        if has_ends && end == IntervalEnd::Most {
            format!("{scope}, {}", locale.label(end.label()))
        } else {
            scope.to_owned()
        }
    });
    // In the columns before the marks, a language beside the other.
    for (at, label) in labels.into_iter().enumerate() {
        if let Some(cell) = cells.get_mut(2 * at) {
            *cell = AnnexCell::text(label);
        }
    }
    for (id, own) in draft.evidence.of_kind(kind) {
        let calculation = draft.indicator(id).calculation;
        if !total_scopes(calculation).contains(&scope) || (end == IntervalEnd::Most && !is_interval(draft, id)) {
            continue;
        }
        let value = draft.figure(id).totals.value(scope);
        let number = value.map(|amount| end.amount(&amount));
        let format = draft.format(false, number.as_slice(), value.and_then(|amount| amount.hedge));
        let second = own.second.filter(|_| is_second(calculation, scope));
        let formula = total_formula(draft, id, own, scope, end);
        if let Some(cell) = cells.get_mut(usize::from(second.unwrap_or(own.counted))) {
            *cell = draft.formula(formula, number, format);
        }
    }
    cells
}

/// Names the cells of totals: `I14_counted_cumulative`.
pub fn name_totals(draft: &mut AnnexBuilder, kind: EvidenceKind) {
    let own: Vec<IndicatorId> = draft.evidence.of_kind(kind).map(|(id, _)| id).collect();
    for id in own {
        let interval = is_interval(draft, id);
        for &scope in total_scopes(draft.indicator(id).calculation) {
            for &end in IntervalEnd::needed(interval) {
                let Some(cell) = evidence_total_cell(draft, id, scope, end) else { continue };
                let tail = if interval { format!("_{}", end.field()) } else { String::new() };
                let indicator = draft.indicator(id);
                draft.names.name_figure(indicator, &format!("counted_{}{tail}", scope.code()), cell);
            }
        }
    }
}

/// A whole column of an evidence sheet.
fn column(draft: &AnnexBuilder, kind: EvidenceKind, column: u16) -> Formula {
    let sheet = draft.sheet(SheetSubject::Evidence(kind));
    Formula::Span(CellSpan { sheet, column, first: 0, last: draft.evidence.rows(kind) - 1 })
}

/// The amounts of activities that an indicator adds up or compares.
fn amounts(draft: &AnnexBuilder, of: ColumnId) -> Option<Formula> {
    let (_, at) = draft.evidence.amounts.iter().find(|(known, _)| *known == of)?;
    Some(column(draft, EvidenceKind::Activities, *at))
}

/// A total over the rows of an evidence sheet.
fn total_formula(draft: &AnnexBuilder, id: IndicatorId, own: MarkColumns, scope: Scope, end: IntervalEnd) -> Formula {
    let calculation = draft.indicator(id).calculation;
    if matches!(calculation, Calculation::Distinct(DistinctColumn::Person(_) | DistinctColumn::Age))
        && let Some(values) = draft.evidence.values_span(draft, id, ValuesOf::Different(scope))
    {
        return Formula::call("COUNTA", [values]);
    }
    let second = own.second.filter(|_| is_second(calculation, scope));
    if let Some(second) = second {
        return Formula::call("SUM", [column(draft, own.kind, second)]);
    }
    let marks = marks(draft, own, scope);
    match calculation {
        Calculation::Sum(of) | Calculation::Reach(of) => {
            let coverage = &draft.figure(id).totals.coverage;
            let blank = if scope == Scope::Cumulative { coverage.blank } else { coverage.period_blank };
            let is_greatest = matches!(calculation, Calculation::Reach(_)) && end == IntervalEnd::Least;
            amount_formula(draft, marks, of, is_greatest, blank > 0)
        }
        _ => match <[Formula; 1]>::try_from(marks) {
            Ok(all) => Formula::call("SUM", all),
            Err(marks) => Formula::call("SUMPRODUCT", marks),
        },
    }
}

/// The columns whose product is 1 for each row that counts in a scope.
fn marks(draft: &AnnexBuilder, own: MarkColumns, scope: Scope) -> Vec<Formula> {
    let mut marks = vec![column(draft, own.kind, own.counted)];
    if scope == Scope::Period {
        marks.push(column(draft, own.kind, draft.evidence.in_period(own.kind)));
    }
    marks
}

/// The sum, or the greatest, of the amounts of rows that all columns mark; absent where rows have none at all.
fn amount_formula(
    draft: &AnnexBuilder,
    marks: Vec<Formula>,
    of: ColumnId,
    is_greatest: bool,
    may_be_absent: bool,
) -> Formula {
    let Some(amounts) = amounts(draft, of) else { return Formula::text(draft.absent()) };
    let product = |last: Formula| marks.iter().rev().fold(last, |product, mark| mark.clone().infix("*", product));
    let total = if is_greatest {
        Formula::call("SUMPRODUCT", [Formula::call("MAX", [product(amounts.clone())])])
    } else {
        Formula::call("SUMPRODUCT", marks.iter().cloned().chain([amounts.clone()]))
    };
    if !may_be_absent {
        return total;
    }
    // No row is zero, but rows without a count are absent.
    let known = Formula::call("SUMPRODUCT", [product(Formula::call("ISNUMBER", [amounts]))]);
    Formula::call("IF", [known.infix("=", Formula::number(0)), Formula::text(draft.absent()), total])
}

/// What a part comes to, unrounded; `code` is the cell with the part's code. None where no formula over the evidence gives
/// it.
pub fn part_formula(
    draft: &AnnexBuilder,
    (id, axis): (IndicatorId, usize),
    code: Formula,
    scope: Scope,
    end: IntervalEnd,
) -> Option<Formula> {
    let indicator = draft.indicator(id);
    let own = draft.evidence.columns(id)?;
    let calculation = indicator.calculation;
    match calculation {
        Calculation::People | Calculation::Completed(_) | Calculation::Attendances | Calculation::Distinct(_) => {
            let values = draft.evidence.values_span(draft, id, ValuesOf::Axis(axis, scope))?;
            Some(Formula::call("SUMPRODUCT", [as_number(values.infix("=", code))]))
        }
        Calculation::Activities | Calculation::Sum(_) | Calculation::Reach(_) => {
            if scope == Scope::Served {
                return None;
            }
            let sums = |of: ValuesOf| draft.evidence.values_span(draft, id, of);
            if let (Some(parts), Some(sums)) =
                (sums(ValuesOf::SumParts(axis, scope)), sums(ValuesOf::Sums(axis, scope)))
            {
                return Some(Formula::call("SUMPRODUCT", [as_number(parts.infix("=", code)), sums]));
            }
            let axis = &indicator.axes[axis];
            let known = draft.evidence.axes.iter().find(|known| known.sides == (axis.first, axis.second))?;
            let mut columns = vec![as_number(column(draft, own.kind, known.column).infix("=", code))];
            columns.extend(marks(draft, own, scope));
            Some(match calculation {
                Calculation::Sum(of) | Calculation::Reach(of) => {
                    let is_greatest = matches!(calculation, Calculation::Reach(_)) && end == IntervalEnd::Least;
                    amount_formula(draft, columns, of, is_greatest, false)
                }
                _ => Formula::call("SUMPRODUCT", columns),
            })
        }
        Calculation::Ratio(..) | Calculation::Reported => None,
    }
}

/// Truth as 1 and 0.
fn as_number(condition: Formula) -> Formula {
    condition.infix("*", Formula::number(1))
}

/// The label of a scope.
pub fn scope_label(scope: Scope) -> &'static str {
    match scope {
        Scope::Period => "figure.actual-period",
        Scope::Served => "figure.served",
        Scope::Cumulative => "figure.cumulative",
    }
}
