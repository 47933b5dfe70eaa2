//! Outputs: whole or not at all, current or not, and what changed between two.

mod hash_jobs;
mod leak_scanner;
mod memory;
mod planted;

use std::collections::BTreeMap;
use std::fs;

use donor_report::folder::hash_bytes;
use donor_report::output::{FolderLock, Memory, Record, RecordedFile, Stage, checksum_of_file, diff_figures};
use serde_json::{Value, json};

#[test]
fn an_output_is_in_its_place_only_when_published() {
    let home = tempfile::tempdir().unwrap();
    let stage = Stage::open(home.path()).unwrap();
    stage.write("2017-Q1/report.pdf", b"new").unwrap();
    assert!(!home.path().join("2017-Q1").exists());
    stage.publish("2017-Q1/report.pdf").unwrap();
    assert_eq!(fs::read(home.path().join("2017-Q1/report.pdf")).unwrap(), b"new");
    drop(stage);
    let left =
        fs::read_dir(home.path()).unwrap().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let left: Vec<String> = left.filter(|name| !name.ends_with(".lock")).collect();
    assert_eq!(left, ["2017-Q1"], "nothing of the stage stays behind");
}

#[test]
fn what_a_killed_build_left_is_removed_and_the_good_file_stays() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("good.pdf"), b"good").unwrap();
    fs::create_dir(home.path().join(".unfinished-abc")).unwrap();
    fs::write(home.path().join(".unfinished-abc/good.pdf"), b"ha").unwrap();
    let stage = Stage::open(home.path()).unwrap();
    assert!(!home.path().join(".unfinished-abc").exists());
    assert_eq!(fs::read(home.path().join("good.pdf")).unwrap(), b"good");
    drop(stage);
}

#[test]
fn two_builds_take_turns() {
    let home = tempfile::tempdir().unwrap();
    let first = FolderLock::whole(home.path(), || panic!("nobody holds it yet")).unwrap();
    let (sender, waited) = std::sync::mpsc::channel();
    let path = home.path().to_owned();
    let second = std::thread::spawn(move || FolderLock::whole(&path, || sender.send(()).unwrap()).map(drop));
    waited.recv().unwrap();
    assert!(!second.is_finished());
    drop(first);
    second.join().unwrap().unwrap();
}

fn record_of(home: &std::path::Path, name: &str) -> Record {
    let mut record = Record::new("1", BTreeMap::new());
    let content = checksum_of_file(&home.join(name)).unwrap();
    record.outputs.insert(name.to_owned(), RecordedFile { made_from: "a".into(), content });
    record
}

#[test]
fn an_output_is_current_while_it_stands_as_written_from_the_same_things() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("x.pdf"), b"x").unwrap();
    let record = record_of(home.path(), "x.pdf");
    assert!(record.is_current(home.path(), "x.pdf", "a"));
    assert!(!record.is_current(home.path(), "x.pdf", "b"), "made from something else");
    assert!(!record.is_current(home.path(), "y.pdf", "a"), "never written");
    fs::write(home.path().join("x.pdf"), b"edited").unwrap();
    assert!(!record.is_current(home.path(), "x.pdf", "a"), "somebody changed it");
}

#[test]
fn a_record_is_read_back_and_a_damaged_or_foreign_one_is_none() {
    let (project, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(home.path().join("x.pdf"), b"x").unwrap();
    let record = record_of(home.path(), "x.pdf");
    let memory = Memory::new(project.path(), home.path());
    assert_eq!(Record::read(&memory), None);
    record.write(&memory.open().unwrap()).unwrap();
    assert_eq!(Record::read(&memory), Some(record));
    for damaged in [
        "",
        "{",
        "{\"schema\":1}",
        "{\"schema\":99,\"program\":\"\",\"inputs\":{},\"units\":{},\"outputs\":{},\"figures\":{},\"evidence\":\"\"}",
    ] {
        fs::write(memory.path("record.json"), damaged).unwrap();
        assert_eq!(Record::read(&memory), None, "{damaged}");
    }
}

#[test]
fn parts_of_a_hash_cannot_run_into_each_other() {
    let hash = |parts: &[&str]| hash_bytes(parts.iter().map(|part| part.as_bytes()));
    assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    assert_eq!(hash(&["ab", "c"]), hash(&["ab", "c"]));
}

fn figures(period: u64, sex: Value) -> BTreeMap<String, Value> {
    let indicators = json!([{"code": "I14", "unit": {"en": "people"}, "actual": {"period": period, "cumulative": {"from": 16, "to": 32}},
        "status": "achieved", "by": {"sex": {"F": {"period": sex}}}}]);
    BTreeMap::from([("2017-Q1/quarterly".to_owned(), indicators)])
}

#[test]
fn changes_name_document_indicator_and_value() {
    let found = diff_figures(&figures(512, json!({"below": 5})), &figures(518, json!(6)));
    let told: Vec<String> = found
        .iter()
        .map(|c| format!("{} {} {} {:?} {:?}", c.document, c.indicator, c.field, c.old.as_deref(), c.new.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            r#"2017-Q1/quarterly I14 actual.period Some("512") Some("518")"#,
            r#"2017-Q1/quarterly I14 by.sex.F.period Some("<5") Some("6")"#,
        ]
    );
    assert!(diff_figures(&figures(512, json!(1)), &figures(512, json!(1))).is_empty());
    assert!(diff_figures(&BTreeMap::new(), &figures(512, json!(1))).is_empty(), "a new document has no changes");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_made_is_told_before_any_work() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    fs::write(&file, b"").unwrap();
    assert!(Stage::open(&file.join("under-a-file")).is_err());
}
