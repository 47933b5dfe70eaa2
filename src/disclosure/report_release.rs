use std::collections::BTreeSet;

use crate::indicators::{Figure, PartKey, Scope};
use crate::model::{Amount, IndicatorId, Participants, Period};

/// What a report may show. Reports with the same limit share one release.
#[derive(Clone, Debug)]
pub struct Released {
    /// 0: nothing is hidden.
    pub suppress_below: u32,
    /// How participants are shown in the annex.
    pub participants: Participants,
    /// In the order of [`crate::model::Logframe::periods`].
    pub periods: Vec<ReleasedPeriod>,
    /// Indicators narrowed by a value that is hidden elsewhere: their rows would reveal who has it, so that none are listed.
    pub without_evidence: BTreeSet<IndicatorId>,
}

/// What may be shown of one period.
#[derive(Clone, Debug)]
pub struct ReleasedPeriod {
    /// The period.
    pub period: Period,
    /// By indicator.
    pub figures: Vec<ReleasedFigure>,
}

/// A figure with its totals as counted; their `axes` are emptied, so that parts are available only as released.
#[derive(Clone, Debug)]
pub struct ReleasedFigure {
    /// The figure without its axes.
    pub totals: Figure,
    /// By axis of the indicator.
    pub axes: Vec<ReleasedAxis>,
}

/// What may be shown of one axis of a figure.
#[derive(Clone, Debug)]
pub struct ReleasedAxis {
    /// Nothing of the axis is shown, because its total is below the limit or because nothing less would do. `parts` is empty then:
    /// even which parts there are would disclose something. A table writes one line "withheld" in its place.
    pub withheld: bool,
    /// The parts in the order of the axis.
    pub parts: Vec<ReleasedPart>,
}

/// One part of an axis in every scope.
#[derive(Clone, Debug)]
pub struct ReleasedPart {
    /// Which part.
    pub key: PartKey,
    /// In the period alone.
    pub period: ReleasedValue,
    /// Persons who were served in the period, first or not.
    pub served: ReleasedValue,
    /// From the project's start to the period's end.
    pub cumulative: ReleasedValue,
}

impl ReleasedPart {
    /// The part in one scope.
    pub fn value(&self, scope: Scope) -> ReleasedValue {
        match scope {
            Scope::Period => self.period,
            Scope::Served => self.served,
            Scope::Cumulative => self.cumulative,
        }
    }
}

/// One part as a reader sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReleasedValue {
    /// Absent where there is none.
    Value(Option<Amount>),
    /// `<5`.
    Below(u32),
    /// `·`: a companion, so that nothing hidden follows from what is shown.
    Withheld,
}
