//! A text with letters that no font has never stops a document: the place is named, the PDF has their name.

use std::fs;

use super::build::{ACTIVITIES, ATTENDANCE, INDICATORS, LISTS, PROJECT, build, files, run, stderr, stdout};
use crate::ingest::sheets::Folder;

fn project() -> Folder {
    let folder = Folder::new();
    folder.write("project.toml", PROJECT.replace("An invented project", "An invented project ☃ 🙂"));
    let activities = ACTIVITIES.replace("Second training", "→ ✓ ≤ ★ تدريب على السلامة ქართული 🙂");
    folder.book(
        "data.xlsx",
        &[("Activities", &activities), ("Attendance", ATTENDANCE), ("Indicators", INDICATORS), ("Lists", LISTS)],
    );
    folder.write("narrative/quarterly/summary.en.md", "A first line.\n\nMet 🙂 ქართული →,\u{0} a\u{b}b.\n");
    folder.write("narrative/quarterly/summary.mk.md", "Прв ред.\n\nСредба.\n");
    folder
}

#[test]
fn letters_without_a_font_are_told_at_their_cell_and_line_and_stop_nothing() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let checked = run(&["check", folder.path().to_str().unwrap()]);
    let built = build(folder.path(), out.path(), &[]);
    for said in [&checked, &built] {
        let said = format!("{}{}", stdout(said), stderr(said));
        assert!(said.contains("warning[character-without-font]"), "{said}");
        assert!(said.contains("warning[control-character]"), "{said}");
        for place in ["sheet Activities, cell E3", "project.toml:6:", "narrative/quarterly/summary.en.md:3:5"] {
            assert!(said.contains(place), "{place}: {said}");
        }
        assert!(!said.contains("template-error") && !said.contains("U+2192"), "{said}");
    }
    assert!(built.status.success(), "{}", stderr(&built));
    let made = files(out.path());
    let pdfs: Vec<&String> = made.keys().filter(|name| name.ends_with(".pdf")).collect();
    assert_eq!(pdfs.len(), 4, "{pdfs:?}");
    if let Ok(look) = std::env::var("DONOR_REPORT_LOOK") {
        pdfs.iter().for_each(|name| fs::write(format!("{look}/{}", name.replace('/', "-")), &made[*name]).unwrap());
    }
}

/// A word that no line has room for, and texts longer than a PDF's properties and alternative texts may be.
#[test]
fn texts_of_any_length_stop_no_document() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let (word, words) = ("x".repeat(32_000), "измислено ".repeat(3_200));
    folder.write("project.toml", PROJECT.replace("An invented project", &format!("An invented project {words}")));
    let activities = ACTIVITIES.replace("| Training |", &format!("| {word} |")).replace("Second training", &words);
    let lists = LISTS.replace("| Kumanovo", &format!("| Kumanovo {words}")).replace("| обука", &format!("| {word}"));
    let indicators = INDICATORS.replace("T1", &format!("T{}", "1".repeat(20_000)));
    folder.book(
        "data.xlsx",
        &[("Activities", &activities), ("Attendance", ATTENDANCE), ("Indicators", &indicators), ("Lists", &lists)],
    );
    for lang in ["en", "mk"] {
        folder.write(&format!("narrative/quarterly/summary.{lang}.md"), format!("{word} {word}\n"));
    }
    let built = build(folder.path(), out.path(), &[]);
    let said = format!("{}{}", stdout(&built), stderr(&built));
    assert!(built.status.success(), "{}", said.chars().take(2_000).collect::<String>());
    let made = files(out.path());
    assert_eq!(made.keys().filter(|name| name.ends_with(".pdf")).count(), 4);
}

#[test]
fn indicators_whose_codes_no_font_has_are_linked_to_their_own_places() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let indicators = INDICATORS.replace("T1", "ა").replace("T2", "ბ");
    folder.book(
        "data.xlsx",
        &[("Activities", ACTIVITIES), ("Attendance", ATTENDANCE), ("Indicators", &indicators), ("Lists", LISTS)],
    );
    for lang in ["en", "mk"] {
        let prose = "{{actual \"ა\"}}, {{actual \"ბ\"}}.\n\n{{chart \"ა\"}}\n\n{{table \"ბ\"}}\n\n&#x10D0; \n";
        folder.write(&format!("narrative/quarterly/summary.{lang}.md"), prose);
    }
    let built = build(folder.path(), out.path(), &[]);
    let said = format!("{}{}", stdout(&built), stderr(&built));
    assert!(built.status.success(), "{said}");
    for place in ["sheet Indicators, cell A2", "summary.en.md:1:", "summary.en.md:7:1"] {
        assert!(said.contains(place), "{place}: {said}");
    }
}
