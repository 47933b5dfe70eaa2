//! Small files that are there whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Files that aren't finished begin with this.
const PREFIX: &str = ".unfinished-";

/// Who may read a file, where the system distinguishes users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// As with any file that its owner makes.
    All,
    /// Its owner alone.
    Owner,
}

/// Writes a file of `folder` in place of the one that may be there.
///
/// # Errors
/// It can't be written.
pub fn write_whole(folder: &Path, name: &str, bytes: &[u8], readers: Readers) -> io::Result<()> {
    write_aside(folder, bytes, readers)?.persist(folder.join(name))?;
    Ok(())
}

/// Writes a file of `folder` that must not be there yet.
///
/// # Errors
/// It is there, or can't be written.
pub fn write_new(folder: &Path, name: &str, bytes: &[u8], readers: Readers) -> io::Result<()> {
    write_aside(folder, bytes, readers)?.persist_noclobber(folder.join(name))?;
    Ok(())
}

/// Removes what a killed program left unfinished in `folder`.
pub(super) fn remove_unfinished(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            // What can't be removed does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn write_aside(folder: &Path, bytes: &[u8], readers: Readers) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = match readers {
            Readers::All => 0o666,
            Readers::Owner => 0o600,
        };
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}
