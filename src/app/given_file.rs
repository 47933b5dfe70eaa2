//! Files that the page is given for a project: pictures, donors' forms and workbooks. Nothing is written over.

use std::fs;
use std::path::Path;

use serde::Serialize;

use super::MessageLanguage;
use crate::diagnostic::{Phrase, phrases};
use crate::folder::is_ignored;
use crate::ingest::unconfigured_workbooks::is_table_file;
use crate::output::{Readers, write_new};

/// Bytes of a file that is given.
pub(super) const GIVEN_BYTES: usize = 256 << 20;

/// Letters of its name.
const MOST_LETTERS: usize = 100;

/// Folders of a project that files may be given for, with the endings that they take.
const FOLDERS: [(&str, &[&str]); 2] = [("images", &["svg", "png", "jpg", "jpeg"]), ("forms", &["xlsx", "docx"])];

/// What the page calls the project's own folder, where its workbooks are.
const WORKBOOKS: &str = "workbooks";

/// Whether it was kept, and under which path in its folder.
#[derive(Serialize)]
pub(super) struct GivenOutcome {
    pub done: bool,
    pub messages: Vec<String>,
    pub file: Option<String>,
}

impl GivenOutcome {
    pub fn refused(message: String) -> GivenOutcome {
        GivenOutcome { done: false, messages: vec![message], file: None }
    }
}

/// Keeps a picture or a form in the project's folder for such, or a workbook beside project.toml.
pub(super) fn keep_given(
    project: &Path,
    folder: &str,
    name: &str,
    bytes: &[u8],
    language: &MessageLanguage,
) -> GivenOutcome {
    let file = name.to_owned();
    let refused = |phrase: Phrase| GivenOutcome::refused(language.catalogue.phrase(phrase).message);
    if folder == WORKBOOKS {
        return match is_plain_name(name) && is_table_file(name) {
            true => keep_new(project, name, bytes, language),
            false => refused(phrases::NoWorkbook { file }.into()),
        };
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    let Some((_, endings)) = FOLDERS.iter().find(|(known, _)| *known == folder) else {
        return refused(phrases::NoSuchSetting.into());
    };
    if !is_plain_name(name) || !endings.contains(&ending.as_str()) {
        return refused(phrases::FileOfNoUse { file, endings: endings.join(", ") }.into());
    }
    let kept = keep_new(&project.join(folder), name, bytes, language);
    GivenOutcome { file: kept.file.map(|name| format!("{folder}/{name}")), ..kept }
}

/// Whether a name is one file of a folder, on every system.
pub(super) fn is_plain_name(name: &str) -> bool {
    !name.contains(['/', '\\', ':', '\0']) && !is_ignored(name) && name.chars().count() <= MOST_LETTERS
}

/// Writes a file that isn't there, or is there with the same content.
pub(super) fn keep_new(folder: &Path, name: &str, bytes: &[u8], language: &MessageLanguage) -> GivenOutcome {
    let path = folder.join(name);
    let kept = || GivenOutcome { done: true, messages: Vec::new(), file: Some(name.to_owned()) };
    if fs::read(&path).is_ok_and(|there| there == bytes) {
        return kept();
    }
    match fs::create_dir_all(folder).and_then(|()| write_new(folder, name, bytes, Readers::All)) {
        Ok(()) => kept(),
        Err(_) if path.exists() => {
            let file = name.to_owned();
            GivenOutcome::refused(language.catalogue.phrase(phrases::WorkbookThere { file }).message)
        }
        Err(error) => GivenOutcome::refused(error.to_string()),
    }
}
