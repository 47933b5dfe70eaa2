//! Our own reader of a sheet's cells gives what the spreadsheet library gives, on sheets as programs write them and on odd
//! ones, where the general reader goes on.

use calamine::{Data, DataRef, Reader, Xlsx};
use donor_report::ingest::raw_row::Raw;
use jiff::civil::Date;
use proptest::prelude::*;

use super::files::{rows, sound};
use super::sheets::{Folder, patched, workbook};

/// Every cell with content by the library: row from 1, column from 0, and what it holds.
fn by_the_library(folder: &Folder, name: &str) -> Vec<(u32, u32, String)> {
    let mut book: Xlsx<_> = calamine::open_workbook(folder.path().join(name)).expect("a workbook");
    let sheet = book.sheet_names()[0].clone();
    let mut reader = book.worksheet_cells_reader(&sheet).expect("a sheet");
    let mut cells = Vec::new();
    while let Some(cell) = reader.next_cell().expect("a cell") {
        let (row, column) = cell.get_position();
        let shown = match cell.get_value() {
            DataRef::SharedString(text) => Some((*text).to_owned()),
            other => match Data::from(other.clone()) {
                Data::Empty => None,
                Data::String(text) => Some(text),
                Data::Float(number) => Some(number.to_string()),
                Data::Bool(yes) => Some(yes.to_string()),
                Data::DateTime(date) => Some(date.as_f64().to_string()),
                Data::Error(error) => Some(error.to_string()),
                // Ours is the same as a date by its format.
                Data::DateTimeIso(text) => text.parse::<Date>().ok().map(|day| {
                    let epoch = jiff::civil::date(1899, 12, 30);
                    day.since((jiff::Unit::Day, epoch)).expect("days").get_days().to_string()
                }),
                other => Some(other.to_string()),
            },
        };
        cells.extend(shown.filter(|text| !text.trim().is_empty()).map(|text| (row + 1, column, text)));
    }
    cells
}

fn by_us(folder: &Folder, name: &str) -> Vec<(u32, u32, String)> {
    let rows = rows(&mut sound(folder, name), 0);
    let cells = rows.iter().flat_map(|row| row.cells.iter().map(|cell| (row.number, cell.column, &cell.raw)));
    cells
        .map(|(row, column, raw)| {
            let shown = match raw {
                Raw::Text(text) | Raw::Error(text) => text.to_string(),
                Raw::Number(number) => number.to_string(),
                Raw::Bool(yes) => yes.to_string(),
                Raw::Date { serial, .. } => serial.to_string(),
                other => format!("{other:?}"),
            };
            (row, column, shown)
        })
        .collect()
}

/// Cells as spreadsheet programs and other writers put them, each with a place for its reference.
const CELLS: [&str; 20] = [
    "<c r=\"{r}\"><v>16</v></c>",
    "<c r=\"{r}\" s=\"1\"><v>42736</v></c>",
    "<c s=\"2\" r=\"{r}\"><v>1.5</v></c>",
    "<c r=\"{r}\" t=\"s\"><v>0</v></c>",
    "<c r=\"{r}\" t=\"s\"><v>2</v></c>",
    "<c r=\"{r}\" t=\"inlineStr\"><is><t>обука &amp; дебата</t></is></c>",
    "<c r=\"{r}\" t=\"inlineStr\"><is><r><t xml:space=\"preserve\">а </t></r><r><rPr><b/></rPr><t>б</t></r></is></c>",
    "<c r=\"{r}\" t=\"str\"><f>A1&amp;\"x\"</f><v>a&lt;b</v></c>",
    "<c r=\"{r}\"><f t=\"shared\" si=\"0\"/><v>-3.25E-2</v></c>",
    "<c r=\"{r}\" t=\"b\"><v>1</v></c>",
    "<c r=\"{r}\" t=\"e\"><v>#DIV/0!</v></c>",
    "<c r=\"{r}\" s=\"1\"/>",
    "<c r=\"{r}\"></c>",
    "<c r=\"{r}\" t=\"n\"><v>0.6</v></c>",
    "<c r=\"{r}\"><v/></c>",
    // Odd ones: from here on the general reader reads.
    "<c r='{r}'><v>7</v></c>",
    "<c r=\"{r}\" t=\"s\"><!-- a remark --><v>1</v></c>",
    "<c r=\"{r}\"><v>text</v></c>",
    "<c r=\"{r}\" t=\"d\"><v>2017-01-31</v></c>",
    "<c r=\"{r}\" cm=\"1\" t=\"s\" ><v>3</v></c >",
];

const STRINGS: &str = "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>прв</t></si>\
    <si><t xml:space=\"preserve\"> втор </t></si><si><r><t>тр</t></r><rPh sb=\"0\" eb=\"1\"><t>glas</t></rPh><r><t>ет</t></r></si>\
    <si><t> outer </t></si></sst>";

const STYLES: &str = "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts count=\"1\">\
    <numFmt numFmtId=\"164\" formatCode=\"dd\\.mm\\.yyyy\"/></numFmts><cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/>\
    <xf numFmtId=\"46\"/></cellXfs></styleSheet>";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn our_reader_gives_what_the_library_gives(
        cells in prop::collection::vec((0..CELLS.len(), 0u32..4, any::<bool>()), 1..60),
        odd in prop::bool::weighted(0.3),
    ) {
        let (mut row, mut column) = (1, 0);
        let mut sheet = String::from("<row r=\"1\">");
        for (cell, skip, new_row) in cells {
            if new_row {
                row += 1 + skip;
                column = 0;
                sheet += &format!("</row>\n<row r=\"{row}\" spans=\"1:9\">");
            } else {
                column += skip;
            }
            if column > 25 {
                break;
            }
            let cell = if odd { cell } else { cell % 15 };
            let letters = char::from(b'A' + column as u8);
            sheet += &CELLS[cell].replace("{r}", &format!("{letters}{row}"));
            column += 1;
        }
        let xml = format!("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{sheet}</row></sheetData></worksheet>");
        let folder = Folder::new();
        let mut bytes = workbook(&[("S", "x")]);
        for (part, content) in
            [("xl/worksheets/sheet1.xml", xml.as_str()), ("xl/sharedStrings.xml", STRINGS), ("xl/styles.xml", STYLES)]
        {
            bytes = patched(&bytes, part, |_| content.to_owned());
        }
        folder.write("t.xlsx", bytes);
        prop_assert_eq!(by_us(&folder, "t.xlsx"), by_the_library(&folder, "t.xlsx"));
    }
}
