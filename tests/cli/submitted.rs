//! Reports as they were sent, held against today, and two builds against each other.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::build::{ACTIVITIES, ATTENDANCE, INDICATORS, LISTS, build, files, project, run, stderr, stdout};
use crate::ingest::sheets::Folder;

/// A project whose indicators are a count of people, a sum and a ratio, with prose.
fn with_prose() -> Folder {
    let folder = project();
    write(&folder, ACTIVITIES, ATTENDANCE);
    folder.write("narrative/quarterly/summary.mk.md", "Обучени се {{actual \"T1\"}} лица. Сѐ оди по план.\n");
    folder.write("narrative/quarterly/summary.en.md", "{{actual \"T1\"}} people were trained. All goes as planned.\n");
    folder
}

fn write(folder: &Folder, activities: &str, attendance: &str) {
    let indicators = format!("{INDICATORS}\nT3 | Опфатени лица | People reached | лица | people | sum(reached) | 100");
    let with_reached: Vec<String> = activities
        .lines()
        .enumerate()
        .map(|(at, line)| if at == 0 { format!("{line} | reached") } else { format!("{line} | {}", 10 * at) })
        .collect();
    let sheets = [
        ("Activities", with_reached.join("\n")),
        ("Attendance", attendance.to_owned()),
        ("Indicators", indicators),
        ("Lists", LISTS.to_owned()),
    ];
    let sheets: Vec<(&str, &str)> = sheets.iter().map(|(name, rows)| (*name, rows.as_str())).collect();
    folder.book("data.xlsx", &sheets);
}

/// Submits the first quarter, with these further words on the command line.
fn submit(folder: &Folder, out: &Path, words: &[&str]) -> Output {
    let (project, out) = (folder.path().to_str().unwrap(), out.to_str().unwrap());
    let line = ["submit", project, "--report", "quarterly", "--period", "2025-Q1", "--out", out];
    run(&line.iter().chain(words).copied().collect::<Vec<_>>())
}

fn succeeds(output: &Output) {
    assert!(output.status.success(), "{}", stderr(output));
}

/// Ends with problems, and says this code.
fn refused(output: &Output, code: &str) {
    assert_eq!(output.status.code(), Some(1), "{}", stderr(output));
    assert!(stderr(output).contains(code), "{}", stderr(output));
}

/// What is kept as submitted.
fn kept(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    files(&folder.path().join("submitted"))
}

fn submission(folder: &Folder, path: &str) -> Value {
    serde_json::from_slice(&kept(folder)[path]).expect("JSON")
}

/// The attendances but for one person's.
fn one_less() -> String {
    ATTENDANCE.replace("A-01 | P2 | M | 1985\n", "")
}

#[test]
fn what_is_kept_is_what_the_last_build_made() {
    let (folder, out) = (with_prose(), tempfile::tempdir().unwrap());
    refused(&submit(&folder, out.path(), &[]), "error[not-built]");
    succeeds(&build(folder.path(), out.path(), &[]));
    let built = files(&out.path().join("TEST-01"));
    succeeds(&submit(&folder, out.path(), &["--date", "2025-04-18", "--to", "MFA"]));
    let kept = kept(&folder);
    let of_quarter: Vec<&String> = built.keys().filter(|name| name.starts_with("2025-Q1/")).collect();
    assert!(of_quarter.len() >= 4, "{of_quarter:?}");
    for name in of_quarter {
        assert_eq!(kept.get(name), built.get(name), "{name}");
    }
    assert_eq!(files(&out.path().join("TEST-01")), built, "nothing was built");
    let record = submission(&folder, "2025-Q1/quarterly.submission.json");
    assert_eq!((record["date"].as_str(), record["to"].as_str()), (Some("2025-04-18"), Some("MFA")));
}

#[test]
fn a_build_that_the_data_has_left_behind_is_refused_and_left_alone() {
    let (folder, out) = (with_prose(), tempfile::tempdir().unwrap());
    succeeds(&build(folder.path(), out.path(), &[]));
    let built = files(out.path());
    write(&folder, ACTIVITIES, &one_less());
    refused(&submit(&folder, out.path(), &[]), "error[build-out-of-date]");
    assert_eq!(files(out.path()), built);
    assert!(!folder.path().join("submitted").exists());
    // Data again as it was: the same bytes would come out.
    write(&folder, ACTIVITIES, ATTENDANCE);
    succeeds(&submit(&folder, out.path(), &[]));
}

