//! Records of a CSV text. Read here and not by a library, since a library passes over a quotation mark that is never
//! closed, and what it swallows is lost without a word. Here such a mark costs its own line only: the mark is taken for a
//! part of the text, and the next line begins a record again.

use std::io::Read;
use std::ops::Range;

use memchr::memchr;

/// A text in quotation marks that takes more bytes isn't closed at all; nor is a line of a table longer.
const MAX_RECORD: usize = 32 << 20;
const CHUNK: usize = 64 << 10;
const QUOTE: u8 = b'"';

/// A line longer than any of a table, or a file that can't be read further.
#[derive(Debug)]
pub(super) struct UnreadableRecord;

/// Reads records one after the other. Lines end with a line feed alone.
pub(super) struct Records<R> {
    input: R,
    separator: u8,
    buffer: Vec<u8>,
    /// Where the next line begins in the buffer.
    position: usize,
    ended: bool,
    next_row: u32,
    record: Record,
    /// The record before, for comparison.
    previous: Record,
}

/// The cells of one row.
#[derive(Default)]
pub(super) struct Record {
    /// From 0, as a spreadsheet program numbers rows: blank lines count, line breaks within quotation marks don't.
    pub(super) row: u32,
    text: String,
    /// Where each field ends in the text.
    ends: Vec<usize>,
    pub(super) quoting: Quoting,
}

/// How the quotation marks of a record are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Quoting {
    /// There are none, or every mark that opens a field is closed at the field's end.
    #[default]
    Sound,
    /// More text follows the closing mark of the field at this index.
    Loose(u32),
    /// The mark that opens the field at this index is closed nowhere, or only within another row.
    Open(u32),
}

impl Record {
    /// The number of fields.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The field at an index.
    pub(super) fn field(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.field(index))
    }

    /// Adds the fields of a line without quotation marks.
    fn push_fields(&mut self, text: &mut Vec<u8>, line: &[u8], separator: u8) {
        for field in line.split(|byte| *byte == separator) {
            text.extend_from_slice(field);
            self.ends.push(text.len());
        }
    }
}

/// What the quotation marks of a record come to.
enum Scanned {
    Closed {
        /// The byte after its last line.
        end: usize,
        quoting: Quoting,
        /// Its first field of several lines.
        long: Option<OpenField>,
    },
    /// The mark of this field isn't closed.
    Open(OpenField),
}

/// A field that begins with a quotation mark.
#[derive(Clone, Copy)]
struct OpenField {
    index: usize,
    /// Its mark in the buffer.
    mark: usize,
}

/// Where in the buffer a field in quotation marks is closed.
struct ClosedField {
    /// The byte after the mark.
    at: usize,
    /// The line that it is on.
    line: Range<usize>,
}

impl<R: Read> Records<R> {
    pub(super) fn new(input: R, separator: u8) -> Records<R> {
        Records {
            input,
            separator,
            buffer: Vec::new(),
            position: 0,
            ended: false,
            next_row: 0,
            record: Record::default(),
            previous: Record::default(),
        }
    }

    /// The next record that isn't a blank line; `None` at the end.
    pub(super) fn next_record(&mut self) -> Result<Option<&Record>, UnreadableRecord> {
        let line = loop {
            let Some(line) = self.line(self.position)? else { return Ok(None) };
            if !line.is_empty() {
                break line;
            }
            self.position = line.end + 1;
            self.next_row = self.next_row.checked_add(1).ok_or(UnreadableRecord)?;
        };
        if self.record.quoting == Quoting::Sound {
            std::mem::swap(&mut self.record, &mut self.previous);
        }
        self.record.row = self.next_row;
        self.record.quoting = Quoting::Sound;
        self.record.ends.clear();
        let mut text = std::mem::take(&mut self.record.text).into_bytes();
        text.clear();
        self.next_row = self.next_row.checked_add(1).ok_or(UnreadableRecord)?;
        let end = if memchr(QUOTE, &self.buffer[line.clone()]).is_none() {
            self.record.push_fields(&mut text, &self.buffer[line.clone()], self.separator);
            line.end + 1
        } else {
            self.read_quoted(&mut text, line)
        };
        self.record.text = String::from_utf8(text).map_err(|_| UnreadableRecord)?;
        self.position = end;
        Ok(Some(&self.record))
    }

    /// The line that begins at a byte of the buffer, without its end; `None` at the end of the text. Bytes keep their
    /// places in the buffer, unless the line is the one at the position.
    fn line(&mut self, mut start: usize) -> Result<Option<Range<usize>>, UnreadableRecord> {
        // The text may end without a line feed.
        start = start.min(self.buffer.len());
        let mut searched = start;
        loop {
            if let Some(length) = memchr(b'\n', &self.buffer[searched..]) {
                return Ok(Some(start..searched + length));
            }
            searched = self.buffer.len();
            if self.ended {
                return Ok((start < searched).then_some(start..searched));
            }
            if searched.saturating_sub(self.position) > MAX_RECORD {
                return Err(UnreadableRecord);
            }
            if start == self.position {
                self.buffer.drain(..start);
                searched -= start;
                (self.position, start) = (0, 0);
            }
            self.fill()?;
        }
    }

