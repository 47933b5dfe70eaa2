//! The sheet of disaggregations: a row for each part of each axis, two for one that is an interval.

use rust_decimal::Decimal;

use super::annex_builder::{AnnexBuilder, IntervalEnd, QuantityFormulas};
use super::axis_labels::{self, PartLabels};
use super::evidence::{self, EvidenceLayout};
use super::sheet_plan::SheetSubject;
use super::workbook_model::{
    AnnexCell, AnnexColumn, AnnexColumnKind, AnnexSheet, AnnexTable, CellRef, CellSpan, Formula, InMemoryRows,
    SheetRole,
};
use crate::disclosure::{ReleasedPart, ReleasedValue};
use crate::indicators::{PartKey, Scope};
use crate::model::{Amount, Calculation, IndicatorId};

/// Columns by place.
pub mod column {
    pub const PART: u16 = 3;
    pub const PERIOD: u16 = 4;
    pub const SERVED: u16 = 5;
    pub const CUMULATIVE: u16 = 6;
}

const SCOPES: [Scope; 3] = [Scope::Period, Scope::Served, Scope::Cumulative];

/// The place of a part in the sheet.
pub struct PlacedPart {
    pub id: IndicatorId,
    pub axis: usize,
    /// None for an axis that is withheld whole.
    pub key: Option<PartKey>,
    pub row: u32,
    pub interval: bool,
}

/// Every part of the shown indicators, in the order of rows.
pub fn place_parts(draft: &AnnexBuilder) -> Vec<PlacedPart> {
    let mut row = 0;
    let mut parts = Vec::new();
    for placed in &draft.plan.indicators {
        let id = placed.id;
        for (axis, released) in draft.figure(id).axes.iter().enumerate() {
            if released.withheld {
                parts.push(PlacedPart { id, axis, key: None, row, interval: false });
                row += 1;
            }
            for part in &released.parts {
                let interval = SCOPES.iter().any(
                    |&scope| matches!(part.value(scope), ReleasedValue::Value(Some(amount)) if amount.is_interval()),
                );
                parts.push(PlacedPart { id, axis, key: Some(part.key), row, interval });
                row += if interval { 2 } else { 1 };
            }
        }
    }
    parts
}

pub fn disaggregation_sheet<'a>(draft: &mut AnnexBuilder<'a>, parts: &[PlacedPart]) -> AnnexSheet<'a> {
    let labels = &draft.labels;
    let named = |heading: &str, kind| AnnexColumn { heading: labels.label(heading), kind };
    let columns = vec![
        named("figure.code", AnnexColumnKind::Code),
        named("figure.indicator", AnnexColumnKind::Title),
        named("figure.disaggregation", AnnexColumnKind::Word),
        named("figure.part", AnnexColumnKind::Title),
        named("figure.actual-period", AnnexColumnKind::Number),
        named("figure.served", AnnexColumnKind::Number),
        named("figure.cumulative", AnnexColumnKind::Number),
        named("page.note", AnnexColumnKind::Title),
    ];
    let heading = draft.labels.label("annex.disaggregation");
    let mut rows = Vec::new();
    let mut context: Option<AxisContext> = None;
    for part in parts {
        if context.as_ref().is_none_or(|context| (context.id, context.axis) != (part.id, part.axis)) {
            context = Some(AxisContext::new(draft, part.id, part.axis));
        }
        let Some(context) = &context else { continue };
        for &end in IntervalEnd::needed(part.interval) {
            rows.push(context.part_row(draft, parts, part, end));
        }
    }
    let table = AnnexTable {
        name: draft.names.table_name("disaggregation"),
        first_column: 0,
        last_column: columns.len() as u16 - 1,
        rows: rows.len() as u32,
    };
    AnnexSheet {
        name: draft.plan.name(SheetSubject::Disaggregation).to_owned(),
        role: SheetRole::Figures,
        head: vec![vec![AnnexCell::Heading(heading.into())]],
        columns,
        frozen: 1,
        rows: Box::new(InMemoryRows(rows)),
        tables: vec![table],
        charts: Vec::new(),
    }
}

/// What the rows of one axis share.
struct AxisContext {
    id: IndicatorId,
    axis: usize,
    labels: PartLabels,
    layout: Option<EvidenceLayout>,
    name: String,
    additive: bool,
}

