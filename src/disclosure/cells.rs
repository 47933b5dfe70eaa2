//! The published numbers with what is shown of each so far.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use rayon::prelude::*;

use crate::indicators::PartKey;
use crate::model::PersonId;

use super::contributions::{CellKey, PersonContributions};
use super::ledger::{CountUnit, Ledger, LedgerAxis};

/// How many of the persons behind a number are remembered.
const KEPT_PERSONS: usize = 6;

pub(super) struct Cells<'a> {
    pub ledger: &'a Ledger<'a>,
    cells: Vec<Cell>,
    index: HashMap<CellKey, usize>,
    /// Axes that are withheld whole, with the batch.
    withheld: BTreeSet<(usize, usize)>,
    /// How many batches are released, or being released.
    pub revealed: usize,
    /// By axis and span: how many persons stand behind all parts together.
    persons: BTreeMap<(u32, u32), u32>,
    /// The same by part, of axes that distinguish values.
    persons_in_parts: BTreeMap<(u32, u32, PartKey), u32>,
}

/// See [`Cells::save`].
pub(super) struct SavedStates {
    cells: Vec<Cell>,
    withheld: BTreeSet<(usize, usize)>,
}

#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub key: CellKey,
    /// Whether it counts something; if not, it is the number of rows that have one of the values of a `distinct`.
    pub is_number: bool,
    pub value: i64,
    /// How many persons stand behind it.
    pub persons: u32,
    /// Some of them.
    pub some_persons: Vec<PersonId>,
    pub state: CellState,
    /// The reader knows that there is at least one, since the line is printed.
    pub is_listed: bool,
    /// What suppressing it in this batch costs; `None` once its period is released, or where it can't be suppressed alone.
    pub cost: Option<u64>,
}

/// What is shown of a cell; later states show less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellState {
    /// Not published yet.
    Future,
    Shown,
    /// As `<5`.
    Below,
    Withheld,
    /// Not even that the part exists is shown: its axis is withheld whole.
    Unlisted,
}

impl<'a> Cells<'a> {
    /// Every number that is ever published, counted from all persons.
    pub fn new(ledger: &'a Ledger<'a>) -> Cells<'a> {
        let mut cells = Cells {
            ledger,
            cells: Vec::new(),
            index: HashMap::new(),
            withheld: BTreeSet::new(),
            revealed: 0,
            persons: BTreeMap::new(),
            persons_in_parts: BTreeMap::new(),
        };
        let Some(last) = ledger.ends.len().checked_sub(1) else { return cells };
        let persons = ledger.persons_up_to(ledger.ends[last]);
        // So many at a time, that all of a large register needn't be kept.
        for some in persons.chunks(10_000) {
            let added: Vec<Vec<(CellKey, i64)>> =
                some.par_iter().map(|(person, _)| PersonContributions::new(ledger, *person, last).added).collect();
            for ((person, _), added) in some.iter().zip(added) {
                cells.add_person(*person, &added);
            }
        }
        cells
    }

    fn add_person(&mut self, person: PersonId, added: &[(CellKey, i64)]) {
        let (mut last_span, mut last_part) = (None, None);
        for &(key, by) in added {
            let at = self.find_or_add(key);
            let cell = &mut self.cells[at];
            cell.value += by;
            cell.persons += 1;
            if cell.some_persons.len() < KEPT_PERSONS {
                cell.some_persons.push(person);
            }
            // In order of axes and spans: one part after another of the same span.
            if last_span != Some((key.axis, key.span)) {
                last_span = Some((key.axis, key.span));
                *self.persons.entry((key.axis, key.span)).or_default() += 1;
            }
            let part = (key.axis, key.span, key.part);
            if last_part != Some(part) && !self.cells[at].is_number {
                last_part = Some(part);
                *self.persons_in_parts.entry(part).or_default() += 1;
            }
        }
    }

    pub fn len(&self) -> usize {
        self.cells.len()
    }

    pub fn get(&self, at: usize) -> &Cell {
        &self.cells[at]
    }

    pub fn get_mut(&mut self, at: usize) -> &mut Cell {
        &mut self.cells[at]
    }

    pub fn find(&self, key: CellKey) -> Option<usize> {
        self.index.get(&key).copied()
    }

    /// The index of a cell; one that nobody is in is added, with what is known of it.
    pub fn find_or_add(&mut self, key: CellKey) -> usize {
        if let Some(at) = self.find(key) {
            return at;
        }
        let count = &self.ledger.counts[self.ledger.axes[key.axis as usize].count];
        let mut cell = Cell {
            key,
            is_number: !matches!(count.unit, CountUnit::Values(_)),
            value: 0,
            persons: 0,
            some_persons: Vec::new(),
            state: CellState::Future,
            is_listed: false,
            cost: None,
        };
        if self.batch_of(key) < self.revealed {
            cell.state = self.unlisted_state(key);
        }
        self.index.insert(key, self.cells.len());
        self.cells.push(cell);
        self.cells.len() - 1
    }

    /// How many persons stand behind all parts of an axis in a span.
    pub fn persons_behind(&self, axis: usize, span: usize) -> u32 {
        self.persons.get(&(axis as u32, span as u32)).copied().unwrap_or_default()
    }

    /// Whether some part of an axis that distinguishes values is of few persons.
    pub fn has_small_part(&self, axis: usize, batch: usize) -> bool {
        let LedgerAxis { limit, spans, .. } = &self.ledger.axes[axis];
        let parts = self
            .persons_in_parts
            .iter()
            .filter(|((of, span, _), _)| *of as usize == axis && spans[*span as usize].batch == batch);
        parts.into_iter().any(|(_, persons)| persons < limit)
    }

    pub fn limit(&self, at: usize) -> u32 {
        self.ledger.axes[self.cells[at].key.axis as usize].limit
    }

    pub fn batch_of(&self, key: CellKey) -> usize {
        self.ledger.axes[key.axis as usize].spans[key.span as usize].batch
    }

    pub fn is_withheld(&self, axis: usize, batch: usize) -> bool {
        self.withheld.contains(&(axis, batch))
    }

    /// Withholds an axis whole in a batch. False where it was already.
    pub fn withhold(&mut self, axis: usize, batch: usize) -> bool {
        self.withheld.insert((axis, batch))
    }

    /// What is shown, to be restored.
    pub fn save(&self) -> SavedStates {
        SavedStates { cells: self.cells.clone(), withheld: self.withheld.clone() }
    }

    /// Takes back what was hidden since.
    pub fn restore(&mut self, saved: SavedStates) {
        let SavedStates { cells, withheld } = saved;
        // Numbers that were added since stand at the end, with what is known of them by then.
        self.cells.splice(..cells.len(), cells);
        self.withheld = withheld;
    }

    /// What readers know of a part whose line isn't printed: nobody is in it, or nothing.
    pub fn unlisted_state(&self, key: CellKey) -> CellState {
        if self.is_withheld(key.axis as usize, self.batch_of(key)) { CellState::Unlisted } else { CellState::Shown }
    }
}
