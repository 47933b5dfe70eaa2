//! New projects.

use std::collections::BTreeSet;
use std::io::Read;

use clap::Parser;
use donor_report::cli::init::{self, Fault};
use donor_report::diagnostic::{Catalogue, Severity, print_problems};
use donor_report::ingest;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    arguments: init::Arguments,
}

fn init(words: &[&str]) -> Result<Vec<std::path::PathBuf>, Fault> {
    let line = Line::try_parse_from(std::iter::once(&"init").chain(words)).expect("a command line");
    init::make(&line.arguments)
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("register.xlsx"), b"work of a year").expect("written");
    let path = folder.path().to_string_lossy().into_owned();
    assert!(matches!(init(&[&path, "--example"]), Err(Fault::NotEmpty(_))));
    assert_eq!(folder.path().read_dir().expect("the folder").count(), 1);
}

#[test]
fn an_empty_project_is_the_same_each_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let make = |name: &str| {
        let path = folder.path().join(name);
        let written = init(&[&path.to_string_lossy(), "--empty", "--code", "X-1"]).expect("a new project");
        written.into_iter().map(|file| std::fs::read(file).expect("a file")).collect::<Vec<_>>()
    };
    assert_eq!(make("one"), make("other"));
}

#[test]
fn a_code_that_cannot_name_a_folder_is_refused() {
    for code in ["../x", "a\"b", "", ".hidden"] {
        assert!(Line::try_parse_from(["init", "x", "--empty", "--code", code]).is_err(), "{code}");
    }
}

/// Grey examples and starting rows are no data and no faults: only what isn't there yet is told.
#[test]
fn an_empty_project_is_read_without_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new");
    init(&[&path.to_string_lossy(), "--empty"]).expect("a new project");
    let checked = ingest::read(&path);
    let told = print_problems(&checked.problems, &Catalogue::new("en"), "new");
    assert!(checked.problems.iter().all(|problem| problem.severity != Severity::Error), "{told}");
    let codes: BTreeSet<&str> = checked.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["empty-table"].into(), "{told}");
    let project = checked.project.expect("a project");
    assert!(project.activities.rows.is_empty() && project.persons.rows.is_empty());
}

/// What a drop-down offers is a value that ingest knows, and headings can't be typed over.
#[test]
fn what_the_empty_workbook_offers_is_what_ingest_takes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new");
    init(&[&path.to_string_lossy(), "--empty"]).expect("a new project");
    let lists = ingest::read(&path).lists;
    let known: BTreeSet<&str> = lists
        .lists
        .iter()
        .flat_map(|list| &list.entries)
        .flat_map(|entry| entry.label.iter().map(|(_, label)| label).chain(entry.aliases.iter().map(String::as_str)))
        .collect();

    let mut offered = 0;
    for sheet in worksheets(&path.join("data.xlsx")).iter().filter(|sheet| sheet.contains("<dataValidation ")) {
        assert!(sheet.contains("<sheetProtection "));
        for formula in sheet.split("<formula1>\"").skip(1) {
            let words = formula.split('"').next().unwrap_or_default();
            for word in words.split(',') {
                assert!(known.contains(word), "{word}");
                offered += 1;
            }
        }
    }
    assert_eq!(offered, 5 + 2 + 3 + 3 + 2 + 2 + 2);
}

fn worksheets(workbook: &std::path::Path) -> Vec<String> {
    let file = std::fs::File::open(workbook).expect("the workbook");
    let mut archive = zip::ZipArchive::new(file).expect("an archive");
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    let mut sheets = Vec::new();
    for name in names.iter().filter(|name| name.starts_with("xl/worksheets/sheet")) {
        let mut text = String::new();
        archive.by_name(name).expect("a sheet").read_to_string(&mut text).expect("XML");
        sheets.push(text);
    }
    sheets
}
