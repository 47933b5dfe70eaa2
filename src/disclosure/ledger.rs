//! Everything that is published of one indicator of persons, in all its axes, scopes and periods, as one set of numbers.
//!
//! A part's cumulative value is a level that rises from one boundary between periods to the next, a period's value the
//! difference of two levels; the persons served in a period are a number of their own. Levels and served numbers are the *slots*.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rust_decimal::prelude::ToPrimitive;

use crate::indicators::{Figures, PartKey, Scope};
use crate::model::{Amount, Axis, AxisSide, Calculation, IndicatorId, Project};

use super::shown_indicators::{Published, person_indicators_behind};
use numbered_parts::NumberedParts;
use slot_layout::PeriodSlots;

mod inequalities;
mod numbered_parts;
mod slot_layout;
mod tables;

/// The two sides of an axis; the second only where it is crossed.
type AxisSpec = (AxisSide, Option<AxisSide>);

pub(super) struct Ledger {
    /// Parts with 0 < n < limit are small.
    pub limit: i64,
    pub people: bool,
    pub axes: Vec<LedgerAxis>,
    /// Of all axes, one axis after the other.
    pub parts: Vec<LedgerPart>,
    /// The first slots are levels in the order of their days, the first one before the project; then served numbers follow.
    pub level_count: usize,
    pub slot_count: usize,
    pub inequalities: Vec<Inequality>,
    /// In the order in which periods are released, one batch for each end.
    pub batches: Vec<Vec<Publication>>,
}

pub(super) struct LedgerAxis {
    pub is_personal: bool,
    /// A person never changes parts on it: those served in a period are in the part where they were first counted.
    constant: bool,
    pub parts: Range<usize>,
    /// For a crossed axis, the two that it crosses.
    pub crosses: Option<[usize; 2]>,
    /// The crossed axes that have this one as a side.
    pub crossed_by: Vec<usize>,
    spec: AxisSpec,
}

/// One value of an axis. Each axis ends with values that don't exist, but may for all that readers know: an axis that is
/// withheld to_whole_number doesn't disclose which values it has.
pub(super) struct LedgerPart {
    pub axis: usize,
    /// For a crossed part, the parts of the two axes that it adds to.
    pub sides: Option<[usize; 2]>,
    /// By slot.
    pub values: Vec<i64>,
}

/// A sum of slots of one part that is never negative, by what the scopes mean.
pub(super) struct Inequality {
    pub terms: Vec<(usize, i64)>,
    /// Holds only where persons never change parts on the axis.
    pub constant_axes_only: bool,
}

/// One axis in the reports of one period.
pub(super) struct Publication {
    pub period: usize,
    pub axis: usize,
    pub spans: Vec<SlotSpan>,
    /// The parts whose lines are printed.
    pub listed: BTreeSet<usize>,
    /// Level at the end of the period.
    pub end: usize,
}

/// The value of a scope is the difference of two slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SlotSpan {
    pub from: usize,
    pub to: usize,
    /// What all its parts together come to.
    pub total: i64,
}

/// A ledger with the numbers of its axes, parts and slots, to look up what is shown of a figure.
pub(super) struct LedgerIndex {
    pub ledger: Ledger,
    pub slots_of: BTreeMap<usize, PeriodSlots>,
    part_at: BTreeMap<(usize, PartKey), usize>,
}

impl LedgerIndex {
    /// The ledger's axis of a `by`, and whether its crossing is the other way round there.
    pub fn axis(&self, axis: &Axis) -> Option<(usize, bool)> {
        let (spec, transposed) = normalize_axis(axis);
        self.ledger.axes.iter().position(|axis| axis.spec == spec).map(|at| (at, transposed))
    }

    pub fn part(&self, axis: usize, key: PartKey, transposed: bool) -> Option<usize> {
        self.part_at.get(&(axis, transpose(key, transposed))).copied()
    }
}

/// What a publication shows, before slots and parts are numbered.
#[derive(Default)]
struct ShownLines {
    scopes: BTreeSet<Scope>,
    keys: BTreeSet<PartKey>,
}

/// The axes on which reports show an indicator of persons, itself or in ratios, and by period and axis what they show.
#[derive(Default)]
struct ShownAxes {
    specs: Vec<AxisSpec>,
    lines: BTreeMap<(usize, usize), ShownLines>,
}

