//! The pages of the repository hold together: links lead somewhere, and commands that they name are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use donor_report::fold::{self, Script};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The pages that people read, below these folders and in the repository's root.
fn pages() -> Vec<PathBuf> {
    let folders = ["", "docs", "docs/decisions", "inputs", ".github"];
    let entries = folders.iter().flat_map(|folder| fs::read_dir(root().join(folder)).expect("a folder").flatten());
    entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect()
}

/// Targets of links to files, without their anchors.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let local = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
    local.map(|target| target.split('#').next().unwrap_or(target))
}

#[test]
fn every_link_of_a_page_leads_to_a_file() {
    let mut count = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        for link in links(&text).filter(|_| !page.ends_with("THIRD-PARTY.md")) {
            let target = page.parent().expect("a folder").join(link);
            assert!(target.exists(), "{}: {link}", page.display());
            count += 1;
        }
    }
    assert!(count > 20, "only {count} links were found");
}

/// `.ci/run` takes them from there.
#[test]
fn the_two_commands_of_the_readme_are_lines_of_their_own() {
    let text = read("README.md");
    for command in ["cargo run --release -- build", "cargo test --release"] {
        assert!(text.lines().any(|line| line == command), "{command}");
    }
}

#[test]
fn every_decision_is_listed_and_has_its_three_parts() {
    let index = read("docs/decisions/README.md");
    let listed: BTreeSet<&str> = links(&index).collect();
    for entry in fs::read_dir(root().join("docs/decisions")).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == "README.md" {
            continue;
        }
        assert!(listed.contains(name.as_str()), "docs/decisions/README.md doesn't list {name}");
        let text = read(&format!("docs/decisions/{name}"));
        let parts: Vec<&str> = text.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(parts, ["## Context", "## Choice", "## Consequences"], "{name}");
    }
}

/// Names of the recipes that a justfile shows.
fn recipes() -> BTreeSet<String> {
    let text = read("justfile");
    let starts = text.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()));
    let heads = starts.filter(|line| !line.contains(":="));
    let names = heads.filter_map(|line| line.split([' ', ':']).next()).filter(|name| *name != "default");
    names.map(str::to_owned).collect()
}

#[test]
fn contributing_lists_the_recipes_that_there_are() {
    let text = read("CONTRIBUTING.md");
    let named = text.split("`just ").skip(1).filter_map(|rest| rest.split([' ', '`']).next());
    let named: BTreeSet<String> = named.map(str::to_owned).collect();
    assert_eq!(named, recipes());
}

#[test]
fn the_steps_of_ci_that_pages_name_are_there() {
    let script = read(".ci/run");
    let text = read("CONTRIBUTING.md") + &read("justfile");
    let named: Vec<&str> = text.split("`just ci ").skip(1).filter_map(|rest| rest.split('`').next()).collect();
    assert!(!named.is_empty());
    for step in named.iter().flat_map(|steps| steps.split(' ')) {
        assert!(script.contains(&format!("\nstep_{step}() {{\n")), ".ci/run has no step {step}");
    }
}

#[test]
fn the_change_log_has_its_form() {
    let text = read("CHANGELOG.md");
    let mut versions = text.lines().filter_map(|line| line.strip_prefix("## "));
    assert_eq!(versions.next(), Some("Unreleased"));
    let latest = versions.next().and_then(|version| version.split(" - ").next());
    assert_eq!(latest, Some(env!("CARGO_PKG_VERSION")), "the version of Cargo.toml is the latest that was released");
    let kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    for kind in text.lines().filter_map(|line| line.strip_prefix("### ")) {
        assert!(kinds.contains(&kind), "{kind} is no kind of change");
    }
}

/// `rust-toolchain.toml` doesn't ask for a compiler that is older than what Cargo.toml promises to work with.
#[test]
fn the_pinned_compiler_is_no_older_than_the_promised_one() {
    let number = |name: &str, path: [&str; 2]| {
        let table: toml::Table = toml::from_str(&read(name)).expect("a table");
        let version = table[path[0]][path[1]].as_str().expect("a version").to_owned();
        version.split('.').map(|part| part.parse::<u32>().expect("a number")).collect::<Vec<_>>()
    };
    assert!(
        number("rust-toolchain.toml", ["toolchain", "channel"]) >= number("Cargo.toml", ["package", "rust-version"])
    );
}

/// Endings of files that hold sentences.
const SENTENCES: [&str; 7] = ["toml", "md", "txt", "typ", "js", "html", "css"];

fn collect_sentences(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect_sentences(&path, found);
        } else if path.extension().is_some_and(|ending| SENTENCES.iter().any(|known| ending == *known)) {
            found.push(path);
        }
    }
}

/// A Latin letter in a Cyrillic word looks right and is never found again: `сè` with a Latin `è`.
#[test]
fn no_word_that_we_say_mixes_scripts() {
    let mut files = Vec::new();
    for folder in ["templates", "guide", "docs", "inputs", "tests/cli/transcripts"] {
        collect_sentences(&root().join(folder), &mut files);
    }
    assert!(files.len() > 80, "{} files", files.len());
    let mut mixed = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a text").replace("\\n", " ").replace("\\fI", " ");
        let words = text.split(|letter: char| !letter.is_alphabetic());
        let found = words.filter(|word| fold::script(word) == Script::Mixed);
        mixed.extend(found.map(|word| format!("{}: {word}", file.display())));
    }
    assert!(mixed.is_empty(), "{mixed:#?}");
}
