use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::write::Insertion;
use crate::diagnostic::{ProblemKind, kinds};
use crate::model::{Lang, Picture};
use crate::report::block::{Align, Block, Inline};

/// Lists within lists, quotes within quotes.
pub(super) const MAX_DEPTH: usize = 12;
/// Columns of a table: more aren't to be read on a page.
pub(super) const MAX_COLUMNS: usize = 50;
/// Beginnings, ends and texts of paragraphs, cells, emphasis and all else in one section.
pub(super) const MAX_EVENTS: usize = 200_000;

/// What Markdown prose may use; everything else is reported, not dropped.
pub(super) const OPTIONS: Options = Options::ENABLE_TABLES.union(Options::ENABLE_FOOTNOTES);

/// What is wrong at an offset of the Markdown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MarkdownFault {
    pub kind: ProblemKind,
    pub at: usize,
}

/// Reads Markdown into blocks with the insertions that its tokens number; what prose may not hold is left out and reported.
pub(super) fn read_markdown(
    markdown: &str,
    insertions: &[Insertion],
    pictures: &[Picture],
    lang: &Lang,
    order: &[Lang],
) -> (Vec<Block>, Vec<MarkdownFault>) {
    let mut events: Vec<_> = Parser::new_ext(markdown, OPTIONS).into_offset_iter().take(MAX_EVENTS + 1).collect();
    let beyond = events.get(MAX_EVENTS).map(|(_, range)| range.start);
    events.truncate(MAX_EVENTS);
    let mut reader = MarkdownReader {
        events,
        next: 0,
        insertions,
        pictures,
        lang,
        order,
        footnotes: BTreeMap::new(),
        open_quotes: 0,
        faults: Vec::new(),
    };
    reader.collect_footnotes();
    let blocks = reader.read_blocks(None, 0);
    if let Some(at) = beyond {
        reader.report(kinds::ProseTooMuch::Elements { limit: MAX_EVENTS.to_string() }, at);
    }
    let mut faults = reader.faults;
    for (label, footnote) in &reader.footnotes {
        if !footnote.used {
            let kind = kinds::Footnote::Unused { what: label.clone() };
            faults.push(MarkdownFault { kind: kind.into(), at: footnote.at });
        }
    }
    faults.sort_by_key(|fault| fault.at);
    faults.dedup();
    (blocks, faults)
}

/// A footnote that was defined.
pub(super) struct FootnoteDefinition {
    pub content: Vec<Block>,
    at: usize,
    pub used: bool,
}

/// Walks the events of the parser.
pub(super) struct MarkdownReader<'a> {
    pub events: Vec<(Event<'a>, Range<usize>)>,
    pub next: usize,
    pub insertions: &'a [Insertion],
    pub pictures: &'a [Picture],
    pub lang: &'a Lang,
    pub order: &'a [Lang],
    pub footnotes: BTreeMap<String, FootnoteDefinition>,
    /// How many quotations are around what is read.
    pub open_quotes: usize,
    faults: Vec<MarkdownFault>,
}

impl<'a> MarkdownReader<'a> {
    pub fn report(&mut self, kind: impl Into<ProblemKind>, at: usize) {
        self.faults.push(MarkdownFault { kind: kind.into(), at });
    }

    /// Footnotes may be defined after their use, so they are read first.
    fn collect_footnotes(&mut self) {
        while self.next < self.events.len() {
            let (event, range) = self.events[self.next].clone();
            self.next += 1;
            if let Event::Start(Tag::FootnoteDefinition(label)) = event {
                let content = self.read_blocks(Some(TagEnd::FootnoteDefinition), 1);
                self.footnotes.insert(label.to_string(), FootnoteDefinition { content, at: range.start, used: false });
            }
        }
        self.next = 0;
    }

    /// Blocks up to the end of the enclosing one.
    fn read_blocks(&mut self, until: Option<TagEnd>, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        while self.next < self.events.len() {
            let (event, range) = self.events[self.next].clone();
            match event {
                Event::End(end) if Some(end) == until => {
                    self.next += 1;
                    break;
                }
                Event::Start(tag) if is_block_tag(&tag) => {
                    self.next += 1;
                    self.read_block(tag, range, depth, &mut blocks);
                }
                Event::Rule => {
                    self.next += 1;
                    blocks.push(Block::Rule);
                }
                Event::End(_) => self.next += 1,
                _ => {
                    let content = self.read_inlines(None, depth);
                    self.push_paragraph(content, range.start, &mut blocks);
                }
            }
        }
        blocks
    }

