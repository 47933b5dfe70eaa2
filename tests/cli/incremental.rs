//! What a change makes again, and what it leaves alone; which rows are told as its cause.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::build::{
    ACTIVITIES, ATTENDANCE, INDICATORS, LISTS, PROGRAM, PROJECT, build, files, memory, project, stderr, stdout,
};
use crate::ingest::sheets::Folder;

/// The invented project with everything that a document may read: narrative, logo, profile and template of its own.
fn whole_project() -> Folder {
    let folder = project();
    folder.write("project.toml", format!("{PROJECT}{DONOR}"));
    folder.write("images/logo.svg", LOGO);
    folder.write("narrative/quarterly/summary.mk.md", "Обучени се {{cumulative \"T1\"}} лица.\n");
    folder.write("narrative/quarterly/summary.en.md", "{{cumulative \"T1\"}} people were trained.\n");
    folder.write("narrative/quarterly/2025-Q2/summary.mk.md", "Вкупно {{cumulative \"T1\"}} лица се обучени.\n");
    folder.write("narrative/quarterly/2025-Q2/summary.en.md", "In all, {{cumulative \"T1\"}} people were trained.\n");
    folder.write("profiles/quarterly.toml", shipped("profiles/quarterly.toml"));
    folder.write("templates/theme.typ", shipped("typst/theme.typ"));
    folder
}

const DONOR: &str = r#"[[donors]]
code = "D"
name = { mk = "Измислен донатор", en = "An invented donor" }
logo = "images/logo.svg"
"#;
const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10" fill="#123456"/></svg>"##;

fn shipped(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(path)).unwrap()
}

fn data(attendance: &str) -> [(&'static str, String); 4] {
    [
        ("Activities", ACTIVITIES.to_owned()),
        ("Attendance", attendance.to_owned()),
        ("Indicators", INDICATORS.to_owned()),
        ("Lists", LISTS.to_owned()),
    ]
}

fn write_data(folder: &Folder, attendance: &str) {
    let sheets = data(attendance);
    let sheets: Vec<(&str, &str)> = sheets.iter().map(|(name, rows)| (*name, rows.as_str())).collect();
    folder.book("data.xlsx", &sheets);
}

/// What a build wrote, relative to the outputs of the project.
fn written(folder: &Folder, out: &Path, more: &[&str]) -> Vec<String> {
    let built = build(folder.path(), out, more);
    assert!(built.status.success(), "{}", stderr(&built));
    let prefix = format!("wrote {}/TEST-01/", out.display());
    stdout(&built).lines().filter_map(|line| Some(line.strip_prefix(&prefix)?.to_owned())).collect()
}

const PDFS: [&str; 4] =
    ["2025-Q1/quarterly.mk.pdf", "2025-Q1/quarterly.en.pdf", "2025-Q2/quarterly.mk.pdf", "2025-Q2/quarterly.en.pdf"];

/// The shipped theme with text in another colour.
fn another_ink(theme: &str) -> String {
    let changed = theme.replace("#let ink = colour(\"ink\")", "#let ink = rgb(\"#102030\")");
    assert_ne!(changed, theme);
    changed
}

#[test]
fn a_change_makes_the_documents_that_read_it_and_no_other() {
    let (folder, out) = (whole_project(), tempfile::tempdir().unwrap());
    assert_eq!(written(&folder, out.path(), &[]).len(), 8);

    // The same content again, with another time.
    for (name, content) in files(folder.path()) {
        fs::write(folder.path().join(name), content).unwrap();
    }
    let before = files(out.path());
    assert_eq!(written(&folder, out.path(), &[]), Vec::<String>::new());
    assert!(files(out.path()) == before);

    folder.write("narrative/quarterly/2025-Q2/summary.mk.md", "Досега {{cumulative \"T1\"}} лица се обучени.\n");
    assert_eq!(written(&folder, out.path(), &[]), ["2025-Q2/quarterly.mk.pdf"]);

    // It stands for the quarter alone that has no text of its own.
    folder.write("narrative/quarterly/summary.en.md", "So far {{cumulative \"T1\"}} people were trained.\n");
    assert_eq!(written(&folder, out.path(), &[]), ["2025-Q1/quarterly.en.pdf"]);

    folder.write("images/logo.svg", LOGO.replace("#123456", "#654321"));
    assert_eq!(written(&folder, out.path(), &[]), PDFS);

    let theme = shipped("typst/theme.typ");
    folder.write("templates/theme.typ", another_ink(&theme));
    assert_eq!(written(&folder, out.path(), &[]), PDFS);

    // Drawn anew, they came out as they were: the files that stand are left alone.
    folder.write("templates/theme.typ", format!("{}\n// Another line.\n", another_ink(&theme)));
    assert_eq!(written(&folder, out.path(), &[]), Vec::<String>::new());

    let profile = shipped("profiles/quarterly.toml");
    let first = profile.find("[[sections]]").expect("a section");
    let second = profile[first + 1..].find("[[sections]]").expect("another") + first + 1;
    folder.write("profiles/quarterly.toml", format!("{}{}", &profile[..first], &profile[second..]));
    // The four documents, and of each quarter the figures that they print.
    assert_eq!(written(&folder, out.path(), &[]).len(), 6);

    // The date of one quarter's report stands on its documents and in its annex.
    let dated = PROJECT.replace("annexes = ", "dates = { \"2025-Q1\" = 2025-04-18 }\nannexes = ");
    folder.write("project.toml", format!("{dated}{DONOR}"));
    let of_settings = written(&folder, out.path(), &[]);
    assert!(of_settings.iter().all(|name| name.starts_with("2025-Q1/")), "{of_settings:?}");
    assert!(of_settings.contains(&"2025-Q1/quarterly.mk.pdf".to_owned()), "{of_settings:?}");

    write_data(&folder, &format!("{ATTENDANCE}\nA-02 | P4 | M | 1999"));
    let of_table = written(&folder, out.path(), &[]);
    assert!(of_table.iter().all(|name| name.starts_with("2025-Q2/")), "{of_table:?}");
    assert_eq!(of_table.len(), 4, "{of_table:?}");
}

#[test]
fn a_lost_damaged_or_foreign_record_means_a_full_build() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    assert_eq!(written(&folder, out.path(), &[]).len(), 8);
    let whole = files(out.path());
    let record = memory(&folder, out.path()).join("record.json");
    for damaged in [None, Some("{"), Some("[1, 2]"), Some("{\"schema\": 99}")] {
        match damaged {
            None => fs::remove_file(&record).unwrap(),
            Some(text) => fs::write(&record, text).unwrap(),
        }
        assert_eq!(written(&folder, out.path(), &[]).len(), 8, "{damaged:?}");
        assert!(files(out.path()) == whole, "{damaged:?}");
    }
    // What explains changes may be lost too; no document is made again for it.
    fs::remove_file(memory(&folder, out.path()).join("evidence.json")).unwrap();
    assert_eq!(written(&folder, out.path(), &[]).len(), 0);
    assert!(files(out.path()) == whole);
}

