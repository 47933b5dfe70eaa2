use jiff::civil::Date;

use super::day_index::days_between;
use super::rows_by_day::{activity_days, attendance_day};
use crate::model::{Attendance, Project};

/// By activity, how many different people came up to a day, by the attendances that count.
pub fn count_attendees(project: &Project, until: Date) -> Vec<u32> {
    let last = days_between(project.settings.start, until);
    let day_of = attendance_day(project, &activity_days(project));
    let counts = |attendance: &&Attendance| day_of(attendance).is_ok_and(|day| i64::from(day) <= last);
    let mut visits: Vec<(u32, u32)> = project
        .persons
        .attendances
        .iter()
        .filter(counts)
        .map(|attendance| (attendance.activity.0, attendance.person.0))
        .collect();
    visits.sort_unstable();
    visits.dedup();
    let mut people = vec![0; project.activities.rows.len()];
    for (activity, _) in visits {
        people[activity as usize] += 1;
    }
    people
}
