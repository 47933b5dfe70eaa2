//! Small text tables become workbooks: one line a row, cells parted by ` | `.
//!
//! | written | becomes |
//! |---|---|
//! | `12`, `-3.5` | a number |
//! | `'12` | the text `12` |
//! | `@2017-03-01`, `@2017-03-01 10:30` | a real date, with a date format |
//! | `@16` | the number 16 with a date format |
//! | `@09:30` | a time of day |
//! | `#007` | the number 7 with a format that shows it so |
//! | `%0.235` | the number 0.235 with a format that shows it as 23.5% |
//! | `TRUE`, `FALSE` | a boolean |
//! | `=1+1 -> 2` | a formula with its cached value; `=1/0 -> #DIV/0!` an error cell; `="" ->` a cached empty text |
//! | `^`, `<` | merged with the cell above, or to the left |
//! | nothing | no cell |
//! | anything else | a text; `\n` is a line break, `\_` a no-break space, `\p` a bar |
//!
//! A line that begins with `~` is a hidden row; an empty line is a blank row.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

/// A project's folder that is removed when the test ends.
pub struct Folder {
    dir: tempfile::TempDir,
}

impl Folder {
    pub fn new() -> Folder {
        Folder { dir: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(&path, content).expect("a file");
        path
    }

    /// Writes a workbook of the given sheets: name and rows.
    pub fn book(&self, name: &str, sheets: &[(&str, &str)]) -> PathBuf {
        self.write(name, workbook(sheets))
    }

    /// Changes one part of a zipped file, as text.
    pub fn patch(&self, name: &str, part: &str, change: impl Fn(String) -> String) {
        let path = self.path().join(name);
        let patched = patched(&fs::read(&path).expect("the file"), part, change);
        fs::write(&path, patched).expect("a file");
    }
}

/// The bytes of an xlsx with the given sheets. A sheet's name that begins with `~` is hidden.
pub fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(name.trim_start_matches('~')).expect("a name");
        if name.starts_with('~') {
            sheet.set_hidden(true);
        }
        fill(sheet, rows);
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    if sheets.iter().all(|(_, rows)| !rows.contains("->")) {
        return bytes;
    }
    // The writer has no way to cache an empty text.
    let mut parts = parts(&bytes);
    for (_, content) in parts.iter_mut().filter(|(name, _)| name.starts_with("xl/worksheets/")) {
        let xml = String::from_utf8(std::mem::take(content)).expect("text");
        *content = xml.replace(&format!("<v>{EMPTY}</v>"), "<v></v>").into_bytes();
    }
    zipped(&parts)
}

/// Stands for a cached empty text until the workbook is written.
const EMPTY: &str = "an empty text";

fn fill(sheet: &mut Worksheet, rows: &str) {
    let rows = rows.strip_prefix('\n').unwrap_or(rows);
    let lines: Vec<&str> = rows.trim_end().lines().map(str::trim).collect();
    let grid: Vec<Vec<&str>> = lines
        .iter()
        .map(|line| line.trim_start_matches('~'))
        .map(|line| if line.is_empty() { Vec::new() } else { line.split('|').map(str::trim).collect() })
        .collect();
    let at = |row: usize, column: usize| grid.get(row).and_then(|cells| cells.get(column)).copied().unwrap_or("");
    for (row, cells) in grid.iter().enumerate() {
        if lines[row].starts_with('~') {
            sheet.set_row_hidden(row as u32).expect("a row");
        }
        for (column, &text) in cells.iter().enumerate() {
            if text == "^" || text == "<" {
                continue;
            }
            let mut last_row = row;
            while at(last_row + 1, column) == "^" {
                last_row += 1;
            }
            let mut last_column = column;
            while at(row, last_column + 1) == "<" {
                last_column += 1;
            }
            if (last_row, last_column) != (row, column) {
                let format = Format::new();
                sheet
                    .merge_range(row as u32, column as u16, last_row as u32, last_column as u16, "", &format)
                    .expect("a range");
            }
            put(sheet, row as u32, column as u16, text);
        }
    }
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, text: &str) {
    let written = if let Some(date) = text.strip_prefix('@') {
        let day = Format::new().set_num_format("dd.mm.yyyy");
        match date.parse::<f64>() {
            Ok(serial) => sheet.write_number_with_format(row, column, serial, &day),
            Err(_) => {
                let moment = ExcelDateTime::parse_from_str(date).expect("a date");
                sheet.write_datetime_with_format(row, column, &moment, &day)
            }
        }
    } else if let Some(digits) = text.strip_prefix('#').filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())) {
        let zeros = Format::new().set_num_format("0".repeat(digits.len()));
        sheet.write_number_with_format(row, column, digits.parse::<f64>().expect("digits"), &zeros)
    } else if let Some(fraction) = text.strip_prefix('%').and_then(|text| text.parse::<f64>().ok()) {
        let percent = Format::new().set_num_format("0.0%");
        sheet.write_number_with_format(row, column, fraction, &percent)
    } else if text.starts_with('=') {
        let (formula, result) = text.split_once("->").unwrap_or((text, ""));
        let result = if result.trim().is_empty() { EMPTY } else { result.trim() };
        sheet.write_formula(row, column, Formula::new(formula.trim()).set_result(result))
    } else if let Some(text) = text.strip_prefix('\'') {
        sheet.write_string(row, column, text)
    } else if let Ok(number) = text.parse::<f64>() {
        sheet.write_number(row, column, number)
    } else if text == "TRUE" || text == "FALSE" {
        sheet.write_boolean(row, column, text == "TRUE")
    } else if text.is_empty() {
        return;
    } else {
        sheet.write_string(row, column, text.replace("\\n", "\n").replace("\\_", "\u{a0}").replace("\\p", "|"))
    };
    written.expect("a cell");
}

/// A zipped file with one part changed, or added where it has none.
pub fn patched(bytes: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut parts = parts(bytes);
    match parts.iter_mut().find(|(name, _)| name == part) {
        Some((_, content)) => {
            *content = change(String::from_utf8(std::mem::take(content)).expect("text")).into_bytes();
        }
        None => parts.push((part.to_owned(), change(String::new()).into_bytes())),
    }
    zipped(&parts)
}

/// The parts of a zipped file.
pub fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).expect("an entry");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("its content");
        parts.push((entry.name().expect("a name").into_owned(), content));
    }
    parts
}

/// A zipped file of parts.
pub fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("an entry");
        writer.write_all(content).expect("its content");
    }
    writer.finish().expect("a zip").into_inner()
}
