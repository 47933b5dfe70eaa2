use crate::report::block::{Block, Inline};

/// The sentences of filled-in prose in their order, without emphasis, links and tables' layout: what two editions are
/// compared by.
pub fn collect_sentences(blocks: &[Block]) -> Vec<String> {
    let mut found = Vec::new();
    blocks.iter().for_each(|block| collect_block(block, &mut found));
    found
}

fn collect_block(block: &Block, found: &mut Vec<String>) {
    match block {
        Block::Heading { content, .. } | Block::Paragraph { content } => collect_inlines(content, found),
        Block::List { items, .. } => items.iter().flatten().for_each(|block| collect_block(block, found)),
        Block::Quote { content, name } => {
            content.iter().for_each(|block| collect_block(block, found));
            collect_inlines(name, found);
        }
        Block::Table { header, rows, .. } => {
            for row in std::iter::once(header).chain(rows) {
                row.iter().for_each(|cell| collect_inlines(cell, found));
            }
        }
        Block::Image { alt, caption, .. } => {
            split_sentences(alt, found);
            collect_inlines(caption, found);
        }
        Block::Code { text } => found.extend(text.lines().map(str::to_owned)),
        Block::Rule | Block::IndicatorChart { .. } | Block::IndicatorTable { .. } => {}
    }
}

fn collect_inlines(inlines: &[Inline], found: &mut Vec<String>) {
    let (mut text, mut notes) = (String::new(), Vec::new());
    inlines.iter().for_each(|inline| write_inline(inline, &mut text, &mut notes));
    split_sentences(&text, found);
    found.extend(notes);
}

fn write_inline(inline: &Inline, text: &mut String, notes: &mut Vec<String>) {
    match inline {
        Inline::Text { text: piece } | Inline::Figure { text: piece, .. } | Inline::Code { text: piece } => {
            text.push_str(piece);
        }
        Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
            content.iter().for_each(|inline| write_inline(inline, text, notes));
        }
        Inline::Footnote { content } => content.iter().for_each(|block| collect_block(block, notes)),
        Inline::LineBreak => text.push(' '),
    }
}

/// A sentence ends with its mark, unless a small letter follows: `2017 г. во Скопје` goes on.
fn split_sentences(text: &str, found: &mut Vec<String>) {
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
