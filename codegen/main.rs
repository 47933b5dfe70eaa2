//! The build script. Makes Rust of what users read, and stops the build where a language lacks a text or where the
//! placeholders of two languages differ:
//!
//! - `templates/labels/`, the fixed phrases of documents → a table (`locale`),
//! - `templates/messages/`, problems and phrases of commands → one type per code and a table (`diagnostic`).
//!
//! Also gives a program for Windows its icon and version, and every program a fingerprint of what it was built from, so that documents are made again when it changes.

pub mod labels;
pub mod messages;
pub mod types;
pub mod windows;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rustc-env=DONOR_REPORT_FINGERPRINT={:016x}", fingerprint());
    windows::embed_resources();
    let mut faults = Vec::new();
    let labels = labels::generate(Path::new("templates/labels"), &mut faults);
    let folder = Path::new("templates/messages");
    let problems = messages::read(folder, &mut faults);
    let phrases = messages::read(&folder.join("phrases"), &mut faults);
    messages::check_forms([&problems, &phrases], &phrases, &mut faults);
    let generated = [
        ("labels.rs", labels),
        ("wordings.rs", messages::tables(&problems, &phrases)),
        // How often a problem occurs is known to the problem.
        ("problem_kinds.rs", types::generate(&problems, "ProblemKind", &["count"], &mut faults)),
        ("phrases.rs", types::generate(&phrases, "Phrase", &[], &mut faults)),
    ];
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    for (name, text) in generated {
        if let Err(error) = fs::write(target.join(name), text) {
            faults.push(format!("{name}: {error}"));
        }
    }
    for fault in &faults {
        println!("cargo::error={}", fault.replace('\n', " "));
    }
}

/// One number for all sources, templates and dependencies.
fn fingerprint() -> u64 {
    let mut hasher = DefaultHasher::new();
    for root in ["codegen", "src", "templates", "Cargo.lock"] {
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

/// The TOML files of a folder by name, with what they hold.
fn toml_files(folder: &Path, faults: &mut Vec<String>) -> Vec<(String, toml::Table)> {
    let mut files = Vec::new();
    match fs::read_dir(folder) {
        Ok(entries) => files.extend(entries.flatten().map(|entry| entry.path())),
        Err(error) => faults.push(format!("{}: {error}", folder.display())),
    }
    files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    let mut tables = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let text = fs::read_to_string(&file).map_err(|error| error.to_string());
        match text.and_then(|text| text.parse::<toml::Table>().map_err(|error| error.to_string())) {
            Ok(table) => tables.push((name, table)),
            Err(error) => faults.push(format!("{name}: {error}")),
        }
    }
    tables
}

/// The names in braces, as often as they occur, without the form in which they are written (`{old:number}`); other text in
/// braces (`{{actual "I1"}}`) is no placeholder.
pub fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    placeholders_with_forms(text).map(|(name, _)| name)
}

/// The names in braces, each with the form that stands behind it after a colon.
pub fn placeholders_with_forms(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = text;
    let in_braces = std::iter::from_fn(move || {
        let (name, after) = rest.split_once('{')?.1.split_once('}')?;
        rest = after;
        Some(name)
    });
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let parts = in_braces.map(|content| match content.split_once(':') {
        Some((name, form)) => (name, Some(form)),
        None => (content, None),
    });
    parts.filter(move |(name, form)| is_name(name) && form.is_none_or(is_name))
}
