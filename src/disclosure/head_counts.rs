//! Head counts that stand in columns of activities are suppressed as attendances are: as if every head were a person who came
//! once. Large counts are cut to so many heads as can't be small, since only small ones have to be hidden.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::prelude::ToPrimitive;

use crate::indicators::{AxisFigures, CountedAttendances, Evidence, Figures, Key, PartFigures, PartKey};
use crate::model::{
    Activity, ActivityId, Amount, Attendance, Axis, AxisSide, Birth, Calculation, Category, ColumnId, CountBlock,
    Indicator, IndicatorId, Person, PersonId, PersonState, PersonTable, Project, ReportSettings, RowRef, SheetId,
    StateId, Value, amount_in,
};

use super::ReleasedPeriod;
use super::decide_periods::release_periods;
use super::limits::SuppressionLimits;

/// How many heads above the limit a count keeps at the most.
const MOST_ABOVE: u64 = 20;
/// About how many heads are looked at in all, where there are many counts.
const MOST_HEADS: u64 = 400_000;

/// Puts what may be shown of axes of head counts into `released`.
pub(super) fn release_head_counts(
    project: &Project,
    figures: &Figures,
    limits: &SuppressionLimits,
    reports: &[&ReportSettings],
    released: &mut [ReleasedPeriod],
) {
    let has_counted = |indicator: &Indicator| indicator.axes.iter().any(Axis::is_counted);
    if limits.default == 0 || !project.logframe.indicators.iter().any(has_counted) {
        return;
    }
    let heads = CutHeads::new(project, limits);
    let (as_persons, as_figures) = heads.into_project(project, figures);
    let decided = release_periods(&as_persons, &as_figures, limits, reports).periods;
    for (period, decided) in released.iter_mut().zip(decided) {
        let own = period.figures.iter_mut().zip(decided.figures).zip(&project.logframe.indicators);
        for ((figure, decided), indicator) in own {
            for ((shown, decided), axis) in figure.axes.iter_mut().zip(decided.axes).zip(&indicator.axes) {
                if axis.is_counted() {
                    let known: Vec<PartKey> = shown.parts.iter().map(|part| part.key).collect();
                    shown.withheld = decided.withheld;
                    shown.parts = decided.parts.into_iter().filter(|part| known.contains(&part.key)).collect();
                }
            }
        }
    }
}

fn is_counted(side: AxisSide) -> bool {
    matches!(side, AxisSide::Counted(_))
}

/// The value of each side, in their order.
type HeadState = Vec<Option<Category>>;

/// Every head of the counts, cut.
struct CutHeads {
    states: BTreeMap<HeadState, u32>,
    /// Count, activity, and the number of the head's state.
    found: Vec<(ColumnId, ActivityId, u32)>,
}

impl CutHeads {
    fn new(project: &Project, limits: &SuppressionLimits) -> CutHeads {
        let mut heads = CutHeads { states: BTreeMap::new(), found: Vec::new() };
        let counts = &project.activities.head_counts;
        let parts: usize = counts.blocks.iter().map(|block| block.parts.len()).sum();
        let cells = (project.activities.rows.len() * parts).max(1) as u64;
        let least = u64::from(limits.largest()) + 1;
        let most = (MOST_HEADS / cells).clamp(least, least + MOST_ABOVE);
        let mut totals: Vec<ColumnId> = counts.blocks.iter().map(|block| block.total).collect();
        totals.sort_unstable();
        totals.dedup();
        for total in totals {
            let mut blocks: Vec<&CountBlock> = counts.blocks.iter().filter(|block| block.total == total).collect();
            // Crossed ones say more of a head.
            blocks.sort_by_key(|block| block.second.is_none());
            for (id, activity) in project.activities.ids().zip(&project.activities.rows) {
                if amount_in(&activity.values, total).is_some() {
                    heads.add_activity(counts.sides.len(), &blocks, (total, id), activity, most);
                }
            }
        }
        heads
    }

    fn add_activity(
        &mut self,
        sides: usize,
        blocks: &[&CountBlock],
        (total, id): (ColumnId, ActivityId),
        activity: &Activity,
        most: u64,
    ) {
        let cut: Vec<Vec<(HeadState, u64)>> =
            blocks.iter().map(|block| cut_counts(sides, block, activity, most)).collect();
        let sum = |counts: &Vec<(HeadState, u64)>| counts.iter().map(|(_, count)| count).sum::<u64>();
        let all = cut.iter().map(sum).max().unwrap_or_default() as usize;
        let mut states: Vec<HeadState> = vec![vec![None; sides]; all];
        let mut is_set = vec![false; sides];
        for (block, counts) in blocks.iter().zip(&cut) {
            let own: Vec<usize> =
                [Some(block.first), block.second].into_iter().flatten().map(|side| usize::from(side.0)).collect();
            // Who is in no cut count is in the one that was cut most.
            let rest = counts.iter().max_by_key(|(_, count)| *count).map(|(state, _)| state);
            let told = counts.iter().flat_map(|(state, count)| std::iter::repeat_n(state, *count as usize));
            let told = told.chain(rest.into_iter().cycle());
            for (head, state) in states.iter_mut().zip(told) {
                own.iter().filter(|side| !is_set[**side]).for_each(|side| head[*side] = state[*side]);
            }
            own.iter().for_each(|side| is_set[*side] = true);
        }
        for state in states {
            let next = self.states.len() as u32;
            let state = *self.states.entry(state).or_insert(next);
            self.found.push((total, id, state));
        }
    }

