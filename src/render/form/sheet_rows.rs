//! Rows of values within the rows that a form has for them.

use super::sheet::{CellPosition, PlacedSheet};
use super::{FormFaultKind, FormSpot};
use crate::report::form::{FormRowValues, FormValue};

impl FormRowValues {
    /// The rows that are written, the last of them in words where there are more than the limit.
    pub(super) fn with_rest(&self) -> Vec<Vec<FormValue>> {
        let limit = self.limit.unwrap_or(usize::MAX);
        if self.rows.len() <= limit {
            return self.rows.clone();
        }
        let Some(rest) = &self.rest else { return self.rows[..limit].to_vec() };
        let mut rows = self.rows[..limit.saturating_sub(1)].to_vec();
        rows.push(vec![FormValue::words(rest.clone())]);
        rows
    }
}

/// The cells of rows from `first` on, up to `last`, or as far as the form has blank rows. More rows than that are a fault.
pub(super) fn rows_of<'v>(
    sheet: &PlacedSheet,
    texts: &[String],
    first: &FormSpot,
    last: Option<&FormSpot>,
    values: &FormRowValues,
    rows: &'v [Vec<FormValue>],
) -> Result<Vec<(FormSpot, &'v FormValue)>, FormFaultKind> {
    let FormSpot::Cell { sheet: name, row: first_row, column } = first else { return Ok(Vec::new()) };
    let columns = rows.iter().chain(&values.rows).map(Vec::len).max().unwrap_or(1);
    let room = match last {
        Some(FormSpot::Cell { row, .. }) => (row + 1).saturating_sub(*first_row) as usize,
        _ => blank_rows(sheet, texts, (*first_row, *column), columns),
    };
    if rows.len() > room {
        return Err(FormFaultKind::TooManyRows { rows: rows.len(), room });
    }
    let mut cells = Vec::new();
    for (row, values) in (*first_row..).zip(rows) {
        let mut column = *column;
        for value in values {
            if !value.text.is_empty() {
                cells.push((FormSpot::Cell { sheet: name.clone(), row, column }, value));
            }
            column = sheet.next_column((row, column));
        }
    }
    Ok(cells)
}

/// Rows of the form that have cells to be filled in, and nothing in them.
fn blank_rows(sheet: &PlacedSheet, texts: &[String], (first, from): CellPosition, columns: usize) -> usize {
    let is_room = |row: &u32| {
        let mut column = from;
        let mut has_cells = *row == first;
        for _ in 0..columns {
            has_cells |= sheet.cells.contains_key(&(*row, column));
            if !sheet.is_blank((*row, column), texts) {
                return false;
            }
            column = sheet.next_column((*row, column));
        }
        has_cells
    };
    (first..).take_while(is_room).count()
}
