//! A Word file that came back, held against what it was made as and against today: figures, sentences, comments.

pub(super) mod align;
mod compared_paragraph;
mod json;
mod narrative_places;
mod paragraph_pairs;
pub(super) mod sent_figures;
mod today;

use std::path::Path;

use crate::render::PackageFault;
use crate::render::docx::{MadeParagraph, ReturnedFile, ReturnedParagraph, WrittenDocument, read_returned};
use align::normalize;
use compared_paragraph::{ParagraphDifference, compare_paragraphs};
use paragraph_pairs::{ParagraphPair, pair_paragraphs};
use today::Today;

/// What differs in a file that came back.
#[derive(Debug)]
pub struct Review {
    /// `<code>/<period>/<report>.<languages>`
    pub document: String,
    /// The file lost what it was made as: it was compared with the document of today.
    pub is_of_today: bool,
    /// Figures that aren't what they were made as.
    pub figures: Vec<ReviewedFigure>,
    /// Sentences that were changed, put in, struck or moved.
    pub sentences: Vec<ReviewedSentence>,
    /// Comments.
    pub comments: Vec<ReviewedComment>,
    /// How many figures were found by their tags.
    pub by_tag: usize,
    /// How many were found by order and text, since an editor dropped their tags.
    pub by_text: usize,
}

/// Where in the report something is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewPlace {
    /// Tag of the language.
    pub language: String,
    /// The section; empty before the first.
    pub section: String,
    /// File and line of the narrative, where the words are an officer's.
    pub narrative: Option<(String, u32)>,
}

/// A figure that is no longer what it was made as.
#[derive(Debug)]
pub struct ReviewedFigure {
    /// Its name in figures.json.
    pub id: String,
    /// As it was built.
    pub built: String,
    /// As the file has it.
    pub file: String,
    /// As the project gives it today; `None` where it doesn't any more, or there is no project.
    pub today: Option<String>,
    /// The code of its indicator.
    pub indicator: Option<String>,
    /// The rows behind it today, by sheet.
    pub rows: Vec<String>,
    /// Where.
    pub place: ReviewPlace,
}

/// What was done to a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentenceEdit {
    /// Other words in place of some.
    Changed {
        /// As it was built.
        old: String,
        /// As the file has it.
        new: String,
    },
    /// Put in.
    Inserted(String),
    /// Struck.
    Struck(String),
    /// A paragraph that was moved.
    Moved(String),
}

/// A sentence that isn't as it was.
#[derive(Clone, Debug)]
pub struct ReviewedSentence {
    /// What was done.
    pub edit: SentenceEdit,
    /// Who did it, where the editor tracked it.
    pub tracked_by: Option<String>,
    /// Where.
    pub place: ReviewPlace,
}

/// A comment.
#[derive(Debug)]
pub struct ReviewedComment {
    /// Who wrote it.
    pub author: String,
    /// What it says.
    pub text: String,
    /// The words that it is about.
    pub about: String,
    /// Where.
    pub place: ReviewPlace,
}

impl Review {
    /// Whether anything differs.
    pub fn has_differences(&self) -> bool {
        !(self.figures.is_empty() && self.sentences.is_empty() && self.comments.is_empty())
    }
}

/// Why nothing can be said.
#[derive(Debug)]
pub enum ReviewFault {
    /// It is no Word file.
    Unreadable(PackageFault),
    /// It doesn't say what it was made as, and no project says it.
    Unknown,
}

/// The code of the project that a Word file was made of, as the file says it.
pub fn project_of_returned(bytes: &[u8]) -> Option<String> {
    let made = read_returned(bytes).ok()?.made?;
    made.identifier.split('/').next().map(str::to_owned)
}

/// Compares a Word file that came back; `folder` is its project's, if known.
///
/// # Errors
/// See [`ReviewFault`].
pub fn review(bytes: &[u8], folder: Option<&Path>) -> Result<Review, ReviewFault> {
    let returned = read_returned(bytes).map_err(ReviewFault::Unreadable)?;
    let today = folder.and_then(Today::read);
    let is_of_today = returned.made.is_none();
    let made = match &returned.made {
        Some(made) => made.clone(),
        None => {
            let texts: Vec<String> =
                returned.paragraphs.iter().map(|paragraph| normalize(&paragraph.original())).collect();
            today.as_ref().and_then(|today| today.find_nearest(&texts)).ok_or(ReviewFault::Unknown)?
        }
    };
    let reviewer = Reviewer { returned: &returned, made: &made, today: today.as_ref() };
    let mut review = reviewer.review();
    review.is_of_today = is_of_today;
    Ok(review)
}

struct Reviewer<'r> {
    returned: &'r ReturnedFile,
    made: &'r WrittenDocument,
    today: Option<&'r Today>,
}

