//! A document as its templates read it: two files of JSON.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::coverage::FontCoverage;
use super::files;
use super::long_texts::{break_words, has_long_text, shorten};
use crate::report::document::{Document, DocumentLayout};

/// What the documents of a project mostly share. All templates but the first read nothing else, so that the typesetter
/// evaluates them once for all of these documents.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Common<'a> {
    theme: &'a BTreeMap<String, String>,
    layout: DocumentLayout,
    anchors: Vec<String>,
    /// Path of a picture → the name that the template reads it by.
    images: BTreeMap<&'a str, String>,
}

/// Names and contents of the files that the templates read a document from. What the fonts lack is in brackets, and what
/// is too long for a line, or for a text of a PDF that isn't on a page, is parted or shortened.
///
/// # Errors
/// Something of the document isn't to be had in JSON.
pub fn data_files(
    document: &Document,
    coverage: &FontCoverage,
) -> Result<[(&'static str, Vec<u8>); 2], serde_json::Error> {
    let mut printer = Printer { document, coverage, codes: BTreeMap::new() };
    let anchors = document.anchors.iter().map(|code| printer.print_code(code)).collect();
    let images =
        document.pictures.keys().enumerate().map(|(at, path)| (path.as_str(), files::picture_name(at))).collect();
    let common = Common { theme: &document.theme, layout: document.layout, anchors, images };
    let data = serde_json::to_string(document)?;
    // Control characters are escaped in JSON.
    let is_printed = !["\\u", "\\b", "\\f", "\\r"].iter().any(|escape| data.contains(escape))
        && coverage.unprinted(&data).next().is_none()
        && !has_long_text(&data);
    let data = if is_printed {
        data.into_bytes()
    } else {
        let mut data = serde_json::to_value(document)?;
        printer.rewrite(&mut data, 0);
        for property in PROPERTIES {
            if let Some(Value::String(text)) = data.get_mut(property) {
                *text = shorten(text);
            }
        }
        serde_json::to_vec(&data)?
    };
    Ok([("common.json", serde_json::to_vec(&common)?), ("data.json", data)])
}

/// Fields that name a file, an address or a setting, which isn't printed.
const NAMES: [&str; 4] = ["file", "url", "theme", "attachment"];
/// Fields that hold the code of an indicator, by which others refer to it.
const CODES: [&str; 3] = ["code", "indicator", "anchors"];
/// Properties of the document, which no page shows.
const PROPERTIES: [&str; 3] = ["title", "author", "description"];
/// Bytes of a code that is printed whole.
const LONGEST_CODE: usize = 200;
/// Fields that hold one item per language.
const BY_LANGUAGE: [&str; 2] = ["parts", "entries"];

/// Whether a field holds the alternative text of a picture.
fn is_alternative(name: &str) -> bool {
    name == "alt" || name.ends_with("-alt")
}

/// Replaces in a document what the fonts lack.
struct Printer<'a> {
    document: &'a Document,
    coverage: &'a FontCoverage,
    /// Codes → what is printed for them, different for different codes: they are the names of places, too.
    codes: BTreeMap<String, String>,
}

impl Printer<'_> {
    /// `part` is the language that the value is in.
    fn rewrite(&mut self, value: &mut Value, part: usize) {
        match value {
            Value::String(text) => *text = self.print(text, part),
            Value::Array(items) => items.iter_mut().for_each(|item| self.rewrite(item, part)),
            Value::Object(fields) => {
                // Charts and tables are found by the code of their indicator.
                let old = std::mem::take(fields);
                *fields = old
                    .into_iter()
                    .map(|(name, mut field)| {
                        self.rewrite_field(&name, &mut field, part);
                        (self.print_code(&name), field)
                    })
                    .collect();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn rewrite_field(&mut self, name: &str, field: &mut Value, part: usize) {
        match field {
            _ if NAMES.contains(&name) => {}
            Value::String(text) if is_alternative(name) => *text = shorten(&self.print(text, part)),
            Value::Array(items) if BY_LANGUAGE.contains(&name) => {
                items.iter_mut().enumerate().for_each(|(at, item)| self.rewrite(item, at));
            }
            Value::String(code) if CODES.contains(&name) => *code = self.print_code(code),
            Value::Array(items) if CODES.contains(&name) => {
                for item in items {
                    if let Value::String(code) = item {
                        *code = self.print_code(code);
                    }
                }
            }
            _ => self.rewrite(field, part),
        }
    }

    fn print(&self, text: &str, part: usize) -> String {
        match self.document.parts.get(part) {
            Some(part) if self.coverage.unprinted(text).next().is_some() => {
                break_words(&self.coverage.printable(text, &part.scripts))
            }
            _ => break_words(text),
        }
    }

    fn print_code(&mut self, code: &str) -> String {
        if self.coverage.unprinted(code).next().is_none() && code.len() <= LONGEST_CODE {
            return code.to_owned();
        }
        if let Some(printed) = self.codes.get(code) {
            return printed.clone();
        }
        let printed: String = self.print(code, 0).chars().take(LONGEST_CODE).collect();
        let is_free = |name: &String| self.codes.values().all(|taken| taken != name);
        let numbered = (2..).map(|number| format!("{printed} {number}"));
        let unique = std::iter::once(printed.clone()).chain(numbered).find(is_free).unwrap_or_default();
        self.codes.insert(code.to_owned(), unique.clone());
        unique
    }
}
