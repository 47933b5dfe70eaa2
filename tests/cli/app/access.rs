//! Who is answered, and with what: only the page that the program opened, and nothing but what is the project's.

use std::io::Read;
use std::net::{Shutdown, TcpStream};

use super::*;

/// Status and length of what a request with these lines gets.
fn outcome(app: &App, lines: &str) -> (u16, usize) {
    let answer = app.ask(&format!("{lines}\r\nConnection: close\r\n\r\n"));
    (answer.status, answer.body.len())
}

fn started(folder: &Folder) -> App {
    let app = App::of(folder.path(), &[]);
    app.news().until(&app, is_whole);
    app
}

#[test]
fn a_request_that_names_another_host_is_refused() {
    let folder = small_project();
    let app = started(&folder);
    let App { port, page, .. } = &app;
    for hosts in [
        "Host: donor.example".to_owned(),
        format!("Host: donor.example:{port}"),
        "Host: 127.0.0.1".to_owned(),
        format!("Host: 127.0.0.1:{port}\r\nHost: donor.example:{port}"),
        "Accept: */*".to_owned(),
    ] {
        let lines = format!("GET {page}projects.json HTTP/1.1\r\n{hosts}");
        assert_eq!(outcome(&app, &lines), (421, 0), "{hosts}");
    }
    let absolute = format!("GET http://donor.example{page}projects.json HTTP/1.1\r\nHost: 127.0.0.1:{port}");
    assert_eq!(outcome(&app, &absolute).0, 421);
}

#[test]
fn a_page_of_another_origin_can_neither_read_nor_do_anything() {
    let folder = small_project();
    let app = started(&folder);
    let (port, page) = (app.port, &app.page);
    let build = app.path("build");
    for from in [
        "Origin: http://donor.example".to_owned(),
        "Origin: null".to_owned(),
        format!("Origin: https://127.0.0.1:{port}"),
        format!("Origin: http://127.0.0.1:{}", port.wrapping_add(1)),
        format!("Origin: http://127.0.0.1:{port}\r\nOrigin: http://donor.example"),
        format!("Origin: http://127.0.0.1:{port}\r\nSec-Fetch-Site: cross-site"),
    ] {
        let ask = |line: String| outcome(&app, &format!("{line} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{from}"));
        assert_eq!(ask(format!("GET {page}projects.json")), (403, 0), "{from}");
        assert_eq!(ask(format!("POST {page}{build}")), (403, 0), "{from}");
    }
    let without = format!("POST {page}{build} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 2");
    assert_eq!(outcome(&app, &without), (403, 0), "a browser always says where a change comes from");
    assert!(!folder.path().join("build").exists());
    let answer = app.get("projects.json");
    assert!(!answer.headers.contains("access-control"), "{}", answer.headers);
    assert!(answer.headers.contains("cross-origin-resource-policy: same-origin"), "{}", answer.headers);
}

#[test]
fn without_the_token_there_is_nothing() {
    let folder = small_project();
    let app = started(&folder);
    let port = app.port;
    let token = app.page.trim_matches('/').split('/').next().expect("a token");
    assert!(token.len() >= 32 && token.chars().all(|c| c.is_ascii_hexdigit()), "{token}");
    let other: String = token.chars().map(|c| if c == '0' { '1' } else { '0' }).collect();
    let (shorter, longer) = (&token[1..], format!("{token}0"));
    for wrong in ["", "/", "//", &format!("/{other}/"), &format!("/{shorter}/"), &format!("/{longer}/"), "/%00/"] {
        for path in ["", "en/", "en/projects.json", "projects.json", "events", "files/main.js", &app.path("state.json")]
        {
            let line =
                format!("GET {}{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}", if wrong.is_empty() { "/" } else { wrong });
            assert_eq!(outcome(&app, &line), (404, 0), "{line}");
        }
    }
    let again = App::of(folder.path(), &[]);
    assert_ne!(again.page, app.page, "each run has a token of its own");
}

