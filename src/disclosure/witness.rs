//! Whether a hidden number follows from what is shown.
//!
//! It doesn't if there is a *witness*: another set of whole numbers, none negative, that agrees with everything shown and
//! differs in the hidden number. A witness is looked for by changing the hidden number by one and mending, one after the
//! other, every sum that no longer agrees: by changing another hidden number, or, at a price, by hiding one more that the
//! period under settlement would show. The cheapest is taken. Only whole numbers are used, so that a witness that is found
//! is one; where none is found within a bounded search, the number is taken to follow.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::board::{Board, State};

/// How many attempts a search may cost before the number is taken to follow from what is shown.
const ATTEMPTS: usize = 250;
/// What mending one broken rule is guessed to cost.
const MENDING: u64 = 2_000_000;
/// How many numbers a witness may change.
const CHANGES: usize = 40;

/// By how much each slot of a part differs from the truth.
pub(super) type Witness = Vec<(usize, usize, i64)>;

/// What has to be hidden besides, and the witness that this allows.
pub(super) struct Escape {
    pub hidden: Vec<usize>,
    pub witness: Witness,
}

/// Slots of a part that are tied together, and by how much they change.
type Change = (usize, usize, i64);

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Attempt {
    price: u64,
    /// In order of part and slot.
    changes: Vec<Change>,
    /// Cells hidden at a price.
    hidden: Vec<usize>,
}

/// Something that readers know, and that a witness must not contradict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rule {
    /// All parts of a simple axis add up to the total.
    Total {
        axis: usize,
        slot: usize,
    },
    /// The parts of a crossed axis add up to the part of its side.
    Side {
        crossed: usize,
        part: usize,
        slot: usize,
    },
    /// Levels don't fall.
    Rise {
        part: usize,
        from: usize,
        to: usize,
    },
    Order {
        part: usize,
        order: usize,
    },
    Cell {
        cell: usize,
    },
}

/// A rule as it fares under an attempt.
struct Fare {
    /// By how much the sum must change to agree; 0: it agrees.
    wanted: i64,
    /// Changes, one of which would make it agree.
    mends: Vec<Change>,
    price: Option<u64>,
}

enum Outcome {
    Agrees,
    Contradiction,
    /// Some rules are broken.
    Open {
        broken: u64,
        /// Of the rule with the fewest.
        mends: Vec<Change>,
        /// What it costs to hide that rule's cell.
        hide: Option<(usize, u64)>,
    },
}

/// The cheapest way for `cell` not to follow from what is shown. `start` may be a witness of an earlier batch to be mended.
pub(super) fn escape(board: &Board, cell: usize, start: Option<&Witness>) -> Option<Escape> {
    let target = &board.cells[cell];
    let mut seeds: Vec<Vec<Change>> = Vec::new();
    if let Some(witness) = start {
        let changes: BTreeSet<Change> =
            witness.iter().map(|&(part, slot, by)| (part, board.root(part, slot), by)).collect();
        let distinct: BTreeSet<(usize, usize)> = changes.iter().map(|&(part, root, _)| (part, root)).collect();
        if distinct.len() == changes.len() && changes.iter().all(|&(_, root, _)| root != 0) {
            seeds.push(changes.into_iter().collect());
        }
    }
    let (from, to) = (board.root(target.part, target.from), board.root(target.part, target.to));
    if from == to {
        return None;
    }
    for (root, signs) in [(to, [1, -1]), (from, [-1, 1])] {
        if root != 0 {
            seeds.extend(signs.map(|sign| vec![(target.part, root, sign)]));
        }
    }
    search(board, cell, seeds)
}

/// Whether a witness still agrees with everything known.
pub(super) fn agrees(board: &Board, witness: &Witness) -> bool {
    let changes: BTreeSet<Change> =
        witness.iter().map(|&(part, slot, by)| (part, board.root(part, slot), by)).collect();
    let distinct: BTreeSet<(usize, usize)> = changes.iter().map(|&(part, root, _)| (part, root)).collect();
    if distinct.len() != changes.len() || changes.iter().any(|&(_, root, _)| root == 0) {
        return false;
    }
    let attempt = Attempt { changes: changes.into_iter().collect(), ..Attempt::default() };
    rules(board, &attempt).into_iter().all(|rule| fare(board, &attempt, rule).wanted == 0)
}

/// By how much a witness changes a cell.
pub(super) fn difference(board: &Board, witness: &Witness, cell: usize) -> i64 {
    let cell = &board.cells[cell];
    let by = |slot: usize| {
        witness.binary_search_by_key(&(cell.part, slot), |&(part, slot, _)| (part, slot)).map_or(0, |at| witness[at].2)
    };
    by(cell.to) - by(cell.from)
}