/// Outputs are hashed by every build: no time of a file decides.
#[test]
fn an_output_with_one_other_byte_and_its_old_time_is_made_again() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    written(&folder, out.path(), &[]);
    let whole = files(out.path());
    assert_eq!(written(&folder, out.path(), &[]).len(), 0);
    let pdf = out.path().join("TEST-01/2025-Q1/quarterly.en.pdf");
    let mut bytes = fs::read(&pdf).unwrap();
    let time = fs::metadata(&pdf).unwrap().modified().unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&pdf, bytes).unwrap();
    fs::File::options().write(true).open(&pdf).unwrap().set_modified(time).unwrap();
    assert_eq!(written(&folder, out.path(), &[]), ["2025-Q1/quarterly.en.pdf"]);
    assert!(files(out.path()) == whole);
}

#[test]
fn a_lost_or_edited_output_is_made_again() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    written(&folder, out.path(), &[]);
    let whole = files(out.path());
    fs::remove_file(out.path().join("TEST-01/2025-Q1/quarterly.en.pdf")).unwrap();
    fs::write(out.path().join("TEST-01/2025-Q2/quarterly.mk-en.xlsx"), "edited by hand").unwrap();
    let made = written(&folder, out.path(), &[]);
    assert_eq!(made, ["2025-Q1/quarterly.en.pdf", "2025-Q2/quarterly.mk-en.xlsx"]);
    assert!(files(out.path()) == whole);
}

/// Another program is told by the fingerprint that it carries; here it is the same one with another fingerprint.
#[test]
fn another_program_makes_everything_again() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    written(&folder, out.path(), &[]);
    let record = || -> Value {
        serde_json::from_slice(&fs::read(memory(&folder, out.path()).join("record.json")).unwrap()).unwrap()
    };
    let before = record();
    let print = before["program"].as_str().unwrap().rsplit('-').next().unwrap().to_owned();
    let other = print.chars().map(|digit| if digit == '0' { '1' } else { '0' }).collect::<String>();
    let mut bytes = fs::read(PROGRAM).unwrap();
    let mut from = 0;
    while let Some(at) = bytes[from..].windows(print.len()).position(|window| window == print.as_bytes()) {
        bytes[from + at..from + at + print.len()].copy_from_slice(other.as_bytes());
        from += at + print.len();
    }
    let place = tempfile::tempdir().unwrap();
    let program = place.path().join("another");
    fs::copy(PROGRAM, &program).unwrap();
    fs::write(&program, bytes).unwrap();
    // While another test starts a program, that one may still hold the copy open for a moment.
    let made = loop {
        match Command::new(&program).arg("build").arg(folder.path()).arg("--out").arg(out.path()).output() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
            made => break made.unwrap(),
        }
    };
    assert!(made.status.success(), "{}", stderr(&made));
    let after = record();
    assert!(after["program"].as_str().unwrap().ends_with(&other));
    assert_ne!(before["units"], after["units"]);
    for (name, file) in before["outputs"].as_object().unwrap() {
        let same = file["made_from"] == after["outputs"][name]["made_from"];
        assert_eq!(same, name.ends_with(".figures.json"), "{name}: only figures are told by their content alone");
    }
}

