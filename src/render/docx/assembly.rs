//! Puts the parts of a Word file together: body, pages with head and foot, styles, lists; ours, or an office's.

use std::collections::BTreeMap;
use std::io;

use super::body_writer::{DocumentWriter, language_tag};
use super::embedded_original::{MADE_PART, MADE_PROPERTIES, of_paragraphs, write_made, write_properties};
use super::office_template::{
    FurnitureKind, OfficeTemplate, PAGE_KINDS, PartCopier, complete_furniture, has_page_number, words_of,
};
use super::package::{Package, Relations};
use super::page_furniture::{foot_lines, foot_paragraphs, head_paragraph};
use super::settings::PageSettings;
use super::written_paragraphs::ParagraphKind;
use super::{RELATION, WORD, app_part, core_part, footnotes_part, parallel_languages, settings_part};
use crate::report::document::{Document, DocumentLayout};

/// Content types of Word's parts begin so.
macro_rules! word_type {
    ($name:literal) => {
        concat!("application/vnd.openxmlformats-officedocument.wordprocessingml.", $name, "+xml")
    };
}

/// The parts of a file while they are put together.
pub(super) struct Assembly<'o> {
    pub(super) settings: PageSettings,
    package: Package,
    office: Option<PartCopier<'o>>,
    styles: String,
    /// Which styles of ours have another id in the office's.
    style_ids: BTreeMap<String, String>,
}

impl<'o> Assembly<'o> {
    pub(super) fn new(document: &Document, office: Option<&'o OfficeTemplate>) -> Assembly<'o> {
        let mut settings = PageSettings::shipped();
        let accent = office.and_then(OfficeTemplate::accent);
        let language = document.parts.first().map(language_tag).unwrap_or_default();
        let ours = settings.styles(document, &language, accent.as_deref());
        let (styles, style_ids) = match office {
            Some(office) => {
                settings.adopt(&office.page);
                office.merge_styles(&ours)
            }
            None => (ours, BTreeMap::new()),
        };
        Assembly { settings, package: Package::default(), office: office.map(PartCopier::new), styles, style_ids }
    }

    pub(super) fn write_body(&mut self, writer: &mut DocumentWriter) {
        let document = writer.document;
        let languages = document.parts.len();
        writer.xml.open("w:body", &[]);
        if document.layout == DocumentLayout::Parallel {
            parallel_languages::write_parallel(writer, self.settings.gutter());
            self.write_page_end(writer, true);
        } else {
            for index in 0..languages {
                writer.index = index;
                writer.record.section = None;
                writer.opening();
                for (number, section) in document.sections.iter().enumerate() {
                    if let Some(entry) = section.entries.get(index) {
                        writer.section(number, entry);
                    }
                }
                self.write_page_end(writer, index + 1 == languages);
            }
        }
        writer.xml.close();
    }

    /// Ends the pages of a language, with its head and foot; the last end is the document's own, others stand in a
    /// paragraph.
    fn write_page_end(&mut self, writer: &mut DocumentWriter, is_last: bool) {
        let template = self.office.as_ref().map(|office| office.template);
        let pages: Vec<&'static str> = match template {
            Some(template) => PAGE_KINDS.into_iter().filter(|pages| template.has_pages(pages)).collect(),
            None => vec!["default"],
        };
        let mut references = Vec::new();
        for kind in [FurnitureKind::Header, FurnitureKind::Footer] {
            for page in &pages {
                references.extend(self.add_furniture(writer, kind, page).map(|id| (kind, *page, id)));
            }
        }
        let document = writer.document;
        if !is_last {
            writer.begin_paragraph(ParagraphKind::Text);
            writer.xml.open("w:pPr", &[]);
        }
        writer.xml.open("w:sectPr", &[]);
        for (kind, page, id) in &references {
            let name = if *kind == FurnitureKind::Header { "w:headerReference" } else { "w:footerReference" };
            writer.xml.empty(name, &[("w:type", page), ("r:id", id)]);
        }
        self.settings.write_page(&mut writer.xml, document);
        if pages.contains(&"first") {
            writer.xml.empty("w:titlePg", &[]);
        }
        writer.xml.close();
        if !is_last {
            writer.xml.close();
            writer.end_paragraph();
        }
    }

    /// A head or foot of such pages: the office's with what it lacks, else ours. `None` where the office's pages have none
    /// and ours isn't needed.
    fn add_furniture(
        &mut self,
        writer: &mut DocumentWriter,
        kind: FurnitureKind,
        pages: &'static str,
    ) -> Option<String> {
        let name = format!("{}-{pages}-{}.xml", kind.relation(), writer.index + 1);
        let theirs = self.office.as_ref().and_then(|office| office.template.furniture(kind, pages));
        let opposite = self.office.as_ref().and_then(|office| {
            let other = if kind == FurnitureKind::Header { FurnitureKind::Footer } else { FurnitureKind::Header };
            office.template.furniture(other, pages)
        });
        match theirs {
            Some((part, text)) => {
                let both = [Some(text), opposite.map(|(_, text)| text)];
                let is_numbered = both.iter().flatten().any(|text| has_page_number(text));
                let words: String = both.iter().flatten().map(|text| words_of(text)).collect();
                let lines = foot_lines(writer).into_iter().filter(|line| !words.contains(line.as_str())).collect();
                let missing = match kind {
                    FurnitureKind::Header => Vec::new(),
                    FurnitureKind::Footer => foot_paragraphs(writer, lines, !is_numbered),
                };
                let missing: Vec<String> =
                    missing.iter().map(|paragraph| rename_styles(paragraph, &self.style_ids)).collect();
                let text = complete_furniture(text, &missing).unwrap_or_else(|| text.to_owned());
                let part = part.to_owned();
                if let Some(office) = &mut self.office {
                    office.add(&mut self.package, &part, &format!("word/{name}"), text.into_bytes());
                }
            }
            // A first page without a head is meant so.
            None if kind == FurnitureKind::Header && pages != "default" => return None,
            None => {
                let (root, content_type, content) = match kind {
                    FurnitureKind::Header => ("w:hdr", word_type!("header"), head_paragraph(writer)),
                    FurnitureKind::Footer => {
                        let lines = foot_lines(writer);
                        ("w:ftr", word_type!("footer"), foot_paragraphs(writer, lines, true).concat())
                    }
                };
                let namespaces = format!("xmlns:w=\"{WORD}\" xmlns:r=\"{RELATION}\"");
                let content = rename_styles(&content, &self.style_ids);
                let xml = format!("<{root} {namespaces}>{content}</{root}>");
                self.package.xml(&format!("word/{name}"), content_type, xml, Relations::default());
            }
        }
        Some(writer.relations.part(kind.relation(), &name))
    }
}

