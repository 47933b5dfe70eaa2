//! With a key, the order of rows in a project's tables changes nothing that is printed.

use std::collections::BTreeMap;

use super::build::{build, files, stderr};
use crate::ingest::sheets::{Folder, parts, zipped};

/// The sheets whose rows are facts; those of results, indicators and lists are printed in their order.
const SORTED: [(&str, &[&str]); 3] = [
    ("activities.xlsx", &["sheet1"]),
    ("participants.xlsx", &["sheet1", "sheet2"]),
    ("logframe.xlsx", &["sheet3", "sheet4"]),
];

/// The row of headings of each of these sheets.
const HEADER: u32 = 3;

/// The example with a key and what is hidden of it, without annexes: a PDF carries or names its annex, whose cells name rows.
fn example() -> Folder {
    let folder = super::build::example();
    let toml = std::fs::read_to_string(folder.path().join("project.toml")).expect("project.toml");
    assert!(toml.contains("[privacy]\n") && toml.contains("key_file") && toml.contains("[[reports]]\n"));
    folder.write("project.toml", toml.replace("[[reports]]\n", "[[reports]]\nannexes = []\n"));
    folder
}

/// The rows of a sheet below its headings in an order of their own, numbered anew.
fn reorder(xml: &str, order: impl Fn(&mut Vec<&str>)) -> String {
    let (head, rest) = xml.split_once("<sheetData>").expect("rows");
    let (data, tail) = rest.split_once("</sheetData>").expect("rows");
    let rows: Vec<&str> = data.split_inclusive("</row>").collect();
    let number = |row: &str| -> u32 { between(row, "<row r=\"", "\"").parse().expect("a row's number") };
    let (above, mut below): (Vec<&str>, Vec<&str>) = rows.iter().partition(|row| number(row) <= HEADER);
    let numbers: Vec<u32> = below.iter().map(|row| number(row)).collect();
    order(&mut below);
    let moved = below.iter().zip(numbers).map(|(row, to)| {
        let from = number(row);
        let row = row.replace(&format!("<row r=\"{from}\""), &format!("<row r=\"{to}\""));
        row.split("<c r=\"")
            .enumerate()
            .map(|(at, cell)| {
                if at == 0 {
                    cell.to_owned()
                } else {
                    format!("<c r=\"{}", cell.replacen(&from.to_string(), &to.to_string(), 1))
                }
            })
            .collect::<String>()
    });
    format!("{head}<sheetData>{}{}</sheetData>{tail}", above.concat(), moved.collect::<String>())
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map_or("", |(inside, _)| inside)
}

fn sort_tables(folder: &Folder, order: impl Fn(&mut Vec<&str>) + Copy) {
    for (file, sheets) in SORTED {
        let mut parts = parts(&std::fs::read(folder.path().join(file)).expect("a workbook"));
        for (name, content) in &mut parts {
            if sheets.iter().any(|sheet| *name == format!("xl/worksheets/{sheet}.xml")) {
                let text = String::from_utf8(std::mem::take(content)).expect("XML");
                let sorted = reorder(&text, order);
                assert!(sorted != text, "{file} {name} is in this order already");
                *content = sorted.into_bytes();
            }
        }
        folder.write(file, zipped(&parts));
    }
}

type Order = fn(&mut Vec<&str>);

/// All rows turned round, and in no order at all.
const ORDERS: [Order; 2] = [|rows| rows.reverse(), |rows| rows.sort_by_key(|row| row.len() * 31 % 17)];

fn built(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let out = tempfile::tempdir().unwrap();
    let built = build(folder.path(), out.path(), &[]);
    assert!(built.status.success(), "{}", stderr(&built));
    files(out.path())
}

#[test]
fn sorting_tables_changes_no_byte_of_documents_and_figures() {
    let before = built(&example());
    let count = |ending: &str| before.keys().filter(|name| name.ends_with(ending)).count();
    assert!(count(".pdf") >= 7 && count(".figures.json") == 4 && count(".xlsx") == 0, "{:?}", before.keys());
    for order in ORDERS {
        let folder = example();
        sort_tables(&folder, order);
        let after = built(&folder);
        assert!(before.keys().eq(after.keys()), "{:?}", after.keys());
        for (name, bytes) in &before {
            assert!(*bytes == after[name], "{name} has changed");
        }
    }
}

/// Without a list, what a column's values are and in which order they are printed follows from their texts.
#[test]
fn sorting_tables_changes_no_byte_where_columns_have_no_list() {
    let activities = "A-01 | @2025-02-03 | обука | First training | Куманово | Сала 10 | 10
A-02 | @2025-02-06 | Средба | A meeting | Бутел; Аеродром | Сала 2 | 20
A-03 | @2025-02-06 | Обука | Second training | Ѓорче Петров | сала 2 | 30
A-04 | @2025-03-10 | Клиника | A clinic | Аеродром | Сала 1 | 40";
    let participants = "P1 | F | 1990 | Школа Б
P2 | M | 1985 | Школа А
P3 | F | 2001 | ШКОЛА А";
    let attendance = "A-01 | P1 | @2025-02-03
A-01 | P2 | @2025-02-03
A-02 | P3 | @2025-02-06
A-03 | P1 | @2025-02-06
A-04 | P2 | @2025-03-10";
    let folder = Folder::new();
    folder.write("pseudonyms.key", "an invented key, thirty-two bytes");
    folder.write(
        "project.toml",
        r#"code = "TEST-01"
languages = ["mk"]
start = 2025-01-01
end = 2025-12-31
title = { mk = "Измислен проект" }
[privacy]
suppress_below = 0
key_file = "pseudonyms.key"
[periods]
quarters = true
[[reports]]
name = "progress"
periods = ["2025-Q1"]
documents = [["mk"]]
annexes = []
"#,
    );
    folder.write("narrative/progress/1-summary.mk.md", "{{#each (activities)}}{{type}}, {{municipality}}. {{/each}}\n");
    let sorted = |order: &dyn Fn(&mut Vec<&str>)| {
        let table = |head: &str, rows: &'static str| {
            let mut rows: Vec<&str> = rows.lines().collect();
            order(&mut rows);
            format!("{head}\n{}", rows.join("\n"))
        };
        let activities = table("id | date | type | title (mk) | municipality | hall | reached", activities);
        let participants = table("person | sex | birth_year | organisation", participants);
        let attendance = table("activity | person | date", attendance);
        folder.book(
            "data.xlsx",
            &[
                ("Activities", &activities),
                ("Participants", &participants),
                ("Attendance", &attendance),
                (
                    "Indicators",
                    "code | title (mk) | unit (mk) | calculation | where | by | target
T1 | Одржани | активности | activities | | type; municipality; hall | 4
T2 | Луѓе | лица | people | | organisation; sex; type × organisation | 3
T3 | Места | места | distinct(municipality) | | | 3",
                ),
            ],
        );
        built(&folder)
    };
    let before = sorted(&|_| {});
    assert!(before.keys().any(|name| name.ends_with(".pdf")), "{:?}", before.keys());
    for order in ORDERS {
        let after = sorted(&order);
        assert!(before.keys().eq(after.keys()), "{:?}", after.keys());
        for (name, bytes) in &before {
            assert!(*bytes == after[name], "{name} has changed");
        }
    }
}
