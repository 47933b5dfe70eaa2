//! [`Document`] → a Word file (ECMA-376, WordprocessingML): the same sections, figures and words as the PDF, in Word's own
//! styles, with every figure in a content control that is named as in figures.json. Same document, same bytes.

mod blocks;
mod charts;
mod cover;
mod drawing;
mod indicators;
mod package;
mod parallel;
mod picture;
mod runs;
mod sections;
mod settings;
mod table;
mod writer;
mod xml;

use std::collections::BTreeMap;
use std::io;

use super::pdf::{RenderFault, TemplateFault};
use crate::report::document::{Document, DocumentLayout};
use charts::Charts;
use package::{Package, Relations};
use runs::RunStyle;
use settings::PageSettings;
use writer::{DocumentWriter, language_tag};
use xml::Xml;

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PLACEMENT: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";
/// Content types of Word's parts begin so.
macro_rules! word_type {
    ($name:literal) => {
        concat!("application/vnd.openxmlformats-officedocument.wordprocessingml.", $name, "+xml")
    };
}

/// Writes a document as a Word file. `overrides` are the files of a project's `templates` folder, as for a PDF: charts are
/// drawn by them.
///
/// # Errors
/// Every fault of a template.
pub fn render_docx(document: &Document, overrides: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, Vec<RenderFault>> {
    let charts = Charts::draw(document, overrides)?;
    write_docx(document, &charts)
        .map_err(|error| vec![RenderFault::Template(TemplateFault::at_start("word/document.xml", error.to_string()))])
}

fn write_docx(document: &Document, charts: &Charts) -> io::Result<Vec<u8>> {
    let settings = PageSettings::shipped();
    let mut writer = DocumentWriter::new(document, charts, settings.text_width(document));
    let mut package = Package::default();
    let languages = document.parts.len();
    writer.xml.open("w:document", &[("xmlns:w", WORD), ("xmlns:r", RELATION), ("xmlns:wp", PLACEMENT)]);
    writer.xml.open("w:body", &[]);
    if document.layout == DocumentLayout::Parallel {
        parallel::write_parallel(&mut writer, settings.gutter());
        write_page_end(&mut writer, &mut package, &settings, true);
    } else {
        for index in 0..languages {
            writer.index = index;
            writer.opening();
            for (number, section) in document.sections.iter().enumerate() {
                if let Some(entry) = section.entries.get(index) {
                    writer.section(number, entry);
                }
            }
            write_page_end(&mut writer, &mut package, &settings, index + 1 == languages);
        }
    }
    writer.xml.close();
    writer.xml.close();
    finish(writer, package, &settings)
}

/// Ends the pages of a language, with its head and foot; the last end is the document's own, others stand in a paragraph.
fn write_page_end(writer: &mut DocumentWriter, package: &mut Package, settings: &PageSettings, is_last: bool) {
    let number = writer.index + 1;
    let (header, footer) = (format!("header{number}.xml"), format!("footer{number}.xml"));
    let head = furniture(writer, "w:hdr", |writer| {
        let cover = &writer.part().cover;
        writer.paragraph("Header", |writer| {
            writer.run(&format!("{} · {} · {}", cover.kind, cover.period, cover.code), RunStyle::default());
        });
    });
    let foot = furniture(writer, "w:ftr", |writer| {
        let cover = &writer.part().cover;
        let said: Vec<&str> = [cover.revision.as_deref(), cover.notice.as_deref()].into_iter().flatten().collect();
        if !said.is_empty() {
            writer.paragraph("Footer", |writer| writer.run(&said.join(" · "), RunStyle::default()));
        }
        writer.paragraph("Footer", |writer| writer.page_number());
    });
    package.xml(&format!("word/{header}"), word_type!("header"), head, Relations::default());
    package.xml(&format!("word/{footer}"), word_type!("footer"), foot, Relations::default());
    let (header, footer) = (writer.relations.part("header", &header), writer.relations.part("footer", &footer));
    let document = writer.document;
    if !is_last {
        writer.xml.open("w:p", &[]);
        writer.xml.open("w:pPr", &[]);
    }
    writer.xml.open("w:sectPr", &[]);
    writer.xml.empty("w:headerReference", &[("w:type", "default"), ("r:id", &header)]);
    writer.xml.empty("w:footerReference", &[("w:type", "default"), ("r:id", &footer)]);
    settings.write_page(&mut writer.xml, document);
    writer.xml.close();
    if !is_last {
        writer.xml.close();
        writer.xml.close();
    }
}

/// A head or foot of pages.
fn furniture(writer: &mut DocumentWriter, root: &'static str, content: impl FnOnce(&mut DocumentWriter)) -> String {
    let body = std::mem::take(&mut writer.xml);
    writer.xml.open(root, &[("xmlns:w", WORD), ("xmlns:r", RELATION)]);
    content(writer);
    writer.xml.close();
    std::mem::replace(&mut writer.xml, body).finish()
}

impl DocumentWriter<'_> {
    /// "page 3 of 12" in the language's own words.
    fn page_number(&mut self) {
        let words = self.part().words.get("page-number").cloned().unwrap_or_default();
        let mut rest = words.as_str();
        while let Some(from) = rest.find('{') {
            let to = rest[from..].find('}').map_or(rest.len(), |length| from + length + 1);
            self.run(&rest[..from], RunStyle::default());
            self.field(if &rest[from..to] == "{pages}" { " NUMPAGES " } else { " PAGE " });
            rest = &rest[to..];
        }
        if !rest.is_empty() {
            self.run(rest, RunStyle::default());
        }
    }

    fn field(&mut self, instruction: &str) {
        self.xml.open("w:fldSimple", &[("w:instr", instruction)]);
        self.run("1", RunStyle::default());
        self.xml.close();
    }
}

/// Puts the parts together.
fn finish(mut writer: DocumentWriter, mut package: Package, settings: &PageSettings) -> io::Result<Vec<u8>> {
    let document = writer.document;
    let first = document.parts.first().map(language_tag).unwrap_or_default();
    for (kind, file) in [("styles", "styles.xml"), ("numbering", "numbering.xml"), ("settings", "settings.xml")] {
        writer.relations.part(kind, file);
    }
    writer.relations.part("footnotes", "footnotes.xml");
    let styles = settings.styles(document, &first);
    package.xml("word/styles.xml", word_type!("styles"), styles, Relations::default());
    package.xml("word/numbering.xml", word_type!("numbering"), settings.numbering(&writer.lists), Relations::default());
    package.xml("word/settings.xml", word_type!("settings"), settings_part(&first), Relations::default());
    let notes = footnotes_part(&writer.footnotes);
    package.xml("word/footnotes.xml", word_type!("footnotes"), notes, writer.relations.addresses());
    for (name, bytes) in std::mem::take(&mut writer.pictures) {
        package.picture(&format!("word/{name}"), bytes);
    }
    let core = "application/vnd.openxmlformats-package.core-properties+xml";
    package.xml("docProps/core.xml", core, core_part(document, &first), Relations::default());
    let extended = "application/vnd.openxmlformats-officedocument.extended-properties+xml";
    package.xml("docProps/app.xml", extended, app_part(), Relations::default());
    package.xml("word/document.xml", word_type!("document.main"), writer.xml.finish(), writer.relations);
    package.finish()
}

fn settings_part(language: &str) -> String {
    let mut xml = Xml::default();
    xml.open("w:settings", &[("xmlns:w", WORD)]);
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
