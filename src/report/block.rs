//! Prose as a small tree of blocks: what Markdown becomes, and what goes to the templates as data.

use serde::Serialize;

use super::figure_source::FigureSource;

/// A piece of a section, in one language.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Block {
    /// `level` from 1, within the section.
    Heading {
        /// Level of the heading, from 1.
        level: u8,
        /// What is in it.
        content: Vec<Inline>,
    },
    /// A paragraph of text.
    Paragraph {
        /// What is in it.
        content: Vec<Inline>,
    },
    /// `start` none: bullets.
    List {
        /// Number of the first item; `None` for bullets.
        start: Option<u64>,
        /// Each item is a list of blocks.
        items: Vec<Vec<Block>>,
    },
    /// Somebody's words, or a story; `name` says whose, empty where nobody is named.
    Quote {
        /// What is in it.
        content: Vec<Block>,
        /// Who said it; empty where nobody is named.
        name: Vec<Inline>,
    },
    /// A line between two thoughts.
    Rule,
    /// A table with one row of headings.
    Table {
        /// By column.
        align: Vec<Align>,
        /// Headings, by column.
        header: Vec<Vec<Inline>>,
        /// Cells, by row and column.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// Lines as they are typed or printed elsewhere.
    Code {
        /// The text.
        text: String,
    },
    /// A picture of the project: path relative to its folder.
    Image {
        /// Path in the project's folder.
        file: String,
        /// Alternative text.
        alt: String,
        /// Empty where there is none.
        caption: Vec<Inline>,
        /// Who took it, as project.toml says it.
        credit: Option<String>,
        /// As wide as the text, whatever its height.
        large: bool,
    },
    /// `{{chart "I14"}}`, `{{table "I14"}}`: filled in when the document is composed.
    IndicatorChart {
        /// Code of the indicator.
        indicator: String,
    },
    /// A table of one indicator.
    IndicatorTable {
        /// Code of the indicator.
        indicator: String,
    },
}

/// Alignment of a column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// To where lines begin.
    Start,
    /// Centred.
    Center,
    /// To where lines end.
    End,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Inline {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// A figure: printed text that links to its indicator's row. The indicator is empty where it is of none.
    Figure {
        /// The words.
        text: String,
        /// Code of its indicator.
        indicator: String,
        /// The figure's name in the report, once figures are numbered.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// `None` for a word that is no number: a status.
        #[serde(skip)]
        source: Option<FigureSource>,
    },
    /// Bold.
    Strong {
        /// What is in it.
        content: Vec<Inline>,
    },
    /// Italics.
    Emphasis {
        /// What is in it.
        content: Vec<Inline>,
    },
    /// A link to another page.
    Link {
        /// Where it leads.
        url: String,
        /// What is in it.
        content: Vec<Inline>,
    },
    /// A footnote, at the place of its mark.
    Footnote {
        /// What is in it.
        content: Vec<Block>,
    },
    /// Something as it is typed.
    Code {
        /// The words.
        text: String,
    },
    /// A line break within a paragraph.
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
