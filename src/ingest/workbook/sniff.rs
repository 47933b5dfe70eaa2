use std::io::{Read, Seek, SeekFrom};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::shared_file::SharedFile;
use crate::diagnostic::Problem;
use crate::diagnostic::kinds::{self, NotATable};

/// What a file is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileContent {
    /// xlsx, xlsb, ods or something else that is zipped.
    Zip,
    /// xls, or an encrypted xlsx, or an old document.
    CompoundFile,
    /// CSV, if it is a table.
    Text(TextEncoding),
}

/// An encoding as far as the first bytes show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextEncoding {
    /// `mark`: the file begins with a byte order mark.
    Utf8 {
        mark: bool,
    },
    Utf16Little,
    Utf16Big,
    /// Said by project.toml, for what isn't UTF-8.
    Said(&'static Encoding),
}

/// First bytes of files that people save under the name of a table, and the problem that says what they are.
const NO_TABLES: [(&[u8], NotATable); 21] = [
    (b"%PDF", NotATable::Pdf),
    (b"\x89PNG", NotATable::Picture),
    (b"\xff\xd8\xff", NotATable::Picture),
    (b"GIF8", NotATable::Picture),
    (b"BM", NotATable::Picture),
    (b"II*\0", NotATable::Picture),
    (b"MM\0*", NotATable::Picture),
    (b"RIFF", NotATable::Picture),
    (b"{\\rtf", NotATable::Document),
    (b"Rar!", NotATable::Archive),
    (b"7z\xbc\xaf", NotATable::Archive),
    (b"\x1f\x8b", NotATable::Archive),
    (b"\x7fELF", NotATable::Binary),
    (b"MZ\x90", NotATable::Binary),
    (b"SQLite format 3", NotATable::Binary),
    (b"TABLE\r\n0,1", NotATable::Dif),
    (b"TABLE\n0,1", NotATable::Dif),
    // Lotus 1-2-3, Quattro Pro and Works.
    (b"\0\0\x02\0", NotATable::OtherProgram),
    (b"\0\0\x1a\0", NotATable::OtherProgram),
    (b"\xff\0\x02\0\x04\x04", NotATable::OtherProgram),
    (b"\xff\0\x02\0\x04\x05", NotATable::OtherProgram),
];

/// First bytes of spreadsheets older than Excel 97, which are not in a compound file.
const BEFORE_1997: [&[u8]; 4] = [b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00"];

/// Tells what a file is by its first bytes, whatever its name. `said` is the encoding that project.toml says of it.
///
/// # Errors
/// The file can't be read, is empty, or is something else than a table.
pub(super) fn sniff_content(file: &SharedFile, said: Option<&'static Encoding>) -> Result<FileContent, Box<Problem>> {
    let mut start = Vec::new();
    let mut reader = file.reopen();
    let read = reader.seek(SeekFrom::Start(0)).and_then(|_| reader.take(4096).read_to_end(&mut start));
    read.map_err(|error| Box::new(Problem::error(kinds::UnreadableFile { error: error.to_string() })))?;
    let not_a_table = |kind: NotATable| Err(Box::new(Problem::error(kind)));
    if start.iter().all(u8::is_ascii_whitespace) && file.length <= start.len() as u64 {
        return Err(Box::new(Problem::error(kinds::EmptyFile)));
    }
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        return Ok(FileContent::Zip);
    }
    if start.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(FileContent::CompoundFile);
    }
    if BEFORE_1997.iter().any(|old| start.starts_with(old)) {
        return not_a_table(NotATable::Old);
    }
    if let Some((_, kind)) = NO_TABLES.iter().find(|(magic, _)| start.starts_with(magic)) {
        return not_a_table(kind.clone());
    }
    if is_sylk(&start) {
        return not_a_table(NotATable::Sylk);
    }
    if start.starts_with(b"\xff\xfe") {
        return Ok(FileContent::Text(TextEncoding::Utf16Little));
    }
    if start.starts_with(b"\xfe\xff") {
        return Ok(FileContent::Text(TextEncoding::Utf16Big));
    }
    if let Some(encoding) = sniff_utf16(&start) {
        return Ok(FileContent::Text(encoding));
    }
    let mark = start.starts_with(b"\xef\xbb\xbf");
    // Half the bytes of such a text are zero.
    if let Some(said) = said.filter(|said| !mark && [UTF_16LE, UTF_16BE].contains(said)) {
        return Ok(FileContent::Text(TextEncoding::Said(said)));
    }
    let text = &start[if mark { 3 } else { 0 }..];
    if is_binary_content(text) {
        return not_a_table(NotATable::Binary);
    }
    let lead = String::from_utf8_lossy(&text[..text.len().min(1024)]).trim_start().to_lowercase();
    if lead.starts_with("<?xml")
        || lead.starts_with("<!doctype")
        || lead.starts_with("<html")
        || lead.starts_with("<table")
    {
        let is_spreadsheet =
            lead.contains("urn:schemas-microsoft-com:office:spreadsheet") || lead.contains("office:document");
        return not_a_table(if is_spreadsheet { NotATable::Xml } else { NotATable::Web });
    }
    if lead.starts_with("<svg") {
        return not_a_table(NotATable::Picture);
    }
    Ok(FileContent::Text(match said.filter(|said| !mark && *said != UTF_8) {
        Some(said) => TextEncoding::Said(said),
        None => TextEncoding::Utf8 { mark },
    }))
}

/// Lines of SYLK begin with the kind of a record; the first one is the program's name.
fn is_sylk(start: &[u8]) -> bool {
    let lines = start.split(|byte| matches!(byte, b'\r' | b'\n')).filter(|line| !line.is_empty());
    let kinds = ["P", "F", "B", "C", "O", "W", "NN", "NE", "NU", "NV", "E"].map(str::as_bytes);
    let is_record = |line: &[u8]| line.split(|byte| *byte == b';').next().is_some_and(|kind| kinds.contains(&kind));
    start.starts_with(b"ID;P") && lines.skip(1).take(5).all(is_record)
}

/// UTF-16 without a mark: separators, digits and ends of lines have one byte that is zero, always on the same side.
fn sniff_utf16(start: &[u8]) -> Option<TextEncoding> {
    let zeros = |side: usize| start.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    // Of a table's letters, one in twenty at the least is such a sign.
    let is_enough = |zeros: usize| zeros * 40 >= start.len();
    match (first, second) {
        (0, low) if is_enough(low) => Some(TextEncoding::Utf16Little),
        (low, 0) if is_enough(low) => Some(TextEncoding::Utf16Big),
        _ => None,
    }
}

/// Whether bytes are no text. A zero here and there, and zeros behind the text, are what a program has left in one.
fn is_binary_content(start: &[u8]) -> bool {
    let end = start.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let text = &start[..end];
    let zeros = text.iter().filter(|byte| **byte == 0).count();
    let controls = text.iter().filter(|byte| is_control(**byte)).count();
    zeros * 20 > text.len() || controls * 100 > text.len() || text.is_empty() && !start.is_empty()
}

/// Whether a byte is a control character that no text holds. Zeros are counted apart.
fn is_control(byte: u8) -> bool {
    (0x01..0x20).contains(&byte) && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1a | 0x1b)
}
