//! A new project's folder: from a few answers, or for workbooks that have no project.toml yet.
//!
//! ```text
//! from          a project.toml for workbooks that are there, and a workbook for the tables that they lack
//! shapes        … their shapes, as lines of project.toml
//! project_file  the text of project.toml
//! workbook      the workbook to type into
//! offered_reports the reports that it begins with
//! section_files a file for each of their sections
//! key           the key of pseudonyms
//! example       a project to look around in
//! ```

#![warn(missing_docs)]

pub mod example;
mod from;
mod key;
mod offered_reports;
mod project_file;
mod section_files;
mod shapes;
mod workbook;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::diagnostic::{Catalogue, Phrase, Problem, kinds, phrases};
use crate::folder::{PROJECT_FILE, shown_path};
use crate::ingest::cell::{self, DateReading};
use crate::ingest::period_codes;
use crate::ingest::raw_row::{Raw, RawCell};
use crate::ingest::unconfigured_workbooks::UnconfiguredWorkbooks;
use crate::locale::Locale;
use crate::model::{Lang, Text};
use crate::output::{Readers, write_whole};
pub use from::{TO_FILL, draft_tables, is_in_alphabet_of, make_from, missing_line};
use key::{KEY_FILE, new_key};
pub use offered_reports::{OfferedReport, read_report_choice, report_numbers};
use project_file::project_file;
pub use project_file::{Answers, ColumnDraft, ProposedValue, ShapeLine, TableDraft};
use section_files::section_files;
pub use section_files::section_texts;
pub use shapes::{quoted_signs, shape_sentences};
use workbook::{Book, SheetHeadings, Style, XlsxError};

const DATA: &str = include_str!("../templates/empty/data.toml");

/// Letters that a drop-down written into a workbook can hold.
const DROP_DOWN: usize = 255;

/// The code of a project in a folder whose name is none.
const USUAL_CODE: &str = "PROJECT-01";

/// What was made.
pub struct MadeProject {
    /// In the order in which it was written.
    pub paths: Vec<PathBuf>,
    /// What was found in workbooks that were there before, and the tables that a new workbook was made for.
    pub survey: Option<(UnconfiguredWorkbooks, Vec<String>)>,
}

/// Why a new project couldn't be made.
#[derive(Debug)]
pub enum NewProjectError {
    /// The folder already holds something; nothing was written.
    NotEmpty(PathBuf),
    /// A file that would be written is there; nothing was written.
    Exists(PathBuf),
    /// The disk's words.
    Write(PathBuf, io::Error),
    /// The questions were left before the last one.
    Unanswered,
    /// A workbook couldn't be put together.
    Workbook(String),
    /// The last day is before the first.
    Dates(Date, Date),
    /// What was given can't be read as workbooks; with the folder that they are named by.
    Unreadable(Vec<Problem>),
    /// Files that were given aren't there.
    Missing(Vec<Problem>),
    /// No sheet of what was given seems to hold a table; with what else is odd about the files.
    NoTable(Vec<Problem>),
}

impl NewProjectError {
    /// Why questions on a terminal have no answer.
    pub fn of_terminal(error: io::Error) -> NewProjectError {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => NewProjectError::Unanswered,
            _ => NewProjectError::Write(PathBuf::from("stderr"), error),
        }
    }

    /// What is to be said of it.
    pub fn into_problems(self) -> Vec<Problem> {
        let shown = |path: &Path| shown_path(path);
        let problem = match self {
            NewProjectError::NotEmpty(folder) => Problem::error(kinds::FolderNotEmpty { folder: shown(&folder) }),
            NewProjectError::Exists(file) => Problem::error(kinds::FileExists { file: shown(&file) }),
            NewProjectError::Write(path, error) => {
                Problem::error(kinds::CannotWrite::Plain { file: shown(&path), why: error.to_string() })
            }
            NewProjectError::Unanswered => Problem::error(kinds::InitUnanswered),
            NewProjectError::Workbook(why) => Problem::error(kinds::WorkbookNotMade { why }),
            NewProjectError::Dates(start, end) => {
                Problem::error(kinds::InitDates { start: start.to_string(), end: end.to_string() })
            }
            NewProjectError::NoTable(mut problems) => {
                problems.push(Problem::error(kinds::InitNoTable));
                return problems;
            }
            NewProjectError::Unreadable(problems) | NewProjectError::Missing(problems) => return problems,
        };
        vec![problem]
    }
}

/// Writes the example into a folder that is empty or isn't there.
///
/// # Errors
/// See [`make_empty`].
pub fn make_example(folder: &Path) -> Result<MadeProject, NewProjectError> {
    check_empty(folder)?;
    Ok(MadeProject { paths: write(folder, example::FILES.iter().copied())?, survey: None })
}

/// Makes a project.toml and a workbook to type into, in a folder that is empty or isn't there.
///
/// # Errors
/// Nothing was written, unless a disk ended in the middle of it.
pub fn make_empty(
    folder: &Path,
    answer: impl FnOnce() -> Result<Answers, NewProjectError>,
) -> Result<MadeProject, NewProjectError> {
    check_empty(folder)?;
    let mut files = empty(&answer()?).map_err(|error| NewProjectError::Workbook(error.to_string()))?;
    files.insert(KEY_FILE.to_owned(), key_for(folder)?.into_bytes());
    let paths = write(folder, files.iter().map(|(name, content)| (name.as_str(), content.as_slice())))?;
    Ok(MadeProject { paths, survey: None })
}

