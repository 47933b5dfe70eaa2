//! A new project from the page, in a folder without any.

use serde_json::{Value, json};

use super::{App, Folder, is_whole};

fn begin(app: &App, request: Value) -> Value {
    app.post("begin", &request.to_string()).json()
}

fn questions(folder: &str) -> Value {
    json!({
        "folder": folder, "of": "questions", "languages": ["mk", "en"], "code": "WATER-01",
        "start": "2026-02-01", "end": "2027-06-30",
        "title": { "mk": "Чиста вода", "en": "Clean water" },
        "donor": { "en": "An invented fund" }, "grant": "G-7", "reports": ["quarterly", "eu-annex-vi-interim"], "organisation": { "mk": "Здружение Пример" },
    })
}

/// Gives a workbook for a new project.
fn give(app: &App, folder: &str, name: &str, bytes: &[u8]) -> Value {
    super::given::give(app, &format!("begin/{folder}/{name}"), bytes)
}

#[test]
fn a_project_is_made_of_a_few_answers_and_followed_from_then_on() {
    let folder = Folder::new();
    let app = App::of(folder.path(), &[]);
    let list = app.get("projects.json").json();
    assert_eq!((&list["can_begin"], &list["projects"]), (&json!(true), &json!([])));
    assert_eq!(app.get("begin.json").json()["folders"], json!([]));

    let made = begin(&app, questions("water"));
    assert_eq!(made["done"], true, "{made}");
    let project = folder.path().join("water");
    let text = std::fs::read_to_string(project.join("project.toml")).expect("project.toml");
    assert!(text.contains("title = { en = \"Clean water\", mk = \"Чиста вода\" }"), "{text}");
    assert!(text.contains("code = \"WATER-01\"") && text.contains("end = 2027-06-30"), "{text}");
    assert!(text.contains("name = { mk = \"Здружение Пример\" }"), "{text}");
    assert!(text.contains("grant = \"G-7\"") && text.contains("eu-annex-vi-interim"), "{text}");
    assert!(project.join("data.xlsx").is_file() && project.join("pseudonyms.key").is_file());
    assert_eq!(app.project()["id"], made["id"]);
    let mut news = app.news();
    news.until(&app, |state| state["revision"].as_u64().is_some_and(|revision| revision > 0));

    // A save in the new folder is seen.
    folder.write("water/project.toml", text.replace("Clean water", "Cleaner water"));
    news.until(&app, |_| app.project()["title"]["text"] == "Cleaner water");

    assert_eq!(begin(&app, questions("water"))["done"], false, "nothing is written over");
    let example = begin(&app, json!({ "folder": "example", "of": "example" }));
    assert_eq!(example["done"], true, "{example}");
    assert_eq!(app.get("projects.json").json()["projects"].as_array().map(Vec::len), Some(2));
}

#[test]
fn answers_that_cannot_be_are_refused_in_words_and_make_nothing() {
    let folder = Folder::new();
    let app = App::of(folder.path(), &["--messages", "mk"]);
    let wrong = |key: &str, value: Value| {
        let mut request = questions("new");
        request[key] = value;
        request
    };
    for request in [
        wrong("folder", json!("../outside")),
        wrong("folder", json!("")),
        wrong("folder", json!(".hidden")),
        wrong("folder", json!("con")),
        wrong("folder", json!("build")),
        wrong("folder", json!("a/b")),
        wrong("code", json!("a b")),
        wrong("languages", json!([])),
        wrong("languages", json!(["xx"])),
        wrong("start", json!("soon")),
        wrong("end", json!("2025-01-01")),
        wrong("reports", json!(["no such"])),
        wrong("of", json!("workbooks")),
    ] {
        let outcome = begin(&app, request.clone());
        assert_eq!(outcome["done"], false, "{request}");
        let words = outcome["messages"][0].as_str().expect("words");
        assert!(words.chars().any(|letter| ('а'..='ш').contains(&letter)), "{request}: {words}");
    }
    assert_eq!(folder.path().read_dir().expect("the folder").count(), 0);
    assert_eq!(app.post("begin", "{}").status, 400);
}

