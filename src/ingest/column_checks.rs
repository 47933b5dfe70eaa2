//! What only a whole column shows of its cells: values that are joined, numbers that are merged, words of a built-in list
//! under a heading that isn't known.

use std::collections::BTreeSet;

use super::cell;
use super::column_builder::ColumnBuilder;
use super::lists::ListIndex;
use super::raw_row::RawRow;
use super::table::{OnFault, TableReader, TableSheet};
use super::tables::Tables;
use super::workbook::Projection;
use crate::diagnostic::{Problem, cell_name, kinds};
use crate::fold;
use crate::model::Value;

/// How many cells hold each entry of a column alone; `values` are its values, each with the number of cells that have it.
pub fn count_alone<'v>(builder: &ColumnBuilder, values: impl Iterator<Item = (&'v Value, u64)>) -> Vec<u64> {
    let mut alone = vec![0; builder.entry_count()];
    for (value, cells) in values {
        if let Value::One(category) = value
            && let Some(count) = alone.get_mut(category.0 as usize)
        {
            *count += cells;
        }
    }
    alone
}

/// Reports each cell of a column without a list whose text is made of values that other cells hold alone, or that have a column
/// of their own beside it (`needs`, `needs/food`).
pub fn report_joined_values(
    tables: &mut Tables,
    table: &mut TableReader,
    sheets: &[TableSheet],
    builder: &ColumnBuilder,
    alone: &[u64],
) {
    for sheet in sheets {
        let Some(column) = sheet.attribute_column(builder.name()) else { continue };
        let heading = fold::code_key(&sheet.heading(column));
        let headings = sheet.layout.columns.iter().map(|column| fold::code_key(&column.heading));
        let split: BTreeSet<String> = headings
            .filter_map(|other| Some(other.strip_prefix(&heading)?.strip_prefix(['/', '.'])?.trim().to_owned()))
            .collect();
        let joined = builder.joined_texts(alone, |part| split.contains(&fold::code_key(part)));
        if joined.is_empty() {
            continue;
        }
        tables.scan_rows(sheet, Projection::All, |row| {
            let text = cell::read_text(row.cell(column)).ok().flatten().unwrap_or_default();
            let is_joined = |value: &&str| joined.contains(&fold::code_key(value));
            if let Some(value) = cell::split_values(&text).find(is_joined).filter(|_| is_data(sheet, row)) {
                table.finished_row(sheet, row).field_at(Some(column)).report_joined(value);
            }
        });
    }
}

fn is_data(sheet: &TableSheet, row: &RawRow) -> bool {
    sheet.layout.classify(row).skip_reason().is_none()
}

/// A merged cell of a column, as its rows show it.
struct MergedCell {
    top: u32,
    left: u32,
    bottom: u32,
    right: u32,
    /// As it is shown.
    number: String,
}

/// Reports the merged cells of a column whose numbers are summed: each row would count the whole number.
pub fn report_merged_numbers(tables: &mut Tables, table: &mut TableReader, sheets: &[TableSheet], name: &str) {
    for sheet in sheets {
        let Some(column) = sheet.attribute_column(name) else { continue };
        let mut merged: Vec<MergedCell> = Vec::new();
        // Row of the last cell with a number of its own.
        let mut anchor = 0;
        tables.scan_rows(sheet, Projection::All, |row| {
            let Some(cell) = row.cell(column).filter(|_| is_data(sheet, row)) else { return };
            if !cell.merged {
                anchor = row.number;
                return;
            }
            if cell::read_amount(Some(cell)).ok().flatten().is_none() {
                return;
            }
            match merged.last_mut() {
                Some(last) if last.bottom + 1 == row.number && last.top != row.number => last.bottom = row.number,
                _ => merged.push(first_rows(row, column, anchor)),
            }
        });
        for MergedCell { top, left, bottom, right, number } in merged {
            let range = format!("{}:{}", cell_name(top, left), cell_name(bottom, right));
            let kind = kinds::MergedNumber { range, column: sheet.heading(column) };
            let raw = RawRow { number: top, ..RawRow::default() };
            let problem = Problem::error(kind).excerpt(vec![(sheet.heading(column), number)], Some(0));
            table.finished_row(sheet, &raw).field_at(Some(left)).report_problem(OnFault::DropRow, problem);
        }
    }
}

/// A merged cell as far as its first row that repeats a number shows; `anchor` is the row of the last number before it.
fn first_rows(row: &RawRow, column: u32, anchor: u32) -> MergedCell {
    let is_repeated = |at: u32| row.cell(at).is_some_and(|cell| cell.merged);
    let right = (column..).take_while(|at| is_repeated(*at)).last().unwrap_or(column);
    let left = (0..column).rev().take_while(|at| is_repeated(*at)).last().unwrap_or(column);
    let number = cell::read_text(row.cell(column)).ok().flatten().unwrap_or_default().into_owned();
    let repeats_left = column
        .checked_sub(1)
        .and_then(|left| row.cell(left))
        .is_some_and(|left| row.cell(column).is_some_and(|cell| cell.raw == left.raw));
    if anchor + 1 == row.number && !repeats_left {
        return MergedCell { top: anchor, left, bottom: row.number, right, number };
    }
    MergedCell { top: row.number, left: left.saturating_sub(1), bottom: row.number, right, number }
}

/// Warns of a column without a list, under a heading that isn't known, whose texts are all words of the built-in list that
/// the table has no column for.
pub fn warn_built_in_words(
    table: &mut TableReader,
    sheets: &[TableSheet],
    builder: &ColumnBuilder,
    lists: &ListIndex,
    list: &str,
) {
    let Some(known) = lists.position(list) else { return };
    let mut texts = builder.free_texts().peekable();
    let all_known = texts.peek().is_some() && texts.all(|text| lists.find(known, text).is_some());
    if !all_known {
        return;
    }
    for sheet in sheets.iter().filter(|sheet| sheet.column(list).is_none()) {
        if let Some(column) = sheet.attribute_column(builder.name()) {
            warn_unknown_heading(table, sheet, column, list);
        }
    }
}

/// Warns that a column under a heading that isn't known holds the words of a built-in list.
pub fn warn_unknown_heading(table: &mut TableReader, sheet: &TableSheet, column: u32, list: &str) {
    let Some(known) = sheet.layout.column_at(column).filter(|known| !known.listed && known.name == known.heading)
    else {
        return;
    };
    let words = kinds::BuiltInWords {
        heading: known.heading.clone(),
        list: list.to_owned(),
        table: table.kind.name().to_owned(),
    };
    table.report(Problem::warning(words).at(sheet.place(known.row, column)));
}
