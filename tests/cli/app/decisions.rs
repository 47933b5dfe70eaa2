//! What an officer decides by choosing: tables and columns, persons, waivers, limits.

use serde_json::{Value, json};

use super::{App, Folder, figure, is_whole, small_project};
use crate::cli::build::{ATTENDANCE, PROJECT};

fn set(app: &App, changes: &Value) -> Value {
    let hash = app.get(&app.path("settings.json")).json()["hash"].clone();
    app.post(&app.path("settings"), &json!({ "based_on": hash, "changes": changes }).to_string()).json()
}

/// The decisions about the first problem of a kind.
fn decisions(app: &App, state: &Value, code: &str) -> Value {
    let groups = state["problems"].as_array().expect("problems");
    let group = groups.iter().find(|group| group["code"] == code).unwrap_or_else(|| panic!("no {code}: {state}"));
    let at = &group["problems"][0]["at"];
    app.get(&app.path(&format!("decisions/{}/{at}", state["revision"]))).json()
}

fn has_problem(state: &Value, code: &str) -> bool {
    state["problems"].as_array().is_some_and(|groups| groups.iter().any(|group| group["code"] == code))
}

fn decide(app: &App, decision: &Value) -> Value {
    set(app, &decision["changes"])
}

#[test]
fn a_problem_is_accepted_up_to_its_number_with_a_reason() {
    let folder = small_project();
    super::write(
        &folder,
        super::ACTIVITIES,
        &format!("{ATTENDANCE}\nA-77 | P1 | F | 1990\nA-78 | P2 | M | 1985"),
        super::INDICATORS,
    );
    let app = App::of(folder.path(), &[]);
    let mut news = app.news();
    let state = news.until(&app, |state| has_problem(state, "unknown-activity"));
    let offered = decisions(&app, &state, "unknown-activity");
    let decision = &offered["decisions"][0];
    assert_eq!((&decision["kind"], &decision["about"]), (&json!("waive"), &json!(["2", "Attendance"])), "{offered}");
    assert_eq!(decision["asks_reason"], true);
    let mut decision = decision.clone();
    for pair in decision["changes"][0]["add"].as_array_mut().expect("a waiver") {
        if pair[0] == "reason" {
            pair[1] = json!({ "mk": "стари шифри", "en": "old codes" });
        }
    }
    let outcome = decide(&app, &decision);
    assert_eq!(outcome["done"], true, "{outcome}");
    let mended = news.until(&app, |state| is_whole(state) && !has_problem(state, "too-many-waived"));
    assert_eq!(mended["counted_now"], true);

    // One more of them passes the limit, which is raised by choosing.
    super::write(
        &folder,
        super::ACTIVITIES,
        &format!("{ATTENDANCE}\nA-77 | P1 | F | 1990\nA-78 | P2 | M | 1985\nA-79 | P2 | M | 1985"),
        super::INDICATORS,
    );
    let over = news.until(&app, |state| has_problem(state, "too-many-waived"));
    let offered = decisions(&app, &over, "too-many-waived");
    assert_eq!(offered["decisions"][0]["kind"], "waive_more", "{offered}");
    assert_eq!(decide(&app, &offered["decisions"][0])["done"], true);
    news.until(&app, is_whole);
    let text = std::fs::read_to_string(folder.path().join("small/project.toml")).expect("project.toml");
    assert!(text.contains("at_most = 3"), "{text}");
}

/// The same name, year and sex under two codes: one person or two, as chosen, and never asked again.
#[test]
fn who_is_the_same_person_is_decided_by_choosing() {
    for (at, people) in [(0, "2"), (1, "3")] {
        let folder = small_project();
        let attendance = "activity | person | name | sex | birth_year
A-01 | P1 | Ана Изминска | F | 1990
A-01 | P2 | Бојан Измински | M | 1985
A-02 | P3 | Ана Изминска | F | 1990";
        super::write(&folder, super::ACTIVITIES, attendance, super::INDICATORS);
        let app = App::of(folder.path(), &[]);
        let mut news = app.news();
        let state = news.until(&app, |state| has_problem(state, "probable-duplicate"));
        let offered = decisions(&app, &state, "probable-duplicate");
        let decision = &offered["decisions"][at];
        assert_eq!(decision["about"], json!(["P3", "P1"]), "{offered}");
        let outcome = decide(&app, decision);
        assert_eq!(outcome["done"], true, "{outcome}");
        let decided = news.until(&app, |state| is_whole(state) && !has_problem(state, "probable-duplicate"));
        assert_eq!(figure(&decided, "2025-Q2", "T1")["cumulative"], people);
    }
}

#[test]
fn a_link_of_persons_who_are_not_there_or_of_one_alone_is_an_error() {
    let folder = small_project();
    for (links, code) in [("same = [[\"P1\", \"P99\"]]", "unknown-person"), ("different = [[\"P1\"]]", "lone-link")] {
        folder.write("small/project.toml", format!("{PROJECT}\n[persons]\n{links}\n"));
        let checked = donor_report::pipeline::check(&folder.path().join("small"));
        let problem = checked.problems.iter().find(|problem| problem.code == code);
        let place = &problem.unwrap_or_else(|| panic!("no {code}")).places[0];
        assert_eq!(place.file, "project.toml");
    }
}

