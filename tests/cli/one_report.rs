//! An error of one report stops only the documents that it is about; one of the project stops all.

use std::collections::BTreeSet;
use std::path::Path;

use super::build::{PROJECT, build, files, project, run, stderr, stdout};
use crate::ingest::sheets::Folder;

/// Two reports: one for each quarter, and a final one.
const FINAL: &str = "[[reports]]
name = \"final\"
periods = [\"project\"]
documents = [[\"en\"]]
";

fn with_final(more: &str) -> Folder {
    let folder = project();
    folder.write("project.toml", format!("{PROJECT}{FINAL}{more}"));
    for lang in ["mk", "en"] {
        folder.write(&format!("narrative/quarterly/summary.{lang}.md"), "{{actual \"T1\"}}.\n");
    }
    folder
}

/// The units of work that have a document in `out`.
fn made(out: &Path) -> BTreeSet<String> {
    let names = files(&out.join("TEST-01")).into_keys().filter(|name| name.ends_with(".pdf"));
    names.map(|name| name.split('.').next().unwrap_or_default().to_owned()).collect()
}

/// Builds, and holds what was made and what was said against what should be.
fn only(folder: &Folder, words: &[&str], code: i32, units: &[&str], said: &[&str]) {
    let out = tempfile::tempdir().unwrap();
    let built = build(folder.path(), out.path(), words);
    let text = format!("{}{}", stdout(&built), stderr(&built));
    assert_eq!(built.status.code(), Some(code), "{text}");
    assert_eq!(made(out.path()), units.iter().map(|unit| (*unit).to_owned()).collect(), "{text}");
    for words in said {
        assert!(text.contains(words), "{words}: {text}");
    }
}

const QUARTERS: [&str; 2] = ["2025-Q1/quarterly", "2025-Q2/quarterly"];

#[test]
fn a_mistyped_indicator_in_one_reports_text_stops_that_report() {
    let folder = with_final("");
    folder.write("narrative/final/summary.en.md", "{{actual \"T77\"}} people.\n");
    let told = ["narrative/final/summary.en.md:1", "T77", "not written because of the errors: project/final"];
    only(&folder, &[], 1, &QUARTERS, &told);
    // Asked for alone, a report reads nothing of the others.
    only(&folder, &["--report", "quarterly"], 0, &QUARTERS, &[]);
    only(&folder, &["--report", "final"], 1, &[], &["T77"]);
    let checked = run(&["check", folder.path().to_str().unwrap()]);
    assert_eq!(checked.status.code(), Some(1), "a check is about everything");
}

#[test]
fn an_error_in_one_periods_text_stops_that_period() {
    let folder = with_final("");
    for lang in ["mk", "en"] {
        folder.write(&format!("narrative/quarterly/2025-Q2/summary.{lang}.md"), "{{actual \"T77\"}}.\n");
    }
    only(&folder, &[], 1, &["2025-Q1/quarterly", "project/final"], &["2025-Q2/quarterly;"]);
    only(&folder, &["--period", "2025-Q1"], 0, &["2025-Q1/quarterly"], &[]);
}

#[test]
fn a_reports_own_settings_stop_that_report() {
    for (line, key) in
        [("layout = \"sideways\"\n", "layout"), ("indicators = [\"T77\"]\n", "T77"), ("annex = 1\n", "annex")]
    {
        only(&with_final(line), &[], 1, &QUARTERS, &[key, "project/final"]);
    }
}

#[test]
fn a_profile_stops_the_reports_that_have_it() {
    let folder = with_final("profile = \"own\"\n");
    folder.write("profiles/own.toml", "title = 7\n");
    only(&folder, &[], 1, &QUARTERS, &["profiles/own.toml"]);
    let folder = with_final("profile = \"nowhere\"\n");
    only(&folder, &[], 1, &QUARTERS, &["nowhere"]);
}

/// Photographs are printed by the final report's profile and not by the quarterly's.
#[test]
fn a_missing_picture_stops_the_reports_that_print_it() {
    let folder = with_final("[[images]]\nfile = \"images/none.jpg\"\nalt = { mk = \"Обука\", en = \"A training\" }\n");
    only(&folder, &[], 1, &QUARTERS, &["missing-file"]);
}

#[test]
fn a_damaged_picture_stops_the_reports_that_print_it() {
    let folder = with_final("[[images]]\nfile = \"images/torn.jpg\"\nalt = { mk = \"Обука\", en = \"A training\" }\n");
    folder.write("images/torn.jpg", "no picture");
    only(&folder, &[], 1, &QUARTERS, &["torn.jpg"]);
}

#[test]
fn an_error_in_a_table_or_of_the_project_stops_every_report() {
    let folder = with_final("[progress]\non_track = 7\n");
    only(&folder, &[], 1, &[], &["no report was written"]);
    let folder = with_final("");
    folder.write("data.xlsx", "no workbook");
    only(&folder, &["--report", "quarterly"], 1, &[], &["no report was written"]);
}

/// The report that has an error keeps its last good documents, and is made once it is mended.
#[test]
fn the_last_good_documents_stay() {
    let (folder, out) = (with_final(""), tempfile::tempdir().unwrap());
    let built = || files(&out.path().join("TEST-01"));
    assert!(build(folder.path(), out.path(), &[]).status.success());
    let before = built();
    folder.write("narrative/final/summary.en.md", "{{actual \"T77\"}} people.\n");
    for lang in ["mk", "en"] {
        folder.write(&format!("narrative/quarterly/summary.{lang}.md"), "{{cumulative \"T1\"}}.\n");
    }
    assert_eq!(build(folder.path(), out.path(), &[]).status.code(), Some(1));
    let after = built();
    assert_eq!(after["project/final.en.pdf"], before["project/final.en.pdf"]);
    assert!(after["2025-Q2/quarterly.en.pdf"] != before["2025-Q2/quarterly.en.pdf"]);
    folder.write("narrative/final/summary.en.md", "{{actual \"T1\"}} people.\n");
    assert!(build(folder.path(), out.path(), &[]).status.success());
    assert!(built()["project/final.en.pdf"] != before["project/final.en.pdf"]);
}

#[test]
fn what_an_error_stops_is_not_submitted_and_the_rest_is() {
    let (folder, out) = (with_final(""), tempfile::tempdir().unwrap());
    let (path, to) = (folder.path().to_str().unwrap().to_owned(), out.path().to_str().unwrap().to_owned());
    let submit = |report: &str, period: &str| {
        run(&["submit", &path, "--report", report, "--period", period, "--out", &to]).status.code()
    };
    assert!(build(folder.path(), out.path(), &[]).status.success());
    folder.write("narrative/final/summary.en.md", "{{actual \"T77\"}} people.\n");
    assert_eq!(submit("quarterly", "2025-Q1"), Some(0));
    assert_eq!(submit("final", "project"), Some(1));
}
