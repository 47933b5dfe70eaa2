//! `donor-report init`: a new project.

mod ask;
mod from;
mod key;
mod offered_reports;
mod project_file;
mod section_files;
mod shapes;

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::workbook::{Book, Style, XlsxError};
use super::{CommandError, Exit, Terminal, example};
use crate::diagnostic::{Catalogue, Phrase, Problem, kinds, phrases};
use crate::ingest::cell::{self, DateReading};
use crate::ingest::period_codes;
use crate::ingest::raw_row::{Raw, RawCell};
use crate::ingest::unconfigured_workbooks::UnconfiguredWorkbooks;
use crate::locale::Locale;
use crate::model::{Lang, Text};
use crate::output::{Readers, write_whole};
use crate::render::xlsx::can_write_workbooks;
pub use ask::{ask, ask_sheet};
use key::{KEY_FILE, new_key};
pub use offered_reports::OfferedReport;
use offered_reports::read_choice;
pub use project_file::Answers;
use project_file::{ColumnDraft, TableDraft, project_file};
use section_files::section_files;

const DATA: &str = include_str!("../../templates/empty/data.toml");

/// Letters that a drop-down written into a workbook can hold.
const DROP_DOWN: usize = 255;

/// The code of a project in a folder whose name is none.
const USUAL_CODE: &str = "PROJECT-01";

/// Make a new project: empty workbooks to type into, a filled-in example, or a project.toml for workbooks that you have
///
/// On a terminal, and without flags, a few questions are asked.
///
/// Examples:
///   donor-report init inputs/my-project
///   donor-report init inputs/my-project --code WATER-01 --start 2026-01-01 --end 2027-12-31 --title "en=Clean water"
///   donor-report init inputs/my-project --from register.xlsx logframe.xlsx
///   donor-report init inputs/example --example
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// Folder to make; it must not exist yet, or be empty
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    #[command(flatten)]
    pub what: What,
    /// Code of the new project: letters, digits, '-', '_' and '.'; default: the folder's name
    #[arg(long, value_name = "CODE", value_parser = code, conflicts_with = "example")]
    pub code: Option<String>,
    /// Languages of its reports, the source language first; default: mk,en
    #[arg(long, value_name = "LANG,LANG", value_parser = language_list, conflicts_with = "example")]
    pub languages: Option<Languages>,
    /// First day of the new project, such as 2026-01-31 or 31.01.2026; default: 2026-01-01, or from the dates in the workbooks
    #[arg(long, value_name = "DATE", value_parser = date, conflicts_with = "example")]
    pub start: Option<Date>,
    /// Last day of the new project; default: the end of that year, or from the dates in the workbooks
    #[arg(long, value_name = "DATE", value_parser = date, conflicts_with = "example")]
    pub end: Option<Date>,
    /// Its title, as TEXT in the source language or LANG=TEXT; once for each language
    #[arg(long, value_name = "LANG=TEXT", conflicts_with = "example")]
    pub title: Vec<String>,
    /// Name of its donor, as TEXT in the source language or LANG=TEXT; once for each language
    #[arg(long, value_name = "LANG=TEXT", conflicts_with = "example")]
    pub donor: Vec<String>,
    /// Name of the organisation that reports, as TEXT in the source language or LANG=TEXT; once for each language
    #[arg(long, value_name = "LANG=TEXT", conflicts_with = "example")]
    pub organisation: Vec<String>,
    /// Number of the donor's grant or contract
    #[arg(long, value_name = "TEXT", conflicts_with = "example")]
    pub grant: Option<String>,
    /// Reports that it begins with, by their profiles; default: quarterly,final
    #[arg(long, value_name = "PROFILE,PROFILE", value_parser = report_list, conflicts_with = "example")]
    pub reports: Option<ReportChoice>,
}

/// One of the three; none: as --empty.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct What {
    /// The project that the program was written for, with invented persons and dates: look around and build it
    #[arg(long)]
    pub example: bool,
    /// A project.toml, and a workbook to type into, with drop-downs, notes and examples; also what is made without a flag
    #[arg(long)]
    pub empty: bool,
    /// Workbooks that the project has, or the folder that holds them: what their sheets and columns mean is proposed in project.toml, and what they lack is
    /// told. They are copied into FOLDER, unless they are there already, and never changed
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub from: Vec<PathBuf>,
}

/// Languages of reports, the first of them the source language.
#[derive(Clone, Debug)]
pub struct Languages(pub Vec<Lang>);

