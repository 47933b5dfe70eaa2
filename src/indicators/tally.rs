use std::collections::BTreeMap;
use std::ops::Range;

use fixedbitset::FixedBitSet;
use jiff::civil::Date;

use super::axis::{AxisParts, Codings, Slots};
use super::condition::Filter;
use super::distinct::{Seen, Units};
use super::sum::Gathered;
use super::timeline::{Attendances, Seat, Timeline, range_of};
use super::{AxisFigures, Basis, CountedAttendances, Evidence, Part};
use crate::model::{ActivityId, Amount, Calculation, ColumnId, Indicator, Period, Project, Value};

/// What an indicator comes to in one period, before its targets are looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub period: Option<Amount>,
    pub served: Option<Amount>,
    pub cumulative: Option<Amount>,
    /// By axis asked for.
    pub axes: Vec<AxisFigures>,
    pub basis: Basis,
}

/// Counts an indicator over rows: in every period, on every axis asked for.
pub(super) fn tally(
    project: &Project,
    timeline: &Timeline,
    codings: &Codings,
    indicator: &Indicator,
    axes: &[AxisParts],
) -> (Vec<Draft>, Evidence) {
    let filter = Filter::new(project, indicator);
    let periods = &project.logframe.periods;
    if indicator.calculation.over_attendances() {
        return over_attendances(project, timeline, codings, indicator, axes, &filter);
    }
    let holds = |(_, id): &(Date, ActivityId)| filter.activity(id.0).is_none();
    let mut chosen: Vec<(Date, ActivityId)> = timeline.activities.iter().filter(|row| holds(row)).copied().collect();
    let rows = Rows::Activities(&chosen);
    let slots: Vec<Slots> = axes.iter().map(|&parts| codings.slots(parts, false, rows.seats())).collect();
    let drafts = match indicator.calculation {
        Calculation::Sum(column) | Calculation::Reach(column) => {
            let is_sum = matches!(indicator.calculation, Calculation::Sum(_));
            let value = if is_sum { Gathered::sum } else { Gathered::reach };
            let drafts = gather(project, periods, &chosen, &slots, column, value);
            chosen.retain(|(_, id)| cell(project, *id, column).is_some());
            drafts
        }
        Calculation::Distinct(column) => {
            let units = Units::new(project, &timeline.attendances, column);
            let drafts = distinct(periods, &rows, &slots, &units);
            chosen.retain(|(_, id)| !units.is_blank(Seat::of_activity(*id)));
            drafts
        }
        _ => each_row(periods, &rows, &slots),
    };
    (drafts, Evidence::Activities { rows: chosen })
}

fn over_attendances(
    project: &Project,
    timeline: &Timeline,
    codings: &Codings,
    indicator: &Indicator,
    axes: &[AxisParts],
    filter: &Filter,
) -> (Vec<Draft>, Evidence) {
    let attendances = &timeline.attendances;
    let periods = &project.logframe.periods;
    let mut places: Vec<u32> = filter.holding(attendances);
    let rows = Rows::Attendances(attendances, &places);
    let slots: Vec<Slots> = axes.iter().map(|&parts| codings.slots(parts, true, rows.seats())).collect();
    let mut first = Vec::new();
    let drafts = match indicator.calculation {
        Calculation::People => {
            let mut met = FixedBitSet::with_capacity(project.persons.rows.len());
            let is_first = |place: &u32| !met.put(attendances.person[*place as usize] as usize);
            first = places.iter().map(is_first).collect();
            people(project, attendances, &places, &first, &slots)
        }
        Calculation::Distinct(column) => {
            let units = Units::new(project, attendances, column);
            let drafts = distinct(periods, &rows, &slots, &units);
            places.retain(|&place| !units.is_blank(attendances.seat(place)));
            drafts
        }
        _ => each_row(periods, &rows, &slots),
    };
    first.resize(places.len(), true);
    let rows = CountedAttendances::new(attendances, places);
    (drafts, Evidence::Attendances { rows, first })
}

/// Qualifying rows by day.
enum Rows<'a> {
    Activities(&'a [(Date, ActivityId)]),
    Attendances(&'a Attendances, &'a [u32]),
}

impl Rows<'_> {
    fn len(&self) -> usize {
        match self {
            Rows::Activities(rows) => rows.len(),
            Rows::Attendances(_, places) => places.len(),
        }
    }

    #[inline]
    fn seat(&self, at: usize) -> Seat {
        match self {
            Rows::Activities(rows) => Seat::of_activity(rows[at].1),
            Rows::Attendances(attendances, places) => attendances.seat(places[at]),
        }
    }

    fn day(&self, at: usize) -> Date {
        match self {
            Rows::Activities(rows) => rows[at].0,
            Rows::Attendances(attendances, places) => attendances.day[places[at] as usize],
        }
    }

    fn seats(&self) -> impl Iterator<Item = Seat> + '_ {
        (0..self.len()).map(|at| self.seat(at))
    }

    /// Tells the slot of every row in a range.
    fn each_slot(&self, slots: &Slots, range: Range<usize>, mut take: impl FnMut(u32)) {
        match self {
            Rows::Activities(rows) => {
                rows[range].iter().for_each(|(_, id)| take(slots.slot(Seat::of_activity(*id))));
            }
            Rows::Attendances(attendances, places) => slots.each(attendances, &places[range], take),
        }
    }

    fn ranges(&self, periods: &[Period]) -> Vec<Range<usize>> {
        periods.iter().map(|period| range_of(period, self.len(), |at| self.day(at))).collect()
    }
}

