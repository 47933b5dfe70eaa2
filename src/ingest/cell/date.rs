use jiff::civil::Date;

use super::Read;
use super::number::plain_number;
use super::text::{clean, is_placeholder, unreadable};
use crate::diagnostic::Problem;
use crate::ingest::fold;
use crate::ingest::layout::vocabulary;
use crate::ingest::raw::{Raw, RawCell};

/// What a date cell says, before its column is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    Day(Date),
    /// A month without a day (`2017-09`, `септември 2017`), by its first day.
    Month(Date),
    /// Written with slashes or hyphens: the day meant if the day comes first, and if the month does. At least one is there.
    Slash {
        day_first: Option<Date>,
        month_first: Option<Date>,
    },
}

/// How a column writes its slashed dates. Filled in a first pass over the column, asked in a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlashColumn {
    day_first: bool,
    month_first: bool,
}

impl SlashColumn {
    /// A date that reads one way only settles the others of its column.
    pub fn observe(&mut self, reading: Reading) {
        match reading {
            Reading::Slash { day_first: Some(_), month_first: None } => self.day_first = true,
            Reading::Slash { day_first: None, month_first: Some(_) } => self.month_first = true,
            _ => {}
        }
    }

    /// The day meant. A month is its first day. `shown` is the cell's text, for the problem.
    pub fn settle(&self, reading: Reading, shown: &str) -> Result<Date, Box<Problem>> {
        match reading {
            Reading::Day(day) | Reading::Month(day) => Ok(day),
            Reading::Slash { day_first: Some(day), month_first: None }
            | Reading::Slash { day_first: None, month_first: Some(day) } => Ok(day),
            Reading::Slash { day_first: Some(a), month_first: Some(b) } => match (self.day_first, self.month_first) {
                _ if a == b => Ok(a),
                (true, false) => Ok(a),
                (false, true) => Ok(b),
                _ => Err(Box::new(
                    Problem::error("ambiguous-date")
                        .with("text", shown)
                        .with("day_first", a.to_string())
                        .with("month_first", b.to_string()),
                )),
            },
            Reading::Slash { day_first: None, month_first: None } => Err(fault("invalid-date", shown)),
        }
    }
}

/// Reads a date cell: a real date (its time of day aside), or a text in one of the contract's forms.
pub fn read_date(cell: Option<&RawCell<'_>>) -> Read<Reading> {
    let Some(cell) = cell else { return Ok(None) };
    match &cell.raw {
        Raw::Date { day: Some(day), serial } if *serial >= 1.0 => Ok(Some(Reading::Day(*day))),
        Raw::Date { serial, .. } => Err(fault("invalid-date", &plain_number(*serial))),
        Raw::Number(number) => Err(fault("number-not-date", &plain_number(*number))),
        Raw::Bool(yes) => Err(fault("invalid-date", if *yes { "TRUE" } else { "FALSE" })),
        Raw::Text(text) => written(&clean(text)),
        Raw::Error(_) | Raw::FormulaWithoutValue | Raw::TooLong(_) => Err(unreadable(&cell.raw)),
    }
}

fn written(text: &str) -> Read<Reading> {
    let shown = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if shown.is_empty() || is_placeholder(&shown) {
        return Ok(None);
    }
    let folded = fold::code_key(&shown);
    let body = without_time(without_year_mark(&folded));
    let tokens = tokens(body);
    let reading = match tokens.as_slice() {
        [Token::Number(a), Token::Mark(m1), Token::Number(b), Token::Mark(m2), Token::Number(c)] if m1 == m2 => {
            numeric(a, b, c, *m1)
        }
        [Token::Number(year), Token::Mark('-'), Token::Number(month)] if year.len() == 4 && month.len() <= 2 => {
            month_of(year, month)
        }
        [Token::Number(month), Token::Mark('.' | '/'), Token::Number(year)] if year.len() == 4 && month.len() <= 2 => {
            month_of(year, month)
        }
        [Token::Number(all)] if all.len() == 8 && !text.contains(' ') => compact(all),
        [Token::Number(all)] => {
            let code = if all.len() > 2 { "number-not-date" } else { "invalid-date" };
            return Err(fault(code, &shown));
        }
        _ => named(&tokens),
    };
    match reading {
        Ok(reading) => Ok(Some(reading)),
        Err(code) => Err(fault(code, &shown)),
    }
}

