//! What a PDF carries to be checked by, and what `verify` says of it.

mod changed_pdf;
mod hostile;
mod signed;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use donor_report::locale::Locale;
use donor_report::model::Lang;
use donor_report::output::sha256;
use donor_report::proof::is_said_at;
use serde_json::Value;

use super::build::{ACTIVITIES, ATTENDANCE, INDICATORS, LISTS, build, example, project, run, stderr, stdout};
use crate::ingest::sheets::{Folder, parts, patched};
use crate::render::reader::{File, Object};
use changed_pdf::{with_attachment, with_changed_digit};

/// Name → content and relationship of each file that a PDF carries.
fn attachments(pdf: &[u8]) -> BTreeMap<String, (Vec<u8>, String)> {
    let file = File::read(pdf);
    let specs = file.list(file.get(file.root(), "AF"));
    let read = |spec: &Object| {
        let Object::Stream(_, content) = file.get(file.get(spec, "EF"), "F") else { panic!("no embedded file") };
        assert!(!file.get(spec, "Desc").text().is_empty());
        let relationship = file.get(spec, "AFRelationship").name().to_owned();
        (file.get(spec, "UF").text(), (content.clone(), relationship))
    };
    specs.into_iter().map(read).collect()
}

/// The first quarter's report in English, built with these lines in project.toml.
fn built(lines: &str) -> (Folder, Vec<u8>) {
    let folder = project();
    let old = fs::read_to_string(folder.path().join("project.toml")).expect("project.toml");
    folder.write("project.toml", format!("{old}\n{lines}\n"));
    let out = folder.path().join("out");
    let made = build(folder.path(), &out, &[]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let pdf = fs::read(out.join("TEST-01/2025-Q1/quarterly.en.pdf")).expect("the PDF");
    (folder, pdf)
}

/// The project's workbook with these indicators, whose values are reported.
fn write_reported(folder: &Folder, indicators: &str, reported: &str) {
    let sheets = [
        ("Activities", ACTIVITIES),
        ("Attendance", ATTENDANCE),
        ("Indicators", indicators),
        ("Reported", reported),
        ("Lists", LISTS),
    ];
    folder.book("data.xlsx", &sheets);
}

const ANNEX: &str = "quarterly.mk-en.xlsx";

fn verify(file: &Path, more: &[&str]) -> Output {
    let mut arguments = vec!["verify", file.to_str().expect("a path")];
    arguments.extend(more);
    run(&arguments)
}

/// The sentences that are said of a PDF with these bytes.
fn sentences(folder: &Folder, pdf: &[u8], code: i32) -> Vec<String> {
    folder.write("sent.pdf", pdf);
    let output = verify(&folder.path().join("sent.pdf"), &[]);
    assert_eq!(output.status.code(), Some(code), "{}{}", stdout(&output), stderr(&output));
    stdout(&output).lines().map(str::to_owned).collect()
}

fn manifest_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    files.iter().map(|(name, bytes)| format!("{}  {name}\n", sha256(bytes))).collect::<String>().into_bytes()
}

#[test]
fn a_pdf_carries_the_checksums_of_exactly_the_other_attachments() {
    let (_folder, pdf) = built("");
    let mut carried = attachments(&pdf);
    let (manifest, relationship) = carried.remove("manifest-sha256.txt").expect("a manifest");
    assert_eq!(relationship, "Supplement");
    assert_eq!(carried.keys().map(String::as_str).collect::<Vec<_>>(), ["figures.json", ANNEX]);
    let lines: Vec<(&str, &[u8])> =
        carried.iter().map(|(name, (content, _))| (name.as_str(), content.as_slice())).collect();
    assert_eq!(manifest, manifest_of(&lines));
}

