//! Rows of long sheets. The library writes the workbook with the first row of each; that row is the pattern by which the
//! others are written here, straight into the packed part, sheets side by side. A row that can't be written exactly as
//! the library writes the first is [`LongSheetError::LibraryMismatch`]: then the library writes them all.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use rayon::prelude::*;
use rust_xlsxwriter::Format;
use zip::{ZipArchive, ZipWriter};

use super::address::header_row;
use super::annex_file::AnnexFile;
use super::row_xml::{LibraryMismatch, RowXmlWriter};
use super::shared_texts::{self, SharedTexts};
use super::style::{AnnexStyle, Formats};
use super::text_fit::{column_widths, row_line_count};
use super::workbook_parts::{finish_part, is_finished_here};
use super::zip_entry::ZipEntryWriter;
use crate::report::annex::{Annex, AnnexCell, AnnexChart, AnnexSheet, RowIter};

/// Bytes that are packed in one go.
const PIECE_BYTES: usize = 256 << 10;

/// Pieces that are packed side by side while as many are made.
const PIECES_AT_ONCE: usize = 8;

/// Why rows were not written.
pub enum LongSheetError {
    LibraryMismatch,
    Disk(std::io::Error),
}

impl From<LibraryMismatch> for LongSheetError {
    fn from(LibraryMismatch: LibraryMismatch) -> LongSheetError {
        LongSheetError::LibraryMismatch
    }
}

impl From<std::io::Error> for LongSheetError {
    fn from(error: std::io::Error) -> LongSheetError {
        LongSheetError::Disk(error)
    }
}

impl From<zip::result::ZipError> for LongSheetError {
    fn from(error: zip::result::ZipError) -> LongSheetError {
        match error {
            zip::result::ZipError::Io(error) => LongSheetError::Disk(error),
            other => LongSheetError::Disk(std::io::Error::other(other)),
        }
    }
}

/// A sheet whose rows but the first are still to be written, and the part of the workbook that it is.
pub struct LongSheet {
    pub sheet: usize,
    pub part: String,
}

/// What writing rows draws from.
pub struct LongSheetWriter<'g> {
    pub annex: &'g Annex<'g>,
    pub style: &'g AnnexStyle,
    pub formats: &'g Formats,
    /// For files that are gone afterwards.
    pub tempdir: &'g Path,
}

