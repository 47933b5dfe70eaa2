//! What readers know of a ledger at one moment of settling.

use std::collections::BTreeMap;

use super::ledger::{Ledger, Order};

/// The cells of a ledger with what is shown of each. A cell is the difference of two slots of a part;
/// the same number told in two periods is one cell.
pub(super) struct Board<'a> {
    pub ledger: &'a Ledger,
    pub cells: Vec<Cell>,
    at: BTreeMap<(usize, usize, usize), usize>,
    /// By part.
    cells_of: Vec<Vec<usize>>,
    /// By slot: whether a period that has been reached knows it.
    active: Vec<bool>,
    /// By part and slot: the first of the slots that what is shown ties together. If one of them is known, all are.
    tied: Vec<usize>,
    /// By slot.
    orders_with: Vec<Vec<usize>>,
}

#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub part: usize,
    pub from: usize,
    pub to: usize,
    pub value: i64,
    pub state: State,
    /// The reader knows that there is at least one, since the line is printed.
    pub listed: bool,
    /// What hiding it in this batch costs; none once its period is settled, or where it can't be hidden by itself.
    pub price: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Shown,
    /// As `<5`.
    Below,
    Withheld,
    /// Nobody is told that the part exists: its axis is withheld whole.
    Silent,
}

impl<'a> Board<'a> {
    pub fn new(ledger: &'a Ledger) -> Board<'a> {
        let mut active = vec![false; ledger.slots];
        active[0] = true;
        let mut orders_with = vec![Vec::new(); ledger.slots];
        for (at, order) in ledger.orders.iter().enumerate() {
            order.terms.iter().for_each(|(slot, _)| orders_with[*slot].push(at));
        }
        Board {
            ledger,
            cells: Vec::new(),
            at: BTreeMap::new(),
            cells_of: vec![Vec::new(); ledger.parts.len()],
            active,
            tied: (0..ledger.parts.len()).flat_map(|_| 0..ledger.slots).collect(),
            orders_with,
        }
    }

    /// Makes the slots of a new batch known; gives back those whose surroundings changed.
    pub fn reach(&mut self, slots: &[usize]) -> Vec<bool> {
        let new: Vec<usize> = slots.iter().copied().filter(|slot| !self.active[*slot]).collect();
        new.iter().for_each(|slot| self.active[*slot] = true);
        let mut touched = vec![false; self.ledger.slots];
        for &slot in &new {
            touched[slot] = true;
            for neighbour in [self.previous(slot), self.next(slot)].into_iter().flatten() {
                touched[neighbour] = true;
            }
        }
        for order in &self.ledger.orders {
            if order.terms.iter().any(|(slot, _)| new.contains(slot)) {
                order.terms.iter().for_each(|(slot, _)| touched[*slot] = true);
            }
        }
        touched
    }

    pub fn cell(&self, part: usize, from: usize, to: usize) -> Option<usize> {
        self.at.get(&(part, from, to)).copied()
    }

    pub fn add(&mut self, part: usize, from: usize, to: usize, state: State, listed: bool) -> usize {
        let values = &self.ledger.parts[part].values;
        let cell = Cell { part, from, to, value: values[to] - values[from], state, listed, price: None };
        self.at.insert((part, from, to), self.cells.len());
        self.cells_of[part].push(self.cells.len());
        self.cells.push(cell);
        self.cells.len() - 1
    }

    /// A shown cell ties its two slots together, for good.
    pub fn tie(&mut self, cell: usize) {
        let Cell { part, from, to, .. } = self.cells[cell];
        let row = &mut self.tied[part * self.ledger.slots..(part + 1) * self.ledger.slots];
        let (a, b) = (row[from].min(row[to]), row[from].max(row[to]));
        if a != b {
            row.iter_mut().filter(|slot| **slot == b).for_each(|slot| *slot = a);
        }
    }

    /// The slot that stands for all that are tied to this one; 0: it is known.
    pub fn root(&self, part: usize, slot: usize) -> usize {
        self.tied[part * self.ledger.slots + slot]
    }

    /// The active slots of a part that are tied together under `root`.
    pub fn tied_to(&self, part: usize, root: usize) -> impl Iterator<Item = usize> {
        let row = &self.tied[part * self.ledger.slots..(part + 1) * self.ledger.slots];
        let active = &self.active;
        row.iter().enumerate().filter(move |(slot, other)| **other == root && active[*slot]).map(|(slot, _)| slot)
    }

    pub fn cells_of(&self, part: usize) -> &[usize] {
        &self.cells_of[part]
    }

    /// The orders that hold for a part and have `slot` in them, by index.
    pub fn orders_at(&self, part: usize, slot: usize) -> impl Iterator<Item = usize> {
        let reached = |order: &Order| order.terms.iter().all(|(other, _)| self.active[*other]);
        self.orders_with[slot].iter().copied().filter(move |at| {
            let order = &self.ledger.orders[*at];
            reached(order) && self.ledger.holds(order, part)
        })
    }

    /// The level known before this one.
    pub fn previous(&self, slot: usize) -> Option<usize> {
        let is_level = slot < self.ledger.boundaries;
        is_level.then(|| (0..slot).rev().find(|other| self.active[*other])).flatten()
    }

    /// The level known after this one.
    pub fn next(&self, slot: usize) -> Option<usize> {
        (slot + 1..self.ledger.boundaries).find(|other| self.active[*other])
    }
}
