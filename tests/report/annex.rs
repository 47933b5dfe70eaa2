//! Annexes are written, read back and calculated anew.

mod recalculate;
pub mod world;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use donor_report::disclosure::release;
use donor_report::indicators::count;
use donor_report::model::{Lang, Participants, Project};
use donor_report::render::xlsx::write_xlsx;
use donor_report::report::annex::{Annex, AnnexCell, AnnexInput, CachedResult, Formula, compose_annex};
use recalculate::{Book, Value};
use world::{Size, small};

/// Hands the annex of one period to `look`.
fn with_annex<R>(project: &Project, period: usize, languages: &[&str], look: impl FnOnce(&Annex) -> R) -> R {
    let figures = count(project);
    let releases = release(project, &figures);
    let report = &project.settings.reports[0];
    let languages: Vec<Lang> = languages.iter().map(|tag| Lang::new(tag)).collect();
    let input = AnnexInput {
        project,
        figures: &figures,
        released: releases.for_report(report),
        period,
        report,
        languages: &languages,
        waived: &[],
    };
    look(&compose_annex(&input).expect("a period of the project"))
}

fn written(project: &Project, period: usize, languages: &[&str], path: &Path) {
    let folder = path.parent().expect("a folder");
    with_annex(project, period, languages, |annex| write_xlsx(annex, path, folder)).expect("the annex is written");
}

/// Annexes of generated projects, in every period and in one language or two.
fn each_annex(mut look: impl FnMut(&Path, &str)) {
    let folder = tempfile::tempdir().expect("a folder");
    let open = Size { suppress_below: 0, participants: Participants::Detailed, ..small(3) };
    let large = Size { activities: 300, persons: 900, attendances: 6_000, ..small(4) };
    let sizes = [small(1), small(2), open, large, Size { attendances: 0, ..small(5) }];
    for (at, size) in sizes.into_iter().enumerate() {
        let project = world::project(size);
        for period in 0..project.logframe.periods.len() {
            let languages: &[&str] = if period % 2 == 0 { &["mk", "en"] } else { &["mk"] };
            let path = folder.path().join(format!("{at}-{period}.xlsx"));
            written(&project, period, languages, &path);
            look(&path, &format!("project {at}, period {period}"));
        }
    }
}

#[test]
fn a_recalculation_changes_nothing() {
    let mut formulas = 0;
    each_annex(|path, of| {
        let book = Book::open(path);
        formulas += book.formulas.len();
        let differences = book.differences();
        assert!(differences.is_empty(), "{of}: {:#?}", &differences[..differences.len().min(5)]);
    });
    assert!(formulas > 2_000, "{formulas} formulas");
}

#[test]
fn a_formula_broken_on_purpose_is_caught() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("broken.xlsx");
    let project = world::project(small(1));
    with_annex(&project, 1, &["en"], |annex| write_xlsx(annex, &path, folder.path())).expect("the annex is written");
    let mut book = Book::open(&path);
    let sum = book.formulas.iter_mut().find(|(_, formula)| formula.starts_with("SUM(")).expect("a sum");
    *sum.1 = sum.1.replacen("SUM", "COUNTA", 1);
    assert!(!book.differences().is_empty());
}

/// What is counted is counted by a formula, in totals and in parts.
#[test]
fn no_figure_is_a_plain_number() {
    let project = world::project(Size { suppress_below: 0, participants: Participants::Detailed, ..small(3) });
    with_annex(&project, 3, &["en"], |annex| {
        for (sheet, columns) in [("Indicators", [6, 7, 8, 9]), ("Disaggregation", [4, 5, 6, 6])] {
            let sheet = annex.sheets.iter().find(|known| known.name == sheet).expect("a sheet");
            let mut walk = sheet.rows.iter();
            let mut row = Vec::new();
            let mut formulas = 0;
            while walk(&mut row) {
                for cell in columns.map(|column| &row[column]) {
                    assert!(!matches!(cell, AnnexCell::Number(..)), "{}: {cell:?} after {:?}", sheet.name, row[0]);
                    formulas += usize::from(matches!(cell, AnnexCell::Formula { .. }));
                }
                row.clear();
            }
            assert!(formulas > 40, "{formulas} formulas");
        }
    });
}

#[test]
fn the_same_annex_is_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = world::project(small(1));
    let bytes = ["first.xlsx", "second.xlsx"].map(|name| {
        let path = folder.path().join(name);
        written(&project, 3, &["mk", "en"], &path);
        std::fs::read(&path).expect("the annex")
    });
    assert!(bytes[0] == bytes[1]);
}

#[test]
fn what_is_hidden_stands_in_no_formula() {
    let project = world::project(small(1));
    with_annex(&project, 0, &["en"], |annex| {
        let mut hidden = 0;
        for sheet in &annex.sheets {
            let mut walk = sheet.rows.iter();
            let mut row = Vec::new();
            while walk(&mut row) {
                for cell in row.drain(..) {
                    match cell {
                        AnnexCell::Text(text) if text == "<5" || text == "·" => hidden += 1,
                        AnnexCell::Formula { formula, result: CachedResult::Text(result), .. } => {
                            assert!(result != "<5" && result != "·", "{formula:?}");
                        }
                        _ => {}
                    }
                }
            }
        }
        assert!(hidden > 0, "the project has small parts");
    });
}

