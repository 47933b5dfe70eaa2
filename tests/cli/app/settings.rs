//! project.toml changed from the page: what is written, what is refused, and what stays as it was.

use std::collections::BTreeSet;
use std::path::Path;

use donor_report::app::project_toml::{TomlChange, change, read_values};
use donor_report::diagnostic::Problem;
use donor_report::ingest::check_project_file;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{App, is_whole, small_project};
use crate::cli::build::example;

fn settings(app: &App) -> Value {
    app.get(&app.path("settings.json")).json()
}

fn set(app: &App, based_on: &Value, changes: Value) -> Value {
    app.post(&app.path("settings"), &json!({ "based_on": based_on, "changes": changes }).to_string()).json()
}

/// Every field of the page with its place, of list entries too.
fn fields(settings: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for group in settings["groups"].as_array().expect("groups") {
        found.extend(group["fields"].as_array().expect("fields").clone());
        for item in group["items"].as_array().into_iter().flatten() {
            found.extend(item["fields"].as_array().expect("fields").clone());
        }
    }
    found
}

fn repository(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect(name)
}

/// The reference's project.toml names a table twice by way of explanation: it is no TOML that says one thing. Both files are
/// held to what a page may do with them.
const FILES: [&str; 3] = ["inputs/myla-2017/project.toml", "templates/reference/project.toml", "guide/project.toml"];

/// Comments in their order, however they are indented.
fn comments(text: &str) -> Vec<String> {
    let whole = text.lines().filter_map(|line| {
        let mut quoted = false;
        let at = line.char_indices().find(|(_, letter)| {
            quoted ^= *letter == '"';
            *letter == '#' && !quoted
        })?;
        Some(line[at.0..].trim().to_owned())
    });
    whole.collect()
}

/// Headings of tables in their order.
fn headings(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| line.starts_with('[')).map(str::to_owned).collect()
}

fn made(change: Value) -> TomlChange {
    serde_json::from_value(change).expect("a change")
}

/// A value of a kind, other than the present one.
fn another(field: &Value) -> Value {
    let of_choices = |choices: &Value| {
        let values = choices.as_array().into_iter().flatten().map(|choice| choice["value"].clone());
        values.collect::<Vec<Value>>()
    };
    match field["kind"].as_str().expect("a kind") {
        "words" | "prose" => json!({ "mk": "Друг „текст“", "en": "Another “text”" }),
        "day" => json!({ "$day": "2026-06-30" }),
        "whole" | "limit" => json!(7),
        "fraction" => json!(1.5),
        "flag" => json!(field["value"] != json!(true)),
        "bands" => json!([0, 15, 30]),
        "colour" => json!("#123456"),
        "periods" => json!("quarters"),
        "days" => json!({ "project": { "$day": "2027-01-15" } }),
        "choice" | "several" if !field["choices"].as_array().expect("choices").is_empty() => {
            let choices = of_choices(&field["choices"]);
            if field["kind"] == "several" { json!(choices) } else { choices[0].clone() }
        }
        "several" => json!(["one", "another"]),
        _ => json!("something"),
    }
}

fn plain(field: &Value, edit: Value) -> TomlChange {
    let mut change = edit;
    change["at"] = field["at"].clone();
    made(change)
}

