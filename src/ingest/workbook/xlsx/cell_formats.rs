//! Which of a workbook's cell formats show a number as a date or a time.

use std::collections::BTreeMap;

use crate::diagnostic::Problem;
use crate::ingest::workbook::archive::Archive;
use crate::ingest::workbook::xml::{attribute, for_each_element};

/// How a format shows a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellFormat {
    Number,
    /// As so many digits at least, filled up with zeros.
    Padded(u8),
    Date,
    Duration,
}

/// The cell formats of the part of styles, by number.
pub(super) fn read_cell_formats(archive: &mut Archive, part: &str) -> Result<Vec<CellFormat>, Box<Problem>> {
    let mut formats = Vec::new();
    if !archive.has(part) {
        return Ok(formats);
    }
    let mut own: BTreeMap<String, CellFormat> = BTreeMap::new();
    let mut list = Vec::new();
    for_each_element(archive, part, |element| match element.local_name().as_ref() {
        // Elements of the same names are in other lists too: of named styles, of conditional formats.
        name @ (b"numFmts" | b"cellXfs" | b"cellStyleXfs" | b"cellStyles" | b"dxfs") => list = name.to_vec(),
        b"numFmt" if list == b"numFmts" => {
            if let (Some(id), Some(code)) = (attribute(element, b"numFmtId"), attribute(element, b"formatCode")) {
                own.insert(id, parse_format_code(&code));
            }
        }
        b"xf" if list == b"cellXfs" => {
            let id = attribute(element, b"numFmtId").unwrap_or_default();
            formats.push(own.get(&id).copied().unwrap_or_else(|| built_in_format(&id)));
        }
        _ => {}
    })?;
    Ok(formats)
}

/// Formats that every workbook has, by ECMA-376, 18.8.30; 27 to 36 and 50 to 58 are dates and times of East Asia.
fn built_in_format(id: &str) -> CellFormat {
    match id.parse() {
        Ok(46) => CellFormat::Duration,
        Ok(14..=22 | 27..=36 | 45 | 47 | 50..=58) => CellFormat::Date,
        _ => CellFormat::Number,
    }
}

/// By the first section of a format's code: nothing but zeros; letters of dates that are neither quoted, escaped nor in brackets;
/// `[h]` counts hours on.
fn parse_format_code(code: &str) -> CellFormat {
    let first = code.split(';').next().unwrap_or_default();
    if first.len() > 1 && first.bytes().all(|byte| byte == b'0') {
        return CellFormat::Padded(u8::try_from(first.len()).unwrap_or(u8::MAX));
    }
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ';' => return CellFormat::Number,
            '_' | '\\' | '*' => {
                letters.next();
            }
            '"' => {
                letters.find(|c| *c == '"');
            }
            '[' => {
                let within: String = letters.by_ref().take_while(|c| *c != ']').collect();
                let first = within.chars().next().map(|c| c.to_ascii_lowercase());
                let repeated = within.chars().all(|c| Some(c.to_ascii_lowercase()) == first);
                if matches!(first, Some('h' | 'm' | 's')) && repeated {
                    return CellFormat::Duration;
                }
            }
            'a' | 'A' => {
                let rest = letters.as_str();
                let is_am_pm = ["/P", "/p", "M", "m"].iter().any(|next| rest.starts_with(next));
                if is_am_pm {
                    return CellFormat::Date;
                }
            }
            'd' | 'm' | 'h' | 'y' | 's' | 'D' | 'M' | 'H' | 'Y' | 'S' => return CellFormat::Date,
            _ => {}
        }
    }
    CellFormat::Number
}
