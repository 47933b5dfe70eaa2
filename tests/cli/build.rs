//! The program as it is run: what it writes, keeps, refuses and tells.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use donor_report::output::Memory;
use serde_json::Value;

use crate::ingest::sheets::Folder;

pub(super) const PROGRAM: &str = env!("CARGO_BIN_EXE_donor-report");
/// The files of the example, in a folder of their own: a build remembers something beside them.
pub(super) fn example() -> Folder {
    let folder = Folder::new();
    for (name, content) in donor_report::new_project::example::FILES {
        folder.write(name, content);
    }
    folder
}

/// What is remembered of a project's outputs in `out`.
pub(super) fn memory(project: &Folder, out: &Path) -> PathBuf {
    Memory::new(project.path(), out).path("")
}

pub(super) fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().expect("the program runs")
}

pub(super) fn build(project: &Path, out: &Path, more: &[&str]) -> Output {
    let mut arguments = vec!["build", project.to_str().unwrap(), "--out", out.to_str().unwrap()];
    arguments.extend(more);
    run(&arguments)
}

pub(super) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(super) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file under a folder but the lock, by its path.
pub(super) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                walk(&entry.path(), &format!("{name}/"), found);
            } else if !name.ends_with(".lock") {
                found.insert(name, fs::read(entry.path()).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, "", &mut found);
    found
}

/// A small invented project: two trainings, a register of six people, one report in two languages.
pub(super) fn project() -> Folder {
    let folder = Folder::new();
    folder.write("project.toml", PROJECT);
    folder.book(
        "data.xlsx",
        &[("Activities", ACTIVITIES), ("Attendance", ATTENDANCE), ("Indicators", INDICATORS), ("Lists", LISTS)],
    );
    folder
}

pub(super) const PROJECT: &str = r#"
code = "TEST-01"
languages = ["mk", "en"]
start = 2025-01-01
end = 2025-12-31
title = { mk = "Измислен проект", en = "An invented project" }
[periods]
quarters = true
[[reports]]
name = "quarterly"
periods = ["2025-Q1", "2025-Q2"]
documents = [["mk"], ["en"]]
annexes = [["mk", "en"]]
"#;
pub(super) const ACTIVITIES: &str = "id | date | type | title (mk) | title (en) | municipality
A-01 | @2025-02-03 | training | Обука | Training | Куманово
A-02 | @2025-05-06 | training | Втора обука | Second training | Бутел";
pub(super) const ATTENDANCE: &str = "activity | person | sex | birth_year
A-01 | P1 | F | 1990
A-01 | P2 | M | 1985
A-02 | P1 | F | 1990
A-02 | P3 | F | 2001";
pub(super) const INDICATORS: &str = "code | title (mk) | title (en) | unit (mk) | unit (en) | calculation | target
T1 | Обучени лица | People trained | лица | people | people | 4
T2 | Одржани обуки | Trainings held | обуки | trainings | activities | 2";
pub(super) const LISTS: &str = "list | code | label (mk) | label (en)
type | training | обука | training
municipality | Куманово | Куманово | Kumanovo
municipality | Бутел | Бутел | Butel";

#[test]
fn a_required_section_whose_file_has_a_fault_is_not_called_missing() {
    for (fault, text) in [
        ("narrative-not-utf8", b"\xff\xfe broken".as_slice()),
        ("narrative-too-large", &[b'a'; (1 << 20) + 1]),
        ("template-syntax", b"{{actual"),
        ("unknown-indicator", b"{{actual \"NONE\"}}"),
    ] {
        let folder = project();
        folder.write("narrative/quarterly/summary.en.md", text);
        folder.write("narrative/quarterly/summary.mk.md", "Реченица.\n");
        let said = stdout(&run(&["check", folder.path().to_str().unwrap()]));
        assert!(said.contains(fault), "{fault}: {said}");
        assert!(!said.contains("is required and has no text"), "{fault}: {said}");
    }
    let said = stdout(&run(&["check", project().path().to_str().unwrap()]));
    assert!(said.contains("is required and has no text"), "{said}");
}

