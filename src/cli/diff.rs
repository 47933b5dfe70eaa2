use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::figure_changes::print_changes;
use super::submit::WaitingNotice;
use super::{CommandError, Exit, ProjectFolder, Terminal, init};
use crate::diagnostic::{kinds, phrases};
use crate::folder::shown_path;
use crate::output::{SentenceChange, Submission};
use crate::pipeline::{self, Comparison, ErratumFault, ErratumRequest};

/// Compare what was submitted with today, or two builds with each other
///
/// Figures old → new; against what was submitted also the rows that caused it, and the sentences that changed. With
/// --erratum these as a letter to the donor, in the languages and formats of the report: why they changed stands in
/// narrative/REPORT/PERIOD/erratum.LANG.md, else the rows tell it in words.
///
/// Example: donor-report diff inputs/myla-2017
///
/// Example: donor-report diff inputs/myla-2017 --report quarterly --period 2017-Q1 --erratum
///
/// Example: donor-report diff --builds old/MYLA-2017-01 build/MYLA-2017-01
#[derive(Debug, Args)]
pub struct Arguments {
    /// The project's folder, to hold its submitted reports against its data of today
    #[arg(value_name = "PROJECT", conflicts_with = "builds")]
    project: Option<PathBuf>,
    /// Only the submitted report of this name
    #[arg(long, value_name = "NAME", conflicts_with = "builds")]
    report: Option<String>,
    /// Only what was submitted for this period
    #[arg(long, value_name = "CODE", conflicts_with = "builds")]
    period: Option<String>,
    /// Two folders of outputs, the older first, whose figures are compared
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"])]
    builds: Option<Vec<PathBuf>>,
    /// Write a letter about each report that has changed since it was submitted
    #[arg(long, conflicts_with = "builds")]
    erratum: bool,
    /// The date on the letter; left out: none is printed
    #[arg(long, value_name = "DAY", value_parser = init::date, requires = "erratum")]
    date: Option<Date>,
    /// Folder that letters are written to, beside the reports
    #[arg(long, value_name = "DIR", default_value = "build", requires = "erratum")]
    out: PathBuf,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    if arguments.erratum {
        return write_errata(arguments, terminal);
    }
    let found = match arguments.builds.as_deref() {
        Some([old, new]) => compare_builds(old, new)?,
        _ => compare_submitted(arguments)?,
    };
    print_comparison(&found, terminal);
    Ok(Exit::Done)
}

fn compare_builds(old: &Path, new: &Path) -> Result<Comparison, CommandError> {
    // Where there are none, all values are written as plain numbers.
    let projects = ProjectFolder::find(&[]).unwrap_or_default();
    let projects: Vec<PathBuf> = projects.into_iter().map(|project| project.path).collect();
    pipeline::compare_builds(old, new, &projects)
        .map_err(|folder| CommandError::new(kinds::NoFigures { folder: shown_path(folder) }))
}

fn write_errata(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let folder = submitted_project(arguments)?;
    let request = ErratumRequest {
        report: arguments.report.as_deref(),
        period: arguments.period.as_deref(),
        date: arguments.date,
        out: &arguments.out,
    };
    let written = pipeline::write_errata(&folder.path, &request, &WaitingNotice { folder: &folder, terminal });
    let written = written.map_err(|fault| match fault {
        ErratumFault::Failed(error) => error.into(),
        ErratumFault::Faulty(problems) => CommandError::Faulty { folder: folder.shown.clone(), problems },
    })?;
    terminal.print_problems(&written.problems, &folder.shown);
    for file in &written.files {
        let file = file.to_string_lossy().replace('\\', "/");
        terminal.print_result(&terminal.phrase(phrases::Wrote { file }));
    }
    if written.files.is_empty() {
        terminal.print_result(&terminal.phrase(phrases::NoDifferences));
    }
    Ok(Exit::Done)
}

/// The project, of which something was submitted.
fn submitted_project(arguments: &Arguments) -> Result<ProjectFolder, CommandError> {
    let folder = ProjectFolder::find_one(arguments.project.as_ref())?;
    let (submissions, faults) = Submission::read_all(&folder.path);
    if submissions.is_empty() && faults.is_empty() {
        return Err(CommandError::new(kinds::NothingSubmitted { folder: folder.shown }));
    }
    Ok(folder)
}

fn compare_submitted(arguments: &Arguments) -> Result<Comparison, CommandError> {
    let folder = submitted_project(arguments)?;
    match pipeline::compare_submitted(&folder.path, arguments.report.as_deref(), arguments.period.as_deref()) {
        Some(found) => Ok(found),
        // Its tables or prose have errors, printed as other commands print them.
        None => match Terminal::readable(&folder) {
            Err(error) => Err(error),
            // Mended between the two readings.
            Ok(_) => Err(CommandError::Faulty { folder: folder.shown, problems: Vec::new() }),
        },
    }
}

fn print_comparison(found: &Comparison, terminal: &Terminal) {
    print_changes(&found.figures, &found.fractions, terminal);
    for change in &found.sentences {
        let SentenceChange { document, section, removed, added } = change;
        let place = || (document.clone(), section.clone());
        for sentence in removed.iter().cloned() {
            let (document, section) = place();
            terminal.print_result(&terminal.phrase(phrases::SentenceGone { document, section, sentence }));
        }
        for sentence in added.iter().cloned() {
            let (document, section) = place();
            terminal.print_result(&terminal.phrase(phrases::SentenceNew { document, section, sentence }));
        }
    }
    if found.figures.is_empty() && found.sentences.is_empty() {
        terminal.print_result(&terminal.phrase(phrases::NoDifferences));
    }
}
