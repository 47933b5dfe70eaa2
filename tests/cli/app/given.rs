//! Pictures and donors' forms that the page is given, and cells of a form that are filled by choosing.

use serde_json::{Value, json};

use super::{App, is_whole, small_project};
use crate::cli::build::PROJECT;

/// Gives bytes as the page gives a file.
pub fn give(app: &App, path: &str, bytes: &[u8]) -> Value {
    let App { port, page, .. } = app;
    let mut request = format!(
        "POST {page}{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        bytes.len()
    )
    .into_bytes();
    request.extend(bytes);
    app.ask_bytes(&request).json()
}

#[test]
fn a_picture_is_kept_in_its_folder_and_written_over_nothing() {
    let folder = small_project();
    let project = folder.path().join("small");
    let app = App::of(folder.path(), &[]);
    let path = |rest: &str| app.path(&format!("files/{rest}"));
    let drawing = b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";
    let kept = give(&app, &path("images/logo.svg"), drawing);
    assert_eq!((&kept["done"], &kept["file"]), (&json!(true), &json!("images/logo.svg")), "{kept}");
    assert_eq!(std::fs::read(project.join("images/logo.svg")).expect("kept"), drawing);
    assert_eq!(give(&app, &path("images/logo.svg"), drawing)["done"], true, "the same once more");
    for (rest, content) in [
        ("images/logo.svg", b"another".as_slice()),
        ("images/program.exe", b"x"),
        ("forms/logo.svg", b"x"),
        ("narrative/a.svg", b"x"),
        ("images/%2e%2e%2fout.svg", b"x"),
        ("images/.hidden.svg", b"x"),
    ] {
        let refused = give(&app, &path(rest), content);
        assert_eq!(refused["done"], false, "{rest}");
        assert!(refused["messages"][0].as_str().is_some_and(|words| words.len() > 10), "{rest}: {refused}");
    }
    let names = |inside: &str| std::fs::read_dir(project.join(inside)).map_or(0, Iterator::count);
    assert_eq!((names("images"), names("forms"), names("narrative")), (1, 0, 0));
    assert!(!folder.path().join("out.svg").exists());
}

/// The cells of a form with what is in them; one is chosen, and the build fills it.
#[test]
fn a_cell_of_a_form_is_filled_by_choosing_it() {
    let folder = small_project();
    folder.book("small/forms/face.xlsx", &[("Report", "People trained | to be filled in\nTrainings | ")]);
    folder.write("small/project.toml", format!("{PROJECT}\n[[forms]]\nfile = \"forms/face.xlsx\"  # the donor's\n"));
    let app = App::of(folder.path(), &[]);
    app.news().until(&app, is_whole);
    let form = app.get(&app.path("form/0")).json();
    let sheet = &form["sheets"][0];
    assert_eq!((&sheet["name"], &sheet["rows"][0][1][0]), (&json!("Report"), &json!("People trained")), "{form}");
    assert_eq!(form["written"], json!({}));
    let change = json!([{ "at": ["forms", 0, "cells", "Report!B1"], "set": "actual \"T1\"" }]);
    let request = json!({ "based_on": form["hash"], "changes": change }).to_string();
    let outcome = app.post(&app.path("settings"), &request).json();
    assert_eq!(outcome["done"], true, "{outcome}");
    let text = std::fs::read_to_string(folder.path().join("small/project.toml")).expect("project.toml");
    assert!(text.contains("# the donor's") && text.contains("Report!B1"), "{text}");
    let built = app.post(&app.path("build"), "{}").json();
    assert_eq!(built["done"], true, "{built}");
    let filled = std::fs::read(folder.path().join("build/TEST-01/2025-Q1/quarterly.face.xlsx")).expect("the form");
    let parts = crate::ingest::sheets::parts(&filled);
    let sheet = parts.iter().find(|(name, _)| name.ends_with("sheet1.xml")).expect("its sheet");
    assert!(String::from_utf8_lossy(&sheet.1).contains("<v>2</v>"), "two persons were trained in the first quarter");
    assert_eq!(app.get(&app.path("form/9")).status, 404);
}
