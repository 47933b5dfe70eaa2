//! Which lines the sheet of data has, and where each is.

use std::collections::BTreeMap;

use super::super::AnnexInput;
use super::super::annex_builder::{AnnexBuilder, IntervalEnd};
use super::super::sheet_plan::{SheetSubject, ShownIndicator};
use super::super::workbook_model::{AnnexCell, CellRef, Formula};
use super::{DataColumns, SCOPES, number_format};
use crate::disclosure::{ReleasedFigure, ReleasedPart, ReleasedValue};
use crate::indicators::{Figure, PartKey, Progress, Scope};
use crate::model::{Amount, IndicatorId};
use crate::report::figures::PlacedValue;

/// What a line of data holds of an indicator in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataItem {
    Total(PlacedValue),
    /// One part of an axis.
    Part(usize, PartKey, Scope),
    /// An axis of which nothing is shown.
    Withheld(usize),
}

/// A line of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataKey {
    pub id: IndicatorId,
    /// Place among the project's periods.
    pub period: usize,
    pub item: DataItem,
}

/// Every line in its order, and where each is.
#[derive(Default)]
pub struct DataPlan {
    pub keys: Vec<DataKey>,
    rows: BTreeMap<DataKey, u32>,
}

impl DataPlan {
    /// The figures of the report's own period, and of those beside it, as figures.json has them. What is absent has no line.
    pub fn new(input: &AnnexInput, shown: &[ShownIndicator]) -> DataPlan {
        let mut plan = DataPlan::default();
        let periods = &input.project.logframe.periods;
        let Some(own) = periods.get(input.period) else { return plan };
        let mut beside = own.side_by_side(&input.project.settings.periods, periods);
        beside.retain(|period| *period != input.period);
        for shown in shown {
            // What a ratio is made of is shown for its own period alone.
            for &period in beside.iter().filter(|_| shown.listed) {
                plan.add_period(input, shown.id, period, false);
            }
            plan.add_period(input, shown.id, input.period, true);
        }
        plan
    }

    fn add_period(&mut self, input: &AnnexInput, id: IndicatorId, period: usize, is_own: bool) {
        let released = input.released.periods.get(period);
        let Some(figure) = released.and_then(|released| released.figures.get(usize::from(id.0))) else { return };
        let mut add = |item: DataItem| {
            let key = DataKey { id, period, item };
            self.rows.insert(key, self.keys.len() as u32);
            self.keys.push(key);
        };
        let own = [PlacedValue::Baseline, PlacedValue::TargetTotal, PlacedValue::Progress];
        let every = [PlacedValue::TargetPeriod, PlacedValue::TargetDue, PlacedValue::ProgressDue];
        let values = SCOPES.into_iter().map(PlacedValue::Actual).chain(every).chain(own.into_iter().filter(|_| is_own));
        let baseline = input.project.logframe.indicator(id).baseline.map(Amount::exact);
        for value in values {
            if total_value(&figure.totals, baseline, value).is_some() {
                add(DataItem::Total(value));
            }
        }
        for (axis, released) in figure.axes.iter().enumerate() {
            if released.withheld {
                add(DataItem::Withheld(axis));
            }
            for scope in SCOPES {
                for part in &released.parts {
                    if part.value(scope) != ReleasedValue::Value(None) {
                        add(DataItem::Part(axis, part.key, scope));
                    }
                }
            }
        }
    }

    pub fn row(&self, id: IndicatorId, period: usize, item: DataItem) -> Option<u32> {
        self.rows.get(&DataKey { id, period, item }).copied()
    }

    /// A cell that repeats a value's: the number, or one end of it. None where there is no such line.
    pub fn reference<'a>(
        &self,
        draft: &AnnexBuilder<'a>,
        id: IndicatorId,
        period: usize,
        item: DataItem,
        end: IntervalEnd,
    ) -> Option<AnnexCell<'a>> {
        let row = self.row(id, period, item)?;
        let ReleasedValue::Value(Some(amount)) = value_of(draft, DataKey { id, period, item }) else { return None };
        let columns = DataColumns::new(draft);
        let column = if amount.is_interval() { columns.end(end) } else { columns.number };
        let number = amount.round_for_print(end.amount(&amount));
        let format = number_format(draft, id, item, number, amount.hedge);
        let cell = Formula::Cell(CellRef::row(draft.sheet(SheetSubject::Data), row, column));
        Some(draft.formula(cell, Some(number), format))
    }
}

/// What is shown of a line.
pub fn value_of(draft: &AnnexBuilder, key: DataKey) -> ReleasedValue {
    let released = draft.input.released.periods.get(key.period);
    let figure: Option<&ReleasedFigure> = released.and_then(|released| released.figures.get(usize::from(key.id.0)));
    let Some(figure) = figure else { return ReleasedValue::Value(None) };
    match key.item {
        DataItem::Total(value) => {
            let baseline = draft.indicator(key.id).baseline.map(Amount::exact);
            ReleasedValue::Value(total_value(&figure.totals, baseline, value))
        }
        DataItem::Part(axis, part, scope) => {
            let found: Option<&ReleasedPart> = figure.axes[axis].parts.iter().find(|released| released.key == part);
            found.map_or(ReleasedValue::Value(None), |part| part.value(scope))
        }
        DataItem::Withheld(_) => ReleasedValue::Withheld,
    }
}

fn total_value(figure: &Figure, baseline: Option<Amount>, value: PlacedValue) -> Option<Amount> {
    let progress = |progress: Option<Progress>| {
        let hedge = figure.level.and_then(|level| level.hedge);
        let ends = |Progress { from, to }| (from.min(to), from.max(to));
        progress.map(ends).map(|(from, to)| Amount { from, to, hedge, rounding_exponent: 0 })
    };
    match value {
        PlacedValue::Baseline => baseline,
        PlacedValue::Actual(scope) => figure.value(scope),
        PlacedValue::TargetPeriod => figure.target_period.map(Amount::exact),
        PlacedValue::TargetDue => figure.target_due.map(Amount::exact),
        PlacedValue::TargetTotal => figure.target_total.map(Amount::exact),
        PlacedValue::Progress => progress(figure.progress),
        PlacedValue::ProgressDue => progress(figure.progress_due),
    }
}
