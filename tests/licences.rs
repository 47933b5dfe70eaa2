//! THIRD-PARTY.md: every library of Cargo.lock with its licence, and the texts that must go with the program.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const OPENING: &str = "# Libraries in donor-report

Every library that the program is built with, on any system, and its licence. Where one offers a choice that includes the
Apache License 2.0, this is the licence taken; its text stands once. The fonts are under the SIL Open Font License
(`templates/fonts/LICENSE_FONT`). `donor-report licences` prints all of it.
Last come the JavaScript libraries that `editor/bundle` makes the editor of the app's page of.
This page is written by a test (`UPDATE_GOLDEN=1 cargo test --release --test suite licences`).
";

const APACHE: &str = "Apache-2.0";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Name and version of every library in Cargo.lock, where our own package has no source, and of those in the page's editor.
fn locked() -> BTreeSet<(String, String)> {
    let lock: toml::Table = toml::from_str(&read("Cargo.lock")).expect("Cargo.lock");
    let packages =
        lock["package"].as_array().expect("packages").iter().filter(|package| package.get("source").is_some());
    let text = |package: &toml::Value, key: &str| package[key].as_str().expect("a text").to_owned();
    let of_program = packages.map(|package| (text(package, "name"), text(package, "version")));
    of_program.chain(bundled()).collect()
}

/// Name and version of every JavaScript library in the page's editor; those that only make the bundle aren't in it.
fn bundled() -> Vec<(String, String)> {
    let lock: Value = serde_json::from_str(&read("editor/package-lock.json")).expect("package-lock.json");
    let packages = lock["packages"].as_object().expect("packages").iter();
    let shipped = packages.filter(|(path, package)| !path.is_empty() && package["dev"] != true);
    let name = |path: &str| path.rsplit("node_modules/").next().unwrap_or_default().to_owned();
    let version = |package: &Value| package["version"].as_str().expect("a version").to_owned();
    let libraries: Vec<(String, String)> = shipped.map(|(path, package)| (name(path), version(package))).collect();
    assert!(libraries.iter().any(|(name, _)| name == "@codemirror/view"), "the lock file is another's");
    libraries
}

/// Name, version and licence of every row of the page's table.
fn listed(page: &str) -> Vec<(String, String, String)> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    rows.map(|row| row.split(" | ").map(str::to_owned).collect::<Vec<_>>())
        .filter(|cells| cells.len() == 3 && cells[0] != "library")
        .map(|cells| (cells[0].clone(), cells[1].clone(), cells[2].clone()))
        .collect()
}

#[test]
fn every_library_of_cargo_lock_is_listed() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(root().join("THIRD-PARTY.md"), page()).expect("written");
        return;
    }
    let listed: BTreeSet<(String, String)> =
        listed(&read("THIRD-PARTY.md")).into_iter().map(|(name, version, _)| (name, version)).collect();
    let locked = locked();
    let missing: Vec<_> = locked.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&locked).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "missing {missing:?}, gone {gone:?}; UPDATE_GOLDEN=1 writes the page"
    );
}

#[test]
fn every_licence_is_one_that_deny_toml_allows() {
    let deny: toml::Table = toml::from_str(&read("deny.toml")).expect("deny.toml");
    let allowed: Vec<&str> =
        deny["licenses"]["allow"].as_array().expect("a list").iter().filter_map(toml::Value::as_str).collect();
    let listed = listed(&read("THIRD-PARTY.md"));
    assert!(listed.len() > 100);
    for (name, _, licence) in &listed {
        assert!(holds(licence, &allowed), "{name} is under {licence}");
    }
    assert!(!holds("GPL-3.0-only", &allowed) && !holds("MIT AND GPL-3.0-only", &allowed), "the check sees nothing");
}

/// Whether an SPDX expression can be met with the allowed licences. None of the expressions nests deeper than once.
fn holds(expression: &str, allowed: &[&str]) -> bool {
    let mut resolved = expression.replace('/', " OR ");
    while let Some((open, close)) = resolved.find('(').and_then(|open| Some((open, resolved.find(')')?))) {
        let inner = holds(&resolved[open + 1..close], allowed);
        resolved.replace_range(open..=close, if inner { "TRUE" } else { "FALSE" });
    }
    let one = |licence: &str| licence.trim() == "TRUE" || allowed.contains(&licence.trim());
    resolved.split(" AND ").all(|part| part.split(" OR ").any(one))
}

/// Whether the Apache License is among the choices, whatever else is offered.
fn takes_apache(licence: &str) -> bool {
    !licence.contains(" AND ") && licence.replace('/', " OR ").split(" OR ").any(|choice| choice.trim() == APACHE)
}

fn page() -> String {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo's metadata");
    let packages = metadata["packages"].as_array().expect("packages").iter();
    let mut rows = BTreeMap::new();
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages.filter(|package| !package["source"].is_null()) {
        let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        let (name, version, licence) = (text("name"), text("version"), text("license"));
        let folder = PathBuf::from(text("manifest_path")).parent().expect("a folder").to_owned();
        for text in own_texts(&folder, &licence) {
            texts.entry(text).or_default().insert(format!("{name} {version}"));
        }
        rows.insert((name, version), licence);
    }
    let mut page = OPENING.to_owned();
    page.push_str("\n| library | version | licence |\n|---|---|---|\n");
    for ((name, version), licence) in &rows {
        writeln!(page, "| {name} | {version} | {licence} |").expect("a text");
    }
    let apache = read("LICENSE-APACHE");
    write!(page, "\n## {APACHE}\n\n```text\n{}\n```\n", apache.trim()).expect("a text");
    let mut by_users: Vec<(String, String)> =
        texts.into_iter().map(|(text, users)| (users.into_iter().collect::<Vec<_>>().join(", "), text)).collect();
    by_users.sort();
    for (users, text) in by_users {
        write!(page, "\n## {users}\n\n```text\n{text}\n```\n").expect("a text");
    }
    let editor = read("editor/licences.txt");
    write!(page, "\n## The editor of the page\n\n| library | version | licence |\n|---|---|---|\n{editor}")
        .expect("a text");
    page
}

/// The texts that a library brings along: all of them, or only its notices where the Apache License is taken.
fn own_texts(folder: &Path, licence: &str) -> Vec<String> {
    let mut names: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    names.sort();
    let wanted = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let beginnings: &[&str] =
            if takes_apache(licence) { &["notice"] } else { &["licen", "copying", "unlicense", "notice"] };
        path.is_file() && beginnings.iter().any(|beginning| name.starts_with(beginning))
    };
    let texts = names.iter().filter(|path| wanted(path)).filter_map(|path| fs::read_to_string(path).ok());
    texts.map(|text| text.replace("\r\n", "\n").replace("```", "'''").trim().to_owned()).collect()
}
