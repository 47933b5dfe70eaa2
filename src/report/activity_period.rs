//! Which activities a period's report lists: one rule for documents and annexes.

use jiff::civil::Date;

use crate::model::{Activity, ActivityStatus, Period, Settings};

/// Completed within the period and before the data ends.
pub(super) fn is_held(settings: &Settings, period: &Period, activity: &Activity) -> bool {
    let complete = settings.data_until.unwrap_or(Date::MAX);
    activity.status == ActivityStatus::Completed
        && activity.counted_day().is_some_and(|day| period.contains(day) && day <= complete)
}

/// What was held in the period, what is ongoing and overlaps it, and what was planned for it, whatever came of that.
pub(super) fn is_listed(settings: &Settings, period: &Period, activity: &Activity) -> bool {
    match activity.status {
        ActivityStatus::Completed => is_held(settings, period, activity),
        ActivityStatus::Ongoing => {
            activity.date.is_none_or(|begins| begins <= period.end)
                && activity.end_date.is_none_or(|ends| ends >= period.start)
        }
        _ => activity
            .last_planned_day()
            .zip(activity.date)
            .is_some_and(|(last, first)| first <= period.end && last >= period.start),
    }
}
