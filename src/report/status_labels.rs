//! Labels of statuses and levels: one place for documents, annexes and prose.

use crate::model::{ActivityStatus, Level};

/// The label of a status.
pub(super) fn status_label(status: ActivityStatus) -> &'static str {
    match status {
        ActivityStatus::Planned => "activity-status.planned",
        ActivityStatus::Ongoing => "activity-status.ongoing",
        ActivityStatus::Completed => "activity-status.completed",
        ActivityStatus::Postponed => "activity-status.postponed",
        ActivityStatus::Cancelled => "activity-status.cancelled",
    }
}

/// Label of a level of the results chain.
pub(super) fn level_label(level: Level) -> &'static str {
    match level {
        Level::Impact => "level.impact",
        Level::Outcome => "level.outcome",
        Level::Output => "level.output",
    }
}
