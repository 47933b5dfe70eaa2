//! What can be made the evening before, and says that it isn't to be sent.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::build::{ACTIVITIES, ATTENDANCE, INDICATORS, LISTS, PROJECT, build, files, project, run, stderr, stdout};
use crate::ingest::sheets::Folder;

/// Ten rows with a fault, beside four that have none.
fn faulty() -> Folder {
    let folder = project();
    let activities = format!(
        "{ACTIVITIES}\nA-03 | soon | training | Обука | Training | Бутел\nA-04 | @2025-02-04 | dance | Танц | Dance | Бутел"
    );
    let wrong =
        "A-77 | P1 | F | 1990\nA-78 | P2 | M | 1985\nA-01 |  | F | 1990\nA-79 | P3 | F | 2001\nA-80 | P3 | F | 2001
A-81 | P3 | F | 2001\nA-82 | P3 | F | 2001\nA-01 | P9 | F | soon";
    let attendance = format!("{ATTENDANCE}\n{wrong}");
    folder.book(
        "data.xlsx",
        &[("Activities", &activities), ("Attendance", &attendance), ("Indicators", INDICATORS), ("Lists", LISTS)],
    );
    for lang in ["mk", "en"] {
        folder.write(&format!("narrative/quarterly/summary.{lang}.md"), "{{actual \"T77\"}}.\n");
        folder.write(&format!("narrative/quarterly/activities.{lang}.md"), "{{actual \"T1\"}}.\n");
    }
    folder
}

fn figures(out: &Path) -> Value {
    let text = fs::read(out.join("2025-Q1/quarterly.figures.json")).expect("figures");
    serde_json::from_slice(&text).expect("JSON")
}

#[test]
fn a_project_with_ten_faults_makes_documents_that_say_draft_on_every_page() {
    let (folder, out) = (faulty(), tempfile::tempdir().unwrap());
    assert_eq!(build(folder.path(), out.path(), &[]).status.code(), Some(1));
    assert!(!out.path().join("TEST-01/2025-Q1").exists());
    let made = build(folder.path(), out.path(), &["--draft"]);
    let said = stderr(&made);
    assert_eq!(made.status.code(), Some(1), "the faults are still there: {said}");
    for code in ["invalid-date", "unlisted-value", "unknown-activity", "missing-person", "unknown-indicator"] {
        assert!(said.contains(&format!("error[{code}]")), "{code}: {said}");
    }
    let home = out.path().join("draft/TEST-01");
    assert!(home.join("2025-Q1/quarterly.en.pdf").is_file() && home.join("2025-Q1/quarterly.mk-en.xlsx").is_file());
    let figures = figures(&home);
    assert_eq!(figures["draft"], true);
    // The notice is at the foot of every page, on the cover and in the annex.
    assert_eq!(figures["notice"]["en"], "DRAFT – not to be sent. Rows with errors that were left out: 10.");
    // Two persons of sound rows, and one whose year of birth is unknown.
    assert_eq!(figures["indicators"][0]["actual"]["period"], 3);
    assert!(!out.path().join("TEST-01/2025-Q1").exists(), "nothing but drafts was made");
}

#[test]
fn a_draft_is_not_submitted() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    assert_eq!(build(folder.path(), out.path(), &["--draft"]).status.code(), Some(0), "there is no fault");
    let drafts = out.path().join("draft");
    let (path, to) = (folder.path().to_str().unwrap(), out.path().to_str().unwrap());
    let submit = |more: &[&str]| {
        let line = ["submit", path, "--report", "quarterly", "--period", "2025-Q1", "--out"];
        let ended = run(&line.iter().chain(more).copied().collect::<Vec<_>>());
        assert!(!folder.path().join("submitted").exists());
        (ended.status.code(), stderr(&ended))
    };
    assert_eq!(submit(&[drafts.to_str().unwrap()]).0, Some(1));
    assert_eq!(submit(&[to]).0, Some(1), "only the draft was built");
    let pdf = drafts.join("TEST-01/2025-Q1/quarterly.en.pdf");
    let (code, said) = submit(&[to, "--sent", pdf.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(said.contains("error[draft-not-submitted]"), "{said}");
}

/// What isn't a row's fault stops a draft, too: there is nothing to leave out.
#[test]
fn a_damaged_table_stops_a_draft() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    folder.write("data.xlsx", "no workbook");
    assert_eq!(build(folder.path(), out.path(), &["--draft"]).status.code(), Some(1));
    assert!(!files(out.path()).keys().any(|name| name.ends_with(".pdf")));
}

/// Words that `init` wrote are no title.
#[test]
fn placeholders_mark_a_build_as_a_draft() {
    for (title, donor) in [("Title of the project", "MFA"), ("Обуки", "Назив на донаторот")] {
        let (folder, out) = (project(), tempfile::tempdir().unwrap());
        let toml = PROJECT.replace("An invented project", title);
        folder.write(
            "project.toml",
            format!("{toml}[[donors]]\ncode = \"D\"\nname = {{ mk = \"{donor}\", en = \"MFA\" }}\n"),
        );
        let made = build(folder.path(), out.path(), &[]);
        assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
        assert!(stderr(&made).contains("warning[placeholder-left]"), "{}", stderr(&made));
        assert_eq!(figures(&out.path().join("TEST-01"))["draft"], true);
        let line = ["submit", folder.path().to_str().unwrap(), "--report", "quarterly", "--period", "2025-Q1"];
        let sent = run(&[&line[..], &["--out", out.path().to_str().unwrap()]].concat());
        assert_eq!(sent.status.code(), Some(1), "{}", stdout(&sent));
        assert!(stderr(&sent).contains("error[draft-not-submitted]"), "{}", stderr(&sent));
    }
}
