//! The preview as a browser gets it: pages, figures with their rows and problems over HTTP, anew at every save.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::build::{ACTIVITIES, ATTENDANCE, INDICATORS, LISTS, PROGRAM, PROJECT, example, project};
use crate::ingest::sheets::Folder;

/// After this long an answer isn't awaited any more.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running preview; it ends with the test.
struct Preview {
    child: Child,
    port: u16,
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

impl Preview {
    fn of(folder: &Path, more: &[&str]) -> Preview {
        let mut child = Command::new(PROGRAM)
            .args(more)
            .arg("preview")
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let port = line.trim().trim_end_matches('/').rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        assert!(line.contains("http://127.0.0.1:"), "{line}");
        Preview { child, port: port.expect("a port") }
    }

    fn ask(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.write_all(request.as_bytes()).expect("asked");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("headers");
        let headers = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let status = headers.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        Answer { status, headers, body: bytes.split_off(end + 4) }
    }

    fn get(&self, path: &str) -> Answer {
        let port = self.port;
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"))
    }

    /// The stream of news, from now on.
    fn news(&self) -> News {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        write!(stream, "GET /events HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", self.port).expect("asked");
        News(BufReader::new(stream))
    }

    fn state(&self) -> Value {
        self.get("/state.json").json()
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct News(BufReader<TcpStream>);

impl News {
    /// Waits for a finished reading that is as wanted; a save may be read before it is whole.
    fn until(&mut self, preview: &Preview, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).expect("news") > 0, "the stream of news ended");
            let Some(data) = line.strip_prefix("data: ") else { continue };
            let news: Value = serde_json::from_str(data).expect("JSON");
            if news["reading"] == false {
                let state = preview.state();
                if wanted(&state) {
                    return state;
                }
            }
        }
    }
}

fn is_whole(state: &Value) -> bool {
    state["drawn_now"] == true
}

fn figure<'a>(state: &'a Value, period: &str, code: &str) -> &'a Value {
    let find = |list: &'a Value, code: &str| {
        list.as_array().into_iter().flatten().find(|one| one["code"] == code).expect("it is there")
    };
    find(&find(&state["counted"]["periods"], period)["figures"], code)
}

/// The path of a figure's evidence.
fn evidence(state: &Value, period: &str, code: &str, scope: &str) -> String {
    let place = |list: &Value, code: &str| {
        list.as_array().into_iter().flatten().position(|one| one["code"] == code).expect("it is there")
    };
    let periods = &state["counted"]["periods"];
    let at = place(periods, period);
    format!("/evidence/{}/{at}/{}/{scope}", state["counted"]["revision"], place(&periods[at]["figures"], code))
}

fn write(folder: &Folder, activities: &str, attendance: &str, indicators: &str) {
    folder.book(
        "data.xlsx",
        &[("Activities", activities), ("Attendance", attendance), ("Indicators", indicators), ("Lists", LISTS)],
    );
}

#[test]
fn the_example_is_shown_with_its_pages_its_figures_and_their_rows() {
    let example = example();
    let preview = Preview::of(example.path(), &[]);
    let state = preview.news().until(&preview, is_whole);
    assert_eq!(figure(&state, "2017-Q1", "I14")["period"], "391");
    assert_eq!(figure(&state, "2017-01--04", "I14")["cumulative"], "518");

    let rows = preview.get(&evidence(&state, "2017-Q1", "I14", "period")).json();
    let part = &rows["parts"][0];
    assert_eq!(part["rows"], 391, "each counted person is a row");
    assert_eq!(part["groups"][0]["file"], "participants.xlsx");
    assert_eq!(part["groups"][0]["sheet"], "Присуства");
    assert!(part["left_out"].as_array().is_some_and(|reasons| !reasons.is_empty()));

    assert_eq!(state["documents"].as_array().map(Vec::len), Some(7));
    let id = state["documents"][0]["id"].as_str().expect("an id");
    let drawn = preview.get(&format!("/documents/{id}.json")).json();
    let pages = drawn["pages"].as_array().expect("pages");
    let page = pages[0]["id"].as_str().expect("an id");
    assert!(preview.get(&format!("/pages/{page}.svg")).text().starts_with("<svg"));
    let text = preview.get(&format!("/pages/{page}.txt")).text();
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(words.join(" ").contains("Зајакнување на локалните актери"), "{text}");
    assert!(preview.get(&format!("/documents/{id}.pdf")).body.starts_with(b"%PDF-"));
}

