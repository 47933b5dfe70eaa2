//! A Word file that came back from an editor: its paragraphs with tracked changes, figures and comments.

use std::collections::BTreeMap;

use super::embedded_original::{WrittenDocument, read_made};
use crate::render::office_package::{OfficePackage, PackageFault};
use crate::render::xml_scan::{XmlItem, XmlItemKind, end_of, scan_xml};

/// What came back.
#[derive(Debug)]
pub struct ReturnedFile {
    /// What it said when it was made, unless an editor dropped that.
    pub made: Option<WrittenDocument>,
    /// In the order of the text, then the footnotes.
    pub paragraphs: Vec<ReturnedParagraph>,
    /// In the order of the text.
    pub comments: Vec<ReturnedComment>,
}

/// A paragraph.
#[derive(Debug, Default)]
pub struct ReturnedParagraph {
    /// It is a footnote.
    pub is_note: bool,
    /// It is a line of the contents.
    pub is_contents: bool,
    /// Its words in order.
    pub pieces: Vec<ReturnedPiece>,
}

/// Words of a paragraph.
#[derive(Clone, Debug)]
pub struct ReturnedPiece {
    /// As a reader sees them.
    pub text: String,
    /// The tag of the control that they stand in.
    pub figure: Option<String>,
    /// A change that an editor tracked.
    pub change: Option<TrackedChange>,
}

/// A tracked change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackedChange {
    /// It was put in; else it was struck.
    pub is_inserted: bool,
    /// Who did it.
    pub author: String,
}

/// A comment.
#[derive(Debug)]
pub struct ReturnedComment {
    /// Who wrote it.
    pub author: String,
    /// What it says.
    pub text: String,
    /// Index of the paragraph that it is about.
    pub paragraph: usize,
    /// The words that it is about.
    pub about: String,
}

impl ReturnedParagraph {
    /// Its words with all tracked changes taken.
    pub fn accepted(&self) -> String {
        self.words(|change| change.is_none_or(|change| change.is_inserted))
    }

    /// Its words with all tracked changes refused.
    pub fn original(&self) -> String {
        self.words(|change| change.is_none_or(|change| !change.is_inserted))
    }

    fn words(&self, is_wanted: impl Fn(Option<&TrackedChange>) -> bool) -> String {
        let wanted = self.pieces.iter().filter(|piece| is_wanted(piece.change.as_ref()));
        wanted.map(|piece| piece.text.as_str()).collect()
    }
}

/// Reads a Word file that came back.
///
/// # Errors
/// It is no Word file, or a damaged one.
pub fn read_returned(bytes: &[u8]) -> Result<ReturnedFile, PackageFault> {
    let package = OfficePackage::open(bytes)?;
    let main = package.main_part()?;
    if !package.content_type(&main)?.is_some_and(|kind| kind.contains("wordprocessingml") || kind.contains("ms-word")) {
        return Err(PackageFault::NotSuchAFile);
    }
    let mut reader = ReturnedReader::default();
    reader.read(&scan_xml(package.xml(&main)?)?, false);
    let relations = package.relations(&main)?;
    let part = |kind: &str| relations.iter().find(|relation| relation.kind == kind).map(|part| part.target.as_str());
    if let Some(notes) = part("footnotes") {
        reader.read(&scan_xml(package.xml(notes)?)?, true);
    }
    let texts = part("comments").map(|name| package.xml(name).and_then(scan_xml)).transpose()?;
    let comments = reader.comments(&texts.map(|items| read_comments(&items)).unwrap_or_default());
    Ok(ReturnedFile { made: read_made(&package)?, paragraphs: reader.paragraphs, comments })
}

/// Author and text of each comment by its id.
fn read_comments(items: &[XmlItem]) -> BTreeMap<String, (String, String)> {
    let mut comments = BTreeMap::new();
    for (at, item) in items.iter().enumerate().filter(|(_, item)| item.begins("comment")) {
        let inner = &items[at..end_of(items, at)];
        let mut text = String::new();
        for item in inner {
            if item.begins("p") && !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&item.text);
        }
        let attribute = |name: &str| item.attribute(name).unwrap_or_default().to_owned();
        comments.insert(attribute("id"), (attribute("author"), text.trim().to_owned()));
    }
    comments
}

#[derive(Default)]
struct ReturnedReader {
    paragraphs: Vec<ReturnedParagraph>,
    /// Comments by id: the paragraph that each begins in, and its words.
    ranges: Vec<(String, usize, String)>,
}

