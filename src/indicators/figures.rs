use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::days::{Days, days_between};
use super::places::Places;
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
    /// Qualifying attendances (`attendances`, `people`, `distinct` over persons).
    Attendances { rows: CountedAttendances },
    /// Indices of reported values that count somewhere.
    Reported { rows: Vec<u32> },
    /// The indicators that a ratio is made of stand for it.
    Ratio,
}

/// Attendances that count, by day, then order of files, then row. All indicators choose from the same ones, of which what
/// they have in common is kept once.
#[derive(Clone, Debug)]
pub struct CountedAttendances {
    days: Arc<Days>,
    /// Among the project's attendances.
    index: Arc<Vec<u32>>,
    activity: Arc<Vec<u32>>,
    person: Arc<Vec<u32>>,
    /// Places in those.
    places: Places,
    /// Of `people`: first contacts.
    first: Option<Places>,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedAttendance {
    /// The day that it counts on.
    pub day: Date,
    /// Among the project's attendances.
    pub index: u32,
    pub activity: ActivityId,
    pub person: PersonId,
    /// Of `people`, whether it is the person's first contact; of the others always.
    pub is_first: bool,
}

impl CountedAttendances {
    /// The attendances at `places` among those that may count; of `people` with the first contacts among them.
    pub(super) fn new(dated: &Attendances, places: Places, first: Option<Places>) -> CountedAttendances {
        let Attendances { index, activity, person, .. } = dated;
        let [index, activity, person] = [index, activity, person].map(Arc::clone);
        CountedAttendances { days: Arc::clone(&dated.days), index, activity, person, places, first }
    }

    /// All of `rows`, which stand by day: each the day that it counts on, its index among `attendances`, and whether it is a
    /// first contact.
    pub fn all(rows: &[(Date, u32, bool)], attendances: &[Attendance]) -> CountedAttendances {
        let of = |field: fn(&Attendance) -> u32| {
            Arc::new(rows.iter().map(|(_, index, _)| field(&attendances[*index as usize])).collect::<Vec<u32>>())
        };
        let start = rows.first().map_or(Date::ZERO, |(day, ..)| *day);
        let mut counts = Vec::new();
        for (day, ..) in rows {
            counts.resize(counts.len().max(days_between(start, *day) as usize + 1), 0);
            counts.iter_mut().last().into_iter().for_each(|count| *count += 1);
        }
        CountedAttendances {
            days: Arc::new(Days::new(start, counts)),
            index: Arc::new(rows.iter().map(|(_, index, _)| *index).collect()),
            activity: of(|attendance| attendance.activity.0),
            person: of(|attendance| attendance.person.0),
            places: Places::all(rows.len()),
            first: Some(Places::holding(rows.len(), |place| rows[place as usize].2)),
        }
    }

    /// Those that any of several indicators of one count has up to the end of a day, each once.
    pub fn together<'c>(
        several: impl IntoIterator<Item = &'c CountedAttendances>,
        end: Date,
    ) -> Option<CountedAttendances> {
        let mut several = several.into_iter().peekable();
        let one = *several.peek()?;
        let places = Places::together(several.map(|counted| &counted.places), one.days.up_to(end));
        Some(CountedAttendances { places, first: None, ..one.clone() })
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn iter(&self) -> impl Iterator<Item = CountedAttendance> + '_ {
        self.days.along(self.places.iter()).map(|(day, place)| {
            let at = place as usize;
            CountedAttendance {
                day,
                index: self.index[at],
                activity: ActivityId(self.activity[at]),
                person: PersonId(self.person[at]),
                is_first: self.first.as_ref().is_none_or(|first| first.contains(place)),
            }
        })
    }

    /// Those on the days of a period.
    pub fn within(&self, period: &Period) -> impl Iterator<Item = CountedAttendance> + '_ {
        let (start, end) = (period.start, period.end);
        self.iter().skip_while(move |row| row.day < start).take_while(move |row| row.day <= end)
    }
}
