//! Which numbers follow from others as sums of their multiples, so that nothing which a batch withholds can keep them.
//!
//! Every other set of data is made of changes of persons. A number is determined by known ones if, as a row over all these
//! changes, it is a combination of their rows. Rows are compared after they are multiplied by a random matrix, in whole numbers
//! modulo a prime: rows that aren't combinations pass for such with a chance that can be neglected.

use hashbrown::HashMap;

use super::attribute_moves::{Move, Moves};
use super::cells::{CellState, Cells};

/// 2^61 - 1, a prime.
const PRIME: u64 = (1 << 61) - 1;
/// How many columns there are more than known numbers could fill.
const SPARE_COLUMNS: usize = 8;
/// How many products are worth the answer; beyond, nothing counts as determined.
const MAX_PRODUCTS: usize = 60_000_000;

/// The numbers that stay known in a batch whatever it withholds: those of earlier batches, totals, and axes that are open.
#[derive(Default)]
pub(super) struct KnownNumbers {
    /// Each cell's row, multiplied by the random matrix.
    rows: HashMap<usize, Vec<u64>>,
    /// A basis of the known rows, each with its first column that isn't zero, where it is one.
    basis: Vec<(usize, Vec<u64>)>,
}

impl KnownNumbers {
    /// Over the changes in `moves`, a batch's.
    pub fn new(cells: &Cells, batch: usize, moves: [&Moves; 2]) -> KnownNumbers {
        let is_known = |at: usize| {
            let cell = cells.get(at);
            let stays = cells.batch_of(cell.key) < batch || cells.limit(at) == 0;
            cell.state == CellState::Shown && stays && cell.is_number
        };
        let all = || moves.iter().flat_map(|moves| &moves.all);
        let mut known: Vec<usize> = all().flat_map(|made| &made.delta).map(|(cell, _)| *cell).collect();
        let entries = known.len();
        known.retain(|at| is_known(*at));
        known.sort_unstable();
        known.dedup();
        let columns = known.len() + SPARE_COLUMNS;
        let mut numbers = KnownNumbers::default();
        if entries * columns > MAX_PRODUCTS {
            return numbers;
        }
        numbers.rows = multiplied_rows(all(), columns);
        for cell in known {
            let row = numbers.reduced(&numbers.rows[&cell]);
            if let Some(first) = row.iter().position(|value| *value != 0) {
                let scale = inverse(row[first]);
                numbers.basis.push((first, row.iter().map(|value| multiply(*value, scale)).collect()));
            }
        }
        numbers
    }

    /// Whether a number follows from the known ones.
    pub fn determine(&self, cell: usize) -> bool {
        self.rows.get(&cell).is_some_and(|row| self.reduced(row).iter().all(|value| *value == 0))
    }

    /// What is left of a row without its part in the basis.
    fn reduced(&self, row: &[u64]) -> Vec<u64> {
        let mut row = row.to_vec();
        for (first, known) in &self.basis {
            let factor = row[*first];
            if factor != 0 {
                for (value, by) in row.iter_mut().zip(known) {
                    *value = add(*value, PRIME - multiply(factor, *by));
                }
            }
        }
        row
    }
}

fn multiplied_rows<'m>(moves: impl Iterator<Item = &'m Move>, columns: usize) -> HashMap<usize, Vec<u64>> {
    let mut rows: HashMap<usize, Vec<u64>> = HashMap::new();
    let mut random = 0_u64;
    for made in moves {
        let weights: Vec<u64> = (0..columns).map(|_| next_random(&mut random)).collect();
        for &(cell, by) in &made.delta {
            let by = by.rem_euclid(PRIME as i64) as u64;
            let row = rows.entry(cell).or_insert_with(|| vec![0; columns]);
            for (value, weight) in row.iter_mut().zip(&weights) {
                *value = add(*value, multiply(by, *weight));
            }
        }
    }
    rows
}

/// The next number of a fixed sequence without a pattern (SplitMix64, by Sebastiano Vigna).
fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) % PRIME
}

fn add(a: u64, b: u64) -> u64 {
    let sum = a + b;
    if sum >= PRIME { sum - PRIME } else { sum }
}

/// Without a division: 2^61 is 1 modulo the prime, so the bits above count like those below.
fn multiply(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    add(product as u64 & PRIME, (product >> 61) as u64)
}

/// By Fermat's little theorem.
fn inverse(value: u64) -> u64 {
    let (mut result, mut base, mut exponent) = (1, value, PRIME - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = multiply(result, base);
        }
        base = multiply(base, base);
        exponent >>= 1;
    }
    result
}
