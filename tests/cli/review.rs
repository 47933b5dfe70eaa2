//! Word files that came back: what `review` finds in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use super::build::{build, project, run, stderr, stdout};
use crate::ingest::sheets::{Folder, parts, patched, zipped};

const SUMMARY: &str = "{{actual \"T1\"}} people took part in the training. The hall was full on both days. Nobody paid for it.\n\nThe second paragraph tells of the town and of its mayor.\n\nThe third paragraph thanks everybody who came from far away.\n";

/// A project whose report was built as a Word file.
fn built() -> (Folder, PathBuf) {
    let folder = project();
    let old = fs::read_to_string(folder.path().join("project.toml")).expect("project.toml");
    folder.write("project.toml", old.replacen("documents", "formats = [\"docx\"]\ndocuments", 1));
    for lang in ["mk", "en"] {
        folder.write(&format!("narrative/quarterly/summary.{lang}.md"), SUMMARY);
    }
    let out = folder.path().join("out");
    let made = build(folder.path(), &out, &[]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    (folder, out.join("TEST-01/2025-Q1/quarterly.en.docx"))
}

fn review(file: &Path, folder: &Folder, more: &[&str]) -> Output {
    let mut arguments = vec!["review", file.to_str().expect("a path"), folder.path().to_str().expect("a path")];
    arguments.extend(more);
    run(&arguments)
}

/// What is found after a change of the text's XML.
fn found_after(change: impl Fn(String) -> String) -> Value {
    let (folder, file) = built();
    let bytes = fs::read(&file).expect("the Word file");
    fs::write(&file, patched(&bytes, "word/document.xml", change)).expect("it is written");
    let output = review(&file, &folder, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}{}", stdout(&output), stderr(&output));
    serde_json::from_str(&stdout(&output)).expect("JSON")
}

/// The run that holds a text.
fn run_with(xml: &str, text: &str) -> (usize, usize) {
    let at = xml.find(text).unwrap_or_else(|| panic!("{text}"));
    let from = xml[..at].rfind("<w:r>").expect("a run");
    (from, at + xml[at..].find("</w:r>").expect("its end") + "</w:r>".len())
}

fn only(list: &Value) -> &Value {
    let list = list.as_array().expect("a list");
    assert_eq!(list.len(), 1, "{list:?}");
    &list[0]
}

#[test]
fn a_fresh_file_differs_in_nothing() {
    let (folder, file) = built();
    let output = review(&file, &folder, &[]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).starts_with("nothing differs in "), "{}", stdout(&output));
}

#[test]
fn an_overtyped_figure_is_told_with_three_values_and_its_rows() {
    let found = found_after(|xml| {
        let at = xml.find(" people took part").expect("the sentence");
        let figure = xml[..at].rfind(">2</w:t>").expect("its figure");
        xml[..figure].to_owned() + ">7</w:t>" + &xml[figure + ">2</w:t>".len()..]
    });
    let figure = only(&found["figures"]);
    for (key, value) in [("built", "2"), ("file", "7"), ("today", "2"), ("indicator", "T1")] {
        assert_eq!(figure[key], value, "{figure}");
    }
    assert_eq!(figure["rows"][0], "data.xlsx:Attendance: 2-3");
    assert_eq!(figure["place"]["file"], "narrative/quarterly/summary.en.md");
    assert_eq!((&figure["place"]["line"], &found["sentences"]), (&Value::from(1), &Value::Array(Vec::new())));
}

