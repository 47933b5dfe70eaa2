//! The same attendance of 40 invented persons at 12 sessions, in every shape in which it arrives.

use std::collections::BTreeSet;
use std::fmt::Write;

use donor_report::indicators;
use donor_report::ingest::{self, Checked};
use donor_report::model::{RowRef, SheetId};
use donor_report::report::figures as published;

use super::sheets::Folder;

const PERSONS: usize = 40;
const SESSIONS: usize = 12;

/// Whether a person was at a session: no two of either have the same pattern.
fn attended(person: usize, session: usize) -> bool {
    !(person * 7 + session * 5 + person * session).is_multiple_of(3)
}

fn day(session: usize) -> String {
    format!("2017-{:02}-{:02}", session + 1, 3 + session)
}

fn sex(person: usize) -> &'static str {
    if person.is_multiple_of(3) { "M" } else { "F" }
}

const PROJECT: &str = r#"code = "TEST-1"
languages = ["en"]
start = 2017-01-01
end = 2017-12-31
title = { en = "A test" }

[periods]
quarters = true

[[reports]]
name = "quarterly"
periods = ["2017-Q1"]
documents = [["en"]]
"#;

/// A project whose attendance is read as `tables` say, from the files that `fill` writes.
fn project(tables: &str, fill: impl Fn(&Folder)) -> (Folder, Checked) {
    let folder = Folder::new();
    let mut activities = "id | date | type | title | municipality\n".to_owned();
    for session in 0..SESSIONS {
        let place = if session % 2 == 0 { "Butel" } else { "Kumanovo" };
        writeln!(activities, "S-{session:02} | @{} | training | Session {session} | {place}", day(session))
            .expect("a text");
    }
    let mut participants = "person | sex | birth_year\n".to_owned();
    for person in 0..PERSONS {
        writeln!(participants, "P-{person:02} | {} | {}", sex(person), 1950 + person).expect("a text");
    }
    let indicators = "code | title | unit | calculation | where | by\n\
        I1 | People | people | people | | sex; age; sex × age\n\
        I2 | Times | times | attendances | | sex\n\
        I3 | Women in Butel | people | people | sex = F; activity.municipality = Butel | age\n";
    let lists = "list | code | label\ntype | training | training\nmunicipality | Butel | Butel\nmunicipality | Kumanovo | Kumanovo\n";
    let sheets = [
        ("Activities", activities.as_str()),
        ("Participants", &participants),
        ("Indicators", indicators),
        ("Lists", lists),
    ];
    folder.book("data.xlsx", &sheets);
    fill(&folder);
    folder.write("project.toml", format!("{PROJECT}\n{tables}"));
    let checked = ingest::read(folder.path());
    (folder, checked)
}

fn figures(checked: &Checked) -> String {
    let errors: Vec<&str> = checked
        .problems
        .iter()
        .filter(|problem| problem.severity.code() == "error")
        .map(|problem| problem.code)
        .collect();
    let project = checked.project.as_ref().unwrap_or_else(|| panic!("{errors:?}"));
    let figures = indicators::count(project);
    published::json_lines(project, &figures, published::select_periods(&figures, None))
}

/// Every attendance: person, session.
fn attendances() -> impl Iterator<Item = (usize, usize)> {
    let all = (0..PERSONS).flat_map(|person| (0..SESSIONS).map(move |session| (person, session)));
    all.filter(|(person, session)| attended(*person, *session))
}

fn register(heading: impl Fn(usize) -> String) -> String {
    let heads: Vec<String> = (0..SESSIONS).map(heading).collect();
    let mut text = format!("Person | {} | Total\n", heads.join(" | "));
    for person in 0..PERSONS {
        let marks: Vec<&str> = (0..SESSIONS).map(|session| if attended(person, session) { "✓" } else { "" }).collect();
        let total = marks.iter().filter(|mark| !mark.is_empty()).count();
        writeln!(text, "P-{person:02} | {} | {total}", marks.join(" | ")).expect("a text");
    }
    text
}

const LONG: &str = "[tables.attendance]\nfile = \"long.xlsx\"\n";

fn write_long(folder: &Folder) {
    let mut rows = "activity | person | date\n".to_owned();
    for (person, session) in attendances() {
        writeln!(rows, "S-{session:02} | P-{person:02} | @{}", day(session)).expect("a text");
    }
    folder.book("long.xlsx", &[("Attendance", &rows)]);
}

fn wide(heads: &str) -> String {
    format!(
        "[tables.attendance]\nfile = \"register.xlsx\"\nlayout = \"wide\"\nheads = \"{heads}\"\nmarks = {{ present = [\"✓\"] }}\ntotal = \"Total\"\n"
    )
}

fn form(file: &str, source: &str, sheet: &str, activity: &str, person: &str, date: &str) -> String {
    format!(
        "[tables.attendance]\nfile = \"{file}\"\nsource = \"{source}\"\n{sheet}columns = {{ activity = \"{activity}\", person = \"{person}\", date = \"{date}\" }}\n"
    )
}