/// Workbooks that are given, or that lie in a folder already, become a project; none is written over.
#[test]
fn a_project_is_made_of_workbooks_that_are_given() {
    let folder = Folder::new();
    folder.book(
        "elsewhere/register.xlsx",
        &[
            ("Activities", "Code | Date held | Kind | Title\nA-01 | @2026-03-02 | training | First\nA-02 | @2026-04-03 | meeting | Second"),
            ("Persons", "Person code | Sex | Year of birth\nP1 | F | 1990\nP2 | M | 1985"),
            ("Attendance", "Activity code | Person code\nA-01 | P1\nA-01 | P2\nA-02 | P1"),
        ],
    );
    let bytes = std::fs::read(folder.path().join("elsewhere/register.xlsx")).expect("a workbook");
    let home = folder.path().join("projects");
    std::fs::create_dir(&home).expect("a folder");
    let app = App::of(&home, &[]);
    let given = give(&app, "water", "register.xlsx", &bytes);
    assert_eq!(given["done"], true, "{given}");
    assert_eq!(give(&app, "water", "register.xlsx", &bytes)["done"], true, "the same once more");
    assert_eq!(give(&app, "water", "register.xlsx", b"something else")["done"], false);
    assert_eq!(give(&app, "water", "letter.docx", b"x")["done"], false);
    assert_eq!(give(&app, "water", "%2e%2e%2fout.xlsx", b"x")["done"], false);
    assert_eq!(std::fs::read(home.join("water/register.xlsx")).expect("kept"), bytes);
    assert_eq!(app.get("begin.json").json()["folders"], json!([{ "name": "water", "files": ["register.xlsx"] }]));

    let mut request = questions("water");
    request["of"] = json!("workbooks");
    (request["start"], request["end"]) = (json!(""), json!(""));
    let made = begin(&app, request);
    assert_eq!(made["done"], true, "{made}");
    let text = std::fs::read_to_string(home.join("water/project.toml")).expect("project.toml");
    assert!(text.contains("start = 2026-01-01") && text.contains("end = 2026-12-31"), "{text}");
    assert!(text.contains("[tables.attendance]\nfile = \"register.xlsx\"\nsheet = \"Attendance\""), "{text}");
    app.news().until(&app, |state| is_whole(state) || !state["problems"].as_array().expect("problems").is_empty());
    assert_eq!(give(&app, "water", "more.xlsx", &bytes)["done"], false, "it is a project now");
}

/// Beside a single project nothing is made.
#[test]
fn nothing_is_made_beside_a_single_project() {
    let folder = super::small_project();
    let app = App::of(&folder.path().join("small"), &[]);
    assert_eq!(app.get("projects.json").json()["can_begin"], false);
    assert_eq!(app.post("begin", &questions("water").to_string()).status, 404);
    assert!(!folder.path().join("water").exists());
}

/// A workbook that is added to a project is recognised, and what is taken over is read from it; the rest of project.toml stays.
#[test]
fn a_workbook_that_is_added_is_taken_over_with_its_shape() {
    let folder = Folder::new();
    folder.book(
        "elsewhere/register.xlsx",
        &[(
            "Register",
            "No. | Date | Activity | < | Municipality | Participants | < | <\n\
             ^ | ^ | Type | Title | ^ | F | M | Total\n\
             1 | @2026-03-02 | training | First | Skopje | 9 | 7 | 16\n\
             2 | @2026-04-03 | training | Second | Skopje | 6 | 8 | 14",
        )],
    );
    let bytes = std::fs::read(folder.path().join("elsewhere/register.xlsx")).expect("a workbook");
    let home = folder.path().join("projects");
    std::fs::create_dir(&home).expect("a folder");
    let app = App::of(&home, &[]);
    assert_eq!(begin(&app, questions("water"))["done"], true);
    let give_to =
        |name: &str, bytes: &[u8]| super::given::give(&app, &app.path(&format!("files/workbooks/{name}")), bytes);
    assert_eq!(give_to("register.xlsx", &bytes)["file"], "register.xlsx");
    assert_eq!(give_to("register.xlsx", b"another")["done"], false, "nothing is written over");
    assert_eq!(give_to("letter.docx", b"x")["done"], false);
    assert_eq!(app.get(&app.path("recognised/%2e%2e%2fout.xlsx")).status, 404);
    assert_eq!(app.get(&app.path("recognised/none.xlsx")).status, 404);

    let found = app.get(&app.path("recognised/register.xlsx")).json();
    let table = &found["tables"][0];
    assert_eq!((&table["table"], &table["sheets"]), (&json!("activities"), &json!(["Register"])), "{found}");
    assert!(table["sentences"][0].as_str().is_some_and(|words| words.contains("head counts")), "{found}");
    let before = std::fs::read_to_string(home.join("water/project.toml")).expect("project.toml");
    let taken = json!({ "based_on": found["hash"], "changes": table["changes"] });
    let outcome = app.post(&app.path("settings"), &taken.to_string()).json();
    assert_eq!(outcome["done"], true, "{outcome}");
    let after = std::fs::read_to_string(home.join("water/project.toml")).expect("project.toml");
    assert!(after.contains("[tables.activities]\nfile = \"register.xlsx\"\nsheet = \"Register\""), "{after}");
    assert!(
        after.contains("[[tables.activities.counts]]\nparts = { F = \"sex = F\", M = \"sex = M\" }\ntotal = \"Total\"")
            && !after.contains("\"Опфатени / Reached\""),
        "{after}"
    );
    let remarks = |text: &str| text.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(remarks(&before), remarks(&after));

    let is_counted = |state: &Value| is_whole(state) && super::figure(state, "project", "I1")["cumulative"] == "2";
    app.news().until(&app, is_counted);
}
