//! Reports as they were sent, held against today, and two builds against each other.

use std::path::Path;

use super::build::{ACTIVITIES, ATTENDANCE, INDICATORS, LISTS, build, files, project, run, stderr};
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
