//! Writing in the browser: texts with what is wrong where it is, saved only over what they were based on; what may be put
//! into them; a Word file that came back.

use std::fs;
use std::thread;

use serde_json::json;

use super::*;
use crate::ingest::sheets::patched;

const SECTION: &str = "writing/quarterly/2025-Q1/sections/summary";

fn started(folder: &Folder) -> App {
    let app = App::of(folder.path(), &[]);
    app.news().until(&app, |state| !state.is_null());
    app
}

fn small_with_text(text: &str) -> Folder {
    let folder = small_project();
    folder.write("small/narrative/quarterly/summary.en.md", text);
    folder.write("small/narrative/quarterly/summary.mk.md", "Реченица.\n");
    folder
}

/// One language of the section, as the page gets it.
fn text_in(app: &App, lang: &str) -> Value {
    let view = app.get(&app.path(SECTION)).json();
    let texts = view["texts"].as_array().expect("texts");
    texts.iter().find(|text| text["language"]["tag"] == lang).expect("the language").clone()
}

/// The text once the reading is of it.
fn checked(app: &App, lang: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let mut news = app.news();
    loop {
        let text = text_in(app, lang);
        if text["checked"] == true && wanted(&text) {
            return text;
        }
        let mut line = String::new();
        assert!(news.0.read_line(&mut line).expect("news") > 0);
    }
}

fn request(section: &str, base: &Value, text: &str) -> Value {
    json!({
        "report": "quarterly", "period": "2025-Q1", "section": section, "language": "en", "of_period": false,
        "base": base, "text": text,
    })
}

fn save(app: &App, request: &Value) -> Answer {
    app.post(&app.path("section"), &request.to_string())
}