/// The ledger of `id`; `None` where no report shows anything of persons in it.
pub(super) fn build_ledger(
    project: &Project,
    figures: &Figures,
    published: &Published,
    id: IndicatorId,
    limit: u32,
) -> Option<LedgerIndex> {
    let people = project.logframe.indicator(id).calculation == Calculation::People;
    let ShownAxes { mut specs, lines } = ShownAxes::collect(project, figures, published, id);
    if !specs.iter().any(|spec| axis_of(*spec).is_personal()) {
        return None;
    }
    for at in 0..specs.len() {
        if let (first, Some(second)) = specs[at] {
            for side in [first, second] {
                if !specs.contains(&(side, None)) {
                    specs.push((side, None));
                }
            }
        }
    }
    let periods: Vec<usize> = published.batches.iter().flatten().copied().collect();
    let period = |at: usize| &figures.periods[at].period;
    let slots = slot_layout::assign_slots(project.settings.start, people, &periods, period);
    let tables = tables::count_tables(project, figures, id, &specs, &slots);
    let NumberedParts { axes, parts, part_at } =
        numbered_parts::number_parts(project, &specs, tables, slots.slot_count());
    let total = |at: usize, scope: Scope| {
        let figure = figures.periods[at].figures.get(usize::from(id.0));
        figure.and_then(|figure| figure.value(scope)).map_or(0, to_whole_number)
    };
    let publication = |(&(at, axis), shown): (&(usize, usize), &ShownLines)| {
        let span = |&scope: &Scope| {
            let (from, to) = slots.of_period[&at].span(scope);
            SlotSpan { from, to, total: total(at, scope) }
        };
        Publication {
            period: at,
            axis,
            end: slots.of_period[&at].end,
            listed: shown.keys.iter().filter_map(|key| part_at.get(&(axis, *key)).copied()).collect(),
            spans: shown.scopes.iter().map(span).collect(),
        }
    };
    let publications = |at: usize| lines.range((at, 0)..(at + 1, 0)).map(publication);
    let batches = published.batches.iter().map(|batch| batch.iter().flat_map(|&at| publications(at)).collect());
    let ledger = Ledger {
        limit: i64::from(limit),
        people,
        axes,
        parts,
        level_count: slots.level_count(),
        slot_count: slots.slot_count(),
        inequalities: inequalities::find_inequalities(&periods, &slots.of_period, period),
        batches: batches.collect(),
    };
    Some(LedgerIndex { ledger, slots_of: slots.of_period, part_at })
}

impl ShownAxes {
    fn collect(project: &Project, figures: &Figures, published: &Published, id: IndicatorId) -> ShownAxes {
        let people = project.logframe.indicator(id).calculation == Calculation::People;
        let mut shown = ShownAxes::default();
        for &period in published.batches.iter().flatten() {
            for other in project.logframe.indicator_ids().filter(|other| published.shows(period, *other)) {
                let figure = figures.periods[period].figures.get(usize::from(other.0));
                let (Some(figure), true) = (figure, person_indicators_behind(project, other).contains(&id)) else {
                    continue;
                };
                for (axis, parts) in project.logframe.indicator(other).axes.iter().zip(&figure.axes) {
                    let (spec, transposed) = normalize_axis(axis);
                    let keys = parts.parts.iter().map(|part| transpose(part.key, transposed));
                    shown.add(period, spec, published_scopes(people, other == id), keys);
                }
            }
        }
        shown
    }

    fn add(&mut self, period: usize, spec: AxisSpec, scopes: Vec<Scope>, keys: impl Iterator<Item = PartKey>) {
        let known = self.specs.iter().position(|known| *known == spec);
        let axis = known.unwrap_or_else(|| {
            self.specs.push(spec);
            self.specs.len() - 1
        });
        let lines = self.lines.entry((period, axis)).or_default();
        lines.scopes.extend(scopes);
        lines.keys.extend(keys);
    }
}

impl Ledger {
    pub fn is_small(&self, value: i64) -> bool {
        0 < value && value < self.limit
    }

    /// Whether an inequality holds for a part: by its meaning, and in fact.
    pub fn holds(&self, inequality: &Inequality, part: usize) -> bool {
        (!inequality.constant_axes_only || self.axes[self.parts[part].axis].constant)
            && inequality.terms.iter().map(|(slot, sign)| sign * self.parts[part].values[*slot]).sum::<i64>() >= 0
    }
}

/// A ratio of `people` takes those served for its period value; `people` themselves show all three scopes.
fn published_scopes(people: bool, itself: bool) -> Vec<Scope> {
    match (people, itself) {
        (true, true) => vec![Scope::Period, Scope::Served, Scope::Cumulative],
        (true, false) => vec![Scope::Served, Scope::Cumulative],
        (false, _) => vec![Scope::Period, Scope::Cumulative],
    }
}

pub(super) fn to_whole_number(amount: Amount) -> i64 {
    amount.single().and_then(|value| value.to_i64()).unwrap_or(0)
}

/// The sides of an axis in a fixed order, so that a crossing equals the same one written the other way round; and whether
/// they were swapped.
fn normalize_axis(axis: &Axis) -> (AxisSpec, bool) {
    match axis.second {
        Some(second) if side_order(second) < side_order(axis.first) => ((second, Some(axis.first)), true),
        second => ((axis.first, second), false),
    }
}

fn side_order(side: AxisSide) -> (u8, u16) {
    match side {
        AxisSide::Activity(column) => (0, column.0),
        AxisSide::Person(column) => (1, column.0),
        AxisSide::Age => (2, 0),
    }
}

fn transpose(key: PartKey, transposed: bool) -> PartKey {
    match key {
        PartKey::Crossed(first, second) if transposed => PartKey::Crossed(second, first),
        key => key,
    }
}

fn axis_of((first, second): AxisSpec) -> Axis {
    Axis { text: String::new(), first, second }
}
