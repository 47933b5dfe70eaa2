use std::ops::Range;

use jiff::civil::Date;

use crate::model::Period;

/// The days of rows that are in the order of their days: the row that each day starts at. There are few days, and perhaps
/// millions of rows.
#[derive(Clone, Debug, Default)]
pub(super) struct DayIndex {
    first: Date,
    /// By day; at the end the number of rows.
    starts: Vec<u32>,
}

impl DayIndex {
    /// Consecutive days from `first` on, given the number of rows on each.
    pub fn new(first: Date, row_counts: impl IntoIterator<Item = u32>) -> DayIndex {
        let mut starts = vec![0];
        let mut sum = 0;
        starts.extend(row_counts.into_iter().map(|rows| {
            sum += rows;
            sum
        }));
        DayIndex { first, starts }
    }

    pub fn row_count(&self) -> usize {
        self.starts.last().map_or(0, |rows| *rows as usize)
    }

    /// The row that each day starts at; at the end the number of rows.
    pub fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// The day of a row.
    pub fn day_of(&self, row: u32) -> Date {
        self.day(self.starts.partition_point(|start| *start <= row).saturating_sub(1))
    }

    /// How many rows are on `day` or before it.
    pub fn count_up_to(&self, day: Date) -> usize {
        let days = days_between(self.first, day) + 1;
        let at = usize::try_from(days).unwrap_or(0).min(self.starts.len().saturating_sub(1));
        self.starts.get(at).map_or(0, |rows| *rows as usize)
    }

    /// The rows of a period.
    pub fn rows_of(&self, period: &Period) -> Range<usize> {
        let end = self.count_up_to(period.end);
        let before = period.start.yesterday().map_or(0, |day| self.count_up_to(day));
        before.min(end)..end
    }

    /// Pairs each of ascending rows with its day.
    pub fn with_days(&self, rows: impl Iterator<Item = u32>) -> impl Iterator<Item = (Date, u32)> {
        let (mut at, mut day) = (0, self.first);
        rows.map(move |row| {
            if self.starts.get(at + 1).is_some_and(|next| row >= *next) {
                at = self.starts.partition_point(|start| *start <= row).saturating_sub(1);
                day = self.day(at);
            }
            (day, row)
        })
    }

    fn day(&self, at: usize) -> Date {
        self.first.saturating_add(jiff::SignedDuration::from_hours(24 * at as i64))
    }
}

/// The number of days from one to another.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}
