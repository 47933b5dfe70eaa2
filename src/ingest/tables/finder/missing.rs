//! What project.toml names and isn't there: said with what is there, and the line to change.

use super::{SheetIndex, TableFinder};
use crate::diagnostic::{Place, Problem, kinds, renamed_to};
use crate::ingest::layout::{self, TableKind};
use crate::ingest::settings::TablePlan;

/// The line of project.toml that a place is in.
pub(super) fn line_of(place: &Place) -> String {
    place.line_number().map(|line| line.to_string()).unwrap_or_default()
}

impl TableFinder<'_> {
    /// Claims the sheet that a plan names, or reports that there is none.
    pub(super) fn claim_named_sheet(
        &mut self,
        plan: &TablePlan,
        (book, file): (usize, &str),
        name: &str,
        place: &Place,
    ) {
        let workbook = &self.workbooks[book].workbook;
        if let Some(sheet) = workbook.sheet_by_name(name) {
            self.claim_sheet(plan.kind, &plan.columns, (book, sheet));
            return;
        }
        let names: Vec<&str> = workbook.sheets.iter().filter_map(|sheet| sheet.name.as_deref()).collect();
        let named: Vec<&str> = self.plans.iter().flat_map(|plan| plan.sheets.named()).map(|(other, _)| other).collect();
        // A sheet of remarks is no table under another name, though nothing else reads it.
        let holds_table = |sheet: &str| {
            let at = workbook.sheet_by_name(sheet).map(|sheet| (book, sheet));
            let known = at.and_then(|at| layout::known_columns(self.head(at), plan.kind, &plan.columns));
            known.is_some_and(|known| !known.is_empty())
        };
        let kind = kinds::UnknownSheet::Plain {
            value: name.to_owned(),
            file: file.to_owned(),
            known: names.join(", "),
            line: line_of(place),
            nearest: renamed_to(name, &names, |sheet| !named.contains(&sheet) && holds_table(sheet)).map(str::to_owned),
        };
        self.broken.insert(plan.kind);
        self.problems.push(Problem::error(kind).at(place.clone()));
    }

    /// Reports that no sheet of a file holds a table; a sheet that can't be read is reason enough, and was reported.
    pub(super) fn report_missing(&mut self, kind: TableKind, file: &str) {
        self.broken.insert(kind);
        let is_unreadable = |&(book, _): &SheetIndex| self.workbooks[book].workbook.input.path == file;
        if !self.unreadable.iter().any(is_unreadable) {
            let missing = kinds::MissingTable::Plain { table: kind.name().to_owned() };
            self.problems.push(Problem::error(missing).at(Place::file(file)));
        }
    }

    /// Adds the line of project.toml to a problem of a heading that it names.
    pub(super) fn name_line(&self, kind: TableKind, fault: &mut Problem) {
        let place = fault.args.get("column").and_then(|column| self.plan(kind)?.column_places.get(column));
        if let Some(place) = place.filter(|_| fault.code == kinds::MappedHeadingMissing::CODE) {
            fault.variant = Some(if fault.variant.is_some() { "renamed" } else { "line" });
            fault.args.insert("line", line_of(place));
        }
    }
}
