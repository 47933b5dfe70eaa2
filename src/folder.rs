//! A project's folder: which files belong to it, where a path that somebody wrote leads, how much of a file is read, and
//! the hash of what it holds. What people put into the folder is untrusted: no path leads out of it, no file is read
//! without a limit.

#![warn(missing_docs)]

mod hash;
mod list;
mod pattern;
mod read;
mod watcher;

pub use hash::{content_hash, hash_bytes, hash_file, hash_reader};
pub use list::{entries, hash_files, list_files};
pub use pattern::{is_like, matching_files};
pub use read::{ReadFault, read_bytes, read_text};
pub use watcher::{Burst, Changes, FolderWatcher};

use std::path::{Component, Path, PathBuf};

/// The file that says what a project is, in its folder.
pub const PROJECT_FILE: &str = "project.toml";

/// The folder in a project's folder that the program keeps to itself: no part of the project, whatever project.toml names.
pub const MEMORY_FOLDER: &str = ".donor-report";

/// A file that was read: its path relative to the project's folder, and the [`content_hash`] of its content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputFile {
    /// Relative to the project's folder, with `/` between its parts.
    pub path: String,
    /// BLAKE3, as hexadecimal digits.
    pub hash: String,
}

/// Why a path can't be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathFault {
    /// Empty, absolute, with `..`, through a symbolic link that leads out of the folder, or into [`MEMORY_FOLDER`].
    Outside,
    /// There is no such file.
    Missing,
}

/// Whether a file or folder of this name is left behind by an editor or a file manager and is no part of a project. One
/// rule for everybody who lists a folder, so that a file that is read is also one that is watched and hashed:
///
/// - hidden files (`.git`, `.DS_Store`, and the locks `.~lock.data.ods#` and `.#prose.md`);
/// - locks of Office (`~$data.xlsx`);
/// - backups and files that are being saved (`prose.md~`, `~WRL0003.tmp`, `#prose.md#`);
/// - thumbnails of Windows (`Thumbs.db`).
///
/// A file that project.toml names is read whatever its name, and so [`list_files`] lists it.
pub fn is_ignored(name: &str) -> bool {
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || name.ends_with(".tmp")
        || (name.starts_with('#') && name.ends_with('#'))
        || name == "Thumbs.db"
}

/// A path as messages write it and plans name it: with `/` between its parts on every system, and without the mark of
/// Windows for paths that are taken as they are.
pub fn shown_path(path: &Path) -> String {
    let shown = path.to_string_lossy();
    if cfg!(windows) { shown.strip_prefix(r"\\?\").unwrap_or(&shown).replace('\\', "/") } else { shown.into_owned() }
}

/// Where `relative` leads inside `folder`, with symbolic links followed and proved to stay inside; a file or a folder.
///
/// # Errors
/// The path leads out of the folder, or to nothing.
pub fn resolve_path(folder: &Path, relative: &str) -> Result<PathBuf, PathFault> {
    let path = Path::new(relative);
    let is_plain = path.components().all(|part| match part {
        Component::Normal(name) => name != MEMORY_FOLDER,
        part => matches!(part, Component::CurDir),
    });
    if !is_plain || relative.is_empty() || relative.contains('\0') {
        return Err(PathFault::Outside);
    }
    let root = folder.canonicalize().map_err(|_| PathFault::Missing)?;
    let target = folder.join(path).canonicalize().map_err(|_| PathFault::Missing)?;
    if target.starts_with(&root) { Ok(target) } else { Err(PathFault::Outside) }
}

/// [`resolve_path`] of a regular file: pipes and devices could be waited for without end.
///
/// # Errors
/// As [`resolve_path`], and where the path leads to something else than a file.
pub fn resolve_file(folder: &Path, relative: &str) -> Result<PathBuf, PathFault> {
    let target = resolve_path(folder, relative)?;
    if target.is_file() { Ok(target) } else { Err(PathFault::Missing) }
}