impl Reviewer<'_> {
    fn review(&self) -> Review {
        let mut review = Review {
            document: self.made.identifier.clone(),
            is_of_today: false,
            figures: Vec::new(),
            sentences: Vec::new(),
            comments: Vec::new(),
            by_tag: 0,
            by_text: 0,
        };
        let pairs = pair_paragraphs(&self.made.paragraphs, &self.returned.paragraphs);
        let mut nearest: Option<usize> = None;
        // The original paragraph that each returned one is, or follows.
        let mut made_of = vec![None; self.returned.paragraphs.len()];
        for pair in &pairs {
            nearest = pair.made().or(nearest);
            if let Some(returned) = pair.returned() {
                made_of[returned] = nearest;
            }
            self.add_pair(pair, nearest, &mut review);
        }
        for comment in &self.returned.comments {
            let made = made_of.get(comment.paragraph).copied().flatten();
            let about = if comment.about.is_empty() {
                let paragraph = self.returned.paragraphs.get(comment.paragraph);
                paragraph.map(ReturnedParagraph::accepted).unwrap_or_default()
            } else {
                comment.about.clone()
            };
            let place = self.place(made, &about);
            let (author, text) = (comment.author.clone(), comment.text.clone());
            review.comments.push(ReviewedComment { author, text, about: normalize(&about), place });
        }
        review
    }

    fn add_pair(&self, pair: &ParagraphPair, nearest: Option<usize>, review: &mut Review) {
        let edit = |edit: SentenceEdit, tracked_by: Option<String>, words: &str| ReviewedSentence {
            edit,
            tracked_by,
            place: self.place(nearest, words),
        };
        match *pair {
            ParagraphPair::Both { made, returned, is_moved } => {
                let (made_index, made) = (made, &self.made.paragraphs[made]);
                let returned = &self.returned.paragraphs[returned];
                let differences = compare_paragraphs(made, returned);
                review.by_tag += differences.by_tag;
                review.by_text += differences.by_text;
                if is_moved {
                    let text = normalize(&made.text());
                    let place = self.place(Some(made_index), &text);
                    review.sentences.push(ReviewedSentence {
                        edit: SentenceEdit::Moved(text),
                        tracked_by: author_of(returned),
                        place,
                    });
                }
                for difference in differences.differences {
                    match difference {
                        ParagraphDifference::Figure { index, file } => {
                            review.figures.extend(self.figure(made_index, made, index, file));
                        }
                        ParagraphDifference::Sentence { edit: kind, tracked_by } => {
                            let words = match &kind {
                                SentenceEdit::Changed { old, .. } => old.clone(),
                                SentenceEdit::Struck(old) | SentenceEdit::Moved(old) => old.clone(),
                                SentenceEdit::Inserted(_) => made.text(),
                            };
                            review.sentences.push(edit(kind, tracked_by, &words));
                        }
                    }
                }
            }
            ParagraphPair::Struck { made } => {
                let made = &self.made.paragraphs[made];
                for sentence in compared_paragraph::sentences(&made.text()) {
                    review.sentences.push(edit(SentenceEdit::Struck(sentence.clone()), None, &sentence));
                }
            }
            ParagraphPair::Inserted { returned } => {
                let returned = &self.returned.paragraphs[returned];
                let near = nearest.map(|made| self.made.paragraphs[made].text()).unwrap_or_default();
                for sentence in compared_paragraph::sentences(&returned.accepted()) {
                    review.sentences.push(edit(SentenceEdit::Inserted(sentence), author_of(returned), &near));
                }
            }
        }
    }

    fn figure(&self, at: usize, made: &MadeParagraph, index: usize, file: String) -> Option<ReviewedFigure> {
        let piece = made.pieces.iter().filter(|piece| piece.figure.is_some()).nth(index)?;
        let figure = piece.figure.clone()?;
        let today = self.today.and_then(|today| today.figure(self.made, at, &figure));
        let (indicator, rows) = self.today.and_then(|today| today.rows(&self.made.identifier, &figure)).unzip();
        Some(ReviewedFigure {
            id: figure.id,
            built: piece.text.clone(),
            file,
            today,
            indicator,
            rows: rows.unwrap_or_default(),
            place: self.place(Some(at), &made.text()),
        })
    }

    fn place(&self, made: Option<usize>, words: &str) -> ReviewPlace {
        let Some(made) = made.and_then(|at| self.made.paragraphs.get(at)) else { return ReviewPlace::default() };
        let narrative = self.today.and_then(|today| today.narratives.find(&self.made.identifier, made, words));
        ReviewPlace { language: made.language.clone(), section: made.section.clone(), narrative }
    }
}

/// Who changed a paragraph, where that was tracked.
fn author_of(returned: &ReturnedParagraph) -> Option<String> {
    returned.pieces.iter().find_map(|piece| piece.change.as_ref()).map(|change| change.author.clone())
}
