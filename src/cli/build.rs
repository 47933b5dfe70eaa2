use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;

use super::{Exit, ProjectFolder, Terminal};
use crate::ingest;
use crate::output::FigureChange;
use crate::pipeline::{self, BuildOptions, Built, CouldNotRun};

/// Where outputs go when `--out` says nothing.
const BUILD: &str = "build";

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
    /// How many documents to make at once; default: one per processor core
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Make everything again, even what is up to date
    #[arg(long)]
    force: bool,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    let (mut projects, mut report, mut period) =
        (arguments.projects.clone(), arguments.report.clone(), arguments.period.clone());
    if let Some(unit) = &arguments.unit {
        let Some((folder, its_period, its_report)) = parts_of_unit(unit) else {
            terminal.complain("bad-unit", &[("unit", unit)]);
            return Exit::CouldNotRun;
        };
        projects = vec![PathBuf::from(folder)];
        (report, period) = (Some(its_report.to_owned()), Some(its_period.to_owned()));
    }
    let Some(folders) = ProjectFolder::find(&projects, terminal) else { return Exit::CouldNotRun };
    let options = BuildOptions { report, period, out: arguments.out.clone(), force: arguments.force };
    let run = || build_all(&folders, &options, terminal);
    match arguments.jobs {
        None => run(),
        Some(jobs) => match rayon::ThreadPoolBuilder::new().num_threads(jobs).build() {
            Ok(pool) => pool.install(run),
            Err(error) => {
                terminal.complain("no-threads", &[("why", &error.to_string())]);
                Exit::CouldNotRun
            }
        },
    }
}

/// `inputs/myla-2017#2017-Q1/quarterly` → folder, period, report.
fn parts_of_unit(unit: &str) -> Option<(&str, &str, &str)> {
    let (folder, rest) = unit.rsplit_once('#')?;
    let (period, report) = rest.split_once('/')?;
    Some((folder, period, report))
}

/// Two projects of one code would write into one folder.
fn share_a_code(folders: &[ProjectFolder], terminal: &Terminal) -> bool {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for folder in folders {
        let Some(settings) = ingest::settings(&folder.path).0 else { continue };
        if let Some(other) = seen.insert(settings.code.to_lowercase(), &folder.shown) {
            terminal.complain("shared-code", &[("code", &settings.code), ("one", other), ("other", &folder.shown)]);
            return true;
        }
    }
    false
}

/// A bad project doesn't stop the others.
fn build_all(folders: &[ProjectFolder], options: &BuildOptions, terminal: &Terminal) -> Exit {
    if folders.len() > 1 && share_a_code(folders, terminal) {
        return Exit::CouldNotRun;
    }
    let bar = progress_bar(folders.len(), terminal);
    let mut worst = Exit::Done;
    let mut failed = Vec::new();
    // Projects side by side, told in their order; only a few at a time, so that memory doesn't grow with their number.
    for some in folders.chunks(rayon::current_num_threads() * 2) {
        let ended: Vec<Result<Built, CouldNotRun>> = some
            .par_iter()
            .map(|folder| {
                let wait = || terminal.remark(&terminal.sentence("waiting-for-lock", &[("folder", &folder.shown)]));
                let built = pipeline::build(&folder.path, options, wait);
                bar.inc(1);
                built
            })
            .collect();
        for (folder, ended) in some.iter().zip(&ended) {
            let exit = bar.suspend(|| match ended {
                Ok(built) => tell(built, folder, options, terminal),
                Err(fault) => {
                    complain(fault, terminal);
                    Exit::CouldNotRun
                }
            });
            if exit != Exit::Done {
                failed.push(folder.shown.as_str());
            }
            worst = worst.max(exit);
        }
    }
    bar.finish_and_clear();
    if folders.len() > 1 {
        let projects = folders.len().to_string();
        terminal.result(&terminal.sentence("summary", &[("projects", &projects)]));
        if !failed.is_empty() {
            terminal.remark(&terminal.sentence("summary-failed", &[("folders", &failed.join(", "))]));
        }
    }
    worst
}

pub(super) fn tell(built: &Built, folder: &ProjectFolder, options: &BuildOptions, terminal: &Terminal) -> Exit {
    terminal.problems(&built.problems, &folder.shown);
    if built.has_errors() {
        terminal.remark(&terminal.tally(&built.problems));
        terminal.remark(&terminal.sentence("not-written", &[("folder", &folder.shown)]));
        return Exit::Problems;
    }
    let home = options.out.join(&built.code);
    for name in &built.written {
        let path = home.join(name).to_string_lossy().replace('\\', "/");
        terminal.result(&terminal.sentence("wrote", &[("file", &path)]));
    }
    let counts = (built.written.len().to_string(), built.kept.to_string());
    terminal
        .result(&terminal.sentence("built", &[("project", &built.code), ("written", &counts.0), ("kept", &counts.1)]));
    for change in &built.changes {
        terminal.result(&change_line(change, terminal));
    }
    Exit::Done
}

pub(super) fn change_line(change: &FigureChange, terminal: &Terminal) -> String {
    let absent = terminal.sentence("absent", &[]);
    terminal.sentence(
        "figure-changed",
        &[
            ("document", &change.document),
            ("indicator", &change.indicator),
            ("field", &change.field),
            ("old", change.old.as_deref().unwrap_or(&absent)),
            ("new", change.new.as_deref().unwrap_or(&absent)),
        ],
    )
}

pub(super) fn complain(fault: &CouldNotRun, terminal: &Terminal) {
    match fault {
        CouldNotRun::Write { path, error } => {
            terminal.complain("cannot-write", &[("file", &path.to_string_lossy()), ("why", &error.to_string())]);
        }
        CouldNotRun::NoSuchReport { report, known } => {
            terminal.complain("no-such-report", &[("report", report), ("known", &known.join(", "))]);
        }
        CouldNotRun::NoSuchPeriod { period, known } => {
            terminal.complain("period-not-reported", &[("period", period), ("known", &known.join(", "))]);
        }
    }
}

fn progress_bar(projects: usize, terminal: &Terminal) -> ProgressBar {
    if projects < 2 || !terminal.is_interactive() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::new(projects as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar
}
