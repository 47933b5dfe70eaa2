//! A million attendances of ten columns, read by calamine's own streaming reader and by ours, in turn in one run:
//! the ratio of the two. `cargo bench --bench reading`, or with a number of rows: `cargo bench --bench reading -- 200000`.
//! Then a register of 5,000 persons with 250 columns of ticks: calamine's stream over it, and the whole reading of the project,
//! which makes an attendance of every tick. Then the memory that reading a project needs for one more attendance. Ends with 1 where ours takes more than [`RATIO_LIMIT`]
//! times as long, or the register more than [`WIDE_RATIO_LIMIT`] times, or an
//! attendance [`ATTENDANCE_BYTES_LIMIT`] bytes or more.

#[path = "data/invented.rs"]
mod invented;
#[path = "data/memory.rs"]
mod memory;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use calamine::{DataRef, Reader, Xlsx};
use donor_report::ingest::raw_row::Raw;
use donor_report::ingest::workbook::{self, Projection};
use donor_report::model::Limits;
use rust_xlsxwriter::{Format, Workbook};

const RATIO_LIMIT: f64 = 1.3;
const WIDE_RATIO_LIMIT: f64 = 1.5;
const WIDE_PERSONS: u32 = 5_000;
const WIDE_DAYS: u16 = 250;
/// Bytes of memory.
const ATTENDANCE_BYTES_LIMIT: u64 = 64;
const ROUNDS: usize = 5;
const LIMITS: Limits = Limits { unpacked_mib: 4096, cells: 100_000_000, cell_length: 32_767, attachment_mib: 10 };

fn main() {
    let rows = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("attendance.xlsx");
    write_workbook(&path, rows);
    let (mut bare, mut ours) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        bare = bare.min(time(|| read_with_calamine(&path)));
        ours = ours.min(time(|| read_with_ours(folder.path())));
    }
    let ratio = ours.as_secs_f64() / bare.as_secs_f64();
    println!("{rows} rows of 10 cells: calamine {bare:.2?}, ours {ours:.2?}, ratio {ratio:.2} (at most {RATIO_LIMIT})");
    let wide = wide_ratio();
    let bytes = bytes_per_attendance(rows);
    println!("one more attendance takes {bytes} bytes of memory (less than {ATTENDANCE_BYTES_LIMIT})");
    if ratio > RATIO_LIMIT || wide > WIDE_RATIO_LIMIT || bytes >= ATTENDANCE_BYTES_LIMIT {
        std::process::exit(1);
    }
}

/// Reading a project with a register of ticks, over calamine's stream of the register.
fn wide_ratio() -> f64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("register.xlsx");
    write_register(folder.path());
    let (mut bare, mut ours, mut ticks) = (Duration::MAX, Duration::MAX, 0);
    for _ in 0..ROUNDS {
        bare = bare.min(time(|| read_with_calamine(&path)));
        ours = ours.min(time(|| {
            let project = donor_report::ingest::read(folder.path()).project.expect("a project");
            ticks = project.persons.attendances.len();
            ticks as u64
        }));
    }
    let ratio = ours.as_secs_f64() / bare.as_secs_f64();
    println!(
        "{WIDE_PERSONS} × {WIDE_DAYS} cells, {ticks} ticks: calamine {bare:.2?}, ours {ours:.2?}, ratio {ratio:.2} (at most {WIDE_RATIO_LIMIT})"
    );
    ratio
}

/// Two days in three are ticked.
fn write_register(folder: &Path) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_low_memory().expect("a sheet");
    sheet.write_string(0, 0, "person").expect("a text");
    for day in 0..WIDE_DAYS {
        sheet.write_string(0, day + 1, format!("A-{day:03}")).expect("a text");
    }
    for row in 0..WIDE_PERSONS {
        sheet.write_string(row + 1, 0, format!("P-{row:05}")).expect("a text");
        for day in (0..WIDE_DAYS).filter(|day| !(row + u32::from(*day)).is_multiple_of(3)) {
            sheet.write_string(row + 1, day + 1, "x").expect("a text");
        }
    }
    book.save(folder.join("register.xlsx")).expect("a workbook");
    let days =
        (0..WIDE_DAYS).map(|day| format!("A-{day:03},2025-{:02}-{:02},training,T\n", day % 12 + 1, day % 28 + 1));
    let activities: String = std::iter::once("id,date,type,title\n".to_owned()).chain(days).collect();
    std::fs::write(folder.join("activities.csv"), activities).expect("a file");
    let indicators = "code,title,unit,calculation\nI1,People,people,people\n";
    std::fs::write(folder.join("indicators.csv"), indicators).expect("a file");
    std::fs::write(folder.join("lists.csv"), "list,code,label\ntype,training,training\n").expect("a file");
    let project = "code = \"W\"\nlanguages = [\"en\"]\nstart = 2025-01-01\nend = 2025-12-31\ntitle = \"W\"\n[periods]\nquarters = true\n\
        [[reports]]\nname = \"quarterly\"\nperiods = [\"2025-Q1\"]\ndocuments = [[\"en\"]]\n[tables.activities]\nfile = \"activities.csv\"\n\
        [tables.indicators]\nfile = \"indicators.csv\"\n[tables.lists]\nfile = \"lists.csv\"\n[tables.participants]\nnone = true\n\
        [tables.attendance]\nfile = \"register.xlsx\"\nlayout = \"wide\"\nheads = \"activity\"\nmarks = { present = [\"x\"] }\n";
    std::fs::write(folder.join("project.toml"), project).expect("a file");
}

