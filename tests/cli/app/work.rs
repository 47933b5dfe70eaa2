//! What the page has done: building, downloads, keeping as sent, and what was sent beside today.

use std::fs;

use super::*;

fn file_names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder").flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

#[test]
fn a_report_is_built_saved_kept_as_sent_and_held_against_today() {
    let folder = small_project();
    let app = App::of(folder.path(), &[]);
    let mut news = app.news();
    let state = news.until(&app, is_whole);
    assert_eq!(state["up_to_date"], false);
    assert!(state["units"][0]["files"].as_array().unwrap().iter().all(|file| file["bytes"].is_null()));

    let outcome = app.post(&app.path("build"), "{}").json();
    assert_eq!(outcome["done"], true, "{outcome}");
    let state = news.until(&app, |state| state["up_to_date"] == true);
    let unit = state["units"].as_array().unwrap().iter().find(|unit| unit["period"] == "2025-Q1").expect("the report");
    for file in unit["files"].as_array().unwrap() {
        let path = file["path"].as_str().unwrap();
        let saved = app.get(&app.path(&format!("outputs/{path}")));
        let built = fs::read(folder.path().join("build/TEST-01").join(path)).expect("the file");
        assert_eq!(saved.body, built, "{path}");
        let is_shown = path.ends_with(".pdf");
        assert_eq!(saved.headers.contains("content-disposition: attachment"), !is_shown, "{}", saved.headers);
    }

    let keep = r#"{"report":"quarterly","period":"2025-Q1","date":"2025-04-10","to":"An invented donor"}"#;
    let outcome = app.post(&app.path("submit"), keep).json();
    assert_eq!(outcome["done"], true, "{outcome}");
    let state = news.until(&app, |state| state["sent"].as_array().is_some_and(|sent| !sent.is_empty()));
    let sent = &state["sent"][0];
    assert_eq!(
        (&sent["version"], &sent["date"], &sent["to"]),
        (&1.into(), &"10\u{a0}April\u{a0}2025".into(), &"An invented donor".into())
    );
    let files = sent["files"].as_array().unwrap();
    let pdf = app.get(&app.path("sent/0/quarterly.mk.pdf"));
    assert_eq!(pdf.body, fs::read(folder.path().join("build/TEST-01/2025-Q1/quarterly.mk.pdf")).unwrap());
    assert!(files.iter().all(|name| !name.as_str().unwrap().contains("submission")), "{files:?}");
    assert_eq!(app.get(&app.path("sent/0/quarterly.submission.json")).status, 404, "the program's own record");

    write(&folder, ACTIVITIES, &format!("{ATTENDANCE}\nA-01 | P5 | M | 1999"), INDICATORS);
    let then = figure(&state, "2025-Q1", "T1")["period"].clone();
    let later = news.until(&app, |state| is_whole(state) && figure(state, "2025-Q1", "T1")["period"] != then);
    let now = figure(&later, "2025-Q1", "T1")["period"].clone();
    assert_eq!(later["up_to_date"], false);
    let beside = app.get(&app.path("sent/0")).json();
    let line = beside["lines"].as_array().unwrap().iter().find(|line| line["code"] == "T1").expect("T1").clone();
    assert_eq!((&line["period"]["today"], &line["period"]["differs"]), (&now, &true.into()), "{line}");
    assert_ne!(line["period"]["sent"], line["period"]["today"]);
    assert_eq!(app.project()["restated"], true);
}

