//! A reader of PDF objects, independent of what wrote them: enough to look at structure, not at pages.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::ZlibDecoder;

#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    Null,
    Bool(bool),
    Number(f64),
    Name(String),
    Text(Vec<u8>),
    List(Vec<Object>),
    Dict(BTreeMap<String, Object>),
    Stream(BTreeMap<String, Object>, Vec<u8>),
    Reference(u32),
}

/// All objects of a file by number.
pub struct File {
    objects: BTreeMap<u32, Object>,
    trailer: BTreeMap<String, Object>,
}

impl File {
    pub fn read(bytes: &[u8]) -> File {
        let mut objects = BTreeMap::new();
        let mut trailer = BTreeMap::new();
        let mut at = 0;
        while let Some(found) = find(bytes, b" obj", at) {
            at = found + 4;
            let Some(number) = object_number(&bytes[..found]) else { continue };
            let mut reader = Reader { bytes, at };
            let object = reader.object_or_stream();
            at = reader.at;
            if let Object::Stream(dict, data) = &object {
                match dict.get("Type") {
                    Some(Object::Name(kind)) if kind == "ObjStm" => unpack(dict, data, &mut objects),
                    Some(Object::Name(kind)) if kind == "XRef" => trailer.extend(dict.clone()),
                    _ => {}
                }
            }
            objects.insert(number, object);
        }
        if let Some(found) = find(bytes, b"trailer", 0) {
            let mut reader = Reader { bytes, at: found + 7 };
            if let Object::Dict(dict) = reader.object() {
                trailer.extend(dict);
            }
        }
        File { objects, trailer }
    }

    pub fn root(&self) -> &Object {
        self.follow(&self.trailer["Root"])
    }

    pub fn trailer(&self, key: &str) -> &Object {
        self.trailer.get(key).map_or(&Object::Null, |object| self.follow(object))
    }

    /// The object itself behind any references to it.
    pub fn follow<'o>(&'o self, object: &'o Object) -> &'o Object {
        match object {
            Object::Reference(number) => self.objects.get(number).map_or(&Object::Null, |object| self.follow(object)),
            other => other,
        }
    }

    pub fn get<'o>(&'o self, object: &'o Object, key: &str) -> &'o Object {
        match self.follow(object) {
            Object::Dict(dict) | Object::Stream(dict, _) => {
                dict.get(key).map_or(&Object::Null, |object| self.follow(object))
            }
            _ => &Object::Null,
        }
    }

    pub fn list<'o>(&'o self, object: &'o Object) -> Vec<&'o Object> {
        match self.follow(object) {
            Object::List(items) => items.iter().map(|item| self.follow(item)).collect(),
            Object::Null => Vec::new(),
            one => vec![one],
        }
    }

    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.objects.values()
    }
}