fn write_kobo(folder: &Folder) {
    let mut visits = "start | visit/code | visit/day | _id | _index\n".to_owned();
    let mut people = "people/person | _index | _parent_table_name | _parent_index | _submission__id\n".to_owned();
    let mut row = 0;
    for session in 0..SESSIONS {
        writeln!(visits, "2017-12-30 | S-{session:02} | {} | {} | {}", day(session), 900 + session, session + 1)
            .expect("a text");
        for person in (0..PERSONS).filter(|person| attended(*person, session)) {
            row += 1;
            writeln!(people, "P-{person:02} | {row} | Visits | {} | {}", session + 1, 900 + session).expect("a text");
        }
    }
    folder.book("kobo.xlsx", &[("Visits", &visits), ("people", &people)]);
}

fn write_odk(folder: &Folder) {
    let mut visits = "SubmissionDate,visit-code,visit-day,KEY\n".to_owned();
    let mut people = "person,PARENT_KEY,KEY\n".to_owned();
    for session in 0..SESSIONS {
        writeln!(visits, "2017-12-30T10:00:00Z,S-{session:02},{},uuid:{session}", day(session)).expect("a text");
    }
    for (person, session) in attendances() {
        writeln!(people, "P-{person:02},uuid:{session},uuid:{session}/people[{person}]").expect("a text");
    }
    folder.write("visits.csv", visits);
    folder.write("visits-people.csv", people);
}

fn write_commcare(folder: &Folder) {
    let mut visits = "number | form.visit.code | form.visit.day\n".to_owned();
    let mut people = "number | number__0 | number__1 | form.people.person\n".to_owned();
    for session in 0..SESSIONS {
        writeln!(visits, "{session} | S-{session:02} | {}", day(session)).expect("a text");
    }
    for (person, session) in attendances() {
        writeln!(people, "'{session}.{person} | {session} | {person} | P-{person:02}").expect("a text");
    }
    folder.book("commcare.xlsx", &[("Forms", &visits), ("Repeat- people", &people)]);
}

/// Writes the tables of a project into its folder.
type WriteFolder = Box<dyn Fn(&Folder)>;

#[test]
fn every_shape_gives_the_figures_of_long_rows() {
    let (_, long) = project(LONG, write_long);
    let expected = figures(&long);
    let rows = attendances().count() as u64;
    let shapes: [(String, WriteFolder); 5] = [
        (
            wide("date"),
            Box::new(|folder| {
                drop(folder.book("register.xlsx", &[("Register", &register(|session| format!("@{}", day(session))))]))
            }),
        ),
        (
            wide("activity"),
            Box::new(|folder| {
                drop(folder.book("register.xlsx", &[("Register", &register(|session| format!("S-{session:02}")))]))
            }),
        ),
        (form("kobo.xlsx", "kobo", "sheet = \"people\"\n", "visit/code", "person", "visit/day"), Box::new(write_kobo)),
        (form("visits-people.csv", "odk", "", "visit-code", "person", "visit-day"), Box::new(write_odk)),
        (
            form(
                "commcare.xlsx",
                "commcare",
                "sheet = \"Repeat- people\"\n",
                "form.visit.code",
                "form.people.person",
                "form.visit.day",
            ),
            Box::new(write_commcare),
        ),
    ];
    for (tables, fill) in &shapes {
        let (_, checked) = project(tables, fill);
        assert_eq!(figures(&checked), expected, "{tables}");
        let account = checked.accounts.iter().find(|account| account.table == "attendance").expect("an account");
        assert_eq!((account.read, account.used), (rows, rows), "{tables}");
        let project = checked.project.as_ref().expect("a project");
        let places: BTreeSet<String> = project
            .persons
            .attendances
            .iter()
            .map(|attendance| project.sources.place(attendance.row).to_string())
            .collect();
        assert_eq!(places.len() as u64, rows, "each attendance has a place of its own: {tables}");
    }
}

#[test]
fn a_row_made_of_a_cell_is_found_by_it() {
    let (_, checked) = project(&wide("date"), |folder| {
        folder.book("register.xlsx", &[("Register", &register(|session| format!("@{}", day(session))))]);
    });
    let project = checked.project.as_ref().expect("a project");
    let sheet =
        (0..).zip(&project.sources.sheets).find(|(_, sheet)| sheet.file == "register.xlsx").expect("the sheet").0;
    for (person, session) in (0..PERSONS).flat_map(|person| (0..SESSIONS).map(move |session| (person, session))) {
        let row = RowRef::of_cell(SheetId(sheet), person as u32 + 2, session as u32 + 1);
        let found = indicators::find_row(project, row);
        let is_attendance = matches!(found, indicators::RowKind::Attendance(_));
        assert_eq!(is_attendance, attended(person, session), "{}", project.sources.place(row));
    }
}
