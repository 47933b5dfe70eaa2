//! When an activity was or will be: a day, a range of days, or a month.

use jiff::civil::Date;

use super::{DATES, uncounted_day};
use crate::diagnostic::kinds;
use crate::ingest::cell::{DateReading, SlashOrder};
use crate::ingest::table::{Field, OnFault, RowReader};
use crate::model::{ActivityStatus, Settings};

/// When an activity was or will be.
pub(super) struct ActivityDates {
    pub date: Option<Date>,
    pub end_date: Option<Date>,
    /// `date` is the first day of a month of which no day is given.
    pub month_only: bool,
}

/// Reads `date` and `end_date`; `slashes` is how each of the two columns writes its dates.
pub(super) fn read_dates(
    row: &mut RowReader,
    slashes: [SlashOrder; 2],
    status: Option<ActivityStatus>,
    settings: &Settings,
) -> ActivityDates {
    let is_completed = status == Some(ActivityStatus::Completed);
    let (mut date, month_only, range) = read_date(&mut row.field(DATES[0]), slashes[0], is_completed, true);
    let (mut end_date, _, end_range) = read_date(&mut row.field(DATES[1]), slashes[1], is_completed, false);
    if end_range.is_some() {
        let mut field = row.field(DATES[1]);
        let text = field.shown();
        field.report(OnFault::DropRow, kinds::SeveralDays { text });
    }
    let end_name = if range.is_some() { DATES[0] } else { DATES[1] };
    if let Some((first, last)) = range {
        date = Some(first);
        match end_date {
            Some(end) if end != last => {
                let kind = kinds::RangeAndEnd { range: last.to_string(), end: end.to_string() };
                row.field("end_date").report(OnFault::DropRow, kind);
            }
            _ => end_date = Some(last),
        }
    }
    if let (Some(start), Some(end)) = (date, end_date)
        && end < start
        && !month_only
    {
        let kind = kinds::EndBeforeStart { start: start.to_string(), end: end.to_string() };
        row.field(end_name).report(OnFault::DropRow, kind);
    }
    let (counted, name) = if end_date.is_some() { (end_date, end_name) } else { (date, DATES[0]) };
    if let Some(kind) = counted.and_then(|day| uncounted_day(day, is_completed, settings)) {
        row.field(name).warn(kind);
    }
    ActivityDates { date, end_date, month_only }
}

/// The first and the last of several days.
type DayRange = (Date, Date);

/// The day that a cell means, whether it gives a month only, and the days of a range instead. A completed activity needs a
/// day; `is_required` if it must be in this cell.
fn read_date(
    field: &mut Field,
    slashes: SlashOrder,
    is_completed: bool,
    is_required: bool,
) -> (Option<Date>, bool, Option<DayRange>) {
    let reported = field.reported();
    match field.date(OnFault::DropRow) {
        Some(DateReading::Month(_)) if is_completed => {
            field.report(OnFault::DropRow, kinds::MonthWithoutDay);
            (None, false, None)
        }
        Some(DateReading::Month(first)) => (Some(first), true, None),
        Some(DateReading::Range { first, last }) => (None, false, Some((first, last))),
        Some(reading) => (field.resolve_date(slashes, reading), false, None),
        None => {
            if is_required && is_completed && field.exists() && reported == field.reported() {
                field.report(OnFault::DropRow, kinds::MissingDate);
            }
            (None, false, None)
        }
    }
}
