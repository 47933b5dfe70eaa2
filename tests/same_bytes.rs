//! `cargo bench --bench same_bytes` finds a byte changed in any kind of output.

#[path = "../benches/same_bytes/compare.rs"]
mod compare;
#[expect(dead_code, reason = "the group and kind of a scenario are for whoever reads the differences")]
#[path = "../benches/same_bytes/scenario.rs"]
mod scenario;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use compare::{Difference, First, compare_folders, compare_runs, files, first_difference};
use scenario::{Facts, Outcome, Scenario, Step};

use crate::ingest::case::cases_of;
use crate::ingest::sheets::Folder;

const PROGRAM: &str = env!("CARGO_BIN_EXE_donor-report");
const IATI: &str = "[iati]\nidentifier = \"MK-EXAMPLE-1\"\norganisation = \"MK-EXAMPLE\"\norganisation-type = \"22\"\n\
                    status = \"2\"\ncountry = \"MK\"\nsector = \"15160\"\n";

/// The outputs of the project that cases are made from, under `TEST-1/`.
fn built() -> Folder {
    let (project, out) = (Folder::new(), Folder::new());
    let mut case = cases_of("base")[0].clone();
    case.blocks.push(("+ project".to_owned(), IATI.to_owned()));
    for (name, content) in case.project().files {
        project.write(&name, content);
    }
    let built = run(&["build", &project.path().to_string_lossy(), "--out", &out.path().to_string_lossy()]);
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    out
}

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().expect("the program runs")
}

fn copy(folder: &Folder) -> Folder {
    let copy = Folder::new();
    for (name, content) in files(folder.path()).expect("files").iter().filter(|(name, _)| !name.ends_with('/')) {
        copy.write(name, content);
    }
    copy
}

fn different(old: &Folder, new: &Folder) -> Vec<String> {
    let comparison = compare_folders(old.path(), new.path(), &BTreeSet::new()).expect("two folders");
    comparison.differences.into_iter().map(|difference| difference.thing).collect()
}

#[test]
fn a_byte_changed_in_any_output_is_reported() {
    let old = built();
    let new = copy(&old);
    assert_eq!(different(&old, &new), Vec::<String>::new());
    let mut kinds = BTreeSet::new();
    for (name, content) in files(old.path()).expect("files") {
        if content.is_empty() {
            continue;
        }
        kinds.extend(name.rsplit('/').next().and_then(|name| name.split_once('.')).map(|(_, kind)| kind.to_owned()));
        for at in [0, content.len() / 3, content.len() / 2, content.len() - 1] {
            let mut changed = content.clone();
            changed[at] ^= 1;
            new.write(&name, changed);
            assert!(different(&old, &new).contains(&name), "byte {at} of {name}");
        }
        new.write(&name, content);
    }
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    assert_eq!(kinds, ["en.pdf", "en.xlsx", "figures.json", "xml"]);
}

#[test]
fn a_missing_or_additional_file_is_reported() {
    let (old, new) = (Folder::new(), Folder::new());
    old.write("both.txt", "1");
    old.write("old/gone.txt", "");
    new.write("both.txt", "1");
    new.write("added.txt", "");
    let comparison = compare_folders(old.path(), new.path(), &BTreeSet::new()).expect("two folders");
    assert_eq!(comparison.compared, 3);
    let found: Vec<(&str, &First)> =
        comparison.differences.iter().map(|difference| (difference.thing.as_str(), &difference.first)).collect();
    assert_eq!(found, [("added.txt", &First::Added), ("old/", &First::Gone), ("old/gone.txt", &First::Gone)]);
}

/// What a program was given counts as nothing that was compared, and still it must be left alone.
#[test]
fn a_changed_input_is_reported() {
    let (old, new) = (Folder::new(), Folder::new());
    old.write("project.toml", "1");
    new.write("project.toml", "2");
    let given = BTreeSet::from(["project.toml".to_owned()]);
    let comparison = compare_folders(old.path(), new.path(), &given).expect("two folders");
    assert_eq!((comparison.compared, comparison.differences.len()), (0, 1));
}

#[test]
fn a_byte_changed_on_a_stream_or_another_exit_code_is_reported() {
    let old = run(&["--version"]);
    let reported = |new: &Output| -> Vec<String> {
        compare_runs(&old, new).differences.into_iter().map(|difference| difference.thing).collect()
    };
    assert_eq!(reported(&old.clone()), Vec::<String>::new());
    let mut changed = old.clone();
    changed.stdout[0] ^= 1;
    assert_eq!(reported(&changed), ["standard output"]);
    let mut changed = old.clone();
    changed.stderr.push(b' ');
    assert_eq!(reported(&changed), ["standard error"]);
    let changed = Output { status: run(&["nonsense"]).status, ..old.clone() };
    assert_eq!(reported(&changed), ["exit code"]);
}

