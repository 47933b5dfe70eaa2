use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::prelude::ToPrimitive;

use super::super::AnnexInput;
use super::super::workbook_model::{CellSpan, Formula};
use super::AnnexBuilder;
use super::reported::counted_values;
use crate::disclosure::{EvidenceColumn, PartSums, ReleasedEvidence, ReleasedFigure};
use crate::indicators::Scope;
use crate::model::{ActivityId, AxisSide, Calculation, ColumnId, DistinctColumn, IndicatorId};

/// An indicator with more rows has no evidence; `explain` lists them.
pub const EVIDENCE_ROWS: u64 = 50_000;

/// What the rows of an evidence sheet are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    Activities,
    /// Attendances, or how many there were at each activity on each day.
    Attendances,
    /// Values that people reported.
    Reported,
}

impl EvidenceKind {
    const ALL: [EvidenceKind; 3] = [EvidenceKind::Activities, EvidenceKind::Attendances, EvidenceKind::Reported];
}

/// Which columns and rows of the evidence sheets hold what each indicator is counted from.
#[derive(Default)]
pub struct EvidenceLayout {
    columns: BTreeMap<IndicatorId, MarkColumns>,
    /// Different axes of activities, each by the code of its part.
    pub axes: Vec<ActivityAxis>,
    /// Columns of activities that are summed, with the columns of the sheet.
    pub amounts: Vec<(ColumnId, u16)>,
    /// Columns of activities whose values are counted, with the columns of the sheet.
    pub texts: Vec<(ColumnId, u16)>,
    /// Activities that any indicator counts, in order of day and code.
    pub activities: Vec<(Date, ActivityId)>,
    /// Activities and days at which any indicator counts persons; none where rows of persons are listed.
    pub days: Vec<(Date, ActivityId)>,
    pub attendance_rows: u32,
    pub reported_rows: u32,
    /// Columns of the sheet of values.
    pub values: Vec<ValuesColumn>,
    /// Columns by place: whether a row is in the period.
    activity_in_period: u16,
    attendance_in_period: u16,
}

/// One of the columns of [`EvidenceLayout::axes`].
pub struct ActivityAxis {
    pub sides: (AxisSide, Option<AxisSide>),
    /// An indicator that has it, with the axis's place among its own.
    pub of: (IndicatorId, usize),
    pub column: u16,
}

/// Where an indicator's marks are.
#[derive(Clone, Copy, Debug)]
pub struct MarkColumns {
    pub kind: EvidenceKind,
    pub counted: u16,
    /// Who was served; what was seen for the first time in the period.
    pub second: Option<u16>,
    /// First and last row of reported values.
    pub rows: (u32, u32),
}

/// Values in an order of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuesColumn {
    pub id: IndicatorId,
    pub of: ValuesOf,
    /// Other scopes of the axis that have the same values: from the project's start on, what is in the period is all.
    pub also: Vec<Scope>,
    pub rows: u32,
}

/// What the values are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValuesOf {
    /// An axis of the indicator, in a scope.
    Axis(usize, Scope),
    /// Parts of an axis of head counts of the indicator, in a scope.
    SumParts(usize, Scope),
    /// What these come to, in the same order.
    Sums(usize, Scope),
    /// Different values that are counted, numbered: they must not be in the rows of persons.
    Different(Scope),
}

/// Each column of the activities once, in the next columns of the sheet.
fn place_columns(columns: impl Iterator<Item = ColumnId>, next: &mut u16) -> Vec<(ColumnId, u16)> {
    let mut placed: Vec<(ColumnId, u16)> = Vec::new();
    for column in columns {
        if placed.iter().all(|(known, _)| *known != column) {
            placed.push((column, *next));
            *next += 1;
        }
    }
    placed
}

impl EvidenceLayout {
    /// Of the shown indicators, in their order. How many attendances there are is not known yet.
    pub fn new(
        input: &AnnexInput,
        shown: &[IndicatorId],
        views: &BTreeMap<IndicatorId, ReleasedEvidence>,
        figures: &[ReleasedFigure],
        languages: u16,
    ) -> EvidenceLayout {
        let mut layout = EvidenceLayout::default();
        let logframe = &input.project.logframe;
        let has_rows = |id: &IndicatorId| views.get(id).is_some_and(|view| view.row_count() <= EVIDENCE_ROWS);
        let over = |id: &IndicatorId| logframe.indicator(*id).calculation.over_attendances();
        let counted = shown.iter().copied().filter(has_rows);
        let (persons, activities): (Vec<IndicatorId>, Vec<IndicatorId>) = counted.partition(over);
        layout.place_activities(input, &activities, views, languages);
        layout.place_attendances(input, &persons, views, languages);
        layout.place_reported(input, shown);
        for id in shown {
            if layout.columns.contains_key(id) {
                layout.place_values(input, *id, views, figures);
            }
        }
        layout
    }

