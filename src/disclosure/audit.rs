//! The audit of a suppressed number: whether it can be derived from what is shown.
//!
//! It can't if there is an *alternative*: another set of whole numbers, none negative, that agrees with everything shown and
//! differs in the suppressed number. The search changes that number by one and repairs every sum that no longer holds, one
//! after the other: by changing another suppressed number, or, at a cost, by suppressing one more that the period in hand
//! would show. The cheapest way is taken. Only whole numbers are used, so that an alternative is a proof; where none is found
//! within a bounded search, the number counts as derivable.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::knowledge::{CellState, Knowledge};

/// How many candidates a search tries before the number counts as derivable.
const MAX_CANDIDATES: usize = 250;
/// The estimated cost of repairing a violated constraint.
const REPAIR_COST: u64 = 2_000_000;
/// How many numbers an alternative may change.
const MAX_CHANGES: usize = 40;

/// By how much slots of parts differ from the truth: part, slot, difference.
pub(super) type Alternative = Vec<(usize, usize, i64)>;

/// The cells that have to be suppressed besides, and the alternative that this allows.
pub(super) struct Protection {
    pub hidden: Vec<usize>,
    pub alternative: Alternative,
}

/// By how much the slots of a part that are linked together change: part, representative, difference.
type Change = (usize, usize, i64);

/// An alternative under construction.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    cost: u64,
    /// In order of part and slot.
    changes: Vec<Change>,
    /// Cells suppressed at a cost.
    hidden: Vec<usize>,
}

/// Something that readers know, and that an alternative must not contradict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Constraint {
    /// All parts of a simple axis add up to the total.
    Total { axis: usize, slot: usize },
    /// The parts of a crossed axis add up to the part of its side.
    Side { crossed: usize, part: usize, slot: usize },
    /// Levels don't fall.
    Monotone { part: usize, from: usize, to: usize },
    /// One of the ledger's inequalities.
    Inequality { part: usize, inequality: usize },
    /// What is shown of a cell.
    Cell { cell: usize },
}

/// How far a candidate is from fulfilling a constraint.
struct Deviation {
    /// By how much the sum must change; 0 where the constraint is fulfilled.
    missing: i64,
    /// Changes, one of which would fulfil it.
    repairs: Vec<Change>,
    /// What suppressing the constraint's cell costs, where that is possible.
    cost: Option<u64>,
}

enum Consistency {
    Consistent,
    Infeasible,
    /// Some constraints are violated.
    Open {
        violated: u64,
        /// Of the constraint with the fewest.
        repairs: Vec<Change>,
        /// That constraint's cell and the cost of suppressing it.
        hide: Option<(usize, u64)>,
    },
}

/// The cheapest way to keep `cell` from being derived. `start` may be an alternative of an earlier batch, to be repaired.
pub(super) fn find_protection(knowledge: &Knowledge, cell: usize, start: Option<&Alternative>) -> Option<Protection> {
    let target = &knowledge.cells[cell];
    let mut seeds: Vec<Vec<Change>> = Vec::new();
    if let Some(alternative) = start {
        let changes: BTreeSet<Change> =
            alternative.iter().map(|&(part, slot, by)| (part, knowledge.representative(part, slot), by)).collect();
        let distinct: BTreeSet<(usize, usize)> =
            changes.iter().map(|&(part, representative, _)| (part, representative)).collect();
        if distinct.len() == changes.len() && changes.iter().all(|&(_, representative, _)| representative != 0) {
            seeds.push(changes.into_iter().collect());
        }
    }
    let (from, to) =
        (knowledge.representative(target.part, target.from), knowledge.representative(target.part, target.to));
    if from == to {
        return None;
    }
    for (representative, signs) in [(to, [1, -1]), (from, [-1, 1])] {
        if representative != 0 {
            seeds.extend(signs.map(|sign| vec![(target.part, representative, sign)]));
        }
    }
    search(knowledge, cell, seeds)
}

