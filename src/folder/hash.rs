use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use blake3::Hasher;

/// Bytes that stay in a core's cache between being read and being hashed.
const CHUNK: usize = 1 << 15;

/// BLAKE3 of a content, as hexadecimal digits.
pub fn content_hash(content: &[u8]) -> String {
    blake3::hash(content).to_hex().to_string()
}

/// [`content_hash`] of a file.
///
/// # Errors
/// The file can't be read.
pub fn hash_file(path: &Path) -> io::Result<String> {
    hash_reader(File::open(path)?)
}

/// [`content_hash`] of all that a reader gives.
///
/// # Errors
/// The reader fails.
pub fn hash_reader(mut reader: impl Read) -> io::Result<String> {
    let mut hasher = Hasher::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match reader.read(&mut chunk) {
            Ok(0) => return Ok(hex(&hasher)),
            Ok(length) => {
                hasher.update(&chunk[..length]);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// BLAKE3 of several byte strings, each with its length, as hexadecimal digits.
pub fn hash_bytes<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hex(&hasher)
}

fn hex(hasher: &Hasher) -> String {
    hasher.finalize().to_hex().to_string()
}
