//! Which paragraph of a file that came back is which of those that were made.

use super::align::{align, normalize, pair_similar};
use crate::render::docx::{MadeParagraph, ReturnedParagraph};

/// Words that a paragraph must have in common with the one that it was.
const LEAST_SIMILAR: f64 = 0.5;

/// What the line with the fingerprint of an annex begins with.
pub(super) const FINGERPRINT: &str = "SHA-256 ";

/// A paragraph as made, as returned, or both, by their indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ParagraphPair {
    Both { made: usize, returned: usize, is_moved: bool },
    Struck { made: usize },
    Inserted { returned: usize },
}

impl ParagraphPair {
    pub(super) fn made(&self) -> Option<usize> {
        match self {
            ParagraphPair::Both { made, is_moved: false, .. } | ParagraphPair::Struck { made } => Some(*made),
            ParagraphPair::Both { is_moved: true, .. } | ParagraphPair::Inserted { .. } => None,
        }
    }

    pub(super) fn returned(&self) -> Option<usize> {
        match self {
            ParagraphPair::Both { returned, .. } | ParagraphPair::Inserted { returned } => Some(*returned),
            ParagraphPair::Struck { .. } => None,
        }
    }
}

/// Pairs in the order of the text; footnotes come behind it.
pub(super) fn pair_paragraphs(made: &[MadeParagraph], returned: &[ReturnedParagraph]) -> Vec<ParagraphPair> {
    let mut pairs = Vec::new();
    for is_note in [false, true] {
        let made: Vec<(usize, String)> = made
            .iter()
            .enumerate()
            .filter(|(_, paragraph)| paragraph.is_note == is_note)
            .map(|(at, paragraph)| (at, normalize(&paragraph.text())))
            .collect();
        let texts: Vec<&str> = made.iter().map(|(_, text)| text.as_str()).collect();
        // The fingerprint of an annex, which today's document doesn't know.
        let is_fingerprint =
            |text: &str| text.starts_with(FINGERPRINT) && !texts.iter().any(|own| own.starts_with(FINGERPRINT));
        let returned: Vec<(usize, String)> = returned
            .iter()
            .enumerate()
            .filter(|(_, paragraph)| paragraph.is_note == is_note)
            .filter(|(_, paragraph)| !paragraph.is_contents)
            .filter(|(_, paragraph)| !(paragraph.accepted() + &paragraph.original()).trim().is_empty())
            .filter(|(_, paragraph)| !is_fingerprint(&paragraph.original()))
            .map(|(at, paragraph)| (at, normalize(&paragraph.original())))
            .collect();
        pair_texts(&made, &returned, &mut pairs);
    }
    find_moved(made, returned, &mut pairs);
    pairs
}

fn pair_texts(made: &[(usize, String)], returned: &[(usize, String)], pairs: &mut Vec<ParagraphPair>) {
    let texts = |list: &[(usize, String)]| -> Vec<String> { list.iter().map(|(_, text)| text.clone()).collect() };
    let (made_texts, returned_texts) = (texts(made), texts(returned));
    let same = align(&made_texts, &returned_texts);
    let found = pair_similar(&made_texts, &returned_texts, &same, LEAST_SIMILAR);
    let (mut next_made, mut next_returned) = (0, 0);
    for (at, to) in found.into_iter().chain([(made.len(), returned.len())]) {
        pairs.extend(made[next_made..at].iter().map(|(made, _)| ParagraphPair::Struck { made: *made }));
        let inserted = &returned[next_returned.min(to)..to];
        pairs.extend(inserted.iter().map(|(returned, _)| ParagraphPair::Inserted { returned: *returned }));
        if let (Some((made, _)), Some((returned, _))) = (made.get(at), returned.get(to)) {
            pairs.push(ParagraphPair::Both { made: *made, returned: *returned, is_moved: false });
        }
        (next_made, next_returned) = (at + 1, to + 1);
    }
}

/// A paragraph that was struck here and put in there was moved.
fn find_moved(made: &[MadeParagraph], returned: &[ReturnedParagraph], pairs: &mut Vec<ParagraphPair>) {
    let mut index = 0;
    while index < pairs.len() {
        let struck = match pairs[index] {
            ParagraphPair::Struck { made } => Some(made),
            ParagraphPair::Both { made, returned: at, .. } if returned[at].accepted().trim().is_empty() => Some(made),
            _ => None,
        };
        let text = struck.map(|at| normalize(&made[at].text()));
        let is_it = |pair: &ParagraphPair| match pair {
            ParagraphPair::Inserted { returned: at } => Some(normalize(&returned[*at].accepted())) == text,
            _ => false,
        };
        match (struck, pairs.iter().position(is_it)) {
            (Some(made), Some(target)) => {
                if let ParagraphPair::Inserted { returned } = pairs[target] {
                    pairs[target] = ParagraphPair::Both { made, returned, is_moved: true };
                }
                pairs.remove(index);
                if target < index {
                    continue;
                }
            }
            _ => index += 1,
        }
    }
}
