use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::ProjectFolder;

/// Saves come in bursts (a temporary file, a rename, a lock file removed); one is over when this long nothing came.
const QUIET: Duration = Duration::from_millis(150);

/// The saves in some projects' folders, as they happen.
pub(super) struct Saves {
    events: Receiver<notify::Result<Event>>,
    /// Kept alive as long as events are awaited.
    _watcher: RecommendedWatcher,
}

impl Saves {
    /// Watches from now on.
    ///
    /// # Errors
    /// The system's, where it can't watch the folders.
    pub fn of(folders: &[ProjectFolder]) -> notify::Result<Saves> {
        let (sender, events) = channel();
        let mut watcher = notify::recommended_watcher(sender)?;
        for folder in folders {
            watcher.watch(&folder.path, RecursiveMode::Recursive)?;
        }
        Ok(Saves { events, _watcher: watcher })
    }

    /// The paths of the next saves, up to a moment of quiet; none when nothing will come any more.
    pub fn next_burst(&self) -> Option<Vec<PathBuf>> {
        let mut paths = Vec::new();
        let mut take = |event: notify::Result<Event>| {
            // Reading a file is no change; it would otherwise start the next reading.
            if let Ok(event) = event
                && !event.kind.is_access()
            {
                paths.extend(event.paths);
            }
        };
        take(self.events.recv().ok()?);
        loop {
            match self.events.recv_timeout(QUIET) {
                Ok(event) => take(event),
                Err(RecvTimeoutError::Timeout) => return Some(paths),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }
}

/// Whether a changed path is one that is read of a project: not an editor's lock, temporary or hidden file.
pub(super) fn concerns(folder: &ProjectFolder, path: &Path) -> bool {
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
