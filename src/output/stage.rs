use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{FolderLock, LockError};

/// Folders of unfinished builds begin with this; what a killed build left behind is removed by the next.
const PREFIX: &str = ".unfinished-";
/// Locked in a stage as long as its build runs.
const ALIVE_LOCK: &str = ".lock";

/// Outputs are first written whole into a folder of their own beside their places, then renamed into them,
/// so that a crash, a full disk or Ctrl-C leaves the last good files.
pub struct Stage {
    /// Before the folder, so that it is closed when that is removed.
    _alive: File,
    folder: TempDir,
    home: PathBuf,
}

/// A file or folder that couldn't be written, and why.
#[derive(Debug)]
pub struct StageError {
    /// The file or folder.
    pub path: PathBuf,
    /// The system's reason.
    pub error: io::Error,
}

impl From<LockError> for StageError {
    fn from(error: LockError) -> StageError {
        StageError { path: error.path, error: error.error }
    }
}

impl Stage {
    /// Opens a stage for the outputs of one project in `home` (`build/<code>`), which is created if missing, so that a
    /// folder that can't be written to is noticed before slow work starts.
    ///
    /// # Errors
    /// If the stage can't be made in `home`.
    pub fn open(home: &Path) -> Result<Stage, StageError> {
        let failed = |error| StageError { path: home.to_owned(), error };
        fs::create_dir_all(home).map_err(failed)?;
        let _lock = FolderLock::publishing(home)?;
        for folder in abandoned_stages(home) {
            let _ = fs::remove_dir_all(folder);
        }
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(home).map_err(failed)?;
        let alive = File::create(folder.path().join(ALIVE_LOCK)).map_err(failed)?;
        alive.lock().map_err(failed)?;
        Ok(Stage { _alive: alive, folder, home: home.to_owned() })
    }

    /// Whether a killed build left a stage in `home`, which the next [`Stage::open`] removes.
    pub fn is_abandoned_in(home: &Path) -> bool {
        abandoned_stages(home).next().is_some()
    }

    /// Where an output is written until it is published; `name` is relative to the home, with `/`.
    ///
    /// # Errors
    /// If its folder can't be made.
    pub fn path(&self, name: &str) -> Result<PathBuf, StageError> {
        let path = self.folder.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| StageError { path: parent.to_owned(), error })?;
        }
        Ok(path)
    }

    /// A folder for a writer's own temporary files, on the same disk as the outputs.
    pub fn scratch(&self) -> &Path {
        self.folder.path()
    }

    /// Writes one output whole.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StageError> {
        let path = self.path(name)?;
        fs::write(&path, bytes).map_err(|error| StageError { path, error })
    }

    /// Puts one finished output in its place, in one step.
    ///
    /// # Errors
    /// If it can't be put there.
    pub fn publish(&self, name: &str) -> Result<(), StageError> {
        let staged = self.folder.path().join(name);
        let target = self.home.join(name);
        let failed = |error| StageError { path: target.clone(), error };
        self.refuse_links(name)?;
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        // The content must be on disk before its name is.
        fs::File::options().write(true).open(&staged).and_then(|file| file.sync_all()).map_err(failed)?;
        fs::rename(&staged, &target).map_err(failed)
    }
}

impl Stage {
    /// A folder within the home that is a link would lead files elsewhere. One in place of the file itself is replaced.
    fn refuse_links(&self, name: &str) -> Result<(), StageError> {
        let folders = Path::new(name).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        match folders.map(|folder| self.home.join(folder)).find(|folder| folder.is_symlink()) {
            Some(path) => Err(StageError { path, error: super::lock::link_error() }),
            None => Ok(()),
        }
    }
}

fn abandoned_stages(home: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(home).into_iter().flatten().flatten();
    let stages = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX));
    stages.map(|entry| entry.path()).filter(|stage| !is_alive(stage))
}

/// Whether the build that opened a stage still runs: the system frees the lock of one that was killed.
fn is_alive(stage: &Path) -> bool {
    File::open(stage.join(ALIVE_LOCK)).is_ok_and(|file| file.try_lock_shared().is_err())
}
