use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::folder::is_ignored;
use crate::locale::Locale;
use crate::model::{Project, Settings};
use crate::output::Submission;
use crate::pipeline::{PlannedUnit, plan_units};

/// Names of periods by their codes.
#[derive(Clone, Default)]
pub(super) struct PeriodNames(BTreeMap<String, String>);

impl PeriodNames {
    pub fn new(project: &Project, locale: &Locale) -> PeriodNames {
        let periods = project.logframe.periods.iter();
        PeriodNames(periods.map(|period| (period.code.clone(), locale.period_name(period))).collect())
    }

    /// The name, else the code.
    pub fn name(&self, code: &str) -> String {
        self.0.get(code).cloned().unwrap_or_else(|| code.to_owned())
    }
}

/// What is built together: a report of one period.
#[derive(Serialize)]
pub(super) struct UnitView {
    /// `2017-Q1/quarterly`, or `iati`.
    name: String,
    /// `None` for the file for IATI.
    report: Option<String>,
    period: Option<String>,
    period_name: Option<String>,
    files: Vec<FileView>,
}

#[derive(Serialize)]
struct FileView {
    /// Relative to the project's outputs.
    path: String,
    name: String,
    /// Of the file that was built; `None` where none was.
    bytes: Option<u64>,
}

/// A report that was sent.
#[derive(Serialize)]
pub(super) struct SentView {
    report: String,
    period: String,
    period_name: String,
    version: u32,
    /// As the language writes it.
    date: Option<String>,
    to: Option<String>,
    files: Vec<String>,
}

impl UnitView {
    /// Whether any of its files was built.
    pub fn has_files(&self) -> bool {
        self.files.iter().any(|file| file.bytes.is_some())
    }
}

/// The files that a build makes, and whether they are there.
pub(super) fn units(settings: &Settings, out: &Path, names: &PeriodNames) -> Vec<UnitView> {
    let home = out.join(&settings.code);
    let file = |path: String| FileView {
        name: path.rsplit('/').next().unwrap_or_default().to_owned(),
        bytes: fs::metadata(home.join(&path)).ok().filter(fs::Metadata::is_file).map(|file| file.len()),
        path,
    };
    let planned = plan_units(settings).into_iter();
    planned
        .map(|unit| {
            let (period, report) = unit.name.split_once('/').unzip();
            UnitView {
                report: report.map(str::to_owned),
                period: period.map(str::to_owned),
                period_name: period.map(|code| names.name(code)),
                files: errata(&home, &unit).into_iter().chain(unit.outputs).map(file).collect(),
                name: unit.name,
            }
        })
        .collect()
}

/// Where an output of the project is; `None` if no file of that name is made.
pub(super) fn output_path(settings: &Settings, out: &Path, asked: &str) -> Option<PathBuf> {
    let home = out.join(&settings.code);
    let is_made = |unit: &PlannedUnit| {
        unit.outputs.iter().any(|path| path == asked) || errata(&home, unit).iter().any(|path| path == asked)
    };
    plan_units(settings).iter().any(is_made).then(|| home.join(asked))
}

/// The letters that correct a report that was sent, if there are any: they are kept beside its other files.
fn errata(home: &Path, unit: &PlannedUnit) -> Vec<String> {
    let figures = unit.outputs.iter().find_map(|path| path.strip_suffix(".figures.json"));
    let Some((folder, name)) = figures.and_then(|stem| stem.rsplit_once('/')) else { return Vec::new() };
    let beginning = format!("{name}.erratum.");
    let entries = fs::read_dir(home.join(folder)).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut letters: Vec<String> = names
        .filter(|name| name.starts_with(&beginning) && [".pdf", ".docx"].iter().any(|ending| name.ends_with(ending)))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    letters.sort();
    letters
}

pub(super) fn sent_reports(
    submissions: &[Submission],
    project: &Path,
    names: &PeriodNames,
    locale: &Locale,
) -> Vec<SentView> {
    let write_day = |day: &String| day.parse().map_or_else(|_| day.clone(), |day| locale.date(day));
    submissions
        .iter()
        .map(|sent| SentView {
            report: sent.report.clone(),
            period: sent.period.clone(),
            period_name: names.name(&sent.period),
            version: sent.version,
            date: sent.date.as_ref().map(write_day),
            to: sent.to.clone(),
            files: sent_files(sent, submissions, project),
        })
        .collect()
}

/// The names of the files that were kept of a report, without the program's own records. Reports of one period share a
/// folder; a file that is named for none of them is of all.
pub(super) fn sent_files(sent: &Submission, all: &[Submission], project: &Path) -> Vec<String> {
    let folder = sent.folder(project);
    let is_of = |name: &str, report: &str| name.starts_with(&format!("{report}."));
    let is_others = |name: &str| {
        let mut others = all.iter().filter(|other| other.report != sent.report && other.folder(project) == folder);
        !is_of(name, &sent.report) && others.any(|other| is_of(name, &other.report))
    };
    let files = fs::read_dir(&folder).into_iter().flatten().flatten().filter(|entry| entry.path().is_file());
    let names = files.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> =
        names.filter(|name| !is_ignored(name) && !is_record(name) && !is_others(name)).collect();
    names.sort();
    names
}

/// Whether a file is the program's own record of what was sent.
fn is_record(name: &str) -> bool {
    name.ends_with(".submission.json") || name.ends_with(".rows.sealed")
}
