//! Everything that is told of one indicator of persons, in all its axes, scopes and periods, as one set of numbers.
//!
//! A part's cumulative value is a level that rises from one boundary between periods to the next, a period's value the
//! difference of two levels; the persons served in a period are a number of their own. Levels and served numbers are the *slots*.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::Date;
use rust_decimal::prelude::ToPrimitive;

use crate::indicators::{Figures, PartKey, Scope};
use crate::model::{Amount, Axis, AxisPart, Calculation, IndicatorId, Period, Project};

use super::counted::count;
use super::published::{Published, counted_in};
use super::standing::concerns_persons;

pub(super) struct Ledger {
    /// Parts with 0 < n < limit are small.
    pub limit: i64,
    pub people: bool,
    pub axes: Vec<LedgerAxis>,
    /// Of all axes, one axis after the other.
    pub parts: Vec<LedgerPart>,
    /// Slots 0 to `boundaries` are levels in order of their days, the first before the project; then served numbers.
    pub boundaries: usize,
    pub slots: usize,
    pub orders: Vec<Order>,
    /// In the order in which periods are settled, one batch for each end.
    pub batches: Vec<Vec<Publication>>,
}

pub(super) struct LedgerAxis {
    pub concerns_persons: bool,
    /// A person never moves on it: those served in a period stand where they were first counted.
    constant: bool,
    pub parts: Range<usize>,
    /// For a crossed axis, the two that it crosses.
    pub crosses: Option<[usize; 2]>,
    /// The crossed axes that have this one as a side.
    pub crossed_by: Vec<usize>,
    spec: (AxisPart, Option<AxisPart>),
}

/// One value of an axis. Each axis ends with values that nobody knows to exist, and that indeed don't: an axis that is withheld
/// whole doesn't tell which values it has.
pub(super) struct LedgerPart {
    pub axis: usize,
    /// For a crossed part, the parts of the two axes that it adds to.
    pub sides: Option<[usize; 2]>,
    /// By slot.
    pub values: Vec<i64>,
}

/// A sum of slots of one part that is never negative, by what the scopes mean.
pub(super) struct Order {
    pub terms: Vec<(usize, i64)>,
    /// Holds only where persons never move on the axis.
    pub constant_only: bool,
}

/// One axis in the reports of one period.
pub(super) struct Publication {
    pub period: usize,
    pub axis: usize,
    pub spans: Vec<Span>,
    /// The parts whose lines are printed.
    pub listed: BTreeSet<usize>,
    /// Level at the end of the period.
    pub end: usize,
}

/// The value of a scope is the difference of two slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub from: usize,
    pub to: usize,
    /// What all its parts together come to.
    pub total: i64,
}

/// Which slots the three scopes of a period are.
#[derive(Clone, Copy)]
pub(super) struct PeriodSlots {
    start: usize,
    end: usize,
    served: usize,
}

impl PeriodSlots {
    /// Served is told of `people`; for `attendances` it is the period itself.
    pub fn span(self, scope: Scope) -> (usize, usize) {
        match scope {
            Scope::Period => (self.start, self.end),
            Scope::Cumulative => (0, self.end),
            Scope::Served if self.served == self.end => (self.start, self.end),
            Scope::Served => (0, self.served),
        }
    }
}

/// A ledger with the places of its axes and slots, to look released values up.
pub(super) struct Indexed {
    pub ledger: Ledger,
    pub slots_of: BTreeMap<usize, PeriodSlots>,
    part_at: BTreeMap<(usize, PartKey), usize>,
}

impl Indexed {
    /// The ledger's axis of a `by`, and whether its crossing is the other way round there.
    pub fn axis(&self, axis: &Axis) -> Option<(usize, bool)> {
        let (spec, turned) = canonical(axis);
        self.ledger.axes.iter().position(|axis| axis.spec == spec).map(|at| (at, turned))
    }

    pub fn part(&self, axis: usize, key: PartKey, turned: bool) -> Option<usize> {
        self.part_at.get(&(axis, turn(key, turned))).copied()
    }
}

/// A publication before slots and parts have their places.
#[derive(Default)]
struct Wanted {
    scopes: BTreeSet<Scope>,
    keys: BTreeSet<PartKey>,
}

