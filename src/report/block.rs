//! Prose as a small tree of blocks: what Markdown becomes, and what goes to the templates as data.

use serde::Serialize;

use super::figure_source::FigureSource;

/// A piece of a section, in one language.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Block {
    /// `level` from 1, within the section.
    Heading {
        level: u8,
        content: Vec<Inline>,
    },
    Paragraph {
        content: Vec<Inline>,
    },
    /// `start` none: bullets.
    List {
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    /// Somebody's words, or a story; `name` says whose, empty where nobody is named.
    Quote {
        content: Vec<Block>,
        name: Vec<Inline>,
    },
    /// A line between two thoughts.
    Rule,
    Table {
        align: Vec<Align>,
        header: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// Lines as they are typed or printed elsewhere.
    Code {
        text: String,
    },
    /// A picture of the project: path relative to its folder.
    Image {
        file: String,
        alt: String,
        caption: Vec<Inline>,
        /// Who took it, as project.toml says it.
        credit: Option<String>,
        /// As wide as the text, whatever its height.
        large: bool,
    },
    /// `{{chart "I14"}}`, `{{table "I14"}}`: filled in when the document is composed.
    IndicatorChart {
        indicator: String,
    },
    IndicatorTable {
        indicator: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    Start,
    Center,
    End,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Inline {
    Text {
        text: String,
    },
    /// A figure: printed text that links to its indicator's row. The indicator is empty where it is of none.
    Figure {
        text: String,
        indicator: String,
        /// The figure's name in the report, once figures are numbered.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// `None` for a word that is no number: a status.
        #[serde(skip)]
        source: Option<FigureSource>,
    },
    Strong {
        content: Vec<Inline>,
    },
    Emphasis {
        content: Vec<Inline>,
    },
    Link {
        url: String,
        content: Vec<Inline>,
    },
    Footnote {
        content: Vec<Block>,
    },
    /// Something as it is typed.
    Code {
        text: String,
    },
    LineBreak,
}

/// The text of a line as a reader sees it; footnotes are left out.
pub fn plain_text(content: &[Inline]) -> String {
    let mut text = String::new();
    push_plain_text(content, &mut text);
    text
}

fn push_plain_text(content: &[Inline], text: &mut String) {
    for inline in content {
        match inline {
            Inline::Text { text: piece } | Inline::Figure { text: piece, .. } | Inline::Code { text: piece } => {
                text.push_str(piece);
            }
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                push_plain_text(content, text);
            }
            Inline::Footnote { .. } => {}
            Inline::LineBreak => text.push(' '),
        }
    }
}
