//! A new project from the page: by the questions of `init`, of workbooks that are there, or the example.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::MessageLanguage;
use super::answer::Content;
use super::given_file::{GivenOutcome, is_plain_name, keep_new};
use super::projects::Projects;
use super::settings_form::ChoiceView;
use super::settings_options::language_choice;
use crate::diagnostic::{Phrase, Problem, phrases};
use crate::folder::{PROJECT_FILE, entries, is_ignored};
use crate::ingest::unconfigured_workbooks::{is_table_file, table_files};
use crate::locale::Locale;
use crate::model::{Lang, Text};
use crate::new_project::{
    Answers, MadeProject, NewProjectError, OfferedReport, is_code, make_empty, make_example, make_from, read_day,
    read_report_choice, usual_answers,
};

/// Letters of a folder's name.
const MOST_LETTERS: usize = 60;

/// What a new project can be made of.
#[derive(Serialize)]
pub(super) struct BeginView {
    /// Whether there is a folder of projects to make one in.
    can_begin: bool,
    languages: Vec<ChoiceView>,
    /// Folders with workbooks and without a project.toml.
    folders: Vec<FolderView>,
    reports: Vec<OfferedView>,
    start: String,
    end: String,
}

/// A report that a project may begin with.
#[derive(Serialize)]
struct OfferedView {
    profile: &'static str,
    title: &'static str,
    usual: bool,
}

#[derive(Serialize)]
struct FolderView {
    name: String,
    files: Vec<String>,
}

/// The project to make.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BeginRequest {
    /// Name of its folder.
    folder: String,
    of: ProjectSource,
    /// The language first that it is written in.
    #[serde(default)]
    languages: Vec<String>,
    #[serde(default)]
    code: String,
    #[serde(default)]
    start: String,
    #[serde(default)]
    end: String,
    /// By language, as the other texts.
    #[serde(default)]
    title: BTreeMap<String, String>,
    #[serde(default)]
    donor: BTreeMap<String, String>,
    #[serde(default)]
    organisation: BTreeMap<String, String>,
    #[serde(default)]
    grant: String,
    /// Profiles of the reports that it begins with; none: the usual ones.
    #[serde(default)]
    reports: Vec<String>,
}

/// What a project is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ProjectSource {
    /// A workbook to type into.
    Questions,
    /// The workbooks in its folder.
    Workbooks,
    /// The program's own example.
    Example,
}

/// What came of it.
#[derive(Serialize)]
pub(super) struct BeginOutcome {
    done: bool,
    messages: Vec<String>,
    /// The new project's, in addresses.
    id: Option<String>,
    /// Files that were made.
    files: Vec<String>,
}

impl BeginOutcome {
    fn refused(messages: Vec<String>) -> BeginOutcome {
        BeginOutcome { done: false, messages, id: None, files: Vec::new() }
    }
}

/// What may be begun with in `home`, the folder of projects.
pub(super) fn begin_view(home: Option<&Path>, language: &MessageLanguage) -> Option<Content> {
    let found = home.map(entries).unwrap_or_default().into_iter();
    let folders = found.filter(|(_, path)| path.is_dir() && !path.join(PROJECT_FILE).exists());
    let folders = folders.map(|(name, path)| FolderView { name, files: table_files(&path) });
    let usual = usual_answers(Path::new(""), &[], None);
    let lang = language.catalogue.lang();
    let offered = |report: &'static OfferedReport| OfferedView {
        profile: &report.profile,
        title: report.title(lang),
        usual: report.usual,
    };
    Content::json(&BeginView {
        can_begin: home.is_some(),
        languages: Locale::languages().iter().map(|tag| language_choice(tag)).collect(),
        folders: folders.filter(|folder| !folder.files.is_empty()).collect(),
        reports: OfferedReport::all().iter().map(offered).collect(),
        start: usual.start.to_string(),
        end: usual.end.to_string(),
    })
}

/// Makes a project in `home`, and has it followed.
pub(super) fn begin_project(
    home: &Path,
    projects: &Projects,
    request: &BeginRequest,
    language: &MessageLanguage,
) -> BeginOutcome {
    let sentence = |phrase: Phrase| language.catalogue.phrase(phrase).message;
    let Some(folder) = folder_inside(home, &request.folder) else {
        return BeginOutcome::refused(vec![sentence(phrases::BadFolderName.into())]);
    };
    let answers = |days| read_answers(request, days);
    let made = match request.of {
        ProjectSource::Example => make_example(&folder),
        ProjectSource::Questions => match answers(None) {
            Ok(answers) => make_empty(&folder, || Ok(answers)),
            Err(fault) => return BeginOutcome::refused(vec![sentence(fault)]),
        },
        ProjectSource::Workbooks => {
            // What is asked is looked at before anything is read.
            if let Err(fault) = answers(None) {
                return BeginOutcome::refused(vec![sentence(fault)]);
            }
            let files: Vec<PathBuf> = table_files(&folder).iter().map(|name| folder.join(name)).collect();
            // With the dates in the workbooks the last day may turn out to be before the first.
            let usual = |days: Option<(Date, Date)>| {
                let fault = |_| {
                    let first = days.map_or(Date::MIN, |(first, _)| first.first_of_year());
                    NewProjectError::Dates(first, read_day(&request.end).unwrap_or(Date::MIN))
                };
                answers(days).map_err(fault)
            };
            match files.is_empty() {
                true => Err(NewProjectError::NoTable(Vec::new())),
                false => make_from(&folder, &files, &mut |sheet| Ok(sheet.proposed), usual, &language.catalogue),
            }
        }
    };
    match made {
        Ok(made) => begun(&folder, &made, projects),
        Err(fault) => {
            let words = |problem: &Problem| {
                let sentences = language.catalogue.sentences(problem);
                [Some(sentences.message), sentences.help].into_iter().flatten().collect::<Vec<_>>().join(" – ")
            };
            BeginOutcome::refused(fault.into_problems().iter().map(words).collect())
        }
    }
}

