use std::path::PathBuf;

use clap::Args;

use super::{Exit, ProjectFolder, Terminal, build};
use crate::output::{Record, changes};
use crate::{indicators, pipeline};

/// Compare what was submitted with today, or two builds with each other
///
/// Example: donor-report diff inputs/myla-2017
/// Example: donor-report diff --builds old/MYLA-2017-01 build/MYLA-2017-01
#[derive(Debug, Args)]
pub struct Arguments {
    /// The project's folder, to hold its submitted reports against its data of today
    #[arg(value_name = "PROJECT", conflicts_with = "builds")]
    project: Option<PathBuf>,
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

fn between_builds(old: &PathBuf, new: &PathBuf, terminal: &Terminal) -> Exit {
    let mut records = Vec::new();
    for folder in [old, new] {
        match Record::read(folder) {
            Some(record) => records.push(record),
            None => {
                terminal.complain("no-record", &[("folder", &folder.to_string_lossy())]);
                return Exit::CouldNotRun;
            }
        }
    }
    let found = changes(&records[0].figures, &records[1].figures);
    for change in &found {
        terminal.result(&build::change_line(change, terminal));
    }
    if found.is_empty() {
        terminal.result(&terminal.sentence("no-differences", &[]));
    }
    Exit::Done
}

fn since_submission(arguments: &Arguments, terminal: &Terminal) -> Exit {
    let Some(folder) = ProjectFolder::find_one(arguments.project.as_ref(), terminal) else { return Exit::CouldNotRun };
    let Some(project) = terminal.readable(&folder) else { return Exit::Problems };
    let figures = indicators::count(&project);
    let found = pipeline::restated(&folder.path, &project, &figures);
    for problem in &found.problems {
        terminal.result(&terminal.catalogue().sentences(problem).message);
    }
    if found.differences.is_empty() {
        terminal.result(&terminal.sentence("no-differences", &[]));
    }
    Exit::Done
}
