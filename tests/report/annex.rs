//! Annexes are written, read back and calculated anew.

mod recalculate;
pub mod world;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use donor_report::disclosure::release;
use donor_report::indicators::count;
use donor_report::model::{Lang, Participants, Project};
use donor_report::render::xlsx::write_xlsx;
use donor_report::report::annex::{Annex, AnnexCell, AnnexInput, AnnexSheet, CachedResult, Formula, compose_annex};
use donor_report::report::figures::report_json;
use recalculate::Book;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;
use world::{Size, small};

use crate::ingest::head_counts::{HELD, as_counts};
use crate::ingest::sheets::{parts, zipped};
use crate::render::workbook_form::faults;

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

/// No program offers to repair a workbook: its parts are as ECMA-376 has them.
#[test]
fn workbooks_keep_the_rules_of_their_format() {
    each_annex(|path, of| {
        let faults = faults(path);
        assert!(faults.is_empty(), "{of}: {:#?}", &faults[..faults.len().min(10)]);
    });
}

#[test]
fn a_part_broken_on_purpose_is_caught() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("annex.xlsx");
    written(&world::project(small(1)), 3, &["mk", "en"], &path);
    let whole = parts(&std::fs::read(&path).expect("the annex"));
    for (part, from, to) in [
        ("xl/tables/table1.xml", "name=\"Code\"", "name=\"Other\""),
        ("xl/workbook.xml", "<definedNames>", "<calcPr/><definedNames>"),
        ("xl/worksheets/sheet1.xml", "<sheetFormatPr", "<cols/><sheetFormatPr"),
        ("xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "worksheets/sheet99.xml"),
        ("xl/workbook.xml", "localSheetId=\"1\"", "localSheetId=\"0\""),
        ("xl/drawings/drawing1.xml", " descr=\"", " descr=\"\" title=\""),
    ] {
        let mut broken = whole.clone();
        let found = broken.iter_mut().find(|(name, _)| name == part).unwrap_or_else(|| panic!("{part}"));
        let text = String::from_utf8(found.1.clone()).expect("XML");
        assert!(text.contains(from), "{part} has no {from}");
        found.1 = text.replace(from, to).into_bytes();
        std::fs::write(&path, zipped(&broken)).expect("written");
        assert!(!faults(&path).is_empty(), "{part}: {to}");
    }
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

/// The rows of a sheet as cells by the first heading of their columns.
fn rows_of<'s>(annex: &'s Annex, table: &str) -> Vec<BTreeMap<&'s str, AnnexCell<'s>>> {
    let of_table = |sheet: &&AnnexSheet| sheet.tables.iter().any(|known| known.name == table);
    let sheet = annex.sheets.iter().find(of_table).unwrap_or_else(|| panic!("no table {table}"));
    let headings: Vec<&str> = sheet.columns.iter().map(|column| column.headings[0].as_str()).collect();
    let mut walk = sheet.rows.iter();
    let mut rows = Vec::new();
    let mut row = Vec::new();
    while walk(&mut row) {
        rows.push(headings.iter().copied().zip(row.drain(..)).collect());
    }
    rows
}

/// What is counted is counted by a formula, in totals and in parts.
#[test]
fn no_figure_of_the_period_is_a_plain_number() {
    let project = world::project(Size { suppress_below: 0, participants: Participants::Detailed, ..small(3) });
    with_annex(&project, 3, &["en"], |annex| {
        let columns = ["Actual in the period", "Served in the period", "Cumulative", "Level reached"];
        let mut formulas = 0;
        for row in rows_of(annex, "indicators") {
            for cell in columns.map(|column| &row[column]) {
                assert!(!matches!(cell, AnnexCell::Number(..)), "{cell:?} in {row:?}");
                formulas += usize::from(matches!(cell, AnnexCell::Formula { .. }));
            }
        }
        assert!(formulas > 40, "{formulas} formulas");
        let counted = |row: &&BTreeMap<&str, AnnexCell>| row["Period"] == AnnexCell::text("project");
        let mut formulas = 0;
        for row in rows_of(annex, "data").iter().filter(counted) {
            let cells = ["Number", "at least", "at most"].map(|column| &row[column]);
            assert!(cells.iter().any(|cell| !matches!(cell, AnnexCell::Empty)), "{row:?}");
            assert!(cells.iter().all(|cell| !matches!(cell, AnnexCell::Number(..))), "{row:?}");
            formulas += cells.iter().filter(|cell| matches!(cell, AnnexCell::Formula { .. })).count();
        }
        assert!(formulas > 150, "{formulas} formulas");
    });
}

