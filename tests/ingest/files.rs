//! Opening files, and streaming their rows.

use donor_report::diagnostic::{Catalogue, Problem};
use donor_report::folder::{entries, is_ignored, list_files};
use donor_report::ingest::layout::{self, ColumnMappings, TableKind, TableLayout};
use donor_report::ingest::raw_row::{Raw, RawRow};
use donor_report::ingest::workbook::{self, Projection, Workbook};
use donor_report::model::Limits;

use super::sheets::{Folder, workbook as book};

pub const LIMITS: Limits = Limits { unpacked_mib: 4096, cells: 20_000_000, cell_length: 32_767, attachment_mib: 10 };

/// Opens a file of a folder, with what is wrong.
pub fn opened(folder: &Folder, name: &str) -> (Option<Workbook>, Vec<Problem>) {
    let mut problems = Vec::new();
    let book = workbook::open(folder.path(), name, &LIMITS, &mut problems);
    (book, problems)
}

/// A workbook that nothing is wrong with.
pub fn sound(folder: &Folder, name: &str) -> Workbook {
    let (book, problems) = opened(folder, name);
    assert!(problems.is_empty(), "{problems:?}");
    book.expect("a workbook")
}

/// All rows of a sheet.
pub fn rows(book: &mut Workbook, sheet: usize) -> Vec<RawRow<'static>> {
    rows_of(book, sheet, &Projection::All)
}

pub fn rows_of(book: &mut Workbook, sheet: usize, wanted: &Projection) -> Vec<RawRow<'static>> {
    let mut rows = book.rows(sheet, wanted).expect("rows");
    let mut all = Vec::new();
    while let Some(row) = rows.next_row().expect("a row") {
        all.push(row.clone().into_owned());
    }
    all
}

