//! The app as a browser gets it: problems, figures with their rows and pages over HTTP, anew at every save.

mod access;
mod begin;
mod decisions;
mod given;
mod settings;
mod start;
mod work;
mod writing;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::build::{ACTIVITIES, ATTENDANCE, INDICATORS, LISTS, PROGRAM, PROJECT, example};
use crate::ingest::sheets::Folder;

/// After this long an answer isn't awaited any more.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running app; it ends with the test.
struct App {
    child: Child,
    port: u16,
    /// The path of the page: `/<token>/<language>/`.
    page: String,
}

struct Answer {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

impl App {
    fn of(folder: &Path, more: &[&str]) -> App {
        let child = Command::new(PROGRAM)
            .args(more)
            .arg("app")
            .arg(folder)
            .arg("--no-open")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        App::listening(child)
    }

    /// A program that was started otherwise, once it prints its address.
    fn listening(mut child: Child) -> App {
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let (_, address) = line.trim().split_once("http://127.0.0.1:").unwrap_or_else(|| panic!("{line}"));
        let (port, page) = address.split_once('/').expect("a token");
        App { child, port: port.parse().expect("a port"), page: format!("/{page}") }
    }

    /// Sends bytes as they are, and gives what comes back.
    fn ask(&self, request: &str) -> Answer {
        self.ask_bytes(request.as_bytes())
    }

    fn ask_bytes(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.write_all(request).expect("asked");
        let mut bytes = Vec::new();
        // A connection that is refused half-way may be reset after its answer.
        let _ = stream.read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("headers");
        let headers = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let status = headers.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        Answer { status, headers, body: bytes.split_off(end + 4) }
    }

    /// What is at a path below the page.
    fn get(&self, path: &str) -> Answer {
        let App { port, page, .. } = self;
        self.ask(&format!("GET {page}{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"))
    }

    /// Has something done, as the page does.
    fn post(&self, path: &str, body: &str) -> Answer {
        let App { port, page, .. } = self;
        let length = body.len();
        self.ask(&format!(
            "POST {page}{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    }

    /// The stream of news, from now on.
    fn news(&self) -> News {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let App { port, page, .. } = self;
        write!(stream, "GET {page}events HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n").expect("asked");
        News(BufReader::new(stream))
    }

    /// The state of the only project.
    fn project(&self) -> Value {
        self.get("projects.json").json()["projects"][0].clone()
    }

    /// The path of something of the only project.
    fn path(&self, rest: &str) -> String {
        format!("projects/{}/{rest}", self.project()["id"].as_str().expect("an id"))
    }

    fn state(&self) -> Value {
        self.get(&self.path("state.json")).json()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct News(BufReader<TcpStream>);

impl News {
    /// Waits for a finished reading that is as wanted; a save may be read before it is whole.
    fn until(&mut self, app: &App, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).expect("news") > 0, "the stream of news ended");
            let project = app.project();
            if !line.starts_with("data:") || project["reading"] == true || project["revision"] == 0 {
                continue;
            }
            let state = app.state();
            if !state.is_null() && wanted(&state) {
                return state;
            }
        }
    }
}

fn is_whole(state: &Value) -> bool {
    state["drawn_now"] == true
}

/// The small invented project in a folder of projects.
fn small_project() -> Folder {
    let folder = Folder::new();
    folder.write("small/project.toml", PROJECT);
    write(&folder, ACTIVITIES, ATTENDANCE, INDICATORS);
    folder
}

fn write(folder: &Folder, activities: &str, attendance: &str, indicators: &str) {
    folder.book(
        "small/data.xlsx",
        &[("Activities", activities), ("Attendance", attendance), ("Indicators", indicators), ("Lists", LISTS)],
    );
}

fn figure<'a>(state: &'a Value, period: &str, code: &str) -> &'a Value {
    let find = |list: &'a Value, code: &str| {
        list.as_array().into_iter().flatten().find(|one| one["code"] == code).expect("it is there")
    };
    find(&find(&state["counted"]["periods"], period)["figures"], code)
}

/// The path of a figure's evidence, in the project.
fn evidence(state: &Value, period: &str, code: &str, scope: &str) -> String {
    let place = |list: &Value, code: &str| {
        list.as_array().into_iter().flatten().position(|one| one["code"] == code).expect("it is there")
    };
    let periods = &state["counted"]["periods"];
    let at = place(periods, period);
    format!("figures/{}/{at}/{}/{scope}", state["counted"]["revision"], place(&periods[at]["figures"], code))
}

