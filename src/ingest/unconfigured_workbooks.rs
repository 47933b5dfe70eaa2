//! Workbooks of a project that has no project.toml yet: which table each sheet seems to hold, which values its listed
//! columns take, and from when to when its dates go.

#![warn(missing_docs)]

mod event_lists;
mod form_exports;
mod linked_sheets;
mod marks_of_activities;
mod own_texts;
mod shaped;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;

use super::cell::{self, DateReading};
use super::layout::{CountSigns, Proposal, ProposedColumn, SheetHead, TableKind, find_count_signs, mark_text, propose};
use super::raw_row::RawRow;
use super::settings::DEFAULT_LIMITS;
use super::shapes::find_heading;
use super::tables::sheet_names;
pub use super::tables::{is_table_file, table_files};
use super::workbook::{self, Projection, Workbook};
use crate::diagnostic::Problem;
use crate::fold;
use event_lists::{EventSheet, find_event_list, propose_event_lists};
pub use event_lists::{PlacedColumn, ProposedPlace};
use linked_sheets::propose_linked;
use marks_of_activities::take_marks_of_activities;
use own_texts::OwnTexts;
use shaped::ShapedSheets;
pub(in crate::ingest) use shaped::collect_marks;
pub use shaped::{ProposedParent, ProposedShape};

/// Columns whose values make a list where a project has none, with the list's name.
const LISTED_COLUMNS: [(TableKind, &str, &str); 6] = [
    (TableKind::Activities, "type", "type"),
    (TableKind::Activities, "municipality", "municipality"),
    (TableKind::Activities, "partner", "partner"),
    (TableKind::Participants, "status", "person.status"),
    (TableKind::Attendance, "status", "person.status"),
    (TableKind::Participants, "municipality", "municipality"),
];

/// A column with more different values than this is free text.
const MAX_VALUES: usize = 80;

/// Which tables the workbooks seem to hold.
#[derive(Default)]
pub struct UnconfiguredWorkbooks {
    /// The proposed tables, in the contract's order.
    pub tables: Vec<UnconfiguredTable>,
    /// Sheets that seem to hold a table for which another sheet is proposed, with the table.
    pub rivals: Vec<(SheetName, TableKind)>,
    /// Sheets that seem to hold no table.
    pub others: Vec<SheetName>,
    /// First and last date of activities and attendance.
    pub days: Option<(Date, Date)>,
    /// Files that can't be read.
    pub problems: Vec<Problem>,
}

/// A sheet of a file; CSV files have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetName {
    /// Relative to its folder.
    pub file: String,
    /// `None` for CSV.
    pub sheet: Option<String>,
}

/// A table, the sheet of one or several files that holds it, and what its headings mean.
pub struct UnconfiguredTable {
    /// Files that hold the same sheet.
    pub files: Vec<String>,
    /// `None` for CSV.
    pub sheet: Option<String>,
    /// Several sheets of the one file that are the table together; `sheet` is the first.
    pub sheets: Vec<String>,
    /// What it is other than a row for each fact.
    pub shape: Option<ProposedShape>,
    /// What its headings mean.
    pub proposal: Proposal,
    /// Name of list → different values of the column, in their order.
    pub values: BTreeMap<&'static str, Vec<String>>,
    /// Own columns with cells of several values, by heading, with what parts them.
    pub splits: BTreeMap<String, BTreeSet<&'static str>>,
}

struct SheetGuess {
    book: usize,
    sheet: usize,
    name: SheetName,
    score: f64,
    proposal: Proposal,
    /// Head counts that a sheet of activities has in columns.
    counts: Option<CountSigns>,
    /// Number and heading of each own column.
    own_columns: Vec<(u32, String)>,
    /// Its rows belong to those of another sheet.
    repeat: Option<ProposedParent>,
}

