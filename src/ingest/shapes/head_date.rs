//! Days as headings write them: with a year, or without one where project.toml says the first heading's.

use jiff::civil::Date;

use crate::diagnostic::{Problem, kinds};
use crate::fold;
use crate::ingest::cell::{self, DateForms, DateReading, SlashOrder};
use crate::ingest::layout::vocabulary;
use crate::ingest::raw_row::{Raw, RawCell};

/// A day as a heading writes it.
#[derive(Clone, Debug)]
pub(super) enum HeadDay {
    /// With its year.
    Full(DateReading),
    /// Without one; as with slashes, two ways of reading it where the mark is one.
    WithoutYear { day_first: Option<(i8, i8)>, month_first: Option<(i8, i8)> },
}

/// Reads a heading as a day, with the heading above it where it has one.
///
/// # Errors
/// It is no day; the problem lacks its place.
pub(super) fn read_head_day(
    raw: &Raw,
    text: &str,
    above: Option<&str>,
    forms: DateForms,
) -> Result<HeadDay, Box<Problem>> {
    if let Raw::Date { .. } = raw {
        let read = cell::read_date_as(Some(&RawCell::new(0, raw.borrowed())), forms)?;
        return read.map(HeadDay::Full).ok_or_else(|| invalid(text));
    }
    let mut spellings = vec![text.to_owned()];
    if let Some(above) = above {
        spellings.extend([format!("{text} {above}"), format!("{above} {text}")]);
    }
    let mut fault = None;
    for spelling in &spellings {
        let spelling = without_brackets(spelling);
        if let Some(day) = read_without_year(&spelling) {
            return Ok(day);
        }
        match cell::read_date_as(Some(&RawCell::new(0, Raw::Text(spelling.as_str().into()))), forms) {
            Ok(Some(DateReading::Month(_)) | None) => {}
            Ok(Some(reading)) => return Ok(HeadDay::Full(reading)),
            Err(problem) => fault = fault.or(Some(problem)),
        }
    }
    if let Raw::Number(_) = raw {
        return Err(Box::new(Problem::error(kinds::NumberNotDate::Plain { text: text.to_owned() })));
    }
    Err(fault.unwrap_or_else(|| invalid(text)))
}

fn invalid(text: &str) -> Box<Problem> {
    Box::new(Problem::error(kinds::InvalidDate { text: text.to_owned() }))
}

/// `12.03.2026 (четврток)` without the weekday.
fn without_brackets(text: &str) -> String {
    match (text.find('('), text.rfind(')')) {
        (Some(open), Some(close)) if open < close => format!("{} {}", &text[..open], &text[close + 1..]),
        _ => text.to_owned(),
    }
}

/// Whether a text is a day, with a year or without.
pub fn names_day(text: &str) -> bool {
    let forms = DateForms { short_years: true, ..DateForms::default() };
    read_head_day(&Raw::Text(text.into()), text, None, forms).is_ok()
}

/// `12.3.`, `12/3`, `12 март`, `March 12`.
fn read_without_year(text: &str) -> Option<HeadDay> {
    let key = fold::code_key(text);
    let key = key.trim().trim_end_matches('.');
    let pieces: Vec<&str> = key
        .split(|c: char| !c.is_alphanumeric())
        .filter(|piece| !piece.is_empty() && !matches!(*piece, "st" | "nd" | "rd" | "th" | "of"))
        .collect();
    let number = |text: &str| text.parse::<i8>().ok().filter(|_| text.len() <= 2);
    let month = |text: &str| vocabulary().months.get(text).copied();
    let one_way = |day, month| Some(HeadDay::WithoutYear { day_first: valid(day, month), month_first: None });
    match pieces.as_slice() {
        [a, b] => match (number(a), number(b), month(a), month(b)) {
            (Some(a), Some(b), ..) => {
                let mark: String = key.chars().filter(|c| !c.is_alphanumeric() && !c.is_whitespace()).collect();
                match mark.as_str() {
                    "." => one_way(a, b),
                    "/" => Some(HeadDay::WithoutYear { day_first: valid(a, b), month_first: valid(b, a) }),
                    _ => None,
                }
            }
            (Some(day), None, _, Some(month)) | (None, Some(day), Some(month), _) => one_way(day, month),
            _ => None,
        },
        _ => None,
    }
}

/// A day and month that some year has.
fn valid(day: i8, month: i8) -> Option<(i8, i8)> {
    Date::new(2000, month, day).ok().map(|_| (day, month))
}

/// Gives headings that have none their year, from left to right.
pub(super) struct YearCounter {
    year: Option<i16>,
    last_month: Option<i8>,
}

impl YearCounter {
    /// `year` is the first heading's.
    pub(super) fn new(year: Option<i16>) -> YearCounter {
        YearCounter { year, last_month: None }
    }

    /// The day that a heading means.
    ///
    /// # Errors
    /// It can't be known; the problem lacks its place.
    pub(super) fn resolve(&mut self, day: &HeadDay, slashes: SlashOrder, text: &str) -> Result<Date, Box<Problem>> {
        match day {
            HeadDay::Full(reading) => {
                let day = slashes.resolve(*reading, text)?;
                self.last_month = Some(day.month());
                if self.year.is_some() {
                    self.year = Some(day.year());
                }
                Ok(day)
            }
            HeadDay::WithoutYear { day_first, month_first } => {
                let Some(year) = self.year else {
                    return Err(Box::new(Problem::error(kinds::HeadingWithoutYear { heading: text.to_owned() })));
                };
                // Any leap year does to settle which of the two is the day.
                let in_year = |day: &Option<(i8, i8)>| day.and_then(|(day, month)| Date::new(2000, month, day).ok());
                let reading = DateReading::Slash { day_first: in_year(day_first), month_first: in_year(month_first) };
                let settled = slashes.resolve(reading, text)?;
                let year = if self.last_month.is_some_and(|last| settled.month() < last) { year + 1 } else { year };
                (self.year, self.last_month) = (Some(year), Some(settled.month()));
                Date::new(year, settled.month(), settled.day()).map_err(|_| invalid(text))
            }
        }
    }
}

/// Lets a day take part in settling how all headings write slashes.
pub(super) fn observe(slashes: &mut SlashOrder, day: &HeadDay) {
    match day {
        HeadDay::Full(reading) => slashes.observe(*reading),
        HeadDay::WithoutYear { day_first, month_first } => {
            let any = |day: &Option<(i8, i8)>| day.and_then(|(day, month)| Date::new(2000, month, day).ok());
            slashes.observe(DateReading::Slash { day_first: any(day_first), month_first: any(month_first) });
        }
    }
}
