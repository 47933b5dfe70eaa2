use std::io::{IsTerminal, Write};

use super::{CommandError, ProjectFolder};
use crate::diagnostic::{Catalogue, Phrase, Problem, Severity, phrases, print_problems};
use crate::model::Project;
use crate::pipeline;

/// Wipes a terminal's screen and goes to its first line.
const CLEAR: &str = "\x1b[2J\x1b[H";

/// Where commands print: results on standard output, the rest on standard error, in the language of messages.
pub struct Terminal {
    catalogue: Catalogue,
}

impl Terminal {
    pub fn new(lang: &str) -> Terminal {
        Terminal { catalogue: Catalogue::new(lang) }
    }

    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Whether progress bars make sense.
    pub fn is_interactive(&self) -> bool {
        std::io::stderr().is_terminal()
    }

    /// A phrase of the commands, its placeholders filled.
    pub fn phrase(&self, phrase: impl Into<Phrase>) -> String {
        self.catalogue.phrase(phrase).message
    }

    /// Why a command ended without its results, on standard error.
    pub fn print_error(&self, error: &CommandError) {
        match error {
            CommandError::CouldNotRun(problems) => {
                problems.iter().for_each(|problem| self.print_problems(std::slice::from_ref(problem), ""));
            }
            CommandError::Refused(problem) => self.print_problems(std::slice::from_ref(problem), ""),
            CommandError::Unreadable(problems) => self.print_problems(problems, ""),
            CommandError::Faulty { folder, problems } => {
                self.print_problems(problems, folder);
                self.print_note(&self.tally(problems));
            }
        }
    }

    /// Problems on standard error: errors first, then warnings, then notes, each in its order.
    pub fn print_problems(&self, problems: &[Problem], folder: &str) {
        let mut sorted: Vec<Problem> = problems.to_vec();
        sorted.sort_by_key(|problem| problem.severity);
        self.print_note(&print_problems(&sorted, &self.catalogue, folder));
    }

    /// The project in `folder`.
    ///
    /// # Errors
    /// Its tables or its prose have errors.
    pub fn readable(folder: &ProjectFolder) -> Result<Project, CommandError> {
        let mut loaded = pipeline::load(&folder.path);
        let project = loaded.checked.project.take().filter(|_| !loaded.has_errors());
        project.ok_or_else(|| CommandError::Faulty { folder: folder.shown.clone(), problems: loaded.problems })
    }

    /// How many errors and warnings there are, as the last line of a report of problems.
    pub fn tally(&self, problems: &[Problem]) -> String {
        let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count().to_string();
        self.phrase(phrases::Tally { errors: count(Severity::Error), warnings: count(Severity::Warning) })
    }

    /// Wipes the screen, where standard error is one.
    pub fn clear(&self) {
        if self.is_interactive() {
            write_line(&mut std::io::stderr().lock(), CLEAR);
        }
    }

    /// A line or more on standard error.
    pub fn print_note(&self, text: &str) {
        write_line(&mut std::io::stderr().lock(), text);
    }

    /// A line or more on standard output.
    pub fn print_result(&self, text: &str) {
        write_line(&mut std::io::stdout().lock(), text);
    }
}

/// A closed pipe is the reader's choice and no reason to fail.
fn write_line(stream: &mut dyn Write, text: &str) {
    if !text.is_empty() {
        let _ = stream.write_all(text.as_bytes());
        if !text.ends_with('\n') {
            let _ = stream.write_all(b"\n");
        }
    }
}
