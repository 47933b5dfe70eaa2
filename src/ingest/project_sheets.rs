//! The sheets of a project's workbooks as they are read, for whoever decides what they are: their first rows, what each
//! column means, and what else the sheet could be.

use std::collections::BTreeMap;
use std::path::Path;

use super::layout::{
    CountSigns, MarkHeads, NAME_COLUMNS, PeriodSigns, Proposal, SheetHead, TableKind, find_count_signs,
    find_mark_heads, find_period_signs, mark_meaning, mark_text, propose,
};
use super::raw_row::{RawCell, RawRow};
use super::settings::{self, DEFAULT_LIMITS};
use super::sheet_window::WindowCell;
use super::table::{TableSheet, excerpt_text};
use super::tables::{Tables, table_files};
use super::unconfigured_workbooks::collect_marks;
use super::workbook::{self, Projection, Workbook};
use crate::folder::{PROJECT_FILE, read_text};
use crate::model::Lang;

/// A larger file is no project.toml.
const PROJECT_BYTES: u64 = 4 << 20;

/// Sheets that are looked at.
const MOST_SHEETS: usize = 60;

/// Rows shown above and below the headings.
const ROWS_ABOVE: usize = 3;
const ROWS_BELOW: usize = 5;

/// Columns that are shown.
const MOST_COLUMNS: usize = 60;

/// Letters of a cell that may be shown of a column of persons that nobody has identified yet.
const SHORT: usize = 2;

/// A sheet, or a CSV file.
pub struct ProjectSheet {
    /// Relative to the project's folder.
    pub file: String,
    /// `None` for CSV.
    pub sheet: Option<String>,
    /// The last row of headings.
    pub header_row: Option<u32>,
    /// From left to right.
    pub columns: Vec<ProjectColumn>,
    /// The first rows by their numbers, a cell for each column; names and what else is personal isn't shown.
    pub rows: Vec<(u32, Vec<WindowCell>)>,
    /// The tables that are read from it.
    pub tables: Vec<TableKind>,
    /// What the cells of its columns of marks hold, and whether that is known to mean present.
    pub marks: BTreeMap<String, Option<bool>>,
    /// What it looks like, by the word that `layout` takes: `wide` or `periods`.
    pub looks_like: Option<&'static str>,
    /// Its columns of marks.
    pub mark_heads: Option<MarkHeads>,
    /// Its columns of periods.
    pub periods: Option<PeriodSigns>,
    /// Its columns of head counts.
    pub counts: Option<CountSigns>,
    /// What it could be read as, the likeliest first.
    pub proposals: Vec<Proposal>,
}

/// A column of a sheet.
pub struct ProjectColumn {
    /// From 0 (A).
    pub column: u32,
    /// As it is written, after the one above it that groups it; empty without one.
    pub heading: String,
    /// Without the one above it.
    pub own_heading: String,
    /// What it means to each table that is read from the sheet, with the language of a text.
    pub meanings: Vec<(TableKind, String, Option<Lang>)>,
}

/// Every sheet of the workbooks in a project's folder, and of those that project.toml names elsewhere.
pub fn read_project_sheets(folder: &Path) -> Vec<ProjectSheet> {
    let mut problems = Vec::new();
    let source = read_text(&folder.join(PROJECT_FILE), PROJECT_BYTES).unwrap_or_default();
    let project = settings::read_project_file(&source, folder, &mut problems);
    let (plans, limits) = project.map_or((Vec::new(), DEFAULT_LIMITS), |file| (file.plans, file.settings.limits));
    let tables = Tables::find(folder, &plans, &limits, &mut problems);
    let read: Vec<(TableKind, TableSheet)> =
        TableKind::ALL.iter().flat_map(|kind| tables.sheets(*kind).into_iter().map(|sheet| (*kind, sheet))).collect();
    let mut files = table_files(folder);
    for (file, _) in plans.iter().flat_map(|plan| &plan.files) {
        if !files.contains(file) {
            files.push(file.clone());
        }
    }
    let mut sheets = Vec::new();
    for file in files {
        let Some(mut book) = workbook::open(folder, &file, &limits, &mut problems) else { continue };
        for at in 0..book.sheets.len() {
            if sheets.len() == MOST_SHEETS {
                return sheets;
            }
            let name = book.sheets[at].name.clone();
            let of_sheet = read.iter().filter(|(_, sheet)| sheet.file == file && sheet.sheet_name == name);
            let of_sheet: Vec<&(TableKind, TableSheet)> = of_sheet.collect();
            if let Ok(head) = book.head(at) {
                sheets.push(describe(&mut book, at, &file, &head, &of_sheet));
            }
        }
    }
    sheets
}

