//! A workbook with one cell changed, everything else as it was.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The workbook with the number in a cell one higher. `sheet` is a part, such as `sheet1`. A cell that holds a shared text
/// holds the next one then.
pub fn increment_cell(path: &Path, sheet: &str, cell: &str) -> Vec<u8> {
    let bytes = fs::read(path).expect("a workbook");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("its content");
        if name == format!("xl/worksheets/{sheet}.xml") {
            content = incremented(&String::from_utf8(content).expect("text"), cell).into_bytes();
        }
        writer.start_file(name, SimpleFileOptions::default()).expect("a part");
        writer.write_all(&content).expect("its content");
    }
    writer.finish().expect("a workbook").into_inner()
}

fn incremented(xml: &str, cell: &str) -> String {
    let cell = xml.find(&format!("<c r=\"{cell}\"")).expect("the cell");
    let value = xml[cell..].find("<v>").expect("its value") + cell + "<v>".len();
    let end = xml[value..].find("</v>").expect("its end") + value;
    let number: u32 = xml[value..end].parse().expect("a number");
    format!("{}{}{}", &xml[..value], number + 1, &xml[end..])
}
