//! XML with the place of every element in its bytes, so that some can be put in place of others and the rest stays as it is.

use std::collections::BTreeMap;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::office_package::{PackageFault, attributes_of};

/// A tag, or what is between two.
#[derive(Clone, Debug)]
pub(super) struct XmlItem {
    pub kind: XmlItemKind,
    /// The name without its prefix; empty for text.
    pub name: String,
    /// By name as it is written.
    pub attributes: BTreeMap<String, String>,
    /// Of text, with entities resolved.
    pub text: String,
    /// Bytes of the document.
    pub span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum XmlItemKind {
    Start,
    Empty,
    End,
    Text,
    /// A comment, a declaration.
    Other,
}

impl XmlItem {
    /// Whether an element of this name begins here.
    pub(super) fn begins(&self, name: &str) -> bool {
        matches!(self.kind, XmlItemKind::Start | XmlItemKind::Empty) && self.name == name
    }

    /// Whether an element of this name that isn't empty ends here.
    pub(super) fn ends(&self, name: &str) -> bool {
        self.kind == XmlItemKind::End && self.name == name
    }

    /// An attribute whatever its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let local = |key: &String| key.rsplit(':').next() == Some(name);
        self.attributes
            .get(name)
            .or_else(|| Some(self.attributes.iter().find(|(key, _)| local(key))?.1))
            .map(String::as_str)
    }
}

/// Every item of a document, in its order.
pub(super) fn scan_xml(text: &str) -> Result<Vec<XmlItem>, PackageFault> {
    let mut reader = Reader::from_str(text);
    let mut items: Vec<XmlItem> = Vec::new();
    let mut depth = 0_usize;
    loop {
        let from = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|_| PackageFault::BadXml)?;
        let span = from..reader.buffer_position() as usize;
        let mut item = |kind, name: &[u8], attributes, text| {
            let name = String::from_utf8_lossy(name).into_owned();
            items.push(XmlItem { kind, name, attributes, text, span: span.clone() });
        };
        match event {
            Event::Start(tag) => {
                depth += 1;
                item(XmlItemKind::Start, tag.local_name().as_ref(), attributes_of(&tag)?, String::new());
            }
            Event::Empty(tag) => {
                item(XmlItemKind::Empty, tag.local_name().as_ref(), attributes_of(&tag)?, String::new());
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                item(XmlItemKind::End, tag.local_name().as_ref(), BTreeMap::new(), String::new());
            }
            Event::Text(text) => {
                let text = text.decode().map_err(|_| PackageFault::BadXml)?.into_owned();
                item(XmlItemKind::Text, b"", BTreeMap::new(), text);
            }
            Event::CData(text) => {
                let text = text.decode().map_err(|_| PackageFault::BadXml)?.into_owned();
                item(XmlItemKind::Text, b"", BTreeMap::new(), text);
            }
            Event::GeneralRef(reference) => {
                let raw = format!("&{};", String::from_utf8_lossy(&reference));
                let text = quick_xml::escape::unescape(&raw).map_err(|_| PackageFault::BadXml)?.into_owned();
                item(XmlItemKind::Text, b"", BTreeMap::new(), text);
            }
            Event::DocType(_) => return Err(PackageFault::BadXml),
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {
                item(XmlItemKind::Other, b"", BTreeMap::new(), String::new());
            }
        }
    }
    if depth == 0 { Ok(items) } else { Err(PackageFault::BadXml) }
}

/// The index behind the element that begins at `at`.
pub(super) fn end_of(items: &[XmlItem], at: usize) -> usize {
    if items.get(at).is_none_or(|item| item.kind != XmlItemKind::Start) {
        return at + 1;
    }
    let mut depth = 0_usize;
    for (index, item) in items.iter().enumerate().skip(at) {
        match item.kind {
            XmlItemKind::Start => depth += 1,
            XmlItemKind::End => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return index + 1;
        }
    }
    items.len()
}

/// A document with other bytes in place of some, which don't overlap.
pub(super) fn replace_spans(text: &str, mut changes: Vec<(Range<usize>, String)>) -> String {
    changes.sort_by_key(|(span, _)| (span.start, span.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (span, new) in changes {
        out.push_str(&text[at..span.start]);
        out.push_str(&new);
        at = span.end;
    }
    out.push_str(&text[at..]);
    out
}