/// Whether an alternative still agrees with everything known.
pub(super) fn is_consistent(knowledge: &Knowledge, alternative: &Alternative) -> bool {
    let changes: BTreeSet<Change> =
        alternative.iter().map(|&(part, slot, by)| (part, knowledge.representative(part, slot), by)).collect();
    let distinct: BTreeSet<(usize, usize)> =
        changes.iter().map(|&(part, representative, _)| (part, representative)).collect();
    if distinct.len() != changes.len() || changes.iter().any(|&(_, representative, _)| representative == 0) {
        return false;
    }
    let candidate = Candidate { changes: changes.into_iter().collect(), ..Candidate::default() };
    constraints(knowledge, &candidate)
        .into_iter()
        .all(|constraint| deviation_from(knowledge, &candidate, constraint).missing == 0)
}

/// By how much an alternative changes a cell.
pub(super) fn cell_change(knowledge: &Knowledge, alternative: &Alternative, cell: usize) -> i64 {
    let cell = &knowledge.cells[cell];
    let by = |slot: usize| {
        alternative
            .binary_search_by_key(&(cell.part, slot), |&(part, slot, _)| (part, slot))
            .map_or(0, |at| alternative[at].2)
    };
    by(cell.to) - by(cell.from)
}

fn search(knowledge: &Knowledge, cell: usize, seeds: Vec<Vec<Change>>) -> Option<Protection> {
    let mut open: BinaryHeap<Reverse<(u64, usize, usize)>> = BinaryHeap::new();
    let mut candidates: Vec<Option<(Candidate, Consistency)>> = Vec::new();
    let mut seen: BTreeSet<Candidate> = BTreeSet::new();
    let mut try_candidate = |mut candidate: Candidate,
                             open: &mut BinaryHeap<Reverse<(u64, usize, usize)>>,
                             candidates: &mut Vec<Option<(Candidate, Consistency)>>| {
        let outcome = propagate(knowledge, &mut candidate);
        let is_useless =
            matches!(outcome, Consistency::Consistent) && candidate_change(knowledge, &candidate, cell) == 0;
        if !is_useless && !matches!(outcome, Consistency::Infeasible) && seen.insert(candidate.clone()) {
            let violated = if let Consistency::Open { violated, .. } = outcome { violated } else { 0 };
            open.push(Reverse((candidate.cost + violated * REPAIR_COST, candidate.changes.len(), candidates.len())));
            candidates.push(Some((candidate, outcome)));
        }
    };
    for changes in seeds {
        try_candidate(Candidate { changes, ..Candidate::default() }, &mut open, &mut candidates);
    }
    while let Some(Reverse((_, _, at))) = open.pop() {
        let Some((candidate, outcome)) = candidates[at].take() else { continue };
        let (repairs, hide) = match outcome {
            Consistency::Consistent => return Some(to_protection(knowledge, candidate)),
            Consistency::Infeasible => continue,
            Consistency::Open { repairs, hide, .. } => (repairs, hide),
        };
        if candidates.len() > MAX_CANDIDATES || candidate.changes.len() >= MAX_CHANGES {
            continue;
        }
        for repair in repairs {
            let mut next = candidate.clone();
            next.changes.push(repair);
            next.changes.sort_unstable();
            try_candidate(next, &mut open, &mut candidates);
        }
        if let Some((hidden, cost)) = hide {
            let mut next = candidate;
            next.hidden.push(hidden);
            next.hidden.sort_unstable();
            next.cost += cost;
            try_candidate(next, &mut open, &mut candidates);
        }
    }
    None
}

fn to_protection(knowledge: &Knowledge, candidate: Candidate) -> Protection {
    let mut alternative: Alternative = candidate
        .changes
        .iter()
        .flat_map(|&(part, representative, by)| {
            knowledge.linked_slots(part, representative).map(move |slot| (part, slot, by))
        })
        .collect();
    alternative.sort_unstable();
    Protection { hidden: candidate.hidden, alternative }
}

