//! Hashes of outputs; those of inputs and of what outputs are made from are BLAKE3 ([`crate::folder`]). XXH3 for outputs,
//! which only accidents and people at work change, at many times the speed, since they are mostly longer than the inputs.
//! SHA-256 for what a reader may compare.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};
use twox_hash::XxHash3_128;

/// As many bytes as stay in a core's cache between being read and being hashed.
const CHUNK: usize = 1 << 15;

/// XXH3 with 128 bits of a file's content, as hex: shows whether an output is as it was written.
///
/// # Errors
/// If the file can't be read.
pub fn checksum_of_file(path: &Path) -> io::Result<String> {
    let mut hasher = XxHash3_128::new();
    read_chunks(path, |chunk| hasher.write(chunk))?;
    Ok(format!("{:032x}", hasher.finish_128()))
}

/// As [`checksum_of_file`], of bytes in memory.
pub fn checksum(bytes: &[u8]) -> String {
    format!("{:032x}", XxHash3_128::oneshot(bytes))
}

/// SHA-256 of a file's content, as hex: for files that a document names with their checksum, which anybody can compute.
///
/// # Errors
/// If the file can't be read.
pub fn sha256_of_file(path: &Path) -> io::Result<String> {
    let mut digest = Sha256::new();
    read_chunks(path, |chunk| digest.update(chunk))?;
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// As [`sha256_of_file`], of bytes in memory.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read_chunks(path: &Path, mut consume: impl FnMut(&[u8])) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(length) => consume(&chunk[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
