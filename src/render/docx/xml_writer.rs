//! XML as it is written: elements one after the other, each closed by the one who opened it.

use std::ops::Range;

use quick_xml::escape::{escape, partial_escape};

/// A document of XML that grows.
#[derive(Default)]
pub(super) struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// Begins an element; [`close`](Self::close) ends it.
    pub(super) fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, ">");
        self.open.push(name);
    }

    /// Ends the element that was begun last.
    pub(super) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.text.push_str("</");
            self.text.push_str(name);
            self.text.push('>');
        }
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, "/>");
    }

    /// An element without content whose only attribute is `w:val`.
    pub(super) fn value(&mut self, name: &'static str, value: &str) {
        self.empty(name, &[("w:val", value)]);
    }

    /// An element whose `w:w` is a mark that [`replace_from`](Self::replace_from) is to find, before other attributes. A mark
    /// holds a letter that no text can hold.
    pub(super) fn marked_width(&mut self, name: &str, mark: &str, other: &str) {
        self.text.push_str(&format!("<{name} w:w=\"{mark}\"{other}/>"));
    }

    /// An element that holds a text, whose blanks count.
    pub(super) fn text(&mut self, name: &'static str, text: &str) {
        self.open(name, &[("xml:space", "preserve")]);
        self.text.push_str(&partial_escape(allowed(text)));
        self.close();
    }

    /// An element that holds a text, in a vocabulary that doesn't know `xml:space`.
    pub(super) fn plain(&mut self, name: &'static str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        self.text.push_str(&partial_escape(allowed(text)));
        self.close();
    }

    /// What was written elsewhere.
    pub(super) fn append(&mut self, other: &Xml) {
        self.text.push_str(&other.text);
    }

    /// Puts an element without content after each one of another name that was written between two places, unless it
    /// is there.
    pub(super) fn insert_behind(&mut self, between: Range<usize>, name: &str, added: &str) {
        let (begin, element) = (format!("<{name} "), format!("<{added}/>"));
        let mut until = between.end;
        while let Some(at) = self.text[between.start..until].rfind(&begin) {
            until = between.start + at;
            let Some(end) = self.text[until..].find("/>").map(|length| until + length + 2) else { return };
            if !self.text[end..].starts_with(&element) {
                self.text.insert_str(end, &element);
            }
        }
    }

    /// Bytes so far.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// What was written from a place on.
    pub(super) fn text_from(&self, start: usize) -> &str {
        self.text.get(start..).unwrap_or_default()
    }

    /// Puts another text in place of what was written from a place on.
    pub(super) fn replace_from(&mut self, start: usize, with: impl FnOnce(&str) -> String) {
        let text = with(self.text_from(start));
        self.text.truncate(start);
        self.text.push_str(&text);
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn tag(&mut self, name: &'static str, attributes: &[(&str, &str)], end: &str) {
        self.text.push('<');
        self.text.push_str(name);
        for (key, value) in attributes {
            self.text.push(' ');
            self.text.push_str(key);
            self.text.push_str("=\"");
            self.text.push_str(&escape(allowed(value)).replace('\n', "&#10;"));
            self.text.push('"');
        }
        self.text.push_str(end);
    }
}

/// A text without what XML 1.0 can't hold (section 2.2, "Characters").
fn allowed(text: &str) -> String {
    let is_allowed =
        |c: &char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().filter(is_allowed).collect()
}
