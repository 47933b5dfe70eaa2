//! `donor-report init`: a new project.

mod ask;
mod survey;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::{CommandError, Exit, Terminal};
use crate::diagnostic::{kinds, phrases};
use crate::folder::shown_path;
use crate::ingest::unconfigured_workbooks::SheetInQuestion;
use crate::locale::Locale;
use crate::model::{Lang, Text};
use crate::new_project::{
    Answers, MadeProject, NewProjectError, OfferedReport, is_code, make_empty, make_example, make_from, read_day,
    read_languages, read_report_choice, usual_answers,
};
use crate::render::xlsx::can_write_workbooks;
pub use ask::{ask, ask_sheet};

/// Make a new project: empty workbooks to type into, a filled-in example, or a project.toml for workbooks that you have
///
/// On a terminal, and without flags, a few questions are asked.
///
/// Example: donor-report init inputs/my-project
///
/// Example: donor-report init inputs/my-project --start 2026-01-01 --title "en=Clean water"
///
/// Example: donor-report init inputs/my-project --from register.xlsx logframe.xlsx
///
/// Example: donor-report init inputs/example --example
#[derive(Debug, Args)]
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

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    if !can_write_workbooks() {
        return Err(CommandError::new(kinds::ClockBefore1970));
    }
    let folder = shown_path(&arguments.folder);
    let made = make(arguments, terminal)?;
    print_paths(&made.paths, terminal);
    if let Some((found, filled)) = &made.survey {
        survey::print_survey(found, filled, terminal);
        survey::print_check(&arguments.folder, terminal);
    }
    terminal.print_note(&terminal.phrase(phrases::InitNext { folder }));
    Ok(Exit::Done)
}

/// Each file, and each folder of prose once.
fn print_paths(paths: &[PathBuf], terminal: &Terminal) {
    let shown = |path: &Path| shown_path(path);
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

impl From<NewProjectError> for CommandError {
    fn from(fault: NewProjectError) -> CommandError {
        match fault {
            NewProjectError::Unreadable(problems) => CommandError::Unreadable(problems),
            other => CommandError::CouldNotRun(other.into_problems()),
        }
    }
}

/// Makes the project.
///
/// # Errors
/// Nothing was written, unless a disk ended in the middle of it.
pub fn make(arguments: &Arguments, terminal: &Terminal) -> Result<MadeProject, NewProjectError> {
    let folder = &arguments.folder;
    let answer = |days| answers(arguments, days, terminal);
    if !arguments.what.from.is_empty() {
        let mut choose = |sheet: &SheetInQuestion| match arguments.is_asking() {
            true => ask_sheet(sheet, &mut io::stdin().lock(), &mut io::stderr().lock(), terminal),
            false => Ok(sheet.proposed),
        };
        return make_from(folder, &arguments.what.from, &mut choose, answer, terminal.catalogue());
    }
    if arguments.what.example { make_example(folder) } else { make_empty(folder, || answer(None)) }
}

/// What the flags say, what is asked on a terminal where they say nothing, and what is usual for the rest.
fn answers(arguments: &Arguments, days: Option<(Date, Date)>, terminal: &Terminal) -> Result<Answers, NewProjectError> {
    let languages = match &arguments.languages {
        Some(Languages(chosen)) => chosen.clone(),
        None => vec![Lang::new("mk"), Lang::new("en")],
    };
    let usual = usual_answers(&arguments.folder, &languages, days);
    let start = arguments.start.unwrap_or(usual.start);
    let end = arguments.end.or(days.map(|_| usual.end).filter(|end| *end >= start));
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
    let mut answers = Answers {
        code: arguments.code.clone().unwrap_or(usual.code),
        start,
        end: end.unwrap_or(start.last_of_year()),
        title: written(&arguments.title, usual.title),
        donor: written(&arguments.donor, usual.donor),
        organisation: written(&arguments.organisation, Text::default()),
        languages: languages.clone(),
        grant: arguments.grant.as_deref().unwrap_or_default().trim().to_owned(),
        reports: arguments.reports.clone().map_or(usual.reports, |ReportChoice(chosen)| chosen),
    };
    if arguments.is_asking() {
        let answered = ask(answers, &mut io::stdin().lock(), &mut io::stderr().lock(), terminal);
        answers = answered.map_err(NewProjectError::of_terminal)?;
    }
    if answers.end < answers.start {
        return Err(NewProjectError::Dates(answers.start, answers.end));
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

fn code(written: &str) -> Result<String, String> {
    if is_code(written) {
        Ok(written.to_owned())
    } else {
        Err("letters, digits, '-', '_' and '.', up to 100 bytes".to_owned())
    }
}

pub(super) fn date(written: &str) -> Result<Date, String> {
    read_day(written).ok_or_else(|| "a date such as 2026-01-31 or 31.01.2026".to_owned())
}

fn language_list(written: &str) -> Result<Languages, String> {
    read_languages(written).map(Languages).ok_or_else(|| format!("some of: {}", Locale::languages().join(", ")))
}

fn report_list(written: &str) -> Result<ReportChoice, String> {
    let known = || OfferedReport::all().iter().map(|report| report.profile.as_str()).collect::<Vec<_>>().join(", ");
    read_report_choice(written).map(ReportChoice).ok_or_else(|| format!("some of: {}", known()))
}
