use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::hash_file;

/// Every file under a project's folder, by path with `/`. Hidden files, lock files of editors and what can't be read are
/// passed over, and the outputs, where `out` lies in the folder itself; links are not followed (ingest says what is wrong
/// with them).
pub fn input_files(folder: &Path, out: &Path) -> Vec<(String, PathBuf)> {
    let mut files = Vec::new();
    let out = fs::canonicalize(out).ok();
    list(&fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned()), "", out.as_deref(), &mut files);
    files
}

/// Every such file with the BLAKE3 of its content: decides whether there is anything to do at all.
pub fn listing(folder: &Path, out: &Path) -> BTreeMap<String, String> {
    let hashed = input_files(folder, out).into_iter().filter_map(|(name, path)| Some((name, hash_file(&path).ok()?)));
    hashed.collect()
}

fn list(folder: &Path, prefix: &str, out: Option<&Path>, files: &mut Vec<(String, PathBuf)>) {
    if out == Some(folder) {
        return;
    }
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name.starts_with("~$") {
            continue;
        }
        let path = format!("{prefix}{name}");
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => list(&entry.path(), &format!("{path}/"), out, files),
            Ok(kind) if kind.is_file() => files.push((path, entry.path())),
            _ => {}
        }
    }
}
