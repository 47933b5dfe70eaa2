//! What a report says of its own period, of others and of the people in it.

use std::fmt::Write;
use std::fs;

use serde_json::Value;

use super::build::{build, stderr};
use crate::ingest::sheets::Folder;

const PROJECT: &str = r#"code = "YOUTH-01"
languages = ["en"]
start = 2025-01-01
end = 2025-12-31
data_until = 2025-09-30
title = { en = "An invented project" }
[age]
bands = [0, 15, 18, 25, 30]
[periods]
quarters = true
half_years = true
[[reports]]
name = "quarterly"
periods = "quarters"
documents = [["en"]]
formats = ["text"]
[[reports]]
name = "half"
profile = "progress"
periods = ["2025-H1"]
documents = [["en"]]
formats = ["text"]
[[reports]]
name = "final"
periods = ["project"]
documents = [["en"]]
formats = ["text"]
"#;

const ACTIVITIES: &str = "id | date | end date | type | title | status
A1 | @2025-02-03 | | training | First training | completed
A2 | @2025-03-20 | @2025-05-20 | course | Long course | ongoing
A3 | @2025-03-10 | | meeting | Meeting that fell through | cancelled
A4 | @2025-05-15 | | training | Second training | completed
A5 | @2025-11-05 | | meeting | Meeting of next winter | planned
A6 | @2025-08-08 | | meeting | Meeting of the summer | cancelled
A7 | @2025-09-15 | | training | Third training | completed";

const INDICATORS: &str = "code | title | unit | calculation | by | target
I1 | Young people trained | people | people | age | 400
I2 | Trainings held | trainings | activities | | 30";

/// A project with these persons, each with the year of birth and the activity that they came to.
fn project(people: &[(u16, &str)]) -> Folder {
    let folder = Folder::new();
    let mut participants = "person | birth year".to_owned();
    let mut attendance = "activity | person".to_owned();
    for (at, (born, activity)) in people.iter().enumerate() {
        write!(participants, "\nP{:03} | {born}", at + 1).expect("text");
        write!(attendance, "\n{activity} | P{:03}", at + 1).expect("text");
    }
    let targets = "indicator | period | target\nI1 | 2025-Q1 | 300\nI1 | 2025-Q2 | 100";
    let sheets = [
        ("Activities", ACTIVITIES),
        ("Participants", participants.as_str()),
        ("Attendance", attendance.as_str()),
        ("Indicators", INDICATORS),
        ("Targets", targets),
    ];
    folder.book("data.xlsx", &sheets);
    folder.write("project.toml", PROJECT);
    folder
}

/// The text of a report; the project is built.
fn report(out: &Folder, name: &str) -> String {
    fs::read_to_string(out.path().join("YOUTH-01").join(name)).expect("the report")
}

/// Which activities' titles the list of a report holds, by their codes.
fn listed(text: &str) -> Vec<&'static str> {
    let rows = ACTIVITIES.lines().skip(1).map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let list = text.split("Overview of activities").nth(1).unwrap_or_default();
    let list = list.split("\n# ").next().unwrap_or_default();
    rows.filter(|row| list.contains(row[4])).map(|row| row[0]).collect()
}

#[test]
fn a_report_lists_the_activities_of_its_own_period() {
    let (folder, out) = (project(&[(2000, "A1"), (2001, "A1"), (2002, "A1"), (2003, "A4")]), Folder::new());
    let built = build(folder.path(), out.path(), &[]);
    assert!(built.status.success(), "{}", stderr(&built));
    let first = report(&out, "2025-Q1/quarterly.en.txt");
    assert_eq!(listed(&first), ["A1", "A2", "A3"], "{first}");
    assert_eq!(listed(&report(&out, "2025-Q2/quarterly.en.txt")), ["A2", "A4"]);
    assert_eq!(listed(&report(&out, "2025-Q3/quarterly.en.txt")), ["A6", "A7"]);
    assert_eq!(listed(&report(&out, "2025-H1/half.en.txt")), ["A1", "A2", "A3", "A4"]);
    // No quarter has ended after the data does, and none is reported on.
    assert!(!out.path().join("YOUTH-01/2025-Q4").exists());
}

#[test]
fn a_training_with_a_list_of_attendance_says_how_many_came() {
    let (folder, out) = (project(&[(2000, "A1"), (2001, "A1"), (2002, "A1"), (2003, "A4")]), Folder::new());
    assert!(build(folder.path(), out.path(), &[]).status.success());
    let first = report(&out, "2025-Q1/quarterly.en.txt");
    let row = first.lines().find(|line| line.contains("First training")).expect("the activity");
    assert!(row.contains("| 3 | completed"), "{row}");
}

/// An officer's omission is reported by `check`; a donor reads nothing of it.
#[test]
fn an_explanation_that_nobody_wrote_is_told_to_the_office_and_not_to_the_donor() {
    let (folder, out) = (project(&[(2000, "A1"), (2001, "A1"), (2002, "A1")]), Folder::new());
    let built = build(folder.path(), out.path(), &[]);
    assert!(stderr(&built).contains("warning[unexplained-variance]"), "{}", stderr(&built));
    for name in ["2025-Q1/quarterly.en.txt", "2025-H1/half.en.txt", "project/final.en.txt"] {
        let text = report(&out, name).to_lowercase();
        assert!(text.contains("off track"), "{text}");
        assert!(!text.contains("no explanation") && !text.contains("explains it"), "{text}");
    }
}

/// A band that was hidden in a quarter can't be shown in the end, since the shown quarters would give it away; but it takes
/// no larger band with it, and a donor who demands the axis gets it whole.
#[test]
fn bands_of_ages_that_were_large_in_every_quarter_are_shown_in_the_end() {
    // By quarter: born in 2009 (15 to 17), 2004, 1999, 1993.
    let quarters = [("A1", [6, 86, 43, 8]), ("A4", [4, 34, 20, 3]), ("A7", [9, 50, 13, 5])];
    let mut people = Vec::new();
    for (activity, bands) in quarters {
        for (born, many) in [2009, 2004, 1999, 1993].into_iter().zip(bands) {
            people.extend(std::iter::repeat_n((born, activity), many));
        }
    }
    let (folder, out) = (project(&people), Folder::new());
    let in_the_end = || {
        let built = build(folder.path(), out.path(), &[]);
        assert!(built.status.success(), "{}", stderr(&built));
        let figures: Value = serde_json::from_str(&report(&out, "project/final.figures.json")).expect("JSON");
        let ages = &figures["indicators"][0]["by"]["age"];
        ["15-17", "18-24", "25-29", "30+"].map(|band| ages[band]["cumulative"].as_u64())
    };
    assert_eq!(in_the_end(), [None, Some(170), Some(76), None]);
    folder.write("project.toml", format!("{PROJECT}[privacy]\nsuppress_below = {{ default = 5, age = 0 }}\n"));
    assert_eq!(in_the_end(), [Some(19), Some(170), Some(76), Some(16)]);
}
