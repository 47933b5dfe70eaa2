//! A figure that was sent and is another one today: which cell was corrected, however the rows are sorted since.

use super::build::{build, run, stderr, stdout};
use crate::ingest::sheets::Folder;

const ACTIVITIES: &str = "id | date | type | title | municipality | status | reached
A-01 | @2025-02-03 | training | First training | K | completed | 10
A-02 | @2025-02-06 | training | Second training | B | completed | 20
A-03 | @2025-02-10 | meeting | A meeting | K | completed | 30";

const PARTICIPANTS: &str = "person | name | sex | birth_year | status
P1 | Invented Ana | F | 1990 | refugee
P2 | Invented Bojan | M | 1985 | refugee
P3 | Invented Vera | F | 2001 | citizen";

const ATTENDANCE: &str = "activity | person | date
A-01 | P1 | @2025-02-03
A-01 | P2 | @2025-02-03
A-02 | P1 | @2025-02-06
A-02 | P3 | @2025-02-06
A-03 | P2 | @2025-02-10";

const INDICATORS: &str = "code | title | unit | calculation | where | by | target
T1 | People trained | people | people | type = training | sex; person.status | 4
T2 | Women trained | people | people | type = training; sex = F | | 4
T3 | People reached | people | sum(reached) | type = training | | 100
T4 | Trainings held | trainings | activities | type = training | municipality | 3";

const LISTS: &str = "list | code | label
type | training | training
type | meeting | meeting
municipality | K | Kumanovo
municipality | B | Butel
person.status | refugee | refugee
person.status | citizen | citizen";

const PROJECT: &str = r#"code = "TEST-01"
languages = ["en"]
start = 2025-01-01
end = 2025-12-31
title = { en = "An invented project" }
[privacy]
suppress_below = 0
key_file = "pseudonyms.key"
[periods]
quarters = true
[[reports]]
name = "quarterly"
periods = ["2025-Q1"]
documents = [["en"]]
"#;

fn write(folder: &Folder, activities: &str, participants: &str, attendance: &str) {
    let sheets = [
        ("Activities", activities),
        ("Participants", participants),
        ("Attendance", attendance),
        ("Indicators", INDICATORS),
        ("Lists", LISTS),
    ];
    folder.book("data.xlsx", &sheets);
}

/// A project whose first quarter was sent.
fn submitted() -> Folder {
    let folder = Folder::new();
    folder.write("project.toml", PROJECT);
    folder.write("pseudonyms.key", "an invented key, thirty-two bytes");
    write(&folder, ACTIVITIES, PARTICIPANTS, ATTENDANCE);
    let out = tempfile::tempdir().unwrap();
    let built = build(folder.path(), out.path(), &[]);
    assert!(built.status.success(), "{}", stderr(&built));
    let (project, out) = (folder.path().to_str().unwrap(), out.path().to_str().unwrap());
    let sent = run(&["submit", project, "--report", "quarterly", "--period", "2025-Q1", "--out", out]);
    assert!(sent.status.success(), "{}", stderr(&sent));
    folder
}

/// `indicator: reasons` of each change that `diff` prints, each once.
fn reasons(folder: &Folder) -> Vec<String> {
    let found = run(&["diff", folder.path().to_str().unwrap()]);
    assert!(found.status.success(), "{}", stderr(&found));
    let mut indicator = String::new();
    let mut reasons = Vec::new();
    for line in stdout(&found).lines() {
        match line.split_once("because of ") {
            Some((_, reason)) => reasons.push(format!("{indicator}: {reason}")),
            None => indicator = line.split(' ').nth(2).unwrap_or_default().to_owned(),
        }
    }
    reasons.dedup();
    reasons
}

#[test]
fn a_corrected_sex_is_named_in_the_register_and_not_as_attendances_that_came_and_went() {
    let folder = submitted();
    // The register is sorted too, and somebody's surname mended.
    let sorted = "person | name | sex | birth_year | status
P3 | Invented Vera-Ana | F | 2001 | citizen
P2 | Invented Bojana | F | 1985 | refugee
P1 | Invented Ana | F | 1990 | refugee";
    write(&folder, ACTIVITIES, sorted, ATTENDANCE);
    let cell = "cells corrected (1): data.xlsx:Participants:C3";
    assert_eq!(reasons(&folder), [format!("T1: {cell}"), format!("T2: {cell}")]);
}

#[test]
fn the_activitys_cell_is_named_and_only_one_that_the_figure_depends_on() {
    let folder = submitted();
    // Its title and municipality change as well, of which only the parts of T4 know.
    let changed = ACTIVITIES
        .replace("training | Second training | B | completed", "training | The second training | K | postponed");
    write(&folder, &changed, PARTICIPANTS, ATTENDANCE);
    let found = reasons(&folder);
    assert!(found.contains(&"T1: cells corrected (1): data.xlsx:Activities:F3".to_owned()), "{found:?}");
    assert!(found.contains(&"T3: cells corrected (1): data.xlsx:Activities:F3".to_owned()), "{found:?}");
    assert!(found.contains(&"T4: cells corrected (2): data.xlsx:Activities:E3, F3".to_owned()), "{found:?}");
    assert!(found.iter().all(|reason| !reason.contains("rows")), "{found:?}");
}

#[test]
fn a_corrected_count_a_late_row_and_a_row_that_is_gone_are_each_told_as_what_they_are() {
    let folder = submitted();
    let activities = ACTIVITIES.replace("completed | 20", "completed | 21");
    let attendance = ATTENDANCE.replace("A-02 | P3 | @2025-02-06\n", "") + "\nA-02 | P2 | @2025-02-06";
    write(&folder, &activities, PARTICIPANTS, &attendance);
    let found = reasons(&folder);
    assert!(found.contains(&"T3: cells corrected (1): data.xlsx:Activities:G3".to_owned()), "{found:?}");
    assert!(found.contains(&"T2: rows no longer counted (1): data.xlsx:Attendance:5".to_owned()), "{found:?}");
}

#[test]
fn an_attendance_that_names_another_person_is_a_corrected_cell() {
    let folder = submitted();
    write(&folder, ACTIVITIES, PARTICIPANTS, &ATTENDANCE.replace("A-02 | P3", "A-02 | P2"));
    let cell = "cells corrected (1): data.xlsx:Attendance:B5";
    let found = reasons(&folder);
    assert!(found.contains(&format!("T2: {cell}")), "{found:?}");
}

#[test]
fn the_warning_stands_at_the_corrected_cell_and_the_report_says_what_it_is() {
    let folder = submitted();
    write(&folder, ACTIVITIES, &PARTICIPANTS.replace("Bojan | M", "Bojan | F"), ATTENDANCE);
    let out = tempfile::tempdir().unwrap();
    let built = build(folder.path(), out.path(), &[]);
    let said = stderr(&built);
    assert!(said.contains("T2 in 2025-Q1") && said.contains("sheet Participants, cell C3"), "{said}");
    assert!(said.contains("(newly counted: 0, corrected: 1)"), "{said}");
}
