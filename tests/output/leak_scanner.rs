//! Invented persons are planted in the inputs; a scan of what is written finds them wherever they come through.

use std::collections::BTreeSet;

use donor_report::ingest::read;
use donor_report::output::leak_scanner::{AllowList, Findings, LeakScanner, Origins, Trace, TraceKind, report_leaks};
use donor_report::personal::PersonalTraces;

use crate::ingest::sheets::Folder;

/// A project whose participants are in persons.csv.
pub const PROJECT: &str = r#"
code = "INVENTED-1"
languages = ["en"]
start = 2030-01-01
end = 2030-12-31
title = { en = "Invented" }
[[reports]]
name = "quarterly"
periods = ["project"]
[tables.participants]
file = "persons.csv"
"#;

/// Nobody is called so; the numbers are nobody's.
const PERSONS: &str = "person,name,sex,organisation\n\
    U-1,Ѓурѓа Измислена-Проба,F,Invented club\n\
    U-2,Izmislen Primerovski,M,tel. 070/000-123\n\
    U-3,,F,proba@primer.example\n\
    U-4,,M,0101990450006\n";

fn traces(folder: &Folder) -> PersonalTraces {
    folder.write("project.toml", PROJECT);
    folder.write("persons.csv", PERSONS);
    let traces = read(folder.path()).personal;
    assert!(traces.count() >= 5, "{} traces", traces.count());
    traces
}

fn set(kinds: &[TraceKind]) -> BTreeSet<TraceKind> {
    kinds.iter().copied().collect()
}

fn kinds(traces: BTreeSet<Trace>) -> BTreeSet<TraceKind> {
    traces.into_iter().map(|trace| trace.kind).collect()
}

#[test]
fn names_and_numbers_are_found_in_texts() {
    let folder = Folder::new();
    let traces = traces(&folder);
    let scanner = LeakScanner::new(&traces, &AllowList::default());
    for (text, found) in [
        ("the training was led by Gjurgja Izmislena-Proba, twice", set(&[TraceKind::Name])),
        ("Обука:Примеровски Измислен/Инка", set(&[TraceKind::Name])),
        ("„Примеровски Измислен“", set(&[TraceKind::Name])),
        // A part of the name and the whole of it, beside words that are no part of any.
        ("Измислен, обука: Измислен - Primerovski; проба", set(&[TraceKind::Name])),
        ("Примеровски, обука: Измислен", set(&[])),
        ("call 070 000 123 or write", set(&[TraceKind::Telephone])),
        ("070000123", set(&[TraceKind::Telephone])),
        ("(+389 70 000-123)", set(&[TraceKind::Telephone])),
        ("(PROBA@primer.example)", set(&[TraceKind::Address])),
        ("mailto:proba@primer.example", set(&[TraceKind::Address])),
        ("write to proba@primer.example today", set(&[TraceKind::Address])),
        ("0101990450006", set(&[TraceKind::PersonalNumber])),
        ("as a number 101990450006", set(&[TraceKind::PersonalNumber])),
        ("Измислена проба на 2030-01-01, 518 лица", set(&[])),
    ] {
        assert_eq!(kinds(scanner.scan_text(text)), found, "{text}");
    }
}

/// What stands in no row about a person is known by its form.
#[test]
fn contacts_are_known_by_their_form() {
    let traces = PersonalTraces::default();
    let scanner = LeakScanner::new(&traces, &AllowList::default());
    for (text, found) in [
        ("other@primer.example", set(&[TraceKind::Address])),
        ("02/3123-456", set(&[TraceKind::Telephone])),
        ("0038970111222", set(&[TraceKind::Telephone])),
        ("1506985501232", set(&[TraceKind::PersonalNumber])),
        // The control digit is wrong, the month is none, a digit too many.
        ("1506985501233", set(&[])),
        ("1513985501232", set(&[])),
        ("15069855012320", set(&[])),
        // Days, sums, fractions, codes.
        ("од 01.02.2030 до 03.04.2030 во 09.30", set(&[])),
        ("2030-01-01T00:00:00Z", set(&[])),
        ("1/2/2030 070", set(&[])),
        ("84.000.000 и 1 234 567 890", set(&[])),
        ("0.838461538461538", set(&[])),
        ("A-070987612", set(&[])),
        ("2.007142857142857", set(&[])),
        ("0.0126953125", set(&[])),
        ("тел.070987612", set(&[TraceKind::Telephone])),
        ("070.987.612", set(&[TraceKind::Telephone])),
        ("200300400", set(&[])),
    ] {
        assert_eq!(kinds(scanner.scan_text(text)), found, "{text}");
    }
    let own = AllowList { texts: vec!["info@primer.example, +389 2 3123 456".to_owned()], ..AllowList::default() };
    let scanner = LeakScanner::new(&traces, &own);
    assert_eq!(kinds(scanner.scan_text("INFO@primer.example or 02/3123-456")), set(&[]));
    assert_eq!(kinds(scanner.scan_text("other@primer.example")), set(&[TraceKind::Address]));
}

#[test]
fn who_signs_may_be_printed() {
    let folder = Folder::new();
    let traces = traces(&folder);
    let scanner = LeakScanner::new(
        &traces,
        &AllowList { names: vec!["Izmislen Primerovski".to_owned()], ..AllowList::default() },
    );
    assert_eq!(kinds(scanner.scan_text("Signed: Izmislen Primerovski")), set(&[]));
    assert_eq!(kinds(scanner.scan_text("Примеровски Измислен")), set(&[TraceKind::Name]));
}

#[test]
fn workbooks_and_views_are_looked_into() {
    let folder = Folder::new();
    let traces = traces(&folder);
    let scanner = LeakScanner::new(&traces, &AllowList::default());
    let clean = folder.book("clean.xlsx", &[("Persons", "P-0001 | A-001 | 12")]);
    assert_eq!(kinds(scanner.scan_file(&clean).expect("read")), set(&[]));
    // The decimals of an average are no personal number.
    let fraction = folder.book("fraction.xlsx", &[("Persons", "P-0001 | 1234.101990450006 | 2.007142857142857")]);
    assert_eq!(kinds(scanner.scan_file(&fraction).expect("read")), set(&[]));
    assert_eq!(kinds(scanner.scan_view(&serde_json::json!({"average": 1234.101990450006}))), set(&[]));
    let planted = folder.book("planted.xlsx", &[("Persons", "P-0001 | Gjurgja Izmislena Proba | 101990450006")]);
    assert_eq!(kinds(scanner.scan_file(&planted).expect("read")), set(&[TraceKind::Name, TraceKind::PersonalNumber]));
    let text = folder.write("figures.json", r#"{"comment":"proba@primer.example"}"#);
    assert_eq!(kinds(scanner.scan_file(&text).expect("read")), set(&[TraceKind::Address]));
    let view = serde_json::json!({"sections": [{"Meeting with Izmislen Primerovski": "title"}], "phone": 70000123});
    let found = scanner.scan_view(&view);
    assert_eq!(kinds(found.clone()), set(&[TraceKind::Name, TraceKind::Telephone]));
    let outputs = |trace| (trace, BTreeSet::from(["quarterly.en.pdf".to_owned()]));
    let found: Findings = found.into_iter().map(outputs).collect();
    let told = report_leaks(&found, &Origins::default());
    assert_eq!((told.len(), told[0].code), (2, "personal-data-in-output"));
    assert_eq!(told[0].places[0].file, "quarterly.en.pdf");
}