    fn fill(&mut self) -> Result<(), UnreadableRecord> {
        let length = self.buffer.len();
        self.buffer.resize(length + CHUNK, 0);
        let read = self.input.read(&mut self.buffer[length..]).map_err(|_| UnreadableRecord)?;
        self.buffer.truncate(length + read);
        self.ended = read == 0;
        Ok(())
    }

    /// Reads the record at the position, some field of which may be in quotation marks. Returns the byte after it.
    fn read_quoted(&mut self, text: &mut Vec<u8>, line: Range<usize>) -> usize {
        let open = match self.scan(text, line) {
            Scanned::Closed { end, long: Some(long), .. } if self.holds_rows(end) => long,
            Scanned::Closed { end, quoting, .. } => {
                self.record.quoting = quoting;
                return end;
            }
            Scanned::Open(open) => open,
        };
        self.read_literally(text, open)
    }

    /// Adds the fields of the record at the position, as far as their quotation marks are closed.
    fn scan(&mut self, text: &mut Vec<u8>, mut line: Range<usize>) -> Scanned {
        let (mut quoting, mut long) = (Quoting::Sound, None);
        let mut at = self.position;
        loop {
            if self.buffer.get(at) == Some(&QUOTE) {
                let field = OpenField { index: self.record.ends.len(), mark: at };
                let first_line_end = line.end;
                let Some(closed) = self.scan_field(text, at + 1, line) else { return Scanned::Open(field) };
                ClosedField { at, line } = closed;
                let is_long = line.end > first_line_end;
                if at < line.end && self.buffer[at] != self.separator {
                    if is_long {
                        return Scanned::Open(field);
                    }
                    quoting = Quoting::Loose(field.index as u32);
                }
                long = long.or(is_long.then_some(field));
            }
            let rest = &self.buffer[at..line.end];
            let length = memchr(self.separator, rest).unwrap_or(rest.len());
            text.extend_from_slice(&rest[..length]);
            self.record.ends.push(text.len());
            at += length;
            if at == line.end {
                return Scanned::Closed { end: line.end + 1, quoting, long };
            }
            at += 1;
        }
    }

    /// Adds what is between quotation marks, from the byte after the first; `None` if there is no second.
    fn scan_field(&mut self, text: &mut Vec<u8>, mut at: usize, mut line: Range<usize>) -> Option<ClosedField> {
        loop {
            let Some(length) = memchr(QUOTE, &self.buffer[at..line.end]) else {
                text.extend_from_slice(&self.buffer[at..line.end]);
                text.push(b'\n');
                let next = line.end + 1;
                if next - self.position > MAX_RECORD {
                    return None;
                }
                // A file that can't be read further is reported at its next record.
                line = self.line(next).ok()??;
                at = next;
                continue;
            };
            text.extend_from_slice(&self.buffer[at..at + length]);
            at += length + 1;
            if self.buffer.get(at) != Some(&QUOTE) {
                return Some(ClosedField { at, line });
            }
            text.push(QUOTE);
            at += 1;
        }
    }

    /// Ends the record with the line on which a field opens, and takes its mark and those that follow for text.
    fn read_literally(&mut self, text: &mut Vec<u8>, open: OpenField) -> usize {
        let OpenField { index, mark } = open;
        self.record.ends.truncate(index);
        text.truncate(self.record.ends.last().copied().unwrap_or(0));
        self.record.quoting = Quoting::Open(index as u32);
        let rest = &self.buffer[mark..];
        let line = &rest[..memchr(b'\n', rest).unwrap_or(rest.len())];
        self.record.push_fields(text, line, self.separator);
        mark + line.len() + 1
    }

    /// Whether each line of the record at the position looks like a row of its own: it has as many cells as the row
    /// before, and its codes, dates and numbers are in the same columns. Such a record begins with a mark that isn't
    /// closed, and ends with one that belongs to another row.
    fn holds_rows(&self, end: usize) -> bool {
        let cells =
            |line: &'_ str| -> Vec<String> { line.split(char::from(self.separator)).map(cell_pattern).collect() };
        let Ok(record) = std::str::from_utf8(&self.buffer[self.position..end - 1]) else { return false };
        let mut lines = record.lines().filter(|line| !line.is_empty());
        let before: Vec<String> = self.previous.fields().map(cell_pattern).collect();
        let first = lines.next().map(cells).unwrap_or_default();
        first.len() == before.len()
            && lines.all(|line| {
                let line = cells(line);
                line.len() == first.len() && (is_same_pattern(&line, &before) || is_same_pattern(&line, &first))
            })
    }
}

/// The form of a code, date or number: `A-12` is `a-9`. Empty for other texts.
fn cell_pattern(field: &str) -> String {
    let text = field.trim_matches(|c: char| c.is_whitespace() || c == '"');
    if text.contains(char::is_whitespace) || !text.contains(|c: char| c.is_ascii_digit()) {
        return String::new();
    }
    let mut pattern = String::new();
    for c in text.chars() {
        let kind = if c.is_ascii_digit() {
            '9'
        } else if c.is_alphabetic() {
            'a'
        } else {
            c
        };
        if !pattern.ends_with(kind) {
            pattern.push(kind);
        }
    }
    pattern
}

/// Whether more than half of the columns that have a form in one row have the same in the other.
fn is_same_pattern(row: &[String], other: &[String]) -> bool {
    let formed = || row.iter().zip(other).filter(|(_, other)| !other.is_empty());
    formed().filter(|(own, other)| own == other).count() * 2 > formed().count()
}
