//! A Word file that was dropped on the page: what came back.

use serde::Serialize;
use serde_json::Value;

use super::MessageLanguage;
use super::projects::AppProject;
use crate::diagnostic::{Problem, kinds};
use crate::ingest::code_of;
use crate::pipeline::{ReviewFault, project_of_returned, review};

/// What differs in it, or why nothing can be said.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DroppedFile {
    Review {
        /// As the command `review` prints it.
        found: Value,
        /// The code of the project that it was made of, if that is another one.
        other_project: Option<String>,
    },
    Fault {
        message: String,
        help: Option<String>,
    },
}

/// Compares a Word file with what it was made as and with the project today.
pub(super) fn review_returned(project: &AppProject, bytes: &[u8], language: &MessageLanguage) -> DroppedFile {
    match review(bytes, Some(&project.path)) {
        Ok(found) => {
            let made_of = project_of_returned(bytes);
            let other_project = made_of.filter(|code| code_of(&project.path).as_ref() != Some(code));
            DroppedFile::Review { found: found.to_json(), other_project }
        }
        Err(fault) => {
            let file = "Word".to_owned();
            let problem = match fault {
                ReviewFault::Unreadable(_) => Problem::error(kinds::NoWordFile { file }),
                ReviewFault::Unknown => Problem::error(kinds::ReviewUnknown { file }),
            };
            let sentences = language.catalogue.sentences(&problem);
            DroppedFile::Fault { message: sentences.message, help: sentences.help }
        }
    }
}
