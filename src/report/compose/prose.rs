use std::collections::BTreeSet;

use crate::locale::Locale;
use crate::report::block::{Block, Inline};

/// Deepest heading within a section that pages still distinguish.
const MAX_LEVEL: u8 = 3;

/// The blocks with headings that skip no level: a reader's software walks them step by step. Headings of one level
/// within one heading stay of one level.
pub(super) fn normalize_headings(blocks: &[Block]) -> Vec<Block> {
    // Levels as written, of the previous heading and of those above it.
    let mut open: Vec<u8> = Vec::new();
    let mut out = blocks.to_vec();
    for block in &mut out {
        if let Block::Heading { level, .. } = block {
            while open.last().is_some_and(|above| above >= level) {
                open.pop();
            }
            open.push(*level);
            *level = u8::try_from(open.len()).unwrap_or(MAX_LEVEL).min(MAX_LEVEL);
        }
    }
    out
}

/// "Photo: …" in place of the bare names of those who took the pictures.
pub(super) fn phrase_credits(blocks: &mut [Block], locale: &Locale) {
    for block in blocks {
        match block {
            Block::Image { credit: Some(name), .. } => *name = locale.phrase("page.credit", &[("name", name)]),
            Block::List { items, .. } => items.iter_mut().for_each(|item| phrase_credits(item, locale)),
            Block::Quote { content, .. } => phrase_credits(content, locale),
            _ => {}
        }
    }
}

/// Paths of the pictures that prose shows.
pub(super) fn collect_images<'b>(blocks: &'b [Block], found: &mut BTreeSet<&'b str>) {
    visit_blocks(blocks, &mut |block| {
        if let Block::Image { file, .. } = block {
            found.insert(file);
        }
    });
}

/// Indicators whose chart, or whose table, the prose asks for.
pub(super) fn collect_embeds(blocks: &[Block], charts: &mut BTreeSet<String>, tables: &mut BTreeSet<String>) {
    visit_blocks(blocks, &mut |block| match block {
        Block::IndicatorChart { indicator } => {
            charts.insert(indicator.clone());
        }
        Block::IndicatorTable { indicator } => {
            tables.insert(indicator.clone());
        }
        _ => {}
    });
}

fn visit_blocks<'b>(blocks: &'b [Block], visit: &mut impl FnMut(&'b Block)) {
    for block in blocks {
        visit(block);
        match block {
            Block::List { items, .. } => items.iter().for_each(|item| visit_blocks(item, visit)),
            Block::Quote { content, name } => {
                visit_blocks(content, visit);
                visit_inlines(name, visit);
            }
            Block::Paragraph { content } | Block::Heading { content, .. } => visit_inlines(content, visit),
            _ => {}
        }
    }
}

fn visit_inlines<'b>(content: &'b [Inline], visit: &mut impl FnMut(&'b Block)) {
    for inline in content {
        match inline {
            Inline::Footnote { content } => visit_blocks(content, visit),
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                visit_inlines(content, visit);
            }
            Inline::Text { .. } | Inline::Figure { .. } | Inline::Code { .. } | Inline::LineBreak => {}
        }
    }
}
