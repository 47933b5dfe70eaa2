//! Helpers in the text of a Word file, also where Word has parted them into runs.

use std::ops::Range;

use super::{FormSpot, Placeholder};
use crate::render::office_package::{OfficePackage, PackageFault};
use crate::render::xml_scan::{XmlItem, XmlItemKind, end_of, scan_xml};

/// A part of a Word file with its paragraphs.
pub(super) struct WordPart<'t> {
    pub text: &'t str,
    pub items: Vec<XmlItem>,
    pub paragraphs: Vec<PartParagraph>,
}

/// A paragraph in the order in which paragraphs begin.
pub(super) struct PartParagraph {
    /// Bytes of the part.
    pub span: Range<usize>,
    /// Its own texts; those of a paragraph within it, as in a text box, are that one's.
    pub texts: Vec<PartText>,
}

/// A piece of text with its element.
pub(super) struct PartText {
    pub content: String,
    /// Bytes of the element.
    pub span: Range<usize>,
    /// Index of the item that it begins with.
    pub item: usize,
}

impl<'t> WordPart<'t> {
    pub(super) fn read(text: &'t str) -> Result<WordPart<'t>, PackageFault> {
        let items = scan_xml(text)?;
        let mut paragraphs: Vec<PartParagraph> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for (at, item) in items.iter().enumerate() {
            match (item.kind, item.name.as_str()) {
                (XmlItemKind::Start, "p") => {
                    open.push(paragraphs.len());
                    paragraphs.push(PartParagraph { span: item.span.clone(), texts: Vec::new() });
                }
                (XmlItemKind::Empty, "p") => {
                    paragraphs.push(PartParagraph { span: item.span.clone(), texts: Vec::new() });
                }
                (XmlItemKind::End, "p") => {
                    if let Some(paragraph) = open.pop() {
                        paragraphs[paragraph].span.end = item.span.end;
                    }
                }
                (XmlItemKind::Start | XmlItemKind::Empty, "t") => {
                    let inner = &items[at..end_of(&items, at)];
                    let content = inner.iter().map(|item| item.text.as_str()).collect();
                    let end = inner.last().map_or(item.span.end, |last| last.span.end);
                    if let Some(paragraph) = open.last() {
                        let text = PartText { content, span: item.span.start..end, item: at };
                        paragraphs[*paragraph].texts.push(text);
                    }
                }
                _ => {}
            }
        }
        Ok(WordPart { text, items, paragraphs })
    }
}

impl PartParagraph {
    pub(super) fn text(&self) -> String {
        self.texts.iter().map(|text| text.content.as_str()).collect()
    }
}

/// The parts of a Word file that hold text, in their order.
pub(super) fn text_parts(package: &OfficePackage, main: &str) -> Result<Vec<String>, PackageFault> {
    let mut parts = vec![main.to_owned()];
    for relation in package.relations(main)? {
        let is_text = ["header", "footer", "footnotes", "endnotes"].contains(&relation.kind.as_str());
        if is_text && !parts.contains(&relation.target) && package.parts.contains_key(&relation.target) {
            parts.push(relation.target);
        }
    }
    Ok(parts)
}

pub(super) fn find_placeholders(package: &OfficePackage, main: &str) -> Result<Vec<Placeholder>, PackageFault> {
    let mut found = Vec::new();
    for part in text_parts(package, main)? {
        let read = WordPart::read(package.xml(&part)?)?;
        for (paragraph, text) in read.paragraphs.iter().map(PartParagraph::text).enumerate() {
            for Range { start: from, end: to } in find_helpers(&text) {
                let spot = FormSpot::Text { part: part.clone(), paragraph, from, to };
                found.push(Placeholder { text: text[from..to].to_owned(), spot });
            }
        }
    }
    Ok(found)
}

/// Tags, each block with all that it encloses.
fn find_helpers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut at, mut depth, mut start) = (0, 0_usize, 0);
    while let Some(open) = text[at..].find("{{").map(|open| at + open) {
        let end = text[open..].find("}}").map_or(text.len(), |end| open + end + 2);
        if depth == 0 {
            start = open;
        }
        match text[open + 2..].trim_start().chars().next() {
            Some('#') => depth += 1,
            Some('/') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            found.push(start..end);
        }
        at = end;
    }
    if depth > 0 {
        found.push(start..text.len());
    }
    found
}
