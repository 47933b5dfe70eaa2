//! Drawings (SVG) that the typesetter refuses: its errors don't name the file, so each is drawn by itself.

use std::collections::BTreeMap;

use jiff::civil::Date;
use typst_layout::PagedDocument;

use super::coverage::FontCoverage;
use super::world::ReportWorld;
use super::{RenderFault, pdf_options};
use crate::render::picture::{self, PictureFault};
use crate::report::document::Document;

/// What is wrong with a picture, so that no document can be drawn with it. `overrides` are the files of the project's
/// `templates` folder.
pub fn find_picture_fault(bytes: &[u8], overrides: &BTreeMap<String, Vec<u8>>) -> Option<PictureFault> {
    match picture::prepare(bytes) {
        Ok(drawing) if picture::is_drawing(bytes) => find_drawing_fault(drawing, overrides),
        prepared => prepared.err(),
    }
}

fn find_drawing_fault(drawing: Vec<u8>, overrides: &BTreeMap<String, Vec<u8>>) -> Option<PictureFault> {
    let drawing = FontCoverage::new(overrides).printable_drawing(drawing, &BTreeMap::new());
    let world = ReportWorld::of_picture(drawing, overrides);
    let drawn = typst::compile::<PagedDocument>(&world).output;
    let drawn = drawn.and_then(|paged| typst_pdf::pdf(&paged, &pdf_options("picture", Date::constant(2000, 1, 1))));
    let message = drawn.err()?.first().map(|error| error.message.to_string()).unwrap_or_default();
    Some(PictureFault::Undrawable { message })
}

/// The drawings that a document can't be drawn with, or else the faults that were found of it.
pub(super) fn blame_drawings(
    document: &Document,
    overrides: &BTreeMap<String, Vec<u8>>,
    found: Vec<RenderFault>,
) -> Vec<RenderFault> {
    let drawings = document.pictures.iter().filter(|(_, bytes)| picture::is_drawing(bytes));
    let faults: Vec<RenderFault> = drawings
        .filter_map(|(path, bytes)| Some(RenderFault::Picture(path.clone(), find_picture_fault(bytes, overrides)?)))
        .collect();
    if faults.is_empty() { found } else { faults }
}

/// The document's pictures, made ready for print, in the order of their paths.
pub(super) fn prepare_pictures(document: &Document, coverage: &FontCoverage) -> Result<Vec<Vec<u8>>, Vec<RenderFault>> {
    let scripts = document.parts.first().map(|part| part.scripts.clone()).unwrap_or_default();
    let mut ready = Vec::new();
    let mut faults = Vec::new();
    for (path, bytes) in &document.pictures {
        match picture::prepare(bytes) {
            Ok(drawing) if picture::is_drawing(bytes) => ready.push(coverage.printable_drawing(drawing, &scripts)),
            Ok(picture) => ready.push(picture),
            Err(fault) => faults.push(RenderFault::Picture(path.clone(), fault)),
        }
    }
    if faults.is_empty() { Ok(ready) } else { Err(faults) }
}