/// The ledger of `id`; none where no report tells anything of persons in it.
pub(super) fn ledger(
    project: &Project,
    figures: &Figures,
    published: &Published,
    id: IndicatorId,
    limit: u32,
) -> Option<Indexed> {
    let people = project.logframe.indicator(id).calculation == Calculation::People;
    let mut specs: Vec<(AxisPart, Option<AxisPart>)> = Vec::new();
    let mut wanted: BTreeMap<(usize, usize), Wanted> = BTreeMap::new();
    for &period in published.batches.iter().flatten() {
        for shown in project.logframe.indicator_ids().filter(|shown| published.shows(period, *shown)) {
            if !counted_in(project, shown).contains(&id) {
                continue;
            }
            for (axis, parts) in
                project.logframe.indicator(shown).axes.iter().zip(
                    figures.periods[period].figures.get(usize::from(shown.0)).map_or(&[][..], |figure| &figure.axes),
                )
            {
                let (spec, turned) = canonical(axis);
                let at = specs.iter().position(|known| *known == spec).unwrap_or_else(|| {
                    specs.push(spec);
                    specs.len() - 1
                });
                let entry = wanted.entry((period, at)).or_default();
                entry.scopes.extend(scopes(people, shown == id));
                entry.keys.extend(parts.parts.iter().map(|part| turn(part.key, turned)));
            }
        }
    }
    if !specs.iter().any(|spec| concerns_persons(&axis_of(*spec))) {
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
    let (slots_of, days, served) = slots(project.settings.start, people, &periods, period);
    let count_slots = days.len() + 1 + served.len();
    let tables = tables(project, figures, id, &specs, &slots_of, &days, &served);
    let (axes, parts, part_at) = lay_out(project, &specs, tables, count_slots);
    let total = |at: usize, scope: Scope| {
        let figure = figures.periods[at].figures.get(usize::from(id.0));
        figure.and_then(|figure| figure.value(scope)).map_or(0, whole)
    };
    let batches = published
        .batches
        .iter()
        .map(|batch| {
            let publications = batch.iter().flat_map(|&at| wanted.range((at, 0)..(at + 1, 0)));
            publications
                .map(|(&(at, axis), wanted)| Publication {
                    period: at,
                    axis,
                    end: slots_of[&at].end,
                    listed: wanted.keys.iter().filter_map(|key| part_at.get(&(axis, *key)).copied()).collect(),
                    spans: wanted
                        .scopes
                        .iter()
                        .map(|&scope| {
                            let (from, to) = slots_of[&at].span(scope);
                            Span { from, to, total: total(at, scope) }
                        })
                        .collect(),
                })
                .collect()
        })
        .collect();
    let orders = orders(&periods, &slots_of, period);
    let boundaries = days.len() + 1;
    let ledger =
        Ledger { limit: i64::from(limit), people, axes, parts, boundaries, slots: count_slots, orders, batches };
    Some(Indexed { ledger, slots_of, part_at })
}

impl Ledger {
    pub fn is_small(&self, value: i64) -> bool {
        0 < value && value < self.limit
    }

    /// Whether an order holds for a part: by what it means, and in fact.
    pub fn holds(&self, order: &Order, part: usize) -> bool {
        (!order.constant_only || self.axes[self.parts[part].axis].constant)
            && order.terms.iter().map(|(slot, sign)| sign * self.parts[part].values[*slot]).sum::<i64>() >= 0
    }
}

/// A ratio of `people` takes those served for its period value; `people` themselves tell all three scopes.
fn scopes(people: bool, itself: bool) -> Vec<Scope> {
    match (people, itself) {
        (true, true) => vec![Scope::Period, Scope::Served, Scope::Cumulative],
        (true, false) => vec![Scope::Served, Scope::Cumulative],
        (false, _) => vec![Scope::Period, Scope::Cumulative],
    }
}

pub(super) fn whole(amount: Amount) -> i64 {
    amount.single().and_then(|value| value.to_i64()).unwrap_or(0)
}

/// An axis and the same crossing the other way round are one.
fn canonical(axis: &Axis) -> ((AxisPart, Option<AxisPart>), bool) {
    match axis.second {
        Some(second) if rank(second) < rank(axis.first) => ((second, Some(axis.first)), true),
        second => ((axis.first, second), false),
    }
}

fn rank(part: AxisPart) -> (u8, u16) {
    match part {
        AxisPart::Activity(column) => (0, column.0),
        AxisPart::Person(column) => (1, column.0),
        AxisPart::Age => (2, 0),
    }
}

fn turn(key: PartKey, turned: bool) -> PartKey {
    match key {
        PartKey::Crossed(first, second) if turned => PartKey::Crossed(second, first),
        key => key,
    }
}

fn axis_of((first, second): (AxisPart, Option<AxisPart>)) -> Axis {
    Axis { text: String::new(), first, second }
}

/// The slots of every published period, the days of the boundaries, and the periods whose served number is one of its own:
/// in a period that begins with the project, everybody served is counted first.
fn slots<'a>(
    start: Date,
    people: bool,
    periods: &[usize],
    period: impl Fn(usize) -> &'a Period,
) -> (BTreeMap<usize, PeriodSlots>, Vec<Date>, Vec<usize>) {
    let before = |day: Date| day.yesterday().unwrap_or(day);
    let days: BTreeSet<Date> =
        periods.iter().flat_map(|&at| [before(period(at).start), period(at).end]).filter(|day| *day >= start).collect();
    let days: Vec<Date> = days.into_iter().collect();
    let slot = |day: Date| days.partition_point(|other| *other <= day);
    let mut served: Vec<usize> = Vec::new();
    let mut slots_of = BTreeMap::new();
    for &at in periods {
        let (start, end) = (slot(before(period(at).start)), slot(period(at).end));
        let own = people && start > 0;
        let twin = served
            .iter()
            .position(|&other| (period(other).start, period(other).end) == (period(at).start, period(at).end));
        let served = match (own, twin) {
            (false, _) => end,
            (true, Some(twin)) => days.len() + 1 + twin,
            (true, None) => {
                served.push(at);
                days.len() + served.len()
            }
        };
        slots_of.insert(at, PeriodSlots { start, end, served });
    }
    (slots_of, days, served)
}

