//! Many files hashed side by side are hashed as one by one.

use std::fs;
use std::path::PathBuf;

use donor_report::folder::hash_file;
use donor_report::output::{HashJob, checksum_of_file, run_hash_jobs};

#[test]
fn every_file_is_known_by_its_own_content_on_any_number_of_threads() {
    let home = tempfile::tempdir().unwrap();
    // Enough for several threads, and one that is missing.
    let lengths = [0usize, 1, 9 << 20, 5 << 20, 70_000];
    let mut paths: Vec<PathBuf> = (0..lengths.len()).map(|at| home.path().join(at.to_string())).collect();
    for (path, length) in paths.iter().zip(lengths) {
        fs::write(path, vec![length as u8 ^ 7; length]).unwrap();
    }
    paths.insert(2, home.path().join("missing"));
    let jobs: Vec<HashJob> = paths
        .iter()
        .enumerate()
        .map(|(at, path)| HashJob { path: path.clone(), hash: if at % 2 == 0 { hash_file } else { checksum_of_file } })
        .collect();
    let expected: Vec<Option<String>> = jobs.iter().map(|job| (job.hash)(&job.path).ok()).collect();
    assert_eq!(expected.iter().flatten().count(), lengths.len());
    for threads in [1, 2, 3, 8] {
        assert_eq!(run_hash_jobs(&jobs, threads), expected, "{threads} threads");
    }
}
