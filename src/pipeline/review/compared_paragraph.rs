//! One paragraph as made and as returned: its figures, then its sentences with figures aside.

use std::ops::Range;

use super::SentenceEdit;
use super::align::{align, normalize, pair_similar};
use super::author_of;
use crate::render::docx::{MadeParagraph, ReturnedParagraph};
use crate::report::block::{Block, Inline};
use crate::report::narrative::collect_sentences;

/// Words that a sentence must have in common with the one that it was.
const LEAST_SIMILAR: f64 = 0.4;
/// Enclose the number of a figure in a text; no text of a report holds them.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// What differs in a paragraph, and how its figures were found.
#[derive(Default)]
pub(super) struct ParagraphComparison {
    pub differences: Vec<ParagraphDifference>,
    pub by_tag: usize,
    pub by_text: usize,
}

pub(super) enum ParagraphDifference {
    /// The figure of this index among those of the paragraph.
    Figure {
        index: usize,
        file: String,
    },
    Sentence {
        edit: SentenceEdit,
        tracked_by: Option<String>,
    },
}

/// A word, a number with its separators, or a sign.
#[derive(Clone, Debug)]
struct TextToken {
    text: String,
    span: Range<usize>,
    figure: Option<usize>,
}

/// A text in which figures are marks, and what each of them says.
struct MarkedText {
    text: String,
    figures: Vec<Option<String>>,
}

/// The sentences of a text.
pub(super) fn sentences(text: &str) -> Vec<String> {
    collect_sentences(&[Block::Paragraph { content: vec![Inline::Text { text: text.to_owned() }] }])
}

pub(super) fn compare_paragraphs(made: &MadeParagraph, returned: &ReturnedParagraph) -> ParagraphComparison {
    let mut found = ParagraphComparison::default();
    let figures: Vec<(&str, &str)> = made
        .pieces
        .iter()
        .filter_map(|piece| Some((piece.figure.as_ref()?.id.as_str(), piece.text.as_str())))
        .collect();
    let accepted = returned.accepted();
    if accepted.trim().is_empty() {
        let struck = sentences(&made.text()).into_iter();
        let tracked_by = author_of(returned);
        found.differences.extend(struck.map(|sentence| ParagraphDifference::Sentence {
            edit: SentenceEdit::Struck(sentence),
            tracked_by: tracked_by.clone(),
        }));
        return found;
    }
    let old = mark_made(made);
    let new = mark_returned(made, returned, &figures, &mut found);
    for (index, (_, built)) in figures.iter().enumerate() {
        if let Some(file) = new.figures[index].as_ref().filter(|file| normalize(file) != normalize(built)) {
            found.differences.push(ParagraphDifference::Figure { index, file: normalize(file) });
        }
    }
    if normalize(&old.text) != normalize(&new.text) {
        compare_sentences(&old, &new, returned, &mut found.differences);
    }
    found
}

fn mark(index: usize) -> String {
    format!("{OPEN}{index}{CLOSE}")
}

fn mark_made(made: &MadeParagraph) -> MarkedText {
    let mut marked = MarkedText { text: String::new(), figures: Vec::new() };
    for piece in &made.pieces {
        if piece.figure.is_some() {
            marked.text.push_str(&mark(marked.figures.len()));
            marked.figures.push(Some(piece.text.clone()));
        } else {
            marked.text.push_str(&piece.text);
        }
    }
    marked
}

/// Figures by their tags, and those without one by the words around them.
fn mark_returned(
    made: &MadeParagraph,
    returned: &ReturnedParagraph,
    figures: &[(&str, &str)],
    found: &mut ParagraphComparison,
) -> MarkedText {
    // Runs of words end where an editor likes; a figure's control is one.
    let mut runs: Vec<(Option<usize>, String)> = Vec::new();
    let mut values: Vec<Option<String>> = vec![None; figures.len()];
    let kept = returned.pieces.iter().filter(|piece| piece.change.as_ref().is_none_or(|change| change.is_inserted));
    for piece in kept {
        let figure = piece.figure.as_ref().and_then(|tag| figures.iter().position(|(id, _)| id == tag));
        match runs.last_mut() {
            Some((last, text)) if *last == figure => text.push_str(&piece.text),
            _ => runs.push((figure, piece.text.clone())),
        }
    }
    for (figure, text) in &runs {
        if let Some(figure) = figure {
            values[*figure] = Some(values[*figure].take().unwrap_or_default() + text);
        }
    }
    found.by_tag += values.iter().flatten().count();
    let untagged: Vec<usize> = (0..figures.len()).filter(|at| values[*at].is_none()).collect();
    let (mut text, mut tokens, mut marks) = (String::new(), Vec::new(), Vec::new());
    for (figure, words) in &runs {
        let from = text.len();
        text.push_str(words);
        match figure {
            Some(figure) => {
                marks.push((from..text.len(), *figure));
                tokens.push(TextToken { text: mark(*figure), span: from..text.len(), figure: Some(*figure) });
            }
            None => tokens.extend(tokenize(words, from, None)),
        }
    }
    if !untagged.is_empty() {
        let old = made_tokens(made, &untagged);
        let common = align(&texts_of(&old), &texts_of(&tokens));
        for figure in untagged {
            let own: Vec<usize> = (0..old.len()).filter(|at| old[*at].figure == Some(figure)).collect();
            let (Some(first), Some(last)) = (own.first(), own.last()) else { continue };
            let before = common.iter().rev().find(|(at, _)| at < first).map_or(0, |(_, to)| to + 1);
            let after = common.iter().find(|(at, _)| at > last).map_or(tokens.len(), |(_, to)| *to);
            let Some(region) = tokens.get(before..after.max(before)).filter(|region| !region.is_empty()) else {
                continue;
            };
            let is_kept = own.iter().all(|at| common.iter().any(|(known, _)| known == at));
            // A sentence that is gone leaves nothing of its figure; other words in its place are no figure.
            let has_digit = region.iter().any(|token| token.text.chars().any(char::is_numeric));
            if is_kept || has_digit {
                let region = if is_kept {
                    let places: Vec<usize> =
                        common.iter().filter(|(at, _)| own.contains(at)).map(|(_, to)| *to).collect();
                    tokens[places[0]].span.start..tokens[places[places.len() - 1]].span.end
                } else {
                    region[0].span.start..region[region.len() - 1].span.end
                };
                found.by_text += 1;
                values[figure] = Some(text[region.clone()].to_owned());
                marks.push((region, figure));
            }
        }
    }
    marks.sort_by_key(|(span, _)| span.start);
    let (mut marked, mut at) = (String::new(), 0);
    for (span, figure) in marks {
        if span.start >= at {
            marked.push_str(&text[at..span.start]);
            marked.push_str(&mark(figure));
            at = span.end;
        }
    }
    marked.push_str(&text[at..]);
    MarkedText { text: marked, figures: values }
}

