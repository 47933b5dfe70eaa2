//! docs/languages.md, followed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::diagnostic::codegen::labels;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files that a step of the page names, in its table.
fn files_of_step(step: u8) -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/languages.md")).expect("the page");
    let from = page.find(&format!("\n{step}. ")).expect("the step");
    let to = page.find(&format!("\n{}. ", step + 1)).unwrap_or(page.len());
    let rows = page[from..to].lines().filter_map(|line| line.trim().strip_prefix("| `"));
    rows.filter_map(|row| row.split('`').next()).map(str::to_owned).collect()
}

/// Gives every phrase of a table a text in an invented language: the English one.
fn add_column(table: &mut toml::Table, lang: &str, without: &str) {
    for (key, value) in table {
        let Some(inner) = value.as_table_mut() else { continue };
        match inner.get("en").cloned().filter(toml::Value::is_str) {
            Some(english) if key != without => drop(inner.insert(lang.to_owned(), english)),
            Some(_) => {}
            None => add_column(inner, lang, without),
        }
    }
}

/// The phrases with an invented language in the files of step 2, but for one key: the table, and what is wrong.
fn with_invented_language(without: &str) -> (String, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    for file in files_of_step(2) {
        let text = fs::read_to_string(root().join(&file)).expect("a file of the page");
        let mut table: toml::Table = toml::from_str(&text).expect("TOML");
        add_column(&mut table, "zz", without);
        let name = Path::new(&file).file_name().expect("a name");
        fs::write(folder.path().join(name), toml::to_string(&table).expect("TOML")).expect("written");
    }
    let mut faults = Vec::new();
    let table = labels::generate(folder.path(), &mut faults);
    (table, faults)
}

#[test]
fn a_language_is_added_by_the_steps_of_its_page() {
    let (table, faults) = with_invented_language("read-by");
    assert_eq!(faults, [""; 0], "who has read it may be left out");
    let languages = table.lines().next().expect("the languages");
    assert!(languages.contains("\"zz\"") && languages.contains("\"sr-Latn\""), "{languages}");
    // The columns of a phrase are those of the languages, the new one last.
    let name = table.lines().find(|line| line.contains("\"language.name\"")).expect("the phrase");
    assert!(name.trim_end().ends_with("\"English\"]),"), "{name}");
}

#[test]
fn what_a_new_language_lacks_is_named() {
    let (_, faults) = with_invented_language("absent");
    assert!(faults.iter().any(|fault| fault.contains("`number.absent` is missing in zz")), "{faults:?}");
}

/// Each file in which a language has a column is named by the page.
#[test]
fn the_page_names_every_file_with_languages() {
    fn walk(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if fs::read_to_string(&path).is_ok_and(|text| text.contains("sq = ") || text.contains("-sq]")) {
                let name = path.strip_prefix(root()).expect("a file of ours").to_string_lossy().replace('\\', "/");
                let name = name.split_inclusive("profiles/").next().map(str::to_owned).unwrap_or(name);
                found.insert(name);
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(&root().join("templates"), &mut found);
    let named: BTreeSet<String> = files_of_step(2).into_iter().chain(files_of_step(3)).collect();
    assert_eq!(named, found);
}
