//! Whole numbers under linear constraints.

use std::time::Duration;

use microlp::{ComparisonOp, Error, OptimizationDirection, Problem, SolveOutcome, Variable};

/// A sum of unknowns, each with a factor.
pub type Terms = Vec<(usize, i64)>;

#[derive(Clone, Default)]
pub struct Solver {
    /// The true value of each unknown, and the most that it can be.
    pub truth: Vec<i64>,
    most: Vec<i64>,
    constraints: Vec<(Terms, i64, i64)>,
}

pub enum Answer {
    /// Values of all unknowns.
    Possible(Vec<i64>),
    Impossible,
    /// The search took too long.
    Unknown,
}

impl Solver {
    /// A new unknown between 0 and `most`.
    pub fn unknown(&mut self, most: i64, truth: i64) -> usize {
        self.truth.push(truth);
        self.most.push(most);
        self.truth.len() - 1
    }

    pub fn between(&mut self, terms: Terms, least: i64, most: i64) {
        self.constraints.push((terms, least, most));
    }

    /// The constraints that the truth breaks.
    pub fn untrue(&self) -> Vec<&(Terms, i64, i64)> {
        let breaks = |(terms, least, most): &&(Terms, i64, i64)| !(*least..=*most).contains(&sum(terms, &self.truth));
        self.constraints.iter().filter(breaks).collect()
    }

    /// Values under which a sum is anything but its true value.
    pub fn other_than_true(&self, terms: &Terms) -> Answer {
        let value = sum(terms, &self.truth);
        let mut answer = Answer::Impossible;
        for (least, most) in [(value + 1, i64::MAX), (i64::MIN, value - 1)] {
            match self.solve(terms, least, most) {
                Answer::Possible(values) => return Answer::Possible(values),
                Answer::Unknown => answer = Answer::Unknown,
                Answer::Impossible => {}
            }
        }
        answer
    }

    fn solve(&self, terms: &Terms, least: i64, most: i64) -> Answer {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        problem.set_time_limit(Duration::from_secs(20));
        let unknowns: Vec<Variable> =
            self.most.iter().map(|most| problem.add_integer_var(0.0, (0, *most as i32))).collect();
        let asked = (terms.clone(), least, most);
        for (terms, least, most) in self.constraints.iter().chain([&asked]) {
            let left: Vec<(Variable, f64)> =
                together(terms).map(|(at, factor)| (unknowns[at], factor as f64)).collect();
            if least == most {
                problem.add_constraint(&left, ComparisonOp::Eq, *least as f64);
                continue;
            }
            if *least > i64::MIN {
                problem.add_constraint(&left, ComparisonOp::Ge, *least as f64);
            }
            if *most < i64::MAX {
                problem.add_constraint(&left, ComparisonOp::Le, *most as f64);
            }
        }
        match problem.solve().map(SolveOutcome::into_solution) {
            Ok(Ok(solution)) => {
                Answer::Possible(unknowns.iter().map(|unknown| solution.var_value(*unknown).round() as i64).collect())
            }
            Err(Error::Infeasible) => Answer::Impossible,
            Ok(Err(_)) | Err(_) => Answer::Unknown,
        }
    }
}

/// Each unknown once.
fn together(terms: &Terms) -> impl Iterator<Item = (usize, i64)> {
    let mut sums = std::collections::BTreeMap::new();
    terms.iter().for_each(|(at, factor)| *sums.entry(*at).or_insert(0) += factor);
    sums.into_iter().filter(|(_, factor)| *factor != 0)
}

pub fn sum(terms: &Terms, values: &[i64]) -> i64 {
    terms.iter().map(|(at, factor)| factor * values[*at]).sum()
}
