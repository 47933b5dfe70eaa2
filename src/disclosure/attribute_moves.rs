//! What could be otherwise: persons with other values of attributes.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use hashbrown::HashMap;
use rayon::prelude::*;

use crate::indicators::{Key, PartKey};
use crate::model::{AxisSide, PersonId};

use super::axis_key::{age_key, value_key};
use super::cells::{CellState, Cells};
use super::contributions::{AttributeChange, CellKey, PersonContributions};
use super::ledger::Ledger;

/// How many persons of a large register are tried.
const MAX_PERSONS: usize = 3_000;
/// How many persons are tried who are alike in all that is published.
const MAX_ALIKE: usize = 6;
/// How many moves are tried that repair one number.
const MAX_MOVES: usize = 120;
/// How many persons of a large register are tried with other values of two attributes.
const MAX_PERSONS_IN_PAIRS: usize = 100;
/// How many pairs of values are tried.
const MAX_PAIRS: usize = 200;

/// A person with another value of an attribute, or of two.
#[derive(Clone, Debug)]
pub(super) struct Move {
    pub change: Rc<PersonChange>,
    /// By how much published numbers would differ, in order of cells.
    pub delta: Vec<(usize, i64)>,
    /// The first move with this `delta`.
    pub alike: usize,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PersonChange {
    pub person: PersonId,
    pub values: Vec<AttributeChange>,
}

/// The moves that a batch considers. All depends on rows up to its end alone, so that later data changes no earlier report.
#[derive(Default)]
pub(super) struct Moves {
    pub all: Vec<Move>,
    /// By cell: moves that raise it, and moves that lower it.
    raising: Vec<Vec<usize>>,
    lowering: Vec<Vec<usize>>,
}

/// A person, changes of the person's values, and what they change in the cells.
type PossibleMove = (PersonId, Vec<AttributeChange>, Vec<(CellKey, i64)>);

impl Moves {
    /// Moves of one value among the persons up to a batch; `wanted` are some who must be among them.
    pub fn new(cells: &mut Cells, batch: usize, wanted: &BTreeSet<PersonId>) -> Moves {
        let singles = single_changes(cells);
        Moves::of_changes(cells, batch, wanted, MAX_PERSONS, &singles)
    }

    /// Moves of one value or of two, of fewer persons.
    pub fn with_pairs(cells: &mut Cells, batch: usize, wanted: &BTreeSet<PersonId>) -> Moves {
        let singles = single_changes(cells);
        let mut changes = singles.clone();
        for (at, first) in singles.iter().flatten().enumerate() {
            let others = singles[at..].iter().flatten().filter(|second| second.side != first.side);
            changes.extend(others.map(|second| vec![*first, *second]));
        }
        changes.truncate(singles.len() + MAX_PAIRS);
        Moves::of_changes(cells, batch, wanted, MAX_PERSONS_IN_PAIRS, &changes)
    }

    fn of_changes(
        cells: &mut Cells,
        batch: usize,
        wanted: &BTreeSet<PersonId>,
        most_persons: usize,
        changes: &[Vec<AttributeChange>],
    ) -> Moves {
        let ledger = cells.ledger;
        let persons = choose_persons(ledger, batch, wanted, most_persons);
        let possible = persons.par_iter().flat_map_iter(|own| {
            changes.iter().filter_map(move |changes| {
                let delta = own.difference(changes);
                (!delta.is_empty()).then(|| (own.person, changes.clone(), delta))
            })
        });
        let possible: Vec<PossibleMove> = possible.collect();
        let mut moves = Moves::default();
        let mut first: HashMap<Vec<(usize, i64)>, usize> = HashMap::new();
        for (person, values, delta) in possible {
            let delta = to_cells(cells, delta);
            let alike = *first.entry_ref(delta.as_slice()).or_insert(moves.all.len());
            moves.all.push(Move { change: Rc::new(PersonChange { person, values }), delta, alike });
        }
        moves.raising.resize_with(cells.len(), Vec::new);
        moves.lowering.resize_with(cells.len(), Vec::new);
        // The lightest first: they disturb least.
        let mut order: Vec<usize> = (0..moves.all.len()).collect();
        order.sort_by_key(|at| moves.all[*at].delta.len());
        for at in order {
            for &(cell, by) in &moves.all[at].delta {
                let found = if by > 0 { &mut moves.raising[cell] } else { &mut moves.lowering[cell] };
                if found.len() < MAX_MOVES {
                    found.push(at);
                }
            }
        }
        moves
    }

