use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::ThreadPoolBuilder;
use serde::{Deserialize, Serialize};

use super::batches::{self, Before};
use super::{Exit, ProjectFolder, Terminal, build};
use crate::ingest;
use crate::pipeline::{self, BuildError, BuildOptions, Built, Progress};

/// How often the bar's clock moves on while nothing gets ready.
const TICK: Duration = Duration::from_millis(200);

/// How one project ended; none where the program itself failed.
type Ended = Option<Result<Built, BuildError>>;

/// What came of one project, once it was told.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Told {
    exit: Exit,
    written: usize,
    kept: usize,
}

/// Builds every project and tells of each in its turn. A bad project doesn't stop the others.
pub(super) fn build(folders: &[ProjectFolder], options: &BuildOptions, jobs: usize, terminal: &Terminal) -> Exit {
    if !codes_differ(folders, terminal) {
        return Exit::CouldNotRun;
    }
    let outputs = output_counts(folders, options, terminal);
    let mut sum = Sum::default();
    let mut take = |told, folder| sum.add(told, folder);
    let began = if folders.len() > batches::LONGEST {
        batches::build(folders, &outputs, options, jobs, terminal, &mut take)
    } else {
        let before = Before { made: 0, of: outputs.iter().sum(), seconds: 0.0 };
        here(folders, &outputs, &before, options, jobs, terminal, &mut take)
    };
    if !began {
        return Exit::CouldNotRun;
    }
    if folders.len() > 1 {
        sum.tell_all(folders.len(), terminal);
    }
    sum.worst.unwrap_or(Exit::Done)
}

/// Builds projects in this process, as many side by side as it has threads, and gives what came of each, in their order.
/// False, after saying why, where it couldn't begin.
pub(super) fn here<'f>(
    folders: &'f [ProjectFolder],
    outputs: &[usize],
    before: &Before,
    options: &BuildOptions,
    jobs: usize,
    terminal: &Terminal,
    take: &mut dyn FnMut(Told, &'f ProjectFolder),
) -> bool {
    // Without a pool of threads, which takes longer to start than all of this.
    if let [folder] = folders
        && let Some(built) = pipeline::find_up_to_date(&folder.path, options, jobs)
    {
        take(tell(&Some(Ok(built)), folder, options, terminal), folder);
        return true;
    }
    let pool = match ThreadPoolBuilder::new().num_threads(jobs).build() {
        Ok(pool) => pool,
        Err(error) => {
            terminal.complain("no-threads", &[("why", &error.to_string())]);
            return false;
        }
    };
    let bar = progress_bar(before, terminal);
    let next = AtomicUsize::new(0);
    let (sender, ended) = mpsc::channel::<(usize, Ended)>();
    thread::scope(|scope| {
        // A project is begun when another has ended: memory doesn't grow with their number.
        for _ in 0..pool.current_num_threads().min(folders.len()) {
            let (sender, next, bar, pool) = (sender.clone(), &next, &bar, &pool);
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
                take(bar.suspend(|| tell(&one, &folders[told], options, terminal)), &folders[told]);
                told += 1;
            }
        }
    });
    bar.finish_and_clear();
    true
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

/// How many outputs each project makes; none where nobody sees a bar that counts them.
pub(super) fn output_counts(folders: &[ProjectFolder], options: &BuildOptions, terminal: &Terminal) -> Vec<usize> {
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

impl Progress for Steps<'_> {
    fn waiting_for_lock(&self) {
        let sentence = self.terminal.sentence("waiting-for-lock", &[("folder", &self.folder.shown)]);
        self.bar.suspend(|| self.terminal.remark(&sentence));
    }

    fn output_done(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
        self.bar.inc(1);
    }
}

fn tell(ended: &Ended, folder: &ProjectFolder, options: &BuildOptions, terminal: &Terminal) -> Told {
    match ended {
        Some(Ok(built)) => {
            let exit = build::tell(built, folder, options, terminal);
            Told { exit, written: built.written.len(), kept: built.kept }
        }
        Some(Err(fault)) => {
            build::complain(fault, terminal);
            Told { exit: Exit::CouldNotRun, written: 0, kept: 0 }
        }
        None => Told::fault("internal-fault", folder, terminal),
    }
}

impl Told {
    /// Says that a project came to nothing, by this sentence.
    pub(super) fn fault(code: &'static str, folder: &ProjectFolder, terminal: &Terminal) -> Told {
        terminal.complain(code, &[("folder", &folder.shown)]);
        Told { exit: Exit::CouldNotRun, written: 0, kept: 0 }
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
    fn add(&mut self, told: Told, folder: &'a ProjectFolder) {
        self.written += told.written;
        self.kept += told.kept;
        if told.exit != Exit::Done {
            self.failed.push(&folder.shown);
        }
        self.worst = self.worst.max(Some(told.exit));
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
fn progress_bar(before: &Before, terminal: &Terminal) -> ProgressBar {
    if before.of < 2 || !terminal.is_interactive() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::new(before.of as u64)
        .with_position(before.made as u64)
        .with_elapsed(Duration::from_secs_f64(before.seconds));
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} + {eta}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    bar
}