/// Reports that a new project begins with.
#[derive(Clone, Debug)]
pub struct ReportChoice(pub Vec<&'static OfferedReport>);

/// What was made.
pub struct Made {
    /// In the order in which it was written.
    pub paths: Vec<PathBuf>,
    /// What was found in workbooks that were there before, and the tables that a new workbook was made for.
    pub survey: Option<(UnconfiguredWorkbooks, Vec<String>)>,
}

/// Why a new project couldn't be made.
#[derive(Debug)]
pub enum InitError {
    /// The folder already holds something; nothing was written.
    NotEmpty(PathBuf),
    /// A file that would be written is there; nothing was written.
    Exists(PathBuf),
    Write(PathBuf, io::Error),
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

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    if !can_write_workbooks() {
        return Err(CommandError::new(kinds::ClockBefore1970));
    }
    let folder = arguments.folder.to_string_lossy().replace('\\', "/");
    let made = make(arguments, terminal)?;
    print_paths(&made.paths, terminal);
    if let Some((survey, filled)) = &made.survey {
        from::print_survey(survey, filled, terminal);
        from::print_check(&arguments.folder, terminal);
    }
    terminal.print_note(&terminal.phrase(phrases::InitNext { folder }));
    Ok(Exit::Done)
}

/// Each file, and each folder of prose once.
fn print_paths(paths: &[PathBuf], terminal: &Terminal) {
    let shown = |path: &Path| path.to_string_lossy().replace('\\', "/");
    let mut folders: Vec<&Path> = Vec::new();
    for path in paths {
        match path.parent().filter(|_| path.extension().is_some_and(|ending| ending == "md")) {
            None => terminal.print_result(&terminal.phrase(phrases::Wrote { file: shown(path) })),
            Some(folder) if folders.contains(&folder) => {}
            Some(folder) => {
                folders.push(folder);
                terminal.print_result(&terminal.phrase(phrases::WroteSections { folder: shown(folder) }));
            }
        }
    }
}

impl From<InitError> for CommandError {
    fn from(fault: InitError) -> CommandError {
        let shown = |path: &Path| path.to_string_lossy().into_owned();
        match fault {
            InitError::NotEmpty(folder) => CommandError::new(kinds::FolderNotEmpty { folder: shown(&folder) }),
            InitError::Exists(file) => CommandError::new(kinds::FileExists { file: shown(&file) }),
            InitError::Write(path, error) => {
                CommandError::new(kinds::CannotWrite::Plain { file: shown(&path), why: error.to_string() })
            }
            InitError::Workbook(why) => CommandError::new(kinds::WorkbookNotMade { why }),
            InitError::Dates(start, end) => {
                CommandError::new(kinds::InitDates { start: start.to_string(), end: end.to_string() })
            }
            InitError::Missing(problems) => CommandError::CouldNotRun(problems),
            InitError::NoTable(mut problems) => {
                problems.push(Problem::error(kinds::InitNoTable));
                CommandError::CouldNotRun(problems)
            }
            InitError::Unreadable(problems) => CommandError::Unreadable(problems),
        }
    }
}

/// Makes the project.
///
/// # Errors
/// Nothing was written, unless a disk ended in the middle of it.
pub fn make(arguments: &Arguments, terminal: &Terminal) -> Result<Made, InitError> {
    if !arguments.what.from.is_empty() {
        return from::make(arguments, terminal);
    }
    let folder = &arguments.folder;
    if folder.is_file() || folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(InitError::NotEmpty(folder.clone()));
    }
    let paths = if arguments.what.example {
        write(folder, example::FILES.iter().copied())?
    } else {
        let mut files =
            empty(&answers(arguments, None, terminal)?).map_err(|error| InitError::Workbook(error.to_string()))?;
        files.insert(KEY_FILE.to_owned(), key_for(folder)?.into_bytes());
        write(folder, files.iter().map(|(name, content)| (name.as_str(), content.as_slice())))?
    };
    Ok(Made { paths, survey: None })
}

/// A new key for the pseudonyms of a project in a folder.
fn key_for(folder: &Path) -> Result<String, InitError> {
    new_key().map_err(|error| InitError::Write(folder.join(KEY_FILE), io::Error::other(error.to_string())))
}

