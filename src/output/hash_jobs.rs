use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many bytes are hashed in about the time that a further thread takes to start and to touch its first memory.
const BYTES_PER_THREAD: u64 = 4 << 20;

/// A file and the hash to compute over it.
pub struct HashJob {
    /// The file.
    pub path: PathBuf,
    /// For example [`hash_file`](crate::folder::hash_file).
    pub hash: fn(&Path) -> io::Result<String>,
}

/// The hashes of all jobs in their order; `None` for a file that can't be read. Uses at most `threads` threads, and only as
/// many as the files' lengths are worth: a build with nothing to do is over before a pool of threads has started.
pub fn run_hash_jobs(jobs: &[HashJob], threads: usize) -> Vec<Option<String>> {
    let lengths: Vec<u64> =
        jobs.iter().map(|job| fs::metadata(&job.path).map_or(0, |metadata| metadata.len())).collect();
    let worth = usize::try_from(lengths.iter().sum::<u64>() / BYTES_PER_THREAD).unwrap_or(usize::MAX);
    // The longest first, so that no long one is begun when the others are done.
    let mut order: Vec<usize> = (0..jobs.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(lengths[index]));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some(&index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((index, (jobs[index].hash)(&jobs[index].path).ok()));
        }
        done
    };
    let mut hashes = vec![None; jobs.len()];
    thread::scope(|scope| {
        // Where a thread can't be started, the others do its part.
        let helpers: Vec<_> =
            (1..threads.min(worth)).map_while(|_| thread::Builder::new().spawn_scoped(scope, work).ok()).collect();
        let own = work();
        let others = helpers.into_iter().flat_map(|helper| helper.join().unwrap_or_default());
        own.into_iter().chain(others).for_each(|(index, hash)| hashes[index] = hash);
    });
    hashes
}
