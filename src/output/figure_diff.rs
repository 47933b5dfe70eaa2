use std::collections::BTreeMap;

use serde_json::Value;

use super::{CountedColumns, EvidenceFile, Record, RecordedRows, RowChanges, StateComparison};

/// A released figure that is not what it was: `2017-Q1/quarterly`, I14, `period`, 512 → 518.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureChange {
    /// `<period>/<report>`
    pub document: String,
    /// Its code.
    pub indicator: String,
    /// Which value (`actual.period`, `by.sex.F.cumulative`, `target.due`, `status` …).
    pub field: String,
    /// As figures.json writes it; `None` where it has no such field.
    pub old: Option<String>,
    /// As `old`.
    pub new: Option<String>,
    /// The rows that caused it, where they are known.
    pub rows: RowChanges,
}

/// What differs between two sets of released figures (`<period>/<report>` → indicators of figures.json), in the order of
/// documents and indicators. A document that is only in one of them has no changes.
pub fn diff_figures(old: &BTreeMap<String, Value>, new: &BTreeMap<String, Value>) -> Vec<FigureChange> {
    let mut changes = Vec::new();
    for (document, new_indicators) in new {
        let Some(old_indicators) = old.get(document) else { continue };
        let old_by_code = fields_by_code(old_indicators);
        let new_by_code = fields_by_code(new_indicators);
        for (code, indicator) in &new_by_code {
            let before = old_by_code.iter().find(|(other, _)| other == code).map(|(_, fields)| fields);
            let empty = BTreeMap::new();
            diff_fields(document, code, before.unwrap_or(&empty), indicator, &mut changes);
        }
        for (code, fields) in &old_by_code {
            if !new_by_code.iter().any(|(other, _)| other == code) {
                diff_fields(document, code, fields, &BTreeMap::new(), &mut changes);
            }
        }
    }
    changes
}

fn diff_fields(
    document: &str,
    code: &str,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    changes: &mut Vec<FigureChange>,
) {
    let mut fields: Vec<&String> = old.keys().chain(new.keys()).collect();
    fields.sort();
    fields.dedup();
    for field in fields {
        if old.get(field) != new.get(field) {
            changes.push(FigureChange {
                document: document.to_owned(),
                indicator: code.to_owned(),
                field: field.clone(),
                old: old.get(field).cloned(),
                new: new.get(field).cloned(),
                rows: RowChanges::default(),
            });
        }
    }
}

/// Each indicator's values, flattened to dotted names; texts (titles, units) are not figures.
fn fields_by_code(indicators: &Value) -> Vec<(String, BTreeMap<String, String>)> {
    let list = indicators.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .filter_map(|indicator| {
            let code = indicator.get("code")?.as_str()?.to_owned();
            let mut fields = BTreeMap::new();
            for (key, value) in indicator.as_object()? {
                // Periods beside are diffed as reports of their own.
                if !matches!(key.as_str(), "code" | "unit" | "level" | "periods") {
                    flatten(key, value, &mut fields);
                }
            }
            Some((code, fields))
        })
        .collect()
}

fn flatten(name: &str, value: &Value, fields: &mut BTreeMap<String, String>) {
    match value {
        Value::Null => {}
        Value::Object(map) => {
            if let (Some(from), Some(to)) = (map.get("from"), map.get("to")) {
                fields.insert(name.to_owned(), format!("{from}–{to}"));
            } else if let Some(limit) = map.get("below") {
                fields.insert(name.to_owned(), format!("<{limit}"));
            } else if map.contains_key("withheld") {
                fields.insert(name.to_owned(), "·".to_owned());
            } else {
                for (key, inner) in map {
                    flatten(&format!("{name}.{key}"), inner, fields);
                }
            }
        }
        Value::String(text) => {
            fields.insert(name.to_owned(), text.clone());
        }
        other => {
            fields.insert(name.to_owned(), other.to_string());
        }
    }
}

/// Adds to each change the rows that caused it, where both builds kept them.
pub fn add_row_changes(changes: &mut [FigureChange], old: (&Record, &EvidenceFile), new: (&Record, &EvidenceFile)) {
    for document in changes.chunk_by_mut(|one, next| one.document == next.document) {
        let name = document[0].document.clone();
        let (Some(old_rows), Some(new_rows)) = (evidence_rows(old, &name), evidence_rows(new, &name)) else { continue };
        let code = name.split('/').next().unwrap_or_default();
        let Some(period) = new.1.periods.get(code) else { continue };
        let Some(comparison) = StateComparison::between(old_rows, new_rows) else { continue };
        for of_indicator in document.chunk_by_mut(|one, next| one.indicator == next.indicator) {
            // A build keeps no cells.
            let states = comparison.rows_of(&of_indicator[0].indicator, CountedColumns::default());
            let Some(states) = states else { continue };
            for change in of_indicator {
                change.rows = states.changes_behind(&change.field, period);
            }
        }
    }
}

fn evidence_rows<'a>((record, evidence): (&Record, &'a EvidenceFile), document: &str) -> Option<&'a RecordedRows> {
    evidence.rows.get(record.units.get(document)?)
}
