//! Patterns of names, in which `*` stands for any letters.

use std::path::Path;

use super::list_files;

/// Whether a text is like a pattern.
pub fn is_like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The files of a folder, and of folders in it, whose path is like a pattern, in order; `*` stands for no `/`.
pub fn matching_files(folder: &Path, pattern: &str) -> Vec<String> {
    let pattern: Vec<&str> = pattern.split('/').filter(|part| *part != ".").collect();
    let is_meant = |path: &String| {
        let parts: Vec<&str> = path.split('/').collect();
        parts.len() == pattern.len() && pattern.iter().zip(&parts).all(|(pattern, part)| is_like(pattern, part))
    };
    let mut files: Vec<String> = list_files(folder, None).into_iter().map(|(path, _)| path).filter(is_meant).collect();
    files.sort();
    files
}