fn begun(folder: &Path, made: &MadeProject, projects: &Projects) -> BeginOutcome {
    let files = made.paths.iter().filter_map(|path| path.strip_prefix(folder).ok());
    let files = files.map(|path| path.to_string_lossy().replace('\\', "/")).collect();
    match projects.add(folder) {
        Ok(id) => BeginOutcome { done: true, messages: Vec::new(), id: Some(id), files },
        Err(why) => BeginOutcome { done: true, messages: vec![why], id: None, files },
    }
}

/// A new folder of `home`, or one without a project; `None` if the name can't be one everywhere.
fn folder_inside(home: &Path, name: &str) -> Option<PathBuf> {
    let is_short = name.chars().count() <= MOST_LETTERS;
    (is_short && is_code(name) && !name.ends_with('.') && !is_ignored(name) && !is_reserved(name))
        .then(|| home.join(name))
}

/// Names that some systems keep to themselves, and where outputs go.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_lowercase();
    let numbered = ["com", "lpt"].iter().any(|port| {
        stem.strip_prefix(port).is_some_and(|digit| digit.len() == 1 && digit.chars().all(|one| one.is_ascii_digit()))
    });
    numbered || ["con", "prn", "aux", "nul", "build", "inputs"].contains(&stem.as_str())
}

/// # Errors
/// What to say of an answer that can't be.
fn read_answers(request: &BeginRequest, days: Option<(Date, Date)>) -> Result<Answers, Phrase> {
    let known = |tag: &&String| Locale::languages().contains(&tag.as_str());
    let mut languages: Vec<Lang> = Vec::new();
    for lang in request.languages.iter().filter(known).map(|tag| Lang::new(tag)) {
        if !languages.contains(&lang) {
            languages.push(lang);
        }
    }
    if languages.is_empty() {
        return Err(phrases::AskLanguagesAgain { known: Locale::languages().join(", ") }.into());
    }
    let mut answers = usual_answers(Path::new(&request.folder), &languages, days);
    let code = if request.code.trim().is_empty() { request.folder.as_str() } else { request.code.trim() };
    if !is_code(code) {
        return Err(phrases::BadFolderName.into());
    }
    answers.code = code.to_owned();
    if !request.start.is_empty() {
        answers.start = read_day(&request.start).ok_or(phrases::AskDateAgain)?;
        answers.end = answers.end.max(answers.start.last_of_year());
    }
    if !request.end.is_empty() {
        answers.end = read_day(&request.end).ok_or(phrases::AskEndAgain)?;
    }
    if answers.end < answers.start {
        return Err(phrases::AskEndAgain.into());
    }
    let given = |given: &BTreeMap<String, String>, usual: Text| {
        let mut text = Text::default();
        for lang in &languages {
            let words = given.get(lang.as_str()).map(|words| words.trim()).filter(|words| !words.is_empty());
            if let Some(words) = words.or(usual.get(lang)) {
                text.set(lang.clone(), words.to_owned());
            }
        }
        text
    };
    answers.title = given(&request.title, answers.title);
    answers.donor = given(&request.donor, answers.donor);
    answers.organisation = given(&request.organisation, Text::default());
    answers.grant = request.grant.trim().to_owned();
    if !request.reports.is_empty() {
        answers.reports = read_report_choice(&request.reports.join(",")).ok_or(phrases::AskReportsAgain)?;
    }
    Ok(answers)
}

/// Keeps a workbook that the page was given in a folder of `home` that has no project yet; nothing is written over.
pub(super) fn keep_workbook(
    home: &Path,
    folder: &str,
    name: &str,
    bytes: &[u8],
    language: &MessageLanguage,
) -> GivenOutcome {
    let refused = |phrase: Phrase| GivenOutcome::refused(language.catalogue.phrase(phrase).message);
    let place = folder_inside(home, folder).filter(|place| !place.join(PROJECT_FILE).exists());
    let Some(place) = place else { return refused(phrases::BadFolderName.into()) };
    if !is_plain_name(name) || !is_table_file(name) {
        return refused(phrases::NoWorkbook { file: name.to_owned() }.into());
    }
    keep_new(&place, name, bytes, language)
}
