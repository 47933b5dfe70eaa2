//! Columns of a sheet that the contract doesn't know: which of them hold several values in a cell, and what parts these.

use std::collections::{BTreeMap, BTreeSet};

use super::MAX_VALUES;
use crate::fold;
use crate::ingest::cell;
use crate::ingest::column_builder::FEWEST_ALONE;
use crate::ingest::table::joined_parts;
use crate::ingest::workbook::{Projection, Workbook};

/// What may part values where it isn't followed or led by a value, in the order in which it is looked for.
const SEPARATORS: [&str; 3] = [",", "/", "|"];

/// The texts of own columns, by heading, each with the number of cells that hold it.
#[derive(Default)]
pub(super) struct OwnTexts {
    /// By folded text: as it was first written, and in how many cells.
    by_heading: BTreeMap<String, BTreeMap<String, (String, u64)>>,
}

impl OwnTexts {
    /// Adds the rows of a sheet below its row of headings; `columns` are its own columns' numbers and headings.
    pub fn collect(&mut self, book: &mut Workbook, sheet: usize, header_row: u32, columns: &[(u32, String)]) {
        let mut numbers: Vec<u32> = columns.iter().map(|(column, _)| *column).collect();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.is_empty() {
            return;
        }
        let rows = book.rows(sheet, &Projection::Columns(numbers));
        // What can't be read is reported when the project is checked.
        let _ = rows.and_then(|rows| {
            rows.for_each(|row| {
                for (column, heading) in columns.iter().filter(|_| row.number > header_row) {
                    let Ok(Some(text)) = cell::read_text(row.cell(*column)) else { continue };
                    let texts = self.by_heading.entry(heading.clone()).or_default();
                    let key = fold::code_key(&text);
                    if texts.len() <= MAX_VALUES * MAX_VALUES || texts.contains_key(&key) {
                        texts.entry(key).or_insert_with(|| (text.into_owned(), 0)).1 += 1;
                    }
                }
            })
        });
    }

    /// The columns in which some cell joins values that at least [`FEWEST_ALONE`] others hold alone, with what parts them.
    pub fn splits(&self) -> BTreeMap<String, BTreeSet<&'static str>> {
        let mut splits = BTreeMap::new();
        for (heading, texts) in &self.by_heading {
            let is_value =
                |part: &str| texts.get(&fold::code_key(part)).is_some_and(|(_, cells)| *cells >= FEWEST_ALONE);
            let joined = texts.values().map(|(text, _)| text.as_str()).filter(|text| {
                let parts = joined_parts(text);
                parts.is_some_and(|mut parts| parts.all(is_value))
            });
            let separators: BTreeSet<&str> = joined.flat_map(separators_of).collect();
            if !separators.is_empty() {
                splits.insert(heading.clone(), separators);
            }
        }
        splits
    }
}

/// What parts the values of a text: its signs, or else its blanks.
fn separators_of(text: &str) -> Vec<&'static str> {
    let signs: Vec<&str> = SEPARATORS.iter().copied().filter(|sign| text.contains(sign)).collect();
    if signs.is_empty() { vec![" "] } else { signs }
}
