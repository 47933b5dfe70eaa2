use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::SectionKey;
use super::expr::{Call, Expr};
use super::helpers::{FigureField, HelperKind};
use super::prose_file::ProseFile;
use super::source::FILLER;
use super::syntax::TemplateNode;
use crate::diagnostic::{Problem, Severity, kinds};
use crate::disclosure::Released;
use crate::indicators::Scope;
use crate::locale::Locale;
use crate::model::{Lang, Logframe, Settings};

/// Letters of the shortest word that says what is counted.
const SHORTEST_WORD: usize = 4;
/// How many words behind a number are looked at for what is counted.
const FOLLOWING_WORDS: usize = 2;

/// Numbers that a report prints, with what prints each.
#[derive(Debug)]
pub(super) struct KnownFigures {
    by_value: BTreeMap<Decimal, Vec<KnownFigure>>,
    /// Codes of indicators, which may look like numbers.
    codes: Vec<String>,
}

/// A figure that a report prints.
#[derive(Debug)]
struct KnownFigure {
    /// `{{actual "I14"}}`
    helper: String,
    indicator: usize,
    /// The indicator's title.
    title: String,
    /// Words of the indicator's unit and title, in small letters.
    unit: Vec<String>,
    title_words: Vec<String>,
}

impl KnownFigures {
    /// No numbers: of prose that many reports share.
    pub fn none(logframe: &Logframe) -> KnownFigures {
        let codes = logframe.indicators.iter().map(|indicator| indicator.code.clone()).collect();
        KnownFigures { by_value: BTreeMap::new(), codes }
    }

    /// The numbers that a report prints in its periods, or in the period of a section's own.
    pub fn collect(
        logframe: &Logframe,
        settings: &Settings,
        key: &SectionKey,
        released: Option<&Released>,
    ) -> KnownFigures {
        let mut known = KnownFigures::none(logframe);
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
                for (at, figure) in period.figures.iter().enumerate().take(logframe.indicators.len()) {
                    if let Some(value) = figure.totals.value(scope).and_then(|amount| amount.single()) {
                        known.add(value, field, logframe, at, &key.lang);
                    }
                }
            }
        }
        for (at, indicator) in logframe.indicators.iter().enumerate() {
            for (field, value) in [(FigureField::Target, indicator.target), (FigureField::Baseline, indicator.baseline)]
            {
                if let Some(value) = value.filter(|value| !value.is_zero()) {
                    known.add(value, field, logframe, at, &key.lang);
                }
            }
        }
        known
    }

    /// Of several helpers for a number of an indicator the first is kept.
    fn add(&mut self, value: Decimal, field: FigureField, logframe: &Logframe, at: usize, lang: &Lang) {
        let indicator = &logframe.indicators[at];
        let figures = self.by_value.entry(value.normalize()).or_default();
        if figures.iter().any(|figure| figure.indicator == at) {
            return;
        }
        let title = indicator.title.get(lang).unwrap_or(&indicator.code).to_owned();
        figures.push(KnownFigure {
            helper: format!("{{{{{} \"{}\"}}}}", field.code(), indicator.code),
            indicator: at,
            unit: small_words(indicator.unit.get(lang).unwrap_or_default()),
            title_words: small_words(&title),
            title,
        });
    }

    /// The figure that a typed number is: the only one of this value whose unit or title has one of the words that
    /// follow. Another might be another thing of the same number.
    fn find(&self, value: Decimal, following: &[&str]) -> Option<&KnownFigure> {
        let figures = self.by_value.get(&value.normalize())?;
        let following: Vec<String> = following.iter().map(|word| word.to_lowercase()).collect();
        let is_about = |figure: &&KnownFigure| {
            following
                .iter()
                .any(|word| figure.unit.iter().any(|unit| is_form_of(unit, word)) || figure.title_words.contains(word))
        };
        let mut about = figures.iter().filter(is_about);
        about.next().filter(|_| about.next().is_none())
    }
}

/// Words of four letters and more: shorter ones say little of what is counted.
fn small_words(text: &str) -> Vec<String> {
    let words = split_words(text).into_iter().map(|(_, word)| word.to_lowercase());
    words.filter(|word| word.chars().count() >= SHORTEST_WORD).collect()
}

/// Whether two words are forms of one: `activity`, `activities`; `лице`, `лицата`.
fn is_form_of(known: &str, word: &str) -> bool {
    if known.is_ascii() {
        return singular(known) == singular(word);
    }
    let same = known.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
    same + 1 >= SHORTEST_WORD && same + 2 >= known.chars().count().max(word.chars().count())
}

fn singular(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.trim_end_matches('s').to_owned(),
    }
}

/// The first words of a text up to the end of its clause.
fn following_words(text: &str) -> Vec<&str> {
    let ends_clause = |c: char| ".,;:!?()[]|\"“”„".contains(c) || c == FILLER;
    let clause = text.split(ends_clause).next().unwrap_or_default();
    let clause = clause.split("\n\n").next().unwrap_or_default();
    split_words(clause).into_iter().map(|(_, word)| word).take(FOLLOWING_WORDS).collect()
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
    let mut problems = Vec::new();
    for range in &prose.outline.texts {
        for typed in find_numbers(&prose.masked.text[range.clone()], range.start, &locale) {
            let following = following_words(&prose.masked.text[typed.at + typed.text.len()..]);
            let place = prose.source.place(prose.masked.origin(typed.at));
            problems.push(Problem::new(severity, typed_figure(&typed, &following, known)).at(place));
        }
    }
    for_each_output_call(&prose.nodes, &mut |call| {
        for (at, typed, following) in find_in_helper(call, &known.codes, &locale) {
            problems.push(Problem::new(severity, typed_figure(&typed, &following, known)).at(prose.source.place(at)));
        }
    });
    problems
}

/// Numbers in the forms of a plural, and those given to a helper that only writes them: where, which, and the words that
/// follow.
fn find_in_helper<'c>(call: &'c Call, codes: &[String], locale: &Locale) -> Vec<(usize, TypedNumber, Vec<&'c str>)> {
    let mut found = Vec::new();
    let Some(helper) = call.helper() else { return found };
    if helper.kind == HelperKind::Plural {
        for (_, arg) in &call.options {
            if let Expr::Text(text) = &arg.expr {
                let typed = find_numbers(text, 0, locale).into_iter();
                found.extend(typed.map(|typed| {
                    let following = following_words(&text[typed.at + typed.text.len()..]);
                    (arg.at, typed, following)
                }));
            }
        }
    }
    if helper.kind.is_formatting() {
        for arg in &call.args {
            let typed = match &arg.expr {
                Expr::Number(number) => Some((number.to_string(), *number)),
                Expr::Text(text) if !codes.contains(text) => {
                    text.trim().parse().ok().map(|number| (text.clone(), number))
                }
                _ => None,
            };
            let typed = typed.map(|(text, value)| TypedNumber { at: arg.at, text, value: Some(value) });
            found.extend(typed.map(|typed| (arg.at, typed, Vec::new())));
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

fn typed_figure(typed: &TypedNumber, following: &[&str], known: &KnownFigures) -> kinds::TypedFigure {
    let text = typed.text.clone();
    let literal = format!("{{{{literal \"{text}\"}}}}");
    match typed.value.and_then(|value| known.find(value, following)) {
        Some(figure) => {
            let (helper, title) = (figure.helper.clone(), figure.title.clone());
            kinds::TypedFigure::Known { helper, title, literal, text }
        }
        None => kinds::TypedFigure::Plain { literal, text },
    }
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
