//! Cells of a sheet's XML as spreadsheet programs write it, without a general parser of XML: such sheets are long, and
//! most of the time of reading is theirs. Whatever looks unusual is left to the spreadsheet library.

use std::io::Read;

use calamine::{CellErrorType, DataRef, ExcelDateTime, ExcelDateTimeType};
use memchr::{memchr, memmem};

use super::formats::Shown;
use super::strings::{self, Strings};

/// What is read from the archive in one go.
const CHUNK: usize = 256 << 10;

/// A cell longer than this is left to the library.
const LONGEST: usize = 4 << 20;

/// Something that this reader doesn't know; the library may.
#[derive(Debug)]
pub(super) struct Odd;

/// What the cells of a workbook refer to.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) strings: &'a Strings,
    pub(super) formats: &'a [Shown],
    pub(super) from_1904: bool,
}

/// A cell as it stands in the sheet. Rows and columns count from 0.
pub(super) struct PlainCell<'a> {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) value: DataRef<'a>,
    pub(super) formula: bool,
    /// The number of its text among the shared ones.
    pub(super) shared: Option<u32>,
}

/// Streams the cells of one sheet.
pub(super) struct Plain<'a> {
    source: Box<dyn Read + Send + 'a>,
    context: Context<'a>,
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
    begun: bool,
    row: u32,
    column: u32,
}

/// What a look at the buffer found.
enum Step<T> {
    Found(T),
    /// The end of the cells.
    End,
    /// More of the file is needed to say.
    More,
}

