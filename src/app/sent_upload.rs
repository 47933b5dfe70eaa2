//! Files that were really sent, given by the page and kept in place of those of the last build: an earlier PDF, a scan, a
//! filled form.

use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

use super::MessageLanguage;
use super::given_file::is_plain_name;
use super::page_actions::{WorkOutcome, day_of_sending, submitted};
use super::projects::{AppProject, Projects};
use crate::diagnostic::phrases;
use crate::pipeline::{self, SubmitRequest};

/// Bytes of all files of a report together.
pub(super) const SENT_BYTES: usize = 256 << 20;

/// The first line of a request, as JSON; the files follow, one after another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SentHead {
    report: String,
    period: String,
    date: Option<String>,
    to: Option<String>,
    files: Vec<SentPart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SentPart {
    name: String,
    bytes: usize,
}

/// What a request holds; `None` if it isn't one.
fn parse(body: &[u8]) -> Option<(SentHead, Vec<&[u8]>)> {
    let end = body.iter().position(|byte| *byte == b'\n')?;
    let head: SentHead = serde_json::from_slice(&body[..end]).ok()?;
    let mut rest = &body[end + 1..];
    let mut files = Vec::new();
    for part in &head.files {
        let (file, others) = rest.split_at_checked(part.bytes)?;
        files.push(file);
        rest = others;
    }
    (rest.is_empty() && !files.is_empty()).then_some((head, files))
}

/// Keeps files as the report that was sent; `None` if another job on the project is running, or the request is none.
pub(super) fn keep_sent_files(
    projects: &Projects,
    project: &AppProject,
    body: &[u8],
    language: &MessageLanguage,
) -> Option<WorkOutcome> {
    let (head, files) = parse(body)?;
    let date = match day_of_sending(head.date.as_deref(), language) {
        Ok(date) => date,
        Err(outcome) => return Some(outcome),
    };
    if let Some(part) = head.files.iter().find(|part| !is_plain_name(&part.name)) {
        let phrase = phrases::FileOfNoUse { file: part.name.clone(), endings: "pdf, docx, xlsx".to_owned() };
        return Some(WorkOutcome::failed(vec![language.catalogue.phrase(phrase).message]));
    }
    let progress = project.begin_work(projects, 0)?;
    let held = tempfile::tempdir().and_then(|folder| {
        let write = |(part, bytes): (&SentPart, &&[u8])| {
            let path = folder.path().join(&part.name);
            fs::write(&path, bytes).map(|()| path)
        };
        let paths = head.files.iter().zip(&files).map(write).collect::<Result<Vec<PathBuf>, _>>()?;
        Ok((folder, paths))
    });
    let (folder, paths) = match held {
        Ok(held) => held,
        Err(error) => return Some(WorkOutcome::failed(vec![error.to_string()])),
    };
    let request = SubmitRequest {
        report: &head.report,
        period: &head.period,
        out: &project.out,
        sent: &paths,
        date,
        to: head.to.clone().filter(|whom| !whom.trim().is_empty()),
        key: None,
    };
    let outcome = submitted(pipeline::submit(&project.path, &request, &progress), project, language);
    Some(outcome.without_folder(folder.path()))
}
