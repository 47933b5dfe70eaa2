use std::io::{Read, Seek, SeekFrom};

use super::handle::Handle;
use crate::diagnostic::Problem;

/// What a file is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// xlsx, xlsb, ods or something else that is zipped.
    Zip,
    /// xls, or an encrypted xlsx, or an old document.
    Compound,
    Text(Encoding),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8 { mark: bool },
    Utf16Little,
    Utf16Big,
}

/// First bytes of files that people save under the name of a table, and the variant of the message that names them.
const OTHERS: [(&[u8], &str); 15] = [
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"RIFF", "picture"),
    (b"{\\rtf", "document"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\x7fELF", "binary"),
    (b"MZ\x90", "binary"),
    (b"SQLite format 3", "binary"),
];

/// Spreadsheets of before 1997, which are not in a compound file.
const OLD_STARTS: [&[u8]; 4] = [b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00"];

/// Looks at the beginning of a file.
pub(super) fn sniff(handle: &Handle) -> Result<Content, Box<Problem>> {
    let mut start = Vec::new();
    let mut reader = handle.again();
    let read = reader.seek(SeekFrom::Start(0)).and_then(|_| reader.take(4096).read_to_end(&mut start));
    read.map_err(|error| Box::new(Problem::error("unreadable-file").with("error", error.to_string())))?;
    let other = |variant| Err(Box::new(Problem::error("not-a-table").variant(variant)));
    if start.iter().all(u8::is_ascii_whitespace) && handle.length <= start.len() as u64 {
        return Err(Box::new(Problem::error("empty-file")));
    }
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        return Ok(Content::Zip);
    }
    if start.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(Content::Compound);
    }
    if OLD_STARTS.iter().any(|old| start.starts_with(old)) {
        return other("old");
    }
    if let Some((_, variant)) = OTHERS.iter().find(|(magic, _)| start.starts_with(magic)) {
        return other(variant);
    }
    if start.starts_with(b"\xff\xfe") {
        return Ok(Content::Text(Encoding::Utf16Little));
    }
    if start.starts_with(b"\xfe\xff") {
        return Ok(Content::Text(Encoding::Utf16Big));
    }
    let mark = start.starts_with(b"\xef\xbb\xbf");
    let text = &start[if mark { 3 } else { 0 }..];
    if text.contains(&0) || text.iter().filter(|byte| is_binary(**byte)).count() * 100 > text.len() {
        return other("binary");
    }
    let lead = String::from_utf8_lossy(&text[..text.len().min(1024)]).trim_start().to_lowercase();
    if lead.starts_with("<?xml")
        || lead.starts_with("<!doctype")
        || lead.starts_with("<html")
        || lead.starts_with("<table")
    {
        let spreadsheet =
            lead.contains("urn:schemas-microsoft-com:office:spreadsheet") || lead.contains("office:document");
        return other(if spreadsheet { "xml" } else { "web" });
    }
    if lead.starts_with("<svg") {
        return other("picture");
    }
    Ok(Content::Text(Encoding::Utf8 { mark }))
}

/// Control characters that no text holds.
fn is_binary(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1a | 0x1b)
}
