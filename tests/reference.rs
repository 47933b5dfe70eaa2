//! The reference: docs/reference.md and `donor-report help TOPIC` are made from the program and templates/reference.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use donor_report::diagnostic::Catalogue;
use donor_report::ingest;
use donor_report::reference::{ProblemExample, topic, topics, write_markdown, write_text};
use donor_report::render::picture::picture_limits;
use donor_report::report::narrative::{claim_kinds, helper_options, helper_signatures, prose_limits};
use donor_report::report::profile::Profile;

const OPENING: &str = "# Reference

Every key of project.toml, every table and column with the headings that are recognised, conditions, helpers, profiles and
commands. This page is written by a test from the program and its data files
(`UPDATE_GOLDEN=1 cargo test --release --test suite reference`). How to work with all this is in the guide
(`donor-report guide`), and every problem in [ERRORS.md](../ERRORS.md). `donor-report help` lists the topics that the program
itself tells of, in each language of messages.
";

/// Languages of messages.
const LANGUAGES: [&str; 2] = ["en", "mk"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn table(path: &str) -> toml::Table {
    toml::from_str(&fs::read_to_string(root().join(path)).expect("a data file"))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn keys(table: &toml::Value) -> BTreeSet<&str> {
    table.as_table().expect("a table").keys().map(String::as_str).collect()
}

/// A folder that holds what the sample names, so that it is read without a word.
fn sample(folder: &Path) -> String {
    let text = fs::read_to_string(root().join("templates/reference/project.toml")).expect("the sample");
    fs::create_dir_all(folder.join("images")).expect("a folder");
    fs::create_dir_all(folder.join("forms")).expect("a folder");
    for name in [
        "images/logo.png",
        "images/photo.jpg",
        "activities.xlsx",
        "register.xlsx",
        "form.xlsx",
        "tracking.xlsx",
        "office.dotx",
        "forms/face.xlsx",
    ] {
        fs::write(folder.join(name), "").expect("a file");
    }
    fs::write(folder.join("pseudonyms.key"), "an invented key, thirty-two bytes").expect("a key");
    fs::write(folder.join("project.toml"), &text).expect("project.toml");
    text
}

/// Every key that the program asks for stands in the sample, and the sample itself is sound.
#[test]
fn the_sample_of_project_toml_has_every_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = sample(folder.path());
    let (settings, problems) = ingest::settings(folder.path());
    assert!(settings.is_some() && problems.is_empty(), "{problems:?}");
    let written: toml::Table = toml::from_str(&text).expect("TOML");
    let tables: BTreeSet<&str> =
        ["activities", "participants", "attendance", "results", "indicators", "targets", "reported", "lists"].into();
    for (name, keys) in ingest::project_keys(&text, folder.path()) {
        let mut here = toml::Value::Table(written.clone());
        for part in name.split('.').filter(|part| !part.is_empty()) {
            here = here.get(part).or_else(|| here.get(0)?.get(part)).unwrap_or_else(|| panic!("{name}")).clone();
        }
        let here = if here.is_array() { here.get(0).expect("an item").clone() } else { here };
        let free =
            |key: &str| name == "tables" && tables.contains(key) || name.is_empty() && ["theme", "iati"].contains(&key);
        // Where and how a table stands is shown once, for one of them.
        let of_tables = || written["tables"].as_table().into_iter().flat_map(|tables| tables.values());
        let shown = |key: &str| name.starts_with("tables.") && of_tables().any(|table| table.get(key).is_some());
        let missing: Vec<&&str> =
            keys.iter().filter(|key| here.get(**key).is_none() && !free(key) && !shown(key)).collect();
        assert!(missing.is_empty(), "templates/reference/project.toml lacks {missing:?} of `{name}`");
    }
}

/// The Macedonian sample has the same keys and values, line by line, and other remarks.
#[test]
fn the_sample_of_project_toml_is_the_same_in_every_language() {
    let english = fs::read_to_string(root().join("templates/reference/project.toml")).expect("the sample");
    let other = fs::read_to_string(root().join("templates/reference/project.mk.toml")).expect("the sample");
    assert_eq!(english.lines().count(), other.lines().count(), "project.mk.toml has other lines than project.toml");
    for (english, other) in english.lines().zip(other.lines()) {
        let parts = |line: &str| {
            let at = line.find(" # ").filter(|_| !line.starts_with('#')).unwrap_or(line.len());
            let at = if line.starts_with('#') { 0 } else { at };
            (line[..at].trim_end().to_owned(), line[at..].trim().to_owned())
        };
        let ((key, remark), (other_key, other_remark)) = (parts(english), parts(other));
        assert_eq!(key, other_key, "project.mk.toml isn't as project.toml");
        assert_eq!(remark.is_empty(), other_remark.is_empty(), "{english}\n{other}");
    }
}

/// Each text of the reference stands in every language of messages, in its own letters.
#[test]
fn what_the_reference_says_is_said_in_every_language() {
    fn walk(value: &toml::Value, path: &str) {
        match value {
            toml::Value::Table(texts) if texts.contains_key("en") => {
                assert_eq!(keys(value), LANGUAGES.into(), "{path}");
                let is_cyrillic = |text: &toml::Value| {
                    text.as_str().expect("a text").chars().any(|letter| ('\u{400}'..='\u{4ff}').contains(&letter))
                };
                let is_name = texts["en"] == texts["mk"];
                assert!(is_name || is_cyrillic(&texts["mk"]), "{path}");
            }
            toml::Value::Table(table) => table.iter().for_each(|(key, value)| walk(value, &format!("{path}.{key}"))),
            toml::Value::Array(values) => values.iter().for_each(|value| walk(value, path)),
            _ => panic!("{path} isn't a text by language"),
        }
    }
    for name in ["words", "topics"] {
        walk(&toml::Value::Table(table(&format!("templates/reference/{name}.toml"))), name);
    }
}

/// The words are of what there is: nothing is left unsaid, nothing is said of what is gone.
#[test]
fn the_reference_speaks_of_everything_that_the_program_knows() {
    let words = table("templates/reference/words.toml");
    let headings = toml::Value::Table(table("templates/headings.toml"));
    for table in keys(&words["columns"]) {
        assert_eq!(keys(&headings[table]), keys(&words["columns"][table]), "{table}");
    }
    let calculations: BTreeSet<&str> = ingest::calculations().iter().copied().collect();
    assert_eq!(calculations, keys(&words["calculations"]));
    let helpers: BTreeSet<&str> = helper_signatures().iter().map(|signature| signature.name).collect();
    assert_eq!(helpers, keys(&words["helpers"]));
    let options: BTreeSet<&str> = helper_options().iter().map(|(_, option, _)| *option).collect();
    assert_eq!(options, keys(&words["options"]));
    let claims: BTreeSet<&str> = claim_kinds().iter().map(|(name, _)| *name).collect();
    assert_eq!(claims, keys(&words["claims"]));
    let limits = prose_limits().map(|(name, _)| name).into_iter().chain(picture_limits().map(|(name, _)| name));
    assert_eq!(limits.collect::<BTreeSet<_>>(), keys(&words["limits"]));
    let iati = fs::read_to_string(root().join("src/report/iati.rs")).expect("the export");
    let iati: BTreeSet<&str> = iati.split("given(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(iati, keys(&words["iati"]));
}

fn page() -> String {
    let mut page = OPENING.to_owned();
    // Problems have a page of their own.
    for name in topics().filter(|name| *name != "problems") {
        page.push_str(&write_markdown(&topic(name, "en").expect("a topic")));
    }
    commands(&mut page);
    page
}

fn commands(page: &mut String) {
    page.push_str("\n## Commands\n\nExit code 0: done; 1: problems in the data; 2: it could not run. `NO_COLOR` is honoured, help fits the terminal's width.\n");
    let command = donor_report::cli::command_in("en");
    for name in command.get_subcommands().map(clap::Command::get_name) {
        let help = Command::new(env!("CARGO_BIN_EXE_donor-report"))
            .args([name, "--help"])
            .env("COLUMNS", "100")
            .env_remove("DONOR_REPORT_MESSAGES")
            .output()
            .expect("the program runs");
        let help = String::from_utf8(help.stdout).expect("text");
        let help: Vec<&str> = help.lines().map(str::trim_end).collect();
        write!(page, "\n### {name}\n\n```text\n{}\n```\n", help.join("\n").trim()).expect("a text");
    }
}

#[test]
fn the_reference_is_what_the_program_knows() {
    let path = root().join("docs/reference.md");
    let page = page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, page).expect("written");
        return;
    }
    let held = fs::read_to_string(&path).unwrap_or_default();
    assert!(held == page, "docs/reference.md isn't what the program knows; see the difference with UPDATE_GOLDEN=1");
}

