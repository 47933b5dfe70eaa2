//! Reports for the donor who is entitled to them, and reports without attachments or rows of persons.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::build::{PROJECT, build, files, project, run, stderr, stdout};
use crate::ingest::sheets::{Folder, parts};
use crate::render::reader::File;

fn succeeds(output: &Output) {
    assert!(output.status.success(), "{}", stderr(output));
}

/// The project with these further lines for its report, and these at its end.
fn with(report: &str, end: &str) -> Folder {
    let folder = project();
    folder.write("project.toml", format!("{PROJECT}{report}\n{end}"));
    folder
}

/// How many files a PDF carries.
fn attached(pdf: &[u8]) -> usize {
    let file = File::read(pdf);
    file.list(file.get(file.root(), "AF")).len()
}

fn part(workbook: &[u8], name: &str) -> String {
    let parts = parts(workbook);
    let (_, part) = parts.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name}"));
    String::from_utf8_lossy(part).into_owned()
}

#[test]
fn a_report_without_a_limit_or_with_details_says_everywhere_that_it_is_restricted() {
    for report in ["suppress_below = 0", "participants = \"detailed\""] {
        let (folder, out) = (with(report, ""), tempfile::tempdir().unwrap());
        let built = build(folder.path(), out.path(), &[]);
        succeeds(&built);
        let home = out.path().join("TEST-01");
        let made = files(&home);
        assert!(
            made.keys().all(|name| name.starts_with("restricted/2025-Q") && name.contains("/quarterly.restricted."))
        );
        assert_eq!(made.len(), 8);
        let figures: Value =
            serde_json::from_slice(&made["restricted/2025-Q1/quarterly.restricted.figures.json"]).unwrap();
        assert_eq!(figures["restricted"], true);
        let annex = &made["restricted/2025-Q1/quarterly.restricted.mk-en.xlsx"];
        assert!(part(annex, "docProps/core.xml").contains("restricted"), "{report}");
        let texts = part(annex, "xl/sharedStrings.xml");
        let number = texts.split("<si>").skip(1).position(|text| text.contains("Restricted: only for the donor"));
        let cell = format!(" t=\"s\"><v>{}</v>", number.expect("the text"));
        let sheets = parts(annex).into_iter().filter(|(name, _)| name.starts_with("xl/worksheets/sheet"));
        let saying = sheets.filter(|(_, xml)| String::from_utf8_lossy(xml).contains(&cell)).count();
        assert!(saying >= 2, "on the first sheet and in the notes");
        let pdf = String::from_utf8_lossy(&made["restricted/2025-Q1/quarterly.restricted.en.pdf"]).into_owned();
        assert!(pdf.contains("restricted"), "{report}: the PDF's properties");
        // Where it lies is what the plan says, and what is submitted.
        let plan = stdout(&run(&["plan", folder.path().to_str().unwrap()]));
        assert!(plan.contains("restricted/2025-Q1/quarterly.restricted.en.pdf"), "{plan}");
        let second = build(folder.path(), out.path(), &[]);
        assert!(stdout(&second).contains("0 written, 8 already up to date"), "{}", stdout(&second));
        let submit =
            ["submit", folder.path().to_str().unwrap(), "--report", "quarterly", "--period", "2025-Q1", "--out"];
        succeeds(&run(&submit.iter().copied().chain([out.path().to_str().unwrap()]).collect::<Vec<_>>()));
        let kept = files(&folder.path().join("submitted"));
        assert_eq!(kept["2025-Q1/quarterly.restricted.en.pdf"], made["restricted/2025-Q1/quarterly.restricted.en.pdf"]);
        let diff = run(&["diff", folder.path().to_str().unwrap()]);
        assert_eq!(stdout(&diff), "no figure and no sentence differs\n", "{}", stderr(&diff));
    }
}

#[test]
fn a_report_under_a_limit_is_not_restricted() {
    for report in
        ["", "suppress_below = 1", "participants = \"pseudonymised\"", "suppress_below = { default = 5, sex = 0 }"]
    {
        let (folder, out) = (with(report, ""), tempfile::tempdir().unwrap());
        succeeds(&build(folder.path(), out.path(), &[]));
        let made = files(&out.path().join("TEST-01"));
        assert!(made.keys().all(|name| !name.contains("restricted")), "{report}: {:?}", made.keys());
        let texts = part(&made["2025-Q1/quarterly.mk-en.xlsx"], "xl/sharedStrings.xml");
        assert!(!texts.contains("Restricted"), "{report}");
    }
}

