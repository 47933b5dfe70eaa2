//! What the program remembers lies in the project's folder: the outputs and what was sent give nobody away.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use donor_report::output::RowFingerprinter;
use serde_json::Value;

use super::build::{
    ACTIVITIES, ATTENDANCE, INDICATORS, LISTS, PROJECT, build, example, files, memory, project, run, stderr, stdout,
};
use crate::ingest::sheets::{Folder, parts};

const KEY: &str = "an invented key, thirty-two bytes";

fn succeeds(output: &Output) {
    assert!(output.status.success(), "{}", stderr(output));
}

fn write_data(folder: &Folder, attendance: &str) {
    folder.book(
        "data.xlsx",
        &[("Activities", ACTIVITIES), ("Attendance", attendance), ("Indicators", INDICATORS), ("Lists", LISTS)],
    );
}

fn submit(folder: &Folder, out: &Path, period: &str) -> Output {
    let (project, out) = (folder.path().to_str().unwrap(), out.to_str().unwrap());
    run(&["submit", project, "--report", "quarterly", "--period", period, "--out", out])
}

/// All text of some files: of workbooks that of their parts, of others their bytes.
fn text_of(folder: &Path) -> String {
    let mut text = String::new();
    for (name, content) in files(folder) {
        text.push_str(&name);
        if content.starts_with(b"PK") {
            parts(&content).iter().for_each(|(_, part)| text.push_str(&String::from_utf8_lossy(part)));
        } else {
            text.push_str(&String::from_utf8_lossy(&content));
        }
    }
    text
}

/// An earlier version kept a fingerprint of each row among the outputs, keyed with project.toml: whoever had both could
/// try out codes of persons, and then the values that every document hides.
#[test]
fn outputs_hold_nothing_but_what_the_plan_names() {
    let (folder, out) = (example(), tempfile::tempdir().unwrap());
    succeeds(&build(folder.path(), out.path(), &[]));
    let plan = run(&["plan", folder.path().to_str().unwrap()]);
    let units: Vec<Value> = stdout(&plan).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let planned = units.iter().flat_map(|unit| unit["outputs"].as_array().unwrap());
    let planned: BTreeSet<&str> = planned.map(|output| output.as_str().unwrap()).collect();
    let built = files(out.path());
    assert_eq!(built.keys().map(String::as_str).collect::<BTreeSet<&str>>(), planned);

    // The rows that are remembered carry no fingerprint that project.toml could make, nor the pseudonyms' key.
    let evidence = fs::read(memory(&folder, out.path()).join("evidence.json")).unwrap();
    let evidence: Value = serde_json::from_slice(&evidence).unwrap();
    let keys: Vec<&str> =
        evidence["rows"].as_object().unwrap().values().map(|rows| rows["key"].as_str().unwrap()).collect();
    assert_eq!(keys.len(), 1);
    for (name, content) in files(folder.path()).iter().filter(|(name, _)| !name.starts_with(".donor-report/")) {
        assert_ne!(RowFingerprinter::new(content).key_name(), keys[0], "{name}");
    }
    // A row with its fingerprint: `17:a1b2c3`, `17:a1b2c3:d4e5f6`.
    let text = text_of(out.path());
    let is_row = |word: &str| {
        let pieces: Vec<&str> = word.split(':').collect();
        let is_hex = |piece: &&str| piece.len() == 6 && piece.bytes().all(|byte| byte.is_ascii_hexdigit());
        pieces.len() > 1 && pieces[0].bytes().all(|byte| byte.is_ascii_digit()) && pieces[1..].iter().all(is_hex)
    };
    let rows: Vec<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != ':').filter(|word| is_row(word)).collect();
    assert!(rows.is_empty(), "{rows:?}");
}

