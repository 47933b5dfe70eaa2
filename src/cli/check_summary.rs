//! `donor-report check --summary`: a portfolio, a line for each project.

use std::path::Path;

use clap::ValueEnum;
use serde_json::{Map, Value, json};

use super::{Exit, ProjectFolder, Terminal};
use crate::indicators::Status;
use crate::model::Lang;
use crate::pipeline::ProjectSummary;
use crate::report::figures::csv_row;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SummaryFormat {
    Json,
    Csv,
}

/// Prints the state of each project: one JSON object a line, or one line of CSV under a line of names.
pub(super) fn print_summary(folders: &[ProjectFolder], out: &Path, format: SummaryFormat, terminal: &Terminal) -> Exit {
    let lang = Lang::new(terminal.catalogue().lang());
    let mut exit = Exit::Done;
    for (at, folder) in folders.iter().enumerate() {
        let state = ProjectSummary::read(&folder.path, out);
        if state.errors > 0 {
            exit = Exit::Problems;
        }
        let columns = columns(&state, &folder.shown, &lang);
        match format {
            SummaryFormat::Json => {
                let mut line: Map<String, Value> = Map::new();
                line.insert("schema".to_owned(), json!(1));
                line.extend(columns.into_iter().map(|(name, value)| (name.to_owned(), value)));
                terminal.print_result(&Value::Object(line).to_string());
            }
            SummaryFormat::Csv => {
                if at == 0 {
                    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
                    terminal.print_result(&csv_row(&names));
                }
                let cells: Vec<String> = columns.iter().map(|(_, value)| cell(value)).collect();
                let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                terminal.print_result(&csv_row(&cells));
            }
        }
    }
    exit
}

/// Names and values; what isn't known is null.
fn columns(state: &ProjectSummary, folder: &str, lang: &Lang) -> Vec<(&'static str, Value)> {
    let settings = state.settings.as_ref();
    let title = settings.and_then(|settings| settings.title.in_order(lang, &settings.languages));
    let (next, standing) = (state.next.as_ref(), state.standing.as_ref());
    let word = match state {
        ProjectSummary { errors: 1.., .. } => "errors",
        ProjectSummary { up_to_date: true, .. } => "up_to_date",
        _ => "to_build",
    };
    let mut columns = vec![
        ("project", json!(folder)),
        ("code", json!(settings.map(|settings| &settings.code))),
        ("title", json!(title)),
        ("state", json!(word)),
        ("errors", json!(state.errors)),
        ("warnings", json!(state.warnings)),
        ("units", json!(settings.map(|_| state.units))),
        ("sent", json!(state.sent)),
        ("restated", json!(state.restated)),
        ("next_report", json!(next.map(|next| &next.report))),
        ("next_period", json!(next.map(|next| &next.period.code))),
        ("next_ends", json!(next.map(|next| next.period.end.to_string()))),
        ("period", json!(standing.map(|standing| &standing.period))),
        ("period_ends", json!(standing.map(|standing| standing.ends.to_string()))),
    ];
    for (at, status) in Status::ALL.into_iter().enumerate() {
        columns.push((status.code(), json!(standing.map(|standing| standing.by_status[at]))));
    }
    columns.push(("no_data", json!(standing.map(|standing| standing.no_data))));
    columns
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
