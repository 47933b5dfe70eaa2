//! A document as its templates read it: two files of JSON.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::coverage::FontCoverage;
use super::files;
use crate::report::document::{Document, DocumentLayout};

/// What the documents of a project mostly share. All templates but the first read nothing else, so that the typesetter
/// evaluates them once for all of these documents.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Common<'a> {
    theme: &'a BTreeMap<String, String>,
    layout: DocumentLayout,
    anchors: &'a [String],
    /// Path of a picture → the name that the template reads it by.
    images: BTreeMap<&'a str, String>,
}

/// Names and contents of the files that the templates read a document from. What the fonts lack is in brackets.
///
/// # Errors
/// Something of the document isn't to be had in JSON.
pub fn data_files(
    document: &Document,
    coverage: &FontCoverage,
) -> Result<[(&'static str, Vec<u8>); 2], serde_json::Error> {
    let images =
        document.pictures.keys().enumerate().map(|(at, path)| (path.as_str(), files::picture_name(at))).collect();
    let common = Common { theme: &document.theme, layout: document.layout, anchors: &document.anchors, images };
    let data = serde_json::to_string(document)?;
    // Control characters are escaped in JSON.
    let is_printed = !["\\u", "\\b", "\\f", "\\r"].iter().any(|escape| data.contains(escape))
        && coverage.unprinted(&data).next().is_none();
    let data = if is_printed { data.into_bytes() } else { printable_data(document, coverage)? };
    Ok([("common.json", serde_json::to_vec(&common)?), ("data.json", data)])
}

fn printable_data(document: &Document, coverage: &FontCoverage) -> serde_json::Result<Vec<u8>> {
    let mut data = serde_json::to_value(document)?;
    let printer = Printer { document, coverage };
    printer.rewrite(&mut data, 0);
    serde_json::to_vec(&data)
}

struct Printer<'a> {
    document: &'a Document,
    coverage: &'a FontCoverage,
}

impl Printer<'_> {
    /// `part` is the language that the value is in. Lists named `parts` and `entries` hold one item per language.
    fn rewrite(&self, value: &mut Value, part: usize) {
        match value {
            Value::String(text) => {
                if self.coverage.unprinted(text).next().is_some()
                    && let Some(part) = self.document.parts.get(part)
                {
                    *text = self.coverage.printable(text, &part.scripts);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.rewrite(item, part)),
            Value::Object(fields) => {
                for (name, field) in fields.iter_mut() {
                    match field {
                        Value::Array(items) if ["parts", "entries"].contains(&name.as_str()) => {
                            items.iter_mut().enumerate().for_each(|(at, item)| self.rewrite(item, at));
                        }
                        // What is looked up by name.
                        _ if ["file", "url", "indicator", "anchors", "theme"].contains(&name.as_str()) => {}
                        _ => self.rewrite(field, part),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}
