use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

const NAME: &str = ".lock";

/// Held while a project's outputs are written, so that two builds at once take turns.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

/// The lock file couldn't be made or taken.
#[derive(Debug)]
pub struct LockFault {
    pub path: PathBuf,
    pub error: std::io::Error,
}

impl FolderLock {
    /// Takes the lock of `home`, which is made if need be; `waiting` is called once if another build holds it.
    pub fn take(home: &Path, waiting: impl FnOnce()) -> Result<FolderLock, LockFault> {
        let path = home.join(NAME);
        let fault = |error| LockFault { path: path.clone(), error };
        fs::create_dir_all(home).map_err(fault)?;
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(fault)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                waiting();
                file.lock().map_err(fault)?;
            }
            Err(TryLockError::Error(error)) => return Err(fault(error)),
        }
        Ok(FolderLock { _file: file })
    }
}
