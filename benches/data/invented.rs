//! Invented projects of any size for the benchmarks: the same seed and size give the same cells everywhere.

#![allow(dead_code, reason = "each benchmark uses its part")]

use std::path::Path;

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

/// How large a project is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub activities: u32,
    pub persons: u32,
    pub attendances: u32,
}

impl Size {
    pub const SMALL: Size = Size::with_attendances(200);
    pub const MEDIUM: Size = Size::with_attendances(50_000);
    pub const LARGE: Size = Size::with_attendances(1_000_000);

    /// So many attendances, of about three for each person, and fifty for each activity.
    pub const fn with_attendances(attendances: u32) -> Size {
        let activities = attendances / 50;
        Size { activities: if activities < 20 { 20 } else { activities }, persons: attendances / 3 + 1, attendances }
    }

    /// So many persons, each of whom came once.
    pub const fn with_persons(persons: u32) -> Size {
        Size { persons, ..Size::with_attendances(persons) }
    }
}

const PROJECT: &str = r#"languages = ["mk", "en"]
start = 2025-01-01
end = 2025-12-31
title = { mk = "Измислен проект", en = "An invented project" }
notice = { mk = "Измислени податоци", en = "Invented data" }
[[donors]]
code = "D"
name = { mk = "Измислен донатор", en = "An invented donor" }
[periods]
quarters = true
[[reports]]
name = "progress"
periods = ["project"]
documents = [["mk"], ["en"]]
annexes = [["mk", "en"]]
[tables.activities]
file = "activities.xlsx"
[tables.participants]
file = "participants.xlsx"
sheet = "Participants"
[tables.attendance]
file = "participants.xlsx"
sheet = "Attendance"
[tables.indicators]
file = "logframe.xlsx"
sheet = "Indicators"
[tables.targets]
file = "logframe.xlsx"
sheet = "Targets"
[tables.lists]
file = "logframe.xlsx"
sheet = "Lists"
"#;

/// Code, Macedonian and English label of each list.
const LISTS: [(&str, &[[&str; 3]]); 4] = [
    (
        "type",
        &[
            ["training", "обука", "training"],
            ["clinic", "правна клиника", "legal clinic"],
            ["campaign", "кампања", "campaign"],
            ["visit", "посета", "visit"],
            ["session", "информативна сесија", "information session"],
        ],
    ),
    (
        "municipality",
        &[
            ["Бутел", "Бутел", "Butel"],
            ["Гевгелија", "Гевгелија", "Gevgelija"],
            ["Куманово", "Куманово", "Kumanovo"],
            ["Скопје", "Скопје", "Skopje"],
            ["Струмица", "Струмица", "Strumica"],
            ["Тетово", "Тетово", "Tetovo"],
        ],
    ),
    ("partner", &[["P1", "Црвен", "Red"], ["P2", "Зелен", "Green"], ["P3", "Син", "Blue"]]),
    (
        "person.status",
        &[
            ["refugee", "бегалец", "refugee"],
            ["asylum seeker", "барател на азил", "asylum seeker"],
            ["official", "службеник", "official"],
            ["citizen", "граѓанин", "citizen"],
        ],
    ),
];

/// Calculation, `where`, `by`.
const INDICATORS: [[&str; 3]; 12] = [
    ["people", "", "sex; age; person.status"],
    ["people", "type = training", "sex; age; person.status"],
    ["people", "type = training | clinic; person.status = refugee | asylum seeker", "sex; age; person.municipality"],
    ["people", "sex = F", "age; person.status; person.municipality"],
    ["people", "age < 25", "sex; person.status; person.municipality"],
    ["people", "activity.municipality != Скопје", "sex × age; person.status; type"],
    ["attendances", "", "sex; age; type"],
    ["attendances", "type = session", "sex; age; person.status"],
    ["activities", "", "type; municipality; partner"],
    ["sum(reached)", "type = campaign", "type; municipality; partner"],
    ["distinct(municipality)", "", "type; partner; municipality"],
    ["ratio(I4, I1)", "", "sex; age; person.status"],
];

/// Writes a project's folder, its code `BENCH-<seed>`.
pub fn write_project(folder: &Path, size: Size, seed: u64) -> Result<(), XlsxError> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("project.toml"), format!("code = \"BENCH-{seed}\"\n{PROJECT}"))?;
    let mut random = Random(seed);
    write_activities(folder, size, &mut random)?;
    write_participants(folder, size, &mut random)?;
    write_logframe(folder, size)
}