/// What lay among the outputs for everybody, while it hid nothing, doesn't stay there.
#[test]
fn outputs_of_a_report_that_becomes_restricted_leave_the_place_of_all() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    succeeds(&build(folder.path(), out.path(), &[]));
    let home = out.path().join("TEST-01");
    fs::write(home.join("2025-Q2/quarterly.en.pdf"), "changed by hand").unwrap();
    folder.write("project.toml", format!("{PROJECT}suppress_below = 0\n"));
    let built = build(folder.path(), out.path(), &[]);
    succeeds(&built);
    let told = stdout(&built);
    assert!(
        told.lines().any(|line| line.starts_with("removed ") && line.contains("2025-Q1/quarterly.en.pdf")),
        "{told}"
    );
    let left: Vec<String> = files(&home).into_keys().filter(|name| !name.starts_with("restricted/")).collect();
    assert_eq!(left, ["2025-Q2/quarterly.en.pdf"], "what somebody changed is theirs");
}

#[test]
fn a_report_that_attaches_nothing_names_its_annex() {
    let count = |report: &str| {
        let (folder, out) = (with(report, ""), tempfile::tempdir().unwrap());
        succeeds(&build(folder.path(), out.path(), &[]));
        attached(&fs::read(out.path().join("TEST-01/2025-Q1/quarterly.en.pdf")).unwrap())
    };
    assert_eq!((count(""), count("attach = false")), (3, 0));
}

/// Lines of a build that say that a file holds rows of persons.
fn told_of_persons(folder: &Folder, out: &Path) -> Vec<String> {
    let built = build(folder.path(), out, &[]);
    succeeds(&built);
    let lines = stdout(&built);
    let of_persons = lines.lines().filter(|line| line.ends_with("(holds rows of persons)"));
    of_persons.filter_map(|line| Some(line.split("TEST-01/").nth(1)?.split(' ').next()?.to_owned())).collect()
}

#[test]
fn a_build_says_which_files_hold_rows_of_persons() {
    let told = |report: &str| told_of_persons(&with(report, ""), tempfile::tempdir().unwrap().path());
    assert_eq!(told(""), Vec::<String>::new(), "nobody is listed unless a report asks for it");
    assert_eq!(
        told("participants = \"pseudonymised\""),
        [
            "2025-Q1/quarterly.mk-en.xlsx",
            "2025-Q1/quarterly.mk.pdf",
            "2025-Q1/quarterly.en.pdf",
            "2025-Q2/quarterly.mk-en.xlsx",
            "2025-Q2/quarterly.mk.pdf",
            "2025-Q2/quarterly.en.pdf"
        ]
    );
    assert_eq!(
        told("participants = \"pseudonymised\"\nattach = false"),
        ["2025-Q1/quarterly.mk-en.xlsx", "2025-Q2/quarterly.mk-en.xlsx"]
    );
    assert_eq!(told("participants = \"pseudonymised\"\nindicators = [\"T2\"]"), Vec::<String>::new());
    // What the project says holds for its reports, and what a report says for itself.
    let project = "[privacy]\nparticipants = \"pseudonymised\"\n";
    assert_eq!(told_of_persons(&with("", project), tempfile::tempdir().unwrap().path()).len(), 6);
    assert!(told_of_persons(&with("participants = \"none\"", project), tempfile::tempdir().unwrap().path()).is_empty());
}

/// Whoever may read the project's folder needn't be able to read the key.
#[cfg(unix)]
#[test]
fn a_new_key_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    for flag in ["--empty", "--example"] {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("new");
        succeeds(&run(&["init", folder.to_str().unwrap(), flag]));
        let mode = |name: &str| fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o077;
        assert_eq!(mode("pseudonyms.key"), 0, "{flag}");
        assert_ne!(mode("project.toml"), 0, "{flag}");
    }
}
