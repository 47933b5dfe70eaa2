//! `init --from` on the workbooks that an officer already has: a register with head counts, sign-in sheets with a column for
//! each session, a tracking table, an export of a form. All invented. Nothing in them is changed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use donor_report::diagnostic::{Problem, Severity};
use donor_report::indicators;
use donor_report::ingest;

use crate::ingest::sheets::Folder;

fn init(folder: &Path, file: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_donor-report"));
    command
        .args(["--messages", "en", "init"])
        .arg(folder)
        .args(["--code", "T-1", "--languages", "mk", "--from"])
        .arg(file);
    command.output().expect("the program runs")
}

pub struct Officer {
    folder: Folder,
    pub target: PathBuf,
    pub told: String,
}

pub fn officer(name: &str, sheets: &[(&str, &str)]) -> Officer {
    let folder = Folder::new();
    let book = folder.book(name, sheets);
    let target = folder.path().join("project");
    let made = init(&target, &book);
    let told = String::from_utf8_lossy(&made.stdout).into_owned();
    assert!(made.status.success(), "{told}{}", String::from_utf8_lossy(&made.stderr));
    Officer { folder, target, told }
}

impl Officer {
    pub fn errors(&self) -> Vec<Problem> {
        let problems = ingest::read(&self.target).problems;
        problems.into_iter().filter(|problem| problem.severity == Severity::Error).collect()
    }

    pub fn project_file(&self) -> String {
        std::fs::read_to_string(self.target.join("project.toml")).expect("project.toml")
    }

    /// The values of indicators over the whole project.
    pub fn figures(&self) -> Vec<(String, Option<String>)> {
        let checked = ingest::read(&self.target);
        let errors: Vec<_> = self.errors().iter().map(|problem| format!("{problem:?}")).collect();
        let project = checked.project.unwrap_or_else(|| panic!("{errors:#?}\n{}", self.project_file()));
        let figures = indicators::count(&project);
        let whole = figures.periods.iter().find(|period| period.period.code == "project").expect("the project");
        let value = |at: usize| whole.figures[at].cumulative.map(|amount| amount.from.normalize().to_string());
        project.logframe.indicators.iter().enumerate().map(|(at, known)| (known.code.clone(), value(at))).collect()
    }

    /// Builds the final report, which must come out.
    pub fn build(&self) {
        let out = self.folder.path().join("out");
        let mut build = Command::new(env!("CARGO_BIN_EXE_donor-report"));
        let built = build.args(["build", "--report", "final"]).arg(&self.target).arg("--out").arg(&out).output();
        let built = built.expect("the program runs");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        assert!(out.join("T-1/project/final.mk.pdf").is_file());
    }
}

const REGISTER: &str = "
Здружение Пример
Евиденција на активности 2025
Р.бр. | Кога | Активност | < | Каде | Учесници | < | < | Реализатор | Забелешка
^ | ^ | Вид | Назив | ^ | Ж | М | Вкупно | ^ | ^
1 | @2025-01-20 | Обука | Писмо | Кичево | 9 | 7 | 16 | Канцеларија | има слики
2 | @2025-02-11 | Средба | Совет | Велес | 6 | 8 | 14 | Канцеларија |
Вкупно прв квартал | | | | | 15 | 15 | 30 | |
3 | @2025-05-09 | Обука | Работа | Струга | 12 | 5 | 17 | Партнер |
Вкупно втор квартал | | | | | 12 | 5 | 17 | |";

#[test]
fn a_register_with_head_counts_comes_to_a_report() {
    let officer = officer("Евиденција.xlsx", &[("Активности", REGISTER)]);
    assert!(officer.told.contains("head counts in columns"), "{}", officer.told);
    let file = officer.project_file();
    assert!(file.contains("[[tables.activities.counts]]"), "{file}");
    assert!(
        officer.errors().is_empty(),
        "{:?}
{file}",
        officer.errors()
    );
    let checked = ingest::read(&officer.target);
    let project = checked.project.expect("a project");
    assert_eq!(project.activities.rows.len(), 3);
    assert_eq!(project.activities.head_counts.blocks.len(), 1);
    officer.build();
}

