//! Reading a little ahead in a thread of its own: batches of rows for who makes something of them, and pieces of an
//! archive's part for who parses it. Only so many are under way at once, and their memory is used again.

use std::io::{Error, Read, Result as IoResult};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use super::archive::{Archive, damaged_file};
use super::catch_panic::catch_panic;
use super::shared_file::SharedFile;
use crate::diagnostic::Problem;
use crate::ingest::raw_row::RawRow;
use crate::model::Limits;

/// Batches or pieces that the reader may be ahead.
const AHEAD: usize = 4;
/// Rows of a batch.
const BATCH_ROWS: usize = 512;
/// Bytes of a piece.
const PIECE_BYTES: usize = 256 << 10;

/// The reading end: sends what it has filled, and gets it back emptied.
struct Producer<T, B> {
    full: SyncSender<T>,
    emptied: Receiver<B>,
}

/// The using end.
struct Consumer<T, B> {
    full: Receiver<T>,
    emptied: Sender<B>,
}

fn pipe<T, B>() -> (Producer<T, B>, Consumer<T, B>) {
    let (filled, full) = sync_channel(AHEAD);
    let (back, emptied) = channel();
    (Producer { full: filled, emptied }, Consumer { full, emptied: back })
}

impl<T, B: Default> Producer<T, B> {
    /// Memory that was used before, if there is any.
    fn buffer(&self) -> B {
        self.emptied.try_recv().unwrap_or_default()
    }

    /// False if nobody wants any more.
    fn send(&self, filled: T) -> bool {
        self.full.send(filled).is_ok()
    }
}

/// Rows and what `prepare` made of each.
type Buffers<'a, P> = (Vec<RawRow<'a>>, Vec<P>);

struct Batch<'a, P> {
    buffers: Buffers<'a, P>,
    /// How many of the rows are filled.
    filled: usize,
    /// How the sheet ended, if it did.
    end: Option<Result<(), Box<Problem>>>,
}

/// Unpacks, parses, assembles and prepares rows in a thread of its own, a little ahead of what `take` makes of them. `next`
/// fills a row, whatever it held before; false where there is none.
///
/// # Errors
/// The sheet can't be read further; the rows before were given.
pub(super) fn for_each_row<'a, P: Send>(
    next: impl FnMut(&mut RawRow<'a>) -> Result<bool, Box<Problem>> + Send,
    prepare: impl FnMut(&RawRow) -> P + Send,
    mut take: impl FnMut(&RawRow, P),
) -> Result<(), Box<Problem>> {
    thread::scope(|scope| {
        let (producer, consumer) = pipe();
        scope.spawn(move || send_batches(next, prepare, &producer));
        for Batch { buffers: (rows, mut prepared), filled, end } in consumer.full {
            rows[..filled].iter().zip(prepared.drain(..)).for_each(|(row, prepared)| take(row, prepared));
            if let Some(end) = end {
                return end;
            }
            // Fails once the reader has come to its end.
            let _ = consumer.emptied.send((rows, prepared));
        }
        Ok(())
    })
}

/// Sends rows until the sheet ends, or nobody wants any more.
fn send_batches<'a, P>(
    mut next: impl FnMut(&mut RawRow<'a>) -> Result<bool, Box<Problem>>,
    mut prepare: impl FnMut(&RawRow) -> P,
    producer: &Producer<Batch<'a, P>, Buffers<'a, P>>,
) {
    loop {
        let mut batch = Batch { buffers: producer.buffer(), filled: 0, end: None };
        let end = catch_panic(|| fill_batch(&mut next, &mut prepare, &mut batch));
        let end = end.unwrap_or_else(|| Some(Err(damaged_file())));
        let is_last = end.is_some();
        batch.end = end;
        if !producer.send(batch) || is_last {
            return;
        }
    }
}

/// Fills a batch; returns how the sheet ended, if it did.
fn fill_batch<'a, P>(
    next: &mut impl FnMut(&mut RawRow<'a>) -> Result<bool, Box<Problem>>,
    prepare: &mut impl FnMut(&RawRow) -> P,
    batch: &mut Batch<'a, P>,
) -> Option<Result<(), Box<Problem>>> {
    let (rows, prepared) = &mut batch.buffers;
    while batch.filled < BATCH_ROWS {
        if batch.filled == rows.len() {
            rows.push(RawRow::default());
        }
        match next(&mut rows[batch.filled]) {
            Ok(true) => {
                prepared.push(prepare(&rows[batch.filled]));
                batch.filled += 1;
            }
            Ok(false) => return Some(Ok(())),
            Err(problem) => return Some(Err(problem)),
        }
    }
    None
}

/// A long part of an archive, unpacked by a thread of its own.
pub(super) struct UnpackedPart {
    /// An empty piece is the end.
    pieces: Consumer<IoResult<Vec<u8>>, Vec<u8>>,
    piece: Vec<u8>,
    position: usize,
    ended: bool,
}

impl UnpackedPart {
    /// Begins to unpack a part that was verified before.
    pub(super) fn start(file: &SharedFile, part: &str, limits: Limits) -> UnpackedPart {
        let (producer, pieces) = pipe();
        let (file, part) = (file.reopen(), part.to_owned());
        thread::spawn(move || catch_panic(|| send_pieces(&file, &part, &limits, &producer)));
        UnpackedPart { pieces, piece: Vec::new(), position: 0, ended: false }
    }
}

/// Sends a part piece by piece, until its end or as long as somebody reads.
fn send_pieces(file: &SharedFile, part: &str, limits: &Limits, producer: &Producer<IoResult<Vec<u8>>, Vec<u8>>) {
    let damaged = || {
        producer.send(Err(Error::other("a damaged archive")));
    };
    let Ok(mut archive) = Archive::open(file, limits) else { return damaged() };
    let Ok(mut part) = archive.open_part(part) else { return damaged() };
    loop {
        let mut piece = producer.buffer();
        piece.clear();
        let read = part.by_ref().take(PIECE_BYTES as u64).read_to_end(&mut piece);
        let is_last = !matches!(read, Ok(1..));
        if !producer.send(read.map(|_| piece)) || is_last {
            return;
        }
    }
}

impl Read for UnpackedPart {
    fn read(&mut self, buffer: &mut [u8]) -> IoResult<usize> {
        if self.position == self.piece.len() && !self.ended {
            let _ = self.pieces.emptied.send(std::mem::take(&mut self.piece));
            self.position = 0;
            // A thread that ends without a last piece has failed.
            self.piece = self.pieces.full.recv().unwrap_or_else(|_| Err(Error::other("unpacking failed")))?;
            self.ended = self.piece.is_empty();
        }
        let length = buffer.len().min(self.piece.len() - self.position);
        buffer[..length].copy_from_slice(&self.piece[self.position..self.position + length]);
        self.position += length;
        Ok(length)
    }
}
