//! Keeps a report as it is sent: the files of the last build, byte for byte, or those that are named.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde_json::Value;

use super::compare::fractions;
use super::current_state::CurrentState;
use super::outcome::{BuildError, BuildOptions, BuildProgress, Extent};
use super::publish::Making;
use super::recorded_rows::fingerprint_with_cells;
use super::sent_files::read_sent;
use super::table_cache::CountedTables;
use super::{load, make, planned_units};
use crate::diagnostic::{Problem, ProblemKind, Severity, kinds};
use crate::folder::shown_path;
use crate::ingest;
use crate::model::Settings;
use crate::output::{
    FigureChange, Memory, RecordHead, SentFile, SentIndicator, Submission, checksum_of_file, is_figures_file,
};
use crate::proof::{DetachedSignature, SecretKey, is_pdf};

/// What to keep.
pub struct SubmitRequest<'r> {
    /// Name of the report.
    pub report: &'r str,
    /// Code of its period.
    pub period: &'r str,
    /// The folder that it was built in.
    pub out: &'r Path,
    /// The files that were really sent; none: those of the last build.
    pub sent: &'r [PathBuf],
    /// The day on which it was sent.
    pub date: Option<Date>,
    /// Whom it was sent to.
    pub to: Option<String>,
    /// What signs the PDFs.
    pub key: Option<&'r SecretKey>,
}

/// What was kept.
pub struct Submitted {
    /// Where.
    pub folder: PathBuf,
    /// How many files, without the record of them.
    pub files: usize,
    /// Which version of the report it is.
    pub version: u32,
    /// Whether the rows behind its figures were kept, too.
    pub rows: KeptRows,
    /// Names of the signatures beside its PDFs.
    pub signatures: Vec<String>,
    /// Figures that a Word file says otherwise than they were built.
    pub changes: Vec<FigureChange>,
    /// Codes of the indicators whose values are fractions.
    pub fractions: BTreeSet<String>,
}

/// What became of the rows behind the figures of a report that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptRows {
    /// They were sealed beside it.
    Sealed,
    /// The project has no key, or too short a one.
    NoKey,
    /// The data gives other figures today than those that were sent.
    OtherFigures,
}

/// Why nothing was kept.
pub enum NotSubmitted {
    /// It couldn't be tried, or not finished.
    Failed(BuildError),
    /// A named file can't be read.
    Unreadable(Problem),
    /// The project has errors.
    Faulty(Vec<Problem>),
    /// What is there isn't to be kept; the problem says what to do.
    Refused(Problem),
}

impl<E: Into<BuildError>> From<E> for NotSubmitted {
    fn from(error: E) -> NotSubmitted {
        NotSubmitted::Failed(error.into())
    }
}

/// Keeps a report as it is sent.
///
/// # Errors
/// See [`NotSubmitted`]. Nothing in the folder of outputs is changed in any case.
pub fn submit(folder: &Path, request: &SubmitRequest, progress: &dyn BuildProgress) -> Result<Submitted, NotSubmitted> {
    let (settings, problems) = ingest::settings(folder);
    let Some(settings) = settings else { return Err(NotSubmitted::Faulty(problems)) };
    planned_units::requested_editions(&settings, &request.extent())?;
    let Kept { files, rows, has_other_figures, changes, mut submission } = if request.sent.is_empty() {
        keep_built(folder, &settings, request, progress)?
    } else {
        keep_sent(folder, &settings, request)?
    };
    submission.date = request.date.map(|day| day.to_string());
    submission.to.clone_from(&request.to);
    let kept = submission.folder(folder);
    let failed = |error| BuildError::Write { path: kept.clone(), error };
    let count = files.len();
    let kept_rows = match &rows {
        Some(_) => KeptRows::Sealed,
        None if has_other_figures => KeptRows::OtherFigures,
        None => KeptRows::NoKey,
    };
    let signatures = request.key.map(|key| sign_pdfs(&files, key)).unwrap_or_default();
    let names = signatures.iter().map(|file| file.name.clone()).collect();
    let files: Vec<SentFile> = files.into_iter().chain(signatures).chain(rows).collect();
    submission.save(folder, &files).map_err(failed)?;
    Submission::remove_rows(folder).map_err(failed)?;
    let current = if changes.is_empty() { None } else { CurrentState::read(folder) };
    let fractions = current.map(|current| fractions(&current.project)).unwrap_or_default();
    Ok(Submitted {
        folder: kept,
        files: count,
        version: submission.version,
        rows: kept_rows,
        signatures: names,
        changes,
        fractions,
    })
}

