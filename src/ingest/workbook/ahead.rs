use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

use super::archive::damaged;
use super::contain::contain;
use crate::diagnostic::Problem;
use crate::ingest::raw::RawRow;

/// Rows that pass between the threads in one go, and how many such batches the reader may be ahead.
const BATCH: usize = 512;
const AHEAD: usize = 4;

/// Rows on their way: the first `filled` of them, what was made of each, and why no more come.
struct Batch<'a, J> {
    rows: Vec<RawRow<'a>>,
    judged: Vec<J>,
    filled: usize,
    ended: Option<Result<(), Box<Problem>>>,
}

/// Unpacks, parses, assembles and judges rows in a thread of its own, a little ahead of what `take` makes of them. `next`
/// fills a row, whatever it held before; false where there is none.
///
/// # Errors
/// The sheet can't be read further; the rows before were given.
pub(super) fn each<'a, J: Send>(
    next: impl FnMut(&mut RawRow<'a>) -> Result<bool, Box<Problem>> + Send,
    judge: impl FnMut(&RawRow) -> J + Send,
    mut take: impl FnMut(&RawRow, J),
) -> Result<(), Box<Problem>> {
    thread::scope(|scope| {
        let (full, batches) = sync_channel(AHEAD);
        let (back, emptied) = channel();
        scope.spawn(move || read(next, judge, &full, &emptied));
        for Batch { rows, mut judged, filled, ended } in batches {
            rows[..filled].iter().zip(judged.drain(..)).for_each(|(row, judged)| take(row, judged));
            if let Some(end) = ended {
                return end;
            }
            // The reader may have come to its end.
            let _ = back.send((rows, judged));
        }
        Ok(())
    })
}

/// Sends rows until the sheet ends, or nobody takes them any more. The memory of batches goes round.
fn read<'a, J>(
    mut next: impl FnMut(&mut RawRow<'a>) -> Result<bool, Box<Problem>>,
    mut judge: impl FnMut(&RawRow) -> J,
    full: &SyncSender<Batch<'a, J>>,
    emptied: &Receiver<(Vec<RawRow<'a>>, Vec<J>)>,
) {
    loop {
        let (rows, judged) = emptied.try_recv().unwrap_or_default();
        let mut batch = Batch { rows, judged, filled: 0, ended: None };
        let ended = contain(|| fill(&mut next, &mut judge, &mut batch)).unwrap_or_else(|| Some(Err(damaged())));
        let more = ended.is_none();
        batch.ended = ended;
        if full.send(batch).is_err() || !more {
            return;
        }
    }
}

/// Fills a batch; how the sheet ended, if it did.
fn fill<'a, J>(
    next: &mut impl FnMut(&mut RawRow<'a>) -> Result<bool, Box<Problem>>,
    judge: &mut impl FnMut(&RawRow) -> J,
    batch: &mut Batch<'a, J>,
) -> Option<Result<(), Box<Problem>>> {
    while batch.filled < BATCH {
        if batch.filled == batch.rows.len() {
            batch.rows.push(RawRow::default());
        }
        match next(&mut batch.rows[batch.filled]) {
            Ok(true) => {
                batch.judged.push(judge(&batch.rows[batch.filled]));
                batch.filled += 1;
            }
            Ok(false) => return Some(Ok(())),
            Err(problem) => return Some(Err(problem)),
        }
    }
    None
}