enum Token<'a> {
    Number(&'a str),
    Word(&'a str),
    /// `.`, `/` or `-`; spaces around it are gone.
    Mark(char),
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        if c.is_ascii_digit() {
            let (number, after) = rest.split_at(end(|c| c.is_ascii_digit()));
            tokens.push(Token::Number(number));
            rest = after;
        } else if c.is_alphabetic() {
            let (word, after) = rest.split_at(end(char::is_alphabetic));
            tokens.push(Token::Word(word));
            rest = after;
        } else {
            if !c.is_whitespace() {
                tokens.push(Token::Mark(c));
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    tokens
}

/// `31.12.2016 г.` without its last word.
fn without_year_mark(text: &str) -> &str {
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

/// A date followed by a time of day: the date.
fn without_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else { return text };
    let before = text[..colon].trim_end_matches(|c: char| c.is_ascii_digit());
    before.strip_suffix('t').unwrap_or(before).trim_end().trim_end_matches(',')
}

fn numeric(a: &str, b: &str, c: &str, mark: char) -> Result<Reading, &'static str> {
    if a.len() == 4 {
        return day(c, b, a).map(Reading::Day);
    }
    if c.len() != 4 {
        return Err(if c.len() == 2 { "two-digit-year" } else { "invalid-date" });
    }
    match mark {
        '.' => day(a, b, c).map(Reading::Day),
        '/' | '-' => {
            let (day_first, month_first) = (day(a, b, c).ok(), day(b, a, c).ok());
            match (day_first, month_first) {
                (None, None) => Err("invalid-date"),
                _ => Ok(Reading::Slash { day_first, month_first }),
            }
        }
        _ => Err("invalid-date"),
    }
}

/// `20170331`, as some databases write it.
fn compact(all: &str) -> Result<Reading, &'static str> {
    let read = day(&all[6..], &all[4..6], &all[..4]).map_err(|_| "number-not-date")?;
    if (1900..=2100).contains(&read.year()) { Ok(Reading::Day(read)) } else { Err("number-not-date") }
}

/// `31 декември 2016`, `31st December 2016`, `December 31, 2016`, `31-Dec-2016`, `септември 2017`.
fn named(tokens: &[Token<'_>]) -> Result<Reading, &'static str> {
    let mut numbers = Vec::new();
    let mut month = None;
    for token in tokens {
        match token {
            Token::Number(number) => numbers.push(*number),
            Token::Mark('.' | ',' | '-' | '/') => {}
            Token::Word("st" | "nd" | "rd" | "th" | "of") => {}
            Token::Word(word) => match vocabulary().months.get(*word) {
                Some(number) if month.is_none() => month = Some(*number),
                _ => return Err("invalid-date"),
            },
            Token::Mark(_) => return Err("invalid-date"),
        }
    }
    let month = month.ok_or("invalid-date")?.to_string();
    match numbers.as_slice() {
        [year] if year.len() == 4 => month_of(year, &month),
        [a, year] if year.len() == 4 => day(a, &month, year).map(Reading::Day),
        [year, b] if year.len() == 4 => day(b, &month, year).map(Reading::Day),
        [_] | [_, _] => Err("two-digit-year"),
        _ => Err("invalid-date"),
    }
}

fn month_of(year: &str, month: &str) -> Result<Reading, &'static str> {
    day("1", month, year).map(Reading::Month)
}

fn day(day: &str, month: &str, year: &str) -> Result<Date, &'static str> {
    if day.len() > 2 || month.len() > 2 || year.len() != 4 {
        return Err("invalid-date");
    }
    let parsed = (day.parse(), month.parse(), year.parse());
    let (Ok(day), Ok(month), Ok(year)) = parsed else { return Err("invalid-date") };
    Date::new(year, month, day).map_err(|_| "invalid-date")
}

fn fault(code: &'static str, shown: &str) -> Box<Problem> {
    Box::new(Problem::error(code).with("text", shown))
}
