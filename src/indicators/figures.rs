use jiff::civil::Date;
use rust_decimal::Decimal;

use super::CountedAttendances;
use crate::model::{ActivityId, Amount, Category, Period, ProgressLimits, Value};

/// Every figure of a project, period by period, with the rows behind each indicator.
#[derive(Clone, Debug)]
pub struct Figures {
    /// In the order of [`crate::model::Logframe::periods`].
    pub periods: Vec<PeriodFigures>,
    /// By indicator.
    pub evidence: Vec<Evidence>,
}

/// Every figure of one period.
#[derive(Clone, Debug)]
pub struct PeriodFigures {
    /// The period.
    pub period: Period,
    /// By indicator.
    pub figures: Vec<Figure>,
}

/// The three values of a figure in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// What is new in the period.
    Period,
    /// Everybody who came in the period; only of `people` and ratios of them.
    Served,
    /// From the project's start to the period's end.
    Cumulative,
}

impl Scope {
    /// `period`, `served`, `cumulative`: the scope's name in outputs.
    pub fn code(self) -> &'static str {
        match self {
            Scope::Period => "period",
            Scope::Served => "served",
            Scope::Cumulative => "cumulative",
        }
    }
}

/// One indicator in one period. Every `None` is *absent*.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// See [`Scope::Period`].
    pub period: Option<Amount>,
    /// See [`Scope::Served`].
    pub served: Option<Amount>,
    /// See [`Scope::Cumulative`].
    pub cumulative: Option<Amount>,
    /// The cumulative value, with the baseline where that is added.
    pub level: Option<Amount>,
    /// Of the period alone.
    pub target_period: Option<Decimal>,
    /// The level that is due at the period's end.
    pub target_due: Option<Decimal>,
    /// Whether `target_due` follows from the elapsed time, by a linear plan, and not from a target.
    pub is_due_by_time: bool,
    /// The level that is due at the project's end.
    pub target_total: Option<Decimal>,
    /// Towards `target_total`.
    pub progress: Option<Progress>,
    /// Towards `target_due`.
    pub progress_due: Option<Progress>,
    /// Whether the level has reached `target_due`; `None` where nothing is due, or where only one end of an interval has.
    pub due_reached: Option<bool>,
    /// `None` where the level is absent.
    pub status: Option<Status>,
    /// By axis of the indicator.
    pub axes: Vec<AxisFigures>,
    /// How many of the qualifying activities have a count (`sum`, `reach`).
    pub coverage: Coverage,
    /// The day up to which the data is complete, where the period ends after it.
    pub data_until: Option<Date>,
}

impl Figure {
    /// Whether somebody owes an explanation: it lags behind what is due, or has passed its total by more than the limit.
    pub fn owes_explanation(&self, limits: ProgressLimits) -> bool {
        matches!(self.status, Some(Status::AtRisk | Status::OffTrack)) || self.is_over(limits)
    }

    /// Whether progress towards the total is above the limit.
    pub fn is_over(&self, limits: ProgressLimits) -> bool {
        self.progress.is_some_and(|progress| progress.from > limits.over)
    }

    /// The value of a scope.
    pub fn value(&self, scope: Scope) -> Option<Amount> {
        match scope {
            Scope::Period => self.period,
            Scope::Served => self.served,
            Scope::Cumulative => self.cumulative,
        }
    }
}

/// "1 of 3 activities without a count": `blank` of `rows` qualifying activities, in the period and cumulatively.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Qualifying activities in the period.
    pub period_rows: u64,
    /// Those of them without a count.
    pub period_blank: u64,
    /// Qualifying activities up to the period's end.
    pub rows: u64,
    /// Those of them without a count.
    pub blank: u64,
}

/// A fraction of a target; an interval where the level is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// The fraction, or the lower end.
    pub from: Decimal,
    /// The same fraction, or the upper end.
    pub to: Decimal,
}

/// How far an indicator is from its targets at a period's end (contract, section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The indicator has no target.
    NoTarget,
    /// It has one, of which nothing is due yet.
    NotDue,
    /// The total target is reached, for good.
    Achieved,
    /// What is due is reached, or at least the limit `on_track` of `[progress]` of it; or a total that may be lost again.
    OnTrack,
    /// At least the limit `at_risk`.
    AtRisk,
    /// Less, or a target that can't be approached is missed.
    OffTrack,
    /// The ends of an interval have different statuses.
    Undetermined,
}

impl Status {
    /// Every status, in the order in which they are explained.
    pub const ALL: [Status; 7] = [
        Status::NoTarget,
        Status::NotDue,
        Status::Achieved,
        Status::OnTrack,
        Status::AtRisk,
        Status::OffTrack,
        Status::Undetermined,
    ];

    /// The status as figures.json writes it.
    pub fn code(self) -> &'static str {
        match self {
            Status::NoTarget => "no_target",
            Status::NotDue => "not_due",
            Status::Achieved => "achieved",
            Status::OnTrack => "on_track",
            Status::AtRisk => "at_risk",
            Status::OffTrack => "off_track",
            Status::Undetermined => "undetermined",
        }
    }
}

/// One disaggregation: the parts that occur in the cumulative scope, in the order of their lists and bands,
/// `several` and `unknown` last.
#[derive(Clone, Debug, PartialEq)]
pub struct AxisFigures {
    /// In the order in which they are shown.
    pub parts: Vec<PartFigures>,
}

/// One part of a disaggregation. Every `None` is *absent*.
#[derive(Clone, Debug, PartialEq)]
pub struct PartFigures {
    /// What identifies the part.
    pub key: PartKey,
    /// See [`Scope::Period`].
    pub period: Option<Amount>,
    /// See [`Scope::Served`].
    pub served: Option<Amount>,
    /// See [`Scope::Cumulative`].
    pub cumulative: Option<Amount>,
}

impl PartFigures {
    /// The value of a scope.
    pub fn value(&self, scope: Scope) -> Option<Amount> {
        match scope {
            Scope::Period => self.period,
            Scope::Served => self.served,
            Scope::Cumulative => self.cumulative,
        }
    }
}

/// A value on one side of an axis. Ordered as parts are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A value of the axis's column.
    Category(Category),
    /// An age band.
    Band(u8),
    /// Two or more values in one cell.
    Several,
    /// No value, or none that can be an axis's.
    Unknown,
}

impl Key {
    /// The key of a cell in an axis's column.
    pub fn from_value(value: &Value) -> Key {
        match value {
            Value::One(category) => Key::Category(*category),
            Value::Several(_) => Key::Several,
            Value::Blank | Value::Number(_) | Value::Date(_) => Key::Unknown,
        }
    }
}

/// What identifies a part of an axis: one value, or on a crossed axis a pair of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKey {
    /// Of a simple axis.
    One(Key),
    /// Of a crossed axis, first side first.
    Crossed(Key, Key),
}

/// The rows behind an indicator, kept from counting them.
#[derive(Clone, Debug)]
pub enum Evidence {
    /// Activities by day, then row (`activities`, `sum`, `reach`, `distinct` over activities).
    Activities {
        /// With the day that each counts on.
        rows: Vec<(Date, ActivityId)>,
    },
    /// Qualifying attendances (`attendances`, `people`, `distinct` over persons).
    Attendances {
        /// By day.
        rows: CountedAttendances,
    },
    /// Reported values that count somewhere.
    Reported {
        /// Indices among [`crate::model::Logframe::reported`].
        rows: Vec<u32>,
    },
    /// A ratio has no rows of its own: its evidence is that of its two sides.
    Ratio,
}