/// A signature for each PDF among the files.
fn sign_pdfs(files: &[SentFile], key: &SecretKey) -> Vec<SentFile> {
    let pdfs = files.iter().filter(|file| is_pdf(&file.bytes));
    let signed = pdfs.map(|file| {
        let DetachedSignature { ending, text } = key.sign(&file.name, &file.bytes);
        SentFile { name: format!("{}{ending}", file.name), bytes: text.into_bytes() }
    });
    signed.collect()
}

impl SubmitRequest<'_> {
    fn extent(&self) -> Extent {
        Extent::Reports { report: Some(self.report.to_owned()), period: Some(self.period.to_owned()) }
    }

    fn refuse(&self, kind: impl Into<ProblemKind>) -> NotSubmitted {
        NotSubmitted::Refused(Problem::error(kind))
    }

    fn new_submission(&self, folder: &Path) -> Submission {
        let version = Submission::next_version(folder, self.report, self.period);
        Submission::new(self.report, self.period, version)
    }
}

/// What is to be kept.
struct Kept {
    files: Vec<SentFile>,
    /// The rows behind the figures, if they are known and the project has a key to seal them with.
    rows: Option<SentFile>,
    /// The data gives other figures today.
    has_other_figures: bool,
    /// See [`Submitted::changes`].
    changes: Vec<FigureChange>,
    submission: Submission,
}

/// The files of the last build, if a build would make the same now.
fn keep_built(
    folder: &Path,
    settings: &Settings,
    request: &SubmitRequest,
    progress: &dyn BuildProgress,
) -> Result<Kept, NotSubmitted> {
    let (report, period) = (request.report.to_owned(), request.period.to_owned());
    let files = read_built(folder, settings, request)?;
    let counted = CountedTables::new(load::read(folder));
    let options = BuildOptions { extent: request.extent(), out: request.out.to_owned(), force: false, draft: false };
    match make(folder, &counted, &options, progress)? {
        Making::Stopped(built) => return Err(NotSubmitted::Faulty(built.problems)),
        Making::Staged(staged) if !staged.built.left_out.is_empty() => {
            return Err(NotSubmitted::Faulty(staged.built.problems));
        }
        Making::Staged(staged) => {
            let blank = blank_sections(settings, request, &counted, &staged.built.problems);
            if !blank.is_empty() {
                return Err(NotSubmitted::Faulty(blank));
            }
            let changed = staged.made.outputs.iter().filter(|output| !output.is_current);
            let changed: Vec<&str> = changed.map(|output| output.name.as_str()).collect();
            if !changed.is_empty() {
                let files = changed.join(", ");
                return Err(request.refuse(kinds::BuildOutOfDate { report, period, files }));
            }
        }
    }
    if counted.loaded.checked.settings.as_ref().is_some_and(|settings| settings.draft) {
        return Err(request.refuse(kinds::DraftNotSubmitted { report, period }));
    }
    let mut submission = request.new_submission(folder);
    let current = CurrentState::from_tables(folder, counted);
    let edition = current.as_ref().and_then(|current| current.current_edition(request.report, request.period));
    let (Some(current), Some(edition)) = (current, edition) else {
        return Ok(Kept { files, rows: None, has_other_figures: false, changes: Vec::new(), submission });
    };
    if edition.version < submission.version {
        let version = edition.version.to_string();
        return Err(request.refuse(kinds::AlreadySubmitted { report, period, version }));
    }
    add_indicators(&mut submission, &current);
    submission.sentences = Some(edition.sentences);
    submission.content = Some(edition.next_content);
    let rows = seal_rows(folder, &submission, &current);
    Ok(Kept { files, rows, has_other_figures: false, changes: Vec::new(), submission })
}

/// What a donor's form requires and nobody answered: no longer a warning once the report is to be sent.
fn blank_sections(
    settings: &Settings,
    request: &SubmitRequest,
    counted: &CountedTables,
    problems: &[Problem],
) -> Vec<Problem> {
    let report = settings.reports.iter().find(|report| report.name == request.report);
    let profiles = counted.loaded.prose.as_ref().map(|prose| &prose.profiles);
    let profile = report.zip(profiles).and_then(|(report, profiles)| profiles.get(&report.profile));
    let Some(profile) = profile.filter(|profile| profile.is_form) else { return Vec::new() };
    let kinds_of_blanks = [kinds::SectionMissing::CODE, kinds::SectionEmpty::CODE, kinds::FactMissing::CODE];
    let is_required = |problem: &&Problem| {
        let section = problem.args.get("section").and_then(|section| profile.section(section));
        section.is_some_and(|section| section.required)
    };
    let blanks = problems.iter().filter(|problem| kinds_of_blanks.contains(&problem.code)).filter(is_required);
    blanks.map(|problem| Problem { severity: Severity::Error, ..problem.clone() }).collect()
}

