//! Evidence sheets: the totals of one indicator over the rows that it is counted from, and the columns that
//! disaggregations count in.

mod reported;
mod rows;

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;

use super::draft::{AnnexDraft, IntervalEnd, QuantityFormulas};
use super::plan::SheetSubject;
use super::view::{
    AnnexSheet, CellRef, CellSpan, Formula, SheetCell, SheetColumn, SheetColumnKind, SheetIndex, SheetRole, SheetTable,
};
use crate::disclosure::ReleasedEvidence;
use crate::indicators::Scope;
use crate::model::{Calculation, DistinctColumn, IndicatorId};
use rows::{ActivityRows, PersonRows};

pub use rows::{flag_cell, source_text};

/// The line of the first total: under the title and the way back.
const FIRST_TOTAL: u32 = 2;

/// Columns that all evidence has, by place: who or what, and whether it counts in the period.
const COUNTED: u16 = 0;

/// Which columns and rows of an evidence sheet hold what is counted.
pub struct EvidenceLayout {
    pub sheet: SheetIndex,
    /// At least one, for the ranges of formulas.
    pub rows: u32,
    pub in_period: u16,
    /// `people`.
    pub served: Option<u16>,
    /// What is summed, compared or averaged.
    pub value: Option<u16>,
    /// The same, of the rows in the period only.
    pub value_in_period: Option<u16>,
    /// Column of an axis in a scope, and how many rows it has.
    pub axes: BTreeMap<(usize, Scope), (u16, u32)>,
    /// Whether axes are in the rows of what is counted, or in separate columns behind a gap.
    pub aligned: bool,
    /// Different values, numbered, in columns of their own: they must not be in the rows of persons.
    pub values: BTreeMap<Scope, (u16, u32)>,
    pub source: u16,
    pub columns: u16,
}

impl EvidenceLayout {
    /// The whole of a column.
    pub fn column(&self, column: u16) -> Formula {
        Formula::Span(CellSpan { sheet: self.sheet, column, first: 0, last: self.rows - 1 })
    }

    /// The values of an axis in a scope.
    pub fn axis(&self, axis: usize, scope: Scope) -> Option<Formula> {
        Some(self.separate_column(*self.axes.get(&(axis, scope))?))
    }

    /// A column with rows of its own.
    fn separate_column(&self, (column, rows): (u16, u32)) -> Formula {
        Formula::Span(CellSpan { sheet: self.sheet, column, first: 0, last: rows.max(1) - 1 })
    }

    /// Columns behind the gap, in their order.
    fn separate_columns(&self) -> impl Iterator<Item = (u16, u32)> {
        let axes = self.axes.values().filter(|_| !self.aligned);
        axes.chain(self.values.values()).copied()
    }