impl Assembly<'_> {
    /// Puts the parts together.
    pub(super) fn finish(mut self, mut writer: DocumentWriter) -> io::Result<Vec<u8>> {
        let document = writer.document;
        let first = document.parts.first().map(language_tag).unwrap_or_default();
        for (kind, file) in [("styles", "styles.xml"), ("numbering", "numbering.xml"), ("settings", "settings.xml")] {
            writer.relations.part(kind, file);
        }
        writer.relations.part("footnotes", "footnotes.xml");
        self.add_styles();
        self.add_numbering(&writer);
        let has_even_pages = self.office.as_ref().is_some_and(|office| office.template.has_even_pages);
        let style_ids = &self.style_ids;
        let package = &mut self.package;
        let settings = settings_part(&first, has_even_pages);
        package.xml("word/settings.xml", word_type!("settings"), settings, Relations::default());
        let notes = rename_styles(&footnotes_part(&writer.footnotes), style_ids);
        package.xml("word/footnotes.xml", word_type!("footnotes"), notes, writer.relations.addresses());
        for (name, bytes) in std::mem::take(&mut writer.pictures) {
            package.picture(&format!("word/{name}"), bytes);
        }
        for kind in ["theme", "fontTable"] {
            let Some(office) = &mut self.office else { break };
            if let Some(part) = office.template.part_of(kind) {
                let name = office.copy(package, part);
                writer.relations.part(kind, name.strip_prefix("word/").unwrap_or(&name));
            }
        }
        let made = write_made(&of_paragraphs(document, &writer.record.paragraphs));
        let mut properties = Relations::default();
        properties.part("customXmlProps", "itemProps1.xml");
        package.xml(MADE_PART, "application/xml", made, properties);
        let kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml";
        package.xml(MADE_PROPERTIES, kind, write_properties(), Relations::default());
        writer.relations.part("customXml", &format!("../{MADE_PART}"));
        let core = "application/vnd.openxmlformats-package.core-properties+xml";
        package.xml("docProps/core.xml", core, core_part(document, &first), Relations::default());
        let extended = "application/vnd.openxmlformats-officedocument.extended-properties+xml";
        package.xml("docProps/app.xml", extended, app_part(), Relations::default());
        let body = rename_styles(&writer.xml.finish(), style_ids);
        package.xml("word/document.xml", word_type!("document.main"), body, writer.relations);
        self.package.finish()
    }

    fn add_styles(&mut self) {
        let styles = std::mem::take(&mut self.styles);
        let part = self.office.as_ref().and_then(|office| office.template.part_of("styles"));
        match (part, &mut self.office) {
            (Some(part), Some(office)) => {
                office.add(&mut self.package, part, "word/styles.xml", styles.into_bytes());
            }
            _ => self.package.xml("word/styles.xml", word_type!("styles"), styles, Relations::default()),
        }
    }

    fn add_numbering(&mut self, writer: &DocumentWriter) {
        let template = self.office.as_ref().map(|office| office.template);
        let (last_form, _) = template.map(OfficeTemplate::last_numbering).unwrap_or_default();
        let (forms, lists) = self.settings.numbering(&writer.lists, last_form, writer.last_list);
        let merged = template.and_then(|template| {
            Some((template.part_of("numbering")?, template.merge_numbering(&forms, &lists)?.into_bytes()))
        });
        match (merged, &mut self.office) {
            (Some((part, bytes)), Some(office)) => office.add(&mut self.package, part, "word/numbering.xml", bytes),
            _ => {
                let xml = format!("<w:numbering xmlns:w=\"{WORD}\">{forms}{lists}</w:numbering>");
                self.package.xml("word/numbering.xml", word_type!("numbering"), xml, Relations::default());
            }
        }
    }
}

/// Puts the ids of an office's styles in place of ours.
fn rename_styles(xml: &str, ids: &BTreeMap<String, String>) -> String {
    let mut renamed = xml.to_owned();
    for element in ["pStyle", "rStyle", "tblStyle"] {
        // One pass each, so that an id that is put in is never taken for one of ours.
        let mut out = String::with_capacity(renamed.len());
        let begin = format!("<w:{element} w:val=\"");
        let mut rest = renamed.as_str();
        while let Some(at) = rest.find(&begin) {
            let value = at + begin.len();
            let end = rest[value..].find('"').map_or(rest.len(), |length| value + length);
            let id = &rest[value..end];
            out.push_str(&rest[..value]);
            out.push_str(ids.get(id).map_or(id, String::as_str));
            rest = &rest[end..];
        }
        out.push_str(rest);
        renamed = out;
    }
    renamed
}
