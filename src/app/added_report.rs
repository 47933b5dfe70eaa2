//! A report added by its form, its period and its languages; what is to be written for it lies ready.

use std::fs;
use std::path::Path;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::MessageLanguage;
use super::project_toml::{DAY, TomlChange, TomlEdit, TomlStep, read_values};
use super::projects::AppProject;
use super::settings::{ChangeOutcome, read_source, write_changes};
use crate::diagnostic::phrases;
use crate::folder::read_text;
use crate::model::Lang;
use crate::new_project::{read_day, section_texts};
use crate::output::{Readers, write_new};
use crate::report::profile::Profile;

/// A larger file is no profile.
const PROFILE_BYTES: u64 = 1 << 20;

/// The report to add.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AddReportRequest {
    /// Hash of the project.toml that the page knows.
    based_on: String,
    /// The name of its form.
    profile: String,
    /// As `periods` of a report takes them; left out: the days below.
    periods: Option<Json>,
    /// First and last day of a period of its own.
    days: Option<(String, String)>,
    /// As `documents` of a report takes them.
    documents: Vec<Vec<String>>,
}

/// Adds the report; `None` if project.toml can't be read.
pub(super) fn add_report(
    project: &AppProject,
    request: &AddReportRequest,
    language: &MessageLanguage,
) -> Option<ChangeOutcome> {
    let (source, hash) = read_source(&project.path)?;
    let values = read_values(&source).unwrap_or(Json::Null);
    let own = format!("profiles/{}.toml", request.profile);
    let is_name = !request.profile.contains(['/', '\\']) && !request.profile.starts_with('.');
    let own_text = is_name.then(|| read_text(&project.path.join(&own), PROFILE_BYTES).ok()).flatten();
    let profile = match Profile::load(&request.profile, own_text.as_deref().map(|text| (own.as_str(), text))) {
        Ok(profile) => profile,
        Err(faults) => {
            let words = faults.iter().map(|fault| language.catalogue.sentences(fault).message);
            return Some(ChangeOutcome::refused(hash, words.collect()));
        }
    };
    let name = free_name(&request.profile, &values);
    let days = request.days.as_ref().map(|(first, last)| read_day(first).zip(read_day(last)));
    if days == Some(None) {
        return Some(ChangeOutcome::refused(hash, vec![language.catalogue.phrase(phrases::AskDateAgain).message]));
    }
    let days = days.flatten();
    let (period, mut changes) = days.map(|days| own_period(days, &values)).unwrap_or_default();
    let periods = match (&period, &request.periods) {
        (Some(code), _) => json!([code]),
        (None, Some(periods)) => periods.clone(),
        (None, None) => json!([]),
    };
    let mut report = vec![("name".to_owned(), name.as_str().into())];
    if name != request.profile {
        report.push(("profile".to_owned(), request.profile.as_str().into()));
    }
    report.push(("periods".to_owned(), periods.clone()));
    report.push(("documents".to_owned(), json!(request.documents)));
    changes.push(TomlChange { at: vec![key("reports")], edit: TomlEdit::Add(report) });
    let mut outcome = write_changes(&project.path, &request.based_on, &changes, language)?;
    if outcome.done {
        let folders = prose_folders(&name, &periods);
        let made = make_sections(&project.path, &folders, &profile, &request.documents);
        let phrase = match made {
            Ok(count) => phrases::SectionsMade { count: count.to_string(), folder: folders.join(", ") }.into(),
            Err(error) => phrases::SectionsNotMade { why: error.to_string() }.into(),
        };
        let phrase: crate::diagnostic::Phrase = phrase;
        outcome.messages.push(language.catalogue.phrase(phrase).message);
    }
    Some(outcome)
}

fn key(name: &str) -> TomlStep {
    TomlStep::Key(name.to_owned())
}

/// The form's name, or the first of that name with a number that no report has.
fn free_name(profile: &str, values: &Json) -> String {
    let profile = profile.replace('+', "-");
    let reports = values.get("reports").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_taken = |name: &str| {
        let known = reports.iter().filter_map(|report| report.get("name")?.as_str());
        known.map(str::to_lowercase).any(|known| known == name.to_lowercase())
    };
    let numbered = (2..).map(|number| format!("{profile}-{number}"));
    std::iter::once(profile.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or(profile)
}

/// The code of the report's own period, and the change that makes it where project.toml has none of these days.
fn own_period((start, end): (Date, Date), values: &Json) -> (Option<String>, Vec<TomlChange>) {
    let custom = values.pointer("/periods/custom").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let day = |day: Date| json!({ DAY: day.to_string() });
    let is_same = |period: &&Json| period.get("start") == Some(&day(start)) && period.get("end") == Some(&day(end));
    if let Some(code) = custom.iter().find(is_same).and_then(|period| period.get("code")?.as_str()) {
        return (Some(code.to_owned()), Vec::new());
    }
    let code = if start.year() == end.year() {
        format!("{}--{:02}", start.strftime("%Y-%m"), end.month())
    } else {
        format!("{}--{}", start.strftime("%Y-%m"), end.strftime("%Y-%m"))
    };
    let is_taken = |code: &str| custom.iter().any(|period| period.get("code").is_some_and(|known| known == code));
    let code = if is_taken(&code) { format!("{start}--{end}") } else { code };
    let period = vec![("code".to_owned(), json!(code)), ("start".to_owned(), day(start)), ("end".to_owned(), day(end))];
    let at = vec![key("periods"), key("custom")];
    (Some(code), vec![TomlChange { at, edit: TomlEdit::Add(period) }])
}

/// The folder of the report's prose: one for each period that is named, else one for all.
fn prose_folders(report: &str, periods: &Json) -> Vec<String> {
    match periods.as_array() {
        Some(codes) => codes.iter().filter_map(|code| Some(format!("narrative/{report}/{}", code.as_str()?))).collect(),
        None => vec![format!("narrative/{report}")],
    }
}

/// A file for each section that is written, in each language; what is there stays. Gives how many were made.
fn make_sections(
    project: &Path,
    folders: &[String],
    profile: &Profile,
    documents: &[Vec<String>],
) -> std::io::Result<usize> {
    let mut languages: Vec<&String> = documents.iter().flatten().collect();
    languages.sort();
    languages.dedup();
    let mut made = 0;
    for folder in folders {
        let place = project.join(folder);
        fs::create_dir_all(&place)?;
        for lang in &languages {
            for (section, text) in section_texts(profile, &Lang::new(lang)) {
                let name = format!("{section}.{lang}.md");
                if !place.join(&name).exists() {
                    write_new(&place, &name, text.as_bytes(), Readers::All)?;
                    made += 1;
                }
            }
        }
    }
    Ok(made)
}