fn post_bytes(app: &App, path: &str, body: &[u8]) -> Answer {
    let App { port, page, .. } = app;
    let length = body.len();
    let mut stream = TcpStream::connect(("127.0.0.1", *port)).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let head = format!(
        "POST {page}{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n\
         Content-Type: application/octet-stream\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("asked");
    // What is too long is refused before all of it is sent.
    let _ = stream.write_all(body);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("headers");
    let headers = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let status = headers.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    Answer { status, headers, body: bytes.split_off(end + 4) }
}

#[test]
fn a_section_is_begun_and_saved_over_nothing_but_what_it_was_based_on() {
    let folder = small_project();
    let app = started(&folder);
    let file = folder.path().join("small/narrative/quarterly/summary.en.md");
    let view = app.get(&app.path(SECTION)).json();
    assert_eq!(view["may_begin"], json!(["period", "report"]));
    assert!(view["texts"].as_array().expect("texts").iter().all(|text| text["hash"].is_null()));

    let begun = save(&app, &request("summary", &Value::Null, "First.\n")).json();
    let first = &begun["saved"]["hash"];
    assert_eq!(fs::read_to_string(&file).expect("the text"), "First.\n");
    let text = text_in(&app, "en");
    assert_eq!((&text["text"], &text["hash"], &text["of_period"]), (&"First.\n".into(), first, &false.into()));

    let second = save(&app, &request("summary", first, "Second.\n")).json()["saved"]["hash"].clone();
    assert!(second.is_string() && second != *first);

    // A window that still has the first text writes nothing, and gets what is there.
    for late in [request("summary", first, "Third.\n"), request("summary", &Value::Null, "Third.\n")] {
        let answer = save(&app, &late).json();
        assert_eq!(answer["changed"], json!({ "hash": second, "text": "Second.\n" }), "{answer}");
    }
    fs::write(&file, "By an editor outside.\n").expect("written");
    let answer = save(&app, &request("summary", &second, "Fourth.\n")).json();
    assert_eq!(answer["changed"]["text"], "By an editor outside.\n");
    assert_eq!(fs::read_to_string(&file).expect("the text"), "By an editor outside.\n");
    fs::remove_file(&file).expect("removed");
    let answer = save(&app, &request("summary", &second, "Fifth.\n")).json();
    assert_eq!(answer["changed"], json!({ "hash": null, "text": null }));
    assert!(!file.exists());
    let left = fs::read_dir(file.parent().expect("a folder")).expect("read").count();
    assert_eq!(left, 0, "nothing unfinished is left");
}

#[test]
fn of_two_windows_that_save_at_once_one_is_told_of_the_other() {
    let folder = small_with_text("Begun.\n");
    let app = started(&folder);
    let base = text_in(&app, "en")["hash"].clone();
    let texts: Vec<String> = (0..8).map(|at| format!("Window {at}.\n")).collect();
    let path = app.path("section");
    let outcomes: Vec<Value> = thread::scope(|scope| {
        let (app, base, path) = (&app, &base, &path);
        let windows: Vec<_> = texts
            .iter()
            .map(|text| scope.spawn(move || app.post(path, &request("summary", base, text).to_string()).json()))
            .collect();
        windows.into_iter().map(|window| window.join().expect("an answer")).collect()
    });
    let saved: Vec<usize> = (0..8).filter(|at| outcomes[*at]["saved"].is_object()).collect();
    assert_eq!(saved.len(), 1, "{outcomes:?}");
    let winner = &texts[saved[0]];
    assert_eq!(&fs::read_to_string(folder.path().join("small/narrative/quarterly/summary.en.md")).unwrap(), winner);
    let others = outcomes.iter().filter(|outcome| outcome["changed"].is_object());
    assert!(others.clone().all(|outcome| outcome["changed"]["text"] == **winner), "{outcomes:?}");
    assert_eq!(others.count(), 7);
}

#[test]
fn ends_of_lines_and_the_mark_of_an_editor_stay() {
    let folder = small_with_text("\u{feff}One.\r\n\r\nTwo.\r\n");
    let app = started(&folder);
    let text = text_in(&app, "en");
    assert_eq!(text["text"], "One.\n\nTwo.\n");
    assert!(save(&app, &request("summary", &text["hash"], "One.\n\nThree.\n")).json()["saved"].is_object());
    let written = fs::read_to_string(folder.path().join("small/narrative/quarterly/summary.en.md")).unwrap();
    assert_eq!(written, "\u{feff}One.\r\n\r\nThree.\r\n");
}

/// Places are counted as the browser counts: a letter outside the basic plane is two.
#[test]
fn what_is_wrong_is_marked_where_it_is_with_what_to_write_instead() {
    let folder = small_with_text(
        "😀 In all, 2 people came, and {{actuall \"T1\"}} more.\n\n{{#claim \"exceeded\" \"T1\"}}Too many{{/claim}} came.\n",
    );
    folder.write("small/narrative/quarterly/summary.mk.md", "Дојдоа {{actual \"T1\"}} лица.\n");
    let app = started(&folder);
    let text = checked(&app, "en", |_| true);
    let source: Vec<u16> = text["text"].as_str().expect("a text").encode_utf16().collect();
    let marked = |mark: &Value| {
        let at = |key: &str| mark[key].as_u64().expect("a place") as usize;
        String::from_utf16_lossy(&source[at("from")..at("to")])
    };
    let marks = text["marks"].as_array().expect("marks");
    let of = |code: &str| marks.iter().find(|mark| mark["code"] == code).unwrap_or_else(|| panic!("{code}: {text}"));
    let typed = of("typed-figure");
    assert_eq!(marked(typed), "2");
    let mends: Vec<&Value> = typed["mends"].as_array().expect("mends").iter().map(|mend| &mend["text"]).collect();
    assert_eq!(mends, ["{{actual \"T1\"}}", "{{literal \"2\"}}"]);
    let unknown = of("unknown-helper");
    assert_eq!(marked(unknown), "{{actuall \"T1\"}}");
    let nearest = &unknown["mends"][0];
    assert_eq!((&nearest["what"], &nearest["text"]), (&"nearest".into(), &"actual".into()));
    assert_eq!(marked(nearest), "actuall", "only the name is replaced");

    // Once its names are right the claim is looked at, which the figures don't bear out.
    let written = text["text"].as_str().expect("a text").replace("actuall", "actual");
    assert!(save(&app, &request("summary", &text["hash"], &written)).json()["saved"].is_object());
    let text = checked(&app, "en", |text| text["text"] == written.as_str());
    let untrue = text["marks"].as_array().expect("marks").iter().find(|mark| mark["code"] == "untrue-claim");
    assert!(untrue.is_some_and(|mark| mark["level"] == "error"), "{text}");

    // What the other language lacks is offered to it.
    folder.write("small/narrative/quarterly/summary.en.md", "Some people came.\n");
    let text = checked(&app, "en", |text| text["text"] == "Some people came.\n");
    let parity = text["marks"].as_array().and_then(|marks| marks.iter().find(|mark| mark["code"] == "parity"));
    let mend = &parity.unwrap_or_else(|| panic!("{text}"))["mends"][0];
    assert_eq!(*mend, json!({ "what": "insert", "from": null, "to": null, "text": "{{actual \"T1\"}}" }));
    let claim = "{{#claim \"some\" \"T1\"}}Дојдоа{{/claim}}.\n";
    folder.write("small/narrative/quarterly/summary.mk.md", claim);
    let offered = "{{#claim \"some\" \"T1\"}}…{{/claim}}";
    checked(&app, "en", |text| text["marks"][0]["mends"][0]["text"] == offered);
}

#[test]
fn a_translation_says_with_a_click_that_it_is_of_today() {
    let folder = small_project();
    folder.write("small/narrative/quarterly/summary.mk.md", "Изменета реченица.\n");
    folder.write("small/narrative/quarterly/summary.en.md", "{{! translated_from: 000000 }}\nA sentence.\n");
    let app = started(&folder);
    let text = checked(&app, "en", |_| true);
    let stale = &text["marks"][0];
    assert_eq!(
        (&stale["code"], &stale["mends"][0]["what"]),
        (&"stale-translation".into(), &"translated".into()),
        "{text}"
    );
    let mark = stale["mends"][0]["text"].as_str().expect("a mark");
    let written = text["text"].as_str().expect("a text").replace("{{! translated_from: 000000 }}", mark);
    assert!(save(&app, &request("summary", &text["hash"], &written)).json()["saved"].is_object());
    checked(&app, "en", |text| text["marks"].as_array().is_some_and(Vec::is_empty));
}

#[test]
fn sections_are_listed_with_their_rules_and_their_words() {
    let folder = small_with_text("One two three {{actual \"T1\"}} five.\n");
    let app = started(&folder);
    checked(&app, "en", |_| true);
    let list = app.get(&app.path("writing/quarterly/2025-Q1")).json();
    let tags: Vec<&Value> = list["languages"].as_array().expect("languages").iter().map(|one| &one["tag"]).collect();
    assert_eq!(tags, ["mk", "en"]);
    let sections = list["sections"].as_array().expect("sections");
    let section = |id: &str| sections.iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("{id}: {list}"));
    assert_eq!(sections[0]["id"], "headline");
    let summary = section("summary");
    assert_eq!((&summary["rules"]["heading"], &summary["rules"]["required"]), (&"Summary".into(), &true.into()));
    assert!(summary["rules"]["word_limit"].as_u64().is_some_and(|limit| limit > 0), "{summary}");
    assert_eq!(summary["texts"][1]["words"], 5, "as printed, the figure among them");
    assert_eq!(section("results")["texts"][0]["is_written"], false);
}

