//! Suppression in one ledger, batch of periods after batch: primary of small numbers, then secondary of others, until the
//! audit finds that no suppressed number can be derived.

use std::collections::{BTreeMap, BTreeSet};

use super::audit::{Alternative, cell_change, find_protection, is_consistent};
use super::knowledge::{CellState, Knowledge};
use super::ledger::{Ledger, Publication};

/// What suppressing one more number costs: the fewest numbers are best, then the smallest; zeros are dearest, numbers of parts
/// that are suppressed in an earlier period cheapest.
const CELL_COST: u64 = 1_000_000;
const ZERO_CELL_COST: u64 = 3_000_000;
const SUPPRESSED_BEFORE_COST: u64 = 500_000;
/// Of a number that is shown as `<5`: not even that is shown then.
const BELOW_CELL_COST: u64 = 100_000;

/// What is shown of each cell of a ledger.
pub(super) struct SuppressionPattern {
    cells: BTreeMap<(usize, usize, usize), CellState>,
    /// Periods and axes that are withheld whole.
    withheld_axes: BTreeSet<(usize, usize)>,
}

impl SuppressionPattern {
    /// What is shown of a part from one slot to another; withheld where no report shows it.
    pub fn state(&self, part: usize, (from, to): (usize, usize)) -> CellState {
        self.cells.get(&(part, from, to)).copied().unwrap_or(CellState::Withheld)
    }

    /// Whether an axis is withheld whole in a period.
    pub fn is_axis_withheld(&self, period: usize, axis: usize) -> bool {
        self.withheld_axes.contains(&(period, axis))
    }
}

/// Decides what is shown of each cell of a ledger.
pub(super) fn suppress(ledger: &Ledger) -> SuppressionPattern {
    let mut suppressor = Suppressor {
        knowledge: Knowledge::new(ledger),
        suppressed: Vec::new(),
        alternatives: Vec::new(),
        suppressed_before: BTreeSet::new(),
        withheld_axes: BTreeSet::new(),
    };
    for batch in &ledger.batches {
        suppressor.suppress_batch(batch);
    }
    let cells = &suppressor.knowledge.cells;
    let cells = cells.iter().map(|cell| ((cell.part, cell.from, cell.to), cell.state)).collect();
    SuppressionPattern { cells, withheld_axes: suppressor.withheld_axes }
}

struct Suppressor<'a> {
    knowledge: Knowledge<'a>,
    suppressed: Vec<SuppressedCell>,
    alternatives: Vec<Option<Alternative>>,
    /// Parts with a number suppressed in an earlier batch, and whether that is a cumulative value.
    suppressed_before: BTreeSet<(usize, bool)>,
    withheld_axes: BTreeSet<(usize, usize)>,
}

struct SuppressedCell {
    cell: usize,
    /// The alternative that proves it safe, by index.
    alternative: Option<usize>,
    /// It can be derived from totals and earlier reports, whatever else is suppressed.
    unprotected: bool,
}

