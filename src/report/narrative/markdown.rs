use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::evaluate::Printed;
use crate::model::{Lang, Picture};
use crate::report::block::{Align, Block, Inline};

/// Lists within lists, quotes within quotes.
pub(super) const DEEPEST: usize = 12;

/// What prose may be made of; everything else is told, not dropped.
pub(super) const OPTIONS: Options = Options::ENABLE_TABLES.union(Options::ENABLE_FOOTNOTES);

/// What was wrong at an offset of the Markdown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    pub code: &'static str,
    pub variant: Option<&'static str>,
    pub at: usize,
    /// The address, file or label in question.
    pub what: String,
}

/// Reads Markdown into blocks; tokens become figures and text.
pub(super) fn blocks(
    markdown: &str,
    tokens: &[Printed],
    pictures: &[Picture],
    lang: &Lang,
    order: &[Lang],
) -> (Vec<Block>, Vec<Fault>) {
    let mut reader = Reader {
        events: Parser::new_ext(markdown, OPTIONS).into_offset_iter().collect(),
        next: 0,
        tokens,
        pictures,
        lang,
        order,
        notes: BTreeMap::new(),
        faults: Vec::new(),
    };
    reader.collect_notes();
    let blocks = reader.blocks(None, 0);
    let mut faults = reader.faults;
    for (label, note) in &reader.notes {
        if !note.used {
            faults.push(Fault { code: "footnote", variant: Some("unused"), at: note.at, what: label.clone() });
        }
    }
    faults.sort_by_key(|fault| fault.at);
    faults.dedup();
    (blocks, faults)
}

/// A footnote that was defined.
pub(super) struct Note {
    pub content: Vec<Block>,
    at: usize,
    pub used: bool,
}

