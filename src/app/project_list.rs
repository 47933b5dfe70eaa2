use jiff::civil::Date;
use serde::Serialize;

use super::MessageLanguage;
use super::outputs_view::UnitView;
use super::project_view::{LocalText, local_text};
use super::projects::{AppProject, Projects, WorkProgress};
use crate::diagnostic::{Problem, Severity, kinds};
use crate::locale::Locale;
use crate::model::Project;
use crate::output::Submission;
use crate::pipeline::{UnsentReport, find_next_unsent};

/// The report that is to be sent next.
#[derive(Clone)]
pub(super) struct NextReport {
    report: String,
    /// Its name.
    period: String,
    /// The last day of its period.
    ends: Date,
}

impl NextReport {
    /// The first to end of those that weren't sent.
    pub fn find(project: &Project, submissions: &[Submission], locale: &Locale) -> Option<NextReport> {
        let UnsentReport { report, period } = find_next_unsent(project, submissions)?;
        Some(NextReport { report, period: locale.period_name(&period), ends: period.end })
    }
}

/// The state of every project of the folder.
#[derive(Serialize)]
pub(super) struct ProjectList {
    can_open_files: bool,
    /// There is a folder that a new project can be made in.
    can_begin: bool,
    projects: Vec<ProjectState>,
}

#[derive(Serialize)]
struct ProjectState {
    id: String,
    folder: String,
    code: String,
    title: Option<OwnedText>,
    /// 0 before it was read.
    revision: u64,
    reading: bool,
    errors: u64,
    warnings: u64,
    up_to_date: bool,
    /// How many figures a build would change.
    waiting: usize,
    /// Anything of it was built ever.
    built: bool,
    /// How many reports were sent.
    sent: usize,
    /// What was sent isn't what the data says today.
    restated: bool,
    next: Option<NextView>,
    work: Option<WorkProgress>,
}

#[derive(Serialize)]
struct OwnedText {
    text: String,
    lang: String,
}

#[derive(Serialize)]
struct NextView {
    report: String,
    period: String,
    day: String,
}

impl ProjectList {
    pub fn new(projects: &Projects, can_open_files: bool, can_begin: bool, language: &MessageLanguage) -> ProjectList {
        let projects = projects.all().iter().map(|project| state_of(project, language)).collect();
        ProjectList { can_open_files, can_begin, projects }
    }
}

fn state_of(project: &AppProject, language: &MessageLanguage) -> ProjectState {
    let reading = project.latest();
    let count = |severity| {
        let of_severity = reading.problems.iter().filter(|problem| problem.severity == severity);
        of_severity.map(|problem| problem.count).sum()
    };
    let settings = reading.settings.as_deref();
    let title = settings.map(|settings| {
        let LocalText { text, lang } = local_text(&settings.title, &settings.languages, &language.locale);
        OwnedText { text: text.to_owned(), lang: lang.to_owned() }
    });
    let texts = reading.texts(language);
    let next = texts.and_then(|texts| texts.next.as_ref()).map(|next| NextView {
        report: next.report.clone(),
        period: next.period.clone(),
        day: language.locale.date(next.ends),
    });
    ProjectState {
        id: project.id.clone(),
        folder: project.name.clone(),
        code: settings.map(|settings| settings.code.clone()).unwrap_or_default(),
        title: title.filter(|title| !title.text.is_empty()),
        revision: reading.revision,
        reading: project.is_reading(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        up_to_date: reading.up_to_date,
        waiting: texts.map_or(0, |texts| texts.waiting.len()),
        built: texts.is_some_and(|texts| texts.units.iter().any(UnitView::has_files)),
        sent: texts.map_or(0, |texts| texts.sent.len()),
        restated: reading.problems.iter().any(is_restatement),
        next,
        work: project.progress(),
    }
}

fn is_restatement(problem: &Problem) -> bool {
    problem.code == kinds::Restated::CODE
}
