//! What a Word file said when it was made: a part of its own in the file, so that what an editor gives back can be compared.

use super::written_paragraphs::{ParagraphKind, WrittenParagraph};
use super::xml_writer::Xml;
use crate::render::office_package::{OfficePackage, PackageFault};
use crate::render::xml_scan::{XmlItemKind, end_of, scan_xml};
use crate::report::document::Document;

/// The vocabulary of the part.
const NAMESPACE: &str = "urn:donor-report:made";
/// Its name in the file.
pub(super) const MADE_PART: &str = "customXml/item1.xml";

/// What says which vocabulary the part is in; editors keep a part that has it.
pub(super) const MADE_PROPERTIES: &str = "customXml/itemProps1.xml";

/// A document with its paragraphs as they were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenDocument {
    /// `<code>/<period>/<report>.<languages>`
    pub identifier: String,
    /// Codes of the report's indicators, in the order of figures.json; empty in files of earlier versions.
    pub indicators: Vec<String>,
    /// See [`Document::is_draft`].
    pub is_draft: bool,
    /// Without the contents and what is empty.
    pub paragraphs: Vec<MadeParagraph>,
}

/// A paragraph as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeParagraph {
    /// The tag of its language.
    pub language: String,
    /// The section that it is in; empty for what comes before the first.
    pub section: String,
    /// It is a footnote.
    pub is_note: bool,
    /// Its words in order.
    pub pieces: Vec<MadePiece>,
}

/// Words of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadePiece {
    /// The figure that they are.
    pub figure: Option<MadeFigure>,
    /// As a reader sees them.
    pub text: String,
}

/// A figure that a paragraph prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeFigure {
    /// Its name in figures.json.
    pub id: String,
    /// Its place there.
    pub place: Option<String>,
}

impl MadeParagraph {
    /// Its words.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}

/// A document as its Word file says it.
pub fn made_document(document: &Document) -> WrittenDocument {
    of_paragraphs(document, &super::written_paragraphs(document))
}

pub(super) fn of_paragraphs(document: &Document, paragraphs: &[WrittenParagraph]) -> WrittenDocument {
    let is_kept = |paragraph: &&WrittenParagraph| {
        paragraph.kind != ParagraphKind::Contents && !paragraph.text().trim().is_empty()
    };
    let paragraphs = paragraphs.iter().filter(is_kept).map(|paragraph| {
        let section = paragraph.section.and_then(|at| document.sections.get(at));
        let pieces = paragraph.pieces.iter().map(|piece| MadePiece {
            figure: piece.figure.clone().map(|id| MadeFigure { id, place: piece.place.clone() }),
            text: piece.text.clone(),
        });
        MadeParagraph {
            language: document.parts.get(paragraph.language).map(|part| part.tag.clone()).unwrap_or_default(),
            section: section.map(|section| section.id.clone()).unwrap_or_default(),
            is_note: paragraph.kind == ParagraphKind::Footnote,
            pieces: pieces.collect(),
        }
    });
    let (identifier, indicators) = (document.identifier.clone(), document.indicators.clone());
    WrittenDocument { identifier, indicators, is_draft: document.is_draft, paragraphs: paragraphs.collect() }
}

/// The part.
pub(super) fn write_made(made: &WrittenDocument) -> String {
    let mut xml = Xml::default();
    let draft = if made.is_draft { "1" } else { "0" };
    xml.open("made", &[("xmlns", NAMESPACE), ("document", &made.identifier), ("draft", draft)]);
    for code in &made.indicators {
        xml.empty("indicator", &[("code", code)]);
    }
    for paragraph in &made.paragraphs {
        let note = if paragraph.is_note { "1" } else { "0" };
        xml.open("p", &[("lang", &paragraph.language), ("section", &paragraph.section), ("note", note)]);
        for MadePiece { figure, text } in &paragraph.pieces {
            match figure {
                Some(MadeFigure { id, place: Some(place) }) => xml.plain("t", &[("id", id), ("place", place)], text),
                Some(MadeFigure { id, place: None }) => xml.plain("t", &[("id", id)], text),
                None => xml.plain("t", &[], text),
            }
        }
        xml.close();
    }
    xml.close();
    xml.finish()
}

/// The part about the part.
pub(super) fn write_properties() -> String {
    let mut xml = Xml::default();
    let vocabulary = "http://schemas.openxmlformats.org/officeDocument/2006/customXml";
    let id = "{6D1D5C4E-3F0B-4B57-9C0E-0D0A4E7A1D01}";
    xml.open("ds:datastoreItem", &[("xmlns:ds", vocabulary), ("ds:itemID", id)]);
    xml.open("ds:schemaRefs", &[]);
    xml.empty("ds:schemaRef", &[("ds:uri", NAMESPACE)]);
    xml.close();
    xml.close();
    xml.finish()
}

/// The part of a file that came back; `None` where an editor dropped it.
pub(super) fn read_made(package: &OfficePackage) -> Result<Option<WrittenDocument>, PackageFault> {
    let of_program = |name: &&String| {
        name.starts_with("customXml/")
            && package.xml(name).is_ok_and(|text| text.contains(NAMESPACE) && text.contains("<made"))
    };
    let Some(name) = package.parts.keys().find(of_program) else { return Ok(None) };
    let items = scan_xml(package.xml(name)?)?;
    let mut made =
        WrittenDocument { identifier: String::new(), indicators: Vec::new(), is_draft: false, paragraphs: Vec::new() };
    for (at, item) in items.iter().enumerate() {
        let text = |name: &str| item.attribute(name).unwrap_or_default().to_owned();
        if item.begins("made") {
            made.identifier = text("document");
            made.is_draft = text("draft") == "1";
        } else if item.begins("indicator") {
            made.indicators.push(text("code"));
        } else if item.begins("p") {
            let (language, section, is_note) = (text("lang"), text("section"), text("note") == "1");
            made.paragraphs.push(MadeParagraph { language, section, is_note, pieces: Vec::new() });
        } else if item.begins("t") && item.kind == XmlItemKind::Start {
            let figure = item
                .attribute("id")
                .map(|id| MadeFigure { id: id.to_owned(), place: item.attribute("place").map(str::to_owned) });
            let text = items[at..end_of(&items, at)].iter().map(|inner| inner.text.as_str()).collect();
            made.paragraphs.last_mut().into_iter().for_each(|paragraph| {
                paragraph.pieces.push(MadePiece { figure: figure.clone(), text: String::clone(&text) });
            });
        }
    }
    Ok(Some(made))
}