/// A heading over several is no heading of theirs, though it alone would name a column that they don't.
const DIARY: &str = "
Здружение Пример – дневник
Р. бр. | Шифра | Датум | Место | Активност | Вид | Учесници | < | < | Статус
^ | ^ | ^ | ^ | ^ | ^ | Жени | Мажи | Вкупно | ^
1 | Д-01 | @2025-01-20 | Кичево | Писмо | Обука | 9 | 7 | 16 | завршена
2 | Д-02 | @2025-02-11 | Велес | Совет | Средба | 6 | 8 | 14 | завршена
Вкупно | | | | | | 15 | 15 | 30 |";

#[test]
fn a_diary_whose_columns_are_known_under_their_first_heading_too_comes_to_a_report() {
    let officer = officer("Дневник.xlsx", &[("Дневник", DIARY)]);
    assert!(officer.told.contains("head counts in columns"), "{}", officer.told);
    assert!(officer.errors().is_empty(), "{:?}\n{}", officer.errors(), officer.project_file());
    let project = ingest::read(&officer.target).project.expect("a project");
    assert_eq!(project.activities.rows.len(), 2);
    assert_eq!(project.activities.head_counts.blocks.len(), 1);
}

const SESSIONS: &str = "
Потписна листа
Шифра | Име и презиме | Пол | Сесија 1 | Сесија 2 | Сесија 3 | Сесија 4 | Вкупно
";

fn sign_in(place: &str, rows: usize) -> String {
    let row = |at: usize| {
        let marks: Vec<&str> = (0..4).map(|session| if (at + session).is_multiple_of(3) { "" } else { "✓" }).collect();
        let total = marks.iter().filter(|mark| !mark.is_empty()).count();
        let sex = if at.is_multiple_of(2) { "Ж" } else { "М" };
        format!("{place}-{at:02} | Измислено Име{at} | {sex} | {} | {total}\n", marks.join(" | "))
    };
    format!("{SESSIONS}{}", (0..rows).map(row).collect::<String>())
}

#[test]
fn sign_in_sheets_with_a_column_for_each_session_are_told_as_such() {
    let sheets = [("Кичево", sign_in("К", 8)), ("Велес", sign_in("В", 6)), ("Струга", sign_in("С", 7))];
    let sheets: Vec<(&str, &str)> = sheets.iter().map(|(name, rows)| (*name, rows.as_str())).collect();
    let officer = officer("Листи.xlsx", &sheets);
    assert!(officer.told.contains("a column for each session, such as Сесија 1"), "{}", officer.told);
    // What is left is to say when each activity was and of what kind: at cells.
    let errors = officer.errors();
    let is_at_cell = |problem: &Problem| problem.places.iter().all(|place| place.spot_name().is_some());
    assert!(!errors.is_empty() && errors.iter().all(is_at_cell), "{errors:#?}\n{}", officer.project_file());
    assert!(errors.iter().all(|problem| problem.places[0].file == "to-fill.xlsx"), "{errors:#?}");
}

const TRACKING: &str = "
Indicator tracking table
No. | Indicator | Unit | Baseline | Target | Q1 2025 | < | Q2 2025 | < | Q3 2025 | <
^ | ^ | ^ | ^ | ^ | Target | Achieved | Target | Achieved | Target | Achieved
1.1 | Trainings held | trainings | 0 | 12 | 4 | 3 | 4 | 5 | 4 |
1.2 | People trained | people | 0 | 240 | 80 | 61 | 80 | 102 | 80 |";

#[test]
fn a_tracking_table_becomes_targets_and_reported_values() {
    let officer = officer("ITT.xlsx", &[("ITT", TRACKING)]);
    assert!(officer.told.contains("a column for each period"), "{}", officer.told);
    assert!(
        officer.errors().is_empty(),
        "{:?}
{}",
        officer.errors(),
        officer.project_file()
    );
    let figures = officer.figures();
    assert_eq!(figures, [("1.1".to_owned(), Some("8".to_owned())), ("1.2".to_owned(), Some("163".to_owned()))]);
    let project = ingest::read(&officer.target).project.expect("a project");
    assert_eq!((project.logframe.targets.len(), project.logframe.reported.len()), (6, 4));
    officer.build();
}