impl<'a> Plain<'a> {
    pub(super) fn new(source: Box<dyn Read + Send + 'a>, context: Context<'a>) -> Plain<'a> {
        Plain { source, context, buffer: Vec::new(), at: 0, ended: false, begun: false, row: 0, column: 0 }
    }

    /// The next cell, empty ones included; none at the end of the sheet.
    pub(super) fn next_cell(&mut self) -> Result<Option<PlainCell<'a>>, Odd> {
        loop {
            if let Some((cell, length)) = self.usual_cell() {
                self.at += length;
                self.column = cell.column + 1;
                return Ok(Some(cell));
            }
            let step = if self.begun { self.step()? } else { self.begin()? };
            match step {
                Step::Found(cell) => return Ok(Some(cell)),
                Step::End => return Ok(None),
                Step::More => self.fill()?,
            }
        }
    }

    /// Reads on. What was already looked at makes room.
    fn fill(&mut self) -> Result<(), Odd> {
        if self.ended || self.buffer.len() - self.at > LONGEST {
            return Err(Odd);
        }
        self.buffer.drain(..self.at);
        self.at = 0;
        let kept = self.buffer.len();
        self.buffer.resize(kept + CHUNK, 0);
        let mut length = 0;
        // A whole chunk, so that few cells are begun twice.
        while length < CHUNK {
            match self.source.read(&mut self.buffer[kept + length..]).map_err(|_| Odd)? {
                0 => {
                    self.ended = true;
                    break;
                }
                read => length += read,
            }
        }
        self.buffer.truncate(kept + length);
        Ok(())
    }

    /// Goes to the first row. A prefixed sheet has no such tag, and a comment may hold one.
    fn begin(&mut self) -> Result<Step<PlainCell<'a>>, Odd> {
        let Some(start) = memmem::find(&self.buffer, b"<sheetData") else { return Ok(Step::More) };
        let Some(end) = memchr(b'>', &self.buffer[start..]).map(|end| start + end) else { return Ok(Step::More) };
        if memmem::find(&self.buffer[..start], b"<!--").is_some() {
            return Err(Odd);
        }
        if self.buffer[end - 1] == b'/' {
            return Ok(Step::End);
        }
        self.at = end + 1;
        self.begun = true;
        self.step()
    }

    /// The cell that begins here with its length in bytes, written as spreadsheet programs write nearly all of them:
    /// `<c r="B7" s="3" t="s"><v>12</v></c>`. None for whatever else begins here, or ends later.
    fn usual_cell(&self) -> Option<(PlainCell<'a>, usize)> {
        if !self.begun {
            return None;
        }
        let bytes = self.buffer.get(self.at..)?;
        let mut rest = bytes.strip_prefix(b"<c r=\"")?;
        let mut column = 0;
        let letters = rest.iter().take(4).take_while(|byte| byte.is_ascii_uppercase());
        let letters = letters.fold(0, |count, letter| {
            column = column * 26 + u32::from(letter - b'A') + 1;
            count + 1
        });
        if !(1..=3).contains(&letters) {
            return None;
        }
        let row;
        (row, rest) = leading_number(&rest[letters..])?;
        rest = rest.strip_prefix(b"\"")?;
        let mut style = None;
        if let Some(after) = rest.strip_prefix(b" s=\"") {
            let number;
            (number, rest) = leading_number(after)?;
            rest = rest.strip_prefix(b"\"")?;
            style = Some(number as usize);
        }
        let (row, column) = (row.checked_sub(1)?, column - 1);
        let mut cell = PlainCell { row, column, value: DataRef::Empty, formula: false, shared: None };
        if let Some(after) = rest.strip_prefix(b" t=\"s\"><v>") {
            let number;
            (number, rest) = leading_number(after)?;
            cell.shared = Some(number);
            cell.value = DataRef::SharedString(self.context.strings.get(number as usize)?);
            rest = rest.strip_prefix(b"</v></c>")?;
        } else if let Some(after) = rest.strip_prefix(b"><v>") {
            let end = after.iter().take(LONGEST_NUMBER).position(|byte| *byte == b'<')?;
            let (content, after) = after.split_at(end);
            self.context.value(content, None, style, &mut cell).ok()?;
            rest = after.strip_prefix(b"</v></c>")?;
        } else {
            rest = rest.strip_prefix(b"/>")?;
        }
        Some((cell, bytes.len() - rest.len()))
    }

    fn step(&mut self) -> Result<Step<PlainCell<'a>>, Odd> {
        loop {
            let Some(start) = memchr(b'<', &self.buffer[self.at..]) else {
                self.at = self.buffer.len();
                return Ok(Step::More);
            };
            self.at += start;
            let tag = &self.buffer[self.at + 1..];
            match tag {
                [b'c', b' ' | b'>' | b'/', ..] => return self.cell(),
                [b'r', b'o', b'w', b' ' | b'>' | b'/', ..] => {
                    let mut scanner = Scanner { bytes: tag, at: 3 };
                    let mut number = None;
                    let closed = loop {
                        match scanner.attribute()? {
                            None => return Ok(Step::More),
                            Some(Attribute::Pair(b"r", value)) => number = Some(whole(value)?),
                            Some(Attribute::Pair(..)) => {}
                            Some(Attribute::End { empty }) => break empty,
                        }
                    };
                    self.at += 1 + scanner.at;
                    if let Some(number) = number {
                        self.row = number.checked_sub(1).ok_or(Odd)?;
                        self.column = 0;
                    }
                    if closed {
                        self.row += 1;
                    }
                }
                [b'/', b'r', b'o', b'w', b'>', ..] => {
                    self.at += "</row>".len();
                    self.row += 1;
                    self.column = 0;
                }
                [b'/', b's', b'h', b'e', b'e', b't', b'D', b'a', b't', b'a', ..] => return Ok(Step::End),
                // The tag may go on in the next chunk.
                _ if tag.len() < "/sheetData".len() => return Ok(Step::More),
                _ => return Err(Odd),
            }
        }
    }

    /// The cell that begins here.
    fn cell(&mut self) -> Result<Step<PlainCell<'a>>, Odd> {
        let mut scanner = Scanner { bytes: &self.buffer[self.at..], at: 2 };
        let (mut reference, mut style, mut kind) = (None, None, None);
        let empty = loop {
            match scanner.attribute()? {
                None => return Ok(Step::More),
                Some(Attribute::Pair(b"r", value)) => reference = Some(position(value)?),
                Some(Attribute::Pair(b"s", value)) => style = Some(whole(value)? as usize),
                Some(Attribute::Pair(b"t", value)) => kind = Some(value),
                Some(Attribute::Pair(..)) => {}
                Some(Attribute::End { empty }) => break empty,
            }
        };
        let (row, column) = reference.unwrap_or((self.row, self.column));
        let mut cell = PlainCell { row, column, value: DataRef::Empty, formula: false, shared: None };
        loop {
            if empty {
                break;
            }
            let Some(tag) = scanner.tag() else { return Ok(Step::More) };
            match tag {
                [b'/', b'c', b'>', ..] => {
                    scanner.at += "</c>".len();
                    break;
                }
                [b'v', b'>' | b' ' | b'/', ..] => {
                    let Some(content) = scanner.element(b"</v>")? else { return Ok(Step::More) };
                    self.context.value(content, kind, style, &mut cell)?;
                }
                [b'f', b'>' | b' ' | b'/', ..] => {
                    if scanner.element(b"</f>")?.is_none() {
                        return Ok(Step::More);
                    }
                    cell.formula = true;
                }
                [b'i', b's', b'>' | b' ' | b'/', ..] => {
                    let start = scanner.at;
                    if scanner.element(b"</is>")?.is_none() {
                        return Ok(Step::More);
                    }
                    let element = &scanner.bytes[start..scanner.at];
                    cell.value = DataRef::String(strings::inline(element).map_err(|_| Odd)?);
                }
                _ if tag.len() < 3 => return Ok(Step::More),
                _ => return Err(Odd),
            }
        }
        self.at += scanner.at;
        self.column = column + 1;
        Ok(Step::Found(cell))
    }
}

