//! Rows of long sheets. The library writes the workbook with the first row of each; that row is the pattern by which the
//! others are written here, straight into the packed part, sheets side by side. A row that can't be written exactly as
//! the library writes the first is [`Fault::Unlike`]: then the library writes them all.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use rayon::prelude::*;
use rust_xlsxwriter::Format;
use zip::{ZipArchive, ZipWriter};

use super::address::header_row;
use super::look::{Formats, Look};
use super::packed::Packed;
use super::pattern::{Pattern, Unlike};
use super::shared::{self, Shared};
use super::sheet::lines_of;
use crate::report::annex::{Annex, Cell, Sheet, Walk};

/// Bytes that are packed in one go.
const PIECE: usize = 256 << 10;

/// Pieces that are packed side by side while as many are made.
const PIECES: usize = 8;

/// Why rows were not written.
pub enum Fault {
    Unlike,
    Disk(std::io::Error),
}

impl From<Unlike> for Fault {
    fn from(Unlike: Unlike) -> Fault {
        Fault::Unlike
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Fault {
        Fault::Disk(error)
    }
}

impl From<zip::result::ZipError> for Fault {
    fn from(error: zip::result::ZipError) -> Fault {
        match error {
            zip::result::ZipError::Io(error) => Fault::Disk(error),
            other => Fault::Disk(std::io::Error::other(other)),
        }
    }
}

/// A sheet whose rows but the first are still to be written, and the part of the workbook that it is.
pub struct Long {
    pub sheet: usize,
    pub part: String,
}

/// What writing rows draws from.
pub struct Ground<'g> {
    pub annex: &'g Annex<'g>,
    pub look: &'g Look,
    pub formats: &'g Formats,
    /// For files that are gone afterwards.
    pub tempdir: &'g Path,
}

impl Ground<'_> {
    /// Writes to `path` the workbook in `frame` with all rows of its long sheets.
    pub fn fill(&self, frame: &Path, long: &[Long], path: &Path) -> Result<(), Fault> {
        let numbers = numbers(self.formats);
        let shared = self.shared(frame, long)?;
        let packed: Vec<(File, u64)> =
            long.par_iter().map(|long| self.part(frame, long, &numbers, &shared)).collect::<Result<_, _>>()?;
        let naming: u64 = packed.iter().map(|(_, naming)| naming).sum();
        let mut parts: HashMap<&str, File> =
            long.iter().zip(packed).map(|(long, (part, _))| (long.part.as_str(), part)).collect();
        if naming > 0 {
            let texts = shared.part(naming).into_bytes();
            let length = texts.len() as u64;
            let mut out = Packed::create(shared::PART, self.tempdir)?;
            out.append(&[texts], || ())?;
            parts.insert(shared::PART, out.finish(length)?.ok_or(Fault::Unlike)?);
        }
        let mut frame = ZipArchive::new(File::open(frame)?)?;
        let mut out = ZipWriter::new(BufWriter::new(File::create(path)?));
        for at in 0..frame.len() {
            let entry = frame.by_index_raw(at)?;
            match parts.remove(String::from_utf8_lossy(entry.name_raw()).as_ref()) {
                Some(part) => out.raw_copy_file(ZipArchive::new(part)?.by_index_raw(0)?)?,
                None => out.raw_copy_file(entry)?,
            }
        }
        out.finish()?.flush()?;
        Ok(())
    }

    /// The texts that long sheets share with one another and with the short ones; none where there is no short sheet that
    /// has texts.
    fn shared(&self, frame: &Path, long: &[Long]) -> Result<Shared<'_>, Fault> {
        let mut frame = ZipArchive::new(File::open(frame)?)?;
        let Ok(mut part) = frame.by_name(shared::PART) else { return Ok(Shared::default()) };
        let mut xml = String::new();
        part.read_to_string(&mut xml)?;
        let repeated = long.iter().flat_map(|long| self.annex.sheets[long.sheet].rows.repeated());
        Ok(Shared::new(&xml, repeated).ok_or(Unlike)?)
    }

    /// A sheet's part with all its rows, packed, as the only one of an archive, and how many of its cells name a shared text.
    fn part(
        &self,
        frame: &Path,
        long: &Long,
        numbers: &HashMap<&Format, u32>,
        shared: &Shared,
    ) -> Result<(File, u64), Fault> {
        let sheet = &self.annex.sheets[long.sheet];
        let mut xml = String::new();
        ZipArchive::new(File::open(frame)?)?.by_name(&long.part)?.read_to_string(&mut xml)?;
        let first = header_row(sheet) + 1;
        let begin = xml.find(&format!("<row r=\"{}\"", first + 1)).ok_or(Unlike)?;
        let end = xml[begin..].find("</row>").map(|end| begin + end + "</row>".len()).ok_or(Unlike)?;
        let mut pattern = Pattern::new(self.annex, sheet, self.formats, self.look, numbers)?;
        let mut walk = sheet.rows.walk();
        let mut row = Vec::new();
        if !walk(&mut row) {
            return Err(Fault::Unlike);
        }
        pattern.learn(&row);
        pattern.row(first, 1, &row)?;
        if pattern.xml != xml.as_bytes()[begin..end] {
            return Err(Fault::Unlike);
        }
        pattern.xml.clear();
        pattern.share(shared);
        let last = first + u32::try_from(sheet.rows.count()).unwrap_or(u32::MAX) - 1;
        let mut out = Packed::create(&long.part, self.tempdir)?;
        let mut rows = Rest { sheet, look: self.look, pattern, walk, row, at: first, last, done: false };
        rows.pattern.xml.extend_from_slice(reaching_to(&xml[..begin], last).ok_or(Unlike)?.as_bytes());
        let mut pieces = rows.pieces()?;
        let mut length = 0;
        while !pieces.is_empty() {
            length += pieces.iter().map(|piece| piece.len() as u64).sum::<u64>();
            pieces = out.append(&pieces, || rows.pieces())??;
        }
        let end = xml.as_bytes()[end..].to_vec();
        length += end.len() as u64;
        out.append(&[end], || ())?;
        let part = out.finish(length)?.ok_or(Fault::Unlike)?;
        Ok((part, rows.pattern.naming))
    }
}

