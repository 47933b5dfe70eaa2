//! What is wrong with a line that isn't TOML, in words of who wrote it: the parser says what it expected, an officer wants
//! to know what to write.

use std::ops::Range;

use jiff::civil::Date;

use crate::diagnostic::ProblemKind;
use crate::diagnostic::kinds::ProjectSyntax;

/// Quotation marks of word processors and other languages.
const TYPOGRAPHIC_MARKS: [char; 9] = ['“', '”', '„', '‟', '«', '»', '‘', '’', '‚'];

/// Keys whose value is a list of texts.
const LISTS: [&str; 8] =
    ["languages", "periods", "donors", "indicators", "key_figures", "formats", "files", "activity_countries"];

/// What is written for true and false by those who don't know the words.
const TRUE_WORDS: [&str; 6] = ["yes", "on", "true", "да", "точно", "вклучено"];
const FALSE_WORDS: [&str; 6] = ["no", "off", "false", "не", "неточно", "исклучено"];

/// What is wrong at some bytes of the file, by the line that they are in; `message` is what the parser says.
pub fn syntax_fault(source: &str, span: &Range<usize>, message: &str) -> ProblemKind {
    let detail = message.lines().next().unwrap_or_default();
    let (number, line) = line_at(source, span.start);
    let own = |kind: ProjectSyntax| kind.into();
    if detail.contains("duplicate key") {
        let (key, first) = (source.get(span.clone()).unwrap_or_default().trim(), span.start);
        if let Some(other) = first_line_of(source, key, first) {
            return own(ProjectSyntax::Twice { key: key.to_owned(), other: other.to_string() });
        }
    }
    let code = without_comment(line);
    let Some((key, value)) = code.split_once('=') else {
        return own(if code.trim_start().starts_with('[') {
            ProjectSyntax::Head { line: code.trim().to_owned() }
        } else if code.trim().is_empty() || number == 0 {
            ProjectSyntax::Plain { detail: detail.to_owned() }
        } else {
            ProjectSyntax::NoEquals { line: code.trim().to_owned() }
        });
    };
    let (key, value) = (key.trim(), value.trim());
    if let Some(right) = straightened(code) {
        return own(ProjectSyntax::Quotes { right });
    }
    if let Some((written, day)) = find_date(value) {
        let key = key.to_owned();
        return own(match day {
            Some(day) => ProjectSyntax::Date { key, written, right: day.to_string() },
            None => ProjectSyntax::NoSuchDay { key, written },
        });
    }
    if let Some(right) = truth(value) {
        return own(ProjectSyntax::Boolean { key: key.to_owned(), value: value.to_owned(), right: right.to_owned() });
    }
    if let Some(right) = decimal(value) {
        return own(ProjectSyntax::Number { key: key.to_owned(), value: value.to_owned(), right });
    }
    if value.is_empty() {
        return own(ProjectSyntax::NoValue { key: key.to_owned() });
    }
    if detail.contains("unquoted key") {
        let rest = source.get(span.start..).unwrap_or_default();
        let name = rest.split(['=', '\n']).next().unwrap_or_default().trim();
        return own(ProjectSyntax::Key { key: name.to_owned() });
    }
    if !is_bare_key(key) && !key.contains(['"', '\'', '.']) {
        return own(ProjectSyntax::Key { key: key.to_owned() });
    }
    if LISTS.contains(&key) && !value.contains(['"', '[']) {
        let texts: Vec<String> = value.split([',', ';']).map(|text| format!("\"{}\"", text.trim())).collect();
        return own(ProjectSyntax::List { key: key.to_owned(), right: texts.join(", ") });
    }
    if value.starts_with(char::is_alphabetic) && !value.contains('"') {
        return own(ProjectSyntax::Text { key: key.to_owned(), value: value.to_owned() });
    }
    if value.matches('"').count() % 2 == 1 {
        return own(ProjectSyntax::OpenQuote { line: code.trim().to_owned() });
    }
    if [('[', ']'), ('{', '}')]
        .iter()
        .any(|(open, close)| value.matches(*open).count() != value.matches(*close).count())
    {
        return own(ProjectSyntax::OpenBracket { line: code.trim().to_owned() });
    }
    own(ProjectSyntax::Plain { detail: detail.to_owned() })
}

