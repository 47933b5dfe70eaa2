//! CSV: encoding, separator and line ends are found out first.

use std::borrow::Cow;
use std::io::{BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

use super::archive::{damaged_file, file_too_large};
use super::cell_value::text_value;
use super::geometry::SheetGeometry;
use super::row_assembler::{CellReader, PositionedCell, RowAssembler};
use super::shared_file::SharedFile;
use super::sniff::TextEncoding;
use super::{Projection, RowSource};
use crate::diagnostic::{Problem, kinds};
use crate::ingest::layout::vocabulary;
use crate::model::Limits;

/// One record, such as a text whose closing quotation mark is missing, can't be longer than this.
const MAX_RECORD: u64 = 32 << 20;
/// Bytes that the separator is detected by.
const SAMPLE: u64 = 64 << 10;
const CHUNK: usize = 64 << 10;

pub(super) struct Book {
    file: SharedFile,
    encoding: &'static encoding_rs::Encoding,
    separator: u8,
    /// The file begins with Excel's `sep=;`, which is no row of the table.
    has_separator_line: bool,
    /// No rows are hidden and no cells merged.
    geometry: SheetGeometry,
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
        let encoding = match encoding {
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
                    WINDOWS_1251
                }
            }
        };
        let sample = read_sample(Utf8Reader::new(file.reopen(), encoding, Arc::default()))?;
        if sample.chars().all(|c| c.is_whitespace() || c == '\0') {
            return Err(Box::new(Problem::error(kinds::EmptyFile)));
        }
        let (separator, has_separator_line) = detect_separator(&sample);
        Ok(Book { file: file.clone(), encoding, separator, has_separator_line, geometry: SheetGeometry::default() })
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        projection: &Projection,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let record_bytes = Arc::new(AtomicU64::new(0));
        let utf8 = Utf8Reader::new(self.file.reopen(), self.encoding, Arc::clone(&record_bytes));
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.separator)
            .buffer_capacity(CHUNK)
            .from_reader(utf8);
        let cells = CsvCells {
            reader,
            record: csv::StringRecord::new(),
            field: 0,
            row: None,
            line: 1,
            record_bytes,
            skip_first: self.has_separator_line,
            max_length: limits.cell_length as usize,
        };
        Ok(Box::new(RowAssembler::new(cells, &self.geometry, projection, limits).untyped()))
    }
}

/// The fields of a CSV file as cells.
struct CsvCells {
    reader: csv::Reader<Utf8Reader>,
    record: csv::StringRecord,
    /// Index of the record's next field.
    field: usize,
    row: Option<u32>,
    /// Number of the line after the record.
    line: u64,
    /// Bytes decoded since the record began.
    record_bytes: Arc<AtomicU64>,
    skip_first: bool,
    max_length: usize,
}

impl<'a> CellReader<'a> for CsvCells {
    fn next_cell(&mut self) -> Result<Option<PositionedCell<'a>>, Box<Problem>> {
        loop {
            if let (Some(row), Some(text)) = (self.row, self.record.get(self.field)) {
                let column = self.field as u32;
                self.field += 1;
                let raw = if text.is_empty() { None } else { text_value(Cow::Owned(text.to_owned()), self.max_length) };
                return Ok(Some(PositionedCell { row, column, raw, shared: None, is_known_text: false }));
            }
            if !self.next_record()? {
                return Ok(None);
            }
        }
    }
}

impl CsvCells {
    /// Rows are numbered as a spreadsheet program would: blank lines count, line breaks within quotation marks don't.
    fn next_record(&mut self) -> Result<bool, Box<Problem>> {
        self.record_bytes.store(0, Ordering::Relaxed);
        let read = self.reader.read_record(&mut self.record).map_err(|_| damaged_file())?;
        if !read {
            return Ok(false);
        }
        let line = self.reader.position().line();
        let within: u64 =
            self.record.iter().map(|field| field.bytes().filter(|&byte| byte == b'\n').count() as u64).sum();
        let blank = (line - self.line).saturating_sub(1 + within);
        self.line = line;
        let row = self.row.map_or(0, |row| u64::from(row) + 1) + blank;
        self.row = Some(u32::try_from(row).map_err(|_| damaged_file())?);
        self.field = if std::mem::take(&mut self.skip_first) { self.record.len() } else { 0 };
        Ok(true)
    }
}

/// Reads a file in some encoding as UTF-8, without a byte order mark. Every line ends with a line feed alone, the last one
/// too, so that lines can be counted.
struct Utf8Reader {
    file: BufReader<SharedFile>,
    decoder: Decoder,
    input: Vec<u8>,
    output: Vec<u8>,
    position: usize,
    ended: bool,
    /// The last byte that was decoded.
    last: u8,
    record_bytes: Arc<AtomicU64>,
}