#[test]
fn no_path_leads_out_of_what_the_project_gives() {
    let folder = small_project();
    folder.write("secret.json", "{}");
    folder.write("small/pseudonyms.key", "a key that nobody gets");
    let app = started(&folder);
    app.post(&app.path("build"), "{}");
    let ups = ["../secret.json", "..%2fsecret.json", "%2e%2e/secret.json", "....//secret.json", "..\\secret.json"];
    let asked = ["project.toml", "data.xlsx", "pseudonyms.key", ".", "", "/etc/passwd", "%2fetc%2fpasswd"];
    for route in ["files", "projects", &app.path("outputs"), &app.path("outputs/2025-Q1"), &app.path("documents")]
        .into_iter()
        .map(str::to_owned)
        .chain(["sent/0", "pages", "cells/1/0", "figures/1/0/0", "rows/1/0", ""].map(|rest| app.path(rest)))
    {
        for name in ups.iter().chain(&asked) {
            for deep in ["", "../", "../../", "%2e%2e%2f%2e%2e%2f"] {
                let path = format!("{route}/{deep}{name}");
                let answer = app.get(&path);
                assert!([200, 404, 405].contains(&answer.status), "{path}: {}", answer.status);
                assert!(answer.body.is_empty() || answer.text() == "null", "{path}: {}", answer.text());
            }
        }
    }
    let listed = app.get(&app.path("outputs/2025-Q1/quarterly.mk.pdf"));
    assert!(listed.body.starts_with(b"%PDF-"), "what a build makes is given");
}

#[test]
fn the_page_runs_nothing_but_its_own_modules() {
    let folder = small_project();
    let app = started(&folder);
    let page = app.get("");
    let policy = page.headers.lines().find(|line| line.starts_with("content-security-policy")).expect("a policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(page.headers.contains("referrer-policy: no-referrer"), "the address holds the token: {}", page.headers);
    assert!(!page.text().contains("<style") && !page.text().contains("onclick"));
    for script in page.text().split("<script").skip(1) {
        assert!(script.starts_with(" type=\"module\" src=\"files/"), "{script}");
    }
}

#[test]
fn markup_in_any_cell_stays_text() {
    let hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
    let folder = small_project();
    folder.write("small/project.toml", PROJECT.replace("An invented project", hostile));
    write(&folder, ACTIVITIES, ATTENDANCE, &INDICATORS.replace("People trained", hostile));
    let app = App::of(folder.path(), &[]);
    app.news().until(&app, is_whole);
    let answer = app.get(&app.path("state.json"));
    assert!(answer.headers.contains("content-type: application/json"), "{}", answer.headers);
    assert!(answer.headers.contains("nosniff"), "{}", answer.headers);
    let state = answer.json();
    assert_eq!(state["counted"]["title"]["text"], hostile);
    assert_eq!(figure(&state, "2025-Q1", "T1")["title"]["text"], hostile);
    assert!(!app.get("").text().contains("alert("), "data is no part of the page itself");
    for document in state["documents"].as_array().unwrap() {
        let drawn = app.get(&app.path(&format!("documents/{}.json", document["id"].as_str().unwrap()))).json();
        for page in drawn["pages"].as_array().unwrap() {
            let svg = app.get(&app.path(&format!("pages/{}.svg", page["id"].as_str().unwrap()))).text();
            assert!(!svg.contains("<script") && !svg.contains("onerror"));
        }
    }
}

/// What says that it is long is refused before it is read; so is what doesn't say how long it is.
#[test]
fn a_body_of_a_gigabyte_is_refused() {
    let folder = small_project();
    let app = started(&folder);
    let App { port, page, .. } = &app;
    let build = app.path("build");
    let head = format!("POST {page}{build} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}");
    assert_eq!(outcome(&app, &format!("{head}\r\nContent-Length: 1073741824")).0, 413);
    let mut stream = TcpStream::connect(("127.0.0.1", *port)).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    write!(stream, "{head}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n").expect("asked");
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let sent = (0..1 << 14).take_while(|_| stream.write_all(chunk.as_bytes()).is_ok()).count();
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(sent < 1 << 14 || answer.contains(" 413 "), "{sent} chunks were taken: {answer}");
    assert_eq!(app.post(&build, "no JSON").status, 400);
    assert_eq!(app.get("projects.json").status, 200, "others are answered as before");
}

#[test]
fn two_hundred_streams_leave_room_for_the_page() {
    let folder = small_project();
    let app = started(&folder);
    let streams: Vec<News> = (0..200).map(|_| app.news()).collect();
    assert_eq!(app.get("projects.json").status, 200);
    let first_lines = streams.into_iter().map(|mut news| {
        let mut line = String::new();
        news.0.read_line(&mut line).expect("an answer");
        (line, news)
    });
    let answers: Vec<(String, News)> = first_lines.collect();
    let refused = answers.iter().filter(|(line, _)| line.contains(" 503 ")).count();
    assert!((100..200).contains(&refused), "{refused} of 200 were refused");
    drop(answers);
    write(&folder, ACTIVITIES, &format!("{ATTENDANCE}\nA-02 | P4 | M | 1999"), INDICATORS);
    app.news().until(&app, |state| is_whole(state) && figure(state, "2025-Q2", "T1")["cumulative"] == "4");
}
