use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::SectionKey;
use super::expr::{Call, Expr};
use super::prose_file::ProseFile;
use super::schema::{FigureField, HelperKind};
use super::source::{FILLER, ProseSource};
use super::syntax::TemplateNode;
use crate::diagnostic::{Problem, Severity, kinds};
use crate::disclosure::Released;
use crate::indicators::Scope;
use crate::locale::Locale;
use crate::model::{Lang, Logframe, Settings};

/// Numbers that a report prints, with the helper that prints each.
#[derive(Debug, Default)]
pub(super) struct KnownFigures {
    by_value: BTreeMap<Decimal, String>,
}

impl KnownFigures {
    /// The numbers that a report prints in its periods, or in the period of a section's own.
    pub fn collect(
        logframe: &Logframe,
        settings: &Settings,
        key: &SectionKey,
        released: Option<&Released>,
    ) -> KnownFigures {
        let mut known = KnownFigures::default();
        let periods: BTreeSet<&str> = settings
            .reports
            .iter()
            .filter(|settings| settings.name == key.report)
            .flat_map(|report| report.periods.iter().map(String::as_str))
            .filter(|code| key.period.as_deref().is_none_or(|own| own == *code))
            .collect();
        let fields = [
            (FigureField::Actual, Scope::Period),
            (FigureField::Cumulative, Scope::Cumulative),
            (FigureField::Served, Scope::Served),
        ];
        let released = released.into_iter().flat_map(|released| &released.periods);
        for period in released.filter(|period| periods.contains(period.period.code.as_str())) {
            for (field, scope) in fields {
                for (indicator, figure) in logframe.indicators.iter().zip(&period.figures) {
                    if let Some(value) = figure.totals.value(scope).and_then(|amount| amount.single()) {
                        known.add(value, field, &indicator.code);
                    }
                }
            }
        }
        for indicator in &logframe.indicators {
            if let Some(target) = indicator.target.filter(|target| !target.is_zero()) {
                known.add(target, FigureField::Target, &indicator.code);
            }
        }
        for indicator in &logframe.indicators {
            if let Some(baseline) = indicator.baseline.filter(|baseline| !baseline.is_zero()) {
                known.add(baseline, FigureField::Baseline, &indicator.code);
            }
        }
        known
    }

    /// Of several helpers for a number the first is kept.
    fn add(&mut self, value: Decimal, field: FigureField, indicator: &str) {
        let helper = || format!("{{{{{} \"{indicator}\"}}}}", field.code());
        self.by_value.entry(value.normalize()).or_insert_with(helper);
    }
}

/// A number typed into prose: where, as written, and its value where it can be read.
#[derive(Clone, Debug, PartialEq)]
struct TypedNumber {
    at: usize,
    text: String,
    value: Option<Decimal>,
}

/// Reports figures that were typed instead of drawn from the data: in the text, and in what helpers print.
pub(super) fn check_typed_figures(
    prose: &ProseFile,
    lang: &Lang,
    known: &KnownFigures,
    severity: Severity,
) -> Vec<Problem> {
    let Some(locale) = Locale::new(lang) else { return Vec::new() };
    let mut found: Vec<(usize, TypedNumber)> = Vec::new();
    for range in &prose.outline.texts {
        let typed = find_numbers(&prose.masked.text[range.clone()], range.start, &locale);
        found.extend(typed.into_iter().map(|typed| (prose.masked.origin(typed.at), typed)));
    }
    for_each_output_call(&prose.nodes, &mut |call| found.extend(find_in_helper(call, &locale)));
    let problem = |(at, typed): &(usize, TypedNumber)| typed_figure_problem(&prose.source, *at, typed, known, severity);
    found.iter().map(problem).collect()
}

/// Numbers in the forms of a plural, and those given to a helper that only writes them.
fn find_in_helper(call: &Call, locale: &Locale) -> Vec<(usize, TypedNumber)> {
    let mut found = Vec::new();
    let Some(helper) = call.helper() else { return found };
    if helper.kind == HelperKind::Plural {
        for (_, arg) in &call.options {
            if let Expr::Text(text) = &arg.expr {
                found.extend(find_numbers(text, 0, locale).into_iter().map(|typed| (arg.at, typed)));
            }
        }
    }
    if helper.kind.is_formatting() {
        for arg in &call.args {
            if let Expr::Number(number) = &arg.expr {
                found.push((arg.at, TypedNumber { at: arg.at, text: number.to_string(), value: Some(*number) }));
            }
        }
    }
    found
}

