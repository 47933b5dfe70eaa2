//! inputs/myla-2017, and the text tables that it was written from.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use donor_report::cli::example;

fn inputs() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("inputs/myla-2017")
}

/// Where the two differ: delete inputs/myla-2017 and run `donor-report init inputs/myla-2017 --example`.
#[test]
fn the_project_in_inputs_is_what_the_text_tables_give() {
    let mut found = BTreeMap::new();
    collect(&inputs(), "", &mut found);
    let written = example::files().expect("the example's workbooks can be written");
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&written));
    let different: Vec<&String> = written.keys().filter(|name| found[*name] != written[*name]).collect();
    assert!(different.is_empty(), "not as templates/example has it: {different:?}");
}

/// An editor's lock files and hidden files are no part of the project.
fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("inputs/myla-2017 is there") {
        let entry = entry.expect("a folder's entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(['.', '~']) {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{path}/"), found);
        } else {
            found.insert(path, fs::read(entry.path()).expect("a file of the project"));
        }
    }
}

#[test]
#[ignore = "writes inputs/myla-2017 anew"]
fn write_the_project_anew() {
    for (name, content) in example::files().expect("the example's workbooks can be written") {
        let path = inputs().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, content).expect("written");
    }
}

/// A Latin letter in a Cyrillic word looks right and is never found again.
#[test]
fn no_word_of_the_example_mixes_scripts() {
    let files = example::files().expect("the example's workbooks can be written");
    let texts = files.iter().filter(|(name, _)| name.ends_with(".md") || name.ends_with(".toml"));
    for (name, content) in texts {
        let text = std::str::from_utf8(content).expect("UTF-8");
        for word in text.split(|letter: char| !letter.is_alphabetic()) {
            let cyrillic = word.chars().any(|letter| ('\u{400}'..='\u{4ff}').contains(&letter));
            let latin = word.chars().any(|letter| letter.is_ascii_alphabetic());
            assert!(!(cyrillic && latin), "{name}: {word}");
        }
    }
}
