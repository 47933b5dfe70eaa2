//! The projects that programs are held against each other on.

use std::fs;
use std::path::Path;

use super::case::{Case, FILES, cases_of};
use super::commands::{Depth, of_help, of_init, of_portfolio, of_project};
use super::compare::{Files, files};
use super::edited::increment_cell;
use super::invented::{Size, write_project};
use super::scenario::{Scenario, Step};

/// Words that choose among the scenarios.
pub const GROUPS: [&str; 7] = ["example", "guide", "generated", "portfolio", "cases", "init", "help"];

/// Generated projects by the number of attendances: some that are read on one core, and one that is read on all of them.
const SIZES: [u32; 3] = [50_000, 5_000, 200];

/// More than are built by one process.
const PORTFOLIO: u64 = 20;

/// A list of activities as somebody might keep it, for `init --from`.
const UNTIDY: &str = "\
Преглед на реализирани активности;;;;
;;;;
Р.бр.;Кога е одржано;Вид на настан;Тема на настанот;Вк. присутни
А-1;03.02.2025;Обука;Основи на азилот;16
А-2;05.03.2025;Работилница;Интеграција;12
Вкупно;;;;28
";

/// What the example's project.toml doesn't have.
const MORE: &str = r##"
[iati]
identifier = "MK-EXAMPLE-1"
organisation = "MK-EXAMPLE"
organisation-type = "22"
status = "2"
country = "MK"
sector = "15160"

[theme]
accent = "#203a70"
page-size = "us-letter"

[privacy]
suppress_below = 12
"##;

/// All scenarios of the chosen groups, those first that take longest.
pub fn scenarios(groups: &[String]) -> Vec<Scenario> {
    let mut scenarios: Vec<Scenario> = SIZES.into_iter().map(generated).collect();
    scenarios.extend([
        portfolio(),
        example("example", "", Depth::Thorough),
        example("example-more", MORE, Depth::Outputs),
    ]);
    scenarios.extend([init(), guide(), help()]);
    scenarios.extend(FILES.iter().flat_map(|file| (1..).zip(cases_of(file)).map(|(at, case)| of_case(file, at, case))));
    scenarios.retain(|scenario| groups.is_empty() || groups.iter().any(|group| group == scenario.group));
    scenarios
}

fn in_repository(path: &str) -> Files {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a folder of the repository")
}

/// Files with a folder before their paths.
fn under(folder: &str, files: Files) -> Files {
    files.into_iter().map(|(path, content)| (format!("{folder}/{path}"), content)).collect()
}

fn edit(make: impl Fn(&Path) -> Files + 'static) -> Vec<Step> {
    vec![Step::Edit(Box::new(make))]
}

/// The example as it is, and with an export to IATI, a look of its own and small parts hidden that it shows.
fn example(name: &'static str, more: &'static str, depth: Depth) -> Scenario {
    const FOLDER: &str = "inputs/myla-2017";
    const BOOK: &str = "inputs/myla-2017/participants.xlsx";
    const ROWS: [&str; 5] = [
        "participants.xlsx:Присуства:4",
        "participants.xlsx:Учесници:10",
        "activities.xlsx:Активности:4",
        "logframe.xlsx:Пријавени вредности:4",
        "participants.xlsx:Присуства:99999",
    ];
    Scenario {
        group: "example",
        name: name.to_owned(),
        about: String::new(),
        files: Box::new(move || {
            let mut files = in_repository(FOLDER);
            files.entry("project.toml".to_owned()).or_default().extend(more.as_bytes());
            under(FOLDER, files)
        }),
        steps: Box::new(move |facts| {
            // Somebody came to another activity.
            let change =
                edit(|scenario| Files::from([(BOOK.to_owned(), increment_cell(&scenario.join(BOOK), "sheet2", "A4"))]));
            of_project(FOLDER, facts, &ROWS, change, depth)
        }),
    }
}

