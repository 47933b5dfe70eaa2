//! The house's invariants that can be read off its sources: what a room may use, and which crate lives in which room.

mod allow_list;
mod checker;
mod names;
mod references;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use allow_list::{AllowList, dependencies, is_in};
use names::declared_types;
use references::references;

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every source file by its path from the repository's root.
fn sources() -> BTreeMap<String, String> {
    fn walk(folder: &str, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("a folder").flatten() {
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                walk(&name, found);
            } else if name.ends_with(".rs") {
                found.insert(name.clone(), read(&name));
            }
        }
    }
    let mut found = BTreeMap::new();
    for folder in ["src", "codegen", "tests", "benches"] {
        walk(folder, &mut found);
    }
    found
}

fn listed() -> AllowList {
    AllowList::parse(&read("ARCHITECTURE.md"))
}

#[test]
fn rooms_and_crates_are_where_architecture_md_lists_them() {
    let manifest = toml::from_str(&read("Cargo.toml")).expect("Cargo.toml");
    let violations = listed().violations(&sources(), &dependencies(&manifest));
    assert!(violations.is_empty(), "not as the tables of ARCHITECTURE.md say:\n{}", violations.join("\n"));
}

#[test]
fn no_room_leads_back_to_itself() {
    assert_eq!(listed().circle(), None);
}

/// `fuzz/` isn't built with the tests: what it compiles is enough for itself, and its dependencies are the program's.
#[test]
fn the_fuzzing_crate_has_what_its_rooms_need() {
    let source = read("src/lib.rs");
    let rooms: BTreeSet<String> = source
        .replace("#[cfg(not(fuzzing))]\npub mod ", "without ")
        .lines()
        .filter_map(|line| Some(line.strip_prefix("pub mod ")?.trim_end_matches(';').to_owned()))
        .collect();
    assert!(rooms.contains("ingest") && rooms.contains("report") && !rooms.contains("render"), "{rooms:?}");
    let list = listed();
    for room in &rooms {
        assert!(list.rooms[room].is_subset(&rooms), "`{room}` uses rooms that fuzzing leaves out");
    }
    let dependencies_of = |file: &str| {
        let manifest: toml::Table = toml::from_str(&read(file)).expect("a manifest");
        manifest["dependencies"].as_table().expect("dependencies").clone()
    };
    let (fuzzing, program) = (dependencies_of("fuzz/Cargo.toml"), dependencies_of("Cargo.toml"));
    // What the targets need beside the rooms.
    let own = ["libfuzzer-sys", "tempfile"];
    let named: BTreeSet<String> =
        fuzzing.keys().filter(|name| !own.contains(&name.as_str())).map(|name| name.replace('-', "_")).collect();
    assert_eq!(named.iter().map(String::as_str).collect::<BTreeSet<_>>(), list.crates_of(&rooms));
    for (name, version) in fuzzing.iter().filter(|(name, _)| *name != "libfuzzer-sys") {
        assert_eq!(Some(version), program.get(name), "{name}");
    }
}

/// What no edit of the tables may allow.
#[test]
fn rendering_never_sees_the_model_and_counting_never_sees_a_language() {
    let list = listed();
    let never = [
        ("model", None),
        ("locale", Some("diagnostic")),
        ("indicators", Some("locale")),
        ("indicators", Some("diagnostic")),
        ("indicators", Some("ingest")),
        ("disclosure", Some("ingest")),
        ("render", Some("model")),
        ("render", Some("ingest")),
        ("render", Some("indicators")),
        ("render", Some("disclosure")),
    ];
    for (room, target) in never {
        let may_use = list.rooms.get(room).unwrap_or_else(|| panic!("there is no room `{room}`"));
        match target {
            None => assert!(may_use.is_empty(), "`{room}` may use no room"),
            Some(target) => assert!(!may_use.contains(target), "`{room}` may never use `{target}`"),
        }
    }
    // Messages write numbers and days as their language does, and know nothing else.
    assert_eq!(list.rooms["diagnostic"], BTreeSet::from(["locale".to_owned(), "model".to_owned()]));
}