fn check_empty(folder: &Path) -> Result<(), NewProjectError> {
    if folder.is_file() || folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(NewProjectError::NotEmpty(folder.to_owned()));
    }
    Ok(())
}

/// A new key for the pseudonyms of a project in a folder.
fn key_for(folder: &Path) -> Result<String, NewProjectError> {
    new_key().map_err(|error| NewProjectError::Write(folder.join(KEY_FILE), io::Error::other(error.to_string())))
}

/// What is usual where nobody says otherwise: placeholders, and the years of the first and last date that are known.
pub fn usual_answers(folder: &Path, languages: &[Lang], days: Option<(Date, Date)>) -> Answers {
    let usual = jiff::civil::date(2026, 1, 1);
    let (start, end) =
        days.map_or((usual, usual.last_of_year()), |(first, last)| (first.first_of_year(), last.last_of_year()));
    let placeholders =
        |phrase: Phrase| languages.iter().map(|lang| (lang.clone(), default_text(phrase.clone(), lang))).collect();
    Answers {
        code: usual_code(folder),
        start,
        end,
        title: placeholders(phrases::DefaultTitle.into()),
        donor: placeholders(phrases::DefaultDonor.into()),
        organisation: Text::default(),
        languages: languages.to_vec(),
        grant: String::new(),
        reports: OfferedReport::usual(),
    }
}

/// The name of the project's folder, by which its owner knows it.
fn usual_code(folder: &Path) -> String {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    name.filter(|name| is_code(name)).unwrap_or_else(|| USUAL_CODE.to_owned())
}

/// The placeholder for a text that nobody has written yet.
pub fn default_text(placeholder: Phrase, lang: &Lang) -> String {
    Catalogue::new(lang.as_str()).phrase(placeholder).message
}

/// Letters, digits, '-', '_' and '.': a project's code names a folder of outputs.
pub fn is_code(written: &str) -> bool {
    let allowed = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    (1..=100).contains(&written.len()) && !written.starts_with('.') && written.chars().all(allowed)
}

/// A date as officers write it.
pub fn read_day(written: &str) -> Option<Date> {
    match cell::read_date(Some(&RawCell::new(0, Raw::Text(written.into())))) {
        Ok(Some(DateReading::Day(day))) => Some(day),
        _ => None,
    }
}

/// Languages that documents can be written in, each once; parted by commas, semicolons or blanks.
pub fn read_languages(written: &str) -> Option<Vec<Lang>> {
    let mut chosen: Vec<Lang> = Vec::new();
    for tag in written.split([',', ' ', ';']).map(str::trim).filter(|tag| !tag.is_empty()) {
        let lang = Lang::new(Locale::languages().iter().find(|known| known.eq_ignore_ascii_case(tag))?);
        if chosen.contains(&lang) {
            return None;
        }
        chosen.push(lang);
    }
    (!chosen.is_empty()).then_some(chosen)
}

fn empty(answers: &Answers) -> Result<BTreeMap<String, Vec<u8>>, XlsxError> {
    let book = blank_book(answers);
    let data = book.write(&Style::shipped())?;
    let project = project_file(answers, &drafts(&book, &book.file));
    let mut files = section_files(answers);
    files.extend([(PROJECT_FILE.to_owned(), project.into_bytes()), (book.file, data)]);
    Ok(files)
}

/// The workbook to type into, in the project's languages.
fn blank_book(answers: &Answers) -> Book {
    new_workbook(&answers.languages, (answers.start, answers.end))
}

/// The workbook to type into, in the languages of a project, for its days.
pub fn new_workbook(languages: &[Lang], (start, end): (Date, Date)) -> Book {
    let mut book: Book = toml::from_str(DATA).unwrap_or_else(|error| panic!("templates/empty/data.toml: {error}"));
    book.localize(languages);
    let fitting = |kinds: &[&str]| {
        let codes = period_codes(kinds, start, end);
        (codes.join(",").chars().count() <= DROP_DOWN).then_some(codes)
    };
    let periods = fitting(&["quarters", "half_years", "years"]).or_else(|| fitting(&["quarters"]));
    book.fit(end.year(), periods.unwrap_or_default());
    book
}

/// The sheets of a workbook of ours, as project.toml names them.
fn drafts(book: &Book, file: &str) -> Vec<TableDraft> {
    let of = |heads: SheetHeadings| TableDraft {
        table: heads.table,
        files: vec![file.to_owned()],
        sheet: Some(heads.sheet),
        sheets: Vec::new(),
        shape: Vec::new(),
        columns: heads
            .columns
            .into_iter()
            .map(|(name, lang, heading)| ColumnDraft { name, lang, heading, split: Vec::new(), remark: None })
            .collect(),
        remark: None,
    };
    book.headings().into_iter().map(of).collect()
}

/// Writes files by their names relative to `folder`, and gives their paths.
fn write<'f>(folder: &Path, files: impl Iterator<Item = (&'f str, &'f [u8])>) -> Result<Vec<PathBuf>, NewProjectError> {
    let mut written = Vec::new();
    for (name, content) in files {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        let write = || match name {
            KEY_FILE => write_whole(parent, name, content, Readers::Owner),
            _ => std::fs::write(&path, content),
        };
        std::fs::create_dir_all(parent)
            .and_then(|()| write())
            .map_err(|error| NewProjectError::Write(path.clone(), error))?;
        written.push(path);
    }
    Ok(written)
}
