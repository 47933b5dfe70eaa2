use std::collections::BTreeMap;

use jiff::civil::Date;

use super::axis::{AxisParts, Codings, Slots};
use super::condition::Filter;
use super::distinct::{Seen, Units};
use super::sum::Gathered;
use super::timeline::{Attendances, Seat, Timeline, range_of};
use super::{AxisFigures, Basis, Evidence, LeftOut, Part, Verdict};
use crate::model::{ActivityId, Amount, Calculation, ColumnId, Indicator, Period, Project};

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
    let mut verdicts = timeline.activity_verdicts.clone();
    let mut chosen: Vec<(Date, ActivityId)> = Vec::new();
    for &(day, id) in &timeline.activities {
        match filter.activity(id.0) {
            Some(at) => verdicts[id.0 as usize] = Err(LeftOut::Condition(at)),
            None => chosen.push((day, id)),
        }
    }
    let rows = Rows::Activities(&chosen);
    let slots: Vec<Slots> = axes.iter().map(|&parts| codings.slots(parts, false, rows.seats())).collect();
    let drafts = match indicator.calculation {
        Calculation::Sum(column) => {
            gather(project, periods, &chosen, &slots, column, &mut verdicts, |gathered| gathered.sum())
        }
        Calculation::Reach(column) => {
            gather(project, periods, &chosen, &slots, column, &mut verdicts, |gathered| gathered.reach())
        }
        Calculation::Distinct(column) => {
            let units = Units::new(project, &timeline.attendances, column);
            for &(_, id) in chosen.iter().filter(|(_, id)| units.is_blank(Seat::of_activity(*id))) {
                verdicts[id.0 as usize] = Err(LeftOut::WithoutCount);
            }
            distinct(periods, &rows, &slots, &units)
        }
        _ => each_row(periods, &rows, &slots),
    };
    chosen.retain(|(_, id)| verdicts[id.0 as usize].is_ok());
    (drafts, Evidence::Activities { rows: chosen, left_out: count_left_out(&verdicts), verdicts })
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
    let mut verdicts = timeline.attendance_verdicts.clone();
    let mut places: Vec<u32> = Vec::with_capacity(attendances.len());
    for place in 0..attendances.len() as u32 {
        match filter.attendance(attendances, attendances.seat(place)) {
            Some(at) => verdicts[attendances.index[place as usize] as usize] = Err(LeftOut::Condition(at)),
            None => places.push(place),
        }
    }
    let rows = Rows::Attendances(attendances, &places);
    let slots: Vec<Slots> = axes.iter().map(|&parts| codings.slots(parts, true, rows.seats())).collect();
    let mut first = vec![true; places.len()];
    let drafts = match indicator.calculation {
        Calculation::People => {
            let mut met = vec![false; project.persons.rows.len()];
            for (&place, first) in places.iter().zip(&mut first) {
                let met = &mut met[attendances.person[place as usize] as usize];
                if *met {
                    *first = false;
                    verdicts[attendances.index[place as usize] as usize] = Err(LeftOut::CountedBefore);
                }
                *met = true;
            }
            people(project, attendances, &places, &first, &slots)
        }
        Calculation::Distinct(column) => {
            let units = Units::new(project, attendances, column);
            for &place in places.iter().filter(|&&place| units.is_blank(attendances.seat(place))) {
                verdicts[attendances.index[place as usize] as usize] = Err(LeftOut::WithoutCount);
            }
            distinct(periods, &rows, &slots, &units)
        }
        _ => each_row(periods, &rows, &slots),
    };
    let left_out = count_left_out(&verdicts);
    let kept = |place: u32| {
        let index = attendances.index[place as usize];
        let counts = !matches!(verdicts[index as usize], Err(LeftOut::WithoutCount));
        counts.then_some((attendances.day[place as usize], index))
    };
    let rows: Vec<(Date, u32)> = places.iter().filter_map(|&place| kept(place)).collect();
    first.truncate(rows.len());
    (drafts, Evidence::Attendances { rows, first, left_out, verdicts })
}

fn count_left_out(verdicts: &[Verdict]) -> BTreeMap<LeftOut, u64> {
    let mut conditions = [0u64; 256];
    let mut others = BTreeMap::new();
    let mut last: Option<(LeftOut, u64)> = None;
    for why in verdicts.iter().filter_map(|verdict| verdict.err()) {
        match (why, &mut last) {
            (LeftOut::Condition(at), _) => conditions[usize::from(at)] += 1,
            (why, Some((same, count))) if *same == why => *count += 1,
            (why, last) => {
                if let Some((why, count)) = last.replace((why, 1)) {
                    *others.entry(why).or_insert(0) += count;
                }
            }
        }
    }
    if let Some((why, count)) = last {
        *others.entry(why).or_insert(0) += count;
    }
    others.extend((0..=u8::MAX).map(LeftOut::Condition).zip(conditions).filter(|(_, count)| *count > 0));
    others
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

    fn ranges(&self, periods: &[Period]) -> Vec<std::ops::Range<usize>> {
        periods.iter().map(|period| range_of(period, self.len(), |at| self.day(at))).collect()
    }
}