const VISITS: &str = "start | end | activity_group/activity_date | activity_group/activity_code | activity_group/activity_type | activity_group/title | topics | _id | _uuid | _submission_time | _validation_status | _status | _index
2025-03-01T09:00:00.000+01:00 | 2025-03-01T10:00:00.000+01:00 | 2025-03-01 | A-01 | training | Asylum | asylum integration | 501 | u1 | 2025-03-01T10:00:00 | Approved | submitted_via_web | 1
2025-04-02T09:00:00.000+02:00 | 2025-04-02T10:00:00.000+02:00 | 2025-04-02 | A-02 | training | Work | integration | 502 | u2 | 2025-04-02T10:00:00 | Approved | submitted_via_web | 2";

const PEOPLE: &str = "participants/code | participants/sex | participants/age | participants/telephone | _index | _parent_table_name | _parent_index | _submission__id | _submission__uuid
P-1 | female | 31 | 070 000 001 | 1 | Visits | 1 | 501 | u1
P-2 | male | 24 | 070 000 002 | 2 | Visits | 1 | 501 | u1
P-1 | female | 31 | 070 000 001 | 3 | Visits | 2 | 502 | u2";

#[test]
fn an_export_of_a_form_is_read_with_its_repeats() {
    let officer = officer("kobo.xlsx", &[("Visits", VISITS), ("participants", PEOPLE)]);
    assert!(officer.told.contains("an export of KoboToolbox: each row belongs to one of Visits"), "{}", officer.told);
    let file = officer.project_file();
    for wrong in ["\"start\"", "\"end\"", "\"_id\"", "\"_index\"", "\"_status\""] {
        assert!(!file.contains(wrong), "{wrong} is no column of ours: {file}");
    }
    assert!(
        officer.errors().is_empty(),
        "{:?}
{file}",
        officer.errors()
    );
    let project = ingest::read(&officer.target).project.expect("a project");
    assert_eq!((project.activities.rows.len(), project.persons.rows.len()), (2, 2));
    assert_eq!(project.persons.attendances.len(), 3);
    officer.build();
}

const VISITS_OF_ANOTHER_PROGRAM: &str = "
ObjectID | GlobalID | Activity code | Date | Kind of visit | Title | Creator
1 | 9f-aa01 | V-1 | @2026-02-01 | training | First | ana
2 | 9f-aa02 | V-2 | @2026-03-01 | clinic | Second | ana";

const PEOPLE_OF_ANOTHER_PROGRAM: &str = "
ObjectID | GlobalID | Person code | Sex | Age | ParentGlobalID
1 | c1-bb | P-1 | F | 1 | 9f-aa01
2 | c2-bb | P-2 | M | 2 | 9f-aa01
3 | c3-bb | P-1 | F | 1 | 9f-aa02";

/// Whose program isn't known: the values of two columns say what belongs to what, whatever the headings.
#[test]
fn rows_that_belong_to_another_sheet_are_proposed_as_such() {
    let named = |officer: &Officer, written: &str| {
        assert!(officer.project_file().contains(written), "{}", officer.project_file());
        assert!(officer.errors().is_empty(), "{:?}", officer.errors());
        let project = ingest::read(&officer.target).project.expect("a project");
        assert_eq!((project.activities.rows.len(), project.persons.attendances.len()), (2, 3));
    };
    let survey =
        officer("survey.xlsx", &[("visits_0", VISITS_OF_ANOTHER_PROGRAM), ("people_1", PEOPLE_OF_ANOTHER_PROGRAM)]);
    assert!(survey.told.contains("each row belongs to one of visits_0"), "{}", survey.told);
    named(&survey, "parent = { sheet = \"visits_0\", key = \"GlobalID\", reference = \"ParentGlobalID\" }");
    // Numbers are a sign only under the same heading; the numbers of rows and the ages, which fit too, are none.
    let numbered = |text: &str| {
        let text = text.replace("9f-aa0", "").replace("ParentGlobalID", "Бр. на посета");
        text.replace("GlobalID | Activity", "Бр. на посета | Activity")
    };
    let visits = numbered(VISITS_OF_ANOTHER_PROGRAM);
    let people = numbered(PEOPLE_OF_ANOTHER_PROGRAM);
    let office = officer("office.xlsx", &[("Посети", &visits), ("Лица", &people)]);
    named(&office, "parent = { sheet = \"Посети\", key = \"Бр. на посета\", reference = \"Бр. на посета\" }");
    // Without a code of its own, the visit is known by what the persons name.
    let without = visits.replace("Activity code | ", "").replace("V-1 | ", "").replace("V-2 | ", "");
    let plain = officer("plain.xlsx", &[("Посети", &without), ("Лица", &people)]);
    assert!(!plain.project_file().contains("parent ="), "{}", plain.project_file());
    named(&plain, "activity = \"Бр. на посета\"");
    // A register of persons beside activities belongs to none of them.
    let register = people.replace("Бр. на посета", "Година на доаѓање");
    let beside = officer("beside.xlsx", &[("Посети", &visits), ("Лица", &register)]);
    assert!(
        beside.project_file().contains("[tables.participants]")
            && !beside.project_file().contains("[tables.attendance]")
    );
}

