//! A project's folder → [`Checked`]: logframe, lists, project, every problem with its cell, the row accounting.
//! Names of participants don't get past this room.

#![warn(missing_docs)]

mod activities;
mod attendance;
pub mod cell;
mod codes;
mod column_builder;
mod column_checks;
mod conditions;
mod head_counts;
pub mod layout;
mod lists;
mod logframe;
mod papers;
mod personal_cells;
mod persons;
mod problem_collector;
mod project_reader;
pub mod project_sheets;
pub mod raw_row;
mod settings;
mod shapes;
pub mod sheet_window;
mod table;
mod tables;
mod text_origins;
pub mod unconfigured_workbooks;
mod value_order;
mod waivers;
pub mod workbook;
mod written_rows;
mod wrong_language;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::diagnostic::Problem;
use crate::folder::InputFile;
use crate::model::{Lang, Lists, Logframe, Period, Project, Settings, Waived};
use crate::personal::PersonalTraces;
use jiff::civil::Date;
pub use papers::visit_papers;
use project_reader::RowFaults;
pub use settings::picture_paths;
pub use text_origins::{find_origins, find_registered, own_texts, texts_with_paths};
pub use written_rows::{WrittenCell, WrittenRow, visit_written_rows};

/// The account of one table's rows: `read` = `used` + all of `skipped` + `waived` + `error`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableAccount {
    /// The table's name, as project.toml writes it.
    pub table: String,
    /// Rows below the header.
    pub read: u64,
    /// Rows that a report may count.
    pub used: u64,
    /// Rows that hold no data of their own: reason → how many (`blank`, `total`, `repeated-header`, `doubled` …), in order of the reason's code.
    pub skipped: BTreeMap<&'static str, u64>,
    /// Rows left out under a `[[waive]]`.
    pub waived: u64,
    /// Rows with an error.
    pub error: u64,
    /// What went into a shape and came out, where the table has one.
    pub shape: Option<ShapeTally>,
}

/// What a shape made of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapeTally {
    /// What went in and came out.
    pub kind: ShapeKind,
    /// Marks, counts, values or parents that were found.
    pub found: u64,
    /// Rows that came of them, or belong to them.
    pub made: u64,
}

/// What a [`ShapeTally`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeKind {
    /// Cells that were made rows: marks, values.
    Cells,
    /// Head counts in columns, and the totals that they add up to.
    Parts,
    /// Rows of a repeat, and those that they belong to.
    Repeats,
}

/// What reading a project's folder gives. `project` is `Some` only if its tables have no errors.
pub struct Checked {
    /// `None` if project.toml has an error.
    pub settings: Option<Settings>,
    /// The built-in lists and the project's own.
    pub lists: Lists,
    /// `None` without a readable table of indicators.
    pub logframe: Option<Logframe>,
    /// `None` if anything has an error.
    pub project: Option<Project>,
    /// In the order in which they were found.
    pub problems: Vec<Problem>,
    /// Of each table that the project has.
    pub accounts: Vec<TableAccount>,
    /// Some table exists and couldn't be read: what refers to it isn't checked.
    pub has_unreadable_table: bool,
    /// What was accepted under each `[[waive]]` that was used.
    pub waived: Vec<Waived>,
    /// The files that were read, in order of path.
    pub inputs: Vec<InputFile>,
    /// What is known of the participants' names and contacts, for the scan of the outputs.
    pub personal: PersonalTraces,
}

/// Reads everything in `folder`. Problems are collected; the first doesn't stop it.
pub fn read(folder: &Path) -> Checked {
    project_reader::read(folder, RowFaults::Stop)
}

/// Reads everything in `folder` for a draft: rows with errors are left out, or the faulty value of theirs where that is
/// enough. The errors are still among the problems, as about no report.
pub fn read_draft(folder: &Path) -> Checked {
    project_reader::read(folder, RowFaults::LeaveOut)
}

/// The labels of a built-in list in a language, in the list's order.
pub fn built_in_labels(list: &str, lang: &Lang) -> Vec<String> {
    lists::built_in_labels(list, lang).into_iter().map(|(_, label)| label).collect()
}

/// The label of a code on a built-in list.
pub fn built_in_label(list: &str, code: &str, lang: &Lang) -> Option<String> {
    lists::built_in_labels(list, lang).into_iter().find(|(known, _)| known == code).map(|(_, label)| label)
}

/// Every key that the tables of a project.toml can have, by table; for the reference.
pub fn project_keys(source: &str, folder: &Path) -> BTreeMap<String, BTreeSet<&'static str>> {
    settings::known_keys(source, folder)
}

/// The names of calculations.
pub fn calculations() -> &'static [&'static str] {
    conditions::CALCULATIONS
}

/// Codes of a project's periods of these kinds (`quarters`, `years` …), then that of the project as a whole.
pub fn period_codes(kinds: &[&str], start: Date, end: Date) -> Vec<String> {
    let calendar = settings::periods::KINDS.iter().filter(|(name, _)| kinds.contains(name));
    let codes = calendar.flat_map(|(_, kind)| kind.periods(start, end)).map(|period| period.code);
    codes.chain([Period::PROJECT.to_owned()]).collect()
}

/// The code that project.toml names; nothing else of it is read.
pub fn code_of(folder: &Path) -> Option<String> {
    project_reader::code_of(folder)
}

/// Whether a kind of problem can be accepted by `[[waive]]`.
pub fn can_be_waived(code: &str) -> bool {
    waivers::CAN_BE_WAIVED.contains(&code)
}

/// What is wrong with a text that is to become the project.toml of a folder; nothing else is read.
pub fn check_project_file(source: &str, folder: &Path) -> Vec<Problem> {
    let mut problems = Vec::new();
    settings::read_project_file(source, folder, &mut problems);
    problems
}

/// project.toml alone, where it can be read without a fault, with its problems; tables are read only where they must say which
/// periods have ended.
pub fn settings(folder: &Path) -> (Option<Settings>, Vec<Problem>) {
    project_reader::settings(folder)
}