type Table = BTreeMap<PartKey, Vec<i64>>;

/// What each axis counts by slot: as the figures have it where the indicator has the axis, else from its crossing, else from the rows.
fn tables(
    project: &Project,
    figures: &Figures,
    id: IndicatorId,
    specs: &[(AxisPart, Option<AxisPart>)],
    slots_of: &BTreeMap<usize, PeriodSlots>,
    days: &[Date],
    served: &[usize],
) -> Vec<Table> {
    let indicator = project.logframe.indicator(id);
    let slots = days.len() + 1 + served.len();
    let mut tables: Vec<Option<Table>> = specs
        .iter()
        .map(|spec| {
            let own = indicator.axes.iter().position(|axis| canonical(axis).0 == *spec)?;
            let turned = canonical(&indicator.axes[own]).1;
            let mut table = Table::new();
            for (&at, places) in slots_of {
                let parts = figures.periods[at].figures.get(usize::from(id.0)).and_then(|figure| figure.axes.get(own));
                for part in parts.map_or(&[][..], |axis| &axis.parts) {
                    let row = table.entry(turn(part.key, turned)).or_insert_with(|| vec![0; slots]);
                    let value = |scope| part.value(scope).map_or(0, whole);
                    row[places.start] = value(Scope::Cumulative) - value(Scope::Period);
                    row[places.end] = value(Scope::Cumulative);
                    if places.served != places.end {
                        row[places.served] = value(Scope::Served);
                    }
                    row[0] = 0;
                }
            }
            Some(table)
        })
        .collect();
    for at in 0..specs.len() {
        if tables[at].is_none() && specs[at].1.is_some() {
            tables[at] = Some(count(project, figures, id, &axis_of(specs[at]), days, served));
        }
    }
    for at in 0..specs.len() {
        if tables[at].is_none() {
            let side = specs[at].0;
            let crossing = specs.iter().position(|spec| spec.1.is_some_and(|second| spec.0 == side || second == side));
            tables[at] = Some(match crossing {
                Some(crossing) => one_side(tables[crossing].as_ref(), specs[crossing].0 == side, slots),
                None => count(project, figures, id, &axis_of(specs[at]), days, served),
            });
        }
    }
    tables.into_iter().flatten().collect()
}