/// Of three quarters 4.1, 4.3 and 4.4; the report on the fourth has the third's among the earlier periods.
#[test]
fn an_average_without_end_is_printed_short_everywhere_and_verified() {
    let folder = project();
    let indicators = "code | title (mk) | title (en) | unit (mk) | unit (en) | calculation | aggregation | target
        S1 | Задоволство | Satisfaction | поени | points | reported | average | 4.5";
    let reported = "indicator | period | value\nS1 | 2025-Q1 | 4.1\nS1 | 2025-Q2 | 4.3\nS1 | 2025-Q3 | 4.4";
    let settings = fs::read_to_string(folder.path().join("project.toml")).expect("project.toml");
    folder.write("project.toml", settings.replace(r#"["2025-Q1", "2025-Q2"]"#, r#"["2025-Q4"]"#));
    write_reported(&folder, indicators, reported);
    let out = folder.path().join("out");
    let made = build(folder.path(), &out, &[]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let figures = fs::read_to_string(out.join("TEST-01/2025-Q4/quarterly.figures.json")).expect("the figures");
    assert!(figures.contains("4.266666"), "{figures}");
    for language in ["mk", "en"] {
        let checked = verify(&out.join(format!("TEST-01/2025-Q4/quarterly.{language}.pdf")), &[]);
        assert_eq!(checked.status.code(), Some(0), "{}", stdout(&checked));
    }
    let shown = run(&["figures", folder.path().to_str().expect("a path"), "--period", "2025-Q4"]);
    assert!(stdout(&shown).contains("4.27") && !stdout(&shown).contains("4.266"), "{}", stdout(&shown));
}

/// `61.25 %` in an indicator's unit, and the mark of a footnote straight behind a number.
#[test]
fn a_percent_sign_and_a_footnote_behind_a_figure_are_no_part_of_its_number() {
    let folder = project();
    let indicators = "code | title (mk) | title (en) | unit (mk) | unit (en) | calculation | aggregation | target
        W1 | Чисти примероци | Clean samples | % | % | reported | latest | 80
        T1 | Обуки | Trainings | обуки | trainings | activities | | 20";
    let reported = "indicator | period | value\nW1 | 2025-Q1 | 61.25\nW1 | 2025-Q2 | 70.5";
    write_reported(&folder, indicators, reported);
    for language in ["mk", "en"] {
        let text = "{{actual \"W1\"}}[^1] {{actual \"T1\"}}.[^1] {{actual \"W1\"}} %.[^2]\n\n[^1]: A.\n\n[^2]: B.\n";
        folder.write(&format!("narrative/quarterly/summary.{language}.md"), text);
    }
    let out = folder.path().join("out");
    let made = build(folder.path(), &out, &[]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    for place in ["2025-Q1/quarterly.mk", "2025-Q1/quarterly.en", "2025-Q2/quarterly.mk", "2025-Q2/quarterly.en"] {
        let checked = verify(&out.join(format!("TEST-01/{place}.pdf")), &[]);
        assert_eq!(checked.status.code(), Some(0), "{place}: {}", stdout(&checked));
    }
    // A hundredth of it is told, and so is a share that stands for itself.
    let locale = Locale::new(&Lang::new("en")).expect("English");
    let figures = serde_json::json!({"indicators": [
        {"percent": false, "actual": {"period": 61.25}, "progress": 0.5},
        {"percent": true, "actual": {"period": 0.5}},
        {"actual": {"period": 0.5}},
    ]});
    let says = |place: &str, text: &str| is_said_at(&figures, place, text, &locale);
    assert!(says("/indicators/0/actual/period", "61.25 %") && !says("/indicators/0/actual/period", "0.6125 %"));
    assert!(says("/indicators/0/progress", "50.0%") && !says("/indicators/0/progress", "0.5%"));
    for share in ["/indicators/1/actual/period", "/indicators/2/actual/period"] {
        assert!(says(share, "50.0%") && !says(share, "0.5%"), "{share}");
    }
}

#[test]
fn an_annex_too_large_is_in_no_manifest_and_isnt_checked() {
    let (folder, pdf) = built("[limits]\nattachment_mib = 0");
    let carried = attachments(&pdf);
    assert_eq!(carried.keys().map(String::as_str).collect::<Vec<_>>(), ["figures.json", "manifest-sha256.txt"]);
    assert_eq!(carried["manifest-sha256.txt"].0, manifest_of(&[("figures.json", &carried["figures.json"].0)]));
    let said = sentences(&folder, &pdf, 0);
    assert_eq!(said[1], "Annex: none is attached, so it was not checked.");
}

#[test]
fn every_fresh_report_of_the_example_holds() {
    let (example, out) = (example(), tempfile::tempdir().unwrap());
    let made = build(example.path(), out.path(), &[]);
    assert!(made.status.success(), "{}", stderr(&made));
    let home = out.path().join("MYLA-2017-01");
    for name in [
        "2017-01--04/progress.mk.pdf",
        "2017-01--04/progress.en.pdf",
        "2017-Q1/quarterly.mk.pdf",
        "2017-Q2/quarterly.en.pdf",
        "project/final.mk-en.pdf",
    ] {
        let output = verify(&home.join(name), &["--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}{}", stdout(&output), stderr(&output));
        let found: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        let count = |pointer: &str| found.pointer(pointer).and_then(Value::as_u64).expect("a number");
        assert_eq!(count("/attachments/files"), 2, "{name}");
        assert!(count("/annex/recalculated") > 100, "{name}: {found}");
        assert_eq!(count("/annex/not_calculated"), 0, "{name}: {found}");
        assert!(count("/pages/placed") > 100 && count("/pages/placed") == count("/pages/printed"), "{name}: {found}");
    }
}

#[test]
fn one_digit_of_a_page_is_told_with_its_place() {
    let (folder, pdf) = built("");
    let said = sentences(&folder, &with_changed_digit(&pdf, "4"), 1);
    assert!(said[0].starts_with("Attachments: all 2 are what the manifest says"), "{said:?}");
    assert!(said[1].contains("all are what figures.json says"), "{said:?}");
    assert!(
        said[2].starts_with("Pages: not every figure stands at its place as figures.json has it (1 of"),
        "{said:?}"
    );
    assert!(said[2].contains(": page 1: 4 is “"), "{said:?}");
}

/// The annex with another mark in the first row of attendance, so that a person less counts.
fn with_a_changed_cell(annex: &[u8]) -> Vec<u8> {
    let parts = parts(annex);
    // Sheets of evidence come last of those that count rows.
    let evidence = parts.iter().rev().find(|(name, content)| {
        name.starts_with("xl/worksheets/sheet") && String::from_utf8_lossy(content).contains("SUMPRODUCT(")
    });
    let (name, _) = evidence.expect("a sheet of evidence");
    patched(annex, name, |sheet| {
        let last = sheet.rfind("<v>1</v>").expect("a mark");
        format!("{}<v>0</v>{}", &sheet[..last], &sheet[last + "<v>1</v>".len()..])
    })
}

#[test]
fn one_cell_of_the_annex_is_told_even_with_a_manifest_to_match() {
    let (folder, pdf) = built("");
    let carried = attachments(&pdf);
    let annex = with_a_changed_cell(&carried[ANNEX].0);
    let changed = with_attachment(&pdf, ANNEX, &annex);
    let said = sentences(&folder, &changed, 1);
    assert_eq!(said[0], format!("Attachments: they are not what the manifest says: {ANNEX} (changed)."));
    assert!(said[1].starts_with("Annex: ") && said[1].contains(" in the annex and "), "{said:?}");
    assert!(said[2].starts_with("Pages: all "), "{said:?}");
    let manifest = manifest_of(&[("figures.json", &carried["figures.json"].0), (ANNEX, &annex)]);
    let said = sentences(&folder, &with_attachment(&changed, "manifest-sha256.txt", &manifest), 1);
    assert_eq!(said[0], "Attachments: all 2 are what the manifest says of them.");
    assert!(said[1].contains(" in the annex and "), "{said:?}");
}

#[test]
fn a_cell_that_shows_another_value_than_its_formula_gives_is_told() {
    let (folder, pdf) = built("");
    let annex = patched(&attachments(&pdf)[ANNEX].0, "xl/worksheets/sheet1.xml", |sheet| {
        let formula = sheet.find("</f><v>").expect("a formula") + "</f><v>".len();
        format!("{}7{}", &sheet[..formula], &sheet[formula..])
    });
    let said = sentences(&folder, &with_attachment(&pdf, ANNEX, &annex), 1);
    assert!(said[1].starts_with("Annex: cells show another value than their formulas give (1): "), "{said:?}");
}

#[test]
fn one_byte_of_the_figures_is_told() {
    let (folder, pdf) = built("");
    let figures = attachments(&pdf)["figures.json"].0.clone();
    let text = String::from_utf8(figures).expect("a text");
    // The total target of the first indicator.
    let changed = text.replacen("\"total\": 4", "\"total\": 9", 1);
    assert_ne!(text, changed);
    let said = sentences(&folder, &with_attachment(&pdf, "figures.json", changed.as_bytes()), 1);
    assert_eq!(said[0], "Attachments: they are not what the manifest says: figures.json (changed).");
    assert!(said[1].contains("T1 target in all is 4 in the annex and 9 in figures.json"), "{said:?}");
}

#[test]
fn the_manifest_of_another_report_is_told() {
    let (folder, pdf) = built("");
    let other = fs::read(folder.path().join("out/TEST-01/2025-Q2/quarterly.en.pdf")).expect("another report");
    let manifest = attachments(&other)["manifest-sha256.txt"].0.clone();
    let said = sentences(&folder, &with_attachment(&pdf, "manifest-sha256.txt", &manifest), 1);
    assert_eq!(
        said[0],
        format!("Attachments: they are not what the manifest says: figures.json (changed); {ANNEX} (changed).")
    );
    assert!(said[1].contains("all are what figures.json says"), "{said:?}");
}

#[test]
fn a_file_of_others_and_one_without_a_manifest_are_told_apart() {
    let (folder, pdf) = built("");
    let said = sentences(&folder, &with_attachment(&pdf, "manifest-sha256.txt", b"not a line\n"), 1);
    assert!(said[0].contains("line 1 of the manifest (can’t be read)"), "{said:?}");
    assert!(said[0].contains("figures.json (attached, but not listed)"), "{said:?}");
    let (folder, pdf) = built(
        "[[reports]]\nname = \"bare\"\nprofile = \"quarterly\"\nperiods = [\"2025-Q1\"]\ndocuments = [[\"en\"]]\nattach = false",
    );
    drop(pdf);
    let bare = fs::read(folder.path().join("out/TEST-01/2025-Q1/bare.en.pdf")).expect("a report without attachments");
    let said = sentences(&folder, &bare, 1);
    assert!(said[0].ends_with("so it is no report of this program."), "{said:?}");
    assert_eq!(said[2], "Pages: nothing in the file says which figures they print, so they were not checked.");
    let text = verify(&folder.path().join("project.toml"), &[]);
    assert_eq!(text.status.code(), Some(2));
    assert!(stderr(&text).contains("error[no-pdf]"), "{}", stderr(&text));
}

#[test]
fn a_project_that_gives_other_figures_by_now_is_told_with_those_that_changed() {
    let (folder, pdf) = built("");
    folder.write("sent.pdf", &pdf);
    let against =
        |project: &Path| verify(&folder.path().join("sent.pdf"), &["--inputs", project.to_str().expect("a path")]);
    let same = against(folder.path());
    assert_eq!(same.status.code(), Some(0), "{}{}", stdout(&same), stderr(&same));
    assert!(stdout(&same).contains("\nInputs: the project gives the same figures today.\n"), "{}", stdout(&same));
    // A person more in the first quarter, who counts from then on.
    let attendance = format!("{ATTENDANCE}\nA-01 | P9 | F | 1999");
    folder.book(
        "data.xlsx",
        &[("Activities", ACTIVITIES), ("Attendance", &attendance), ("Indicators", INDICATORS), ("Lists", LISTS)],
    );
    let other = against(folder.path());
    assert_eq!(other.status.code(), Some(1), "{}{}", stdout(&other), stderr(&other));
    assert!(stdout(&other).contains("2025-Q1/quarterly T1 in the period: 2 → 3"), "{}", stdout(&other));
    let example = example();
    let foreign = against(example.path());
    assert_eq!(foreign.status.code(), Some(1), "{}{}", stdout(&foreign), stderr(&foreign));
    assert!(stdout(&foreign).contains("doesn’t give this report (project TEST-01,"), "{}", stdout(&foreign));
    let before = fs::read_dir(example.path()).expect("the folder").count();
    assert_eq!(
        before,
        donor_report::new_project::example::FILES
            .iter()
            .map(|(name, _)| name.split('/').next())
            .collect::<std::collections::BTreeSet<_>>()
            .len()
    );
}