fn for_each_output_call(nodes: &[TemplateNode], visit: &mut impl FnMut(&Call)) {
    for node in nodes {
        match node {
            TemplateNode::Output(arg) => {
                if let Expr::Call(call) = &arg.expr {
                    visit(call);
                }
            }
            TemplateNode::Block(block) => {
                for_each_output_call(&block.body, visit);
                for_each_output_call(&block.otherwise, visit);
            }
            TemplateNode::Text(_) | TemplateNode::Partial { .. } => {}
        }
    }
}

fn typed_figure_problem(
    source: &ProseSource,
    at: usize,
    typed: &TypedNumber,
    known: &KnownFigures,
    severity: Severity,
) -> Problem {
    let text = typed.text.clone();
    let kind = match typed.value.and_then(|value| known.by_value.get(&value.normalize())) {
        Some(helper) => kinds::TypedFigure::Known { helper: helper.clone(), text },
        None => kinds::TypedFigure::Plain { literal: format!("{{{{literal \"{text}\"}}}}"), text },
    };
    Problem::new(severity, kind).at(source.place(at))
}

/// Numbers in digits and in words.
fn find_numbers(text: &str, start: usize, locale: &Locale) -> Vec<TypedNumber> {
    let words = split_words(text);
    let mut found: Vec<TypedNumber> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (offset, word) = words[at];
        at += 1;
        if word.chars().any(char::is_numeric) {
            let value = locale.parse_number(word.trim_end_matches(['.', ',']));
            found.push(TypedNumber { at: start + offset, text: word.to_owned(), value });
            continue;
        }
        let Some(mut value) = parse_number_word(word, locale) else { continue };
        let mut end = offset + word.len();
        // "дваесет и три", "twenty-three", "двесте педесет": what follows is part of the same number.
        while let Some((next_at, more)) = next_number_word(&words, at, value, locale) {
            end = words[next_at].0 + words[next_at].1.len();
            value = if value < more { value.saturating_mul(more) } else { value.saturating_add(more) };
            at = next_at + 1;
        }
        found.push(TypedNumber {
            at: start + offset,
            text: text[offset..end].to_owned(),
            value: Some(Decimal::from(value)),
        });
    }
    found
}

/// The number that a word is, hyphens joining tens and ones.
fn parse_number_word(word: &str, locale: &Locale) -> Option<u64> {
    if let Some(value) = locale.parse_number_word(word) {
        return Some(value);
    }
    let parts: Vec<&str> = word.split('-').collect();
    if parts.len() < 2 {
        return None;
    }
    let values: Vec<u64> = parts.iter().filter_map(|part| locale.parse_number_word(part)).collect();
    (!values.is_empty()).then(|| values.iter().fold(0, |sum: u64, value| sum.saturating_add(*value)))
}

fn next_number_word(words: &[(usize, &str)], at: usize, value: u64, locale: &Locale) -> Option<(usize, u64)> {
    let and = locale.find_label("numeral.and").unwrap_or_default();
    let (_, next) = words.get(at)?;
    let (index, word) = if next.to_lowercase() == and { (at + 1, words.get(at + 1)?.1) } else { (at, *next) };
    let more = parse_number_word(word, locale)?;
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

/// Words with their offsets: letters and digits, separators between digits (`84.000`, `2017-04`), hyphens within words.
fn split_words(text: &str) -> Vec<(usize, &str)> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut words = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !is_word_char(chars[at].1) {
            at += 1;
            continue;
        }
        let first = at;
        while at < chars.len() {
            let (before, here, after) = (chars[at.max(1) - 1].1, chars[at].1, chars.get(at + 1).map(|(_, c)| *c));
            let follows = after.is_some_and(is_word_char);
            let joins_digits = before.is_numeric() && after.is_some_and(char::is_numeric);
            let joined = match here {
                c if is_word_char(c) => true,
                '-' | '\u{2011}' => follows,
                '.' | ',' | '/' | ':' | '\u{a0}' | '\u{202f}' => joins_digits,
                ' ' => joins_digits && starts_with_three_digits(&chars[at + 1..]),
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

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() && c != FILLER
}

fn starts_with_three_digits(chars: &[(usize, char)]) -> bool {
    let digits = chars.iter().take_while(|(_, c)| c.is_ascii_digit()).count();
    digits == 3
}
