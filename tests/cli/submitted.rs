//! Reports as they were sent, held against today, and two builds against each other.

use std::fs;
use std::path::Path;

use super::build::{ACTIVITIES, ATTENDANCE, INDICATORS, LISTS, build, files, project, run, stderr, stdout};
use crate::ingest::sheets::Folder;

/// A project whose indicators are a count of people, a sum and a ratio, with prose.
fn with_prose() -> Folder {
    let folder = project();
    write(&folder, ACTIVITIES, ATTENDANCE);
    folder.write("narrative/quarterly/summary.mk.md", "Обучени се {{actual \"T1\"}} лица. Сè оди по план.\n");
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

fn submit(folder: &Folder, out: &Path) {
    let (project, out) = (folder.path().to_str().unwrap(), out.to_str().unwrap());
    let sent = run(&["submit", project, "--report", "quarterly", "--period", "2025-Q1", "--out", out]);
    assert!(sent.status.success(), "{}", stderr(&sent));
}

#[test]
fn a_late_row_a_corrected_count_and_another_sentence_are_told() {
    let (folder, out) = (with_prose(), tempfile::tempdir().unwrap());
    submit(&folder, out.path());
    let kept = files(&folder.path().join("submitted"));
    let project = folder.path().to_str().unwrap();
    assert!(stdout(&run(&["diff", project])).contains("no figure and no sentence differs"));

    // Late: a person of the first quarter. Corrected: 10 reached by A-01 are 12.
    write(&folder, ACTIVITIES, &format!("{ATTENDANCE}\nA-01 | P5 | M | 1999"));
    folder.patch("data.xlsx", "xl/worksheets/sheet1.xml", |xml| xml.replace("<v>10</v>", "<v>12</v>"));
    folder.write("narrative/quarterly/summary.en.md", "{{actual \"T1\"}} people were trained. There was a delay.\n");
    folder.write("narrative/quarterly/summary.mk.md", "Обучени се {{actual \"T1\"}} лица. Имаше доцнење.\n");
    let told = stdout(&run(&["diff", project]));
    for line in [
        "changed: 2025-Q1/quarterly T1 actual.period 2 → 3",
        "  because of rows added (1): data.xlsx:Attendance:6",
        "changed: 2025-Q1/quarterly T3 actual.period 10 → 12",
        "  because of rows changed (1): data.xlsx:Activities:2",
        "narrative: 2025-Q1/quarterly summary.en − 2 people were trained.",
        "narrative: 2025-Q1/quarterly summary.en − All goes as planned.",
        "narrative: 2025-Q1/quarterly summary.en + 3 people were trained.",
        "narrative: 2025-Q1/quarterly summary.en + There was a delay.",
        "narrative: 2025-Q1/quarterly summary.mk + Имаше доцнење.",
    ] {
        assert!(told.lines().any(|other| other == line), "{line}\nisn't in\n{told}");
    }

    // `build` and `check` say so in the language of messages, and leave what was sent as it was.
    let built = build(folder.path(), out.path(), &[]);
    assert!(
        stderr(&built)
            .contains("T1 in 2025-Q1 (period): quarterly said 2, now 3, because of these rows (added: 1, changed: 0)"),
        "{}",
        stderr(&built)
    );
    assert!(stderr(&built).contains("data.xlsx, sheet Attendance, cell A6"), "{}", stderr(&built));
    let checked = run(&["--messages", "mk", "check", project]);
    let told = format!("{}{}", stdout(&checked), stderr(&checked));
    assert!(told.contains("T1 во 2025-Q1 (period): quarterly наведе 2, сега 3, поради овие редови"), "{told}");
    assert_eq!(files(&folder.path().join("submitted")), kept);
}

#[test]
fn later_reports_are_made_anew_where_they_restate_figures() {
    let (folder, out) = (with_prose(), tempfile::tempdir().unwrap());
    submit(&folder, out.path());
    assert!(build(folder.path(), out.path(), &[]).status.success());
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

#[test]
fn a_report_is_submitted_once_and_a_damaged_submission_is_told() {
    let (folder, out) = (with_prose(), tempfile::tempdir().unwrap());
    let project = folder.path().to_str().unwrap();
    assert_eq!(run(&["diff", project]).status.code(), Some(2), "nothing was submitted yet");
    submit(&folder, out.path());
    let arguments = ["submit", project, "--report", "quarterly", "--period", "2025-Q1", "--out"];
    let arguments: Vec<&str> = arguments.into_iter().chain([out.path().to_str().unwrap()]).collect();
    let again = run(&arguments);
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("already-submitted"), "{}", stderr(&again));
    fs::write(folder.path().join("submitted/2025-Q1/quarterly.submission.json"), "{").unwrap();
    let built = build(folder.path(), out.path(), &["--force"]);
    assert!(built.status.success());
    assert!(stderr(&built).contains("submission-unreadable"), "{}", stderr(&built));
}

#[test]
fn two_builds_are_compared_with_rows_and_sentences() {
    let (folder, old, new) = (with_prose(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert!(build(folder.path(), old.path(), &[]).status.success());
    write(&folder, ACTIVITIES, &ATTENDANCE.replace("A-02 | P3", "A-01 | P3"));
    assert!(build(folder.path(), new.path(), &[]).status.success());
    let homes = [old.path().join("TEST-01"), new.path().join("TEST-01")];
    let [old, new] = homes.each_ref().map(|home| home.to_str().unwrap());
    let told = stdout(&run(&["diff", "--builds", old, new]));
    for line in [
        "changed: 2025-Q1/quarterly T1 actual.period 2 → 3",
        "changed: 2025-Q2/quarterly T1 actual.period 1 → 0",
        "narrative: 2025-Q1/quarterly summary.en + 3 people were trained.",
    ] {
        assert!(told.lines().any(|other| other == line), "{line}\nisn't in\n{told}");
    }
    assert!(told.contains("data.xlsx:Attendance:5"), "{told}");
    assert_eq!(stdout(&run(&["diff", "--builds", new, new])).trim(), "no figure and no sentence differs");
    assert_eq!(run(&["diff", "--builds", folder.path().to_str().unwrap(), new]).status.code(), Some(2));
}
