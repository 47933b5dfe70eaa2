//! How a workbook's cell formats show a number: as a date or a time, with zeros before it, in percent.

use std::collections::BTreeMap;

use crate::diagnostic::Problem;
use crate::ingest::raw_row::NumberDisplay;
use crate::ingest::workbook::archive::Archive;
use crate::ingest::workbook::xml::{attribute, for_each_element};

/// What a format shows a number as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellFormat {
    Number(NumberDisplay),
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
        Ok(9 | 10) => CellFormat::Number(NumberDisplay::Percent),
        Ok(14..=22 | 27..=36 | 45 | 47 | 50..=58) => CellFormat::Date,
        _ => CellFormat::Number(NumberDisplay::Plain),
    }
}

/// By the first section of a format's code: nothing but zeros; a percent sign; words of letters of dates that are neither
/// quoted, escaped nor in brackets; `[h]` counts hours on. Other words (`Standard`, `Genel`: how programs name a number without a format) are no dates.
fn parse_format_code(code: &str) -> CellFormat {
    let first = code.split(';').next().unwrap_or_default();
    if first.len() > 1 && first.bytes().all(|byte| byte == b'0') {
        return CellFormat::Number(NumberDisplay::Padded(u8::try_from(first.len()).unwrap_or(u8::MAX)));
    }
    let mut letters = code.chars();
    let mut word = String::new();
    let mut display = NumberDisplay::Plain;
    loop {
        let letter = letters.next();
        if let Some(letter) = letter.filter(|letter| is_word_letter(*letter)) {
            word.push(letter);
            continue;
        }
        if is_date_word(&word, letter, letters.as_str()) {
            return CellFormat::Date;
        }
        word.clear();
        match letter {
            None | Some(';') => return CellFormat::Number(display),
            Some('%') => display = NumberDisplay::Percent,
            Some('_' | '\\' | '*') => {
                letters.next();
            }
            Some('"') => {
                letters.find(|c| *c == '"');
            }
            Some('[') => {
                let within: String = letters.by_ref().take_while(|c| *c != ']').collect();
                let first = within.chars().next().map(|c| c.to_ascii_lowercase());
                let repeated = within.chars().all(|c| Some(c.to_ascii_lowercase()) == first);
                if matches!(first, Some('h' | 'm' | 's')) && repeated {
                    return CellFormat::Duration;
                }
            }
            Some(_) => {}
        }
    }
}

/// The scripts of East Asia write no spaces: years, months and days follow their numbers.
fn is_word_letter(letter: char) -> bool {
    letter.is_alphabetic() && letter < '\u{1100}'
}

/// Whether a word stands for a part of a date or a time: `yyyymmdd`, `AM` of `AM/PM`. `letter` and `rest` follow it.
fn is_date_word(word: &str, letter: Option<char>, rest: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let is_half_day = matches!(lower.as_str(), "am" | "a") && letter == Some('/') && rest.starts_with(['P', 'p']);
    let is_date_letter = |letter: char| matches!(letter, 'd' | 'm' | 'h' | 'y' | 's' | 'e' | 'g' | 'b');
    // An era or an exponent alone is none.
    is_half_day || lower.chars().all(is_date_letter) && lower.contains(['d', 'm', 'h', 'y', 's'])
}
