//! Spans of days that published numbers cover.

use jiff::civil::Date;

use crate::indicators::Scope;
use crate::model::{Completion, Period};

use super::ledger::CountUnit;

/// What a published number covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LedgerSpan {
    pub start: Date,
    pub end: Date,
    /// Everybody who came within it, not only those who came for the first time.
    pub is_served: bool,
    /// From the project's start.
    pub is_level: bool,
    /// The batch that reveals it.
    pub batch: usize,
}

/// A ratio of `people` takes those served for its period value; `people` themselves show all three scopes.
pub(super) fn published_scopes(unit: CountUnit, itself: bool) -> &'static [Scope] {
    match (unit, itself) {
        (CountUnit::FirstContacts, true) => &[Scope::Period, Scope::Served, Scope::Cumulative],
        (CountUnit::FirstContacts, false) => &[Scope::Served, Scope::Cumulative],
        (CountUnit::Completed(Completion::Share { .. }), _) => &[Scope::Cumulative],
        _ => &[Scope::Period, Scope::Cumulative],
    }
}

/// In a period that begins with the project everybody comes for the first time.
pub(super) fn span_of(project_start: Date, period: &Period, scope: Scope, people: bool, batch: usize) -> LedgerSpan {
    let start = if scope == Scope::Cumulative { project_start } else { period.start.max(project_start) };
    let is_level = start == project_start;
    LedgerSpan { start, end: period.end, is_served: people && scope == Scope::Served && !is_level, is_level, batch }
}
