//! What the page may have done: build, submit, open a workbook. Each waits until it is done, and says what came of it.

use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::MessageLanguage;
use super::project_view::problem_groups;
use super::projects::{AppProject, Projects};
use crate::diagnostic::{Problem, phrases};
use crate::folder::{resolve_file, shown_path};
use crate::new_project::read_day;
use crate::pipeline::{
    self, Built, ErratumFault, ErratumRequest, Extent, KeptRows, NotSubmitted, SubmitRequest, Submitted, count_outputs,
    write_change, write_errata,
};

/// What to build; all of it, where nothing is named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BuildRequest {
    report: Option<String>,
    period: Option<String>,
}

/// What to keep as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeepRequest {
    report: String,
    period: String,
    date: Option<String>,
    to: Option<String>,
}

/// The report whose correction is to be written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LetterRequest {
    report: String,
    period: String,
}

/// The workbook to open in the system's own program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenRequest {
    file: String,
}

/// How it ended, in words.
#[derive(Default, Serialize)]
pub(super) struct WorkOutcome {
    done: bool,
    messages: Vec<String>,
    /// As the page shows the problems of a reading; `cells/work/…` has the rows around their cells.
    problems: serde_json::Value,
    written: Vec<String>,
    /// Figures that aren't what the last build released.
    changes: Vec<String>,
}

impl WorkOutcome {
    /// Nothing was done, and why.
    pub fn failed(messages: Vec<String>) -> WorkOutcome {
        WorkOutcome { messages, ..WorkOutcome::default() }
    }

    /// The same where the folder has no name of its own.
    pub fn without_folder(mut self, folder: &Path) -> WorkOutcome {
        let name = format!("{}/", shown_path(folder));
        self.messages.iter_mut().for_each(|message| *message = message.replace(&name, ""));
        replace_in_texts(&mut self.problems, &name);
        self
    }

    /// Nothing was done because of errors.
    fn refused(problems: Vec<Problem>, project: &AppProject, language: &MessageLanguage) -> WorkOutcome {
        let errors = problems.into_iter().filter(Problem::is_error).collect();
        WorkOutcome::default().with_problems(errors, project, language)
    }

    /// With problems that the page shows, and whose rows it may ask for from now on.
    fn with_problems(self, problems: Vec<Problem>, project: &AppProject, language: &MessageLanguage) -> WorkOutcome {
        let shown = serde_json::to_value(problem_groups(&problems, language)).unwrap_or_default();
        project.keep_work_problems(problems);
        WorkOutcome { problems: shown, ..self }
    }
}

/// Takes a folder's name out of every text of a JSON value.
fn replace_in_texts(value: &mut serde_json::Value, name: &str) {
    match value {
        serde_json::Value::String(text) => *text = text.replace(name, ""),
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| replace_in_texts(item, name)),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(|field| replace_in_texts(field, name)),
        _ => {}
    }
}

/// Builds what is out of date; `None` if the project is worked on already.
pub(super) fn build(
    projects: &Projects,
    project: &AppProject,
    request: &BuildRequest,
    language: &MessageLanguage,
) -> Option<WorkOutcome> {
    let extent = match (&request.report, &request.period) {
        (None, None) => Extent::Whole,
        (report, period) => Extent::Reports { report: report.clone(), period: period.clone() },
    };
    let reading = project.latest();
    let to_make = reading.settings.as_deref().map_or(0, |settings| count_outputs(settings, &extent));
    let progress = project.begin_work(projects, to_make)?;
    Some(match pipeline::build(&project.path, &project.build_options(extent), &progress) {
        Ok(built) => outcome_of(built, project, language),
        Err(error) => WorkOutcome::refused(vec![error.to_problem()], project, language),
    })
}

fn outcome_of(mut built: Built, project: &AppProject, language: &MessageLanguage) -> WorkOutcome {
    let is_stopped = built.is_stopped();
    let problems = std::mem::take(&mut built.problems);
    let mut outcome = WorkOutcome::refused(problems, project, language);
    outcome.done = !is_stopped;
    let folder = project.name.clone();
    let words = |phrase: crate::diagnostic::Phrase| language.catalogue.phrase(phrase).message;
    if is_stopped {
        outcome.messages.push(words(phrases::NotWritten::Plain { folder }.into()));
        return outcome;
    }
    let (written, kept) = (built.written.len().to_string(), built.kept.to_string());
    outcome.messages.push(words(phrases::Built { project: built.code.clone(), written, kept }.into()));
    if !built.left_out.is_empty() {
        let reports = built.left_out.join(", ");
        outcome.messages.push(words(phrases::NotWritten::Some { folder, reports }.into()));
    }
    outcome.written.clone_from(&built.written);
    let changes = built.changes.iter();
    outcome.changes = changes.map(|change| write_change(change, &built.fractions, &language.catalogue)).collect();
    outcome
}

/// The day that a request gives, if any; what the page is told where it is none.
pub(super) fn day_of_sending(written: Option<&str>, language: &MessageLanguage) -> Result<Option<Date>, WorkOutcome> {
    let again = || WorkOutcome::failed(vec![language.catalogue.phrase(phrases::AskDateAgain).message]);
    written.filter(|day| !day.is_empty()).map(|day| read_day(day).ok_or_else(again)).transpose()
}

