//! Each case of `cases/*.txt` with the exact problems that reading it must report, if any, and the account of its rows:
//! `== problems` lists every problem as `level code place ×count`, `== rows` what became of the rows of the tables that it
//! names, `== figures` what the indicators that it names come to by the project's end. `UPDATE_GOLDEN=1` writes what was found into the files; read the difference before keeping it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use donor_report::cli::check;
use donor_report::diagnostic::{Catalogue, CellListing, Place, Problem, kinds, print_problem};
use donor_report::indicators::{self, Figure, PartFigures};
use donor_report::ingest::{self, Checked, TableAccount};
use donor_report::model::{Amount, Indicator, Project};
use donor_report::report::figures::part_code;

use super::case::{Case, CaseProject, FILES, all_cases, cases, folder};
use super::sheets::Folder;

/// A case's project, written and read.
pub struct Outcome {
    pub checked: Checked,
    pub project: String,
    pub sheets: BTreeMap<String, String>,
}

pub fn read(case: &Case) -> Outcome {
    let CaseProject { files, project, sheets } = case.project();
    let dir = Folder::new();
    for (name, content) in files {
        dir.write(&name, content);
    }
    let checked = ingest::read(dir.path());
    Outcome { checked, project, sheets }
}

/// `error unknown-value data.xlsx, Activities, C2 ×3`.
fn line(problem: &Problem) -> String {
    let mut line = format!("{} {}", problem.severity.code(), problem.code);
    if let Some(place) = problem.places.first() {
        write!(line, " {}", place.file).expect("a text");
        if let Some(sheet) = place.sheet_name() {
            write!(line, ", {sheet}").expect("a text");
        }
        if let Some(spot) = place.spot_name() {
            write!(line, ", {spot}").expect("a text");
        }
    }
    if problem.count > 1 {
        write!(line, " ×{}", problem.count).expect("a text");
    }
    line
}

/// `attendance: 4 read, 3 used, 1 doubled`.
fn row_line(account: &TableAccount) -> String {
    let mut line = format!("{}: {} read, {} used", account.table, account.read, account.used);
    for (why, rows) in &account.skipped {
        write!(line, ", {rows} {why}").expect("a text");
    }
    for (rows, what) in [(account.waived, "waived"), (account.error, "in error")] {
        if rows > 0 {
            write!(line, ", {rows} {what}").expect("a text");
        }
    }
    line
}

/// `I2: 3; F 2, M 1; 18-59 3`: an indicator's value and its parts, axis by axis.
fn figure_lines(project: &Project, named: &[&str]) -> String {
    let figures = indicators::count(project);
    let whole = figures.periods.last().expect("the project as a whole");
    let amount = |amount: Option<Amount>| amount.map_or("-".to_owned(), |amount| amount.from.normalize().to_string());
    let line = |(indicator, figure): (&Indicator, &Figure)| {
        let axes = indicator.axes.iter().zip(&figure.axes).map(|(axis, counted)| {
            let part =
                |part: &PartFigures| format!("{} {}", part_code(project, axis, part.key), amount(part.cumulative));
            format!("; {}", counted.parts.iter().map(part).collect::<Vec<String>>().join(", "))
        });
        format!("{}: {}{}", indicator.code, amount(figure.cumulative), axes.collect::<String>())
    };
    let lines = project.logframe.indicators.iter().zip(&whole.figures);
    let named = lines.filter(|(indicator, _)| named.contains(&indicator.code.as_str()));
    named.map(line).collect::<Vec<String>>().join("\n")
}

/// What reading a case comes to, as its blocks write it.
struct Found {
    problems: String,
    rows: String,
    figures: String,
    checked: Checked,
}

fn found(case: &Case) -> Found {
    let Outcome { checked, .. } = read(case);
    let problems: Vec<String> = checked.problems.iter().map(line).collect();
    let names = |block: &str| -> Vec<&str> {
        case.block(block).unwrap_or_default().lines().filter_map(|line| line.split(':').next()).collect()
    };
    let named = names("rows");
    let rows: Vec<String> =
        checked.accounts.iter().filter(|account| named.contains(&account.table.as_str())).map(row_line).collect();
    let named = names("figures");
    let project = checked.project.as_ref().filter(|_| !named.is_empty());
    let figures = project.map(|project| figure_lines(project, &named)).unwrap_or_default();
    Found { problems: problems.join("\n"), rows: rows.join("\n"), figures, checked }
}

fn check(file: &str) {
    let path = folder().join(format!("{file}.txt"));
    let text = fs::read_to_string(&path).expect("cases");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut out = String::new();
    let mut failures = Vec::new();
    for case in cases(&text) {
        let Found { problems, rows, figures, checked } = found(&case);
        for account in &checked.accounts {
            let skipped: u64 = account.skipped.values().sum();
            let sum = account.used + skipped + account.waived + account.error;
            assert_eq!(account.read, sum, "{}: rows of {} don't add up: {account:?}", case.name, account.table);
        }
        let has_errors = checked.problems.iter().any(|problem| problem.severity.code() == "error");
        assert_eq!(checked.project.is_none(), has_errors, "{}: a project is there without errors only", case.name);
        let expected = ["problems", "rows", "figures"].map(|block| case.block(block).unwrap_or_default().trim());
        let found = [problems.as_str(), rows.as_str(), figures.as_str()].map(str::trim);
        if expected != found {
            failures.push(format!("{}:\n{}\n-- expected\n{}", case.name, found.join("\n"), expected.join("\n")));
        }
        writeln!(out, "#### {}", case.name).expect("a text");
        for (block, content) in &case.blocks {
            match block.as_str() {
                "problems" | "rows" | "figures" => {}
                _ => write!(out, "== {block}\n{content}").expect("a text"),
            }
        }
        for (block, lines) in [("rows", &rows), ("figures", &figures)] {
            if case.block(block).is_some() {
                writeln!(out, "== {block}\n{lines}").expect("a text");
            }
        }
        writeln!(out, "== problems\n{problems}{}", if problems.is_empty() { "" } else { "\n" }).expect("a text");
    }
    if update {
        fs::write(path, out.trim_end().to_owned() + "\n").expect("written");
    } else {
        assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
    }
}