    /// A project whose persons are the heads, with the sums of counts as indicators of attendances.
    fn into_project(self, project: &Project, figures: &Figures) -> (Project, Figures) {
        let mut of_heads = project.clone();
        let value = |category: Option<Category>| category.map_or(Value::Blank, Value::One);
        let mut states: Vec<(HeadState, u32)> = self.states.into_iter().collect();
        states.sort_by_key(|(_, number)| *number);
        let row = RowRef::whole(SheetId(0), 0);
        of_heads.persons = PersonTable {
            columns: project.activities.head_counts.sides.clone(),
            rows: self.found.iter().map(|_| Person { code: String::new(), row }).collect(),
            states: states
                .into_iter()
                .map(|(state, _)| PersonState { birth: Birth::Unknown, values: state.into_iter().map(value).collect() })
                .collect(),
            sessions: vec![String::new()],
            attendances: (0..)
                .zip(&self.found)
                .map(|(at, (_, activity, state))| Attendance {
                    activity: *activity,
                    person: PersonId(at),
                    state: StateId(*state),
                    day: None,
                    session: 0,
                    row: RowRef::whole(SheetId(0), at),
                })
                .collect(),
        };
        let mut by_activity: BTreeMap<(ColumnId, ActivityId), Vec<u32>> = BTreeMap::new();
        for (at, (total, activity, _)) in (0..).zip(&self.found) {
            by_activity.entry((*total, *activity)).or_default().push(at);
        }
        let mut evidence = Vec::new();
        for (id, indicator) in project.logframe.indicator_ids().zip(&mut of_heads.logframe.indicators) {
            let behind = figures.evidence.get(usize::from(id.0));
            let rows = match (indicator.calculation, behind) {
                (Calculation::Sum(total), Some(Evidence::Activities { rows })) => {
                    let of_row = |(day, activity): &(Date, ActivityId)| {
                        let heads = by_activity.get(&(total, *activity)).map(Vec::as_slice).unwrap_or_default();
                        heads.iter().map(|head| (*day, *head, true)).collect::<Vec<_>>()
                    };
                    rows.iter().flat_map(of_row).collect()
                }
                _ => Vec::new(),
            };
            indicator.calculation = match indicator.calculation {
                Calculation::Sum(total) if project.activities.head_counts.blocks.iter().any(|b| b.total == total) => {
                    Calculation::Attendances
                }
                ratio @ Calculation::Ratio(..) => ratio,
                _ => Calculation::Activities,
            };
            indicator.axes = indicator.axes.iter().map(as_axis_of_persons).collect();
            evidence.push(Evidence::Attendances {
                rows: CountedAttendances::from_rows(&rows, &of_heads.persons.attendances),
            });
        }
        let mut periods = figures.periods.clone();
        for figure in periods.iter_mut().flat_map(|period| (0..).map(IndicatorId).zip(&mut period.figures)) {
            let (id, figure) = figure;
            let indicator = project.logframe.indicator(id);
            let is_of_whom = |axis: &Axis| project.activities.head_counts.is_of_whom(indicator.calculation, axis);
            let some_only = indicator.axes.iter().zip(&mut figure.axes).filter(|(axis, _)| is_of_whom(axis));
            some_only.for_each(|(axis, parts)| add_untold(axis, parts));
        }
        (of_heads, Figures { periods, evidence })
    }
}

/// The counts of an activity's parts, and of the heads in no part.
fn cut_counts(sides: usize, block: &CountBlock, activity: &Activity, most: u64) -> Vec<(HeadState, u64)> {
    let cut = |amount: Amount| amount.from.ceil().to_u64().unwrap_or(most).min(most);
    let of_part = block.parts.iter().filter_map(|part| {
        let mut state: HeadState = vec![None; sides];
        state[usize::from(block.first.0)] = Some(part.first);
        if let Some(second) = block.second {
            state[usize::from(second.0)] = part.second;
        }
        Some((state, cut(amount_in(&activity.values, part.column)?)))
    });
    let rest = block.untold(&activity.values).map(|rest| (vec![None; sides], cut(rest)));
    of_part.chain(rest).filter(|(_, count)| *count > 0).collect()
}

/// The same axis of persons whose columns are the sides; one of other persons is none.
fn as_axis_of_persons(axis: &Axis) -> Axis {
    let side = |side: AxisSide| match side {
        AxisSide::Counted(id) => AxisSide::Person(ColumnId(id.0)),
        AxisSide::Activity(column) => AxisSide::Activity(column),
        AxisSide::Person(_) | AxisSide::Age => AxisSide::Activity(ColumnId(0)),
    };
    Axis { text: axis.text.clone(), first: side(axis.first), second: axis.second.map(side) }
}

/// Adds heads that are in no part: they take part in suppression though they aren't printed.
fn add_untold(axis: &Axis, figures: &mut AxisFigures) {
    let untold = |side: AxisSide, key: Key| if is_counted(side) { Key::Unknown } else { key };
    let keys: Vec<PartKey> = figures
        .parts
        .iter()
        .map(|part| match (part.key, axis.second) {
            (PartKey::Crossed(first, second), Some(side)) => {
                PartKey::Crossed(untold(axis.first, first), untold(side, second))
            }
            (PartKey::One(key) | PartKey::Crossed(key, _), _) => PartKey::One(untold(axis.first, key)),
        })
        .collect();
    for key in keys {
        if !figures.parts.iter().any(|part| part.key == key) {
            figures.parts.push(PartFigures { key, period: None, served: None, cumulative: None });
        }
    }
}
