//! Text files of any encoding as UTF-8.

use std::io::{BufReader, Read, Result};

use encoding_rs::{Decoder, Encoding};

use crate::ingest::workbook::shared_file::SharedFile;

/// Bytes that the separator is detected by.
const SAMPLE: u64 = 64 << 10;
const CHUNK: usize = 64 << 10;

/// Reads a file in some encoding as UTF-8, without a byte order mark. Every line ends with a line feed alone, the last one
/// too, so that lines can be counted.
pub(super) struct Utf8Reader {
    file: BufReader<SharedFile>,
    decoder: Decoder,
    input: Vec<u8>,
    output: Vec<u8>,
    position: usize,
    ended: bool,
    /// The last byte that was decoded.
    last: u8,
}

impl Utf8Reader {
    pub(super) fn new(file: SharedFile, encoding: &'static Encoding) -> Utf8Reader {
        let file = BufReader::with_capacity(CHUNK, file);
        let decoder = encoding.new_decoder_with_bom_removal();
        Utf8Reader { file, decoder, input: vec![0; CHUNK], output: Vec::new(), position: 0, ended: false, last: b'\n' }
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
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
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
        Ok(length)
    }
}

/// The first bytes of a file as text; the last letter may be cut.
pub(super) fn read_sample(reader: impl Read) -> Result<String> {
    let mut bytes = Vec::new();
    reader.take(SAMPLE).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// How much of a file is UTF-8 beyond ASCII.
pub(super) struct Utf8Count {
    pub(super) sound: u64,
    pub(super) broken: u64,
}

/// Counts characters of several bytes that are UTF-8, and sequences that can't be.
pub(super) fn count_utf8(file: &SharedFile) -> Result<Utf8Count> {
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
