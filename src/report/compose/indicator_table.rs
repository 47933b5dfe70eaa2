//! The one table of a report that holds every value.

use super::disaggregation::capitalize;
use super::indicators::{bar, group_by_result};
use super::localizer::Localizer;
use super::variance::explanations;
use crate::indicators::{Figure, Scope, Status};
use crate::model::{IndicatorId, Period, ResultId};
use crate::report::document::{FigureText, IndicatorRow, IndicatorTable, NumberColumn, SectionBody, TableGroup};
use crate::report::earlier_periods::earlier_periods;
use crate::report::figures::PlacedValue;

/// Earlier periods beside the report's own; more of them are the annex's.
const MAX_EARLIER: usize = 3;
/// Parts of the report's own period: the quarters of a year are all there.
const MAX_WITHIN: usize = 4;

/// A column of numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ValueColumn {
    Baseline,
    /// What an earlier period added, by its index.
    Earlier(usize),
    PlannedInPeriod,
    ActualInPeriod,
    PlannedToDate,
    ActualToDate,
    PlannedInAll,
}

pub(super) fn indicator_table(localizer: &Localizer, ids: &[IndicatorId]) -> SectionBody {
    compose_table(localizer, ids, group_by_result(localizer, ids))
}

/// `{{table "I14"}}`: one indicator's row.
pub(super) fn embedded_table(localizer: &Localizer, id: IndicatorId) -> SectionBody {
    compose_table(localizer, &[id], vec![(None, vec![id])])
}

fn compose_table(
    localizer: &Localizer,
    ids: &[IndicatorId],
    groups: Vec<(Option<ResultId>, Vec<IndicatorId>)>,
) -> SectionBody {
    let columns = select_columns(localizer, ids);
    let title = |id: ResultId| {
        let node = localizer.input.project.logframe.result(id);
        format!("{} {}", node.code, localizer.text(&node.title))
    };
    let groups = groups.into_iter().map(|(result, ids)| TableGroup {
        title: result.map(title),
        rows: ids.into_iter().map(|id| compose_row(localizer, id, &columns)).collect(),
    });
    SectionBody::IndicatorTable(Box::new(IndicatorTable {
        indicator: localizer.label("figure.indicator").to_owned(),
        progress: localizer.label("table.of-plan").to_owned(),
        status: localizer.label("figure.status").to_owned(),
        groups: groups.collect(),
        notes: sign_notes(localizer, ids, &columns),
        columns: columns.iter().map(|kind| column_heading(localizer, *kind)).collect(),
    }))
}

/// The columns in which some indicator has a value. From the project's start on, the period's own columns would repeat
/// those to date; where all is due, that is said once.
fn select_columns(localizer: &Localizer, ids: &[IndicatorId]) -> Vec<ValueColumn> {
    let input = localizer.input;
    let starts_with_project = input.period().start == input.project.settings.start;
    let within = earlier_periods(input.project, input.period, MAX_WITHIN);
    let earlier = if within.iter().all(|period| is_within(localizer, *period)) {
        within
    } else {
        earlier_periods(input.project, input.period, MAX_EARLIER)
    };
    let earlier = earlier.into_iter().map(ValueColumn::Earlier);
    let own = [ValueColumn::PlannedInPeriod, ValueColumn::ActualInPeriod];
    let columns = std::iter::once(ValueColumn::Baseline)
        .chain(earlier)
        .chain(own.into_iter().filter(|_| !starts_with_project))
        .chain([ValueColumn::PlannedToDate, ValueColumn::ActualToDate, ValueColumn::PlannedInAll]);
    let is_due_in_part = |id: &IndicatorId| {
        let figure = &localizer.figure(*id).totals;
        figure.target_due.is_some() && figure.target_due != figure.target_total
    };
    columns
        .filter(|kind| *kind != ValueColumn::PlannedToDate || ids.iter().any(is_due_in_part))
        .filter(|kind| *kind == ValueColumn::ActualToDate || ids.iter().any(|id| has_value(localizer, *id, *kind)))
        .collect()
}

fn has_value(localizer: &Localizer, id: IndicatorId, kind: ValueColumn) -> bool {
    let figure = &localizer.figure(id).totals;
    match kind {
        ValueColumn::Baseline => localizer.input.indicator(id).baseline.is_some_and(|baseline| !baseline.is_zero()),
        ValueColumn::Earlier(period) => figure_of(localizer, id, period).is_some_and(|figure| figure.period.is_some()),
        ValueColumn::PlannedInPeriod => figure.target_period.is_some(),
        ValueColumn::ActualInPeriod => figure.period.is_some(),
        ValueColumn::PlannedToDate => figure.target_due.is_some(),
        ValueColumn::ActualToDate => figure.cumulative.is_some(),
        ValueColumn::PlannedInAll => figure.target_total.is_some(),
    }
}

fn figure_of<'a>(localizer: &'a Localizer, id: IndicatorId, period: usize) -> Option<&'a Figure> {
    let released = localizer.input.released.periods.get(period)?;
    released.figures.get(usize::from(id.0)).map(|figure| &figure.totals)
}