/// Parts of head counts are added up by formulas too: over whole parts, of which the hidden ones are together.
#[test]
fn parts_of_head_counts_are_formulas_over_whole_parts() {
    let (mut formulas, mut hidden) = (0, 0);
    for held in HELD {
        let (project, ..) = as_counts(held);
        for (at, period) in project.logframe.periods.iter().enumerate() {
            with_annex(&project, at, &["en"], |annex| {
                let values = annex.sheets.iter().any(|sheet| sheet.tables.iter().any(|table| table.name == "values"));
                let values = if values { rows_of(annex, "values") } else { Vec::new() };
                for row in rows_of(annex, "data") {
                    if row["Period"] != AnnexCell::text(period.code.as_str()) || text(&row["Part (code)"]).is_empty() {
                        continue;
                    }
                    let number = &row["Number"];
                    assert!(!matches!(number, AnnexCell::Number(..)), "{row:?}");
                    formulas += usize::from(matches!(number, AnnexCell::Formula { .. }));
                    if *number == AnnexCell::Empty {
                        hidden += 1;
                        let heading = format!("{}, {}", text(&row["Disaggregation 1"]), text(&row["Scope"]));
                        let column = format!("I1: {heading}");
                        let code = &row["Part (code)"];
                        assert!(values.iter().all(|value| value.get(column.as_str()) != Some(code)), "{row:?}");
                    }
                }
                let sums = |row: &BTreeMap<&str, AnnexCell>| -> BTreeMap<String, f64> {
                    let numbers = row.iter().filter(|(heading, _)| heading.ends_with("(Number)"));
                    numbers.filter_map(|(heading, cell)| Some(((*heading).to_owned(), number(cell)?))).collect()
                };
                let mut all: BTreeMap<String, f64> = BTreeMap::new();
                values.iter().flat_map(sums).for_each(|(heading, sum)| *all.entry(heading).or_default() += sum);
                let indicators = rows_of(annex, "indicators");
                let totals = ["Actual in the period", "Cumulative"].map(|heading| number(&indicators[0][heading]));
                assert!(all.values().all(|sum| totals.contains(&Some(*sum))), "{all:?} {totals:?}");
            });
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("annex.xlsx");
            written(&project, at, &["en"], &path);
            let differences = Book::open(&path).differences();
            assert!(differences.is_empty(), "{differences:#?}");
        }
    }
    assert!(formulas > 100 && hidden > 10, "{formulas} formulas, {hidden} hidden");
}

/// The number of a cell, if it has one.
fn number(cell: &AnnexCell) -> Option<f64> {
    match cell {
        AnnexCell::Number(value, _) | AnnexCell::Formula { result: CachedResult::Number(value), .. } => value.to_f64(),
        _ => None,
    }
}

fn text<'c>(cell: &'c AnnexCell) -> &'c str {
    match cell {
        AnnexCell::Text(text) => text,
        AnnexCell::Link { text, .. } => text,
        _ => "",
    }
}

/// Every number of figures.json stands in the sheet of data and nothing else does; what is hidden there has no number here.
#[test]
fn data_is_what_figures_json_has() {
    for (size, languages) in
        [(small(1), &["en"][..]), (small(2), &["en", "mk"]), (Size { suppress_below: 0, ..small(3) }, &["en"])]
    {
        let project = world::project(size);
        let releases = release(&project, &count(&project));
        let report = &project.settings.reports[0];
        for period in 0..project.logframe.periods.len() {
            let released = releases.for_report(report);
            let json = report_json(&project, report, &released.periods, period, &[]);
            let expected = figures_by_line(&serde_json::from_str(&json).expect("JSON"));
            with_annex(&project, period, languages, |annex| {
                let found = data_by_line(&rows_of(annex, "data"));
                assert!(found.keys().eq(expected.keys()), "period {period}: {:?}", differing(&found, &expected));
                for (line, found) in found {
                    assert_eq!(found.shown, found.as_printed(&expected[&line]), "period {period}, {line:?}");
                }
            });
        }
    }
}

