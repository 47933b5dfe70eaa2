//! What readers know of a ledger after the periods that have been released so far.

use std::collections::BTreeMap;

use super::ledger::{Inequality, Ledger};

/// The cells of a ledger with what is shown of each. A cell is the difference of two slots of a part;
/// the same number shown in two periods is one cell.
pub(super) struct Knowledge<'a> {
    pub ledger: &'a Ledger,
    pub cells: Vec<LedgerCell>,
    /// By part and slots.
    index: BTreeMap<(usize, usize, usize), usize>,
    /// By part.
    cells_of: Vec<Vec<usize>>,
    /// By slot: whether a period so far has it.
    revealed: Vec<bool>,
    /// By part and slot: the first of the slots whose differences are all shown. If one of them is known, all are.
    linked: Vec<usize>,
    /// By slot: the inequalities that have it as a term.
    inequalities_with: Vec<Vec<usize>>,
}

#[derive(Clone, Debug)]
pub(super) struct LedgerCell {
    pub part: usize,
    pub from: usize,
    pub to: usize,
    pub value: i64,
    pub state: CellState,
    /// The reader knows that there is at least one, since the line is printed.
    pub listed: bool,
    /// What suppressing it in this batch costs; `None` once its period is released, or where it can't be suppressed alone.
    pub cost: Option<u64>,
}

/// What is shown of a cell; later states show less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellState {
    Shown,
    /// As `<5`.
    Below,
    Withheld,
    /// Not even that the part exists is shown: its axis is withheld whole.
    Unlisted,
}

impl<'a> Knowledge<'a> {
    pub fn new(ledger: &'a Ledger) -> Knowledge<'a> {
        let mut revealed = vec![false; ledger.slot_count];
        revealed[0] = true;
        let mut inequalities_with = vec![Vec::new(); ledger.slot_count];
        for (at, inequality) in ledger.inequalities.iter().enumerate() {
            inequality.terms.iter().for_each(|(slot, _)| inequalities_with[*slot].push(at));
        }
        Knowledge {
            ledger,
            cells: Vec::new(),
            index: BTreeMap::new(),
            cells_of: vec![Vec::new(); ledger.parts.len()],
            revealed,
            linked: (0..ledger.parts.len()).flat_map(|_| 0..ledger.slot_count).collect(),
            inequalities_with,
        }
    }

    /// Makes the slots of a new batch known. Returns, by slot, whether constraints on it may have changed.
    pub fn reveal(&mut self, slots: &[usize]) -> Vec<bool> {
        let new: Vec<usize> = slots.iter().copied().filter(|slot| !self.revealed[*slot]).collect();
        new.iter().for_each(|slot| self.revealed[*slot] = true);
        let mut affected = vec![false; self.ledger.slot_count];
        for &slot in &new {
            affected[slot] = true;
            for neighbour in [self.previous(slot), self.next(slot)].into_iter().flatten() {
                affected[neighbour] = true;
            }
        }
        for inequality in &self.ledger.inequalities {
            if inequality.terms.iter().any(|(slot, _)| new.contains(slot)) {
                inequality.terms.iter().for_each(|(slot, _)| affected[*slot] = true);
            }
        }
        affected
    }

    /// The index of a cell.
    pub fn cell(&self, part: usize, from: usize, to: usize) -> Option<usize> {
        self.index.get(&(part, from, to)).copied()
    }

    /// Adds a cell and returns its index.
    pub fn add(&mut self, part: usize, from: usize, to: usize, state: CellState, listed: bool) -> usize {
        let values = &self.ledger.parts[part].values;
        let cell = LedgerCell { part, from, to, value: values[to] - values[from], state, listed, cost: None };
        self.index.insert((part, from, to), self.cells.len());
        self.cells_of[part].push(self.cells.len());
        self.cells.push(cell);
        self.cells.len() - 1
    }

    /// Links the two slots of a cell, whose difference is shown from now on.
    pub fn link_slots(&mut self, cell: usize) {
        let LedgerCell { part, from, to, .. } = self.cells[cell];
        let row = &mut self.linked[part * self.ledger.slot_count..(part + 1) * self.ledger.slot_count];
        let (a, b) = (row[from].min(row[to]), row[from].max(row[to]));
        if a != b {
            row.iter_mut().filter(|slot| **slot == b).for_each(|slot| *slot = a);
        }
    }

    /// The first of the slots that are linked to this one; 0 where its value is known.
    pub fn representative(&self, part: usize, slot: usize) -> usize {
        self.linked[part * self.ledger.slot_count + slot]
    }

    /// The revealed slots of a part with the same representative.
    pub fn linked_slots(&self, part: usize, representative: usize) -> impl Iterator<Item = usize> {
        let row = &self.linked[part * self.ledger.slot_count..(part + 1) * self.ledger.slot_count];
        let revealed = &self.revealed;
        row.iter()
            .enumerate()
            .filter(move |(slot, other)| **other == representative && revealed[*slot])
            .map(|(slot, _)| slot)
    }

    /// The cells of a part, by index.
    pub fn cells_of(&self, part: usize) -> &[usize] {
        &self.cells_of[part]
    }

    /// The inequalities that hold for a part and have `slot` in them, by index.
    pub fn inequalities_at(&self, part: usize, slot: usize) -> impl Iterator<Item = usize> {
        let is_revealed = |inequality: &Inequality| inequality.terms.iter().all(|(other, _)| self.revealed[*other]);
        self.inequalities_with[slot].iter().copied().filter(move |at| {
            let inequality = &self.ledger.inequalities[*at];
            is_revealed(inequality) && self.ledger.holds(inequality, part)
        })
    }

    /// The level known before this one.
    pub fn previous(&self, slot: usize) -> Option<usize> {
        let is_level = slot < self.ledger.level_count;
        is_level.then(|| (0..slot).rev().find(|other| self.revealed[*other])).flatten()
    }

    /// The level known after this one.
    pub fn next(&self, slot: usize) -> Option<usize> {
        (slot + 1..self.ledger.level_count).find(|other| self.revealed[*other])
    }
}