/// Which row is the heading is said where two could be.
#[test]
fn the_row_of_the_headings_is_chosen() {
    let folder = Folder::new();
    let twice = format!("id | date | type | title\nA-99 | @2025-01-09 | training | A sample\n\n{}", super::ACTIVITIES);
    super::write(&folder, &twice, ATTENDANCE, super::INDICATORS);
    let read = |header: &str| {
        folder.write("small/project.toml", format!("{PROJECT}\n[tables.activities]\n{header}\n"));
        let checked = donor_report::ingest::read(&folder.path().join("small"));
        let activities = checked.accounts.iter().find(|account| account.table == "activities");
        activities.map(|account| account.read)
    };
    assert_eq!(read(""), None, "both have rows of data");
    assert_eq!(read("header = 4"), Some(2), "below the fourth row");
    assert_eq!(read("header = 1"), Some(4), "below the first row");
}

#[test]
fn what_a_limit_hides_is_told_before_it_is_written() {
    let example = crate::cli::build::example();
    let app = App::of(example.path(), &[]);
    app.news().until(&app, is_whole);
    let hidden = |report: &str, limit: u32| app.get(&app.path(&format!("hidden/{report}/{limit}"))).json();
    let of = |answer: &Value, when: &str| answer[0][when]["hidden"].as_u64().expect("a number");
    let same = hidden("quarterly", 5);
    assert_eq!(same[0]["now"], same[0]["then"], "{same}");
    let open = hidden("quarterly", 0);
    assert_eq!(of(&open, "then"), 0);
    let strict = hidden("quarterly", 50);
    assert!(of(&strict, "then") + strict[0]["then"]["axes"].as_u64().expect("axes") > of(&strict, "now"), "{strict}");
    let all = hidden("-", 5);
    assert_eq!(all.as_array().map(Vec::len), Some(3), "each report without a limit of its own");
    assert_eq!(app.get(&app.path("hidden/quarterly/many")).status, 404);
}

/// A sheet with its first rows, what its columns mean, and what comes of choosing something else.
#[test]
fn columns_are_taken_for_what_is_chosen_and_names_are_not_shown() {
    let folder = Folder::new();
    folder.write("small/project.toml", PROJECT);
    let named = "activity | person | name | sex | born when
A-01 | P1 | Ана Изминска | F | 1990
A-01 | P2 | Бојан Измински | M | 1985
A-02 | P3 | Цвета Изминска | F | 1999";
    super::write(&folder, super::ACTIVITIES, named, super::INDICATORS);
    folder.book("small/more.xlsx", &[("Заметки", "Белешка | Нешто\nеден | два")]);
    let app = App::of(folder.path(), &[]);
    let mut news = app.news();
    news.until(&app, is_whole);
    let answer = app.get(&app.path("tables.json"));
    assert!(!answer.text().contains("Измин"), "{}", answer.text());
    let view = answer.json();
    let sheet = |view: &Value, name: &str| {
        let sheets = view["sheets"].as_array().expect("sheets").clone();
        sheets.into_iter().find(|sheet| sheet["sheet"] == name).unwrap_or_else(|| panic!("no {name}: {view}"))
    };
    let attendance = sheet(&view, "Attendance");
    let column = |sheet: &Value, heading: &str| {
        let columns = sheet["columns"].as_array().expect("columns").clone();
        columns.into_iter().find(|column| column["heading"] == heading).expect("the column")
    };
    assert_eq!(column(&attendance, "person")["meanings"][0]["name"], "person");
    assert_eq!(column(&attendance, "born when")["meanings"], json!([]));
    assert_eq!(sheet(&view, "Заметки")["tables"], json!([]));
    let account = |view: &Value, table: &str| {
        let tables = view["tables"].as_array().expect("tables").clone();
        tables.into_iter().find(|card| card["name"] == table).expect("the table")["account"].clone()
    };
    assert_eq!(account(&view, "attendance")["used"], 3);

    let change = json!([{ "at": ["tables", "attendance", "columns", "birth_year"], "set": "born when" }]);
    assert_eq!(set(&app, &change)["done"], true);
    news.until(&app, |state| is_whole(state) && state["revision"] != 1);
    let view = app.get(&app.path("tables.json")).json();
    assert_eq!(column(&sheet(&view, "Attendance"), "born when")["meanings"][0]["name"], "birth_year");

    // A sheet that isn't there is refused in words by the check of the whole, not written away in silence.
    let wrong = json!([{ "at": ["tables", "attendance", "file"], "set": "nowhere.xlsx" }]);
    let refused = set(&app, &wrong);
    assert_eq!(refused["done"], false, "{refused}");
}