    fn place_activities(
        &mut self,
        input: &AnnexInput,
        ids: &[IndicatorId],
        views: &BTreeMap<IndicatorId, ReleasedEvidence>,
        languages: u16,
    ) {
        let table = &input.project.activities;
        self.activity_in_period = languages + 2;
        let mut next = self.activity_in_period + 1;
        let mut rows: BTreeSet<(Date, &str, ActivityId)> = BTreeSet::new();
        for &id in ids {
            let indicator = input.project.logframe.indicator(id);
            rows.extend(views[&id].activities().map(|row| (row.day, table.code_of(row.activity), row.activity)));
            let is_distinct = matches!(indicator.calculation, Calculation::Distinct(_));
            // A row of activities is in several parts of an axis of head counts.
            let of_rows = indicator.axes.iter().enumerate().filter(|(_, axis)| !is_distinct && !axis.is_counted());
            for (at, axis) in of_rows {
                let sides = (axis.first, axis.second);
                if self.axes.iter().all(|known| known.sides != sides) {
                    self.axes.push(ActivityAxis { sides, of: (id, at), column: next });
                    next += 1;
                }
            }
        }
        let calculation = |id: &IndicatorId| input.project.logframe.indicator(*id).calculation;
        let amount = |id: &IndicatorId| match calculation(id) {
            Calculation::Sum(column) | Calculation::Reach(column) => Some(column),
            _ => None,
        };
        let text = |id: &IndicatorId| match calculation(id) {
            Calculation::Distinct(DistinctColumn::Activity(column)) => Some(column),
            _ => None,
        };
        self.amounts = place_columns(ids.iter().filter_map(amount), &mut next);
        self.texts = place_columns(ids.iter().filter_map(text), &mut next);
        for &id in ids {
            let is_distinct = matches!(input.project.logframe.indicator(id).calculation, Calculation::Distinct(_));
            self.add_marks(id, EvidenceKind::Activities, &mut next, is_distinct);
        }
        self.activities = rows.into_iter().map(|(day, _, activity)| (day, activity)).collect();
    }

    fn place_attendances(
        &mut self,
        input: &AnnexInput,
        ids: &[IndicatorId],
        views: &BTreeMap<IndicatorId, ReleasedEvidence>,
        languages: u16,
    ) {
        let table = &input.project.activities;
        let by_day = ids.iter().any(|id| views[id].days().is_some());
        self.attendance_in_period = if by_day { languages + 2 } else { 3 };
        let mut next = self.attendance_in_period + if by_day { 1 } else { 2 };
        for &id in ids {
            let calculation = input.project.logframe.indicator(id).calculation;
            let has_second = match calculation {
                Calculation::People | Calculation::Distinct(DistinctColumn::PersonCode) => true,
                Calculation::Completed(_) => !by_day,
                _ => false,
            };
            self.add_marks(id, EvidenceKind::Attendances, &mut next, has_second);
        }
        let days = ids.iter().filter_map(|id| views[id].days()).flatten();
        let days: BTreeSet<(Date, &str, ActivityId)> =
            days.map(|day| (day.day, table.code_of(day.activity), day.activity)).collect();
        self.days = days.into_iter().map(|(day, _, activity)| (day, activity)).collect();
        self.attendance_rows = self.days.len() as u32;
    }

    fn place_reported(&mut self, input: &AnnexInput, shown: &[IndicatorId]) {
        let reported = |id: &&IndicatorId| input.project.logframe.indicator(**id).calculation == Calculation::Reported;
        for &id in shown.iter().filter(reported) {
            let rows = counted_values(input, id).len() as u32;
            let first = self.reported_rows;
            self.reported_rows += rows;
            let kind = EvidenceKind::Reported;
            let rows = (first, first + rows.max(1) - 1);
            self.columns.insert(id, MarkColumns { kind, counted: 0, second: None, rows });
        }
    }

    fn add_marks(&mut self, id: IndicatorId, kind: EvidenceKind, next: &mut u16, has_second: bool) {
        let second = has_second.then_some(*next + 1);
        self.columns.insert(id, MarkColumns { kind, counted: *next, second, rows: (0, 0) });
        *next += 1 + u16::from(has_second);
    }

