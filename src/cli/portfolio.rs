use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::ThreadPool;

use super::{Exit, ProjectFolder, Terminal, build};
use crate::ingest;
use crate::pipeline::{self, BuildOptions, Built, CouldNotRun, Progress};

/// How often the bar's clock moves on while nothing gets ready.
const TICK: Duration = Duration::from_millis(200);

/// How one project ended; none where the program itself failed.
type Ended = Option<Result<Built, CouldNotRun>>;

/// Builds every project, as many side by side as the pool has threads, and tells of each in its turn. A bad project
/// doesn't stop the others.
pub(super) fn build(folders: &[ProjectFolder], options: &BuildOptions, pool: &ThreadPool, terminal: &Terminal) -> Exit {
    if !codes_differ(folders, terminal) {
        return Exit::CouldNotRun;
    }
    // Nobody sees a bar elsewhere.
    let outputs = if terminal.is_interactive() { output_counts(folders, options) } else { vec![0; folders.len()] };
    let bar = progress_bar(outputs.iter().sum(), terminal);
    let mut sum = Sum::default();
    let next = AtomicUsize::new(0);
    let (sender, ended) = mpsc::channel::<(usize, Ended)>();
    thread::scope(|scope| {
        // A project is begun when another has ended: memory doesn't grow with their number.
        for _ in 0..pool.current_num_threads().min(folders.len()) {
            let (sender, next, bar, outputs) = (sender.clone(), &next, &bar, &outputs);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(folder) = folders.get(at) else { return };
                    let ended = pool.install(|| build_one(folder, options, outputs[at], bar, terminal));
                    if sender.send((at, ended)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting: BTreeMap<usize, Ended> = BTreeMap::new();
        let mut told = 0;
        for (at, one) in &ended {
            waiting.insert(at, one);
            while let Some(one) = waiting.remove(&told) {
                bar.suspend(|| sum.tell(&one, &folders[told], options, terminal));
                told += 1;
            }
        }
    });
    bar.finish_and_clear();
    if folders.len() > 1 {
        sum.tell_all(folders.len(), terminal);
    }
    sum.worst.unwrap_or(Exit::Done)
}

fn build_one(
    folder: &ProjectFolder,
    options: &BuildOptions,
    outputs: usize,
    bar: &ProgressBar,
    terminal: &Terminal,
) -> Ended {
    let steps = Steps { bar, terminal, folder, made: AtomicUsize::new(0) };
    let built = catch_unwind(AssertUnwindSafe(|| pipeline::build(&folder.path, options, &steps)));
    // What wasn't made won't come any more.
    bar.inc(outputs.saturating_sub(steps.made.into_inner()) as u64);
    built.ok()
}

/// Whether every project has a folder of outputs of its own; where two would write into one, that is said.
fn codes_differ(folders: &[ProjectFolder], terminal: &Terminal) -> bool {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for folder in folders.iter().filter(|_| folders.len() > 1) {
        let Some(code) = ingest::code_of(&folder.path) else { continue };
        if let Some(other) = seen.insert(code.to_lowercase(), &folder.shown) {
            terminal.complain("shared-code", &[("code", &code), ("one", other), ("other", &folder.shown)]);
            return false;
        }
    }
    true
}

/// How many outputs each project makes.
fn output_counts(folders: &[ProjectFolder], options: &BuildOptions) -> Vec<usize> {
    let count = |folder: &ProjectFolder| {
        let settings = ingest::settings(&folder.path).0;
        settings.map_or(0, |settings| pipeline::output_count(&settings, &options.extent))
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

impl Progress for Steps<'_> {
    fn waiting(&self) {
        let sentence = self.terminal.sentence("waiting-for-lock", &[("folder", &self.folder.shown)]);
        self.bar.suspend(|| self.terminal.remark(&sentence));
    }

    fn made(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
        self.bar.inc(1);
    }
}

/// What is told at the end.
#[derive(Default)]
struct Sum<'a> {
    worst: Option<Exit>,
    failed: Vec<&'a str>,
    written: usize,
    kept: usize,
}

impl<'a> Sum<'a> {
    fn tell(&mut self, ended: &Ended, folder: &'a ProjectFolder, options: &BuildOptions, terminal: &Terminal) {
        let exit = match ended {
            Some(Ok(built)) => {
                self.written += built.written.len();
                self.kept += built.kept;
                build::tell(built, folder, options, terminal)
            }
            Some(Err(fault)) => {
                build::complain(fault, terminal);
                Exit::CouldNotRun
            }
            None => {
                terminal.complain("internal-fault", &[("folder", &folder.shown)]);
                Exit::CouldNotRun
            }
        };
        if exit != Exit::Done {
            self.failed.push(&folder.shown);
        }
        self.worst = self.worst.max(Some(exit));
    }

    fn tell_all(&self, projects: usize, terminal: &Terminal) {
        let counts = [projects, projects - self.failed.len(), self.written, self.kept].map(|count| count.to_string());
        let [projects, good, written, kept] = &counts;
        terminal.result(
            &terminal
                .sentence("summary", &[("projects", projects), ("good", good), ("written", written), ("kept", kept)]),
        );
        if !self.failed.is_empty() {
            let count = self.failed.len().to_string();
            let folders = self.failed.join(", ");
            terminal.remark(&terminal.sentence("summary-failed", &[("count", &count), ("folders", &folders)]));
        }
    }
}

/// Outputs that are ready, all of them, and the time left; nothing where nobody looks.
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
