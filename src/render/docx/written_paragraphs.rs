//! What a Word file says, paragraph by paragraph, as it is written: for the text of a report, and for what an editor gives
//! back.

use super::body_writer::DocumentWriter;

/// A paragraph with its place in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenParagraph {
    /// Index into the document's languages.
    pub language: usize,
    /// Index into the document's sections; `None` for what comes before them.
    pub section: Option<usize>,
    /// What it is.
    pub kind: ParagraphKind,
    /// Its words in order.
    pub pieces: Vec<WrittenPiece>,
}

/// Words of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenPiece {
    /// The name of the figure that they are, as in figures.json.
    pub figure: Option<String>,
    /// The figure's place in figures.json.
    pub place: Option<String>,
    /// As a reader sees them; a break of the line is `\n`.
    pub text: String,
}

/// What a paragraph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParagraphKind {
    /// A heading.
    Heading,
    /// Words of their own.
    Text,
    /// The first paragraph of an item in a list.
    Item {
        /// Lists around its own.
        depth: u8,
        /// Of a numbered list.
        number: Option<u64>,
    },
    /// In a table, whose rows and cells have numbers of their own.
    Cell {
        /// The row.
        row: u32,
        /// The cell.
        cell: u32,
    },
    /// A line of the contents, which Word makes anew.
    Contents,
    /// A footnote.
    Footnote,
}

impl WrittenParagraph {
    /// Its words.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}

/// Keeps the paragraphs while they are written; a footnote is written within another.
#[derive(Default)]
pub(super) struct ParagraphRecord {
    pub paragraphs: Vec<WrittenParagraph>,
    open: Vec<usize>,
    /// The section that is written.
    pub section: Option<usize>,
    /// The figure that is written, and its place in figures.json.
    pub figure: Option<(String, Option<String>)>,
    /// The row of a table that is written.
    pub row: Option<u32>,
    rows: u32,
    /// Cells that were begun so far.
    pub cells: u32,
}

impl ParagraphRecord {
    pub(super) fn begin(&mut self, language: usize, kind: ParagraphKind) {
        let kind = match (kind, self.row) {
            (ParagraphKind::Text, Some(row)) => ParagraphKind::Cell { row, cell: self.cells },
            (kind, _) => kind,
        };
        self.open.push(self.paragraphs.len());
        self.paragraphs.push(WrittenParagraph { language, section: self.section, kind, pieces: Vec::new() });
    }

    pub(super) fn end(&mut self) {
        self.open.pop();
    }

    pub(super) fn add(&mut self, text: &str) {
        let Some(paragraph) = self.open.last().and_then(|at| self.paragraphs.get_mut(*at)) else { return };
        match paragraph.pieces.last_mut() {
            Some(last) if last.figure.as_ref() == self.figure.as_ref().map(|(id, _)| id) => last.text.push_str(text),
            _ => {
                let (figure, place) = self.figure.clone().map_or((None, None), |(id, place)| (Some(id), place));
                paragraph.pieces.push(WrittenPiece { figure, place, text: text.to_owned() });
            }
        }
    }

    /// A number for a row.
    pub(super) fn next_row(&mut self) -> u32 {
        self.rows += 1;
        self.rows
    }
}

impl DocumentWriter<'_> {
    /// What every paragraph begins with; [`end_paragraph`](Self::end_paragraph) ends it.
    pub(super) fn begin_paragraph(&mut self, kind: ParagraphKind) {
        self.record.begin(self.index, kind);
        self.xml.open("w:p", &[]);
    }

    pub(super) fn end_paragraph(&mut self) {
        self.xml.close();
        self.record.end();
    }
}
