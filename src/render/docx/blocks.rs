//! Prose as paragraphs, lists, tables, pictures and footnotes.

use super::body_writer::DocumentWriter;
use super::runs::RunStyle;
use super::table::{CellStyle, ColumnShape, TextSide};
use super::written_paragraphs::ParagraphKind;
use super::xml_writer::Xml;
use crate::report::block::{Align, Block, Inline};

impl DocumentWriter<'_> {
    /// Prose within a section whose heading is of `level`.
    pub(super) fn blocks(&mut self, blocks: &[Block], level: u8) {
        for block in blocks {
            self.block(block, level);
        }
    }

    pub(super) fn block(&mut self, block: &Block, level: u8) {
        match block {
            Block::Heading { level: within, content } => {
                self.heading(level.saturating_add(*within), None, |writer| {
                    writer.inlines(content, RunStyle::default())
                });
            }
            Block::Paragraph { content } => {
                self.paragraph("Normal", |writer| writer.inlines(content, RunStyle::default()));
            }
            Block::List { start, items } => self.list(*start, items, 0, level),
            Block::Quote { content, name } => {
                for block in content {
                    match block {
                        Block::Paragraph { content } => {
                            self.paragraph("Quote", |writer| writer.inlines(content, RunStyle::default()));
                        }
                        other => self.block(other, level),
                    }
                }
                if !name.is_empty() {
                    self.paragraph("Quote", |writer| {
                        writer.run("— ", RunStyle::default());
                        writer.inlines(name, RunStyle { strong: true, ..RunStyle::default() });
                    });
                }
            }
            Block::Rule => self.paragraph("Rule", |_| {}),
            Block::Table { align, header, rows } => self.prose_table(align, header, rows),
            Block::Image { file, alt, caption, credit, large: _ } => self.photograph(file, alt, |writer| {
                writer.inlines(caption, RunStyle::default());
                if let Some(credit) = credit {
                    writer.run(&format!(" {credit}"), RunStyle::default());
                }
            }),
            Block::Code { text } => {
                self.paragraph("HTMLPreformatted", |writer| writer.run(text, RunStyle::default()));
            }
            Block::IndicatorChart { indicator } => {
                if let Some(body) = self.part().charts.get(indicator) {
                    self.body(body, level);
                }
            }
            Block::IndicatorTable { indicator } => {
                if let Some(body) = self.part().tables.get(indicator) {
                    self.body(body, level);
                }
            }
        }
    }

    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>], depth: u8, level: u8) {
        // Numbered lists have a number each behind that of bullets.
        let bullets = self.last_list + 1;
        let number = match start {
            Some(first) => {
                self.lists.push(first);
                bullets + u32::try_from(self.lists.len()).unwrap_or(0)
            }
            None => bullets,
        };
        let style = if start.is_some() { "ListNumber" } else { "ListBullet" };
        for (at, item) in items.iter().enumerate() {
            let kind = ParagraphKind::Item { depth, number: start.map(|first| first.saturating_add(at as u64)) };
            let mut is_first = true;
            for block in item {
                match block {
                    Block::Paragraph { content } => {
                        let style = if is_first { style } else { "ListContinue" };
                        self.begin_paragraph(if is_first { kind } else { ParagraphKind::Text });
                        self.list_item(style, is_first.then_some(number), depth, content);
                        self.end_paragraph();
                    }
                    Block::List { start, items } => self.list(*start, items, depth.saturating_add(1).min(8), level),
                    other => self.block(other, level),
                }
                is_first = false;
            }
        }
    }

    fn list_item(&mut self, style: &str, number: Option<u32>, depth: u8, content: &[Inline]) {
        let indent = (u32::from(depth) + 1) * 360;
        self.xml.open("w:pPr", &[]);
        self.xml.value("w:pStyle", self.style_in_place(style));
        match number {
            Some(number) => {
                self.xml.open("w:numPr", &[]);
                self.xml.value("w:ilvl", &depth.to_string());
                self.xml.value("w:numId", &number.to_string());
                self.xml.close();
            }
            None => self.xml.empty("w:ind", &[("w:left", &indent.to_string())]),
        }
        self.xml.close();
        self.inlines(content, RunStyle::default());
    }

    fn prose_table(&mut self, align: &[Align], header: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>]) {
        let side = |at: usize| match align.get(at) {
            Some(Align::End) => TextSide::End,
            Some(Align::Center) => TextSide::Center,
            _ => TextSide::Start,
        };
        let columns: Vec<ColumnShape> = (0..header.len()).map(|at| ColumnShape { share: 1, side: side(at) }).collect();
        self.table("TableGrid", &columns, |table| {
            table.heading_row(|row| {
                for cell in header {
                    row.cell(CellStyle::heading(), |writer| writer.inlines(cell, RunStyle::default()));
                }
            });
            for cells in rows {
                table.row(|row| {
                    for cell in cells {
                        row.cell(CellStyle::default(), |writer| writer.inlines(cell, RunStyle::default()));
                    }
                });
            }
        });
    }

    /// A footnote: its sign here, its text on its own part.
    pub(super) fn footnote(&mut self, content: &[Block]) {
        let id = (self.footnotes.len() + 1).to_string();
        let body = std::mem::take(&mut self.xml);
        let row = self.record.row.take();
        self.xml.open("w:footnote", &[("w:id", &id)]);
        let mut is_first = true;
        for block in content {
            if let Block::Paragraph { content } = block {
                self.paragraph_of(ParagraphKind::Footnote, "FootnoteText", |writer| {
                    if is_first {
                        writer.reference_mark("w:footnoteRef", None);
                        writer.blank();
                    }
                    writer.inlines(content, RunStyle::default());
                });
                is_first = false;
            }
        }
        self.xml.close();
        let note: Xml = std::mem::replace(&mut self.xml, body);
        self.record.row = row;
        self.footnotes.push(note);
        self.reference_mark("w:footnoteReference", Some(&id));
    }

    /// Between a footnote's sign and its text.
    fn blank(&mut self) {
        self.xml.open("w:r", &[]);
        self.xml.text("w:t", " ");
        self.xml.close();
    }

    fn reference_mark(&mut self, name: &'static str, id: Option<&str>) {
        self.xml.open("w:r", &[]);
        self.xml.open("w:rPr", &[]);
        self.xml.value("w:rStyle", "FootnoteReference");
        self.xml.close();
        match id {
            Some(id) => self.xml.empty(name, &[("w:id", id)]),
            None => self.xml.empty(name, &[]),
        }
        self.xml.close();
    }
}
