//! Texts and numbers fitted into cells: widths, numbers of lines, what is cut where a workbook holds no more.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::style::{AnnexStyle, ColumnStyle};
use crate::report::annex::{AnnexCell, AnnexColumn, AnnexSheet};

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

/// How many lines the longest wrapped text of a row takes.
pub fn row_line_count(sheet: &AnnexSheet, style: &AnnexStyle, row: &[AnnexCell]) -> u32 {
    let columns = sheet.columns.iter().map(|column| style.column(column.kind));
    let of = |(cell, style): (&AnnexCell, &ColumnStyle)| match cell {
        AnnexCell::Text(text) if style.wrap => wrapped_line_count(text, style.width),
        _ => 1,
    };
    row.iter().zip(columns).map(of).max().unwrap_or(1).min(style.lines.row_at_most)
}

/// Lines of a text in a column so many characters wide.
pub fn wrapped_line_count(text: &str, width: f64) -> u32 {
    let width = width.max(4.0) as usize;
    if text.len() <= width && !text.contains('\n') {
        return 1;
    }
    text.split('\n').map(|line| line.chars().count().div_ceil(width).max(1) as u32).sum()
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

/// Headings of one table, made unique, as tables demand.
pub fn unique_headings(columns: &[AnnexColumn]) -> Vec<String> {
    let mut headings: Vec<String> = Vec::new();
    for column in columns {
        let mut heading = column.heading.clone();
        let mut again = 2;
        while headings.iter().any(|other| other.to_lowercase() == heading.to_lowercase()) {
            heading = format!("{} ({again})", column.heading);
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

/// Spreadsheets hold numbers in binary; the nearest one.
pub fn to_f64(value: Decimal) -> f64 {
    value.to_f64().unwrap_or_default()
}
