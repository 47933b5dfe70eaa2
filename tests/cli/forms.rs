//! Donors' own forms, limits of portals and offices' templates, as a build meets them.

use std::fs;

use calamine::{Reader, Xlsx, open_workbook};

use super::build::{ACTIVITIES, INDICATORS, LISTS, build, files, project, run, stderr, stdout};
use crate::ingest::sheets::Folder;

fn add_to_project(folder: &Folder, text: &str) {
    let old = fs::read_to_string(folder.path().join("project.toml")).expect("project.toml");
    folder.write("project.toml", old + text);
}

/// A project with a workbook that a donor wants back.
fn with_form(cells: &str) -> Folder {
    let folder = project();
    let sheet = "What | Number\nPeople | \nIn words | {{actual \"T1\"}} people\nTwice | ";
    folder.book("forms/face.xlsx", &[("Report", sheet)]);
    add_to_project(
        &folder,
        &format!("\n[[forms]]\nfile = \"forms/face.xlsx\"\nlanguage = \"en\"\ncells = {{ {cells} }}\n"),
    );
    folder
}

#[test]
fn a_form_is_filled_in_and_the_build_says_what_it_did() {
    let (folder, out) = (with_form("\"Report!B2\" = \"actual T1\""), tempfile::tempdir().unwrap());
    let built = build(folder.path(), out.path(), &[]);
    assert_eq!(built.status.code(), Some(0), "{}", stderr(&built));
    let said = stdout(&built);
    let expected =
        "quarterly.face.xlsx: 2 places of forms/face.xlsx filled in; changed: xl/worksheets/sheet1.xml; the other ";
    assert!(said.contains(expected), "{said}");
    let filled = out.path().join("TEST-01/2025-Q1/quarterly.face.xlsx");
    let mut book: Xlsx<_> = open_workbook(&filled).expect("the form");
    let range = book.worksheet_range("Report").expect("its sheet");
    let cell = |row, column| range.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
    assert_eq!((cell(1, 1).as_str(), cell(2, 1).as_str()), ("2", "2 people"));
    let before = files(out.path());
    let again = build(folder.path(), out.path(), &[]);
    assert!(stdout(&again).contains("0 written") && !stdout(&again).contains("filled in"), "{}", stdout(&again));
    assert_eq!(files(out.path()), before);
}

const CELL: &str = "<w:tc><w:p/></w:tc>";

/// An invented Word form: a table with a row of headings, `rows` blank ones and a control.
fn write_word_form(folder: &Folder, rows: usize) {
    let heads: String = ["Indicator", "Planned", "Reached"]
        .map(|head| CELL.replace("<w:p/>", &format!("<w:p><w:r><w:t>{head}</w:t></w:r></w:p>")))
        .concat();
    let blank = format!("<w:tr>{}</w:tr>", CELL.repeat(3)).repeat(rows);
    let body = format!(
        "<w:p><w:r><w:t>{{{{actual \"T1\"}}}} people</w:t></w:r></w:p><w:tbl><w:tr>{heads}</w:tr>{blank}</w:tbl><w:p/>"
    );
    folder.write("forms/annex.docx", crate::render::form::word_with(&body, "", "foot"));
}

const WORD_FORM: &str = r#"
[[forms]]
file = "forms/annex.docx"
language = "en"
rows = [{ from = "1!A2", each = "indicators", cells = ["title", "{{target code}}", "{{cumulative code}}"] }]
"#;

#[test]
fn a_row_of_a_word_form_is_filled_for_each_indicator() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    write_word_form(&folder, 3);
    add_to_project(&folder, WORD_FORM);
    let built = build(folder.path(), out.path(), &["--period", "2025-Q2"]);
    assert_eq!(built.status.code(), Some(0), "{}", stderr(&built));
    let expected =
        "quarterly.annex.docx: 7 places of forms/annex.docx filled in; changed: word/document.xml; the other ";
    assert!(stdout(&built).contains(expected), "{}", stdout(&built));
    let made = crate::render::form::parts(&fs::read(out.path().join("TEST-01/2025-Q2/quarterly.annex.docx")).unwrap());
    let text = String::from_utf8(made["word/document.xml"].clone()).unwrap();
    let row = |cells: [&str; 3]| {
        let cell =
            |words: &str| format!("<w:tc><w:p><w:r><w:t xml:space=\"preserve\">{words}</w:t></w:r></w:p></w:tc>");
        format!("<w:tr>{}</w:tr>", cells.map(cell).concat())
    };
    let rows = [
        row(["People trained", "4", "3"]),
        row(["Trainings held", "2", "2"]),
        format!("<w:tr>{}</w:tr>", CELL.repeat(3)),
    ];
    assert!(text.contains(&format!("{}</w:tbl>", rows.concat())), "{text}");

    // One row is too few: the form isn't written, the report is.
    write_word_form(&folder, 1);
    let built = build(folder.path(), out.path(), &["--period", "2025-Q2", "--force"]);
    let said = stderr(&built);
    assert_eq!(built.status.code(), Some(1), "{said}");
    assert!(
        said.contains("error[form-rows-too-many]") && said.contains("the list has 2 rows, and the form has room for 1"),
        "{said}"
    );
    assert!(said.contains("forms/annex.docx, table 1, cell A2"), "{said}");
}