impl<'a> Context<'a> {
    /// Reads the value of a cell.
    fn value(
        &self,
        content: &[u8],
        kind: Option<&[u8]>,
        style: Option<usize>,
        cell: &mut PlainCell<'a>,
    ) -> Result<(), Odd> {
        // A text in the cell itself has its value in `<is>`.
        if kind == Some(b"inlineStr") || content.is_empty() && kind != Some(b"str") {
            return Ok(());
        }
        cell.value = match kind {
            Some(b"s") => {
                let number = whole(content)?;
                cell.shared = Some(number);
                DataRef::SharedString(self.strings.get(number as usize).ok_or(Odd)?)
            }
            None | Some(b"n") => {
                let number = number(content)?;
                match style.and_then(|style| self.formats.get(style)) {
                    Some(Shown::Date) => {
                        DataRef::DateTime(ExcelDateTime::new(number, ExcelDateTimeType::DateTime, self.from_1904))
                    }
                    Some(Shown::Duration) => {
                        DataRef::DateTime(ExcelDateTime::new(number, ExcelDateTimeType::TimeDelta, self.from_1904))
                    }
                    _ => DataRef::Float(number),
                }
            }
            Some(b"b") => DataRef::Bool(match content {
                b"0" => false,
                b"1" => true,
                _ => return Err(Odd),
            }),
            Some(b"str") => DataRef::String(unescaped(content)?),
            Some(b"e") => DataRef::Error(unescaped(content)?.parse::<CellErrorType>().map_err(|_| Odd)?),
            Some(_) => return Err(Odd),
        };
        Ok(())
    }
}

fn unescaped(content: &[u8]) -> Result<String, Odd> {
    let text = std::str::from_utf8(content).map_err(|_| Odd)?;
    if memchr(b'\r', content).is_some() {
        return Err(Odd);
    }
    quick_xml::escape::unescape(text).map(|text| text.into_owned()).map_err(|_| Odd)
}

/// Characters of a number in a cell.
const LONGEST_NUMBER: usize = 32;

/// The number that begins here, of one to nine digits, with what follows.
fn leading_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut number = 0;
    let mut digits = 0;
    while let Some(digit @ b'0'..=b'9') = bytes.get(digits) {
        number = number * 10 + u32::from(digit - b'0');
        digits += 1;
        if digits > 9 {
            return None;
        }
    }
    (digits > 0).then(|| (number, &bytes[digits..]))
}

