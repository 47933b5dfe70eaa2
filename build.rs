//! Turns the fixed phrases of `templates/labels/` into a table of the program, and stops the build where a language
//! lacks one or where its placeholders differ; and gives the program a fingerprint of what it was built from, so that
//! documents are made again when it changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

type Phrases = BTreeMap<String, (String, BTreeMap<String, String>)>;

fn main() {
    println!("cargo::rustc-env=DONOR_REPORT_FINGERPRINT={:016x}", fingerprint());
    let labels = Path::new("templates/labels");
    let mut phrases = Phrases::new();
    let mut faults = Vec::new();
    for file in files_of(labels, &mut faults) {
        let name = file.display().to_string();
        let parsed = fs::read_to_string(&file)
            .map_err(|error| error.to_string())
            .and_then(|text| toml::from_str::<toml::Table>(&text).map_err(|error| error.to_string()));
        match parsed {
            Ok(table) => collect(&table, "", &name, &mut phrases, &mut faults),
            Err(error) => faults.push(format!("{name}: {error}")),
        }
    }
    let languages: BTreeSet<String> = phrases.values().flat_map(|(_, texts)| texts.keys().cloned()).collect();
    for (key, (file, texts)) in &phrases {
        check(key, file, texts, &languages, &mut faults);
    }
    for fault in &faults {
        println!("cargo::error={}", fault.replace('\n', " "));
    }
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("phrases.rs");
    if let Err(error) = fs::write(&target, table_of(&phrases, &languages)) {
        println!("cargo::error={}: {error}", target.display());
    }
}

/// One number for all sources, templates and dependencies.
fn fingerprint() -> u64 {
    let mut hasher = DefaultHasher::new();
    for root in ["src", "templates", "Cargo.lock"] {
        println!("cargo::rerun-if-changed={root}");
        let mut files = Vec::new();
        walk(Path::new(root), &mut files);
        files.sort();
        for file in files {
            file.to_string_lossy().replace('\\', "/").hash(&mut hasher);
            fs::read(&file).unwrap_or_default().hash(&mut hasher);
        }
    }
    hasher.finish()
}

fn walk(path: &Path, files: &mut Vec<PathBuf>) {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().for_each(|entry| walk(&entry.path(), files)),
        Err(_) => files.push(path.to_owned()),
    }
}

fn files_of(folder: &Path, faults: &mut Vec<String>) -> Vec<PathBuf> {
    match fs::read_dir(folder) {
        Ok(entries) => {
            let mut files: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
            files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
            files.sort();
            files
        }
        Err(error) => {
            faults.push(format!("{}: {error}", folder.display()));
            Vec::new()
        }
    }
}

/// Walks the tables down to phrases: a table all of whose values are texts is one phrase, by language.
fn collect(table: &toml::Table, path: &str, file: &str, phrases: &mut Phrases, faults: &mut Vec<String>) {
    for (name, value) in table {
        let key = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let Some(inner) = value.as_table() else {
            faults.push(format!("{file}: `{key}` is not a phrase by language"));
            continue;
        };
        let texts: BTreeMap<String, String> =
            inner.iter().filter_map(|(lang, text)| Some((lang.clone(), text.as_str()?.to_owned()))).collect();
        if texts.is_empty() {
            collect(inner, &key, file, phrases, faults);
        } else if texts.len() < inner.len() {
            faults.push(format!("{file}: `{key}` mixes phrases with something else"));
        } else if phrases.insert(key.clone(), (file.to_owned(), texts)).is_some() {
            faults.push(format!("{file}: `{key}` stands twice"));
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
    if !missing.is_empty() {
        faults.push(format!("{file}: `{key}` is missing in {}", missing.join(", ")));
    }
    let placeholders: BTreeSet<Vec<&str>> = texts.values().map(|text| placeholders_of(text)).collect();
    if placeholders.len() > 1 {
        faults.push(format!("{file}: `{key}` has different {{placeholders}} in different languages"));
    }
}

fn placeholders_of(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    found.sort_unstable();
    found.dedup();
    // A date is written in more or fewer pieces in different languages.
    let of_days = ["day", "dd", "mm", "mon", "month", "year"];
    found.retain(|name| !of_days.contains(&name.trim_end_matches('2')));
    found
}

fn table_of(phrases: &Phrases, languages: &BTreeSet<String>) -> String {
    let mut out = String::new();
    // Writing to a String can't fail.
    let _ = writeln!(out, "static LANGUAGES: &[&str] = &{:?};", languages.iter().collect::<Vec<_>>());
    let _ = writeln!(out, "static PHRASES: &[(&str, &[&str])] = &[");
    for (key, (_, texts)) in phrases {
        let row: Vec<&str> = languages.iter().map(|lang| texts.get(lang).map_or("", String::as_str)).collect();
        let _ = writeln!(out, "    ({key:?}, &{row:?}),");
    }
    out.push_str("];\n");
    out
}