fn column_heading(localizer: &Localizer, kind: ValueColumn) -> NumberColumn {
    let under = |over: &'static str, heading: &'static str| NumberColumn {
        over: Some(localizer.label(over).to_owned()),
        heading: localizer.label(heading).to_owned(),
    };
    match kind {
        ValueColumn::Baseline => NumberColumn { over: None, heading: localizer.label("figure.baseline").to_owned() },
        ValueColumn::Earlier(period) => NumberColumn {
            over: Some(
                localizer.label(if is_within(localizer, period) { "table.within" } else { "table.earlier" }).to_owned(),
            ),
            heading: localizer.locale.period_short(&period_at(localizer, period)),
        },
        ValueColumn::PlannedInPeriod => under("table.this-period", "table.planned"),
        ValueColumn::ActualInPeriod => under("table.this-period", "table.actual"),
        ValueColumn::PlannedToDate => under("table.to-date", "table.planned"),
        ValueColumn::ActualToDate => under("table.to-date", "table.actual"),
        ValueColumn::PlannedInAll => under("table.in-all", "table.planned"),
    }
}

/// Whether a period lies within the report's own.
fn is_within(localizer: &Localizer, period: usize) -> bool {
    let own = localizer.input.period();
    own.contains(localizer.input.released.periods[period].period.start)
}

fn period_at(localizer: &Localizer, period: usize) -> Period {
    localizer.input.project.settings.known_days(&localizer.input.released.periods[period].period)
}

fn compose_row(localizer: &Localizer, id: IndicatorId, columns: &[ValueColumn]) -> IndicatorRow {
    let indicator = localizer.input.indicator(id);
    let figure = &localizer.figure(id).totals;
    let is_due_in_part = figure.target_due.is_some() && figure.target_due != figure.target_total;
    let is_open = figure.status != Some(Status::Achieved);
    let to_date = localizer.progress_due_figure(id).filter(|_| is_due_in_part && is_open);
    IndicatorRow {
        code: indicator.code.clone(),
        title: localizer.text(&indicator.title),
        unit: localizer.unit(indicator),
        numbers: columns.iter().map(|kind| compose_cell(localizer, id, *kind)).collect(),
        bar: bar(localizer, id).filter(|bar| bar.target.is_some()),
        progress: localizer.signed_progress(id),
        status: localizer.badge(figure.status),
        to_date: to_date.map(|progress| localizer.figure_phrase("table.of-plan-to-date", &[("progress", progress)])),
        explanations: explanations(localizer, id)
            .into_iter()
            .map(|mut explanation| {
                if explanation.label.is_empty() {
                    localizer.label("figure.comment").clone_into(&mut explanation.label);
                }
                explanation
            })
            .collect(),
    }
}

/// The lines of a cell. Of persons the period's own cell has all who came, and under them those who came for the first
/// time.
fn compose_cell(localizer: &Localizer, id: IndicatorId, kind: ValueColumn) -> Vec<FigureText> {
    let own = localizer.input.period;
    let figure = &localizer.figure(id).totals;
    let number = |value: PlacedValue, number| vec![localizer.number_figure(id, own, value, number)];
    match kind {
        ValueColumn::Baseline => number(PlacedValue::Baseline, localizer.input.indicator(id).baseline),
        ValueColumn::Earlier(period) => {
            let amount = figure_of(localizer, id, period).and_then(|figure| figure.period);
            vec![localizer.signed_figure(id, period, PlacedValue::Actual(Scope::Period), amount)]
        }
        ValueColumn::PlannedInPeriod => number(PlacedValue::TargetPeriod, figure.target_period),
        ValueColumn::ActualInPeriod => {
            let new = localizer.signed_figure(id, own, PlacedValue::Actual(Scope::Period), figure.period);
            match figure.served.filter(|served| Some(*served) != figure.period) {
                None => vec![new],
                Some(served) => vec![
                    localizer.signed_figure(id, own, PlacedValue::Actual(Scope::Served), Some(served)),
                    localizer.figure_phrase("table.new", &[("n", new)]),
                ],
            }
        }
        ValueColumn::PlannedToDate => vec![localizer.due_figure(id)],
        ValueColumn::ActualToDate => {
            vec![localizer.signed_figure(id, own, PlacedValue::Actual(Scope::Cumulative), figure.cumulative)]
        }
        ValueColumn::PlannedInAll => number(PlacedValue::TargetTotal, figure.target_total),
    }
}

/// What the signs of hedges in the cells mean, which days are whose, and what a baseline that is added means.
fn sign_notes(localizer: &Localizer, ids: &[IndicatorId], columns: &[ValueColumn]) -> Vec<String> {
    let periods = columns.iter().filter_map(|kind| match kind {
        ValueColumn::Earlier(period) => Some(*period),
        _ => None,
    });
    let periods: Vec<usize> = periods.chain([localizer.input.period]).collect();
    let figures = ids.iter().flat_map(|id| periods.iter().filter_map(|period| figure_of(localizer, *id, *period)));
    let amounts = figures.flat_map(|figure| [figure.period, figure.served, figure.cumulative]).flatten();
    let signs = localizer.sign_note(amounts).map(|signs| format!("{}.", capitalize(&signs)));
    std::iter::once(localizer.both_scopes()).chain(signs).collect()
}
