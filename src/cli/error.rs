//! Why a command ended without its results.

use super::Exit;
use crate::diagnostic::{Problem, ProblemKind};
use crate::pipeline::BuildError;

/// What a command ended with; printed in one place, after the command has returned.
#[derive(Debug)]
pub enum CommandError {
    /// It couldn't run, or not finish: a wrong command line, a disk that can't be read or written.
    CouldNotRun(Vec<Problem>),
    /// The data has errors, which a line counts after them.
    Faulty {
        /// The project's folder as messages write it, put before the problems' files.
        folder: String,
        /// All of the project's problems.
        problems: Vec<Problem>,
    },
    /// What was requested isn't to be done as things are; the problem says what to do.
    Refused(Problem),
    /// Files that were named on the command line can't be read.
    Unreadable(Vec<Problem>),
}

impl CommandError {
    /// The command couldn't run because of one problem, which has no place.
    pub fn new(kind: impl Into<ProblemKind>) -> CommandError {
        CommandError::CouldNotRun(vec![Problem::error(kind)])
    }

    /// What the program exits with.
    pub fn exit(&self) -> Exit {
        match self {
            CommandError::CouldNotRun(_) => Exit::CouldNotRun,
            CommandError::Faulty { .. } | CommandError::Refused(_) | CommandError::Unreadable(_) => Exit::Problems,
        }
    }
}

impl From<Problem> for CommandError {
    fn from(problem: Problem) -> CommandError {
        CommandError::CouldNotRun(vec![problem])
    }
}

impl From<BuildError> for CommandError {
    fn from(error: BuildError) -> CommandError {
        (&error).into()
    }
}

impl From<&BuildError> for CommandError {
    fn from(error: &BuildError) -> CommandError {
        error.to_problem().into()
    }
}