/// Only what the report draws on counts: prose of another period doesn't make a build out of date.
#[test]
fn inputs_that_change_no_byte_of_the_report_are_no_reason_to_refuse() {
    let (folder, out) = (with_prose(), tempfile::tempdir().unwrap());
    succeeds(&build(folder.path(), out.path(), &[]));
    folder.write("narrative/quarterly/2025-Q2/summary.en.md", "{{actual \"T1\"}} people came.\n");
    folder.write("narrative/quarterly/2025-Q2/summary.mk.md", "Дојдоа {{actual \"T1\"}} лица.\n");
    succeeds(&submit(&folder, out.path(), &[]));
}

#[test]
fn a_file_that_was_changed_by_hand_is_refused() {
    let (folder, out) = (with_prose(), tempfile::tempdir().unwrap());
    succeeds(&build(folder.path(), out.path(), &[]));
    std::fs::write(out.path().join("TEST-01/2025-Q1/quarterly.mk.pdf"), "by hand").unwrap();
    refused(&submit(&folder, out.path(), &[]), "error[built-file-changed]");
}

#[test]
fn a_second_version_stands_beside_the_first_and_says_so() {
    let (folder, out) = (with_prose(), tempfile::tempdir().unwrap());
    let built = || files(&out.path().join("TEST-01"));
    succeeds(&build(folder.path(), out.path(), &[]));
    succeeds(&submit(&folder, out.path(), &["--date", "2025-04-18"]));
    let (first, before) = (kept(&folder), built());
    // What was sent is no later version of itself.
    succeeds(&build(folder.path(), out.path(), &[]));
    assert_eq!(built()["2025-Q1/quarterly.en.pdf"], before["2025-Q1/quarterly.en.pdf"]);
    refused(&submit(&folder, out.path(), &[]), "error[already-submitted]");

    write(&folder, ACTIVITIES, &one_less());
    succeeds(&build(folder.path(), out.path(), &[]));
    succeeds(&submit(&folder, out.path(), &[]));
    let both = kept(&folder);
    for (name, bytes) in &first {
        assert_eq!(both.get(name), Some(bytes), "{name} of the first version");
    }
    let second = &both["2025-Q1/version-2/quarterly.en.pdf"];
    assert_eq!(*second, built()["2025-Q1/quarterly.en.pdf"]);
    assert!(*second != first["2025-Q1/quarterly.en.pdf"]);
    assert_eq!(submission(&folder, "2025-Q1/version-2/quarterly.submission.json")["version"], 2);

    // Built again it stays the second version, and there is no third one to submit.
    succeeds(&build(folder.path(), out.path(), &["--force"]));
    assert_eq!(built()["2025-Q1/quarterly.en.pdf"], *second);
    refused(&submit(&folder, out.path(), &[]), "error[already-submitted]");
    let told = stdout(&run(&["diff", folder.path().to_str().unwrap()]));
    assert!(told.contains("2025-Q1/quarterly 1→2 T1 in the period: 2 → 1"), "{told}");
    assert!(!told.contains("2025-Q1/quarterly T1"), "the second version is what the data says: {told}");
}

/// A picture or a notice isn't among figures and sentences, and still makes another document.
#[test]
fn whatever_a_document_shows_makes_a_version() {
    let (folder, out) = (with_prose(), tempfile::tempdir().unwrap());
    succeeds(&build(folder.path(), out.path(), &[]));
    succeeds(&submit(&folder, out.path(), &[]));
    let toml = std::fs::read_to_string(folder.path().join("project.toml")).unwrap();
    folder.write("project.toml", format!("notice = {{ mk = \"Пример.\", en = \"An example.\" }}\n{toml}"));
    succeeds(&build(folder.path(), out.path(), &[]));
    succeeds(&submit(&folder, out.path(), &[]));
    assert!(kept(&folder).contains_key("2025-Q1/version-2/quarterly.en.pdf"));
}

