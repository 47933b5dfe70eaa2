//! Evidence sheets: the totals of one indicator over the rows that it is counted from, and what of them stands in which
//! column for the disaggregations to count.

mod reported;
mod rows;

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;

use super::draft::{Draft, End, Quantity};
use super::plan::Subject;
use super::view::{Cell, CellRef, Column, ColumnKind, Formula, Role, Sheet, SheetId, Span, Table};
use crate::disclosure::ReleasedEvidence;
use crate::indicators::Scope;
use crate::model::{Calculation, DistinctColumn, IndicatorId};
use rows::{ActivityRows, PersonRows};

pub use rows::{flag, source};

/// The line of the first total: under the title and the way back.
const FIRST_TOTAL: u32 = 2;

/// Columns that all evidence has, by place: who or what, and whether it counts in the period.
const COUNTED: u16 = 0;

/// Where what is counted stands in an evidence sheet.
pub struct Layout {
    pub sheet: SheetId,
    /// At least one, for the ranges of formulas.
    pub rows: u32,
    pub in_period: u16,
    /// `people`.
    pub served: Option<u16>,
    /// What is summed, compared or averaged.
    pub value: Option<u16>,
    /// The same, of the rows in the period only.
    pub value_in_period: Option<u16>,
    /// Where the values of an axis stand in a scope; rows where they stand in their own order.
    pub axes: BTreeMap<(usize, Scope), (u16, u32)>,
    /// Whether an axis stands row by row beside what is counted, or in a column of its own behind a gap.
    pub aligned: bool,
    /// Different values, numbered, in columns of their own: which they are must not stand beside persons.
    pub values: BTreeMap<Scope, (u16, u32)>,
    pub source: u16,
    pub columns: u16,
}

impl Layout {
    /// The whole of a column.
    pub fn column(&self, column: u16) -> Formula {
        Formula::Span(Span { sheet: self.sheet, column, first: 0, last: self.rows - 1 })
    }

    /// The values of an axis in a scope.
    pub fn axis(&self, axis: usize, scope: Scope) -> Option<Formula> {
        Some(self.own(*self.axes.get(&(axis, scope))?))
    }

    /// A column with rows of its own.
    fn own(&self, (column, rows): (u16, u32)) -> Formula {
        Formula::Span(Span { sheet: self.sheet, column, first: 0, last: rows.max(1) - 1 })
    }

    /// Columns behind the gap, in their order.
    fn own_columns(&self) -> impl Iterator<Item = (u16, u32)> {
        let axes = self.axes.values().filter(|_| !self.aligned);
        axes.chain(self.values.values()).copied()
    }

    /// Puts the axes, and the numbered values, behind a gap.
    fn set_apart(&mut self, view: &ReleasedEvidence, values: &[(Scope, u32)]) {
        let mut next = self.source + 2;
        for column in view.columns() {
            let rows = column.runs.iter().map(|run| run.count).sum::<u64>() as u32;
            self.axes.insert((column.axis, column.scope), (next, rows));
            next += 1;
        }
        for &(scope, rows) in values {
            self.values.insert(scope, (next, rows));
            next += 1;
        }
        let any = !self.axes.is_empty() || !self.values.is_empty();
        self.columns = if any { next } else { self.source + 1 };
    }
}

