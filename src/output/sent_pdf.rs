//! What a PDF that was sent carries: the figures that the program attached to it.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Stream, String as PdfString};

/// Files that hold a report's figures are named so, or end so.
const FIGURES: &str = "figures.json";

/// Trees of names that are deeper come from no program that writes reports.
const MOST_LEVELS: usize = 16;

/// Whether a file is a PDF by its content.
pub fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-")
}

/// The figures.json that a PDF carries; `None` if it carries none or can't be read.
pub fn attached_figures(pdf: &[u8]) -> Option<Vec<u8>> {
    let pdf = Pdf::new(pdf.to_vec()).ok()?;
    let root: Dict = pdf.xref().get(pdf.xref().root_id())?;
    find_in_tree(&root.get::<Dict>("Names")?.get::<Dict>("EmbeddedFiles")?, MOST_LEVELS)
}

/// A tree of names has pairs of a name and a file in its leaves.
fn find_in_tree(node: &Dict, levels: usize) -> Option<Vec<u8>> {
    let names = node.get::<Array>("Names");
    let found = names.and_then(|names| names.iter::<hayro_syntax::object::Object>().find_map(|item| figures_of(&item)));
    found.or_else(|| {
        let kids = node.get::<Array>("Kids").filter(|_| levels > 0)?;
        kids.iter::<Dict>().find_map(|kid| find_in_tree(&kid, levels - 1))
    })
}

fn figures_of(item: &hayro_syntax::object::Object) -> Option<Vec<u8>> {
    let file = item.clone().into_dict()?;
    let name = file.get::<PdfString>("UF").or_else(|| file.get::<PdfString>("F"))?;
    if !plain_text(name.as_bytes()).ends_with(FIGURES) {
        return None;
    }
    let content: Stream = file.get::<Dict>("EF")?.get("F")?;
    content.decoded().ok().map(|bytes| bytes.into_owned())
}

/// The ASCII letters of a text, which is one byte each or UTF-16.
fn plain_text(bytes: &[u8]) -> String {
    bytes.iter().filter(|byte| byte.is_ascii_graphic()).map(|byte| char::from(*byte)).collect()
}
