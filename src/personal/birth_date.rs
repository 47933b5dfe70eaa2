//! Days written with their year, as participants' dates of birth are.

use std::collections::BTreeMap;

use super::words_near_numbers::number_words;

/// Years that anybody can have been born in.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2100;

/// Year, month and day.
pub(super) type Day = (u32, u32, u32);

enum Token<'t> {
    /// A number, and whether it has four digits.
    Number(u32, bool),
    Word(&'t str),
}

/// Days in a text: `12.03.1985`, `1985-03-12`, `12 March 1985`. `months` gives the number of a month by its name, as
/// [`crate::fold::code_key`] writes it. `03/04/1985` is both of the days that it can be.
pub(super) fn find_days(text: &str, months: &BTreeMap<String, i8>) -> Vec<Day> {
    let tokens = tokens(text);
    let mut days = Vec::new();
    for window in tokens.windows(3) {
        let month = |word: &str| months.get(&crate::fold::code_key(word)).map(|month| *month as u32);
        match window {
            [Token::Number(day, false), Token::Number(month, false), Token::Number(year, true)] => {
                days.extend([(*year, *month, *day), (*year, *day, *month)]);
            }
            [Token::Number(year, true), Token::Number(month, false), Token::Number(day, false)] => {
                days.push((*year, *month, *day));
            }
            [Token::Number(day, false), Token::Word(word), Token::Number(year, true)]
            | [Token::Word(word), Token::Number(day, false), Token::Number(year, true)] => {
                days.extend(month(word).map(|month| (*year, month, *day)));
            }
            _ => {}
        }
    }
    days.retain(|(year, month, day)| YEARS.contains(year) && (1..=12).contains(month) && (1..=31).contains(day));
    days.dedup();
    days
}

/// Numbers of up to four digits and words; an ordinal's ending (`12th`, `12-ти`) is none.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let fillers = &number_words().dates.fillers;
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        rest = &rest[start..];
        let is_number = rest.starts_with(|c: char| c.is_ascii_digit());
        let is_same = |c: char| if is_number { c.is_ascii_digit() } else { c.is_alphabetic() };
        let end = rest.find(|c: char| !is_same(c)).unwrap_or(rest.len());
        // Digits of another script are neither.
        let end = if end == 0 { rest.chars().next().map_or(rest.len(), char::len_utf8) } else { end };
        let token = &rest[..end];
        rest = &rest[end..];
        if !is_number {
            if fillers.iter().all(|filler| filler != token) {
                tokens.push(Token::Word(token));
            }
        } else {
            // A longer number is no part of a date, and parts what is around it.
            let number = token.parse().ok().filter(|_| token.len() <= 4);
            tokens.push(number.map_or(Token::Word(""), |number| Token::Number(number, token.len() == 4)));
        }
    }
    tokens
}
