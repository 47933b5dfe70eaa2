//! Files that project.toml names: inside the project's folder only, and there.

use std::path::{Component, Path};

use super::toml_reader::{TomlNode, TomlReader};
use crate::diagnostic::kinds;
use crate::folder::{self, PathFault};
use crate::ingest::workbook::missing_file;

/// A key is a handful of bytes; what is longer is some other file.
const KEY_BYTES: u64 = 64 * 1024;

/// The path as written, `/` between its parts, if it is a file inside the folder; a problem otherwise.
pub fn named_file<'a>(reader: &TomlReader<'a>, folder: &Path, node: &TomlNode<'a>) -> Option<String> {
    match find_named_file(reader, folder, node)? {
        Ok(file) => Some(file),
        Err(missing) => {
            reader.report_at(&node.span, missing_file(folder, &missing));
            None
        }
    }
}

/// [`named_file`] that leaves it to the caller to report a file that isn't there: then it is its path.
pub fn find_named_file<'a>(
    reader: &TomlReader<'a>,
    folder: &Path,
    node: &TomlNode<'a>,
) -> Option<Result<String, String>> {
    let written = reader.string(node)?;
    // Other systems take a backslash for a part of a name.
    let found = if written.contains('\\') { Err(PathFault::Outside) } else { folder::resolve_file(folder, &written) };
    match found {
        Ok(_) => Some(Ok(normalize_path(&written))),
        Err(PathFault::Outside) => {
            reader.report_at(&node.span, kinds::OutsideFolder);
            None
        }
        Err(PathFault::Missing) => Some(Err(normalize_path(&written))),
    }
}

/// `./a/b` as `a/b`.
fn normalize_path(path: &str) -> String {
    let parts: Vec<_> = Path::new(path)
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    parts.join("/")
}

/// The bytes of `key_file`, without white space around them.
pub fn read_key<'a>(reader: &TomlReader<'a>, folder: &Path, node: &TomlNode<'a>) -> Option<Vec<u8>> {
    let file = named_file(reader, folder, node)?;
    let key = folder::read_bytes(&folder.join(&file), KEY_BYTES).ok();
    let key = key.map(|bytes| bytes.trim_ascii().to_vec()).filter(|key| !key.is_empty());
    if key.is_none() {
        reader.report_at(&node.span, kinds::UnusableKey);
    }
    key
}
