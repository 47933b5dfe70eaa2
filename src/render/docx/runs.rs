//! Words of a paragraph: runs with their language and direction, figures in content controls, links, footnotes.

use unicode_script::{Script, UnicodeScript};

use super::body_writer::DocumentWriter;
use crate::report::block::Inline;
use crate::report::document::FigureText;

/// How a run is set: a character style, and emphasis beyond it.
#[derive(Clone, Copy, Default)]
pub(super) struct RunStyle<'s> {
    pub style: Option<&'s str>,
    pub strong: bool,
    pub emphasis: bool,
}

impl<'s> RunStyle<'s> {
    /// Set in a character style.
    pub(super) fn of(style: &'s str) -> RunStyle<'s> {
        RunStyle { style: Some(style), ..RunStyle::default() }
    }
}

impl DocumentWriter<'_> {
    /// Words of data in one style, with every run of a script that is written from right to left marked as such.
    pub(super) fn run(&mut self, text: &str, style: RunStyle) {
        self.record.add(text);
        for (piece, is_rtl) in direction_runs(text) {
            self.run_of_direction(piece, style, is_rtl);
        }
    }

    fn run_of_direction(&mut self, text: &str, style: RunStyle, is_rtl: bool) {
        self.xml.open("w:r", &[]);
        self.xml.open("w:rPr", &[]);
        if let Some(name) = style.style {
            self.xml.value("w:rStyle", name);
        }
        if style.strong {
            self.xml.empty("w:b", &[]);
            self.xml.empty("w:bCs", &[]);
        }
        if style.emphasis {
            self.xml.empty("w:i", &[]);
            self.xml.empty("w:iCs", &[]);
        }
        if is_rtl {
            self.xml.empty("w:rtl", &[]);
        }
        let language = self.language();
        self.xml.empty("w:lang", &[("w:val", &language)]);
        self.xml.close();
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.xml.empty("w:br", &[]);
            }
            if !line.is_empty() {
                self.xml.text("w:t", line);
            }
        }
        self.xml.close();
    }

    /// Words in which figures are marked.
    pub(super) fn figure_text(&mut self, words: &FigureText, style: RunStyle) {
        for piece in &words.pieces {
            match &piece.id {
                Some(id) => {
                    let place = piece.figure.as_ref().and_then(|source| source.place.clone());
                    self.control(id, place, |writer| writer.run(&piece.text, style));
                }
                None => self.run(&piece.text, style),
            }
        }
    }

    /// A content control around a figure. Its content is locked, so that no figure is overtyped by mistake; the control
    /// itself isn't, so that the sentence may be struck.
    fn control(&mut self, id: &str, place: Option<String>, content: impl FnOnce(&mut Self)) {
        let number = self.next_id().to_string();
        self.xml.open("w:sdt", &[]);
        self.xml.open("w:sdtPr", &[]);
        self.xml.value("w:alias", id);
        self.xml.value("w:tag", id);
        self.xml.value("w:id", &number);
        self.xml.value("w:lock", "contentLocked");
        self.xml.close();
        self.xml.open("w:sdtContent", &[]);
        self.record.figure = Some((id.to_owned(), place));
        content(self);
        self.record.figure = None;
        self.xml.close();
        self.xml.close();
    }

    /// Prose of a line.
    pub(super) fn inlines(&mut self, content: &[Inline], style: RunStyle) {
        for inline in content {
            match inline {
                Inline::Text { text } => self.run(text, style),
                Inline::Figure { text, id: Some(id), source, .. } => {
                    let place = source.as_ref().and_then(|source| source.place.clone());
                    self.control(id, place, |writer| writer.run(text, style));
                }
                Inline::Figure { text, id: None, .. } => self.run(text, style),
                Inline::Strong { content } => self.inlines(content, RunStyle { strong: true, ..style }),
                Inline::Emphasis { content } => self.inlines(content, RunStyle { emphasis: true, ..style }),
                Inline::Link { url, content } => {
                    let id = self.relations.address(url);
                    self.xml.open("w:hyperlink", &[("r:id", &id)]);
                    self.inlines(content, RunStyle { style: Some("Hyperlink"), ..style });
                    self.xml.close();
                }
                Inline::Footnote { content } => self.footnote(content),
                Inline::Code { text } => self.run(text, RunStyle { style: Some("HTMLCode"), ..style }),
                Inline::LineBreak => {
                    self.record.add("\n");
                    self.xml.open("w:r", &[]);
                    self.xml.empty("w:br", &[]);
                    self.xml.close();
                }
            }
        }
    }

    /// The code of an indicator, which leads to its row in the table where there is one.
    pub(super) fn code_link(&mut self, code: &str) {
        let place = self.bookmark_of(code);
        match place {
            Some(place) => {
                self.xml.open("w:hyperlink", &[("w:anchor", &place), ("w:history", "1")]);
                self.run(code, RunStyle::of("Code"));
                self.xml.close();
            }
            None => self.run(code, RunStyle::of("Code")),
        }
    }
}

/// Pieces of a text that are written in one direction. What belongs to no script goes with what is before it.
fn direction_runs(text: &str) -> Vec<(&str, bool)> {
    let mut runs: Vec<(usize, bool)> = Vec::new();
    for (at, c) in text.char_indices() {
        let direction = match c.script() {
            Script::Common | Script::Inherited => None,
            Script::Arabic | Script::Hebrew | Script::Syriac | Script::Thaana | Script::Nko | Script::Adlam => {
                Some(true)
            }
            _ => Some(false),
        };
        let last = runs.last().map(|run| run.1);
        match (direction, last) {
            (_, None) => runs.push((at, direction.unwrap_or(false))),
            (Some(now), Some(before)) if now != before => runs.push((at, now)),
            _ => {}
        }
    }
    let ends = runs.iter().skip(1).map(|run| run.0).chain([text.len()]);
    runs.iter().zip(ends).map(|((from, is_rtl), to)| (&text[*from..to], *is_rtl)).collect()
}