#[test]
fn what_was_sent_holds_no_row_that_its_key_does_not_open() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    folder.write("project.toml", format!("{PROJECT}[privacy]\nkey_file = \"pseudonyms.key\"\n"));
    folder.write("pseudonyms.key", KEY);
    let attendance = |rows: &str| rows.replace("P1", "EMBG-0101990450001").replace("P2", "EMBG-0202985450002");
    write_data(&folder, &attendance(ATTENDANCE));
    succeeds(&build(folder.path(), out.path(), &[]));
    succeeds(&submit(&folder, out.path(), "2025-Q1"));
    let kept = folder.path().join("submitted");
    let text = text_of(&kept);
    assert!(!text.contains("EMBG") && !text.contains(KEY));
    let record = fs::read_to_string(kept.join("2025-Q1/quarterly.submission.json")).unwrap();
    assert!(!record.contains("data.xlsx") && !record.contains("2025-02-03"), "{record}");

    // With the key the rows that made a difference are told, however long ago it was.
    fs::remove_dir_all(folder.path().join(".donor-report")).unwrap();
    let mut lines: Vec<&str> = ATTENDANCE.lines().collect();
    lines.insert(2, "A-01 | P9 | M | 1970");
    write_data(&folder, &attendance(&lines.join("\n")));
    let check = || stdout(&run(&["check", folder.path().to_str().unwrap()]));
    let told = check();
    assert!(told.contains("quarterly said 2, now 3, because of these rows") && told.contains("cell A3"), "{told}");
    folder.write("pseudonyms.key", "another key, of thirty-three bytes");
    let told = check();
    assert!(told.contains("quarterly said 2, now 3") && !told.contains("because of these rows"), "{told}");
}

#[test]
fn without_a_key_the_rows_behind_what_is_sent_are_not_kept_and_that_is_told() {
    for key in [None, Some("skopje2017")] {
        let (folder, out) = (project(), tempfile::tempdir().unwrap());
        if let Some(key) = key {
            folder.write("project.toml", format!("{PROJECT}[privacy]\nkey_file = \"pseudonyms.key\"\n"));
            folder.write("pseudonyms.key", key);
        }
        succeeds(&build(folder.path(), out.path(), &[]));
        let submitted = submit(&folder, out.path(), "2025-Q1");
        succeeds(&submitted);
        assert!(stderr(&submitted).contains("without the rows behind the figures"), "{}", stderr(&submitted));
        assert!(files(&folder.path().join("submitted")).keys().all(|name| !name.contains("rows")));
    }
}

/// Earlier versions kept codes of persons in the clear.
#[test]
fn rows_that_an_earlier_version_kept_in_the_clear_are_told_and_taken_out() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    succeeds(&build(folder.path(), out.path(), &[]));
    succeeds(&submit(&folder, out.path(), "2025-Q1"));
    let name = "submitted/2025-Q1/quarterly.submission.json";
    let read = || fs::read_to_string(folder.path().join(name)).unwrap();
    let mut record: Value = serde_json::from_str(&read()).unwrap();
    record["schema"] = 3.into();
    record["indicators"]["T1"]["rows"] = serde_json::json!([{"says": "A-01|P1|2025-02-03|", "place": "data.xlsx:Attendance", "row": 2, "day": "2025-02-03"}]);
    folder.write(name, record.to_string());
    let told = stdout(&run(&["check", folder.path().to_str().unwrap()]));
    assert!(told.contains("warning[submission-holds-rows]") && told.contains(name), "{told}");
    succeeds(&build(folder.path(), out.path(), &[]));
    succeeds(&submit(&folder, out.path(), "2025-Q2"));
    assert!(!read().contains("A-01"), "{}", read());
    let told = stdout(&run(&["check", folder.path().to_str().unwrap()]));
    assert!(!told.contains("submission-holds-rows") && !told.contains("restated"), "{told}");
}