/// Rows as text: the number, `~` if hidden, cells by their letters; `+` marks a merged cell.
pub fn shown(rows: &[RawRow<'_>]) -> String {
    let mut out = String::new();
    for row in rows {
        out.push_str(&format!("{}{}", row.number, if row.hidden { "~" } else { "" }));
        for cell in &row.cells {
            let merged = if cell.merged { "+" } else { "" };
            let column = donor_report::diagnostic::column_name(cell.column);
            let text = match &cell.raw {
                Raw::Text(text) => format!("{text:?}"),
                Raw::Number(number) => number.to_string(),
                Raw::Bool(yes) => yes.to_string(),
                Raw::Date { day: Some(day), .. } => day.to_string(),
                Raw::Date { day: None, serial } => format!("date {serial}"),
                Raw::Error(error) => error.to_string(),
                Raw::FormulaWithoutValue => "formula".to_owned(),
                Raw::TooLong(length) => format!("{length} bytes"),
            };
            out.push_str(&format!(" {column}{merged}={text}"));
        }
        out.push('\n');
    }
    out
}

/// Reads a whole file, as far as it can be read, and gives what is wrong with it.
pub fn stream(folder: &Folder, name: &str) -> Vec<Problem> {
    let (book, mut problems) = opened(folder, name);
    let Some(mut book) = book else { return problems };
    for sheet in 0..book.sheets.len() {
        let mut rows = match book.rows(sheet, &Projection::All) {
            Ok(rows) => rows,
            Err(problem) => {
                problems.push(*problem);
                continue;
            }
        };
        loop {
            match rows.next_row() {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(problem) => {
                    problems.push(*problem);
                    break;
                }
            }
        }
    }
    problems
}

/// The one problem that keeps a file from being read, wherever it is found: in opening or in streaming it.
pub fn refusal(folder: &Folder, name: &str) -> Problem {
    let started = std::time::Instant::now();
    let mut problems = stream(folder, name);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    let problem = problems.remove(0);
    assert_eq!(problem.places.len(), 1, "{problem:?}");
    assert_eq!(problem.places[0].file, name);
    problem
}

pub fn code(problem: &Problem) -> String {
    match problem.variant {
        Some(variant) => format!("{} {variant}", problem.code),
        None => problem.code.to_owned(),
    }
}

/// The layout of a table in a sheet written as text.
pub fn found(kind: TableKind, sheet: &str, mapping: &ColumnMappings) -> Result<TableLayout, Vec<Problem>> {
    let folder = Folder::new();
    folder.book("t.xlsx", &[("Sheet", sheet)]);
    let head = sound(&folder, "t.xlsx").head(0).expect("its head");
    layout::find_layout(&head, kind, mapping, ("t.xlsx", Some("Sheet")))
}

#[test]
fn every_sentence_of_files_is_there_in_both_languages() {
    let text = std::fs::read_to_string("templates/messages/files.toml").expect("the file");
    let table: toml::Table = toml::from_str(&text).expect("toml");
    fn check(name: &str, value: &toml::Value) {
        let entry = value.as_table().expect("a table");
        for kind in ["message", "help"] {
            if let Some(texts) = entry.get(kind) {
                assert!(texts.get("en").is_some() && texts.get("mk").is_some(), "{name} {kind}");
            }
        }
        for (variant, value) in entry.get("variant").and_then(toml::Value::as_table).into_iter().flatten() {
            check(&format!("{name} {variant}"), value);
        }
    }
    for (name, value) in &table {
        assert!(value.get("message").is_some(), "{name}");
        check(name, value);
    }
}

#[test]
fn a_sheet_is_streamed_row_by_row_with_its_kinds_of_cells() {
    let folder = Folder::new();
    folder.book(
        "t.xlsx",
        &[(
            "Податоци",
            "
            код | број | ден | да | грешка | збир | празно
            A-01 | 12.5 | @2017-03-01 | TRUE | =1/0 -> #DIV/0! | =1+1 -> 2 | =\"\" ->

            ~'007 | -4 | @16 | | | | x",
        )],
    );
    let mut book = sound(&folder, "t.xlsx");
    assert_eq!(book.sheets[0].name.as_deref(), Some("Податоци"));
    assert_eq!(
        shown(&rows(&mut book, 0)),
        "1 A=\"код\" B=\"број\" C=\"ден\" D=\"да\" E=\"грешка\" F=\"збир\" G=\"празно\"\n\
         2 A=\"A-01\" B=12.5 C=2017-03-01 D=true E=#DIV/0! F=2\n\
         4~ A=\"007\" B=-4 C=1900-01-16 G=\"x\"\n"
    );
}

#[test]
fn merged_cells_hold_for_every_row_and_column_that_they_cover() {
    let folder = Folder::new();
    folder.book("t.xlsx", &[("S", "a | b | c\n1 | x | y\n^ | z | <\n^ | |\n5 | |")]);
    let mut book = sound(&folder, "t.xlsx");
    let expected = "1 A=\"a\" B=\"b\" C=\"c\"\n2 A=1 B=\"x\" C=\"y\"\n3 A+=1 B=\"z\" C+=\"z\"\n5 A=5\n";
    assert_eq!(shown(&rows(&mut book, 0)), expected, "a row of merged remains only is none");
    let wanted = Projection::Columns(vec![2]);
    assert_eq!(shown(&rows_of(&mut book, 0, &wanted)), "1 C=\"c\"\n2 C=\"y\"\n3 C+=\"z\"\n5\n");
}

#[test]
fn columns_that_are_not_wanted_are_not_given_but_told() {
    let folder = Folder::new();
    folder.book("t.xlsx", &[("S", "a | b\n1 |\n | 2")]);
    let mut book = sound(&folder, "t.xlsx");
    let all = rows_of(&mut book, 0, &Projection::Columns(vec![0]));
    assert_eq!(shown(&all), "1 A=\"a\"\n2 A=1\n3\n");
    assert_eq!(all.iter().map(|row| row.has_other).collect::<Vec<_>>(), [true, false, true]);
}

#[test]
fn hidden_sheets_are_listed_and_counted_like_others() {
    let folder = Folder::new();
    folder.book("t.xlsx", &[("A", "x\n1"), ("~B", "y\n2")]);
    let mut book = sound(&folder, "t.xlsx");
    assert_eq!(book.sheets.iter().map(|sheet| sheet.hidden).collect::<Vec<_>>(), [false, true]);
    assert_eq!(rows(&mut book, 1).len(), 2);
}

#[test]
fn a_filter_left_on_hides_rows_from_their_owner_not_from_us() {
    let folder = Folder::new();
    let mut sheet = String::from("код\n");
    for row in 0..300 {
        sheet.push_str(if row % 100 == 0 { "" } else { "~" });
        sheet.push_str(&format!("A-{row}\n"));
    }
    folder.book("t.xlsx", &[("S", &sheet)]);
    let all = rows(&mut sound(&folder, "t.xlsx"), 0);
    assert_eq!((all.len(), all.iter().filter(|row| row.hidden).count()), (301, 297));
}

#[test]
fn a_formula_that_was_never_calculated_is_told_from_an_empty_text() {
    let folder = Folder::new();
    folder.book("t.xlsx", &[("S", "a | b\n=1+1 -> 2 | =\"\" ->")]);
    folder.patch("t.xlsx", "xl/worksheets/sheet1.xml", |xml| xml.replace("<v>2</v>", ""));
    assert_eq!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)), "1 A=\"a\" B=\"b\"\n2 A=formula\n");
}