impl ReturnedReader {
    fn read(&mut self, items: &[XmlItem], is_note: bool) {
        let mut open: Vec<usize> = Vec::new();
        let mut changes: Vec<TrackedChange> = Vec::new();
        // Controls that are open, each with its tag once that is read.
        let mut controls: Vec<Option<String>> = Vec::new();
        let mut commented: Vec<String> = Vec::new();
        let (mut in_text, mut in_properties) = (false, 0_usize);
        let mut at = 0;
        while let Some(item) = items.get(at) {
            let is_start = item.kind == XmlItemKind::Start;
            match (item.kind, item.name.as_str()) {
                // The same words a second time, for older programs.
                (XmlItemKind::Start, "Fallback") => {
                    at = end_of(items, at);
                    continue;
                }
                (XmlItemKind::Start | XmlItemKind::Empty, "p") => {
                    self.paragraphs.push(ReturnedParagraph { is_note, ..ReturnedParagraph::default() });
                    if is_start {
                        open.push(self.paragraphs.len() - 1);
                    }
                }
                (XmlItemKind::End, "p") => {
                    open.pop();
                }
                (XmlItemKind::Start, "ins" | "del" | "moveFrom" | "moveTo") => changes.push(TrackedChange {
                    is_inserted: matches!(item.name.as_str(), "ins" | "moveTo"),
                    author: item.attribute("author").unwrap_or_default().to_owned(),
                }),
                (XmlItemKind::End, "ins" | "del" | "moveFrom" | "moveTo") => {
                    changes.pop();
                }
                (XmlItemKind::Start, "sdt") => controls.push(None),
                (XmlItemKind::End, "sdt") => {
                    controls.pop();
                }
                (XmlItemKind::Start, "sdtPr" | "pPr" | "rPr") => in_properties += 1,
                (XmlItemKind::End, "sdtPr" | "pPr" | "rPr") => in_properties = in_properties.saturating_sub(1),
                (_, "tag") if item.kind != XmlItemKind::End && in_properties > 0 => {
                    if let Some(control) = controls.last_mut() {
                        *control = item.attribute("val").map(str::to_owned);
                    }
                }
                (XmlItemKind::Start | XmlItemKind::Empty, "pStyle") => {
                    let style = item.attribute("val").unwrap_or_default().to_lowercase();
                    if let Some(paragraph) = open.last() {
                        self.paragraphs[*paragraph].is_contents |=
                            style.starts_with("toc") || style.starts_with("contents");
                    }
                }
                (_, "commentRangeStart") if item.kind != XmlItemKind::End => {
                    let id = item.attribute("id").unwrap_or_default().to_owned();
                    // A range may begin between two paragraphs.
                    let paragraph = open.last().copied().unwrap_or(self.paragraphs.len());
                    self.ranges.push((id.clone(), paragraph, String::new()));
                    commented.push(id);
                }
                (_, "commentRangeEnd") if item.kind != XmlItemKind::End => {
                    commented.retain(|id| Some(id.as_str()) != item.attribute("id"));
                }
                (_, "commentReference") if item.kind != XmlItemKind::End => {
                    let id = item.attribute("id").unwrap_or_default().to_owned();
                    let paragraph = open.last().copied().unwrap_or_default();
                    if !self.ranges.iter().any(|(known, ..)| *known == id) {
                        self.ranges.push((id, paragraph, String::new()));
                    }
                }
                (XmlItemKind::Start, "t" | "delText") => in_text = true,
                (XmlItemKind::End, "t" | "delText") => in_text = false,
                (XmlItemKind::Text, _) if in_text => {
                    self.add(&open, &item.text, &controls, changes.last(), &commented);
                }
                (XmlItemKind::Empty, "br" | "cr") if in_properties == 0 => {
                    self.add(&open, "\n", &controls, changes.last(), &commented);
                }
                (XmlItemKind::Empty, "tab") if in_properties == 0 => {
                    self.add(&open, " ", &controls, changes.last(), &commented);
                }
                (XmlItemKind::Empty, "noBreakHyphen") => {
                    self.add(&open, "\u{2011}", &controls, changes.last(), &commented);
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn add(
        &mut self,
        open: &[usize],
        text: &str,
        controls: &[Option<String>],
        change: Option<&TrackedChange>,
        commented: &[String],
    ) {
        let Some(paragraph) = open.last() else { return };
        let figure = controls.iter().rev().flatten().next().cloned();
        self.paragraphs[*paragraph].pieces.push(ReturnedPiece {
            text: text.to_owned(),
            figure,
            change: change.cloned(),
        });
        let ranges = self.ranges.iter_mut().filter(|(id, ..)| commented.contains(id));
        ranges.for_each(|(.., words)| words.push_str(text));
    }

    fn comments(&self, texts: &BTreeMap<String, (String, String)>) -> Vec<ReturnedComment> {
        let comments = self.ranges.iter().filter_map(|(id, paragraph, about)| {
            let (author, text) = texts.get(id)?.clone();
            Some(ReturnedComment { author, text, paragraph: *paragraph, about: about.trim().to_owned() })
        });
        comments.collect()
    }
}