impl Suppressor<'_> {
    fn suppress_batch(&mut self, batch: &[Publication]) {
        let slots: Vec<usize> =
            batch.iter().flat_map(|publication| &publication.spans).flat_map(|span| [span.from, span.to]).collect();
        let mut affected = self.knowledge.reveal(&slots);
        slots.iter().for_each(|slot| affected[*slot] = true);
        let first_new = self.knowledge.cells.len();
        for publication in batch {
            self.suppress_primary(publication);
        }
        self.recheck_alternatives(&affected);
        self.suppress_secondary(batch, first_new);
        for at in first_new..self.knowledge.cells.len() {
            let cell = &mut self.knowledge.cells[at];
            cell.cost = None;
            if cell.state == CellState::Shown {
                self.knowledge.link_slots(at);
            } else {
                self.suppressed_before.insert((cell.part, cell.from == 0));
            }
        }
    }

    /// Adds the numbers of one axis in one period: small ones suppressed, the others shown until that must change.
    fn suppress_primary(&mut self, publication: &Publication) {
        let ledger = self.knowledge.ledger;
        let axis = &ledger.axes[publication.axis];
        let is_level = |span: &super::ledger::SlotSpan| (span.from, span.to) == (0, publication.end);
        let withheld =
            axis.is_personal && publication.spans.iter().any(|span| is_level(span) && ledger.is_small(span.total));
        if withheld {
            self.withheld_axes.insert((publication.period, publication.axis));
        }
        for span in &publication.spans {
            for part in axis.parts.clone() {
                let listed = publication.listed.contains(&part);
                let known = self.knowledge.cell(part, span.from, span.to);
                if let Some(known) = known {
                    if !listed {
                        self.knowledge.cells[known].cost = None;
                    }
                    continue;
                }
                let value = ledger.parts[part].values[span.to] - ledger.parts[part].values[span.from];
                if !listed && (withheld || value != 0) {
                    continue;
                }
                let state = if !axis.is_personal || !listed {
                    CellState::Shown
                } else if withheld {
                    CellState::Unlisted
                } else if ledger.is_small(span.total) {
                    CellState::Withheld
                } else if ledger.is_small(value) {
                    CellState::Below
                } else {
                    CellState::Shown
                };
                let known_to_occur = listed && !withheld && is_level(span) && value > 0;
                let at = self.knowledge.add(part, span.from, span.to, state, known_to_occur);
                if axis.is_personal && listed {
                    self.knowledge.cells[at].cost = self.suppression_cost(at);
                }
                if state != CellState::Shown {
                    self.add_suppressed(at);
                }
            }
        }
    }

    fn suppression_cost(&self, at: usize) -> Option<u64> {
        let cell = &self.knowledge.cells[at];
        let size = u64::try_from(cell.value).unwrap_or(0).min(CELL_COST / 4);
        match cell.state {
            CellState::Shown if self.suppressed_before.contains(&(cell.part, cell.from == 0)) => {
                Some(SUPPRESSED_BEFORE_COST + size)
            }
            CellState::Shown if cell.value == 0 => Some(ZERO_CELL_COST),
            CellState::Shown => Some(CELL_COST + size),
            CellState::Below => Some(BELOW_CELL_COST + size),
            CellState::Withheld | CellState::Unlisted => None,
        }
    }

    fn add_suppressed(&mut self, cell: usize) {
        if !self.suppressed.iter().rev().any(|hidden| hidden.cell == cell) {
            self.suppressed.push(SuppressedCell { cell, alternative: None, unprotected: false });
        }
    }

    /// Drops alternatives of earlier batches that new numbers contradict, and protects anew what they proved safe.
    fn recheck_alternatives(&mut self, affected: &[bool]) {
        for at in 0..self.alternatives.len() {
            let Some(alternative) = &self.alternatives[at] else { continue };
            if alternative.iter().any(|(_, slot, _)| affected[*slot]) && !is_consistent(&self.knowledge, alternative) {
                self.repair(at);
            }
        }
    }

    /// Protects the cells of a contradicted alternative, starting the search from the old one.
    fn repair(&mut self, at: usize) {
        let Some(old) = self.alternatives[at].take() else { return };
        let unproved_cells: Vec<usize> =
            (0..self.suppressed.len()).filter(|hidden| self.suppressed[*hidden].alternative == Some(at)).collect();
        for &unproved in &unproved_cells {
            self.suppressed[unproved].alternative = None;
        }
        for unproved in unproved_cells {
            if self.suppressed[unproved].alternative.is_none() {
                self.protect_cell(unproved, Some(&old));
            }
        }
    }

    /// Suppresses what is needed until every suppressed number has an alternative.
    fn suppress_secondary(&mut self, batch: &[Publication], first_new: usize) {
        while let Some(at) =
            self.suppressed.iter().position(|hidden| hidden.alternative.is_none() && !hidden.unprotected)
        {
            if self.protect_cell(at, None) {
                continue;
            }
            let axis = self.knowledge.ledger.parts[self.knowledge.cells[self.suppressed[at].cell].part].axis;
            let all = |_: usize| true;
            if self.withhold_axes(batch, first_new, |other| other == axis) && self.protect_cell(at, None) {
                continue;
            }
            if self.withhold_axes(batch, first_new, all) && self.protect_cell(at, None) {
                continue;
            }
            self.suppressed[at].unprotected = true;
        }
    }

    /// Finds an alternative for a suppressed number, suppressing what it costs. False where there is none.
    fn protect_cell(&mut self, at: usize, start: Option<&Alternative>) -> bool {
        let Some(protection) = find_protection(&self.knowledge, self.suppressed[at].cell, start) else { return false };
        for cell in protection.hidden {
            self.knowledge.cells[cell].state = CellState::Withheld;
            self.knowledge.cells[cell].cost = None;
            self.add_suppressed(cell);
        }
        let index = self.alternatives.len();
        for hidden in self.suppressed.iter_mut().filter(|hidden| hidden.alternative.is_none()) {
            if cell_change(&self.knowledge, &protection.alternative, hidden.cell) != 0 {
                hidden.alternative = Some(index);
            }
        }
        self.alternatives.push(Some(protection.alternative));
        true
    }

    /// Withholds axes whole in the batch's periods, so that not even their values are listed. False where that changes nothing.
    fn withhold_axes(&mut self, batch: &[Publication], first_new: usize, axes: impl Fn(usize) -> bool) -> bool {
        let ledger = self.knowledge.ledger;
        let mut changed = false;
        for publication in batch {
            if ledger.axes[publication.axis].is_personal && axes(publication.axis) {
                changed |= self.withheld_axes.insert((publication.period, publication.axis));
            }
        }
        if changed {
            for at in first_new..self.knowledge.cells.len() {
                let axis = ledger.parts[self.knowledge.cells[at].part].axis;
                if !ledger.axes[axis].is_personal || !axes(axis) {
                    continue;
                }
                let cell = &mut self.knowledge.cells[at];
                cell.state = CellState::Unlisted;
                cell.listed = false;
                cell.cost = None;
                if cell.value != 0 {
                    self.add_suppressed(at);
                }
            }
        }
        changed
    }
}
