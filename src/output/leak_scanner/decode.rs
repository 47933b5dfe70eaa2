//! Texts as a reader understands them.

use memchr::memchr;

/// A link's address with its letters as they are: `%D0%90%D0%BD%D0%B0`. `None` where nothing is encoded.
pub(super) fn decode_percent(text: &str) -> Option<String> {
    memchr(b'%', text.as_bytes())?;
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    let mut is_encoded = false;
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| byte == b'%').and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &after[2..];
                is_encoded = true;
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    is_encoded.then(|| String::from_utf8_lossy(&bytes).into_owned())
}

/// The first digits of scripts in which participants and officers may write: Arabic, Persian, Devanagari, full width.
const ZEROS: [char; 4] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}'];

/// A text with the digits of other scripts as ours. `None` if it has none.
pub(super) fn decode_digits(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let digit = |c: char| {
        let number =
            ZEROS.iter().find_map(|zero| (c as u32).checked_sub(*zero as u32).filter(|number| *number < 10))?;
        char::from_digit(number, 10)
    };
    text.contains(|c| digit(c).is_some()).then(|| text.chars().map(|c| digit(c).unwrap_or(c)).collect())
}
