//! Content controls of a Word file, by their tags, or by their titles where they have none: people see only the title, and
//! some editors keep only that.

use std::ops::Range;

use super::FormFaultKind;
use super::placeholders::WordPart;
use super::word::{SpanChange, is_within, write_text};
use crate::render::xml_scan::{XmlItem, XmlItemKind, end_of};
use crate::report::form::FormValue;

/// A content control of a part.
pub(super) struct Control {
    /// Its title where it has none, and empty where it has neither.
    pub tag: String,
    pub is_locked: bool,
    pub is_bound: bool,
    /// It shows what is to be typed there.
    pub is_prompt: bool,
    properties: Range<usize>,
    pub content: Range<usize>,
}

/// Every control, as ranges of the part's items.
pub(super) fn find_controls(items: &[XmlItem]) -> Vec<Control> {
    let mut controls = Vec::new();
    for (at, _) in items.iter().enumerate().filter(|(_, item)| item.kind == XmlItemKind::Start && item.name == "sdt") {
        let end = end_of(items, at);
        let find = |name: &str| {
            let start = (at..end).find(|index| items[*index].begins(name))?;
            Some(start..end_of(items, start))
        };
        let (Some(properties), Some(content)) = (find("sdtPr"), find("sdtContent")) else { continue };
        let inner = &items[properties.clone()];
        let value = |name: &str| {
            inner.iter().find(|item| item.begins(name)).map(|item| item.attribute("val").unwrap_or_default())
        };
        controls.push(Control {
            tag: value("tag").filter(|tag| !tag.is_empty()).or(value("alias")).unwrap_or_default().to_owned(),
            is_locked: matches!(value("lock"), Some("contentLocked" | "sdtContentLocked")),
            is_bound: value("dataBinding").is_some(),
            is_prompt: value("showingPlcHdr").is_some(),
            properties,
            content,
        });
    }
    controls
}

/// What changes in a part, and which paragraphs are touched.
pub(super) type FilledControl = (Vec<SpanChange>, Vec<usize>);

impl Control {
    /// [`Control::fill`] where the control may be changed.
    pub(super) fn fill_unlocked(&self, part: &WordPart, value: &FormValue) -> Result<FilledControl, FormFaultKind> {
        match (self.is_locked, self.is_bound) {
            (true, _) => Err(FormFaultKind::Locked),
            (_, true) => Err(FormFaultKind::Bound),
            _ => self.fill(part, value),
        }
    }

    /// What changes in the part where the control gets a text, and which paragraphs are touched.
    fn fill(&self, part: &WordPart, value: &FormValue) -> Result<FilledControl, FormFaultKind> {
        let items = &part.items;
        let mut changes = Vec::new();
        let mut touched = Vec::new();
        let mut is_first = true;
        for (index, paragraph) in part.paragraphs.iter().enumerate() {
            for text in paragraph.texts.iter().filter(|text| self.content.contains(&text.item)) {
                let words = if std::mem::take(&mut is_first) { value.text.as_str() } else { "" };
                changes.push((text.span.clone(), write_text(&part.text[text.span.clone()], words)));
                touched.push(index);
            }
        }
        if is_first {
            let change = self
                .insert(part, value)
                .ok_or_else(|| FormFaultKind::NoPlace { place: format!("@{}", self.tag), known: Vec::new() })?;
            touched.extend((0..part.paragraphs.len()).filter(|at| is_within(&change.0, &part.paragraphs[*at].span)));
            changes.push(change);
        }
        if self.is_prompt {
            let prompt = items[self.properties.clone()].iter().filter(|item| item.begins("showingPlcHdr"));
            let is_style = |item: &&XmlItem| {
                item.begins("rStyle") && item.attribute("val").is_some_and(|style| style.contains("Placeholder"))
            };
            let styles = items[self.content.clone()].iter().filter(is_style);
            changes.extend(prompt.chain(styles).map(|item| (item.span.clone(), String::new())));
        }
        Ok((changes, touched))
    }

    /// A run where the control holds no text yet.
    fn insert(&self, part: &WordPart, value: &FormValue) -> Option<SpanChange> {
        let items = &part.items;
        let start = self.content.start;
        let tag = &part.text[items[start].span.clone()];
        if let Some(at) = self.content.clone().find(|at| items[*at].begins("p")) {
            return run_in_paragraph(part, at, value);
        }
        let is_in_paragraph = part.paragraphs.iter().any(|paragraph| is_within(&items[start].span, &paragraph.span));
        if !is_in_paragraph {
            return None;
        }
        let prefix = prefix_of(tag, "sdtContent");
        let run = write_run(prefix, "", value);
        if items[start].kind == XmlItemKind::Empty {
            let open = tag.strip_suffix("/>")?.trim_end();
            return Some((items[start].span.clone(), format!("{open}>{run}</{prefix}sdtContent>")));
        }
        let at = items[start].span.end;
        Some((at..at, run))
    }
}

/// What an element is named with before its name.
fn prefix_of<'t>(tag: &'t str, name: &str) -> &'t str {
    let written = tag.trim_start_matches('<').split(|c: char| c.is_whitespace() || c == '>' || c == '/').next();
    written.and_then(|written| written.strip_suffix(name)).unwrap_or_default()
}

fn write_run(prefix: &str, properties: &str, value: &FormValue) -> String {
    let text = write_text(&format!("<{prefix}t>"), &value.text);
    format!("<{prefix}r>{properties}{text}</{prefix}r>")
}

/// A run at the end of the paragraph that begins at an item, in the letters that Word would type there.
pub(super) fn run_in_paragraph(part: &WordPart, at: usize, value: &FormValue) -> Option<SpanChange> {
    let items = &part.items;
    let tag = &part.text[items[at].span.clone()];
    let prefix = prefix_of(tag, "p");
    if items[at].kind == XmlItemKind::Empty {
        let open = tag.strip_suffix("/>")?.trim_end();
        let run = write_run(prefix, "", value);
        return Some((items[at].span.clone(), format!("{open}>{run}</{prefix}p>")));
    }
    let behind = end_of(items, at);
    let mark = (at + 1..behind).find(|at| items[*at].begins("pPr")).map(|start| start..end_of(items, start));
    let properties = mark.map(|mark| mark_properties(part, mark)).unwrap_or_default();
    let end = items[behind - 1].span.start;
    Some((end..end, write_run(prefix, &properties, value)))
}

/// What the mark of a paragraph looks like, without what tracked changes say of it.
fn mark_properties(part: &WordPart, mark: Range<usize>) -> String {
    let items = &part.items;
    let Some(start) = mark.clone().find(|at| items[*at].begins("rPr")) else { return String::new() };
    let behind = end_of(items, start);
    let mut properties = String::new();
    let mut at = start;
    while at < behind {
        if ["ins", "del", "moveFrom", "moveTo", "rPrChange"].iter().any(|name| items[at].begins(name)) {
            at = end_of(items, at);
            continue;
        }
        properties.push_str(&part.text[items[at].span.clone()]);
        at += 1;
    }
    properties
}
