//! A document as its templates read it: two files of JSON.

use std::collections::BTreeMap;

use serde::Serialize;

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

/// Names and contents of the files that the templates read a document from.
///
/// # Errors
/// Something of the document isn't to be had in JSON.
pub fn data_files(document: &Document) -> Result<[(&'static str, Vec<u8>); 2], serde_json::Error> {
    let images =
        document.pictures.keys().enumerate().map(|(at, path)| (path.as_str(), files::picture_name(at))).collect();
    let common = Common { theme: &document.theme, layout: document.layout, anchors: &document.anchors, images };
    Ok([("common.json", serde_json::to_vec(&common)?), ("data.json", serde_json::to_vec(document)?)])
}
