//! Which hidden numbers a reader can work out.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::attacker::Attacker;
use super::invented::Invented;
use super::published::{Line, Published, Shown};
use super::solver::{Answer, Terms, sum};

/// What an attack came to.
#[derive(Debug, Default)]
pub struct Attack {
    pub hidden: usize,
    pub recovered: Vec<String>,
    /// Recovered, and would be from totals, earlier reports and what a donor demands alone, when the first reports that give
    /// it away were released.
    pub unavoidable: usize,
    /// Took too long.
    pub unknown: usize,
    /// Numbers of simple axes: shown, and all.
    pub shown: (usize, usize),
}

/// Tries to work out every hidden number.
pub fn attack(invented: &Invented, published: &Published) -> Attack {
    let all = Attacker::new(invented, published, &published.lines);
    let untrue = all.solver.untrue();
    assert!(untrue.is_empty(), "the attacker believes something that isn't true: {untrue:?}");
    let targets = all.hidden_numbers();
    let mut found = Attack { hidden: targets.len(), shown: all.shown_numbers(), ..Attack::default() };
    let mut safe: Vec<bool> = vec![false; targets.len()];
    for at in 0..targets.len() {
        if safe[at] {
            continue;
        }
        let (line, terms) = &targets[at];
        match all.solver.other_than_true(terms) {
            // What one other truth leaves open for this number, it leaves open for all in which it differs.
            Answer::Possible(values) => {
                for (safe, (_, terms)) in safe.iter_mut().zip(&targets) {
                    *safe |= sum(terms, &values) != sum(terms, &all.solver.truth);
                }
                assert!(safe[at], "the solver's answer isn't one");
            }
            Answer::Unknown => found.unknown += 1,
            Answer::Impossible => {
                if follows_from_less(invented, published, line, terms) {
                    found.unavoidable += 1;
                } else {
                    found.recovered.push(format!("{line:?}"));
                }
            }
        }
    }
    found
}

/// Whether a hidden number that all together give away follows, by the day of the first reports that do so, from totals,
/// earlier reports and what a donor demands alone: then those reports couldn't have kept it.
fn follows_from_less(invented: &Invented, published: &Published, line: &Line, terms: &Terms) -> bool {
    let is_given_away = |is_known: &dyn Fn(&Line) -> bool| {
        let known: Vec<Line> = published.lines.iter().filter(|line| is_known(line)).cloned().collect();
        let attacker = Attacker::new(invented, published, &known);
        matches!(attacker.solver.other_than_true(terms), Answer::Impossible)
    };
    let ends: BTreeSet<Date> = published.lines.iter().map(|other| other.end).filter(|end| *end >= line.end).collect();
    let first = ends.iter().copied().find(|end| is_given_away(&|other| other.end <= *end));
    first.is_some_and(|end| {
        is_given_away(&|other| {
            let is_total = other.axis.is_none() || is_open(invented, other);
            other.end < end || other.end == end && is_total
        })
    })
}

/// Whether a line is of an axis that a donor demands, so that it can't be hidden.
fn is_open(invented: &Invented, line: &Line) -> bool {
    let open = line.axis.as_ref().map(|axis| format!(" {axis} = 0"));
    open.is_some_and(|open| invented.limit.contains(&open))
}

/// The same numbers with nothing but small ones hidden.
pub fn naively_hidden(invented: &Invented, published: &Published, limit: i64) -> Vec<Line> {
    let all = Attacker::new(invented, published, &[]);
    let naive = |line: &Line| {
        let is_ratio = all.indicator(&line.indicator).calculation.starts_with("ratio");
        if is_ratio || matches!(line.shown, Shown::Number(_)) {
            return line.clone();
        }
        let value = sum(&all.terms(line), &all.solver.truth);
        let shown = if 0 < value && value < limit { Shown::Below(limit) } else { Shown::Number(value as f64) };
        Line { shown, ..line.clone() }
    };
    published.lines.iter().map(naive).collect()
}
