//! Texts and numbers fitted into cells: widths, numbers of lines, what is cut where a workbook holds no more.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::style::AnnexStyle;
use crate::report::annex::{Annex, AnnexCell, AnnexColumn, AnnexSheet, CachedResult, SheetRole};

/// Characters that a cell can hold.
const CELL_LENGTH: usize = 32_767;

/// Characters that a sheet's name can hold.
const NAME_LENGTH: usize = 31;

/// About how many characters a number takes under a format code, with room at both ends.
pub fn printed_width(value: Decimal, format: &str) -> f64 {
    let first = format.split(';').next().unwrap_or_default();
    let quoted: usize = first.split('"').skip(1).step_by(2).map(|words| words.chars().count()).sum();
    let bare: String = first.split('"').step_by(2).collect();
    let value = if bare.contains('%') { value * Decimal::ONE_HUNDRED } else { value };
    let digits = if bare.contains('0') {
        let whole = value.trunc().to_string().len();
        let decimals = bare.split_once('.').map_or(0, |(_, decimals)| decimals.chars().count() + 1);
        whole + whole / 3 + decimals + usize::from(bare.contains('%'))
    } else {
        0
    };
    (quoted + digits + 3) as f64
}

/// Widths of a sheet's columns: as wide as their texts are, between what the style allows, and wider where a number would
/// not fit, in place of which a spreadsheet shows hash signs.
pub fn column_widths(annex: &Annex, sheet: &AnnexSheet, style: &AnnexStyle) -> Vec<f64> {
    // A summary is to be as wide as a page.
    let is_narrowed = sheet.role == SheetRole::Summary && sheet.heading_rows() > 1;
    let at_most: Vec<f64> = sheet.columns.iter().map(|column| style.width_at_most(column.kind, is_narrowed)).collect();
    // A filter's button takes the end of a heading.
    let button = if sheet.role == SheetRole::Summary { 1.0 } else { 3.0 };
    let least = |(column, at_most): (&AnnexColumn, &f64)| {
        let word = column.headings.iter().flat_map(|heading| heading.split_whitespace()).map(text_width);
        // Headings have at most three lines.
        let line = column.headings.iter().map(|heading| text_width(heading) / 3.0 + 2.0);
        let width = style.column(column.kind).width;
        word.map(|word| word + button).chain(line).fold(width, f64::max).min(*at_most)
    };
    let mut widths: Vec<f64> = sheet.columns.iter().zip(&at_most).map(least).collect();
    let mut fit = |row: &[AnnexCell], with_texts: bool| {
        for ((width, at_most), cell) in widths.iter_mut().zip(&at_most).zip(row) {
            *width = match cell {
                AnnexCell::Text(text) | AnnexCell::Link { text, .. } if with_texts => {
                    let longest = text.split('\n').map(text_width).fold(0.0, f64::max) + 2.0;
                    width.max(longest.min(*at_most))
                }
                AnnexCell::Formula { result: CachedResult::Text(text), .. } if with_texts => {
                    width.max((text_width(text) + 2.0).min(*at_most))
                }
                AnnexCell::Number(value, format)
                | AnnexCell::Formula { result: CachedResult::Number(value), format, .. } => {
                    width.max(printed_width(*value, &annex.formats[usize::from(format.0)]))
                }
                _ => *width,
            };
        }
    };
    sheet.head.iter().for_each(|row| fit(row, false));
    let mut iter = sheet.rows.iter();
    let mut row = Vec::new();
    for _ in 0..style.lines.measured_rows {
        row.clear();
        if !iter(&mut row) {
            break;
        }
        fit(&row, true);
    }
    widths
}

/// How wide the longest line of a column is.
pub fn longest_line(rows: &[Vec<AnnexCell>], column: usize) -> f64 {
    let texts = rows.iter().filter_map(|row| match row.get(column) {
        Some(AnnexCell::Text(text) | AnnexCell::Link { text, .. }) => Some(text),
        _ => None,
    });
    texts.flat_map(|text| text.split('\n')).map(text_width).fold(0.0, f64::max) + 2.0
}

