//! The fixed phrases of documents in `templates/labels/` as one table: `labels.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use super::{placeholders, toml_files};

/// Dotted key → file and text by language.
type Labels = BTreeMap<String, (String, BTreeMap<String, String>)>;

/// The one that a language may lack: who has read it.
const OPTIONAL: &str = "language.read-by";

/// The table of all labels; what is wrong with them is added to `faults`.
pub fn generate(folder: &Path, faults: &mut Vec<String>) -> String {
    let mut labels = Labels::new();
    for (file, table) in toml_files(folder, faults) {
        collect(&table, "", &file, &mut labels, faults);
    }
    let languages: BTreeSet<String> = labels.values().flat_map(|(_, texts)| texts.keys().cloned()).collect();
    for (key, (file, texts)) in &labels {
        check(key, file, texts, &languages, faults);
    }
    table_of(&labels, &languages)
}

/// Walks the tables down to phrases: a table all of whose values are texts is one phrase, by language.
fn collect(table: &toml::Table, path: &str, file: &str, labels: &mut Labels, faults: &mut Vec<String>) {
    for (name, value) in table {
        let key = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let Some(inner) = value.as_table() else {
            faults.push(format!("{file}: `{key}` is not a phrase by language"));
            continue;
        };
        let texts: BTreeMap<String, String> =
            inner.iter().filter_map(|(lang, text)| Some((lang.clone(), text.as_str()?.to_owned()))).collect();
        if texts.is_empty() {
            collect(inner, &key, file, labels, faults);
        } else if texts.len() < inner.len() {
            faults.push(format!("{file}: `{key}` mixes phrases with something else"));
        } else if labels.insert(key.clone(), (file.to_owned(), texts)).is_some() {
            faults.push(format!("{file}: `{key}` is there twice"));
        }
    }
}

fn check(
    key: &str,
    file: &str,
    texts: &BTreeMap<String, String>,
    languages: &BTreeSet<String>,
    faults: &mut Vec<String>,
) {
    let missing: Vec<&str> = languages
        .iter()
        .filter(|lang| texts.get(*lang).is_none_or(|text| text.is_empty()))
        .map(String::as_str)
        .collect();
    if !missing.is_empty() && key != OPTIONAL {
        faults.push(format!("{file}: `{key}` is missing in {}", missing.join(", ")));
    }
    let placeholders: BTreeSet<BTreeSet<&str>> = texts.values().map(|text| placeholders_of(text)).collect();
    if placeholders.len() > 1 {
        faults.push(format!("{file}: `{key}` has different {{placeholders}} in different languages"));
    }
}

/// The placeholders of a label but those of dates: a date is written in more or fewer pieces in different languages.
fn placeholders_of(text: &str) -> BTreeSet<&str> {
    let of_days = ["day", "dd", "mm", "mon", "month", "year"];
    placeholders(text).filter(|name| !of_days.contains(&name.trim_end_matches('2'))).collect()
}

fn table_of(labels: &Labels, languages: &BTreeSet<String>) -> String {
    let mut out = String::new();
    // Writing to a String can't fail.
    let _ = writeln!(out, "static LANGUAGES: &[&str] = &{:?};", languages.iter().collect::<Vec<_>>());
    let _ = writeln!(out, "static PHRASES: &[(&str, &[&str])] = &[");
    for (key, (_, texts)) in labels {
        let row: Vec<&str> = languages.iter().map(|lang| texts.get(lang).map_or("", String::as_str)).collect();
        let _ = writeln!(out, "    ({key:?}, &{row:?}),");
    }
    out.push_str("];\n");
    out
}
