use std::path::PathBuf;

use clap::Args;

use super::{CommandError, Exit, Terminal};
use crate::diagnostic::phrases;
use crate::folder::shown_path;
use crate::guide::{GuideFault, make_guide};

/// Make the guide for officers, a PDF in each language
///
/// Example: donor-report guide
#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder to write to
    #[arg(value_name = "DIR", default_value = "guide")]
    folder: PathBuf,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let made = make_guide(&arguments.folder).map_err(|fault| match fault {
        GuideFault::Write(problem) => problem.into(),
        GuideFault::Build(error) => error.into(),
        GuideFault::Templates(problems) => CommandError::Unreadable(problems),
    })?;
    terminal.print_problems(&made.problems, "");
    if made.files.is_empty() {
        return Ok(Exit::Problems);
    }
    for path in &made.files {
        terminal.print_result(&terminal.phrase(phrases::Wrote { file: shown_path(path) }));
    }
    Ok(Exit::Done)
}