#[test]
fn the_example_is_shown_with_its_pages_its_figures_and_their_rows() {
    let example = example();
    let app = App::of(example.path(), &[]);
    let state = app.news().until(&app, is_whole);
    assert_eq!(figure(&state, "2017-Q1", "I14")["period"], "391");
    assert_eq!(figure(&state, "2017-01--04", "I14")["cumulative"], "518");

    let rows = app.get(&app.path(&evidence(&state, "2017-Q1", "I14", "period"))).json();
    let part = &rows["parts"][0];
    assert_eq!(part["rows"], 391, "each counted person is a row");
    assert_eq!(part["groups"][0]["file"], "participants.xlsx");
    assert_eq!(part["groups"][0]["sheet"], "Присуства");
    assert!(part["left_out"].as_array().is_some_and(|reasons| !reasons.is_empty()));

    assert_eq!(state["documents"].as_array().map(Vec::len), Some(7));
    let id = state["documents"][0]["id"].as_str().expect("an id");
    let drawn = app.get(&app.path(&format!("documents/{id}.json"))).json();
    let pages = drawn["pages"].as_array().expect("pages");
    let page = pages[0]["id"].as_str().expect("an id");
    assert!(app.get(&app.path(&format!("pages/{page}.svg"))).text().starts_with("<svg"));
    let text = app.get(&app.path(&format!("pages/{page}.txt"))).text();
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(words.join(" ").contains("Зајакнување на локалните актери"), "{text}");
    assert!(app.get(&app.path(&format!("documents/{id}.pdf"))).body.starts_with(b"%PDF-"));
}