#[test]
fn a_saved_cell_changes_the_figure_and_its_rows_in_pages_that_are_open() {
    let folder = project();
    let preview = Preview::of(folder.path(), &[]);
    let mut news = preview.news();
    let before = news.until(&preview, is_whole);
    assert_eq!(figure(&before, "2025-Q2", "T1")["cumulative"], "3");

    write(&folder, ACTIVITIES, &format!("{ATTENDANCE}\nA-02 | P4 | M | 1999"), INDICATORS);
    let after = news.until(&preview, |state| figure(state, "2025-Q2", "T1")["cumulative"] == "4");
    assert_eq!(figure(&after, "2025-Q2", "T1")["period"], "2");
    let rows = preview.get(&evidence(&after, "2025-Q2", "T1", "period")).json();
    assert_eq!(rows["parts"][0]["groups"][0]["rows"], "5-6");
    assert_eq!(preview.get(&evidence(&before, "2025-Q2", "T1", "period")).status, 404, "of an earlier reading");
    let ids = |state: &Value| state["documents"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    let (old, new): (Vec<Value>, Vec<Value>) = (ids(&before), ids(&after));
    assert_eq!(old[..2], new[..2], "the first quarter's documents are as they were");
    assert!(old[2..].iter().all(|id| !new.contains(id)), "the second quarter's are not");
}

#[test]
fn with_an_error_the_last_good_pages_and_figures_stay_and_the_cell_is_told() {
    let folder = project();
    let preview = Preview::of(folder.path(), &[]);
    let mut news = preview.news();
    let good = news.until(&preview, is_whole);
    write(&folder, &ACTIVITIES.replace("@2025-05-06", "31-04-25"), ATTENDANCE, INDICATORS);
    let bad = news.until(&preview, |state| state["problems"][0]["places"][0]["cell"] == "B3");
    assert_eq!(bad["counted"], good["counted"]);
    assert_eq!(bad["documents"], good["documents"]);
    assert_eq!((&bad["counted_now"], &bad["drawn_now"]), (&Value::Bool(false), &Value::Bool(false)));
    let problem = &bad["problems"][0];
    assert_eq!((&problem["level"], &problem["places"][0]["cell"]), (&"error".into(), &"B3".into()), "{problem}");
    assert_eq!(problem["places"][0]["sheet"], "Activities");
    assert!(problem["help"].as_str().is_some_and(|help| !help.is_empty()));
    let id = bad["documents"][0]["id"].as_str().expect("an id");
    assert!(preview.get(&format!("/documents/{id}.json")).text().contains("pages"));

    write(&folder, ACTIVITIES, ATTENDANCE, INDICATORS);
    let mended = news.until(&preview, is_whole);
    assert_eq!(mended["documents"], good["documents"]);
}

#[test]
fn only_pages_of_this_address_are_answered() {
    let folder = project();
    let preview = Preview::of(folder.path(), &[]);
    preview.news().until(&preview, is_whole);
    let port = preview.port;
    let ask = |lines: &str| preview.ask(&format!("{lines}\r\nConnection: close\r\n\r\n"));
    for hosts in [
        "Host: donor.example".to_owned(),
        format!("Host: donor.example:{port}"),
        "Host: 127.0.0.1".to_owned(),
        format!("Host: 127.0.0.1:{port}\r\nHost: donor.example:{port}"),
        "Accept: */*".to_owned(),
    ] {
        let refused = ask(&format!("GET /state.json HTTP/1.1\r\n{hosts}"));
        assert_eq!((refused.status, refused.body.len()), (421, 0), "{hosts}");
    }
    let absolute = format!("GET http://donor.example/state.json HTTP/1.1\r\nHost: 127.0.0.1:{port}");
    assert_eq!(ask(&absolute).status, 421);
    assert_eq!(ask(&format!("POST /state.json HTTP/1.1\r\nHost: 127.0.0.1:{port}")).status, 405);
    let from_elsewhere = format!("GET /state.json HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://donor.example");
    let told = ask(&from_elsewhere);
    assert!(!told.headers.contains("access-control"), "{}", told.headers);
    assert!(told.headers.contains("cross-origin-resource-policy: same-origin"), "{}", told.headers);
    let page = preview.get("/");
    let policy = page.headers.lines().find(|line| line.starts_with("content-security-policy")).expect("a policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    for path in ["/../Cargo.toml", "/%2e%2e/project.toml", "/index.html", "/project.toml", "/pages/0.svg", "/evidence"]
    {
        assert_eq!(preview.get(path).status, 404, "{path}");
    }
}

#[test]
fn markup_in_any_cell_stays_text() {
    let hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
    let folder = project();
    folder.write("project.toml", PROJECT.replace("An invented project", hostile));
    write(&folder, ACTIVITIES, ATTENDANCE, &INDICATORS.replace("People trained", hostile));
    let preview = Preview::of(folder.path(), &[]);
    preview.news().until(&preview, is_whole);
    let answer = preview.get("/state.json");
    assert!(answer.headers.contains("content-type: application/json"), "{}", answer.headers);
    assert!(answer.headers.contains("nosniff"), "{}", answer.headers);
    let state = answer.json();
    assert_eq!(state["counted"]["title"]["text"], hostile);
    assert_eq!(figure(&state, "2025-Q1", "T1")["title"]["text"], hostile);
    assert!(!preview.get("/").text().contains("alert"), "data is no part of the page itself");
    for document in state["documents"].as_array().unwrap() {
        let drawn = preview.get(&format!("/documents/{}.json", document["id"].as_str().unwrap())).json();
        for page in drawn["pages"].as_array().unwrap() {
            let svg = preview.get(&format!("/pages/{}.svg", page["id"].as_str().unwrap())).text();
            assert!(!svg.contains("<script") && !svg.contains("onerror"));
        }
    }
}

#[test]
fn the_page_speaks_the_language_of_messages() {
    let folder = project();
    for (lang, word) in [("en", "Choose a figure"), ("mk", "Изберете бројка")] {
        let preview = Preview::of(folder.path(), &["--messages", lang]);
        let page = preview.get("/").text();
        assert!(page.contains(&format!("<html lang=\"{lang}\">")) && page.contains(word), "{page}");
        let unfilled: Vec<&str> = page.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        assert!(unfilled.iter().all(|name| !name.contains('.')), "{unfilled:?}");
    }
}

/// Every word that a script says stands in the page.
#[test]
fn no_script_is_at_a_loss_for_a_word() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/preview");
    let page = std::fs::read_to_string(folder.join("index.html")).expect("the page");
    let mut said = 0;
    for entry in std::fs::read_dir(&folder).expect("the folder").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("a text");
        for word in text.split("say(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(page.contains(&format!("data-word=\"{word}\"")), "{word}");
            said += 1;
        }
        assert!(!text.contains("innerHTML") && !text.contains("insertAdjacentHTML"), "{}", entry.path().display());
    }
    assert!(said > 20);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_cleanly_and_nothing_was_written() {
    let folder = project();
    let mut preview = Preview::of(folder.path(), &[]);
    preview.news().until(&preview, is_whole);
    let sent = Command::new("kill").args(["-INT", &preview.child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    assert_eq!(preview.child.wait().expect("an end").code(), Some(0));
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn a_port_that_is_taken_is_told() {
    let folder = project();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let refused = Command::new(PROGRAM).arg("preview").arg(folder.path()).args(["--port", &port]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("error[cannot-serve]"));
}
