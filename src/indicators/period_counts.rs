use std::collections::BTreeSet;
use std::ops::Range;

use fixedbitset::FixedBitSet;
use hashbrown::HashSet;

use super::amounts::AmountSum;
use super::axis::AxisIndex;
use super::completion::completion_rows;
use super::distinct_values::DistinctValues;
use super::filter::Filter;
use super::row_set::RowSet;
use super::rows_by_day::{RowsByDay, RowsOfDays};
use super::{AxisFigures, CountedAttendances, Coverage, Evidence, PartFigures};
use crate::model::{ActivityId, Amount, Calculation, ColumnId, Indicator, Period, Project, Value};

/// What an indicator comes to in one period, before its targets are considered.
#[derive(Clone, Debug, Default)]
pub(super) struct PeriodCount {
    pub period: Option<Amount>,
    pub served: Option<Amount>,
    pub cumulative: Option<Amount>,
    /// By axis that it is counted on.
    pub axes: Vec<AxisFigures>,
    pub coverage: Coverage,
}

/// Counts an indicator over rows: in every period, on each of `axes`.
pub(super) fn tally(
    project: &Project,
    timeline: &RowsByDay,
    indicator: &Indicator,
    axes: &[&AxisIndex],
) -> (Vec<PeriodCount>, Evidence) {
    let source = timeline.rows(indicator.calculation.over_attendances());
    let rows = QualifyingRows { source, set: Filter::new(project, source, indicator).matching_rows() };
    let ranges: Vec<_> = project.logframe.periods.iter().map(|period| source.days().rows_of(period)).collect();
    let (counts, rows, first_contacts) = match indicator.calculation {
        Calculation::People => {
            let persons = project.persons.rows.len();
            let first = rows.first_contacts(&timeline.attendances.person, persons, 0..source.len());
            let counts = count_people(&rows, &first, &timeline.attendances.person, persons, &ranges, axes);
            (counts, rows, Some(first.set))
        }
        Calculation::Completed(_) => {
            let last_day = project.settings.end;
            let all = completion_rows(project, timeline, indicator, &rows.set, last_day);
            let counts = count_completed(project, timeline, indicator, &rows, axes);
            (counts, QualifyingRows { source, set: all.needed }, Some(all.last))
        }
        Calculation::Sum(column) => {
            let counts = sum_amounts(project, &rows, &ranges, axes, column, AmountSum::sum);
            (counts, rows.with_amount(project, column), None)
        }
        Calculation::Reach(column) => {
            let counts = sum_amounts(project, &rows, &ranges, axes, column, AmountSum::reach);
            (counts, rows.with_amount(project, column), None)
        }
        Calculation::Distinct(column) => {
            let values = DistinctValues::new(project, timeline, column);
            let counts = count_distinct(&rows, &ranges, axes, &values);
            (counts, rows.filter(|row| !values.in_row(row).is_empty()), None)
        }
        _ => (count_rows(&rows, &ranges, axes), rows, None),
    };
    (counts, rows.into_evidence(first_contacts))
}

/// The rows that an indicator counts.
struct QualifyingRows<'a> {
    source: RowsOfDays<'a>,
    set: RowSet,
}

impl<'a> QualifyingRows<'a> {
    fn filter(self, keep: impl FnMut(u32) -> bool) -> Self {
        let set = self.set.filter(0..self.source.len(), keep);
        QualifyingRows { set, ..self }
    }

    /// Those whose activity has a number in a column.
    fn with_amount(self, project: &Project, column: ColumnId) -> Self {
        let source = self.source;
        self.filter(|row| activity_amount(project, source.activity(row), column).is_some())
    }

