use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::markdown::OPTIONS;

/// The structure of a section; every place is an offset in its masked text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outline {
    /// Level and place.
    pub headings: Vec<(u8, usize)>,
    /// Items and place.
    pub lists: Vec<(usize, usize)>,
    /// Rows, columns and place.
    pub tables: Vec<((usize, usize), usize)>,
    /// File and place.
    pub images: Vec<(String, usize)>,
    pub footnotes: Vec<usize>,
    /// Runs of text that a reader sees.
    pub texts: Vec<Range<usize>>,
    /// Fenced lines, and text between backticks.
    pub code: Vec<Range<usize>>,
}

/// Reads the structure of masked Markdown.
pub(super) fn read_outline(masked: &str) -> Outline {
    let mut outline = Outline::default();
    let mut open_lists: Vec<usize> = Vec::new();
    for (event, range) in Parser::new_ext(masked, OPTIONS).into_offset_iter() {
        if matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))) {
            outline.code.push(range.clone());
        }
        match event {
            Event::Start(Tag::Heading { level, .. }) => outline.headings.push((level as u8, range.start)),
            Event::Start(Tag::List(_)) => {
                open_lists.push(outline.lists.len());
                outline.lists.push((0, range.start));
            }
            Event::End(TagEnd::List(_)) => {
                open_lists.pop();
            }
            Event::Start(Tag::Item) => {
                if let Some(list) = open_lists.last() {
                    outline.lists[*list].0 += 1;
                }
            }
            Event::Start(Tag::Table(columns)) => outline.tables.push(((0, columns.len()), range.start)),
            Event::Start(Tag::TableRow) => {
                if let Some(((rows, _), _)) = outline.tables.last_mut() {
                    *rows += 1;
                }
            }
            Event::Start(Tag::Image { dest_url, .. }) => outline.images.push((dest_url.to_string(), range.start)),
            Event::FootnoteReference(_) => outline.footnotes.push(range.start),
            Event::Text(_) | Event::Code(_) => match outline.texts.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => outline.texts.push(range),
            },
            _ => {}
        }
    }
    outline
}