#[test]
fn with_errors_nothing_is_built_and_the_page_is_told_why() {
    let folder = small_project();
    let app = App::of(folder.path(), &[]);
    let mut news = app.news();
    news.until(&app, is_whole);
    app.post(&app.path("build"), "{}");
    let before = file_names(&folder.path().join("build/TEST-01/2025-Q1"));
    write(&folder, &ACTIVITIES.replace("@2025-05-06", "31-04-25"), ATTENDANCE, INDICATORS);
    news.until(&app, |state| state["drawn_now"] == false);
    let outcome = app.post(&app.path("build"), "{}").json();
    assert_eq!(outcome["done"], false);
    assert_eq!(outcome["messages"].as_array().map(Vec::len), Some(1), "{outcome}");
    let group = &outcome["problems"][0];
    let (problem, place) = (&group["problems"][0], &group["problems"][0]["places"][0]);
    assert_eq!((&group["level"], &place["sheet"]), (&"error".into(), &"Activities".into()), "{outcome}");
    assert_eq!((&place["file"], &place["cell"]), (&"data.xlsx".into(), &"B3".into()), "{outcome}");
    let remedy = if problem["help"].is_null() { &group["help"] } else { &problem["help"] };
    assert!(remedy.as_str().is_some_and(|remedy| !remedy.is_empty()), "{outcome}");
    let around = app.get(&app.path("cells/work/0/0")).json();
    assert_eq!(around["cell"], "B3", "{around}");
    assert!(!outcome.to_string().contains("error["), "no form of the terminal's: {outcome}");
    assert_eq!(file_names(&folder.path().join("build/TEST-01/2025-Q1")), before);
    let keep = r#"{"report":"quarterly","period":"2025-Q1"}"#;
    assert_eq!(app.post(&app.path("submit"), keep).json()["done"], false);
    assert!(!folder.path().join("small/submitted").exists());
}

#[test]
fn what_cannot_be_kept_is_refused_in_words() {
    let folder = small_project();
    let app = App::of(folder.path(), &[]);
    app.news().until(&app, is_whole);
    for request in [
        r#"{"report":"quarterly","period":"2025-Q1"}"#,
        r#"{"report":"no such","period":"2025-Q1"}"#,
        r#"{"report":"quarterly","period":"2025-Q1","date":"soon"}"#,
    ] {
        let outcome = app.post(&app.path("submit"), request).json();
        assert_eq!(outcome["done"], false, "{request}");
        let said = [&outcome["messages"][0], &outcome["problems"][0]["problems"][0]["message"]];
        let is_said = said.iter().filter_map(|said| said.as_str()).any(|message| !message.is_empty());
        assert!(is_said, "{request}: {outcome}");
    }
    assert_eq!(app.post(&app.path("submit"), "{}").status, 400);
    assert_eq!(app.post("projects/0123456789abcdef/build", "{}").status, 404);
}