/// Helpers write words between figures that the narrative doesn't have; and the first page has no section.
#[test]
fn a_sentence_that_helpers_wrote_has_its_place_and_the_first_page_its_name() {
    let (folder, file) = built();
    for lang in ["mk", "en"] {
        let text = "The hall was full.\n\n{{actual \"T1\"}} {{plural \"T1\" one=\"person was\" other=\"people were\"}} told, {{actual \"T1\"}} of them here.\n";
        folder.write(&format!("narrative/quarterly/summary.{lang}.md"), text);
    }
    let made = build(folder.path(), &folder.path().join("out"), &[]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let bytes = fs::read(&file).expect("the Word file");
    let change = |xml: String| {
        let first = xml.find(">2</w:t>").expect("a figure of the first page");
        let xml = xml[..first].to_owned() + ">9</w:t>" + &xml[first + ">2</w:t>".len()..];
        let at = xml.find(" of them here").expect("the sentence");
        let figure = xml[..at].rfind(">2</w:t>").expect("its figure");
        xml[..figure].to_owned() + ">7</w:t>" + &xml[figure + ">2</w:t>".len()..]
    };
    fs::write(&file, patched(&bytes, "word/document.xml", change)).expect("it is written");
    let said = stdout(&review(&file, &folder, &[]));
    assert!(said.contains("narrative/quarterly/summary.en.md:3: the figure 2 is 7 in the file"), "{said}");
    assert!(said.contains("the first pages (en): the figure 2 is 9 in the file"), "{said}");
}

#[test]
fn what_the_figure_is_today_is_told_too() {
    let (folder, file) = built();
    let old = fs::read(&file).expect("the file");
    let more = format!("{}\nA-01 | P8 | M | 1970", super::build::ATTENDANCE);
    folder.book(
        "data.xlsx",
        &[
            ("Activities", super::build::ACTIVITIES),
            ("Attendance", &more),
            ("Indicators", super::build::INDICATORS),
            ("Lists", super::build::LISTS),
        ],
    );
    let overtyped = |xml: String| {
        let at = xml.find(" people took part").expect("the sentence");
        let figure = xml[..at].rfind(">2</w:t>").expect("its figure");
        xml[..figure].to_owned() + ">7</w:t>" + &xml[figure + ">2</w:t>".len()..]
    };
    fs::write(&file, patched(&old, "word/document.xml", overtyped)).expect("written");
    let said = stdout(&review(&file, &folder, &[]));
    let line = "narrative/quarterly/summary.en.md:1: the figure 2 is 7 in the file; today it is 3";
    assert!(said.contains(line), "{said}");
}

#[test]
fn sentences_are_told_as_changed_struck_or_put_in() {
    let struck = found_after(|xml| xml.replace(" The hall was full on both days.", ""));
    let sentence = only(&struck["sentences"]);
    assert_eq!((&sentence["change"], &sentence["tracked"]), (&Value::from("struck"), &Value::from(false)));
    assert_eq!(sentence["old"], "The hall was full on both days.");
    assert_eq!(sentence["place"]["line"], 1);

    let changed = found_after(|xml| xml.replace("tells of the town", "tells of a village"));
    let sentence = only(&changed["sentences"]);
    assert_eq!(sentence["change"], "changed");
    assert_eq!(sentence["new"], "The second paragraph tells of a village and of its mayor.");
    assert_eq!(sentence["place"]["line"], 3);

    let inserted = found_after(|xml| xml.replace("of its mayor.", "of its mayor. A manager wrote this."));
    let sentence = only(&inserted["sentences"]);
    assert_eq!(
        (&sentence["change"], &sentence["new"]),
        (&Value::from("inserted"), &Value::from("A manager wrote this."))
    );
}

#[test]
fn tracked_changes_are_told_with_their_author() {
    let found = found_after(|xml| {
        let (from, to) = run_with(&xml, "thanks everybody");
        let run = xml[from..to].replace("w:t ", "w:delText ").replace("/w:t>", "/w:delText>");
        let new = "<w:ins w:id=\"91\" w:author=\"Mira\"><w:r><w:t>A new paragraph is here.</w:t></w:r></w:ins>";
        let deleted = format!("<w:del w:id=\"90\" w:author=\"Mira\">{run}</w:del>");
        xml[..from].to_owned() + &deleted + new + &xml[to..]
    });
    let changes: Vec<(&str, &str, &str)> = found["sentences"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|sentence| {
            let text = |value: &'_ Value| value.as_str().unwrap_or_default().to_owned().leak() as &str;
            (
                text(&sentence["change"]),
                text(&sentence["author"]),
                text(if sentence["change"] == "struck" { &sentence["old"] } else { &sentence["new"] }),
            )
        })
        .collect();
    assert_eq!(
        changes,
        [
            ("struck", "Mira", "The third paragraph thanks everybody who came from far away."),
            ("inserted", "Mira", "A new paragraph is here."),
        ]
    );
}

#[test]
fn a_moved_paragraph_is_told_once() {
    let found = found_after(|xml| {
        let paragraph = |text: &str| {
            let at = xml.find(text).expect("a paragraph");
            let from = xml[..at].rfind("<w:p>").expect("its begin");
            (from, at + xml[at..].find("</w:p>").expect("its end") + "</w:p>".len())
        };
        let ((first, _), (from, to)) = (paragraph("people took part"), paragraph("thanks everybody"));
        xml[..first].to_owned() + &xml[from..to] + &xml[first..from] + &xml[to..]
    });
    let sentence = only(&found["sentences"]);
    assert_eq!(sentence["change"], "moved");
    assert_eq!(sentence["old"], "The third paragraph thanks everybody who came from far away.");
    assert_eq!(found["figures"], Value::Array(Vec::new()));
}

#[test]
fn comments_are_told_with_the_words_that_they_are_about() {
    let (folder, file) = built();
    let word = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    let bytes = patched(&fs::read(&file).expect("the file"), "word/document.xml", |xml| {
        let (from, to) = run_with(&xml, "The second paragraph");
        let range = format!("<w:commentRangeStart w:id=\"5\"/>{}<w:commentRangeEnd w:id=\"5\"/>", &xml[from..to]);
        xml[..from].to_owned() + &range + &xml[to..]
    });
    let bytes = patched(&bytes, "word/_rels/document.xml.rels", |xml| {
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments";
        let relation = format!("<Relationship Id=\"rIdC\" Type=\"{kind}\" Target=\"comments.xml\"/></Relationships>");
        xml.replace("</Relationships>", &relation)
    });
    let mut all = parts(&bytes);
    let comment = format!(
        "<w:comments {word}><w:comment w:id=\"5\" w:author=\"Mira\"><w:p><w:r><w:t>Is this right?</w:t></w:r></w:p></w:comment></w:comments>"
    );
    all.push(("word/comments.xml".to_owned(), comment.into_bytes()));
    fs::write(&file, zipped(&all)).expect("written");
    let output = review(&file, &folder, &[]);
    let said = stdout(&output);
    let line = "narrative/quarterly/summary.en.md:3: Mira on “The second paragraph tells of the town and of its mayor.”: Is this right?";
    assert!(output.status.code() == Some(1) && said.contains(line), "{said}");
}

/// An editor that drops what it doesn't know: the program's own part, and the tags of controls.
fn drop_tags(file: &Path) {
    let bytes = patched(&fs::read(file).expect("the file"), "word/document.xml", |xml| {
        let mut plain = String::new();
        let mut rest = xml.as_str();
        while let Some(at) = rest.find("<w:tag ") {
            plain.push_str(&rest[..at]);
            rest = &rest[at + rest[at..].find("/>").expect("its end") + 2..];
        }
        plain + rest
    });
    let all: Vec<(String, Vec<u8>)> =
        parts(&bytes).into_iter().filter(|(name, _)| !name.starts_with("customXml")).collect();
    fs::write(file, zipped(&all)).expect("written");
}

#[test]
fn without_tags_figures_are_found_by_the_words_around_them() {
    let (folder, file) = built();
    drop_tags(&file);
    let output = review(&file, &folder, &[]);
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{said}{}", stderr(&output));
    assert!(said.contains("compared with TEST-01/2025-Q1/quarterly.en as the project gives it today"), "{said}");
    assert!(said.contains(" figures were found by the words around them"), "{said}");
    let bytes = fs::read(&file).expect("the file");
    let overtyped = patched(&bytes, "word/document.xml", |xml| {
        let at = xml.find(" people took part").expect("the sentence");
        let figure = xml[..at].rfind(">2</w:t>").expect("its figure");
        xml[..figure].to_owned() + ">7</w:t>" + &xml[figure + ">2</w:t>".len()..]
    });
    fs::write(&file, overtyped).expect("written");
    let found: Value = serde_json::from_str(&stdout(&review(&file, &folder, &["--format", "json"]))).expect("JSON");
    let figure = only(&found["figures"]);
    assert_eq!((&figure["built"], &figure["file"]), (&Value::from("2"), &Value::from("7")));
    assert_eq!((&found["compared_with"], &found["found"]["by_tag"]), (&Value::from("today"), &Value::from(0)));
}

#[test]
fn what_is_no_word_file_and_what_nobody_knows_is_refused() {
    let (folder, file) = built();
    let other = project();
    let text = folder.write("other.docx", "no Word file");
    for (path, owner, code) in [(&text, &folder, "no-word-file"), (&file, &other, "review-unknown")] {
        if code == "review-unknown" {
            let bytes = patched(&fs::read(path).expect("the file"), "word/document.xml", |xml| {
                let from = xml.find("<w:body>").expect("a body") + "<w:body>".len();
                let to = xml.find("</w:body>").expect("its end");
                xml[..from].to_owned() + "<w:p><w:r><w:t>Something else</w:t></w:r></w:p>" + &xml[to..]
            });
            fs::write(path, bytes).expect("written");
            drop_tags(path);
        }
        let output = review(path, owner, &[]);
        assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
        assert!(stderr(&output).contains(code), "{}", stderr(&output));
    }
}
