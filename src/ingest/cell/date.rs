//! Reads dates in the forms in which people write them.

use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

use super::number::format_number;
use super::text::{clean, is_placeholder, unreadable_problem};
use super::{CellResult, DateOrder};
use crate::diagnostic::{Problem, ProblemKind, kinds};
use crate::fold;
use crate::ingest::layout::vocabulary;
use crate::ingest::raw_row::{Raw, RawCell};

/// A date as a cell writes it, before it is known how its column writes slashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateReading {
    /// A day.
    Day(Date),
    /// Several days (`12-14.03.2025`): the first and the last.
    Range {
        /// The first day.
        first: Date,
        /// The last day.
        last: Date,
    },
    /// A month without a day (`2017-09`, `септември 2017`), by its first day.
    Month(Date),
    /// Written with slashes or hyphens: the day it means if the day comes first, and if the month does. At least one of
    /// the two is `Some`.
    Slash {
        /// The day if the day comes first.
        day_first: Option<Date>,
        /// The day if the month comes first.
        month_first: Option<Date>,
    },
}

impl DateReading {
    /// The days that a date can mean; none for a month.
    pub fn days(self) -> impl Iterator<Item = Date> {
        let (first, second) = match self {
            DateReading::Day(day) => (Some(day), None),
            DateReading::Range { first, last } => (Some(first), Some(last)),
            DateReading::Month(_) => (None, None),
            DateReading::Slash { day_first, month_first } => (day_first, month_first),
        };
        first.into_iter().chain(second)
    }
}

/// The forms of dates that project.toml allows a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DateForms<'z> {
    /// What comes first in dates with slashes, where project.toml says.
    pub order: Option<DateOrder>,
    /// A year of two digits is one of this century.
    pub short_years: bool,
    /// Where times that say their zone are read.
    pub zone: Option<&'z TimeZone>,
}

/// Reads a date cell: a real date (without its time of day), or a text in one of the contract's forms.
///
/// # Errors
/// A problem if the cell holds no date that can be read.
pub fn read_date(cell: Option<&RawCell<'_>>) -> CellResult<DateReading> {
    read_date_as(cell, DateForms::default())
}

/// [`read_date`] in a table for which project.toml allows more forms.
///
/// # Errors
/// As [`read_date`].
pub fn read_date_as(cell: Option<&RawCell<'_>>, forms: DateForms) -> CellResult<DateReading> {
    let Some(cell) = cell else { return Ok(None) };
    match &cell.raw {
        Raw::Date { day: Some(day), serial } if *serial >= 1.0 => Ok(Some(DateReading::Day(*day))),
        Raw::Date { day, serial } => Err(DateFault::Invalid.problem(&format_date(*day, *serial))),
        Raw::Number(number) => Err(DateFault::Number.problem(&format_number(*number))),
        Raw::Bool(yes) => Err(DateFault::Invalid.problem(if *yes { "TRUE" } else { "FALSE" })),
        Raw::Text(text) => parse_date(&clean(text), forms),
        Raw::Error(_) | Raw::FormulaWithoutValue | Raw::TooLong(_) => Err(unreadable_problem(&cell.raw)),
    }
}

