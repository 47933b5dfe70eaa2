//! docs/reference.md is made from the program and its data files: keys, tables, conditions, helpers, profiles, commands.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use donor_report::ingest;
use donor_report::locale::Locale;
use donor_report::model::Lang;
use donor_report::render::picture::picture_limits;
use donor_report::report::narrative::{claim_kinds, helper_signatures, item_fields, prose_limits};
use donor_report::report::profile::Profile;

const OPENING: &str = "# Reference

Every key of project.toml, every table and column with the headings that are recognised, conditions, helpers, profiles and
commands. This page is written by a test from the program and its data files
(`UPDATE_GOLDEN=1 cargo test --release --test suite reference`). How to work with all this is in the guide
(`donor-report build guide`), and every problem in [ERRORS.md](../ERRORS.md).
";

const CONDITIONS: &str = "`where` narrows what an indicator counts: `type = training; sex = F; age < 18; activity.municipality = Куманово | Бутел; topic != asylum law`.
`;` is and, `|` is or; the comparisons are `=`, `!=`, `<`, `<=`, `>`, `>=`. `=` holds if one of a cell's values is meant, `!=` if none is; order
never holds for a blank. Names are columns of activities or persons; where both have one, write `activity.…` or `person.…`.
A value may be its code, its label in any language or an alias.

`by` lists the breakdowns in the same words, and `age`; `sex × age` crosses two.
";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn table(path: &str) -> toml::Table {
    toml::from_str(&fs::read_to_string(root().join(path)).expect("a data file"))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn texts<'t>(table: &'t toml::Table, key: &str) -> Vec<&'t str> {
    let list = table.get(key).and_then(toml::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(toml::Value::as_str).collect()
}

