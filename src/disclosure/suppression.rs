//! Suppression, batch of periods after batch: primary of small numbers, then secondary of others, until the audit finds that
//! no suppressed number can be derived.

use std::collections::{BTreeMap, BTreeSet};

use crate::indicators::{PartKey, Scope};
use crate::model::{Axis, AxisSide, IndicatorId, Period, PersonId};

use super::attribute_moves::{Moves, delta_of};
use super::audit::{Alternative, Protection, find_protection, is_consistent};
use super::cells::{Cell, CellState, Cells};
use super::contributions::CellKey;
use super::determined::KnownNumbers;
use super::ledger::{CountUnit, Ledger, transpose};

/// What suppressing one more number costs: the fewest numbers are best, then the smallest; zeros are dearest, numbers of parts
/// that are suppressed in an earlier period cheapest.
const CELL_COST: u64 = 1_000_000;
const ZERO_CELL_COST: u64 = 3_000_000;
const SUPPRESSED_BEFORE_COST: u64 = 500_000;
/// Of a number that is shown as `<5`: not even that is shown then.
const BELOW_CELL_COST: u64 = 100_000;

/// What is shown of each number of a ledger.
pub(super) struct SuppressionPattern<'a> {
    cells: Cells<'a>,
}

impl SuppressionPattern<'_> {
    /// The attributes that break persons down on some axis with a limit.
    pub fn attributes(&self) -> &[AxisSide] {
        &self.cells.ledger.attributes
    }

    /// What is shown of a part of an axis that isn't withheld; withheld where no report shows it.
    pub fn state(&self, id: IndicatorId, axis: &Axis, key: PartKey, period: &Period, scope: Scope) -> CellState {
        let ledger = self.cells.ledger;
        let found = ledger.find_axis(id, axis).and_then(|(axis, transposed)| {
            let span = ledger.find_span(axis, period, scope)?;
            let (axis, span, part) = (axis as u32, span as u32, transpose(key, transposed));
            self.cells.find(CellKey { axis, span, part, value: 0 })
        });
        match found {
            Some(at) => self.cells.get(at).state,
            // Where values are distinguished, an axis is shown or withheld as a whole.
            None if ledger.counts.iter().any(|count| count.id == id && count.unit.is_values()) => CellState::Shown,
            None => CellState::Withheld,
        }
    }

    /// Whether an axis is withheld whole in a period, or not published at all.
    pub fn is_axis_withheld(&self, id: IndicatorId, axis: &Axis, period: &Period) -> bool {
        let ledger = self.cells.ledger;
        let batch = ledger.ends.iter().position(|end| *end == period.end);
        match (ledger.find_axis(id, axis), batch) {
            (Some((axis, _)), Some(batch)) => {
                self.cells.is_withheld(axis, batch) || !ledger.axes[axis].is_published(batch)
            }
            _ => true,
        }
    }
}

/// Decides what is shown of each number of a ledger.
pub(super) fn suppress<'a>(ledger: &'a Ledger<'a>) -> SuppressionPattern<'a> {
    let mut suppressor = Suppressor {
        cells: Cells::new(ledger),
        batch: 0,
        moves: Moves::default(),
        pair_moves: None,
        known: None,
        wanted: BTreeSet::new(),
        suppressed: Vec::new(),
        alternatives: Vec::new(),
        suppressed_before: BTreeSet::new(),
    };
    for batch in 0..ledger.ends.len() {
        suppressor.suppress_batch(batch);
    }
    SuppressionPattern { cells: suppressor.cells }
}

struct Suppressor<'a> {
    cells: Cells<'a>,
    batch: usize,
    moves: Moves,
    /// Moves of two values, once a number needs them in the batch.
    pair_moves: Option<Moves>,
    /// What stays known in the batch, once that is asked.
    known: Option<KnownNumbers>,
    /// Persons behind suppressed numbers.
    wanted: BTreeSet<PersonId>,
    suppressed: Vec<SuppressedCell>,
    alternatives: Vec<Option<Alternative>>,
    /// Parts of an axis with a number suppressed in an earlier batch, and whether that is a cumulative value.
    suppressed_before: BTreeSet<(u32, PartKey, bool)>,
}

