//! Settles one ledger, period after period: which of its numbers are shown, and which are hidden.

use std::collections::{BTreeMap, BTreeSet};

use super::board::{Board, State};
use super::ledger::{Ledger, Publication};
use super::witness::{Witness, agrees, difference, escape};

/// What hiding one more number costs. Fewest first, then the smallest; zeros last, those hidden in an earlier period first.
const ANOTHER: u64 = 1_000_000;
const ANOTHER_ZERO: u64 = 3_000_000;
const HIDDEN_BEFORE: u64 = 500_000;
/// Of a number that is hidden as small already: not even that is told.
const NOT_EVEN_BELOW: u64 = 100_000;

/// What is shown of each cell of a ledger.
pub(super) struct Verdicts {
    cells: BTreeMap<(usize, usize, usize), State>,
    /// Periods and axes that are withheld whole.
    silent: BTreeSet<(usize, usize)>,
}

impl Verdicts {
    /// What is shown of a part from one slot to another; withheld where nothing was settled.
    pub fn state(&self, part: usize, (from, to): (usize, usize)) -> State {
        self.cells.get(&(part, from, to)).copied().unwrap_or(State::Withheld)
    }

    pub fn is_silent(&self, period: usize, axis: usize) -> bool {
        self.silent.contains(&(period, axis))
    }
}

pub(super) fn settle(ledger: &Ledger) -> Verdicts {
    let mut settling = Settling {
        board: Board::new(ledger),
        hidden: Vec::new(),
        witnesses: Vec::new(),
        hidden_before: BTreeSet::new(),
        silent: BTreeSet::new(),
    };
    for batch in &ledger.batches {
        settling.batch(batch);
    }
    let cells = &settling.board.cells;
    let cells = cells.iter().map(|cell| ((cell.part, cell.from, cell.to), cell.state)).collect();
    Verdicts { cells, silent: settling.silent }
}

struct Settling<'a> {
    board: Board<'a>,
    hidden: Vec<Hidden>,
    witnesses: Vec<Option<Witness>>,
    /// Parts, and whether their cumulative value or another.
    hidden_before: BTreeSet<(usize, bool)>,
    silent: BTreeSet<(usize, usize)>,
}

struct Hidden {
    cell: usize,
    /// By index.
    witness: Option<usize>,
    /// It follows from what stands (totals, earlier reports), whatever else is hidden.
    lost: bool,
}

