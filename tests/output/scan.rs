//! Invented persons are planted in the inputs; a scan of what is written finds them wherever they come through.

use std::collections::BTreeSet;

use donor_report::ingest::{PersonalTraces, read};
use donor_report::output::scan::{Scan, Trace, problems};

use crate::ingest::sheets::Folder;

const PROJECT: &str = r#"
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
    U-4,,M,0101990450009\n";

fn traces(folder: &Folder) -> PersonalTraces {
    folder.write("project.toml", PROJECT);
    folder.write("persons.csv", PERSONS);
    let traces = read(folder.path()).personal;
    assert!(traces.hashes.len() >= 5, "{} traces", traces.hashes.len());
    traces
}

fn set(traces: &[Trace]) -> BTreeSet<Trace> {
    traces.iter().copied().collect()
}

#[test]
fn names_and_numbers_are_found_in_texts() {
    let folder = Folder::new();
    let traces = traces(&folder);
    let scan = Scan::new(&traces, []);
    for (text, found) in [
        ("the training was led by Gjurgja Izmislena-Proba, twice", set(&[Trace::Name])),
        ("Примеровски Измислен", set(&[Trace::Name])),
        ("call 070 000 123 or write", set(&[Trace::Contact])),
        ("070000123", set(&[Trace::Contact])),
        ("(PROBA@primer.example)", set(&[Trace::Contact])),
        ("write to proba@primer.example today", set(&[Trace::Contact])),
        ("0101990450009", set(&[Trace::Contact])),
        ("Измислена проба на 2030-01-01, 518 лица", set(&[])),
    ] {
        assert_eq!(scan.text(text), found, "{text}");
    }
}

#[test]
fn who_signs_may_be_printed() {
    let folder = Folder::new();
    let traces = traces(&folder);
    let scan = Scan::new(&traces, ["Izmislen Primerovski".to_owned()]);
    assert_eq!(scan.text("Signed: Izmislen Primerovski"), set(&[]));
    assert_eq!(scan.text("Примеровски Измислен"), set(&[Trace::Name]));
}

#[test]
fn workbooks_and_views_are_looked_into() {
    let folder = Folder::new();
    let traces = traces(&folder);
    let scan = Scan::new(&traces, []);
    let clean = folder.book("clean.xlsx", &[("Persons", "P-0001 | A-001 | 12")]);
    assert_eq!(scan.file(&clean).expect("read"), set(&[]));
    let planted = folder.book("planted.xlsx", &[("Persons", "P-0001 | Gjurgja Izmislena Proba | 101990450009")]);
    assert_eq!(scan.file(&planted).expect("read"), set(&[Trace::Name]));
    let text = folder.write("figures.json", r#"{"comment":"proba@primer.example"}"#);
    assert_eq!(scan.file(&text).expect("read"), set(&[Trace::Contact]));
    let view = serde_json::json!({"sections": [{"title": "Meeting with Izmislen Primerovski"}], "phone": 70000123});
    assert_eq!(scan.view(&view), set(&[Trace::Name]));
    let told = problems("quarterly.en.pdf", &scan.view(&view));
    assert_eq!((told.len(), told[0].code), (1, "personal-data-in-output"));
}
