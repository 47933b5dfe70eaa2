use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use clap::Args;
use notify::{Event, RecursiveMode, Watcher};

use super::{Exit, ProjectFolder, Terminal, build};
use crate::pipeline::{self, BuildOptions};

/// Saves come in bursts (a temporary file, a rename, a lock file removed); a build starts when this long nothing came.
const QUIET: Duration = Duration::from_millis(150);

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
    let options = BuildOptions { report: None, period: None, out: arguments.out.clone(), force: false };
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
    for folder in &folders {
        build_once(folder, &options, terminal);
    }
    terminal.remark(&terminal.sentence("watching", &[]));
    while let Some(changed) = next_burst(&events) {
        for folder in folders.iter().filter(|folder| changed.iter().any(|path| concerns(folder, path))) {
            build_once(folder, &options, terminal);
        }
    }
    Exit::Done
}

fn build_once(folder: &ProjectFolder, options: &BuildOptions, terminal: &Terminal) {
    let wait = || terminal.remark(&terminal.sentence("waiting-for-lock", &[("folder", &folder.shown)]));
    match pipeline::build(&folder.path, options, wait) {
        Ok(built) => {
            build::tell(&built, folder, options, terminal);
        }
        Err(fault) => build::complain(&fault, terminal),
    }
}

/// The paths of the next changes, up to a moment of quiet; none when nothing will come any more.
fn next_burst(events: &Receiver<notify::Result<Event>>) -> Option<Vec<PathBuf>> {
    let mut paths = Vec::new();
    let mut take = |event: notify::Result<Event>| {
        // Reading a file is no change; a build would otherwise start the next one.
        if let Ok(event) = event
            && !event.kind.is_access()
        {
            paths.extend(event.paths);
        }
    };
    take(events.recv().ok()?);
    loop {
        match events.recv_timeout(QUIET) {
            Ok(event) => take(event),
            Err(RecvTimeoutError::Timeout) => return Some(paths),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

/// Whether a changed path is one that a build reads: not an editor's lock, temporary or hidden file.
fn concerns(folder: &ProjectFolder, path: &Path) -> bool {
    let Ok(root) = folder.path.canonicalize() else { return false };
    let Ok(inside) = path.strip_prefix(&root).or_else(|_| path.strip_prefix(&folder.path)) else { return false };
    !inside.components().any(|part| match part {
        Component::Normal(name) => {
            let name = name.to_string_lossy();
            name.starts_with("~$") || name.starts_with('.') || name.ends_with(".tmp") || name.ends_with('~')
        }
        _ => false,
    })
}
