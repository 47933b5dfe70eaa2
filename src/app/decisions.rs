//! What an officer may decide about a problem instead of mending a cell: accept it up to a number, say who is one person
//! and who isn't, name columns that aren't needed. Each decision is a change of project.toml.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::MessageLanguage;
use super::project_toml::read_values;
use super::projects::AppProject;
use super::reading::Reading;
use super::settings::read_source;
use super::settings_form::table_groups;
use super::writing_view::{LanguageName, language_name};
use crate::diagnostic::{Problem, kinds};
use crate::ingest::can_be_waived;
use crate::ingest::layout::TableKind;
use crate::ingest::project_sheets::read_project_sheets;

/// What can be decided, on a file that the page then knows.
#[derive(Serialize)]
pub(super) struct DecisionsView {
    /// Of project.toml.
    hash: String,
    decisions: Vec<DecisionView>,
    /// What a reason is asked in.
    languages: Vec<LanguageName>,
}

#[derive(Serialize)]
struct DecisionView {
    kind: DecisionKind,
    /// What the page says it is about: a table, a heading, two persons.
    about: Vec<String>,
    /// Changes of project.toml, as the page sends them.
    changes: Vec<Json>,
    /// Where in the last change the reason goes; the page asks for it.
    asks_reason: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum DecisionKind {
    /// Accept as many as there are now.
    Waive,
    /// Accept more than before.
    WaiveMore,
    /// Two codes are one person.
    Same,
    /// They are two.
    Different,
    /// A column isn't needed.
    Ignore,
}

/// The decisions about a problem of a reading; `None` if project.toml can't be read.
pub(super) fn decisions_about(
    reading: &Reading,
    project: &AppProject,
    at: usize,
    language: &MessageLanguage,
) -> Option<DecisionsView> {
    let problem = reading.problems.get(at)?;
    let (source, hash) = read_source(&project.path)?;
    let values = read_values(&source).ok()?;
    let argument = |name: &str| problem.args.get(name).cloned().unwrap_or_default();
    let mut decisions = Vec::new();
    if problem.code == kinds::ProbableDuplicate::CODE {
        let persons = vec![argument("value"), argument("known")];
        if persons.iter().all(|code| !code.is_empty()) {
            decisions.push(link(DecisionKind::Same, "same", persons.clone(), &values));
            decisions.push(link(DecisionKind::Different, "different", persons, &values));
        }
    }
    if problem.code == kinds::UnreadEvidence::CODE {
        let (table, heading) = (argument("table"), argument("heading"));
        let mut ignored = list_at(&values, &format!("/tables/{table}/ignore"));
        ignored.push(json!(heading));
        let change = json!({ "at": ["tables", table, "ignore"], "set": ignored });
        decisions.push(plain(DecisionKind::Ignore, vec![heading], vec![change]));
    }
    if problem.code == kinds::TooManyWaived::CODE {
        let (code, table) = (argument("problem"), argument("table"));
        let found: u64 = argument("found").parse().ok()?;
        if let Some(place) = waiver_place(&values, &code, &table) {
            let change = json!({ "at": ["waive", place, "at_most"], "set": found });
            decisions.push(plain(DecisionKind::WaiveMore, vec![found.to_string()], vec![change]));
        }
    }
    if problem.is_error() && can_be_waived(problem.code) {
        for table in tables_of(problem, project) {
            if waiver_place(&values, problem.code, table).is_some() {
                continue;
            }
            let count: u64 = of_kind(reading, problem).map(|other| other.count).sum();
            let waiver = json!([["problem", problem.code], ["table", table], ["at_most", count], ["reason", {}]]);
            let change = json!({ "at": ["waive"], "add": waiver });
            let name = table_groups(&values, &[table], language).pop().map(|group| group.label);
            let about = vec![count.to_string(), name.unwrap_or_default()];
            let decision = plain(DecisionKind::Waive, about, vec![change]);
            decisions.push(DecisionView { asks_reason: true, ..decision });
        }
    }
    let languages = reading.settings.iter().flat_map(|settings| &settings.languages).map(language_name).collect();
    Some(DecisionsView { hash, decisions, languages })
}

fn plain(kind: DecisionKind, about: Vec<String>, changes: Vec<Json>) -> DecisionView {
    DecisionView { kind, about, changes, asks_reason: false }
}

/// Two persons added to a list of pairs.
fn link(kind: DecisionKind, key: &str, persons: Vec<String>, values: &Json) -> DecisionView {
    let mut pairs = list_at(values, &format!("/persons/{key}"));
    pairs.push(json!(persons));
    let change = json!({ "at": ["persons", key], "set": pairs });
    plain(kind, persons, vec![change])
}

fn list_at(values: &Json, place: &str) -> Vec<Json> {
    values.pointer(place).and_then(Json::as_array).cloned().unwrap_or_default()
}

/// Place of the waiver of a kind of problem in a table.
fn waiver_place(values: &Json, problem: &str, table: &str) -> Option<usize> {
    let waivers = values.get("waive")?.as_array()?;
    let is_same =
        |waiver: &Json| waiver.get("problem") == Some(&json!(problem)) && waiver.get("table") == Some(&json!(table));
    waivers.iter().position(is_same)
}

/// The problems that one waiver would accept.
fn of_kind<'r>(reading: &'r Reading, problem: &Problem) -> impl Iterator<Item = &'r Problem> {
    let sheet = |problem: &Problem| {
        let place = problem.places.first()?;
        Some((place.file.clone(), place.sheet_name().map(str::to_owned)))
    };
    let (code, own) = (problem.code, sheet(problem));
    reading.problems.iter().filter(move |other| other.code == code && other.is_error() && sheet(other) == own)
}

/// The tables that are read from the sheet of a problem; of those of persons attendance, where the problem names no other.
fn tables_of(problem: &Problem, project: &AppProject) -> Vec<&'static str> {
    let named = problem.args.get("table").and_then(|table| TableKind::ALL.iter().find(|kind| kind.name() == table));
    if let Some(kind) = named {
        return vec![kind.name()];
    }
    let Some(place) = problem.places.first() else { return Vec::new() };
    let sheets = read_project_sheets(&project.path).into_iter();
    let mut of_sheet = sheets.filter(|sheet| sheet.file == place.file && sheet.sheet.as_deref() == place.sheet_name());
    of_sheet.next().map(|sheet| sheet.tables.iter().map(|kind| kind.name()).collect()).unwrap_or_default()
}
