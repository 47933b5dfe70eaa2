//! The words for what became of an activity: one place for documents, annexes and prose.

use crate::model::ActivityStatus;

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