impl Utf8Reader {
    fn new(file: SharedFile, encoding: &'static encoding_rs::Encoding, record_bytes: Arc<AtomicU64>) -> Utf8Reader {
        let file = BufReader::with_capacity(CHUNK, file);
        let decoder = encoding.new_decoder_with_bom_removal();
        Utf8Reader {
            file,
            decoder,
            input: vec![0; CHUNK],
            output: Vec::new(),
            position: 0,
            ended: false,
            last: b'\n',
            record_bytes,
        }
    }
}

impl Utf8Reader {
    /// Makes every line end with a line feed alone.
    fn normalize_line_ends(&mut self) {
        let before = self.last;
        self.last = self.output.last().copied().unwrap_or(before);
        if before == b'\r' && self.output.first() == Some(&b'\n') {
            self.output.remove(0);
        }
        if let Some(first) = memchr::memchr(b'\r', &self.output) {
            let mut to = first;
            for from in first..self.output.len() {
                let is_second = self.output[from] == b'\n' && from > first && self.output[from - 1] == b'\r';
                if !is_second {
                    self.output[to] = self.output[from];
                    to += 1;
                }
            }
            self.output.truncate(to);
            self.output.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        }
        if self.ended && !b"\r\n".contains(&self.last) {
            self.output.push(b'\n');
        }
    }
}

impl Read for Utf8Reader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.position == self.output.len() && !self.ended {
            let length = self.file.read(&mut self.input)?;
            self.ended = length == 0;
            let most = self.decoder.max_utf8_buffer_length(length).unwrap_or(4 * CHUNK);
            self.output.resize(most, 0);
            let (_, _, written, _) = self.decoder.decode_to_utf8(&self.input[..length], &mut self.output, self.ended);
            self.output.truncate(written);
            self.normalize_line_ends();
            self.position = 0;
        }
        let length = buffer.len().min(self.output.len() - self.position);
        buffer[..length].copy_from_slice(&self.output[self.position..self.position + length]);
        self.position += length;
        if self.record_bytes.fetch_add(length as u64, Ordering::Relaxed) > MAX_RECORD {
            return Err(std::io::Error::other("a record without end"));
        }
        Ok(length)
    }
}

/// The first bytes of a file as text; the last letter may be cut.
fn read_sample(reader: impl Read) -> Result<String, Box<Problem>> {
    let mut bytes = Vec::new();
    reader.take(SAMPLE).read_to_end(&mut bytes).map_err(unreadable_file)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// How much of a file is UTF-8 beyond ASCII.
struct Utf8Count {
    sound: u64,
    broken: u64,
}

/// Counts characters of several bytes that are UTF-8, and sequences that can't be.
fn count_utf8(file: &SharedFile) -> std::io::Result<Utf8Count> {
    let mut reader = file.reopen();
    let mut count = Utf8Count { sound: 0, broken: 0 };
    let mut buffer = vec![0; CHUNK];
    let mut kept = 0;
    loop {
        let read = reader.read(&mut buffer[kept..])?;
        let length = kept + read;
        let mut rest = &buffer[..length];
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    count.sound += count_non_ascii(text);
                    rest = &[];
                    break;
                }
                Err(error) => {
                    let (good, bad) = rest.split_at(error.valid_up_to());
                    count.sound += std::str::from_utf8(good).map_or(0, count_non_ascii);
                    match error.error_len() {
                        Some(wrong) => {
                            count.broken += 1;
                            rest = &bad[wrong..];
                        }
                        None => {
                            rest = bad;
                            break;
                        }
                    }
                }
            }
        }
        if read == 0 {
            count.broken += u64::from(!rest.is_empty());
            return Ok(count);
        }
        kept = rest.len();
        let from = length - kept;
        buffer.copy_within(from..length, 0);
    }
}

fn count_non_ascii(text: &str) -> u64 {
    if text.is_ascii() { 0 } else { text.chars().filter(|c| !c.is_ascii()).count() as u64 }
}

/// The separator with which most headings are recognised in one line, else which splits a line into most fields; and
/// whether a line of its own names it.
fn detect_separator(sample: &str) -> (u8, bool) {
    let first = sample.lines().next().unwrap_or_default().trim();
    if let Some([separator @ (b',' | b';' | b'\t')]) = first.strip_prefix("sep=").map(str::as_bytes) {
        return (*separator, true);
    }
    let mut best = ((0, 0), b',');
    for candidate in [b',', b';', b'\t'] {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(candidate)
            .from_reader(sample.as_bytes());
        for record in reader.records().take(60).flatten() {
            let known = record.iter().filter(|field| vocabulary().is_heading(field)).count();
            let score = (known, record.len());
            if score > best.0 {
                best = (score, candidate);
            }
        }
    }
    (best.1, false)
}

fn unreadable_file(error: std::io::Error) -> Box<Problem> {
    Box::new(Problem::error(kinds::UnreadableFile { error: error.to_string() }))
}
