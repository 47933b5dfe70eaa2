use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use super::{CommandError, ProjectFolder};
use crate::diagnostic::{Catalogue, CellListing, Phrase, Problem, Severity, kinds, phrases, print_problems};
use crate::model::Project;
use crate::pipeline;

/// Wipes a terminal's screen and goes to its first line.
const CLEAR: &str = "\x1b[2J\x1b[H";

/// Where commands print: results on standard output, the rest on standard error, in the language of messages.
pub struct Terminal {
    catalogue: Catalogue,
    /// Why standard output couldn't be written, first of all.
    output_failure: OnceLock<io::Error>,
}

impl Terminal {
    pub fn new(lang: &str) -> Terminal {
        Terminal { catalogue: Catalogue::new(lang), output_failure: OnceLock::new() }
    }

    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Whether progress bars make sense.
    pub fn is_interactive(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// A phrase of the commands, its placeholders filled.
    pub fn phrase(&self, phrase: impl Into<Phrase>) -> String {
        self.catalogue.phrase(phrase).message
    }

    /// Why a command ended without its results, on standard error.
    pub fn print_error(&self, error: &CommandError) {
        self.print_note(&self.error_text(error));
    }

    /// Why a command ended without its results.
    pub fn error_text(&self, error: &CommandError) -> String {
        match error {
            CommandError::CouldNotRun(problems) => {
                problems.iter().map(|problem| self.problem_text(std::slice::from_ref(problem), "")).collect()
            }
            CommandError::Refused(problem) => self.problem_text(std::slice::from_ref(problem), ""),
            CommandError::Unreadable(problems) => self.problem_text(problems, ""),
            CommandError::Faulty { folder, problems } => self.problem_text(problems, folder) + &self.tally(problems),
        }
    }

    /// Problems on standard error: errors first, then warnings, then notes, each in its order.
    pub fn print_problems(&self, problems: &[Problem], folder: &str) {
        self.print_note(&self.problem_text(problems, folder));
    }

    fn problem_text(&self, problems: &[Problem], folder: &str) -> String {
        let mut sorted: Vec<Problem> = problems.to_vec();
        sorted.sort_by_key(|problem| problem.severity);
        print_problems(&sorted, &self.catalogue, folder, CellListing::First)
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
            // What can't be said can't be complained about either.
            let _ = write_line(&mut io::stderr().lock(), CLEAR);
        }
    }

    /// A line or more on standard error.
    pub fn print_note(&self, text: &str) {
        let _ = write_line(&mut io::stderr().lock(), text);
    }

    /// A line or more on standard output; [`Terminal::finish`] says whether it got there.
    pub fn print_result(&self, text: &str) {
        self.keep_failure(write_line(&mut io::stdout().lock(), text));
    }

    /// Keeps the outcome of writing to standard output in another way.
    pub fn keep_failure(&self, written: io::Result<()>) {
        if let Err(error) = written {
            let _ = self.output_failure.set(error);
        }
    }

    /// Ends a command: what it printed must have been written. A closed pipe is the reader's choice and no reason to fail.
    ///
    /// # Errors
    /// Standard output can't be written.
    pub fn finish(&self) -> Result<(), CommandError> {
        self.keep_failure(io::stdout().lock().flush());
        match self.output_failure.get() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(CommandError::new(kinds::CannotWrite::Stdout { why: error.to_string() }))
            }
            _ => Ok(()),
        }
    }
}

fn write_line(stream: &mut dyn Write, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    stream.write_all(text.as_bytes())?;
    if text.ends_with('\n') { Ok(()) } else { stream.write_all(b"\n") }
}
