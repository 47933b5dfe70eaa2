use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

use super::archive::damaged;
use super::contain::contain;
use crate::diagnostic::Problem;
use crate::ingest::raw::RawRow;

/// Rows that pass between the threads in one go, and how many such batches the reader may be ahead.
const BATCH: usize = 512;
const AHEAD: usize = 4;

/// Rows on their way: the first `filled` of them, and why no more come.
struct Batch<'a> {
    rows: Vec<RawRow<'a>>,
    filled: usize,
    ended: Option<Result<(), Box<Problem>>>,
}

/// Unpacks, parses and assembles rows in a thread of its own, a little ahead of what `take` makes of them. `next` fills a
/// row, whatever it held before; false where there is none.
///
/// # Errors
/// The sheet can't be read further; the rows before were given.
pub(super) fn each<'a>(
    next: impl FnMut(&mut RawRow<'a>) -> Result<bool, Box<Problem>> + Send,
    take: &mut dyn FnMut(&RawRow),
) -> Result<(), Box<Problem>> {
    thread::scope(|scope| {
        let (full, batches) = sync_channel(AHEAD);
        let (back, emptied) = channel();
        scope.spawn(move || read(next, &full, &emptied));
        for Batch { rows, filled, ended } in batches {
            rows[..filled].iter().for_each(&mut *take);
            if let Some(end) = ended {
                return end;
            }
            // The reader may have come to its end.
            let _ = back.send(rows);
        }
        Ok(())
    })
}

/// Sends rows until the sheet ends, or nobody takes them any more. The memory of batches goes round.
fn read<'a>(
    mut next: impl FnMut(&mut RawRow<'a>) -> Result<bool, Box<Problem>>,
    full: &SyncSender<Batch<'a>>,
    emptied: &Receiver<Vec<RawRow<'a>>>,
) {
    loop {
        let mut batch = Batch { rows: emptied.try_recv().unwrap_or_default(), filled: 0, ended: None };
        let ended = contain(|| fill(&mut next, &mut batch)).unwrap_or_else(|| Some(Err(damaged())));
        let more = ended.is_none();
        batch.ended = ended;
        if full.send(batch).is_err() || !more {
            return;
        }
    }
}

/// Fills a batch; how the sheet ended, if it did.
fn fill<'a>(
    next: &mut impl FnMut(&mut RawRow<'a>) -> Result<bool, Box<Problem>>,
    batch: &mut Batch<'a>,
) -> Option<Result<(), Box<Problem>>> {
    while batch.filled < BATCH {
        if batch.filled == batch.rows.len() {
            batch.rows.push(RawRow::default());
        }
        match next(&mut batch.rows[batch.filled]) {
            Ok(true) => batch.filled += 1,
            Ok(false) => return Some(Ok(())),
            Err(problem) => return Some(Err(problem)),
        }
    }
    None
}
