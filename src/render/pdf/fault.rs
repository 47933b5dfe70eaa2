use crate::diagnostic::{Place, Problem, kinds};
use crate::render::picture::PictureFault;

/// An error or warning in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFault {
    /// `templates/…`, relative to the project's folder where the project has a file of that name.
    pub file: String,
    /// Counted from 1.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
    /// What is wrong, as the typesetter says it.
    pub message: String,
    /// What the typesetter proposes.
    pub hints: Vec<String>,
}

impl TemplateFault {
    pub(in crate::render) fn at_start(file: &str, message: String) -> TemplateFault {
        TemplateFault { file: file.to_owned(), line: 1, column: 1, message, hints: Vec::new() }
    }
}

/// Why a document could not be laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenderFault {
    /// A template stopped.
    Template(TemplateFault),
    /// Path of the picture, and what is wrong with it.
    Picture(String, PictureFault),
}

impl RenderFault {
    /// The fault as a problem at its place.
    pub fn to_problem(&self) -> Problem {
        match self {
            RenderFault::Template(fault) => {
                let message = fault.message.clone();
                let kind = match fault.hints.as_slice() {
                    [] => kinds::TemplateError::Plain { message },
                    hints => kinds::TemplateError::Hint { hint: hints.join("; "), message },
                };
                Problem::error(kind).at(Place::line(&fault.file, fault.line, fault.column))
            }
            RenderFault::Picture(file, fault) => fault.problem(file),
        }
    }
}
