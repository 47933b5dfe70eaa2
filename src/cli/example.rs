//! The project of inputs/myla-2017, written from the text tables of `templates/example`: what `init --example` makes,
//! and what wrote the workbooks in the repository. The persons and dates in it are synthetic.

mod register;

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;

use super::workbook::{Book, Generated, Style, XlsxError};
use register::Register;

static EXAMPLE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/example");

/// Every file of the example: path relative to the project's folder, with `/`, and content. The same bytes each time.
pub fn files() -> Result<BTreeMap<String, Vec<u8>>, XlsxError> {
    let mut files = BTreeMap::new();
    if let Some(project) = EXAMPLE.get_dir("project") {
        copy(project, &mut files);
    }
    let register: Register = read("register.toml");
    let style = Style::shipped();
    let drawn = register.draw();
    for workbook in ["activities", "lists", "logframe", "participants"] {
        let mut book: Book = read(&format!("workbooks/{workbook}.toml"));
        book.fill(|generated| match generated {
            Generated::Refugees => drawn.refugees.clone(),
            Generated::Attendances => drawn.attendances.clone(),
        });
        files.insert(book.file.clone(), book.write(&style)?);
    }
    Ok(files)
}

fn copy(dir: &Dir<'static>, files: &mut BTreeMap<String, Vec<u8>>) {
    for file in dir.files() {
        let path = file.path().strip_prefix("project").unwrap_or(file.path());
        files.insert(path.to_string_lossy().replace('\\', "/"), file.contents().to_vec());
    }
    dir.dirs().for_each(|inner| copy(inner, files));
}

/// A text table of the example. They are part of the program; a test proves that they can be read.
fn read<T: DeserializeOwned>(path: &str) -> T {
    let text = EXAMPLE.get_file(path).and_then(|file| file.contents_utf8()).unwrap_or_default();
    toml::from_str(text).unwrap_or_else(|error| panic!("templates/example/{path}: {error}"))
}
