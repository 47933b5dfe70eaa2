//! Numbers of targets and reported values that are added up over rows of which one merged cell covers several.

use crate::diagnostic::{cell_name, kinds};
use crate::ingest::table::{KeptRow, OnFault, TableReader};
use crate::model::IndicatorId;

/// Reports each row that repeats the number of a merged cell which an earlier row of its indicator has already. `rows` are
/// all rows of the table in their order, each with its indicator if the numbers of that are added up.
pub fn report_merged_numbers(table: &mut TableReader, column: &str, rows: &[(Option<IndicatorId>, &KeptRow)]) {
    let repeats = |row: &KeptRow| {
        let cell = row.sheet.column(column).and_then(|column| row.raw.cell(column));
        cell.is_some_and(|cell| cell.merged)
    };
    for (at, (indicator, row)) in
        rows.iter().enumerate().filter(|(_, (indicator, row))| indicator.is_some() && repeats(row))
    {
        let before = &rows[..at];
        let is_anchor =
            |(_, other): &(Option<IndicatorId>, &KeptRow)| other.sheet.id == row.sheet.id && !repeats(other);
        let (Some(anchor), Some(number)) = (before.iter().rposition(is_anchor), row.sheet.column(column)) else {
            continue;
        };
        if before[anchor..].iter().any(|(other, _)| other == indicator) {
            let [top, bottom] = [before[anchor].1, row].map(|row| cell_name(row.raw.number, number));
            let kind = kinds::MergedNumber { range: format!("{top}:{bottom}"), column: row.sheet.heading(number) };
            table.kept_row(row).field(column).report(OnFault::DropRow, kind);
        }
    }
}
