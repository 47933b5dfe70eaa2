use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{MEMORY_FOLDER, PROJECT_FILE, hash_file, is_ignored};

/// What one folder holds, by name in order; [`is_ignored`] names and those that aren't Unicode aside. A folder that can't
/// be read holds nothing.
pub fn entries(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut named: Vec<(String, PathBuf)> = entries
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .filter(|(name, _)| !is_ignored(name))
        .collect();
    named.sort();
    named
}

/// Every file in a folder and the folders in it, by path relative to it with `/` between its parts, in no order.
/// [`is_ignored`] names that the folder's project.toml doesn't mention, what lies under `except`, and what can't be read are
/// left out; links are not followed.
pub fn list_files(folder: &Path, except: Option<&Path>) -> Vec<(String, PathBuf)> {
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let mut lister = Lister {
        except: except.and_then(|path| fs::canonicalize(path).ok()),
        project_file: fs::read_to_string(folder.join(PROJECT_FILE)).unwrap_or_default(),
        files: Vec::new(),
    };
    lister.add_folder(&folder, "");
    lister.files
}

/// The files of [`list_files`] with the hash of their content, which decides whether there is anything to do at all.
pub fn hash_files(folder: &Path, except: Option<&Path>) -> BTreeMap<String, String> {
    let files = list_files(folder, except).into_iter();
    files.filter_map(|(name, path)| Some((name, hash_file(&path).ok()?))).collect()
}

struct Lister {
    except: Option<PathBuf>,
    /// The text of project.toml; empty if there is none.
    project_file: String,
    files: Vec<(String, PathBuf)>,
}

impl Lister {
    fn add_folder(&mut self, folder: &Path, prefix: &str) {
        if self.except.as_deref() == Some(folder) {
            return;
        }
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_ignored(&name) && (name == MEMORY_FOLDER || !self.is_mentioned(&name)) {
                continue;
            }
            let path = format!("{prefix}{name}");
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.add_folder(&entry.path(), &format!("{path}/")),
                Ok(kind) if kind.is_file() => self.files.push((path, entry.path())),
                _ => {}
            }
        }
    }

    /// Whether project.toml may name a file or folder: the name is between quotation marks or slashes.
    fn is_mentioned(&self, name: &str) -> bool {
        let is_bound = |byte: Option<&u8>| matches!(byte, Some(b'"' | b'\'' | b'/'));
        let text = self.project_file.as_bytes();
        self.project_file.match_indices(name).any(|(at, _)| {
            is_bound(at.checked_sub(1).and_then(|before| text.get(before))) && is_bound(text.get(at + name.len()))
        })
    }
}