/// The PDF of another day carries its own figures, whatever data and build/ say by now.
#[test]
fn a_pdf_of_another_day_is_kept_with_its_own_figures() {
    let (folder, out) = (with_prose(), tempfile::tempdir().unwrap());
    succeeds(&build(folder.path(), out.path(), &[]));
    let (aside, name) = (tempfile::tempdir().unwrap(), "quarterly.en.pdf");
    let sent = aside.path().join(name);
    std::fs::copy(out.path().join("TEST-01/2025-Q1").join(name), &sent).unwrap();
    write(&folder, ACTIVITIES, &one_less());
    succeeds(&build(folder.path(), out.path(), &[]));
    succeeds(&submit(&folder, out.path(), &["--sent", sent.to_str().unwrap()]));
    assert_eq!(kept(&folder)["2025-Q1/quarterly.en.pdf"], std::fs::read(&sent).unwrap());
    let record = submission(&folder, "2025-Q1/quarterly.submission.json");
    assert_eq!(record["indicators"]["T1"]["period"]["to"], "2");
    let checked = run(&["check", folder.path().to_str().unwrap()]);
    assert!(
        stdout(&checked).contains(
            "T1 in 2025-Q1 (in the period, all who came in the period, since the start): quarterly said 2, now 1"
        ),
        "{}",
        stdout(&checked)
    );
}

/// A scan says nothing of its figures: they are those of the build.
#[test]
fn a_scan_is_kept_with_the_figures_of_the_build() {
    let (folder, out, aside) = (with_prose(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let scan = aside.path().join("signed.jpg");
    std::fs::write(&scan, "a picture").unwrap();
    refused(&submit(&folder, out.path(), &["--sent", scan.to_str().unwrap()]), "error[not-built]");
    succeeds(&build(folder.path(), out.path(), &[]));
    succeeds(&submit(&folder, out.path(), &["--sent", scan.to_str().unwrap()]));
    assert_eq!(kept(&folder)["2025-Q1/quarterly.signed.jpg"], b"a picture");
    let checked = run(&["check", folder.path().to_str().unwrap()]);
    assert!(!stdout(&checked).contains("restated"), "{}", stdout(&checked));
}

/// What an earlier version of the program kept, without versions and days, counts as the first version.
#[test]
fn a_submission_of_an_earlier_program_is_the_first_version() {
    let (folder, out) = (with_prose(), tempfile::tempdir().unwrap());
    succeeds(&build(folder.path(), out.path(), &[]));
    succeeds(&submit(&folder, out.path(), &[]));
    let mut record = submission(&folder, "2025-Q1/quarterly.submission.json");
    record["schema"] = 2.into();
    for key in ["version", "content"] {
        record.as_object_mut().unwrap().remove(key);
    }
    folder.write("submitted/2025-Q1/quarterly.submission.json", record.to_string());
    refused(&submit(&folder, out.path(), &[]), "error[already-submitted]");
    write(&folder, ACTIVITIES, &one_less());
    succeeds(&build(folder.path(), out.path(), &[]));
    succeeds(&submit(&folder, out.path(), &[]));
    assert!(kept(&folder).contains_key("2025-Q1/version-2/quarterly.submission.json"));
}

#[test]
fn later_reports_are_made_anew_where_they_restate_figures() {
    let (folder, out) = (with_prose(), tempfile::tempdir().unwrap());
    succeeds(&build(folder.path(), out.path(), &[]));
    succeeds(&submit(&folder, out.path(), &[]));
    succeeds(&build(folder.path(), out.path(), &[]));
    let home = out.path().join("TEST-01");
    let before = files(&home);
    // Sent with two people of whom one is taken out again: the second quarter's own figures stay as they are.
    write(&folder, ACTIVITIES, &ATTENDANCE.replace("A-01 | P2 | M | 1985\n", ""));
    assert!(build(folder.path(), out.path(), &[]).status.success());
    let after = files(&home);
    for name in ["2025-Q1/quarterly.mk.pdf", "2025-Q2/quarterly.mk.pdf", "2025-Q2/quarterly.en.pdf"] {
        assert!(before[name] != after[name], "{name} doesn't tell it");
    }
}
