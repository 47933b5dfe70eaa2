use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::timeline::Attendances;
use crate::model::{ActivityId, Amount, Attendance, Category, Period, PersonId};

/// Every figure of a project, period by period, with the rows behind each indicator.
#[derive(Clone, Debug)]
pub struct Figures {
    /// In the order of [`crate::model::Logframe::periods`].
    pub periods: Vec<PeriodFigures>,
    /// By indicator.
    pub evidence: Vec<Evidence>,
}

#[derive(Clone, Debug)]
pub struct PeriodFigures {
    pub period: Period,
    /// By indicator.
    pub figures: Vec<Figure>,
}

/// The three values of a figure in a period. `Served` is all persons in the period, told of `people` and ratios of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    Period,
    Served,
    Cumulative,
}

/// One indicator in one period. Every `None` is *absent*.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub period: Option<Amount>,
    pub served: Option<Amount>,
    pub cumulative: Option<Amount>,
    pub level: Option<Amount>,
    pub target_period: Option<Decimal>,
    pub target_due: Option<Decimal>,
    pub target_total: Option<Decimal>,
    pub progress: Option<Progress>,
    pub progress_due: Option<Progress>,
    /// None where the level is absent.
    pub status: Option<Status>,
    /// By axis of the indicator.
    pub axes: Vec<AxisFigures>,
    /// Cells without a count among the qualifying ones, cumulative scope (`sum`, `reach`).
    pub basis: Basis,
    /// The scope ends after the data does: the day up to which it is complete.
    pub data_until: Option<Date>,
}

impl Figure {
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
pub struct Basis {
    pub period_rows: u64,
    pub period_blank: u64,
    pub rows: u64,
    pub blank: u64,
}

/// A fraction of a target; an interval where the level is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    pub from: Decimal,
    pub to: Decimal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    NoTarget,
    NotDue,
    Achieved,
    OnTrack,
    AtRisk,
    OffTrack,
    /// The ends of an interval have different statuses.
    Undetermined,
}

impl Status {
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
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub key: PartKey,
    pub period: Option<Amount>,
    pub served: Option<Amount>,
    pub cumulative: Option<Amount>,
}

impl Part {
    pub fn value(&self, scope: Scope) -> Option<Amount> {
        match scope {
            Scope::Period => self.period,
            Scope::Served => self.served,
            Scope::Cumulative => self.cumulative,
        }
    }
}

/// Ordered as parts are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A value of the axis's column.
    Category(Category),
    /// An age band.
    Band(u8),
    Several,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKey {
    One(Key),
    Crossed(Key, Key),
}

/// Why a row that was looked at doesn't count in an indicator at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// Its activity isn't completed (nor ongoing, for a dated attendance).
    NotCompleted,
    OutsideProject,
    AfterDataUntil,
    /// Condition by index that fails first.
    Condition(u8),
    /// A person already counted by an earlier row.
    CountedBefore,
    /// The cell to be summed, or to be told apart from others, is blank.
    WithoutCount,
}

/// The rows behind an indicator, kept while they were counted.
#[derive(Clone, Debug)]
pub enum Evidence {
    /// Activities by day, then row (`activities`, `sum`, `reach`, `distinct` over activities).
    Activities { rows: Vec<(Date, ActivityId)> },
    /// Qualifying attendances, as indices, by day, then order of files, then row (`attendances`, `people`, `distinct` over persons).
    /// For `people`, `first[i]` tells whether row `i` is its person's first contact; for the others it is true throughout.
    Attendances { rows: CountedAttendances, first: Vec<bool> },
    /// Indices of reported values that count somewhere.
    Reported { rows: Vec<u32> },
    /// The indicators that a ratio is made of stand for it.
    Ratio,
}

/// Attendances that count, by day, then order of files, then row. All indicators choose from the same ones, of which what
/// they have in common is kept once.
#[derive(Clone, Debug)]
pub struct CountedAttendances {
    day: Arc<Vec<Date>>,
    /// Among the project's attendances.
    index: Arc<Vec<u32>>,
    activity: Arc<Vec<u32>>,
    person: Arc<Vec<u32>>,
    /// Places in those, in their order.
    places: Vec<u32>,
}

impl CountedAttendances {
    /// The attendances at `places` among those that may count.
    pub(super) fn new(dated: &Attendances, places: Vec<u32>) -> CountedAttendances {
        let Attendances { day, index, activity, person, .. } = dated;
        let [index, activity, person] = [index, activity, person].map(Arc::clone);
        CountedAttendances { day: Arc::clone(day), index, activity, person, places }
    }

    /// All of `rows`, each the day that it counts on and its index among `attendances`.
    pub fn all(rows: &[(Date, u32)], attendances: &[Attendance]) -> CountedAttendances {
        let of = |field: fn(&Attendance) -> u32| {
            Arc::new(rows.iter().map(|(_, index)| field(&attendances[*index as usize])).collect::<Vec<u32>>())
        };
        CountedAttendances {
            day: Arc::new(rows.iter().map(|(day, _)| *day).collect()),
            index: Arc::new(rows.iter().map(|(_, index)| *index).collect()),
            activity: of(|attendance| attendance.activity.0),
            person: of(|attendance| attendance.person.0),
            places: (0..rows.len() as u32).collect(),
        }
    }

    /// Those that any of several indicators of one count has up to the end of a day, each once.
    pub fn together<'c>(
        several: impl IntoIterator<Item = &'c CountedAttendances>,
        end: Date,
    ) -> Option<CountedAttendances> {
        let mut several = several.into_iter().peekable();
        let mut all = CountedAttendances { places: Vec::new(), ..(*several.peek()?).clone() };
        let mut held = vec![false; all.day.partition_point(|day| *day <= end)];
        for one in several {
            let up_to_end = one.places.partition_point(|place| (*place as usize) < held.len());
            one.places[..up_to_end].iter().for_each(|place| held[*place as usize] = true);
        }
        all.places = (0..).zip(held).filter(|(_, held)| *held).map(|(place, _)| place).collect();
        Some(all)
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The day that each counts on, and its index among the project's attendances.
    pub fn iter(&self) -> impl Iterator<Item = (Date, u32)> + '_ {
        self.places.iter().map(|&place| (self.day[place as usize], self.index[place as usize]))
    }

    /// The day that each counts on, its activity and its person: they stand in memory in this order, the project's
    /// attendances don't.
    pub fn met(&self) -> impl Iterator<Item = (Date, ActivityId, PersonId)> + '_ {
        self.places.iter().map(|&place| {
            let at = place as usize;
            (self.day[at], ActivityId(self.activity[at]), PersonId(self.person[at]))
        })
    }
}
