//! Typing into a made workbook, as a spreadsheet program saves it: cells under the headings, in the format that their
//! column has; and what the workbook's validation would let through.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::ingest::sheets::{parts, zipped};

/// What is typed into a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Typed {
    Text(String),
    Number(String),
}

/// A validation of a column.
#[derive(Clone, Debug)]
pub struct Validation {
    pub kind: String,
    pub first: String,
    pub second: String,
}

/// A workbook from `init` with what was typed into it; the workbook itself stays as it was made.
pub struct Desk {
    path: PathBuf,
    made: Vec<(String, Vec<u8>)>,
    /// Sheet by its number from 1 → row, column → what was typed.
    cells: BTreeMap<usize, BTreeMap<(u32, u32), Typed>>,
}

impl Desk {
    pub fn open(path: &Path) -> Desk {
        Desk { path: path.to_owned(), made: parts(&fs::read(path).expect("the workbook")), cells: BTreeMap::new() }
    }

    fn part(&self, name: &str) -> &str {
        let found = self.made.iter().find(|(known, _)| known == name);
        std::str::from_utf8(&found.unwrap_or_else(|| panic!("{name} is missing")).1).expect("text")
    }

    /// Names of sheets in their order.
    pub fn sheets(&self) -> Vec<String> {
        let text = self.part("xl/workbook.xml");
        text.split("<sheet ").skip(1).map(|sheet| attribute(sheet, "name")).collect()
    }

    fn number(&self, sheet: &str) -> usize {
        self.sheets().iter().position(|name| name == sheet).unwrap_or_else(|| panic!("no sheet {sheet}")) + 1
    }

    fn xml(&self, number: usize) -> &str {
        self.part(&format!("xl/worksheets/sheet{number}.xml"))
    }

    /// The last row that is filled in.
    pub fn last(&self, sheet: &str) -> u32 {
        let xml = self.xml(self.number(sheet));
        let rows = xml.split("<row ").skip(1).map(|row| attribute(row, "r").parse::<u32>().expect("a number"));
        rows.max().unwrap_or_default()
    }

    /// Types a row below what is there; empty texts are no cells, `@45000` a date's number, digits a number, anything else
    /// a text; `'12` is the text `12`.
    pub fn row(&mut self, sheet: &str, cells: &[&str]) -> u32 {
        let number = self.number(sheet);
        let typed = self.cells.get(&number).and_then(|cells| cells.keys().map(|(row, _)| *row).max());
        let row = typed.unwrap_or_else(|| self.last(sheet)) + 1;
        for (text, column) in cells.iter().zip(0..) {
            self.cell(sheet, row, column, text);
        }
        row
    }

    /// Types into one cell; an empty text clears it.
    pub fn cell(&mut self, sheet: &str, row: u32, column: u32, text: &str) {
        let number = self.number(sheet);
        let cells = self.cells.entry(number).or_default();
        let typed = match text {
            "" => {
                cells.remove(&(row, column));
                return;
            }
            text if text.starts_with('\'') => Typed::Text(text[1..].to_owned()),
            text if text.parse::<f64>().is_ok() => Typed::Number(text.to_owned()),
            text => Typed::Text(text.to_owned()),
        };
        cells.insert((row, column), typed);
    }

    /// Writes the workbook with all that was typed.
    pub fn save(&self) {
        let mut parts = self.made.clone();
        for (number, cells) in &self.cells {
            let name = format!("xl/worksheets/sheet{number}.xml");
            let (_, content) = parts.iter_mut().find(|(known, _)| *known == name).expect("the sheet");
            let xml = String::from_utf8(std::mem::take(content)).expect("text");
            let styles = styles(&xml);
            let mut rows: BTreeMap<u32, String> = BTreeMap::new();
            for ((row, column), typed) in cells {
                let style = styles.iter().find(|(from, to, _)| (*from..=*to).contains(&(column + 1)));
                let style = style.map(|(.., style)| format!(" s=\"{style}\"")).unwrap_or_default();
                let place = donor_report::diagnostic::cell_name(*row, *column);
                let cell = match typed {
                    Typed::Number(number) => format!("<c r=\"{place}\"{style}><v>{number}</v></c>"),
                    Typed::Text(text) => {
                        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                        format!(
                            "<c r=\"{place}\"{style} t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
                        )
                    }
                };
                rows.entry(*row).or_default().push_str(&cell);
            }
            // Rows that are typed over are written anew.
            let xml = without_rows(&xml, |row| rows.contains_key(&row));
            let rows: String = rows.iter().map(|(row, cells)| format!("<row r=\"{row}\">{cells}</row>")).collect();
            let xml = xml.replace("<sheetData/>", "<sheetData></sheetData>");
            *content = xml.replace("</sheetData>", &format!("{rows}</sheetData>")).into_bytes();
        }
        fs::write(&self.path, zipped(&parts)).expect("written");
    }

    /// The validations of a sheet by column, from 0; the widest of a column.
    pub fn validations(&self, sheet: &str) -> BTreeMap<u32, Validation> {
        let xml = self.xml(self.number(sheet));
        let mut found: BTreeMap<u32, (usize, Validation)> = BTreeMap::new();
        for text in xml.split("<dataValidation ").skip(1) {
            let text = text.split("</dataValidation>").next().unwrap_or_default();
            let range = attribute(text, "sqref");
            let letters: String = range.chars().take_while(char::is_ascii_uppercase).collect();
            let column = letters.bytes().fold(0, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1) - 1;
            let validation = Validation {
                kind: attribute(text, "type"),
                first: between(text, "<formula1>", "</formula1>"),
                second: between(text, "<formula2>", "</formula2>"),
            };
            let width = range.len();
            if found.get(&column).is_none_or(|(known, _)| *known < width) {
                found.insert(column, (width, validation));
            }
        }
        found.into_iter().map(|(column, (_, validation))| (column, validation)).collect()
    }
}

/// A sheet without some of its rows; those that are typed over stand at its end.
fn without_rows(xml: &str, gone: impl Fn(u32) -> bool) -> String {
    let mut pieces = xml.split("<row ");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let number = attribute(piece, "r").parse().expect("a number");
        if !gone(number) {
            write!(out, "<row {piece}").expect("a text");
        } else if let Some((_, after)) = piece.split_once("</row>") {
            out.push_str(after);
        }
    }
    out
}

/// First and last column, from 1, and the format of their cells.
fn styles(xml: &str) -> Vec<(u32, u32, String)> {
    let number = |text: &str, name: &str| attribute(text, name).parse().expect("a number");
    let columns = xml.split("<col ").skip(1).map(|text| text.split("/>").next().unwrap_or_default());
    columns.map(|text| (number(text, "min"), number(text, "max"), attribute(text, "style"))).collect()
}

fn attribute(text: &str, name: &str) -> String {
    unescape(&between(&format!(" {text}"), &format!(" {name}=\""), "\""))
}

fn between(text: &str, from: &str, to: &str) -> String {
    let rest = text.split_once(from).map(|(_, rest)| rest).unwrap_or_default();
    unescape(rest.split(to).next().unwrap_or_default())
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}