fn texts_of(tokens: &[TextToken]) -> Vec<&str> {
    tokens.iter().map(|token| token.text.as_str()).collect()
}

/// The paragraph as made: figures that are found by their words as words, the others as marks.
fn made_tokens(made: &MadeParagraph, untagged: &[usize]) -> Vec<TextToken> {
    let (mut tokens, mut offset, mut figure) = (Vec::new(), 0, 0);
    for piece in &made.pieces {
        let own = piece.figure.is_some().then_some(figure);
        figure += usize::from(own.is_some());
        match own.filter(|figure| !untagged.contains(figure)) {
            Some(figure) => {
                let span = offset..offset + piece.text.len();
                tokens.push(TextToken { text: mark(figure), span, figure: Some(figure) });
            }
            None => tokens.extend(tokenize(&piece.text, offset, own)),
        }
        offset += piece.text.len();
    }
    tokens
}

fn tokenize(text: &str, offset: usize, figure: Option<usize>) -> Vec<TextToken> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let is_digit = |at: usize| chars.get(at).is_some_and(|(_, c)| c.is_numeric());
    let belongs = |at: usize| {
        let c = chars[at].1;
        c.is_alphanumeric() || matches!(c, '.' | ',') && at > 0 && is_digit(at - 1) && is_digit(at + 1)
    };
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        if chars[at].1.is_whitespace() {
            at += 1;
            continue;
        }
        at += 1;
        if belongs(start) {
            while at < chars.len() && belongs(at) {
                at += 1;
            }
        }
        let end = chars.get(at).map_or(text.len(), |(end, _)| *end);
        let span = chars[start].0..end;
        tokens.push(TextToken {
            text: text[span.clone()].to_owned(),
            span: span.start + offset..span.end + offset,
            figure,
        });
    }
    tokens
}

fn compare_sentences(
    old: &MarkedText,
    new: &MarkedText,
    returned: &ReturnedParagraph,
    differences: &mut Vec<ParagraphDifference>,
) {
    let (before, after) = (sentences(&old.text), sentences(&new.text));
    let same = align(&before, &after);
    let pairs = pair_similar(&before, &after, &same, LEAST_SIMILAR);
    let words_of = |is_inserted: bool| {
        let pieces = returned
            .pieces
            .iter()
            .filter(|piece| piece.change.as_ref().is_some_and(|change| change.is_inserted == is_inserted));
        normalize(&pieces.map(|piece| piece.text.as_str()).collect::<Vec<_>>().join(""))
    };
    let (inserted, struck) = (words_of(true), words_of(false));
    let author = |is_tracked: bool| author_of(returned).filter(|_| is_tracked);
    let mut add = |edit: SentenceEdit, tracked_by: Option<String>| {
        differences.push(ParagraphDifference::Sentence { edit, tracked_by });
    };
    let (mut next_old, mut next_new) = (0, 0);
    for (at, to) in pairs.into_iter().chain([(before.len(), after.len())]) {
        for sentence in &before[next_old..at] {
            let sentence = old.expand(sentence);
            let is_tracked = struck.contains(&sentence);
            add(SentenceEdit::Struck(sentence), author(is_tracked));
        }
        for sentence in &after[next_new.min(to)..to] {
            let sentence = new.expand(sentence);
            let is_tracked = inserted.contains(&sentence);
            add(SentenceEdit::Inserted(sentence), author(is_tracked));
        }
        if let (Some(from), Some(into)) = (before.get(at), after.get(to))
            && from != into
        {
            let edit = SentenceEdit::Changed { old: old.expand(from), new: new.expand(into) };
            add(edit, author(!inserted.is_empty() || !struck.is_empty()));
        }
        (next_old, next_new) = (at + 1, to + 1);
    }
}

impl MarkedText {
    /// A part of the text with its figures in place of the marks.
    fn expand(&self, text: &str) -> String {
        let mut expanded = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(OPEN) {
            expanded.push_str(&rest[..at]);
            let inner = &rest[at + OPEN.len_utf8()..];
            let end = inner.find(CLOSE).unwrap_or(inner.len());
            let figure = inner[..end].parse().ok().and_then(|index: usize| self.figures.get(index)?.clone());
            expanded.push_str(&figure.unwrap_or_default());
            rest = inner.get(end + CLOSE.len_utf8()..).unwrap_or_default();
        }
        normalize(&(expanded + rest))
    }
}
