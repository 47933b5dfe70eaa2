//! CSV: encoding, separator and line ends are found out first.

mod records;
mod separator;
mod utf8;

use std::borrow::Cow;
use std::collections::BTreeSet;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

use super::archive::{damaged_file, file_too_large};
use super::cell_value::text_value;
use super::shared_file::SharedFile;
use super::sniff::TextEncoding;
use super::{Projection, RowSource};
use crate::diagnostic::{Problem, kinds};
use crate::fold::{self, Script};
use crate::ingest::layout::vocabulary;
use crate::ingest::raw_row::{Raw, RawCell, RawRow, RecordShape};
use crate::model::Limits;
use records::{Quoting, Records, UnreadableRecord};
use separator::Separator;
use utf8::{Utf8Reader, count_utf8, read_sample};

pub(super) struct Book {
    file: SharedFile,
    encoding: &'static Encoding,
    /// The encoding is windows-1251 only because the text isn't UTF-8.
    is_guessed: bool,
    /// The first bytes, by which the separator is detected.
    sample: String,
    separator: Separator,
}

impl Book {
    pub(super) fn open(
        file: &SharedFile,
        encoding: TextEncoding,
        limits: &Limits,
        notes: &mut Vec<Problem>,
    ) -> Result<Book, Box<Problem>> {
        if file.length > limits.unpacked_mib.saturating_mul(1 << 20) {
            return Err(file_too_large(limits.unpacked_mib));
        }
        let mut is_guessed = false;
        let encoding = match encoding {
            TextEncoding::Said(said) => {
                let count = count_utf8(file).map_err(unreadable_file)?;
                if count.sound > 0 && count.broken == 0 { UTF_8 } else { said }
            }
            TextEncoding::Utf16Little => UTF_16LE,
            TextEncoding::Utf16Big => UTF_16BE,
            TextEncoding::Utf8 { mark } => {
                let count = count_utf8(file).map_err(unreadable_file)?;
                if count.broken == 0 {
                    UTF_8
                } else if mark || count.sound >= 4 * count.broken {
                    return Err(Box::new(Problem::error(kinds::DamagedFile::Encoding)));
                } else {
                    notes.push(Problem::note(kinds::Windows1251));
                    is_guessed = true;
                    WINDOWS_1251
                }
            }
        };
        let sample = read_sample(Utf8Reader::new(file.reopen(), encoding)).map_err(unreadable_file)?;
        if sample.chars().all(|c| c.is_whitespace() || c == '\0') {
            return Err(Box::new(Problem::error(kinds::EmptyFile)));
        }
        let separator = Separator::detect(&sample, &BTreeSet::new());
        Ok(Book { file: file.clone(), encoding, is_guessed, sample, separator })
    }

    /// Detects the separator once more, now that the headings are known which project.toml gives columns.
    ///
    /// # Errors
    /// The headings are parted by one mark and most rows by another.
    pub(super) fn expect_headings(&mut self, headings: &BTreeSet<String>) -> Result<(), Box<Problem>> {
        self.separator = Separator::detect(&self.sample, headings);
        self.separator.check_rows(&self.sample, headings)
    }

    /// The mark between cells, as messages show it.
    pub(super) fn separator(&self) -> String {
        self.separator.shown()
    }

    /// Whether a mark was found that parts most lines into cells.
    pub(super) fn has_separator(&self) -> bool {
        self.separator.parts_lines
    }

    /// See [`super::Workbook::has_guessed_encoding`].
    pub(super) fn is_guessed(&self) -> bool {
        self.is_guessed
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        projection: &Projection,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let mut records = Records::new(Utf8Reader::new(self.file.reopen(), self.encoding), self.separator.byte);
        if self.separator.has_line {
            records.next_record()?;
        }
        Ok(Box::new(CsvRows {
            records,
            is_guessed: self.is_guessed,
            projection: projection.clone(),
            row: RawRow::default(),
            limits: *limits,
            cells_left: limits.cells,
        }))
    }
}

/// The rows of a CSV file.
struct CsvRows<'a> {
    records: Records<Utf8Reader>,
    is_guessed: bool,
    projection: Projection,
    row: RawRow<'a>,
    limits: Limits,
    /// Cells that may still be read.
    cells_left: u64,
}

impl<'a> RowSource<'a> for CsvRows<'a> {
    fn advance(&mut self) -> Result<bool, Box<Problem>> {
        let CsvRows { records, is_guessed, projection, row, limits, cells_left } = self;
        while let Some(record) = records.next_record()? {
            let cells = record.len() as u64;
            let too_many = || Box::new(Problem::error(kinds::TooManyCells { limit: limits.cells.to_string() }));
            *cells_left = cells_left.checked_sub(cells).ok_or_else(too_many)?;
            row.cells.clear();
            row.number = record.row + 1;
            row.has_other = false;
            row.shape = RecordShape { cells: record.len() as u32, ..RecordShape::default() };
            match record.quoting {
                Quoting::Sound => {}
                Quoting::Loose(column) => row.shape.loose_quote = Some(column),
                Quoting::Open(column) => row.shape.open_quote = Some(column),
            }
            let mut wanted = projection.selector();
            for (column, text) in (0..).zip(record.fields()).filter(|(_, text)| !text.is_empty()) {
                let is_wanted = wanted.includes(column);
                let length = limits.cell_length as usize;
                let Some(raw) = csv_value(text, length) else { continue };
                row.shape.end = column + 1;
                if is_wanted {
                    let is_misread = text.contains(char::REPLACEMENT_CHARACTER)
                        || *is_guessed && fold::script(text) == Script::Mixed;
                    row.shape.misread_letters = row.shape.misread_letters.or(is_misread.then_some(column));
                    row.cells.push(RawCell { untyped: true, ..RawCell::new(column, raw.into_owned()) });
                } else {
                    row.has_other = true;
                }
            }
            if row.shape.end > 0 {
                return Ok(true);
            }
        }
        row.cells.clear();
        Ok(false)
    }

    fn row(&self) -> &RawRow<'a> {
        &self.row
    }

    fn fill(&mut self, row: &mut RawRow<'a>) -> Result<bool, Box<Problem>> {
        let more = self.advance()?;
        // The caller's memory is used for the next row.
        std::mem::swap(row, &mut self.row);
        Ok(more)
    }
}

/// What a cell's text holds: the word for a failed formula is an error, as it is in a workbook.
fn csv_value(text: &str, max_length: usize) -> Option<Raw<'_>> {
    let is_error = || vocabulary().error_words.contains(text) || is_numbered_error(text);
    if text.starts_with(['#', 'E']) && is_error() {
        return Some(Raw::Error(Cow::Borrowed(text)));
    }
    text_value(Cow::Borrowed(text), max_length)
}

/// LibreOffice's `Err:508`.
fn is_numbered_error(text: &str) -> bool {
    text.strip_prefix("Err:")
        .is_some_and(|number| number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

impl From<UnreadableRecord> for Box<Problem> {
    fn from(_: UnreadableRecord) -> Box<Problem> {
        damaged_file()
    }
}

fn unreadable_file(error: std::io::Error) -> Box<Problem> {
    Box::new(Problem::error(kinds::UnreadableFile { error: error.to_string() }))
}
