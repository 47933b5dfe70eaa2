use std::path::PathBuf;
use std::thread;

use clap::Args;

use super::figure_changes::print_first_changes;
use super::{CommandError, Exit, ProjectFolder, Terminal, many_projects};
use crate::diagnostic::{kinds, phrases};
use crate::folder::shown_path;
use crate::pipeline::{BuildOptions, Built, Extent, FormNote};

/// Where outputs go when `--out` says nothing.
pub(super) const BUILD: &str = "build";

/// The folder in it for drafts.
const DRAFT: &str = "draft";

/// Make every report and annex that is out of date
///
/// Example: donor-report build inputs/myla-2017 --report progress
#[derive(Debug, Args)]
pub struct Arguments {
    /// Project folders; none: every folder of inputs/ with a project.toml
    #[arg(value_name = "PROJECT")]
    projects: Vec<PathBuf>,
    /// Only the report of this name
    #[arg(long, value_name = "NAME")]
    report: Option<String>,
    /// Only this reporting period
    #[arg(long, value_name = "CODE")]
    period: Option<String>,
    /// One unit of work, as `donor-report plan` prints it
    #[arg(long, value_name = "ID", conflicts_with_all = ["projects", "report", "period"])]
    unit: Option<String>,
    /// Folder to write to
    #[arg(long, value_name = "DIR", default_value = BUILD)]
    out: PathBuf,
    /// How many projects and documents to make at once; default: one per processor core
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Make what can be made, marked as a draft, under draft/: faulty rows and sections are left out
    #[arg(long)]
    draft: bool,
    /// Make everything again, even what is up to date
    #[arg(long)]
    force: bool,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let mut projects = arguments.projects.clone();
    let mut extent = match (&arguments.report, &arguments.period) {
        (None, None) => Extent::Whole,
        (report, period) => Extent::Reports { report: report.clone(), period: period.clone() },
    };
    if let Some(unit) = &arguments.unit {
        let parts = parts_of_unit(unit).ok_or_else(|| CommandError::new(kinds::BadUnit { unit: unit.clone() }));
        let (folder, unit_extent) = parts?;
        projects = vec![PathBuf::from(folder)];
        extent = unit_extent;
    }
    let folders = ProjectFolder::find(&projects)?;
    let out = if arguments.draft { arguments.out.join(DRAFT) } else { arguments.out.clone() };
    let options = BuildOptions { extent, out, force: arguments.force, draft: arguments.draft };
    let jobs = arguments.jobs.map(usize::from).or_else(|| thread::available_parallelism().ok().map(usize::from));
    many_projects::build(&folders, &options, jobs.unwrap_or(1), terminal)
}

/// `inputs/myla-2017#2017-Q1/quarterly`, `inputs/myla-2017#iati` → folder, and what of it.
fn parts_of_unit(unit: &str) -> Option<(&str, Extent)> {
    let (folder, rest) = unit.rsplit_once('#')?;
    if rest == "iati" {
        return Some((folder, Extent::Iati));
    }
    let (period, report) = rest.split_once('/')?;
    Some((folder, Extent::Reports { report: Some(report.to_owned()), period: Some(period.to_owned()) }))
}

/// Prints what a build did, and gives the exit code that goes with it.
pub(super) fn print_built(built: &Built, folder: &ProjectFolder, options: &BuildOptions, terminal: &Terminal) -> Exit {
    terminal.print_problems(&built.problems, &folder.shown);
    if built.is_stopped() {
        terminal.print_note(&terminal.tally(&built.problems));
        terminal.print_note(&terminal.phrase(phrases::NotWritten::Plain { folder: folder.shown.clone() }));
        return Exit::Problems;
    }
    let home = options.out.join(&built.code);
    for name in &built.written {
        let path = shown_path(&home.join(name));
        terminal.print_result(&if built.with_persons.contains(name) {
            terminal.phrase(phrases::WrotePersons { file: path })
        } else {
            terminal.phrase(phrases::Wrote { file: path })
        });
    }
    for form in &built.forms {
        let FormNote { output, places, kept, recalculates, .. } = form;
        let (file, count, kept) = (shown_path(&home.join(output)), places.to_string(), kept.to_string());
        let (form, changed) = (form.form.clone(), form.changed.join(", "));
        terminal.print_result(&if *recalculates {
            terminal.phrase(phrases::FormFilled::Computed { file, form, count, kept, changed })
        } else {
            terminal.phrase(phrases::FormFilled::Plain { file, form, count, kept, changed })
        });
    }
    let counts = (built.written.len().to_string(), built.kept.to_string());
    let list = |names: &[String]| {
        let paths = names.iter().map(|name| shown_path(&home.join(name)));
        paths.collect::<Vec<_>>().join(", ")
    };
    if !built.removed.is_empty() {
        terminal.print_result(&terminal.phrase(phrases::RecordsRemoved { files: list(&built.removed) }));
    }
    if !built.withdrawn.is_empty() {
        terminal.print_result(&terminal.phrase(phrases::OutputsWithdrawn { files: list(&built.withdrawn) }));
    }
    terminal.print_result(&terminal.phrase(phrases::Built {
        project: built.code.clone(),
        written: counts.0,
        kept: counts.1,
    }));
    print_first_changes(&built.changes, &built.fractions, terminal);
    if !built.has_errors() {
        return Exit::Done;
    }
    terminal.print_note(&terminal.tally(&built.problems));
    if !built.left_out.is_empty() {
        let (folder, reports) = (folder.shown.clone(), built.left_out.join(", "));
        terminal.print_note(&terminal.phrase(phrases::NotWritten::Some { folder, reports }));
    }
    Exit::Problems
}