/// A folder that holds what the sample names, so that it is read without a word.
fn sample(folder: &Path) -> String {
    let text = fs::read_to_string(root().join("templates/reference/project.toml")).expect("the sample");
    fs::create_dir_all(folder.join("images")).expect("a folder");
    for name in
        ["images/logo.png", "images/photo.jpg", "activities.xlsx", "register.xlsx", "form.xlsx", "tracking.xlsx"]
    {
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

fn page() -> String {
    let words = table("templates/reference/words.toml");
    let mut page = OPENING.to_owned();
    let sample = fs::read_to_string(root().join("templates/reference/project.toml")).expect("the sample");
    write!(page, "\n## project.toml\n\n```toml\n{}\n```\n", sample.trim()).expect("a text");
    loose_keys(&mut page);
    tables(&mut page, &words);
    calculations(&mut page, &words);
    helpers(&mut page, &words);
    limits(&mut page, &words);
    profiles(&mut page);
    commands(&mut page);
    page
}

/// Colours and fonts as the templates ask for them, and what the export to IATI asks for.
fn loose_keys(page: &mut String) {
    let theme = table("templates/typst/theme.toml");
    page.push_str("\n`[theme]` changes how documents look; `[iati]` says what the export to IATI needs beyond the rest.\n\n| key | unless it is given, or what it may be |\n|---|---|\n");
    for part in ["colours", "fonts", "choices", "pictures"] {
        for (key, value) in theme[part].as_table().expect("a table") {
            let choices =
                value.as_array().map(|values| values.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>());
            let shown =
                value.as_str().map(str::to_owned).or(choices.map(|choices| choices.join(", "))).unwrap_or_default();
            writeln!(page, "| theme.{key} | {shown} |").expect("a text");
        }
    }
    let iati = fs::read_to_string(root().join("src/report/iati.rs")).expect("the export");
    let keys: BTreeSet<&str> = iati.split("given(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    for key in keys {
        writeln!(page, "| iati.{key} | |").expect("a text");
    }
}

fn tables(page: &mut String, words: &toml::Table) {
    page.push_str("\n## Tables and columns\n\nHeadings are recognised whatever their case, spacing or order, in any of these words; texts carry their language: `title (mk)`,\n`title_en`. HXL tags under the header are understood. Other columns are kept as attributes.\n");
    let headings = table("templates/headings.toml");
    let told = words["columns"].as_table().expect("columns");
    for (name, columns) in headings.iter().filter(|(name, _)| told.contains_key(name.as_str())) {
        let columns = columns.as_table().expect("columns");
        let told = told[name].as_table().expect("columns");
        assert_eq!(columns.keys().collect::<BTreeSet<_>>(), told.keys().collect::<BTreeSet<_>>(), "{name}");
        write!(page, "\n### {name}\n\n| column | what it holds | headings |\n|---|---|---|\n").expect("a text");
        for (column, value) in columns {
            let value = value.as_table().expect("a column");
            let required = value.get("required").is_some() || value.get("one_of").is_some();
            let shown = if required { format!("**{column}**") } else { column.clone() };
            let known: Vec<&str> = texts(value, "names").into_iter().chain(texts(value, "weak")).collect();
            let told = told[column].as_str().expect("a text");
            writeln!(page, "| {shown} | {told} | {} |", known.join(", ")).expect("a text");
        }
    }
    page.push_str("\nOf targets' period and due one is required.\n");
    page.push_str(
        "\n### Lists that are built in\n\n| list | code | English | Macedonian | also |\n|---|---|---|---|---|\n",
    );
    let lists = table("templates/lists.toml");
    for list in lists["lists"].as_array().expect("lists") {
        for entry in list["entries"].as_array().expect("entries") {
            let entry = entry.as_table().expect("an entry");
            let label = |lang: &str| entry["label"][lang].as_str().expect("a label").to_owned();
            writeln!(
                page,
                "| {} | {} | {} | {} | {} |",
                list["name"].as_str().expect("a name"),
                entry["code"].as_str().expect("a code"),
                label("en"),
                label("mk"),
                texts(entry, "aliases").join(", ")
            )
            .expect("a text");
        }
    }
}

fn calculations(page: &mut String, words: &toml::Table) {
    page.push_str("\n## Indicators\n\n| calculation | counts |\n|---|---|\n");
    let told = words["calculations"].as_table().expect("calculations");
    let known: BTreeSet<&str> = ingest::calculations().iter().copied().collect();
    assert_eq!(known, told.keys().map(String::as_str).collect());
    for name in ingest::calculations() {
        writeln!(page, "| {name} | {} |", told[*name].as_str().expect("a text")).expect("a text");
    }
    write!(page, "\n{CONDITIONS}").expect("a text");
}

fn helpers(page: &mut String, words: &toml::Table) {
    page.push_str("\n## Prose\n\nMarkdown in `narrative/<report>/[<period>/]<section>.<lang>.md`, with these helpers; options stand in brackets.\nTexts, codes, words and numbers of options may stand in quotation marks or without; the marks may be straight, curly or „low“. `in=` takes the\ncode of a period, or `previous`: the period of the previous report, absent before the first. Within `each`, a field of the thing that is\nlooped over comes before a helper of that name: `{{#each indicators}}` within a result goes over the indicators of that result. Columns of your own\nare fields of activities, by their heading: `{{trainer}}`, `{{[Name of trainer]}}`. Values compare by code, label in any language or alias:\n`{{#if (eq (status \"I1\") \"at risk\")}}`. `{{! a comment }}` is not printed.\n\n| helper | what it is |\n|---|---|\n");
    let told = words["helpers"].as_table().expect("helpers");
    let shown: BTreeMap<&str, String> =
        item_fields().into_iter().map(|(kind, names)| (kind, names.join(", "))).collect();
    let known: BTreeSet<&str> = helper_signatures().iter().map(|signature| signature.name).collect();
    assert_eq!(known, told.keys().map(String::as_str).collect());
    for signature in helper_signatures() {
        let mut text = told[signature.name].as_str().expect("a text").to_owned();
        if let Some(fields) = shown.get(signature.yields) {
            write!(text, ", each with {fields}").expect("a text");
        }
        writeln!(page, "| `{}` | {text} |", signature.call.replace('|', "\\|")).expect("a text");
    }
    page.push_str("\nEverywhere there are:\n\n");
    for root in ["project", "period", "report"] {
        writeln!(page, "- `{root}`, with {}", shown[root]).expect("a text");
    }
    let kinds: Vec<&str> = claim_kinds().iter().map(|(name, _)| *name).collect();
    write!(
        page,
        "\n`{{{{#claim \"KIND\" …}}}} … {{{{/claim}}}}` holds a sentence against the data. Kinds: {}.\n",
        kinds.join(", ")
    )
    .expect("a text");
}

/// What is bounded for all projects; `[limits]` has what a project may set.
fn limits(page: &mut String, words: &toml::Table) {
    page.push_str("\n## Limits of prose and pictures\n\nThey are far beyond what a report needs, and keep a mistake from taking hours. Beyond them is an error at the file and line, and the\ndocuments that would print it aren't made. Limits of tables are under `[limits]` above.\n\n| limit | at most |\n|---|---|\n");
    let told = words["limits"].as_table().expect("limits");
    let prose = prose_limits().map(|(name, most)| (name, most as u64));
    let known: Vec<(&str, u64)> = prose.into_iter().chain(picture_limits()).collect();
    assert_eq!(known.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>(), told.keys().map(String::as_str).collect());
    let english = Locale::new(&Lang::new("en")).expect("English");
    for (name, most) in known {
        let most = english.number(most.into());
        writeln!(page, "| {} | {most} |", told[name].as_str().expect("a text")).expect("a text");
    }
}

fn profiles(page: &mut String) {
    page.push_str("\n## Profiles\n\nA project may carry its own in `profiles/NAME.toml`; these are shipped. Required sections are bold.\n\n| profile | title | source | sections |\n|---|---|---|---|\n");
    for name in Profile::shipped() {
        let profile = Profile::load(name, None).unwrap_or_else(|problems| panic!("{problems:?}"));
        let sections: Vec<String> = profile
            .sections
            .iter()
            .map(|section| {
                let kind = section.kind.code();
                let shown = if section.required { format!("**{}**", section.id) } else { section.id.clone() };
                if kind == "prose" || kind == section.id { shown } else { format!("{shown} ({kind})") }
            })
            .collect();
        let title = profile.title.get(&Lang::new("en")).unwrap_or_default();
        let source = profile.source.as_deref().unwrap_or_default();
        writeln!(page, "| `{name}` | {title} | {source} | {} |", sections.join(", ")).expect("a text");
    }
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
