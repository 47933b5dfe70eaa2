use std::fs::File;
use std::io::{Error, Read, Result, Seek, SeekFrom};
use std::sync::{Arc, Mutex};

/// An open file that several readers share, each at its own position, so that
/// what was checked is what is read, even if the file is replaced in between.
#[derive(Clone)]
pub(super) struct SharedFile {
    file: Arc<Mutex<File>>,
    position: u64,
    /// Bytes of the file when it was opened.
    pub(super) length: u64,
}

impl SharedFile {
    pub(super) fn new(file: File) -> Result<SharedFile> {
        let length = file.metadata()?.len();
        Ok(SharedFile { file: Arc::new(Mutex::new(file)), position: 0, length })
    }

    /// Another reader of the same file, from its beginning.
    pub(super) fn reopen(&self) -> SharedFile {
        SharedFile { position: 0, ..self.clone() }
    }
}

impl Read for SharedFile {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        // A panic elsewhere leaves the file itself sound.
        let mut file = self.file.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        file.seek(SeekFrom::Start(self.position))?;
        let read = file.read(buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for SharedFile {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = target.ok_or_else(|| Error::other("a position before the file"))?;
        Ok(self.position)
    }
}