/// The layout of an indicator's evidence. None where it has no sheet.
pub fn layout(draft: &Draft, id: IndicatorId) -> Option<Layout> {
    let sheet = draft.plan.placed(id)?.evidence?;
    let indicator = draft.indicator(id);
    let mut layout = Layout {
        sheet,
        rows: 1,
        in_period: 3,
        served: None,
        value: None,
        value_in_period: None,
        axes: BTreeMap::new(),
        aligned: false,
        values: BTreeMap::new(),
        source: 0,
        columns: 0,
    };
    if indicator.calculation == Calculation::Reported {
        layout.rows = (reported::values(draft, id).len() as u32).max(1);
        (layout.value, layout.value_in_period) = (Some(4), Some(5));
        (layout.source, layout.columns) = (7, 8);
        return Some(layout);
    }
    let view = draft.evidence.get(&id)?;
    layout.rows = (view.row_count() as u32).max(1);
    if indicator.calculation.over_attendances() {
        layout.served = (indicator.calculation == Calculation::People).then_some(4);
        if indicator.calculation == Calculation::Distinct(DistinctColumn::PersonCode) {
            (layout.value, layout.value_in_period) = (Some(4), Some(5));
        }
        layout.source = 4 + layout.served.is_some() as u16 + 2 * layout.value.is_some() as u16;
        let values: Vec<(Scope, u32)> = match indicator.calculation {
            Calculation::Distinct(DistinctColumn::Person(_) | DistinctColumn::Age) => {
                let totals = &draft.figure(id).totals;
                let different = |scope: &Scope| {
                    let value = totals.value(*scope).and_then(|amount| amount.single());
                    (*scope, value.and_then(|value| value.to_u32()).unwrap_or_default())
                };
                scopes(indicator.calculation).iter().map(different).collect()
            }
            _ => Vec::new(),
        };
        layout.set_apart(view, &values);
    } else {
        let valued = !matches!(indicator.calculation, Calculation::Activities);
        (layout.value, layout.value_in_period) = (valued.then_some(4), valued.then_some(5));
        let shown_value = matches!(indicator.calculation, Calculation::Distinct(_));
        let first_axis = 4 + if valued { 2 } else { 0 } + u16::from(shown_value);
        layout.source = first_axis + indicator.axes.len() as u16;
        if matches!(indicator.calculation, Calculation::Distinct(_)) {
            layout.set_apart(view, &[]);
            return Some(layout);
        }
        for axis in 0..indicator.axes.len() {
            for scope in [Scope::Period, Scope::Cumulative] {
                layout.axes.insert((axis, scope), (first_axis + axis as u16, layout.rows));
            }
        }
        layout.aligned = true;
        layout.columns = layout.source + 1;
    }
    Some(layout)
}

/// The scopes that an indicator's evidence gives totals of.
fn scopes(calculation: Calculation) -> &'static [Scope] {
    match calculation {
        Calculation::People => &[Scope::Period, Scope::Served, Scope::Cumulative],
        _ => &[Scope::Period, Scope::Cumulative],
    }
}

/// What an indicator comes to in a scope, unrounded, as formulas over its evidence, or over what a ratio is made of.
/// None where nothing of the kind is counted.
pub fn quantity(draft: &Draft, id: IndicatorId, scope: Scope) -> Option<Quantity> {
    let calculation = draft.indicator(id).calculation;
    if let Calculation::Ratio(first, second) = calculation {
        if scope == Scope::Served && !has_served(draft, id) {
            return None;
        }
        let top = quantity(draft, first, scope_in_ratio(draft, first, scope))?;
        let bottom = quantity(draft, second, scope_in_ratio(draft, second, scope))?;
        let divided = |top: Formula, bottom: Formula| draft.or_absent(top.infix("/", bottom));
        return Some(Quantity { from: divided(top.from, bottom.to), to: divided(top.to, bottom.from) });
    }
    let placed = draft.plan.placed(id)?;
    let at = scopes(calculation).iter().position(|&own| own == scope)?;
    let Some(sheet) = placed.evidence else {
        // Too many rows to show: the values themselves.
        let constant = |end: End| match draft.figure(id).totals.value(scope) {
            Some(amount) => Formula::Number(end.amount(&amount)),
            None => Formula::text(draft.absent()),
        };
        return Some(Quantity { from: constant(End::Least), to: constant(End::Most) });
    };
    let ends = End::of(placed.interval).len() as u32;
    let line = FIRST_TOTAL + at as u32 * ends;
    let from = Formula::Cell(CellRef::head(sheet, line, 0));
    let to = Formula::Cell(CellRef::head(sheet, line + ends - 1, 0));
    Some(Quantity { from, to })
}

/// Whether an indicator tells who was served: `people`, and ratios of them. No ratio is made of itself.
pub fn has_served(draft: &Draft, id: IndicatorId) -> bool {
    match draft.indicator(id).calculation {
        Calculation::People => true,
        Calculation::Ratio(first, second) => has_served(draft, first) || has_served(draft, second),
        _ => false,
    }
}

