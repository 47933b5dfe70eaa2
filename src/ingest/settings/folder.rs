//! Files that project.toml names: inside the project's folder only, and there.

use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::keys::{Node, Page};
use crate::diagnostic::Problem;

/// A key is a handful of bytes; what is longer is some other file.
const KEY_BYTES: u64 = 64 * 1024;

/// Why a path can't be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathFault {
    /// Absolute, with `..`, or through a symbolic link that leads out of the folder.
    Outside,
    Missing,
}

/// The file at `relative` inside `folder`, with symbolic links followed and proved to stay inside.
pub fn inside(folder: &Path, relative: &str) -> Result<PathBuf, PathFault> {
    let path = Path::new(relative);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !plain || relative.contains('\\') || relative.is_empty() {
        return Err(PathFault::Outside);
    }
    let root = folder.canonicalize().map_err(|_| PathFault::Missing)?;
    let file = folder.join(path).canonicalize().map_err(|_| PathFault::Missing)?;
    if !file.starts_with(&root) {
        return Err(PathFault::Outside);
    }
    if file.is_file() { Ok(file) } else { Err(PathFault::Missing) }
}

/// The path as written, `/` between its parts, if it is a file inside the folder; a problem otherwise.
pub fn named_file<'a>(page: &Page<'a>, folder: &Path, node: &Node<'a>) -> Option<String> {
    let written = page.string(node)?;
    match inside(folder, &written) {
        Ok(_) => Some(plain(&written)),
        Err(fault) => {
            let code = match fault {
                PathFault::Outside => "outside-folder",
                PathFault::Missing => "missing-file",
            };
            page.problem(Problem::error(code).at(page.place(&node.span)).with("file", written));
            None
        }
    }
}

/// `./a/b` as `a/b`.
fn plain(path: &str) -> String {
    let parts: Vec<_> = Path::new(path)
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    parts.join("/")
}

/// The bytes of `key_file`.
pub fn key<'a>(page: &Page<'a>, folder: &Path, node: &Node<'a>) -> Option<Vec<u8>> {
    let file = named_file(page, folder, node)?;
    let mut bytes = Vec::new();
    let read = fs::File::open(folder.join(&file)).and_then(|open| open.take(KEY_BYTES + 1).read_to_end(&mut bytes));
    let usable = read.is_ok() && !bytes.trim_ascii().is_empty() && bytes.len() as u64 <= KEY_BYTES;
    if !usable {
        page.problem(Problem::error("unusable-key").at(page.place(&node.span)).with("file", file));
        return None;
    }
    Some(bytes.trim_ascii().to_vec())
}
