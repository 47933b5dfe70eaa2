//! Days of attendances against those of their activities, of the project and of its data.

use jiff::civil::Date;

use super::UnresolvedAttendance;
use crate::diagnostic::{ProblemKind, kinds};
use crate::ingest::activities::{ReadActivities, find_uncounted, uncounted_day};
use crate::ingest::table::TableReader;
use crate::model::{Activity, ActivityStatus, Settings};

/// Whether attendances of an activity may count: a dated one while it is completed or ongoing, another once it is
/// completed.
fn is_held(status: ActivityStatus) -> bool {
    matches!(status, ActivityStatus::Completed | ActivityStatus::Ongoing)
}

/// What is wrong with attendance of an activity that isn't held, or that goes on where the attendance has no day.
pub fn not_held(activity: &Activity, is_dated: bool, activities: &ReadActivities) -> Option<ProblemKind> {
    let code = || activities.code(activity).to_owned();
    match activity.status {
        ActivityStatus::Ongoing if !is_dated => Some(kinds::AttendanceNotHeld::Undated { activity: code() }.into()),
        status if is_held(status) => None,
        status => Some(kinds::AttendanceNotHeld::Plain { activity: code(), status: status.code().to_owned() }.into()),
    }
}

/// What is wrong with the day of an attendance. Nothing of it keeps an attendance of a held activity from counting but
/// that the project, or its data, doesn't reach to the day.
pub fn faults_of_day(
    day: Date,
    activity: Option<&Activity>,
    activities: &ReadActivities,
    settings: &Settings,
) -> Vec<ProblemKind> {
    let is_counted = activity.is_none_or(|activity| is_held(activity.status));
    let outside = activity.filter(|_| is_counted).and_then(|activity| outside_activity(day, activity, activities));
    uncounted_day(day, is_counted, settings).into_iter().chain(outside).collect()
}

/// What is wrong with a day before the activity begins, or after it has ended: an ongoing one ends only where it has an end.
fn outside_activity(day: Date, activity: &Activity, activities: &ReadActivities) -> Option<ProblemKind> {
    let is_completed = activity.status == ActivityStatus::Completed;
    let end = activity.end_date.or(activity.date.filter(|_| is_completed));
    let (value, code) = (day.to_string(), activities.code(activity).to_owned());
    if let Some(begins) = activity.date.filter(|begins| day < *begins) {
        return Some(
            kinds::AttendanceOutsideActivity::Plain { value, activity: code, begins: begins.to_string() }.into(),
        );
    }
    let ended = end.filter(|end| day > *end)?;
    Some(kinds::AttendanceOutsideActivity::After { value, activity: code, ended: ended.to_string() }.into())
}

/// Accounts for attendances that count nowhere as passed over. They stay in the project, to be explained.
pub fn pass_over_uncounted(
    table: &mut TableReader,
    settings: &Settings,
    activities: &ReadActivities,
    rows: &[UnresolvedAttendance],
) {
    let reason = |row: &UnresolvedAttendance| {
        let activity = activities.table.get(row.activity);
        if !is_held(activity.status) {
            return Some("not-held");
        }
        if row.day.is_none() && activity.status == ActivityStatus::Ongoing {
            return Some("undated");
        }
        let undated = || activity.counted_day().filter(|_| activity.status == ActivityStatus::Completed);
        find_uncounted(row.day.or_else(undated)?, settings).map(|uncounted| uncounted.reason())
    };
    for row in rows {
        if let Some(reason) = reason(row) {
            table.pass_over(reason, 1);
        }
    }
}
