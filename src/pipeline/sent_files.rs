//! The files that were really sent, and the figures that they carry.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::Value;

use super::review::sent_figures::{SentWord, read_sent_word};
use super::sent_word::figures_as_sent;
use super::submit::{NotSubmitted, SubmitRequest};
use crate::diagnostic::{Place, Problem, kinds};
use crate::folder::shown_path;
use crate::model::Settings;
use crate::output::{FigureChange, SentFile, diff_figures};
use crate::proof::{carried_figures, is_pdf};

/// The files that were sent, and what they say of the figures.
#[derive(Default)]
pub(super) struct SentFiles {
    pub files: Vec<SentFile>,
    /// The text of the figures.json that the first file carries that has one, with the file: a PDF of this program, or the
    /// figures.json itself.
    pub carried: Option<(String, Vec<u8>)>,
    /// Word files of this program.
    pub words: Vec<(String, SentWord)>,
}

/// Reads the files that `request` names.
///
/// # Errors
/// A file can't be read, two are called the same, one is of another report, or two carry different figures.
pub(super) fn read_sent(settings: &Settings, request: &SubmitRequest) -> Result<SentFiles, NotSubmitted> {
    let mut sent = SentFiles::default();
    for path in request.sent {
        let file = shown_path(path);
        let bytes = fs::read(path).map_err(|error| {
            NotSubmitted::Unreadable(match error.kind() {
                ErrorKind::NotFound => Problem::error(kinds::NoSuchFile { nearest: None }).at(Place::file(&file)),
                _ => Problem::error(kinds::CannotRead { file: file.clone(), why: error.to_string() }),
            })
        })?;
        let name = kept_name(path, request.report);
        if sent.files.iter().any(|other| other.name == name) {
            return Err(refused(kinds::SentTwice { file }));
        }
        if let Some(figures) = figures_in(&bytes) {
            check_own(&figures, &file, settings, request)?;
            match &sent.carried {
                Some((other, text)) if !same_figures(text, &figures) => {
                    return Err(refused(kinds::SentDiffers { one: other.clone(), other: file }));
                }
                Some(_) => {}
                None => sent.carried = Some((file, figures)),
            }
        } else if let Some(word) = read_sent_word(&bytes) {
            check_document(&word, &file, settings, request)?;
            sent.words.push((file, word));
        }
        sent.files.push(SentFile { name, bytes });
    }
    Ok(sent)
}

impl SentFiles {
    /// The figures as they were sent: those that a file carries, else the build's, with what Word files say instead.
    ///
    /// # Errors
    /// Two files say different figures, or none carries any and there is no build.
    pub(super) fn figures(
        &self,
        built: impl FnOnce() -> Result<Vec<u8>, NotSubmitted>,
    ) -> Result<(Vec<u8>, Vec<FigureChange>), NotSubmitted> {
        let base = match &self.carried {
            Some((_, text)) => text.clone(),
            None => built()?,
        };
        let mut figures = base.clone();
        let mut first = self.carried.as_ref().map(|(file, _)| file);
        for (file, word) in &self.words {
            let said = figures_as_sent(&base, word).unwrap_or_else(|| base.clone());
            match first {
                Some(one) if !same_figures(&figures, &said) => {
                    return Err(refused(kinds::SentDiffers { one: one.clone(), other: file.clone() }));
                }
                Some(_) => {}
                None => (first, figures) = (Some(file), said),
            }
        }
        let changes = if self.carried.is_none() { changes_between(&base, &figures) } else { Vec::new() };
        Ok((figures, changes))
    }
}

/// What was sent otherwise than it was built.
fn changes_between(built: &[u8], sent: &[u8]) -> Vec<FigureChange> {
    let of = |text: &[u8]| {
        let read: Value = serde_json::from_slice(text).unwrap_or_default();
        let name = |pointer: &str| read.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let document = format!("{}/{}", name("/period/code"), name("/report"));
        BTreeMap::from([(document, read["indicators"].clone())])
    };
    diff_figures(&of(built), &of(sent))
}

fn refused(kind: impl Into<crate::diagnostic::ProblemKind>) -> NotSubmitted {
    NotSubmitted::Refused(Problem::error(kind))
}

/// Files of other reports lie in the same folder, hence the report's name before the file's.
fn kept_name(path: &Path, report: &str) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_of_report = name.strip_prefix(report).is_some_and(|rest| rest.starts_with('.'));
    if is_of_report { name } else { format!("{report}.{name}") }
}

/// The text of figures.json, carried by a PDF or the file itself.
fn figures_in(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = if is_pdf(bytes) { carried_figures(bytes)? } else { bytes.to_vec() };
    let read: Value = serde_json::from_slice(&text).ok()?;
    read.get("indicators").is_some_and(Value::is_array).then_some(text)
}

fn same_figures(one: &[u8], other: &[u8]) -> bool {
    let indicators = |text: &[u8]| serde_json::from_slice::<Value>(text).ok()?.get_mut("indicators").map(Value::take);
    indicators(one) == indicators(other)
}

/// A file of another project, report or period isn't what is meant.
fn check_own(figures: &[u8], file: &str, settings: &Settings, request: &SubmitRequest) -> Result<(), NotSubmitted> {
    let read: Value = serde_json::from_slice(figures).unwrap_or_default();
    let text = |pointer: &str| read.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let own = [text("/project"), text("/report"), text("/period/code")];
    if read.get("draft").and_then(Value::as_bool) == Some(true) {
        let (report, period) = (request.report.to_owned(), request.period.to_owned());
        return Err(refused(kinds::DraftNotSubmitted { report, period }));
    }
    check_names(own, file, settings, request)
}

/// The same of a Word file, which holds what it is called.
fn check_document(
    word: &SentWord,
    file: &str,
    settings: &Settings,
    request: &SubmitRequest,
) -> Result<(), NotSubmitted> {
    if word.is_draft {
        let (report, period) = (request.report.to_owned(), request.period.to_owned());
        return Err(refused(kinds::DraftNotSubmitted { report, period }));
    }
    let mut names = word.identifier.splitn(3, '/').map(str::to_owned);
    let mut next = || names.next().unwrap_or_default();
    let (project, period, name) = (next(), next(), next());
    let report = name.rsplit_once('.').map_or(name.as_str(), |(report, _)| report).to_owned();
    check_names([project, report, period], file, settings, request)
}

fn check_names(
    [project, report, period]: [String; 3],
    file: &str,
    settings: &Settings,
    request: &SubmitRequest,
) -> Result<(), NotSubmitted> {
    if (project.as_str(), report.as_str(), period.as_str()) == (&settings.code, request.report, request.period) {
        return Ok(());
    }
    Err(refused(kinds::SentOther { file: file.to_owned(), project, report, period }))
}