fn one_side(crossed: Option<&Table>, first: bool, slots: usize) -> Table {
    let mut table = Table::new();
    for (key, values) in crossed.into_iter().flatten() {
        let sides = sides_of(*key);
        let row = table.entry(sides[usize::from(!first)]).or_insert_with(|| vec![0; slots]);
        row.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
    table
}

fn sides_of(key: PartKey) -> [PartKey; 2] {
    match key {
        PartKey::Crossed(first, second) => [PartKey::One(first), PartKey::One(second)],
        one => [one, one],
    }
}

#[expect(clippy::type_complexity, reason = "axes, parts and their places are made together, once")]
fn lay_out(
    project: &Project,
    specs: &[(AxisPart, Option<AxisPart>)],
    mut tables: Vec<Table>,
    slots: usize,
) -> (Vec<LedgerAxis>, Vec<LedgerPart>, BTreeMap<(usize, PartKey), usize>) {
    let side_axes = |spec: (AxisPart, Option<AxisPart>)| {
        let place = |side: AxisPart| specs.iter().position(|other| *other == (side, None));
        Some([place(spec.0)?, place(spec.1?)?])
    };
    for (at, spec) in specs.iter().enumerate() {
        let Some(sides) = side_axes(*spec) else { continue };
        for key in tables[at].keys().copied().collect::<Vec<_>>() {
            for (side, key) in sides.into_iter().zip(sides_of(key)) {
                tables[side].entry(key).or_insert_with(|| vec![0; slots]);
            }
        }
    }
    let sex = project.persons.column("sex").map(AxisPart::Person);
    let mut axes: Vec<LedgerAxis> = Vec::new();
    let mut parts: Vec<LedgerPart> = Vec::new();
    let mut part_at = BTreeMap::new();
    let mut ranges = vec![0..0; specs.len()];
    // Simple axes first, so that crossed parts find their sides.
    for crossed in [false, true] {
        for (axis, table) in tables.iter_mut().enumerate().filter(|(axis, _)| specs[*axis].1.is_some() == crossed) {
            let start = parts.len();
            let sides = side_axes(specs[axis]);
            for (key, values) in std::mem::take(table) {
                let of_sides = sides.and_then(|sides| {
                    let [first, second] = sides_of(key);
                    Some([*part_at.get(&(sides[0], first))?, *part_at.get(&(sides[1], second))?])
                });
                part_at.insert((axis, key), parts.len());
                parts.push(LedgerPart { axis, sides: of_sides, values });
            }
            let unknown = |sides| LedgerPart { axis, sides, values: vec![0; slots] };
            match sides.map(|[first, second]| [Range::clone(&ranges[first]), Range::clone(&ranges[second])]) {
                None => parts.push(unknown(None)),
                Some([first, second]) => {
                    let (no_first, no_second) = (first.end - 1, second.end - 1);
                    parts.extend(first.map(|side| unknown(Some([side, no_second]))));
                    parts.extend((second.start..no_second).map(|side| unknown(Some([no_first, side]))));
                }
            }
            ranges[axis] = start..parts.len();
        }
    }
    for (axis, spec) in specs.iter().enumerate() {
        axes.push(LedgerAxis {
            concerns_persons: concerns_persons(&axis_of(*spec)),
            constant: spec.1.is_none() && Some(spec.0) == sex,
            parts: ranges[axis].clone(),
            crosses: side_axes(*spec),
            crossed_by: Vec::new(),
            spec: *spec,
        });
    }
    for axis in 0..axes.len() {
        for side in axes[axis].crosses.into_iter().flatten() {
            axes[side].crossed_by.push(axis);
        }
    }
    (axes, parts, part_at)
}

/// Those first counted in a period were served in it; a longer period serves no fewer than a shorter one that begins with it,
/// and no more than the periods that it falls into do together; a person who never moves was counted where they are served.
fn orders<'a>(
    periods: &[usize],
    slots_of: &BTreeMap<usize, PeriodSlots>,
    period: impl Fn(usize) -> &'a Period,
) -> Vec<Order> {
    let mut orders = Vec::new();
    let served = |at: usize| {
        let (from, to) = slots_of[&at].span(Scope::Served);
        [(to, 1), (from, -1)]
    };
    let negative = |terms: [(usize, i64); 2]| terms.map(|(slot, sign)| (slot, -sign));
    for &at in periods {
        let places = slots_of[&at];
        if places.served != places.end {
            let general = vec![(places.served, 1), (places.end, -1), (places.start, 1)];
            orders.push(Order { terms: general, constant_only: false });
            orders.push(Order { terms: vec![(places.end, 1), (places.served, -1)], constant_only: true });
        }
        for &other in periods.iter().filter(|&&other| other != at) {
            let (long, short) = (period(at), period(other));
            let within = long.start <= short.start && short.end <= long.end && long != short;
            if within && (long.start, long.end) != (short.start, short.end) {
                let terms = served(at).into_iter().chain(negative(served(other))).collect();
                orders.push(Order { terms, constant_only: long.start != short.start });
            }
        }
        for longest_first in [true, false] {
            if let Some(tiles) = tiles(at, periods, &period, longest_first) {
                let terms = tiles.into_iter().flat_map(served).chain(negative(served(at))).collect();
                orders.push(Order { terms, constant_only: false });
            }
        }
    }
    // A period that begins with the project has no served number of its own; its orders are those of levels, which rise anyway.
    orders.retain(|order| {
        order.terms.iter().any(|(slot, _)| slots_of.values().any(|p| p.served == *slot && p.served != p.end))
    });
    orders
}

/// Shorter periods that one after the other make up a period.
fn tiles<'a>(
    at: usize,
    periods: &[usize],
    period: &impl Fn(usize) -> &'a Period,
    longest_first: bool,
) -> Option<Vec<usize>> {
    let whole = period(at);
    let mut tiles = Vec::new();
    let mut start = whole.start;
    loop {
        let fits = periods.iter().copied().filter(|&other| {
            let tile = period(other);
            tile.start == start && tile.end <= whole.end && (tile.start, tile.end) != (whole.start, whole.end)
        });
        let tile = if longest_first {
            fits.max_by_key(|&o| (period(o).end, o))
        } else {
            fits.min_by_key(|&o| (period(o).end, o))
        }?;
        tiles.push(tile);
        if period(tile).end == whole.end {
            return Some(tiles);
        }
        start = period(tile).end.tomorrow().ok()?;
    }
}
