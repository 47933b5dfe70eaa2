//! Word files that were really sent: their figures are those that later reports are held against.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use super::build::{ACTIVITIES, ATTENDANCE, INDICATORS, LISTS, build, project, run, stderr, stdout};
use crate::ingest::sheets::{Folder, patched};

/// A project with a Word file for each language, built; what was sent lies in a folder of its own.
struct Sent {
    folder: Folder,
    out: TempDir,
    aside: TempDir,
}

impl Sent {
    fn new() -> Sent {
        let (folder, out, aside) =
            (project(), tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let old = fs::read_to_string(folder.path().join("project.toml")).expect("project.toml");
        folder.write("project.toml", old.replacen("documents", "formats = [\"pdf\", \"docx\"]\ndocuments", 1));
        for lang in ["mk", "en"] {
            folder.write(&format!("narrative/quarterly/summary.{lang}.md"), "{{actual \"T1\"}} were trained.\n");
        }
        let sent = Sent { folder, out, aside };
        sent.build();
        sent
    }

    fn build(&self) {
        let built = build(self.folder.path(), self.out.path(), &[]);
        assert_eq!(built.status.code(), Some(0), "{}", stderr(&built));
    }

    /// One person less came than was said.
    fn lose_one(&self) {
        let attendance = ATTENDANCE.replace("A-01 | P2 | M | 1985\n", "");
        let sheets = [
            ("Activities", ACTIVITIES),
            ("Attendance", attendance.as_str()),
            ("Indicators", INDICATORS),
            ("Lists", LISTS),
        ];
        self.folder.book("data.xlsx", &sheets);
    }

    /// A built file as it was sent, after a change of its text.
    fn copy(&self, name: &str, change: impl Fn(String) -> String) -> PathBuf {
        let bytes = fs::read(self.out.path().join("TEST-01/2025-Q1").join(name)).expect("the Word file");
        let path = self.aside.path().join(name);
        fs::write(&path, patched(&bytes, "word/document.xml", change)).expect("it is written");
        path
    }

    fn submit(&self, files: &[&Path], more: &[&str]) -> (Option<i32>, String) {
        let (project, out) = (self.folder.path().to_str().expect("a path"), self.out.path().to_str().expect("a path"));
        let mut line = vec!["submit", project, "--report", "quarterly", "--out", out];
        line.extend(if more.is_empty() { &["--period", "2025-Q1"] } else { more });
        for file in files {
            line.extend(["--sent", file.to_str().expect("a path")]);
        }
        let output = run(&line);
        (output.status.code(), stdout(&output) + &stderr(&output))
    }

    fn record(&self) -> Value {
        let path = self.folder.path().join("submitted/2025-Q1/quarterly.submission.json");
        serde_json::from_slice(&fs::read(path).expect("the record")).expect("JSON")
    }

    fn checked(&self) -> String {
        stdout(&run(&["check", self.folder.path().to_str().expect("a path")]))
    }
}

/// Another text in the control of the figure before some words.
fn overtyped(xml: &str, words: &str, new: &str) -> String {
    let at = xml.find(words).unwrap_or_else(|| panic!("{words}"));
    let figure = xml[..at].rfind(">2</w:t>").expect("its figure");
    format!("{}>{new}</w:t>{}", &xml[..figure], &xml[figure + ">2</w:t>".len()..])
}

/// What an editor makes of a sentence around a figure leaves the figure as it was.
#[test]
fn a_word_file_of_another_day_is_kept_with_its_own_figures() {
    let sent = Sent::new();
    let file = sent.copy("quarterly.en.docx", |xml| xml.replace(" were trained", " took part in the training"));
    sent.lose_one();
    sent.build();
    let (code, said) = sent.submit(&[&file], &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("2025-Q1/quarterly T1 in the period: 1 → 2"), "{said}");
    let kept = sent.folder.path().join("submitted/2025-Q1/quarterly.en.docx");
    assert_eq!(fs::read(kept).expect("the file"), fs::read(&file).expect("the file"));
    assert_eq!(sent.record()["indicators"]["T1"]["period"]["to"], "2");
    assert!(sent.checked().contains("quarterly said 2, now 1"), "{}", sent.checked());
}

#[test]
fn an_overtyped_figure_of_a_word_file_is_what_was_sent() {
    for (typed, told, kept, hedge) in [
        ("7", "2 → 7", "7", Value::Null),
        ("about 7", "2 → 7", "7", Value::from("about")),
        ("seven", "2 → 7", "7", Value::Null),
        ("1,007", "2 → 1,007", "1007", Value::Null),
    ] {
        let sent = Sent::new();
        let file = sent.copy("quarterly.en.docx", |xml| overtyped(&xml, " were trained", typed));
        let (code, said) = sent.submit(&[&file], &[]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("the Word file says other figures than the build") && said.contains(told), "{said}");
        let period = sent.record()["indicators"]["T1"]["period"].clone();
        assert_eq!((&period["to"], &period["hedge"]), (&Value::from(kept), &hedge), "{typed}");
        assert!(sent.checked().contains("now 2"), "{}", sent.checked());
    }
    // A sentence that no longer gives a number says nothing of it, and a fresh file says what was built.
    for change in ["a number of people", "2"] {
        let sent = Sent::new();
        let file = sent.copy("quarterly.en.docx", |xml| overtyped(&xml, " were trained", change));
        let (code, said) = sent.submit(&[&file], &[]);
        assert!(code == Some(0) && !said.contains("other figures"), "{said}");
        assert_eq!(sent.record()["indicators"]["T1"]["period"]["to"], "2");
        assert!(!sent.checked().contains("quarterly said"), "{}", sent.checked());
    }
}

#[test]
fn what_word_files_say_must_agree_and_be_of_the_report() {
    let sent = Sent::new();
    let other = sent.copy("quarterly.en.docx", |xml| overtyped(&xml, " were trained", "7"));
    let own = sent.copy("quarterly.mk.docx", |xml| xml);
    let pdf = sent.out.path().join("TEST-01/2025-Q1/quarterly.mk.pdf");
    for files in [[own.as_path(), other.as_path()], [&pdf, &other]] {
        let (code, said) = sent.submit(&files, &[]);
        assert!(code == Some(1) && said.contains("error[sent-differs]"), "{said}");
    }
    let (code, said) = sent.submit(&[&own], &["--period", "2025-Q2"]);
    assert!(code == Some(1) && said.contains("error[sent-other]"), "{said}");
    // A Word file that lost what it was made as is kept like a scan; it needs the build.
    let lost = sent.aside.path().join("lost.docx");
    fs::write(&lost, crate::render::form::word_with("<w:p/>", "", "")).expect("a file");
    let (code, said) = sent.submit(&[&lost], &[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(sent.record()["indicators"]["T1"]["period"]["to"], "2");
}

/// A draft is no report, whatever it was sent as.
#[test]
fn a_draft_in_word_is_refused() {
    let sent = Sent::new();
    let draft = sent.aside.path().join("draft");
    let built = build(sent.folder.path(), &draft, &["--draft"]);
    assert_eq!(built.status.code(), Some(0), "{}", stderr(&built));
    let file = draft.join("draft/TEST-01/2025-Q1/quarterly.en.docx");
    assert!(file.exists(), "{:?}", super::build::files(&draft).keys());
    let (code, said) = sent.submit(&[&file], &[]);
    assert!(code == Some(1) && said.contains("error[draft-not-submitted]"), "{said}");
}