#[test]
fn outputs_inside_the_project_are_no_inputs() {
    let folder = project();
    let out = folder.path().join("build");
    assert_eq!(written(&folder, &out, &[]).len(), 8);
    let record: Value = serde_json::from_slice(&fs::read(memory(&folder, &out).join("record.json")).unwrap()).unwrap();
    assert!(record["inputs"].as_object().unwrap().keys().all(|name| !name.starts_with("build/")));
    assert_eq!(written(&folder, &out, &[]).len(), 0);
}

/// The lines of a build that tell of changed figures and their rows.
fn told(folder: &Folder, out: &Path) -> Vec<String> {
    let built = build(folder.path(), out, &[]);
    assert!(built.status.success(), "{}", stderr(&built));
    let is_told = |line: &&str| line.starts_with("changed: ") || line.starts_with("  because of ");
    stdout(&built).lines().filter(is_told).map(str::to_owned).collect()
}

#[test]
fn a_changed_figure_is_told_with_the_rows_that_caused_it() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let by_sex = INDICATORS
        .replace("calculation | target", "calculation | target | by")
        .replace("people | people | 4", "people | people | 4 | sex")
        .replace("activities | 2", "activities | 2 |");
    let book = |attendance: &str| {
        let sheets =
            [("Activities", ACTIVITIES), ("Attendance", attendance), ("Indicators", &by_sex), ("Lists", LISTS)];
        folder.book("data.xlsx", &sheets);
    };
    book(ATTENDANCE);
    folder.write("project.toml", format!("{PROJECT}[privacy]\nsuppress_below = 0\n"));
    assert!(build(folder.path(), out.path(), &[]).status.success());

    // A row in between: those below it move, and cause nothing.
    let mut lines: Vec<&str> = ATTENDANCE.lines().collect();
    lines.insert(2, "A-01 | P9 | M | 1970");
    book(&lines.join("\n"));
    let lines_told = told(&folder, out.path());
    assert!(
        lines_told.iter().any(|line| line == "changed: 2025-Q1/quarterly T1 in the period: 2 → 3"),
        "{lines_told:#?}"
    );
    assert!(
        lines_told.iter().any(|line| line == "  because of rows newly counted (1): data.xlsx:Attendance:3"),
        "{lines_told:#?}"
    );
    assert!(
        !lines_told.iter().any(|line| line.contains("removed") || line.contains("rows corrected")),
        "{lines_told:#?}"
    );

    // Another sex of the same person: the total stays, its parts don't.
    lines[2] = "A-01 | P9 | F | 1970";
    book(&lines.join("\n"));
    let lines_told = told(&folder, out.path());
    assert!(lines_told.iter().any(|line| line.contains("T1 sex: F, in the period: 1 → 2")), "{lines_told:#?}");
    assert!(
        lines_told.iter().any(|line| line == "  because of rows corrected (1): data.xlsx:Attendance:3"),
        "{lines_told:#?}"
    );
    assert!(!lines_told.iter().any(|line| line.contains("T1 in the period")), "{lines_told:#?}");

    // A row that is gone is told where it stood.
    lines.remove(2);
    book(&lines.join("\n"));
    let lines_told = told(&folder, out.path());
    assert!(
        lines_told.iter().any(|line| line == "changed: 2025-Q1/quarterly T1 in the period: 3 → 2"),
        "{lines_told:#?}"
    );
    assert!(
        lines_told.iter().any(|line| line == "  because of rows no longer counted (1): data.xlsx:Attendance:3"),
        "{lines_told:#?}"
    );
}

#[test]
fn what_is_kept_to_explain_changes_tells_nothing_of_persons() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let attendance = ATTENDANCE.replace("P1", "EMBG-0101990450001").replace("P2", "EMBG-0202985450002");
    write_data(&folder, &attendance);
    assert!(build(folder.path(), out.path(), &[]).status.success());
    let evidence = fs::read_to_string(memory(&folder, out.path()).join("evidence.json")).unwrap();
    assert!(evidence.contains("data.xlsx:Attendance"));
    assert!(!evidence.contains("EMBG") && !evidence.contains("1990"), "{evidence}");
    let read: Value = serde_json::from_str(&evidence).unwrap();
    let rows = read["rows"].as_object().unwrap().values().next().unwrap();
    let days: BTreeMap<String, String> =
        serde_json::from_value(rows["indicators"]["T1"]["data.xlsx:Attendance"].clone()).unwrap();
    assert_eq!(days.keys().collect::<Vec<_>>(), ["2025-02-03", "2025-05-06"]);
}