    /// The first that each person has in a range. `person_of` is by row.
    fn first_contacts(&self, person_of: &[u32], persons: usize, range: Range<usize>) -> QualifyingRows<'a> {
        let mut met = FixedBitSet::with_capacity(persons);
        let set = self.set.filter(range, |row| !met.put(person_of[row as usize] as usize));
        QualifyingRows { source: self.source, set }
    }

    /// Adds the rows of a range to the counts of their parts, axis after axis.
    fn count_parts(&self, axes: &[&AxisIndex], range: Range<usize>, counts: &mut [u32]) {
        let mut before = 0;
        for axis in axes {
            let counts = &mut counts[before..];
            self.set.within(range.clone()).for_each(|row| counts[axis.parts[row as usize] as usize] += 1);
            before += axis.keys.len();
        }
    }

    fn into_evidence(self, first_contacts: Option<RowSet>) -> Evidence {
        match self.source {
            RowsOfDays::Activities(activities) => {
                let rows = activities.days.with_days(self.set.iter());
                Evidence::Activities { rows: rows.map(|(day, row)| (day, activities.ids[row as usize])).collect() }
            }
            RowsOfDays::Attendances(attendances) => {
                Evidence::Attendances { rows: CountedAttendances::new(attendances, self.set, first_contacts) }
            }
        }
    }
}

/// Counts once through all rows in their order, and returns the counts as they were before each of `breakpoints`. `add` adds
/// the rows of a range.
fn counts_at(size: usize, breakpoints: &[usize], mut add: impl FnMut(Range<usize>, &mut [u32])) -> Vec<Vec<u32>> {
    let mut order: Vec<usize> = (0..breakpoints.len()).collect();
    order.sort_by_key(|&at| breakpoints[at]);
    let mut counts = vec![0u32; size];
    let mut found = vec![Vec::new(); breakpoints.len()];
    let mut row = 0;
    for at in order {
        add(row..breakpoints[at], &mut counts);
        row = breakpoints[at];
        found[at].clone_from(&counts);
    }
    found
}

/// Counts per part, axis after axis, by period: in the period and cumulatively.
#[derive(Default)]
struct ScopeCounts {
    period: Vec<Vec<u32>>,
    cumulative: Vec<Vec<u32>>,
}

/// The number of parts of all axes.
fn part_count(axes: &[&AxisIndex]) -> usize {
    axes.iter().map(|axis| axis.keys.len()).sum()
}

fn count_in_scopes(rows: &QualifyingRows, ranges: &[Range<usize>], axes: &[&AxisIndex]) -> ScopeCounts {
    let breakpoints: Vec<usize> = ranges.iter().flat_map(|range| [range.start, range.end]).collect();
    let found = counts_at(part_count(axes), &breakpoints, |range, counts| rows.count_parts(axes, range, counts));
    let mut scopes = ScopeCounts::default();
    for pair in found.chunks_exact(2) {
        scopes.period.push(pair[1].iter().zip(&pair[0]).map(|(end, start)| end - start).collect());
        scopes.cumulative.push(pair[1].clone());
    }
    scopes
}

fn count(number: usize) -> Option<Amount> {
    Some(Amount::count(number as u64))
}

/// The parts that occur on every axis: a person's part in a later period may be another than at the first contact.
fn axis_figures(axes: &[&AxisIndex], period: &[u32], served: Option<&[u32]>, cumulative: &[u32]) -> Vec<AxisFigures> {
    let mut before = 0;
    let of_axis = |axis: &&AxisIndex| {
        let own = before..before + axis.keys.len();
        before = own.end;
        let (period, served, cumulative) =
            (&period[own.clone()], served.map(|all| &all[own.clone()]), &cumulative[own]);
        let occurs = |part: &usize| cumulative[*part] > 0 || served.is_some_and(|served| served[*part] > 0);
        let part = |part: usize| PartFigures {
            key: axis.keys[part],
            period: count(period[part] as usize),
            served: served.and_then(|served| count(served[part] as usize)),
            cumulative: count(cumulative[part] as usize),
        };
        AxisFigures { parts: (0..axis.keys.len()).filter(occurs).map(part).collect() }
    };
    axes.iter().map(of_axis).collect()
}

/// Every row counts one.
fn count_rows(rows: &QualifyingRows, ranges: &[Range<usize>], axes: &[&AxisIndex]) -> Vec<PeriodCount> {
    let scopes = count_in_scopes(rows, ranges, axes);
    let of_period = |(at, range): (usize, &Range<usize>)| PeriodCount {
        period: count(rows.set.count_within(range.clone())),
        cumulative: count(rows.set.count_within(0..range.end)),
        axes: axis_figures(axes, &scopes.period[at], None, &scopes.cumulative[at]),
        ..PeriodCount::default()
    };
    ranges.iter().enumerate().map(of_period).collect()
}