/// Lines fit the terminal but where a file's own lines are shown; whatever a topic lists can be asked for by name.
#[test]
fn help_tells_of_each_topic_and_of_each_thing_in_it() {
    for lang in LANGUAGES {
        for name in topics() {
            let topic = topic(name, lang).expect("a topic");
            let code: Vec<&str> = topic.parts.iter().filter_map(|part| part.code.as_deref()).collect();
            for width in [60, 100] {
                let text = write_text(&topic, false, width);
                let is_of_file = |line: &str| code.iter().any(|code| code.lines().any(|own| own == line));
                let wide = text.lines().filter(|line| line.chars().count() > width && !is_of_file(line));
                // A single word may be longer than a line.
                let wide: Vec<&str> = wide.filter(|line| line.trim().contains(' ')).collect();
                assert!(wide.is_empty(), "{lang} {name}: {wide:?}");
            }
            let known = topic.names();
            assert!(!known.is_empty(), "{name}");
            for entry in known {
                let found = topic.narrowed(entry).unwrap_or_else(|| panic!("{lang} {name} {entry}"));
                assert!(!write_text(&found, true, 100).trim().is_empty(), "{lang} {name} {entry}");
            }
        }
    }
}

#[test]
fn one_thing_of_a_topic_is_shown_whole() {
    let text = |name: &str, entry: &str, lang: &str| {
        let found = topic(name, lang).and_then(|topic| topic.narrowed(entry)).expect("an entry");
        write_text(&found, true, 100)
    };
    let helper = text("helpers", "{{actual}}", "en");
    for part in ["{{actual INDICATOR [in=PERIOD]", "the value of the period", "`in=PERIOD`: the code of a period"] {
        assert!(helper.contains(part), "{helper}");
    }
    assert!(!helper.contains("cumulative"), "{helper}");
    // A column of one table, and a column of whichever has it.
    let column = text("tables", "participants.municipality", "mk");
    assert!(column.contains("каде живее лицето") && !column.contains("повеќе места"), "{column}");
    assert!(text("tables", "municipality", "mk").contains("повеќе места"));
    // A key leads to its table with the remarks, in the language of messages.
    let key = text("project", "suppress_below", "mk");
    assert!(key.contains("[privacy]") && key.contains("помалите групи лица се кријат"), "{key}");
    let profile = text("profiles", "eu-annex-vi-interim", "en");
    for section in Profile::load("eu-annex-vi-interim", None).expect("a profile").sections {
        assert!(profile.contains(&section.id), "{}", section.id);
    }
    assert!(topic("helpers", "en").expect("a topic").narrowed("actua").is_none());
    assert_eq!(topic("helpers", "en").expect("a topic").nearest("actua"), Some("actual"));
}

/// Every code says how severe it is and what it says; where a case provokes it, as it is printed, in each language.
#[test]
fn help_knows_every_problem() {
    let levels = ["error", "warning", "note", "profile", "command", "answer"];
    for code in Catalogue::new("en").codes() {
        let example = ProblemExample::shipped().get(code).unwrap_or_else(|| panic!("{code} has no level"));
        assert!(levels.contains(&example.level.as_str()), "{code}: {}", example.level);
    }
    for (lang, word, date) in [("en", "error", "is not a date"), ("mk", "грешка", "не е датум")] {
        let found = topic("problems", lang).and_then(|topic| topic.narrowed("invalid-date")).expect("a problem");
        let text = write_text(&found, true, 100);
        for part in [word, date, "error[invalid-date]", "  --> inputs/example/"] {
            let part = part.replace("error[", &format!("{word}["));
            assert!(text.contains(&part), "{lang}: {part}\n{text}");
        }
    }
}