/// The scope of a part of a ratio: a ratio of persons is of those served, not of those first met.
pub fn scope_in_ratio(draft: &Draft, part: IndicatorId, scope: Scope) -> Scope {
    match scope {
        Scope::Cumulative => Scope::Cumulative,
        Scope::Period | Scope::Served if has_served(draft, part) => Scope::Served,
        Scope::Period | Scope::Served => Scope::Period,
    }
}

/// A total over the rows of an evidence sheet.
fn total(draft: &Draft, id: IndicatorId, layout: &Layout, scope: Scope, end: End) -> Formula {
    let sum = |column: u16| Formula::call("SUM", [layout.column(column)]);
    if let Some(&values) = layout.values.get(&scope) {
        return Formula::call("COUNTA", [layout.own(values)]);
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
        Calculation::Reported => reported::total(draft, id, layout, scope, value),
        _ => {
            let function = match calculation {
                Calculation::Reach(_) if end == End::Least => "MAX",
                _ => "SUM",
            };
            let sum = Formula::call(function, [layout.column(value)]);
            let coverage = &draft.figure(id).totals.coverage;
            let blank = if scope == Scope::Cumulative { coverage.blank } else { coverage.period_blank };
            if blank == 0 {
                return sum;
            }
            // No row is zero, but rows without a count are absent; they stand in no evidence.
            let none = Formula::call("COUNT", [layout.column(value)]).infix("=", Formula::number(0));
            Formula::call("IF", [none, Formula::text(draft.absent()), sum])
        }
    }
}

/// The evidence sheet of one indicator.
pub fn sheet<'a>(draft: &mut Draft<'a>, id: IndicatorId) -> Sheet<'a> {
    let subject = Subject::Evidence(id);
    let name = draft.plan.name(subject).to_owned();
    let indicator = draft.indicator(id);
    let heading = draft.words.label_with("annex.evidence", &[("code", &indicator.code)]);
    let mut head = vec![vec![Cell::Heading(heading.into())]];
    let placed = *draft.plan.placed(id).unwrap_or(&draft.plan.indicators[0]);
    let back = CellRef::row(draft.sheet(Subject::Indicators), placed.row, 0);
    let title = format!("← {}: {}", indicator.code, draft.words.text(&indicator.title));
    head.push(vec![draft.link(title, back)]);
    let table_name = draft.names.table(&format!("evidence_{}", indicator.code));
    let Some(layout) = layout(draft, id) else {
        return empty(name, head);
    };
    head.extend(totals(draft, id, &layout));
    let mut columns: Vec<Column> = Vec::new();
    let mut column = |heading: String, kind: ColumnKind| columns.push(Column { heading, kind });
    let words = &draft.words;
    let in_period = words.label("workbook.in-period");
    if indicator.calculation == Calculation::Reported {
        let (columns, rows) = reported::sheet(draft, id);
        let tables = vec![Table { name: table_name, first_column: 0, last_column: layout.source, rows: layout.rows }];
        return Sheet {
            name,
            role: Role::Evidence,
            head,
            columns,
            frozen: 1,
            rows: Box::new(rows),
            tables,
            charts: Vec::new(),
        };
    }
    let over_attendances = indicator.calculation.over_attendances();
    if over_attendances {
        column(words.label("annex.person"), ColumnKind::Code);
        column(words.label("activity.one"), ColumnKind::Code);
        column(words.label("annex.day"), ColumnKind::Date);
        column(in_period, ColumnKind::Flag);
        if layout.served.is_some() {
            column(words.label("workbook.served"), ColumnKind::Flag);
        }
        if layout.value.is_some() {
            column(words.label("workbook.first-seen"), ColumnKind::Number);
            column(words.label("workbook.first-seen-in-period"), ColumnKind::Number);
        }
        column(words.label("annex.source-row"), ColumnKind::Source);
    } else {
        column(words.label("activity.one"), ColumnKind::Code);
        column(words.label("activity.title"), ColumnKind::Title);
        column(words.label("annex.day"), ColumnKind::Date);
        column(in_period, ColumnKind::Flag);
        match indicator.calculation {
            Calculation::Distinct(_) => {
                column(words.label("workbook.first-seen"), ColumnKind::Number);
                column(words.label("workbook.first-seen-in-period"), ColumnKind::Number);
                column(words.label("figure.value"), ColumnKind::Word);
            }
            Calculation::Sum(_) | Calculation::Reach(_) => {
                column(words.label("figure.value"), ColumnKind::Number);
                column(words.label("workbook.value-in-period"), ColumnKind::Number);
            }
            _ => {}
        }
        for axis in 0..indicator.axes.len() {
            column(rules_axis(draft, id, axis), ColumnKind::Word);
        }
        column(words.label("annex.source-row"), ColumnKind::Source);
    }
    if layout.own_columns().next().is_some() {
        column(String::new(), ColumnKind::Gap);
        for (axis, scope) in layout.axes.keys() {
            let axis = rules_axis(draft, id, *axis);
            let scope = words.label(scope_label(*scope));
            column(format!("{axis}: {scope}"), ColumnKind::Word);
        }
        for scope in layout.values.keys() {
            let values = words.label("workbook.different-values");
            column(format!("{values}: {}", words.label(scope_label(*scope))), ColumnKind::Word);
        }
        head.push(vec![Cell::text(words.label("workbook.own-order"))]);
    }
    let mut tables = vec![Table { name: table_name, first_column: 0, last_column: layout.source, rows: layout.rows }];
    for (column, rows) in layout.own_columns() {
        let name = draft.names.table(&format!("evidence_{}_{}", indicator.code, column));
        tables.push(Table { name, first_column: column, last_column: column, rows: rows.max(1) });
    }
    let Some(view) = draft.evidence.remove(&id) else { return empty(name, head) };
    let rows = rows_of(draft, id, layout, view, over_attendances);
    Sheet { name, role: Role::Evidence, head, columns, frozen: 1, rows, tables, charts: Vec::new() }
}