#[test]
fn a_section_with_nothing_but_remarks_is_listed_as_not_written() {
    let folder = small_with_text("{{! What was achieved. }}\n");
    let app = started(&folder);
    checked(&app, "mk", |_| true);
    let list = app.get(&app.path("writing/quarterly/2025-Q1")).json();
    let sections = list["sections"].as_array().expect("sections");
    let texts =
        |id: &str| &sections.iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("{id}: {list}"))["texts"];
    let told = |text: &Value| (text["is_written"] == true, text["errors"].as_u64(), text["warnings"].as_u64());
    let (is_written, errors, warnings) = told(&texts("summary")[1]);
    assert!(!is_written && errors.max(warnings) >= Some(1), "what is missing is counted here: {list}");
    assert!(told(&texts("summary")[0]).0, "{list}");
    // Filled from the data, without a text: nothing is missing.
    assert_eq!(told(&texts("indicators")[0]), (false, Some(0), Some(0)), "{list}");
}

/// Where a report's texts for a period lie ready, what is missing is said of those files, and the page writes to them.
#[test]
fn what_is_missing_is_named_where_it_is_begun() {
    let folder = small_project();
    folder.write("small/narrative/quarterly/2025-Q1/summary.en.md", "{{! What was achieved. }}\n");
    folder.write("small/narrative/quarterly/2025-Q1/results.en.md", "Results.\n");
    let app = started(&folder);
    checked(&app, "en", |_| true);
    let state = app.state();
    let groups = state["problems"].as_array().expect("problems").clone();
    let missing = groups.iter().filter(|group| group["code"] == "section-missing");
    let problems = missing.flat_map(|group| group["problems"].as_array().expect("problems").clone());
    let files: Vec<String> =
        problems.map(|problem| problem["places"][0]["file"].as_str().expect("a file").to_owned()).collect();
    for lang in ["en", "mk"] {
        let file = text_in(&app, lang)["file"].as_str().expect("a file").to_owned();
        assert_eq!(file, format!("narrative/quarterly/2025-Q1/summary.{lang}.md"));
        assert!(files.contains(&file), "{file}: {files:?}");
        assert!(files.contains(&format!("narrative/quarterly/2025-Q1/headline.{lang}.md")), "{files:?}");
        // Of the other period nothing lies ready.
        assert!(files.contains(&format!("narrative/quarterly/summary.{lang}.md")), "{files:?}");
    }
    assert_eq!(app.get(&app.path(SECTION)).json()["may_begin"], json!(["period"]));
}

