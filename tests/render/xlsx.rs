//! Sheets that are too long for one, for a table, or for memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use calamine::{Reader, Xlsx, open_workbook};
use donor_report::render::xlsx::{RowWriter, write_xlsx, write_xlsx_by_library};
use donor_report::report::annex::{
    Annex, AnnexCell, AnnexColumn, AnnexColumnKind, AnnexRows, AnnexSheet, AnnexSheetIndex, AnnexTable, CellName,
    CellRef, CellSpan, FormatId, Formula, RowIter, SheetRole,
};
use jiff::civil::date;
use rust_decimal::Decimal;

use super::minimal_annex::annex_of;

struct Numbers(u64);

impl AnnexRows for Numbers {
    fn count(&self) -> u64 {
        self.0
    }

    fn iter(&self) -> RowIter<'_> {
        let mut next = 0;
        Box::new(move |row| {
            next += 1;
            row.push(AnnexCell::Number(Decimal::from(next), FormatId(0)));
            next <= self.0
        })
    }
}

fn annex(rows: u64, head: Vec<Vec<AnnexCell<'static>>>) -> Annex<'static> {
    let table = AnnexTable { name: "numbers".into(), first_column: 0, last_column: 0, rows: rows as u32 };
    let sheet = AnnexSheet {
        name: "A sheet's name of 31 characters".into(),
        role: SheetRole::Lists,
        head,
        columns: vec![AnnexColumn { headings: vec!["Number".into()], kind: AnnexColumnKind::Number }],
        frozen: 0,
        rows: Box::new(Numbers(rows)),
        tables: vec![table],
        charts: Vec::new(),
    };
    let names = vec![CellName { name: "total".into(), cell: CellRef::head(AnnexSheetIndex(0), 1, 0) }];
    Annex { names, ..annex_of(sheet) }
}

#[test]
fn a_sheet_that_is_full_goes_on_in_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.xlsx");
    // Headings take the first row.
    let rows = 1_048_575 + 3;
    write_xlsx(&annex(rows, Vec::new()), &path, folder.path()).expect("written");
    let mut book: Xlsx<_> = open_workbook(&path).expect("opens");
    assert_eq!(book.sheet_names(), ["A sheet's name of 31 characters", "A sheet's name of 31 charac (2)"]);
    let second = book.worksheet_range("A sheet's name of 31 charac (2)").expect("a sheet");
    let cells: Vec<String> = second.rows().map(|row| row[0].to_string()).collect();
    assert_eq!(cells, ["Number", "1048576", "1048577", "1048578"]);
    // What was streamed through the folder is gone.
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
fn references_become_addresses() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("short.xlsx");
    let all = Formula::Span(CellSpan { sheet: AnnexSheetIndex(0), column: 0, first: 0, last: 4 });
    let last = Formula::Cell(CellRef::row(AnnexSheetIndex(0), 4, 0));
    let formula = Formula::call("SUM", [all]).infix("-", last.infix("+", Formula::number(-1)));
    let result = donor_report::report::annex::CachedResult::Number(11.into());
    let head = vec![
        vec![AnnexCell::Heading("Title".into())],
        vec![AnnexCell::Formula { formula, result, format: FormatId(0) }],
    ];
    write_xlsx(&annex(5, head), &path, folder.path()).expect("written");
    let mut book: Xlsx<_> = open_workbook(&path).expect("opens");
    let name = book.sheet_names()[0].clone();
    let formulas = book.worksheet_formula(&name).expect("formulas");
    assert_eq!(
        formulas.get_value((1, 0)).map(String::as_str),
        Some("SUM('A sheet''s name of 31 characters'!$A$5:$A$9)-($A$9+(-1))")
    );
    let total = book.defined_names().iter().find(|(name, _)| name == "total");
    assert_eq!(total.map(|(_, cell)| cell.as_str()), Some("'A sheet''s name of 31 characters'!$A$2"));
}

/// Labels that rows borrow; the last is a text of the short sheet, too.
const LABELS: [&str; 5] = ["<b>обука</b> & „дебата“", " outer spaces ", "", "=1+1", "a short sheet’s text"];

/// Rows of every kind of cell that a long sheet holds; `odd` puts a control character into the last.
struct Mixed {
    rows: u64,
    odd: bool,
}

impl AnnexRows for Mixed {
    fn count(&self) -> u64 {
        self.rows
    }

    fn iter(&self) -> RowIter<'_> {
        let mut at = 0;
        Box::new(move |row| {
            at += 1;
            let text = match at % 9 {
                0 => " outer spaces ".to_owned(),
                1 => format!("П-{at:04}"),
                2 => "<b>обука</b> & „дебата“".to_owned(),
                3 => "a long title that is wrapped, ".repeat(9),
                4 => "two\nlines".to_owned(),
                5 => "=1+1".to_owned(),
                6 => String::new(),
                7 => "_x000D_".replace("000D", "OOD"),
                _ if self.odd && at > self.rows - 9 => "a bell\u{7}".to_owned(),
                _ => "-".to_owned(),
            };
            row.push(AnnexCell::Text(text.into()));
            row.push(AnnexCell::Text(LABELS[(at / 3) as usize % LABELS.len()].into()));
            row.push(if at % 7 == 3 {
                AnnexCell::Empty
            } else {
                AnnexCell::Number(Decimal::new(i64::from(at as u32) * 5, at as u32 % 3), FormatId(0))
            });
            row.push(AnnexCell::Number(Decimal::from(-(at as i64)), FormatId(1)));
            row.push(AnnexCell::Date(date(2030, (at % 12 + 1) as i8, (at % 28 + 1) as i8)));
            at <= self.rows
        })
    }

    fn repeated_texts(&self) -> Vec<&str> {
        LABELS.to_vec()
    }
}

