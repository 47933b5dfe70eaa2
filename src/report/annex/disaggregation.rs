//! The sheet of disaggregations: a row for each part of each axis, two for one that is an interval.

use rust_decimal::Decimal;

use super::draft::{Draft, End, Quantity};
use super::evidence::{self, Layout};
use super::plan::Subject;
use super::rules::{self, PartWords};
use super::view::{Cell, CellRef, Column, ColumnKind, Formula, Listed, Role, Sheet, Span, Table};
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

/// Where each part stands in the sheet.
pub struct PlacedPart {
    pub id: IndicatorId,
    pub axis: usize,
    /// None for an axis that is withheld whole.
    pub key: Option<PartKey>,
    pub row: u32,
    pub interval: bool,
}

/// Every part of the shown indicators, in the order of rows.
pub fn place(draft: &Draft) -> Vec<PlacedPart> {
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

pub fn sheet<'a>(draft: &mut Draft<'a>, parts: &[PlacedPart]) -> Sheet<'a> {
    let words = &draft.words;
    let named = |heading: &str, kind| Column { heading: words.label(heading), kind };
    let columns = vec![
        named("figure.code", ColumnKind::Code),
        named("figure.indicator", ColumnKind::Title),
        named("figure.disaggregation", ColumnKind::Word),
        named("figure.part", ColumnKind::Title),
        named("figure.actual-period", ColumnKind::Number),
        named("figure.served", ColumnKind::Number),
        named("figure.cumulative", ColumnKind::Number),
        named("page.note", ColumnKind::Title),
    ];
    let heading = draft.words.label("annex.disaggregation");
    let mut rows = Vec::new();
    let mut known: Option<Known> = None;
    for part in parts {
        if known.as_ref().is_none_or(|known| (known.id, known.axis) != (part.id, part.axis)) {
            known = Some(Known::new(draft, part.id, part.axis));
        }
        let Some(known) = &known else { continue };
        for &end in End::of(part.interval) {
            rows.push(known.row(draft, parts, part, end));
        }
    }
    let table = Table {
        name: draft.names.table("disaggregation"),
        first_column: 0,
        last_column: columns.len() as u16 - 1,
        rows: rows.len() as u32,
    };
    Sheet {
        name: draft.plan.name(Subject::Disaggregation).to_owned(),
        role: Role::Figures,
        head: vec![vec![Cell::Heading(heading.into())]],
        columns,
        frozen: 1,
        rows: Box::new(Listed(rows)),
        tables: vec![table],
        charts: Vec::new(),
    }
}

/// What the rows of one axis share.
struct Known {
    id: IndicatorId,
    axis: usize,
    words: PartWords,
    layout: Option<Layout>,
    name: String,
    additive: bool,
}

impl Known {
    fn new(draft: &Draft, id: IndicatorId, axis: usize) -> Known {
        let indicator = draft.indicator(id);
        let additive = matches!(
            indicator.calculation,
            Calculation::Activities | Calculation::Attendances | Calculation::People | Calculation::Sum(_)
        );
        Known {
            id,
            axis,
            words: PartWords::new(draft, id, axis),
            layout: evidence::layout(draft, id),
            name: rules::axis_name(draft, &indicator.axes[axis]),
            additive,
        }
    }