/// How wide the longest word of a text is.
pub fn longest_word(text: &str) -> f64 {
    text.split_whitespace().map(text_width).fold(0.0, f64::max)
}

/// Width of a text in digits: small Latin letters are narrower, others about as wide.
fn text_width(text: &str) -> f64 {
    text.chars().map(letter_width).sum()
}

fn letter_width(letter: char) -> f64 {
    match letter {
        'a'..='z' | '.' | ',' | ':' | ';' | ' ' | '-' | '(' | ')' => 0.9,
        letter if letter.is_lowercase() => 0.98,
        _ => 1.05,
    }
}

/// How many lines the longest wrapped text of a row takes.
pub fn row_line_count(sheet: &AnnexSheet, style: &AnnexStyle, widths: &[f64], row: &[AnnexCell]) -> u32 {
    let wraps = |column: &AnnexColumn| style.column(column.kind).wrap;
    let of = |((cell, column), width): ((&AnnexCell, &AnnexColumn), &f64)| match cell {
        AnnexCell::Text(text) | AnnexCell::Link { text, .. } if wraps(column) => wrapped_line_count(text, *width),
        AnnexCell::Group(text) if sheet.heading_rows() > 1 => wrapped_line_count(text, *width),
        _ => 1,
    };
    let lines = row.iter().zip(&sheet.columns).zip(widths).map(of).max().unwrap_or(1);
    lines.min(style.lines.row_at_most)
}

/// Lines of a text in a column so many characters wide, broken between words.
pub fn wrapped_line_count(text: &str, width: f64) -> u32 {
    let width = width.max(4.0);
    if text.len() as f64 * 1.05 <= width && !text.contains('\n') {
        return 1;
    }
    let lines_of = |line: &str| {
        let (mut lines, mut filled) = (1, 0.0);
        for word in line.split(' ') {
            let length = text_width(word);
            if filled > 0.0 && filled + letter_width(' ') + length > width {
                lines += 1;
                filled = 0.0;
            }
            filled += length + if filled > 0.0 { letter_width(' ') } else { 0.0 };
            // A word longer than the column goes on in the next line.
            while filled > width {
                lines += 1;
                filled -= width;
            }
        }
        lines
    };
    text.split('\n').map(lines_of).sum()
}

/// A name for the sheet that goes on where another is full: `Attendance (2)`.
pub fn part_name(name: &str, part: u32) -> String {
    if part == 1 {
        return name.to_owned();
    }
    let tail = format!(" ({part})");
    let kept: String = name.chars().take(NAME_LENGTH - tail.chars().count()).collect();
    format!("{kept}{tail}")
}

/// Headings of one table, those of its last row, made unique, as tables demand.
pub fn unique_headings(columns: &[AnnexColumn]) -> Vec<String> {
    let mut headings: Vec<String> = Vec::new();
    for column in columns {
        let own = column.headings.last().map(String::as_str).unwrap_or_default();
        let mut heading = own.to_owned();
        let mut again = 2;
        while headings.iter().any(|other| other.to_lowercase() == heading.to_lowercase()) {
            heading = format!("{own} ({again})");
            again += 1;
        }
        headings.push(heading);
    }
    headings
}

/// As much of a text as a cell can hold.
pub fn truncate_for_cell(text: &str) -> String {
    if text.len() <= CELL_LENGTH || text.encode_utf16().count() <= CELL_LENGTH {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut length = 1;
    for letter in text.chars() {
        length += letter.len_utf16();
        if length > CELL_LENGTH {
            break;
        }
        kept.push(letter);
    }
    kept.push('…');
    kept
}

/// Spreadsheets hold numbers in binary; the nearest one, as figures.json has it.
pub fn to_f64(value: Decimal) -> f64 {
    match value.to_i64() {
        Some(whole) if value.scale() == 0 => whole as f64,
        // The library's own conversion may miss the last bit.
        _ => value.to_string().parse().unwrap_or_default(),
    }
}
