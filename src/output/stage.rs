use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{FolderLock, LockFault};

/// Folders of unfinished builds begin with this; what a killed build left behind is removed by the next.
const PREFIX: &str = ".unfinished-";
/// Locked in a stage as long as its build lives.
const ALIVE: &str = ".lock";

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
pub struct StageFault {
    pub path: PathBuf,
    pub error: io::Error,
}

impl From<LockFault> for StageFault {
    fn from(fault: LockFault) -> StageFault {
        StageFault { path: fault.path, error: fault.error }
    }
}

impl Stage {
    /// Opens a stage for the outputs of one project in `home` (`build/<code>`), which is made if need be:
    /// that outputs can't be written is learnt before slow work starts.
    pub fn open(home: &Path) -> Result<Stage, StageFault> {
        let fault = |error| StageFault { path: home.to_owned(), error };
        fs::create_dir_all(home).map_err(fault)?;
        let _lock = FolderLock::publishing(home)?;
        for entry in fs::read_dir(home).map_err(fault)?.flatten() {
            let is_stage = entry.file_name().to_string_lossy().starts_with(PREFIX);
            if is_stage && !is_alive(&entry.path()) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(home).map_err(fault)?;
        let alive = File::create(folder.path().join(ALIVE)).map_err(fault)?;
        alive.lock().map_err(fault)?;
        Ok(Stage { _alive: alive, folder, home: home.to_owned() })
    }

    /// Where an output is written until it is published; `name` is relative to the home, with `/`.
    pub fn path(&self, name: &str) -> Result<PathBuf, StageFault> {
        let path = self.folder.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| StageFault { path: parent.to_owned(), error })?;
        }
        Ok(path)
    }

    /// A folder for a writer's own temporary files, on the same disk as the outputs.
    pub fn scratch(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StageFault> {
        let path = self.path(name)?;
        fs::write(&path, bytes).map_err(|error| StageFault { path, error })
    }

    /// Puts one finished output in its place, in one step.
    pub fn publish(&self, name: &str) -> Result<(), StageFault> {
        let staged = self.folder.path().join(name);
        let place = self.home.join(name);
        let fault = |error| StageFault { path: place.clone(), error };
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(fault)?;
        }
        // The content must be on disk before its name is.
        fs::File::options().write(true).open(&staged).and_then(|file| file.sync_all()).map_err(fault)?;
        fs::rename(&staged, &place).map_err(fault)
    }
}

/// Whether the build that opened a stage still runs: the system freed the lock of one that was killed.
fn is_alive(stage: &Path) -> bool {
    File::open(stage.join(ALIVE)).is_ok_and(|file| file.try_lock_shared().is_err())
}
