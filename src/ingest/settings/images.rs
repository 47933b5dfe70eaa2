//! `[[images]]`: photographs and other pictures with their words.

use std::path::Path;

use super::named_files::named_file;
use super::toml_reader::{TomlKeys, TomlReader};
use crate::diagnostic::kinds;
use crate::model::{Lang, Picture};

/// Reads `[[images]]`; a file that is named twice is a problem.
pub fn read_images<'a>(
    reader: &TomlReader<'a>,
    keys: &TomlKeys<'a>,
    folder: &Path,
    languages: &[Lang],
) -> Vec<Picture> {
    let mut images: Vec<Picture> = Vec::new();
    for keys in reader.tables(keys, "images") {
        let before = reader.problem_count();
        let file = reader.require(&keys, "file").and_then(|node| {
            let file = named_file(reader, folder, &node)?;
            if images.iter().any(|other| other.file == file) {
                reader.report_at(&node.span, kinds::DuplicateFile);
                return None;
            }
            Some(file)
        });
        // Which reports would print it isn't known yet.
        reader.attribute_since(before, None);
        let alt = reader.require(&keys, "alt").map(|node| reader.text(&node, languages)).unwrap_or_default();
        let credit = keys.take("credit").map(|node| reader.text(&node, languages)).unwrap_or_default();
        let caption = keys.take("caption").map(|node| reader.text(&node, languages)).unwrap_or_default();
        let large = keys.take("large").and_then(|node| reader.boolean(&node)).unwrap_or(false);
        keys.finish(reader);
        if let Some(file) = file {
            images.push(Picture { file, alt, caption, credit, large });
        }
    }
    images
}
