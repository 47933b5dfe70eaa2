use std::ops::Range;
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

/// Fewer attendances than so many aren't shared out to several cores.
const FEW: usize = 1 << 13;

/// Sorted by counting days: there are few of those and perhaps millions of rows, which stand in order already. Every core
/// takes a piece of them.
fn attendances(project: &Project, day_of: impl Fn(&Attendance) -> Result<u32, LeftOut> + Sync) -> Attendances {
    let all = &project.persons.attendances;
    let size = all.len().div_ceil(rayon::current_num_threads()).max(FEW);
    let pieces: Vec<Range<usize>> =
        (0..all.len()).step_by(size).map(|start| start..all.len().min(start + size)).collect();
    // One more than the number of the day; 0 where an attendance counts nowhere.
    let mut numbered = vec![0; all.len()];
    let number = |(numbers, piece): (&mut [u32], &Range<usize>)| {
        let mut counts = no_rows(&project.settings);
        let mut before = &all[piece.start.saturating_sub(1)];
        let mut is_sorted = true;
        for (number, row) in numbers.iter_mut().zip(&all[piece.clone()]) {
            if let Ok(day) = day_of(row) {
                *number = day + 1;
                counts[day as usize] += 1;
            }
            is_sorted &= before.row <= row.row;
            before = row;
        }
        (counts, is_sorted)
    };
    let (mut counts, are_sorted): (Vec<Vec<u32>>, Vec<bool>) =
        numbered.par_chunks_mut(size).zip(&pieces).map(number).unzip();
    let mut ordered: Vec<u32> = Vec::new();
    if are_sorted.contains(&false) {
        ordered = (0..all.len() as u32).collect();
        ordered.sort_by_key(|&index| all[index as usize].row);
        counts = pieces.iter().map(|piece| counts_of(&ordered[piece.clone()], &numbered, &project.settings)).collect();
    }
    let mut sum = no_rows(&project.settings);
    counts.iter().for_each(|counts| sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count));
    let days = Days::new(project.settings.start, sum);
    let mut fields = [(); FIELDS].map(|()| vec![0; days.rows()]);
    // Rows are read in their order and dealt out to the days: to fetch them by day would go to and fro through memory.
    let mut places = places(&mut fields, &counts);
    places.par_iter_mut().zip(&pieces).for_each(|(places, piece)| {
        for at in piece.clone() {
            let row = ordered.get(at).map_or(at, |row| *row as usize);
            let Some(day) = numbered[row].checked_sub(1) else { continue };
            let Attendance { activity, person, state, .. } = all[row];
            let values = [row as u32, activity.0, person.0, state.0];
            for (place, value) in places[day as usize].iter_mut().zip(values) {
                place.next().into_iter().for_each(|place| *place = value);
            }
        }
    });
    let [index, activity, person, state] = fields;
    let [index, activity, person] = [index, activity, person].map(Arc::new);
    Attendances { days: Arc::new(days), activity, person, state, index, ages: OnceLock::new() }
}

/// How many of some rows count on each day.
fn counts_of(rows: &[u32], numbered: &[u32], settings: &Settings) -> Vec<u32> {
    let mut counts = no_rows(settings);
    rows.iter().filter_map(|row| numbered[*row as usize].checked_sub(1)).for_each(|day| counts[day as usize] += 1);
    counts
}

/// What is dealt out: the index of a row, its activity, its person, the person's state.
const FIELDS: usize = 4;

/// Where the rows of a day go, one after the other, field by field.
type DayPlaces<'a> = [std::slice::IterMut<'a, u32>; FIELDS];

/// Where the rows of each piece go, day by day: on each day those of the first piece stand first.
fn places<'a>(fields: &'a mut [Vec<u32>; FIELDS], counts: &[Vec<u32>]) -> Vec<Vec<DayPlaces<'a>>> {
    let days = counts.first().map_or(0, Vec::len);
    let mut places: Vec<Vec<DayPlaces>> = counts.iter().map(|_| Vec::with_capacity(days)).collect();
    let mut left = fields.each_mut().map(Vec::as_mut_slice);
    for day in 0..days {
        for (places, counts) in places.iter_mut().zip(counts) {
            places.push(left.each_mut().map(|left| {
                let (own, others) = std::mem::take(left).split_at_mut(counts[day] as usize);
                *left = others;
                own.iter_mut()
            }));
        }
    }
    places
}
