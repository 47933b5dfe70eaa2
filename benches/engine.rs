//! How much the counting adds to the reading: a million attendances of 20,000 activities, twelve indicators with
//! three axes. Writes its own invented project, or takes a project's folder as argument.
//!
//! Exits with 1 where counting takes 0.3 of the reading time, or more.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use donor_report::{indicators, ingest};
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

const ACTIVITIES: u32 = 20_000;
const PERSONS: u32 = 345_000;
const ATTENDANCES: u32 = 1_000_000;
/// The share of the reading time that counting stays under.
const LIMIT: f64 = 0.3;
const RUNS: usize = 3;

fn main() -> ExitCode {
    // Cargo itself gives `--bench`.
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).map(PathBuf::from);
    let made = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.unwrap_or_else(|| {
        write_project(made.path()).expect("the invented project");
        made.path().to_owned()
    });
    let mut shares = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        let checked = ingest::read(&folder);
        let reading = start.elapsed().as_secs_f64();
        let Some(project) = checked.project else {
            eprintln!("the project has errors: {:#?}", checked.problems);
            return ExitCode::FAILURE;
        };
        let start = Instant::now();
        let figures = indicators::count(&project);
        let counting = start.elapsed().as_secs_f64();
        let numbers = (project.persons.attendances.len(), figures.evidence.len(), figures.periods.len());
        println!(
            "{} attendances, {} indicators, {} periods: read in {reading:.3} s, counted in {counting:.3} s",
            numbers.0, numbers.1, numbers.2
        );
        shares.push(counting / reading);
    }
    shares.sort_by(f64::total_cmp);
    let median = shares[shares.len() / 2];
    println!("counting takes {median:.3} of the reading time; the limit is {LIMIT}");
    if median < LIMIT { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

const PROJECT: &str = r#"code = "BENCH"
languages = ["en"]
start = 2025-01-01
end = 2025-12-31
title = { en = "An invented project" }
[periods]
quarters = true
[[reports]]
name = "final"
periods = ["project"]
documents = [["en"]]
[tables.activities]
file = "activities.xlsx"
[tables.participants]
file = "participants.xlsx"
sheet = "Participants"
[tables.attendance]
file = "participants.xlsx"
sheet = "Attendance"
[tables.indicators]
file = "indicators.xlsx"
"#;

const TYPES: [&str; 5] = ["training", "clinic", "campaign", "visit", "session"];
const PLACES: [&str; 7] = ["Butel", "Gevgelija", "Kumanovo", "Kriva Palanka", "Strumica", "Skopje", "Tetovo"];
const STATUSES: [&str; 4] = ["refugee", "asylum seeker", "official", "citizen"];

/// Calculation, `where`, `by`.
const INDICATORS: [[&str; 3]; 12] = [
    ["people", "", "sex; age; person.status"],
    ["people", "type = training", "sex; age; person.status"],
    ["people", "type = training | clinic; person.status = refugee | asylum seeker", "sex; age; person.municipality"],
    ["people", "sex = F", "age; person.status; person.municipality"],
    ["people", "age < 25", "sex; person.status; person.municipality"],
    ["people", "activity.municipality != Skopje", "sex × age; person.status; type"],
    ["attendances", "", "sex; age; type"],
    ["attendances", "type = session", "sex; age; person.status"],
    ["activities", "", "type; municipality; partner"],
    ["sum(reached)", "type = campaign", "type; municipality; partner"],
    ["distinct(municipality)", "", "type; partner; municipality"],
    ["ratio(I4, I1)", "", "sex; age; person.status"],
];

fn write_project(folder: &Path) -> Result<(), XlsxError> {
    std::fs::write(folder.join("project.toml"), PROJECT)?;
    let mut book = Workbook::new();
    let mut rows =
        Rows::new(book.add_worksheet(), &["id", "date", "type", "title (en)", "municipality", "partner", "reached"])?;
    let mut dice = Dice(1);
    for at in 0..ACTIVITIES {
        rows.text(&format!("A{at:05}"))?;
        rows.text(&format!("2025-{:02}-{:02}", dice.roll(12) + 1, dice.roll(28) + 1))?;
        rows.text(TYPES[dice.roll(5) as usize])?;
        rows.text("An invented activity")?;
        rows.text(PLACES[dice.roll(7) as usize])?;
        rows.text(["Red", "Green", "Blue"][dice.roll(3) as usize])?;
        rows.number(dice.roll(300))?;
        rows.next();
    }
    book.save(folder.join("activities.xlsx"))?;

    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory()?.set_name("Participants")?;
    let mut rows = Rows::new(sheet, &["person", "sex", "birth_year", "municipality"])?;
    for at in 0..PERSONS {
        rows.text(&format!("U{at:06}"))?;
        rows.text(["F", "M", "X"][dice.roll(3) as usize])?;
        rows.number(1940 + dice.roll(80))?;
        rows.text(PLACES[dice.roll(7) as usize])?;
        rows.next();
    }
    let sheet = book.add_worksheet_with_constant_memory()?.set_name("Attendance")?;
    let mut rows = Rows::new(sheet, &["activity", "person", "session", "status"])?;
    for at in 0..ATTENDANCES {
        rows.text(&format!("A{:05}", dice.roll(ACTIVITIES)))?;
        rows.text(&format!("U{:06}", dice.roll(PERSONS)))?;
        // Numbered, so that no row is doubled.
        rows.number(at)?;
        rows.text(STATUSES[dice.roll(4) as usize])?;
        rows.next();
    }
    book.save(folder.join("participants.xlsx"))?;

    let mut book = Workbook::new();
    let head = ["code", "title (en)", "unit (en)", "calculation", "where", "by", "target"];
    let mut rows = Rows::new(book.add_worksheet(), &head)?;
    for (at, [calculation, filter, by]) in INDICATORS.iter().enumerate() {
        let target = if calculation.starts_with("ratio") { "0.5" } else { "1000" };
        for cell in [&format!("I{}", at + 1), "An invented indicator", "persons", calculation, filter, by, target] {
            rows.text(cell)?;
        }
        rows.next();
    }
    book.save(folder.join("indicators.xlsx"))
}

/// Writes a sheet cell by cell under its header.
struct Rows<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    column: u16,
}

impl<'a> Rows<'a> {
    fn new(sheet: &'a mut Worksheet, head: &[&str]) -> Result<Rows<'a>, XlsxError> {
        let mut rows = Rows { sheet, row: 0, column: 0 };
        head.iter().try_for_each(|heading| rows.text(heading))?;
        rows.next();
        Ok(rows)
    }

    fn text(&mut self, text: &str) -> Result<(), XlsxError> {
        if !text.is_empty() {
            self.sheet.write_string(self.row, self.column, text)?;
        }
        self.column += 1;
        Ok(())
    }

    fn number(&mut self, number: u32) -> Result<(), XlsxError> {
        self.sheet.write_number(self.row, self.column, number)?;
        self.column += 1;
        Ok(())
    }

    fn next(&mut self) {
        self.row += 1;
        self.column = 0;
    }
}

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        // Knuth's MMIX generator; its high bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(sides)) as u32
    }
}