/// Indicator, axis, part, period and scope.
type Line = (String, String, String, String, String);

/// A line of data.
#[derive(Debug)]
struct DataLine {
    shown: Shown,
    is_approximate: bool,
}

/// A number, or its ends, or what is said in place of one that is hidden.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    Number(f64),
    Interval(f64, f64),
    Hidden(String),
}

impl DataLine {
    /// A figure as a cell prints it: an approximate sum to the last digit that says something, as the contract has it, and
    /// an average without end to one place or more.
    fn as_printed(&self, figure: &Shown) -> Shown {
        let round = |figure: f64, found: f64| {
            let mut step = 1.0;
            while self.is_approximate && found != 0.0 && found % (step * 10.0) == 0.0 {
                step *= 10.0;
            }
            // Doubles of one decimal may differ in the last bit.
            let is_whole = |number: f64| (number - number.round()).abs() < 1e-9;
            if !is_whole(figure * 1e6) {
                step = 0.1;
                while !is_whole(found / step) {
                    step /= 10.0;
                }
            }
            let rounded = if step == 1.0 { figure } else { (figure / step).round() * step };
            if (rounded - found).abs() < 1e-12 * found.abs().max(1.0) { found } else { rounded }
        };
        match (figure, &self.shown) {
            (Shown::Number(figure), Shown::Number(found)) => Shown::Number(round(*figure, *found)),
            (Shown::Interval(from, to), Shown::Interval(least, most)) => {
                Shown::Interval(round(*from, *least), round(*to, *most))
            }
            (figure, _) => figure.clone(),
        }
    }
}

fn differing<'l, A, B>(one: &'l BTreeMap<Line, A>, other: &'l BTreeMap<Line, B>) -> Vec<&'l Line> {
    let only_one = one.keys().filter(|line| !other.contains_key(line));
    only_one.chain(other.keys().filter(|line| !one.contains_key(line))).collect()
}

fn figures_by_line(figures: &Value) -> BTreeMap<Line, Shown> {
    let own = figures["period"]["code"].as_str().expect("a code");
    let mut lines = BTreeMap::new();
    for indicator in figures["indicators"].as_array().expect("indicators") {
        let code = indicator["code"].as_str().expect("a code");
        let mut add = |axis: &str, part: &str, period: &str, scope: &str, value: &Value| {
            if let Some(shown) = shown(value) {
                lines.insert((code.into(), axis.into(), part.into(), period.into(), scope.into()), shown);
            }
        };
        add("", "", own, "Baseline", &indicator["baseline"]);
        add("", "", own, "Total target", &indicator["target"]["total"]);
        add("", "", own, "% of total target", &indicator["progress"]);
        let beside = indicator["periods"].as_array().expect("periods").iter();
        let beside = beside.map(|beside| (beside["code"].as_str().expect("a code"), beside));
        for (period, values) in beside.chain([(own, indicator)]) {
            add("", "", period, "Target for the period", &values["target"]["period"]);
            add("", "", period, "Target to date", &values["target"]["due"]);
            add("", "", period, "% of target to date", &values["progress_due"]);
            for (scope, word) in SCOPES {
                add("", "", period, word, &values["actual"][scope]);
                for (axis, parts) in values["by"].as_object().expect("axes") {
                    if parts["withheld"] == Value::Bool(true) {
                        add(axis, "", period, "", parts);
                        continue;
                    }
                    for (part, values) in parts.as_object().expect("parts") {
                        add(axis, part, period, word, &values[scope]);
                    }
                }
            }
        }
    }
    lines
}

const SCOPES: [(&str, &str); 3] =
    [("period", "Actual in the period"), ("served", "Served in the period"), ("cumulative", "Cumulative")];

fn shown(value: &Value) -> Option<Shown> {
    if value["below"].as_i64() == Some(5) {
        return Some(Shown::Hidden("fewer than five".to_owned()));
    }
    if value["withheld"] == Value::Bool(true) {
        return Some(Shown::Hidden("not shown".to_owned()));
    }
    if value.is_object() {
        let (from, to) = (value["from"].as_f64()?, value["to"].as_f64()?);
        return Some(Shown::Interval(from.min(to), from.max(to)));
    }
    value.as_f64().map(Shown::Number)
}

