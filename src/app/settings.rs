//! Reading and changing project.toml. What is changed is checked by the program's own reader before it is written, and
//! nothing is written over what somebody else has changed since.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::MessageLanguage;
use super::project_toml::{self, ChangeFault, TomlChange};
use super::projects::AppProject;
use super::settings_form::{GroupView, settings_groups};
use super::settings_options::{SettingsOptions, settings_options};
use crate::diagnostic::{Problem, phrases};
use crate::folder::{PROJECT_FILE, content_hash};
use crate::ingest::check_project_file;
use crate::output::{Readers, write_whole};

/// A larger file is no project.toml.
const MOST_BYTES: u64 = 4 << 20;

/// One writes at a time, so that nothing comes between the look at the file and the writing of it.
static WRITING: Mutex<()> = Mutex::new(());

/// The settings as the page shows them.
#[derive(Serialize)]
pub(super) struct SettingsView {
    /// Of the file that they are in.
    hash: String,
    /// The file isn't TOML, and can only be mended in an editor.
    broken: bool,
    groups: Vec<GroupView>,
    options: SettingsOptions,
}

/// What to change.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeRequest {
    /// Hash of the file that the page knows.
    based_on: String,
    changes: Vec<TomlChange>,
}

/// What became of a change.
#[derive(Debug, Serialize)]
pub(super) struct ChangeOutcome {
    pub done: bool,
    /// The file isn't what the page knew any more; nothing was written.
    pub conflict: bool,
    /// Of the file as it is now.
    pub hash: String,
    pub messages: Vec<String>,
}

impl ChangeOutcome {
    pub fn refused(hash: String, messages: Vec<String>) -> ChangeOutcome {
        ChangeOutcome { done: false, conflict: false, hash, messages }
    }
}

/// The content of project.toml; `None` if it can't be read.
pub(super) fn settings_view(project: &AppProject, language: &MessageLanguage) -> Option<SettingsView> {
    let (source, hash) = read_source(&project.path)?;
    let values = project_toml::read_values(&source);
    let groups = values.as_ref().map(|values| settings_groups(values, language)).unwrap_or_default();
    let options = settings_options(&project.path, &project.latest(), language);
    Some(SettingsView { hash, broken: values.is_err(), groups, options })
}

/// Changes project.toml as a page requests; `None` if it can't be read.
pub(super) fn change_settings(
    project: &AppProject,
    request: &ChangeRequest,
    language: &MessageLanguage,
) -> Option<ChangeOutcome> {
    write_changes(&project.path, &request.based_on, &request.changes, language)
}

/// Makes changes of the project.toml that has the hash `based_on`.
pub(super) fn write_changes(
    folder: &Path,
    based_on: &str,
    changes: &[TomlChange],
    language: &MessageLanguage,
) -> Option<ChangeOutcome> {
    let _alone = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let (source, hash) = read_source(folder)?;
    if hash != based_on {
        return Some(ChangeOutcome { done: false, conflict: true, hash, messages: Vec::new() });
    }
    let sentence = |phrase: crate::diagnostic::Phrase| language.catalogue.phrase(phrase).message;
    let changed = match project_toml::change(&source, changes) {
        Ok(changed) => changed,
        Err(ChangeFault::Syntax) => {
            return Some(ChangeOutcome::refused(hash, vec![sentence(phrases::ProjectFileBroken.into())]));
        }
        Err(ChangeFault::NoSuchPlace | ChangeFault::NoValue) => {
            return Some(ChangeOutcome::refused(hash, vec![sentence(phrases::NoSuchSetting.into())]));
        }
    };
    let new_errors = new_errors(&source, &changed, folder);
    if !new_errors.is_empty() {
        let messages = new_errors.iter().map(|problem| {
            let sentences = language.catalogue.sentences(problem);
            [Some(sentences.message), sentences.help].into_iter().flatten().collect::<Vec<_>>().join(" – ")
        });
        return Some(ChangeOutcome::refused(hash, messages.collect()));
    }
    if changed == source {
        return Some(ChangeOutcome { done: true, conflict: false, hash, messages: Vec::new() });
    }
    // Somebody outside may have saved since; what little time is left is the renaming's.
    if read_source(folder)?.1 != hash {
        let hash = read_source(folder)?.1;
        return Some(ChangeOutcome { done: false, conflict: true, hash, messages: Vec::new() });
    }
    Some(match write_whole(folder, PROJECT_FILE, changed.as_bytes(), Readers::All) {
        Ok(()) => {
            let hash = content_hash(changed.as_bytes());
            ChangeOutcome { done: true, conflict: false, hash, messages: Vec::new() }
        }
        Err(error) => ChangeOutcome::refused(hash, vec![error.to_string()]),
    })
}

/// The errors of project.toml that it didn't have before.
fn new_errors(before: &str, after: &str, folder: &Path) -> Vec<Problem> {
    let errors = |source: &str| {
        let problems = check_project_file(source, folder).into_iter();
        problems.filter(Problem::is_error).collect::<Vec<Problem>>()
    };
    let known = errors(before);
    let is_known = |problem: &Problem| {
        known
            .iter()
            .any(|other| (other.code, other.variant, &other.args) == (problem.code, problem.variant, &problem.args))
    };
    errors(after).into_iter().filter(|problem| !is_known(problem)).collect()
}

/// The text of project.toml, and the hash of its bytes.
pub(super) fn read_source(folder: &Path) -> Option<(String, String)> {
    let path = folder.join(PROJECT_FILE);
    if fs::metadata(&path).ok()?.len() > MOST_BYTES {
        return None;
    }
    let bytes = fs::read(path).ok()?;
    let hash = content_hash(&bytes);
    Some((String::from_utf8(bytes).ok()?, hash))
}
