use std::fs::File;
use std::io::{Error, Read, Result, Seek, SeekFrom};
use std::sync::{Arc, Mutex};

/// An open file that several readers share, each at its own position, so that what was checked is what is read.
#[derive(Clone)]
pub(super) struct Handle {
    file: Arc<Mutex<File>>,
    at: u64,
    pub(super) length: u64,
}

impl Handle {
    pub(super) fn new(file: File) -> Result<Handle> {
        let length = file.metadata()?.len();
        Ok(Handle { file: Arc::new(Mutex::new(file)), at: 0, length })
    }

    /// A reader of the same file from its beginning.
    pub(super) fn again(&self) -> Handle {
        Handle { at: 0, ..self.clone() }
    }
}

impl Read for Handle {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        // A panic elsewhere leaves the file itself sound.
        let mut file = self.file.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Handle {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        };
        self.at = target.ok_or_else(|| Error::other("a position before the file"))?;
        Ok(self.at)
    }
}