fn search(board: &Board, cell: usize, seeds: Vec<Vec<Change>>) -> Option<Escape> {
    let mut open: BinaryHeap<Reverse<(u64, usize, usize)>> = BinaryHeap::new();
    let mut attempts: Vec<Option<(Attempt, Outcome)>> = Vec::new();
    let mut seen: BTreeSet<Attempt> = BTreeSet::new();
    let mut try_out = |mut attempt: Attempt,
                       open: &mut BinaryHeap<Reverse<(u64, usize, usize)>>,
                       attempts: &mut Vec<Option<(Attempt, Outcome)>>| {
        let outcome = follow(board, &mut attempt);
        let fruitless = matches!(outcome, Outcome::Agrees) && change(board, &attempt, cell) == 0;
        if !fruitless && !matches!(outcome, Outcome::Contradiction) && seen.insert(attempt.clone()) {
            let broken = if let Outcome::Open { broken, .. } = outcome { broken } else { 0 };
            open.push(Reverse((attempt.price + broken * MENDING, attempt.changes.len(), attempts.len())));
            attempts.push(Some((attempt, outcome)));
        }
    };
    for changes in seeds {
        try_out(Attempt { changes, ..Attempt::default() }, &mut open, &mut attempts);
    }
    while let Some(Reverse((_, _, at))) = open.pop() {
        let Some((attempt, outcome)) = attempts[at].take() else { continue };
        let (mends, hide) = match outcome {
            Outcome::Agrees => return Some(found(board, attempt)),
            Outcome::Contradiction => continue,
            Outcome::Open { mends, hide, .. } => (mends, hide),
        };
        if attempts.len() > ATTEMPTS || attempt.changes.len() >= CHANGES {
            continue;
        }
        for mend in mends {
            let mut next = attempt.clone();
            next.changes.push(mend);
            next.changes.sort_unstable();
            try_out(next, &mut open, &mut attempts);
        }
        if let Some((hidden, price)) = hide {
            let mut next = attempt;
            next.hidden.push(hidden);
            next.hidden.sort_unstable();
            next.price += price;
            try_out(next, &mut open, &mut attempts);
        }
    }
    None
}

fn found(board: &Board, attempt: Attempt) -> Escape {
    let mut witness: Witness = attempt
        .changes
        .iter()
        .flat_map(|&(part, root, by)| board.tied_to(part, root).map(move |slot| (part, slot, by)))
        .collect();
    witness.sort_unstable();
    Escape { hidden: attempt.hidden, witness }
}

/// Changes to try, and what to hide for them at which price.
type Step = (Vec<Change>, Option<(usize, u64)>);

/// Takes every step that is forced, hides what must be hidden, and tells where the attempt stands.
fn follow(board: &Board, attempt: &mut Attempt) -> Outcome {
    loop {
        let mut forced = None;
        let mut broken = 0;
        let mut best: Option<Step> = None;
        for rule in rules(board, attempt) {
            let fare = fare(board, attempt, rule);
            if fare.wanted == 0 {
                continue;
            }
            broken += 1;
            let hide = match (rule, fare.price) {
                (Rule::Cell { cell }, Some(price)) => Some((cell, price)),
                _ => None,
            };
            match (fare.mends.len(), hide) {
                (0, None) => return Outcome::Contradiction,
                (0, Some(hide)) => forced = Some(hide),
                (mends, _) => {
                    let options = mends + usize::from(hide.is_some());
                    let fewer =
                        best.as_ref().is_none_or(|(best, hide)| options < best.len() + usize::from(hide.is_some()));
                    if fewer {
                        best = Some((fare.mends, hide));
                    }
                }
            }
        }
        match (forced, best) {
            (Some((cell, price)), _) => {
                attempt.hidden.push(cell);
                attempt.hidden.sort_unstable();
                attempt.price += price;
            }
            (None, Some((mends, hide))) => return Outcome::Open { mends, hide, broken },
            (None, None) => return Outcome::Agrees,
        }
    }
}

/// Every rule that the changes of an attempt may break.
fn rules(board: &Board, attempt: &Attempt) -> Vec<Rule> {
    let ledger = board.ledger;
    let mut rules = Vec::new();
    for &(part, root, _) in &attempt.changes {
        let of = &ledger.parts[part];
        let axis = &ledger.axes[of.axis];
        for slot in board.tied_to(part, root) {
            if axis.crosses.is_none() {
                rules.push(Rule::Total { axis: of.axis, slot });
            }
            rules.extend(axis.crossed_by.iter().map(|&crossed| Rule::Side { crossed, part, slot }));
            for side in of.sides.into_iter().flatten() {
                rules.push(Rule::Side { crossed: of.axis, part: side, slot });
            }
            if let Some(from) = board.previous(slot) {
                rules.push(Rule::Rise { part, from, to: slot });
            }
            if slot < ledger.boundaries
                && let Some(to) = board.next(slot)
            {
                rules.push(Rule::Rise { part, from: slot, to });
            }
            if slot >= ledger.boundaries {
                rules.push(Rule::Rise { part, from: 0, to: slot });
            }
            rules.extend(board.orders_at(part, slot).map(|order| Rule::Order { part, order }));
            let cells = board.cells_of(part).iter().copied();
            rules.extend(
                cells
                    .filter(|cell| board.cells[*cell].from == slot || board.cells[*cell].to == slot)
                    .map(|cell| Rule::Cell { cell }),
            );
        }
    }
    rules.sort_unstable();
    rules.dedup();
    rules
}