#[test]
fn dates_of_the_1904_epoch_are_four_years_later_and_counts_are_not() {
    let folder = Folder::new();
    folder.book("t.xlsx", &[("S", "a\n@2017-03-01\n@16")]);
    folder.patch("t.xlsx", "xl/workbook.xml", |xml| xml.replace("<workbookPr ", "<workbookPr date1904=\"1\" "));
    let all = rows(&mut sound(&folder, "t.xlsx"), 0);
    assert_eq!(shown(&all), "1 A=\"a\"\n2 A=2021-03-02\n3 A=1904-01-17\n");
    assert!(matches!(all[2].cells[0].raw, Raw::Date { serial, .. } if serial == 16.0));
}

/// Excel and LibreOffice repeat the element in the list of extensions, under a prefix or with a namespace of its own.
#[test]
fn the_epoch_is_what_the_workbook_says_and_not_an_extension() {
    let folder = Folder::new();
    let extensions = [
        "<extLst><ext><x15:workbookPr chartTrackingRefBase=\"1\" xmlns:x15=\"x15\"/></ext></extLst>",
        "<extLst><ext><workbookPr xmlns=\"x14\" defaultImageDpi=\"32767\"/></ext></extLst>",
    ];
    for extension in extensions {
        for (says, day) in [("1", "2021-03-02"), ("0", "2017-03-01")] {
            folder.book("t.xlsx", &[("S", "a\n@2017-03-01")]);
            folder.patch("t.xlsx", "xl/workbook.xml", |xml| {
                xml.replace("<workbookPr ", &format!("<workbookPr date1904=\"{says}\" "))
                    .replace("</workbook>", &format!("{extension}</workbook>"))
            });
            assert_eq!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)), format!("1 A=\"a\"\n2 A={day}\n"));
        }
    }
    folder.book("t.xlsx", &[("S", "a\n@2017-03-01")]);
    folder.patch("t.xlsx", "xl/workbook.xml", |xml| {
        xml.replace(
            "</workbook>",
            "<extLst><ext><x:workbookPr date1904=\"1\" xmlns:x=\"x\"/></ext></extLst></workbook>",
        )
    });
    assert_eq!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)), "1 A=\"a\"\n2 A=2017-03-01\n");
}

#[test]
fn the_content_decides_what_a_file_is() {
    let folder = Folder::new();
    folder.write("t.csv", book(&[("S", "a\n1")]));
    folder.write("t.xlsx", "a,b\n1,2\n");
    for (name, right) in [("t.csv", "xlsx"), ("t.xlsx", "csv")] {
        let (book, problems) = opened(&folder, name);
        assert!(book.is_some());
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].code, "wrong-ending");
        assert_eq!(problems[0].args["right"], right);
    }
    folder.write("t.XLSM", book(&[("S", "a\n1")]));
    assert_eq!(rows(&mut sound(&folder, "t.XLSM"), 0).len(), 2);
}