/// Every setting of the page, in every file: put in, changed and taken out. Comments and the order of tables stay, the file
/// stays TOML, and nothing else of it changes.
#[test]
fn every_change_that_the_page_can_make_keeps_comments_and_order() {
    let mut count = 0;
    for name in FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        if !path.exists() {
            continue;
        }
        let source = repository(name);
        let folder = crate::ingest::sheets::Folder::new();
        folder.write("small/project.toml", &source);
        let app = App::of(folder.path(), &[]);
        let view = settings(&app);
        assert_eq!(view["broken"], false, "{name}");
        for field in fields(&view) {
            let value = another(&field);
            let place = format!("{name}: {}", field["at"]);
            let set = change(&source, &[plain(&field, json!({ "set": value }))]).unwrap_or_else(|_| panic!("{place}"));
            assert_eq!(found(&set, &field), value, "{place}");
            assert_eq!(comments(&source), comments(&set), "{place}");
            let unset =
                change(&source, &[plain(&field, json!({ "unset": null }))]).unwrap_or_else(|_| panic!("{place}"));
            assert_eq!(found(&unset, &field), Value::Null, "{place}");
            assert_eq!(sorted(comments(&source)), sorted(comments(&unset)), "{place}");
            for (text, what) in [(&set, "set"), (&unset, "unset")] {
                let (before, after) = (headings(&source), headings(text));
                let others = |list: &[String], known: &[String]| -> Vec<String> {
                    list.iter().filter(|heading| known.contains(heading)).cloned().collect()
                };
                assert_eq!(others(&before, &after), others(&after, &before), "{place} {what}");
                assert_eq!(without(&source, &field), without(text, &field), "{place} {what}");
                count += 1;
            }
            // What was set and put back is the file as it was.
            if field["value"] != Value::Null && !["several", "days"].contains(&field["kind"].as_str().expect("a kind"))
            {
                let back = change(&set, &[plain(&field, json!({ "set": field["value"] }))]).expect("put back");
                assert_eq!(without_blanks(&back), without_blanks(&source), "{place}");
            }
        }
        for group in view["groups"].as_array().expect("groups") {
            let Some(items) = group["items"].as_array() else { continue };
            let entry = json!([["code", "NEW"], ["name", { "mk": "Нов", "en": "New" }]]);
            let added = change(&source, &[made(json!({ "at": group["at"], "add": entry }))]).expect("added");
            assert_eq!(comments(&source), comments(&added), "{name}: {}", group["name"]);
            for place in 0..items.len() {
                let mut at = group["at"].as_array().expect("a place").clone();
                at.push(place.into());
                let left = change(&source, &[made(json!({ "at": at, "unset": null }))]).expect("removed");
                let own: BTreeSet<String> = comments(&left).into_iter().collect();
                let whole: Vec<&str> = source.lines().filter(|line| line.starts_with('#')).map(str::trim).collect();
                let gone: Vec<&&str> = whole.iter().filter(|line| !own.contains(**line)).collect();
                assert!(gone.is_empty(), "{name}: {} {place}: {gone:?}", group["name"]);
                count += 1;
            }
        }
    }
    assert!(count > 300, "only {count} changes were made");
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn find<'v>(values: &'v Value, at: &[Value]) -> &'v Value {
    at.iter().fold(values, |value, step| match step {
        Value::Number(place) => &value[place.as_u64().expect("a place") as usize],
        key => &value[key.as_str().expect("a key")],
    })
}

/// The value at a field's place.
fn found(text: &str, field: &Value) -> Value {
    find(&read_values(text).expect("TOML"), field["at"].as_array().expect("a place")).clone()
}

/// All the rest of a file.
fn without(text: &str, field: &Value) -> Value {
    let mut values = read_values(text).expect("TOML");
    let (last, way) = field["at"].as_array().expect("a place").split_last().expect("a step");
    let mut holder = &mut values;
    for step in way {
        holder = match step {
            Value::Number(place) => &mut holder[place.as_u64().expect("a place") as usize],
            key => &mut holder[key.as_str().expect("a key")],
        };
    }
    if let Some(table) = holder.as_object_mut() {
        table.remove(last.as_str().expect("a key"));
        if table.is_empty() && way.len() == 1 {
            let root = values.as_object_mut().expect("a table");
            root.remove(way[0].as_str().expect("a key"));
        }
    } else if way.len() == 1 && holder.is_null() {
        let root = values.as_object_mut().expect("a table");
        root.remove(way[0].as_str().expect("a key"));
    }
    values
}