/// One walk over rows in their order, stretch by stretch; what was counted so far, as it stood before each of `cuts`.
fn walk(size: usize, cuts: &[usize], mut visit: impl FnMut(Range<usize>, &mut [u32])) -> Vec<Vec<u32>> {
    let mut order: Vec<usize> = (0..cuts.len()).collect();
    order.sort_by_key(|&at| cuts[at]);
    let mut counts = vec![0u32; size];
    let mut standing = vec![Vec::new(); cuts.len()];
    let mut row = 0;
    for at in order {
        visit(row..cuts[at], &mut counts);
        row = cuts[at];
        standing[at].clone_from(&counts);
    }
    standing
}

/// Counts per slot, by period: in the period and cumulatively.
struct Split {
    period: Vec<Vec<u32>>,
    cumulative: Vec<Vec<u32>>,
}

fn split(rows: &Rows, ranges: &[Range<usize>], slots: &Slots) -> Split {
    let cuts: Vec<usize> = ranges.iter().flat_map(|range| [range.start, range.end]).collect();
    let standing = walk(slots.len(), &cuts, |stretch, counts| {
        rows.each_slot(slots, stretch, |slot| counts[slot as usize] += 1);
    });
    let mut split = Split { period: Vec::new(), cumulative: Vec::new() };
    for pair in standing.chunks_exact(2) {
        split.period.push(pair[1].iter().zip(&pair[0]).map(|(end, start)| end - start).collect());
        split.cumulative.push(pair[1].clone());
    }
    split
}

fn count(number: usize) -> Option<Amount> {
    Some(Amount::count(number as u64))
}

/// The parts that occur: a person's part in a later period may be another than at the first contact.
fn parts(slots: &Slots, period: &[u32], served: Option<&[u32]>, cumulative: &[u32]) -> AxisFigures {
    let occurs = |slot: &usize| cumulative[*slot] > 0 || served.is_some_and(|served| served[*slot] > 0);
    let listed = (0..slots.len()).filter(occurs);
    let part = |slot: usize| Part {
        key: slots.key(slot),
        period: count(period[slot] as usize),
        served: served.and_then(|served| count(served[slot] as usize)),
        cumulative: count(cumulative[slot] as usize),
    };
    AxisFigures { parts: listed.map(part).collect() }
}

/// Every row is one.
fn each_row(periods: &[Period], rows: &Rows, slots: &[Slots]) -> Vec<Draft> {
    let ranges = rows.ranges(periods);
    let splits: Vec<Split> = slots.iter().map(|slots| split(rows, &ranges, slots)).collect();
    let draft = |(at, range): (usize, &Range<usize>)| Draft {
        period: count(range.len()),
        cumulative: count(range.end),
        axes: slots
            .iter()
            .zip(&splits)
            .map(|(slots, split)| parts(slots, &split.period[at], None, &split.cumulative[at]))
            .collect(),
        ..Draft::default()
    };
    ranges.iter().enumerate().map(draft).collect()
}

/// First contacts, beside everybody who came in the period.
fn people(project: &Project, attendances: &Attendances, places: &[u32], first: &[bool], slots: &[Slots]) -> Vec<Draft> {
    let periods = &project.logframe.periods;
    let all = Rows::Attendances(attendances, places).ranges(periods);
    let persons = project.persons.rows.len();
    let mut firsts: Vec<u32> = Vec::with_capacity(persons);
    firsts.extend(places.iter().zip(first).filter(|(_, first)| **first).map(|(&place, _)| place));
    let rows = Rows::Attendances(attendances, &firsts);
    let ranges = rows.ranges(periods);
    let splits: Vec<Split> = slots.iter().map(|slots| split(&rows, &ranges, slots)).collect();
    // A bit for each person: those of many stay in the processor's cache.
    let mut met = FixedBitSet::with_capacity(persons);
    let mut came: Vec<u32> = Vec::with_capacity(persons);
    let mut drafts = Vec::new();
    for (at, (range, first_range)) in all.into_iter().zip(ranges).enumerate() {
        let served = if range.start == 0 {
            &firsts[..first_range.end]
        } else {
            met.clear();
            came.clear();
            let anew = |place: &&u32| !met.put(attendances.person[**place as usize] as usize);
            came.extend(places[range].iter().filter(anew));
            &came
        };
        let axes = slots.iter().zip(&splits).map(|(slots, split)| {
            let mut counts = vec![0u32; slots.len()];
            slots.each(attendances, served, |slot| counts[slot as usize] += 1);
            parts(slots, &split.period[at], Some(&counts), &split.cumulative[at])
        });
        drafts.push(Draft {
            period: count(first_range.len()),
            served: count(served.len()),
            cumulative: count(first_range.end),
            axes: axes.collect(),
            basis: Basis::default(),
        });
    }
    drafts
}

