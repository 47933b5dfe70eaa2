use std::io::{IsTerminal, Write};

use super::ProjectFolder;
use crate::diagnostic::{Catalogue, Problem, Severity, print_problems};
use crate::model::Project;
use crate::pipeline;

/// Wipes a terminal's screen and goes to its first line.
const CLEAR: &str = "\x1b[2J\x1b[H";

/// Where commands speak: results on standard output, the rest on standard error, sentences from the catalogue.
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

    /// A sentence of the catalogue with its arguments.
    pub fn sentence(&self, code: &'static str, args: &[(&'static str, &str)]) -> String {
        let mut problem = Problem::note(code);
        for (name, value) in args {
            problem = problem.with(name, *value);
        }
        self.catalogue.sentences(&problem).message
    }

    /// Why the command couldn't run, on standard error.
    pub fn complain(&self, code: &'static str, args: &[(&'static str, &str)]) {
        let mut problem = Problem::error(code);
        for (name, value) in args {
            problem = problem.with(name, *value);
        }
        self.problems(&[problem], "");
    }

    /// Problems on standard error: errors first, then warnings, then notes, each in its order.
    pub fn problems(&self, problems: &[Problem], folder: &str) {
        let mut sorted: Vec<Problem> = problems.to_vec();
        sorted.sort_by_key(|problem| problem.severity);
        self.remark(&print_problems(&sorted, &self.catalogue, folder));
    }

    /// The project in `folder` if its tables and prose have no errors; otherwise its problems are told.
    pub fn readable(&self, folder: &ProjectFolder) -> Option<Project> {
        let mut loaded = pipeline::load(&folder.path);
        let project = loaded.checked.project.take().filter(|_| !loaded.has_errors());
        if project.is_none() {
            self.problems(&loaded.problems, &folder.shown);
            self.remark(&self.tally(&loaded.problems));
        }
        project
    }

    /// How many errors and warnings there are, as the last line of a report of problems.
    pub fn tally(&self, problems: &[Problem]) -> String {
        let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count().to_string();
        self.sentence("tally", &[("errors", &count(Severity::Error)), ("warnings", &count(Severity::Warning))])
    }

    /// Wipes the screen, where somebody looks at one.
    pub fn clear(&self) {
        if self.is_interactive() {
            write_line(&mut std::io::stderr().lock(), CLEAR);
        }
    }

    /// A line or more on standard error.
    pub fn remark(&self, text: &str) {
        write_line(&mut std::io::stderr().lock(), text);
    }

    /// A line or more on standard output.
    pub fn result(&self, text: &str) {
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
