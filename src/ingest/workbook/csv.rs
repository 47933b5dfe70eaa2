use std::borrow::Cow;
use std::io::{BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

use super::archive::{damaged, too_large};
use super::assemble::{Assembler, Cells, Found};
use super::content::Encoding;
use super::handle::Handle;
use super::scan::Scan;
use super::xlsx::raw_text;
use super::{RowSource, Wanted};
use crate::diagnostic::Problem;
use crate::ingest::layout::vocabulary;
use crate::model::Limits;

/// One record, such as a text whose closing quotation mark is missing, can't be longer than this.
const LONGEST_RECORD: u64 = 32 << 20;
/// How much of the file shows its separator.
const SAMPLE: u64 = 64 << 10;
const CHUNK: usize = 64 << 10;

pub(super) struct Book {
    file: Handle,
    encoding: &'static encoding_rs::Encoding,
    separator: u8,
    /// The file begins with Excel's `sep=;`, which is no row of the table.
    told: bool,
    none: Scan,
}

impl Book {
    pub(super) fn open(
        file: &Handle,
        encoding: Encoding,
        limits: &Limits,
        remarks: &mut Vec<Problem>,
    ) -> Result<Book, Box<Problem>> {
        if file.length > limits.unpacked_mib.saturating_mul(1 << 20) {
            return Err(too_large(limits.unpacked_mib));
        }
        let encoding = match encoding {
            Encoding::Utf16Little => UTF_16LE,
            Encoding::Utf16Big => UTF_16BE,
            Encoding::Utf8 { mark } => {
                let seen = multibyte(file).map_err(unreadable)?;
                if seen.broken == 0 {
                    UTF_8
                } else if mark || seen.sound >= 4 * seen.broken {
                    return Err(Box::new(Problem::error("damaged-file").variant("encoding")));
                } else {
                    remarks.push(Problem::note("windows-1251"));
                    WINDOWS_1251
                }
            }
        };
        let mut sample = String::new();
        Decoding::new(file.again(), encoding, Arc::default()).take(SAMPLE).read_to_end_lossy(&mut sample)?;
        if sample.chars().all(|c| c.is_whitespace() || c == '\0') {
            return Err(Box::new(Problem::error("empty-file")));
        }
        let (separator, told) = separator(&sample);
        Ok(Book { file: file.clone(), encoding, separator, told, none: Scan::default() })
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        wanted: &Wanted,
        limits: &Limits,
    ) -> Result<Box<dyn RowSource<'a> + 'a>, Box<Problem>> {
        let since = Arc::new(AtomicU64::new(0));
        let decoding = Decoding::new(self.file.again(), self.encoding, Arc::clone(&since));
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.separator)
            .buffer_capacity(CHUNK)
            .from_reader(decoding);
        let cells = Stream {
            reader,
            record: csv::StringRecord::new(),
            at: 0,
            row: None,
            line: 1,
            since,
            skip_first: self.told,
            limit: limits.cell_length as usize,
        };
        Ok(Box::new(Assembler::new(cells, &self.none, wanted, limits).untyped()))
    }
}

struct Stream {
    reader: csv::Reader<Decoding>,
    record: csv::StringRecord,
    /// The next field of the record.
    at: usize,
    row: Option<u32>,
    /// The line that the record ended before.
    line: u64,
    since: Arc<AtomicU64>,
    skip_first: bool,
    limit: usize,
}

impl<'a> Cells<'a> for Stream {
    fn next_cell(&mut self) -> Result<Option<Found<'a>>, Box<Problem>> {
        loop {
            if let (Some(row), Some(field)) = (self.row, self.record.get(self.at)) {
                let column = self.at as u32;
                self.at += 1;
                let raw = if field.is_empty() { None } else { raw_text(Cow::Owned(field.to_owned()), self.limit) };
                return Ok(Some(Found { row, column, raw, shared: None, is_known_text: false }));
            }
            if !self.next_record()? {
                return Ok(None);
            }
        }
    }
}