/// A sheet whose table is proposed: who knows it may say another.
pub struct SheetInQuestion<'s> {
    /// Where it is.
    pub name: &'s SheetName,
    /// Its first rows with content, cell by cell.
    pub first_rows: Vec<Vec<String>>,
    /// The table that it seems to hold.
    pub proposed: Option<TableKind>,
}

/// Says which table a sheet holds; `None`: none of them.
pub type SheetChooser<'c> = dyn FnMut(&SheetInQuestion) -> Option<TableKind> + 'c;

/// How many of a sheet's first rows are shown.
const ROWS_SHOWN: usize = 3;

/// Reads files, each given by its folder and its name there. `choose` is asked once for all sheets with the same headings,
/// but for those whose shape says what they are.
pub fn survey(files: &[(&Path, String)], choose: &mut SheetChooser) -> UnconfiguredWorkbooks {
    let mut chosen: BTreeMap<Vec<(String, String)>, Option<TableKind>> = BTreeMap::new();
    let mut survey = UnconfiguredWorkbooks::default();
    let mut books: Vec<Workbook> = Vec::new();
    let mut found: Vec<SheetGuess> = Vec::new();
    let mut shaped = ShapedSheets::default();
    let mut events = Vec::new();
    for (folder, file) in files {
        let Some(mut book) = workbook::open(folder, file, &DEFAULT_LIMITS, &mut survey.problems) else { continue };
        for sheet in 0..book.sheets.len() {
            let name = SheetName { file: file.clone(), sheet: book.sheets[sheet].name.clone() };
            let head = match book.head(sheet) {
                Ok(head) => head,
                Err(problem) => {
                    survey.problems.push(*problem);
                    continue;
                }
            };
            if shaped.add(&mut book, books.len(), sheet, &head, &name) {
                continue;
            }
            let event = find_event_list(&head, &name);
            let mut guess = guess_table(&head, &name);
            if event.is_none() && !head.rows().is_empty() {
                let proposed = guess.as_ref().map(|(_, proposal)| proposal.kind);
                let of_alike = guess.as_ref().map(|(_, proposal)| owned_headings(proposal)).unwrap_or_default();
                let mut ask = || choose(&SheetInQuestion { name: &name, first_rows: first_rows(&head), proposed });
                let kind = if of_alike.is_empty() { ask() } else { *chosen.entry(of_alike).or_insert_with(&mut ask) };
                if kind != proposed {
                    guess = kind.and_then(|kind| propose(&head, kind)).map(|proposal| (CHOSEN_SCORE, proposal));
                }
            }
            events.extend(event);
            match guess {
                Some((score, proposal)) => {
                    let (proposal, counts) = take_counts(&head, proposal);
                    let numbered = |heading: &String| Some((find_heading(&head, heading)?.1, heading.clone()));
                    let own_columns = proposal.attributes.iter().filter_map(numbered).collect();
                    let book = books.len();
                    found.push(SheetGuess { book, sheet, name, score, proposal, counts, own_columns, repeat: None });
                }
                None => survey.others.push(name),
            }
        }
        books.push(book);
    }
    let is_event = |name: &SheetName, events: &[EventSheet]| events.iter().any(|event| event.name == *name);
    let has_participants =
        found.iter().any(|found| found.proposal.kind == TableKind::Participants && !is_event(&found.name, &events));
    let lists = propose_event_lists(events, has_participants, &mut survey);
    found.retain(|found| !lists.contains(&found.name));
    survey.others.retain(|name| !lists.contains(name));
    let has_activities = found.iter().any(|found| found.proposal.kind == TableKind::Activities);
    take_marks_of_activities(&mut found, &mut books, &mut shaped.wide);
    shaped.propose_tables(has_activities, &mut books, &mut survey);
    if survey.tables.is_empty() {
        propose_linked(&mut found, &mut books, &mut survey);
    }
    for kind in TableKind::ALL {
        let (of_kind, rest): (Vec<SheetGuess>, Vec<SheetGuess>) =
            std::mem::take(&mut found).into_iter().partition(|found| found.proposal.kind == kind);
        found = rest;
        if survey.tables.iter().any(|table| table.proposal.kind == kind) {
            survey.rivals.extend(of_kind.into_iter().map(|found| (found.name, kind)));
            continue;
        }
        if let Some(table) = choose_table_sheet(of_kind, kind, &mut books, &mut survey) {
            survey.tables.push(table);
        }
    }
    survey.tables.sort_by_key(|table| table.proposal.kind);
    survey
}

