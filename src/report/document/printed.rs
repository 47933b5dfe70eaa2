//! Every figure that the documents of a report print gets a name: the same in each document and language.

use std::collections::BTreeMap;

use super::{
    Activities, Bar, Document, FigureSource, FigureText, Glance, IndicatorTable, Measure, ResultGroup, SectionBody,
    TextPiece, Trend,
};
use crate::report::block::{Block, Inline};

/// A figure that a report prints.
#[derive(Clone, Debug, PartialEq)]
pub struct PrintedFigure {
    /// `f0001` …
    pub id: String,
    /// What the figure is.
    pub source: FigureSource,
}

/// Names the figures of all documents of a report, in reading order of the first language; what only others print comes
/// last. A figure has one name wherever the same section prints it for the same time.
pub fn number_figures(documents: &mut [Document]) -> Vec<PrintedFigure> {
    let mut numbering = Numbering::default();
    for document in documents {
        for part in 0..document.parts.len() {
            numbering.seen.clear();
            numbering.number_part(document, part);
        }
    }
    numbering.printed
}

#[derive(Default)]
struct Numbering {
    printed: Vec<PrintedFigure>,
    /// Section, place and value, which time → index into `printed`.
    known: BTreeMap<(String, String, usize), usize>,
    /// How often the part that is walked has printed a figure in a section.
    seen: BTreeMap<(String, String), usize>,
}

impl Numbering {
    fn number_part(&mut self, document: &mut Document, part: usize) {
        if let Some(glance) = document.parts.get_mut(part).and_then(|part| part.glance.as_mut()) {
            visit_glance(glance, &mut |id, source| self.number("", id, source));
        }
        for section in &mut document.sections {
            let name = section.id.clone();
            let Some(entry) = section.entries.get_mut(part) else { continue };
            let number = &mut |id: &mut Option<String>, source: &FigureSource| self.number(&name, id, source);
            visit_blocks(&mut entry.prose, number);
            visit_body(&mut entry.body, number);
        }
        // Charts and tables in the midst of prose.
        let Some(part) = document.parts.get_mut(part) else { return };
        let embedded = [("chart", &mut part.charts), ("table", &mut part.tables)];
        for (kind, bodies) in embedded {
            for (code, body) in bodies {
                let name = format!("{kind} {code}");
                visit_body(body, &mut |id, source| self.number(&name, id, source));
            }
        }
    }

    fn number(&mut self, section: &str, id: &mut Option<String>, source: &FigureSource) {
        let place = source.place.as_deref().unwrap_or_default();
        let figure = format!("{place} {} {}", source.from.normalize(), source.to.normalize());
        let times = self.seen.entry((section.to_owned(), figure.clone())).or_default();
        let key = (section.to_owned(), figure, *times);
        *times += 1;
        let index = *self.known.entry(key).or_insert_with(|| {
            let id = format!("f{:04}", self.printed.len() + 1);
            self.printed.push(PrintedFigure { id, source: source.clone() });
            self.printed.len() - 1
        });
        *id = Some(self.printed[index].id.clone());
    }
}

type Visit<'v> = &'v mut dyn FnMut(&mut Option<String>, &FigureSource);

fn visit_text(text: &mut FigureText, visit: Visit) {
    for TextPiece { id, figure, .. } in &mut text.pieces {
        if let Some(source) = figure {
            visit(id, source);
        }
    }
}

fn visit_texts<'t>(texts: impl IntoIterator<Item = &'t mut FigureText>, visit: Visit) {
    texts.into_iter().for_each(|text| visit_text(text, visit));
}

/// In the order in which the page is laid out.
fn visit_glance(glance: &mut Glance, visit: Visit) {
    visit_text(&mut glance.elapsed.text, visit);
    visit_text(&mut glance.tally.total, visit);
    visit_texts(glance.tally.counts.iter_mut().map(|count| &mut count.text), visit);
    visit_inlines(&mut glance.headline, visit);
    for card in &mut glance.cards {
        visit_text(&mut card.value, visit);
        visit_texts(card.plan.iter_mut().chain(&mut card.change), visit);
    }
    visit_texts(glance.cards.iter_mut().filter_map(|card| card.progress.as_mut()), visit);
    visit_texts(glance.people.iter_mut().chain(&mut glance.notes), visit);
    visit_texts(glance.attention.iter_mut().map(|item| &mut item.text), visit);
    visit_texts(&mut glance.attention_note, visit);
    visit_texts(glance.due.iter_mut().map(|item| &mut item.text), visit);
    visit_blocks(&mut glance.next_steps, visit);
}

