//! Which paper a row was typed from, where a column of its table says so. Files are read again only for a recount pack.

#![warn(missing_docs)]

use std::num::NonZeroU16;
use std::path::Path;

use super::cell;
use super::layout::{TableKind, vocabulary};
use super::text_origins::find_tables;
use super::workbook::Projection;
use crate::model::{RowPlace, RowSpot, SheetSource};

/// Visits the rows of activities and attendances that name a paper, each with its place and what it says.
pub fn visit_papers(folder: &Path, mut visit: impl FnMut(RowPlace, &str)) {
    let Some(mut tables) = find_tables(folder) else { return };
    for kind in [TableKind::Activities, TableKind::Attendance] {
        for sheet in tables.sheets(kind) {
            let names_papers = |name: &str| vocabulary().is_of_documents(name);
            let columns = &sheet.layout.columns;
            let Some(column) = columns.iter().find(|column| !column.listed && names_papers(&column.name)) else {
                continue;
            };
            let column = column.column;
            let source = SheetSource { file: sheet.file.clone(), sheet: sheet.sheet_name.clone(), is_by_cell: false };
            tables.scan_rows(&sheet, Projection::Columns(vec![column]), |row| {
                if let Ok(Some(text)) = cell::read_text(row.cell(column)) {
                    let made_of = row.made_of.and_then(|column| u16::try_from(column + 1).ok());
                    let spot = RowSpot { row: row.number, column: made_of.and_then(NonZeroU16::new) };
                    visit(RowPlace { sheet: source.to_string(), spot }, &text);
                }
            });
        }
    }
}
