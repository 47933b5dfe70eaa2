//! `init --from`: workbooks as projects have them, in both languages and untidy; all invented.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use donor_report::diagnostic::Severity;
use donor_report::indicators;
use donor_report::ingest;

use crate::ingest::sheets::Folder;

fn init(folder: &Path, files: &[&Path], more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_donor-report"));
    command.arg("init").arg(folder).args(more).arg("--from").args(files);
    command.output().expect("the program runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn mapping(folder: &Path) -> toml::Table {
    toml::from_str(&std::fs::read_to_string(folder.join("project.toml")).expect("project.toml")).expect("TOML")
}

fn heading<'t>(project: &'t toml::Table, table: &str, column: &str) -> Option<&'t str> {
    project["tables"].get(table)?.get("columns")?.get(column)?.as_str()
}

/// Codes of errors, with how often each is told.
fn errors(folder: &Path) -> BTreeMap<&'static str, u64> {
    let checked = ingest::read(folder);
    let mut found = BTreeMap::new();
    for problem in checked.problems.iter().filter(|problem| problem.severity == Severity::Error) {
        *found.entry(problem.code).or_default() += problem.count.max(1);
    }
    found
}

const UNTIDY: &str = "
Преглед на реализирани активности во 2025 година
Подготвила: служба за мониторинг

Р.бр. | Кога е одржано | Вид на настан | Тема на настанот | Место | Вк. присутни | Забелешка
А-1 | @2025-02-03 | Обука | Основи на азилот | Куманово | 16 | фотографии има
А-2 | @2025-03-05 | Работилница | Интеграција | Бутел | 12 |
А-3 | @2025-06-11 | Обука | Права на барателите | Куманово | 20 |
Вкупно | | | | | 48 |";

