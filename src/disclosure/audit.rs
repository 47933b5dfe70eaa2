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
use std::rc::Rc;

use crate::model::PersonId;

use super::attribute_moves::{Moves, PersonChange};
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
/// The estimated cost of changing the number that is asked for, where a candidate doesn't yet.
const USELESS_COST: u64 = 4 * REPAIR_COST;

/// Another set of data that agrees with everything shown.
#[derive(Clone, Debug)]
pub(super) struct Alternative {
    pub changes: Vec<Rc<PersonChange>>,
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
    changes: Vec<Rc<PersonChange>>,
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
    let mut search = Search {
        cells,
        moves,
        target: cell,
        open: BinaryHeap::new(),
        candidates: Vec::new(),
        seen: BTreeSet::new(),
        difference: vec![0; cells.len()],
        is_hidden: vec![false; cells.len()],
    };
    if let Some(start) = start {
        let changes = start.changes.clone();
        search.push(Candidate { changes, delta: start.delta.clone(), ..Candidate::default() }, None);
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
type SeenCandidate = (Vec<Rc<PersonChange>>, Vec<usize>);

struct Search<'a, 'b> {
    cells: &'a Cells<'b>,
    moves: &'a Moves,
    target: usize,
    open: BinaryHeap<Reverse<(u64, usize, usize)>>,
    candidates: Vec<Option<Candidate>>,
    /// Changes and suppressed cells of all candidates so far.
    seen: BTreeSet<SeenCandidate>,
    /// By cell: how much the candidate whose moves are being ranked differs there; all 0 in between.
    difference: Vec<i64>,
    /// By cell: whether that candidate suppresses it; all false in between.
    is_hidden: Vec<bool>,
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
            self.push(next, None);
        }
        // What can't be suppressed must be repaired; else the dearest.
        let dearest = violations.iter().max_by_key(|violation| violation.cost.unwrap_or(u64::MAX));
        let Some(violation) = dearest else { return };
        if violation.cost.is_some() && violations.len() > 1 {
            let next = suppressing(&mut std::iter::once(violation));
            self.push(next, None);
        }
        if candidate.changes.len() < MAX_CHANGES {
            self.branch(candidate, self.moves.changing(violation.cell, violation.by), MAX_BRANCHES);
        }
    }

    /// Follows the most promising of some moves from a candidate.
    fn branch(&mut self, candidate: &Candidate, moves: &[usize], width: usize) {
        let changed: BTreeSet<PersonId> = candidate.changes.iter().map(|change| change.person).collect();
        let cost = self.cost(candidate);
        candidate.delta.iter().for_each(|&(cell, by)| self.difference[cell] = by);
        candidate.hidden.iter().for_each(|cell| self.is_hidden[*cell] = true);
        // Persons who are alike in what is shown lead to the same.
        let mut seen = BTreeSet::new();
        let mut ranked: Vec<(u64, usize)> = Vec::new();
        for &at in moves {
            let made = &self.moves.all[at];
            if !changed.contains(&made.change.person) && seen.insert(made.alike) {
                ranked.push((self.estimate(cost, &made.delta), at));
            }
        }
        candidate.delta.iter().for_each(|&(cell, _)| self.difference[cell] = 0);
        candidate.hidden.iter().for_each(|cell| self.is_hidden[*cell] = false);
        ranked.sort_unstable();
        for (estimate, at) in ranked.into_iter().take(width) {
            let made = &self.moves.all[at];
            let mut next = candidate.clone();
            next.changes.push(Rc::clone(&made.change));
            next.changes.sort_unstable();
            next.delta = add(&candidate.delta, &made.delta);
            self.push(next, Some(estimate));
        }
    }

    /// Keeps a candidate to be looked at, unless it was there already. `estimate` is what it costs, where that is known.
    fn push(&mut self, candidate: Candidate, estimate: Option<u64>) {
        let identity = (candidate.changes.clone(), candidate.hidden.iter().copied().collect());
        if self.seen.insert(identity) {
            let estimate = estimate.unwrap_or_else(|| {
                let is_useful = candidate.delta.binary_search_by_key(&self.target, |(cell, _)| *cell).is_ok();
                self.cost(&candidate) + if is_useful { 0 } else { USELESS_COST }
            });
            self.open.push(Reverse((estimate, candidate.changes.len(), self.candidates.len())));
            self.candidates.push(Some(candidate));
        }
    }

    /// What a candidate costs, with what is still to be repaired.
    fn cost(&self, candidate: &Candidate) -> u64 {
        let repairs = candidate
            .delta
            .iter()
            .map(|&(cell, by)| repair_cost(self.cells, cell, by, candidate.hidden.contains(&cell)));
        candidate.cost + repairs.sum::<u64>()
    }

    /// What the candidate in `difference`, which costs `cost`, costs with a move that changes `delta`.
    fn estimate(&self, cost: u64, delta: &[(usize, i64)]) -> u64 {
        let (mut more, mut less) = (cost, 0);
        let mut is_useful = self.difference[self.target] != 0;
        for &(cell, by) in delta {
            let before = self.difference[cell];
            let is_hidden = self.is_hidden[cell];
            more += repair_cost(self.cells, cell, before + by, is_hidden);
            less += repair_cost(self.cells, cell, before, is_hidden);
            if cell == self.target {
                is_useful = before + by != 0;
            }
        }
        more - less + if is_useful { 0 } else { USELESS_COST }
    }

    fn violations(&self, candidate: &Candidate) -> Vec<Violation> {
        let violated = |&(cell, by): &(usize, i64)| violation(self.cells, cell, by, candidate.hidden.contains(&cell));
        candidate.delta.iter().filter_map(violated).collect()
    }
}

/// What it costs to repair a number that differs by `by`.
fn repair_cost(cells: &Cells, cell: usize, by: i64, is_hidden: bool) -> u64 {
    if by == 0 {
        return 0;
    }
    let violation = violation(cells, cell, by, is_hidden);
    violation.map_or(0, |violation| violation.cost.unwrap_or(REPAIR_COST).min(REPAIR_COST))
}

/// How a number that differs by `by` contradicts what is shown of it.
fn violation(cells: &Cells, at: usize, by: i64, is_hidden: bool) -> Option<Violation> {
    let cell = cells.get(at);
    let value = cell.value + by;
    let broken = |by: i64, cost: Option<u64>| Some(Violation { cell: at, by, cost });
    let least = i64::from(cell.is_listed);
    match cell.state {
        CellState::Future | CellState::Unlisted => None,
        // Only whether there is any is known of a distinguished value.
        CellState::Shown if !cell.is_number => match (cell.value > 0, value > 0) {
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

/// The sum of two sets of differences, in order of cells, without those that come to nothing.
fn add(a: &[(usize, i64)], b: &[(usize, i64)]) -> Vec<(usize, i64)> {
    let (mut a, mut b) = (a.iter().copied().peekable(), b.iter().copied().peekable());
    let mut sum = Vec::with_capacity(a.len() + b.len());
    loop {
        let next = match (a.peek(), b.peek()) {
            (Some(first), Some(second)) if first.0 == second.0 => (first.0, first.1 + second.1),
            (Some(first), Some(second)) => *first.min(second),
            (Some(only), None) | (None, Some(only)) => *only,
            (None, None) => return sum,
        };
        a.next_if(|(cell, _)| *cell == next.0);
        b.next_if(|(cell, _)| *cell == next.0);
        if next.1 != 0 {
            sum.push(next);
        }
    }
}