/// The score of what somebody chose.
const CHOSEN_SCORE: f64 = 1e6;

fn owned_headings(proposal: &Proposal) -> Vec<(String, String)> {
    let owned = |(name, heading): (&str, &str)| (name.to_owned(), heading.to_owned());
    named_headings(proposal).into_iter().map(owned).collect()
}

fn first_rows(head: &SheetHead) -> Vec<Vec<String>> {
    let texts = |row: &RawRow| -> Vec<String> {
        row.cells.iter().filter(|cell| !cell.merged).filter_map(mark_text).filter(|text| !text.is_empty()).collect()
    };
    head.rows().iter().map(texts).filter(|row| !row.is_empty()).take(ROWS_SHOWN).collect()
}

/// The table that a sheet most likely holds, with its score: by its headings first, and where they leave a doubt by its name
/// and its file's.
fn guess_table(head: &SheetHead, name: &SheetName) -> Option<(f64, Proposal)> {
    let sheet = fold::heading_key(name.sheet.as_deref().unwrap_or_default());
    let file = fold::heading_key(name.file.rsplit_once('.').map_or(name.file.as_str(), |(stem, _)| stem));
    let mut best: Option<(f64, Proposal)> = None;
    for kind in TableKind::ALL {
        let Some(proposal) = propose(head, kind) else { continue };
        let names_table = |text: &str, name: &String| {
            let name = fold::heading_key(name);
            text == name || format!(" {text} ").contains(&format!(" {name} "))
        };
        let names = || sheet_names(kind).iter();
        let bonus = if names().any(|name| names_table(&sheet, name)) { 1.25 } else { 0.0 }
            + if names().any(|name| names_table(&file, name)) { 0.5 } else { 0.0 };
        // Of two tables the one that leaves fewer headings without a meaning.
        let penalty = (0.4 * proposal.attributes.len() as f64).min(1.2);
        let score = proposal.score() + bonus - penalty;
        let different: BTreeSet<&str> = proposal.columns.iter().map(|column| column.name.as_str()).collect();
        let enough = different.len() >= 2 && proposal.missing.len() < different.len();
        if enough && proposal.score() > 0.0 && best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, proposal));
        }
    }
    best
}

/// Takes head counts out of what is proposed for a sheet of activities.
fn take_counts(head: &SheetHead, proposal: Proposal) -> (Proposal, Option<CountSigns>) {
    let counts = find_count_signs(head, proposal.header_row).filter(|_| proposal.kind == TableKind::Activities);
    let Some(counts) = counts else { return (proposal, None) };
    let is_count = |heading: &String| {
        let mut parts = counts.parts.iter().map(|(part, _)| part).chain(&counts.total);
        parts.any(|part| part == heading || heading.ends_with(&format!(" {part}")))
    };
    let Proposal { columns, attributes, doubled, .. } = &proposal;
    let columns = columns.iter().filter(|column| !counts.columns.contains(&column.column)).cloned().collect();
    let attributes = attributes.iter().filter(|heading| !is_count(heading)).cloned().collect();
    let doubled = doubled.iter().filter(|heading| !is_count(heading)).cloned().collect();
    (Proposal { columns, attributes, doubled, ..proposal }, Some(counts))
}

