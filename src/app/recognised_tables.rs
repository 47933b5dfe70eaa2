//! The tables that a workbook seems to hold which no table is read from yet, each as changes of project.toml.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::MessageLanguage;
use super::project_toml::read_values;
use super::projects::AppProject;
use super::settings::read_source;
use crate::ingest::unconfigured_workbooks::is_table_file;
use crate::model::Lang;
use crate::new_project::{ColumnDraft, ProposedValue, ShapeLine, TableDraft, draft_tables};

/// The tables of a workbook, on the project.toml that has this hash.
#[derive(Serialize)]
pub(super) struct RecognisedTables {
    hash: String,
    tables: Vec<RecognisedTable>,
}

#[derive(Serialize)]
struct RecognisedTable {
    table: String,
    /// Its sheets.
    sheets: Vec<String>,
    /// Its shape in words; none: a row for each fact.
    sentences: Vec<String>,
    /// What it lacks, a line each.
    missing: Vec<String>,
    /// What takes the table from there, whatever project.toml says of it by now.
    changes: Vec<Json>,
}

/// What a workbook of a project seems to hold; `None` if project.toml can't be read, or there is no such workbook.
pub(super) fn recognised_tables(
    project: &AppProject,
    file: &str,
    language: &MessageLanguage,
) -> Option<RecognisedTables> {
    let (source, hash) = read_source(&project.path)?;
    let values = read_values(&source).ok()?;
    let is_plain = !file.contains(['/', '\\']) && is_table_file(file) && project.path.join(file).is_file();
    let tags = values.get("languages").and_then(Json::as_array).cloned().unwrap_or_default();
    let languages: Vec<Lang> = tags.iter().filter_map(Json::as_str).map(Lang::new).collect();
    let drafts = is_plain.then(|| draft_tables(&project.path, file, &languages, &language.catalogue))?;
    let recognised = |(draft, sentences): (TableDraft, Vec<String>)| {
        let own = values.pointer(&format!("/tables/{}", draft.table));
        RecognisedTable {
            changes: changes(&draft, own.and_then(Json::as_object)),
            sheets: draft.sheet.iter().filter(|_| draft.sheets.is_empty()).chain(&draft.sheets).cloned().collect(),
            missing: draft.remark.iter().flat_map(|remark| remark.lines()).map(str::to_owned).collect(),
            table: draft.table,
            sentences,
        }
    };
    Some(RecognisedTables { hash, tables: drafts.into_iter().map(recognised).collect() })
}

/// Takes out what is said of a table, and says what is proposed.
fn changes(draft: &TableDraft, own: Option<&Map<String, Json>>) -> Vec<Json> {
    let place = |rest: &[&str]| {
        let way = ["tables", draft.table.as_str()].into_iter().chain(rest.iter().copied());
        way.map(str::to_owned).collect::<Vec<String>>()
    };
    let set = |rest: &[&str], value: Json| json!({ "at": place(rest), "set": value });
    let gone = own.into_iter().flat_map(Map::keys);
    let mut changes: Vec<Json> = gone.map(|key| json!({ "at": place(&[key]), "unset": null })).collect();
    match draft.files.as_slice() {
        [] => {}
        [one] if !one.contains('*') => changes.push(set(&["file"], json!(one))),
        [pattern] => changes.push(set(&["files"], json!(pattern))),
        several => changes.push(set(&["files"], json!(several))),
    }
    match (&draft.sheet, draft.sheets.as_slice()) {
        (Some(sheet), []) => changes.push(set(&["sheet"], json!(sheet))),
        (None, []) => {}
        (_, several) => changes.push(set(&["sheets"], json!(several))),
    }
    for line in &draft.shape {
        match line {
            ShapeLine::Key { key, value, .. } => changes.push(set(&[key], proposed(value))),
            ShapeLine::Remark(_) => {}
            ShapeLine::Counts { parts, total } => {
                let parts: Map<String, Json> =
                    parts.iter().map(|(heading, condition)| (heading.clone(), json!(condition))).collect();
                let total = total.iter().map(|total| ("total", json!(total)));
                let block: Vec<(&str, Json)> = [("parts", Json::Object(parts))].into_iter().chain(total).collect();
                changes.push(json!({ "at": place(&["counts"]), "add": block }));
            }
        }
    }
    for ColumnDraft { name, lang, heading, split, .. } in &draft.columns {
        changes.push(match (lang, split.as_slice()) {
            (Some(lang), _) => set(&["columns", name, lang.as_str()], json!(heading)),
            (None, []) => set(&["columns", name], json!(heading)),
            (None, split) => set(&["columns", name], json!({ "heading": heading, "split": split })),
        });
    }
    changes
}

fn proposed(value: &ProposedValue) -> Json {
    match value {
        ProposedValue::Text(text) => json!(text),
        ProposedValue::Bool(flag) => json!(flag),
        ProposedValue::Texts(texts) => json!(texts),
        ProposedValue::Table(entries) => {
            Json::Object(entries.iter().map(|(key, value)| ((*key).to_owned(), proposed(value))).collect())
        }
    }
}