#[test]
fn a_fault_of_a_form_stops_it_alone() {
    let (folder, out) =
        (with_form("\"Report!B2\" = \"actual T9\", \"Rport!B4\" = \"actual T1\""), tempfile::tempdir().unwrap());
    for command in [build(folder.path(), out.path(), &[]), run(&["check", folder.path().to_str().expect("a path")])] {
        let said = stderr(&command) + &stdout(&command);
        assert_eq!(command.status.code(), Some(1), "{said}");
        for code in ["error[unknown-indicator]", "error[form-lacks-place]"] {
            assert!(said.contains(code), "{said}");
        }
    }
    let home = out.path().join("TEST-01/2025-Q1");
    assert!(home.join("quarterly.en.pdf").is_file() && !home.join("quarterly.face.xlsx").exists());
}

#[test]
fn a_form_passes_the_look_for_personal_data() {
    let folder = with_form("\"Report!B2\" = \"as told by Ana Anevska\"");
    let attendance = "activity | person | name | sex | birth_year\nA-01 | P1 | Ana Anevska | F | 1990";
    let sheets = [("Activities", ACTIVITIES), ("Attendance", attendance), ("Indicators", INDICATORS), ("Lists", LISTS)];
    folder.book("data.xlsx", &sheets);
    let out = tempfile::tempdir().unwrap();
    let built = build(folder.path(), out.path(), &[]);
    let said = stderr(&built);
    assert_eq!(built.status.code(), Some(1), "{said}");
    assert!(said.contains("personal-data-in-output") && said.contains("quarterly.face.xlsx"), "{said}");
    assert!(!out.path().join("TEST-01/2025-Q1/quarterly.face.xlsx").exists());
}

#[test]
fn text_for_a_portal_is_held_to_its_limit() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    folder.write(
        "profiles/portal.toml",
        "[[sections]]\nid = \"summary\"\nheading = { en = \"Summary\", mk = \"Резиме\" }\nchar_limit = 20\n",
    );
    for lang in ["mk", "en"] {
        folder.write(&format!("narrative/portal/summary.{lang}.md"), "{{actual \"T1\"}}: 12345678901234567890\n");
    }
    let report =
        "\n[[reports]]\nname = \"portal\"\nperiods = [\"2025-Q1\"]\ndocuments = [[\"en\"]]\nformats = [\"text\"]\n";
    let old = fs::read_to_string(folder.path().join("project.toml")).expect("project.toml");
    folder.write("project.toml", old.replacen("[[reports]]", &format!("{report}[[reports]]"), 1));
    for command in [build(folder.path(), out.path(), &[]), run(&["check", folder.path().to_str().expect("a path")])] {
        let said = stderr(&command) + &stdout(&command);
        assert!(said.contains("the section `summary` has 23 characters in English, the limit is 20"), "{said}");
    }
    let text = fs::read_to_string(out.path().join("TEST-01/2025-Q1/portal.en.txt")).expect("the text");
    assert!(text.contains("# Summary\nCharacters: 23 of at most 20\n\n2: 12345678901234567890\n"), "{text}");
}

#[test]
fn a_template_that_is_no_word_file_stops_the_reports_that_name_it() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    folder.write("office.dotx", "no template");
    let old = fs::read_to_string(folder.path().join("project.toml")).expect("project.toml");
    folder.write("project.toml", old.replacen("[[reports]]", "[[reports]]\ntemplate = \"office.dotx\"", 1));
    let built = build(folder.path(), out.path(), &[]);
    assert_eq!(built.status.code(), Some(1));
    assert!(stderr(&built).contains("error[not-a-word-template]"), "{}", stderr(&built));
    assert!(!out.path().join("TEST-01/2025-Q1/quarterly.en.pdf").exists());
}