/// What a cell with a date format shows: a day, a time of day, or else its number.
pub(super) fn format_date(day: Option<Date>, serial: f64) -> String {
    if let Some(day) = day {
        return day.to_string();
    }
    if !(0.0..1.0).contains(&serial) {
        return format_number(serial);
    }
    let seconds = (serial * 86_400.0).round() as u32 % 86_400;
    format_time(seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A time of day, with seconds only where there are any.
pub(super) fn format_time(hours: u32, minutes: u32, seconds: u32) -> String {
    if seconds == 0 { format!("{hours:02}:{minutes:02}") } else { format!("{hours:02}:{minutes:02}:{seconds:02}") }
}

fn parse_date(text: &str, forms: DateForms) -> CellResult<DateReading> {
    let shown = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if shown.is_empty() || is_placeholder(&shown) {
        return Ok(None);
    }
    let folded = fold::code_key(&shown);
    if let Some(moment) = ZonedMoment::find(&folded)
        && let Ok(DateReading::Day(day)) = parse_one_date(strip_time(&folded), forms)
    {
        let Some(zone) = forms.zone else {
            return Err(Box::new(Problem::error(kinds::TimeWithZone { text: shown })));
        };
        return moment
            .day_in(zone, day)
            .map(|day| Some(DateReading::Day(day)))
            .ok_or_else(|| DateFault::Invalid.problem(&shown));
    }
    let body = strip_time(strip_year_mark(&folded));
    let read = parse_one_date(body, forms).or_else(|fault| parse_range(body, forms).unwrap_or(Err(fault)));
    read.map(Some).map_err(|fault| fault.problem(&shown))
}

fn parse_one_date(body: &str, forms: DateForms) -> Result<DateReading, DateFault> {
    let tokens = tokenize(body);
    match tokens.as_slice() {
        [
            DateToken::Number(a),
            DateToken::Mark(m1),
            DateToken::Number(b),
            DateToken::Mark(m2),
            DateToken::Number(c),
        ] if m1 == m2 => parse_numeric_date(a, b, c, *m1, forms),
        [DateToken::Number(year), DateToken::Mark('-'), DateToken::Number(month)]
            if year.len() == 4 && month.len() <= 2 =>
        {
            parse_month(year, month)
        }
        [DateToken::Number(month), DateToken::Mark('.' | '/'), DateToken::Number(year)]
            if year.len() == 4 && month.len() <= 2 =>
        {
            parse_month(year, month)
        }
        [DateToken::Number(all)] if all.len() == 8 && !body.contains(' ') => parse_compact_date(all),
        [DateToken::Number(all)] => Err(if all.len() > 2 { DateFault::Number } else { DateFault::Invalid }),
        _ => parse_named_month(&tokens, forms),
    }
}

/// `12-14.03.2025`, `28.02-02.03.2025`, `30 декември 2024 – 2 јануари 2025`: a date at the end, and before a dash the first day
/// of which the end says what is left out. `None` if it has no such form.
fn parse_range(body: &str, forms: DateForms) -> Option<Result<DateReading, DateFault>> {
    let dash = body.find(['-', '–', '—'])?;
    let (start, end) = (body[..dash].trim(), body[dash..].trim_start_matches(|c: char| !c.is_alphanumeric()));
    let days = |reading| match reading {
        DateReading::Day(day) => Some(day),
        DateReading::Slash { day_first: Some(day), month_first: None }
        | DateReading::Slash { day_first: None, month_first: Some(day) } => Some(day),
        DateReading::Slash { day_first, month_first } => match forms.order? {
            DateOrder::DayFirst => day_first,
            DateOrder::MonthFirst => month_first,
        },
        DateReading::Month(_) | DateReading::Range { .. } => None,
    };
    let last = match parse_one_date(strip_year_mark(end), forms) {
        Ok(reading) => days(reading)?,
        Err(DateFault::TwoDigitYear) => return Some(Err(DateFault::TwoDigitYear)),
        Err(_) => return None,
    };
    let whole = start.trim_end_matches('.');
    let first = match tokenize(whole).as_slice() {
        [DateToken::Number(day)] => parse_day(day, &last.month().to_string(), &year_text(last)).ok()?,
        [DateToken::Number(day), DateToken::Mark('.'), DateToken::Number(month)] if month.len() <= 2 => {
            parse_day(day, month, &year_text(last)).ok()?
        }
        [DateToken::Number(day), DateToken::Word(month)] => {
            let month = vocabulary().months.get(*month)?;
            parse_day(day, &month.to_string(), &year_text(last)).ok()?
        }
        _ => days(parse_one_date(strip_year_mark(whole), forms).ok()?)?,
    };
    Some(Ok(DateReading::Range { first, last }))
}

fn year_text(day: Date) -> String {
    format!("{:04}", day.year())
}

enum DateToken<'a> {
    Number(&'a str),
    Word(&'a str),
    /// `.`, `/` or `-`; spaces around it are gone.
    Mark(char),
}

fn tokenize(text: &str) -> Vec<DateToken<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        if c.is_ascii_digit() {
            let (number, after) = rest.split_at(end(|c| c.is_ascii_digit()));
            tokens.push(DateToken::Number(number));
            rest = after;
        } else if c.is_alphabetic() {
            let (word, after) = rest.split_at(end(char::is_alphabetic));
            tokens.push(DateToken::Word(word));
            rest = after;
        } else {
            if !c.is_whitespace() {
                tokens.push(DateToken::Mark(c));
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    tokens
}

/// `31.12.2016` of `31.12.2016 г.`
fn strip_year_mark(text: &str) -> &str {
    let text = text.trim_end();
    for mark in &vocabulary().year_marks {
        if let Some(before) = text.strip_suffix(mark.as_str()) {
            let before = before.trim_end();
            if before.ends_with(|c: char| c.is_ascii_digit() || c == '.') {
                return before.trim_end_matches('.');
            }
        }
    }
    text.trim_end_matches('.')
}

/// The time of day of a date, with the zone that it is of.
struct ZonedMoment {
    time: Time,
    offset: Offset,
}

impl ZonedMoment {
    /// Finds a time with a zone: `08:30Z`, `08:30:15.250+02:00`, `08:30 +0200`. `text` is folded.
    fn find(text: &str) -> Option<ZonedMoment> {
        let colon = text.find(':')?;
        let hour = &text[text[..colon].trim_end_matches(|c: char| c.is_ascii_digit()).len()..colon];
        let rest = &text[colon + 1..];
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(rest.len());
        let (time, zone) = (&rest[..end], rest[end..].trim());
        let mut parts = time.split([':', '.']).map(|part| part.parse::<i8>().ok());
        let (minute, second) = (parts.next()??, parts.next().flatten().unwrap_or_default());
        let seconds = match zone.strip_prefix(['+', '-', '−']) {
            None if matches!(zone, "z" | "utc" | "gmt") => 0,
            None => return None,
            Some(digits) => {
                let digits: String = digits.chars().filter(|c| *c != ':').collect();
                let minutes: i32 = match digits.len() {
                    1 | 2 => digits.parse::<i32>().ok()? * 60,
                    4 => digits[..2].parse::<i32>().ok()? * 60 + digits[2..].parse::<i32>().ok()?,
                    _ => return None,
                };
                if zone.starts_with('+') { minutes * 60 } else { minutes * -60 }
            }
        };
        let time = Time::new(hour.parse().ok()?, minute, second, 0).ok()?;
        Some(ZonedMoment { time, offset: Offset::from_seconds(seconds).ok()? })
    }

    /// The day that it is in a zone, when it is `day` in its own.
    fn day_in(&self, zone: &TimeZone, day: Date) -> Option<Date> {
        let moment = self.offset.to_timestamp(day.to_datetime(self.time)).ok()?;
        Some(zone.to_datetime(moment).date())
    }
}

/// The date of a date with a time of day.
fn strip_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else { return text };
    let before = text[..colon].trim_end_matches(|c: char| c.is_ascii_digit());
    before.strip_suffix('t').unwrap_or(before).trim_end().trim_end_matches(',')
}

/// Three numbers, separated by the same mark twice.
fn parse_numeric_date(a: &str, b: &str, c: &str, mark: char, forms: DateForms) -> Result<DateReading, DateFault> {
    if a.len() == 4 {
        return parse_day(c, b, a).map(DateReading::Day);
    }
    let c = &full_year(c, forms)?;
    match mark {
        '.' => parse_day(a, b, c).map(DateReading::Day),
        '/' | '-' => {
            let (day_first, month_first) = (parse_day(a, b, c).ok(), parse_day(b, a, c).ok());
            match (day_first, month_first) {
                (None, None) => Err(DateFault::Invalid),
                _ => Ok(DateReading::Slash { day_first, month_first }),
            }
        }
        _ => Err(DateFault::Invalid),
    }
}

/// A year of four digits; one of two is of this century where project.toml says so.
fn full_year(year: &str, forms: DateForms) -> Result<String, DateFault> {
    match year.len() {
        4 => Ok(year.to_owned()),
        2 if forms.short_years => Ok(format!("20{year}")),
        2 => Err(DateFault::TwoDigitYear),
        _ => Err(DateFault::Invalid),
    }
}

/// `20170331`, as some databases write it.
fn parse_compact_date(all: &str) -> Result<DateReading, DateFault> {
    let read = parse_day(&all[6..], &all[4..6], &all[..4]).map_err(|_| DateFault::Number)?;
    if (1900..=2100).contains(&read.year()) { Ok(DateReading::Day(read)) } else { Err(DateFault::Number) }
}

/// `31 декември 2016`, `31st December 2016`, `December 31, 2016`, `31-Dec-2016`, `септември 2017`.
fn parse_named_month(tokens: &[DateToken<'_>], forms: DateForms) -> Result<DateReading, DateFault> {
    let mut numbers = Vec::new();
    let mut month = None;
    for token in tokens {
        match token {
            DateToken::Number(number) => numbers.push(*number),
            DateToken::Mark('.' | ',' | '-' | '/') => {}
            DateToken::Word("st" | "nd" | "rd" | "th" | "of") => {}
            DateToken::Word(word) => match vocabulary().months.get(*word) {
                Some(number) if month.is_none() => month = Some(*number),
                _ => return Err(DateFault::Invalid),
            },
            DateToken::Mark(_) => return Err(DateFault::Invalid),
        }
    }
    let month = month.ok_or(DateFault::Invalid)?.to_string();
    match numbers.as_slice() {
        [year] if year.len() == 4 => parse_month(year, &month),
        [a, year] if year.len() == 4 => parse_day(a, &month, year).map(DateReading::Day),
        [year, b] if year.len() == 4 => parse_day(b, &month, year).map(DateReading::Day),
        [day, year] if year.len() == 2 => parse_day(day, &month, &full_year(year, forms)?).map(DateReading::Day),
        [_] | [_, _] => Err(DateFault::TwoDigitYear),
        _ => Err(DateFault::Invalid),
    }
}

fn parse_month(year: &str, month: &str) -> Result<DateReading, DateFault> {
    parse_day("1", month, year).map(DateReading::Month)
}

fn parse_day(day: &str, month: &str, year: &str) -> Result<Date, DateFault> {
    if day.len() > 2 || month.len() > 2 || year.len() != 4 {
        return Err(DateFault::Invalid);
    }
    let parsed = (day.parse(), month.parse(), year.parse());
    let (Ok(day), Ok(month), Ok(year)) = parsed else { return Err(DateFault::Invalid) };
    Date::new(year, month, day).map_err(|_| DateFault::Invalid)
}

/// Why a text is no date.
#[derive(Clone, Copy)]
pub(super) enum DateFault {
    Invalid,
    /// A number without a date format.
    Number,
    TwoDigitYear,
    /// A range where one day is needed.
    SeveralDays,
}

impl DateFault {
    pub(super) fn problem(self, text: &str) -> Box<Problem> {
        let text = text.to_owned();
        let kind: ProblemKind = match self {
            DateFault::Invalid => kinds::InvalidDate { text }.into(),
            // Formatted as a date, a year would be a day of 1905.
            DateFault::Number if text.parse().is_ok_and(|year: u16| (1900..=2100).contains(&year)) => {
                kinds::NumberNotDate::Year { text }.into()
            }
            DateFault::Number => kinds::NumberNotDate::Plain { text }.into(),
            DateFault::SeveralDays => kinds::SeveralDays { text }.into(),
            DateFault::TwoDigitYear => kinds::TwoDigitYear { text }.into(),
        };
        Box::new(Problem::error(kind))
    }
}
