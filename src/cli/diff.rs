use std::path::{Path, PathBuf};

use clap::Args;

use super::{Exit, ProjectFolder, Terminal, build};
use crate::output::Submission;
use crate::pipeline::{self, Comparison};

/// Compare what was submitted with today, or two builds with each other
///
/// Figures old → new, the rows that caused it, and the sentences of the narrative that changed.
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
    /// Two folders of outputs, the older first, each with its record.json
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"])]
    builds: Option<Vec<PathBuf>>,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    match arguments.builds.as_deref() {
        Some([old, new]) => between_builds(old, new, terminal),
        _ => since_submission(arguments, terminal),
    }
}

fn between_builds(old: &Path, new: &Path, terminal: &Terminal) -> Exit {
    match pipeline::compare_builds(old, new) {
        Ok(found) => tell(&found, terminal),
        Err(folder) => {
            terminal.complain("no-record", &[("folder", &folder.to_string_lossy())]);
            Exit::CouldNotRun
        }
    }
}

fn since_submission(arguments: &Arguments, terminal: &Terminal) -> Exit {
    let Some(folder) = ProjectFolder::find_one(arguments.project.as_ref(), terminal) else { return Exit::CouldNotRun };
    let (submissions, faults) = Submission::read_all(&folder.path);
    if submissions.is_empty() && faults.is_empty() {
        terminal.complain("nothing-submitted", &[("folder", &folder.shown)]);
        return Exit::CouldNotRun;
    }
    match pipeline::compare_submitted(&folder.path, arguments.report.as_deref(), arguments.period.as_deref()) {
        Some(found) => tell(&found, terminal),
        None => {
            // Its tables or prose have errors; they are told as other commands tell them.
            let _ = terminal.readable(&folder);
            Exit::Problems
        }
    }
}

fn tell(found: &Comparison, terminal: &Terminal) -> Exit {
    build::tell_changes(&found.figures, terminal);
    for change in &found.sentences {
        let kinds = [("sentence-gone", &change.removed), ("sentence-new", &change.added)];
        for (code, sentence) in kinds.into_iter().flat_map(|(code, all)| all.iter().map(move |one| (code, one))) {
            let args = [("document", &change.document), ("section", &change.section), ("sentence", sentence)];
            terminal.result(&terminal.sentence(code, &args.map(|(name, value)| (name, value.as_str()))));
        }
    }
    if found.figures.is_empty() && found.sentences.is_empty() {
        terminal.result(&terminal.sentence("no-differences", &[]));
    }
    Exit::Done
}
