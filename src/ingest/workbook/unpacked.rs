use std::io::{Error, Read, Result};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use super::archive::Archive;
use super::contain::contain;
use super::handle::Handle;
use crate::model::Limits;

/// Bytes that pass between the threads in one go, and how many such pieces one is ahead of the other.
const PIECE: usize = 256 << 10;
const AHEAD: usize = 4;

/// A long part of an archive, unpacked by a thread of its own a little ahead of who reads it.
pub(super) struct Unpacked {
    /// An empty piece is the end.
    pieces: Receiver<Result<Vec<u8>>>,
    /// The memory of pieces goes round.
    back: Sender<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Unpacked {
    /// Begins to unpack a part that was checked before.
    pub(super) fn start(file: &Handle, part: &str, limits: Limits) -> Unpacked {
        let (full, pieces) = sync_channel(AHEAD);
        let (back, emptied) = channel::<Vec<u8>>();
        let (file, part) = (file.again(), part.to_owned());
        thread::spawn(move || contain(|| unpack(&file, &part, &limits, &full, &emptied)));
        Unpacked { pieces, back, piece: Vec::new(), at: 0, ended: false }
    }
}

/// Sends a part piece by piece, until its end or as long as somebody reads.
fn unpack(file: &Handle, part: &str, limits: &Limits, full: &SyncSender<Result<Vec<u8>>>, emptied: &Receiver<Vec<u8>>) {
    let damaged = || Error::other("a damaged archive");
    let mut archive = match Archive::open(file, limits) {
        Ok(archive) => archive,
        Err(_) => return drop(full.send(Err(damaged()))),
    };
    let Ok(mut reader) = archive.part(part) else { return drop(full.send(Err(damaged()))) };
    loop {
        let mut piece = emptied.try_recv().unwrap_or_default();
        piece.clear();
        let read = reader.by_ref().take(PIECE as u64).read_to_end(&mut piece);
        let is_last = !matches!(read, Ok(1..));
        // Nobody may want to read on.
        if full.send(read.map(|_| piece)).is_err() || is_last {
            return;
        }
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.at == self.piece.len() && !self.ended {
            let _ = self.back.send(std::mem::take(&mut self.piece));
            self.at = 0;
            // A thread that ends without a last piece has failed.
            self.piece = self.pieces.recv().unwrap_or_else(|_| Err(Error::other("unpacking failed")))?;
            self.ended = self.piece.is_empty();
        }
        let length = buffer.len().min(self.piece.len() - self.at);
        buffer[..length].copy_from_slice(&self.piece[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}
