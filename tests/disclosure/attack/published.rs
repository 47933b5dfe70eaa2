//! What a reader of a project's outputs has: figures.json and the annexes, as files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use calamine::{Data, DataType, Range, Reader, open_workbook_auto};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::Value;

/// A number of a part, or of all of them, in one scope.
#[derive(Clone, Debug)]
pub struct Line {
    pub indicator: String,
    /// As `by` writes it; `None` for the total.
    pub axis: Option<String>,
    pub part: String,
    pub start: Date,
    pub end: Date,
    pub scope: &'static str,
    pub shown: Shown,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shown {
    Number(f64),
    Below(i64),
    Withheld,
}

/// An attendance, as the annex lists it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedAttendance {
    pub person: String,
    pub day: Date,
    pub activity: String,
}

#[derive(Default)]
pub struct Published {
    pub lines: Vec<Line>,
    /// Which parts the shown axes list, by indicator, axis, and days of the period.
    pub listed: BTreeMap<(String, String, Date, Date), BTreeSet<String>>,
    pub attendances: BTreeSet<ListedAttendance>,
    /// The type of each activity.
    pub kinds: BTreeMap<String, String>,
    /// Every text of the annexes.
    pub texts: BTreeSet<String>,
    /// The lines of the annexes' sheets of data, but for those of targets and progress.
    pub data: Vec<Line>,
    /// Of each column that formulas count: its indicator, and how often each code stands in it.
    pub values: Vec<(String, BTreeMap<String, usize>)>,
}

pub const SCOPES: [&str; 3] = ["period", "served", "cumulative"];

impl Published {
    /// Reads every file below a folder of outputs.
    pub fn read(folder: &Path) -> Published {
        let mut published = Published::default();
        for file in files_below(folder) {
            let name = file.to_string_lossy();
            if name.ends_with(".figures.json") {
                published.read_figures(&fs::read_to_string(&file).expect("figures"));
            } else if name.ends_with(".xlsx") {
                published.read_annex(&file);
            }
        }
        published
    }

    fn read_figures(&mut self, text: &str) {
        let figures: Value = serde_json::from_str(text).expect("JSON");
        let period = &figures["period"];
        let of = |field: &str| period[field].as_str().and_then(|day| day.parse().ok()).expect("a day");
        let days = (of("start"), of("end"));
        for indicator in figures["indicators"].as_array().expect("indicators") {
            let code = indicator["code"].as_str().expect("a code");
            self.read_indicator(code, indicator, days);
            for beside in indicator["periods"].as_array().into_iter().flatten() {
                self.read_indicator(code, beside, quarter(beside["code"].as_str().expect("a code")));
            }
        }
    }

    fn read_indicator(&mut self, code: &str, indicator: &Value, (start, end): (Date, Date)) {
        let line = |axis: Option<&str>, part: &str, scope, shown| Line {
            indicator: code.to_owned(),
            axis: axis.map(str::to_owned),
            part: part.to_owned(),
            start,
            end,
            scope,
            shown,
        };
        for scope in SCOPES {
            if let Some(shown) = read_number(&indicator["actual"][scope]) {
                self.lines.push(line(None, "", scope, shown));
            }
        }
        for (axis, parts) in indicator["by"].as_object().into_iter().flatten() {
            if parts["withheld"] == Value::Bool(true) {
                continue;
            }
            let parts = parts.as_object().expect("parts");
            let listed = parts.keys().cloned().collect();
            self.listed.insert((code.to_owned(), axis.clone(), start, end), listed);
            for (part, values) in parts {
                for scope in SCOPES {
                    if let Some(shown) = read_number(&values[scope]) {
                        self.lines.push(line(Some(axis), part, scope, shown));
                    }
                }
            }
        }
    }