/// The sheet with the best score, with its likes in other files: one template filled in by several partners.
fn choose_table_sheet(
    found: Vec<SheetGuess>,
    kind: TableKind,
    books: &mut [Workbook],
    survey: &mut UnconfiguredWorkbooks,
) -> Option<UnconfiguredTable> {
    let best = found.iter().enumerate().max_by(|(a, one), (b, other)| one.score.total_cmp(&other.score).then(b.cmp(a)));
    let best = best.map(|(at, _)| at)?;
    let model = (found[best].name.sheet.clone(), found[best].proposal.clone());
    let mut table = UnconfiguredTable {
        files: Vec::new(),
        sheet: model.0.clone(),
        sheets: Vec::new(),
        shape: found[best]
            .counts
            .clone()
            .map(ProposedShape::Counts)
            .or(found[best].repeat.clone().map(ProposedShape::Repeat)),
        proposal: model.1,
        values: BTreeMap::new(),
        splits: BTreeMap::new(),
    };
    let mut own = OwnTexts::default();
    for sheet in found {
        let is_alike =
            sheet.name.sheet == table.sheet && named_headings(&sheet.proposal) == named_headings(&table.proposal);
        if !is_alike || table.files.contains(&sheet.name.file) {
            survey.rivals.push((sheet.name, kind));
            continue;
        }
        collect_values(&mut books[sheet.book], sheet.sheet, &sheet.proposal, &mut table.values, survey);
        own.collect(&mut books[sheet.book], sheet.sheet, sheet.proposal.header_row, &sheet.own_columns);
        table.files.push(sheet.name.file);
    }
    table.splits = own.splits();
    table.values.retain(|_, values| !values.is_empty() && values.len() <= MAX_VALUES);
    Some(table)
}

fn named_headings(proposal: &Proposal) -> Vec<(&str, &str)> {
    proposal.columns.iter().map(|column| (column.name.as_str(), column.heading.as_str())).collect()
}

/// Collects the values of listed columns and the span of dates from all rows.
fn collect_values(
    book: &mut Workbook,
    sheet: usize,
    proposal: &Proposal,
    values: &mut BTreeMap<&'static str, Vec<String>>,
    survey: &mut UnconfiguredWorkbooks,
) {
    let column = |name: &str| proposal.columns.iter().find(|column| column.name == name).map(|column| column.column);
    let listed: Vec<(u32, &'static str)> = LISTED_COLUMNS
        .iter()
        .filter(|(kind, ..)| *kind == proposal.kind)
        .filter_map(|(_, name, list)| Some((column(name)?, *list)))
        .collect();
    let dated = matches!(proposal.kind, TableKind::Activities | TableKind::Attendance);
    let date = column("date").filter(|_| dated);
    let mut columns_read: Vec<u32> = listed.iter().map(|(column, _)| *column).chain(date).collect();
    columns_read.sort_unstable();
    columns_read.dedup();
    let mut known: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    let mut days = survey.days;
    let rows = book.rows(sheet, &Projection::Columns(columns_read));
    let read = rows.and_then(|rows| {
        rows.for_each(|row| {
            if row.number <= proposal.header_row {
                return;
            }
            for (column, list) in &listed {
                let Ok(Some(text)) = cell::read_text(row.cell(*column)) else { continue };
                for part in cell::split_values(&text) {
                    let different = known.entry(list).or_default();
                    if different.len() <= MAX_VALUES && different.insert(fold::code_key(part)) {
                        values.entry(list).or_default().push(part.to_owned());
                    }
                }
            }
            if let Some(Ok(Some(DateReading::Day(day)))) = date.map(|column| cell::read_date(row.cell(column))) {
                days = Some(days.map_or((day, day), |(first, last)| (day.min(first), day.max(last))));
            }
        })
    });
    survey.days = days;
    if let Err(problem) = read {
        survey.problems.push(*problem);
    }
}

impl UnconfiguredTable {
    /// The columns that the officer should check.
    pub fn guesses(&self) -> impl Iterator<Item = &ProposedColumn> {
        self.proposal.columns.iter().filter(|column| column.guessed)
    }
}
