use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

/// Held while outputs are made.
const WORK: &str = ".lock";
/// Held for the moment in which outputs are put into their places.
const PUBLISHING: &str = ".publish.lock";

/// Held on a project's outputs, so that builds at once take turns: a whole build alone, single units of work side by
/// side, and everybody alone while putting files into their places. The system frees the lock of a killed process.
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
    /// Takes `home` (made if need be) for a whole build; `waiting` is called once if others hold it.
    pub fn whole(home: &Path, waiting: impl FnOnce()) -> Result<FolderLock, LockFault> {
        take(home, WORK, File::try_lock, File::lock, waiting)
    }

    /// Takes `home` (made if need be) together with other units of work; `waiting` is called once if a whole build
    /// holds it.
    pub fn unit(home: &Path, waiting: impl FnOnce()) -> Result<FolderLock, LockFault> {
        take(home, WORK, File::try_lock_shared, File::lock_shared, waiting)
    }

    /// Takes the right to put outputs into their places, after whoever has it.
    pub fn publishing(home: &Path) -> Result<FolderLock, LockFault> {
        take(home, PUBLISHING, File::try_lock, File::lock, || {})
    }
}

fn take(
    home: &Path,
    name: &str,
    try_lock: impl FnOnce(&File) -> Result<(), TryLockError>,
    lock: impl FnOnce(&File) -> std::io::Result<()>,
    waiting: impl FnOnce(),
) -> Result<FolderLock, LockFault> {
    let path = home.join(name);
    let fault = |error| LockFault { path: path.clone(), error };
    fs::create_dir_all(home).map_err(fault)?;
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(fault)?;
    match try_lock(&file) {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            waiting();
            lock(&file).map_err(fault)?;
        }
        Err(TryLockError::Error(error)) => return Err(fault(error)),
    }
    Ok(FolderLock { _file: file })
}
