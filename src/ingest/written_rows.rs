//! The rows of a project's tables as they are written, to say later which cells were corrected. Files are read again only
//! for what is submitted, and for what was submitted and says something else now.

#![warn(missing_docs)]

use std::num::NonZeroU16;
use std::path::Path;

use super::cell;
use super::layout::{LayoutColumn, TableKind};
use super::raw_row::RawRow;
use super::table::TableSheet;
use super::text_origins::find_tables;
use super::workbook::Projection;
use crate::diagnostic::Place;
use crate::fold;
use crate::model::{Project, RowPlace, RowSpot, SheetSource};

/// Columns of persons' rows that figures may depend on beside those of [`crate::model::PersonTable`].
const PERSON_COLUMNS: [&str; 10] = [
    "person",
    "activity",
    "date",
    "session",
    "birth_year",
    "birth_date",
    "age",
    "age_band",
    "same_as",
    "different_from",
];
/// The same of activities.
const ACTIVITY_COLUMNS: [&str; 3] = ["id", "date", "end_date"];
/// Columns of reported values that figures depend on.
const REPORTED_COLUMNS: [&str; 4] = ["indicator", "period", "value", "precision"];

/// A row of a table with the cells that figures may depend on. Names of persons aren't among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenRow {
    /// The table's name.
    pub table: &'static str,
    /// Where it is.
    pub place: RowPlace,
    /// The folded codes that it is known by, each with the name of the table whose rows bear it: an attendance's activity
    /// and person. Empty if one of them is missing.
    pub keys: Vec<(&'static str, String)>,
    /// Its cells with content, from left to right.
    pub cells: Vec<WrittenCell>,
}

/// A cell with the name of its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenCell {
    /// As conditions write it.
    pub column: String,
    /// From 1 (A).
    pub number: NonZeroU16,
    /// As it is read.
    pub text: String,
}

/// Visits the rows of the tables that figures are counted from.
pub fn visit_written_rows(folder: &Path, project: &Project, mut visit: impl FnMut(WrittenRow)) {
    let Some(mut tables) = find_tables(folder) else { return };
    for kind in [TableKind::Activities, TableKind::Participants, TableKind::Attendance, TableKind::Reported] {
        for sheet in tables.sheets(kind) {
            let wanted: Vec<&LayoutColumn> =
                sheet.layout.columns.iter().filter(|column| is_counted_from(kind, column, project)).collect();
            let mut columns: Vec<u32> = wanted.iter().map(|column| column.column).collect();
            columns.sort_unstable();
            columns.dedup();
            tables.scan_rows(&sheet, Projection::Columns(columns), |row| {
                if let Some(row) = written_row(kind, &sheet, &wanted, row) {
                    visit(row);
                }
            });
        }
    }
}

fn is_counted_from(kind: TableKind, column: &LayoutColumn, project: &Project) -> bool {
    let name = column.name.as_str();
    match kind {
        TableKind::Participants | TableKind::Attendance => {
            PERSON_COLUMNS.contains(&name) || project.persons.column(name).is_some()
        }
        TableKind::Activities => ACTIVITY_COLUMNS.contains(&name) || project.activities.column(name).is_some(),
        _ => REPORTED_COLUMNS.contains(&name),
    }
}

/// `None` for a row without content.
fn written_row(kind: TableKind, sheet: &TableSheet, columns: &[&LayoutColumn], row: &RawRow) -> Option<WrittenRow> {
    let mut cells: Vec<WrittenCell> = Vec::new();
    for column in columns {
        let number = u16::try_from(column.column + 1).ok().and_then(NonZeroU16::new);
        // A cell that a shape adds was read at another address.
        let own = Place::cell(&sheet.file, sheet.sheet_name.as_deref(), row.number, column.column);
        let is_in_row = sheet.place_in(row, column.column) == own;
        if let (Some(number), true) = (number, is_in_row)
            && let Ok(Some(text)) = cell::read_text(row.cell(column.column))
        {
            cells.push(WrittenCell { column: column.name.clone(), number, text: text.into_owned() });
        }
    }
    if cells.is_empty() {
        return None;
    }
    let source = SheetSource { file: sheet.file.clone(), sheet: sheet.sheet_name.clone(), is_by_cell: false };
    let place = RowPlace { sheet: source.to_string(), spot: RowSpot { row: row.number, column: None } };
    Some(WrittenRow { table: kind.name(), place, keys: keys(kind, sheet, row), cells })
}

/// What a row is known by; nothing if a part of that is missing.
fn keys(kind: TableKind, sheet: &TableSheet, row: &RawRow) -> Vec<(&'static str, String)> {
    let columns: &[(&'static str, TableKind)] = match kind {
        TableKind::Activities => &[("id", TableKind::Activities)],
        TableKind::Participants => &[("person", TableKind::Participants)],
        TableKind::Attendance => &[("activity", TableKind::Activities), ("person", TableKind::Participants)],
        _ => &[("indicator", TableKind::Indicators), ("period", TableKind::Reported)],
    };
    let key = |(name, table): &(&'static str, TableKind)| {
        let code = cell::read_code(row.cell(sheet.column(name)?)).ok()??;
        Some((table.name(), fold::code_key(&code)))
    };
    columns.iter().map(key).collect::<Option<Vec<_>>>().unwrap_or_default()
}