/// Changes to try, and what to hide for them at which cost.
type RepairStep = (Vec<Change>, Option<(usize, u64)>);

/// Takes every step that is forced, suppresses what must be, and returns how consistent the candidate then is.
fn propagate(knowledge: &Knowledge, candidate: &mut Candidate) -> Consistency {
    loop {
        let mut forced = None;
        let mut violated = 0;
        let mut best: Option<RepairStep> = None;
        for constraint in constraints(knowledge, candidate) {
            let deviation = deviation_from(knowledge, candidate, constraint);
            if deviation.missing == 0 {
                continue;
            }
            violated += 1;
            let hide = match (constraint, deviation.cost) {
                (Constraint::Cell { cell }, Some(cost)) => Some((cell, cost)),
                _ => None,
            };
            match (deviation.repairs.len(), hide) {
                (0, None) => return Consistency::Infeasible,
                (0, Some(hide)) => forced = Some(hide),
                (repairs, _) => {
                    let options = repairs + usize::from(hide.is_some());
                    let fewer =
                        best.as_ref().is_none_or(|(best, hide)| options < best.len() + usize::from(hide.is_some()));
                    if fewer {
                        best = Some((deviation.repairs, hide));
                    }
                }
            }
        }
        match (forced, best) {
            (Some((cell, cost)), _) => {
                candidate.hidden.push(cell);
                candidate.hidden.sort_unstable();
                candidate.cost += cost;
            }
            (None, Some((repairs, hide))) => return Consistency::Open { repairs, hide, violated },
            (None, None) => return Consistency::Consistent,
        }
    }
}

/// Every constraint that the changes of a candidate may violate.
fn constraints(knowledge: &Knowledge, candidate: &Candidate) -> Vec<Constraint> {
    let ledger = knowledge.ledger;
    let mut constraints = Vec::new();
    for &(part, representative, _) in &candidate.changes {
        let sides = ledger.parts[part].sides;
        let own_axis = ledger.parts[part].axis;
        let axis = &ledger.axes[own_axis];
        for slot in knowledge.linked_slots(part, representative) {
            if axis.crosses.is_none() {
                constraints.push(Constraint::Total { axis: own_axis, slot });
            }
            constraints.extend(axis.crossed_by.iter().map(|&crossed| Constraint::Side { crossed, part, slot }));
            for side in sides.into_iter().flatten() {
                constraints.push(Constraint::Side { crossed: own_axis, part: side, slot });
            }
            if let Some(from) = knowledge.previous(slot) {
                constraints.push(Constraint::Monotone { part, from, to: slot });
            }
            if slot < ledger.level_count
                && let Some(to) = knowledge.next(slot)
            {
                constraints.push(Constraint::Monotone { part, from: slot, to });
            }
            if slot >= ledger.level_count {
                constraints.push(Constraint::Monotone { part, from: 0, to: slot });
            }
            constraints.extend(
                knowledge.inequalities_at(part, slot).map(|inequality| Constraint::Inequality { part, inequality }),
            );
            let cells = knowledge.cells_of(part).iter().copied();
            constraints.extend(
                cells
                    .filter(|cell| knowledge.cells[*cell].from == slot || knowledge.cells[*cell].to == slot)
                    .map(|cell| Constraint::Cell { cell }),
            );
        }
    }
    constraints.sort_unstable();
    constraints.dedup();
    constraints
}

