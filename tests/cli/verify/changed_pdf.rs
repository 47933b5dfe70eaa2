//! PDFs with something changed in them, by a few lines that know nothing of the program's own reader: objects are replaced
//! as the format has it, at the end of the file.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::render::page_content::{page_objects, texts_of_fonts};
use crate::render::reader::{File, Object, Token, content_tokens};

/// A PDF with an attached file's content replaced.
pub fn with_attachment(pdf: &[u8], name: &str, content: &[u8]) -> Vec<u8> {
    let file = File::read(pdf);
    let specs = file.list(file.get(file.root(), "AF"));
    let spec = specs.into_iter().find(|spec| file.get(spec, "UF").text() == name).expect("such a file");
    let Object::Dict(embedded) = file.get(spec, "EF") else { panic!("no embedded file") };
    let Object::Reference(number) = embedded["F"] else { panic!("not by its number") };
    with_stream(pdf, number, content)
}

/// A PDF with one digit of a figure changed on the page where it is printed first, if its font has another digit.
pub fn with_changed_digit(pdf: &[u8], figure: &str) -> Vec<u8> {
    let file = File::read(pdf);
    for page in page_objects(&file) {
        let Object::Dict(dict) = page else { continue };
        let Object::Reference(number) = dict["Contents"] else { panic!("several streams") };
        let Object::Stream(_, content) = file.follow(&dict["Contents"]) else { panic!("no content") };
        let mut tokens = content_tokens(content);
        if change_digit(&mut tokens, &texts_of_fonts(&file, page), figure) {
            let content: Vec<u8> = tokens.iter().flat_map(written).collect();
            return with_stream(pdf, number, &content);
        }
    }
    panic!("{figure} is printed nowhere by itself");
}

/// Changes the last digit of the first text that is the figure alone.
fn change_digit(tokens: &mut [Token], fonts: &BTreeMap<String, BTreeMap<u32, String>>, figure: &str) -> bool {
    let mut font = None;
    let mut operands: Vec<usize> = Vec::new();
    for at in 0..tokens.len() {
        let Token::Operator(operator) = &tokens[at] else {
            operands.push(at);
            continue;
        };
        let (operator, first) = (operator.clone(), operands.first().copied());
        operands.clear();
        let Some(Token::Operand(operand)) = first.map(|first| &mut tokens[first]) else { continue };
        match operator.as_str() {
            "Tf" => font = fonts.get(operand.name()),
            "TJ" | "Tj" => {
                let Some(font) = font else { continue };
                if text_of(operand, font) == figure && replace_last_digit(operand, font) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

fn text_of(operand: &Object, font: &BTreeMap<u32, String>) -> String {
    let text = |codes: &[u8]| -> String {
        codes.chunks(2).filter_map(|code| font.get(&code_of(code))).map(String::as_str).collect()
    };
    match operand {
        Object::Text(codes) => text(codes),
        Object::List(pieces) => pieces.iter().map(|piece| text_of(piece, font)).collect(),
        _ => String::new(),
    }
}

fn code_of(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte))
}

fn replace_last_digit(operand: &mut Object, font: &BTreeMap<u32, String>) -> bool {
    let codes = match operand {
        Object::Text(codes) => codes,
        Object::List(pieces) => {
            let last = pieces.iter_mut().rev().find(|piece| matches!(piece, Object::Text(_)));
            return last.is_some_and(|last| replace_last_digit(last, font));
        }
        _ => return false,
    };
    let Some(last) = codes.len().checked_sub(2) else { return false };
    let old = code_of(&codes[last..]);
    let is_digit = |text: &str| text.len() == 1 && text.starts_with(|letter: char| letter.is_ascii_digit());
    let other = font.iter().find(|(code, text)| **code != old && is_digit(text));
    match other {
        Some((code, _)) => codes[last..].copy_from_slice(&(*code as u16).to_be_bytes()),
        None => return false,
    }
    true
}

/// A piece of content as a stream holds it.
fn written(token: &Token) -> Vec<u8> {
    match token {
        Token::Operator(operator) => format!("{operator}\n").into_bytes(),
        Token::Operand(operand) => format!("{} ", object(operand)).into_bytes(),
    }
}

fn object(value: &Object) -> String {
    match value {
        Object::Null => "null".to_owned(),
        Object::Bool(truth) => truth.to_string(),
        Object::Number(number) => number.to_string(),
        Object::Name(name) => format!("/{name}"),
        Object::Text(bytes) => format!("<{}>", bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>()),
        Object::List(items) => format!("[{}]", items.iter().map(object).collect::<Vec<_>>().join(" ")),
        Object::Dict(dict) => {
            let entries = dict.iter().map(|(key, value)| format!("/{key} {}", object(value)));
            format!("<<{}>>", entries.collect::<Vec<_>>().join(" "))
        }
        Object::Reference(number) => format!("{number} 0 R"),
        Object::Stream(..) => panic!("a stream within content"),
    }
}

/// A PDF in which a stream has other content, packed: the object anew, and a table that continues the one before.
pub fn with_stream(pdf: &[u8], number: u32, content: &[u8]) -> Vec<u8> {
    let mut packing = ZlibEncoder::new(Vec::new(), Compression::default());
    packing.write_all(content).expect("it is packed");
    let packed = packing.finish().expect("it is packed");
    let tail = String::from_utf8_lossy(&pdf[pdf.len() - 400..]).into_owned();
    let before = |mark: &str| tail.rsplit(mark).next().expect("a trailer").to_owned();
    let previous: usize = before("startxref").split_whitespace().next().expect("a place").parse().expect("a number");
    let trailer = before("trailer");
    let entries = trailer[..trailer.find(">>").expect("its end")].trim_start().trim_start_matches("<<");
    let mut out = pdf.to_vec();
    let start = out.len();
    out.extend(format!("{number} 0 obj\n<</Filter/FlateDecode/Length {}>>\nstream\n", packed.len()).bytes());
    out.extend(packed);
    out.extend(b"\nendstream\nendobj\n");
    let table = out.len();
    out.extend(format!("xref\n{number} 1\n{start:010} 00000 n \ntrailer\n<<{entries}/Prev {previous}>>\n").bytes());
    out.extend(format!("startxref\n{table}\n%%EOF\n").bytes());
    out
}