/// Two projects of the same activities and persons, one with many more attendances.
fn bytes_per_attendance(most: u32) -> u64 {
    let peak = |attendances| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let size = invented::Size { activities: 10_000, persons: 20_000, attendances };
        invented::write_project(folder.path(), size, 1).expect("the invented project");
        memory::reset_peak();
        let checked = donor_report::ingest::read(folder.path());
        assert!(checked.project.is_some(), "{:#?}", checked.problems);
        memory::peak_kib()
    };
    let fewer = most / 5;
    let less = peak(fewer);
    peak(most).saturating_sub(less) * 1024 / u64::from(most - fewer)
}

fn time(run: impl FnOnce() -> u64) -> Duration {
    let started = Instant::now();
    black_box(run());
    started.elapsed()
}

/// As a spreadsheet program writes it: texts shared, dates as numbers with a format.
fn write_workbook(path: &Path, rows: u32) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_low_memory().expect("a sheet");
    let day = Format::new().set_num_format("dd.mm.yyyy");
    let headings = [
        "activity",
        "person",
        "name",
        "sex",
        "birth_year",
        "status",
        "organisation",
        "municipality",
        "date",
        "session",
    ];
    for (column, heading) in headings.iter().enumerate() {
        sheet.write_string(0, column as u16, *heading).expect("a heading");
    }
    let statuses = ["refugee", "asylum seeker", "official", "NGO staff", "citizen"];
    let municipalities = ["Скопје", "Гевгелија", "Куманово", "Тетово", "Битола", "Охрид", "Струмица"];
    for row in 1..=rows {
        let person = row.wrapping_mul(2_654_435_761) % (rows / 3 + 1);
        let text = |sheet: &mut rust_xlsxwriter::Worksheet, column: u16, text: &str| {
            sheet.write_string(row, column, text).expect("a text");
        };
        text(sheet, 0, &format!("A{:05}", row % 20_000));
        text(sheet, 1, &format!("P{person:07}"));
        text(sheet, 2, &format!("Измислено Име {}", person % 5000));
        text(sheet, 3, if person.is_multiple_of(2) { "F" } else { "M" });
        sheet.write_number(row, 4, f64::from(1950 + person % 60)).expect("a number");
        text(sheet, 5, statuses[person as usize % statuses.len()]);
        text(
            sheet,
            6,
            if person.is_multiple_of(4) {
                "Здружение Пример"
            } else {
                "Општинска канцеларија"
            },
        );
        text(sheet, 7, municipalities[row as usize % municipalities.len()]);
        sheet.write_number_with_format(row, 8, f64::from(45_658 + row % 365), &day).expect("a date");
        sheet.write_number(row, 9, f64::from(row % 3)).expect("a number");
    }
    book.save(path).expect("a workbook");
}

fn read_with_calamine(path: &Path) -> u64 {
    let mut book: Xlsx<_> = calamine::open_workbook(path).expect("a workbook");
    let name = book.sheet_names()[0].clone();
    let mut reader = book.worksheet_cells_reader(&name).expect("a sheet");
    let mut sum = 0;
    while let Some(cell) = reader.next_cell().expect("a cell") {
        sum += match cell.get_value() {
            DataRef::String(text) => text.len() as u64,
            DataRef::SharedString(text) => text.len() as u64,
            DataRef::Float(number) => *number as u64,
            DataRef::DateTime(date) => date.as_f64() as u64,
            _ => 0,
        };
    }
    sum
}

fn read_with_ours(folder: &Path) -> u64 {
    let mut problems = Vec::new();
    let mut book = workbook::open(folder, "attendance.xlsx", &LIMITS, &mut problems).expect("a workbook");
    let rows = book.rows(0, &Projection::All).expect("a sheet");
    let mut sum = 0;
    rows.for_each(|row| {
        for cell in &row.cells {
            sum += match &cell.raw {
                Raw::Text(text) => text.len() as u64,
                Raw::Number(number) => *number as u64,
                Raw::Date { serial, .. } => *serial as u64,
                _ => 0,
            };
        }
    })
    .expect("every row");
    sum
}