fn deviation_from(knowledge: &Knowledge, candidate: &Candidate, constraint: Constraint) -> Deviation {
    let ledger = knowledge.ledger;
    let value = |part: usize, slot: usize| ledger.parts[part].values[slot];
    match constraint {
        Constraint::Total { axis, slot } => {
            let terms = ledger.axes[axis].parts.clone().map(|part| (part, slot, 1));
            sum_deviation(knowledge, candidate, terms, 0, Some(0), None)
        }
        Constraint::Side { crossed, part, slot } => {
            let parts = ledger.axes[crossed].parts.clone();
            let adding = parts.filter(|at| ledger.parts[*at].sides.is_some_and(|sides| sides.contains(&part)));
            let terms = adding.map(|at| (at, slot, 1)).chain([(part, slot, -1)]);
            sum_deviation(knowledge, candidate, terms, 0, Some(0), None)
        }
        Constraint::Monotone { part, from, to } => {
            let rise = value(part, to) - value(part, from);
            // Levels that fall contradict themselves, so they constrain nothing.
            sum_deviation(knowledge, candidate, [(part, to, 1), (part, from, -1)], -rise.max(0), None, None)
        }
        Constraint::Inequality { part, inequality } => {
            let terms = &ledger.inequalities[inequality].terms;
            let sum: i64 = terms.iter().map(|(slot, sign)| sign * value(part, *slot)).sum();
            sum_deviation(knowledge, candidate, terms.iter().map(|(slot, sign)| (part, *slot, *sign)), -sum, None, None)
        }
        Constraint::Cell { cell: at } => {
            let cell = &knowledge.cells[at];
            let terms = [(cell.part, cell.to, 1), (cell.part, cell.from, -1)];
            let at_least = if cell.listed { 1 - cell.value } else { -cell.value };
            let hidden = candidate.hidden.binary_search(&at).is_ok();
            match cell.state {
                CellState::Shown if !hidden => sum_deviation(knowledge, candidate, terms, 0, Some(0), cell.cost),
                CellState::Below if !hidden => sum_deviation(
                    knowledge,
                    candidate,
                    terms,
                    1 - cell.value,
                    Some(ledger.limit - 1 - cell.value),
                    cell.cost,
                ),
                CellState::Unlisted => sum_deviation(knowledge, candidate, terms, -cell.value.max(0), None, None),
                CellState::Shown | CellState::Below | CellState::Withheld => {
                    sum_deviation(knowledge, candidate, terms, at_least.min(0), None, None)
                }
            }
        }
    }
}

/// How far the sum of the terms' changes is from the interval between `low` and `high`.
fn sum_deviation(
    knowledge: &Knowledge,
    candidate: &Candidate,
    terms: impl IntoIterator<Item = (usize, usize, i64)>,
    low: i64,
    high: Option<i64>,
    cost: Option<u64>,
) -> Deviation {
    let mut sum = 0;
    let mut free: Vec<(usize, usize, i64)> = Vec::new();
    for (part, slot, sign) in terms {
        let representative = knowledge.representative(part, slot);
        if representative == 0 {
            continue;
        }
        match change_of(candidate, part, representative) {
            Some(by) => sum += sign * by,
            None => match free.iter_mut().find(|(other, linked, _)| (*other, *linked) == (part, representative)) {
                Some((_, _, signs)) => *signs += sign,
                None => free.push((part, representative, sign)),
            },
        }
    }
    let missing = match high {
        _ if sum < low => low - sum,
        Some(high) if sum > high => high - sum,
        _ => 0,
    };
    if missing == 0 {
        return Deviation { missing, repairs: Vec::new(), cost };
    }
    let repairs = free
        .into_iter()
        .filter(|(_, _, sign)| sign.abs() == 1)
        .map(|(part, representative, sign)| (part, representative, missing * sign));
    Deviation { missing, repairs: repairs.collect(), cost }
}

fn candidate_change(knowledge: &Knowledge, candidate: &Candidate, cell: usize) -> i64 {
    let cell = &knowledge.cells[cell];
    let by = |slot: usize| change_of(candidate, cell.part, knowledge.representative(cell.part, slot)).unwrap_or(0);
    by(cell.to) - by(cell.from)
}

fn change_of(candidate: &Candidate, part: usize, representative: usize) -> Option<i64> {
    let found = candidate
        .changes
        .binary_search_by_key(&(part, representative), |&(part, representative, _)| (part, representative));
    found.ok().map(|at| candidate.changes[at].2)
}
