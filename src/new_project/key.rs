//! The key of a new project's pseudonyms.

use std::fmt::Write;

/// The file that holds it, as `key_file` of project.toml names it.
pub const KEY_FILE: &str = "pseudonyms.key";

/// Bytes of the key: as many as the hash under it has.
const KEY_BYTES: usize = 32;

/// A new key in hexadecimal digits, from the system's random source.
///
/// # Errors
/// If the system has none.
pub fn new_key() -> Result<String, getrandom::Error> {
    let mut bytes = [0; KEY_BYTES];
    getrandom::fill(&mut bytes)?;
    let mut key = String::with_capacity(2 * KEY_BYTES + 1);
    for byte in bytes {
        // Writing to a String can't fail.
        let _ = write!(key, "{byte:02x}");
    }
    key.push('\n');
    Ok(key)
}
