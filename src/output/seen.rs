//! Outputs that were read once and stood as they were written needn't be read again while the file system says that nobody
//! has touched them. Nothing is decided by the times of inputs, and of an output nothing but whether it is read.

use std::path::{Path, PathBuf};

/// What the file system says of some files: a hash over the length of each, which file it is, and when its content, its
/// name or its rights were last changed, a time that nobody can set.
pub struct Seen {
    hash: String,
}

impl Seen {
    /// None where the system doesn't tell, or where one was changed so recently that a later change might bear the same
    /// time. `files` come with the checksums that they should have.
    pub fn of(files: &[(PathBuf, &str)]) -> Option<Seen> {
        let marks: Option<Vec<String>> =
            files.iter().map(|(path, checksum)| Some(system::mark(path)? + checksum)).collect();
        let hash = super::hash_bytes(marks?.iter().map(String::as_bytes));
        Some(Seen { hash })
    }

    /// Whether the files that `record` tells of stood as they were written when the file system said just this of them.
    pub fn is_noted(&self, record: &Path) -> bool {
        system::note(record).is_some_and(|noted| noted == self.hash.as_bytes())
    }

    /// Notes that they do, beside the content of `record`. Where that can't be, they are read again the next time.
    pub fn note(&self, record: &Path) {
        system::set_note(record, self.hash.as_bytes());
    }
}

#[cfg(unix)]
mod system {
    use std::fs;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    /// Two changes so close together may bear the same time: systems keep the time of files by ticks of at most 10 ms.
    const TICK: Duration = Duration::from_millis(20);

    /// The same where a file system keeps whole seconds.
    const SECONDS: Duration = Duration::from_secs(2);

    const NAME: &str = "user.donor-report.seen";

    pub(super) fn mark(path: &Path) -> Option<String> {
        let metadata = fs::metadata(path).ok()?;
        let time = Duration::new(metadata.ctime().try_into().ok()?, metadata.ctime_nsec().try_into().ok()?);
        let close = if time.subsec_nanos() == 0 { SECONDS } else { TICK };
        let is_settled = SystemTime::now().duration_since(UNIX_EPOCH + time).is_ok_and(|age| age > close);
        let parts = [metadata.dev(), metadata.ino(), metadata.len()];
        is_settled.then(|| format!("{parts:?} {time:?} "))
    }

    pub(super) fn note(record: &Path) -> Option<Vec<u8>> {
        xattr::get(record, NAME).ok().flatten()
    }

    pub(super) fn set_note(record: &Path, note: &[u8]) {
        let _ = xattr::set(record, NAME, note);
    }
}

#[cfg(not(unix))]
mod system {
    use std::path::Path;

    pub(super) fn mark(_: &Path) -> Option<String> {
        None
    }

    pub(super) fn note(_: &Path) -> Option<Vec<u8>> {
        None
    }

    pub(super) fn set_note(_: &Path, _: &[u8]) {}
}
