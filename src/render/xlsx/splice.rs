//! Rows of long sheets. The library writes the workbook with the first row of each; that row is the pattern by which the
//! others are written here, straight into the packed part, sheets side by side. A row that can't be written exactly as
//! the library writes the first is [`Fault::Unlike`]: then the library writes them all.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use rayon::prelude::*;
use rust_xlsxwriter::Format;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::address::header_row;
use super::look::{Formats, Look};
use super::pattern::{Pattern, Unlike};
use super::sheet::lines_of;
use crate::report::annex::Annex;

/// Deflate's level for workbooks with long sheets: a fifth larger than the default, and written in less than half the time.
pub const LEVEL: u8 = 3;

/// What is packed in one go.
const PIECE: usize = 256 << 10;

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
        let packed: Vec<File> =
            long.par_iter().map(|long| self.part(frame, long, &numbers)).collect::<Result<_, _>>()?;
        let mut parts: HashMap<&str, File> = long.iter().map(|long| long.part.as_str()).zip(packed).collect();
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

    /// A sheet's part with all its rows, packed, as the only one of an archive.
    fn part(&self, frame: &Path, long: &Long, numbers: &HashMap<&Format, u32>) -> Result<File, Fault> {
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
        let last = first + u32::try_from(sheet.rows.count()).unwrap_or(u32::MAX) - 1;
        let mut out = ZipWriter::new(BufWriter::new(tempfile::tempfile_in(self.tempdir)?));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(i64::from(LEVEL)))
            .unix_permissions(0o600)
            .last_modified_time(DateTime::default());
        out.start_file(long.part.as_str(), options)?;
        out.write_all(reaching_to(&xml[..begin], last).ok_or(Unlike)?.as_bytes())?;
        for at in first.. {
            // As the library has it: no height for the last row.
            let lines = if at == last { 1 } else { lines_of(sheet, self.look, &row) };
            pattern.row(at, lines, &row)?;
            if pattern.xml.len() >= PIECE {
                out.write_all(&pattern.xml)?;
                pattern.xml.clear();
            }
            row.clear();
            if !walk(&mut row) {
                break;
            }
        }
        out.write_all(&pattern.xml)?;
        out.write_all(&xml.as_bytes()[end..])?;
        Ok(out.finish()?.into_inner().map_err(|error| error.into_error())?)
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
