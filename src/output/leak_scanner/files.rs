//! Scans written files: the parts of a workbook as XML, anything else as text.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use memchr::{memchr, memrchr};
use rayon::prelude::*;
use zip::ZipArchive;

use super::scan_state::ScanState;
use super::{LeakScanner, Trace, is_harmless};

/// How many bytes are scanned in one go, up to the end of the last tag in them.
const CHUNK: usize = 256 << 10;

/// Bytes of the longest attributes of a cell.
const LONGEST_ATTRIBUTES: usize = 64;

/// A shorter workbook (in bytes) is scanned by one thread.
const PARALLEL_FROM: u64 = 1 << 20;

impl LeakScanner<'_> {
    /// Scans a written file.
    ///
    /// # Errors
    /// If the file can't be read, or is a damaged workbook.
    pub fn scan_file(&self, path: &Path) -> io::Result<BTreeSet<Trace>> {
        let mut file = File::open(path)?;
        let mut magic = [0; 4];
        let is_zip = file.read(&mut magic)? == magic.len() && magic == *b"PK\x03\x04";
        let file = File::open(path)?;
        if !is_zip {
            let mut state = ScanState::default();
            self.scan_markup(file, &mut state)?;
            return Ok(state.found);
        }
        let is_short = file.metadata()?.len() < PARALLEL_FROM;
        let open = || ZipArchive::new(BufReader::new(File::open(path)?)).map_err(io::Error::other);
        let mut archive = open()?;
        if is_short {
            let mut state = ScanState::default();
            for index in 0..archive.len() {
                self.scan_part(&mut archive, index, &mut state)?;
            }
            return Ok(state.found);
        }
        // Each part with a reader of its own, so that the sheets of a long annex are scanned in parallel.
        let states = (0..archive.len()).into_par_iter().try_fold(ScanState::default, |mut state, index| {
            self.scan_part(&mut open()?, index, &mut state)?;
            Ok(state)
        });
        let states: Vec<ScanState> = states.collect::<io::Result<_>>()?;
        Ok(states.into_iter().flat_map(|state| state.found).collect())
    }

    /// Scans the text of a drawing (SVG); other pictures hold none.
    pub fn scan_picture(&self, bytes: &[u8]) -> BTreeSet<Trace> {
        let mut state = ScanState::default();
        if let Some(text) = text_of_svg(bytes) {
            self.scan_words(&text, &mut state);
        }
        state.found
    }

    fn scan_part<R: Read + Seek>(
        &self,
        archive: &mut ZipArchive<R>,
        index: usize,
        state: &mut ScanState,
    ) -> io::Result<()> {
        self.scan_markup(archive.by_index(index).map_err(io::Error::other)?, state)
    }

    /// Scans what is between tags, and the values of attributes within them.
    fn scan_markup(&self, mut reader: impl Read, state: &mut ScanState) -> io::Result<()> {
        let mut buffer = std::mem::take(&mut state.buffer);
        let mut kept = 0;
        loop {
            if buffer.len() < kept + CHUNK {
                buffer.resize(kept + CHUNK, 0);
            }
            let length = reader.read(&mut buffer[kept..])?;
            let filled = kept + length;
            let whole = match length {
                0 => filled,
                _ => memrchr(b'>', &buffer[kept..filled]).map_or(0, |end| kept + end + 1),
            };
            self.scan_tags(&buffer[..whole], state);
            buffer.copy_within(whole..filled, 0);
            kept = filled - whole;
            if length == 0 {
                state.buffer = buffer;
                return Ok(());
            }
        }
    }

    fn scan_tags(&self, mut markup: &[u8], state: &mut ScanState) {
        let mut in_value = false;
        while !markup.is_empty() {
            let (before, rest) = markup.split_at(memchr(b'<', markup).unwrap_or(markup.len()));
            if !(in_value && is_fraction(before)) {
                self.scan_bytes(before, state);
            }
            if let Some((content, after)) = parse_simple_cell(rest) {
                self.scan_bytes(content, state);
                markup = after;
                in_value = false;
                continue;
            }
            let (tag, rest) = rest.split_at(memchr(b'>', rest).map_or(rest.len(), |end| end + 1));
            if !is_cell(tag) {
                for value in tag.split(|byte| *byte == b'"').skip(1).step_by(2) {
                    self.scan_bytes(value, state);
                }
            }
            in_value = tag == b"<v>";
            markup = rest;
        }
    }

    fn scan_bytes(&self, bytes: &[u8], state: &mut ScanState) {
        if !is_harmless(bytes) {
            self.scan_words(&unescape(&String::from_utf8_lossy(bytes)), state);
        }
    }
}

/// The content of the cell that `markup` begins with, if it is a single value, as nearly all are; and what follows it.
fn parse_simple_cell(markup: &[u8]) -> Option<(&[u8], &[u8])> {
    let attributes = markup.strip_prefix(b"<c r=\"")?;
    let end = attributes.iter().take(LONGEST_ATTRIBUTES).position(|byte| *byte == b'>')?;
    let inside = &attributes[end + 1..];
    let number = (b"<v>".as_slice(), b"</v></c>".as_slice());
    let text = (b"<is><t>".as_slice(), b"</t></is></c>".as_slice());
    [number, text].into_iter().find_map(|(open, close)| {
        let value = inside.strip_prefix(open)?;
        let (content, rest) = value.split_at(memchr(b'<', value)?);
        let content = if open == number.0 && is_fraction(content) { &[] } else { content };
        Some((content, rest.strip_prefix(close)?))
    })
}

/// Whether the number in a cell has a fraction: its decimals may look like a personal number or a telephone and are none.
fn is_fraction(value: &[u8]) -> bool {
    let is_number = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'E' | b'e');
    memchr(b'.', value).is_some_and(|point| point > 0) && value.iter().all(is_number)
}

/// Whether a tag opens a cell of a sheet, whose attributes are its address, the number of its format and its type; or
/// closes anything.
fn is_cell(tag: &[u8]) -> bool {
    tag.starts_with(b"<c r=\"") || tag.starts_with(b"</")
}

/// What a drawing (SVG) writes, piece by piece; `None` for other pictures.
pub fn text_of_svg(bytes: &[u8]) -> Option<String> {
    let source = std::str::from_utf8(bytes).ok()?;
    let (_, mut rest) = source.split_once("<svg")?;
    let mut text = String::new();
    while let Some((_, after)) = rest.split_once('>') {
        let (content, next) = after.split_once('<').unwrap_or((after, ""));
        if !content.trim().is_empty() {
            text.push_str(content);
            text.push(' ');
        }
        rest = next;
    }
    Some(unescape(&text))
}

fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}
