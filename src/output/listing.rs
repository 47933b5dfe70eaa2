use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::hash_file;

/// Every file under a project's folder with the BLAKE3 of its content, by path with `/`: decides whether there is
/// anything to do at all. Hidden files, lock files of editors and what can't be read are passed over, and the outputs,
/// where `out` lies in the folder itself; links are not followed (ingest says what is wrong with them).
pub fn listing(folder: &Path, out: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let out = fs::canonicalize(out).ok();
    list(&fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned()), "", out.as_deref(), &mut files);
    files
}

fn list(folder: &Path, prefix: &str, out: Option<&Path>, files: &mut BTreeMap<String, String>) {
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
            Ok(kind) if kind.is_file() => {
                if let Ok(hash) = hash_file(&entry.path()) {
                    files.insert(path, hash);
                }
            }
            _ => {}
        }
    }
}