#[test]
fn the_example_is_written_whole_and_a_second_build_has_nothing_to_do() {
    let (example, out) = (example(), tempfile::tempdir().unwrap());
    let first = build(example.path(), out.path(), &[]);
    assert!(first.status.success(), "{}", stderr(&first));
    let home = out.path().join("MYLA-2017-01");
    for name in [
        "2017-01--04/progress.mk.pdf",
        "2017-01--04/progress.en.pdf",
        "2017-01--04/progress.mk.xlsx",
        "2017-01--04/progress.en.xlsx",
        "2017-01--04/progress.figures.json",
        "2017-Q1/quarterly.mk.pdf",
        "2017-Q1/quarterly.en.pdf",
        "2017-Q2/quarterly.mk.pdf",
        "2017-Q2/quarterly.en.xlsx",
        "project/final.mk-en.pdf",
        "project/final.mk-en.xlsx",
    ] {
        assert!(home.join(name).is_file(), "{name}");
    }
    let before = files(&home);
    let second = build(example.path(), out.path(), &[]);
    assert!(stdout(&second).starts_with("MYLA-2017-01: 0 written"), "{}", stdout(&second));
    assert_eq!(files(&home), before);
}

#[test]
fn the_same_inputs_give_the_same_bytes_in_another_folder_time_zone_and_locale() {
    let (example, one, two) = (example(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert!(build(example.path(), one.path(), &["--report", "progress"]).status.success());
    let copy = tempfile::tempdir().unwrap();
    for (name, content) in files(example.path()) {
        let place = copy.path().join("elsewhere").join(name);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, content).unwrap();
    }
    let other = Command::new(PROGRAM)
        .args(["build", "elsewhere", "--report", "progress", "--jobs", "1", "--out"])
        .arg(two.path())
        .current_dir(copy.path())
        .envs([("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8")])
        .output()
        .unwrap();
    assert!(other.status.success(), "{}", stderr(&other));
    let (one, two) = (files(one.path()), files(two.path()));
    assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(bytes == &two[name], "{name} differs");
    }
}