fn fare(board: &Board, attempt: &Attempt, rule: Rule) -> Fare {
    let ledger = board.ledger;
    let value = |part: usize, slot: usize| ledger.parts[part].values[slot];
    match rule {
        Rule::Total { axis, slot } => {
            let terms = ledger.axes[axis].parts.clone().map(|part| (part, slot, 1));
            measure(board, attempt, terms, 0, Some(0), None)
        }
        Rule::Side { crossed, part, slot } => {
            let parts = ledger.axes[crossed].parts.clone();
            let adding = parts.filter(|at| ledger.parts[*at].sides.is_some_and(|sides| sides.contains(&part)));
            let terms = adding.map(|at| (at, slot, 1)).chain([(part, slot, -1)]);
            measure(board, attempt, terms, 0, Some(0), None)
        }
        Rule::Rise { part, from, to } => {
            let rise = value(part, to) - value(part, from);
            // Data that contradicts itself binds nobody.
            measure(board, attempt, [(part, to, 1), (part, from, -1)], -rise.max(0), None, None)
        }
        Rule::Order { part, order } => {
            let terms = &ledger.orders[order].terms;
            let sum: i64 = terms.iter().map(|(slot, sign)| sign * value(part, *slot)).sum();
            measure(board, attempt, terms.iter().map(|(slot, sign)| (part, *slot, *sign)), -sum, None, None)
        }
        Rule::Cell { cell: at } => {
            let cell = &board.cells[at];
            let terms = [(cell.part, cell.to, 1), (cell.part, cell.from, -1)];
            let at_least = if cell.listed { 1 - cell.value } else { -cell.value };
            let hidden = attempt.hidden.binary_search(&at).is_ok();
            match cell.state {
                State::Shown if !hidden => measure(board, attempt, terms, 0, Some(0), cell.price),
                State::Below if !hidden => {
                    measure(board, attempt, terms, 1 - cell.value, Some(ledger.limit - 1 - cell.value), cell.price)
                }
                State::Silent => measure(board, attempt, terms, -cell.value.max(0), None, None),
                State::Shown | State::Below | State::Withheld => {
                    measure(board, attempt, terms, at_least.min(0), None, None)
                }
            }
        }
    }
}

/// How the sum of the terms' changes fares between two ends.
fn measure(
    board: &Board,
    attempt: &Attempt,
    terms: impl IntoIterator<Item = (usize, usize, i64)>,
    low: i64,
    high: Option<i64>,
    price: Option<u64>,
) -> Fare {
    let mut sum = 0;
    let mut free: Vec<(usize, usize, i64)> = Vec::new();
    for (part, slot, sign) in terms {
        let root = board.root(part, slot);
        if root == 0 {
            continue;
        }
        match changed(attempt, part, root) {
            Some(by) => sum += sign * by,
            None => match free.iter_mut().find(|(other, tied, _)| (*other, *tied) == (part, root)) {
                Some((_, _, signs)) => *signs += sign,
                None => free.push((part, root, sign)),
            },
        }
    }
    let wanted = match high {
        _ if sum < low => low - sum,
        Some(high) if sum > high => high - sum,
        _ => 0,
    };
    if wanted == 0 {
        return Fare { wanted, mends: Vec::new(), price };
    }
    let mends =
        free.into_iter().filter(|(_, _, sign)| sign.abs() == 1).map(|(part, root, sign)| (part, root, wanted * sign));
    Fare { wanted, mends: mends.collect(), price }
}

fn change(board: &Board, attempt: &Attempt, cell: usize) -> i64 {
    let cell = &board.cells[cell];
    let by = |slot: usize| changed(attempt, cell.part, board.root(cell.part, slot)).unwrap_or(0);
    by(cell.to) - by(cell.from)
}

fn changed(attempt: &Attempt, part: usize, root: usize) -> Option<i64> {
    let found = attempt.changes.binary_search_by_key(&(part, root), |&(part, root, _)| (part, root));
    found.ok().map(|at| attempt.changes[at].2)
}
