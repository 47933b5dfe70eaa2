//! What `init --from` found in workbooks, on the terminal.

use std::path::Path;

use crate::cli::Terminal;
use crate::diagnostic::{Problem, phrases};
use crate::ingest::unconfigured_workbooks::{ProposedShape, SheetName, UnconfiguredTable, UnconfiguredWorkbooks};
use crate::new_project::{TO_FILL, missing_line, quoted_signs, shape_sentences};
use crate::pipeline;

/// What every sheet is taken for, and what is missing.
pub fn print_survey(survey: &UnconfiguredWorkbooks, filled: &[String], terminal: &Terminal) {
    terminal.print_problems(&survey.problems, "");
    for table in &survey.tables {
        let places: Vec<String> =
            table.files.iter().map(|file| place(file, shown_sheet(table).as_deref(), terminal)).collect();
        let name = table.proposal.kind.name();
        if table.shape == Some(ProposedShape::None) {
            continue;
        }
        terminal
            .print_result(&terminal.phrase(phrases::InitTable { table: name.to_owned(), place: places.join("; ") }));
        shape_sentences(table, terminal.catalogue())
            .iter()
            .for_each(|sentence| terminal.print_result(&format!("    {sentence}")));
        for column in &table.proposal.columns {
            let lang = column.lang.as_ref().map(|lang| format!(" ({})", lang.as_str())).unwrap_or_default();
            let shown = format!("{}{lang}", column.name);
            let heading = column.heading.clone();
            terminal.print_result(&if column.guessed {
                terminal.phrase(phrases::InitColumnGuessed { column: shown, heading })
            } else {
                terminal.phrase(phrases::InitColumn { column: shown, heading })
            });
        }
        if !table.proposal.attributes.is_empty() {
            let headings = table.proposal.attributes.join(", ");
            terminal.print_result(&terminal.phrase(phrases::InitLeft { headings }));
        }
        for (heading, separators) in &table.splits {
            let signs: Vec<&str> = separators.iter().copied().collect();
            let (heading, signs) = (heading.clone(), quoted_signs(&signs, terminal.catalogue()));
            terminal.print_result(&terminal.phrase(phrases::InitSplit { heading, signs }));
        }
        for heading in &table.proposal.doubled {
            terminal.print_result(&terminal.phrase(phrases::InitDoubled { heading: heading.clone() }));
        }
        for missing in &table.proposal.missing {
            let line = missing_line(table.proposal.kind, missing, terminal.catalogue());
            terminal.print_result(&format!("    {line}"));
        }
    }
    let shown = |name: &SheetName| place(&name.file, name.sheet.as_deref(), terminal);
    for (name, kind) in &survey.rivals {
        let table = kind.name().to_owned();
        terminal.print_result(&terminal.phrase(phrases::InitRival { place: shown(name), table }));
    }
    if !survey.others.is_empty() {
        let places: Vec<String> = survey.others.iter().map(shown).collect();
        terminal.print_result(&terminal.phrase(phrases::InitOthers { places: places.join("; ") }));
    }
    if !filled.is_empty() {
        let (tables, file) = (filled.join(", "), TO_FILL.to_owned());
        terminal.print_result(&terminal.phrase(phrases::InitToFill { tables, file }));
    }
}

/// The sheet of a table, or several of one file.
fn shown_sheet(table: &UnconfiguredTable) -> Option<String> {
    if table.sheets.is_empty() { table.sheet.clone() } else { Some(table.sheets.join(", ")) }
}

/// What `check` would say of the new project, in one line.
pub fn print_check(folder: &Path, terminal: &Terminal) {
    let problems: Vec<Problem> = pipeline::check(folder).problems;
    terminal.print_result(&terminal.tally(&problems));
}

fn place(file: &str, sheet: Option<&str>, terminal: &Terminal) -> String {
    match sheet {
        Some(sheet) => terminal.phrase(phrases::PlaceSheet { file: file.to_owned(), sheet: sheet.to_owned() }),
        None => file.to_owned(),
    }
}