fn whole(digits: &[u8]) -> Result<u32, Odd> {
    if digits.is_empty() || digits.len() > 9 {
        return Err(Odd);
    }
    digits
        .iter()
        .try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')).ok_or(Odd))
}

/// Digits that a number of 64 bits holds exactly.
const EXACT_DIGITS: usize = 15;

fn number(content: &[u8]) -> Result<f64, Odd> {
    if content.len() <= EXACT_DIGITS && content.iter().all(u8::is_ascii_digit) {
        return Ok(content.iter().fold(0u64, |sum, digit| sum * 10 + u64::from(digit - b'0')) as f64);
    }
    let is_plain = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E');
    if !content.iter().all(is_plain) {
        return Err(Odd);
    }
    std::str::from_utf8(content).ok().and_then(|text| text.parse().ok()).ok_or(Odd)
}

/// `B7` → (6, 1).
fn position(reference: &[u8]) -> Result<(u32, u32), Odd> {
    let letters = reference.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    if letters == 0 || letters > 3 {
        return Err(Odd);
    }
    let column = reference[..letters].iter().fold(0, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1);
    let row = whole(&reference[letters..])?;
    Ok((row.checked_sub(1).ok_or(Odd)?, column - 1))
}

/// Goes through the bytes of tags.
struct Scanner<'b> {
    bytes: &'b [u8],
    at: usize,
}

enum Attribute<'b> {
    Pair(&'b [u8], &'b [u8]),
    End { empty: bool },
}

impl<'b> Scanner<'b> {
    /// The next attribute of a start tag, or its end; none where the bytes end before.
    fn attribute(&mut self) -> Result<Option<Attribute<'b>>, Odd> {
        let bytes = self.bytes;
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        match bytes.get(self.at..) {
            Some([b'>', ..]) => {
                self.at += 1;
                return Ok(Some(Attribute::End { empty: false }));
            }
            Some([b'/', b'>', ..]) => {
                self.at += 2;
                return Ok(Some(Attribute::End { empty: true }));
            }
            Some([b'/'] | []) | None => return Ok(None),
            Some([b'/' | b'<', ..]) => return Err(Odd),
            Some(_) => {}
        }
        let rest = &bytes[self.at..];
        let Some(equals) = rest.iter().position(|byte| matches!(byte, b'=' | b'>' | b'<')) else { return Ok(None) };
        let name = &rest[..equals];
        match rest.get(equals..equals + 2) {
            Some(b"=\"") => {}
            None => return Ok(None),
            Some(_) => return Err(Odd),
        }
        let value = &rest[equals + 2..];
        let Some(end) = value.iter().position(|byte| *byte == b'"') else { return Ok(None) };
        self.at += equals + 3 + end;
        Ok(Some(Attribute::Pair(name, &value[..end])))
    }

    /// The bytes after the next `<`, which only white space may come before; none where there is no next tag yet.
    fn tag(&mut self) -> Option<&'b [u8]> {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        match self.bytes.get(self.at..)? {
            [b'<', tag @ ..] => Some(tag),
            [] => None,
            // Text beside the elements of a cell: no tag begins so.
            _ => Some(b"???"),
        }
    }

    /// Passes over an element whose end tag is `end`; what stands in it.
    fn element(&mut self, end: &[u8]) -> Result<Option<&'b [u8]>, Odd> {
        let Some(open) = memchr(b'>', &self.bytes[self.at..]).map(|open| self.at + open) else { return Ok(None) };
        if self.bytes[open - 1] == b'/' {
            self.at = open + 1;
            return Ok(Some(&[]));
        }
        let content = &self.bytes[open + 1..];
        // Most elements hold one text.
        let Some(mut close) = memchr(b'<', content) else { return Ok(None) };
        if !content[close..].starts_with(end) {
            if content.len() - close < end.len() {
                return Ok(None);
            }
            let Some(later) = memmem::find(content, end) else { return Ok(None) };
            if end == b"</v>" || memmem::find(&content[..later], b"<!").is_some() {
                return Err(Odd);
            }
            close = later;
        }
        self.at = open + 1 + close + end.len();
        Ok(Some(&content[..close]))
    }
}
