use std::path::{Path, PathBuf};

use super::Terminal;

/// Where projects are looked for when none is named.
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
        ProjectFolder { path: path.to_owned(), shown: path.to_string_lossy().replace('\\', "/") }
    }

    /// The named folders, or every folder of `inputs/` with a project.toml; none, after saying why, where there is none.
    pub fn find(named: &[PathBuf], terminal: &Terminal) -> Option<Vec<ProjectFolder>> {
        if named.is_empty() {
            let mut found: Vec<PathBuf> = std::fs::read_dir(INPUTS)
                .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
                .unwrap_or_default();
            found.retain(|path| path.join("project.toml").is_file());
            found.sort();
            if found.is_empty() {
                terminal.complain("no-projects", &[("folder", INPUTS)]);
                return None;
            }
            return Some(found.iter().map(|path| ProjectFolder::new(path)).collect());
        }
        let mut whole = true;
        for path in named {
            if !path.is_dir() {
                terminal.complain("not-a-folder", &[("folder", &path.to_string_lossy())]);
                whole = false;
            } else if !path.join("project.toml").is_file() {
                terminal.complain("no-project-file", &[("folder", &path.to_string_lossy())]);
                whole = false;
            }
        }
        whole.then(|| named.iter().map(|path| ProjectFolder::new(path)).collect())
    }

    /// Folders that another process of this program found; what became of one meanwhile is told when it is read.
    pub(super) fn found_before(named: &[PathBuf]) -> Vec<ProjectFolder> {
        named.iter().map(|path| ProjectFolder::new(path)).collect()
    }

    /// The one folder that a command about a single project means.
    pub fn find_one(named: Option<&PathBuf>, terminal: &Terminal) -> Option<ProjectFolder> {
        let mut found = ProjectFolder::find(named.map(std::slice::from_ref).unwrap_or_default(), terminal)?;
        if found.len() > 1 {
            let names: Vec<&str> = found.iter().map(|folder| folder.shown.as_str()).collect();
            terminal.complain("several-projects", &[("folders", &names.join(", "))]);
            return None;
        }
        found.pop()
    }
}
