//! Rows of a sheet that has a shape: turned into rows of its table while they stream.

use super::{Tables, note_unread_error, report_other_header, skip_row};
use crate::diagnostic::{Place, Problem, kinds};
use crate::ingest::cell;
use crate::ingest::layout::{OTHER_HEADER, RowClass};
use crate::ingest::raw_row::RawRow;
use crate::ingest::shapes::{
    FIRST_ADDED, MadeRow, MarkReader, ParentFault, ParentJoin, ParentRows, PeriodRow, SheetShape,
};
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
        if shape.is_one_row {
            let row = shape.one_row();
            let prepared = prepare(&row);
            take(table, &row, prepared);
            return Ok(0);
        }
        let parents = self.read_parents_of(shape, projection, Some(table));
        let mut hidden = 0;
        let mut marks = shape.wide.as_ref().map(|wide| MarkReader::new(&wide.plan.marks));
        let own = shape.own_columns();
        let book = &mut self.workbooks[sheet.book].workbook;
        let rows = book.rows(sheet.sheet, &source_projection(projection, shape, &own))?;
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
            let skipped = sheet.layout.classify(&base).skip_reason();
            // A form writes no totals and no notes.
            let skipped = skipped.filter(|why| shape.join.is_none() || *why == "blank");
            let other = shape.find_other_heading(raw).filter(|_| skipped == RowClass::RepeatedHeader.skip_reason());
            if other.is_some() || skipped == Some(OTHER_HEADER) {
                report_other_header(table, sheet, raw, other);
                return;
            }
            if let Some(why) = skipped {
                skip_row(table, sheet, &base, why);
                return;
            }
            note_unread_error(table, sheet, &base);
            let parent = shape.join.as_ref().map(|join| (join, join.find(&parents, raw)));
            if let Some((join, None)) = parent {
                let key = cell::read_text(raw.cell(join.reference)).ok().flatten().unwrap_or_default().into_owned();
                let mut row = table.begin_row(sheet, &base);
                row.field_at(Some(join.reference)).report(OnFault::DropRow, kinds::OrphanRow { key });
                row.finish();
                return;
            }
            let parent = parent.and_then(|(_, parent)| parent);
            if let Some(state) = parent.and_then(|parent| parent.orphan) {
                table.drop_under_heading(state);
                return;
            }
            parent.iter().for_each(|parent| table.count_parent(parent.numbers[0]));
            if let Some(accepted) = &shape.accepted {
                let of_parent = parent.and_then(|parent| parent.status.as_ref());
                if !accepted.includes(of_parent.or(accepted.status.and_then(|column| raw.cell(column)))) {
                    table.skip_row(sheet.row_ref(&base), "not-accepted");
                    return;
                }
            }
            for (column, problem) in shape.faults_of_answers(raw) {
                table.report_beside(sheet, raw, column, *problem);
            }
            shape.complete(&mut base, parent);
            let prepared = prepare(&base);
            if let Some(periods) = &shape.periods {
                periods.expand(raw, base, |made| match made {
                    PeriodRow::Row(row) => {
                        table.count_made();
                        take(table, row, prepared.clone());
                    }
                    PeriodRow::WrongShare(column, problem) => table.report_beside(sheet, raw, column, *problem),
                });
                return;
            }
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

    /// [`Tables::scan_rows`](super::Tables) of a sheet with a shape: its rows with what belongs to them, not yet parted into
    /// several.
    pub(super) fn scan_shaped_rows(
        &mut self,
        (sheet, shape): (&TableSheet, &SheetShape),
        projection: &Projection,
        mut visit: impl FnMut(&RawRow),
    ) {
        if shape.is_one_row {
            visit(&shape.one_row());
            return;
        }
        let parents = self.read_parents_of(shape, projection, None);
        let book = &mut self.workbooks[sheet.book].workbook;
        let rows = book.rows(sheet.sheet, &source_projection(projection, shape, &[]));
        // A fault of the file is reported when the rows themselves are read.
        let _ = rows.and_then(|rows| {
            rows.for_each(|raw| {
                if raw.number > sheet.layout.header_row {
                    let mut row = base_row(raw, &[]);
                    let parent = shape.join.as_ref().and_then(|join| join.find(&parents, raw));
                    shape.complete(&mut row, parent);
                    visit(&row);
                }
            })
        });
    }

    /// The rows that those of a sheet belong to, as far as their columns are wanted.
    fn read_parents_of(
        &mut self,
        shape: &SheetShape,
        projection: &Projection,
        table: Option<&mut TableReader>,
    ) -> ParentRows {
        let Some(join) = &shape.join else { return ParentRows::default() };
        match projection {
            Projection::All => self.read_parents(join, None, table),
            Projection::Columns(columns) => {
                let sources: Vec<u32> = columns.iter().copied().chain(shape.source_columns(columns)).collect();
                self.read_parents(join, Some(&sources), table)
            }
        }
    }

    /// The rows of a sheet that others belong to; `columns` are those of the others. Two with one key, and one that belongs to
    /// none itself, are reported to `table`.
    fn read_parents(
        &mut self,
        join: &ParentJoin,
        columns: Option<&[u32]>,
        mut table: Option<&mut TableReader>,
    ) -> ParentRows {
        let wanted = join.wanted(columns);
        let above =
            join.above.as_deref().map(|above| (above, self.read_parents(above, Some(&wanted), table.as_deref_mut())));
        let above = above.as_ref().map(|(above, rows)| (*above, rows));
        let mut parents = ParentRows::default();
        let own = wanted.into_iter().filter(|column| *column < FIRST_ADDED).collect();
        let book = &mut self.workbooks[join.book].workbook;
        let rows = book.rows(join.sheet, &Projection::Columns(own));
        let mut faults = Vec::new();
        let read = rows.and_then(|rows| {
            rows.for_each(|raw| {
                if raw.number > join.header_row {
                    faults.extend(join.keep(&mut parents, raw, above));
                }
            })
        });
        let Some(table) = table else { return parents };
        if let Err(problem) = read {
            table.report(*problem);
        }
        for fault in faults {
            let at = |row, column| Place::cell(&join.file, join.sheet_name.as_deref(), row, column);
            match fault {
                ParentFault::Doubled { row, known } => {
                    let other = crate::diagnostic::cell_name(known, join.key);
                    table.report(Problem::error(kinds::DoubledKey { other }).at(at(row, join.key)));
                }
                ParentFault::Orphan { row, key, column, missing } => {
                    let problem = Problem::error(kinds::OrphanRow { key: missing }).at(at(row, column));
                    parents.set_orphan(&key, table.report_heading(problem));
                }
            }
        }
        parents
    }
}

/// The columns of a sheet that make up some of its table's.
fn source_projection(projection: &Projection, shape: &SheetShape, own: &[u32]) -> Projection {
    match projection {
        Projection::All => Projection::All,
        Projection::Columns(columns) => {
            let sources = shape.source_columns(columns);
            let mut all: Vec<u32> = columns.iter().chain(own).chain(&sources).copied().collect();
            all.retain(|column| *column < FIRST_ADDED);
            all.sort_unstable();
            all.dedup();
            Projection::Columns(all)
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
        parents: raw.parents,
    }
}