fn describe(
    book: &mut Workbook,
    at: usize,
    file: &str,
    head: &SheetHead<'static>,
    read: &[&(TableKind, TableSheet)],
) -> ProjectSheet {
    let mut proposals: Vec<Proposal> = TableKind::ALL.iter().filter_map(|kind| propose(head, *kind)).collect();
    proposals.sort_by(|a, b| b.score().total_cmp(&a.score()));
    let mark_heads = find_mark_heads(head);
    let periods = find_period_signs(head);
    let looks_like = mark_heads.as_ref().map(|_| "wide").or_else(|| periods.as_ref().map(|_| "periods"));
    let marked = mark_heads.as_ref().map(|heads| heads.columns.clone()).unwrap_or_default();
    let marks = mark_heads.as_ref().map(|heads| collect_marks(book, at, heads)).unwrap_or_default();
    let header_row = read.first().map(|(_, sheet)| sheet.layout.header_row);
    let header_row = header_row.or_else(|| proposals.first().map(|proposal| proposal.header_row));
    let kinds: Vec<TableKind> = read.iter().map(|(kind, _)| *kind).collect();
    let is_of_persons = |kind: &TableKind| matches!(kind, TableKind::Participants | TableKind::Attendance);
    let is_personal = match kinds.as_slice() {
        [] => !marked.is_empty() || proposals.first().is_some_and(|proposal| is_of_persons(&proposal.kind)),
        kinds => kinds.iter().any(is_of_persons),
    };
    let blank = RawRow::default();
    let header = head.rows().iter().find(|row| Some(row.number) == header_row).unwrap_or(&blank);
    let grouped = header_row.map(|row| head.grouped_headings(row)).unwrap_or_default();
    let mut numbers: Vec<u32> = head.rows().iter().flat_map(|row| &row.cells).map(|cell| cell.column).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.truncate(MOST_COLUMNS);
    let columns: Vec<ProjectColumn> = numbers
        .iter()
        .map(|&column| {
            let known = |(kind, sheet): &&(TableKind, TableSheet)| {
                let layout = sheet.layout.columns.iter().find(|known| known.column == column)?;
                layout.listed.then(|| (*kind, layout.name.clone(), layout.lang.clone()))
            };
            let layout =
                read.iter().find_map(|(_, sheet)| sheet.layout.columns.iter().find(|known| known.column == column));
            let own_heading = layout.map_or_else(|| excerpt_text(header, column), |known| known.heading.clone());
            let heading = match layout.and_then(|known| known.above.as_ref()) {
                Some(above) => format!("{above} {own_heading}"),
                None => grouped.get(&column).filter(|_| layout.is_none()).unwrap_or(&own_heading).clone(),
            };
            ProjectColumn { column, heading, own_heading, meanings: read.iter().filter_map(known).collect() }
        })
        .collect();
    let before = head.rows().iter().filter(|row| header_row.is_none_or(|header| row.number <= header)).count();
    let first = before.saturating_sub(ROWS_ABOVE + 1);
    let shown = head.rows().iter().skip(first).take(before - first + ROWS_BELOW);
    let window = |row: &RawRow| {
        let is_data = header_row.is_some_and(|header| row.number > header);
        let cell = |column: &ProjectColumn| match row.cell(column.column) {
            None => WindowCell::Blank,
            Some(cell) if is_data && is_personal && !may_be_shown(column, cell, &proposals, read.is_empty()) => {
                WindowCell::Hidden
            }
            Some(_) => WindowCell::Shown(excerpt_text(row, column.column)),
        };
        (row.number, columns.iter().map(cell).collect())
    };
    let rows = shown.map(window).collect();
    let sheet = book.sheets[at].name.clone();
    ProjectSheet {
        file: file.to_owned(),
        sheet,
        header_row,
        rows,
        columns,
        tables: kinds,
        marks,
        looks_like,
        counts: header_row.and_then(|row| find_count_signs(head, row)),
        mark_heads,
        periods,
        proposals,
    }
}

/// Whether a cell of a person's row may be shown: marks, short ones, and columns that hold no name and no day of birth.
fn may_be_shown(column: &ProjectColumn, cell: &RawCell, proposals: &[Proposal], is_proposed: bool) -> bool {
    let text = mark_text(cell).unwrap_or_default();
    if mark_meaning(&text).is_some() || text.chars().count() <= SHORT {
        return true;
    }
    let is_plain = |name: &str| !NAME_COLUMNS.contains(&name) && name != "birth_date";
    let proposed = proposals.first().filter(|_| is_proposed).into_iter().flat_map(|proposal| &proposal.columns);
    let proposed = proposed.filter(|known| known.column == column.column).map(|known| known.name.as_str());
    let mut names = column.meanings.iter().map(|(_, name, _)| name.as_str()).chain(proposed).peekable();
    names.peek().is_some() && names.all(is_plain)
}

/// Rows and columns of a form that are shown.
const FORM_ROWS: u32 = 80;
const FORM_COLUMNS: u32 = 20;

/// A sheet of a donor's form: its name, and its first rows by their numbers, a text for each column from A on.
pub struct FormSheetText {
    /// As its tab says.
    pub name: String,
    /// Up to the last filled column.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// The sheets of a form that is a workbook; `None` if it can't be read as one.
pub fn read_form_sheets(folder: &Path, file: &str) -> Option<Vec<FormSheetText>> {
    let mut book = workbook::open(folder, file, &DEFAULT_LIMITS, &mut Vec::new())?;
    let mut sheets = Vec::new();
    for at in 0..book.sheets.len().min(MOST_SHEETS) {
        let name = book.sheets[at].name.clone()?;
        let mut rows: BTreeMap<u32, Vec<String>> = (1..=FORM_ROWS).map(|number| (number, Vec::new())).collect();
        let mut last = 1;
        let mut read = book.rows(at, &Projection::All).ok()?;
        while let Some(row) = read.next_row().ok()? {
            if row.number > FORM_ROWS {
                break;
            }
            let filled = row.cells.iter().map(|cell| cell.column).filter(|column| *column < FORM_COLUMNS).max();
            let end = filled.map_or(0, |column| column + 1);
            last = last.max(row.number);
            rows.insert(row.number, (0..end).map(|column| excerpt_text(row, column)).collect());
        }
        // A blank row and column more than are filled: a place to fill in may be the next one.
        let shown = rows.into_iter().take_while(|(number, _)| *number <= last + 1);
        let shown: Vec<(u32, Vec<String>)> = shown.collect();
        let width = shown.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default() + 1;
        let widen = |(number, mut cells): (u32, Vec<String>)| {
            cells.resize(width, String::new());
            (number, cells)
        };
        sheets.push(FormSheetText { name, rows: shown.into_iter().map(widen).collect() });
    }
    Some(sheets)
}