fn visit_body(body: &mut SectionBody, visit: Visit) {
    match body {
        SectionBody::IndicatorTable(table) => visit_table(table, visit),
        SectionBody::Activities(activities) => visit_activities(activities, visit),
        SectionBody::Results { groups } => groups.iter_mut().for_each(|group| visit_result(group, visit)),
        SectionBody::KeyFigures { items } => {
            for item in items {
                visit_text(&mut item.value, visit);
                visit_texts(item.meaning.iter_mut().chain(&mut item.progress), visit);
            }
        }
        SectionBody::IndicatorChart { bars, trends, .. } => visit_chart(bars, trends, visit),
        SectionBody::Variance { items } => {
            items.iter_mut().for_each(|item| visit_measures(&mut item.measures, visit));
        }
        SectionBody::Counted { items } => visit_texts(items.iter_mut().flat_map(|item| &mut item.sentences), visit),
        SectionBody::Restated { rows, .. } => visit_texts(rows.iter_mut().flatten(), visit),
        SectionBody::Notes { lines } => visit_texts(lines, visit),
        SectionBody::Disaggregation { items, matrices } => {
            for item in items {
                visit_text(&mut item.total, visit);
                visit_texts(item.axes.iter_mut().filter_map(|axis| axis.line.as_mut()), visit);
                for axis in &mut item.axes {
                    for row in &mut axis.rows {
                        visit_text(&mut row.value, visit);
                        visit_texts(&mut row.beside, visit);
                    }
                    let crossed = axis.crossed.iter_mut().flat_map(|table| &mut table.rows);
                    visit_texts(crossed.flat_map(|row| &mut row.cells).map(|cell| &mut cell.value), visit);
                    if let Some(pyramid) = &mut axis.pyramid {
                        for row in &mut pyramid.rows {
                            visit_texts([&mut row.left_text, &mut row.right_text], visit);
                        }
                        visit_texts(&mut pyramid.note, visit);
                    }
                }
            }
            let cells = matrices.iter_mut().flat_map(|matrix| &mut matrix.rows).flat_map(|row| &mut row.cells);
            visit_texts(cells.map(|cell| &mut cell.value), visit);
        }
        SectionBody::Facts { items } => visit_texts(items.iter_mut().flat_map(|item| &mut item.lines), visit),
        SectionBody::Prose
        | SectionBody::AnnexList { .. }
        | SectionBody::Photographs { .. }
        | SectionBody::Signatures { .. } => {}
    }
}

fn visit_result(group: &mut ResultGroup, visit: Visit) {
    visit_blocks(&mut group.prose, visit);
    for item in &mut group.indicators {
        visit_text(&mut item.value, visit);
        visit_measures(&mut item.measures, visit);
        visit_texts(&mut item.notes, visit);
    }
}

fn visit_measures(measures: &mut [Measure], visit: Visit) {
    visit_texts(measures.iter_mut().map(|measure| &mut measure.value), visit);
}

fn visit_chart(bars: &mut [Bar], trends: &mut [Trend], visit: Visit) {
    for bar in bars {
        visit_text(&mut bar.text, visit);
        visit_texts(&mut bar.progress, visit);
    }
    visit_texts(trends.iter_mut().flat_map(|trend| &mut trend.columns).map(|column| &mut column.text), visit);
}

fn visit_table(table: &mut IndicatorTable, visit: Visit) {
    for row in table.groups.iter_mut().flat_map(|group| &mut group.rows) {
        visit_texts(row.numbers.iter_mut().flatten(), visit);
        visit_texts(row.progress.iter_mut().chain(&mut row.to_date), visit);
    }
}

fn visit_activities(activities: &mut Activities, visit: Visit) {
    visit_texts(activities.counts.iter_mut().map(|line| &mut line.value), visit);
    visit_texts(activities.rows.iter_mut().filter_map(|row| row.people.as_mut()), visit);
    visit_texts(&mut activities.more, visit);
}

fn visit_blocks(blocks: &mut [Block], visit: Visit) {
    for block in blocks {
        match block {
            Block::Heading { content, .. } | Block::Paragraph { content } => visit_inlines(content, visit),
            Block::List { items, .. } => items.iter_mut().for_each(|item| visit_blocks(item, visit)),
            Block::Quote { content, name } => {
                visit_blocks(content, visit);
                visit_inlines(name, visit);
            }
            Block::Table { header, rows, .. } => {
                header.iter_mut().chain(rows.iter_mut().flatten()).for_each(|cell| visit_inlines(cell, visit));
            }
            Block::Image { caption, .. } => visit_inlines(caption, visit),
            Block::Code { .. } | Block::Rule | Block::IndicatorChart { .. } | Block::IndicatorTable { .. } => {}
        }
    }
}

fn visit_inlines(content: &mut [Inline], visit: Visit) {
    for inline in content {
        match inline {
            Inline::Figure { id, source: Some(source), .. } => visit(id, source),
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                visit_inlines(content, visit);
            }
            Inline::Footnote { content } => visit_blocks(content, visit),
            Inline::Text { .. } | Inline::Code { .. } | Inline::Figure { .. } | Inline::LineBreak => {}
        }
    }
}
