//! What a whole column of dates says about each of them: how it writes slashes, and whether a program swapped days and months.

use jiff::civil::Date;

use super::date::{DateFault, DateReading};
use crate::diagnostic::{Problem, kinds};
use crate::ingest::raw_row::{Raw, RawCell};

/// What comes first in dates with slashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `31/12/2016`
    DayFirst,
    /// `12/31/2016`
    MonthFirst,
}

/// Whether a column's dates with slashes begin with the day or the month: observed in a first pass over the column, used in
/// a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlashOrder {
    /// Said in project.toml, whatever the column shows.
    order: Option<DateOrder>,
    day_first: bool,
    month_first: bool,
    swapped: SwapTally,
}

/// Dates of a column by what a program that swaps day and month leaves of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct SwapTally {
    /// Real dates, and the row of the first.
    real: u64,
    first_row: u32,
    /// Texts of day, month and year.
    texts: u64,
    /// A real date is past the twelfth, or a text isn't: nothing was swapped.
    is_refuted: bool,
}

/// Real dates that a program seems to have made by taking the month for the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwappedDays {
    /// Row of the first.
    pub row: u32,
    /// How many.
    pub real: u64,
    /// How many texts it left as they were.
    pub texts: u64,
}

/// Fewest dates of which a pattern is seen.
const FEWEST_DATES: u64 = 3;

impl SlashOrder {
    /// The order of a column in a table of which project.toml says `order`.
    pub fn given(order: Option<DateOrder>) -> SlashOrder {
        SlashOrder { order, ..SlashOrder::default() }
    }

    /// Takes a date into account. One that can be read in one way only decides the others of its column.
    pub fn observe(&mut self, reading: DateReading) {
        match reading {
            DateReading::Slash { day_first: Some(_), month_first: None } => self.day_first = true,
            DateReading::Slash { day_first: None, month_first: Some(_) } => self.month_first = true,
            _ => {}
        }
    }

    /// [`SlashOrder::observe`] with the cell that holds the date, for [`SlashOrder::swapped`].
    pub fn observe_cell(&mut self, cell: &RawCell<'_>, row: u32, reading: DateReading) {
        self.observe(reading);
        let tally = &mut self.swapped;
        match (&cell.raw, reading) {
            (Raw::Date { .. }, DateReading::Day(day)) => {
                if tally.real == 0 {
                    tally.first_row = row;
                }
                tally.real += 1;
                tally.is_refuted |= day.day() > 12;
            }
            (Raw::Text(text), DateReading::Day(_) | DateReading::Slash { .. }) if is_numeric(text) => {
                tally.texts += 1;
                tally.is_refuted |= match reading {
                    DateReading::Day(day) => day.day() <= 12,
                    DateReading::Slash { day_first, month_first } => day_first.is_some() && month_first.is_some(),
                    DateReading::Month(_) | DateReading::Range { .. } => false,
                };
            }
            _ => {}
        }
    }

    /// The column's real dates, if none is past the twelfth beside dates as text that all are: a program of the other order
    /// made dates of what it could read.
    pub fn swapped(&self) -> Option<SwappedDays> {
        let SwapTally { real, first_row, texts, is_refuted } = self.swapped;
        let is_pattern = !is_refuted && real > 0 && texts > 0 && real + texts >= FEWEST_DATES;
        is_pattern.then_some(SwappedDays { row: first_row, real, texts })
    }

    /// The day that a date means; a month means its first day. `shown` is the cell's text, for the problem.
    ///
    /// # Errors
    /// `ambiguous-date` if it can be read in two ways and the column doesn't decide; `invalid-date` if it can't be read in
    /// the order that project.toml gives, or is several days.
    pub fn resolve(&self, reading: DateReading, shown: &str) -> Result<Date, Box<Problem>> {
        let invalid = || DateFault::Invalid.problem(shown);
        match reading {
            DateReading::Day(day) | DateReading::Month(day) => Ok(day),
            DateReading::Range { .. } => Err(DateFault::SeveralDays.problem(shown)),
            DateReading::Slash { day_first, month_first } => match (self.order, day_first, month_first) {
                (Some(DateOrder::DayFirst), day, _) | (Some(DateOrder::MonthFirst), _, day) => day.ok_or_else(invalid),
                (None, Some(day), None) | (None, None, Some(day)) => Ok(day),
                (None, Some(a), Some(b)) => match (self.day_first, self.month_first) {
                    _ if a == b => Ok(a),
                    (true, false) => Ok(a),
                    (false, true) => Ok(b),
                    _ => Err(Box::new(Problem::error(kinds::AmbiguousDate {
                        text: shown.to_owned(),
                        day_first: a.to_string(),
                        month_first: b.to_string(),
                    }))),
                },
                (None, None, None) => Err(invalid()),
            },
        }
    }
}

/// Whether a text begins with a day or a month in digits and one of the marks between them.
fn is_numeric(text: &str) -> bool {
    let text = text.trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&digits) && text[digits..].trim_start().starts_with(['.', '/', '-'])
}
