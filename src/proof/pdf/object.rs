//! Objects of a PDF, read from their bytes: so deep and so many as programs write them, and no more.

use std::collections::BTreeMap;

/// Arrays and dictionaries within one another.
const MOST_LEVELS: usize = 48;
/// Pieces of one object.
const MOST_PIECES: usize = 1_000_000;

/// A dictionary by its keys, without their slash.
pub type PdfDict = BTreeMap<Vec<u8>, PdfObject>;

/// An object that isn't a stream.
#[derive(Clone, Debug, PartialEq)]
pub enum PdfObject {
    Null,
    Bool(bool),
    Number(f64),
    /// Without its slash.
    Name(Vec<u8>),
    Text(Vec<u8>),
    Array(Vec<PdfObject>),
    Dict(PdfDict),
    /// The number of another object.
    Reference(u32),
}

impl PdfObject {
    /// As a number.
    pub fn number(&self) -> Option<f64> {
        if let PdfObject::Number(number) = self { Some(*number) } else { None }
    }

    /// As a whole number that counts something.
    pub fn count(&self) -> Option<usize> {
        self.number()
            .filter(|number| number.fract() == 0.0 && (0.0..=9e15).contains(number))
            .map(|number| number as usize)
    }

    /// As a name; empty if it is none.
    pub fn name(&self) -> &[u8] {
        if let PdfObject::Name(name) = self { name } else { &[] }
    }
}

/// A piece of a page's content, or of a font's table of texts.
#[derive(Debug, PartialEq)]
pub enum ContentToken {
    Operand(PdfObject),
    Operator(Vec<u8>),
}

/// Reads objects from bytes. Every method ends, whatever the bytes are.
pub struct ObjectReader<'b> {
    bytes: &'b [u8],
    /// Where the next object begins.
    pub at: usize,
    /// Of the object that is read.
    pieces: usize,
}

impl<'b> ObjectReader<'b> {
    pub fn new(bytes: &'b [u8], at: usize) -> ObjectReader<'b> {
        ObjectReader { bytes, at, pieces: 0 }
    }

    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or_default()
    }

    fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// Passes spaces and comments over.
    pub fn skip_space(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'%' => {
                    let line = self.rest().iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                    self.at = line.map_or(self.bytes.len(), |length| self.at + length);
                }
                byte if is_space(*byte) => self.at += 1,
                _ => return,
            }
        }
    }

    /// Takes a word if it is next.
    pub fn take(&mut self, word: &[u8]) -> bool {
        self.skip_space();
        let is_next = self.rest().starts_with(word);
        if is_next {
            self.at += word.len();
        }
        is_next
    }

    /// A whole number that counts something.
    pub fn read_count(&mut self) -> Option<usize> {
        self.skip_space();
        let digits = self.rest().iter().take(16).take_while(|byte| byte.is_ascii_digit()).count();
        let text = std::str::from_utf8(self.rest().get(..digits)?).ok()?;
        self.at += digits;
        text.parse().ok()
    }

    /// The next object. `None` where there is none, or it is deeper or larger than any program writes.
    pub fn read_object(&mut self) -> Option<PdfObject> {
        self.pieces = 0;
        self.object(MOST_LEVELS, true)
    }

    /// The next piece of content, in which no object refers to another.
    pub fn read_token(&mut self) -> Option<ContentToken> {
        self.skip_space();
        if self.is_at_end() {
            return None;
        }
        self.pieces = 0;
        if matches!(self.peek(), b'<' | b'(' | b'/' | b'[' | b'+' | b'-' | b'.' | b'0'..=b'9') {
            return self.object(MOST_LEVELS, false).map(ContentToken::Operand);
        }
        let word = self.word();
        Some(match word {
            b"true" => ContentToken::Operand(PdfObject::Bool(true)),
            b"false" => ContentToken::Operand(PdfObject::Bool(false)),
            b"null" => ContentToken::Operand(PdfObject::Null),
            word => ContentToken::Operator(word.to_vec()),
        })
    }

    fn object(&mut self, levels: usize, may_refer: bool) -> Option<PdfObject> {
        self.skip_space();
        self.pieces += 1;
        if self.is_at_end() || levels == 0 || self.pieces > MOST_PIECES {
            return None;
        }
        match self.peek() {
            b'<' if self.rest().starts_with(b"<<") => self.dict(levels, may_refer).map(PdfObject::Dict),
            b'<' => Some(PdfObject::Text(self.hex())),
            b'(' => Some(PdfObject::Text(self.literal())),
            b'/' => Some(PdfObject::Name(self.name())),
            b'[' => self.array(levels, may_refer).map(PdfObject::Array),
            b'+' | b'-' | b'.' | b'0'..=b'9' => self.number_or_reference(may_refer),
            _ => match self.word() {
                b"true" => Some(PdfObject::Bool(true)),
                b"false" => Some(PdfObject::Bool(false)),
                b"null" => Some(PdfObject::Null),
                _ => None,
            },
        }
    }

    fn array(&mut self, levels: usize, may_refer: bool) -> Option<Vec<PdfObject>> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.take(b"]") {
            items.push(self.object(levels - 1, may_refer)?);
        }
        Some(items)
    }

    fn dict(&mut self, levels: usize, may_refer: bool) -> Option<PdfDict> {
        self.at += 2;
        let mut dict = PdfDict::new();
        while !self.take(b">>") {
            if self.peek() != b'/' {
                return None;
            }
            let key = self.name();
            dict.insert(key, self.object(levels - 1, may_refer)?);
        }
        Some(dict)
    }

    fn name(&mut self) -> Vec<u8> {
        self.at += 1;
        let word = self.plain_word();
        let mut name = Vec::with_capacity(word.len());
        let mut rest = word;
        while let [byte, tail @ ..] = rest {
            let escaped = (*byte == b'#').then(|| tail.get(..2).and_then(hex_byte)).flatten();
            name.push(escaped.unwrap_or(*byte));
            rest = if escaped.is_some() { &tail[2..] } else { tail };
        }
        name
    }

    fn plain_word(&mut self) -> &'b [u8] {
        let length = self.rest().iter().take_while(|byte| !is_space(**byte) && !is_delimiter(**byte)).count();
        let word = self.rest().get(..length).unwrap_or_default();
        self.at += length;
        word
    }

    /// At least one byte, so that whatever reads on gets on.
    fn word(&mut self) -> &'b [u8] {
        let start = self.at;
        if self.plain_word().is_empty() {
            self.at += 1;
        }
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    fn hex(&mut self) -> Vec<u8> {
        self.at += 1;
        let length = self.rest().iter().position(|byte| *byte == b'>').unwrap_or(self.rest().len());
        let mut digits: Vec<u8> = self.rest()[..length].iter().copied().filter(u8::is_ascii_hexdigit).collect();
        self.at += length + 1;
        if digits.len() % 2 == 1 {
            digits.push(b'0');
        }
        digits.chunks(2).filter_map(hex_byte).collect()
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let (mut out, mut open) = (Vec::new(), 1);
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.escape(&mut out),
                b'(' => {
                    open += 1;
                    out.push(byte);
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                    out.push(byte);
                }
                other => out.push(other),
            }
        }
        out
    }

    /// What follows a backslash in a text.
    fn escape(&mut self, out: &mut Vec<u8>) {
        let escaped = self.peek();
        self.at += 1;
        out.push(match escaped {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'\n' => return,
            b'\r' => {
                self.at += usize::from(self.peek() == b'\n');
                return;
            }
            b'0'..=b'7' => {
                let mut code = u32::from(escaped - b'0');
                for _ in 0..2 {
                    if let digit @ b'0'..=b'7' = self.peek() {
                        code = code * 8 + u32::from(digit - b'0');
                        self.at += 1;
                    }
                }
                (code & 0xFF) as u8
            }
            other => other,
        });
    }

    fn number_or_reference(&mut self, may_refer: bool) -> Option<PdfObject> {
        let text = std::str::from_utf8(self.word()).unwrap_or_default();
        let number: f64 = text.parse().ok()?;
        if !may_refer || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(PdfObject::Number(number));
        }
        // `12 0 R`
        let after = self.at;
        let is_reference = self.read_count().is_some() && self.take(b"R") && !self.peek().is_ascii_alphanumeric();
        match text.parse() {
            Ok(object) if is_reference => Some(PdfObject::Reference(object)),
            _ => {
                self.at = after;
                Some(PdfObject::Number(number))
            }
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let [high, low] = digits else { return None };
    Some((digit(*high)? * 16 + digit(*low)?) as u8)
}
