//! Which mark parts the cells of a CSV file, and files of other forms that look like one.

use std::collections::BTreeSet;

use donor_report::fold;

use super::files::{code, opened, refusal, rows, shown, sound};
use super::sheets::Folder;

/// The rows of a CSV file, where project.toml gives columns these headings.
fn read(text: &str, headings: &[&str]) -> String {
    let folder = Folder::new();
    folder.write("t.csv", text);
    let mut book = sound(&folder, "t.csv");
    let headings: BTreeSet<String> = headings.iter().map(|heading| fold::heading_key(heading)).collect();
    book.expect_headings(&headings).expect("one mark");
    shown(&rows(&mut book, 0))
}

#[test]
fn commas_within_texts_part_nothing_though_they_are_many() {
    let rows = read("Naziv;Adresa\nPrva;Ulica 1, Zagreb, kat 2, vrata 3\nDruga;Trg 5, Split\n", &[]);
    assert_eq!(
        rows,
        "1 A=\"Naziv\" B=\"Adresa\"\n2 A=\"Prva\" B=\"Ulica 1, Zagreb, kat 2, vrata 3\"\n3 A=\"Druga\" B=\"Trg 5, Split\"\n"
    );
    // Every row has as many commas as the other: the mark with more cells.
    assert!(
        read("Broj;Opis;Datum\n1;jedan, dva;1.2.\n2;tri, cetiri;2.2.\n", &[]).starts_with("1 A=\"Broj\" B=\"Opis\" C=")
    );
}

#[test]
fn headings_of_project_toml_tell_the_mark() {
    let text = "Ime, i prezime, osobe|Grad, mjesto, ulica\nAna, x, y|Zagreb, u, v\n";
    assert!(read(text, &["Ime, i prezime, osobe"]).starts_with("1 A=\"Ime, i prezime, osobe\" B="));
    assert!(read(text, &[]).starts_with("1 A=\"Ime\" B="), "nothing tells that the comma parts nothing");
}

#[test]
fn a_bar_is_a_mark_and_any_may_be_named_in_a_first_line() {
    assert_eq!(read("code|title\n1|a, b\n", &[]), "1 A=\"code\" B=\"title\"\n2 A=\"1\" B=\"a, b\"\n");
    for (line, mark) in
        [("sep=|", "|"), ("SEP=;", ";"), ("\"sep=;\"", ";"), ("sep=\t", "\t"), ("sep=:", ":"), ("sep=^", "^")]
    {
        let rows = read(&format!("{line}\nx{mark}y,z\n"), &[]);
        assert_eq!(rows, "2 A=\"x\" B=\"y,z\"\n", "{line}");
    }
}

#[test]
fn headings_and_rows_that_different_marks_part_are_one_error() {
    let folder = Folder::new();
    folder.write("t.csv", "code,date,title\n1;2017-01-01;a\n2;2017-01-02;b, c\n3;2017-01-03;d\n");
    let mut book = sound(&folder, "t.csv");
    let problem = book.expect_headings(&BTreeSet::new()).expect_err("two marks");
    assert_eq!(code(&problem), "mixed-separators");
    assert_eq!((problem.args["headings"].as_str(), problem.args["rows"].as_str()), (",", ";"));
    // Semicolons part values within cells.
    read("code,date,municipality\n1,2017-01-01,a;b;c\n2,2017-01-02,b;c;d\n", &[]);
}

#[test]
fn tables_of_other_forms_are_named_with_a_remedy() {
    let folder = Folder::new();
    for (name, content, expected) in [
        ("t.slk", "ID;PWXL;N;E\nC;Y1;X1;K\"a\"\nE\n", "not-a-table sylk"),
        ("t.csv", "ID;PSCALC3\nC;Y1;X1;K\"a\"\nE\n", "not-a-table sylk"),
        ("t.dif", "TABLE\r\n0,1\r\n\"EXCEL\"\r\nVECTORS\r\n0,2\r\n", "not-a-table dif"),
        (
            "t.prn",
            "code      title         reached\n1         First                12\n2         Second, other         3\n",
            "not-a-table prn",
        ),
        ("t.wk1", "\0\0\u{2}\0\u{6}\u{4}\u{6}\0", "not-a-table other-program"),
    ] {
        folder.write(name, content);
        assert_eq!(code(&refusal(&folder, name)), expected, "{name}");
    }
    let numbers = ["Index/Document.iwa", "Index/Tables/DataList.iwa", "Metadata/Properties.plist"];
    folder.write("t.numbers", super::sheets::zipped(&numbers.map(|name| (name.to_owned(), vec![1]))));
    assert_eq!(code(&refusal(&folder, "t.numbers")), "not-a-table numbers");
    // The identifier of a person begins as SYLK does, and commas part lines of a PRN file as of any other.
    assert_eq!(read("ID;Person\n1;a\n", &[]), "1 A=\"ID\" B=\"Person\"\n2 A=\"1\" B=\"a\"\n");
    folder.write("t.prn", "code,title\n1,a\n");
    assert_eq!(opened(&folder, "t.prn").1.iter().map(code).collect::<Vec<_>>(), ["wrong-ending"]);
}

#[test]
fn utf_16_without_a_mark_is_read() {
    let text = "шифра\tнаслов\n1\tобука на млади\n2\tдебата\n";
    let expected = "1 A=\"шифра\" B=\"наслов\"\n2 A=\"1\" B=\"обука на млади\"\n3 A=\"2\" B=\"дебата\"\n";
    let folder = Folder::new();
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        folder.write("t.csv", text.encode_utf16().flat_map(order).collect::<Vec<u8>>());
        assert_eq!(shown(&rows(&mut sound(&folder, "t.csv"), 0)), expected);
    }
}

/// What a program has left in a text; a file with many zeros is none.
#[test]
fn zeros_here_and_there_in_a_text_are_passed_over() {
    let rows = "1 A=\"code\" B=\"title\"\n2 A=\"1\" B=\"First training of the year\"\n";
    for text in [
        "co\0de,title\n1,First training of the year\n",
        "\0code,title\n1,First training of the year\n",
        "code,title\n1,First training of the year\n\0\0\0\0\0\0",
    ] {
        // A cell is cleaned of them where it is read.
        let read = read(text, &[]).replace("\\0", "");
        assert!(read.starts_with(rows), "{text:?}: {read}");
    }
    let folder = Folder::new();
    for bytes in ["a\0b\0\0c\0\0".repeat(50), "\0".repeat(500)] {
        folder.write("t.csv", bytes);
        assert_eq!(code(&refusal(&folder, "t.csv")), "not-a-table binary");
    }
}

/// A rare mark is taken where headings tell it, and never within texts.
#[test]
fn a_rare_mark_parts_what_headings_say() {
    assert!(read("code~date~title\n1~2017-01-01~a, b\n", &[]).starts_with("1 A=\"code\" B=\"date\" C="));
    assert!(read("code,date,title\n1,2017-01-01,a~b~c\n", &[]).starts_with("1 A=\"code\" B=\"date\" C="));
    assert!(read("name: of whom, sex: F or M\n", &[]).starts_with("1 A=\"name: of whom\" B="));
}