/// A workbook holds repeated labels once, apart from the rows: a label that no row shows would be told there all the same.
#[test]
fn every_repeated_label_is_shown_by_a_row() {
    let detailed = Size { participants: Participants::Detailed, suppress_below: 0, ..small(3) };
    for size in [small(1), detailed] {
        let project = world::project(size);
        for period in 0..project.logframe.periods.len() {
            with_annex(&project, period, &["mk", "en"], |annex| {
                let mut labels = 0;
                for sheet in &annex.sheets {
                    let mut borrowed = BTreeSet::new();
                    let mut walk = sheet.rows.iter();
                    let mut row = Vec::new();
                    while walk(&mut row) {
                        borrowed.extend(row.drain(..).filter_map(|cell| match cell {
                            AnnexCell::Text(Cow::Borrowed(text)) => Some(text),
                            _ => None,
                        }));
                    }
                    for label in sheet.rows.repeated_texts() {
                        assert!(borrowed.contains(label), "{}: {label}", sheet.name);
                        labels += 1;
                    }
                }
                assert!(labels > 0, "rows have labels");
            });
        }
    }
}

#[test]
fn a_text_that_looks_like_a_formula_stays_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("annex.xlsx");
    written(&world::project(small(1)), 3, &["en"], &path);
    let book = Book::open(&path);
    let (at, _) = book
        .cached
        .iter()
        .find(|((sheet, _, _), value)| sheet == "Activities" && **value == Value::Text("+cmd|' /C calc'!A1".into()))
        .expect("the title of the first activity");
    assert!(!book.formulas.contains_key(at));
}

#[test]
fn participants_are_left_out_where_the_report_asks() {
    let none = world::project(Size { participants: Participants::None, ..small(1) });
    with_annex(&none, 3, &["en"], |annex| {
        assert!(annex.sheets.iter().all(|sheet| sheet.name != "Participants" && sheet.name != "Attendance"));
    });
    let detailed = world::project(Size { participants: Participants::Detailed, suppress_below: 0, ..small(1) });
    with_annex(&detailed, 3, &["en"], |annex| {
        let sheet = annex.sheets.iter().find(|sheet| sheet.name == "Participants").expect("participants");
        let headings: Vec<&str> = sheet.columns.iter().map(|column| column.heading.as_str()).collect();
        assert_eq!(headings, ["Participant", "sex", "age", "status"]);
    });
}

#[test]
fn columns_of_persons_and_activities_are_called_by_their_label() {
    let mut project = world::project(Size { participants: Participants::Detailed, suppress_below: 0, ..small(1) });
    let label = [(Lang::new("mk"), "Измислен пол".to_owned()), (Lang::new("en"), "Invented sex".to_owned())];
    project.persons.columns[0].label = label.into_iter().collect();
    for (languages, expected) in
        [(["en"].as_slice(), "Invented sex"), (&["mk"], "Измислен пол"), (&["mk", "en"], "Измислен пол / Invented sex")]
    {
        with_annex(&project, 3, languages, |annex| {
            let columns = annex.sheets.iter().flat_map(|sheet| &sheet.columns);
            assert!(
                columns.clone().any(|column| column.heading.contains(expected)),
                "{languages:?}: {:?}",
                columns.map(|column| &column.heading).collect::<Vec<_>>()
            );
        });
    }
}

#[test]
fn every_figure_has_a_name_of_its_own() {
    let project = world::project(small(1));
    with_annex(&project, 3, &["mk", "en"], |annex| {
        let mut names: Vec<String> = annex.names.iter().map(|name| name.name.to_lowercase()).collect();
        assert!(names.contains(&"i3_cumulative".to_owned()) && names.contains(&"i6_level_from".to_owned()));
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    });
}

#[test]
fn many_rows_have_no_evidence_sheet_but_a_note() {
    let size = Size { activities: 400, persons: 2_000, attendances: 60_000, ..small(6) };
    let project = world::project(size);
    with_annex(&project, 3, &["en"], |annex| {
        assert!(annex.sheets.iter().all(|sheet| sheet.name != "I2"), "attendances are too many");
        assert!(annex.sheets.iter().any(|sheet| sheet.name == "I3"), "persons are not");
        let notes = annex.sheets.iter().find(|sheet| sheet.name == "Notes").expect("notes");
        let mut walk = notes.rows.iter();
        let mut row = Vec::new();
        let mut told = false;
        while walk(&mut row) {
            told |= row.drain(..).any(|cell| matches!(cell, AnnexCell::Text(text) if text.contains("explain I2")));
        }
        assert!(told);
    });
}

#[test]
fn progress_is_a_formula_over_cells() {
    let project = world::project(small(1));
    with_annex(&project, 3, &["en"], |annex| {
        let sheet = annex.sheets.iter().find(|sheet| sheet.name == "Indicators").expect("indicators");
        let mut walk = sheet.rows.iter();
        let mut row = Vec::new();
        assert!(walk(&mut row));
        let AnnexCell::Formula { formula: Formula::Call("IFERROR", _), .. } = &row[13] else {
            panic!("{:?}", row[13]);
        };
    });
}
