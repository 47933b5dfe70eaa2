//! Evidence sheets: the totals of one indicator over the rows that it is counted from, and the columns that
//! disaggregations count in.

mod days;
mod reported;
mod rows;
mod totals;

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;

use super::annex_builder::AnnexBuilder;
use super::sheet_plan::SheetSubject;
use super::workbook_model::{
    AnnexCell, AnnexColumn, AnnexColumnKind, AnnexSheet, AnnexSheetIndex, AnnexTable, CellRef, CellSpan, Formula,
    SheetRole,
};
use crate::disclosure::ReleasedEvidence;
use crate::indicators::Scope;
use crate::model::{Calculation, DistinctColumn, IndicatorId};
use rows::{ActivityRows, PersonRows};

pub use rows::{flag_cell, source_text};
pub use totals::{has_served, scope_in_ratio, scope_label, total_formulas};
use totals::{total_lines, total_scopes};

/// Which columns and rows of an evidence sheet hold what is counted.
pub struct EvidenceLayout {
    pub sheet: AnnexSheetIndex,
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
    /// Whether rows are of activities and days, and each scope has its own numbers.
    pub by_day: bool,
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
pub fn evidence_layout(draft: &AnnexBuilder, id: IndicatorId) -> Option<EvidenceLayout> {
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
        by_day: false,
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
    if view.days().is_some() {
        layout.by_day = true;
        layout.in_period = days::IN_PERIOD;
        layout.served = (indicator.calculation == Calculation::People).then_some(days::SERVED);
        layout.source = layout.served.unwrap_or(layout.in_period);
        let values = different_values(draft, id);
        layout.separate_axes(view, &values);
    } else if indicator.calculation.over_attendances() {
        layout.served = (indicator.calculation == Calculation::People).then_some(4);
        if indicator.calculation == Calculation::Distinct(DistinctColumn::PersonCode) {
            (layout.value, layout.value_in_period) = (Some(4), Some(5));
        }
        layout.source = 4 + layout.served.is_some() as u16 + 2 * layout.value.is_some() as u16;
        let values = different_values(draft, id);
        layout.separate_axes(view, &values);
    } else {
        let valued = !matches!(indicator.calculation, Calculation::Activities);
        (layout.value, layout.value_in_period) = (valued.then_some(4), valued.then_some(5));
        let shown_value = matches!(indicator.calculation, Calculation::Distinct(_));
        let first_axis = 4 + if valued { 2 } else { 0 } + u16::from(shown_value);
        let of_rows: Vec<usize> =
            (0..indicator.axes.len()).filter(|axis| !indicator.axes[*axis].is_counted()).collect();
        layout.source = first_axis + of_rows.len() as u16;
        if matches!(indicator.calculation, Calculation::Distinct(_)) {
            layout.separate_axes(view, &[]);
            return Some(layout);
        }
        for (column, axis) in (first_axis..).zip(of_rows) {
            for scope in [Scope::Period, Scope::Cumulative] {
                layout.axes.insert((axis, scope), (column, layout.rows));
            }
        }
        layout.aligned = true;
        layout.columns = layout.source + 1;
    }
    Some(layout)
}

/// How many different values of persons each scope has, where these are counted.
fn different_values(draft: &AnnexBuilder, id: IndicatorId) -> Vec<(Scope, u32)> {
    let calculation = draft.indicator(id).calculation;
    if !matches!(calculation, Calculation::Distinct(DistinctColumn::Person(_) | DistinctColumn::Age)) {
        return Vec::new();
    }
    let totals = &draft.figure(id).totals;
    let different = |scope: &Scope| {
        let value = totals.value(*scope).and_then(|amount| amount.single());
        (*scope, value.and_then(|value| value.to_u32()).unwrap_or_default())
    };
    total_scopes(calculation).iter().map(different).collect()
}

/// The evidence sheet of one indicator.
pub fn evidence_sheet<'a>(draft: &mut AnnexBuilder<'a>, id: IndicatorId) -> AnnexSheet<'a> {
    let subject = SheetSubject::Evidence(id);
    let name = draft.plan.name(subject).to_owned();
    let indicator = draft.indicator(id);
    let heading = draft.labels.label_with_args("annex.evidence", &[("code", &indicator.code)]);
    let mut head = vec![vec![AnnexCell::Heading(heading.into())]];
    let placed = *draft.plan.placed(id).unwrap_or(&draft.plan.indicators[0]);
    let back = CellRef::row(draft.sheet(SheetSubject::Indicators), placed.row, 0);
    let title = format!("← {}: {}", indicator.code, draft.labels.text(&indicator.title));
    head.push(vec![draft.link(title, back)]);
    let table_name = draft.names.table_name(&format!("evidence_{}", indicator.code));
    let Some(layout) = evidence_layout(draft, id) else {
        return empty_sheet(name, head);
    };
    head.extend(total_lines(draft, id, &layout));
    let mut columns: Vec<AnnexColumn> = Vec::new();
    let mut column = |heading: String, kind: AnnexColumnKind| columns.push(AnnexColumn { heading, kind });
    let labels = &draft.labels;
    let in_period = labels.label("workbook.in-period");
    if indicator.calculation == Calculation::Reported {
        let (columns, rows) = reported::columns_and_rows(draft, id);
        let tables =
            vec![AnnexTable { name: table_name, first_column: 0, last_column: layout.source, rows: layout.rows }];
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
    if layout.by_day {
        column(labels.label("activity.one"), AnnexColumnKind::Code);
        column(labels.label("annex.day"), AnnexColumnKind::Date);
        column(labels.label(scope_label(Scope::Cumulative)), AnnexColumnKind::Number);
        column(labels.label(scope_label(Scope::Period)), AnnexColumnKind::Number);
        if layout.served.is_some() {
            column(labels.label(scope_label(Scope::Served)), AnnexColumnKind::Number);
        }
    } else if over_attendances {
        column(labels.label("annex.person"), AnnexColumnKind::Code);
        column(labels.label("activity.one"), AnnexColumnKind::Code);
        column(labels.label("annex.day"), AnnexColumnKind::Date);
        column(in_period, AnnexColumnKind::Flag);
        if layout.served.is_some() {
            column(labels.label("workbook.served"), AnnexColumnKind::Flag);
        }
        if layout.value.is_some() {
            column(labels.label("workbook.first-seen"), AnnexColumnKind::Number);
            column(labels.label("workbook.first-seen-in-period"), AnnexColumnKind::Number);
        }
        column(labels.label("annex.source-row"), AnnexColumnKind::Source);
    } else {
        column(labels.label("activity.one"), AnnexColumnKind::Code);
        column(labels.label("activity.title"), AnnexColumnKind::Title);
        column(labels.label("annex.day"), AnnexColumnKind::Date);
        column(in_period, AnnexColumnKind::Flag);
        match indicator.calculation {
            Calculation::Distinct(_) => {
                column(labels.label("workbook.first-seen"), AnnexColumnKind::Number);
                column(labels.label("workbook.first-seen-in-period"), AnnexColumnKind::Number);
                column(labels.label("figure.value"), AnnexColumnKind::Word);
            }
            Calculation::Sum(_) | Calculation::Reach(_) => {
                column(labels.label("figure.value"), AnnexColumnKind::Number);
                column(labels.label("workbook.value-in-period"), AnnexColumnKind::Number);
            }
            _ => {}
        }
        for axis in (0..indicator.axes.len()).filter(|axis| !indicator.axes[*axis].is_counted()) {
            column(axis_heading(draft, id, axis), AnnexColumnKind::Word);
        }
        column(labels.label("annex.source-row"), AnnexColumnKind::Source);
    }
    if layout.separate_columns().next().is_some() {
        column(String::new(), AnnexColumnKind::Gap);
        for (axis, scope) in layout.axes.keys() {
            let axis = axis_heading(draft, id, *axis);
            let scope = labels.label(scope_label(*scope));
            column(format!("{axis}: {scope}"), AnnexColumnKind::Word);
        }
        for scope in layout.values.keys() {
            let values = labels.label("workbook.different-values");
            column(format!("{values}: {}", labels.label(scope_label(*scope))), AnnexColumnKind::Word);
        }
        head.push(vec![AnnexCell::text(labels.label("workbook.own-order"))]);
    }
    let mut tables =
        vec![AnnexTable { name: table_name, first_column: 0, last_column: layout.source, rows: layout.rows }];
    for (column, rows) in layout.separate_columns() {
        let name = draft.names.table_name(&format!("evidence_{}_{}", indicator.code, column));
        tables.push(AnnexTable { name, first_column: column, last_column: column, rows: rows.max(1) });
    }
    let Some(view) = draft.evidence.remove(&id) else { return empty_sheet(name, head) };
    let rows = evidence_rows(draft, id, layout, view, over_attendances);
    AnnexSheet { name, role: SheetRole::Evidence, head, columns, frozen: 1, rows, tables, charts: Vec::new() }
}

fn evidence_rows<'a>(
    draft: &AnnexBuilder<'a>,
    id: IndicatorId,
    layout: EvidenceLayout,
    view: ReleasedEvidence<'a>,
    over_attendances: bool,
) -> Box<dyn super::workbook_model::AnnexRows + 'a> {
    if layout.by_day {
        Box::new(days::DayRows::new(draft, id, layout, view))
    } else if over_attendances {
        Box::new(PersonRows::new(draft, id, layout, view))
    } else {
        Box::new(ActivityRows::new(draft, id, layout, view))
    }
}

fn axis_heading(draft: &AnnexBuilder, id: IndicatorId, axis: usize) -> String {
    super::axis_labels::axis_name(draft, &draft.indicator(id).axes[axis])
}

fn empty_sheet<'a>(name: String, head: Vec<Vec<AnnexCell<'a>>>) -> AnnexSheet<'a> {
    AnnexSheet {
        name,
        role: SheetRole::Evidence,
        head,
        columns: Vec::new(),
        frozen: 0,
        rows: Box::new(super::workbook_model::InMemoryRows(Vec::new())),
        tables: Vec::new(),
        charts: Vec::new(),
    }
}
