use std::ops::Range;

use jiff::civil::Date;

use crate::model::Period;

/// The days of rows that stand by day: where each day begins among their places. There are few days, and perhaps millions
/// of rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Days {
    first: Date,
    /// Of each day, and at last how many rows there are.
    begins: Vec<u32>,
}

impl Days {
    /// Days from `first` on, with the number of rows that each has.
    pub fn new(first: Date, rows: impl IntoIterator<Item = u32>) -> Days {
        let mut begins = vec![0];
        let mut sum = 0;
        begins.extend(rows.into_iter().map(|rows| {
            sum += rows;
            sum
        }));
        Days { first, begins }
    }

    /// Of how many rows.
    pub fn rows(&self) -> usize {
        self.begins.last().map_or(0, |rows| *rows as usize)
    }

    /// The day of a row by its place.
    pub fn of(&self, place: u32) -> Date {
        self.day(self.begins.partition_point(|begin| *begin <= place).saturating_sub(1))
    }

    /// How many rows are on a day up to this one.
    pub fn up_to(&self, day: Date) -> usize {
        let days = days_between(self.first, day) + 1;
        let at = usize::try_from(days).unwrap_or(0).min(self.begins.len().saturating_sub(1));
        self.begins.get(at).map_or(0, |rows| *rows as usize)
    }

    /// The places of the rows in a period.
    pub fn range(&self, period: &Period) -> Range<usize> {
        let end = self.up_to(period.end);
        let before = period.start.yesterday().map_or(0, |day| self.up_to(day));
        before.min(end)..end
    }

    /// Every day with its places.
    pub fn each(&self) -> impl Iterator<Item = (Date, Range<usize>)> {
        let ranges = self.begins.windows(2).map(|ends| ends[0] as usize..ends[1] as usize);
        ranges.enumerate().map(|(at, range)| (self.day(at), range))
    }

    /// Rising places, each with its day.
    pub fn along(&self, places: impl Iterator<Item = u32>) -> impl Iterator<Item = (Date, u32)> {
        let (mut at, mut day) = (0, self.first);
        places.map(move |place| {
            if self.begins.get(at + 1).is_some_and(|next| place >= *next) {
                at = self.begins.partition_point(|begin| *begin <= place).saturating_sub(1);
                day = self.day(at);
            }
            (day, place)
        })
    }

    fn day(&self, at: usize) -> Date {
        self.first.saturating_add(jiff::SignedDuration::from_hours(24 * at as i64))
    }
}

/// From one day to another.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}
