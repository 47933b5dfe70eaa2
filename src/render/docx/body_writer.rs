//! The body of a Word file while it is written.

use super::charts::Charts;
use super::package::Relations;
use super::written_paragraphs::{ParagraphKind, ParagraphRecord};
use super::xml_writer::Xml;
use crate::report::document::{Document, LanguagePart};

/// What grows while a document is written: its body, its relations, footnotes, pictures and numbers.
pub(super) struct DocumentWriter<'d> {
    pub document: &'d Document,
    /// `None` where only words are wanted, no charts and pictures.
    pub charts: Option<&'d Charts>,
    pub xml: Xml,
    pub relations: Relations,
    /// Footnotes so far, each with its paragraphs.
    pub footnotes: Vec<Xml>,
    /// Names and bytes of the pictures that the body shows.
    pub pictures: Vec<(String, Vec<u8>)>,
    /// First numbers of the numbered lists so far.
    pub lists: Vec<u64>,
    /// The greatest number of a list that the file has by itself.
    pub last_list: u32,
    /// The paragraphs so far.
    pub record: ParagraphRecord,
    /// Whether what is written is set apart from the text around it.
    pub is_boxed: bool,
    /// Which language is written.
    pub index: usize,
    /// Room between the margins, in twentieths of a point.
    pub width: u32,
    ids: u32,
}

impl<'d> DocumentWriter<'d> {
    pub(super) fn new(document: &'d Document, charts: Option<&'d Charts>, width: u32) -> DocumentWriter<'d> {
        DocumentWriter {
            document,
            charts,
            xml: Xml::default(),
            relations: Relations::default(),
            footnotes: Vec::new(),
            pictures: Vec::new(),
            lists: Vec::new(),
            last_list: 0,
            record: ParagraphRecord::default(),
            is_boxed: false,
            index: 0,
            width,
            ids: 0,
        }
    }

    /// The language that is written.
    pub(super) fn part(&self) -> &'d LanguagePart {
        &self.document.parts[self.index]
    }

    /// Its tag, as a run names it.
    pub(super) fn language(&self) -> String {
        language_tag(self.part())
    }

    /// A number that nothing else in the file has.
    pub(super) fn next_id(&mut self) -> u32 {
        self.ids += 1;
        self.ids
    }

    /// A paragraph in a style.
    pub(super) fn paragraph(&mut self, style: &str, content: impl FnOnce(&mut Self)) {
        self.paragraph_of(ParagraphKind::Text, style, content);
    }

    /// A paragraph of a kind in a style.
    pub(super) fn paragraph_of(&mut self, kind: ParagraphKind, style: &str, content: impl FnOnce(&mut Self)) {
        self.begin_paragraph(kind);
        self.xml.open("w:pPr", &[]);
        self.xml.value("w:pStyle", self.style_in_place(style));
        self.xml.close();
        content(self);
        self.end_paragraph();
    }

    /// The style by that name, or the one that takes its place within a box.
    pub(super) fn style_in_place<'s>(&self, style: &'s str) -> &'s str {
        match style {
            "Normal" | "ListBullet" | "ListNumber" | "ListContinue" if self.is_boxed => "BoxText",
            "Heading1" | "Heading2" if self.is_boxed => "BoxHeading",
            _ => style,
        }
    }

    /// A paragraph that stays on the page of the one behind it.
    pub(super) fn kept_paragraph(&mut self, style: &str, content: impl FnOnce(&mut Self)) {
        self.begin_paragraph(ParagraphKind::Text);
        self.xml.open("w:pPr", &[]);
        self.xml.value("w:pStyle", style);
        self.xml.empty("w:keepNext", &[]);
        self.xml.close();
        content(self);
        self.end_paragraph();
    }

    /// A heading of the document's outline, with a place that contents lead to.
    pub(super) fn heading(&mut self, level: u8, place: Option<&str>, content: impl FnOnce(&mut Self)) {
        let style = format!("Heading{}", level.clamp(1, 4));
        self.paragraph_of(ParagraphKind::Heading, &style, |writer| match place {
            Some(place) => writer.bookmarked(place, content),
            None => content(writer),
        });
    }

    /// Content under the name that links lead to.
    pub(super) fn bookmarked(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        let id = self.next_id().to_string();
        self.xml.empty("w:bookmarkStart", &[("w:id", &id), ("w:name", name)]);
        content(self);
        self.xml.empty("w:bookmarkEnd", &[("w:id", &id)]);
    }

    /// The place of an indicator in this language, where the document shows it at one.
    pub(super) fn bookmark_of(&self, code: &str) -> Option<String> {
        let at = self.document.anchors.iter().position(|anchor| anchor == code)?;
        Some(format!("indicator_{}_{}", self.index, at + 1))
    }

    /// The place of a section in this language.
    pub(super) fn section_place(&self, section: usize) -> String {
        format!("_Toc{:08}", (self.index + 1) * 10_000 + section + 1)
    }
}

/// A language as Word names it: with its country where the document says one.
pub(super) fn language_tag(part: &LanguagePart) -> String {
    part.region.as_ref().map_or_else(|| part.tag.clone(), |region| format!("{}-{region}", part.lang))
}