/// Changes of the page to the example are what its own reader takes, or are refused with its words and write nothing.
#[test]
fn what_the_reader_would_refuse_is_not_written() {
    let example = example();
    let file = example.path().join("project.toml");
    let app = App::of(example.path(), &[]);
    app.news().until(&app, is_whole);
    let (mut written, mut refused) = (0, 0);
    for field in fields(&settings(&app)) {
        let before = std::fs::read_to_string(&file).expect("project.toml");
        let now = settings(&app);
        let outcome = set(&app, &now["hash"], json!([{ "at": field["at"], "set": another(&field) }]));
        let after = std::fs::read_to_string(&file).expect("project.toml");
        let errors = |text: &str| {
            let problems = check_project_file(text, example.path());
            problems.into_iter().filter(Problem::is_error).collect::<Vec<Problem>>()
        };
        assert_eq!(errors(&after), [], "{field}");
        if outcome["done"] == true {
            written += 1;
            std::fs::write(&file, before).expect("put back");
        } else {
            refused += 1;
            assert_eq!(before, after, "{field}");
            assert!(outcome["messages"][0].as_str().is_some_and(|words| words.len() > 10), "{outcome}");
        }
    }
    assert!(written > 60 && refused > 5, "written: {written}, refused: {refused}");
}

/// Two windows and an editor outside: whoever comes second writes nothing and is shown both.
#[test]
fn nothing_is_written_over_what_another_changed() {
    let folder = small_project();
    let file = folder.path().join("small/project.toml");
    let app = App::of(folder.path(), &[]);
    let (first, second) = (settings(&app)["hash"].clone(), settings(&app)["hash"].clone());
    let one = set(&app, &first, json!([{ "at": ["notice"], "set": { "en": "Draft" } }]));
    assert_eq!(one["done"], true, "{one}");
    let two = set(&app, &second, json!([{ "at": ["notice"], "set": { "en": "Sample" } }]));
    assert_eq!((&two["done"], &two["conflict"]), (&json!(false), &json!(true)), "{two}");
    assert!(std::fs::read_to_string(&file).unwrap().contains("Draft"));

    let outside = std::fs::read_to_string(&file).unwrap() + "\n# an office’s own remark\n";
    std::fs::write(&file, &outside).unwrap();
    let three = set(&app, &one["hash"], json!([{ "at": ["notice"], "unset": null }]));
    assert_eq!(three["conflict"], true, "{three}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), outside);
    let four = set(&app, &three["hash"], json!([{ "at": ["notice"], "unset": null }]));
    assert_eq!(four["done"], true, "{four}");
    let now = std::fs::read_to_string(&file).unwrap();
    assert!(now.contains("# an office’s own remark") && !now.contains("Draft"), "{now}");

    std::fs::write(&file, "code = \"X\"\n[[[\n").unwrap();
    let broken = settings(&app);
    assert_eq!(broken["broken"], true);
    let refused = set(&app, &broken["hash"], json!([{ "at": ["code"], "set": "Y" }]));
    assert_eq!((&refused["done"], &refused["conflict"]), (&json!(false), &json!(false)), "{refused}");
    assert_eq!(app.post(&app.path("settings"), r#"{"based_on":"x"}"#).status, 400);
}

/// A donor's form is added by its name, its period and its languages, and what is to be written lies ready; nothing that was
/// written before is touched.
#[test]
fn a_report_is_added_with_the_files_for_its_texts() {
    let folder = small_project();
    let project = folder.path().join("small");
    let app = App::of(folder.path(), &[]);
    app.news().until(&app, is_whole);
    folder.write("small/narrative/eu-annex-vi-interim/2025-04--06/2-1-summary.en.md", "A summary of our own.\n");
    let add = |based_on: &Value, rest: Value| {
        let mut request = rest;
        request["based_on"] = based_on.clone();
        app.post(&app.path("reports"), &request.to_string()).json()
    };
    let request = json!({
        "profile": "eu-annex-vi-interim", "days": ["2025-04-01", "2025-06-30"], "documents": [["en"]],
    });
    let outcome = add(&settings(&app)["hash"], request.clone());
    assert_eq!(outcome["done"], true, "{outcome}");
    let text = std::fs::read_to_string(project.join("project.toml")).unwrap();
    assert!(text.contains("code = \"2025-04--06\"\nstart = 2025-04-01\nend = 2025-06-30\n"), "{text}");
    assert!(text.contains("name = \"eu-annex-vi-interim\"\nperiods = [\"2025-04--06\"]\n"), "{text}");
    let prose = project.join("narrative/eu-annex-vi-interim/2025-04--06");
    let read = |name: &str| std::fs::read_to_string(prose.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(read("2-1-summary.en.md"), "A summary of our own.\n");
    assert!(read("headline.en.md").starts_with("{{! "), "what belongs there");
    let count = prose.read_dir().unwrap().count();
    assert!(count > 5, "{count} files");
    assert!(outcome["messages"][0].as_str().is_some_and(|words| words.contains(&(count - 1).to_string())), "{outcome}");
    let checked = donor_report::pipeline::check(&project);
    let unknown: Vec<&str> =
        checked.problems.iter().map(|one| one.code).filter(|code| code.starts_with("narrative-")).collect();
    assert_eq!(unknown, [""; 0]);

    // Once more: another name, the same period.
    let again = add(&outcome["hash"], request.clone());
    assert_eq!(again["done"], true, "{again}");
    let text = std::fs::read_to_string(project.join("project.toml")).unwrap();
    assert!(text.contains("name = \"eu-annex-vi-interim-2\"\nprofile = \"eu-annex-vi-interim\"\n"), "{text}");
    assert_eq!(text.matches("[[periods.custom]]").count(), 1, "{text}");

    assert_eq!(add(&outcome["hash"], request)["conflict"], true, "the file is another now");
    let unknown = json!({ "profile": "../secret", "periods": ["project"], "documents": [["en"]] });
    let refused = add(&again["hash"], unknown);
    assert_eq!(refused["done"], false, "{refused}");
    let backward = json!({ "profile": "final", "days": ["2025-06-30", "2025-04-01"], "documents": [["en"]] });
    assert_eq!(add(&again["hash"], backward)["done"], false);
    assert_eq!(std::fs::read_to_string(project.join("project.toml")).unwrap(), text);
}

/// A small file as people write them: comments above, beside and between, in any of the ways of TOML.
fn lines() -> impl Strategy<Value = (String, Vec<String>)> {
    let comment = prop_oneof![Just(String::new()), "[a-zа-ш ]{1,12}".prop_map(|text| format!("# {text}\n"))];
    let beside = prop_oneof![Just(String::new()), "[a-z ]{1,8}".prop_map(|text| format!("  # {text}"))];
    let value = prop_oneof![
        Just("\"a # b\"".to_owned()),
        Just("[1, 2]".to_owned()),
        Just("{ mk = \"да\", en = \"yes\" }".to_owned()),
        Just("[\n  1, # one\n  2,\n]".to_owned()),
        Just("2026-01-31".to_owned()),
    ];
    let key = prop::sample::subsequence(vec!["a", "b", "c", "d"], 1..4);
    let table = (key, prop::collection::vec((comment, value, beside), 4));
    let tables = prop::collection::vec(table, 1..4);
    tables.prop_map(|tables| {
        let (mut text, mut keys) = (String::new(), Vec::new());
        for (number, (names, entries)) in tables.into_iter().enumerate() {
            if number > 0 {
                text += &format!("\n# table {number}\n[t{number}]\n");
            }
            for (name, (comment, value, beside)) in names.into_iter().zip(entries) {
                text += &format!("{comment}{name} = {value}{beside}\n");
                keys.push(if number == 0 { name.to_owned() } else { format!("t{number}.{name}") });
            }
        }
        (text + "# the end\n", keys)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_comment_is_lost_whatever_is_set_or_taken_out(((text, keys), at, add) in (lines(), any::<prop::sample::Index>(), any::<bool>())) {
        let way: Vec<Value> = at.get(&keys).split('.').map(Value::from).collect();
        let set = change(&text, &[made(json!({ "at": way, "set": "new" }))]).expect("set");
        let inside = |text: &str| sorted(comments(text)).into_iter().filter(|one| one != "# one").collect::<Vec<_>>();
        prop_assert_eq!(inside(&text), inside(&set));
        let out = change(&text, &[made(json!({ "at": way, "unset": null }))]).expect("unset");
        prop_assert_eq!(inside(&text), inside(&out), "{}\n->\n{}", text, out);
        if add {
            let more = change(&out, &[made(json!({ "at": way, "set": [1, 2, 3] }))]).expect("set again");
            prop_assert_eq!(inside(&text), inside(&more), "{}\n->\n{}", text, more);
        }
    }
}
