//! Cells of a sheet's XML as spreadsheet programs write it, without a general parser of XML: such sheets are long, and
//! most of the time of reading is theirs. Whatever looks unusual is left to [`GeneralCells`](super::general_cells).

use std::io::Read;

use memchr::{memchr, memmem};

use super::shared_strings::inline_text;
use super::sheet_cell::{SheetCell, SheetValue, WorkbookContext, parse_reference};
use super::tag_scanner::{Attribute, TagScanner, Unsupported};

/// Bytes that are read from the archive at once.
const CHUNK: usize = 256 << 10;

/// A cell of more bytes is left to the general reader.
const MAX_CELL: usize = 4 << 20;

/// Streams the cells of one sheet.
pub(super) struct FastCells<'a> {
    source: Box<dyn Read + Send + 'a>,
    context: WorkbookContext<'a>,
    buffer: Vec<u8>,
    /// Bytes of the buffer that are done with.
    position: usize,
    ended: bool,
    begun: bool,
    row: u32,
    column: u32,
}

/// The next thing in the buffer.
enum Parsed<T> {
    Found(T),
    /// The end of the cells.
    End,
    /// More of the file is needed.
    More,
}

impl<'a> FastCells<'a> {
    pub(super) fn new(source: Box<dyn Read + Send + 'a>, context: WorkbookContext<'a>) -> FastCells<'a> {
        FastCells { source, context, buffer: Vec::new(), position: 0, ended: false, begun: false, row: 0, column: 0 }
    }

    /// The next cell, empty ones included; `None` at the end of the sheet.
    pub(super) fn next_cell(&mut self) -> Result<Option<SheetCell<'a>>, Unsupported> {
        loop {
            if let Some((cell, length)) = self.parse_simple_cell() {
                self.position += length;
                self.column = cell.column + 1;
                return Ok(Some(cell));
            }
            let parsed = if self.begun { self.parse_next()? } else { self.find_first_row()? };
            match parsed {
                Parsed::Found(cell) => return Ok(Some(cell)),
                Parsed::End => return Ok(None),
                Parsed::More => self.fill()?,
            }
        }
    }

    /// Reads the next chunk, in place of what is done with.
    fn fill(&mut self) -> Result<(), Unsupported> {
        if self.ended || self.buffer.len() - self.position > MAX_CELL {
            return Err(Unsupported);
        }
        self.buffer.drain(..self.position);
        self.position = 0;
        let kept = self.buffer.len();
        self.buffer.resize(kept + CHUNK, 0);
        let mut length = 0;
        // A whole chunk, so that few cells are begun twice.
        while length < CHUNK {
            match self.source.read(&mut self.buffer[kept + length..]).map_err(|_| Unsupported)? {
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
    fn find_first_row(&mut self) -> Result<Parsed<SheetCell<'a>>, Unsupported> {
        let Some(start) = memmem::find(&self.buffer, b"<sheetData") else { return Ok(Parsed::More) };
        let Some(end) = memchr(b'>', &self.buffer[start..]).map(|end| start + end) else { return Ok(Parsed::More) };
        if memmem::find(&self.buffer[..start], b"<!--").is_some() {
            return Err(Unsupported);
        }
        if self.buffer[end - 1] == b'/' {
            return Ok(Parsed::End);
        }
        self.position = end + 1;
        self.begun = true;
        self.parse_next()
    }

    /// Parses the cell at the position if it is written as spreadsheet programs write nearly all of them,
    /// `<c r="B7" s="3" t="s"><v>12</v></c>`; with its length in bytes. `None` for anything else, or if it isn't complete.
    fn parse_simple_cell(&self) -> Option<(SheetCell<'a>, usize)> {
        if !self.begun {
            return None;
        }
        let bytes = self.buffer.get(self.position..)?;
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
        let mut cell = SheetCell::blank(row, column);
        if let Some(after) = rest.strip_prefix(b" t=\"s\"><v>") {
            let number;
            (number, rest) = leading_number(after)?;
            cell.value = self.context.shared_text(number)?;
            rest = rest.strip_prefix(b"</v></c>")?;
        } else if let Some(after) = rest.strip_prefix(b"><v>") {
            let end = after.iter().take(MAX_NUMBER).position(|byte| *byte == b'<')?;
            let (content, after) = after.split_at(end);
            cell.value = self.context.read_number(content, style)?;
            rest = after.strip_prefix(b"</v></c>")?;
        } else {
            rest = rest.strip_prefix(b"/>")?;
        }
        Some((cell, bytes.len() - rest.len()))
    }

    /// Parses from the next tag on, to the end of a cell.
    fn parse_next(&mut self) -> Result<Parsed<SheetCell<'a>>, Unsupported> {
        loop {
            let Some(start) = memchr(b'<', &self.buffer[self.position..]) else {
                self.position = self.buffer.len();
                return Ok(Parsed::More);
            };
            self.position += start;
            let tag = &self.buffer[self.position + 1..];
            match tag {
                [b'c', b' ' | b'>' | b'/', ..] => return self.parse_cell(),
                [b'r', b'o', b'w', b' ' | b'>' | b'/', ..] => {
                    let mut scanner = TagScanner { bytes: tag, position: 3 };
                    let mut number = None;
                    let closed = loop {
                        match scanner.attribute()? {
                            None => return Ok(Parsed::More),
                            Some(Attribute::Pair(b"r", value)) => number = Some(parse_whole(value)?),
                            Some(Attribute::Pair(..)) => {}
                            Some(Attribute::End { empty }) => break empty,
                        }
                    };
                    self.position += 1 + scanner.position;
                    if let Some(number) = number {
                        self.row = number.checked_sub(1).ok_or(Unsupported)?;
                        self.column = 0;
                    }
                    if closed {
                        self.row += 1;
                    }
                }
                [b'/', b'r', b'o', b'w', b'>', ..] => {
                    self.position += "</row>".len();
                    self.row += 1;
                    self.column = 0;
                }
                [b'/', b's', b'h', b'e', b'e', b't', b'D', b'a', b't', b'a', ..] => return Ok(Parsed::End),
                // The tag may go on in the next chunk.
                _ if tag.len() < "/sheetData".len() => return Ok(Parsed::More),
                _ => return Err(Unsupported),
            }
        }
    }

    /// Parses the cell at the position, however it is written.
    fn parse_cell(&mut self) -> Result<Parsed<SheetCell<'a>>, Unsupported> {
        let mut scanner = TagScanner { bytes: &self.buffer[self.position..], position: 2 };
        let (mut reference, mut style, mut kind) = (None, None, None);
        let empty = loop {
            match scanner.attribute()? {
                None => return Ok(Parsed::More),
                Some(Attribute::Pair(b"r", value)) => reference = Some(parse_reference(value).ok_or(Unsupported)?),
                Some(Attribute::Pair(b"s", value)) => style = Some(parse_whole(value)? as usize),
                Some(Attribute::Pair(b"t", value)) => kind = Some(value),
                Some(Attribute::Pair(..)) => {}
                Some(Attribute::End { empty }) => break empty,
            }
        };
        let (row, column) = reference.unwrap_or((self.row, self.column));
        let mut cell = SheetCell::blank(row, column);
        loop {
            if empty {
                break;
            }
            let Some(tag) = scanner.tag() else { return Ok(Parsed::More) };
            match tag {
                [b'/', b'c', b'>', ..] => {
                    scanner.position += "</c>".len();
                    break;
                }
                [b'v', b'>' | b' ' | b'/', ..] => {
                    let Some(content) = scanner.element(b"</v>")? else { return Ok(Parsed::More) };
                    read_value(&self.context, content, kind, style, &mut cell)?;
                }
                [b'f', b'>' | b' ' | b'/', ..] => {
                    if scanner.element(b"</f>")?.is_none() {
                        return Ok(Parsed::More);
                    }
                    cell.is_formula = true;
                }
                [b'i', b's', b'>' | b' ' | b'/', ..] => {
                    let start = scanner.position;
                    if scanner.element(b"</is>")?.is_none() {
                        return Ok(Parsed::More);
                    }
                    let element = &scanner.bytes[start..scanner.position];
                    cell.value = SheetValue::Text(inline_text(element).map_err(|_| Unsupported)?);
                }
                _ if tag.len() < 3 => return Ok(Parsed::More),
                _ => return Err(Unsupported),
            }
        }
        self.position += scanner.position;
        self.column = column + 1;
        Ok(Parsed::Found(cell))
    }
}

