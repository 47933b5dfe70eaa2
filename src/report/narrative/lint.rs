use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::outline::Outline;
use super::source::{FILLER, Masked, Source};
use super::syntax::{Call, Expr, Node};
use crate::diagnostic::{Problem, Severity};
use crate::locale::Locale;

/// Numbers of a report with the helper that prints each, the most telling first.
#[derive(Debug, Default)]
pub(super) struct KnownFigures {
    by_value: BTreeMap<Decimal, String>,
}

impl KnownFigures {
    /// The first helper given for a number stays.
    pub fn add(&mut self, value: Decimal, helper: String) {
        self.by_value.entry(value.normalize()).or_insert(helper);
    }
}

/// A number typed into prose: where, as written, and its value where it can be read.
#[derive(Clone, Debug, PartialEq)]
struct Typed {
    at: usize,
    text: String,
    value: Option<Decimal>,
}

/// Figures that were typed instead of drawn from the data.
pub(super) fn typed_figures(
    source: &Source,
    masked: &Masked,
    outline: &Outline,
    locale: &Locale,
    known: &KnownFigures,
    severity: Severity,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for range in &outline.texts {
        for typed in find(&masked.text[range.clone()], range.start, locale) {
            let origin = masked.origin(typed.at);
            problems.push(problem(source, origin, &typed, known, severity));
        }
    }
    problems
}

/// The same in what a template's own texts print: forms of a plural, numbers given to a helper that writes them.
pub(super) fn typed_in_helpers(
    source: &Source,
    nodes: &[Node],
    locale: &Locale,
    known: &KnownFigures,
    severity: Severity,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut look = |call: &Call| {
        for (_, arg) in call.options.iter().filter(|_| call.name == "plural") {
            if let Expr::Text(text) = &arg.expr {
                for typed in find(text, 0, locale) {
                    problems.push(problem(source, arg.at, &typed, known, severity));
                }
            }
        }
        for arg in call.args.iter().filter(|_| ["number", "percent", "words"].contains(&call.name.as_str())) {
            if let Expr::Number(number) = &arg.expr {
                let typed = Typed { at: arg.at, text: number.to_string(), value: Some(*number) };
                problems.push(problem(source, arg.at, &typed, known, severity));
            }
        }
    };
    each_output(nodes, &mut look);
    problems
}

fn each_output(nodes: &[Node], look: &mut impl FnMut(&Call)) {
    for node in nodes {
        match node {
            Node::Output(arg) => {
                if let Expr::Call(call) = &arg.expr {
                    look(call);
                }
            }
            Node::Block(block) => {
                each_output(&block.body, look);
                each_output(&block.otherwise, look);
            }
            Node::Text(_) | Node::Partial { .. } => {}
        }
    }
}

fn problem(source: &Source, at: usize, typed: &Typed, known: &KnownFigures, severity: Severity) -> Problem {
    let problem = Problem::new(severity, "typed-figure").at(source.place(at)).with("text", &typed.text);
    let problem = problem.with("literal", format!("{{{{literal \"{}\"}}}}", typed.text));
    match typed.value.and_then(|value| known.by_value.get(&value.normalize())) {
        Some(helper) => problem.variant("known").with("helper", helper),
        None => problem,
    }
}

/// Numbers in digits and in words.
fn find(text: &str, start: usize, locale: &Locale) -> Vec<Typed> {
    let words = words_of(text);
    let mut found: Vec<Typed> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (offset, word) = words[at];
        at += 1;
        if word.chars().any(char::is_numeric) {
            let value = locale.read_number(word.trim_end_matches(['.', ',']));
            found.push(Typed { at: start + offset, text: word.to_owned(), value });
            continue;
        }
        let Some(mut value) = number_of(word, locale) else { continue };
        let mut end = offset + word.len();
        // "дваесет и три", "twenty-three", "двесте педесет": what follows is part of the same number.
        while let Some((next_at, more)) = continuation(&words, at, value, locale) {
            end = words[next_at].0 + words[next_at].1.len();
            value = if value < more { value.saturating_mul(more) } else { value.saturating_add(more) };
            at = next_at + 1;
        }
        found.push(Typed { at: start + offset, text: text[offset..end].to_owned(), value: Some(Decimal::from(value)) });
    }
    found
}

/// The number that a word is, hyphens joining tens and ones.
fn number_of(word: &str, locale: &Locale) -> Option<u64> {
    if let Some(value) = locale.read_word(word) {
        return Some(value);
    }
    let parts: Vec<&str> = word.split('-').collect();
    if parts.len() < 2 {
        return None;
    }
    let values: Vec<u64> = parts.iter().filter_map(|part| locale.read_word(part)).collect();
    (!values.is_empty()).then(|| values.iter().fold(0, |sum: u64, value| sum.saturating_add(*value)))
}

fn continuation(words: &[(usize, &str)], at: usize, value: u64, locale: &Locale) -> Option<(usize, u64)> {
    let and = locale.find_label("numeral.and").unwrap_or_default();
    let (_, next) = words.get(at)?;
    let (index, word) = if next.to_lowercase() == and { (at + 1, words.get(at + 1)?.1) } else { (at, *next) };
    let more = number_of(word, locale)?;
    let joins_smaller = value >= 20 && value.is_multiple_of(10) && more < smallest_step(value);
    let multiplies = index == at && more >= 100 && value < more && value.checked_mul(more).is_some();
    (joins_smaller || multiplies).then_some((index, more))
}

/// 100 for 300, 10 for 20: what may follow is smaller.
fn smallest_step(value: u64) -> u64 {
    let mut step = 10;
    while value.is_multiple_of(step * 10) && step < 1_000_000 {
        step *= 10;
    }
    step
}

/// Words with their offsets: letters and digits, what stands between digits (`84.000`, `2017-04`), hyphens within words.
fn words_of(text: &str) -> Vec<(usize, &str)> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut words = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !is_word(chars[at].1) {
            at += 1;
            continue;
        }
        let first = at;
        while at < chars.len() {
            let (before, here, after) = (chars[at.max(1) - 1].1, chars[at].1, chars.get(at + 1).map(|(_, c)| *c));
            let follows = after.is_some_and(is_word);
            let joins_digits = before.is_numeric() && after.is_some_and(char::is_numeric);
            let joined = match here {
                c if is_word(c) => true,
                '-' | '\u{2011}' => follows,
                '.' | ',' | '/' | ':' | '\u{a0}' | '\u{202f}' => joins_digits,
                ' ' => joins_digits && three_digits(&chars[at + 1..]),
                _ => false,
            };
            if !joined {
                break;
            }
            at += 1;
        }
        let end = chars.get(at).map_or(text.len(), |(offset, _)| *offset);
        words.push((chars[first].0, &text[chars[first].0..end]));
    }
    words
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() && c != FILLER
}

fn three_digits(chars: &[(usize, char)]) -> bool {
    let digits = chars.iter().take_while(|(_, c)| c.is_ascii_digit()).count();
    digits == 3
}
