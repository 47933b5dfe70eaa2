use std::path::{Path, PathBuf};

use super::CommandError;
use crate::diagnostic::{Problem, kinds};
use crate::folder::shown_path;

/// Where projects are looked for if none is named.
const INPUTS: &str = "inputs";

/// A folder with a project.toml, as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectFolder {
    pub path: PathBuf,
    /// The path as messages write it.
    pub shown: String,
}

impl ProjectFolder {
    fn new(path: &Path) -> ProjectFolder {
        let shown = shown_path(path);
        // Completion of a shell leaves a slash at the end.
        let shown = Some(shown.trim_end_matches('/')).filter(|trimmed| !trimmed.is_empty()).unwrap_or("/").to_owned();
        ProjectFolder { path: path.to_owned(), shown }
    }

    /// The named folders, or every folder of `inputs/` with a project.toml.
    ///
    /// # Errors
    /// There is none, or a named one is no project's; each such folder is named.
    pub fn find(named: &[PathBuf]) -> Result<Vec<ProjectFolder>, CommandError> {
        if named.is_empty() {
            let mut found: Vec<PathBuf> = std::fs::read_dir(INPUTS)
                .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
                .unwrap_or_default();
            found.retain(|path| path.join("project.toml").is_file());
            found.sort();
            if found.is_empty() {
                return Err(CommandError::new(kinds::NoProjects { folder: INPUTS.to_owned() }));
            }
            return Ok(found.iter().map(|path| ProjectFolder::new(path)).collect());
        }
        let problems: Vec<Problem> = named.iter().filter_map(|path| problem_of(path)).collect();
        if !problems.is_empty() {
            return Err(CommandError::CouldNotRun(problems));
        }
        Ok(named.iter().map(|path| ProjectFolder::new(path)).collect())
    }

    /// The one folder that a command about a single project means.
    ///
    /// # Errors
    /// As [`ProjectFolder::find`], and if there are several.
    pub fn find_one(named: Option<&PathBuf>) -> Result<ProjectFolder, CommandError> {
        let found = ProjectFolder::find(named.map(std::slice::from_ref).unwrap_or_default())?;
        match <[ProjectFolder; 1]>::try_from(found) {
            Ok([folder]) => Ok(folder),
            Err(several) => {
                let names: Vec<&str> = several.iter().map(|folder| folder.shown.as_str()).collect();
                Err(CommandError::new(kinds::SeveralProjects { folders: names.join(", ") }))
            }
        }
    }
}

/// Why a named folder is no project's.
fn problem_of(path: &Path) -> Option<Problem> {
    let folder = shown_path(path);
    if !path.is_dir() {
        return Some(Problem::error(kinds::NotAFolder { folder }));
    }
    (!path.join("project.toml").is_file()).then(|| Problem::error(kinds::NoProjectFile { folder }))
}