#[test]
fn a_csv_is_read_in_every_encoding_and_with_every_separator() {
    let text = "шифра;датум;тема\r\nA-01;\"31.12.2016\";\"прв\r\nред\"\r\n\r\n007;;16,5\r\n";
    let expected =
        "1 A=\"шифра\" B=\"датум\" C=\"тема\"\n2 A=\"A-01\" B=\"31.12.2016\" C=\"прв\\nред\"\n4 A=\"007\" C=\"16,5\"\n";
    let utf16 = |little: bool| -> Vec<u8> {
        std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(|unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    };
    let folder = Folder::new();
    folder.write("plain.csv", text);
    folder.write("mark.csv", format!("\u{feff}{text}"));
    folder.write("little.csv", utf16(true));
    folder.write("big.csv", utf16(false));
    for name in ["plain.csv", "mark.csv", "little.csv", "big.csv"] {
        assert_eq!(shown(&rows(&mut sound(&folder, name), 0)), expected, "{name}");
    }
    let cyrillic = |c: char| match c {
        'А'..='я' => (c as u32 - 'А' as u32 + 0xc0) as u8,
        _ => c as u8,
    };
    folder.write("1251.csv", text.chars().map(cyrillic).collect::<Vec<u8>>());
    let (book, problems) = opened(&folder, "1251.csv");
    assert_eq!(problems.iter().map(code).collect::<Vec<_>>(), ["windows-1251"]);
    assert_eq!(shown(&rows(&mut book.expect("a table"), 0)), expected);
    for separator in [",", ";", "\t"] {
        folder.write(
            "t.csv",
            format!(
                "Извештај; 2017\n\ncode{separator}title{separator}note\n1{separator}a{separator}\"x{separator}y\"\n"
            ),
        );
        let all = rows(&mut sound(&folder, "t.csv"), 0);
        assert_eq!(all.last().map(|row| (row.number, row.cells.len())), Some((4, 3)), "{separator:?}");
    }
    folder.write("t.csv", "sep=;\ncode;title\n1;a\n");
    assert_eq!(shown(&rows(&mut sound(&folder, "t.csv"), 0)), "2 A=\"code\" B=\"title\"\n3 A=\"1\" B=\"a\"\n");
}

#[test]
fn a_csv_counts_its_rows_whatever_ends_them() {
    let folder = Folder::new();
    let expected = "3 A=\"code\" B=\"title\"\n4 A=\"1\" B=\"a\\n\\nb\"\n6 A=\"2\" B=\"c\"\n8 A=\"3\" B=\"d\"\n";
    let text = "\n\ncode;title\n1;\"a\n\nb\"\n\n2;c\n\n3;d\n";
    let mixed = text.replacen('\n', "\r\n", 4);
    for written in [text.to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r"), mixed] {
        for written in [written.as_str(), written.trim_end()] {
            folder.write("t.csv", written);
            assert_eq!(shown(&rows(&mut sound(&folder, "t.csv"), 0)), expected, "{written:?}");
        }
    }
    // The two bytes of a line's end in two pieces of the file.
    let long = format!("code;title\r\n{}", "1;a\r\n".repeat(100_000));
    for shift in 0..2 {
        folder.write("t.csv", format!("{}{long}", " ".repeat(shift)));
        let all = rows(&mut sound(&folder, "t.csv"), 0);
        assert_eq!((all.len(), all.last().map(|row| row.number)), (100_001, Some(100_001)));
    }
}

#[test]
fn what_is_no_table_is_named() {
    let folder = Folder::new();
    let cases: [(&str, &[u8]); 14] = [
        ("empty-file", b""),
        ("empty-file", b" \n\t\r\n"),
        ("empty-file", b"\xef\xbb\xbf"),
        ("not-a-table web", b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>"),
        ("not-a-table web", b"\n <html><body>Sign in</body></html>"),
        (
            "not-a-table xml",
            b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>",
        ),
        ("not-a-table pdf", b"%PDF-1.7 \xe2\xe3\xcf\xd3"),
        ("not-a-table picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("not-a-table picture", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("not-a-table document", b"{\\rtf1 x}"),
        ("not-a-table archive", b"Rar!\x1a\x07"),
        ("not-a-table binary", b"\x7fELF\x02\x01"),
        ("not-a-table binary", b"\0\x01\x02\x03\0\0"),
        ("not-a-table old", b"\x09\x04\x06\x00\0\0\x10\0"),
    ];
    for (expected, bytes) in cases {
        folder.write("t.xlsx", bytes);
        assert_eq!(code(&refusal(&folder, "t.xlsx")), expected, "{bytes:?}");
    }
}

#[test]
fn nothing_outside_the_folder_is_read() {
    let folder = Folder::new();
    let outside = Folder::new();
    outside.book("secret.xlsx", &[("S", "a\n1")]);
    let far = outside.path().join("secret.xlsx");
    for name in ["../secret.xlsx", "a/../../secret.xlsx", far.to_str().expect("a path"), "", "a\0b"] {
        let (book, problems) = opened(&folder, name);
        assert!(book.is_none());
        assert_eq!(problems[0].code, "outside-folder", "{name}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&far, folder.path().join("link.xlsx")).expect("a link");
        assert_eq!(opened(&folder, "link.xlsx").1[0].code, "outside-folder");
        std::os::unix::fs::symlink(outside.path(), folder.path().join("linked")).expect("a link");
        assert_eq!(opened(&folder, "linked/secret.xlsx").1[0].code, "outside-folder");
    }
}

#[test]
fn a_missing_file_comes_with_the_nearest_name() {
    let folder = Folder::new();
    folder.book("activities.xlsx", &[("S", "a\n1")]);
    folder.write("~$activites.xlsx", "lock");
    let problem = refusal(&folder, "activites.xlsx");
    assert_eq!(code(&problem), "missing-file nearest");
    assert_eq!(problem.args["nearest"], "activities.xlsx");
}

#[test]
fn what_editors_and_file_managers_leave_behind_is_no_part_of_a_project() {
    let ignored =
        [".git", ".DS_Store", ".~lock.a.ods#", ".#a.md", "~$a.xlsx", "a.md~", "~WRL0003.tmp", "#a.md#", "Thumbs.db"];
    assert!(ignored.iter().all(|name| is_ignored(name)));
    let own = ["a.xlsx", "~a.xlsx", "#1 a.csv", "a.tmp.csv", "thumbs.csv"];
    assert!(!own.iter().any(|name| is_ignored(name)));
    let folder = Folder::new();
    for name in ignored.iter().chain(&own) {
        folder.write(name, "x");
    }
    let listed: Vec<String> = entries(folder.path()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(listed, ["#1 a.csv", "a.tmp.csv", "a.xlsx", "thumbs.csv", "~a.xlsx"]);
    assert_eq!(list_files(folder.path(), None).len(), own.len());
    // What project.toml names is read, so a change of it must be noticed.
    folder.write("project.toml", "url = \"x.git\"\n[privacy]\nkey_file = \"./.keys/.key\"\n");
    std::fs::create_dir(folder.path().join(".keys")).expect("a folder");
    folder.write(".keys/.key", "secret");
    let names: Vec<String> = list_files(folder.path(), None).into_iter().map(|(name, _)| name).collect();
    assert!(names.contains(&".keys/.key".to_owned()) && !names.contains(&".git".to_owned()), "{names:?}");
}

#[test]
fn the_same_content_has_the_same_hash() {
    let folder = Folder::new();
    folder.write("a.csv", "code\n1\n");
    let input = sound(&folder, "a.csv").input;
    assert_eq!(input.path, "a.csv");
    assert_eq!(input.hash, blake3::hash(b"code\n1\n").to_hex().to_string());
}

#[test]
fn a_sentence_can_be_printed_for_every_refusal() {
    let folder = Folder::new();
    folder.write("t.xlsx", "");
    let problem = refusal(&folder, "t.xlsx");
    for (lang, expected) in [("en", "the file is empty"), ("mk", "датотеката е празна")] {
        assert_eq!(Catalogue::new(lang).sentences(&problem).message, expected);
    }
}
