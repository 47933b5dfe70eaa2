use std::collections::BTreeSet;
use std::ops::Range;

use fixedbitset::FixedBitSet;

use super::axis::{AxisParts, Codings, Slots};
use super::condition::Filter;
use super::days::Days;
use super::distinct::{Seen, Units};
use super::places::Places;
use super::sum::Gathered;
use super::timeline::{Activities, Attendances, Seat, Timeline};
use super::{AxisFigures, Basis, CountedAttendances, Evidence, Part};
use crate::model::{ActivityId, Amount, Calculation, ColumnId, Indicator, Project, Value};

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
    let filter = Filter::new(project, &timeline.attendances, indicator);
    let over_attendances = indicator.calculation.over_attendances();
    let rows = if over_attendances {
        Rows { of: Of::Attendances(&timeline.attendances), places: filter.holding(&timeline.attendances) }
    } else {
        let ids = &timeline.activities.ids;
        let holds = |place: u32| filter.activity(ids[place as usize].0).is_none();
        Rows { of: Of::Activities(&timeline.activities), places: Places::holding(ids.len(), holds) }
    };
    let slots: Vec<Slots> = axes.iter().map(|&parts| codings.slots(parts, over_attendances, rows.seats())).collect();
    let ranges: Vec<_> = project.logframe.periods.iter().map(|period| rows.of.days().range(period)).collect();
    let (drafts, rows, first) = match indicator.calculation {
        Calculation::People => {
            let attendances = &timeline.attendances;
            let first = first_within(project, attendances, &rows, 0..attendances.len());
            (people(project, attendances, &rows, &first, &ranges, &slots), rows, Some(first.places))
        }
        Calculation::Sum(column) => {
            (gather(project, &rows, &ranges, &slots, column, Gathered::sum), filled(project, rows, column), None)
        }
        Calculation::Reach(column) => {
            (gather(project, &rows, &ranges, &slots, column, Gathered::reach), filled(project, rows, column), None)
        }
        Calculation::Distinct(column) => {
            let units = Units::new(project, &timeline.attendances, column);
            let drafts = distinct(&rows, &ranges, &slots, &units);
            (drafts, rows.only(|seat| !units.is_blank(seat)), None)
        }
        _ => (each_row(&rows, &ranges, &slots), rows, None),
    };
    let evidence = match rows.of {
        Of::Activities(activities) => Evidence::Activities {
            rows: activities
                .days
                .along(rows.places.iter())
                .map(|(day, at)| (day, activities.ids[at as usize]))
                .collect(),
        },
        Of::Attendances(attendances) => {
            Evidence::Attendances { rows: CountedAttendances::new(attendances, rows.places, first) }
        }
    };
    (drafts, evidence)
}

/// Qualifying rows by day.
struct Rows<'a> {
    of: Of<'a>,
    places: Places,
}

#[derive(Clone, Copy)]
enum Of<'a> {
    Activities(&'a Activities),
    Attendances(&'a Attendances),
}

impl<'a> Of<'a> {
    fn days(self) -> &'a Days {
        match self {
            Of::Activities(activities) => &activities.days,
            Of::Attendances(attendances) => &attendances.days,
        }
    }

    #[inline]
    fn seat(self, place: u32) -> Seat {
        match self {
            Of::Activities(activities) => Seat::of_activity(activities.ids[place as usize]),
            Of::Attendances(attendances) => attendances.seat(place),
        }
    }
}

impl Rows<'_> {
    fn seats(&self) -> impl Iterator<Item = Seat> {
        self.places.iter().map(|place| self.of.seat(place))
    }

    /// Tells the row at each place of a range.
    fn each(&self, range: Range<usize>, mut take: impl FnMut(Seat)) {
        self.places.some(range, |some| some.iter().for_each(|place| take(self.of.seat(*place))));
    }

    /// Those for which something holds.
    fn only(self, holds: impl Fn(Seat) -> bool) -> Self {
        let places = self.places.kept(0..self.of.days().rows(), |place| holds(self.of.seat(place)));
        Rows { places, ..self }
    }

    /// Adds the rows of a range to the counts of every slot, axis after axis.
    fn count_slots(&self, slots: &[Slots], range: Range<usize>, counts: &mut [u32]) {
        let mut before = 0;
        for slots in slots {
            let counts = &mut counts[before..];
            match self.of {
                Of::Activities(_) => self.each(range.clone(), |seat| counts[slots.slot(seat) as usize] += 1),
                Of::Attendances(attendances) => slots.count(attendances, &self.places, range.clone(), counts),
            }
            before += slots.len();
        }
    }
}