/// First contacts, beside everybody who came in the period.
fn count_people(
    rows: &QualifyingRows,
    first: &QualifyingRows,
    person_of: &[u32],
    persons: usize,
    ranges: &[Range<usize>],
    axes: &[&AxisIndex],
) -> Vec<PeriodCount> {
    let scopes = count_in_scopes(first, ranges, axes);
    let of_period = |(at, range): (usize, &Range<usize>)| {
        let served = rows.first_contacts(person_of, persons, range.clone());
        let mut served_parts = vec![0; part_count(axes)];
        served.count_parts(axes, range.clone(), &mut served_parts);
        PeriodCount {
            period: count(first.set.count_within(range.clone())),
            served: count(served.set.len()),
            cumulative: count(first.set.count_within(0..range.end)),
            axes: axis_figures(axes, &scopes.period[at], Some(&served_parts), &scopes.cumulative[at]),
            coverage: Coverage::default(),
        }
    };
    ranges.iter().enumerate().map(of_period).collect()
}

/// Everybody who has attended enough by the end of a period, as at the last attendance needed. What may become less again
/// has no value of a period.
fn count_completed(
    project: &Project,
    timeline: &RowsByDay,
    indicator: &Indicator,
    rows: &QualifyingRows,
    axes: &[&AxisIndex],
) -> Vec<PeriodCount> {
    let may_fall = indicator.calculation.may_fall();
    let of_period = |period: &Period| {
        let range = rows.source.days().rows_of(period);
        let last = completion_rows(project, timeline, indicator, &rows.set, period.end).last;
        let last = QualifyingRows { source: rows.source, set: last };
        let count_parts = |range: Range<usize>| {
            let mut counts = vec![0; part_count(axes)];
            last.count_parts(axes, range, &mut counts);
            counts
        };
        let mut axes = axis_figures(axes, &count_parts(range.clone()), None, &count_parts(0..range.end));
        if may_fall {
            axes.iter_mut().flat_map(|axis| &mut axis.parts).for_each(|part| part.period = None);
        }
        PeriodCount {
            period: count(last.set.count_within(range.clone())).filter(|_| !may_fall),
            cumulative: count(last.set.count_within(0..range.end)),
            axes,
            ..PeriodCount::default()
        }
    };
    project.logframe.periods.iter().map(of_period).collect()
}

fn count_distinct(
    rows: &QualifyingRows,
    ranges: &[Range<usize>],
    axes: &[&AxisIndex],
    values: &DistinctValues,
) -> Vec<PeriodCount> {
    let (total, _) = count_distinct_by(rows, ranges, 1, values, |_| 0);
    let part_of = |axis: &AxisIndex, row: u32| axis.parts[row as usize];
    let by_axis: Vec<_> = axes
        .iter()
        .map(|axis| count_distinct_by(rows, ranges, axis.keys.len(), values, |row| part_of(axis, row)))
        .collect();
    let of_period = |at: usize| {
        let axes = axes.iter().zip(&by_axis).map(|(axis, (scopes, row_counts))| {
            let listed = (0..axis.keys.len()).filter(|&part| row_counts[at][part] > 0);
            let part = |part: usize| PartFigures {
                key: axis.keys[part],
                period: count(scopes.period[at][part] as usize),
                served: None,
                cumulative: count(scopes.cumulative[at][part] as usize),
            };
            AxisFigures { parts: listed.map(part).collect() }
        });
        PeriodCount {
            period: count(total.period[at][0] as usize),
            cumulative: count(total.cumulative[at][0] as usize),
            axes: axes.collect(),
            ..PeriodCount::default()
        }
    };
    (0..ranges.len()).map(of_period).collect()
}

