//! Rows behind figures that were sent, kept beside them so that nobody can read them who doesn't have the project's key:
//! what is kept as sent may be sent again.

use aes_gcm_siv::aead::Aead;
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce};

use super::RecordedRows;

/// The context that the cipher's key is derived in. Its words are part of the key.
const KEY_CONTEXT: &str = "donor-report 2026 rows behind figures that were sent";

/// A shorter key is a word that somebody thought of: whoever has what was sent could try out words until one fits.
pub const SHORTEST_KEY: usize = 32;

/// Rows as nobody can read or change them without `key`; the same rows give the same bytes. `None` if the key is shorter
/// than [`SHORTEST_KEY`].
pub fn seal_rows(rows: &RecordedRows, key: &[u8]) -> Option<Vec<u8>> {
    let text = serde_json::to_vec(rows).ok()?;
    cipher(key)?.encrypt(&Nonce::default(), text.as_slice()).ok()
}

/// The rows that were sealed with `key`; `None` if it was another key or the bytes are damaged.
pub fn unseal_rows(sealed: &[u8], key: &[u8]) -> Option<RecordedRows> {
    let text = cipher(key)?.decrypt(&Nonce::default(), sealed).ok()?;
    serde_json::from_slice(&text).ok()
}

/// This cipher may be used without a nonce of its own for each text: all that shows is whether two texts are the same.
fn cipher(key: &[u8]) -> Option<Aes256GcmSiv> {
    if key.len() < SHORTEST_KEY {
        return None;
    }
    Aes256GcmSiv::new_from_slice(&blake3::derive_key(KEY_CONTEXT, key)).ok()
}
