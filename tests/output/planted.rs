//! Names, addresses, numbers and dates of birth of invented persons, planted in texts as people write them, beside honest
//! texts that look like them: `planted.txt`.

use std::collections::BTreeSet;

use donor_report::ingest::read;
use donor_report::output::leak_scanner::{AllowList, LeakScanner, TraceKind};

use super::leak_scanner::PROJECT;
use crate::ingest::sheets::Folder;

const PERSONS: &str = "person,First name,Middle name,Surname,Date of birth,Мобилен,ЕМБГ\n\
    U-1,Ѓурѓа,,Измислена,12.03.1985,,\n\
    U-2,Марија,Стојанка,Примерова,,75 000 123,\n\
    U-3,Љубица,,Двојна-Пробна,01.02.1990,,\n\
    U-4,Sean,,O'Primer,,,\n\
    U-5,Jan,,van der Proba,,,\n\
    U-6,not known,,,,,\n\
    U-7,not,,known,,,\n\
    U-8,во,,периодот,,,\n\
    U-9,Public,,Person,,,\n\
    U-10,Person,,Publicova,,,0101990450006\n\
    U-11,Шон,,О’Пример,,,\n";

/// Labels of the program hold these words.
const PROGRAM: &str = "unknown = \"the exact number is not known\"\nperiod = \"во периодот\"";

fn name(kind: TraceKind) -> &'static str {
    match kind {
        TraceKind::Name => "name",
        TraceKind::Address => "address",
        TraceKind::Telephone => "telephone",
        TraceKind::PersonalNumber => "number",
        TraceKind::BirthDate => "birth",
    }
}

#[test]
fn what_is_planted_is_found_and_honest_texts_are_not() {
    let folder = Folder::new();
    folder.write("project.toml", PROJECT);
    folder.write("persons.csv", PERSONS);
    let traces = read(folder.path()).personal;
    let public = ["Public Person".to_owned()];
    let allowed = AllowList {
        public: &public,
        texts: vec!["info@association.example".to_owned()],
        codes: vec!["070000001"],
        program_texts: vec![PROGRAM],
        ..AllowList::default()
    };
    let scanner = LeakScanner::new(&traces, &allowed);
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/output/planted.txt");
    let page = std::fs::read_to_string(page).expect("the texts");
    let lines = page.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut planted = 0;
    let mut wrong = Vec::new();
    for line in lines {
        let (expected, text) = line.split_once(" | ").expect("what is found, and a text");
        let expected: BTreeSet<&str> = expected.split('+').filter(|kind| *kind != "-").collect();
        let found: BTreeSet<&str> = scanner.scan_text(text).into_iter().map(|trace| name(trace.kind)).collect();
        planted += 1;
        if found != expected {
            wrong.push(format!("{text}: {found:?}, not {expected:?}"));
        }
    }
    assert!(planted >= 130, "{planted} texts");
    assert!(wrong.is_empty(), "{} of {planted}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Each piece of a line is harmless by itself; a reader sees them side by side.
#[test]
fn a_name_in_pieces_of_a_line_is_found() {
    let folder = Folder::new();
    folder.write("project.toml", PROJECT);
    folder.write("persons.csv", PERSONS);
    let traces = read(folder.path()).personal;
    let scanner = LeakScanner::new(&traces, &AllowList::default());
    let text = |text: &str| serde_json::json!({"kind": "text", "text": text});
    let strong = serde_json::json!({"kind": "strong", "content": [text("Измислена")]});
    let link = serde_json::json!({"kind": "link", "url": "https://example.org", "content": [text("Ѓурѓа")]});
    let address =
        serde_json::json!({"kind": "link", "url": "https://example.org/gjurgja-izmislena", "content": [text("таа")]});
    let footnote = serde_json::json!({"kind": "footnote", "content": []});
    let number = serde_json::json!({"kind": "emphasis", "content": [text("987")]});
    for (pieces, expected) in [
        (vec![text("Дојде Ѓурѓа "), strong.clone(), text(".")], 1),
        (vec![link, text(" "), strong.clone()], 1),
        (vec![text("Ѓурѓа"), footnote, text(" Измислена")], 1),
        (vec![address, text(" дојде")], 1),
        (vec![text("070 "), number, text(" 612")], 1),
        (vec![text("Обука за "), strong], 0),
    ] {
        let view = serde_json::json!({"kind": "paragraph", "content": pieces});
        assert_eq!(scanner.scan_view(&view).len(), expected, "{view}");
    }
    // So are the cells of a row, but not those of a column; numbers in cells of their own are no telephone.
    let table = |rows: &[[&str; 2]]| {
        let rows: Vec<_> = rows.iter().map(|row| row.map(|cell| [text(cell)])).collect();
        serde_json::json!({"kind": "table", "rows": rows})
    };
    assert_eq!(scanner.scan_view(&table(&[["Ѓурѓа", "Измислена"], ["Обука", "12"]])).len(), 1);
    assert!(scanner.scan_view(&table(&[["Ѓурѓа", "12"], ["Измислена", "13"]])).is_empty());
    assert!(scanner.scan_view(&table(&[["070 987", "612"]])).is_empty());
}

#[test]
fn the_words_in_a_drawing_are_found() {
    let folder = Folder::new();
    folder.write("project.toml", PROJECT);
    folder.write("persons.csv", PERSONS);
    let traces = read(folder.path()).personal;
    let scanner = LeakScanner::new(&traces, &AllowList::default());
    let drawing =
        |text: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><text><tspan>{text}</tspan></text></svg>");
    let named = drawing("Ѓурѓа</tspan><tspan>Измислена");
    assert_eq!(scanner.scan_picture(named.as_bytes()).len(), 1);
    assert!(scanner.scan_picture(drawing("Обука").as_bytes()).is_empty());
    assert!(scanner.scan_picture(b"\x89PNG\r\n\x1a\n").is_empty());
}