#[derive(Clone)]
struct SuppressedCell {
    cell: usize,
    /// The alternative that proves it safe, by index.
    alternative: Option<usize>,
    /// It can be derived from totals and earlier reports, whatever else is suppressed.
    is_unprotected: bool,
}

impl Suppressor<'_> {
    fn suppress_batch(&mut self, batch: usize) {
        self.batch = batch;
        self.cells.revealed = batch + 1;
        self.suppress_primary();
        if !self.suppressed.is_empty() {
            let hidden = self.suppressed.iter().map(|hidden| self.cells.get(hidden.cell));
            self.wanted = hidden.flat_map(|cell| &cell.some_persons).copied().collect();
            self.moves = Moves::new(&mut self.cells, batch, &self.wanted);
            self.pair_moves = None;
            self.known = None;
            self.recheck_alternatives();
            self.suppress_secondary();
        }
        // What is released doesn't change any more.
        for at in 0..self.cells.len() {
            let level = self.is_level(self.cells.get(at));
            let cell = self.cells.get_mut(at);
            cell.cost = None;
            if matches!(cell.state, CellState::Below | CellState::Withheld | CellState::Unlisted) {
                self.suppressed_before.insert((cell.key.axis, cell.key.part, level));
            }
        }
    }

    fn is_level(&self, cell: &Cell) -> bool {
        self.cells.ledger.axes[cell.key.axis as usize].spans[cell.key.span as usize].is_level
    }

    /// The cumulative value of a part in the batch.
    fn level_value(&self, key: CellKey) -> i64 {
        let mut spans = self.cells.ledger.axes[key.axis as usize].spans.iter();
        let level = spans.position(|span| span.is_level && span.batch == self.batch);
        let cell = level.and_then(|span| self.cells.find(CellKey { span: span as u32, ..key }));
        cell.map_or(0, |at| self.cells.get(at).value)
    }

    /// Makes the numbers of a batch known: small ones suppressed, the others shown until that must change.
    fn suppress_primary(&mut self) {
        let ledger = self.cells.ledger;
        let mut is_small = BTreeMap::new();
        for (at, axis) in ledger.axes.iter().enumerate().filter(|(_, axis)| axis.is_published(self.batch)) {
            let spans = axis.spans.iter().enumerate().filter(|(_, span)| span.batch == self.batch);
            let few = |span: usize| (1..axis.limit).contains(&self.cells.persons_behind(at, span));
            let small: Vec<(usize, bool)> = spans.map(|(span, _)| (span, few(span))).collect();
            let is_withheld = small.iter().any(|&(span, few)| few && axis.spans[span].is_level)
                || self.cells.has_small_part(at, self.batch);
            if is_withheld {
                self.cells.withhold(at, self.batch);
            }
            for (span, few) in small {
                is_small.insert((at as u32, span as u32), few);
                let listed = axis.listings[span].parts.iter().filter(|_| !ledger.counts[axis.count].unit.is_values());
                for &part in listed {
                    self.cells.find_or_add(CellKey { axis: at as u32, span: span as u32, part, value: 0 });
                }
            }
        }
        for at in 0..self.cells.len() {
            if self.cells.batch_of(self.cells.get(at).key) == self.batch {
                let key = self.cells.get(at).key;
                self.release_cell(at, is_small.get(&(key.axis, key.span)).copied().unwrap_or_default());
            }
        }
    }

    fn release_cell(&mut self, at: usize, is_span_small: bool) {
        let ledger = self.cells.ledger;
        let cell = self.cells.get(at);
        let axis = &ledger.axes[cell.key.axis as usize];
        let is_listed = axis.listings[cell.key.span as usize].parts.contains(&cell.key.part);
        let is_open = axis.limit == 0;
        let is_small = (1..axis.limit).contains(&cell.persons);
        let is_withheld = self.cells.is_withheld(cell.key.axis as usize, self.batch);
        let state = match () {
            () if is_withheld => CellState::Unlisted,
            () if is_open || !is_listed || !cell.is_number => CellState::Shown,
            () if is_span_small => CellState::Withheld,
            () if is_small && cell.value < i64::from(axis.limit) => CellState::Below,
            () if is_small => CellState::Withheld,
            () => CellState::Shown,
        };
        // A line is printed where somebody was counted by then, or was served without ever being counted in that part.
        let tells_occurrence = self.is_level(cell) || self.level_value(cell.key) == 0;
        let is_known_to_occur = is_listed && !is_withheld && tells_occurrence && cell.value > 0;
        let can_be_suppressed = is_listed && !is_open && !is_withheld && cell.is_number;
        let cell = self.cells.get_mut(at);
        cell.state = state;
        cell.is_listed = is_known_to_occur;
        let cost = self.suppression_cost(at).filter(|_| can_be_suppressed);
        let cell = self.cells.get_mut(at);
        cell.cost = cost;
        let is_hidden = matches!(state, CellState::Below | CellState::Withheld)
            || state == CellState::Unlisted && cell.value != 0 && cell.is_number;
        if is_hidden {
            self.add_suppressed(at);
        }
    }

    fn suppression_cost(&self, at: usize) -> Option<u64> {
        let cell = self.cells.get(at);
        let size = u64::try_from(cell.value).unwrap_or(0).min(CELL_COST / 4);
        match cell.state {
            CellState::Shown
                if self.suppressed_before.contains(&(cell.key.axis, cell.key.part, self.is_level(cell))) =>
            {
                Some(SUPPRESSED_BEFORE_COST + size)
            }
            CellState::Shown if cell.value == 0 => Some(ZERO_CELL_COST),
            CellState::Shown => Some(CELL_COST + size),
            CellState::Below => Some(BELOW_CELL_COST + size),
            CellState::Future | CellState::Withheld | CellState::Unlisted => None,
        }
    }

    fn add_suppressed(&mut self, cell: usize) {
        if !self.suppressed.iter().any(|hidden| hidden.cell == cell) {
            self.suppressed.push(SuppressedCell { cell, alternative: None, is_unprotected: false });
        }
    }

    /// Extends alternatives of earlier batches to the new numbers, and protects anew what a contradicted one proved safe.
    fn recheck_alternatives(&mut self) {
        for at in 0..self.alternatives.len() {
            let Some(old) = self.alternatives[at].take() else { continue };
            let delta = delta_of(&mut self.cells, self.batch, &old.changes);
            let extended = Alternative { changes: old.changes, delta };
            if is_consistent(&self.cells, &extended) {
                self.alternatives[at] = Some(extended);
                continue;
            }
            let unproved = |hidden: &SuppressedCell| hidden.alternative == Some(at);
            let unproved: Vec<usize> =
                (0..self.suppressed.len()).filter(|hidden| unproved(&self.suppressed[*hidden])).collect();
            unproved.iter().for_each(|hidden| self.suppressed[*hidden].alternative = None);
            for hidden in unproved {
                if self.suppressed[hidden].alternative.is_none() {
                    self.protect_cell(hidden, Some(&extended));
                }
            }
        }
    }

    /// Suppresses what is needed until every suppressed number has an alternative.
    fn suppress_secondary(&mut self) {
        while let Some(at) =
            self.suppressed.iter().position(|hidden| hidden.alternative.is_none() && !hidden.is_unprotected)
        {
            let ledger = self.cells.ledger;
            let axis = self.cells.get(self.suppressed[at].cell).key.axis as usize;
            let is_protected = self.find_single_protection(at, None)
                || !self.is_determined(at)
                    && (self.find_pair_protection(at, None)
                        || self.withhold_axes(|other| other == axis) && self.protect_cell(at, None)
                        || self.withhold_if_it_helps(at, |other| ledger.share_attribute(axis, other))
                        || self.withhold_if_it_helps(at, |_| true));
            self.suppressed[at].is_unprotected = !is_protected;
        }
    }

    /// Finds an alternative for a suppressed number, suppressing what it costs. False where there is none.
    fn protect_cell(&mut self, at: usize, start: Option<&Alternative>) -> bool {
        self.find_single_protection(at, start) || self.find_pair_protection(at, start)
    }

    /// An alternative in which each person has one other value at most.
    fn find_single_protection(&mut self, at: usize, start: Option<&Alternative>) -> bool {
        let found = find_protection(&self.cells, &self.moves, self.suppressed[at].cell, start);
        found.is_some_and(|protection| self.take_protection(protection))
    }

    /// An alternative in which some may have two.
    fn find_pair_protection(&mut self, at: usize, start: Option<&Alternative>) -> bool {
        let moves = self.take_pair_moves();
        let found = find_protection(&self.cells, &moves, self.suppressed[at].cell, start);
        self.pair_moves = Some(moves);
        found.is_some_and(|protection| self.take_protection(protection))
    }

    fn take_protection(&mut self, protection: Protection) -> bool {
        for cell in protection.hidden {
            let hidden = self.cells.get_mut(cell);
            hidden.state = CellState::Withheld;
            hidden.cost = None;
            self.add_suppressed(cell);
        }
        let index = self.alternatives.len();
        for hidden in self.suppressed.iter_mut().filter(|hidden| hidden.alternative.is_none()) {
            if protection.alternative.change_of(hidden.cell) != 0 {
                hidden.alternative = Some(index);
            }
        }
        self.alternatives.push(Some(protection.alternative));
        true
    }

    /// Whether totals and earlier reports reveal a suppressed number, so that withholding more wouldn't help.
    fn is_determined(&mut self, at: usize) -> bool {
        if self.known.is_none() {
            let pairs = self.take_pair_moves();
            self.known = Some(KnownNumbers::new(&self.cells, self.batch, [&self.moves, &pairs]));
            self.pair_moves = Some(pairs);
        }
        self.known.as_ref().is_some_and(|known| known.determine(self.suppressed[at].cell))
    }

    fn take_pair_moves(&mut self) -> Moves {
        let moves = self.pair_moves.take();
        moves.unwrap_or_else(|| Moves::with_pairs(&mut self.cells, self.batch, &self.wanted))
    }

    /// Withholds axes for a suppressed number, and shows them again where that doesn't protect it.
    fn withhold_if_it_helps(&mut self, at: usize, axes: impl Fn(usize) -> bool) -> bool {
        let (cells, suppressed) = (self.cells.save(), self.suppressed.clone());
        if self.withhold_axes(axes) && self.protect_cell(at, None) {
            return true;
        }
        self.cells.restore(cells);
        self.suppressed = suppressed;
        false
    }

    /// Withholds axes whole in the batch, so that not even their values are listed. False where that changes nothing.
    fn withhold_axes(&mut self, axes: impl Fn(usize) -> bool) -> bool {
        let ledger = self.cells.ledger;
        let mut has_changed = false;
        for (at, axis) in ledger.axes.iter().enumerate() {
            if axis.limit > 0 && axis.is_published(self.batch) && axes(at) {
                has_changed |= self.cells.withhold(at, self.batch);
            }
        }
        for at in 0..self.cells.len() {
            let key = self.cells.get(at).key;
            let is_withheld = self.cells.is_withheld(key.axis as usize, self.batch);
            if self.cells.batch_of(key) != self.batch || !is_withheld {
                continue;
            }
            let cell = self.cells.get_mut(at);
            cell.state = CellState::Unlisted;
            cell.is_listed = false;
            cell.cost = None;
            if cell.value != 0 && cell.is_number {
                self.add_suppressed(at);
            }
        }
        has_changed
    }
}

impl CountUnit {
    fn is_values(self) -> bool {
        matches!(self, CountUnit::Values(_))
    }
}
