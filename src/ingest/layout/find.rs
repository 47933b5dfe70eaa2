use std::collections::BTreeMap;

use super::header_match::{HeaderMatch, LetteredColumn, best_match, match_headings};
use super::row_class::RowClass;
use super::sheet_head::SheetHead;
use super::vocabulary::{ContractColumn, vocabulary};
use super::{ColumnMapping, ColumnMappings, TableKind, TableLayout};
use crate::diagnostic::{Place, Problem, cell_name, column_name, kinds, nearest, renamed_to};
use crate::fold;

/// The header must end at this row or above, as a spreadsheet program numbers rows.
pub const LAST_HEADER_ROW: u32 = 50;

/// The sheet of a table, if project.toml doesn't say which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetChoice {
    /// Its index among the heads.
    One(usize),
    /// No sheet has the table's required columns.
    None,
    /// Several do; they must be named in an error.
    Several(Vec<usize>),
}

/// Finds the table of `kind` among the first rows of a sheet.
///
/// # Errors
/// There is no such table, or its header has faults: all of them.
pub fn find_layout(
    head: &SheetHead,
    kind: TableKind,
    mapping: &ColumnMappings,
    place: (&str, Option<&str>),
) -> Result<TableLayout, Vec<Problem>> {
    let best = best_match(head, kind, mapping);
    let (file, sheet) = place;
    let Some(best) = best else {
        return Err(vec![table_not_found(kind, mapping, place)]);
    };
    let mut problems = Vec::new();
    for (name, heading) in &best.mapped_missing {
        let known: Vec<&str> = best.headings.iter().map(|heading| heading.text.as_str()).collect();
        let is_assigned = |text: &str| best.assigned.keys().any(|&index| best.headings[index].text == text);
        let nearest = renamed_to(heading, &known, |text| !is_assigned(text)).map(str::to_owned);
        let (column, heading, known) = (name.clone(), heading.clone(), known.join(", "));
        let kind = kinds::MappedHeadingMissing::Plain { column, heading, known, nearest };
        problems.push(Problem::error(kind).at(Place::cell(file, sheet, best.row, 0)));
    }
    for LetteredColumn { name, column, .. } in &best.lettered {
        let mut below = head.rows().iter().filter(|row| row.number > best.row).peekable();
        if below.peek().is_some() && below.all(|row| row.cell(*column).is_none()) {
            let (name, letter) = (name.clone(), column_name(*column));
            let blank = kinds::BlankColumn { column: name, letter, row: best.row.to_string() };
            problems.push(Problem::error(blank).at(Place::cell(file, sheet, best.row, *column)));
        }
    }
    for (name, at) in &best.doubled {
        let names: Vec<String> = at
            .iter()
            .map(|&index| {
                let heading = &best.headings[index];
                format!("`{}` ({})", heading.text, cell_name(heading.row, heading.column))
            })
            .collect();
        let (column, table) = (name.clone(), kind.name().to_owned());
        let mut problem = Problem::error(kinds::DoubledColumn::Plain { column, table, headings: names.join(", ") });
        for &index in at {
            let heading = &best.headings[index];
            problem = problem.at(Place::cell(file, sheet, heading.row, heading.column));
        }
        problems.push(problem);
    }
    for column in best.missing_columns(kind) {
        let free = best.headings.iter().enumerate().filter(|(index, _)| !best.assigned.contains_key(index));
        let near = free
            .filter_map(|(_, heading)| {
                let key = fold::heading_key(&heading.text);
                nearest(&key, column.names.iter().map(String::as_str))
                    .map(|near| (strsim::damerau_levenshtein(&key, near), heading))
            })
            .min_by_key(|(distance, _)| *distance);
        let (name, table, row) = (column.name.clone(), kind.name().to_owned(), best.row.to_string());
        let accepted = accepted_headings(column);
        let problem = match near {
            Some((_, heading)) => {
                let (nearest, cell) = (heading.text.clone(), cell_name(heading.row, heading.column));
                kinds::MissingColumn::Nearest { column: name, table, row, accepted, nearest, cell }
            }
            None => kinds::MissingColumn::Plain { column: name, table, row, accepted },
        };
        problems.push(Problem::error(problem).at(Place::sheet(file, sheet)));
    }
    if let Some(row) = find_earlier_header(head, kind, mapping, &best) {
        let at = best.headings.first().map_or((best.row, 0), |heading| (heading.row, heading.column));
        let (row, own, table) = (row.to_string(), best.row.to_string(), kind.name().to_owned());
        let later = kinds::OtherHeadings::Later { row, own, table };
        problems.push(Problem::error(later).at(Place::cell(file, sheet, at.0, at.1)));
    }
    let header_rows = head
        .rows()
        .iter()
        .filter(|row| row.number == best.row || best.headings.iter().any(|heading| heading.row == row.number));
    let header_cells = header_rows.map(|row| row.shape.cells).max().unwrap_or_default();
    if problems.is_empty() { Ok(best.into_layout(kind, header_cells)) } else { Err(problems) }
}