impl Object {
    pub fn name(&self) -> &str {
        match self {
            Object::Name(name) => name,
            _ => "",
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Object::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A text string: UTF-16 with its mark, UTF-8, or one byte a letter.
    pub fn text(&self) -> String {
        let Object::Text(bytes) = self else { return String::new() };
        match bytes.as_slice() {
            [0xFE, 0xFF, rest @ ..] => {
                let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
                String::from_utf16_lossy(&units)
            }
            plain => String::from_utf8_lossy(plain).into_owned(),
        }
    }
}

/// The number before `0 obj`.
fn object_number(before: &[u8]) -> Option<u32> {
    let mut words = before.rsplit(|byte| !byte.is_ascii_digit());
    let generation = words.next()?;
    let number = words.next()?;
    (generation == b"0").then(|| std::str::from_utf8(number).ok()?.parse().ok())?
}

fn find(bytes: &[u8], pattern: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(pattern.len()).position(|window| window == pattern).map(|at| at + from)
}

fn unpack(dict: &BTreeMap<String, Object>, data: &[u8], objects: &mut BTreeMap<u32, Object>) {
    let (Some(Object::Number(count)), Some(Object::Number(first))) = (dict.get("N"), dict.get("First")) else { return };
    let mut header = Reader { bytes: data, at: 0 };
    for _ in 0..*count as usize {
        if let (Object::Number(number), Object::Number(offset)) = (header.object(), header.object()) {
            let mut reader = Reader { bytes: data, at: *first as usize + offset as usize };
            objects.insert(number as u32, reader.object());
        }
    }
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while self.at < self.bytes.len() && (self.peek().is_ascii_whitespace() || self.peek() == 0) {
            self.at += 1;
        }
    }

    fn starts(&self, word: &[u8]) -> bool {
        self.bytes[self.at.min(self.bytes.len())..].starts_with(word)
    }

    fn object_or_stream(&mut self) -> Object {
        let object = self.object();
        self.skip_space();
        let Object::Dict(dict) = object else { return object };
        if !self.starts(b"stream") {
            return Object::Dict(dict);
        }
        self.at += b"stream".len();
        if self.peek() == b'\r' {
            self.at += 1;
        }
        self.at += 1;
        let length = match dict.get("Length") {
            Some(Object::Number(length)) => *length as usize,
            _ => 0,
        };
        let raw = &self.bytes[self.at..(self.at + length).min(self.bytes.len())];
        self.at += length;
        let packed = format!("{:?}", dict.get("Filter")).contains("FlateDecode");
        let mut data = Vec::new();
        if !(packed && ZlibDecoder::new(raw).read_to_end(&mut data).is_ok()) {
            data = raw.to_vec();
        }
        Object::Stream(dict, data)
    }

    fn object(&mut self) -> Object {
        self.skip_space();
        match self.peek() {
            b'<' if self.starts(b"<<") => self.dict(),
            b'<' => self.hex(),
            b'(' => self.literal(),
            b'/' => Object::Name(self.name()),
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    self.skip_space();
                    if self.peek() == b']' || self.at >= self.bytes.len() {
                        self.at += 1;
                        return Object::List(items);
                    }
                    items.push(self.object());
                }
            }
            _ => self.number_or_word(),
        }
    }

    fn dict(&mut self) -> Object {
        self.at += 2;
        let mut dict = BTreeMap::new();
        loop {
            self.skip_space();
            if self.starts(b">>") || self.at >= self.bytes.len() {
                self.at += 2;
                return Object::Dict(dict);
            }
            let key = self.name();
            let value = self.object();
            dict.insert(key, value);
        }
    }

    fn name(&mut self) -> String {
        self.at += 1;
        let start = self.at;
        while self.at < self.bytes.len() && !self.peek().is_ascii_whitespace() && !b"/<>[]()".contains(&self.peek()) {
            self.at += 1;
        }
        String::from_utf8_lossy(&self.bytes[start..self.at]).into_owned()
    }

    fn hex(&mut self) -> Object {
        self.at += 1;
        let start = self.at;
        while self.at < self.bytes.len() && self.peek() != b'>' {
            self.at += 1;
        }
        let digits: Vec<u8> = self.bytes[start..self.at].iter().copied().filter(u8::is_ascii_hexdigit).collect();
        self.at += 1;
        let byte = |pair: &[u8]| u8::from_str_radix(&String::from_utf8_lossy(pair), 16).unwrap_or_default();
        Object::Text(digits.chunks(2).map(byte).collect())
    }

    fn literal(&mut self) -> Object {
        self.at += 1;
        let mut depth = 1;
        let mut out = Vec::new();
        while self.at < self.bytes.len() {
            let byte = self.peek();
            self.at += 1;
            match byte {
                b'\\' => {
                    let escaped = self.peek();
                    self.at += 1;
                    out.push(match escaped {
                        b'n' => b'\n',
                        b'b' => 8,
                        b'f' => 12,
                        b'r' => b'\r',
                        b't' => b'\t',
                        digit @ b'0'..=b'7' => {
                            let mut value = u32::from(digit - b'0');
                            for _ in 0..2 {
                                if (b'0'..=b'7').contains(&self.peek()) {
                                    value = value * 8 + u32::from(self.peek() - b'0');
                                    self.at += 1;
                                }
                            }
                            value as u8
                        }
                        other => other,
                    });
                }
                b'(' => {
                    depth += 1;
                    out.push(byte);
                }
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                    out.push(byte);
                }
                other => out.push(other),
            }
        }
        Object::Text(out)
    }

    fn number_or_word(&mut self) -> Object {
        let start = self.at;
        while self.at < self.bytes.len() && !self.peek().is_ascii_whitespace() && !b"/<>[]()".contains(&self.peek()) {
            self.at += 1;
        }
        if self.at == start {
            self.at += 1;
        }
        let word = String::from_utf8_lossy(&self.bytes[start..self.at.min(self.bytes.len())]).into_owned();
        match word.as_str() {
            "true" => return Object::Bool(true),
            "false" => return Object::Bool(false),
            _ => {}
        }
        let Ok(number) = word.parse::<f64>() else { return Object::Null };
        let rest = &self.bytes[self.at..(self.at + 8).min(self.bytes.len())];
        if rest.starts_with(b" 0 R") {
            self.at += 4;
            return Object::Reference(number as u32);
        }
        Object::Number(number)
    }
}

/// A piece of a page's content.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    Operand(Object),
    Operator(String),
}

/// The operands and operators of a page's content, or of a font's table of texts, in order.
pub fn content_tokens(bytes: &[u8]) -> Vec<Token> {
    let mut reader = Reader { bytes, at: 0 };
    let mut tokens = Vec::new();
    loop {
        reader.skip_space();
        if reader.at >= bytes.len() {
            return tokens;
        }
        match reader.peek() {
            b'%' => {
                while reader.at < bytes.len() && reader.peek() != b'\n' {
                    reader.at += 1;
                }
            }
            b'<' | b'(' | b'/' | b'[' => tokens.push(Token::Operand(reader.object())),
            _ => {
                let start = reader.at;
                let is_end = |byte: u8| byte.is_ascii_whitespace() || b"/<>[]()".contains(&byte);
                while reader.at < bytes.len() && !is_end(reader.peek()) {
                    reader.at += 1;
                }
                reader.at = reader.at.max(start + 1);
                let word = String::from_utf8_lossy(&bytes[start..reader.at]).into_owned();
                tokens.push(match word.parse::<f64>() {
                    Ok(number) => Token::Operand(Object::Number(number)),
                    Err(_) => Token::Operator(word),
                });
            }
        }
    }
}