/// A file that nobody names would hold cases that nobody reads.
#[test]
fn every_file_of_cases_is_named() {
    let found = fs::read_dir(folder()).expect("the cases").flatten().map(|entry| entry.file_name());
    let found: BTreeSet<String> = found.map(|name| name.to_string_lossy().into_owned()).collect();
    let named = FILES.iter().chain(&["base"]).map(|file| format!("{file}.txt")).collect();
    assert_eq!(found, named);
}

#[test]
fn project_files() {
    check("project");
}

#[test]
fn tables() {
    check("tables");
}

#[test]
fn csv() {
    check("csv");
}

#[test]
fn columns() {
    check("columns");
}

#[test]
fn exports_of_forms() {
    check("forms");
}

#[test]
fn event_lists() {
    check("events");
}

#[test]
fn tracking_tables() {
    check("tracking");
}

#[test]
fn head_counts_in_columns() {
    check("counts");
}

#[test]
fn completion() {
    check("completion");
}

#[test]
fn wide_sheets() {
    check("wide");
}

#[test]
fn dates() {
    check("dates");
}

#[test]
fn activities() {
    check("activities");
}

#[test]
fn persons() {
    check("persons");
}

#[test]
fn logframes() {
    check("logframe");
}

#[test]
fn conditions() {
    check("conditions");
}

#[test]
fn waivers() {
    check("waivers");
}

/// The example of the contract (section 8), word for word.
#[test]
fn a_problem_is_printed_as_the_contract_shows_it() {
    let place = Place::cell("participants.xlsx", Some("Attendance"), 17, 1);
    let kind = kinds::UnknownPerson::Nearest {
        cell: "A143".to_owned(),
        nearest: "U-0142".to_owned(),
        sheet: "Participants".to_owned(),
    };
    let problem = Problem::error(kind)
        .at(place)
        .excerpt(vec![("activity".into(), "A-031".into()), ("person".into(), "U-0412".into())], Some(1));
    let printed = print_problem(&problem, &Catalogue::new("en"), "inputs/myla-2017", CellListing::First);
    let expected = "\
error[unknown-person]: attendance names a person who is not in participants
  --> inputs/myla-2017/participants.xlsx, sheet Attendance, cell B17
   |  activity A-031 | person U-0412
   |                          ^^^^^^
   = help: did you mean U-0142 (sheet Participants, cell A143)?
";
    assert_eq!(printed, expected);
}

/// A case's row of attendance that names an unknown person, through ingest and as JSON.
#[test]
fn check_as_json() {
    let case = all_cases().into_iter().find(|case| case.name.starts_with("What repeats")).expect("the case");
    let checked = read(&case).checked;
    let json = check::json(&checked, &Catalogue::new("en"));
    assert_eq!(json["schema"], 1);
    let problem = &json["problems"][0];
    let keys: Vec<&String> = problem.as_object().expect("an object").keys().collect();
    assert_eq!(keys.len(), 8, "{keys:?}");
    assert_eq!(problem["code"], "unknown-person");
    assert_eq!(problem["level"], "error");
    assert_eq!(problem["file"], "data.xlsx");
    assert_eq!(problem["sheet"], "Attendance");
    assert_eq!(problem["cell"], "B2");
    assert_eq!(problem["count"], 1);
    let unknown =
        json["problems"].as_array().expect("problems").iter().filter(|other| other["code"] == problem["code"]);
    let cells: Vec<&str> = unknown.filter_map(|other| other["cell"].as_str()).collect();
    assert_eq!(cells, ["B2", "B3", "B4", "B5", "B6", "B7", "B8"]);
    let attendance =
        json["tables"].as_array().expect("tables").iter().find(|table| table["table"] == "attendance").expect("it");
    let expected =
        serde_json::json!({"table": "attendance", "read": 8, "used": 1, "passed": {}, "waived": 0, "error": 7});
    assert_eq!(attendance, &expected);
}

/// A thousand bad cells make a page, not a flood, and every one of them is counted.
#[test]
fn a_flood_is_a_page() {
    let mut rows = String::from("activity | person | date\n");
    for row in 0..1000 {
        writeln!(rows, "A1 | Z{row} | 2017-02-3{row}").expect("a text");
    }
    let case = Case { name: "a flood".to_owned(), blocks: vec![("Attendance".to_owned(), rows)] };
    let checked = read(&case).checked;
    let text = check::text(&checked, &Catalogue::new("en"), "", CellListing::First);
    assert!(text.lines().count() < 60, "{text}");
    let count = |code: &str| checked.problems.iter().find(|problem| problem.code == code).map(|problem| problem.count);
    assert_eq!(count("unknown-person"), Some(1000));
    assert_eq!(count("invalid-date"), Some(1000));
}
