//! [`Document`] → plain text, section by section, for portals that take a report box by box.

use super::docx::{ParagraphKind, WrittenParagraph, written_paragraphs};
use crate::report::document::{Document, LanguagePart};

/// A section in one language as a box of a portal takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionText {
    /// Index into the document's languages.
    pub language: usize,
    /// Index into the document's sections.
    pub section: usize,
    /// Its words without the heading: paragraphs and items on lines, cells of a row parted by bars.
    pub text: String,
}

impl SectionText {
    /// Characters, blanks and breaks of lines among them, as portals count them.
    pub fn characters(&self) -> u64 {
        self.text.chars().count() as u64
    }
}

/// The sections of a document in each of its languages, in their order.
pub fn section_texts(document: &Document) -> Vec<SectionText> {
    let paragraphs = written_paragraphs(document);
    let mut texts = Vec::new();
    for (section, view) in document.sections.iter().enumerate() {
        for language in 0..view.entries.len() {
            let own = paragraphs.iter().filter(|known| known.language == language && known.section == Some(section));
            // The first is the section's own heading.
            texts.push(SectionText { language, section, text: write_paragraphs(own.skip(1)) });
        }
    }
    texts
}

/// The whole report as text: what it is, then each section under its heading with how many characters it has.
pub fn render_text(document: &Document) -> String {
    let texts = section_texts(document);
    let mut out = String::new();
    for (language, part) in document.parts.iter().enumerate() {
        let cover = &part.cover;
        let lines = [Some(&cover.title), Some(&cover.kind), Some(&cover.period), cover.notice.as_ref()];
        for line in lines.into_iter().flatten() {
            out.push_str(line);
            out.push('\n');
        }
        for SectionText { section, text, .. } in texts.iter().filter(|text| text.language == language) {
            let view = &document.sections[*section];
            let heading = &view.entries[language].heading;
            let count = write_count(part, text.chars().count() as u64, view.char_limit);
            out.push_str(&format!("\n\n# {heading}\n{count}\n\n{text}\n"));
        }
        if language + 1 < document.parts.len() {
            out.push_str("\n\n\n");
        }
    }
    out
}

/// "1234 of 2000 characters" in the language's own words.
fn write_count(part: &LanguagePart, count: u64, limit: Option<u64>) -> String {
    let key = if limit.is_some() { "characters-of" } else { "characters" };
    let words = part.words.get(key).map(String::as_str).unwrap_or_default();
    let limit = limit.map(|limit| limit.to_string()).unwrap_or_default();
    words.replace("{n}", &count.to_string()).replace("{limit}", &limit)
}

fn write_paragraphs<'p>(paragraphs: impl Iterator<Item = &'p WrittenParagraph>) -> String {
    let mut text = String::new();
    let mut before: Option<ParagraphKind> = None;
    for paragraph in paragraphs.filter(|paragraph| !paragraph.pieces.is_empty()) {
        let gap = match (before, paragraph.kind) {
            (None, _) => "",
            (Some(ParagraphKind::Cell { cell, .. }), ParagraphKind::Cell { cell: own, .. }) if cell == own => " ",
            (Some(ParagraphKind::Cell { row, .. }), ParagraphKind::Cell { row: own, .. }) if row == own => " | ",
            (Some(ParagraphKind::Cell { .. }), ParagraphKind::Cell { .. })
            | (Some(ParagraphKind::Item { .. }), ParagraphKind::Item { .. }) => "\n",
            _ => "\n\n",
        };
        text.push_str(gap);
        if let ParagraphKind::Item { depth, number } = paragraph.kind {
            text.push_str(&"  ".repeat(depth.into()));
            text.push_str(&number.map_or_else(|| "- ".to_owned(), |number| format!("{number}. ")));
        }
        let words = paragraph.text();
        let is_cell = matches!(paragraph.kind, ParagraphKind::Cell { .. });
        text.push_str(&if is_cell { words.replace('\n', " ") } else { words });
        before = Some(paragraph.kind);
    }
    text
}
