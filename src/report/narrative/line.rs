use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::evaluate::Printed;
use super::markdown::{DEEPEST, Piece, Reader, is_block};
use super::source::{CLOSE, FILLER, OPEN};
use crate::report::block::{Block, Inline};

/// What stands in one line: text, figures, emphasis, links, pictures.
impl<'a> Reader<'a> {
    /// Content up to the end of the enclosing element, or to the next block where there is none around it.
    pub(super) fn inlines(&mut self, until: Option<TagEnd>, depth: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut text_at = 0;
        while self.next < self.events.len() {
            let (event, range) = self.events[self.next].clone();
            let ends_here = match &event {
                Event::Start(tag) => until.is_none() && is_block(tag),
                Event::End(end) => until.is_none() || Some(*end) == until,
                _ => false,
            };
            if ends_here {
                if until.is_some() {
                    self.next += 1;
                }
                break;
            }
            self.next += 1;
            if let Event::Text(piece) = &event {
                if text.is_empty() {
                    text_at = range.start;
                }
                text.push_str(piece);
                continue;
            }
            if let Event::SoftBreak = event {
                text.push(' ');
                continue;
            }
            self.flush(&mut text, text_at, &mut pieces);
            self.inline(event, range, depth, &mut pieces);
        }
        self.flush(&mut text, text_at, &mut pieces);
        pieces
    }

    fn inline(&mut self, event: Event<'a>, range: Range<usize>, depth: usize, pieces: &mut Vec<Piece>) {
        match event {
            Event::HardBreak => pieces.push(Piece::Inline(Inline::LineBreak)),
            Event::FootnoteReference(label) => {
                let found = self.notes.get_mut(label.as_ref());
                match found {
                    Some(note) => {
                        note.used = true;
                        let content = note.content.clone();
                        pieces.push(Piece::Inline(Inline::Footnote { content }));
                    }
                    None => self.fault("footnote", Some("unknown"), range.start, &label),
                }
            }
            Event::Start(tag) if depth > DEEPEST => {
                self.fault("unsupported-markdown", Some("deep"), range.start, "");
                self.skip(tag.to_end());
            }
            Event::Start(Tag::Emphasis) => {
                let content = self.inlines(Some(TagEnd::Emphasis), depth + 1);
                let content = self.without_placed(content, range.start);
                pieces.push(Piece::Inline(Inline::Emphasis { content }));
            }
            Event::Start(Tag::Strong) => {
                let content = self.inlines(Some(TagEnd::Strong), depth + 1);
                let content = self.without_placed(content, range.start);
                pieces.push(Piece::Inline(Inline::Strong { content }));
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let content = self.inlines(Some(TagEnd::Link), depth + 1);
                let content = self.without_placed(content, range.start);
                let lower = dest_url.to_ascii_lowercase();
                let allowed = ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
                if !allowed || dest_url.contains([OPEN, CLOSE, FILLER]) {
                    self.fault("link-address", None, range.start, &dest_url);
                }
                pieces.push(Piece::Inline(Inline::Link { url: dest_url.to_string(), content }));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let content = self.inlines(Some(TagEnd::Image), depth + 1);
                let content = self.without_placed(content, range.start);
                pieces.extend(self.picture(&dest_url, &content, range.start));
            }
            Event::Code(_) => self.fault("unsupported-markdown", Some("code"), range.start, ""),
            Event::InlineHtml(_) | Event::Html(_) => {
                self.fault("unsupported-markdown", Some("html"), range.start, "");
            }
            Event::Start(tag) => {
                self.fault("unsupported-markdown", None, range.start, "");
                self.skip(tag.to_end());
            }
            _ => {}
        }
    }

    fn picture(&mut self, file: &str, alt: &[Inline], at: usize) -> Option<Piece> {
        let Some(picture) = self.pictures.iter().find(|picture| picture.file == file) else {
            self.fault("unknown-image", None, at, file);
            return None;
        };
        let mut written = String::new();
        super::write_text(alt, &mut written, &mut 0);
        let alt = if written.trim().is_empty() {
            picture.alt.in_order(self.lang, self.order).unwrap_or_default().to_owned()
        } else {
            written
        };
        let caption = picture.caption.in_order(self.lang, self.order);
        let caption = caption.map(|text| vec![Inline::Text { text: text.to_owned() }]).unwrap_or_default();
        Some(Piece::Placed(Block::Image { file: file.to_owned(), alt, caption }))
    }

    /// Splits text at its tokens.
    fn flush(&mut self, text: &mut String, at: usize, pieces: &mut Vec<Piece>) {
        if text.is_empty() {
            return;
        }
        let text = std::mem::take(text);
        if let Some(found) = text.find("[^") {
            let label = text[found + 2..].split(']').next().unwrap_or_default().to_owned();
            self.fault("footnote", Some("unknown"), at + found, &label);
        }
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once(OPEN) {
            push_text(before, pieces);
            let Some((index, behind)) = after.split_once(CLOSE) else { break };
            let token = index.parse::<usize>().ok().and_then(|index| self.tokens.get(index));
            match token {
                Some(Printed::Text(text)) => push_text(text, pieces),
                Some(Printed::Figure { text, indicator }) => {
                    pieces.push(Piece::Inline(Inline::Figure { text: text.clone(), indicator: indicator.clone() }))
                }
                Some(Printed::Chart(indicator)) => {
                    pieces.push(Piece::Placed(Block::IndicatorChart { indicator: indicator.clone() }));
                }
                Some(Printed::Table(indicator)) => {
                    pieces.push(Piece::Placed(Block::IndicatorTable { indicator: indicator.clone() }));
                }
                None => {}
            }
            rest = behind;
        }
        push_text(rest, pieces);
    }
}

fn push_text(text: &str, pieces: &mut Vec<Piece>) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(Piece::Inline(Inline::Text { text: before })) => before.push_str(text),
        _ => pieces.push(Piece::Inline(Inline::Text { text: text.to_owned() })),
    }
}