/// The rows of a sheet that are still to be written, the first of them at hand.
struct Rest<'r> {
    sheet: &'r Sheet<'r>,
    look: &'r Look,
    pattern: Pattern<'r>,
    walk: Walk<'r>,
    row: Vec<Cell<'r>>,
    at: u32,
    last: u32,
    done: bool,
}

impl Rest<'_> {
    /// The next rows as XML; none when all are written.
    fn pieces(&mut self) -> Result<Vec<Vec<u8>>, Unlike> {
        let mut pieces = Vec::new();
        while !self.done && pieces.len() < PIECES {
            while !self.done && self.pattern.xml.len() < PIECE {
                // As the library has it: no height for the last row.
                let lines = if self.at == self.last { 1 } else { lines_of(self.sheet, self.look, &self.row) };
                self.pattern.row(self.at, lines, &self.row)?;
                self.row.clear();
                self.done = !(self.walk)(&mut self.row);
                self.at += 1;
            }
            pieces.push(std::mem::replace(&mut self.pattern.xml, Vec::with_capacity(PIECE + PIECE / 16)));
        }
        Ok(pieces)
    }
}

/// The beginning of a sheet whose declared range goes down to `last`, a row from 0.
fn reaching_to(xml: &str, last: u32) -> Option<String> {
    let start = xml.find("<dimension ref=\"")? + "<dimension ref=\"".len();
    let end = start + xml[start..].find('"')?;
    let bare = xml[..end].trim_end_matches(|c: char| c.is_ascii_digit());
    Some(format!("{bare}{}{}", last + 1, &xml[end..]))
}

/// The number of each format in the workbook: in the order in which they were registered, after the usual one.
fn numbers(formats: &Formats) -> HashMap<&Format, u32> {
    let mut numbers = HashMap::new();
    let mut next = 1;
    for format in formats.all() {
        numbers.entry(format).or_insert_with(|| {
            next += 1;
            next - 1
        });
    }
    numbers
}
