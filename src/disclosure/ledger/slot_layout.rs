use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::indicators::Scope;
use crate::model::Period;

/// The slots of the scopes of a period.
#[derive(Clone, Copy)]
pub(in crate::disclosure) struct PeriodSlots {
    /// Level before the period.
    pub start: usize,
    /// Level at its end.
    pub end: usize,
    /// Number of persons served; the same as `end` where it has no slot of its own.
    pub served: usize,
}

impl PeriodSlots {
    /// The two slots whose difference is the value of a scope. *Served* exists for `people`; for `attendances` it is the period
    /// itself.
    pub fn span(self, scope: Scope) -> (usize, usize) {
        match scope {
            Scope::Period => (self.start, self.end),
            Scope::Cumulative => (0, self.end),
            Scope::Served if self.served == self.end => (self.start, self.end),
            Scope::Served => (0, self.served),
        }
    }
}

/// The slots of a ledger: levels in the order of their days, the first of them before the project, then served numbers.
pub(super) struct SlotLayout {
    /// By published period.
    pub of_period: BTreeMap<usize, PeriodSlots>,
    /// The days of the levels after the first one.
    pub days: Vec<Date>,
    /// The periods whose served number has a slot. In a period that begins with the project, everybody served is counted for
    /// the first time, so that it needs none.
    pub served: Vec<usize>,
}

impl SlotLayout {
    /// The number of levels.
    pub fn level_count(&self) -> usize {
        self.days.len() + 1
    }

    pub fn slot_count(&self) -> usize {
        self.level_count() + self.served.len()
    }
}

/// Assigns slots to every published period.
pub(super) fn assign_slots<'a>(
    start: Date,
    people: bool,
    periods: &[usize],
    period: impl Fn(usize) -> &'a Period,
) -> SlotLayout {
    let before = |day: Date| day.yesterday().unwrap_or(day);
    let days: BTreeSet<Date> =
        periods.iter().flat_map(|&at| [before(period(at).start), period(at).end]).filter(|day| *day >= start).collect();
    let days: Vec<Date> = days.into_iter().collect();
    let slot = |day: Date| days.partition_point(|other| *other <= day);
    let mut served: Vec<usize> = Vec::new();
    let mut of_period = BTreeMap::new();
    for &at in periods {
        let (start, end) = (slot(before(period(at).start)), slot(period(at).end));
        let own = people && start > 0;
        let twin = served
            .iter()
            .position(|&other| (period(other).start, period(other).end) == (period(at).start, period(at).end));
        let served = match (own, twin) {
            (false, _) => end,
            (true, Some(twin)) => days.len() + 1 + twin,
            (true, None) => {
                served.push(at);
                days.len() + served.len()
            }
        };
        of_period.insert(at, PeriodSlots { start, end, served });
    }
    SlotLayout { of_period, days, served }
}