/// One walk over rows in their order; what was counted so far, as it stood before each of `cuts`.
fn walk(size: usize, cuts: &[usize], mut visit: impl FnMut(usize, &mut [u32])) -> Vec<Vec<u32>> {
    let mut order: Vec<usize> = (0..cuts.len()).collect();
    order.sort_by_key(|&at| cuts[at]);
    let mut counts = vec![0u32; size];
    let mut standing = vec![Vec::new(); cuts.len()];
    let mut row = 0;
    for at in order {
        while row < cuts[at] {
            visit(row, &mut counts);
            row += 1;
        }
        standing[at].clone_from(&counts);
    }
    standing
}

/// Counts per slot, by period: in the period and cumulatively.
struct Split {
    period: Vec<Vec<u32>>,
    cumulative: Vec<Vec<u32>>,
}

fn split(rows: &Rows, ranges: &[std::ops::Range<usize>], slots: &Slots) -> Split {
    let cuts: Vec<usize> = ranges.iter().flat_map(|range| [range.start, range.end]).collect();
    let standing = walk(slots.len(), &cuts, |at, counts| counts[slots.slot(rows.seat(at)) as usize] += 1);
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
    let draft = |(at, range): (usize, &std::ops::Range<usize>)| Draft {
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
    let firsts: Vec<u32> = places.iter().zip(first).filter(|(_, first)| **first).map(|(&place, _)| place).collect();
    let rows = Rows::Attendances(attendances, &firsts);
    let ranges = rows.ranges(periods);
    let splits: Vec<Split> = slots.iter().map(|slots| split(&rows, &ranges, slots)).collect();
    let mut stamps = vec![0u32; project.persons.rows.len()];
    let mut drafts = Vec::new();
    for (at, (range, first_range)) in all.into_iter().zip(ranges).enumerate() {
        let came: Vec<u32>;
        let served = if range.start == 0 {
            &firsts[..first_range.end]
        } else {
            let stamp = at as u32 + 1;
            let anew = |place: &&u32| {
                let before = &mut stamps[attendances.person[**place as usize] as usize];
                std::mem::replace(before, stamp) != stamp
            };
            came = places[range].iter().filter(anew).copied().collect();
            &came
        };
        let axes = slots.iter().zip(&splits).map(|(slots, split)| {
            let mut counts = vec![0u32; slots.len()];
            for &place in served {
                counts[slots.slot(attendances.seat(place)) as usize] += 1;
            }
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
    ranges: &[std::ops::Range<usize>],
    size: usize,
    units: &Units,
    slot: impl Fn(Seat) -> u32,
) -> (Split, Vec<Vec<u32>>) {
    let ends: Vec<usize> = ranges.iter().map(|range| range.end).collect();
    let visit = |seen: &mut Seen, at: usize, counts: &mut [u32]| {
        let seat = rows.seat(at);
        let slot = slot(seat);
        units.each(seat, |unit| counts[slot as usize] += u32::from(seen.insert(slot, unit)));
    };
    let mut seen = Seen::new(size, units);
    let cumulative = walk(size, &ends, |at, counts| visit(&mut seen, at, counts));
    let occurring = walk(size, &ends, |at, counts| counts[slot(rows.seat(at)) as usize] += 1);
    let mut period = Vec::new();
    for (range, cumulative) in ranges.iter().zip(&cumulative) {
        if range.start == 0 {
            period.push(cumulative.clone());
            continue;
        }
        seen.forget();
        let mut counts = vec![0u32; size];
        range.clone().for_each(|at| visit(&mut seen, at, &mut counts));
        period.push(counts);
    }
    (Split { period, cumulative }, occurring)
}

/// Sums and reaches of a column of activities. Rows whose cell is blank are left out, and told.
fn gather(
    project: &Project,
    periods: &[Period],
    chosen: &[(Date, ActivityId)],
    slots: &[Slots],
    column: ColumnId,
    verdicts: &mut [Verdict],
    value: impl Fn(&Gathered) -> Option<Amount>,
) -> Vec<Draft> {
    let cell = |id: ActivityId| match &project.activities.get(id).values[usize::from(column.0)] {
        crate::model::Value::Number(amount) => Some(**amount),
        _ => None,
    };
    for &(_, id) in chosen.iter().filter(|(_, id)| cell(*id).is_none()) {
        verdicts[id.0 as usize] = Err(LeftOut::WithoutCount);
    }
    let total = |rows: &[(Date, ActivityId)]| {
        let mut gathered = Gathered::default();
        rows.iter().for_each(|(_, id)| gathered.add(cell(*id)));
        gathered
    };
    let by_slot = |rows: &[(Date, ActivityId)], slots: &Slots| {
        let mut gathered: BTreeMap<u32, Gathered> = BTreeMap::new();
        for (_, id) in rows {
            gathered.entry(slots.slot(Seat::of_activity(*id))).or_default().add(cell(*id));
        }
        gathered
    };
    let draft = |range: std::ops::Range<usize>| {
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
