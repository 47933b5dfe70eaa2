use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

use super::archive::damaged;
use super::assemble::Cells;
use super::contain::contain;
use crate::diagnostic::Problem;

/// Cells that pass between the threads in one go, and how many such batches the reader may be ahead.
const BATCH: usize = 4096;
const AHEAD: usize = 4;

/// Cells on their way, or why no more come.
type Batch<C> = Result<Vec<Option<C>>, Box<Problem>>;

/// Gives the next cell; none at the end.
type Next<'n, C> = dyn FnMut() -> Result<Option<C>, Box<Problem>> + 'n;

/// Reads cells in a thread of its own, a little ahead of what `make` makes of them.
///
/// # Errors
/// What `make` gives back, which is told by the cell it asks for that the sheet can't be read further.
pub(super) fn each<'a, C: Cells<'a>>(
    cells: &mut C,
    make: impl FnOnce(&mut Next<'_, C::Cell>) -> Result<(), Box<Problem>>,
) -> Result<(), Box<Problem>> {
    thread::scope(|scope| {
        let (full, batches) = sync_channel(AHEAD);
        let (back, emptied) = channel();
        scope.spawn(move || read(cells, &full, &emptied));
        let (mut batch, mut at): (Vec<Option<C::Cell>>, usize) = (Vec::new(), 0);
        make(&mut || {
            loop {
                if let Some(cell) = batch.get_mut(at) {
                    at += 1;
                    return Ok(cell.take());
                }
                let Ok(next) = batches.recv() else { return Ok(None) };
                // The reader may have come to its end.
                let _ = back.send(std::mem::replace(&mut batch, next?));
                at = 0;
            }
        })
    })
}

/// Sends cells until the sheet ends, or nobody takes them any more. The memory of batches goes round.
fn read<'a, C: Cells<'a>>(cells: &mut C, full: &SyncSender<Batch<C::Cell>>, emptied: &Receiver<Vec<Option<C::Cell>>>) {
    loop {
        let mut batch = emptied.try_recv().unwrap_or_default();
        batch.clear();
        let filled = contain(|| fill(cells, &mut batch)).unwrap_or_else(|| Err(damaged()));
        let more = matches!(filled, Ok(true));
        let sent =
            full.send(Ok(batch)).and_then(|()| filled.map_or_else(|problem| full.send(Err(problem)), |_| Ok(())));
        if sent.is_err() || !more {
            return;
        }
    }
}

/// Whether the sheet may have more cells than the batch took.
fn fill<'a, C: Cells<'a>>(cells: &mut C, batch: &mut Vec<Option<C::Cell>>) -> Result<bool, Box<Problem>> {
    while batch.len() < BATCH {
        match cells.next_cell()? {
            Some(cell) => batch.push(Some(cell)),
            None => return Ok(false),
        }
    }
    Ok(true)
}