    fn row<'a>(&self, draft: &Draft<'a>, parts: &[PlacedPart], part: &PlacedPart, end: End) -> Vec<Cell<'a>> {
        let indicator = draft.indicator(self.id);
        let home = draft.sheet(Subject::Indicators);
        let first = draft.plan.placed(self.id).map_or(0, |placed| placed.row);
        let label = match part.key {
            Some(key) => self.words.label(key),
            None => draft.words.label("annex.withheld"),
        };
        let mut cells = vec![
            draft.link(indicator.code.as_str(), CellRef::row(home, first, 0)),
            Cell::text(draft.words.text(&indicator.title)),
            Cell::text(self.name.clone()),
            Cell::text(label),
        ];
        let released = part
            .key
            .and_then(|key| draft.figure(self.id).axes[self.axis].parts.iter().find(|released| released.key == key));
        cells.extend(SCOPES.map(|scope| match released {
            Some(released) => self.cell(draft, parts, part, released, scope, end),
            None => Cell::text(draft.words.label("number.withheld")),
        }));
        let mut notes = Vec::new();
        if part.interval {
            notes.push(draft.words.label(end.label()));
        }
        if !self.additive {
            notes.push(draft.words.label("counted.not-additive"));
        }
        cells.push(Cell::text(notes.join("\n")));
        cells
    }

    fn cell<'a>(
        &self,
        draft: &Draft<'a>,
        parts: &[PlacedPart],
        part: &PlacedPart,
        released: &ReleasedPart,
        scope: Scope,
        end: End,
    ) -> Cell<'a> {
        let value = match released.value(scope) {
            ReleasedValue::Below(limit) => return Cell::text(draft.words.each(|locale| locale.below(limit))),
            ReleasedValue::Withheld => return Cell::text(draft.words.label("number.withheld")),
            ReleasedValue::Value(value) => value,
        };
        let percent = draft.is_percent(self.id);
        let number = value.map(|amount| amount.round_for_print(end.amount(&amount)));
        let format = draft.format(percent, number.as_slice(), value.and_then(|amount| amount.hedge));
        match self.formula(draft, parts, part, (scope, end), value.is_none()) {
            Some(formula) => draft.formula(round_for_print(draft, formula, value), number, format),
            None => number.map_or_else(|| Cell::text(draft.absent()), |number| Cell::Number(number, format)),
        }
    }

    /// What a part comes to, unrounded. None where no formula over the annex gives it.
    fn formula(
        &self,
        draft: &Draft,
        parts: &[PlacedPart],
        part: &PlacedPart,
        (scope, end): (Scope, End),
        absent: bool,
    ) -> Option<Formula> {
        let label =
            Formula::Cell(CellRef::row(draft.sheet(Subject::Disaggregation), part.row + offset(end), column::PART));
        match draft.indicator(self.id).calculation {
            Calculation::People | Calculation::Attendances | Calculation::Distinct(_) => {
                let layout = self.layout.as_ref().filter(|_| !absent)?;
                let values = layout.axis(self.axis, scope)?;
                Some(Formula::call("SUMPRODUCT", [flag(values.infix("=", label))]))
            }
            Calculation::Activities | Calculation::Sum(_) | Calculation::Reach(_) => {
                let layout = self.layout.as_ref()?;
                if scope == Scope::Served {
                    return None;
                }
                let stands = || -> Option<Formula> {
                    let stands = flag(layout.axis(self.axis, scope)?.infix("=", label.clone()));
                    Some(match scope {
                        Scope::Period => stands.infix("*", layout.column(layout.in_period)),
                        Scope::Served | Scope::Cumulative => stands,
                    })
                };
                let Some(value) = layout.value.map(|value| layout.column(value)) else {
                    return Some(Formula::call("SUMPRODUCT", [stands()?]));
                };
                let is_reach = matches!(draft.indicator(self.id).calculation, Calculation::Reach(_));
                let total = match (is_reach, end) {
                    (true, End::Least) => {
                        Formula::call("SUMPRODUCT", [Formula::call("MAX", [stands()?.infix("*", value.clone())])])
                    }
                    _ => Formula::call("SUMPRODUCT", [stands()?, value.clone()]),
                };
                if !absent {
                    return Some(total);
                }
                let present = flag(Formula::call("ISNUMBER", [value]));
                let none = Formula::call("SUMPRODUCT", [stands()?, present]).infix("=", Formula::number(0));
                Some(Formula::call("IF", [none, Formula::text(draft.absent()), total]))
            }
            Calculation::Ratio(first, second) => {
                if scope == Scope::Served && !evidence::has_served(draft, self.id) {
                    return None;
                }
                let quotient = |of: IndicatorId| quantity(draft, parts, part, self, of, scope);
                let (top, bottom) = (quotient(first)?, quotient(second)?);
                let (top, bottom) = match end {
                    End::Least => (top.from, bottom.to),
                    End::Most => (top.to, bottom.from),
                };
                Some(draft.or_absent(top.infix("/", bottom)))
            }
            Calculation::Reported => None,
        }
    }
}

/// The same part of what a ratio is made of: its own cells in the sheet, or where these hold rounded numbers, their
/// formulas. A part that doesn't occur counts nothing.
fn quantity(
    draft: &Draft,
    parts: &[PlacedPart],
    part: &PlacedPart,
    known: &Known,
    of: IndicatorId,
    scope: Scope,
) -> Option<Quantity> {
    let indicator = draft.indicator(of);
    let asked = &draft.indicator(known.id).axes[known.axis];
    let axis = indicator.axes.iter().position(|axis| (axis.first, axis.second) == (asked.first, asked.second))?;
    let same = parts.iter().find(|other| (other.id, other.axis, other.key) == (of, axis, part.key));
    let Some(other) = same else {
        let zero = || Formula::number(0);
        let stands = indicator.calculation.is_counted() && !draft.figure(of).axes[axis].withheld;
        return stands.then(|| Quantity { from: zero(), to: zero() });
    };
    let released = draft.figure(of).axes[axis].parts.iter().find(|released| Some(released.key) == part.key)?;
    let scope = evidence::scope_in_ratio(draft, of, scope);
    let ReleasedValue::Value(value) = released.value(scope) else { return None };
    if value.is_some_and(|amount| amount.printed_exponent().is_some()) {
        let own = Known::new(draft, of, axis);
        let formula = |end| own.formula(draft, parts, other, (scope, end), false);
        let to = if other.interval { End::Most } else { End::Least };
        return Some(Quantity { from: formula(End::Least)?, to: formula(to)? });
    }
    let column = match scope {
        Scope::Period => column::PERIOD,
        Scope::Served => column::SERVED,
        Scope::Cumulative => column::CUMULATIVE,
    };
    let home = draft.sheet(Subject::Disaggregation);
    let last = other.row + u32::from(other.interval);
    Some(Quantity {
        from: Formula::Cell(CellRef::row(home, other.row, column)),
        to: Formula::Cell(CellRef::row(home, last, column)),
    })
}

fn offset(end: End) -> u32 {
    match end {
        End::Least => 0,
        End::Most => 1,
    }
}

/// Truth as 1 and 0.
fn flag(condition: Formula) -> Formula {
    condition.infix("*", Formula::number(1))
}

/// A formula for a value as it is printed: an approximate one is rounded.
pub fn round_for_print(draft: &Draft, formula: Formula, value: Option<Amount>) -> Formula {
    match value.and_then(|amount| amount.printed_exponent()) {
        None => formula,
        Some(exponent) => draft.or_absent(Formula::call("ROUND", [formula, Formula::number(-Decimal::from(exponent))])),
    }
}

/// The rows of one axis of an indicator, for a chart over one of the scopes.
pub fn span(draft: &Draft, parts: &[&PlacedPart], column: u16) -> Option<Span> {
    let (first, last) = (parts.first()?.row, parts.last()?.row);
    Some(Span { sheet: draft.sheet(Subject::Disaggregation), column, first, last })
}