    /// Moves that change a cell in the direction of `by`.
    pub fn changing(&self, cell: usize, by: i64) -> &[usize] {
        let found = if by > 0 { &self.raising } else { &self.lowering };
        found.get(cell).map_or(&[], Vec::as_slice)
    }
}

/// By how much published numbers differ with some persons changed.
pub(super) fn delta_of(cells: &mut Cells, batch: usize, changes: &[Rc<PersonChange>]) -> Vec<(usize, i64)> {
    let ledger = cells.ledger;
    let mut sum: BTreeMap<usize, i64> = BTreeMap::new();
    for change in changes {
        let delta = PersonContributions::new(ledger, change.person, batch).difference(&change.values);
        to_cells(cells, delta).into_iter().for_each(|(cell, by)| *sum.entry(cell).or_default() += by);
    }
    sum.into_iter().filter(|(_, by)| *by != 0).collect()
}

fn to_cells(cells: &mut Cells, delta: Vec<(CellKey, i64)>) -> Vec<(usize, i64)> {
    let mut delta: Vec<(usize, i64)> = delta.into_iter().map(|(key, by)| (cells.find_or_add(key), by)).collect();
    delta.sort_unstable();
    delta
}

fn single_changes(cells: &Cells) -> Vec<Vec<AttributeChange>> {
    occurring_values(cells).into_iter().map(|(side, key)| vec![AttributeChange { side, key }]).collect()
}

/// The values of attributes that readers have seen occur. Nobody is thought to have several values at once.
fn occurring_values(cells: &Cells) -> Vec<(AxisSide, Key)> {
    let ledger = cells.ledger;
    let mut found = BTreeSet::new();
    for at in 0..cells.len() {
        let cell = cells.get(at);
        let Some((first, second)) = ledger.axes[cell.key.axis as usize].spec else { continue };
        if cell.state == CellState::Future || cell.value == 0 {
            continue;
        }
        match (cell.key.part, second) {
            (PartKey::Crossed(key, other), Some(second)) => found.extend([(first, key), (second, other)]),
            (PartKey::One(key) | PartKey::Crossed(key, _), _) => found.extend([(first, key)]),
        }
    }
    found.retain(|(side, key)| ledger.attributes.contains(side) && *key != Key::Several);
    for side in &ledger.attributes {
        // Where all are alike, somebody may be otherwise as soon as no axis says that nobody is.
        if found.iter().filter(|(other, _)| other == side).count() < 2 {
            let other = if found.contains(&(*side, Key::Unknown)) { Key::Several } else { Key::Unknown };
            found.insert((*side, other));
        }
    }
    found.into_iter().collect()
}

/// Persons with what they add to the published numbers, so many as are tried; in an order that only content decides.
fn choose_persons<'a>(
    ledger: &'a Ledger<'a>,
    batch: usize,
    wanted: &BTreeSet<PersonId>,
    most: usize,
) -> Vec<PersonContributions<'a>> {
    let mut persons = ledger.persons_up_to(ledger.ends[batch]);
    let code = |person: PersonId| ledger.project.persons.rows[person.0 as usize].code.as_str();
    persons.sort_by_cached_key(|&(person, rows)| (!wanted.contains(&person), rows, code(person)));
    if persons.len() > most {
        let mut alike: BTreeMap<(Vec<Key>, usize), usize> = BTreeMap::new();
        persons.retain(|&(person, rows)| {
            let seen = alike.entry((first_keys(ledger, person, batch), rows)).or_default();
            *seen += 1;
            *seen <= MAX_ALIKE || wanted.contains(&person)
        });
        persons.truncate(most);
    }
    let own = |&(person, _): &(PersonId, usize)| PersonContributions::new(ledger, person, batch);
    let mut chosen: Vec<PersonContributions> = persons.par_iter().map(own).collect();
    let mut alike: HashMap<Vec<(CellKey, i64)>, usize> = HashMap::new();
    chosen.retain(|own| {
        let seen = alike.entry_ref(own.added.as_slice()).or_default();
        *seen += 1;
        *seen <= MAX_ALIKE
    });
    chosen
}

/// The values of all attributes at a person's first attendance.
fn first_keys(ledger: &Ledger, person: PersonId, batch: usize) -> Vec<Key> {
    let project = ledger.project;
    let Some(&(day, row)) = ledger.rows_up_to(person, ledger.ends[batch]).first() else { return Vec::new() };
    let state = project.persons.state(project.persons.attendances[row as usize].state);
    let key = |side: &AxisSide| match side {
        AxisSide::Person(column) => value_key(&state.values, *column),
        AxisSide::Age => age_key(project, state, day),
        AxisSide::Activity(_) | AxisSide::Counted(_) => Key::Unknown,
    };
    ledger.attributes.iter().map(key).collect()
}