#[test]
fn ten_faults_are_ten_problems_in_one_run_and_the_last_good_reports_stay() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    assert!(build(folder.path(), out.path(), &[]).status.success());
    let good = files(out.path());
    folder.book(
        "data.xlsx",
        &[
            (
                "Activities",
                "id | date | type | title (mk) | title (en) | municipality | reached
A-01 | @2025-02-03 | training | Обука | Training | Куманово | 12.5
A-01 | @2025-03-03 | training | Обука | Training | Куманово | 3
A-03 | 31-04-25 | training | Обука | Training | Куманово | 3
A-04 | @2025-03-05 | trainning | Обука | Training | Куманово | 3
A-05 | @2025-03-06 | training | Обука | | Куманово | 16",
            ),
            (
                "Attendance",
                "activity | person | sex | birth_year
A-99 | P1 | F | 1990
A-01 |  | M | 1985
A-01 | P3 | женка | 2001
A-01 | P4 | F | 1830",
            ),
            (
                "Indicators",
                "code | title (mk) | title (en) | unit (mk) | unit (en) | calculation | target
T1 | Обучени лица | People trained | лица | people | people | > 400
T2 | Одржани обуки | Trainings held | обуки | trainings | activites | 2",
            ),
            ("Lists", LISTS),
        ],
    );
    let refused = build(folder.path(), out.path(), &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(files(out.path()) == good, "the outputs were touched");
    let checked = run(&["check", folder.path().to_str().unwrap(), "--format", "json"]);
    assert_eq!(checked.status.code(), Some(1));
    let told: Value = serde_json::from_str(&stdout(&checked)).unwrap();
    let cells: Vec<String> = told["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|problem| problem["level"] != "note")
        .map(|problem| {
            format!("{} {}", problem["sheet"].as_str().unwrap_or("-"), problem["cell"].as_str().unwrap_or("-"))
        })
        .collect();
    for cell in [
        "Activities G2",
        "Activities A3",
        "Activities B4",
        "Activities C5",
        "Activities E6",
        "Attendance A2",
        "Attendance B3",
        "Attendance C4",
        "Attendance D5",
        "Indicators G2",
        "Indicators F3",
    ] {
        assert!(cells.iter().any(|told| told == cell), "{cell} isn't told: {cells:?}");
    }
    for table in told["tables"].as_array().unwrap() {
        let passed: u64 = table["passed"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
        let sum = ["used", "waived", "error"].iter().filter_map(|key| table[*key].as_u64()).sum::<u64>() + passed;
        assert_eq!(table["read"].as_u64(), Some(sum), "{table}");
    }
}

#[test]
fn a_submitted_report_stays_whatever_later_rows_change() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let project_path = folder.path().to_str().unwrap().to_owned();
    let submit = ["submit", &project_path, "--report", "quarterly", "--period", "2025-Q1", "--out"];
    let submit: Vec<&str> = submit.iter().copied().chain([out.path().to_str().unwrap()]).collect();
    assert!(build(folder.path(), out.path(), &[]).status.success());
    assert!(run(&submit).status.success());
    let kept = files(&folder.path().join("submitted"));
    assert!(kept.contains_key("2025-Q1/quarterly.mk.pdf") && kept.contains_key("2025-Q1/quarterly.submission.json"));
    assert_eq!(run(&submit).status.code(), Some(1), "what was sent isn't replaced");
    assert_eq!(files(&folder.path().join("submitted")), kept);

    let later = format!("{ATTENDANCE}\nA-01 | P5 | M | 1999");
    folder.book(
        "data.xlsx",
        &[("Activities", ACTIVITIES), ("Attendance", &later), ("Indicators", INDICATORS), ("Lists", LISTS)],
    );
    assert!(build(folder.path(), out.path(), &[]).status.success());
    assert_eq!(files(&folder.path().join("submitted")), kept, "a build left what was sent as it was");
}

#[test]
fn units_of_a_plan_make_what_a_whole_build_makes() {
    let (folder, whole, parts) = (project(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert!(build(folder.path(), whole.path(), &[]).status.success());
    let plan = run(&["plan", folder.path().to_str().unwrap()]);
    let units: Vec<Value> = stdout(&plan).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(units.len(), 2);
    for unit in &units {
        let made = run(&["build", "--unit", unit["unit"].as_str().unwrap(), "--out", parts.path().to_str().unwrap()]);
        assert!(made.status.success(), "{}", stderr(&made));
        for output in unit["outputs"].as_array().unwrap() {
            let name = output.as_str().unwrap();
            let same = fs::read(whole.path().join(name)).unwrap() == fs::read(parts.path().join(name)).unwrap();
            assert!(same, "{name} differs");
        }
    }
}

#[test]
fn another_key_gives_other_pseudonyms_at_the_next_build() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    folder.write(
        "project.toml",
        format!("{PROJECT}[privacy]\nkey_file = \"pseudonyms.key\"\nparticipants = \"pseudonymised\"\n"),
    );
    folder.write("pseudonyms.key", "an invented key, thirty-two bytes");
    let annex = out.path().join("TEST-01/2025-Q1/quarterly.mk-en.xlsx");
    let first = build(folder.path(), out.path(), &[]);
    assert!(first.status.success(), "{}", stderr(&first));
    let before = fs::read(&annex).unwrap();
    folder.write("pseudonyms.key", "another invented key of its length");
    assert!(build(folder.path(), out.path(), &[]).status.success());
    assert!(fs::read(&annex).unwrap() != before, "the annex kept the old key's pseudonyms");
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_of_the_folder_are_told_and_not_followed() {
    use std::os::unix::fs::symlink;
    let folder = project();
    let outside = Folder::new();
    outside.write("quarterly.toml", "secret of the machine");
    outside.write("words.typ", "#let secret = 1");
    let link = |from: &str, to: &Path| {
        fs::create_dir_all(folder.path().join(from).parent().unwrap()).unwrap();
        symlink(to, folder.path().join(from)).unwrap();
    };
    link("profiles/quarterly.toml", &outside.path().join("quarterly.toml"));
    link("templates/page.typ", &outside.path().join("words.typ"));
    link("templates/far", outside.path());
    // A folder of the project that is reached again by a link would go round for ever.
    link("templates/round", folder.path());
    let checked = run(&["check", folder.path().to_str().unwrap(), "--format", "json"]);
    assert_eq!(checked.status.code(), Some(1));
    let shown: Value = serde_json::from_slice(&checked.stdout).unwrap();
    let told: Vec<&str> = shown["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|problem| problem["code"] == "outside-folder")
        .map(|problem| problem["file"].as_str().unwrap())
        .collect();
    assert_eq!(told, ["profiles/quarterly.toml", "templates/far", "templates/page.typ"], "{shown}");
    assert!(!stdout(&checked).contains("secret"));
}

#[test]
fn a_table_that_is_not_to_be_had_is_one_error() {
    let folder = project();
    folder.write("narrative/quarterly/summary.en.md", "{{by \"T1\" \"type\" \"training\"}} people.\n");
    let toml = fs::read_to_string(folder.path().join("project.toml")).unwrap();
    for file in ["../far.xlsx", "near.xlsx", "damaged.xlsx"] {
        if file == "damaged.xlsx" {
            folder.write(file, b"PK\x03\x04 cut short");
        }
        folder.write("project.toml", format!("{toml}\n[tables.activities]\nfile = \"{file}\"\n"));
        let told = stdout(&run(&["check", folder.path().to_str().unwrap()]));
        assert_eq!(told.matches("error[").count(), 1, "{told}");
    }
}

#[test]
fn a_cell_of_thousands_of_letters_is_told_by_its_beginning() {
    let folder = project();
    let long = ATTENDANCE.replacen("| M |", &format!("| {} |", "ж".repeat(30_000)), 1);
    folder.book(
        "data.xlsx",
        &[("Activities", ACTIVITIES), ("Attendance", &long), ("Indicators", INDICATORS), ("Lists", LISTS)],
    );
    let told = stdout(&run(&["check", folder.path().to_str().unwrap()]));
    assert!(told.contains("error[unlisted-value]: `жж") && told.contains("жж…`"), "{told}");
    assert!(told.lines().all(|line| line.chars().count() < 1000));
}

/// What is filled in for the first time changes everything: nobody reads a list of it.
#[test]
fn of_many_changes_the_first_totals_are_listed() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let indicators: String =
        (1..40).map(|n| format!("\nT{n} | Лица | People | лица | people | people | sex | 4")).collect();
    let head = "code | title (mk) | title (en) | unit (mk) | unit (en) | calculation | by | target";
    let write = |attendance: &str| {
        let indicators = format!("{head}{indicators}");
        let lists = [("Indicators", indicators.as_str()), ("Lists", LISTS)];
        folder.book("data.xlsx", &[&[("Activities", ACTIVITIES), ("Attendance", attendance)], &lists[..]].concat());
    };
    write("activity | person | sex | birth_year\nA-01 | P1 | F | 1990");
    assert!(build(folder.path(), out.path(), &[]).status.success());
    write(ATTENDANCE);
    let told = stdout(&build(folder.path(), out.path(), &[]));
    let changed: Vec<&str> = told.lines().filter(|line| line.starts_with("changed: ")).collect();
    assert_eq!(changed.len(), 40, "{told}");
    let totals = ["since the start:", "in the period:", "all who came in the period:"];
    assert!(changed.iter().all(|line| totals.iter().any(|total| line.contains(total))), "{told}");
    assert!(told.contains("more values"), "{told}");
}
