use std::path::PathBuf;

use clap::Args;

use super::{Exit, ProjectFolder, Terminal, build};
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

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    let Some(folder) = ProjectFolder::find_one(arguments.project.as_ref(), terminal) else { return Exit::CouldNotRun };
    let (report, period) = (arguments.report.as_str(), arguments.period.as_str());
    if !arguments.again && Submission::exists(&folder.path, report, period) {
        terminal.complain("already-submitted", &[("report", report), ("period", period)]);
        return Exit::CouldNotRun;
    }
    let options = BuildOptions {
        extent: Extent::Reports { report: Some(report.to_owned()), period: Some(period.to_owned()) },
        out: arguments.out.clone(),
        force: false,
    };
    match pipeline::build(&folder.path, &options, &Quiet { folder: &folder, terminal }) {
        Ok(built) if built.has_errors() => build::tell(&built, &folder, &options, terminal),
        Ok(built) => keep(&folder, &options, &built.code, report, period, terminal),
        Err(fault) => {
            build::complain(&fault, terminal);
            Exit::CouldNotRun
        }
    }
}

/// Only says where it waits for another build.
pub(super) struct Quiet<'a> {
    pub folder: &'a ProjectFolder,
    pub terminal: &'a Terminal,
}

impl Progress for Quiet<'_> {
    fn waiting_for_lock(&self) {
        self.terminal.remark(&self.terminal.sentence("waiting-for-lock", &[("folder", &self.folder.shown)]));
    }
}

fn keep(
    folder: &ProjectFolder,
    options: &BuildOptions,
    code: &str,
    report: &str,
    period: &str,
    terminal: &Terminal,
) -> Exit {
    let home = options.out.join(code);
    match pipeline::submit(&folder.path, &home, report, period) {
        Ok(documents) => {
            let place = Submission::folder(&folder.path, period).to_string_lossy().replace('\\', "/");
            terminal.result(&terminal.sentence("submitted", &[("count", &documents.to_string()), ("folder", &place)]));
            Exit::Done
        }
        Err(fault) => {
            build::complain(&fault, terminal);
            Exit::CouldNotRun
        }
    }
}
