//! Rows of a sheet that has a shape: turned into rows of its table while they stream.

use super::{Tables, note_unread_error, skip_row};
use crate::diagnostic::Problem;
use crate::ingest::raw_row::RawRow;
use crate::ingest::shapes::{MadeRow, MarkReader, SheetShape};
use crate::ingest::table::{OnFault, TableReader, TableSheet};
use crate::ingest::workbook::Projection;

impl Tables {
    /// [`Tables::stream_rows`](super::Tables) of a sheet with a shape. Returns how many hidden rows there were.
    ///
    /// # Errors
    /// The sheet can't be read further.
    pub(super) fn stream_shaped_rows<P: Clone>(
        &mut self,
        table: &mut TableReader,
        (sheet, shape): (&TableSheet, &SheetShape),
        projection: &Projection,
        mut prepare: impl FnMut(&RawRow) -> P,
        mut take: impl FnMut(&mut TableReader, &RawRow, P),
    ) -> Result<u64, Box<Problem>> {
        let mut hidden = 0;
        let mut marks = shape.wide.as_ref().map(|wide| MarkReader::new(&wide.plan.marks));
        let own = shape.own_columns();
        let book = &mut self.workbooks[sheet.book].workbook;
        let rows = book.rows(sheet.sheet, &with_columns(projection, &own))?;
        rows.for_each(|raw| {
            if raw.number <= sheet.layout.header_row {
                return;
            }
            hidden += u64::from(raw.hidden);
            let mut base = base_row(raw, &own);
            if base.cells.is_empty()
                && let (Some(wide), Some(marks)) = (&shape.wide, &mut marks)
            {
                // A mark of nobody is no blank row.
                base.has_other |= wide.has_present(raw, marks);
            }
            if let Some(why) = sheet.layout.classify(&base).skip_reason() {
                skip_row(table, sheet, &base, why);
                return;
            }
            note_unread_error(table, sheet, &base);
            base.cells.extend(shape.given_cells().map(|cell| cell.borrowed()));
            let prepared = prepare(&base);
            let (Some(wide), Some(marks)) = (&shape.wide, &mut marks) else {
                take(table, &base, prepared);
                return;
            };
            wide.expand(raw, base, marks, |made| match made {
                MadeRow::Row(row) => {
                    table.count_made();
                    take(table, row, prepared.clone());
                }
                MadeRow::Absent => table.skip_cell("absent"),
                MadeRow::UnderFault(state) => {
                    table.count_made();
                    table.drop_under_heading(state);
                }
                MadeRow::Unknown(row, column, problem) => {
                    table.count_made();
                    let mut row = table.begin_row(sheet, row);
                    row.field_at(Some(column)).report_problem(OnFault::DropRow, *problem);
                    row.finish();
                }
                MadeRow::WrongTotal(column, problem) => table.report_beside(sheet, raw, column, *problem),
            });
        })?;
        Ok(hidden)
    }
}

/// A projection and some columns more.
fn with_columns(projection: &Projection, more: &[u32]) -> Projection {
    match projection {
        Projection::All => Projection::All,
        Projection::Columns(columns) => {
            let mut columns: Vec<u32> = columns.iter().chain(more).copied().collect();
            columns.sort_unstable();
            columns.dedup();
            Projection::Columns(columns)
        }
    }
}

/// A row without the columns that the shape itself reads.
fn base_row<'r>(raw: &'r RawRow<'r>, own: &[u32]) -> RawRow<'r> {
    let cells = raw.cells.iter().filter(|cell| own.binary_search(&cell.column).is_err());
    RawRow {
        number: raw.number,
        hidden: raw.hidden,
        cells: cells.map(|cell| cell.borrowed()).collect(),
        has_other: raw.has_other,
        unread_error: raw.unread_error.clone(),
        shape: raw.shape,
        made_of: None,
        parent: None,
    }
}