#[test]
fn the_first_line_or_byte_is_named() {
    let line = |line, old: Option<&str>, new: Option<&str>| {
        Some(First::Line { line, old: old.map(str::to_owned), new: new.map(str::to_owned) })
    };
    assert_eq!(first_difference(b"a\nb\n", b"a\nb\n"), None);
    assert_eq!(first_difference(b"a\nb\n", b"a\nc\n"), line(2, Some(r#""b\n""#), Some(r#""c\n""#)));
    assert_eq!(first_difference(b"a\nb\n", b"a\nb\r\n"), line(2, Some(r#""b\n""#), Some(r#""b\r\n""#)));
    assert_eq!(first_difference(b"a\n", b"a\nb"), line(2, None, Some(r#""b""#)));
    assert_eq!(first_difference(b"PK\0\x01", b"PK\0\x02\x03"), Some(First::Byte { offset: 3, old: 4, new: 5 }));
    assert_eq!(first_difference(b"\xff\xfe", b"\xff"), Some(First::Byte { offset: 1, old: 2, new: 1 }));
    // Of a long line, what is around the difference.
    let long = "x".repeat(5000);
    let Some(First::Line { old: Some(shown), .. }) = first_difference(format!("{long}y").as_bytes(), long.as_bytes())
    else {
        panic!("a line")
    };
    assert_eq!(shown, format!("\"{}y\"", "x".repeat(30)));
    let difference = Difference { thing: "build: x.pdf".to_owned(), first: First::Byte { offset: 3, old: 4, new: 5 } };
    assert_eq!(difference.to_string(), "build: x.pdf, offset 3 (old 4 bytes, new 5)");
}

/// The project of the cases, built before and after a change.
fn scenario() -> Scenario {
    let run = |line: &str| Step::Run(line.split(' ').map(str::to_owned).collect());
    let steps = move |facts: &Facts| {
        let table = |_: &Path| {
            let mut case = cases_of("base")[0].clone();
            case.blocks.push(("+ Attendance".to_owned(), "A1 | P3 | @2017-02-20\n".to_owned()));
            BTreeMap::from([("inputs/case/data.xlsx".to_owned(), case.project().files["data.xlsx"].clone())])
        };
        vec![
            run(&format!("explain inputs/case {}", facts.indicators[1])),
            run("build"),
            Step::Copy { from: "build".to_owned(), to: "before".to_owned() },
            Step::Edit(Box::new(table)),
            run(&format!("build --unit {}", facts.unit)),
            run(&format!("diff --builds before/{0} build/{0}", facts.code)),
        ]
    };
    let files = || {
        let files = cases_of("base")[0].project().files.into_iter();
        files.map(|(name, content)| (format!("inputs/case/{name}"), content)).collect()
    };
    Scenario {
        group: "cases",
        name: "base".to_owned(),
        about: String::new(),
        files: Box::new(files),
        steps: Box::new(steps),
    }
}

fn outcome_of(programs: [&Path; 2]) -> Outcome {
    let place = Folder::new();
    scenario().compare(programs, place.path()).expect("both programs run")
}

#[test]
fn a_program_is_the_same_as_itself() {
    let program = Path::new(PROGRAM);
    let Outcome { projects, comparison } = outcome_of([program, program]);
    let found: Vec<String> = comparison.differences.iter().map(ToString::to_string).collect();
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(projects, 1);
    // Exit code and both streams of four commands, and the files that there are after two of them and at the end.
    let files_there = comparison.compared - 4 * 3;
    assert!(files_there > 3 * 4, "{}", comparison.compared);
}

/// Another program: it says everything in Macedonian.
#[cfg(unix)]
#[test]
fn another_program_is_reported_by_command_and_stream() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let other = folder.write("program", format!("#!/bin/sh\nexec {PROGRAM} --messages mk \"$@\"\n"));
    fs::set_permissions(&other, fs::Permissions::from_mode(0o755)).expect("a program");
    let differences = outcome_of([Path::new(PROGRAM), &other]).comparison.differences;
    let ends = [": standard output", ": standard error"];
    let is_stream = |difference: &&Difference| ends.iter().any(|end| difference.thing.ends_with(end));
    let others: Vec<&Difference> = differences.iter().filter(|difference| !is_stream(difference)).collect();
    assert!(others.is_empty(), "exit codes and files are the same: {others:?}");
    let printed: Vec<&str> =
        differences.iter().filter_map(|difference| difference.thing.strip_suffix(ends[0])).collect();
    let unit = "build --unit inputs/case#2017-Q1/quarterly";
    assert_eq!(printed, ["explain inputs/case I2", "build", unit, "diff --builds before/TEST-1 build/TEST-1"]);
}