/// Records of an earlier version tell what reports hide; they may lie in a folder that is sent.
#[test]
fn records_that_an_earlier_version_left_among_the_outputs_are_removed() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    succeeds(&build(folder.path(), out.path(), &[]));
    let (home, remembered) = (out.path().join("TEST-01"), memory(&folder, out.path()));
    // As it was left, and with nothing else to do.
    for is_upgrade in [true, false] {
        for name in ["record.json", "evidence.json"] {
            fs::copy(remembered.join(name), home.join(name)).unwrap();
        }
        if is_upgrade {
            fs::remove_dir_all(folder.path().join(".donor-report")).unwrap();
            write_data(&folder, &format!("{ATTENDANCE}\nA-01 | P4 | M | 1999"));
        }
        let built = build(folder.path(), out.path(), &[]);
        succeeds(&built);
        let told = stdout(&built);
        let line = told.lines().find(|line| line.starts_with("removed ")).unwrap_or_else(|| panic!("{told}"));
        assert!(line.contains("TEST-01/record.json") && line.contains("TEST-01/evidence.json"), "{line}");
        assert!(!home.join("record.json").exists() && !home.join("evidence.json").exists());
        assert_eq!(told.contains("changed: 2025-Q1/quarterly T1 in the period: 2 → 3"), is_upgrade, "{told}");
        assert!(!stderr(&built).contains("periods-forgotten"), "{}", stderr(&built));
    }
}

#[test]
fn a_lost_memory_is_told_where_an_earlier_period_was_not_submitted() {
    let lose = |folder: &Folder, damage: Option<&str>, out: &Path| match damage {
        None => fs::remove_dir_all(folder.path().join(".donor-report")).unwrap(),
        Some(text) => fs::write(memory(folder, out).join("record.json"), text).unwrap(),
    };
    for damage in [None, Some("{")] {
        let (folder, out) = (project(), tempfile::tempdir().unwrap());
        let first = build(folder.path(), out.path(), &[]);
        assert!(!stderr(&first).contains("forgotten"), "nothing was lost: {}", stderr(&first));
        let whole = files(out.path());
        lose(&folder, damage, out.path());
        let told = build(folder.path(), out.path(), &[]);
        succeeds(&told);
        let warning = stderr(&told);
        assert!(warning.contains("warning[periods-forgotten]") && warning.contains("(2025-Q1)"), "{warning}");
        assert!(stdout(&told).contains("8 written, 0 already up to date"), "{}", stdout(&told));
        assert!(files(out.path()) == whole, "a lost memory changed an output");
        assert!(!stderr(&build(folder.path(), out.path(), &[])).contains("forgotten"), "it is told once");

        succeeds(&submit(&folder, out.path(), "2025-Q1"));
        lose(&folder, damage, out.path());
        let told = build(folder.path(), out.path(), &[]);
        assert!(!stderr(&told).contains("forgotten"), "what was sent is known: {}", stderr(&told));
    }
}

#[test]
fn a_project_that_cannot_be_written_to_is_built_whole_with_one_warning() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    // Whoever runs the tests, nobody makes a folder where a file is.
    folder.write(".donor-report", "in the way");
    for _ in 0..2 {
        let built = build(folder.path(), out.path(), &[]);
        succeeds(&built);
        let of_memory =
            stderr(&built).lines().filter(|line| line.contains("--> ") && line.contains(".donor-report")).count();
        assert_eq!(of_memory, 1, "{}", stderr(&built));
        assert!(stderr(&built).contains("warning[not-remembered]"), "{}", stderr(&built));
        assert!(stdout(&built).contains("8 written, 0 already up to date"), "{}", stdout(&built));
    }
}

/// The memory of one state of the data says nothing in the outputs of another.
#[test]
fn a_memory_never_reaches_an_output() {
    let (folder, out, fresh) = (project(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    succeeds(&build(folder.path(), out.path(), &[]));
    write_data(&folder, &format!("{ATTENDANCE}\nA-01 | P4 | M | 1999"));
    let record = memory(&folder, out.path()).join("record.json");
    let text = fs::read_to_string(&record).unwrap();
    fs::write(&record, text.replace("\"period\": 2", "\"period\": 77")).unwrap();
    succeeds(&build(folder.path(), out.path(), &[]));
    succeeds(&build(folder.path(), fresh.path(), &[]));
    assert!(files(out.path()) == files(fresh.path()));
}
