use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use clap::Args;
use notify::{Event, RecursiveMode, Watcher};

use super::submit::Quiet;
use super::{Exit, ProjectFolder, Terminal, build};
use crate::pipeline::{self, BuildOptions, Extent, Remembered};

/// Saves come in bursts (a temporary file, a rename, a lock file removed); a build starts when this long nothing came.
const QUIET: Duration = Duration::from_millis(150);

/// A save may pause half-way. Problems are told when this long nothing came that could have mended them.
const PATIENCE: Duration = Duration::from_millis(400);

/// Build again at every change
///
/// Example: donor-report watch inputs/myla-2017
#[derive(Debug, Args)]
pub struct Arguments {
    /// Project folders; none: every folder of inputs/ with a project.toml
    #[arg(value_name = "PROJECT")]
    projects: Vec<PathBuf>,
    /// Folder to write to
    #[arg(long, value_name = "DIR", default_value = "build")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    let Some(folders) = ProjectFolder::find(&arguments.projects, terminal) else { return Exit::CouldNotRun };
    let options = BuildOptions { extent: Extent::Whole, out: arguments.out.clone(), force: false };
    let (sender, events) = channel();
    let watching = notify::recommended_watcher(sender).and_then(|mut watcher| {
        for folder in &folders {
            watcher.watch(&folder.path, RecursiveMode::Recursive)?;
        }
        Ok(watcher)
    });
    // Kept alive as long as events are awaited.
    let _watcher = match watching {
        Ok(watcher) => watcher,
        Err(error) => {
            terminal.complain("cannot-watch", &[("why", &error.to_string())]);
            return Exit::CouldNotRun;
        }
    };
    let mut watched: Vec<Watched> = folders.into_iter().map(Watched::new).collect();
    watched.iter_mut().for_each(|project| {
        project.build(&options, terminal);
        project.tell(&options, terminal);
    });
    terminal.remark(&terminal.sentence("watching", &[]));
    let mut untold: Vec<usize> = Vec::new();
    loop {
        let patience = if untold.is_empty() { None } else { Some(PATIENCE) };
        match next_burst(&events, patience) {
            Burst::Changes(changed) => {
                for (at, project) in watched.iter_mut().enumerate() {
                    if !project.is_concerned(changed.as_deref(), &options) {
                        continue;
                    }
                    project.build(&options, terminal);
                    untold.retain(|other| *other != at);
                    if project.has_problems() {
                        untold.push(at);
                    } else {
                        project.tell(&options, terminal);
                    }
                }
            }
            Burst::Quiet => untold.drain(..).for_each(|at| watched[at].tell(&options, terminal)),
            Burst::Closed => return Exit::Done,
        }
    }
}

/// A project that is built at every change, and how its last build ended.
struct Watched {
    folder: ProjectFolder,
    /// As events name it.
    root: PathBuf,
    remembered: Remembered,
    ended: Option<Result<pipeline::Built, pipeline::CouldNotRun>>,
    /// What stands on the screen is a problem.
    problems_shown: bool,
}

impl Watched {
    fn new(folder: ProjectFolder) -> Watched {
        let root = folder.path.canonicalize().unwrap_or_else(|_| folder.path.clone());
        Watched { folder, root, remembered: Remembered::default(), ended: None, problems_shown: false }
    }

    fn build(&mut self, options: &BuildOptions, terminal: &Terminal) {
        let progress = Quiet { folder: &self.folder, terminal };
        self.ended = Some(pipeline::build_again(&self.folder.path, options, &progress, &mut self.remembered));
    }

    fn has_problems(&self) -> bool {
        self.ended.as_ref().is_some_and(|ended| ended.as_ref().map_or(true, pipeline::Built::has_errors))
    }

    fn tell(&mut self, options: &BuildOptions, terminal: &Terminal) {
        terminal.clear();
        match &self.ended {
            Some(Ok(built)) => {
                build::tell(built, &self.folder, options, terminal);
            }
            Some(Err(fault)) => build::complain(fault, terminal),
            None => {}
        }
        let problems = self.has_problems();
        if self.problems_shown && !problems {
            terminal.remark(&terminal.sentence("mended", &[("folder", &self.folder.shown)]));
        }
        self.problems_shown = problems;
    }

    /// Whether one of the changed paths is one that a build reads: not an editor's lock, temporary or hidden file, nor
    /// an output.
    fn is_concerned(&self, changed: Option<&[PathBuf]>, options: &BuildOptions) -> bool {
        let out = options.out.canonicalize().unwrap_or_else(|_| options.out.clone());
        changed.is_none_or(|paths| paths.iter().any(|path| self.is_input(path, &out)))
    }

    fn is_input(&self, path: &Path, out: &Path) -> bool {
        let inside = path.strip_prefix(&self.root).or_else(|_| path.strip_prefix(&self.folder.path));
        let Ok(inside) = inside else { return false };
        let path = self.root.join(inside);
        !path.starts_with(out)
            && !inside.components().any(|part| match part {
                Component::Normal(name) => {
                    let name = name.to_string_lossy();
                    name.starts_with("~$") || name.starts_with('.') || name.ends_with(".tmp") || name.ends_with('~')
                }
                _ => false,
            })
    }
}

/// What came next.
enum Burst {
    /// Paths that changed, up to a moment of quiet; none where events were lost, so that anything may have changed.
    Changes(Option<Vec<PathBuf>>),
    /// Nothing, for as long as one would wait.
    Quiet,
    /// Nothing will come any more.
    Closed,
}

fn next_burst(events: &Receiver<notify::Result<Event>>, patience: Option<Duration>) -> Burst {
    let mut paths = Vec::new();
    let (mut begun, mut lost) = (false, false);
    let mut until = patience.map(|time| Instant::now() + time);
    loop {
        let event = match until {
            Some(until) => events.recv_timeout(until.saturating_duration_since(Instant::now())),
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match event {
            // Reading a file is no change; a build would otherwise start the next one.
            Ok(Ok(event)) if event.kind.is_access() && !event.need_rescan() => continue,
            Ok(Ok(event)) => {
                lost |= event.need_rescan();
                paths.extend(event.paths);
            }
            Ok(Err(_)) => lost = true,
            Err(RecvTimeoutError::Timeout) if begun => break,
            Err(RecvTimeoutError::Timeout) => return Burst::Quiet,
            Err(RecvTimeoutError::Disconnected) => return Burst::Closed,
        }
        begun = true;
        until = Some(Instant::now() + QUIET);
    }
    Burst::Changes(if lost { None } else { Some(paths) })
}