impl AxisContext {
    fn new(draft: &AnnexBuilder, id: IndicatorId, axis: usize) -> AxisContext {
        let indicator = draft.indicator(id);
        let counts = &draft.project().activities.head_counts;
        let additive = matches!(
            indicator.calculation,
            Calculation::Activities | Calculation::Attendances | Calculation::People | Calculation::Sum(_)
        ) && !counts.is_of_whom(indicator.calculation, &indicator.axes[axis]);
        AxisContext {
            id,
            axis,
            labels: PartLabels::new(draft, id, axis),
            layout: evidence::evidence_layout(draft, id),
            name: axis_labels::axis_name(draft, &indicator.axes[axis]),
            additive,
        }
    }

    fn part_row<'a>(
        &self,
        draft: &AnnexBuilder<'a>,
        parts: &[PlacedPart],
        part: &PlacedPart,
        end: IntervalEnd,
    ) -> Vec<AnnexCell<'a>> {
        let indicator = draft.indicator(self.id);
        let home = draft.sheet(SheetSubject::Indicators);
        let first = draft.plan.placed(self.id).map_or(0, |placed| placed.row);
        let label = match part.key {
            Some(key) => self.labels.label(key),
            None => draft.labels.label("annex.withheld"),
        };
        let mut cells = vec![
            draft.link(indicator.code.as_str(), CellRef::row(home, first, 0)),
            AnnexCell::text(draft.labels.text(&indicator.title)),
            AnnexCell::text(self.name.clone()),
            AnnexCell::text(label),
        ];
        let released = part
            .key
            .and_then(|key| draft.figure(self.id).axes[self.axis].parts.iter().find(|released| released.key == key));
        cells.extend(SCOPES.map(|scope| match released {
            Some(released) => self.scope_cell(draft, parts, part, released, scope, end),
            None => AnnexCell::text(draft.labels.label("number.withheld")),
        }));
        let mut notes = Vec::new();
        if part.interval {
            notes.push(draft.labels.label(end.label()));
        }
        if !self.additive {
            notes.push(draft.labels.label("counted.not-additive"));
        }
        cells.push(AnnexCell::text(notes.join("\n")));
        cells
    }

    fn scope_cell<'a>(
        &self,
        draft: &AnnexBuilder<'a>,
        parts: &[PlacedPart],
        part: &PlacedPart,
        released: &ReleasedPart,
        scope: Scope,
        end: IntervalEnd,
    ) -> AnnexCell<'a> {
        let value = match released.value(scope) {
            ReleasedValue::Below(limit) => return AnnexCell::text(draft.labels.join(|locale| locale.below(limit))),
            ReleasedValue::Withheld => return AnnexCell::text(draft.labels.label("number.withheld")),
            ReleasedValue::Value(value) => value,
        };
        let percent = draft.is_percent(self.id);
        let number = value.map(|amount| amount.round_for_print(end.amount(&amount)));
        let format = draft.format(percent, number.as_slice(), value.and_then(|amount| amount.hedge));
        match self.formula(draft, parts, part, (scope, end), value.is_none()) {
            Some(formula) => draft.formula(round_for_print(draft, formula, value), number, format),
            None => number.map_or_else(|| AnnexCell::text(draft.absent()), |number| AnnexCell::Number(number, format)),
        }
    }

    /// What a part comes to, unrounded. None where no formula over the annex gives it.
    fn formula(
        &self,
        draft: &AnnexBuilder,
        parts: &[PlacedPart],
        part: &PlacedPart,
        (scope, end): (Scope, IntervalEnd),
        absent: bool,
    ) -> Option<Formula> {
        let label = Formula::Cell(CellRef::row(
            draft.sheet(SheetSubject::Disaggregation),
            part.row + row_offset(end),
            column::PART,
        ));
        match draft.indicator(self.id).calculation {
            Calculation::People | Calculation::Attendances | Calculation::Distinct(_) => {
                let layout = self.layout.as_ref().filter(|_| !absent)?;
                let values = layout.axis(self.axis, scope)?;
                Some(Formula::call("SUMPRODUCT", [as_number(values.infix("=", label))]))
            }
            Calculation::Activities | Calculation::Sum(_) | Calculation::Reach(_) => {
                let layout = self.layout.as_ref()?;
                if scope == Scope::Served {
                    return None;
                }
                let matches = || -> Option<Formula> {
                    let matches = as_number(layout.axis(self.axis, scope)?.infix("=", label.clone()));
                    Some(match scope {
                        Scope::Period => matches.infix("*", layout.column(layout.in_period)),
                        Scope::Served | Scope::Cumulative => matches,
                    })
                };
                let Some(value) = layout.value.map(|value| layout.column(value)) else {
                    return Some(Formula::call("SUMPRODUCT", [matches()?]));
                };
                let is_reach = matches!(draft.indicator(self.id).calculation, Calculation::Reach(_));
                let total = match (is_reach, end) {
                    (true, IntervalEnd::Least) => {
                        Formula::call("SUMPRODUCT", [Formula::call("MAX", [matches()?.infix("*", value.clone())])])
                    }
                    _ => Formula::call("SUMPRODUCT", [matches()?, value.clone()]),
                };
                if !absent {
                    return Some(total);
                }
                let present = as_number(Formula::call("ISNUMBER", [value]));
                let none = Formula::call("SUMPRODUCT", [matches()?, present]).infix("=", Formula::number(0));
                Some(Formula::call("IF", [none, Formula::text(draft.absent()), total]))
            }
            Calculation::Ratio(first, second) => {
                if scope == Scope::Served && !evidence::has_served(draft, self.id) {
                    return None;
                }
                let quotient = |of: IndicatorId| part_formulas(draft, parts, part, self, of, scope);
                let (top, bottom) = (quotient(first)?, quotient(second)?);
                let (top, bottom) = match end {
                    IntervalEnd::Least => (top.from, bottom.to),
                    IntervalEnd::Most => (top.to, bottom.from),
                };
                Some(draft.or_absent(top.infix("/", bottom)))
            }
            Calculation::Reported => None,
        }
    }
}

