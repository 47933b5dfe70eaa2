use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

/// Held while outputs are made.
const BUILD_LOCK: &str = ".lock";
/// Held for the moment in which outputs are put into their places.
const PUBLISH_LOCK: &str = ".publish.lock";

/// A lock on a project's outputs, so that builds at the same time take turns: a whole build runs alone, single units of
/// work side by side, and files are put into their places by one build at a time. The system frees the lock of a killed
/// process.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

/// The lock file couldn't be made or locked.
#[derive(Debug)]
pub struct LockError {
    /// The lock file, or its folder.
    pub path: PathBuf,
    /// The system's reason.
    pub error: std::io::Error,
}

impl FolderLock {
    /// Locks `home` (created if missing) for a whole build; `waiting` is called once if others hold it.
    ///
    /// # Errors
    /// If the lock file can't be made or locked.
    pub fn whole(home: &Path, waiting: impl FnOnce()) -> Result<FolderLock, LockError> {
        acquire(home, BUILD_LOCK, File::try_lock, File::lock, waiting)
    }

    /// Locks `home` (created if missing) together with other units of work; `waiting` is called once if a whole build
    /// holds it.
    ///
    /// # Errors
    /// If the lock file can't be made or locked.
    pub fn unit(home: &Path, waiting: impl FnOnce()) -> Result<FolderLock, LockError> {
        acquire(home, BUILD_LOCK, File::try_lock_shared, File::lock_shared, waiting)
    }

    /// Locks `home` for putting outputs into their places, once nobody else does.
    ///
    /// # Errors
    /// If the lock file can't be made or locked.
    pub fn publishing(home: &Path) -> Result<FolderLock, LockError> {
        acquire(home, PUBLISH_LOCK, File::try_lock, File::lock, || {})
    }
}

/// Why nothing is written where a link leads: it may lead out of the folder of outputs.
pub(super) fn link_error() -> std::io::Error {
    std::io::Error::other("it is a link, and links within the folder of outputs are not followed")
}

fn acquire(
    home: &Path,
    name: &str,
    try_lock: impl FnOnce(&File) -> Result<(), TryLockError>,
    lock: impl FnOnce(&File) -> std::io::Result<()>,
    waiting: impl FnOnce(),
) -> Result<FolderLock, LockError> {
    let path = home.join(name);
    let failed = |error| LockError { path: path.clone(), error };
    if let Some(link) = [home, &path].into_iter().find(|path| path.is_symlink()) {
        return Err(LockError { path: link.to_owned(), error: link_error() });
    }
    fs::create_dir_all(home).map_err(failed)?;
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match try_lock(&file) {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            waiting();
            lock(&file).map_err(failed)?;
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    Ok(FolderLock { _file: file })
}
