use std::fs::File;
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use super::archive::{Archive, unread_form};
use super::catch_panic::catch_panic;
use super::shared_file::SharedFile;
use super::sniff::{FileContent, sniff_content};
use super::{LARGE_FILE, SheetInfo, Workbook, WorkbookFormat, csv, ods, xls, xlsb, xlsx};
use crate::diagnostic::{Place, Problem, kinds, nearest};
use crate::folder::{InputFile, PathFault, entries, hash_reader, resolve_file, resolve_path};
use crate::model::Limits;

/// Opens a file of tables by what it holds, whatever its name. `relative` is as project.toml writes it.
/// What is wrong is added to `problems`; with warnings and notes only, the workbook is returned all the same.
pub fn open(folder: &Path, relative: &str, limits: &Limits, problems: &mut Vec<Problem>) -> Option<Workbook> {
    open_encoded(folder, relative, None, limits, problems)
}

/// [`open()`] with the encoding that project.toml says of the file. It is that of a text file that has no byte order mark
/// and isn't UTF-8.
pub fn open_encoded(
    folder: &Path,
    relative: &str,
    encoding: Option<&'static Encoding>,
    limits: &Limits,
    problems: &mut Vec<Problem>,
) -> Option<Workbook> {
    let place = Place::file(relative);
    let opened = locate(folder, relative).and_then(|path| open_file(&path, relative, encoding, limits));
    match opened {
        Ok((workbook, notes)) => {
            problems.extend(notes.into_iter().map(|note| note.at(place.clone())));
            Some(workbook)
        }
        Err(problem) => {
            problems.push(problem.at(place));
            None
        }
    }
}

fn open_file(
    path: &Path,
    relative: &str,
    encoding: Option<&'static Encoding>,
    limits: &Limits,
) -> Result<(Workbook, Vec<Problem>), Box<Problem>> {
    let file = File::open(path).and_then(SharedFile::new).map_err(unreadable_file)?;
    let content = sniff_content(&file, encoding)?;
    let ending = Path::new(relative).extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let mut notes = Vec::new();
    let hash = || hash_reader(file.reopen()).map_err(unreadable_file);
    let mut read =
        || catch_panic(|| read_format(&file, content, limits, &mut notes)).unwrap_or_else(|| Err(unread_form()));
    let (hash, read) = if file.length < LARGE_FILE { (hash(), read()) } else { rayon::join(hash, read) };
    let input = InputFile { path: relative.to_owned(), hash: hash? };
    let (format, sheets, endings) = read?;
    if sheets.is_empty() {
        return Err(Box::new(Problem::error(kinds::NotATable::NoSheets)));
    }
    if ending.as_deref() == Some("prn") && matches!(&format, WorkbookFormat::Csv(book) if !book.has_separator()) {
        return Err(Box::new(Problem::error(kinds::NotATable::Prn)));
    }
    if !ending.as_deref().is_some_and(|ending| endings.contains(&ending)) {
        notes.push(Problem::warning(kinds::WrongEnding { right: endings[0].to_owned() }));
    }
    Ok((Workbook { input, sheets, limits: *limits, format }, notes))
}

/// The reader, the sheets, and the endings that such a file usually has.
type OpenedFormat = (WorkbookFormat, Vec<SheetInfo>, &'static [&'static str]);

/// Chooses the reader by what the file holds.
fn read_format(
    file: &SharedFile,
    content: FileContent,
    limits: &Limits,
    notes: &mut Vec<Problem>,
) -> Result<OpenedFormat, Box<Problem>> {
    match content {
        FileContent::Text(encoding) => {
            let book = csv::Book::open(file, encoding, limits, notes)?;
            Ok((
                WorkbookFormat::Csv(book),
                vec![SheetInfo { name: None, hidden: false }],
                &["csv", "tsv", "txt", "tab"],
            ))
        }
        FileContent::CompoundFile => {
            let (book, sheets) = xls::Book::open(file, limits)?;
            Ok((WorkbookFormat::Xls(Box::new(book)), sheets, &["xls", "xlt"]))
        }
        FileContent::Zip => {
            let mut archive = Archive::open(file, limits)?;
            if let Some(part) = xlsb::workbook_part(&mut archive)? {
                let (book, sheets) = xlsb::Book::open(file, archive, &part, notes)?;
                return Ok((WorkbookFormat::Xlsb(Box::new(book)), sheets, &["xlsb"]));
            }
            if archive.has("content.xml") {
                let (book, sheets) = ods::Book::open(archive, limits)?;
                return Ok((WorkbookFormat::Ods(Box::new(book)), sheets, &["ods", "ots"]));
            }
            if archive.has("_rels/.rels") && xlsx::workbook_part(&mut archive)?.is_some() {
                let (book, sheets) = xlsx::Book::open(file, archive, limits, notes)?;
                return Ok((WorkbookFormat::Xlsx(Box::new(book)), sheets, &["xlsx", "xlsm", "xltx", "xltm"]));
            }
            Err(Box::new(Problem::error(other_archive(&archive))))
        }
    }
}

/// What an archive is that holds no workbook.
fn other_archive(archive: &Archive) -> kinds::NotATable {
    let has = |part: &dyn Fn(&str) -> bool| archive.names().any(part);
    if has(&|name| name.starts_with("word/") || name.starts_with("ppt/")) {
        kinds::NotATable::Document
    } else if has(&|name| name.ends_with(".iwa") || matches!(name, "index.zip" | "index.xml" | "index.xml.gz")) {
        kinds::NotATable::Numbers
    } else {
        kinds::NotATable::Archive
    }
}

/// The file's path, if it is a file inside the folder.
fn locate(folder: &Path, relative: &str) -> Result<PathBuf, Box<Problem>> {
    resolve_file(folder, relative).map_err(|fault| match fault {
        PathFault::Outside => Box::new(Problem::error(kinds::OutsideFolder)),
        PathFault::Missing => Box::new(Problem::error(missing_file(folder, relative))),
    })
}

/// A file that isn't there, with the nearest name of those that are beside it.
pub fn missing_file(folder: &Path, relative: &str) -> kinds::MissingFile {
    let (beside, name) = match relative.rsplit_once('/') {
        Some((beside, name)) => (resolve_path(folder, beside).ok(), name),
        None => (Some(folder.to_owned()), relative),
    };
    let names = beside.map(|beside| entries(&beside)).unwrap_or_default();
    let nearest = nearest(name, names.iter().map(|(name, _)| name.as_str())).map(str::to_owned);
    kinds::MissingFile::Plain { file: relative.to_owned(), nearest }
}

fn unreadable_file(error: std::io::Error) -> Box<Problem> {
    Box::new(Problem::error(kinds::UnreadableFile { error: error.to_string() }))
}
