use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Why a file can't be used.
#[derive(Debug)]
pub enum ReadFault {
    /// The system's error.
    Io(io::Error),
    /// It has more bytes than the limit.
    TooLarge,
    /// It isn't UTF-8 on this line, counted from 1.
    NotUtf8(u32),
}

/// The bytes of a file.
///
/// # Errors
/// The file can't be read, or has more than `limit` bytes.
pub fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, ReadFault> {
    let mut content = Vec::new();
    File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut content)).map_err(ReadFault::Io)?;
    if content.len() as u64 > limit { Err(ReadFault::TooLarge) } else { Ok(content) }
}

/// The text of a file, without the byte order mark that some editors write.
///
/// # Errors
/// The file can't be read, has more than `limit` bytes, or isn't UTF-8.
pub fn read_text(path: &Path, limit: u64) -> Result<String, ReadFault> {
    let text = String::from_utf8(read_bytes(path, limit)?).map_err(|error| {
        let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        ReadFault::NotUtf8(sound.iter().filter(|&&byte| byte == b'\n').count() as u32 + 1)
    })?;
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}