/// Different values per part, and how many rows fall into each part cumulatively.
fn count_distinct_by(
    rows: &QualifyingRows,
    ranges: &[Range<usize>],
    size: usize,
    values: &DistinctValues,
    part_of: impl Fn(u32) -> u32,
) -> (ScopeCounts, Vec<Vec<u32>>) {
    let ends: Vec<usize> = ranges.iter().map(|range| range.end).collect();
    let add = |counted: &mut HashSet<(u32, u32)>, range: Range<usize>, counts: &mut [u32]| {
        for row in rows.set.within(range) {
            let part = part_of(row);
            let new = values.in_row(row).iter().filter(|value| counted.insert((part, **value)));
            counts[part as usize] += new.count() as u32;
        }
    };
    let mut counted = HashSet::new();
    let cumulative = counts_at(size, &ends, |range, counts| add(&mut counted, range, counts));
    let row_counts = counts_at(size, &ends, |range, counts| {
        rows.set.within(range).for_each(|row| counts[part_of(row) as usize] += 1);
    });
    let in_period = |range: &Range<usize>| {
        let mut counts = vec![0u32; size];
        add(&mut HashSet::new(), range.clone(), &mut counts);
        counts
    };
    (ScopeCounts { period: ranges.iter().map(in_period).collect(), cumulative }, row_counts)
}

/// The number that an activity has in a column.
fn activity_amount(project: &Project, id: ActivityId, column: ColumnId) -> Option<Amount> {
    match &project.activities.get(id).values[usize::from(column.0)] {
        Value::Number(amount) => Some(**amount),
        _ => None,
    }
}

/// Sums and reaches of a column of activities. Rows whose cell is blank add nothing; the coverage counts them.
fn sum_amounts(
    project: &Project,
    rows: &QualifyingRows,
    ranges: &[Range<usize>],
    axes: &[&AxisIndex],
    column: ColumnId,
    value: impl Fn(&AmountSum) -> Option<Amount>,
) -> Vec<PeriodCount> {
    // Each row is read once: a period is made of intervals that no period begins or ends in. The total is the first sum of an
    // interval, those of the axes' parts follow.
    let size = 1 + part_count(axes);
    let breakpoints: BTreeSet<usize> = ranges.iter().flat_map(|range| [range.start, range.end]).chain([0]).collect();
    let breakpoints: Vec<usize> = breakpoints.into_iter().collect();
    let sum_interval = |ends: &[usize]| {
        let mut sums = vec![AmountSum::default(); size];
        for row in rows.set.within(ends[0]..ends[1]) {
            let amount = activity_amount(project, rows.source.activity(row), column);
            sums[0].add(amount);
            let mut before = 1;
            for axis in axes {
                match &axis.shares {
                    None => sums[before + axis.parts[row as usize] as usize].add(amount),
                    Some(shares) => {
                        shares.of_row(row).for_each(|(part, share)| sums[before + part as usize].add(Some(share)));
                    }
                }
                before += axis.keys.len();
            }
        }
        (ends[0]..ends[1], sums)
    };
    let intervals: Vec<(Range<usize>, Vec<AmountSum>)> = breakpoints.windows(2).map(sum_interval).collect();
    let sum_range = |range: Range<usize>| {
        let inside =
            intervals.iter().filter(|(interval, _)| range.start <= interval.start && interval.end <= range.end);
        inside.fold(vec![AmountSum::default(); size], |mut total, (_, sums)| {
            total.iter_mut().zip(sums).for_each(|(total, sum)| total.join(sum));
            total
        })
    };
    let of_period = |range: &Range<usize>| {
        let (period, cumulative) = (sum_range(range.clone()), sum_range(0..range.end));
        let mut before = 1;
        let of_axis = |axis: &&AxisIndex| {
            // Nothing is known of parts where nothing is of the whole.
            let is_known = |sums: &[AmountSum]| axis.shares.is_none() || value(&sums[0]).is_some();
            let known = (is_known(&period), is_known(&cumulative));
            let (period, cumulative) = (&period[before..], &cumulative[before..]);
            before += axis.keys.len();
            let part = |part: usize| PartFigures {
                key: axis.keys[part],
                period: value(&period[part]).filter(|_| known.0),
                served: None,
                cumulative: value(&cumulative[part]).filter(|_| known.1),
            };
            AxisFigures { parts: (0..axis.keys.len()).filter(|&part| cumulative[part].rows > 0).map(part).collect() }
        };
        PeriodCount {
            period: value(&period[0]),
            served: None,
            cumulative: value(&cumulative[0]),
            axes: axes.iter().map(of_axis).collect(),
            coverage: Coverage {
                period_rows: period[0].rows,
                period_blank: period[0].blank,
                rows: cumulative[0].rows,
                blank: cumulative[0].blank,
            },
        }
    };
    ranges.iter().map(of_period).collect()
}