/// Reads the content of `<v>` into the cell.
fn read_value<'a>(
    context: &WorkbookContext<'a>,
    content: &[u8],
    kind: Option<&[u8]>,
    style: Option<usize>,
    cell: &mut SheetCell<'a>,
) -> Result<(), Unsupported> {
    // A text in the cell itself has its value in `<is>`.
    if kind == Some(b"inlineStr") || content.is_empty() && kind != Some(b"str") {
        return Ok(());
    }
    cell.value = match kind {
        Some(b"s") => context.shared_text(parse_whole(content)?).ok_or(Unsupported)?,
        None | Some(b"n") => context.read_number(content, style).ok_or(Unsupported)?,
        Some(b"b") => SheetValue::Bool(match content {
            b"0" => false,
            b"1" => true,
            _ => return Err(Unsupported),
        }),
        Some(b"str") => SheetValue::Text(unescape(content)?),
        Some(b"e") => SheetValue::Error(unescape(content)?),
        Some(_) => return Err(Unsupported),
    };
    Ok(())
}

fn unescape(content: &[u8]) -> Result<String, Unsupported> {
    let text = std::str::from_utf8(content).map_err(|_| Unsupported)?;
    if memchr(b'\r', content).is_some() {
        return Err(Unsupported);
    }
    quick_xml::escape::unescape(text).map(|text| text.into_owned()).map_err(|_| Unsupported)
}

/// Characters of the longest number in a cell.
const MAX_NUMBER: usize = 32;

/// The number of one to nine digits that the bytes begin with, and what follows it.
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

/// A whole number of one to nine digits.
fn parse_whole(digits: &[u8]) -> Result<u32, Unsupported> {
    if digits.is_empty() || digits.len() > 9 {
        return Err(Unsupported);
    }
    digits
        .iter()
        .try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')).ok_or(Unsupported))
}