    fn read_annex(&mut self, file: &Path) {
        let mut book = open_workbook_auto(file).expect("a workbook");
        for name in book.sheet_names() {
            let sheet = book.worksheet_range(&name).expect("a sheet");
            match name.as_str() {
                "Data" => self.read_data(&sheet),
                "Values for formulas" => self.read_values(&sheet),
                _ => {}
            }
            let mut kind_column = None;
            for row in sheet.rows() {
                self.texts.extend(row.iter().filter_map(|cell| match cell {
                    Data::String(text) => Some(text.clone()),
                    _ => None,
                }));
                let text = |at: usize| row.get(at).and_then(|cell| cell.as_string()).unwrap_or_default();
                // Whatever sheet lists a person with an activity and a day.
                if let (true, Some(day)) = (text(0).starts_with("P-"), row.get(2).and_then(read_day)) {
                    self.attendances.insert(ListedAttendance { person: text(0), activity: text(1), day });
                }
                if let Some(at) = (0..row.len()).find(|at| text(*at) == "Type") {
                    kind_column = Some(at);
                } else if let (Some(at), true) = (kind_column, text(0).starts_with("A-")) {
                    self.kinds.insert(text(0), text(at));
                }
            }
        }
    }
}

/// The rows of a sheet's table below its headings, each by them.
fn table<'s>(sheet: &'s Range<Data>, first: &str) -> Vec<BTreeMap<String, &'s Data>> {
    let text = |cell: &Data| cell.as_string().unwrap_or_default();
    let mut rows = sheet.rows().skip_while(|row| text(&row[0]) != first);
    let headings: Vec<String> = rows.next().into_iter().flatten().map(text).collect();
    rows.map(|row| headings.iter().cloned().zip(row).collect()).collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

impl Published {
    fn read_data(&mut self, sheet: &Range<Data>) {
        let scopes = ["Actual in the period", "Served in the period", "Cumulative"];
        for row in table(sheet, "Result") {
            let text = |heading: &str| row[heading].as_string().unwrap_or_default();
            let Some(scope) = scopes.iter().position(|scope| *scope == text("Scope")) else { continue };
            let axis = Some(text("Disaggregation (code)")).filter(|axis| !axis.is_empty());
            let number = row["Number"].as_f64();
            let shown = match text("Hidden").as_str() {
                "no" => Shown::Number(number.expect("a number")),
                "not shown" => Shown::Withheld,
                _ => Shown::Below(0),
            };
            assert!(number.is_none() || matches!(shown, Shown::Number(_)), "a hidden line has a number: {row:?}");
            let day = |heading: &str| read_day(row[heading]).expect("a day");
            self.data.push(Line {
                indicator: text("Code"),
                axis,
                part: text("Part (code)"),
                start: day("Period start"),
                end: day("Period end"),
                scope: SCOPES[scope],
                shown,
            });
        }
    }

    fn read_values(&mut self, sheet: &Range<Data>) {
        let text = |cell: &Data| cell.as_string().unwrap_or_default();
        // "I1: sex, Cumulative"
        let is_head = |row: &[Data]| text(&row[0]).starts_with('I') && text(&row[0]).contains(": ");
        let Some(head) = sheet.rows().position(is_head) else { return };
        for column in 0..sheet.width() {
            let cells = sheet.rows().skip(head).map(|row| text(&row[column]));
            let mut cells = cells.filter(|text| !text.is_empty());
            let heading = cells.next().unwrap_or_default();
            let Some((indicator, _)) = heading.split_once(": ") else { continue };
            let mut counts = BTreeMap::new();
            for code in cells {
                *counts.entry(code).or_default() += 1;
            }
            self.values.push((indicator.to_owned(), counts));
        }
    }
}

fn read_number(value: &Value) -> Option<Shown> {
    if let Some(limit) = value["below"].as_i64() {
        return Some(Shown::Below(limit));
    }
    if value["withheld"] == Value::Bool(true) {
        return Some(Shown::Withheld);
    }
    value.as_f64().map(Shown::Number)
}

fn read_day(cell: &Data) -> Option<Date> {
    let serial = match cell {
        Data::DateTime(time) => time.as_f64(),
        Data::Float(serial) => *serial,
        _ => return None,
    };
    date(1899, 12, 30).checked_add((serial as i64).days()).ok()
}

fn quarter(code: &str) -> (Date, Date) {
    let at: i8 = code.trim_start_matches("2017-Q").parse().expect("a quarter");
    (date(2017, at * 3 - 2, 1), date(2017, at * 3, 1).last_of_month())
}
