//! Workbooks of a project that has no project.toml yet: which table each sheet seems to hold, which values its listed
//! columns take, and from when to when its dates go.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;

use super::cell::{self, DateReading};
use super::fold;
use super::layout::{Head, Proposal, ProposedColumn, TableKind, propose};
use super::settings::DEFAULT_LIMITS;
use super::sources::sheet_names;
pub use super::sources::table_files;
use super::workbook::{self, Wanted, Workbook};
use crate::diagnostic::Problem;

/// Columns whose values make a list where a project has none, with the list's name.
const LISTED: [(TableKind, &str, &str); 6] = [
    (TableKind::Activities, "type", "type"),
    (TableKind::Activities, "municipality", "municipality"),
    (TableKind::Activities, "partner", "partner"),
    (TableKind::Participants, "status", "person.status"),
    (TableKind::Attendance, "status", "person.status"),
    (TableKind::Participants, "municipality", "municipality"),
];

/// A column with more different values than this is free text.
const VALUES: usize = 80;

/// What the workbooks seem to hold.
#[derive(Default)]
pub struct Survey {
    /// The proposed tables, in the contract's order.
    pub tables: Vec<SurveyedTable>,
    /// Sheets that seem to hold a table that another sheet is proposed for, and that table.
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
    pub file: String,
    pub sheet: Option<String>,
}

/// A table, the sheet of one or several files that holds it, and what its headings mean.
pub struct SurveyedTable {
    pub files: Vec<String>,
    pub sheet: Option<String>,
    pub proposal: Proposal,
    /// Name of list → different values of the column, in their order.
    pub values: BTreeMap<&'static str, Vec<String>>,
}

struct Found {
    book: usize,
    sheet: usize,
    name: SheetName,
    worth: f64,
    proposal: Proposal,
}

/// Looks into files, each by its folder and its name there; changes nothing.
pub fn survey(files: &[(&Path, String)]) -> Survey {
    let mut survey = Survey::default();
    let mut books: Vec<Workbook> = Vec::new();
    let mut found: Vec<Found> = Vec::new();
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
            match likeliest(&head, &name) {
                Some((worth, proposal)) => found.push(Found { book: books.len(), sheet, name, worth, proposal }),
                None => survey.others.push(name),
            }
        }
        books.push(book);
    }
    for kind in TableKind::ALL {
        let (of_kind, rest): (Vec<Found>, Vec<Found>) =
            std::mem::take(&mut found).into_iter().partition(|found| found.proposal.kind == kind);
        found = rest;
        if let Some(table) = one_table(of_kind, kind, &mut books, &mut survey) {
            survey.tables.push(table);
        }
    }
    survey
}

/// The table that a sheet is worth most as: by its headings first, by its name and its file's where they leave a doubt.
fn likeliest(head: &Head, name: &SheetName) -> Option<(f64, Proposal)> {
    let sheet = fold::heading_key(name.sheet.as_deref().unwrap_or_default());
    let file = fold::heading_key(name.file.rsplit_once('.').map_or(name.file.as_str(), |(stem, _)| stem));
    let mut best: Option<(f64, Proposal)> = None;
    for kind in TableKind::ALL {
        let Some(proposal) = propose(head, kind) else { continue };
        let says = |text: &str, name: &String| {
            let name = fold::heading_key(name);
            text == name || format!(" {text} ").contains(&format!(" {name} "))
        };
        let names = || sheet_names(kind).iter();
        let bonus = if names().any(|name| says(&sheet, name)) { 1.25 } else { 0.0 }
            + if names().any(|name| says(&file, name)) { 0.5 } else { 0.0 };
        // Of two tables the one that leaves fewer headings without a meaning.
        let left = (0.4 * proposal.left.len() as f64).min(1.2);
        let worth = proposal.worth() + bonus - left;
        let different: BTreeSet<&str> = proposal.columns.iter().map(|column| column.name.as_str()).collect();
        let enough = different.len() >= 2 && proposal.missing.len() < different.len();
        if enough && proposal.worth() > 0.0 && best.as_ref().is_none_or(|(most, _)| worth > *most) {
            best = Some((worth, proposal));
        }
    }
    best
}

/// The sheet that is worth most, with its likes in other files: one template filled in by several partners.
fn one_table(found: Vec<Found>, kind: TableKind, books: &mut [Workbook], survey: &mut Survey) -> Option<SurveyedTable> {
    let best = found.iter().enumerate().max_by(|(a, one), (b, other)| one.worth.total_cmp(&other.worth).then(b.cmp(a)));
    let best = best.map(|(at, _)| at)?;
    let model = (found[best].name.sheet.clone(), found[best].proposal.clone());
    let mut table =
        SurveyedTable { files: Vec::new(), sheet: model.0.clone(), proposal: model.1, values: BTreeMap::new() };
    for one in found {
        let alike = one.name.sheet == table.sheet && headings(&one.proposal) == headings(&table.proposal);
        if !alike || table.files.contains(&one.name.file) {
            survey.rivals.push((one.name, kind));
            continue;
        }
        look_through(&mut books[one.book], one.sheet, &one.proposal, &mut table.values, survey);
        table.files.push(one.name.file);
    }
    table.values.retain(|_, values| !values.is_empty() && values.len() <= VALUES);
    Some(table)
}

fn headings(proposal: &Proposal) -> Vec<(&str, &str)> {
    proposal.columns.iter().map(|column| (column.name.as_str(), column.heading.as_str())).collect()
}

/// Collects the values of listed columns and the span of dates from all rows.
fn look_through(
    book: &mut Workbook,
    sheet: usize,
    proposal: &Proposal,
    values: &mut BTreeMap<&'static str, Vec<String>>,
    survey: &mut Survey,
) {
    let column = |name: &str| proposal.columns.iter().find(|column| column.name == name).map(|column| column.column);
    let listed: Vec<(u32, &'static str)> = LISTED
        .iter()
        .filter(|(kind, ..)| *kind == proposal.kind)
        .filter_map(|(_, name, list)| Some((column(name)?, *list)))
        .collect();
    let dated = matches!(proposal.kind, TableKind::Activities | TableKind::Attendance);
    let date = column("date").filter(|_| dated);
    let mut wanted: Vec<u32> = listed.iter().map(|(column, _)| *column).chain(date).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut known: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    let mut days = survey.days;
    let rows = book.rows(sheet, &Wanted::Columns(wanted));
    let read = rows.and_then(|rows| {
        rows.each(|row| {
            if row.number <= proposal.header_row {
                return;
            }
            for (column, list) in &listed {
                let Ok(Some(text)) = cell::read_text(row.cell(*column)) else { continue };
                for part in cell::split_values(&text) {
                    let different = known.entry(list).or_default();
                    if different.len() <= VALUES && different.insert(fold::code_key(part)) {
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

impl SurveyedTable {
    /// The columns that somebody should look at.
    pub fn guesses(&self) -> impl Iterator<Item = &ProposedColumn> {
        self.proposal.columns.iter().filter(|column| column.guessed)
    }
}
