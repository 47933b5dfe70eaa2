//! What the program remembers of a project between two runs, in the project's folder. It is the organisation's own: files
//! in the folder of outputs may be sent, and what is remembered would reveal what they hide.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::lock::link_error;
use super::write_whole::{Readers, remove_unfinished, write_new, write_whole};
use super::{FolderLock, StageError, checksum};
use crate::folder::{MEMORY_FOLDER, hash_bytes};

/// Keeps everything in the folder, itself too, out of version control.
const IGNORE_FILE: &str = ".gitignore";
const IGNORE_ALL: &str = "*\n";

/// Fingerprints of rows are keyed with it.
const SECRET: &str = "secret";
const SECRET_BYTES: usize = 32;

/// Digits of a hash that name a folder of outputs: enough to tell one from another.
const NAME_DIGITS: usize = 16;

/// `<project>/.donor-report/`, and the folder in it for one folder of outputs (`--out`). Losing it costs no more than a full
/// build: nothing of it reaches an output.
#[derive(Clone, Debug)]
pub struct Memory {
    root: PathBuf,
    folder: PathBuf,
}

/// A memory while it is written: other builds wait.
pub struct OpenMemory {
    folder: PathBuf,
    _lock: FolderLock,
}

impl Memory {
    /// What is remembered of the project in the folder `project` and its outputs in `out`. Makes nothing.
    pub fn new(project: &Path, out: &Path) -> Memory {
        let real = fs::canonicalize(out).or_else(|_| std::path::absolute(out)).unwrap_or_else(|_| out.to_owned());
        let name = hash_bytes([real.as_os_str().as_encoded_bytes()]);
        let root = project.join(MEMORY_FOLDER);
        let folder = root.join(&name[..NAME_DIGITS]);
        Memory { root, folder }
    }

    /// Where a file of this memory is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Reads a file of JSON; `None` if there is none that this version can use.
    pub(super) fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        if self.link().is_some() {
            return None;
        }
        serde_json::from_slice(&fs::read(self.path(name)).ok()?).ok()
    }

    /// A secret of this folder alone, made at the first call.
    ///
    /// # Errors
    /// It can't be read or made.
    pub fn secret(&self) -> io::Result<Vec<u8>> {
        self.make_root()?;
        let path = self.root.join(SECRET);
        let mut bytes = [0; SECRET_BYTES];
        if !path.exists() {
            getrandom::fill(&mut bytes).map_err(io::Error::other)?;
            match write_new(&self.root, SECRET, &bytes, Readers::Owner) {
                // Another build was faster.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                done => done?,
            }
        }
        fs::read(path)
    }

    /// Opens the memory for writing, once no other build does; it is made where it is missing.
    ///
    /// # Errors
    /// It can't be made or locked, or is a link.
    pub fn open(&self) -> Result<OpenMemory, StageError> {
        self.make_root().map_err(|error| StageError { path: self.root.clone(), error })?;
        let lock = FolderLock::publishing(&self.folder)?;
        remove_unfinished(&self.folder);
        Ok(OpenMemory { folder: self.folder.clone(), _lock: lock })
    }

    fn make_root(&self) -> io::Result<()> {
        if self.link().is_some() {
            return Err(link_error());
        }
        fs::create_dir_all(&self.root)?;
        if self.root.join(IGNORE_FILE).exists() {
            return Ok(());
        }
        write_whole(&self.root, IGNORE_FILE, IGNORE_ALL.as_bytes(), Readers::All)
    }

    /// A link would lead out of the project's folder.
    fn link(&self) -> Option<&Path> {
        [&self.root, &self.folder].into_iter().map(PathBuf::as_path).find(|path| path.is_symlink())
    }
}

impl OpenMemory {
    /// Writes a file of JSON and returns the checksum of its content.
    pub(super) fn write(&self, name: &str, content: &impl Serialize) -> Result<String, StageError> {
        let failed = |error| StageError { path: self.folder.join(name), error };
        let mut text = serde_json::to_vec_pretty(content).map_err(|error| failed(error.into()))?;
        text.push(b'\n');
        write_whole(&self.folder, name, &text, Readers::All).map_err(failed)?;
        Ok(checksum(&text))
    }
}
