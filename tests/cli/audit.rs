//! The recount pack: what is drawn, what a filled pack says, and what is refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use donor_report::report::recount::{draw, wilson_interval};
use sha2::{Digest, Sha256};

use super::build::{run, stderr, stdout};
use crate::ingest::sheets::{Folder, parts, patched};

/// Sheets of a pack in the order of the workbook: instructions, rows, lists, and the hidden one.
const ROWS: &str = "xl/worksheets/sheet2.xml";
const LISTS: &str = "xl/worksheets/sheet3.xml";
const RECORD: &str = "xl/worksheets/sheet4.xml";

fn example() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/inputs/myla-2017")
}

fn audit(project: &str, to: &Path, more: &[&str]) -> Output {
    let to = to.to_str().expect("a path");
    let mut arguments = vec!["audit", project, "--report", "quarterly", "--period", "2017-Q1"];
    arguments.extend(["--sample", "20", "--to", to]);
    arguments.extend(more);
    run(&arguments)
}

/// A pack of the example with the seed 7.
fn drawn(more: &[&str]) -> (Folder, PathBuf) {
    let folder = Folder::new();
    let pack = folder.path().join("recount.xlsx");
    let output = audit(example(), &pack, &[&["--seed", "7"], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    (folder, pack)
}

fn read(pack: &Path, lang: &str) -> Output {
    run(&["--messages", lang, "audit", "--read", pack.to_str().expect("a path")])
}

fn part(pack: &Path, name: &str) -> String {
    let parts = parts(&fs::read(pack).expect("the pack"));
    let (_, bytes) = parts.into_iter().find(|(part, _)| part == name).expect("a sheet");
    String::from_utf8(bytes).expect("XML")
}

/// The texts that cells of the pack share.
fn shared(pack: &Path) -> Vec<String> {
    let xml = part(pack, "xl/sharedStrings.xml");
    let texts = xml.split("<t").skip(1).filter_map(|rest| rest.split_once('>'));
    texts.filter_map(|(_, rest)| Some(rest.split_once("</t>")?.0.to_owned())).collect()
}

/// The blank cells of a column, in the order of rows.
fn blank_cells(xml: &str, column: &str) -> Vec<String> {
    let cells = xml.split("<c r=\"").skip(1).filter(|cell| {
        let address = cell.split('"').next().unwrap_or_default();
        address.trim_end_matches(|c: char| c.is_ascii_digit()) == column
    });
    cells
        .filter_map(|cell| Some(format!("<c r=\"{}/>", cell.split_once("/>")?.0)))
        .filter(|cell| !cell.contains("<v>"))
        .collect()
}

/// Writes answers into the blank cells of a column; an empty one stays blank.
fn fill(pack: &Path, sheet: &str, column: &str, answers: &[&str]) {
    let old = part(pack, sheet);
    let cells = blank_cells(&old, column);
    assert_eq!(cells.len(), answers.len(), "blank cells of {column}");
    let filled = patched(&fs::read(pack).expect("the pack"), sheet, |mut xml| {
        for (cell, answer) in cells.iter().zip(answers).filter(|(_, answer)| !answer.is_empty()) {
            let open = cell.trim_end_matches("/>");
            let value = match answer.parse::<f64>() {
                Ok(number) => format!("{open}><v>{number}</v></c>"),
                Err(_) => format!("{open} t=\"inlineStr\"><is><t>{answer}</t></is></c>"),
            };
            xml = xml.replace(cell.as_str(), &value);
        }
        xml
    });
    fs::write(pack, filled).expect("written");
}

/// Newcombe's examples (Statistics in Medicine 17, 1998, method 3), of a population without end; and what becomes of them
/// where it ends.
#[test]
fn intervals_are_wilsons() {
    let published =
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)];
    for (found, sampled, low, high) in published {
        let (from, to) = wilson_interval(found, sampled, 1 << 50).expect("an interval");
        assert!((from - low).abs() < 5e-5 && (to - high).abs() < 5e-5, "{found} of {sampled}: {from} to {to}");
    }
    assert_eq!(wilson_interval(18, 20, 20), Some((0.9, 0.9)), "all rows were looked up: nothing is left to chance");
    let (from, to) = wilson_interval(18, 20, 100).expect("an interval");
    let (wide_from, wide_to) = wilson_interval(18, 20, 1 << 50).expect("an interval");
    assert!(wide_from < from && from < 0.9 && 0.9 < to && to < wide_to);
    assert_eq!((wilson_interval(0, 0, 5), wilson_interval(3, 2, 5), wilson_interval(1, 6, 5)), (None, None, None));
}

