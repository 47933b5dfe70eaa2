use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::markdown::{LinePiece, MAX_DEPTH, MarkdownReader, NAME_DASHES, is_block_tag};
use super::nearest_name;
use super::source::{CLOSE, FILLER, OPEN};
use super::write::Insertion;
use crate::diagnostic::kinds;
use crate::report::block::{Block, Inline, plain_text};

/// The content of one line: text, figures, emphasis, links, pictures.
impl<'a> MarkdownReader<'a> {
    /// Content up to the end of the enclosing element, or to the next block where there is none around it.
    pub(super) fn read_inlines(&mut self, until: Option<TagEnd>, depth: usize) -> Vec<LinePiece> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut text_at = 0;
        while self.next < self.events.len() {
            let (event, range) = self.events[self.next].clone();
            let ends_here = match &event {
                Event::Start(tag) => until.is_none() && is_block_tag(tag),
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
                if self.is_name_next() {
                    self.flush_text(&mut text, text_at, &mut pieces);
                    pieces.push(LinePiece::Inline(Inline::LineBreak));
                } else {
                    text.push(' ');
                }
                continue;
            }
            self.flush_text(&mut text, text_at, &mut pieces);
            self.read_inline(event, range, depth, &mut pieces);
        }
        self.flush_text(&mut text, text_at, &mut pieces);
        pieces
    }

    /// Whether the next line of a quotation names who said it.
    fn is_name_next(&self) -> bool {
        let next = self.events.get(self.next).map(|(event, _)| event);
        self.open_quotes > 0
            && matches!(next, Some(Event::Text(text)) if NAME_DASHES.iter().any(|dash| text.starts_with(dash)))
    }

    fn read_inline(&mut self, event: Event<'a>, range: Range<usize>, depth: usize, pieces: &mut Vec<LinePiece>) {
        match event {
            Event::HardBreak => pieces.push(LinePiece::Inline(Inline::LineBreak)),
            Event::FootnoteReference(label) => {
                let found = self.footnotes.get_mut(label.as_ref());
                match found {
                    Some(footnote) => {
                        footnote.used = true;
                        let content = footnote.content.clone();
                        pieces.push(LinePiece::Inline(Inline::Footnote { content }));
                    }
                    None => self.report(kinds::Footnote::Unknown { what: label.to_string() }, range.start),
                }
            }
            Event::Start(tag) if depth > MAX_DEPTH => {
                self.report(kinds::UnsupportedMarkdown::Deep, range.start);
                self.skip_to(tag.to_end());
            }
            Event::Start(Tag::Emphasis) => {
                let content = self.read_inlines(Some(TagEnd::Emphasis), depth + 1);
                let content = self.reject_standalone(content, range.start);
                pieces.push(LinePiece::Inline(Inline::Emphasis { content }));
            }
            Event::Start(Tag::Strong) => {
                let content = self.read_inlines(Some(TagEnd::Strong), depth + 1);
                let content = self.reject_standalone(content, range.start);
                pieces.push(LinePiece::Inline(Inline::Strong { content }));
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let content = self.read_inlines(Some(TagEnd::Link), depth + 1);
                let content = self.reject_standalone(content, range.start);
                let lower = dest_url.to_ascii_lowercase();
                let allowed = ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
                if !allowed || dest_url.contains([OPEN, CLOSE, FILLER]) {
                    self.report(kinds::LinkAddress { what: dest_url.to_string() }, range.start);
                }
                pieces.push(LinePiece::Inline(Inline::Link { url: dest_url.to_string(), content }));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let content = self.read_inlines(Some(TagEnd::Image), depth + 1);
                let content = self.reject_standalone(content, range.start);
                pieces.extend(self.read_picture(&dest_url, &content, range.start));
            }
            Event::Code(text) => {
                let text = self.fill_code(&text);
                pieces.push(LinePiece::Inline(Inline::Code { text }));
            }
            Event::InlineHtml(_) | Event::Html(_) => {
                self.report(kinds::UnsupportedMarkdown::Html, range.start);
            }
            Event::Start(tag) => {
                self.report(kinds::UnsupportedMarkdown::Plain, range.start);
                self.skip_to(tag.to_end());
            }
            _ => {}
        }
    }

    fn read_picture(&mut self, file: &str, alt: &[Inline], at: usize) -> Option<LinePiece> {
        let Some(picture) = self.pictures.iter().find(|picture| picture.file == file) else {
            let nearest = nearest_name(file, self.pictures.iter().map(|picture| picture.file.as_str()));
            self.report(kinds::UnknownImage { what: file.to_owned(), nearest }, at);
            return None;
        };
        let written = plain_text(alt);
        let alt = if written.trim().is_empty() {
            picture.alt.in_order(self.lang, self.order).unwrap_or_default().to_owned()
        } else {
            written
        };
        let caption = picture.caption.in_order(self.lang, self.order);
        let caption = caption.map(|text| vec![Inline::Text { text: text.to_owned() }]).unwrap_or_default();
        let credit = picture.credit.in_order(self.lang, self.order).map(str::to_owned);
        Some(LinePiece::Standalone(Block::Image { file: file.to_owned(), alt, caption, credit, large: picture.large }))
    }

    /// Code with the text of the insertions in it; charts and tables have none.
    pub(super) fn fill_code(&self, code: &str) -> String {
        let mut text = String::new();
        let mut rest = code;
        while let Some((before, after)) = rest.split_once(OPEN) {
            text.push_str(before);
            let Some((index, behind)) = after.split_once(CLOSE) else { break };
            match index.parse::<usize>().ok().and_then(|index| self.insertions.get(index)) {
                Some(Insertion::Text(piece)) | Some(Insertion::Figure { text: piece, .. }) => text.push_str(piece),
                Some(Insertion::Chart(_)) | Some(Insertion::Table(_)) | None => {}
            }
            rest = behind;
        }
        text.push_str(rest);
        text
    }

    /// Ends a run of text: splits it where insertions belong.
    fn flush_text(&mut self, text: &mut String, at: usize, pieces: &mut Vec<LinePiece>) {
        if text.is_empty() {
            return;
        }
        let text = std::mem::take(text);
        if let Some(found) = text.find("[^") {
            let label = text[found + 2..].split(']').next().unwrap_or_default().to_owned();
            self.report(kinds::Footnote::Unknown { what: label.to_string() }, at + found);
        }
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once(OPEN) {
            push_text(before, pieces);
            let Some((index, behind)) = after.split_once(CLOSE) else { break };
            let token = index.parse::<usize>().ok().and_then(|index| self.insertions.get(index));
            match token {
                Some(Insertion::Text(text)) => push_text(text, pieces),
                Some(Insertion::Figure { text, indicator, source }) => pieces.push(LinePiece::Inline(Inline::Figure {
                    text: text.clone(),
                    indicator: indicator.clone(),
                    id: None,
                    source: source.clone(),
                })),
                Some(Insertion::Chart(indicator)) => {
                    pieces.push(LinePiece::Standalone(Block::IndicatorChart { indicator: indicator.clone() }));
                }
                Some(Insertion::Table(indicator)) => {
                    pieces.push(LinePiece::Standalone(Block::IndicatorTable { indicator: indicator.clone() }));
                }
                None => {}
            }
            rest = behind;
        }
        push_text(rest, pieces);
    }
}

fn push_text(text: &str, pieces: &mut Vec<LinePiece>) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(LinePiece::Inline(Inline::Text { text: before })) => before.push_str(text),
        _ => pieces.push(LinePiece::Inline(Inline::Text { text: text.to_owned() })),
    }
}