impl LongSheetWriter<'_> {
    /// Writes to `path` the workbook in `frame` with all rows of its long sheets.
    pub fn write_workbook(&self, frame: &Path, long: &[LongSheet], path: &Path) -> Result<(), LongSheetError> {
        let numbers = format_numbers(self.formats);
        let shared = self.shared_texts(frame, long)?;
        let packed: Vec<(File, u64)> =
            long.par_iter().map(|long| self.deflate_sheet(frame, long, &numbers, &shared)).collect::<Result<_, _>>()?;
        let shared_cells: u64 = packed.iter().map(|(_, shared_cells)| shared_cells).sum();
        let mut parts: HashMap<&str, File> =
            long.iter().zip(packed).map(|(long, (part, _))| (long.part.as_str(), part)).collect();
        if shared_cells > 0 {
            let texts = shared.part(shared_cells).into_bytes();
            let length = texts.len() as u64;
            let mut out = ZipEntryWriter::create(shared_texts::PART, self.tempdir)?;
            out.append(&[texts], || ())?;
            parts.insert(shared_texts::PART, out.finish(length)?.ok_or(LongSheetError::LibraryMismatch)?);
        }
        let finished = self.finished_parts(frame)?;
        let mut frame = ZipArchive::new(File::open(frame)?)?;
        let (file, failure) = AnnexFile::create(path)?;
        let mut out = ZipWriter::new(file);
        for at in 0..frame.len() {
            let entry = frame.by_index_raw(at)?;
            let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
            match (parts.remove(name.as_str()), finished.get(&name)) {
                (Some(part), _) => out.raw_copy_file(ZipArchive::new(part)?.by_index_raw(0)?)?,
                (None, Some(xml)) => {
                    out.start_file(name, entry.options())?;
                    out.write_all(xml.as_bytes())?;
                }
                (None, None) => out.raw_copy_file(entry)?,
            }
        }
        out.finish()?.flush()?;
        Ok(failure.check()?)
    }

    /// The parts that the library leaves open, by their names.
    fn finished_parts(&self, frame: &Path) -> Result<HashMap<String, String>, LongSheetError> {
        let mut frame = ZipArchive::new(File::open(frame)?)?;
        let charts: Vec<&AnnexChart> = self.annex.sheets.iter().flat_map(|sheet| &sheet.charts).collect();
        let mut finished = HashMap::new();
        for at in 0..frame.len() {
            let mut part = frame.by_index(at)?;
            let name = String::from_utf8_lossy(part.name_raw()).into_owned();
            if !is_finished_here(&name) {
                continue;
            }
            let mut xml = String::new();
            part.read_to_string(&mut xml)?;
            if let Some(xml) = finish_part(&name, &xml, self.annex, &charts) {
                finished.insert(name, xml);
            }
        }
        Ok(finished)
    }

    /// The texts that long sheets share with one another and with the short ones; none where there is no short sheet that
    /// has texts.
    fn shared_texts(&self, frame: &Path, long: &[LongSheet]) -> Result<SharedTexts<'_>, LongSheetError> {
        let mut frame = ZipArchive::new(File::open(frame)?)?;
        let Ok(mut part) = frame.by_name(shared_texts::PART) else { return Ok(SharedTexts::default()) };
        let mut xml = String::new();
        part.read_to_string(&mut xml)?;
        let repeated = long.iter().flat_map(|long| self.annex.sheets[long.sheet].rows.repeated_texts());
        Ok(SharedTexts::new(&xml, repeated).ok_or(LibraryMismatch)?)
    }

    /// A sheet's part with all its rows, packed, as the only one of an archive, and how many of its cells name a shared text.
    fn deflate_sheet(
        &self,
        frame: &Path,
        long: &LongSheet,
        numbers: &HashMap<&Format, u32>,
        shared: &SharedTexts,
    ) -> Result<(File, u64), LongSheetError> {
        let sheet = &self.annex.sheets[long.sheet];
        let mut xml = String::new();
        ZipArchive::new(File::open(frame)?)?.by_name(&long.part)?.read_to_string(&mut xml)?;
        let first = header_row(sheet) + 1;
        let begin = xml.find(&format!("<row r=\"{}\"", first + 1)).ok_or(LibraryMismatch)?;
        let end = xml[begin..].find("</row>").map(|end| begin + end + "</row>".len()).ok_or(LibraryMismatch)?;
        let mut writer = RowXmlWriter::new(self.annex, sheet, self.formats, self.style, numbers)?;
        let mut iter = sheet.rows.iter();
        let mut row = Vec::new();
        if !iter(&mut row) {
            return Err(LongSheetError::LibraryMismatch);
        }
        writer.set_column_formats(&row);
        writer.write_row(first, 1, &row)?;
        if writer.xml != xml.as_bytes()[begin..end] {
            return Err(LongSheetError::LibraryMismatch);
        }
        writer.xml.clear();
        writer.use_shared_texts(shared);
        let last = first + u32::try_from(sheet.rows.count()).unwrap_or(u32::MAX) - 1;
        let mut out = ZipEntryWriter::create(&long.part, self.tempdir)?;
        let widths = column_widths(self.annex, sheet, self.style);
        let mut rows =
            RemainingRows { sheet, style: self.style, widths, writer, iter, row, at: first, last, done: false };
        rows.writer.xml.extend_from_slice(extend_dimension(&xml[..begin], last).ok_or(LibraryMismatch)?.as_bytes());
        let mut pieces = rows.next_pieces()?;
        let mut length = 0;
        while !pieces.is_empty() {
            length += pieces.iter().map(|piece| piece.len() as u64).sum::<u64>();
            pieces = out.append(&pieces, || rows.next_pieces())??;
        }
        let end = xml.as_bytes()[end..].to_vec();
        length += end.len() as u64;
        out.append(&[end], || ())?;
        let part = out.finish(length)?.ok_or(LongSheetError::LibraryMismatch)?;
        Ok((part, rows.writer.shared_cells))
    }
}

/// The rows of a sheet that are still to be written, the first of them already read.
struct RemainingRows<'r> {
    sheet: &'r AnnexSheet<'r>,
    style: &'r AnnexStyle,
    widths: Vec<f64>,
    writer: RowXmlWriter<'r>,
    iter: RowIter<'r>,
    row: Vec<AnnexCell<'r>>,
    at: u32,
    last: u32,
    done: bool,
}

impl RemainingRows<'_> {
    /// The next rows as XML; none when all are written.
    fn next_pieces(&mut self) -> Result<Vec<Vec<u8>>, LibraryMismatch> {
        let mut pieces = Vec::new();
        while !self.done && pieces.len() < PIECES_AT_ONCE {
            while !self.done && self.writer.xml.len() < PIECE_BYTES {
                // As the library has it: no height for the last row.
                let lines = match self.at == self.last {
                    true => 1,
                    false => row_line_count(self.sheet, self.style, &self.widths, &self.row),
                };
                self.writer.write_row(self.at, lines, &self.row)?;
                self.row.clear();
                self.done = !(self.iter)(&mut self.row);
                self.at += 1;
            }
            pieces.push(std::mem::replace(&mut self.writer.xml, Vec::with_capacity(PIECE_BYTES + PIECE_BYTES / 16)));
        }
        Ok(pieces)
    }
}

/// The beginning of a sheet whose declared range goes down to `last`, a row from 0.
fn extend_dimension(xml: &str, last: u32) -> Option<String> {
    let start = xml.find("<dimension ref=\"")? + "<dimension ref=\"".len();
    let end = start + xml[start..].find('"')?;
    let bare = xml[..end].trim_end_matches(|c: char| c.is_ascii_digit());
    Some(format!("{bare}{}{}", last + 1, &xml[end..]))
}

/// The number of each format in the workbook: in the order in which they were registered, after the usual one.
fn format_numbers(formats: &Formats) -> HashMap<&Format, u32> {
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
