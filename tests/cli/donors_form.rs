//! A donor's own form: what it asks is answered from project.toml, and what nobody answered is not sent.

use std::fs;
use std::path::Path;
use std::process::Output;

use super::build::{build, example, run, stderr, stdout};
use crate::ingest::sheets::Folder;
use crate::render::page_content::{read_pages, text_of};
use crate::render::reader::File;

const SECTIONS: [&str; 5] = ["2-1-summary", "2-2-results", "2-6-action-plan", "3-partners", "4-visibility"];

const REPORT: &str = r#"
[[reports]]
name = "eu"
profile = "eu-annex-vi-interim"
periods = ["2017-01--04"]
documents = [["en"]]

[[signatures]]
name = { mk = "Измислено Лице", en = "Invented Person" }
role = { mk = "директор", en = "director" }
"#;

/// What the form asks for and the example doesn't say. The keys stand before the first table.
const ANSWERS: &str = r#"contact = { name = "Ена Измислена", role = { mk = "раководителка", en = "manager" }, email = "ena@example.org", address = "Скопје" }
countries = { mk = "Македонија", en = "Macedonia" }
"#;

/// The example with a report in the EU's form, each section with a text.
fn with_form() -> Folder {
    let project = example();
    for section in SECTIONS {
        project.write(&format!("narrative/eu/{section}.en.md"), "There is nothing to report.\n");
    }
    project.write("narrative/eu/headline.en.md", "All is well.\n");
    change_settings(&project, |settings| format!("{settings}{REPORT}"));
    project
}

fn change_settings(project: &Folder, change: impl Fn(&str) -> String) {
    let settings = fs::read_to_string(project.path().join("project.toml")).expect("project.toml");
    project.write("project.toml", change(&settings).as_bytes());
}

fn submit(project: &Folder, out: &Path) -> Output {
    let line = ["submit", project.path().to_str().unwrap(), "--report", "eu", "--period", "2017-01--04", "--out"];
    run(&line.into_iter().chain([out.to_str().unwrap()]).collect::<Vec<_>>())
}

#[test]
fn what_a_form_asks_and_nobody_says_is_a_warning_until_it_is_sent() {
    let (project, out) = (with_form(), Folder::new());
    let built = build(project.path(), out.path(), &["--report", "eu"]);
    assert!(built.status.success(), "{}", stderr(&built));
    let checked = stdout(&run(&["check", project.path().to_str().unwrap()]));
    for asked in ["Name and title of the contact person", "Contract number", "Target country(ies) or region(s)"] {
        let told = format!("the form asks for “{asked}” (1-description), and project.toml doesn't say it");
        assert!(checked.contains(&told) || stderr(&built).contains(&told), "{asked}: {checked}");
    }
    let refused = submit(&project, out.path());
    assert_eq!(refused.status.code(), Some(1), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("error[fact-missing]"), "{}", stderr(&refused));

    change_settings(&project, |settings| {
        let (keys, tables) = settings.split_once("\n[notice]").expect("a table");
        format!("{keys}\n{ANSWERS}\n[notice]{tables}")
            .replace("code = \"NOR\"\n", "code = \"NOR\"\ngrant = \"NMFA-7\"\namount = 1250000\ncurrency = \"NOK\"\n")
    });
    let built = build(project.path(), out.path(), &["--report", "eu"]);
    assert!(built.status.success(), "{}", stderr(&built));
    let sent = submit(&project, out.path());
    assert!(sent.status.success(), "{}", stderr(&sent));

    let pdf = fs::read(out.path().join("MYLA-2017-01/2017-01--04/eu.en.pdf")).expect("the report");
    let text: String = read_pages(&File::read(&pdf)).iter().map(|page| text_of(&page.letters)).collect();
    for said in
        ["1.2. Name and title", "Ена Измислена, manager", "ena@example.org", "NMFA-7", "1.7. Target", "Macedonia"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn an_empty_required_section_of_a_form_is_not_sent() {
    let (project, out) = (example(), Folder::new());
    let report = REPORT.replace("eu-annex-vi-interim", "norad-final");
    change_settings(&project, |settings| format!("{settings}{report}"));
    let built = build(project.path(), out.path(), &["--report", "eu"]);
    assert!(built.status.success(), "{}", stderr(&built));
    let refused = submit(&project, out.path());
    assert_eq!(refused.status.code(), Some(1), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("error[section-missing]"), "{}", stderr(&refused));
    for section in ["summary", "results", "sustainability", "lessons", "efficiency"] {
        project.write(&format!("narrative/eu/{section}.en.md"), "There is nothing to report.\n");
    }
    let built = build(project.path(), out.path(), &["--report", "eu"]);
    assert!(built.status.success(), "{}", stderr(&built));
    let sent = submit(&project, out.path());
    assert!(sent.status.success(), "{}", stderr(&sent));
}
