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

/// The example with a key and nothing hidden, without annexes: a PDF carries or names its annex, whose cells name rows.
fn example() -> Folder {
    let folder = super::build::example();
    let toml = std::fs::read_to_string(folder.path().join("project.toml")).expect("project.toml");
    assert!(toml.contains("[privacy]\n") && toml.contains("key_file") && toml.contains("[[reports]]\n"));
    let toml = toml.replace("[[reports]]\n", "[[reports]]\nannexes = []\n");
    folder.write("project.toml", toml.replace("[privacy]\n", "[privacy]\nsuppress_below = 0\n"));
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