/// What the flags say, what is asked on a terminal where they say nothing, and what is usual for the rest.
fn answers(arguments: &Arguments, days: Option<(Date, Date)>, terminal: &Terminal) -> Result<Answers, InitError> {
    let languages = match &arguments.languages {
        Some(Languages(chosen)) => chosen.clone(),
        None => vec![Lang::new("mk"), Lang::new("en")],
    };
    let usual = jiff::civil::date(2026, 1, 1);
    let found = days.map(|(first, last)| (first.first_of_year(), last.last_of_year()));
    let start = arguments.start.or(found.map(|(first, _)| first)).unwrap_or(usual);
    let end = arguments.end.or(found.map(|(_, last)| last).filter(|last| *last >= start));
    let end = end.unwrap_or(start.last_of_year());
    let written = |given: &[String], mut text: Text| {
        for given in given {
            let by_lang = given.split_once('=').map(|(lang, text)| (Lang::new(lang.trim()), text.trim()));
            match by_lang.filter(|(lang, _)| languages.contains(lang)) {
                Some((lang, words)) => text.set(lang, words.to_owned()),
                None => text.set(languages[0].clone(), given.trim().to_owned()),
            }
        }
        text
    };
    let by_language = |given: &[String], placeholder: Phrase| {
        let usual = languages.iter().map(|lang| (lang.clone(), default_text(placeholder.clone(), lang)));
        written(given, usual.collect())
    };
    let organisation = written(&arguments.organisation, Text::default());
    let mut answers = Answers {
        code: arguments.code.clone().unwrap_or_else(|| usual_code(&arguments.folder)),
        start,
        end,
        title: by_language(&arguments.title, phrases::DefaultTitle.into()),
        donor: by_language(&arguments.donor, phrases::DefaultDonor.into()),
        organisation,
        languages,
        grant: arguments.grant.as_deref().unwrap_or_default().trim().to_owned(),
        reports: arguments.reports.clone().map_or_else(OfferedReport::usual, |ReportChoice(chosen)| chosen),
    };
    if arguments.is_asking() {
        let answered = ask(answers, &mut io::stdin().lock(), &mut io::stderr().lock(), terminal);
        answers = answered.map_err(|error| InitError::Write(PathBuf::from("stderr"), error))?;
    }
    if answers.end < answers.start {
        return Err(InitError::Dates(answers.start, answers.end));
    }
    Ok(answers)
}

impl Arguments {
    /// Whether somebody sits there who is to be asked.
    fn is_asking(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal() && !self.answers_all()
    }

    /// Whether the command line leaves nothing to ask.
    fn answers_all(&self) -> bool {
        let texts = !self.title.is_empty() || !self.donor.is_empty() || !self.organisation.is_empty();
        let texts = texts || self.grant.is_some() || self.reports.is_some();
        let days = self.start.is_some() || self.end.is_some();
        self.what.empty || self.code.is_some() || self.languages.is_some() || texts || days
    }
}

/// The placeholder for a text that nobody has written yet.
fn default_text(placeholder: Phrase, lang: &Lang) -> String {
    Catalogue::new(lang.as_str()).phrase(placeholder).message
}

/// Letters, digits, '-', '_' and '.': a project's code names a folder of outputs.
fn is_code(written: &str) -> bool {
    let allowed = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    (1..=100).contains(&written.len()) && !written.starts_with('.') && written.chars().all(allowed)
}

/// The name of the project's folder, by which its owner knows it.
fn usual_code(folder: &Path) -> String {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    name.filter(|name| is_code(name)).unwrap_or_else(|| USUAL_CODE.to_owned())
}

fn code(written: &str) -> Result<String, String> {
    if is_code(written) {
        Ok(written.to_owned())
    } else {
        Err("letters, digits, '-', '_' and '.', up to 100 bytes".to_owned())
    }
}

/// A date as officers write it.
fn day(written: &str) -> Option<Date> {
    match cell::read_date(Some(&RawCell::new(0, Raw::Text(written.into())))) {
        Ok(Some(DateReading::Day(day))) => Some(day),
        _ => None,
    }
}

pub(super) fn date(written: &str) -> Result<Date, String> {
    day(written).ok_or_else(|| "a date such as 2026-01-31 or 31.01.2026".to_owned())
}

/// Languages that documents can be written in, each once.
fn languages(written: &str) -> Option<Vec<Lang>> {
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

fn language_list(written: &str) -> Result<Languages, String> {
    languages(written).map(Languages).ok_or_else(|| format!("some of: {}", Locale::languages().join(", ")))
}

fn report_list(written: &str) -> Result<ReportChoice, String> {
    let known = || OfferedReport::all().iter().map(|report| report.profile.as_str()).collect::<Vec<_>>().join(", ");
    read_choice(written).map(ReportChoice).ok_or_else(|| format!("some of: {}", known()))
}

fn empty(answers: &Answers) -> Result<BTreeMap<String, Vec<u8>>, XlsxError> {
    let book = blank_book(answers);
    let data = book.write(&Style::shipped())?;
    let project = project_file(answers, &drafts(&book, &book.file));
    let mut files = section_files(answers);
    files.extend([("project.toml".to_owned(), project.into_bytes()), (book.file, data)]);
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

/// Where the sheets of a workbook of ours stand, for project.toml.
fn drafts(book: &Book, file: &str) -> Vec<TableDraft> {
    let of = |heads: super::workbook::SheetHeadings| TableDraft {
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
fn write<'f>(folder: &Path, files: impl Iterator<Item = (&'f str, &'f [u8])>) -> Result<Vec<PathBuf>, InitError> {
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
            .map_err(|error| InitError::Write(path.clone(), error))?;
        written.push(path);
    }
    Ok(written)
}