    fn place_values(
        &mut self,
        input: &AnnexInput,
        id: IndicatorId,
        views: &BTreeMap<IndicatorId, ReleasedEvidence>,
        figures: &[ReleasedFigure],
    ) {
        let calculation = input.project.logframe.indicator(id).calculation;
        let mut placed: Vec<(usize, EvidenceColumn)> = Vec::new();
        for column in views.get(&id).map(ReleasedEvidence::columns).unwrap_or_default() {
            let same = |(_, other): &&(usize, EvidenceColumn)| other.axis == column.axis && other.runs == column.runs;
            if let Some((at, _)) = placed.iter().find(same) {
                self.values[*at].also.push(column.scope);
                continue;
            }
            let rows = column.runs.iter().map(|run| run.count).sum::<u64>() as u32;
            let of = ValuesOf::Axis(column.axis, column.scope);
            placed.push((self.values.len(), column));
            self.values.push(ValuesColumn { id, of, also: Vec::new(), rows });
        }
        let mut summed: Vec<(usize, PartSums)> = Vec::new();
        for sums in views.get(&id).map(ReleasedEvidence::part_sums).unwrap_or_default() {
            let same = |(_, other): &&(usize, PartSums)| other.axis == sums.axis && other.sums == sums.sums;
            if let Some((at, _)) = summed.iter().find(same) {
                self.values[*at..*at + 2].iter_mut().for_each(|column| column.also.push(sums.scope));
                continue;
            }
            let rows = sums.sums.len() as u32;
            let first = self.values.len();
            for of in [ValuesOf::SumParts(sums.axis, sums.scope), ValuesOf::Sums(sums.axis, sums.scope)] {
                self.values.push(ValuesColumn { id, of, also: Vec::new(), rows });
            }
            summed.push((first, sums));
        }
        if matches!(calculation, Calculation::Distinct(DistinctColumn::Person(_) | DistinctColumn::Age)) {
            for scope in [Scope::Period, Scope::Cumulative] {
                let value = figures[usize::from(id.0)].totals.value(scope).and_then(|amount| amount.single());
                let rows = value.and_then(|value| value.to_u32()).unwrap_or_default();
                self.values.push(ValuesColumn { id, of: ValuesOf::Different(scope), also: Vec::new(), rows });
            }
        }
    }

    /// The kinds that some indicator has.
    pub fn kinds(&self) -> impl Iterator<Item = EvidenceKind> + '_ {
        EvidenceKind::ALL.into_iter().filter(|kind| self.of_kind(*kind).next().is_some())
    }

    /// Where an indicator's rows are; none where they aren't listed.
    pub fn kind(&self, id: IndicatorId) -> Option<EvidenceKind> {
        self.columns.get(&id).map(|columns| columns.kind)
    }

    pub fn columns(&self, id: IndicatorId) -> Option<MarkColumns> {
        self.columns.get(&id).copied()
    }

    /// The indicators of a kind, in the order of their columns.
    pub fn of_kind(&self, kind: EvidenceKind) -> impl Iterator<Item = (IndicatorId, MarkColumns)> + '_ {
        let mut own: Vec<(IndicatorId, MarkColumns)> = self
            .columns
            .iter()
            .filter(|(_, columns)| columns.kind == kind)
            .map(|(id, columns)| (*id, *columns))
            .collect();
        own.sort_by_key(|(_, columns)| (columns.counted, columns.rows));
        own.into_iter()
    }

    /// Those whose rows are attendances, in the order of their columns.
    pub fn attendance_indicators(&self) -> Vec<IndicatorId> {
        self.of_kind(EvidenceKind::Attendances).map(|(id, _)| id).collect()
    }

    /// Rows of a kind, at least one: for the ranges of formulas.
    pub fn rows(&self, kind: EvidenceKind) -> u32 {
        let rows = match kind {
            EvidenceKind::Activities => self.activities.len() as u32,
            EvidenceKind::Attendances => self.attendance_rows,
            EvidenceKind::Reported => self.reported_rows,
        };
        rows.max(1)
    }

    /// The column that says whether a row is in the period.
    pub fn in_period(&self, kind: EvidenceKind) -> u16 {
        match kind {
            EvidenceKind::Activities => self.activity_in_period,
            EvidenceKind::Attendances => self.attendance_in_period,
            EvidenceKind::Reported => super::reported::IN_PERIOD,
        }
    }

    /// The cells of a column of the sheet of values; none where there is no such column.
    pub fn values_span(&self, draft: &AnnexBuilder, id: IndicatorId, of: ValuesOf) -> Option<Formula> {
        let holds = |column: &ValuesColumn| match (column.of, of) {
            (ValuesOf::Axis(own, _), ValuesOf::Axis(axis, scope))
            | (ValuesOf::SumParts(own, _), ValuesOf::SumParts(axis, scope))
            | (ValuesOf::Sums(own, _), ValuesOf::Sums(axis, scope))
                if own == axis =>
            {
                column.also.contains(&scope)
            }
            _ => false,
        };
        let at = self.values.iter().position(|column| column.id == id && (column.of == of || holds(column)))?;
        let sheet = draft.sheet(super::SheetSubject::AxisValues);
        let last = self.values[at].rows.max(1) - 1;
        Some(Formula::Span(CellSpan { sheet, column: at as u16, first: 0, last }))
    }
}