/// Types that a room must not name, by whatever way they would come to it; each with the room that declares it.
#[test]
fn counting_names_no_language_and_reports_name_nothing_unreleased() {
    let files = sources();
    let naming = |room: &str, word: &str| {
        let inside = files.iter().filter(|(file, _)| is_in(file, room));
        let naming = inside.filter(|(_, text)| references(text, 1).words.contains_key(word));
        naming.map(|(file, _)| file.as_str()).collect::<Vec<_>>()
    };
    for (room, word, home) in [("indicators", "Lang", "model"), ("report", "Checked", "ingest")] {
        assert!(!naming(home, word).is_empty(), "`{home}` has no `{word}`: name what is meant here");
        assert_eq!(naming(room, word), [""; 0], "`{room}` must not name `{word}`");
    }
}

/// Types whose module says which is meant, with why.
const DISTINGUISHED_BY_MODULE: [(&str, &str); 4] = [
    ("Arguments", "of each command"),
    ("Book", "a workbook of each format, and the one that `init` writes"),
    ("Sheet", "a sheet of such a workbook"),
    ("Record", "record.json, and a record of a CSV file"),
];

#[test]
fn no_type_name_repeats_unless_its_module_distinguishes_it() {
    let files = sources();
    let types = declared_types(files.iter().filter(|(file, _)| file.starts_with("src/")));
    assert!(types.len() > 300, "only {} types were found", types.len());
    for (name, files) in &types {
        let is_allowed = DISTINGUISHED_BY_MODULE.iter().any(|(allowed, _)| allowed == name);
        assert!(files.len() == 1 || is_allowed, "`{name}` is declared in {}", files.join(" and in "));
    }
    for (name, why) in DISTINGUISHED_BY_MODULE {
        assert!(types.get(name).is_some_and(|files| files.len() > 1), "`{name}` ({why}) needs no exception any more");
    }
}

/// A room's comment that lists its files (`name   what it holds`) names files that are there.
#[test]
fn the_map_of_a_room_names_files_that_are_there() {
    let files = sources();
    let mut named = 0;
    for (file, text) in files.iter().filter(|(file, _)| file.starts_with("src/")) {
        let folder = file.trim_end_matches(".rs");
        let comment = text.lines().take_while(|line| line.starts_with("//!"));
        let map = comment.skip_while(|line| *line != "//! ```text").skip(1).take_while(|line| *line != "//! ```");
        for line in map {
            let Some((names, _)) = line.trim_start_matches("//!").trim().split_once("  ") else { continue };
            let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            for name in names.split(", ").filter(|name| is_name(name)) {
                assert!(files.contains_key(&format!("{folder}/{name}.rs")), "{file} lists `{name}`");
                named += 1;
            }
        }
    }
    assert!(named > 50, "only {named} files are listed");
}

/// Every name in the glossary of ARCHITECTURE.md is one of the sources'.
#[test]
fn the_glossary_names_what_is_there() {
    let page = read("ARCHITECTURE.md");
    let (_, glossary) = page.split_once("| word | meaning |").expect("a glossary");
    let glossary = glossary.split("\n\n").next().expect("its rows");
    let mut words: Vec<&str> = Vec::new();
    for row in glossary.lines() {
        words.extend(row.split('`').skip(1).step_by(2).filter(|word| word.chars().all(|c| c.is_alphanumeric())));
    }
    assert!(words.len() > 50, "only {} names were found", words.len());
    let files = sources();
    let types = declared_types(&files);
    for word in words.into_iter().filter(|word| word.starts_with(char::is_uppercase)) {
        assert!(types.contains_key(word), "the glossary names `{word}`, which isn't declared anywhere");
    }
}