/// The same part of what a ratio is made of: its own cells in the sheet, or where these hold rounded numbers, their
/// formulas. A part that doesn't occur counts nothing.
fn part_formulas(
    draft: &AnnexBuilder,
    parts: &[PlacedPart],
    part: &PlacedPart,
    context: &AxisContext,
    of: IndicatorId,
    scope: Scope,
) -> Option<QuantityFormulas> {
    let indicator = draft.indicator(of);
    let own_axis = &draft.indicator(context.id).axes[context.axis];
    let axis = indicator.axes.iter().position(|axis| (axis.first, axis.second) == (own_axis.first, own_axis.second))?;
    let same = parts.iter().find(|other| (other.id, other.axis, other.key) == (of, axis, part.key));
    let Some(other) = same else {
        let zero = || Formula::number(0);
        let matches = indicator.calculation.is_counted() && !draft.figure(of).axes[axis].withheld;
        return matches.then(|| QuantityFormulas { from: zero(), to: zero() });
    };
    let released = draft.figure(of).axes[axis].parts.iter().find(|released| Some(released.key) == part.key)?;
    let scope = evidence::scope_in_ratio(draft, of, scope);
    let ReleasedValue::Value(value) = released.value(scope) else { return None };
    if value.is_some_and(|amount| amount.printed_exponent().is_some()) {
        let own = AxisContext::new(draft, of, axis);
        let formula = |end| own.formula(draft, parts, other, (scope, end), false);
        let to = if other.interval { IntervalEnd::Most } else { IntervalEnd::Least };
        return Some(QuantityFormulas { from: formula(IntervalEnd::Least)?, to: formula(to)? });
    }
    let column = match scope {
        Scope::Period => column::PERIOD,
        Scope::Served => column::SERVED,
        Scope::Cumulative => column::CUMULATIVE,
    };
    let home = draft.sheet(SheetSubject::Disaggregation);
    let last = other.row + u32::from(other.interval);
    Some(QuantityFormulas {
        from: Formula::Cell(CellRef::row(home, other.row, column)),
        to: Formula::Cell(CellRef::row(home, last, column)),
    })
}

fn row_offset(end: IntervalEnd) -> u32 {
    match end {
        IntervalEnd::Least => 0,
        IntervalEnd::Most => 1,
    }
}

/// Truth as 1 and 0.
fn as_number(condition: Formula) -> Formula {
    condition.infix("*", Formula::number(1))
}

/// A formula for a value as it is printed: an approximate one is rounded.
pub fn round_for_print(draft: &AnnexBuilder, formula: Formula, value: Option<Amount>) -> Formula {
    match value.and_then(|amount| amount.printed_exponent()) {
        None => formula,
        Some(exponent) => draft.or_absent(Formula::call("ROUND", [formula, Formula::number(-Decimal::from(exponent))])),
    }
}

/// The rows of one axis of an indicator, for a chart over one of the scopes.
pub fn part_span(draft: &AnnexBuilder, parts: &[&PlacedPart], column: u16) -> Option<CellSpan> {
    let (first, last) = (parts.first()?.row, parts.last()?.row);
    Some(CellSpan { sheet: draft.sheet(SheetSubject::Disaggregation), column, first, last })
}