/// Titles above the table, headings that nobody foresaw, a total below: the mapping is found, and what is lacking is
/// given as a workbook to fill in; the project can then be read as it is.
#[test]
fn an_untidy_macedonian_workbook_becomes_a_project_that_can_be_built() {
    let folder = Folder::new();
    let source = folder.book("Активности 2025.xlsx", &[("Белешки", "Нешто\nсосема друго"), ("Реализирани", UNTIDY)]);
    let target = folder.path().join("project");
    let made = init(&target, &[&source], &["--code", "AZIL-25"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let told = stdout(&made);
    let project = mapping(&target);
    for (column, written) in [
        ("id", "Р.бр."),
        ("date", "Кога е одржано"),
        ("type", "Вид на настан"),
        ("title", "Тема на настанот"),
        ("municipality", "Место"),
        ("reached", "Вк. присутни"),
    ] {
        assert_eq!(heading(&project, "activities", column), Some(written), "{column}: {told}");
    }
    assert_eq!(project["tables"]["activities"]["sheet"].as_str(), Some("Реализирани"));

    assert_eq!(errors(&target), BTreeMap::new(), "{told}");
    let checked = ingest::read(&target);
    let project = checked.project.expect("a project");
    assert_eq!(project.activities.rows.len(), 3);
    assert_eq!(project.settings.start, jiff::civil::date(2025, 1, 1));
    let figures = indicators::count(&project);
    let whole = figures.periods.iter().find(|figures| figures.period.code == "project").expect("the project");
    assert_eq!(whole.figures[0].cumulative.and_then(|amount| amount.single()), Some(3.into()));
    let types = checked.lists.lists.iter().find(|list| list.name == "type").expect("a list of types");
    let codes: Vec<&str> = types.entries.iter().map(|entry| entry.code.as_str()).collect();
    assert_eq!(codes, ["Обука", "Работилница"]);

    let out = folder.path().join("out");
    let mut build = Command::new(env!("CARGO_BIN_EXE_donor-report"));
    let built = build.args(["build", "--report", "final"]).arg(&target).arg("--out").arg(&out).output().expect("runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    assert!(out.join("AZIL-25/project/final.mk-en.pdf").is_file());
}

/// The headings of another tool (`activity_id`, `people_reached`, `title_mk`), three workbooks, and a logframe in words of
/// its own: tables are told apart, and what can't be read is told by cell and not by heading.
#[test]
fn the_headings_of_another_tool_are_mapped_and_its_own_formulas_told() {
    let folder = Folder::new();
    let files = [
        folder.book(
            "activities.xlsx",
            &[(
                "Activities",
                "id | date | type | municipality | partner | output | status | title_mk | title_en | people_reached
A00001 | @2025-01-12 | training | Скопје | Црвена линија | OP1 | completed | Обука | Training | 7
A00002 | @2025-05-02 | campaign | Битола | Фондација Заедно | OP3 | planned | Кампања | Campaign |",
            )],
        ),
        folder.book(
            "participants.xlsx",
            &[(
                "Participants",
                "activity_id | person_id | name | sex | birth_year | status | organisation | municipality | date
A00001 | P0000001 | Ана Измислена | F | 1990 | citizen | | Скопје | @2025-01-12
A00001 | P0000002 | Петар Измислен | M | 1985 | refugee | | Битола | @2025-01-12",
            )],
        ),
        folder.book(
            "indicators.xlsx",
            &[
                (
                    "Indicators",
                    "code | level | title_mk | title_en | unit | baseline | target | calculation | filters
OP1.1 | output | Обуки | Trainings | activities | 0 | 5 | count_activities | activity.type=training",
                ),
                (
                    "Targets",
                    "code | period | target
OP1.1 | 2025-Q1 | 2",
                ),
            ],
        ),
    ];
    let target = folder.path().join("project");
    let files: Vec<&Path> = files.iter().map(|path| path.as_path()).collect();
    let made = init(&target, &files, &[]);
    let told = stdout(&made);
    let project = mapping(&target);
    assert_eq!(heading(&project, "activities", "reached"), Some("people_reached"), "{told}");
    assert_eq!(heading(&project, "activities", "result"), Some("output"));
    assert_eq!(project["tables"]["activities"]["columns"]["title"]["mk"].as_str(), Some("title_mk"));
    assert_eq!(heading(&project, "attendance", "activity"), Some("activity_id"));
    assert_eq!(heading(&project, "attendance", "person"), Some("person_id"));
    assert_eq!(heading(&project, "indicators", "where"), Some("filters"), "a near miss is proposed");
    assert_eq!(heading(&project, "targets", "indicator"), Some("code"));
    assert!(project["tables"].get("participants").is_none(), "one sheet of attendance is as good as two: {told}");
    let told = errors(&target);
    let of_headings =
        ["mapped-heading-missing", "missing-column", "doubled-column", "table-not-found", "several-sheets"];
    assert!(of_headings.iter().all(|code| !told.contains_key(code)), "{told:?}");
    assert!(told.contains_key("bad-calculation"), "{told:?}");
}

const EUROPEAN: &str = "
No. | Indicator (EN) | Индикатор (МК) | Unit of measure | How counted | Baseline 2024 | Target 2026 | Means of verification
I1 | Trainings held | Одржани обуки | trainings | activities | | 4 | Minutes
I2 | People trained | Обучени лица | people | people | | 30 | Attendance lists";

/// A logframe whose languages stand side by side, partners' workbooks of one template, and a list of attendance as CSV.
#[test]
fn a_template_that_several_partners_filled_in_is_one_table() {
    let folder = Folder::new();
    let head = "Activity code | Date held | Activity type | Назив (мк) | Title (en) | Town";
    let one = format!("{head}\nA-1 | @2026-02-03 | training | Обука | Training | Скопје");
    let two = format!("{head}\nB-1 | @2026-03-03 | training | Обука | Training | Тетово");
    let monthly = format!("{head}\nC-1 | @2026-04-03 | training | Обука | Training | Тетово");
    let list = folder.write(
        "Листа присутни.csv",
        "Шифра на активност;Учесник;Пол (м/ж);Год. на раѓање\nA-1;U-1;ж;1990\nB-1;U-2;м;1985\n",
    );
    let files = [
        folder.book("partner-a.xlsx", &[("Реализација", &one), ("Април", &monthly)]),
        folder.book("partner-b.xlsx", &[("Реализација", &two)]),
        folder.book("Logframe.xlsx", &[("M&E plan", EUROPEAN)]),
        list,
    ];
    let target = folder.path().join("project");
    let files: Vec<&Path> = files.iter().map(|path| path.as_path()).collect();
    // A folder is as good as its files, and an editor's lock file in it is none.
    folder.write("~$Logframe.xlsx", "a lock");
    let by_folder = folder.path().join("by-folder");
    assert!(init(&by_folder, &[folder.path()], &["--languages", "en,mk"]).status.success());
    let made = init(&target, &files, &["--languages", "en,mk"]);
    assert_eq!(mapping(&by_folder)["tables"]["indicators"], mapping(&target)["tables"]["indicators"]);
    let told = stdout(&made);
    let project = mapping(&target);
    let shared = project["tables"]["activities"]["files"].as_array().unwrap_or_else(|| panic!("{told}"));
    assert_eq!(shared.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>(), ["partner-a.xlsx", "partner-b.xlsx"]);
    assert!(told.contains("not used: partner-a.xlsx, sheet Април looks like activities too"), "{told}");
    let title = &project["tables"]["indicators"]["columns"]["title"];
    assert_eq!(
        (title["mk"].as_str(), title["en"].as_str()),
        (Some("Индикатор (МК)"), Some("Indicator (EN)")),
        "{told}"
    );
    assert_eq!(heading(&project, "indicators", "target"), Some("Target 2026"), "{told}");
    assert_eq!(heading(&project, "indicators", "baseline"), Some("Baseline 2024"));
    assert_eq!(heading(&project, "attendance", "sex"), Some("Пол (м/ж)"));
    assert_eq!(heading(&project, "attendance", "birth_year"), Some("Год. на раѓање"));
    assert_eq!(errors(&target), BTreeMap::new(), "{told}");
    let project = ingest::read(&target).project.expect("a project");
    assert_eq!((project.activities.rows.len(), project.persons.rows.len()), (2, 2));
}

/// A workbook in the folder itself stays there and as it is.
#[test]
fn nothing_is_overwritten() {
    let folder = Folder::new();
    let source = folder.book("data.xlsx", &[("Активности", UNTIDY)]);
    let before = std::fs::read(&source).expect("the workbook");
    assert!(init(folder.path(), &[&source], &[]).status.success());
    assert_eq!(std::fs::read(&source).expect("the workbook"), before);
}
