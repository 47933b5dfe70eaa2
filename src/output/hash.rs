//! What a content is known by. Inputs and what outputs are made from: BLAKE3. Outputs, which only accidents and people at
//! work change: XXH3, at many times the speed, since they are mostly longer than the inputs. What a reader may compare:
//! SHA-256.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};
use twox_hash::XxHash3_128;

/// As much as stays in a core's cache between being read and being hashed.
const PIECE: usize = 1 << 15;

/// BLAKE3 of a file's content, as hex.
pub fn hash_file(path: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    by_pieces(path, |piece| {
        hasher.update(piece);
    })?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// BLAKE3 of several byte strings, each with its length, as hex.
pub fn hash_bytes<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().to_hex().to_string()
}

/// Tells whether an output stands as it was written: XXH3 with 128 bits of a file's content, as hex.
pub fn checksum_of_file(path: &Path) -> io::Result<String> {
    let mut hasher = XxHash3_128::new();
    by_pieces(path, |piece| hasher.write(piece))?;
    Ok(format!("{:032x}", hasher.finish_128()))
}

/// The checksum of one content, as [`checksum_of_file`] has it.
pub fn checksum(bytes: &[u8]) -> String {
    format!("{:032x}", XxHash3_128::oneshot(bytes))
}

/// SHA-256 of a file as hex: for those that are named in a document with their checksum, which anybody can compute.
///
/// # Errors
/// The file can't be read.
pub fn sha256_of_file(path: &Path) -> io::Result<String> {
    let mut digest = Sha256::new();
    by_pieces(path, |piece| digest.update(piece))?;
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn by_pieces(path: &Path, mut take: impl FnMut(&[u8])) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(length) => take(&piece[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
