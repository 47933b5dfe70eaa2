//! What a font says of its codes.

use std::collections::BTreeMap;

use super::content::utf16;
use super::file::PdfFile;
use super::object::{ContentToken, ObjectReader, PdfDict, PdfObject};

/// Codes of one font.
const MOST_CODES: usize = 1 << 16;

/// The text of each code, and its width in thousandths of the font's size.
pub struct PdfFont {
    /// Bytes of a code.
    pub code_bytes: usize,
    texts: BTreeMap<u32, String>,
    widths: BTreeMap<u32, f64>,
    default_width: f64,
}

impl PdfFont {
    /// Reads what is needed of a font's dictionary.
    pub fn read(file: &PdfFile, font: &PdfDict) -> PdfFont {
        let inner = file.list_in(font, b"DescendantFonts").first().map(|inner| file.dict(inner));
        let mut read = PdfFont {
            code_bytes: if inner.is_some() { 2 } else { 1 },
            texts: BTreeMap::new(),
            widths: BTreeMap::new(),
            default_width: 0.0,
        };
        match inner {
            Some(inner) => {
                read.default_width = file.get(&inner, b"DW").number().unwrap_or(1000.0);
                read.read_wide_widths(file, &file.list_in(&inner, b"W"));
            }
            None => {
                let first = file.get(font, b"FirstChar").count().unwrap_or_default() as u32;
                let widths = file.list_in(font, b"Widths").into_iter().take(256);
                read.widths = (first..).zip(widths.filter_map(|width| width.number())).collect();
            }
        }
        let map = font.get(b"ToUnicode".as_slice()).and_then(|map| file.stream(map));
        if let Some(map) = map.and_then(|map| file.unpack(&map).ok()) {
            read.read_texts(&map);
        }
        read
    }

    /// The text of a code; empty if the font doesn't say.
    pub fn text(&self, code: u32) -> &str {
        self.texts.get(&code).map(String::as_str).unwrap_or_default()
    }

    /// In thousandths of the font's size.
    pub fn width(&self, code: u32) -> f64 {
        self.widths.get(&code).copied().unwrap_or(self.default_width)
    }

    fn read_wide_widths(&mut self, file: &PdfFile, listed: &[PdfObject]) {
        let mut rest = listed;
        while let [first, second, tail @ ..] = rest {
            let Some(first) = first.count().map(|code| code as u32) else { return };
            if let PdfObject::Array(widths) = file.resolve(second) {
                self.widths.extend((first..).zip(widths.iter().filter_map(PdfObject::number)).take(MOST_CODES));
                rest = tail;
                continue;
            }
            let (Some(last), [width, after @ ..]) = (second.count(), tail) else { return };
            let codes = (first..=last as u32).take(MOST_CODES);
            self.widths.extend(codes.filter_map(|code| Some((code, width.number()?))));
            rest = after;
        }
    }

    /// The text of each code, from a font's table of them.
    fn read_texts(&mut self, map: &[u8]) {
        let mut reader = ObjectReader::new(map, 0);
        let mut operands: Vec<PdfObject> = Vec::new();
        while let Some(token) = reader.read_token() {
            let operator = match token {
                ContentToken::Operand(operand) => {
                    operands.push(operand);
                    continue;
                }
                ContentToken::Operator(operator) => operator,
            };
            match operator.as_slice() {
                b"endbfchar" => {
                    for pair in operands.chunks_exact(2) {
                        if let [PdfObject::Text(from), PdfObject::Text(to)] = pair {
                            self.add_text(code_of(from), utf16(to));
                        }
                    }
                }
                b"endbfrange" => operands.chunks_exact(3).for_each(|range| self.add_range(range)),
                _ => {}
            }
            operands.clear();
        }
    }

    fn add_range(&mut self, range: &[PdfObject]) {
        match range {
            [PdfObject::Text(from), PdfObject::Text(to), PdfObject::Text(first)] => {
                let Some((last, before)) = first.split_last() else { return };
                for (code, last) in (code_of(from)..=code_of(to)).zip(*last..=u8::MAX) {
                    let text: Vec<u8> = before.iter().copied().chain([last]).collect();
                    self.add_text(code, utf16(&text));
                }
            }
            [PdfObject::Text(from), PdfObject::Text(_), PdfObject::Array(each)] => {
                for (code, text) in (code_of(from)..).zip(each) {
                    if let PdfObject::Text(text) = text {
                        self.add_text(code, utf16(text));
                    }
                }
            }
            _ => {}
        }
    }

    fn add_text(&mut self, code: u32, text: String) {
        if self.texts.len() < MOST_CODES {
            self.texts.insert(code, text);
        }
    }
}

/// A code of some bytes as a number.
pub fn code_of(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |code, byte| code << 8 | u32::from(*byte))
}