/// The sheet of households isn't attendance: the members are, who belong to a visit through it.
#[test]
fn a_repeat_within_a_repeat_is_read_through_both() {
    let visits = "
start | end | visit/code | visit/date | visit/kind | visit/title | _id | _uuid | _index
a | b | V-1 | @2026-02-01 | training | First | 501 | u1 | 1
a | b | V-2 | @2026-03-01 | clinic | Second | 502 | u2 | 2";
    let households = "
household/shelter | household/number | _index | _parent_table_name | _parent_index | _submission__id
tent | 7 | 1 | Visits | 1 | 501
flat | 8 | 2 | Visits | 2 | 502";
    let members = "
household/member/person_code | household/member/sex | _index | _parent_table_name | _parent_index | _submission__id
P-1 | F | 1 | household | 1 | 501
P-2 | M | 2 | household | 1 | 501
P-1 | F | 3 | household | 2 | 502";
    let officer = officer("form.xlsx", &[("Visits", visits), ("household", households), ("member", members)]);
    assert!(officer.told.contains("each row belongs to one of household, and that one to Visits"), "{}", officer.told);
    assert!(!officer.told.contains("not used"), "{}", officer.told);
    assert!(officer.errors().is_empty(), "{:?}", officer.errors());
    let project = ingest::read(&officer.target).project.expect("a project");
    assert_eq!((project.activities.rows.len(), project.persons.attendances.len()), (2, 3));
    // The columns by which a repeat names its form may be all that is left of it.
    let without = members
        .replace("_parent_table_name | _parent_index | ", "")
        .replace("household | 1 | 50", "50")
        .replace("household | 2 | 50", "50");
    let left = self::officer("left.xlsx", &[("Visits", visits), ("member", &without)]);
    assert!(left.project_file().contains("reference = \"_submission__id\""), "{}", left.project_file());
    assert!(left.errors().is_empty(), "{:?}", left.errors());
    left.build();
}

const NEEDS: &str = "
Шифра | Пол | Потреби | Белешка
P-1 | Ж | храна | дојде со сестра
P-2 | М | засолниште | храна за деца
P-3 | Ж | храна, засолниште |
P-4 | М | храна |
P-5 | Ж | засолниште |";

#[test]
fn cells_of_several_values_are_proposed_as_such() {
    let officer = officer("Регистар.xlsx", &[("Учесници", NEEDS)]);
    let file = officer.project_file();
    assert!(file.contains("\"Потреби\" = { heading = \"Потреби\", split = [\",\"] }"), "{file}");
    assert!(!file.contains("Белешка"), "{file}");
    assert!(officer.told.contains("cells of Потреби hold several values"), "{}", officer.told);
    let read = ingest::read(&officer.target);
    assert!(!read.problems.iter().any(|problem| problem.code == "joined-values"), "{:?}", read.problems);
    let about_file = |problem: &&Problem| problem.places.iter().any(|place| place.file == "project.toml");
    let own: Vec<_> = read.problems.iter().filter(about_file).filter(|one| one.severity == Severity::Error).collect();
    assert!(own.is_empty(), "{own:?}");
}