fn mixed(rows: u64, odd: bool) -> Annex<'static> {
    let mut annex = annex(5, vec![vec![AnnexCell::Text(LABELS[4].into())]]);
    let kinds = [
        AnnexColumnKind::Code,
        AnnexColumnKind::Title,
        AnnexColumnKind::Number,
        AnnexColumnKind::Flag,
        AnnexColumnKind::Date,
    ];
    let columns: Vec<AnnexColumn> = kinds.map(|kind| AnnexColumn { headings: vec![kind.code().into()], kind }).into();
    annex.formats.push("yyyy-mm-dd".into());
    annex.date_format = FormatId(1);
    for name in ["Long", "Longer"] {
        let table = AnnexTable { name: name.into(), first_column: 0, last_column: 4, rows: rows as u32 };
        annex.sheets.push(AnnexSheet {
            name: name.into(),
            role: SheetRole::Evidence,
            head: vec![vec![AnnexCell::Heading("Invented".into())]],
            columns: columns.clone(),
            frozen: 1,
            rows: Box::new(Mixed { rows, odd }),
            tables: vec![table],
            charts: Vec::new(),
        });
    }
    annex
}

#[test]
fn rows_written_after_the_pattern_are_those_of_the_library() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (odd, writer) in [(false, RowWriter::RowXml), (true, RowWriter::Library)] {
        let (ours, theirs) = written_both(&|| mixed(6_000, odd), writer, folder.path());
        let texts = items(&ours["xl/sharedStrings.xml"]);
        assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
        let mut unlike = Vec::new();
        for (name, theirs) in &theirs {
            if ours[name] != *theirs {
                unlike.push(name.as_str());
                let same = name == "xl/sharedStrings.xml" || with_texts_within(&ours[name], &texts) == *theirs;
                assert!(same, "{name} differs");
            }
        }
        let long = ["xl/sharedStrings.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"];
        assert_eq!(unlike, if odd { Vec::new() } else { long.to_vec() });
    }
}

#[test]
fn labels_of_long_sheets_stand_once_in_the_workbook() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (ours, theirs) = written_both(&|| mixed(6_000, false), RowWriter::RowXml, folder.path());
    let shared = &ours["xl/sharedStrings.xml"];
    let texts = items(shared);
    let short = items(&theirs["xl/sharedStrings.xml"]);
    // Those of the short sheets, one of which is a label as well, and three labels more: none is empty.
    assert_eq!(texts[..short.len()], short);
    assert_eq!(texts.len(), short.len() + 3);
    let named: Vec<usize> =
        ours.iter().filter(|(name, _)| name.starts_with("xl/worksheets/")).flat_map(|(_, xml)| numbers(xml)).collect();
    assert!(shared.contains(&format!(" count=\"{}\" uniqueCount=\"{}\">", named.len(), texts.len())), "{shared}");
    // What no cell says must not stand in the workbook.
    assert_eq!(named.into_iter().collect::<BTreeSet<_>>(), (0..texts.len()).collect());
}

#[test]
fn a_workbook_without_a_short_sheet_has_every_text_in_its_cell() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let only_long = || {
        let mut annex = mixed(6_000, false);
        annex.sheets.remove(0);
        annex.names.clear();
        annex
    };
    let (ours, theirs) = written_both(&only_long, RowWriter::RowXml, folder.path());
    assert!(ours == theirs);
}

/// The parts of a workbook by the names of theirs: as the program writes it, and as the library does.
fn written_both(annex: &dyn Fn() -> Annex<'static>, writer: RowWriter, folder: &Path) -> (Parts, Parts) {
    let (ours, theirs) = (folder.join("ours.xlsx"), folder.join("theirs.xlsx"));
    assert_eq!(write_xlsx(&annex(), &ours, folder).expect("written"), writer);
    write_xlsx_by_library(&annex(), &theirs, folder).expect("written");
    let parts = |path: &Path| {
        let parts = crate::ingest::sheets::parts(&std::fs::read(path).expect("a file"));
        parts.into_iter().map(|(name, content)| (name, String::from_utf8(content).expect("XML"))).collect()
    };
    (parts(&ours), parts(&theirs))
}

type Parts = BTreeMap<String, String>;

const NUMBERED: &str = " t=\"s\"><v>";

/// The shared texts within their elements.
fn items(xml: &str) -> Vec<String> {
    xml.split("<si>").skip(1).map(|item| item.split("</si>").next().unwrap_or_default().to_owned()).collect()
}

/// The numbers by which cells name texts.
fn numbers(xml: &str) -> Vec<usize> {
    xml.split(NUMBERED)
        .skip(1)
        .map(|cell| cell.split('<').next().and_then(|n| n.parse().ok()).expect("a number"))
        .collect()
}

/// A sheet with its texts in their cells.
fn with_texts_within(xml: &str, texts: &[String]) -> String {
    let mut cells = xml.split(NUMBERED);
    let mut all = cells.next().unwrap_or_default().to_owned();
    for (cell, number) in cells.zip(numbers(xml)) {
        let (_, rest) = cell.split_once("</v>").expect("its end");
        all.push_str(&format!(" t=\"inlineStr\"><is>{}</is>{rest}", texts[number]));
    }
    all
}

/// The library ends the program where the clock is before 1970, whatever is printed of it.
#[test]
fn a_clock_before_1970_is_seen_before_a_workbook_is_begun() {
    use std::time::{Duration, SystemTime};
    let of = donor_report::render::xlsx::can_write_workbooks_at;
    assert!(of(SystemTime::UNIX_EPOCH) && of(SystemTime::now()));
    assert!(!of(SystemTime::UNIX_EPOCH - Duration::from_secs(1)));
}
