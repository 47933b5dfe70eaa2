//! Cells of tables of persons that are read only for the traces of persons in them.

#![warn(missing_docs)]

use super::layout::vocabulary;
use super::raw_row::{Raw, RawCell, RawRow};
use super::table::TableSheet;
use crate::personal::{Salt, TraceCollector};

/// Smallest and largest whole number that may be a telephone number or a personal number: eight to fifteen digits, with
/// which spreadsheets hold them as numbers.
const NUMBERS: std::ops::Range<f64> = 1e7..1e15;

/// A column of a table of persons that is read only for traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceColumn {
    /// From 0 (A).
    pub column: u32,
    /// Its heading speaks of telephones: any digits in it are a number.
    pub is_of_telephones: bool,
}

/// Columns of a table of persons that are not among `read_columns` and are none of the contract's: telephone, address, notes.
pub fn unread_columns(sheet: &TableSheet, read_columns: &[u32]) -> Vec<TraceColumn> {
    let unlisted = sheet.layout.columns.iter().filter(|column| !column.listed);
    let unread = unlisted.filter(|column| !read_columns.contains(&column.column));
    unread
        .map(|column| TraceColumn {
            column: column.column,
            is_of_telephones: vocabulary().is_of_telephones(&column.heading),
        })
        .collect()
}

/// Adds the contacts in some cells of a row. Nothing else of the cells is kept.
pub fn add_cells(traces: &mut TraceCollector, row: &RawRow, columns: &[TraceColumn]) {
    for (column, cell) in columns.iter().filter_map(|column| Some((column, row.cell(column.column)?))) {
        with_text(cell, |text| match column.is_of_telephones {
            true => traces.add_telephones(text),
            false => traces.add_contacts(text),
        });
    }
}

/// Hashes of the contacts in a cell about a person.
pub fn hash_cell(salt: Salt, cell: &RawCell, is_of_telephones: bool) -> Vec<[u8; 16]> {
    let mut hashes = Vec::new();
    with_text(cell, |text| match is_of_telephones {
        true => hashes.extend(salt.hash_telephones(text)),
        false => hashes.extend(salt.hash_contacts(text)),
    });
    hashes
}

/// Calls `use_text` with what may hold a contact.
fn with_text(cell: &RawCell, use_text: impl FnOnce(&str)) {
    match &cell.raw {
        Raw::Text(text) => use_text(text),
        Raw::Number(number) if NUMBERS.contains(number) => use_text(&number.to_string()),
        _ => {}
    }
}