/// A list as it is signed at the door; people have no codes.
fn event_list(title: &str, day: &str, place: &str, people: &[(&str, &str)]) -> String {
    let rows: String =
        people.iter().enumerate().map(|(at, (name, sex))| format!("{} | {name} | {sex} |\n", at + 1)).collect();
    format!(
        "Листа на присутни\nАктивност: | {title} | Датум: | {day}\nМесто: | {place}\n\n\
         Р.бр. | Име и презиме | Пол | Потпис\n{rows}"
    )
}

#[test]
fn a_workbook_for_each_event_comes_to_a_report() {
    let folder = Folder::new();
    let lists = folder.path().join("listi");
    std::fs::create_dir(&lists).expect("a folder");
    let people = [("Измислена Ана", "Ж"), ("Измислен Бојан", "М"), ("Измислена Вера", "Ж")];
    for at in 0..60 {
        let day = format!("@2025-{:02}-{:02}", 1 + at / 6, 1 + at % 6 * 4);
        let place = ["Кичево", "Велес", "Струга"][at % 3];
        let sheet = event_list(&format!("Работилница {at}"), &day, place, &people[..1 + at % 3]);
        let book = folder.book("list.xlsx", &[("Листа", &sheet)]);
        std::fs::rename(book, lists.join(format!("lista-{at:02}.xlsx"))).expect("a file");
    }
    let target = folder.path().join("project");
    let made = init(&target, &lists);
    let told = String::from_utf8_lossy(&made.stdout).into_owned();
    assert!(made.status.success(), "{told}{}", String::from_utf8_lossy(&made.stderr));
    assert!(told.contains("each of these sheets is one activity"), "{told}");
    let officer = Officer { folder, target, told };
    let file = officer.project_file();
    assert!(file.contains("files = \"lista-*.xlsx\"") && file.contains("activity = { cell = \"B2\" }"), "{file}");
    assert!(officer.errors().is_empty(), "{:?}\n{file}", officer.errors());
    let project = ingest::read(&officer.target).project.expect("a project");
    assert_eq!((project.activities.rows.len(), project.persons.rows.len()), (60, 3));
    assert_eq!(project.persons.attendances.len(), 120);
    officer.build();
}

#[test]
fn an_event_whose_labels_are_in_the_cells_of_their_values_comes_to_figures() {
    let sheets: Vec<(String, String)> = (1..=3)
        .map(|at| {
            let above = format!("Focus group: Topic {at}\nDate: {at}.3.2025 | Place: Велес\nParticipants: 2");
            let list = format!("{above}\n\nNo. | Code | Sex\n1 | P1 | F\n2 | P{} | M\n\nFacilitator: Ana", at + 1);
            (format!("Group {at}"), list)
        })
        .collect();
    let sheets: Vec<(&str, &str)> = sheets.iter().map(|(name, list)| (name.as_str(), list.as_str())).collect();
    let officer = officer("groups.xlsx", &sheets);
    let file = officer.project_file();
    assert!(file.contains("activity = { cell = \"A1\", after = \":\" }"), "{file}");
    assert!(officer.errors().is_empty(), "{:?}\n{file}", officer.errors());
    let project = ingest::read(&officer.target).project.expect("a project");
    assert_eq!((project.activities.rows.len(), project.persons.attendances.len()), (3, 6));
    assert!(
        project.activities.rows.iter().all(|activity| activity.date.is_some_and(|date| date.month() == 3)),
        "{file}"
    );
}

#[test]
fn a_sheet_for_each_event_of_one_title_is_named_by_the_sheet() {
    let sheets: Vec<(String, String)> = (1..=3)
        .map(|at| {
            let list = format!("Event | Club\nDate | @2025-03-{at:02}\n\nCode | Sex\nP1 | F\nP{} | M", at + 1);
            (format!("Meeting {at}"), list)
        })
        .collect();
    let sheets: Vec<(&str, &str)> = sheets.iter().map(|(name, list)| (name.as_str(), list.as_str())).collect();
    let officer = officer("club.xlsx", &sheets);
    let file = officer.project_file();
    assert!(file.contains("activity = { sheet = true }"), "{file}");
    assert!(officer.errors().is_empty(), "{:?}\n{file}", officer.errors());
    let project = ingest::read(&officer.target).project.expect("a project");
    assert_eq!((project.activities.rows.len(), project.persons.attendances.len()), (3, 6));
}
