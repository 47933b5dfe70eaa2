//! The audit of a suppressed number: whether it can be derived from what is published.
//!
//! It can't if there is an *alternative*: the same attendances of the same persons, some of whom have other values of
//! attributes, such that everything shown stays as it is and the suppressed number doesn't. Since an alternative is a whole
//! set of data, it agrees with whatever a reader knows of rows, other indicators, periods and scopes. The search changes one
//! person and repairs every number that no longer agrees, one after the other: by changing another person, or, at a cost, by
//! suppressing one more number that the period in hand would show. The cheapest way is taken; where none is found within a
//! bounded search, the number counts as derivable.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::attribute_moves::{Moves, PersonChanges};
use super::cells::{CellState, Cells};

/// How many candidates a search looks at before the number counts as derivable.
const MAX_CANDIDATES: usize = 160;
/// How many ways to go on from a candidate are followed.
const MAX_BRANCHES: usize = 10;
/// How many first moves are tried.
const MAX_SEEDS: usize = 30;
/// How many persons an alternative may change.
const MAX_CHANGES: usize = 10;
/// The estimated cost of repairing a number that can't be suppressed.
const REPAIR_COST: u64 = 3_000_000;

/// Another set of data that agrees with everything shown.
#[derive(Clone, Debug)]
pub(super) struct Alternative {
    pub changes: Vec<PersonChanges>,
    /// By how much numbers differ from the truth, in order of cells.
    pub delta: Vec<(usize, i64)>,
}

impl Alternative {
    /// By how much a cell differs from the truth.
    pub fn change_of(&self, cell: usize) -> i64 {
        self.delta.binary_search_by_key(&cell, |(cell, _)| *cell).map_or(0, |at| self.delta[at].1)
    }
}

/// The cells that have to be suppressed besides, and the alternative that this allows.
pub(super) struct Protection {
    pub hidden: Vec<usize>,
    pub alternative: Alternative,
}

/// An alternative under construction.
#[derive(Clone, Debug, Default)]
struct Candidate {
    cost: u64,
    changes: Vec<PersonChanges>,
    delta: Vec<(usize, i64)>,
    /// Cells suppressed at a cost.
    hidden: BTreeSet<usize>,
}

/// A number that isn't as it is shown.
struct Violation {
    cell: usize,
    /// In which direction it must change.
    by: i64,
    /// What suppressing it costs, where that is possible and helps.
    cost: Option<u64>,
}

/// The cheapest way to keep `cell` from being derived. `start` may be an alternative that later numbers contradict.
pub(super) fn find_protection(
    cells: &Cells,
    moves: &Moves,
    cell: usize,
    start: Option<&Alternative>,
) -> Option<Protection> {
    let mut search =
        Search { cells, moves, target: cell, open: BinaryHeap::new(), candidates: Vec::new(), seen: BTreeSet::new() };
    if let Some(start) = start {
        search.push(Candidate { changes: start.changes.clone(), delta: start.delta.clone(), ..Candidate::default() });
    }
    let first: Vec<usize> = [-1, 1].iter().flat_map(|by| moves.changing(cell, *by)).copied().collect();
    search.branch(&Candidate::default(), &first, MAX_SEEDS);
    search.run()
}

/// Whether an alternative agrees with everything shown.
pub(super) fn is_consistent(cells: &Cells, alternative: &Alternative) -> bool {
    alternative.delta.iter().all(|&(cell, by)| violation(cells, cell, by, false).is_none())
}

/// The changes of a candidate, and the cells that it suppresses.
type SeenCandidate = (Vec<PersonChanges>, Vec<usize>);

struct Search<'a, 'b> {
    cells: &'a Cells<'b>,
    moves: &'a Moves,
    target: usize,
    open: BinaryHeap<Reverse<(u64, usize, usize)>>,
    candidates: Vec<Option<Candidate>>,
    /// Changes and suppressed cells of all candidates so far.
    seen: BTreeSet<SeenCandidate>,
}

impl Search<'_, '_> {
    fn run(mut self) -> Option<Protection> {
        let mut looked_at = 0;
        while let Some(Reverse((_, _, at))) = self.open.pop() {
            let Some(candidate) = self.candidates[at].take() else { continue };
            let violations = self.violations(&candidate);
            if violations.is_empty() {
                if candidate.delta.binary_search_by_key(&self.target, |(cell, _)| *cell).is_ok() {
                    let Candidate { changes, delta, hidden, .. } = candidate;
                    let alternative = Alternative { changes, delta };
                    return Some(Protection { hidden: hidden.into_iter().collect(), alternative });
                }
                continue;
            }
            looked_at += 1;
            if looked_at > MAX_CANDIDATES {
                return None;
            }
            self.expand(&candidate, &violations);
        }
        None
    }