/// One walk over places in their order, stretch by stretch; what was counted so far, as it stood before each of `cuts`.
fn walk(size: usize, cuts: &[usize], mut visit: impl FnMut(Range<usize>, &mut [u32])) -> Vec<Vec<u32>> {
    let mut order: Vec<usize> = (0..cuts.len()).collect();
    order.sort_by_key(|&at| cuts[at]);
    let mut counts = vec![0u32; size];
    let mut standing = vec![Vec::new(); cuts.len()];
    let mut place = 0;
    for at in order {
        visit(place..cuts[at], &mut counts);
        place = cuts[at];
        standing[at].clone_from(&counts);
    }
    standing
}

/// Counts per slot, axis after axis, by period: in the period and cumulatively.
struct Split {
    period: Vec<Vec<u32>>,
    cumulative: Vec<Vec<u32>>,
}

/// Of all axes.
fn size(slots: &[Slots]) -> usize {
    slots.iter().map(Slots::len).sum()
}

fn split(rows: &Rows, ranges: &[Range<usize>], slots: &[Slots]) -> Split {
    let cuts: Vec<usize> = ranges.iter().flat_map(|range| [range.start, range.end]).collect();
    let standing = walk(size(slots), &cuts, |stretch, counts| rows.count_slots(slots, stretch, counts));
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

/// The parts that occur on every axis: a person's part in a later period may be another than at the first contact.
fn parts(slots: &[Slots], period: &[u32], served: Option<&[u32]>, cumulative: &[u32]) -> Vec<AxisFigures> {
    let mut before = 0;
    let of_axis = |slots: &Slots| {
        let own = before..before + slots.len();
        before = own.end;
        let (period, served, cumulative) =
            (&period[own.clone()], served.map(|all| &all[own.clone()]), &cumulative[own]);
        let occurs = |slot: &usize| cumulative[*slot] > 0 || served.is_some_and(|served| served[*slot] > 0);
        let part = |slot: usize| Part {
            key: slots.key(slot),
            period: count(period[slot] as usize),
            served: served.and_then(|served| count(served[slot] as usize)),
            cumulative: count(cumulative[slot] as usize),
        };
        AxisFigures { parts: (0..slots.len()).filter(occurs).map(part).collect() }
    };
    slots.iter().map(of_axis).collect()
}

/// Every row is one.
fn each_row(rows: &Rows, ranges: &[Range<usize>], slots: &[Slots]) -> Vec<Draft> {
    let split = split(rows, ranges, slots);
    let draft = |(at, range): (usize, &Range<usize>)| Draft {
        period: count(rows.places.count(range.clone())),
        cumulative: count(rows.places.count(0..range.end)),
        axes: parts(slots, &split.period[at], None, &split.cumulative[at]),
        ..Draft::default()
    };
    ranges.iter().enumerate().map(draft).collect()
}

/// The first of `rows` that each person has in a range. A bit for each person: those of many stay in the processor's cache.
fn first_within<'a>(project: &Project, attendances: &'a Attendances, rows: &Rows, range: Range<usize>) -> Rows<'a> {
    let mut met = FixedBitSet::with_capacity(project.persons.rows.len());
    let is_first = |place: u32| !met.put(attendances.person[place as usize] as usize);
    Rows { of: Of::Attendances(attendances), places: rows.places.kept(range, is_first) }
}

/// First contacts, beside everybody who came in the period.
fn people(
    project: &Project,
    attendances: &Attendances,
    rows: &Rows,
    first: &Rows,
    ranges: &[Range<usize>],
    slots: &[Slots],
) -> Vec<Draft> {
    let split = split(first, ranges, slots);
    let draft = |(at, range): (usize, &Range<usize>)| {
        let (period, cumulative) = (first.places.count(range.clone()), first.places.count(0..range.end));
        let (came, slots_of_came) = if range.start == 0 {
            (cumulative, split.cumulative[at].clone())
        } else {
            let came = first_within(project, attendances, rows, range.clone());
            let mut counts = vec![0; size(slots)];
            came.count_slots(slots, range.clone(), &mut counts);
            (came.places.len(), counts)
        };
        Draft {
            period: count(period),
            served: count(came),
            cumulative: count(cumulative),
            axes: parts(slots, &split.period[at], Some(&slots_of_came), &split.cumulative[at]),
            basis: Basis::default(),
        }
    };
    ranges.iter().enumerate().map(draft).collect()
}