fn distinct(periods: &[Period], rows: &Rows, slots: &[Slots], units: &Units) -> Vec<Draft> {
    let ranges = rows.ranges(periods);
    let total = distinct_by(rows, &ranges, 1, units, |_| 0);
    let by: Vec<_> =
        slots.iter().map(|slots| distinct_by(rows, &ranges, slots.len(), units, |seat| slots.slot(seat))).collect();
    let draft = |at: usize| {
        let axes = slots.iter().zip(&by).map(|(slots, (split, occurring))| {
            let listed = (0..slots.len()).filter(|&slot| occurring[at][slot] > 0);
            let part = |slot: usize| Part {
                key: slots.key(slot),
                period: count(split.period[at][slot] as usize),
                served: None,
                cumulative: count(split.cumulative[at][slot] as usize),
            };
            AxisFigures { parts: listed.map(part).collect() }
        });
        Draft {
            period: count(total.0.period[at][0] as usize),
            cumulative: count(total.0.cumulative[at][0] as usize),
            axes: axes.collect(),
            ..Draft::default()
        }
    };
    (0..periods.len()).map(draft).collect()
}

/// Different units per slot, and how many rows stand on each slot cumulatively.
fn distinct_by(
    rows: &Rows,
    ranges: &[Range<usize>],
    size: usize,
    units: &Units,
    slot: impl Fn(Seat) -> u32,
) -> (Split, Vec<Vec<u32>>) {
    let ends: Vec<usize> = ranges.iter().map(|range| range.end).collect();
    let visit = |seen: &mut Seen, stretch: Range<usize>, counts: &mut [u32]| {
        for seat in stretch.map(|at| rows.seat(at)) {
            let slot = slot(seat);
            units.each(seat, |unit| counts[slot as usize] += u32::from(seen.insert(slot, unit)));
        }
    };
    let mut seen = Seen::new(size, units);
    let cumulative = walk(size, &ends, |stretch, counts| visit(&mut seen, stretch, counts));
    let occurring = walk(size, &ends, |stretch, counts| {
        stretch.for_each(|at| counts[slot(rows.seat(at)) as usize] += 1);
    });
    let mut period = Vec::new();
    for (range, cumulative) in ranges.iter().zip(&cumulative) {
        if range.start == 0 {
            period.push(cumulative.clone());
            continue;
        }
        seen.forget();
        let mut counts = vec![0u32; size];
        visit(&mut seen, range.clone(), &mut counts);
        period.push(counts);
    }
    (Split { period, cumulative }, occurring)
}

/// The number that an activity has in a column.
fn cell(project: &Project, id: ActivityId, column: ColumnId) -> Option<Amount> {
    match &project.activities.get(id).values[usize::from(column.0)] {
        Value::Number(amount) => Some(**amount),
        _ => None,
    }
}

/// Sums and reaches of a column of activities. Rows whose cell is blank add nothing, and are told of in the basis.
fn gather(
    project: &Project,
    periods: &[Period],
    chosen: &[(Date, ActivityId)],
    slots: &[Slots],
    column: ColumnId,
    value: impl Fn(&Gathered) -> Option<Amount>,
) -> Vec<Draft> {
    let total = |rows: &[(Date, ActivityId)]| {
        let mut gathered = Gathered::default();
        rows.iter().for_each(|(_, id)| gathered.add(cell(project, *id, column)));
        gathered
    };
    let by_slot = |rows: &[(Date, ActivityId)], slots: &Slots| {
        let mut gathered: BTreeMap<u32, Gathered> = BTreeMap::new();
        for (_, id) in rows {
            gathered.entry(slots.slot(Seat::of_activity(*id))).or_default().add(cell(project, *id, column));
        }
        gathered
    };
    let draft = |range: Range<usize>| {
        let (inside, so_far) = (&chosen[range.clone()], &chosen[..range.end]);
        let (period, cumulative) = (total(inside), total(so_far));
        let axes = slots.iter().map(|slots| {
            let inside = by_slot(inside, slots);
            let part = |(slot, cumulative): (u32, Gathered)| Part {
                key: slots.key(slot as usize),
                period: value(&inside.get(&slot).copied().unwrap_or_default()),
                served: None,
                cumulative: value(&cumulative),
            };
            AxisFigures { parts: by_slot(so_far, slots).into_iter().map(part).collect() }
        });
        Draft {
            period: value(&period),
            served: None,
            cumulative: value(&cumulative),
            axes: axes.collect(),
            basis: Basis {
                period_rows: period.rows,
                period_blank: period.blank,
                rows: cumulative.rows,
                blank: cumulative.blank,
            },
        }
    };
    Rows::Activities(chosen).ranges(periods).into_iter().map(draft).collect()
}