    fn expand(&mut self, candidate: &Candidate, violations: &[Violation]) {
        let suppressing = |suppressed: &mut dyn Iterator<Item = &Violation>| {
            let mut next = candidate.clone();
            for violation in suppressed {
                next.cost += violation.cost.unwrap_or_default();
                next.hidden.insert(violation.cell);
            }
            next
        };
        if violations.iter().any(|violation| violation.cost.is_some()) {
            let mut all = violations.iter().filter(|violation| violation.cost.is_some());
            let next = suppressing(&mut all);
            self.push(next);
        }
        // What can't be suppressed must be repaired; else the dearest.
        let dearest = violations.iter().max_by_key(|violation| violation.cost.unwrap_or(u64::MAX));
        let Some(violation) = dearest else { return };
        if violation.cost.is_some() && violations.len() > 1 {
            let next = suppressing(&mut std::iter::once(violation));
            self.push(next);
        }
        if candidate.changes.len() < MAX_CHANGES {
            self.branch(candidate, self.moves.changing(violation.cell, violation.by), MAX_BRANCHES);
        }
    }

    /// Follows the most promising of some moves from a candidate.
    fn branch(&mut self, candidate: &Candidate, moves: &[usize], width: usize) {
        let is_free = |at: &usize| !candidate.changes.iter().any(|(person, _)| *person == self.moves.all[*at].person);
        let mut ranked: Vec<(u64, usize)> = moves
            .iter()
            .copied()
            .filter(is_free)
            .map(|at| (self.estimate(candidate, &self.moves.all[at].delta), at))
            .collect();
        ranked.sort_unstable();
        let mut different: BTreeSet<Vec<(usize, i64)>> = BTreeSet::new();
        for (_, at) in ranked {
            if different.len() == width {
                break;
            }
            let made = &self.moves.all[at];
            let mut next = candidate.clone();
            next.changes.push((made.person, made.changes.clone()));
            next.changes.sort_unstable();
            next.delta = add(&candidate.delta, &made.delta);
            // Persons who are alike in what is shown lead to the same.
            if different.insert(next.delta.clone()) {
                self.push(next);
            }
        }
    }

    fn push(&mut self, candidate: Candidate) {
        let identity = (candidate.changes.clone(), candidate.hidden.iter().copied().collect());
        if self.seen.insert(identity) {
            let rank = (self.estimate(&candidate, &[]), candidate.changes.len(), self.candidates.len());
            self.open.push(Reverse(rank));
            self.candidates.push(Some(candidate));
        }
    }

    /// What a candidate costs that differs by `more` besides, with what is still to be repaired.
    fn estimate(&self, candidate: &Candidate, more: &[(usize, i64)]) -> u64 {
        let mut cost = candidate.cost;
        let mut is_useful = false;
        merge(&candidate.delta, more, |cell, by| {
            is_useful |= cell == self.target;
            if let Some(violation) = violation(self.cells, cell, by, candidate.hidden.contains(&cell)) {
                cost += violation.cost.unwrap_or(REPAIR_COST).min(REPAIR_COST);
            }
        });
        if is_useful { cost } else { cost + 4 * REPAIR_COST }
    }

    fn violations(&self, candidate: &Candidate) -> Vec<Violation> {
        let violated = |&(cell, by): &(usize, i64)| violation(self.cells, cell, by, candidate.hidden.contains(&cell));
        candidate.delta.iter().filter_map(violated).collect()
    }
}

/// How a number that differs by `by` contradicts what is shown of it.
fn violation(cells: &Cells, at: usize, by: i64, is_hidden: bool) -> Option<Violation> {
    let cell = cells.get(at);
    let value = cell.value + by;
    let broken = |by: i64, cost: Option<u64>| Some(Violation { cell: at, by, cost });
    let least = i64::from(cell.is_listed);
    match cell.state {
        CellState::Future | CellState::Unlisted => None,
        // Only whether there is any is known of a value that is told apart.
        CellState::Shown if !cells.is_number(at) => match (cell.value > 0, value > 0) {
            (true, false) => broken(1, None),
            (false, true) => broken(-1, None),
            _ => None,
        },
        CellState::Shown if !is_hidden => broken(-by, cell.cost),
        CellState::Below if !is_hidden && (value < 1 || value >= i64::from(cells.limit(at))) => {
            // Suppressing it altogether helps only as far as it may be anything then.
            let cost = cell.cost.filter(|_| value >= least);
            broken(if value < 1 { 1 } else { -1 }, cost)
        }
        CellState::Shown | CellState::Below | CellState::Withheld if value < least => broken(1, None),
        CellState::Shown | CellState::Below | CellState::Withheld => None,
    }
}

/// The sum of two sets of differences.
fn add(a: &[(usize, i64)], b: &[(usize, i64)]) -> Vec<(usize, i64)> {
    let mut sum = Vec::with_capacity(a.len() + b.len());
    merge(a, b, |cell, by| sum.push((cell, by)));
    sum
}

/// Gives each cell in which the sum of two sets of differences isn't zero, in order.
fn merge(a: &[(usize, i64)], b: &[(usize, i64)], mut give: impl FnMut(usize, i64)) {
    let (mut at_a, mut at_b) = (0, 0);
    while at_a < a.len() || at_b < b.len() {
        let cell = match (a.get(at_a), b.get(at_b)) {
            (Some(first), Some(second)) => first.0.min(second.0),
            (Some(only), None) | (None, Some(only)) => only.0,
            (None, None) => return,
        };
        let mut sum = 0;
        for (list, at) in [(a, &mut at_a), (b, &mut at_b)] {
            if let Some((_, by)) = list.get(*at).filter(|next| next.0 == cell) {
                sum += by;
                *at += 1;
            }
        }
        if sum != 0 {
            give(cell, sum);
        }
    }
}