fn distinct(rows: &Rows, ranges: &[Range<usize>], slots: &[Slots], units: &Units) -> Vec<Draft> {
    let total = distinct_by(rows, ranges, 1, units, |_| 0);
    let by: Vec<_> =
        slots.iter().map(|slots| distinct_by(rows, ranges, slots.len(), units, |seat| slots.slot(seat))).collect();
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
    (0..ranges.len()).map(draft).collect()
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
        rows.each(stretch, |seat| {
            let slot = slot(seat);
            units.each(seat, |unit| counts[slot as usize] += u32::from(seen.insert(slot, unit)));
        });
    };
    let mut seen = Seen::new(size, units);
    let cumulative = walk(size, &ends, |stretch, counts| visit(&mut seen, stretch, counts));
    let occurring = walk(size, &ends, |stretch, counts| {
        rows.each(stretch, |seat| counts[slot(seat) as usize] += 1);
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

/// The rows whose activity has a number in a column.
fn filled<'a>(project: &Project, rows: Rows<'a>, column: ColumnId) -> Rows<'a> {
    rows.only(|seat| cell(project, ActivityId(seat.activity), column).is_some())
}

/// What stands before the slots of the axes.
const TOTAL: usize = 0;

/// Sums and reaches of a column of activities. Rows whose cell is blank add nothing, and are told of in the basis.
fn gather(
    project: &Project,
    rows: &Rows,
    ranges: &[Range<usize>],
    slots: &[Slots],
    column: ColumnId,
    value: impl Fn(&Gathered) -> Option<Amount>,
) -> Vec<Draft> {
    // Each row is looked at once: a period is made of stretches that no period begins or ends in.
    let cuts: BTreeSet<usize> = ranges.iter().flat_map(|range| [range.start, range.end]).chain([0]).collect();
    let cuts: Vec<usize> = cuts.into_iter().collect();
    let stretches = cuts.windows(2).map(|cuts| {
        let stretch = cuts[0]..cuts[1];
        let mut gathered = vec![Gathered::default(); 1 + size(slots)];
        rows.each(stretch.clone(), |seat| {
            let amount = cell(project, ActivityId(seat.activity), column);
            gathered[TOTAL].add(amount);
            let mut before = TOTAL + 1;
            for slots in slots {
                gathered[before + slots.slot(seat) as usize].add(amount);
                before += slots.len();
            }
        });
        (stretch, gathered)
    });
    let stretches: Vec<(Range<usize>, Vec<Gathered>)> = stretches.collect();
    let within = |range: Range<usize>| {
        let inside = stretches.iter().filter(|(stretch, _)| range.start <= stretch.start && stretch.end <= range.end);
        inside.fold(vec![Gathered::default(); 1 + size(slots)], |mut sum, (_, gathered)| {
            sum.iter_mut().zip(gathered).for_each(|(sum, gathered)| sum.join(gathered));
            sum
        })
    };
    let draft = |range: &Range<usize>| {
        let (inside, so_far) = (within(range.clone()), within(0..range.end));
        let (period, cumulative) = (inside[TOTAL], so_far[TOTAL]);
        let mut before = TOTAL + 1;
        let of_axis = |slots: &Slots| {
            let (inside, so_far) = (&inside[before..], &so_far[before..]);
            before += slots.len();
            let part = |slot: usize| Part {
                key: slots.key(slot),
                period: value(&inside[slot]),
                served: None,
                cumulative: value(&so_far[slot]),
            };
            AxisFigures { parts: (0..slots.len()).filter(|&slot| so_far[slot].rows > 0).map(part).collect() }
        };
        Draft {
            period: value(&period),
            served: None,
            cumulative: value(&cumulative),
            axes: slots.iter().map(of_axis).collect(),
            basis: Basis {
                period_rows: period.rows,
                period_blank: period.blank,
                rows: cumulative.rows,
                blank: cumulative.blank,
            },
        }
    };
    ranges.iter().map(draft).collect()
}
