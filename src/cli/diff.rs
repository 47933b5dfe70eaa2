use std::path::{Path, PathBuf};

use clap::Args;

use super::figure_changes::print_changes;
use super::{CommandError, Exit, ProjectFolder, Terminal};
use crate::diagnostic::{kinds, phrases};
use crate::output::{SentenceChange, Submission};
use crate::pipeline::{self, Comparison};

/// Compare what was submitted with today, or two builds with each other
///
/// Figures old → new; against what was submitted also the rows that caused it, and the sentences that changed.
///
/// Example: donor-report diff inputs/myla-2017
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
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
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
        .map_err(|folder| CommandError::new(kinds::NoFigures { folder: folder.to_string_lossy().into_owned() }))
}

fn compare_submitted(arguments: &Arguments) -> Result<Comparison, CommandError> {
    let folder = ProjectFolder::find_one(arguments.project.as_ref())?;
    let (submissions, faults) = Submission::read_all(&folder.path);
    if submissions.is_empty() && faults.is_empty() {
        return Err(CommandError::new(kinds::NothingSubmitted { folder: folder.shown }));
    }
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
