//! Which hidden numbers a reader can work out.

use super::attacker::Attacker;
use super::invented::Invented;
use super::published::{Line, Published, Shown};
use super::solver::{Answer, sum};

/// What an attack came to.
#[derive(Debug, Default)]
pub struct Attack {
    pub hidden: usize,
    pub recovered: Vec<String>,
    /// Recovered, and would be from totals, earlier reports and what a donor demands alone.
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
                let earlier: Vec<Line> = published
                    .lines
                    .iter()
                    .filter(|other| other.axis.is_none() || other.end < line.end || is_open(invented, other))
                    .cloned()
                    .collect();
                let earlier = Attacker::new(invented, published, &earlier);
                match earlier.solver.other_than_true(terms) {
                    Answer::Impossible => found.unavoidable += 1,
                    _ => found.recovered.push(format!("{line:?}")),
                }
            }
        }
    }
    found
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