#[test]
fn helpers_of_an_indicator_are_found_by_its_title_in_every_language() {
    let folder = small_project();
    let app = started(&folder);
    let view = app.get(&app.path("writing/quarterly/2025-Q1/snippets/mk")).json();
    let groups = view["groups"].as_array().expect("groups");
    let indicator = groups.iter().find(|group| group["about"] == "indicator").expect("an indicator");
    assert_eq!(indicator["titles"].as_array().map(Vec::len), Some(2), "{indicator}");
}

#[test]
fn helpers_are_listed_by_what_they_print_in_the_texts_language() {
    let folder = small_project();
    let app = started(&folder);
    let printed = |path: &str, source: &str| {
        let view = app.get(&app.path(&format!("writing/quarterly/2025-Q1/snippets/{path}"))).json();
        let groups = view["groups"].as_array().unwrap_or_else(|| panic!("{view}")).clone();
        let snippets = groups.iter().flat_map(|group| group["snippets"].as_array().expect("snippets").clone());
        let found = snippets.into_iter().find(|snippet| snippet["source"] == source);
        found.map(|snippet| snippet["printed"].clone())
    };
    assert_eq!(printed("en", "{{actual \"T1\"}}"), Some("2".into()));
    assert_eq!(printed("mk", "{{date period.start}}"), Some("1\u{a0}јануари\u{a0}2025".into()));
    assert_eq!(printed("en", "{{date period.start}}"), Some("1\u{a0}January\u{a0}2025".into()));
    assert_eq!(printed("mk/0", "{{words \"T1\" gender=\"f\"}}"), Some("две".into()));
    assert_eq!(printed("en/0", "{{plural \"T1\" one=\"people\" other=\"people\"}}"), Some("people".into()));
    assert_eq!(printed("en", "{{attended \"A-01\"}}"), Some("2".into()));
    assert_eq!(printed("en", "{{municipality}}"), Some("Kumanovo".into()), "a field, as the first activity has it");
    assert_eq!(printed("en/0", "{{#claim \"some\" \"T1\"}}…{{/claim}}"), Some("".into()), "it holds");
    assert_eq!(printed("en/0", "{{#claim \"exceeded\" \"T1\"}}…{{/claim}}"), None, "it doesn't");
    assert_eq!(app.get(&app.path("writing/quarterly/2025-Q1/snippets/en/99")).status, 404);
}

#[test]
fn no_name_leads_out_of_the_narrative() {
    let folder = small_project();
    folder.write("outside/secret.en.md", "Nobody's business.\n");
    let app = started(&folder);
    let names = ["../secret", "..", "", ".hidden", "a/b", "a\\b", "summary\u{0}", "results.../../x", "nothing-like-it"];
    for section in names {
        assert_eq!(save(&app, &request(section, &Value::Null, "x")).status, 404, "{section}");
        let path = app.path(&format!("writing/quarterly/2025-Q1/sections/{section}")).replace('\u{0}', "%00");
        assert_eq!(app.get(&path.replace(' ', "%20")).status, 404, "{section}");
    }
    for (key, value) in [("report", "../quarterly"), ("period", "2024-Q1"), ("language", "../en"), ("language", "de")] {
        let mut wrong = request("summary", &Value::Null, "x");
        wrong[key] = value.into();
        assert_eq!(save(&app, &wrong).status, 404, "{key}");
    }
    assert_eq!(save(&app, &json!({ "path": "project.toml" })).status, 400);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path().join("outside"), folder.path().join("small/narrative")).unwrap();
        let answer = save(&app, &request("summary", &Value::Null, "x")).json();
        assert!(answer["failed"]["message"].is_string(), "{answer}");
        assert_eq!(fs::read_dir(folder.path().join("outside")).expect("read").count(), 1);
    }
}