#[test]
fn a_saved_cell_changes_the_figure_and_its_rows_in_pages_that_are_open() {
    let folder = small_project();
    let app = App::of(folder.path(), &[]);
    let mut news = app.news();
    let before = news.until(&app, is_whole);
    assert_eq!(figure(&before, "2025-Q2", "T1")["cumulative"], "3");
    let document = |id: &Value| app.path(&format!("documents/{}.json", id.as_str().expect("an id")));
    let of_before = app.get(&document(&before["documents"][2]["id"])).json();
    let picture = app.path(&format!("pages/{}.svg", of_before["pages"][0]["id"].as_str().expect("an id")));
    let drawn = app.get(&picture).text();
    assert!(drawn.starts_with("<svg"));

    write(&folder, ACTIVITIES, &format!("{ATTENDANCE}\nA-02 | P4 | M | 1999"), INDICATORS);
    let after = news.until(&app, |state| figure(state, "2025-Q2", "T1")["cumulative"] == "4");
    assert_eq!(figure(&after, "2025-Q2", "T1")["period"], "2");
    let rows = app.get(&app.path(&evidence(&after, "2025-Q2", "T1", "period"))).json();
    assert_eq!(rows["parts"][0]["groups"][0]["rows"], "5-6");
    let earlier = app.get(&app.path(&evidence(&before, "2025-Q2", "T1", "period")));
    assert_eq!(earlier.text(), "null", "of an earlier reading");
    let ids = |state: &Value| state["documents"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    let (old, new): (Vec<Value>, Vec<Value>) = (ids(&before), ids(&after));
    assert_eq!(old[..2], new[..2], "the first quarter's documents are as they were");
    assert!(old[2..].iter().all(|id| !new.contains(id)), "the second quarter's are not");
    assert_eq!(app.get(&picture).text(), drawn, "a page that is still in sight can be fetched");
    assert_eq!(app.get(&document(&old[3])).text(), "null", "what nobody looked at is gone");
}

#[test]
fn with_an_error_the_last_good_pages_and_figures_stay_and_the_cell_is_told() {
    let folder = small_project();
    let app = App::of(folder.path(), &[]);
    let mut news = app.news();
    let good = news.until(&app, is_whole);
    write(&folder, &ACTIVITIES.replace("@2025-05-06", "31-04-25"), ATTENDANCE, INDICATORS);
    let bad = news.until(&app, |state| state["problems"][0]["problems"][0]["places"][0]["cell"] == "B3");
    assert_eq!(bad["counted"], good["counted"]);
    assert_eq!(bad["documents"], good["documents"]);
    assert_eq!((&bad["counted_now"], &bad["drawn_now"]), (&Value::Bool(false), &Value::Bool(false)));
    let group = &bad["problems"][0];
    let problem = &group["problems"][0];
    assert_eq!((&group["level"], &problem["places"][0]["cell"]), (&"error".into(), &"B3".into()), "{problem}");
    assert_eq!(problem["places"][0]["sheet"], "Activities");
    assert!(group["help"].as_str().is_some_and(|help| !help.is_empty()));
    let id = bad["documents"][0]["id"].as_str().expect("an id");
    assert!(app.get(&app.path(&format!("documents/{id}.json"))).text().contains("pages"));

    write(&folder, ACTIVITIES, ATTENDANCE, INDICATORS);
    let mended = news.until(&app, is_whole);
    assert_eq!(mended["documents"], good["documents"]);
}

#[test]
fn the_page_speaks_the_language_of_messages() {
    let folder = small_project();
    for (lang, word) in [("en", "Choose a figure"), ("mk", "Изберете бројка")] {
        let app = App::of(folder.path(), &["--messages", lang]);
        let page = app.get("").text();
        assert!(page.contains(&format!("<html lang=\"{lang}\">")) && page.contains(word), "{page}");
        let is_name =
            |name: &str| !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
        let mut left = page.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
        assert_eq!(left.find(|name| is_name(name)), None, "a word is missing");
    }
}

/// A window's language is part of its address: each window has its own, and the program opens in the language of messages.
#[test]
fn the_language_of_the_page_is_changed_in_the_page() {
    let folder = small_project();
    let mut app = App::of(folder.path(), &["--messages", "mk"]);
    let mut news = app.news();
    news.until(&app, is_whole);
    let token = app.page.trim_end_matches("mk/").to_owned();
    assert_ne!(token, app.page, "it opens in Macedonian");
    let App { port, .. } = &app;
    let opened = app.ask(&format!("GET {token} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"));
    assert_eq!(opened.status, 307);
    assert!(opened.headers.contains("location: mk/"), "{}", opened.headers);
    let languages = app.get("languages.json").json();
    let languages = languages.as_array().expect("languages").clone();
    assert!(languages.len() >= 2, "{languages:?}");
    write(&folder, &ACTIVITIES.replace("@2025-05-06", "31-04-25"), ATTENDANCE, INDICATORS);
    news.until(&app, |state| state["drawn_now"] == false);
    let mut said = std::collections::BTreeSet::new();
    for language in &languages {
        app.page = format!("{token}{}/", language["tag"].as_str().expect("a tag"));
        assert!(language["name"].as_str().is_some_and(|name| !name.is_empty()));
        let build = app.post(&app.path("build"), "{}").json();
        let state = app.state();
        assert_eq!(state["counted_now"], false, "the same reading in each language");
        for text in [
            app.get("").text(),
            app.get("words.json").text(),
            app.project()["next"].to_string(),
            state["problems"][0]["problems"][0]["message"].to_string(),
            state["units"][0].to_string(),
            build["messages"][0].to_string(),
            app.get(&app.path("settings.json")).json()["groups"].to_string(),
            app.get(&app.path("tables.json")).text(),
            app.get(&app.path("writing/quarterly/2025-Q1")).text(),
            app.get("begin.json").json()["reports"].to_string(),
        ] {
            assert!(text.len() > 4 && said.insert(text.clone()), "the same in another language: {text}");
        }
    }
    app.page = format!("{token}xx/");
    assert_eq!(app.get("").status, 404, "a language that nobody wrote");
}

/// Whatever chapter of the guide the page links to is there, under the name that the guide's PDF has for it.
#[test]
fn every_link_to_the_guide_leads_to_a_chapter() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read =
        |path: &str| std::fs::read_to_string(folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let profile: toml::Table = toml::from_str(&read("guide/profiles/guide.toml")).expect("a profile");
    let sections = profile["sections"].as_array().expect("sections");
    let known: Vec<&str> = sections.iter().filter_map(|section| section["id"].as_str()).collect();
    let guide = read("templates/app/guide.js");
    let chapters = guide.split("const CHAPTERS = {").nth(1).and_then(|rest| rest.split("};").next()).expect("chapters");
    let mut linked: Vec<&str> = chapters.split('"').skip(1).step_by(2).collect();
    assert!(linked.len() >= 8, "{linked:?}");
    let (tables, own) = (read("templates/app/tables.js"), read("templates/app/own-columns.js"));
    for text in [&tables, &own] {
        let calls = text.split("guided(").skip(1);
        linked.extend(calls.filter_map(|call| call.split(", \"").nth(1)?.split('"').next()));
    }
    let unknown: Vec<&&str> = linked.iter().filter(|chapter| !known.contains(chapter)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let template = read("templates/typst/main.typ");
    assert!(template.contains("label(\"section-\" + str(index) + \"-\" + section.id)"), "how chapters are named");
}

/// Every word that a module says is there in every language of messages, and none is there in vain.
#[test]
fn no_module_is_at_a_loss_for_a_word() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/app");
    let words: toml::Table = toml::from_str(&std::fs::read_to_string(folder.join("words.toml")).unwrap()).unwrap();
    for (name, word) in &words {
        let texts = word.as_table().expect("a table");
        let filled = |key: &str| texts.get(key).and_then(toml::Value::as_str).is_some_and(|text| !text.is_empty());
        let is_said = donor_report::diagnostic::Catalogue::languages().iter().all(|lang| filled(lang));
        assert!(filled("label") || is_said, "{name}");
    }
    let mut all = String::new();
    for entry in std::fs::read_dir(&folder).expect("the folder").flatten() {
        if entry.path().extension().is_none_or(|ending| ending == "toml") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).expect("a text");
        for word in text.split("say(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(words.contains_key(word), "{word}");
        }
        assert!(!text.contains("innerHTML") && !text.contains("insertAdjacentHTML"), "{}", entry.path().display());
        all.push_str(&text);
    }
    for name in words.keys() {
        let is_used = all.contains(&format!("\"{name}\"")) || all.contains(&format!("{{{name}}}"));
        assert!(is_used, "nothing says `{name}`");
    }
}

