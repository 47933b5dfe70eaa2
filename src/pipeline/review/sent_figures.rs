//! The figures that a Word file said when it was sent.

use super::align::normalize;
use super::compared_paragraph::{ParagraphDifference, compare_paragraphs};
use super::paragraph_pairs::{ParagraphPair, pair_paragraphs};
use crate::render::docx::{MadeParagraph, MadePiece, ReturnedParagraph, ReturnedPiece, WrittenDocument, read_returned};

/// A Word file of this program, as it was sent.
pub(in crate::pipeline) struct SentWord {
    /// `<code>/<period>/<report>.<languages>`
    pub identifier: String,
    /// Faulty rows or sections were left out of it.
    pub is_draft: bool,
    /// Codes of its indicators, in the order of its figures.json.
    pub indicators: Vec<String>,
    /// Those that figures.json holds, in the order of the text; without those of paragraphs that were struck.
    pub figures: Vec<SentWordFigure>,
}

/// A figure of a Word file.
pub(in crate::pipeline) struct SentWordFigure {
    /// JSON pointer into the figures.json that the file was made with.
    pub place: String,
    /// The tag of its language.
    pub language: String,
    /// As the file says it.
    pub text: String,
    /// It isn't what it was made as.
    pub is_changed: bool,
}

/// `None` for a file that isn't a Word file, or doesn't hold what it was made as.
pub(in crate::pipeline) fn read_sent_word(bytes: &[u8]) -> Option<SentWord> {
    let returned = read_returned(bytes).ok()?;
    let made = returned.made.as_ref()?;
    let mut figures = Vec::new();
    let mut language = made.paragraphs.first().map(|paragraph| paragraph.language.as_str()).unwrap_or_default();
    for pair in pair_paragraphs(&made.paragraphs, &returned.paragraphs) {
        match pair {
            ParagraphPair::Both { made: index, returned: at, is_moved } => {
                let paragraph = &made.paragraphs[index];
                if !is_moved {
                    language = &paragraph.language;
                }
                figures.extend(figures_of_pair(paragraph, &returned.paragraphs[at]));
            }
            ParagraphPair::Struck { made: index } => language = &made.paragraphs[index].language,
            ParagraphPair::Inserted { returned: at } => {
                figures.extend(figures_by_tag(made, &returned.paragraphs[at], language));
            }
        }
    }
    let (identifier, indicators) = (made.identifier.clone(), made.indicators.clone());
    Some(SentWord { identifier, is_draft: made.is_draft, indicators, figures })
}

/// The figures of a paragraph that is still there, by their tags, or by the words around them.
fn figures_of_pair(made: &MadeParagraph, returned: &ReturnedParagraph) -> Vec<SentWordFigure> {
    if returned.accepted().trim().is_empty() {
        return Vec::new();
    }
    let differences = compare_paragraphs(made, returned).differences;
    let changed = |at: usize| {
        differences.iter().find_map(|difference| match difference {
            ParagraphDifference::Figure { index, file } if *index == at => Some(file.clone()),
            _ => None,
        })
    };
    let pieces = made.pieces.iter().filter_map(|MadePiece { figure, text }| Some((figure.as_ref()?, text)));
    let figures = pieces.enumerate().filter_map(|(at, (figure, text))| {
        let changed = changed(at);
        Some(SentWordFigure {
            place: figure.place.clone()?,
            language: made.language.clone(),
            is_changed: changed.is_some(),
            text: changed.unwrap_or_else(|| text.clone()),
        })
    });
    figures.collect()
}

/// The figures of a paragraph that was written anew, by their tags.
fn figures_by_tag(made: &WrittenDocument, returned: &ReturnedParagraph, language: &str) -> Vec<SentWordFigure> {
    let is_struck = |piece: &&ReturnedPiece| piece.change.as_ref().is_some_and(|change| !change.is_inserted);
    let pieces: Vec<&ReturnedPiece> = returned.pieces.iter().filter(|piece| !is_struck(piece)).collect();
    let mut figures = Vec::new();
    for pieces in pieces.chunk_by(|one, other| one.figure == other.figure) {
        let Some(tag) = &pieces[0].figure else { continue };
        let of_tag = |piece: &&MadePiece| piece.figure.as_ref().is_some_and(|figure| figure.id == *tag);
        let known: Vec<&MadePiece> =
            made.paragraphs.iter().flat_map(|paragraph| &paragraph.pieces).filter(of_tag).collect();
        let place = known.iter().find_map(|piece| piece.figure.as_ref()?.place.clone());
        let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        let is_changed = known.iter().all(|piece| normalize(&piece.text) != normalize(&text));
        figures.extend(place.map(|place| SentWordFigure { place, language: language.to_owned(), text, is_changed }));
    }
    figures
}
