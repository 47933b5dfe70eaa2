use std::io::ErrorKind;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CommandError, Exit, ProjectFolder, Terminal};
use crate::diagnostic::{Place, Problem, kinds, phrases};
use crate::folder::shown_path;
use crate::ingest;
use crate::pipeline::{
    Review, ReviewFault, ReviewPlace, ReviewedComment, ReviewedFigure, ReviewedSentence, SentenceEdit,
    project_of_returned, review,
};

/// Say what was changed in a Word file that came back
///
/// Figures that are no longer what they were built as, sentences changed, put in or struck (tracked or not), and comments,
/// each with its place in the narrative. It changes nothing.
///
/// Example: donor-report review quarterly.mk.docx inputs/myla-2017
#[derive(Debug, Args)]
pub struct Arguments {
    /// The Word file that came back
    #[arg(value_name = "REPORT.docx")]
    file: PathBuf,
    /// The project's folder; left out: the one in inputs/ that the file was made of
    #[arg(value_name = "PROJECT")]
    project: Option<PathBuf>,
    /// Lines to read, or JSON
    #[arg(long, value_enum, default_value_t = ReviewFormat::Text)]
    format: ReviewFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReviewFormat {
    Text,
    Json,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let file = shown_path(&arguments.file);
    let bytes = std::fs::read(&arguments.file).map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            CommandError::from(Problem::error(kinds::NoSuchFile { nearest: None }).at(Place::file(&file)))
        }
        _ => CommandError::new(kinds::CannotRead { file: file.clone(), why: error.to_string() }),
    })?;
    let folder = find_project(arguments, &bytes)?;
    let found = review(&bytes, folder.as_ref().map(|folder| folder.path.as_path())).map_err(|fault| match fault {
        ReviewFault::Unreadable(_) => CommandError::new(kinds::NoWordFile { file: file.clone() }),
        ReviewFault::Unknown => CommandError::new(kinds::ReviewUnknown { file: file.clone() }),
    })?;
    match arguments.format {
        ReviewFormat::Json => terminal.print_result(&found.to_json().to_string()),
        ReviewFormat::Text => print_review(&found, &file, terminal),
    }
    Ok(if found.has_differences() { Exit::Problems } else { Exit::Done })
}

/// The project that is named, else the one of `inputs/` with the code that the file says.
fn find_project(arguments: &Arguments, bytes: &[u8]) -> Result<Option<ProjectFolder>, CommandError> {
    if arguments.project.is_some() {
        return ProjectFolder::find_one(arguments.project.as_ref()).map(Some);
    }
    let code = project_of_returned(bytes);
    let folders = ProjectFolder::find(&[]).unwrap_or_default();
    Ok(folders.into_iter().find(|folder| code.is_some() && ingest::code_of(&folder.path) == code))
}

/// `narrative/progress/summary.mk.md:3`, or the section where the words are the program's, or what comes before sections.
fn write_place(place: &ReviewPlace, terminal: &Terminal) -> String {
    match &place.narrative {
        Some((file, line)) => format!("{file}:{line}"),
        None if place.section.is_empty() => {
            terminal.phrase(phrases::ReviewFirstPages { language: place.language.clone() })
        }
        None => format!("{} ({})", place.section, place.language),
    }
}

fn print_review(found: &Review, file: &str, terminal: &Terminal) {
    if found.is_of_today {
        let document = found.document.clone();
        terminal.print_result(&terminal.phrase(phrases::ReviewWithoutRecord { document }));
    }
    if found.by_text > 0 {
        let (count, all) = (found.by_text.to_string(), (found.by_text + found.by_tag).to_string());
        terminal.print_result(&terminal.phrase(phrases::ReviewByText { count, all }));
    }
    for figure in &found.figures {
        let ReviewedFigure { built, file, today, indicator, rows, place, .. } = figure;
        let (place, built, file) = (write_place(place, terminal), built.clone(), file.clone());
        terminal.print_result(&match today.clone() {
            Some(today) => terminal.phrase(phrases::ReviewFigure::Plain { place, built, file, today }),
            None => terminal.phrase(phrases::ReviewFigure::Gone { place, built, file }),
        });
        if let Some(indicator) = indicator.clone().filter(|_| !rows.is_empty()) {
            terminal.print_result(&terminal.phrase(phrases::ReviewRows { indicator, rows: rows.join("; ") }));
        }
    }
    for ReviewedSentence { edit, tracked_by, place } in &found.sentences {
        let place = write_place(place, terminal);
        terminal.print_result(&match (edit.clone(), tracked_by.clone()) {
            (SentenceEdit::Changed { old, new }, None) => {
                terminal.phrase(phrases::ReviewChanged::Plain { place, old, new })
            }
            (SentenceEdit::Changed { old, new }, Some(author)) => {
                terminal.phrase(phrases::ReviewChanged::Tracked { place, old, new, author })
            }
            (SentenceEdit::Inserted(sentence), None) => {
                terminal.phrase(phrases::ReviewInserted::Plain { place, sentence })
            }
            (SentenceEdit::Inserted(sentence), Some(author)) => {
                terminal.phrase(phrases::ReviewInserted::Tracked { place, sentence, author })
            }
            (SentenceEdit::Struck(sentence), None) => terminal.phrase(phrases::ReviewStruck::Plain { place, sentence }),
            (SentenceEdit::Struck(sentence), Some(author)) => {
                terminal.phrase(phrases::ReviewStruck::Tracked { place, sentence, author })
            }
            (SentenceEdit::Moved(sentence), None) => terminal.phrase(phrases::ReviewMoved::Plain { place, sentence }),
            (SentenceEdit::Moved(sentence), Some(author)) => {
                terminal.phrase(phrases::ReviewMoved::Tracked { place, sentence, author })
            }
        });
    }
    for ReviewedComment { author, text, about, place } in &found.comments {
        let (place, author, text, about) = (write_place(place, terminal), author.clone(), text.clone(), about.clone());
        terminal.print_result(&terminal.phrase(phrases::ReviewComment { place, author, about, text }));
    }
    if !found.has_differences() {
        terminal.print_result(&terminal.phrase(phrases::ReviewNothing { file: file.to_owned() }));
    }
}
