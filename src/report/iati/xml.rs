use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::model::{Lang, Text};

/// XML as it is written into memory, which can't fail; characters that XML 1.0 has no place for are left out.
pub struct XmlWriter<'a> {
    writer: Writer<Vec<u8>>,
    open: Vec<&'static str>,
    languages: &'a [Lang],
}

impl<'a> XmlWriter<'a> {
    pub fn new(languages: &'a [Lang]) -> XmlWriter<'a> {
        let mut xml = XmlWriter { writer: Writer::new_with_indent(Vec::new(), b' ', 2), open: Vec::new(), languages };
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml
    }

    pub fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.write_event(Event::Start(start_tag(name, attributes)));
        self.open.push(name);
    }

    /// Closes what was opened last.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.write_event(Event::End(BytesEnd::new(name)));
        }
    }

    pub fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.write_event(Event::Empty(start_tag(name, attributes)));
    }

    pub fn leaf(&mut self, name: &'static str, text: &str) {
        self.write_event(Event::Start(start_tag(name, &[])));
        self.write_event(Event::Text(BytesText::new(&remove_control_characters(text))));
        self.write_event(Event::End(BytesEnd::new(name)));
    }

    /// An element with the text in each of the project's languages that has it.
    pub fn text_element(&mut self, name: &'static str, text: &Text) {
        self.open(name, &[]);
        self.narratives(text);
        self.close();
    }

    /// The text in each of the project's languages that has it.
    pub fn narratives(&mut self, text: &Text) {
        for lang in self.languages {
            if let Some(text) = text.get(lang) {
                self.narrative(lang, text);
            }
        }
    }

    pub fn narrative(&mut self, lang: &Lang, text: &str) {
        self.write_event(Event::Start(start_tag("narrative", &[("xml:lang", lang.as_str())])));
        self.write_event(Event::Text(BytesText::new(&remove_control_characters(text))));
        self.write_event(Event::End(BytesEnd::new("narrative")));
    }

    pub fn finish(self) -> String {
        let mut text = String::from_utf8_lossy(&self.writer.into_inner()).into_owned();
        text.push('\n');
        text
    }

    fn write_event(&mut self, event: Event) {
        // Writing to memory can't fail.
        let _ = self.writer.write_event(event);
    }
}

fn start_tag(name: &'static str, attributes: &[(&str, &str)]) -> BytesStart<'static> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, remove_control_characters(value).as_str()));
    }
    start
}

fn remove_control_characters(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}
