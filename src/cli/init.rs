//! `donor-report init`: a new project.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::workbook::{Book, Style, XlsxError};
use super::{Exit, Terminal, example};

const PROJECT: &str = include_str!("../../templates/empty/project.toml");
const DATA: &str = include_str!("../../templates/empty/data.toml");

/// Make a new project: a filled-in example, or empty workbooks to type into
///
/// Example: donor-report init inputs/my-project --empty
#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder to make; it must not exist yet, or be empty
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    #[command(flatten)]
    pub what: What,
    /// Code of the new project: letters, digits, '-', '_' and '.'
    #[arg(long, value_name = "CODE", default_value = "PROJECT-01", value_parser = code, conflicts_with = "example")]
    pub code: String,
    /// First day of the new project
    #[arg(long, value_name = "DATE", default_value = "2026-01-01", conflicts_with = "example")]
    pub start: Date,
    /// Last day of the new project
    #[arg(long, value_name = "DATE", default_value = "2026-12-31", conflicts_with = "example")]
    pub end: Date,
}

/// One of the two.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct What {
    /// The project that the program was written for, with invented persons and dates: look around and build it
    #[arg(long)]
    pub example: bool,
    /// A project.toml to change, and a workbook to type into, with drop-downs, notes and examples
    #[arg(long)]
    pub empty: bool,
}

/// Why a new project couldn't be made.
#[derive(Debug)]
pub enum Fault {
    /// The folder already holds something; nothing was written.
    NotEmpty(PathBuf),
    Write(PathBuf, io::Error),
    /// A workbook couldn't be put together.
    Workbook(String),
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    match make(arguments) {
        Ok(paths) => {
            for path in &paths {
                terminal.result(&terminal.sentence("wrote", &[("file", &path.to_string_lossy().replace('\\', "/"))]));
            }
            let folder = arguments.folder.to_string_lossy().replace('\\', "/");
            terminal.remark(&terminal.sentence("init-next", &[("folder", &folder)]));
            return Exit::Done;
        }
        Err(Fault::NotEmpty(folder)) => terminal.complain("folder-not-empty", &[("folder", &folder.to_string_lossy())]),
        Err(Fault::Write(path, error)) => {
            terminal.complain("cannot-write", &[("file", &path.to_string_lossy()), ("why", &error.to_string())]);
        }
        Err(Fault::Workbook(why)) => terminal.complain("workbook-not-made", &[("why", &why)]),
    }
    Exit::CouldNotRun
}

/// Makes the project; gives the paths that were written, in their order.
pub fn make(arguments: &Arguments) -> Result<Vec<PathBuf>, Fault> {
    let files = if arguments.what.example { example::files() } else { empty(arguments) };
    write(&arguments.folder, &files.map_err(|error| Fault::Workbook(error.to_string()))?)
}

/// A project's code names a folder of outputs.
fn code(written: &str) -> Result<String, String> {
    let allowed = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    let fits = (1..=100).contains(&written.len()) && !written.starts_with('.') && written.chars().all(allowed);
    if fits { Ok(written.to_owned()) } else { Err("letters, digits, '-', '_' and '.', up to 100 bytes".to_owned()) }
}

fn empty(arguments: &Arguments) -> Result<BTreeMap<String, Vec<u8>>, XlsxError> {
    let project = PROJECT
        .replace("{code}", &arguments.code)
        .replace("{start}", &arguments.start.to_string())
        .replace("{end}", &arguments.end.to_string());
    let mut book: Book = toml::from_str(DATA).unwrap_or_else(|error| panic!("templates/empty/data.toml: {error}"));
    if let Some(aids) = book.aids_mut() {
        aids.end_years(arguments.end.year());
    }
    let data = book.write(&Style::shipped())?;
    Ok(BTreeMap::from([("project.toml".to_owned(), project.into_bytes()), (book.file, data)]))
}

fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<PathBuf>, Fault> {
    if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) || folder.is_file() {
        return Err(Fault::NotEmpty(folder.to_owned()));
    }
    let mut written = Vec::new();
    for (name, content) in files {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::write(&path, content))
            .map_err(|error| Fault::Write(path.clone(), error))?;
        written.push(path);
    }
    Ok(written)
}
