use std::path::PathBuf;

use clap::Args;

use super::{CommandError, Exit, ProjectFolder, Terminal, build};
use crate::diagnostic::{kinds, phrases};
use crate::output::Submission;
use crate::pipeline::{self, BuildOptions, Extent, Progress};

/// Keep a report as it is sent, so that later corrections show up as restated figures
///
/// Example: donor-report submit inputs/myla-2017 --report quarterly --period 2017-Q1
#[derive(Debug, Args)]
pub struct Arguments {
    /// The project's folder; may be left out where inputs/ holds one project
    #[arg(value_name = "PROJECT")]
    project: Option<PathBuf>,
    /// Name of the report that is sent
    #[arg(long, value_name = "NAME")]
    report: String,
    /// Its reporting period
    #[arg(long, value_name = "CODE")]
    period: String,
    /// Folder that the documents were built in
    #[arg(long, value_name = "DIR", default_value = "build")]
    out: PathBuf,
    /// Replace what was kept of an earlier submission of the same report
    #[arg(long)]
    again: bool,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let folder = ProjectFolder::find_one(arguments.project.as_ref())?;
    let (report, period) = (arguments.report.clone(), arguments.period.clone());
    if !arguments.again && Submission::exists(&folder.path, &report, &period) {
        return Err(CommandError::new(kinds::AlreadySubmitted { report, period }));
    }
    let options = BuildOptions {
        extent: Extent::Reports { report: Some(report), period: Some(period) },
        out: arguments.out.clone(),
        force: false,
    };
    let built = pipeline::build(&folder.path, &options, &WaitingNotice { folder: &folder, terminal })?;
    if built.has_errors() {
        return Ok(build::print_built(&built, &folder, &options, terminal));
    }
    let home = options.out.join(&built.code);
    let count = pipeline::submit(&folder.path, &home, &arguments.report, &arguments.period)?.to_string();
    let kept = Submission::folder(&folder.path, &arguments.period).to_string_lossy().replace('\\', "/");
    terminal.print_result(&terminal.phrase(phrases::Submitted { count, folder: kept }));
    Ok(Exit::Done)
}

/// Prints only that another build holds the outputs.
pub(super) struct WaitingNotice<'a> {
    pub folder: &'a ProjectFolder,
    pub terminal: &'a Terminal,
}

impl Progress for WaitingNotice<'_> {
    fn waiting_for_lock(&self) {
        let folder = self.folder.shown.clone();
        self.terminal.print_note(&self.terminal.phrase(phrases::WaitingForLock { folder }));
    }
}