    fn read_block(&mut self, tag: Tag<'a>, range: Range<usize>, depth: usize, blocks: &mut Vec<Block>) {
        if depth > MAX_DEPTH {
            self.report(kinds::UnsupportedMarkdown::Deep, range.start);
            self.skip_to(tag.to_end());
            return;
        }
        match tag {
            Tag::Paragraph => {
                let content = self.read_inlines(Some(TagEnd::Paragraph), depth);
                self.push_paragraph(content, range.start, blocks);
            }
            Tag::Heading { level, .. } => {
                let content = self.read_inlines(Some(TagEnd::Heading(level)), depth);
                let content = self.reject_standalone(content, range.start);
                blocks.push(Block::Heading { level: level as u8, content });
            }
            Tag::BlockQuote(kind) => {
                self.open_quotes += 1;
                let mut content = self.read_blocks(Some(TagEnd::BlockQuote(kind)), depth + 1);
                self.open_quotes -= 1;
                let name = take_name(&mut content);
                blocks.push(Block::Quote { content, name });
            }
            Tag::List(start) => {
                let mut items = Vec::new();
                while self.next < self.events.len() {
                    let (event, _) = self.events[self.next].clone();
                    self.next += 1;
                    match event {
                        Event::Start(Tag::Item) => items.push(self.read_blocks(Some(TagEnd::Item), depth + 1)),
                        Event::End(TagEnd::List(_)) => break,
                        _ => {}
                    }
                }
                blocks.push(Block::List { start, items });
            }
            Tag::Table(align) => {
                if align.len() > MAX_COLUMNS {
                    let (columns, limit) = (align.len().to_string(), MAX_COLUMNS.to_string());
                    self.report(kinds::ProseTooMuch::Columns { columns, limit }, range.start);
                }
                blocks.push(self.read_table(&align, depth));
            }
            Tag::FootnoteDefinition(_) => self.skip_to(TagEnd::FootnoteDefinition),
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => {
                let text = self.read_code();
                blocks.push(Block::Code { text });
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                self.report(kinds::UnsupportedMarkdown::Code, range.start);
                self.skip_to(TagEnd::CodeBlock);
            }
            Tag::HtmlBlock => {
                self.report(kinds::UnsupportedMarkdown::Html, range.start);
                self.skip_to(TagEnd::HtmlBlock);
            }
            other => {
                self.report(kinds::UnsupportedMarkdown::Plain, range.start);
                self.skip_to(other.to_end());
            }
        }
    }

    /// The lines of a fenced block up to its end.
    fn read_code(&mut self) -> String {
        let mut text = String::new();
        while self.next < self.events.len() {
            let (event, _) = self.events[self.next].clone();
            self.next += 1;
            match event {
                Event::Text(piece) => text.push_str(&piece),
                Event::End(TagEnd::CodeBlock) => break,
                _ => {}
            }
        }
        self.fill_code(text.trim_end())
    }

    fn read_table(&mut self, align: &[Alignment], depth: usize) -> Block {
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
                    let cell = self.read_inlines(Some(TagEnd::TableCell), depth);
                    let cell = self.reject_standalone(cell, range.start);
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

    /// A paragraph; a picture, chart or table that is alone in it becomes a block of its own.
    fn push_paragraph(&mut self, content: Vec<LinePiece>, at: usize, blocks: &mut Vec<Block>) {
        let mut visible = content
            .iter()
            .filter(|piece| !matches!(piece, LinePiece::Inline(Inline::Text { text }) if text.trim().is_empty()));
        if let (Some(LinePiece::Standalone(block)), None) = (visible.next(), visible.next()) {
            blocks.push(block.clone());
            return;
        }
        let content = self.reject_standalone(content, at);
        if !content.is_empty() {
            blocks.push(Block::Paragraph { content });
        }
    }

    /// The inline parts of a line; reports what must be alone in its paragraph.
    pub fn reject_standalone(&mut self, content: Vec<LinePiece>, at: usize) -> Vec<Inline> {
        let mut inlines = Vec::new();
        for piece in content {
            match piece {
                LinePiece::Inline(inline) => inlines.push(inline),
                LinePiece::Standalone(Block::Image { file, .. }) => {
                    self.report(kinds::NotAlone::Image { what: file }, at)
                }
                LinePiece::Standalone(_) => self.report(kinds::NotAlone::Plain, at),
            }
        }
        inlines
    }

    /// Skips events up to the end of the element that is open.
    pub fn skip_to(&mut self, end: TagEnd) {
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

/// Dashes before the name of who said something.
pub(super) const NAME_DASHES: [&str; 2] = ["— ", "– "];

/// The last line of a quotation, where it begins with a dash: whose words they are.
fn take_name(content: &mut Vec<Block>) -> Vec<Inline> {
    let begins_name = |inline: Option<&Inline>| match inline {
        Some(Inline::Text { text }) => NAME_DASHES.iter().any(|dash| text.starts_with(dash)),
        _ => false,
    };
    let Some(Block::Paragraph { content: last }) = content.last_mut() else { return Vec::new() };
    let line = last.iter().rposition(|inline| *inline == Inline::LineBreak).map_or(0, |at| at + 1);
    if !begins_name(last.get(line)) {
        return Vec::new();
    }
    let mut name = last.split_off(line);
    if let Some(Inline::Text { text }) = name.first_mut() {
        *text = text.trim_start_matches(['—', '–']).trim_start().to_owned();
    }
    last.pop();
    if last.is_empty() {
        content.pop();
    }
    name
}

/// Part of a line, or what must be alone in its paragraph.
pub(super) enum LinePiece {
    Inline(Inline),
    Standalone(Block),
}

pub(super) fn is_block_tag(tag: &Tag) -> bool {
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