#[test]
fn texts_and_returned_files_have_bounds_of_their_own() {
    let folder = small_project();
    let app = started(&folder);
    let long = "a".repeat((1 << 20) + 1);
    let answer = save(&app, &request("summary", &Value::Null, &long)).json();
    assert!(answer["failed"]["message"].as_str().is_some_and(|said| said.contains("1 MiB")), "{answer}");
    assert_eq!(post_bytes(&app, &app.path("section"), &vec![b' '; (3 << 20) + 1]).status, 413);
    assert_eq!(post_bytes(&app, &app.path("returned"), &vec![0; (32 << 20) + 1]).status, 413);
    let answer = post_bytes(&app, &app.path("returned"), b"no Word file").json();
    assert!(answer["fault"]["message"].as_str().is_some_and(|said| said.contains("Word")), "{answer}");
}

/// What a report's formats and forms make is there to be saved, and so is the letter that corrects it.
#[test]
fn every_output_is_offered_the_erratum_among_them() {
    let folder = small_project();
    let formats = "formats = [\"pdf\", \"docx\", \"text\"]\ndocuments";
    folder.write("small/project.toml", PROJECT.replacen("documents", formats, 1));
    let app = started(&folder);
    assert_eq!(app.post(&app.path("build"), "{}").status, 200);
    folder.write("build/TEST-01/2025-Q1/quarterly.erratum.en.pdf", "%PDF-1.7 a letter");
    folder.write("build/TEST-01/2025-Q1/quarterly.erratum.secret", "nothing that is made");
    folder.write("small/narrative/quarterly/summary.en.md", "Read again.\n");
    let file = |state: &Value, name: &str| {
        let files = state["units"][0]["files"].as_array().cloned().unwrap_or_default();
        files.into_iter().find(|file| file["name"] == name)
    };
    let is_there = |state: &Value| file(state, "quarterly.erratum.en.pdf").is_some();
    let state = app.news().until(&app, is_there);
    for name in ["quarterly.en.docx", "quarterly.mk.txt", "quarterly.en.pdf", "quarterly.mk-en.xlsx"] {
        let file = file(&state, name).unwrap_or_else(|| panic!("{name}: {}", state["units"]));
        assert!(file["bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{file}");
        let answer = app.get(&app.path(&format!("outputs/{}", file["path"].as_str().expect("a path"))));
        assert_eq!(answer.status, 200, "{name}");
    }
    assert_eq!(app.get(&app.path("outputs/2025-Q1/quarterly.erratum.en.pdf")).text(), "%PDF-1.7 a letter");
    assert_eq!(app.get(&app.path("outputs/2025-Q1/quarterly.erratum.secret")).status, 404);
}

#[test]
fn a_word_file_that_came_back_tells_what_was_changed() {
    let folder = small_with_text("{{actual \"T1\"}} people took part. Nobody paid for it.\n");
    folder.write("small/project.toml", PROJECT.replacen("documents", "formats = [\"docx\"]\ndocuments", 1));
    let app = started(&folder);
    assert_eq!(app.post(&app.path("build"), "{}").status, 200);
    let file = folder.path().join("build/TEST-01/2025-Q1/quarterly.en.docx");
    let bytes = fs::read(&file).unwrap_or_else(|error| panic!("{error}: {}", file.display()));
    let fresh = post_bytes(&app, &app.path("returned"), &bytes).json();
    let found = &fresh["review"]["found"];
    assert_eq!((&found["figures"], &found["sentences"]), (&json!([]), &json!([])), "{fresh}");
    assert_eq!(fresh["review"]["other_project"], Value::Null);

    let edited = patched(&bytes, "word/document.xml", |xml| {
        xml.replace("Nobody paid for it.", "Nobody paid for it, &lt;script&gt;alert(1)&lt;/script&gt;.")
    });
    let answer = post_bytes(&app, &app.path("returned"), &edited);
    assert!(answer.headers.contains("content-type: application/json"), "{}", answer.headers);
    let sentence = &answer.json()["review"]["found"]["sentences"][0];
    assert_eq!(sentence["change"], "changed", "{sentence}");
    assert!(sentence["new"].as_str().is_some_and(|new| new.contains("<script>alert(1)</script>")), "{sentence}");
    assert_eq!(sentence["place"]["file"], "narrative/quarterly/summary.en.md");
    assert_eq!(fs::read(&file).expect("the file"), bytes, "nothing is changed");

    folder.write("small/project.toml", PROJECT.replace("TEST-01", "TEST-02"));
    app.news().until(&app, |state| state["counted"]["code"] == "TEST-02");
    let other = post_bytes(&app, &app.path("returned"), &bytes).json();
    assert_eq!(other["review"]["other_project"], "TEST-01", "{other}");
}
