//! The files that were really sent, and the figures that they carry.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::Value;

use super::submit::{NotSubmitted, SubmitRequest};
use crate::diagnostic::{Place, Problem, kinds};
use crate::folder::shown_path;
use crate::model::Settings;
use crate::output::SentFile;
use crate::proof::{carried_figures, is_pdf};

/// The text of a figures.json.
pub(super) struct CarriedFigures(pub Vec<u8>);

/// Reads the files that `request` names, and the figures of the first that carries any: a PDF of this program, or a
/// figures.json itself.
///
/// # Errors
/// A file can't be read, two are called the same, one is of another report, or two carry different figures.
pub(super) fn read_sent(
    settings: &Settings,
    request: &SubmitRequest,
) -> Result<(Vec<SentFile>, Option<CarriedFigures>), NotSubmitted> {
    let mut files: Vec<SentFile> = Vec::new();
    let mut carried: Option<(String, Vec<u8>)> = None;
    for path in request.sent {
        let file = shown_path(path);
        let bytes = fs::read(path).map_err(|error| {
            NotSubmitted::Unreadable(match error.kind() {
                ErrorKind::NotFound => Problem::error(kinds::NoSuchFile { nearest: None }).at(Place::file(&file)),
                _ => Problem::error(kinds::CannotRead { file: file.clone(), why: error.to_string() }),
            })
        })?;
        let name = kept_name(path, request.report);
        if files.iter().any(|other| other.name == name) {
            return Err(refused(kinds::SentTwice { file }));
        }
        if let Some(figures) = figures_in(&bytes) {
            check_own(&figures, &file, settings, request)?;
            match &carried {
                Some((other, text)) if !same_figures(text, &figures) => {
                    return Err(refused(kinds::SentDiffers { one: other.clone(), other: file }));
                }
                Some(_) => {}
                None => carried = Some((file, figures)),
            }
        }
        files.push(SentFile { name, bytes });
    }
    Ok((files, carried.map(|(_, text)| CarriedFigures(text))))
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
    let (project, report, period) = (text("/project"), text("/report"), text("/period/code"));
    if read.get("draft").and_then(Value::as_bool) == Some(true) {
        let (report, period) = (request.report.to_owned(), request.period.to_owned());
        return Err(refused(kinds::DraftNotSubmitted { report, period }));
    }
    if (project.as_str(), report.as_str(), period.as_str()) == (&settings.code, request.report, request.period) {
        return Ok(());
    }
    Err(refused(kinds::SentOther { file: file.to_owned(), project, report, period }))
}