/// Keeps a report as sent: the bytes of its outputs as they are. `None` if another job on the project is running.
pub(super) fn submit(
    projects: &Projects,
    project: &AppProject,
    request: &KeepRequest,
    language: &MessageLanguage,
) -> Option<WorkOutcome> {
    let date = match day_of_sending(request.date.as_deref(), language) {
        Ok(date) => date,
        Err(outcome) => return Some(outcome),
    };
    let progress = project.begin_work(projects, 0)?;
    let submission = SubmitRequest {
        report: &request.report,
        period: &request.period,
        out: &project.out,
        sent: &[],
        date,
        to: request.to.clone().filter(|whom| !whom.trim().is_empty()),
        key: None,
    };
    Some(submitted(pipeline::submit(&project.path, &submission, &progress), project, language))
}

/// What became of a submission, in words.
pub(super) fn submitted(
    outcome: Result<Submitted, NotSubmitted>,
    project: &AppProject,
    language: &MessageLanguage,
) -> WorkOutcome {
    match outcome {
        Ok(kept) => {
            let inside = kept.folder.strip_prefix(&project.path).unwrap_or(&kept.folder);
            let (count, folder) = (kept.files.to_string(), shown_path(inside));
            let phrase = match kept.version {
                1 => phrases::Submitted::Plain { count, folder },
                version => phrases::Submitted::Again { count, folder, version: version.to_string() },
            };
            let without_rows = match kept.rows {
                KeptRows::Sealed => None,
                KeptRows::NoKey => Some(phrases::SubmittedWithoutRows::Plain),
                KeptRows::OtherFigures => Some(phrases::SubmittedWithoutRows::Other),
            };
            let mut messages = vec![language.catalogue.phrase(phrase).message];
            if !kept.changes.is_empty() {
                messages.push(language.catalogue.phrase(phrases::SentOtherwise).message);
            }
            messages.extend(without_rows.map(|phrase| language.catalogue.phrase(phrase).message));
            let changes = kept.changes.iter();
            let changes = changes.map(|change| write_change(change, &kept.fractions, &language.catalogue)).collect();
            WorkOutcome { done: true, messages, changes, ..WorkOutcome::default() }
        }
        Err(NotSubmitted::Failed(error)) => WorkOutcome::refused(vec![error.to_problem()], project, language),
        Err(NotSubmitted::Unreadable(problem) | NotSubmitted::Refused(problem)) => {
            WorkOutcome::refused(vec![problem], project, language)
        }
        Err(NotSubmitted::Faulty(problems)) => WorkOutcome::refused(problems, project, language),
    }
}

/// Writes the letter that corrects a report that was sent; `None` if another job on the project is running.
pub(super) fn correct(
    projects: &Projects,
    project: &AppProject,
    request: &LetterRequest,
    language: &MessageLanguage,
) -> Option<WorkOutcome> {
    let progress = project.begin_work(projects, 0)?;
    let LetterRequest { report, period } = request;
    let letter = ErratumRequest { report: Some(report), period: Some(period), date: None, out: &project.out };
    Some(match write_errata(&project.path, &letter, &progress) {
        Ok(written) => {
            let code = project.latest().settings.as_deref().map(|settings| settings.code.clone()).unwrap_or_default();
            let home = project.out.join(code);
            let files = written.files.iter().filter_map(|file| file.strip_prefix(&home).ok()).map(shown_path);
            let written_files: Vec<String> = files.collect();
            let same = written_files.is_empty().then(|| language.catalogue.phrase(phrases::NoDifferences).message);
            let messages = same.into_iter().collect();
            let outcome = WorkOutcome { done: true, messages, written: written_files, ..WorkOutcome::default() };
            outcome.with_problems(written.problems, project, language)
        }
        Err(ErratumFault::Failed(error)) => WorkOutcome::refused(vec![error.to_problem()], project, language),
        Err(ErratumFault::Faulty(problems)) => WorkOutcome::refused(problems, project, language),
    })
}

/// Endings of files that a spreadsheet program or an editor of texts opens without running anything.
const OPENED: [&str; 7] = ["xlsx", "xlsb", "xls", "ods", "csv", "md", "toml"];

/// Opens a file of the project in the system's own program. Only one that a problem names.
pub(super) fn open_file(project: &AppProject, request: &OpenRequest) -> WorkOutcome {
    let reading = project.latest();
    let is_named = reading.problems.iter().flat_map(|problem| &problem.places).any(|place| place.file == request.file);
    let ending = Path::new(&request.file).extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let is_harmless = ending.is_some_and(|ending| OPENED.contains(&ending.as_str()));
    let path = resolve_file(&project.path, &request.file).ok().filter(|_| is_named && is_harmless);
    let opened = path.map(|path| open::that_detached(path).map_err(|error| error.to_string()));
    let messages = opened.clone().and_then(Result::err).into_iter().collect();
    WorkOutcome { done: opened.is_some_and(|opened| opened.is_ok()), messages, ..WorkOutcome::default() }
}
