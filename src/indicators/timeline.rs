use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use rayon::prelude::*;

use super::LeftOut;
use crate::model::{Activity, ActivityId, ActivityStatus, Attendance, Period, Project, Settings};

/// Where a row stands while it is counted: what its values are looked up by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat {
    pub activity: u32,
    /// Of attendances.
    pub state: u32,
    /// Place in [`Timeline::attendances`], of attendances.
    pub place: u32,
}

impl Seat {
    pub fn of_activity(id: ActivityId) -> Seat {
        Seat { activity: id.0, state: 0, place: 0 }
    }
}

/// The rows that may count at all, by day: what every indicator chooses from. A period is a range of it.
pub(super) struct Timeline {
    /// By day, then row.
    pub activities: Vec<(Date, ActivityId)>,
    pub attendances: Attendances,
}

/// Attendances by day, then order of files, then row; one vector per field, because every indicator scans them. Some are
/// kept by the rows that figures stand on.
#[derive(Default)]
pub(super) struct Attendances {
    pub day: Arc<Vec<Date>>,
    pub activity: Arc<Vec<u32>>,
    pub person: Arc<Vec<u32>>,
    pub state: Vec<u32>,
    /// Index among the project's attendances.
    pub index: Arc<Vec<u32>>,
}

impl Attendances {
    pub fn seat(&self, place: u32) -> Seat {
        let at = place as usize;
        Seat { activity: self.activity[at], state: self.state[at], place }
    }

    pub fn len(&self) -> usize {
        self.day.len()
    }
}

impl Timeline {
    pub fn new(project: &Project) -> Timeline {
        let activities = activity_days(project);
        Timeline::of(project, &activities, &attendance_days(project, &activities))
    }

    /// Of the days that every row counts on, as [`activity_days`] and [`attendance_days`] find them.
    pub fn of(
        project: &Project,
        activity_days: &[Result<Date, LeftOut>],
        attendance_days: &[Result<u32, LeftOut>],
    ) -> Timeline {
        let activities = activities(project, activity_days);
        Timeline { activities, attendances: attendances(project, attendance_days) }
    }
}

/// The range of sorted days that lies in a period.
pub(super) fn range_of(period: &Period, len: usize, day: impl Fn(usize) -> Date) -> std::ops::Range<usize> {
    let first = partition(len, |at| day(at) < period.start);
    let end = partition(len, |at| day(at) <= period.end);
    first..end.max(first)
}

fn partition(len: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Whether what happened on a day counts anywhere.
fn dated(settings: &Settings, day: Option<Date>) -> Result<Date, LeftOut> {
    let day = day.ok_or(LeftOut::OutsideProject)?;
    if day < settings.start || day > settings.end {
        Err(LeftOut::OutsideProject)
    } else if settings.data_until.is_some_and(|until| day > until) {
        Err(LeftOut::AfterDataUntil)
    } else {
        Ok(day)
    }
}

/// The day that each activity counts on, or why it counts nowhere.
pub(super) fn activity_days(project: &Project) -> Vec<Result<Date, LeftOut>> {
    let of = |activity: &Activity| match activity.status {
        ActivityStatus::Completed => dated(&project.settings, activity.counted_day()),
        _ => Err(LeftOut::NotCompleted),
    };
    project.activities.rows.iter().map(of).collect()
}

/// The same of each attendance, in days after the project's start.
pub(super) fn attendance_days(project: &Project, activities: &[Result<Date, LeftOut>]) -> Vec<Result<u32, LeftOut>> {
    let undated: Vec<Result<u32, LeftOut>> =
        activities.iter().map(|day| day.map(|day| days_after_start(project, day))).collect();
    let has_begun =
        |activity: &Activity| matches!(activity.status, ActivityStatus::Completed | ActivityStatus::Ongoing);
    let has_begun: Vec<bool> = project.activities.rows.iter().map(has_begun).collect();
    let of = |attendance: &Attendance| {
        let at = attendance.activity.0 as usize;
        match attendance.day {
            None => undated[at],
            day if has_begun[at] => dated(&project.settings, day).map(|day| days_after_start(project, day)),
            _ => Err(LeftOut::NotCompleted),
        }
    };
    project.persons.attendances.par_iter().map(of).collect()
}

fn days_after_start(project: &Project, day: Date) -> u32 {
    (day.duration_since(project.settings.start).as_hours() / 24) as u32
}

fn activities(project: &Project, days: &[Result<Date, LeftOut>]) -> Vec<(Date, ActivityId)> {
    let mut rows: Vec<_> =
        project.activities.ids().zip(days).filter_map(|(id, day)| day.ok().map(|day| (day, id))).collect();
    rows.sort_by_key(|&(day, id)| (day, project.activities.get(id).row));
    rows
}

/// Sorted by counting days: there are few of those and perhaps millions of rows, which stand in order already.
fn attendances(project: &Project, days: &[Result<u32, LeftOut>]) -> Attendances {
    let all = &project.persons.attendances;
    let mut ordered: Vec<u32> = Vec::new();
    if !all.is_sorted_by_key(|attendance| attendance.row) {
        ordered = (0..all.len() as u32).collect();
        ordered.sort_by_key(|&index| all[index as usize].row);
    }
    let (start, end) = (project.settings.start, project.settings.end);
    let mut buckets = vec![0usize; days_after_start(project, end.max(start)) as usize + 2];
    days.iter().flatten().for_each(|&offset| buckets[offset as usize + 1] += 1);
    for at in 1..buckets.len() {
        buckets[at] += buckets[at - 1];
    }
    let len = buckets.last().copied().unwrap_or(0);
    let mut day = Vec::with_capacity(len);
    for (bucket, date) in buckets.windows(2).zip(start.series(1.day())) {
        day.resize(bucket[1], date);
    }
    // Rows are read in their order and dealt out to the days: to fetch them by day would go to and fro through memory. Two
    // fields at once, so that two cores have the same to do.
    let rows = || {
        (0..all.len() as u32).filter_map(|at| {
            let row = ordered.get(at as usize).copied().unwrap_or(at);
            Some((days[row as usize].ok()?, row, &all[row as usize]))
        })
    };
    let ([index, activity], [person, state]) = rayon::join(
        || deal(rows().map(|(day, row, of)| (day, [row, of.activity.0])), buckets.clone(), len),
        || deal(rows().map(|(day, _, of)| (day, [of.person.0, of.state.0])), buckets.clone(), len),
    );
    let [index, activity, person] = [index, activity, person].map(Arc::new);
    Attendances { day: Arc::new(day), activity, person, state, index }
}

/// Two fields of rows, day by day; `places` tells where each day begins.
fn deal(rows: impl Iterator<Item = (u32, [u32; 2])>, mut places: Vec<usize>, len: usize) -> [Vec<u32>; 2] {
    let mut dealt = [vec![0; len], vec![0; len]];
    for (day, fields) in rows {
        let place = &mut places[day as usize];
        for (dealt, field) in dealt.iter_mut().zip(fields) {
            dealt[*place] = field;
        }
        *place += 1;
    }
    dealt
}
