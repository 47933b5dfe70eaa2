//! Sheets as files: workbooks, and CSV in the encodings and with the separators of the field.

use std::fmt::Write;

use encoding_rs::WINDOWS_1251;
use rust_xlsxwriter::{Format, Formula, Workbook};

use super::super::sheets::{parts, zipped};
use super::cells::{ESCAPED, Written};
use super::sheet::Sheet;
use super::world::Random;

/// Stands for a cached value until the file is finished: the writer can't cache an empty text, nor nothing.
const EMPTY: &str = "an empty text";
const NOTHING: &str = "nothing at all";

pub fn workbook(sheets: &[&Sheet]) -> Vec<u8> {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("dd.mm.yyyy");
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(&sheet.name).expect("a name");
        for &(first, last, left, right) in &sheet.merged {
            page.merge_range(first, left as u16, last, right as u16, "", &Format::new()).expect("a range");
        }
        for (&(row, column), cell) in &sheet.cells {
            let column = column as u16;
            let formula = |cached: &str| Formula::new("=A1").set_result(cached);
            match cell {
                Written::Blank => continue,
                Written::Text(text) => page.write_string(row, column, text),
                Written::Number(number) => page.write_number(row, column, *number),
                Written::Dated(serial) => page.write_number_with_format(row, column, *serial, &day),
                Written::Formula(cached) if cached.is_empty() => page.write_formula(row, column, formula(EMPTY)),
                Written::Formula(cached) => page.write_formula(row, column, formula(cached)),
                Written::Error(error) => page.write_formula(row, column, formula(error)),
                Written::Uncalculated => page.write_formula(row, column, formula(NOTHING)),
            }
            .expect("a cell");
        }
        for &row in &sheet.hidden {
            page.set_row_hidden(row).expect("a row");
        }
    }
    let mut parts = parts(&book.save_to_buffer().expect("a workbook"));
    for (_, content) in parts.iter_mut().filter(|(name, _)| name.ends_with(".xml")) {
        let xml = String::from_utf8(std::mem::take(content)).expect("text");
        let xml = xml.replace(&format!("<v>{EMPTY}</v>"), "<v></v>").replace(&format!("<v>{NOTHING}</v>"), "");
        *content = xml.replace(ESCAPED, "_x000D_").into_bytes();
    }
    zipped(&parts)
}

pub fn csv(random: &mut Random, sheet: &Sheet) -> Vec<u8> {
    let separator = random.pick(&[',', ';', '\t']);
    let width = sheet.cells.keys().map(|(_, column)| column + 1).max().unwrap_or_default();
    let full = random.once_in(2);
    let mut text = String::new();
    for row in 0..=sheet.last_row() {
        let last = sheet.cells.keys().filter(|(other, _)| *other == row).map(|(_, column)| column + 1).max();
        for column in 0..if full { width } else { last.unwrap_or_default() } {
            if column > 0 {
                text.push(separator);
            }
            let field = sheet.cells.get(&(row, column)).map(field).unwrap_or_default();
            if field.contains([separator, '"', '\n', '\r']) {
                write!(text, "\"{}\"", field.replace('"', "\"\"")).expect("a text");
            } else {
                text.push_str(&field);
            }
        }
        text.push_str("\r\n");
    }
    let (cyrillic, _, lossy) = WINDOWS_1251.encode(&text);
    match random.below(5) {
        0 if !lossy => cyrillic.into_owned(),
        1 => [&[0xff, 0xfe][..], &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat(),
        2 => [&[0xfe, 0xff][..], &text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>()].concat(),
        3 => format!("\u{feff}{text}").into_bytes(),
        _ => text.into_bytes(),
    }
}

fn field(cell: &Written) -> String {
    match cell {
        Written::Text(text) | Written::Formula(text) => text.replace(ESCAPED, "\r"),
        Written::Number(number) | Written::Dated(number) => number.to_string(),
        Written::Blank | Written::Error(_) | Written::Uncalculated => String::new(),
    }
}