/// Walks the events of the parser.
pub(super) struct Reader<'a> {
    pub events: Vec<(Event<'a>, Range<usize>)>,
    pub next: usize,
    pub tokens: &'a [Printed],
    pub pictures: &'a [Picture],
    pub lang: &'a Lang,
    pub order: &'a [Lang],
    pub notes: BTreeMap<String, Note>,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    pub fn fault(&mut self, code: &'static str, variant: Option<&'static str>, at: usize, what: &str) {
        self.faults.push(Fault { code, variant, at, what: what.to_owned() });
    }

    /// Footnotes may be defined behind where they are used: they are read first.
    fn collect_notes(&mut self) {
        while self.next < self.events.len() {
            let (event, range) = self.events[self.next].clone();
            self.next += 1;
            if let Event::Start(Tag::FootnoteDefinition(label)) = event {
                let content = self.blocks(Some(TagEnd::FootnoteDefinition), 1);
                self.notes.insert(label.to_string(), Note { content, at: range.start, used: false });
            }
        }
        self.next = 0;
    }

    /// Blocks up to the end of the enclosing one.
    fn blocks(&mut self, until: Option<TagEnd>, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        while self.next < self.events.len() {
            let (event, range) = self.events[self.next].clone();
            match event {
                Event::End(end) if Some(end) == until => {
                    self.next += 1;
                    break;
                }
                Event::Start(tag) if is_block(&tag) => {
                    self.next += 1;
                    self.block(tag, range, depth, &mut blocks);
                }
                Event::Rule => {
                    self.next += 1;
                    self.fault("unsupported-markdown", Some("rule"), range.start, "");
                }
                Event::End(_) => self.next += 1,
                _ => {
                    let content = self.inlines(None, depth);
                    self.paragraph(content, range.start, &mut blocks);
                }
            }
        }
        blocks
    }

    fn block(&mut self, tag: Tag<'a>, range: Range<usize>, depth: usize, blocks: &mut Vec<Block>) {
        if depth > DEEPEST {
            self.fault("unsupported-markdown", Some("deep"), range.start, "");
            self.skip(tag.to_end());
            return;
        }
        match tag {
            Tag::Paragraph => {
                let content = self.inlines(Some(TagEnd::Paragraph), depth);
                self.paragraph(content, range.start, blocks);
            }
            Tag::Heading { level, .. } => {
                let content = self.inlines(Some(TagEnd::Heading(level)), depth);
                let content = self.without_placed(content, range.start);
                blocks.push(Block::Heading { level: level_number(level), content });
            }
            Tag::BlockQuote(kind) => {
                let content = self.blocks(Some(TagEnd::BlockQuote(kind)), depth + 1);
                blocks.push(Block::Quote { content });
            }
            Tag::List(start) => {
                let mut items = Vec::new();
                while self.next < self.events.len() {
                    let (event, _) = self.events[self.next].clone();
                    self.next += 1;
                    match event {
                        Event::Start(Tag::Item) => items.push(self.blocks(Some(TagEnd::Item), depth + 1)),
                        Event::End(TagEnd::List(_)) => break,
                        _ => {}
                    }
                }
                blocks.push(Block::List { start, items });
            }
            Tag::Table(align) => blocks.push(self.table(&align, depth)),
            Tag::FootnoteDefinition(_) => self.skip(TagEnd::FootnoteDefinition),
            Tag::CodeBlock(_) => {
                self.fault("unsupported-markdown", Some("code"), range.start, "");
                self.skip(TagEnd::CodeBlock);
            }
            Tag::HtmlBlock => {
                self.fault("unsupported-markdown", Some("html"), range.start, "");
                self.skip(TagEnd::HtmlBlock);
            }
            other => {
                self.fault("unsupported-markdown", None, range.start, "");
                self.skip(other.to_end());
            }
        }
    }

    fn table(&mut self, align: &[Alignment], depth: usize) -> Block {
        let mut header = Vec::new();
        let mut rows: Vec<Vec<Vec<Inline>>> = Vec::new();
        let mut in_head = false;
        while self.next < self.events.len() {
            let (event, range) = self.events[self.next].clone();
            self.next += 1;
            match event {
                Event::Start(Tag::TableHead) => in_head = true,
                Event::End(TagEnd::TableHead) => in_head = false,
                Event::Start(Tag::TableRow) => rows.push(Vec::new()),
                Event::Start(Tag::TableCell) => {
                    let cell = self.inlines(Some(TagEnd::TableCell), depth);
                    let cell = self.without_placed(cell, range.start);
                    match rows.last_mut() {
                        Some(row) if !in_head => row.push(cell),
                        _ => header.push(cell),
                    }
                }
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        let align = align
            .iter()
            .map(|side| match side {
                Alignment::None | Alignment::Left => Align::Start,
                Alignment::Center => Align::Center,
                Alignment::Right => Align::End,
            })
            .collect();
        Block::Table { align, header, rows }
    }

    /// A paragraph; a picture, chart or table that is alone in it stands as a block.
    fn paragraph(&mut self, content: Vec<Piece>, at: usize, blocks: &mut Vec<Block>) {
        let mut solid = content
            .iter()
            .filter(|piece| !matches!(piece, Piece::Inline(Inline::Text { text }) if text.trim().is_empty()));
        if let (Some(Piece::Placed(block)), None) = (solid.next(), solid.next()) {
            blocks.push(block.clone());
            return;
        }
        let content = self.without_placed(content, at);
        if !content.is_empty() {
            blocks.push(Block::Paragraph { content });
        }
    }

    pub fn without_placed(&mut self, content: Vec<Piece>, at: usize) -> Vec<Inline> {
        let mut inlines = Vec::new();
        for piece in content {
            match piece {
                Piece::Inline(inline) => inlines.push(inline),
                Piece::Placed(Block::Image { file, .. }) => self.fault("not-alone", Some("image"), at, &file),
                Piece::Placed(_) => self.fault("not-alone", None, at, ""),
            }
        }
        inlines
    }

    pub fn skip(&mut self, end: TagEnd) {
        let mut depth = 0;
        while self.next < self.events.len() {
            let (event, _) = &self.events[self.next];
            self.next += 1;
            match event {
                Event::Start(tag) if tag.to_end() == end => depth += 1,
                Event::End(found) if *found == end && depth == 0 => return,
                Event::End(found) if *found == end => depth -= 1,
                _ => {}
            }
        }
    }
}

/// Part of a line, or what only may stand alone in one.
pub(super) enum Piece {
    Inline(Inline),
    Placed(Block),
}

pub(super) fn is_block(tag: &Tag) -> bool {
    !matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}

pub(super) fn level_number(level: HeadingLevel) -> u8 {
    level as u8
}
