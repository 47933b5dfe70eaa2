//! What changes in the folders of projects, as it happens.

use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::is_ignored;

/// Saves come in bursts (a temporary file, a rename, a lock file removed); one is over when this long nothing came.
const QUIET: Duration = Duration::from_millis(150);

/// The saves in some projects' folders, as they happen.
pub struct FolderWatcher {
    events: Receiver<notify::Result<Event>>,
    /// Kept alive as long as events are awaited.
    _watcher: RecommendedWatcher,
}

/// What came next.
pub enum Burst {
    /// Something was saved.
    Changes(Changes),
    /// Nothing, for as long as one would wait.
    Quiet,
    /// Nothing will come any more.
    Closed,
}

/// Paths that changed, up to a moment of quiet; none where events were lost, so that anything may have changed.
pub struct Changes(Option<Vec<PathBuf>>);

impl FolderWatcher {
    /// Watches from now on.
    ///
    /// # Errors
    /// The system's, where it can't watch the folders.
    pub fn start(folders: &[PathBuf]) -> notify::Result<FolderWatcher> {
        let (sender, events) = channel();
        let mut watcher = notify::recommended_watcher(sender)?;
        for folder in folders {
            // Changes are reported below the path that is watched; on Windows that of a relative folder is another than its
            // canonical one, and no change would seem to concern it.
            let path = folder.canonicalize().unwrap_or_else(|_| folder.clone());
            watcher.watch(&path, RecursiveMode::Recursive)?;
        }
        Ok(FolderWatcher { events, _watcher: watcher })
    }

    /// Waits for the next saves, without end where no `patience` is given.
    pub fn next_burst(&self, patience: Option<Duration>) -> Burst {
        let mut paths = Vec::new();
        let (mut begun, mut lost) = (false, false);
        let mut until = patience.map(|time| Instant::now() + time);
        loop {
            let event = match until {
                Some(until) => self.events.recv_timeout(until.saturating_duration_since(Instant::now())),
                None => self.events.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match event {
                // Reading a file is no change; it would otherwise start the next reading.
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
        Burst::Changes(Changes(if lost { None } else { Some(paths) }))
    }
}

impl Changes {
    /// Whether one of the changed paths is one that is read of a project: not an editor's lock, temporary or hidden file,
    /// nor an output in `out`.
    pub fn concern(&self, folder: &Path, out: Option<&Path>) -> bool {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let (root, out) = (real(folder), out.map(real));
        let is_input = |path: &PathBuf| {
            // Events may name the folder as it was given, or as it really is.
            let inside = path.strip_prefix(&root).or_else(|_| path.strip_prefix(folder));
            inside.is_ok_and(|inside| {
                out.as_ref().is_none_or(|out| !root.join(inside).starts_with(out))
                    && !inside.components().any(is_ignored_part)
            })
        };
        self.0.as_ref().is_none_or(|paths| paths.iter().any(is_input))
    }
}

fn is_ignored_part(part: Component) -> bool {
    matches!(part, Component::Normal(name) if is_ignored(&name.to_string_lossy()))
}
