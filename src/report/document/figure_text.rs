use serde::Serialize;

use crate::report::figure_source::FigureSource;

/// Words of a page with the figures among them marked. Hidden and absent figures are plain words.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct FigureText {
    /// In their order.
    pub pieces: Vec<TextPiece>,
}

/// A run of words, or a figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TextPiece {
    /// The words.
    pub text: String,
    /// The figure's name in the report, once figures are numbered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What the words are to a machine, if they are a figure.
    #[serde(skip)]
    pub figure: Option<FigureSource>,
}

impl FigureText {
    /// Words without a figure.
    pub fn plain(text: impl Into<String>) -> FigureText {
        FigureText { pieces: vec![TextPiece { text: text.into(), id: None, figure: None }] }
    }

    /// One figure and nothing else.
    pub fn figure(text: impl Into<String>, source: FigureSource) -> FigureText {
        FigureText { pieces: vec![TextPiece { text: text.into(), id: None, figure: Some(source) }] }
    }

    /// The words as a reader sees them.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// This text, `separator`, and another.
    pub fn joined(mut self, separator: &str, other: FigureText) -> FigureText {
        if !self.pieces.is_empty() && !other.pieces.is_empty() {
            self.pieces.extend(FigureText::plain(separator).pieces);
        }
        self.pieces.extend(other.pieces);
        self
    }

    /// Texts one after the other.
    pub fn join(texts: impl IntoIterator<Item = FigureText>, separator: &str) -> FigureText {
        texts.into_iter().fold(FigureText::default(), |all, next| all.joined(separator, next))
    }

    /// Whether nothing is printed.
    pub fn is_empty(&self) -> bool {
        self.pieces.iter().all(|piece| piece.text.is_empty())
    }
}
