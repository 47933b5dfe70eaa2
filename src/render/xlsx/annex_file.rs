use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The file that an archive is written to. The writers of archives finish theirs when they are dropped, and print on
/// standard error if that fails; so this one keeps the first failure for [`WriteFailure::check`] and takes whatever comes
/// after it as if it were written.
pub struct AnnexFile {
    out: BufWriter<File>,
    failure: WriteFailure,
    position: u64,
    length: u64,
}

/// What became of an [`AnnexFile`], to be asked when its writer is done with it.
#[derive(Clone, Default)]
pub struct WriteFailure(Arc<Mutex<Option<io::Error>>>);

impl WriteFailure {
    /// # Errors
    /// The first failure.
    pub fn check(&self) -> io::Result<()> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    fn has_failed(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn keep(&self, error: io::Error) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

impl AnnexFile {
    pub fn create(path: &Path) -> io::Result<(AnnexFile, WriteFailure)> {
        let failure = WriteFailure::default();
        let out = BufWriter::new(File::create(path)?);
        Ok((AnnexFile { out, failure: failure.clone(), position: 0, length: 0 }, failure))
    }

    fn attempt(&mut self, step: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) {
        if !self.failure.has_failed()
            && let Err(error) = step(&mut self.out)
        {
            self.failure.keep(error);
        }
    }
}

impl Write for AnnexFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.attempt(|out| out.write_all(bytes));
        self.position += bytes.len() as u64;
        self.length = self.length.max(self.position);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.attempt(BufWriter::flush);
        Ok(())
    }
}

impl Seek for AnnexFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        let position = self.position;
        self.attempt(|out| out.seek(SeekFrom::Start(position)).map(drop));
        Ok(position)
    }
}

impl Drop for AnnexFile {
    fn drop(&mut self) {
        self.attempt(BufWriter::flush);
    }
}
