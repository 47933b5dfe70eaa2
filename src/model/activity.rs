use jiff::civil::Date;

use super::{Column, ColumnId, HeadCounts, PackedTexts, RowRef, Text, Value};

/// An activity, by its place in [`ActivityTable::rows`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActivityId(pub u32);

/// The contract's built-in list; codes `planned`, `ongoing`, `completed`, `postponed`, `cancelled`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActivityStatus {
    /// Not begun.
    Planned,
    /// Begun and not ended.
    Ongoing,
    /// Done: what indicators of activities count.
    Completed,
    /// Put off to another day.
    Postponed,
    /// Never to be done.
    Cancelled,
}

impl ActivityStatus {
    /// Every status, in the order of the built-in list.
    pub const ALL: [ActivityStatus; 5] = [
        ActivityStatus::Planned,
        ActivityStatus::Ongoing,
        ActivityStatus::Completed,
        ActivityStatus::Postponed,
        ActivityStatus::Cancelled,
    ];

    /// The code in the built-in list.
    pub fn code(self) -> &'static str {
        match self {
            ActivityStatus::Planned => "planned",
            ActivityStatus::Ongoing => "ongoing",
            ActivityStatus::Completed => "completed",
            ActivityStatus::Postponed => "postponed",
            ActivityStatus::Cancelled => "cancelled",
        }
    }
}

/// Something that the project does: a training, a meeting, a distribution.
#[derive(Clone, Debug)]
pub struct Activity {
    /// The number of its code; [`ActivityTable::code`] is the text.
    pub code: u32,
    /// Title.
    pub title: Text,
    /// Planned, done or given up.
    pub status: ActivityStatus,
    /// First day; none, or the first of the month with `month_only`, for some that aren't completed.
    pub date: Option<Date>,
    /// Last day, where the activity took more than one.
    pub end_date: Option<Date>,
    /// `date` means its whole month (`2017-09`, `септември 2017`).
    pub month_only: bool,
    /// One value per column of [`ActivityTable::columns`].
    pub values: Box<[Value]>,
    /// Where it was read.
    pub row: RowRef,
}

impl Activity {
    /// The day that a completed activity counts on: its `end_date` where there is one.
    pub fn counted_day(&self) -> Option<Date> {
        self.end_date.or(self.date)
    }

    /// The last day that it is planned for: of a month where only that is known.
    pub fn last_planned_day(&self) -> Option<Date> {
        let last = self.counted_day()?;
        Some(if self.month_only && self.end_date.is_none() { last.last_of_month() } else { last })
    }
}

/// Activities in the order of their rows, under their columns. Columns of the contract that a
/// `where` or `by` can name are among them where the sheet has them, under their contract names:
/// `id`, `title`, `type`, `status`, `result`, `municipality`, `partner`, `reached`, `precision`; attributes follow.
/// Dates are not columns: a condition reaches them as [`super::Subject::ActivityDate`].
#[derive(Clone, Debug, Default)]
pub struct ActivityTable {
    /// What the values of each row are.
    pub columns: Vec<Column>,
    /// Activities, in the order of their rows.
    pub rows: Vec<Activity>,
    /// Codes as first written, never folded; each once, since there may be a million. Some may be of no activity.
    pub codes: PackedTexts,
    /// Which of the columns break a count down.
    pub head_counts: HeadCounts,
}

impl ActivityTable {
    /// The column of a name, as `where` and `by` write it.
    pub fn column(&self, name: &str) -> Option<ColumnId> {
        self.columns.iter().position(|column| column.name == name).map(|at| ColumnId(at as u16))
    }

    /// An activity's code.
    pub fn code(&self, activity: &Activity) -> &str {
        self.codes.get(activity.code as usize).unwrap_or_default()
    }

    /// The code of the activity of an id.
    pub fn code_of(&self, id: ActivityId) -> &str {
        self.code(self.get(id))
    }

    /// The codes of all activities, in their order.
    pub fn written_codes(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|activity| self.code(activity))
    }

    /// The activity of an id.
    pub fn get(&self, id: ActivityId) -> &Activity {
        &self.rows[id.0 as usize]
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = ActivityId> + use<> {
        (0..self.rows.len() as u32).map(ActivityId)
    }
}