fn guide() -> Scenario {
    const FOLDER: &str = "inputs/guide";
    const TABLE: &str = "inputs/guide/activities.csv";
    const ROWS: [&str; 3] = ["activities.csv:2", "activities.csv:11", "indicators.csv:2"];
    const ROW: &str = "A-11,2026-11-20,training,Уште една обука,One more training,completed,skopje,13\n";
    Scenario {
        group: "guide",
        name: "guide".to_owned(),
        about: String::new(),
        files: Box::new(|| under(FOLDER, in_repository("guide"))),
        steps: Box::new(|facts| {
            let change = edit(|scenario| {
                let table = fs::read_to_string(scenario.join(TABLE)).expect("the guide's activities");
                Files::from([(TABLE.to_owned(), format!("{table}{ROW}").into_bytes())])
            });
            of_project(FOLDER, facts, &ROWS, change, Depth::Thorough)
        }),
    }
}

/// A generated project as files.
fn invented(folder: &str, size: Size, seed: u64) -> Files {
    let place = tempfile::tempdir().expect("a temporary folder");
    write_project(place.path(), size, seed).expect("a generated project");
    under(folder, files(place.path()).expect("its files"))
}

fn generated(attendances: u32) -> Scenario {
    const FOLDER: &str = "inputs/generated";
    const ROWS: [&str; 4] = [
        "participants.xlsx:Attendance:2",
        "participants.xlsx:Participants:3",
        "activities.xlsx:Sheet1:4",
        "participants.xlsx:Attendance:150",
    ];
    let size = Size::with_attendances(attendances);
    Scenario {
        group: "generated",
        name: format!("generated-{attendances}"),
        about: String::new(),
        files: Box::new(move || invented(FOLDER, size, 1)),
        steps: Box::new(move |facts| {
            // The dice fall as before; one more row is at the end of attendance.
            let larger = Size { attendances: attendances + 1, ..size };
            of_project(FOLDER, facts, &ROWS, edit(move |_| invented(FOLDER, larger, 1)), Depth::Thorough)
        }),
    }
}

fn portfolio() -> Scenario {
    Scenario {
        group: "portfolio",
        name: "portfolio".to_owned(),
        about: String::new(),
        files: Box::new(|| {
            let each = (1..=PORTFOLIO).map(|seed| invented(&format!("inputs/p{seed:02}"), Size::SMALL, seed));
            each.flatten().collect()
        }),
        steps: Box::new(|_| {
            // One project's data change, another's can't be read any more.
            of_portfolio(edit(|_| {
                let larger = Size { attendances: Size::SMALL.attendances + 1, ..Size::SMALL };
                let mut changed = invented("inputs/p03", larger, 3);
                changed.insert("inputs/p17/logframe.xlsx".to_owned(), b"not a workbook".to_vec());
                changed
            }))
        }),
    }
}

fn of_case(file: &'static str, at: usize, case: Case) -> Scenario {
    const FOLDER: &str = "inputs/case";
    const ROWS: [&str; 3] = ["data.xlsx:Attendance:2", "data.xlsx:Participants:3", "data.xlsx:Activities:2"];
    /// Nobody else comes on that day.
    const ROW: &str = "A1 | P3 | @2017-02-20\n";
    let mut changed = case.clone();
    changed.blocks.push(("+ Attendance".to_owned(), ROW.to_owned()));
    Scenario {
        group: "cases",
        name: format!("{file}-{at:02}"),
        about: case.name.clone(),
        files: Box::new(move || under(FOLDER, case.project().files)),
        steps: Box::new(move |facts| {
            let changed = changed.clone();
            of_project(FOLDER, facts, &ROWS, edit(move |_| under(FOLDER, changed.project().files)), Depth::Once)
        }),
    }
}

fn init() -> Scenario {
    Scenario {
        group: "init",
        name: "init".to_owned(),
        about: String::new(),
        files: Box::new(|| {
            let mut books = in_repository("inputs/myla-2017");
            books.retain(|path, _| path.ends_with(".xlsx"));
            let mut files = under("books", books);
            files.insert("untidy.csv".to_owned(), UNTIDY.as_bytes().to_vec());
            files
        }),
        steps: Box::new(|_| of_init()),
    }
}

fn help() -> Scenario {
    Scenario {
        group: "help",
        name: "help".to_owned(),
        about: String::new(),
        files: Box::new(Files::new),
        steps: Box::new(|_| of_help()),
    }
}
