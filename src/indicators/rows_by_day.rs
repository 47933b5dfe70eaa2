use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::Exclusion;
use super::day_index::{DayIndex, days_between};
use crate::model::{Activity, ActivityId, ActivityStatus, Attendance, Project, Settings};

/// The rows that may count at all, by day: what every indicator selects from. Rows are numbered in that order, so that a
/// period is a range of row numbers.
pub(super) struct RowsByDay {
    pub activities: ActivitiesByDay,
    pub attendances: AttendanceByDay,
}

/// Activities by day, code, then row.
pub(super) struct ActivitiesByDay {
    pub days: DayIndex,
    pub ids: Vec<ActivityId>,
}

/// Attendances by day, code of the activity, session, then order of files and row: sorting a table moves none. One vector per field, because every indicator scans them. The shared
/// ones are kept by the evidence of figures.
pub(super) struct AttendanceByDay {
    pub days: Arc<DayIndex>,
    pub activity: Arc<Vec<u32>>,
    pub person: Arc<Vec<u32>>,
    pub state: Vec<u32>,
    /// Index among the project's attendances.
    pub index: Arc<Vec<u32>>,
}

/// Whichever of the two an indicator counts.
#[derive(Clone, Copy)]
pub(super) enum RowsOfDays<'a> {
    Activities(&'a ActivitiesByDay),
    Attendances(&'a AttendanceByDay),
}

impl<'a> RowsOfDays<'a> {
    pub fn days(self) -> &'a DayIndex {
        match self {
            RowsOfDays::Activities(activities) => &activities.days,
            RowsOfDays::Attendances(attendances) => &attendances.days,
        }
    }

    pub fn len(self) -> usize {
        self.days().row_count()
    }

    /// The activity of a row.
    pub fn activity(self, row: u32) -> ActivityId {
        match self {
            RowsOfDays::Activities(activities) => activities.ids[row as usize],
            RowsOfDays::Attendances(attendances) => ActivityId(attendances.activity[row as usize]),
        }
    }
}

impl RowsByDay {
    pub fn new(project: &Project) -> RowsByDay {
        let days = activity_days(project);
        let attendances = attendance_timeline(project, attendance_day(project, &days));
        RowsByDay { activities: activity_timeline(project, &days), attendances }
    }

    /// The activities, or the attendances.
    pub fn rows(&self, of_attendances: bool) -> RowsOfDays<'_> {
        if of_attendances {
            RowsOfDays::Attendances(&self.attendances)
        } else {
            RowsOfDays::Activities(&self.activities)
        }
    }
}

/// The day where it counts, or why nothing on it does.
fn check_day(settings: &Settings, day: Option<Date>) -> Result<Date, Exclusion> {
    let day = day.ok_or(Exclusion::OutsideProject)?;
    if day < settings.start || day > settings.end {
        Err(Exclusion::OutsideProject)
    } else if settings.data_until.is_some_and(|until| day > until) {
        Err(Exclusion::AfterDataUntil)
    } else {
        Ok(day)
    }
}

/// The day that each activity counts on, or why it counts nowhere.
pub(super) fn activity_days(project: &Project) -> Vec<Result<Date, Exclusion>> {
    let day = |activity: &Activity| match activity.status {
        ActivityStatus::Completed => check_day(&project.settings, activity.counted_day()),
        _ => Err(Exclusion::NotCompleted),
    };
    project.activities.rows.iter().map(day).collect()
}

/// The day that an attendance counts on, as the number of days after the project's start, or why it counts nowhere.
pub(super) fn attendance_day<'a>(
    project: &'a Project,
    activity_days: &[Result<Date, Exclusion>],
) -> impl Fn(&Attendance) -> Result<u32, Exclusion> + Sync + 'a {
    let after_start = move |day: Date| days_between(project.settings.start, day) as u32;
    let undated: Vec<Result<u32, Exclusion>> = activity_days.iter().map(|day| day.map(after_start)).collect();
    let has_begun =
        |activity: &Activity| matches!(activity.status, ActivityStatus::Completed | ActivityStatus::Ongoing);
    let has_begun: Vec<bool> = project.activities.rows.iter().map(has_begun).collect();
    move |attendance| {
        let at = attendance.activity.0 as usize;
        match attendance.day {
            None => undated[at],
            day if has_begun[at] => check_day(&project.settings, day).map(after_start),
            _ => Err(Exclusion::NotCompleted),
        }
    }
}

fn activity_timeline(project: &Project, days: &[Result<Date, Exclusion>]) -> ActivitiesByDay {
    let dated = project.activities.ids().zip(days).filter_map(|(id, day)| day.ok().map(|day| (day, id)));
    let mut rows: Vec<(Date, ActivityId)> = dated.collect();
    rows.sort_by(|(a_day, a), (b_day, b)| {
        let key = |id: &ActivityId| (project.activities.code_of(*id), project.activities.get(*id).row);
        (a_day, key(a)).cmp(&(b_day, key(b)))
    });
    let start = project.settings.start;
    let days = day_index(&project.settings, rows.iter().map(|(day, _)| days_between(start, *day) as u32));
    ActivitiesByDay { days, ids: rows.into_iter().map(|(_, id)| id).collect() }
}

/// The index of rows on days that are given as numbers of days after the project's start, in any order.
fn day_index(settings: &Settings, days: impl Iterator<Item = u32>) -> DayIndex {
    let mut counts = vec![0; usize::try_from(days_between(settings.start, settings.end) + 1).unwrap_or(0)];
    days.for_each(|day| counts[day as usize] += 1);
    DayIndex::new(settings.start, counts)
}

/// The rank of each text among them in alphabetical order.
fn ranks<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<u32> {
    let texts: Vec<&str> = texts.collect();
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_key(|&at| texts[at]);
    let mut ranks = vec![0; texts.len()];
    (0..).zip(order).for_each(|(rank, at)| ranks[at] = rank);
    ranks
}

/// A counting sort by day: there are few days, and perhaps millions of attendances.
fn attendance_timeline(
    project: &Project,
    day_of: impl Fn(&Attendance) -> Result<u32, Exclusion> + Sync,
) -> AttendanceByDay {
    let all = &project.persons.attendances;
    let dated: Vec<Option<u32>> = all.par_iter().map(|attendance| day_of(attendance).ok()).collect();
    let days = day_index(&project.settings, dated.iter().copied().flatten());
    let mut order: Vec<u32> = (0..all.len() as u32).collect();
    let activities = ranks(project.activities.written_codes());
    let sessions = ranks(project.persons.sessions.iter().map(String::as_str));
    order.par_sort_unstable_by_key(|&at| {
        let attendance = &all[at as usize];
        (activities[attendance.activity.0 as usize], sessions[attendance.session as usize], attendance.row)
    });
    let mut next = days.starts().to_vec();
    let mut index = vec![0; days.row_count()];
    for at in order {
        if let Some(day) = dated[at as usize] {
            let row = &mut next[day as usize];
            index[*row as usize] = at;
            *row += 1;
        }
    }
    let field = |value: fn(&Attendance) -> u32| index.par_iter().map(|&at| value(&all[at as usize])).collect();
    AttendanceByDay {
        days: Arc::new(days),
        activity: Arc::new(field(|attendance| attendance.activity.0)),
        person: Arc::new(field(|attendance| attendance.person.0)),
        state: field(|attendance| attendance.state.0),
        index: Arc::new(index),
    }
}