fn write_activities(folder: &Path, size: Size, random: &mut Random) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    let head = ["id", "date", "type", "title (mk)", "title (en)", "municipality", "partner", "reached"];
    let mut rows = SheetWriter::new(book.add_worksheet(), &head)?;
    for at in 0..size.activities {
        rows.text(&format!("A{at:05}"))?;
        rows.day(random.below(365))?;
        rows.text(random.code(0))?;
        rows.text("Измислена активност")?;
        rows.text("An invented activity")?;
        rows.text(random.code(1))?;
        rows.text(random.code(2))?;
        rows.number(random.below(300))?;
        rows.next();
    }
    book.save(folder.join("activities.xlsx"))
}

fn write_participants(folder: &Path, size: Size, random: &mut Random) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_low_memory()?.set_name("Participants")?;
    let mut rows = SheetWriter::new(sheet, &["person", "name", "sex", "birth_year", "municipality"])?;
    for at in 0..size.persons {
        rows.text(&format!("U{at:06}"))?;
        rows.text(&format!("Измислено Лице {at}"))?;
        rows.text(["F", "M", "X"][random.below(3) as usize])?;
        rows.number(1940 + random.below(80))?;
        rows.text(random.code(1))?;
        rows.next();
    }
    let sheet = book.add_worksheet_with_low_memory()?.set_name("Attendance")?;
    let mut rows = SheetWriter::new(sheet, &["activity", "person", "session", "status"])?;
    for at in 0..size.attendances {
        rows.text(&format!("A{:05}", random.below(size.activities)))?;
        let person = if size.persons == size.attendances { at } else { random.below(size.persons) };
        rows.text(&format!("U{person:06}"))?;
        // Of the day; hardly any row is doubled.
        rows.number(1 + at % 7)?;
        rows.text(random.code(3))?;
        rows.next();
    }
    book.save(folder.join("participants.xlsx"))
}

fn write_logframe(folder: &Path, size: Size) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Indicators")?;
    let head = ["code", "title (mk)", "title (en)", "unit (mk)", "unit (en)", "calculation", "where", "by", "target"];
    let mut rows = SheetWriter::new(sheet, &head)?;
    let total = (size.attendances / 4).to_string();
    for (at, [calculation, filter, by]) in INDICATORS.iter().enumerate() {
        let code = format!("I{}", at + 1);
        let target = if calculation.starts_with("ratio") { "50 %" } else { &total };
        let titles = ["Измислен индикатор", "An invented indicator", "лица", "persons"];
        for cell in [&[code.as_str()][..], &titles, &[calculation, filter, by, target]].concat() {
            rows.text(cell)?;
        }
        rows.next();
    }
    let sheet = book.add_worksheet().set_name("Targets")?;
    let mut rows = SheetWriter::new(sheet, &["indicator", "period", "target"])?;
    for quarter in 1..=4 {
        rows.text("I1")?;
        rows.text(&format!("2025-Q{quarter}"))?;
        rows.number(size.attendances / 16)?;
        rows.next();
    }
    let sheet = book.add_worksheet().set_name("Lists")?;
    let mut rows = SheetWriter::new(sheet, &["list", "code", "label (mk)", "label (en)"])?;
    for (list, entries) in LISTS {
        for [code, mk, en] in entries {
            for cell in [list, code, mk, en] {
                rows.text(cell)?;
            }
            rows.next();
        }
    }
    book.save(folder.join("logframe.xlsx"))
}

/// Writes a sheet cell by cell under its header.
struct SheetWriter<'a> {
    sheet: &'a mut Worksheet,
    day: Format,
    row: u32,
    column: u16,
}

impl<'a> SheetWriter<'a> {
    fn new(sheet: &'a mut Worksheet, head: &[&str]) -> Result<SheetWriter<'a>, XlsxError> {
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let mut rows = SheetWriter { sheet, day, row: 0, column: 0 };
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

    /// A day of 2025, from 0.
    fn day(&mut self, day: u32) -> Result<(), XlsxError> {
        self.sheet.write_number_with_format(self.row, self.column, f64::from(45_658 + day), &self.day)?;
        self.column += 1;
        Ok(())
    }

    fn next(&mut self) {
        self.row += 1;
        self.column = 0;
    }
}

/// A generator of pseudo-random numbers: the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        // Knuth's MMIX generator; its high bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(limit)) as u32
    }

    fn code(&mut self, list: usize) -> &'static str {
        let entries = LISTS[list].1;
        entries[self.below(entries.len() as u32) as usize][0]
    }
}
