use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Folders of unfinished builds begin with this; what a killed build left behind is removed by the next.
const PREFIX: &str = ".unfinished-";

/// Outputs are first written whole into a folder of their own beside their places, then renamed into them,
/// so that a crash, a full disk or Ctrl-C leaves the last good files.
pub struct Stage {
    folder: TempDir,
    home: PathBuf,
}

/// A file or folder that couldn't be written, and why.
#[derive(Debug)]
pub struct StageFault {
    pub path: PathBuf,
    pub error: io::Error,
}

impl Stage {
    /// Opens a stage for the outputs of one project in `home` (`build/<code>`), which is made if need be:
    /// that outputs can't be written is learnt before slow work starts.
    pub fn open(home: &Path) -> Result<Stage, StageFault> {
        let fault = |error| StageFault { path: home.to_owned(), error };
        fs::create_dir_all(home).map_err(fault)?;
        for entry in fs::read_dir(home).map_err(fault)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(PREFIX) {
                // Left by a build that was killed; the lock on the folder says that nobody uses it now.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(home).map_err(fault)?;
        Ok(Stage { folder, home: home.to_owned() })
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
