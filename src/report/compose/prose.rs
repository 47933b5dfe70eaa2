use std::collections::BTreeSet;

use crate::report::block::{Block, Inline};

/// Deepest heading within a section that a page still tells apart.
const DEEPEST: u8 = 3;

/// The blocks with headings that skip no level: a reader's software walks them step by step.
pub(super) fn nested(blocks: &[Block]) -> Vec<Block> {
    let mut above = 0;
    let mut out = blocks.to_vec();
    for block in &mut out {
        if let Block::Heading { level, .. } = block {
            *level = (*level).clamp(1, above + 1).min(DEEPEST);
            above = *level;
        }
    }
    out
}

/// Paths of the pictures that prose shows.
pub(super) fn images<'b>(blocks: &'b [Block], found: &mut BTreeSet<&'b str>) {
    walk(blocks, &mut |block| {
        if let Block::Image { file, .. } = block {
            found.insert(file);
        }
    });
}

/// Indicators whose chart, or whose table, the prose asks for.
pub(super) fn embedded(blocks: &[Block], charts: &mut BTreeSet<String>, tables: &mut BTreeSet<String>) {
    walk(blocks, &mut |block| match block {
        Block::IndicatorChart { indicator } => {
            charts.insert(indicator.clone());
        }
        Block::IndicatorTable { indicator } => {
            tables.insert(indicator.clone());
        }
        _ => {}
    });
}

fn walk<'b>(blocks: &'b [Block], visit: &mut impl FnMut(&'b Block)) {
    for block in blocks {
        visit(block);
        match block {
            Block::List { items, .. } => items.iter().for_each(|item| walk(item, visit)),
            Block::Quote { content } => walk(content, visit),
            Block::Paragraph { content } | Block::Heading { content, .. } => walk_line(content, visit),
            _ => {}
        }
    }
}

fn walk_line<'b>(content: &'b [Inline], visit: &mut impl FnMut(&'b Block)) {
    for inline in content {
        match inline {
            Inline::Footnote { content } => walk(content, visit),
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                walk_line(content, visit);
            }
            Inline::Text { .. } | Inline::Figure { .. } | Inline::LineBreak => {}
        }
    }
}
