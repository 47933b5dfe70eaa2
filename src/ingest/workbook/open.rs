use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::archive::{Archive, damaged};
use super::content::{Content, sniff};
use super::handle::Handle;
use super::{SheetInfo, Source, Workbook, contain, csv, ods, xls, xlsb, xlsx};
use crate::diagnostic::{Place, Problem, nearest};
use crate::ingest::InputFile;
use crate::model::Limits;

/// Bytes of a file that is worth a second thread.
pub(super) const LARGE: u64 = 1 << 20;

/// Opens a file of tables by what it holds, whatever its name. `relative` is as project.toml writes it.
/// What is wrong is pushed to `problems`; a warning or note doesn't keep the workbook from being given.
pub fn open(folder: &Path, relative: &str, limits: &Limits, problems: &mut Vec<Problem>) -> Option<Workbook> {
    let place = Place::file(relative);
    let opened = locate(folder, relative).and_then(|path| opened(&path, relative, limits));
    match opened {
        Ok((workbook, remarks)) => {
            problems.extend(remarks.into_iter().map(|remark| remark.at(place.clone())));
            Some(workbook)
        }
        Err(problem) => {
            problems.push(problem.at(place));
            None
        }
    }
}

/// An editor's lock file (`~$activities.xlsx`, `.~lock.activities.ods#`), which is no table.
pub fn is_lock_file(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.starts_with("~$") || name.starts_with(".~lock.")
}

fn opened(path: &Path, relative: &str, limits: &Limits) -> Result<(Workbook, Vec<Problem>), Box<Problem>> {
    let file = File::open(path).and_then(Handle::new).map_err(unreadable)?;
    let content = sniff(&file)?;
    let mut remarks = Vec::new();
    let hashed = || hash(file.again()).map_err(unreadable);
    let mut read = || contain::contain(|| read(&file, content, limits, &mut remarks)).unwrap_or_else(|| Err(damaged()));
    let (hash, read) = if file.length < LARGE { (hashed(), read()) } else { rayon::join(hashed, read) };
    let input = InputFile { path: relative.to_owned(), hash: hash? };
    let (source, sheets, endings) = read?;
    if sheets.is_empty() {
        return Err(Box::new(Problem::error("not-a-table").variant("no-sheets")));
    }
    let ending = Path::new(relative).extension().map(|ending| ending.to_string_lossy().to_lowercase());
    if !ending.as_deref().is_some_and(|ending| endings.contains(&ending)) {
        remarks.push(Problem::warning("wrong-ending").with("right", endings[0]));
    }
    Ok((Workbook { input, sheets, limits: *limits, source }, remarks))
}

type Opened = (Source, Vec<SheetInfo>, &'static [&'static str]);

/// Chooses the reader by what the file holds; with the endings that such a file usually has.
fn read(file: &Handle, content: Content, limits: &Limits, remarks: &mut Vec<Problem>) -> Result<Opened, Box<Problem>> {
    match content {
        Content::Text(encoding) => {
            let book = csv::Book::open(file, encoding, limits, remarks)?;
            Ok((Source::Csv(book), vec![SheetInfo { name: None, hidden: false }], &["csv", "tsv", "txt", "tab"]))
        }
        Content::Compound => {
            let (book, sheets) = xls::Book::open(file, limits)?;
            Ok((Source::Xls(Box::new(book)), sheets, &["xls", "xlt"]))
        }
        Content::Zip => {
            let mut archive = Archive::open(file, limits)?;
            if archive.has("xl/workbook.bin") {
                let (book, sheets) = xlsb::Book::open(file, archive)?;
                return Ok((Source::Xlsb(Box::new(book)), sheets, &["xlsb"]));
            }
            if archive.has("content.xml") {
                let (book, sheets) = ods::Book::open(archive)?;
                return Ok((Source::Ods(Box::new(book)), sheets, &["ods", "ots"]));
            }
            if archive.has("_rels/.rels") && xlsx::workbook_part(&mut archive)?.is_some() {
                let (book, sheets) = xlsx::Book::open(file, archive, limits)?;
                return Ok((Source::Xlsx(Box::new(book)), sheets, &["xlsx", "xlsm", "xltx", "xltm"]));
            }
            let office = archive.names().any(|name| name.starts_with("word/") || name.starts_with("ppt/"));
            Err(Box::new(Problem::error("not-a-table").variant(if office { "document" } else { "archive" })))
        }
    }
}

/// The file's path, if it is a file that lies within the folder.
fn locate(folder: &Path, relative: &str) -> Result<PathBuf, Box<Problem>> {
    let inside = Path::new(relative).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !inside || relative.is_empty() || relative.contains('\0') {
        return Err(Box::new(Problem::error("outside-folder")));
    }
    let (Ok(root), Ok(real)) = (folder.canonicalize(), folder.join(relative).canonicalize()) else {
        return Err(missing(folder, relative));
    };
    if !real.starts_with(&root) {
        return Err(Box::new(Problem::error("outside-folder")));
    }
    // Pipes and devices would be waited for without end.
    if real.is_file() { Ok(real) } else { Err(missing(folder, relative)) }
}

fn missing(folder: &Path, relative: &str) -> Box<Problem> {
    let problem = Problem::error("missing-file");
    let (beside, name) = match relative.rsplit_once('/') {
        Some((beside, name)) => (folder.join(beside), name),
        None => (folder.to_owned(), relative),
    };
    let mut names: Vec<String> = std::fs::read_dir(beside)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !is_lock_file(name))
        .collect();
    names.sort_unstable();
    Box::new(match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => problem.variant("nearest").with("nearest", near),
        None => problem,
    })
}

fn unreadable(error: std::io::Error) -> Box<Problem> {
    Box::new(Problem::error("unreadable-file").with("error", error.to_string()))
}

fn hash(mut file: Handle) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            length => hasher.update(&buffer[..length]),
        };
    }
}
