//! Cells of tables of persons that are read only for the traces of persons in them.

#![warn(missing_docs)]

use super::raw::{Raw, RawRow};
use super::table::TableSheet;
use crate::personal::TraceCollector;

/// Smallest and largest whole number that may be a telephone number or a personal number: eight to fifteen digits, with
/// which spreadsheets hold them as numbers.
const NUMBERS: std::ops::Range<f64> = 1e7..1e15;

/// Columns of a table of persons that are not among `read_columns` and are none of the contract's: telephone, address, notes.
pub fn unread_columns(sheet: &TableSheet, read_columns: &[u32]) -> Vec<u32> {
    let unlisted = sheet.layout.columns.iter().filter(|column| !column.listed).map(|column| column.column);
    unlisted.filter(|column| !read_columns.contains(column)).collect()
}

/// Adds the contacts in some cells of a row. Nothing else of the cells is kept.
pub fn add_cells(traces: &mut TraceCollector, row: &RawRow, columns: &[u32]) {
    for cell in columns.iter().filter_map(|column| row.cell(*column)) {
        match &cell.raw {
            Raw::Text(text) => traces.add_contacts(text),
            Raw::Number(number) if NUMBERS.contains(number) => traces.add_contacts(&number.to_string()),
            _ => {}
        }
    }
}