/// The outputs of the last build, which must be as they were written.
fn read_built(folder: &Path, settings: &Settings, request: &SubmitRequest) -> Result<Vec<SentFile>, NotSubmitted> {
    let (report, period) = (request.report, request.period);
    let not_built = || request.refuse(kinds::NotBuilt { report: report.to_owned(), period: period.to_owned() });
    let home = request.out.join(&settings.code);
    let record = RecordHead::read(&Memory::new(folder, request.out)).ok_or_else(not_built)?;
    let unit = planned_units::plan_units(settings).into_iter().find(|unit| unit.name == format!("{period}/{report}"));
    let unit = unit.filter(|unit| record.units.contains_key(&unit.name)).ok_or_else(not_built)?;
    let mut files = Vec::new();
    for name in &unit.outputs {
        let recorded = record.outputs.get(name).ok_or_else(not_built)?;
        let path = home.join(name);
        if checksum_of_file(&path).ok().as_ref() != Some(&recorded.content) {
            return Err(request.refuse(kinds::BuiltFileChanged { file: shown_path(&path) }));
        }
        let bytes = fs::read(&path).map_err(|error| BuildError::Write { path: path.clone(), error })?;
        files.push(SentFile { name: name.rsplit('/').next().unwrap_or_default().to_owned(), bytes });
    }
    Ok(files)
}

/// The files that are named, with the figures that they carry, else those of the last build.
fn keep_sent(folder: &Path, settings: &Settings, request: &SubmitRequest) -> Result<Kept, NotSubmitted> {
    let sent = read_sent(settings, request)?;
    let built = || {
        let built = read_built(folder, settings, request)?;
        let figures = built.into_iter().find(|file| is_figures_file(&file.name, request.report));
        Ok(figures.map(|file| file.bytes).unwrap_or_default())
    };
    let (figures, changes) = sent.figures(built)?;
    let mut files = sent.files;
    let mut submission = request.new_submission(folder);
    let read: Value = serde_json::from_slice(&figures).unwrap_or_default();
    if read.get("draft").and_then(Value::as_bool) == Some(true) {
        let (report, period) = (request.report.to_owned(), request.period.to_owned());
        return Err(request.refuse(kinds::DraftNotSubmitted { report, period }));
    }
    let indicators = read.get("indicators").cloned().unwrap_or_default();
    // The rows of today are those behind what was sent only while the figures are the same.
    let current = CurrentState::read(folder)
        .filter(|current| current.released_indicators(request.report, request.period).as_ref() == Some(&indicators));
    let has_other_figures = current.is_none();
    let rows = match current {
        Some(current) => {
            add_indicators(&mut submission, &current);
            seal_rows(folder, &submission, &current)
        }
        None => {
            submission.add_totals(&indicators);
            None
        }
    };
    if !files.iter().any(|file| is_figures_file(&file.name, request.report)) {
        files.push(SentFile { name: format!("{}.figures.json", request.report), bytes: figures });
    }
    Ok(Kept { files, rows, has_other_figures, changes, submission })
}

/// The rows of today as only the project's key opens them.
fn seal_rows(folder: &Path, submission: &Submission, current: &CurrentState) -> Option<SentFile> {
    let key = current.project.settings.privacy.key.as_deref()?;
    submission.sealed_rows(&fingerprint_with_cells(folder, &current.project, &current.figures, key), key)
}

/// The totals of today.
fn add_indicators(submission: &mut Submission, current: &CurrentState) {
    let project = &current.project;
    let figures = current.figures.periods.iter().find(|figures| figures.period.code == submission.period);
    let settings = project.settings.reports.iter().find(|settings| settings.name == submission.report);
    let (Some(figures), Some(settings)) = (figures, settings) else { return };
    for id in project.logframe.indicator_ids() {
        let code = &project.logframe.indicator(id).code;
        if !settings.shows(code) {
            continue;
        }
        let figure = &figures.figures[usize::from(id.0)];
        let [period, served, cumulative] =
            [figure.period, figure.served, figure.cumulative].map(|amount| amount.map(Into::into));
        submission.indicators.insert(code.clone(), SentIndicator::new(period, served, cumulative));
    }
}
