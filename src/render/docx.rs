//! [`Document`] → a Word file (ECMA-376, WordprocessingML): the same sections, figures and words as the PDF, in Word's own
//! styles, with every figure in a content control that is named as in figures.json. Same document, same bytes.

mod assembly;
mod blocks;
mod body_writer;
mod charts;
mod column_widths;
mod cover;
mod drawing;
mod embedded_original;
mod indicators;
mod office_template;
mod office_traces;
mod package;
mod page_furniture;
mod parallel_languages;
mod picture;
mod returned;
mod runs;
mod section_parts;
mod sections;
mod settings;
mod table;
mod written_paragraphs;
mod xml_writer;

use std::collections::BTreeMap;
use std::io;

use super::pdf::{RenderFault, TemplateFault};
use crate::report::document::Document;
use assembly::Assembly;
use body_writer::DocumentWriter;
use charts::Charts;
use xml_writer::Xml;

pub use embedded_original::{MadeFigure, MadeParagraph, MadePiece, WrittenDocument, made_document};
pub use office_template::OfficeTemplate;
pub use returned::{ReturnedComment, ReturnedFile, ReturnedParagraph, ReturnedPiece, TrackedChange, read_returned};
pub use written_paragraphs::{ParagraphKind, WrittenParagraph, WrittenPiece};

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PLACEMENT: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";
/// Writes a document as a Word file. `overrides` are the files of a project's `templates` folder, as for a PDF: charts are
/// drawn by them. `office` lends its styles, page, head and foot.
///
/// # Errors
/// Every fault of a template.
pub fn render_docx(
    document: &Document,
    overrides: &BTreeMap<String, Vec<u8>>,
    office: Option<&OfficeTemplate>,
) -> Result<Vec<u8>, Vec<RenderFault>> {
    let charts = Charts::draw(document, overrides)?;
    write_docx(document, &charts, office)
        .map_err(|error| vec![RenderFault::Template(TemplateFault::at_start("word/document.xml", error.to_string()))])
}

/// What the Word file of a document says, paragraph by paragraph.
pub fn written_paragraphs(document: &Document) -> Vec<WrittenParagraph> {
    let mut assembly = Assembly::new(document, None);
    let mut writer = DocumentWriter::new(document, None, assembly.settings.text_width(document));
    assembly.write_body(&mut writer);
    writer.record.paragraphs
}

fn write_docx(document: &Document, charts: &Charts, office: Option<&OfficeTemplate>) -> io::Result<Vec<u8>> {
    let mut assembly = Assembly::new(document, office);
    let mut writer = DocumentWriter::new(document, Some(charts), assembly.settings.text_width(document));
    writer.last_list = office.map(OfficeTemplate::last_numbering).unwrap_or_default().1;
    writer.xml.open("w:document", &[("xmlns:w", WORD), ("xmlns:r", RELATION), ("xmlns:wp", PLACEMENT)]);
    assembly.write_body(&mut writer);
    writer.xml.close();
    assembly.finish(writer)
}

fn settings_part(language: &str, has_even_pages: bool) -> String {
    let mut xml = Xml::default();
    xml.open("w:settings", &[("xmlns:w", WORD)]);
    if has_even_pages {
        xml.empty("w:evenAndOddHeaders", &[]);
    }
    xml.empty("w:footnotePr", &[]);
    xml.open("w:compat", &[]);
    let mode =
        [("w:name", "compatibilityMode"), ("w:uri", "http://schemas.microsoft.com/office/word"), ("w:val", "15")];
    xml.empty("w:compatSetting", &mode);
    xml.close();
    xml.empty("w:themeFontLang", &[("w:val", language)]);
    xml.close();
    xml.finish()
}

/// Footnotes, behind the two that draw the line above them.
fn footnotes_part(notes: &[Xml]) -> String {
    let mut xml = Xml::default();
    xml.open("w:footnotes", &[("xmlns:w", WORD), ("xmlns:r", RELATION)]);
    for (id, kind, mark) in
        [("-1", "separator", "w:separator"), ("0", "continuationSeparator", "w:continuationSeparator")]
    {
        xml.open("w:footnote", &[("w:type", kind), ("w:id", id)]);
        xml.open("w:p", &[]);
        xml.open("w:r", &[]);
        xml.empty(mark, &[]);
        (0..3).for_each(|_| xml.close());
    }
    notes.iter().for_each(|note| xml.append(note));
    xml.close();
    xml.finish()
}

fn core_part(document: &Document, language: &str) -> String {
    let mut xml = Xml::default();
    let date = format!("{}T00:00:00Z", document.date);
    xml.open(
        "cp:coreProperties",
        &[
            ("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
            ("xmlns:dcterms", "http://purl.org/dc/terms/"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        ],
    );
    xml.plain("dc:title", &[], &document.title);
    xml.plain("dc:creator", &[], &document.author);
    xml.plain("cp:keywords", &[], &document.keywords.join(", "));
    xml.plain("dc:description", &[], &document.description);
    xml.plain("dc:language", &[], language);
    xml.plain("dcterms:created", &[("xsi:type", "dcterms:W3CDTF")], &date);
    xml.plain("dcterms:modified", &[("xsi:type", "dcterms:W3CDTF")], &date);
    xml.close();
    xml.finish()
}

fn app_part() -> String {
    let mut xml = Xml::default();
    let vocabulary = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";
    xml.open("Properties", &[("xmlns", vocabulary)]);
    xml.plain("Application", &[], concat!("donor-report ", env!("CARGO_PKG_VERSION")));
    xml.close();
    xml.finish()
}