impl Stream {
    /// Rows are numbered as a spreadsheet program would: blank lines count, line breaks within quotation marks don't.
    fn next_record(&mut self) -> Result<bool, Box<Problem>> {
        self.since.store(0, Ordering::Relaxed);
        let read = self.reader.read_record(&mut self.record).map_err(|_| damaged())?;
        if !read {
            return Ok(false);
        }
        let line = self.reader.position().line();
        let within: u64 =
            self.record.iter().map(|field| field.bytes().filter(|&byte| byte == b'\n').count() as u64).sum();
        let blank = (line - self.line).saturating_sub(1 + within);
        self.line = line;
        let row = self.row.map_or(0, |row| u64::from(row) + 1) + blank;
        self.row = Some(u32::try_from(row).map_err(|_| damaged())?);
        self.at = if std::mem::take(&mut self.skip_first) { self.record.len() } else { 0 };
        Ok(true)
    }
}

/// Bytes of a file in some encoding as UTF-8, piece by piece; a byte order mark is passed over. Every line ends with a
/// line feed alone, the last one too, so that lines can be counted.
struct Decoding {
    file: BufReader<Handle>,
    decoder: Decoder,
    input: Vec<u8>,
    output: Vec<u8>,
    at: usize,
    ended: bool,
    /// What was decoded last.
    last: u8,
    since: Arc<AtomicU64>,
}

impl Decoding {
    fn new(file: Handle, encoding: &'static encoding_rs::Encoding, since: Arc<AtomicU64>) -> Decoding {
        let file = BufReader::with_capacity(CHUNK, file);
        let decoder = encoding.new_decoder_with_bom_removal();
        Decoding { file, decoder, input: vec![0; CHUNK], output: Vec::new(), at: 0, ended: false, last: b'\n', since }
    }
}

impl Decoding {
    fn end_lines(&mut self) {
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

impl Read for Decoding {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.at == self.output.len() && !self.ended {
            let length = self.file.read(&mut self.input)?;
            self.ended = length == 0;
            let most = self.decoder.max_utf8_buffer_length(length).unwrap_or(4 * CHUNK);
            self.output.resize(most, 0);
            let (_, _, written, _) = self.decoder.decode_to_utf8(&self.input[..length], &mut self.output, self.ended);
            self.output.truncate(written);
            self.end_lines();
            self.at = 0;
        }
        let length = buffer.len().min(self.output.len() - self.at);
        buffer[..length].copy_from_slice(&self.output[self.at..self.at + length]);
        self.at += length;
        if self.since.fetch_add(length as u64, Ordering::Relaxed) > LONGEST_RECORD {
            return Err(std::io::Error::other("a record without end"));
        }
        Ok(length)
    }
}

trait ReadLossy {
    fn read_to_end_lossy(self, into: &mut String) -> Result<(), Box<Problem>>;
}

impl<R: Read> ReadLossy for R {
    /// A sample may end within a letter.
    fn read_to_end_lossy(mut self, into: &mut String) -> Result<(), Box<Problem>> {
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes).map_err(unreadable)?;
        into.push_str(&String::from_utf8_lossy(&bytes));
        Ok(())
    }
}

struct Multibyte {
    sound: u64,
    broken: u64,
}

/// Counts letters of several bytes that are UTF-8, and bytes that can't be.
fn multibyte(file: &Handle) -> std::io::Result<Multibyte> {
    let mut reader = file.again();
    let mut seen = Multibyte { sound: 0, broken: 0 };
    let mut buffer = vec![0; CHUNK];
    let mut kept = 0;
    loop {
        let read = reader.read(&mut buffer[kept..])?;
        let length = kept + read;
        let mut rest = &buffer[..length];
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    seen.sound += letters(text);
                    rest = &[];
                    break;
                }
                Err(error) => {
                    let (good, bad) = rest.split_at(error.valid_up_to());
                    seen.sound += std::str::from_utf8(good).map_or(0, letters);
                    match error.error_len() {
                        Some(wrong) => {
                            seen.broken += 1;
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
            seen.broken += u64::from(!rest.is_empty());
            return Ok(seen);
        }
        kept = rest.len();
        let from = length - kept;
        buffer.copy_within(from..length, 0);
    }
}

fn letters(text: &str) -> u64 {
    if text.is_ascii() { 0 } else { text.chars().filter(|c| !c.is_ascii()).count() as u64 }
}

/// The separator under which most headings are recognised in one line, else which parts a line into most fields.
fn separator(sample: &str) -> (u8, bool) {
    let first = sample.lines().next().unwrap_or_default().trim();
    if let Some([told @ (b',' | b';' | b'\t')]) = first.strip_prefix("sep=").map(str::as_bytes) {
        return (*told, true);
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

fn unreadable(error: std::io::Error) -> Box<Problem> {
    Box::new(Problem::error("unreadable-file").with("error", error.to_string()))
}