/// A problem comes with the rows around its cell, in which other rows show nothing but their codes.
#[test]
fn the_rows_around_a_faulty_cell_show_no_names() {
    let folder = small_project();
    let named = "activity | person | name | sex | birth_year
A-01 | P1 | Ана Изминска | F | 1990
A-01 | P2 | Бојан Измински | Q | 1985
A-02 | P3 | Цвета Изминска | F | 1999";
    write(&folder, ACTIVITIES, named, INDICATORS);
    let app = App::of(folder.path(), &[]);
    let state = app.news().until(&app, |state| state["problems"][0]["level"] == "error");
    let problem = &state["problems"][0]["problems"][0];
    assert_eq!(problem["places"][0]["cell"], "D3", "{problem}");
    let answer = app.get(&app.path(&format!("cells/{}/{}/0", state["revision"], problem["at"])));
    let sheet = answer.json();
    let row = |at: usize| &sheet["rows"][at];
    assert_eq!(row(1)["number"], 3);
    let columns = sheet["columns"].as_array().expect("columns");
    let faulty = row(1)["faulty"].as_u64().expect("a marked cell") as usize;
    assert_eq!((&columns[faulty]["name"], &columns[faulty]["heading"]), (&"D".into(), &"sex".into()));
    assert_eq!(row(1)["cells"][faulty], "Q");
    assert_eq!(row(0)["cells"][faulty], Value::Null, "the same column of another row");
    assert!(answer.text().contains("P3"), "codes are shown");
    assert!(!answer.text().contains("Измин"), "{}", answer.text());
    assert!(!app.get(&app.path("state.json")).text().contains("Измин"));
}

#[test]
fn every_project_of_a_folder_is_listed_with_how_it_stands() {
    let folder = small_project();
    folder.write("inputs/other/project.toml", PROJECT.replace("TEST-01", "TEST-02"));
    folder.book("inputs/other/data.xlsx", &[("Activities", "id | date | type\nA-01 | soon | training")]);
    let app = App::of(folder.path(), &[]);
    let mut news = app.news();
    let all_read = |list: &Value| {
        let projects = list["projects"].as_array().expect("projects");
        projects.len() == 2 && projects.iter().all(|one| one["revision"] != 0 && one["reading"] == false)
    };
    let list = loop {
        let list = app.get("projects.json").json();
        if all_read(&list) {
            break list;
        }
        let mut line = String::new();
        news.0.read_line(&mut line).expect("news");
    };
    let of = |code: &str| {
        let projects = list["projects"].as_array().expect("projects");
        projects.iter().find(|one| one["code"] == code).unwrap_or_else(|| panic!("{code}: {list}"))
    };
    let (good, bad) = (of("TEST-01"), of("TEST-02"));
    assert_eq!((&good["errors"], &good["built"], &good["up_to_date"]), (&0.into(), &false.into(), &false.into()));
    assert_eq!(good["next"]["day"], "31\u{a0}March\u{a0}2025");
    assert!(bad["errors"].as_u64().is_some_and(|errors| errors > 0), "{bad}");
}

/// In what a row counts, as `explain --row` says.
#[test]
fn a_row_tells_in_what_it_counts() {
    let folder = small_project();
    let app = App::of(folder.path(), &[]);
    let state = app.news().until(&app, is_whole);
    let sheets = state["counted"]["sheets"].as_array().expect("sheets");
    let at = sheets.iter().position(|sheet| sheet == "data.xlsx:Attendance").expect("the sheet");
    let path = |row: u32| app.path(&format!("rows/{}/{at}/{row}", state["counted"]["revision"]));
    let uses = app.get(&path(2)).json();
    assert_eq!((&uses["sheet"], &uses["row"]), (&"data.xlsx:Attendance".into(), &"2".into()));
    let uses = uses["indicators"].as_array().expect("indicators").clone();
    assert!(uses.iter().any(|one| one["counts"] == true) && uses.len() >= 2, "{uses:?}");
    assert!(uses.iter().all(|one| one["counts"] == true || one["why"].is_string()), "{uses:?}");
    assert_eq!(app.get(&app.path(&format!("rows/{}/99/2", state["counted"]["revision"]))).status, 404);
}
