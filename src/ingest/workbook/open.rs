use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::{Source, Workbook, xlsx};
use crate::diagnostic::{Place, Problem};
use crate::ingest::InputFile;
use crate::model::Limits;

/// Opens a file of tables by what it holds, whatever its name. `relative` is as project.toml writes it.
/// What is wrong is pushed to `problems`; a warning or note doesn't keep the workbook from being given.
pub fn open(folder: &Path, relative: &str, limits: &Limits, problems: &mut Vec<Problem>) -> Option<Workbook> {
    let (path, hash) = match locate(folder, relative).and_then(|path| hash(&path).map(|hash| (path, hash))) {
        Ok(found) => found,
        Err(problem) => {
            problems.push(problem.at(Place::file(relative)));
            return None;
        }
    };
    let input = InputFile { path: relative.to_owned(), hash };
    match xlsx::Book::open(&path, relative) {
        Ok((book, sheets)) => Some(Workbook { input, sheets, limits: *limits, source: Source::Xlsx(book) }),
        Err(problem) => {
            problems.push(*problem);
            None
        }
    }
}

/// The file's path, if it lies within the folder.
fn locate(folder: &Path, relative: &str) -> Result<PathBuf, Problem> {
    let inside = Path::new(relative).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !inside || relative.is_empty() {
        return Err(Problem::error("outside-folder"));
    }
    let path = folder.join(relative);
    let (Ok(folder), Ok(real)) = (folder.canonicalize(), path.canonicalize()) else {
        return Err(Problem::error("missing-file"));
    };
    if !real.starts_with(&folder) {
        return Err(Problem::error("outside-folder"));
    }
    if !real.is_file() {
        return Err(Problem::error("missing-file"));
    }
    Ok(real)
}

fn hash(path: &Path) -> Result<String, Problem> {
    let unreadable = |error: std::io::Error| Problem::error("unreadable-file").with("error", error.to_string());
    let mut file = File::open(path).map_err(unreadable)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).map_err(unreadable)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            length => hasher.update(&buffer[..length]),
        };
    }
}