impl Settling<'_> {
    fn batch(&mut self, batch: &[Publication]) {
        let slots: Vec<usize> =
            batch.iter().flat_map(|publication| &publication.spans).flat_map(|span| [span.from, span.to]).collect();
        let mut touched = self.board.reach(&slots);
        slots.iter().for_each(|slot| touched[*slot] = true);
        let first_new = self.board.cells.len();
        for publication in batch {
            self.publish(publication);
        }
        self.review(&touched);
        self.protect(batch, first_new);
        for at in first_new..self.board.cells.len() {
            let cell = &mut self.board.cells[at];
            cell.price = None;
            if cell.state == State::Shown {
                self.board.tie(at);
            } else {
                self.hidden_before.insert((cell.part, cell.from == 0));
            }
        }
    }

    /// Puts the numbers of one axis in one period on the board: small ones hidden, the others shown until that must change.
    fn publish(&mut self, publication: &Publication) {
        let ledger = self.board.ledger;
        let axis = &ledger.axes[publication.axis];
        let is_level = |span: &super::ledger::Span| (span.from, span.to) == (0, publication.end);
        let silent =
            axis.concerns_persons && publication.spans.iter().any(|span| is_level(span) && ledger.is_small(span.total));
        if silent {
            self.silent.insert((publication.period, publication.axis));
        }
        for span in &publication.spans {
            for part in axis.parts.clone() {
                let listed = publication.listed.contains(&part);
                let known = self.board.cell(part, span.from, span.to);
                if let Some(known) = known {
                    if !listed {
                        self.board.cells[known].price = None;
                    }
                    continue;
                }
                let value = ledger.parts[part].values[span.to] - ledger.parts[part].values[span.from];
                if !listed && (silent || value != 0) {
                    continue;
                }
                let state = if !axis.concerns_persons || !listed {
                    State::Shown
                } else if silent {
                    State::Silent
                } else if ledger.is_small(span.total) {
                    State::Withheld
                } else if ledger.is_small(value) {
                    State::Below
                } else {
                    State::Shown
                };
                let known_to_occur = listed && !silent && is_level(span) && value > 0;
                let at = self.board.add(part, span.from, span.to, state, known_to_occur);
                if axis.concerns_persons && listed {
                    self.board.cells[at].price = self.price(at);
                }
                if state != State::Shown {
                    self.hide(at);
                }
            }
        }
    }

    fn price(&self, at: usize) -> Option<u64> {
        let cell = &self.board.cells[at];
        let size = u64::try_from(cell.value).unwrap_or(0).min(ANOTHER / 4);
        match cell.state {
            State::Shown if self.hidden_before.contains(&(cell.part, cell.from == 0)) => Some(HIDDEN_BEFORE + size),
            State::Shown if cell.value == 0 => Some(ANOTHER_ZERO),
            State::Shown => Some(ANOTHER + size),
            State::Below => Some(NOT_EVEN_BELOW + size),
            State::Withheld | State::Silent => None,
        }
    }

    fn hide(&mut self, cell: usize) {
        if !self.hidden.iter().rev().any(|hidden| hidden.cell == cell) {
            self.hidden.push(Hidden { cell, witness: None, lost: false });
        }
    }

    /// Drops witnesses of earlier batches that what is new contradicts; what they stood for is looked at again.
    fn review(&mut self, touched: &[bool]) {
        for at in 0..self.witnesses.len() {
            let Some(witness) = &self.witnesses[at] else { continue };
            if witness.iter().any(|(_, slot, _)| touched[*slot]) && !agrees(&self.board, witness) {
                self.mend(at);
            }
        }
    }

    /// Looks for a way for the numbers of a contradicted witness that begins where the old one was.
    fn mend(&mut self, at: usize) {
        let Some(old) = self.witnesses[at].take() else { return };
        let orphans: Vec<usize> =
            (0..self.hidden.len()).filter(|hidden| self.hidden[*hidden].witness == Some(at)).collect();
        for &orphan in &orphans {
            self.hidden[orphan].witness = None;
        }
        for orphan in orphans {
            if self.hidden[orphan].witness.is_none() {
                self.free(orphan, Some(&old));
            }
        }
    }

    /// Hides what is needed until every hidden number has a witness.
    fn protect(&mut self, batch: &[Publication], first_new: usize) {
        while let Some(at) = self.hidden.iter().position(|hidden| hidden.witness.is_none() && !hidden.lost) {
            if self.free(at, None) {
                continue;
            }
            let axis = self.board.ledger.parts[self.board.cells[self.hidden[at].cell].part].axis;
            let all = |_: usize| true;
            if self.silence(batch, first_new, |other| other == axis) && self.free(at, None) {
                continue;
            }
            if self.silence(batch, first_new, all) && self.free(at, None) {
                continue;
            }
            self.hidden[at].lost = true;
        }
    }

    /// Finds a witness for a hidden number, hiding what that costs. False where there is none.
    fn free(&mut self, at: usize, start: Option<&Witness>) -> bool {
        let Some(escape) = escape(&self.board, self.hidden[at].cell, start) else { return false };
        for cell in escape.hidden {
            self.board.cells[cell].state = State::Withheld;
            self.board.cells[cell].price = None;
            self.hide(cell);
        }
        let index = self.witnesses.len();
        for hidden in self.hidden.iter_mut().filter(|hidden| hidden.witness.is_none()) {
            if difference(&self.board, &escape.witness, hidden.cell) != 0 {
                hidden.witness = Some(index);
            }
        }
        self.witnesses.push(Some(escape.witness));
        true
    }

    /// Withholds axes whole in the batch's periods, so that not even their values are told. False where that changes nothing.
    fn silence(&mut self, batch: &[Publication], first_new: usize, axes: impl Fn(usize) -> bool) -> bool {
        let ledger = self.board.ledger;
        let mut changed = false;
        for publication in batch {
            if ledger.axes[publication.axis].concerns_persons && axes(publication.axis) {
                changed |= self.silent.insert((publication.period, publication.axis));
            }
        }
        if changed {
            for at in first_new..self.board.cells.len() {
                let axis = ledger.parts[self.board.cells[at].part].axis;
                if !ledger.axes[axis].concerns_persons || !axes(axis) {
                    continue;
                }
                let cell = &mut self.board.cells[at];
                cell.state = State::Silent;
                cell.listed = false;
                cell.price = None;
                if cell.value != 0 {
                    self.hide(at);
                }
            }
        }
        changed
    }
}