    /// Puts the axes, and the numbered values, behind a gap.
    fn separate_axes(&mut self, view: &ReleasedEvidence, values: &[(Scope, u32)]) {
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
pub fn evidence_layout(draft: &AnnexDraft, id: IndicatorId) -> Option<EvidenceLayout> {
    let sheet = draft.plan.placed(id)?.evidence?;
    let indicator = draft.indicator(id);
    let mut layout = EvidenceLayout {
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
        layout.rows = (reported::counted_values(draft, id).len() as u32).max(1);
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
                total_scopes(indicator.calculation).iter().map(different).collect()
            }
            _ => Vec::new(),
        };
        layout.separate_axes(view, &values);
    } else {
        let valued = !matches!(indicator.calculation, Calculation::Activities);
        (layout.value, layout.value_in_period) = (valued.then_some(4), valued.then_some(5));
        let shown_value = matches!(indicator.calculation, Calculation::Distinct(_));
        let first_axis = 4 + if valued { 2 } else { 0 } + u16::from(shown_value);
        layout.source = first_axis + indicator.axes.len() as u16;
        if matches!(indicator.calculation, Calculation::Distinct(_)) {
            layout.separate_axes(view, &[]);
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
fn total_scopes(calculation: Calculation) -> &'static [Scope] {
    match calculation {
        Calculation::People => &[Scope::Period, Scope::Served, Scope::Cumulative],
        _ => &[Scope::Period, Scope::Cumulative],
    }
}

/// What an indicator comes to in a scope, unrounded, as formulas over its evidence, or over what a ratio is made of.
/// None where nothing of the kind is counted.
pub fn total_formulas(draft: &AnnexDraft, id: IndicatorId, scope: Scope) -> Option<QuantityFormulas> {
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
    let ends = IntervalEnd::of(placed.interval).len() as u32;
    let line = FIRST_TOTAL + at as u32 * ends;
    let from = Formula::Cell(CellRef::head(sheet, line, 0));
    let to = Formula::Cell(CellRef::head(sheet, line + ends - 1, 0));
    Some(QuantityFormulas { from, to })
}

/// Whether an indicator tells who was served: `people`, and ratios of them. No ratio is made of itself.
pub fn has_served(draft: &AnnexDraft, id: IndicatorId) -> bool {
    match draft.indicator(id).calculation {
        Calculation::People => true,
        Calculation::Ratio(first, second) => has_served(draft, first) || has_served(draft, second),
        _ => false,
    }
}

/// The scope of a part of a ratio: a ratio of persons is of those served, not of those first met.
pub fn scope_in_ratio(draft: &AnnexDraft, part: IndicatorId, scope: Scope) -> Scope {
    match scope {
        Scope::Cumulative => Scope::Cumulative,
        Scope::Period | Scope::Served if has_served(draft, part) => Scope::Served,
        Scope::Period | Scope::Served => Scope::Period,
    }
}

/// A total over the rows of an evidence sheet.
fn total_formula(
    draft: &AnnexDraft,
    id: IndicatorId,
    layout: &EvidenceLayout,
    scope: Scope,
    end: IntervalEnd,
) -> Formula {
    let sum = |column: u16| Formula::call("SUM", [layout.column(column)]);
    if let Some(&values) = layout.values.get(&scope) {
        return Formula::call("COUNTA", [layout.separate_column(values)]);
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

/// The evidence sheet of one indicator.
pub fn evidence_sheet<'a>(draft: &mut AnnexDraft<'a>, id: IndicatorId) -> AnnexSheet<'a> {
    let subject = SheetSubject::Evidence(id);
    let name = draft.plan.name(subject).to_owned();
    let indicator = draft.indicator(id);
    let heading = draft.labels.label_with_args("annex.evidence", &[("code", &indicator.code)]);
    let mut head = vec![vec![SheetCell::Heading(heading.into())]];
    let placed = *draft.plan.placed(id).unwrap_or(&draft.plan.indicators[0]);
    let back = CellRef::row(draft.sheet(SheetSubject::Indicators), placed.row, 0);
    let title = format!("← {}: {}", indicator.code, draft.labels.text(&indicator.title));
    head.push(vec![draft.link(title, back)]);
    let table_name = draft.names.table_name(&format!("evidence_{}", indicator.code));
    let Some(layout) = evidence_layout(draft, id) else {
        return empty_sheet(name, head);
    };
    head.extend(total_lines(draft, id, &layout));
    let mut columns: Vec<SheetColumn> = Vec::new();
    let mut column = |heading: String, kind: SheetColumnKind| columns.push(SheetColumn { heading, kind });
    let labels = &draft.labels;
    let in_period = labels.label("workbook.in-period");
    if indicator.calculation == Calculation::Reported {
        let (columns, rows) = reported::columns_and_rows(draft, id);
        let tables =
            vec![SheetTable { name: table_name, first_column: 0, last_column: layout.source, rows: layout.rows }];
        return AnnexSheet {
            name,
            role: SheetRole::Evidence,
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
        column(labels.label("annex.person"), SheetColumnKind::Code);
        column(labels.label("activity.one"), SheetColumnKind::Code);
        column(labels.label("annex.day"), SheetColumnKind::Date);
        column(in_period, SheetColumnKind::Flag);
        if layout.served.is_some() {
            column(labels.label("workbook.served"), SheetColumnKind::Flag);
        }
        if layout.value.is_some() {
            column(labels.label("workbook.first-seen"), SheetColumnKind::Number);
            column(labels.label("workbook.first-seen-in-period"), SheetColumnKind::Number);
        }
        column(labels.label("annex.source-row"), SheetColumnKind::Source);
    } else {
        column(labels.label("activity.one"), SheetColumnKind::Code);
        column(labels.label("activity.title"), SheetColumnKind::Title);
        column(labels.label("annex.day"), SheetColumnKind::Date);
        column(in_period, SheetColumnKind::Flag);
        match indicator.calculation {
            Calculation::Distinct(_) => {
                column(labels.label("workbook.first-seen"), SheetColumnKind::Number);
                column(labels.label("workbook.first-seen-in-period"), SheetColumnKind::Number);
                column(labels.label("figure.value"), SheetColumnKind::Word);
            }
            Calculation::Sum(_) | Calculation::Reach(_) => {
                column(labels.label("figure.value"), SheetColumnKind::Number);
                column(labels.label("workbook.value-in-period"), SheetColumnKind::Number);
            }
            _ => {}
        }
        for axis in 0..indicator.axes.len() {
            column(axis_heading(draft, id, axis), SheetColumnKind::Word);
        }
        column(labels.label("annex.source-row"), SheetColumnKind::Source);
    }
    if layout.separate_columns().next().is_some() {
        column(String::new(), SheetColumnKind::Gap);
        for (axis, scope) in layout.axes.keys() {
            let axis = axis_heading(draft, id, *axis);
            let scope = labels.label(scope_label(*scope));
            column(format!("{axis}: {scope}"), SheetColumnKind::Word);
        }
        for scope in layout.values.keys() {
            let values = labels.label("workbook.different-values");
            column(format!("{values}: {}", labels.label(scope_label(*scope))), SheetColumnKind::Word);
        }
        head.push(vec![SheetCell::text(labels.label("workbook.own-order"))]);
    }
    let mut tables =
        vec![SheetTable { name: table_name, first_column: 0, last_column: layout.source, rows: layout.rows }];
    for (column, rows) in layout.separate_columns() {
        let name = draft.names.table_name(&format!("evidence_{}_{}", indicator.code, column));
        tables.push(SheetTable { name, first_column: column, last_column: column, rows: rows.max(1) });
    }
    let Some(view) = draft.evidence.remove(&id) else { return empty_sheet(name, head) };
    let rows = evidence_rows(draft, id, layout, view, over_attendances);
    AnnexSheet { name, role: SheetRole::Evidence, head, columns, frozen: 1, rows, tables, charts: Vec::new() }
}

fn evidence_rows<'a>(
    draft: &AnnexDraft<'a>,
    id: IndicatorId,
    layout: EvidenceLayout,
    view: ReleasedEvidence<'a>,
    over_attendances: bool,
) -> Box<dyn super::view::SheetRows + 'a> {
    if over_attendances {
        Box::new(PersonRows::new(draft, id, layout, view))
    } else {
        Box::new(ActivityRows::new(draft, id, layout, view))
    }
}

fn axis_heading(draft: &AnnexDraft, id: IndicatorId, axis: usize) -> String {
    super::axis_labels::axis_name(draft, &draft.indicator(id).axes[axis])
}

pub fn scope_label(scope: Scope) -> &'static str {
    match scope {
        Scope::Period => "figure.actual-period",
        Scope::Served => "figure.served",
        Scope::Cumulative => "figure.cumulative",
    }
}

/// One line for each scope, or for each of its ends: the number, and what it is.
fn total_lines<'a>(draft: &mut AnnexDraft<'a>, id: IndicatorId, layout: &EvidenceLayout) -> Vec<Vec<SheetCell<'a>>> {
    let interval = draft.plan.placed(id).is_some_and(|placed| placed.interval);
    let indicator = draft.indicator(id);
    let mut lines = Vec::new();
    for &scope in total_scopes(indicator.calculation) {
        for &end in IntervalEnd::of(interval) {
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
            lines.push(vec![cell, SheetCell::text(label)]);
        }
    }
    lines
}

fn empty_sheet<'a>(name: String, head: Vec<Vec<SheetCell<'a>>>) -> AnnexSheet<'a> {
    AnnexSheet {
        name,
        role: SheetRole::Evidence,
        head,
        columns: Vec::new(),
        frozen: 0,
        rows: Box::new(super::view::InMemoryRows(Vec::new())),
        tables: Vec::new(),
        charts: Vec::new(),
    }
}
