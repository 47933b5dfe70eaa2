use crate::report::block::{Block, Inline};

/// The sentences of filled-in prose in their order, without emphasis, links and tables' layout: what two editions are
/// compared by.
pub fn sentences(blocks: &[Block]) -> Vec<String> {
    let mut found = Vec::new();
    blocks.iter().for_each(|block| of_block(block, &mut found));
    found
}

fn of_block(block: &Block, found: &mut Vec<String>) {
    match block {
        Block::Heading { content, .. } | Block::Paragraph { content } => of_inlines(content, found),
        Block::List { items, .. } => items.iter().flatten().for_each(|block| of_block(block, found)),
        Block::Quote { content } => content.iter().for_each(|block| of_block(block, found)),
        Block::Table { header, rows, .. } => {
            for row in std::iter::once(header).chain(rows) {
                row.iter().for_each(|cell| of_inlines(cell, found));
            }
        }
        Block::Image { alt, caption, .. } => {
            split(alt, found);
            of_inlines(caption, found);
        }
        Block::IndicatorChart { .. } | Block::IndicatorTable { .. } => {}
    }
}

fn of_inlines(inlines: &[Inline], found: &mut Vec<String>) {
    let (mut text, mut notes) = (String::new(), Vec::new());
    inlines.iter().for_each(|inline| write(inline, &mut text, &mut notes));
    split(&text, found);
    found.extend(notes);
}

fn write(inline: &Inline, text: &mut String, notes: &mut Vec<String>) {
    match inline {
        Inline::Text { text: words } | Inline::Figure { text: words, .. } => text.push_str(words),
        Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
            content.iter().for_each(|inline| write(inline, text, notes));
        }
        Inline::Footnote { content } => content.iter().for_each(|block| of_block(block, notes)),
        Inline::LineBreak => text.push(' '),
    }
}

/// A sentence ends with its mark, unless a small letter follows: `2017 г. во Скопје` goes on.
fn split(text: &str, found: &mut Vec<String>) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut sentence = String::new();
    for (at, word) in words.iter().enumerate() {
        if !sentence.is_empty() {
            sentence.push(' ');
        }
        sentence.push_str(word);
        let ends = word.trim_end_matches(['“', '”', '"', '»', ')']).ends_with(['.', '!', '?', '…']);
        let next = words.get(at + 1).and_then(|next| next.chars().find(|c| c.is_alphanumeric()));
        if ends && next.is_none_or(|next| !next.is_lowercase()) {
            found.push(std::mem::take(&mut sentence));
        }
    }
    if !sentence.is_empty() {
        found.push(sentence);
    }
}
