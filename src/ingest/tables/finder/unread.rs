//! Sheets that look like a table and aren't read: beside the sheets of their table, or of codes beside other tables.

use std::path::Path;

use super::{FoundSheet, SHEET_NAMES, SheetIndex, TableFinder};
use crate::diagnostic::{Problem, kinds};
use crate::fold;
use crate::ingest::layout::{self, ColumnMappings, TableKind, vocabulary};
use crate::ingest::settings::SheetPlan;

/// Columns that sheets of codes have too: with a code they don't identify a table of persons or results.
const LOOK_UP_COLUMNS: [&str; 6] = ["name", "title", "label", "municipality", "organisation", "status"];

impl TableFinder<'_> {
    /// Whether a sheet is the table `kind` by its columns: it has a required one and one more, and they aren't just what a
    /// sheet of codes has. Any will do in a workbook of which project.toml names no sheet, and of persons and results, whose
    /// tables may have no more than that, where no sheet bears a table's name.
    pub(super) fn is_told_apart(&self, kind: TableKind, at: SheetIndex) -> bool {
        let path = &self.workbooks[at.0].workbook.input.path;
        let names_sheets = self.plans.iter().any(|plan| {
            !plan.sheets.named().is_empty()
                && (plan.files.is_empty() || plan.files.iter().any(|(file, _)| file == path))
        });
        let is_named = |(kind, found): (&TableKind, &Vec<FoundSheet>)| {
            found.iter().any(|found| found.at.0 == at.0 && self.bears_name(*kind, found.at))
        };
        let is_unspecific = matches!(kind, TableKind::Participants | TableKind::Results);
        let must_tell = names_sheets || is_unspecific && self.found.iter().any(is_named);
        if !must_tell {
            return true;
        }
        let known = layout::known_columns(self.head(at), kind, &ColumnMappings::new()).unwrap_or_default();
        let is_telling = |(name, heading): (&String, &String)| {
            let is_required = vocabulary().column(kind, name).is_some_and(|column| column.required);
            let is_shared = LOOK_UP_COLUMNS.contains(&name.as_str());
            !is_shared && (!is_required || !names_other_table(kind, heading))
        };
        known.len() > 1 && known.iter().any(is_telling)
    }

    /// Whether a sheet is called as the table.
    pub(super) fn bears_name(&self, kind: TableKind, at: SheetIndex) -> bool {
        self.sheet_name(at).is_some_and(|name| names_table(kind, name))
    }

    /// Whether a sheet is the table of results, though what needs no more than a code, such as a table of persons, would fit
    /// it too: its file is called so, or it has a column that only that table has, such as `parent`.
    pub(super) fn is_of_results(&self, kind: TableKind, at: SheetIndex) -> bool {
        if kind != TableKind::Results {
            return false;
        }
        let opened = &self.workbooks[at.0];
        let file = Path::new(&opened.workbook.input.path).file_stem().map(|stem| stem.to_string_lossy());
        let is_named_file = opened.heads.len() == 1 && file.is_some_and(|file| names_table(kind, &file));
        let known = layout::known_columns(self.head(at), kind, &ColumnMappings::new()).unwrap_or_default();
        let is_own = |name: &String| {
            TableKind::ALL.into_iter().all(|other| other == kind || vocabulary().column(other, name).is_none())
        };
        is_named_file || known.keys().any(is_own)
    }

    /// Notes that a sheet isn't taken for a table that project.toml doesn't name.
    pub(super) fn note_look_up_sheet(&mut self, kind: TableKind, at: SheetIndex) {
        let place = self.workbooks[at.0].workbook.place(at.1);
        let sheet = self.sheet_name(at).unwrap_or_default().to_owned();
        let note = Problem::note(kinds::LookUpSheet { table: kind.name().to_owned(), sheet }).at(place);
        if !self.problems.contains(&note) {
            self.problems.push(note);
        }
    }

    /// Warns of sheets with a table's columns beside the sheets that it is read from.
    pub(super) fn warn_unread_sheets(&mut self) {
        // A sheet that nothing reads may be the one that a table lacks, under another name: that is said once, there.
        if self.plans.iter().any(|plan| !plan.none && !self.found.contains_key(&plan.kind)) {
            return;
        }
        let mut warnings = Vec::new();
        for (&kind, found) in &self.found {
            let plan = self.plan(kind);
            if plan.is_some_and(|plan| matches!(plan.sheets, SheetPlan::Named(_) | SheetPlan::All(_))) {
                continue;
            }
            let none = ColumnMappings::new();
            let mapping = plan.map_or(&none, |plan| &plan.columns);
            for read in found.iter().map(|found| found.at) {
                let beside = (0..self.workbooks[read.0].heads.len()).map(|sheet| (read.0, sheet));
                for at in beside.filter(|at| !self.claimed.contains(at)) {
                    let name = |at| self.sheet_name(at).unwrap_or_default().to_owned();
                    let (table, read_name, unread) = (kind.name().to_owned(), name(read), name(at));
                    let unread = if self.is_alike(kind, mapping, read, at) {
                        kinds::UnreadSheet::Plain { table, read: read_name, unread }
                    } else if goes_on(&read_name, &unread) && self.head(at).rows().iter().any(|row| row.cells.len() > 1)
                    {
                        kinds::UnreadSheet::Headless { table, read: read_name, unread }
                    } else {
                        continue;
                    };
                    warnings.push(Problem::warning(unread).at(self.workbooks[at.0].workbook.place(at.1)));
                }
            }
        }
        self.problems.extend(warnings);
    }

    /// Whether a sheet could go on with the table that another is read as.
    fn is_alike(&self, kind: TableKind, mapping: &ColumnMappings, read: SheetIndex, other: SheetIndex) -> bool {
        let known = |at| layout::known_columns(self.head(at), kind, mapping).unwrap_or_default();
        let (read, columns) = (known(read), known(other));
        let is_unspecific = matches!(kind, TableKind::Lists | TableKind::Participants | TableKind::Results);
        let is_whole = !is_unspecific || read.keys().all(|name| columns.contains_key(name));
        !columns.is_empty() && is_whole && layout::fits_best(self.head(other), kind, mapping)
    }
}

/// Whether a name is one that the table's sheets have.
fn names_table(kind: TableKind, name: &str) -> bool {
    let key = fold::heading_key(name);
    SHEET_NAMES.get(kind.name()).into_iter().flatten().any(|name| fold::heading_key(name) == key)
}

/// Whether a sheet's name is another's with a number: `Activities`, `Activities 2`.
fn goes_on(name: &str, other: &str) -> bool {
    let (name, other) = (fold::code_key(name), fold::code_key(other));
    let rest = other.strip_prefix(&name).filter(|_| !name.is_empty());
    rest.is_some_and(|rest| !rest.contains(char::is_alphabetic) && rest.contains(|c: char| c.is_ascii_digit()))
}

/// Whether a heading names a column of another table too, as `Code` does and `Person id` doesn't. Attendance has the columns
/// of persons.
fn names_other_table(kind: TableKind, heading: &str) -> bool {
    let key = fold::heading_key(heading);
    let is_of_persons = |kind: TableKind| matches!(kind, TableKind::Participants | TableKind::Attendance);
    let is_other = |other: &TableKind| *other != kind && !(is_of_persons(kind) && is_of_persons(*other));
    TableKind::ALL.into_iter().filter(is_other).any(|other| vocabulary().find_column(other, &key).is_some())
}
