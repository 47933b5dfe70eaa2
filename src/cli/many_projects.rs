//! Many projects in one run: side by side, printed in their order, summed up at the end.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::ThreadPoolBuilder;

use super::{CommandError, Exit, ProjectFolder, Terminal, build};
use crate::diagnostic::{kinds, phrases};
use crate::ingest;
use crate::pipeline::{self, BuildError, BuildOptions, BuildProgress, Built};

/// How often the bar's clock moves on while no output gets ready.
const TICK: Duration = Duration::from_millis(200);

/// How one project's build ended; `None` if it panicked.
type BuildResult = Option<Result<Built, BuildError>>;

/// What the summary needs of one project.
#[derive(Clone, Copy, Debug)]
struct Outcome {
    exit: Exit,
    written: usize,
    kept: usize,
}

/// Builds every project and prints each in its turn. A bad project doesn't stop the others.
///
/// # Errors
/// Two projects would write into one folder, or no thread can be started.
pub(super) fn build(
    folders: &[ProjectFolder],
    options: &BuildOptions,
    jobs: usize,
    terminal: &Terminal,
) -> Result<Exit, CommandError> {
    check_codes_differ(folders)?;
    let mut summary = Summary::default();
    let mut add = |outcome, folder| summary.add(outcome, folder);
    // Without a pool of threads, which takes longer to start than all of this.
    if let [folder] = folders
        && let Some(built) = pipeline::find_up_to_date(&folder.path, options, jobs)
    {
        add(print_outcome(&Some(Ok(built)), folder, options, terminal), folder);
    } else {
        build_side_by_side(folders, options, jobs, terminal, &mut add)?;
    }
    if folders.len() > 1 {
        summary.print(folders.len(), terminal);
    }
    Ok(summary.worst.unwrap_or(Exit::Done))
}

/// Builds as many projects side by side as there are threads, and adds what came of each, in their order.
fn build_side_by_side<'f>(
    folders: &'f [ProjectFolder],
    options: &BuildOptions,
    jobs: usize,
    terminal: &Terminal,
    add: &mut dyn FnMut(Outcome, &'f ProjectFolder),
) -> Result<(), CommandError> {
    let pool = ThreadPoolBuilder::new().num_threads(jobs).build();
    let pool = pool.map_err(|error| CommandError::new(kinds::NoThreads { why: error.to_string() }))?;
    let outputs = count_outputs(folders, options, terminal);
    let bar = progress_bar(outputs.iter().sum(), terminal);
    let next = AtomicUsize::new(0);
    let (sender, results) = mpsc::channel::<(usize, BuildResult)>();
    thread::scope(|scope| {
        // A project begins when another has ended: memory doesn't grow with their number.
        for _ in 0..pool.current_num_threads().min(folders.len()) {
            let (sender, next, bar, pool, outputs) = (sender.clone(), &next, &bar, &pool, &outputs);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(folder) = folders.get(at) else { return };
                    let result = pool.install(|| build_one(folder, options, outputs[at], bar, terminal));
                    if sender.send((at, result)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting: BTreeMap<usize, BuildResult> = BTreeMap::new();
        let mut printed = 0;
        for (at, result) in &results {
            waiting.insert(at, result);
            while let Some(result) = waiting.remove(&printed) {
                let folder = &folders[printed];
                add(bar.suspend(|| print_outcome(&result, folder, options, terminal)), folder);
                printed += 1;
            }
        }
    });
    bar.finish_and_clear();
    Ok(())
}

fn build_one(
    folder: &ProjectFolder,
    options: &BuildOptions,
    outputs: usize,
    bar: &ProgressBar,
    terminal: &Terminal,
) -> BuildResult {
    let steps = Steps { bar, terminal, folder, made: AtomicUsize::new(0) };
    let built = catch_unwind(AssertUnwindSafe(|| pipeline::build(&folder.path, options, &steps)));
    // Outputs that weren't made won't come any more.
    bar.inc(outputs.saturating_sub(steps.made.into_inner()) as u64);
    built.ok()
}

/// Every project must have a folder of outputs of its own.
fn check_codes_differ(folders: &[ProjectFolder]) -> Result<(), CommandError> {
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    for folder in folders.iter().filter(|_| folders.len() > 1) {
        let Some(code) = ingest::code_of(&folder.path) else { continue };
        if let Some(other) = known.insert(code.to_lowercase(), &folder.shown) {
            let (one, other) = (other.to_owned(), folder.shown.clone());
            return Err(CommandError::new(kinds::SharedCode { code, one, other }));
        }
    }
    Ok(())
}

/// How many outputs each project makes; zeros where there is no terminal with a bar that counts them.
fn count_outputs(folders: &[ProjectFolder], options: &BuildOptions, terminal: &Terminal) -> Vec<usize> {
    let count = |folder: &ProjectFolder| {
        let settings = terminal.is_interactive().then(|| ingest::settings(&folder.path).0).flatten();
        settings.map_or(0, |settings| pipeline::count_outputs(&settings, &options.extent))
    };
    folders.iter().map(count).collect()
}

/// Counts the outputs of one project on the bar.
struct Steps<'a> {
    bar: &'a ProgressBar,
    terminal: &'a Terminal,
    folder: &'a ProjectFolder,
    made: AtomicUsize,
}

impl BuildProgress for Steps<'_> {
    fn waiting_for_lock(&self) {
        let sentence = self.terminal.phrase(phrases::WaitingForLock { folder: self.folder.shown.clone() });
        self.bar.suspend(|| self.terminal.print_note(&sentence));
    }

    fn output_done(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
        self.bar.inc(1);
    }
}

fn print_outcome(result: &BuildResult, folder: &ProjectFolder, options: &BuildOptions, terminal: &Terminal) -> Outcome {
    let error = match result {
        Some(Ok(built)) => {
            let exit = build::print_built(built, folder, options, terminal);
            return Outcome { exit, written: built.written.len(), kept: built.kept };
        }
        Some(Err(error)) => error.into(),
        None => CommandError::new(kinds::InternalFault { folder: folder.shown.clone() }),
    };
    terminal.print_error(&error);
    Outcome { exit: Exit::CouldNotRun, written: 0, kept: 0 }
}

/// What is printed after the last project.
#[derive(Default)]
struct Summary<'a> {
    worst: Option<Exit>,
    failed: Vec<&'a str>,
    written: usize,
    kept: usize,
}

impl<'a> Summary<'a> {
    fn add(&mut self, outcome: Outcome, folder: &'a ProjectFolder) {
        self.written += outcome.written;
        self.kept += outcome.kept;
        if outcome.exit != Exit::Done {
            self.failed.push(&folder.shown);
        }
        self.worst = self.worst.max(Some(outcome.exit));
    }

    fn print(&self, projects: usize, terminal: &Terminal) {
        terminal.print_result(&terminal.phrase(phrases::Summary {
            projects: projects.to_string(),
            good: (projects - self.failed.len()).to_string(),
            written: self.written.to_string(),
            kept: self.kept.to_string(),
        }));
        if !self.failed.is_empty() {
            let count = self.failed.len().to_string();
            terminal.print_note(&terminal.phrase(phrases::SummaryFailed { count, folders: self.failed.join(", ") }));
        }
    }
}

/// Counts outputs that are ready, and shows the time left; hidden where standard error is no terminal.
fn progress_bar(outputs: usize, terminal: &Terminal) -> ProgressBar {
    if outputs < 2 || !terminal.is_interactive() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::new(outputs as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} + {eta}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    bar
}
