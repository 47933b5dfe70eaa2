use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// So many bytes are hashed in about the time that another thread takes to start and to touch its first memory.
const PAYS: u64 = 4 << 20;

/// A file, and what its content is to be known by.
pub struct Asked {
    pub path: PathBuf,
    pub digest: fn(&Path) -> io::Result<String>,
}

/// What every file is known by, in their order; none for one that can't be read. On no more than so many threads, and on
/// as many as their length is worth: this is asked before there is anything to do, where to start a pool takes longer.
pub fn digests(asked: &[Asked], threads: usize) -> Vec<Option<String>> {
    let lengths: Vec<u64> =
        asked.iter().map(|one| fs::metadata(&one.path).map_or(0, |metadata| metadata.len())).collect();
    let worth = usize::try_from(lengths.iter().sum::<u64>() / PAYS).unwrap_or(usize::MAX);
    // The longest first, so that none of them is begun when the others are done.
    let mut order: Vec<usize> = (0..asked.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(lengths[at]));
    let next = AtomicUsize::new(0);
    let take = || {
        let mut taken = Vec::new();
        while let Some(&at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            taken.push((at, (asked[at].digest)(&asked[at].path).ok()));
        }
        taken
    };
    let mut found = vec![None; asked.len()];
    thread::scope(|scope| {
        // Where a thread can't be started, the others do its part.
        let helpers: Vec<_> =
            (1..threads.min(worth)).map_while(|_| thread::Builder::new().spawn_scoped(scope, take).ok()).collect();
        let own = take();
        let theirs = helpers.into_iter().flat_map(|helper| helper.join().unwrap_or_default());
        own.into_iter().chain(theirs).for_each(|(at, digest)| found[at] = digest);
    });
    found
}