fn rows_of<'a>(
    draft: &Draft<'a>,
    id: IndicatorId,
    layout: Layout,
    view: ReleasedEvidence<'a>,
    over_attendances: bool,
) -> Box<dyn super::view::Rows + 'a> {
    if over_attendances {
        Box::new(PersonRows::new(draft, id, layout, view))
    } else {
        Box::new(ActivityRows::new(draft, id, layout, view))
    }
}

fn rules_axis(draft: &Draft, id: IndicatorId, axis: usize) -> String {
    super::rules::axis_name(draft, &draft.indicator(id).axes[axis])
}

pub fn scope_label(scope: Scope) -> &'static str {
    match scope {
        Scope::Period => "figure.actual-period",
        Scope::Served => "figure.served",
        Scope::Cumulative => "figure.cumulative",
    }
}

/// One line for each scope, or for each of its ends: the number, and what it is.
fn totals<'a>(draft: &mut Draft<'a>, id: IndicatorId, layout: &Layout) -> Vec<Vec<Cell<'a>>> {
    let interval = draft.plan.placed(id).is_some_and(|placed| placed.interval);
    let indicator = draft.indicator(id);
    let mut lines = Vec::new();
    for &scope in scopes(indicator.calculation) {
        for &end in End::of(interval) {
            let value = draft.figure(id).totals.value(scope);
            let number = value.map(|amount| end.amount(&amount));
            let format = draft.format(false, number.as_slice(), value.and_then(|amount| amount.hedge));
            let mut label = draft.words.label(scope_label(scope));
            if interval {
                label = format!("{label}, {}", draft.words.label(end.label()));
            }
            let line = FIRST_TOTAL + lines.len() as u32;
            let field = if interval { format!("_{}", end.field()) } else { String::new() };
            let field = format!("counted_{}{field}", scope.code());
            draft.names.figure(indicator, &field, CellRef::head(layout.sheet, line, 0));
            let cell = draft.formula(total(draft, id, layout, scope, end), number, format);
            lines.push(vec![cell, Cell::text(label)]);
        }
    }
    lines
}

fn empty<'a>(name: String, head: Vec<Vec<Cell<'a>>>) -> Sheet<'a> {
    Sheet {
        name,
        role: Role::Evidence,
        head,
        columns: Vec::new(),
        frozen: 0,
        rows: Box::new(super::view::Listed(Vec::new())),
        tables: Vec::new(),
        charts: Vec::new(),
    }
}
