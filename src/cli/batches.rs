//! A long portfolio, some projects at a time, each batch by a process of its own: what the typesetter keeps of all the
//! documents that it ever made grows with their number, and only the end of a process gives it back. A process that
//! is killed, by a lack of memory say, takes no other batch with it.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use tempfile::TempPath;

use super::portfolio::{self, Told};
use super::{Exit, ProjectFolder, Terminal};
use crate::pipeline::{BuildOptions, Extent};

/// The variable of the environment by which a process knows that it is to build a batch: the path of its slip.
const SLIP: &str = "DONOR_REPORT_BATCH";

/// As many projects as one process builds.
pub(super) const LONGEST: usize = 16;

/// The first line of a batch's slip: where the bar stands when it begins. The batch adds a line for each project, with
/// what came of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Before {
    pub made: usize,
    pub of: usize,
    pub seconds: f64,
}

/// Builds projects batch by batch. Where no process can be started for one, it is built here.
pub(super) fn build<'f>(
    folders: &'f [ProjectFolder],
    outputs: &[usize],
    options: &BuildOptions,
    jobs: usize,
    terminal: &Terminal,
    take: &mut dyn FnMut(Told, &'f ProjectFolder),
) -> bool {
    let start = Instant::now();
    let mut done = 0;
    while done < folders.len() {
        let batch = done..folders.len().min(done + LONGEST);
        let before = Before {
            made: outputs[..done].iter().sum(),
            of: outputs.iter().sum(),
            seconds: start.elapsed().as_secs_f64(),
        };
        let (projects, outputs) = (&folders[batch.clone()], &outputs[batch.clone()]);
        let told = match elsewhere(projects, &before, options, jobs, terminal) {
            Ok(Some(told)) => told,
            Ok(None) => return false,
            Err(_) => {
                if !portfolio::here(projects, outputs, &before, options, jobs, terminal, take) {
                    return false;
                }
                done = batch.end;
                continue;
            }
        };
        done += told.len().min(projects.len());
        told.into_iter().zip(projects).for_each(|(told, folder)| take(told, folder));
        // The process ended before its time, or couldn't tell; the projects after the one that it was at are built by the next.
        if done < batch.end {
            take(Told::fault("batch-ended", &folders[done], terminal), &folders[done]);
            done += 1;
        }
    }
    true
}

/// Has a batch built by another process and gives what it tells of its projects, as far as it came; none where it couldn't
/// begin and has said why.
fn elsewhere(
    projects: &[ProjectFolder],
    before: &Before,
    options: &BuildOptions,
    jobs: usize,
    terminal: &Terminal,
) -> io::Result<Option<Vec<Told>>> {
    let slip = written(before)?;
    let mut child = command(projects, &slip, options, jobs, terminal)?.stdin(Stdio::piped()).spawn()?;
    // Open as long as this process lives: see `ends_with_its_parent`.
    let _alive = child.stdin.take();
    let status = child.wait()?;
    let text = fs::read_to_string(&slip)?;
    let told: Vec<Told> = text.lines().skip(1).map_while(|line| serde_json::from_str(line).ok()).collect();
    let began = !told.is_empty() || status.code() != Some(i32::from(Exit::CouldNotRun.code()));
    Ok(began.then_some(told))
}

fn written(before: &Before) -> io::Result<TempPath> {
    let mut slip = tempfile::NamedTempFile::new()?;
    writeln!(slip, "{}", serde_json::to_string(before)?)?;
    Ok(slip.into_temp_path())
}

fn command(
    projects: &[ProjectFolder],
    slip: &Path,
    options: &BuildOptions,
    jobs: usize,
    terminal: &Terminal,
) -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--messages", terminal.catalogue().lang(), "build"]).env(SLIP, slip);
    command.args(["--jobs", &jobs.to_string(), "--out"]).arg(&options.out);
    if let Extent::Reports { report, period } = &options.extent {
        for (option, value) in [("--report", report), ("--period", period)] {
            command.args(value.iter().flat_map(|value| [option, value]));
        }
    }
    if options.force {
        command.arg("--force");
    }
    command.arg("--").args(projects.iter().map(|folder| &folder.path));
    Ok(command)
}

/// The slip of the batch that this process is to build, if any.
pub(super) fn slip() -> Option<PathBuf> {
    std::env::var_os(SLIP).map(PathBuf::from)
}

/// Builds the projects of one batch, for the process that wrote its slip.
pub(super) fn one(
    slip: &Path,
    folders: &[ProjectFolder],
    options: &BuildOptions,
    jobs: usize,
    terminal: &Terminal,
) -> Exit {
    ends_with_its_parent();
    let text = fs::read_to_string(slip).unwrap_or_default();
    let before: Before = text.lines().next().and_then(|line| serde_json::from_str(line).ok()).unwrap_or_default();
    let outputs = portfolio::output_counts(folders, options, terminal);
    let mut slip = OpenOptions::new().append(true).open(slip).ok();
    let mut take = |told: Told, _: &ProjectFolder| {
        // Lines stand in the order of projects: after one that can't be written nothing more is told, and the other process
        // says so.
        let line = serde_json::to_string(&told).unwrap_or_default() + "\n";
        slip = slip.take().filter(|mut slip| slip.write_all(line.as_bytes()).is_ok());
    };
    if portfolio::here(folders, &outputs, &before, options, jobs, terminal, &mut take) {
        Exit::Done
    } else {
        Exit::CouldNotRun
    }
}

/// Whoever stops the portfolio stops the batch, too: the other end of standard input is closed then. Outputs are whole at
/// any moment.
fn ends_with_its_parent() {
    thread::spawn(|| {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        std::process::exit(i32::from(Exit::CouldNotRun.code()));
    });
}