/// Without somebody before the screen no program is started; a page can't choose what is.
#[test]
fn no_file_is_opened_without_a_screen() {
    let folder = small_project();
    let app = App::of(folder.path(), &[]);
    app.news().until(&app, is_whole);
    assert_eq!(app.get("projects.json").json()["can_open_files"], false);
    assert_eq!(app.post(&app.path("open"), r#"{"file":"data.xlsx"}"#).status, 403);
}

/// The list and the page say which figures a build would change, before it is made.
#[test]
fn figures_that_wait_for_a_build_are_told() {
    let folder = small_project();
    let app = App::of(folder.path(), &[]);
    let mut news = app.news();
    news.until(&app, is_whole);
    app.post(&app.path("build"), "{}");
    let built = news.until(&app, |state| state["up_to_date"] == true);
    assert_eq!(built["waiting"].as_array().map(Vec::len), Some(0), "{built}");
    write(&folder, ACTIVITIES, &format!("{ATTENDANCE}\nA-02 | P4 | M | 1999"), INDICATORS);
    let changed = news.until(&app, |state| is_whole(state) && state["up_to_date"] == false);
    let waiting = changed["waiting"].as_array().expect("changes").clone();
    assert!(waiting.iter().any(|line| line.as_str().is_some_and(|line| line.contains("T1"))), "{waiting:?}");
    assert_eq!(app.project()["waiting"], waiting.len());
    let outcome = app.post(&app.path("build"), "{}").json();
    assert_eq!(outcome["changes"], changed["waiting"], "the build then changes what was told");
}

/// Keeps files as sent, as the page gives them: a line that describes them, then the files themselves.
fn send(app: &App, head: &Value, files: &[&[u8]]) -> Value {
    let mut body = format!("{head}\n").into_bytes();
    files.iter().for_each(|file| body.extend_from_slice(file));
    super::given::give(app, &app.path("sent"), &body)
}

#[test]
fn a_file_that_was_really_sent_is_kept_and_a_letter_corrects_it() {
    let folder = small_project();
    let app = App::of(folder.path(), &["--messages", "mk"]);
    let mut news = app.news();
    news.until(&app, is_whole);
    assert_eq!(app.post(&app.path("build"), "{}").json()["done"], true);
    news.until(&app, |state| state["up_to_date"] == true);
    let built = folder.path().join("build/TEST-01/2025-Q1/quarterly.mk.pdf");
    let (pdf, scan) = (fs::read(&built).expect("the report"), b"a scan".as_slice());
    let head = |period: &str, names: &[(&str, usize)]| {
        let files: Vec<Value> =
            names.iter().map(|(name, bytes)| serde_json::json!({ "name": name, "bytes": bytes })).collect();
        serde_json::json!({ "report": "quarterly", "period": period, "date": "2025-04-10", "to": "", "files": files })
    };
    // A report of another period isn't what was sent, and the words name the file alone.
    let refused = send(&app, &head("2025-Q2", &[("sent.pdf", pdf.len())]), &[&pdf]);
    assert_eq!(refused["done"], false, "{refused}");
    let words = refused["problems"].to_string();
    assert!(words.contains("sent.pdf") && !words.contains("tmp"), "{words}");
    assert_eq!(send(&app, &head("2025-Q1", &[("../out.pdf", scan.len())]), &[scan])["done"], false);
    assert!(!folder.path().join("small/submitted").exists());

    let kept =
        send(&app, &head("2025-Q1", &[("quarterly.mk.pdf", pdf.len()), ("scan.pdf", scan.len())]), &[&pdf, scan]);
    assert_eq!(kept["done"], true, "{kept}");
    let place = folder.path().join("small/submitted/2025-Q1");
    assert_eq!(fs::read(place.join("quarterly.mk.pdf")).expect("kept"), pdf);
    assert_eq!(fs::read(place.join("quarterly.scan.pdf")).expect("kept"), scan);
    let wrong = app.post(&app.path("sent"), "{}");
    assert_eq!(wrong.status, 409);

    // Nothing differs yet; then a late row does, and the letter is among the report's files.
    let letter = r#"{"report":"quarterly","period":"2025-Q1"}"#;
    let none = app.post(&app.path("erratum"), letter).json();
    assert_eq!((&none["done"], &none["written"]), (&true.into(), &serde_json::json!([])), "{none}");
    let state = news.until(&app, |state| state["sent"].as_array().is_some_and(|sent| !sent.is_empty()));
    let then = figure(&state, "2025-Q1", "T1")["period"].clone();
    write(&folder, ACTIVITIES, &format!("{ATTENDANCE}\nA-01 | P5 | M | 1999"), INDICATORS);
    news.until(&app, |state| is_whole(state) && figure(state, "2025-Q1", "T1")["period"] != then);
    let written = app.post(&app.path("erratum"), letter).json();
    assert_eq!(written["done"], true, "{written}");
    let path = written["written"][0].as_str().unwrap_or_else(|| panic!("{written}"));
    assert!(path.starts_with("2025-Q1/quarterly.erratum."), "{path}");
    assert!(app.get(&app.path(&format!("outputs/{path}"))).body.starts_with(b"%PDF-"));
}

/// The guide is made on first request, in the page's language, and shown as documents are.
#[test]
fn the_guide_is_shown_in_the_pages_language() {
    let folder = small_project();
    let app = App::of(folder.path(), &["--messages", "mk"]);
    assert!(app.get("").text().contains("href=\"guide.pdf\""));
    let guide = app.get("guide.pdf");
    assert!(guide.body.starts_with(b"%PDF-") && guide.headers.contains("content-type: application/pdf"));
    assert!(!guide.headers.contains("attachment"), "{}", guide.headers);
    let again = app.get("guide.pdf");
    assert_eq!(guide.body, again.body);
    assert!(!folder.path().join("small/.donor-report/guide").exists());
}