/// The order as any program finds it.
#[test]
fn rows_are_drawn_by_the_hash_of_seed_indicator_and_address() {
    let addresses: Vec<String> = (2..40).map(|row| format!("data.xlsx:Attendance:{row}")).collect();
    let mut ranked: Vec<(String, usize)> = (0..addresses.len())
        .map(|at| {
            let hash = Sha256::digest(format!("7\nT1\n{}", addresses[at]));
            (hash.iter().map(|byte| format!("{byte:02x}")).collect(), at)
        })
        .collect();
    ranked.sort();
    let mut first: Vec<usize> = ranked[..5].iter().map(|(_, at)| *at).collect();
    first.sort_unstable();
    assert_eq!(draw(7, "T1", &addresses, 5), first);
    assert_ne!(draw(8, "T1", &addresses, 5), first);
    assert_ne!(draw(7, "T2", &addresses, 5), first);
    assert_eq!(draw(7, "T1", &addresses, 99).len(), addresses.len());
    assert_eq!(draw(7, "T1", &addresses, 6).iter().filter(|at| first.contains(at)).count(), 5, "a larger sample adds");
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_other_rows() {
    let (_folder, one) = drawn(&["--indicator", "I14"]);
    let (_folder2, other) = drawn(&["--indicator", "I14"]);
    assert!(fs::read(&one).expect("a pack") == fs::read(&other).expect("a pack"));
    let folder = Folder::new();
    let third = folder.path().join("recount.xlsx");
    let output = audit(example(), &third, &["--seed", "8", "--indicator", "I14"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_ne!(part(&one, ROWS), part(&third, ROWS));
}

/// 20 of the 391 rows of I14 in the quarter: 18 found, by hand 90.0 % and, with z² × 371 / 390, 70.5 to 97.1 %.
#[test]
fn a_filled_pack_says_what_a_hand_calculation_says() {
    let (_folder, pack) = drawn(&["--indicator", "I14"]);
    let mut found = vec!["да"; 20];
    (found[3], found[11]) = ("не", "no");
    fill(&pack, ROWS, "I", &found);
    let lists = blank_cells(&part(&pack, LISTS), "K").len();
    assert_eq!(lists, 3, "the activities of I14 in the quarter");
    let output = read(&pack, "en");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let said = stdout(&output);
    let rows =
        "I14: of the rows looked up, found 18 of 20 (90.0%); of all 391 with 95 % certainty between 70.5% and 97.1%\n";
    assert!(said.contains(rows), "{said}");
    assert!(said.contains("I14: no list was counted\n"), "{said}");
    assert!(said.contains("I14: not filled in and left out: rows 0, lists 3\n"), "{said}");
}

/// Signatures against attendances: the lists of I14's activities have as many rows as the register says of them.
#[test]
fn lists_are_held_against_what_the_data_has_of_their_activities() {
    let (_folder, pack) = drawn(&["--indicator", "I14"]);
    fill(&pack, LISTS, "K", &["200", "", "150"]);
    let said = stdout(&read(&pack, "en"));
    let (before, _) = said.split_once("; lists: 2)").expect("two lists were counted");
    let line = before.rsplit('\n').next().expect("a line");
    let numbers: Vec<f64> =
        line.split(|c: char| !c.is_ascii_digit() && c != '.').filter_map(|word| word.parse().ok()).collect();
    let [counted, in_data, percent] = numbers[numbers.len() - 3..] else { panic!("{line}") };
    assert_eq!(counted, 350.0, "{line}");
    assert!((counted / in_data * 100.0 - percent).abs() < 0.06, "{line}");
    assert!(said.contains("I14: no row was looked up\n"), "{said}");
    assert!(said.contains("I14: not filled in and left out: rows 20, lists 1\n"), "{said}");
    assert!(stdout(&read(&pack, "mk")).contains("непополнети и изоставени: редови 20, списоци 1\n"));
}

/// The sentences' numbers, for machines.
#[test]
fn what_came_of_a_filled_pack_is_told_to_machines() {
    let (_folder, pack) = drawn(&["--indicator", "I14"]);
    let path = pack.to_str().expect("a path");
    let read_json = || -> serde_json::Value {
        let output = run(&["audit", "--read", path, "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        serde_json::from_str(&stdout(&output)).expect("JSON")
    };
    let blank = read_json();
    assert_eq!((&blank["schema"], &blank["report"], &blank["seed"]), (&1.into(), &"quarterly".into(), &7.into()));
    let of = |json: &serde_json::Value, code: &str| -> serde_json::Value {
        let indicators = json["indicators"].as_array().expect("indicators");
        indicators.iter().find(|indicator| indicator["code"] == code).expect("the indicator")["rows"].clone()
    };
    let rows = of(&blank, "I14");
    assert_eq!((&rows["drawn"], &rows["filled"]), (&20.into(), &0.into()));
    assert!(rows["share"].is_null() && rows["interval"].is_null(), "{rows}");
    fill(&pack, ROWS, "I", &["да"; 20]);
    fill(&pack, LISTS, "K", &["200", "", "150"]);
    let filled = read_json();
    let rows = of(&filled, "I14");
    assert_eq!((&rows["found"], &rows["share"]), (&20.into(), &1.into()));
    let lists = &filled["indicators"][0]["lists"];
    assert_eq!((&lists["filled"], &lists["counted"]), (&2.into(), &350.into()));
    let factor = 350.0 / lists["reported"].as_f64().expect("a number");
    assert!((lists["factor"].as_f64().expect("a number") - factor).abs() < 1e-12, "{lists}");
    let interval = &rows["interval"];
    assert!(interval["from"].as_f64() < Some(1.0) && interval["to"] == 1, "{interval}");
    // Nothing is read, so there is nothing to print.
    let refused = run(&["audit", example(), "--format", "json", "--report", "quarterly"]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn fewer_than_ten_rows_have_no_interval() {
    let (_folder, pack) = drawn(&["--indicator", "I8"]);
    fill(&pack, ROWS, "I", &["yes", "po", "1", "да", "не", "", "", ""]);
    let said = stdout(&read(&pack, "en"));
    assert!(said.contains("I8: of the rows looked up, found 4 of 5 (80.0%)\n"), "{said}");
}

#[test]
fn a_changed_cell_is_named_and_so_is_an_answer_that_is_none() {
    let (_folder, pack) = drawn(&["--indicator", "I8"]);
    fill(&pack, ROWS, "I", &["maybe", "yes", "", "", "", "", "", ""]);
    fill(&pack, LISTS, "K", &["-3", "2.5"]);
    let output = read(&pack, "en");
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    let said = stderr(&output);
    for (sheet, cell, value) in [
        ("Редови · Rows", "I3", "“maybe” is neither yes nor no"),
        ("Списоци · Lists", "K3", "“-3” is no count"),
        ("Списоци · Lists", "K4", "“2.5” is no count"),
    ] {
        assert!(said.contains(value) && said.contains(&format!("sheet {sheet}, cell {cell}")), "{cell}: {said}");
    }

    let (_folder, pack) = drawn(&["--indicator", "I8"]);
    let other = patched(&fs::read(&pack).expect("the pack"), "xl/sharedStrings.xml", |xml| {
        xml.replace(">participants.xlsx<", ">participants2.xlsx<")
    });
    fs::write(&pack, other).expect("written");
    let output = read(&pack, "en");
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("recount-pack-changed") && said.contains("cell F3"), "{said}");
}

#[test]
fn a_changed_record_a_doubled_line_and_a_missing_sheet_are_told() {
    let change = |sheet: &str, change: &dyn Fn(String) -> String| {
        let (_folder, pack) = drawn(&["--indicator", "I8"]);
        fs::write(&pack, patched(&fs::read(&pack).expect("the pack"), sheet, change)).expect("written");
        let output = read(&pack, "en");
        assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
        stderr(&output)
    };
    let record = change("xl/sharedStrings.xml", &|xml| {
        xml.replace("&quot;seed&quot;:7", "&quot;seed&quot;:8").replace("\"seed\":7", "\"seed\":8")
    });
    assert!(record.contains("the hidden sheet"), "{record}");
    let doubled = change(ROWS, &|xml| xml.replacen("<v>2</v>", "<v>1</v>", 1));
    assert!(doubled.contains("this line is no line of the pack, or is there twice"), "{doubled}");
    let missing = change("xl/workbook.xml", &|xml| xml.replacen("Lists\"", "Something\"", 1));
    assert!(missing.contains("the sheet Списоци · Lists is gone"), "{missing}");
    let (_folder, pack) = drawn(&["--indicator", "I8"]);
    assert!(part(&pack, RECORD).contains("sheetProtection"), "the hidden sheet is protected");
    assert!(part(&pack, "xl/workbook.xml").contains("name=\"recount\" sheetId=\"4\" state=\"hidden\""));
}

/// A spreadsheet program sorts a table: lines are found by their numbers.
#[test]
fn lines_may_stand_in_another_order() {
    let (_folder, pack) = drawn(&["--indicator", "I8"]);
    fill(&pack, ROWS, "I", &["no", "yes", "yes", "yes", "yes", "yes", "yes", "yes"]);
    let before = stdout(&read(&pack, "en"));
    let turned = patched(&fs::read(&pack).expect("the pack"), ROWS, |xml| {
        let from = xml.find("<row r=\"3\"").expect("the first line");
        let to = xml.find("</sheetData>").expect("the end");
        let mut rows: Vec<String> = xml[from..to].split_inclusive("</row>").map(str::to_owned).collect();
        let count = rows.len();
        for (at, row) in rows.iter_mut().enumerate() {
            let (old, new) = (at + 3, count - at + 2);
            for column in 'A'..='J' {
                *row = row.replace(&format!("r=\"{column}{old}\""), &format!("r=\"{column}{new}\""));
            }
            *row = row.replace(&format!("<row r=\"{old}\""), &format!("<row r=\"{new}\""));
        }
        rows.reverse();
        format!("{}{}{}", &xml[..from], rows.concat(), &xml[to..])
    });
    fs::write(&pack, turned).expect("written");
    assert_eq!(stdout(&read(&pack, "en")), before);
    assert!(before.contains("I8: of the rows looked up, found 7 of 8 (87.5%)"), "{before}");
}

/// Blank cells alone may be typed into, and the data's own count is shown nowhere.
#[test]
fn a_pack_is_protected_and_doesnt_say_what_the_lists_should_have() {
    let (_folder, pack) = drawn(&["--indicator", "I14"]);
    for sheet in ["xl/worksheets/sheet1.xml", ROWS, LISTS] {
        assert!(part(&pack, sheet).contains("<sheetProtection"), "{sheet}");
    }
    assert!(part(&pack, ROWS).contains("dataValidation ") && part(&pack, LISTS).contains("dataValidation "));
    let texts = shared(&pack);
    let visible = texts.iter().filter(|text| !text.contains("in_data"));
    assert!(visible.clone().count() > 30 && visible.clone().all(|text| !text.contains("in_data")));
    let lists = part(&pack, LISTS);
    assert_eq!(blank_cells(&lists, "K").len(), 3);
    assert!(!lists.contains("<c r=\"M"), "no column follows the remarks");
}

const SMALL: &str = "code = \"PACK-01\"\nlanguages = [\"en\"]\nstart = 2025-01-01\nend = 2025-12-31\ntitle = { en = \"A project\" }\n\n[periods]\nquarters = true\n\n[[reports]]\nname = \"quarterly\"\nperiods = [\"2025-Q1\"]\ndocuments = [[\"en\"]]\n";

/// A project of one workbook; `person` is the code of somebody who came, `name` what the register says of them.
fn small(person: &str, name: &str) -> Folder {
    let folder = Folder::new();
    folder.write("project.toml", SMALL);
    folder.book(
        "data.xlsx",
        &[
            ("Activities", "id | date | type | title | document\nA-1 | @2025-02-03 | training | First | L-17/2025\nA-2 | @2025-02-04 | training | Second |"),
            ("Participants", &format!("person | name | sex\n{person} | {name} | F\nP-2 | Petko Petkovski | M")),
            ("Attendance", &format!("activity | person | sex | list no\nA-1 | {person} | F | 17\nA-1 | P-2 | M | 18")),
            ("Indicators", "code | title | unit | calculation\nT1 | People | people | people"),
        ],
    );
    folder
}

fn audit_small(folder: &Folder, to: &Path) -> Output {
    let arguments = ["audit", folder.path().to_str().expect("a path"), "--report", "quarterly", "--period", "2025-Q1"];
    run(&[&arguments[..], &["--sample", "5", "--seed", "1", "--to", to.to_str().expect("a path")]].concat())
}

#[test]
fn papers_are_named_where_a_column_names_them_and_an_activity_without_attendance_may_be_drawn() {
    let (folder, out) = (small("P-1", "Ana Anovska"), Folder::new());
    let pack = out.path().join("recount.xlsx");
    let output = audit_small(&folder, &pack);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let texts = shared(&pack);
    for text in ["L-17/2025", "17", "18", "P-1", "P-2", "A-2"] {
        assert!(texts.iter().any(|known| known == text), "{text}: {texts:?}");
    }
    assert!(!texts.iter().any(|text| text.contains("Anovska") || text.contains("Petkovski")), "{texts:?}");
    fill(&pack, LISTS, "J", &["2", "3"]);
    let said = stdout(&read(&pack, "en"));
    assert!(said.contains("T1: on the lists counted 2, in the data 2 (100.0%; lists: 1)\n"), "{said}");
    assert!(said.contains("all activities: on the lists counted 5, in the data 2 (250.0%; lists: 2)\n"), "{said}");
}

#[test]
fn codes_that_are_names_give_no_pack() {
    let (folder, out) = (small("Ana Anovska", "Ana Anovska"), Folder::new());
    let pack = out.path().join("recount.xlsx");
    let output = audit_small(&folder, &pack);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stderr(&output).contains("personal-data-in-output"), "{}", stderr(&output));
    assert!(!pack.exists());
}