/// The line with straight quotation marks in place of a word processor's; `None` if it has none outside of straight ones.
fn straightened(code: &str) -> Option<String> {
    let mut is_quoted = false;
    let straight = |c: char| {
        is_quoted ^= c == '"';
        if !is_quoted && TYPOGRAPHIC_MARKS.contains(&c) { '"' } else { c }
    };
    let right: String = code.trim().chars().map(straight).collect();
    (right != code.trim()).then_some(right)
}

/// The line that a byte is in, and its number from 0.
fn line_at(source: &str, at: usize) -> (usize, &str) {
    let before = source.get(..at).unwrap_or(source);
    // The parser may point at the line break itself, or behind the last line.
    let number = before.matches('\n').count();
    let line = source.lines().nth(number).or_else(|| source.lines().last()).unwrap_or_default();
    (number + 1, line)
}

/// The line on which a key of the same table is first written, from 1.
fn first_line_of(source: &str, key: &str, at: usize) -> Option<usize> {
    let before = source.get(..at)?;
    let is_it = |line: &str| {
        let code = without_comment(line).trim();
        let name = code.trim_start_matches('[').trim_end_matches(']').trim();
        code.split_once('=').is_some_and(|(known, _)| known.trim() == key)
            || code.starts_with('[') && (name == key || name.rsplit('.').next() == Some(key))
    };
    let lines: Vec<&str> = before.lines().collect();
    let own = lines.len() - usize::from(!before.ends_with('\n'));
    // The nearest before it: names repeat in other tables.
    (0..own).rev().find(|at| is_it(lines[*at])).map(|at| at + 1)
}

/// A line without what follows a `#` outside of quotation marks.
fn without_comment(line: &str) -> &str {
    let mut is_quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            '#' if !is_quoted => return &line[..at],
            _ => {}
        }
    }
    line
}

fn is_bare_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// The first thing in a value that is written as a day, and the day: `01.04.2025`, `1/4/2025`, `2025.04.01`, `2025-13-01`.
pub fn find_date(value: &str) -> Option<(String, Option<Date>)> {
    let separators = ['.', '/', '-'];
    let ends = [' ', ',', '}', ']', '{', '[', '='];
    value.split(ends).filter(|token| !token.contains('"')).find_map(|token| {
        let token = token.trim_end_matches('.');
        let parts: Vec<&str> = token.split(separators).collect();
        let [first, second, third] = parts.as_slice() else { return None };
        let numbers: Vec<i16> = parts.iter().filter_map(|part| part.parse().ok()).collect();
        let (year, month, day) = match (numbers.as_slice(), first.len(), second.len(), third.len()) {
            ([day, month, year], 1..=2, 1..=2, 4) => (*year, *month, *day),
            ([year, month, day], 4, 1..=2, 1..=2) => (*year, *month, *day),
            _ => return None,
        };
        let date = |month: i16, day: i16| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
        Some((token.to_owned(), date(month, day)))
    })
}

fn truth(value: &str) -> Option<&'static str> {
    let word = value.to_lowercase();
    if TRUE_WORDS.contains(&word.as_str()) {
        Some("true")
    } else {
        FALSE_WORDS.contains(&word.as_str()).then_some("false")
    }
}

/// A number with a comma before its decimals or a percent sign behind it, as it is to be written.
fn decimal(value: &str) -> Option<String> {
    let (number, is_percent) = value.strip_suffix('%').map_or((value, false), |number| (number.trim(), true));
    let plain = number.replace(',', ".");
    let parsed: rust_decimal::Decimal = plain.parse().ok()?;
    if is_percent {
        return Some((parsed / rust_decimal::Decimal::ONE_HUNDRED).normalize().to_string());
    }
    number.contains(',').then_some(plain)
}
