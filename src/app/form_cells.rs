//! A donor's form that is a workbook, cell by cell, with what project.toml puts into each.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::project_toml::read_values;
use super::projects::AppProject;
use super::settings::read_source;
use crate::diagnostic::column_name;
use crate::ingest::project_sheets::{FormSheetText, read_form_sheets};

/// The cells of a form.
#[derive(Serialize)]
pub(super) struct FormCellsView {
    /// Of project.toml.
    hash: String,
    sheets: Vec<FormSheetView>,
    /// Address (`Report!D12`) → what is put there.
    written: Map<String, Json>,
}

#[derive(Serialize)]
struct FormSheetView {
    name: String,
    columns: Vec<String>,
    rows: Vec<(u32, Vec<String>)>,
}

/// The form at a place of `[[forms]]`; `None` if it is no workbook that can be read.
pub(super) fn form_cells(project: &AppProject, at: usize) -> Option<FormCellsView> {
    let (source, hash) = read_source(&project.path)?;
    let values = read_values(&source).ok()?;
    let form = values.get("forms")?.get(at)?;
    let sheets = read_form_sheets(&project.path, form.get("file")?.as_str()?)?;
    let view = |sheet: FormSheetText| {
        let width = sheet.rows.first().map_or(0, |(_, cells)| cells.len() as u32);
        FormSheetView { name: sheet.name, columns: (0..width).map(column_name).collect(), rows: sheet.rows }
    };
    let written = form.get("cells").and_then(Json::as_object).cloned().unwrap_or_default();
    Some(FormCellsView { hash, sheets: sheets.into_iter().map(view).collect(), written })
}
