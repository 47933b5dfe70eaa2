use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use rayon::prelude::*;

use super::LeftOut;
use super::ages::Ages;
use super::days::{Days, days_between};
use crate::model::{Activity, ActivityId, ActivityStatus, Attendance, Project, Settings};

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
    pub activities: Activities,
    pub attendances: Attendances,
}

/// Activities by day, then row.
pub(super) struct Activities {
    pub days: Days,
    pub ids: Vec<ActivityId>,
}

/// Attendances by day, then order of files, then row; one vector per field, because every indicator scans them. Some are
/// kept by the rows that figures stand on.
#[derive(Default)]
pub(super) struct Attendances {
    pub days: Arc<Days>,
    pub activity: Arc<Vec<u32>>,
    pub person: Arc<Vec<u32>>,
    pub state: Vec<u32>,
    /// Index among the project's attendances.
    pub index: Arc<Vec<u32>>,
    ages: OnceLock<Arc<Ages>>,
}

impl Attendances {
    pub fn seat(&self, place: u32) -> Seat {
        let at = place as usize;
        Seat { activity: self.activity[at], state: self.state[at], place }
    }

    pub fn len(&self) -> usize {
        self.days.rows()
    }

    /// The age at each, found when somebody asks for the first time; others who ask then wait for it.
    pub fn ages(&self, project: &Project) -> Arc<Ages> {
        let bands = &project.settings.age_bands;
        let found = || Arc::new(Ages::new(&project.persons.states, bands, &self.days, &self.state));
        Arc::clone(self.ages.get_or_init(found))
    }
}

impl Timeline {
    pub fn new(project: &Project) -> Timeline {
        let days = activity_days(project);
        let attendances = attendances(project, attendance_day(project, &days));
        Timeline { activities: activities(project, &days), attendances }
    }
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

/// The same of an attendance, in days after the project's start.
pub(super) fn attendance_day<'a>(
    project: &'a Project,
    activities: &[Result<Date, LeftOut>],
) -> impl Fn(&Attendance) -> Result<u32, LeftOut> + Sync + 'a {
    let after_start = move |day: Date| days_between(project.settings.start, day) as u32;
    let undated: Vec<Result<u32, LeftOut>> = activities.iter().map(|day| day.map(after_start)).collect();
    let has_begun =
        |activity: &Activity| matches!(activity.status, ActivityStatus::Completed | ActivityStatus::Ongoing);
    let has_begun: Vec<bool> = project.activities.rows.iter().map(has_begun).collect();
    move |attendance| {
        let at = attendance.activity.0 as usize;
        match attendance.day {
            None => undated[at],
            day if has_begun[at] => dated(&project.settings, day).map(after_start),
            _ => Err(LeftOut::NotCompleted),
        }
    }
}

fn activities(project: &Project, days: &[Result<Date, LeftOut>]) -> Activities {
    let mut rows: Vec<_> =
        project.activities.ids().zip(days).filter_map(|(id, day)| day.ok().map(|day| (day, id))).collect();
    rows.sort_by_key(|&(day, id)| (day, project.activities.get(id).row));
    let mut counts = no_rows(&project.settings);
    rows.iter().for_each(|(day, _)| counts[days_between(project.settings.start, *day) as usize] += 1);
    Activities { days: Days::new(project.settings.start, counts), ids: rows.into_iter().map(|(_, id)| id).collect() }
}

/// For every day of the project.
fn no_rows(settings: &Settings) -> Vec<u32> {
    vec![0; usize::try_from(days_between(settings.start, settings.end) + 1).unwrap_or(0)]
}

/// Attendances that a core looks at before it asks for more.
const AT_ONCE: usize = 1 << 13;

/// Sorted by counting days: there are few of those and perhaps millions of rows, which stand in order already.
fn attendances(project: &Project, day_of: impl Fn(&Attendance) -> Result<u32, LeftOut> + Sync) -> Attendances {
    let all = &project.persons.attendances;
    // One more than the number of the day; 0 where an attendance counts nowhere.
    let mut numbered = vec![0; all.len()];
    let number = |(piece, numbers): (usize, &mut [u32])| {
        let rows = &all[piece * AT_ONCE..all.len().min((piece + 1) * AT_ONCE + 1)];
        let mut counts = no_rows(&project.settings);
        for (number, row) in numbers.iter_mut().zip(rows) {
            if let Ok(day) = day_of(row) {
                *number = day + 1;
                counts[day as usize] += 1;
            }
        }
        (counts, rows.is_sorted_by_key(|row| row.row))
    };
    let together = |(mut sum, are_sorted): (Vec<u32>, bool), (counts, is_sorted): (Vec<u32>, bool)| {
        sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        (sum, are_sorted && is_sorted)
    };
    let pieces = numbered.par_chunks_mut(AT_ONCE).enumerate().map(number);
    let (counts, is_sorted) = pieces.reduce(|| (no_rows(&project.settings), true), together);
    let days = Days::new(project.settings.start, counts);
    let mut ordered: Vec<u32> = Vec::new();
    if !is_sorted {
        ordered = (0..all.len() as u32).collect();
        ordered.sort_by_key(|&index| all[index as usize].row);
    }
    // Rows are read in their order and dealt out to the days: to fetch them by day would go to and fro through memory. Two
    // fields at once, so that two cores have the same to do.
    let rows = || {
        (0..all.len() as u32).filter_map(|at| {
            let row = ordered.get(at as usize).copied().unwrap_or(at);
            Some((numbered[row as usize].checked_sub(1)?, row, &all[row as usize]))
        })
    };
    let ([index, activity], [person, state]) = rayon::join(
        || deal(rows().map(|(day, row, of)| (day, [row, of.activity.0])), &days),
        || deal(rows().map(|(day, _, of)| (day, [of.person.0, of.state.0])), &days),
    );
    let [index, activity, person] = [index, activity, person].map(Arc::new);
    Attendances { days: Arc::new(days), activity, person, state, index, ages: OnceLock::new() }
}

/// Two fields of rows, day by day.
fn deal(rows: impl Iterator<Item = (u32, [u32; 2])>, days: &Days) -> [Vec<u32>; 2] {
    let mut dealt = [vec![0; days.rows()], vec![0; days.rows()]];
    let mut places = days.begins().to_vec();
    for (day, fields) in rows {
        let place = &mut places[day as usize];
        for (dealt, field) in dealt.iter_mut().zip(fields) {
            dealt[*place as usize] = field;
        }
        *place += 1;
    }
    dealt
}