/// The row of a whole header of the same table above the best one, if there are rows of data between them, which would be
/// taken for titles.
fn find_earlier_header(head: &SheetHead, kind: TableKind, mapping: &ColumnMappings, best: &HeaderMatch) -> Option<u32> {
    let first = best.headings.iter().map(|heading| heading.row).min()?;
    let above =
        head.possible_headers().iter().map(|possible| head.headings(possible)).filter(|above| above.row < first);
    let mut whole = above.filter_map(|above| {
        let header = match_headings(above, kind, mapping);
        let is_whole = header.missing_columns(kind).is_empty() && header.mapped_missing.is_empty();
        (is_whole && header.assigned.len() >= 2).then(|| header.into_layout(kind, 0))
    });
    let has_data = |layout: &TableLayout| {
        let mut between = head.rows().iter().filter(|row| row.number > layout.header_row && row.number < first);
        between.any(|row| layout.classify(row) == RowClass::Data && layout.is_filled(row))
    };
    whole.find(has_data).map(|layout| layout.header_row)
}

/// The contract's columns that the sheet has, with their headings; `None` if it lacks one that the table requires.
pub fn known_columns(head: &SheetHead, kind: TableKind, mapping: &ColumnMappings) -> Option<BTreeMap<String, String>> {
    let best = best_match(head, kind, mapping)?;
    best.missing_columns(kind).is_empty().then(|| best.known_headings())
}

/// Which of a workbook's sheets holds the table of `kind`. A sheet that is a better example of another table
/// (one of attendance also has the persons' codes) is taken only if no other fits.
pub fn choose_sheet(heads: &[&SheetHead], kind: TableKind, mapping: &ColumnMappings) -> SheetChoice {
    let fitting: Vec<usize> =
        (0..heads.len()).filter(|&at| known_columns(heads[at], kind, mapping).is_some()).collect();
    let own: Vec<usize> = fitting.iter().copied().filter(|&at| fits_best(heads[at], kind, mapping)).collect();
    let chosen = if own.is_empty() { fitting } else { own };
    match chosen.as_slice() {
        [] => SheetChoice::None,
        [one] => SheetChoice::One(*one),
        _ => SheetChoice::Several(chosen),
    }
}

/// Whether a sheet has a table's required columns, and no other table fits it better.
pub fn fits_best(head: &SheetHead, kind: TableKind, mapping: &ColumnMappings) -> bool {
    let rank = |kind: TableKind, mapping: &ColumnMappings| {
        let required =
            vocabulary().columns(kind).iter().filter(|column| column.required || column.one_of.is_some()).count();
        known_columns(head, kind, mapping).map(|found| (required, found.len()))
    };
    let own = rank(kind, mapping);
    let none = ColumnMappings::new();
    own.is_some() && TableKind::ALL.iter().filter(|&&other| other != kind).all(|&other| rank(other, &none) <= own)
}

fn table_not_found(kind: TableKind, mapping: &ColumnMappings, (file, sheet): (&str, Option<&str>)) -> Problem {
    let needed: Vec<String> = vocabulary()
        .columns(kind)
        .iter()
        .filter(|column| column.required)
        .map(|column| match mapping.get(&column.name) {
            Some(ColumnMapping::Heading(heading)) => heading.clone(),
            Some(ColumnMapping::Letter(at)) => format!("{} ({})", column.name, column_name(*at)),
            _ => column.name.clone(),
        })
        .collect();
    let (table, rows) = (kind.name().to_owned(), LAST_HEADER_ROW.to_string());
    Problem::error(kinds::TableNotFound::Plain { table, rows, needed: needed.join(", ") }).at(Place::sheet(file, sheet))
}

/// A warning that a table lacks a column that indicators count from.
pub fn absent_column(layout: &TableLayout, name: &str) -> Problem {
    let accepted = vocabulary().column(layout.kind, name).map(accepted_headings).unwrap_or_default();
    let (table, row) = (layout.kind.name().to_owned(), layout.header_row.to_string());
    Problem::warning(kinds::MissingColumn::Plain { column: name.to_owned(), table, row, accepted })
}

/// The headings that would have been recognised, a few of each alphabet.
fn accepted_headings(column: &ContractColumn) -> String {
    column.examples.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