fn data_by_line(rows: &[BTreeMap<&str, AnnexCell>]) -> BTreeMap<Line, DataLine> {
    let heading = |row: &BTreeMap<&str, AnnexCell>, bare: &str| {
        let tagged = format!("{bare} (en)");
        text(row.get(bare).or(row.get(tagged.as_str())).expect("a column")).to_owned()
    };
    let line = |row: &BTreeMap<&str, AnnexCell>| {
        let hidden = heading(row, "Hidden");
        let numbers = ["Number", "at least", "at most"].map(|column| number(&row[column]));
        let shown = match numbers {
            [None, None, None] => Shown::Hidden(hidden),
            _ => {
                assert_eq!(hidden, "no", "{row:?}");
                match numbers {
                    [Some(number), None, None] => Shown::Number(number),
                    [None, Some(from), Some(to)] => Shown::Interval(from, to),
                    other => panic!("{other:?}"),
                }
            }
        };
        let of = |column: &str| heading(row, column);
        let line = (of("Code"), of("Disaggregation (code)"), of("Part (code)"), of("Period"), of("Scope"));
        (line, DataLine { shown, is_approximate: !of("Hedge").is_empty() })
    };
    let lines: BTreeMap<Line, DataLine> = rows.iter().map(line).collect();
    assert_eq!(lines.len(), rows.len(), "no line stands twice");
    lines
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
fn what_is_hidden_stands_in_no_formula_and_as_no_number() {
    let project = world::project(small(1));
    with_annex(&project, 0, &["en"], |annex| {
        let hidden = rows_of(annex, "data").iter().filter(|row| text(&row["Hidden"]) != "no").count();
        assert!(hidden > 0, "the project has small parts");
        for sheet in &annex.sheets {
            let mut walk = sheet.rows.iter();
            let mut row = Vec::new();
            while walk(&mut row) {
                for cell in row.drain(..) {
                    if let AnnexCell::Formula { formula, result: CachedResult::Text(result), .. } = cell {
                        let words = ["<5", "·", "fewer", "not shown", "withheld"];
                        assert!(!words.iter().any(|word| result.contains(word)), "{formula:?}");
                    }
                }
            }
        }
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
        .find(|((sheet, _, _), value)| {
            sheet == "Activities" && **value == recalculate::Value::Text("+cmd|' /C calc'!A1".into())
        })
        .expect("the title of the first activity");
    assert!(!book.formulas.contains_key(at));
}

#[test]
fn participants_are_left_out_where_the_report_asks() {
    let none = world::project(Size { participants: Participants::None, ..small(1) });
    with_annex(&none, 3, &["en"], |annex| {
        assert!(annex.sheets.iter().all(|sheet| sheet.name != "Attendance"));
    });
    let detailed = world::project(Size { participants: Participants::Detailed, suppress_below: 0, ..small(1) });
    with_annex(&detailed, 3, &["en"], |annex| {
        let sheet = annex.sheets.iter().find(|sheet| sheet.name == "Attendance").expect("attendance");
        let headings: Vec<&str> = sheet.columns.iter().map(|column| column.headings[0].as_str()).collect();
        assert_eq!(headings, ["Participant", "Activity", "Date", "In the period", "sex", "age", "status"]);
    });
}

/// A heading takes a row for each language, a text a column for each; no cell holds both.
#[test]
fn two_languages_stand_in_two_rows_and_columns() {
    let mut project = world::project(Size { participants: Participants::Detailed, suppress_below: 0, ..small(1) });
    let label = [(Lang::new("mk"), "Измислен пол".to_owned()), (Lang::new("en"), "Invented sex".to_owned())];
    project.persons.columns[0].label = label.into_iter().collect();
    for (languages, expected) in [
        (["en"].as_slice(), &["Invented sex"][..]),
        (&["mk"], &["Измислен пол"]),
        (&["mk", "en"], &["Измислен пол (en)", "Invented sex (en)"]),
    ] {
        with_annex(&project, 3, languages, |annex| {
            let columns = annex.sheets.iter().flat_map(|sheet| &sheet.columns);
            assert!(columns.clone().any(|column| column.headings == expected), "{languages:?}");
            assert!(columns.clone().all(|column| column.headings.len() == languages.len()), "{languages:?}");
            assert!(columns.flat_map(|column| &column.headings).all(|heading| !heading.contains(" / ")));
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
        let marks = |code: &str| {
            let headings = annex.sheets.iter().flat_map(|sheet| &sheet.columns).flat_map(|column| &column.headings);
            headings.filter(|heading| heading.starts_with(&format!("{code}: "))).count()
        };
        assert_eq!(marks("I2"), 0, "attendances are too many");
        assert!(marks("I3") > 0, "persons are not");
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
        let rows = rows_of(annex, "indicators");
        let progress = rows.iter().map(|row| &row["% of total target"]);
        let formulas =
            progress.filter(|cell| matches!(cell, AnnexCell::Formula { formula: Formula::Call("IFERROR", _), .. }));
        assert!(formulas.count() > 5);
    });
}

/// For who runs no program: what the report says is beside what the workbook computes, and a difference is counted.
#[test]
fn data_says_of_each_recomputed_figure_whether_it_is_what_the_report_says() {
    let project = world::project(small(1));
    with_annex(&project, 0, &["en"], |annex| {
        let (mut equal, mut plain) = (0, 0);
        for row in rows_of(annex, "data") {
            let is_equal = match &row["Recomputed: equal?"] {
                AnnexCell::Formula { result: CachedResult::Text(word), .. } => Some(word.clone()),
                _ => None,
            };
            let ends = ["Number", "at least"].map(|column| &row[column]);
            let has_formula = ends.iter().any(|cell| matches!(cell, AnnexCell::Formula { .. }));
            assert_eq!(is_equal.as_deref(), has_formula.then_some("yes"), "{row:?}");
            if let AnnexCell::Number(said, _) = &row["In the report"] {
                assert_eq!(said.to_f64(), number(&row["Number"]), "{row:?}");
            }
            equal += usize::from(has_formula);
            plain += usize::from(!has_formula);
        }
        assert!(equal > 100 && plain > 0, "{equal} with formulas, {plain} without");
    });

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("annex.xlsx");
    written(&project, 0, &["en"], &path);
    let mut all = parts(&std::fs::read(&path).expect("the annex"));
    let is_data = |xml: &str| xml.contains("SUMPRODUCT((") && xml.contains("=\"no\")*1)");
    let sheet = all.iter_mut().find(|(_, bytes)| std::str::from_utf8(bytes).is_ok_and(is_data)).expect("the data");
    let xml = String::from_utf8(sheet.1.clone()).expect("XML");
    let (from, _) = xml.split_once("=\"no\")*1)").expect("the count");
    let letters: String = from.rsplit('!').next().expect("a span").chars().skip(1).take_while(|c| *c != '$').collect();
    let before: String = letters[..letters.len() - 1].to_owned()
        + &char::from(letters.bytes().last().expect("a letter") - 1).to_string();
    let cell = xml.find(&format!("<c r=\"{before}")).map(|_| {
        let mut rest = 0;
        loop {
            let at = rest + xml[rest..].find(&format!("<c r=\"{before}")).expect("a number of the report");
            let end = at + xml[at..].find("</c>").expect("its end");
            if !xml[at..end].contains("t=\"") && xml[at..end].contains("<v>") {
                break (at, end);
            }
            rest = at + 1;
        }
    });
    let (at, end) = cell.expect("the column");
    let (open, _) = xml[at..end].split_once("<v>").expect("a number");
    sheet.1 = format!("{}{open}<v>987654</v>{}", &xml[..at], &xml[end..]).into_bytes();
    std::fs::write(&path, zipped(&all)).expect("written");
    let told: Vec<(String, String)> = Book::open(&path)
        .differences()
        .into_iter()
        .map(|(_, _, new, old)| (format!("{new:?}"), format!("{old:?}")))
        .collect();
    assert!(told.contains(&("Number(1.0)".to_owned(), "Number(0.0)".to_owned())), "{told:?}");
    assert!(told.contains(&("Text(\"no\")".to_owned(), "Text(\"yes\")".to_owned())), "{told:?}");
}
