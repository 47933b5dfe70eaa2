//! How the app begins and ends.

use std::io::ErrorKind;
use std::thread;
use std::time::Duration;

use super::*;

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_cleanly_and_nothing_was_written() {
    let folder = small_project();
    let mut app = App::of(folder.path(), &[]);
    app.news().until(&app, is_whole);
    let sent = Command::new("kill").args(["-INT", &app.child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    assert_eq!(app.child.wait().expect("an end").code(), Some(0));
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(names, ["small"]);
}

#[test]
fn a_port_that_is_taken_is_told() {
    let folder = small_project();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let refused =
        Command::new(PROGRAM).arg("app").arg(folder.path()).args(["--no-open", "--port", &port]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("error[cannot-serve]"));
}

/// A copy of the program in a folder, started there as a double click does: without arguments. No browser is to be found.
#[cfg(unix)]
fn double_click(folder: &Folder) -> Child {
    let program = folder.path().join("donor-report");
    std::fs::copy(PROGRAM, &program).expect("a copy of the program");
    let mut command = Command::new(&program);
    command.env("PATH", "").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // While another test starts a program, that one may still hold the copy open for a moment.
    loop {
        match command.spawn() {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => thread::sleep(Duration::from_millis(20)),
            started => return started.expect("the program runs"),
        }
    }
}

#[cfg(unix)]
#[test]
fn without_arguments_it_opens_the_projects_beside_the_program() {
    let folder = small_project();
    let mut child = double_click(&folder);
    let notes = BufReader::new(child.stderr.take().expect("its notes")).lines();
    let app = App::listening(child);
    let told = notes.map_while(Result::ok).any(|note| note.contains("couldn't be opened"));
    assert!(told, "that no browser was found is told");
    let state = app.news().until(&app, is_whole);
    assert_eq!(figure(&state, "2025-Q2", "T1")["cumulative"], "3");
}

/// An officer puts the program into a folder of her own and begins: there is no project yet, and no console to end it.
#[cfg(unix)]
#[test]
fn without_arguments_it_opens_an_empty_folder_too_and_the_page_ends_it() {
    let folder = Folder::new();
    let mut app = App::listening(double_click(&folder));
    assert_eq!(app.get("projects.json").json()["projects"], serde_json::json!([]));
    assert!(app.get("").text().contains("id=\"end\""));
    let App { port, page, .. } = &app;
    let foreign = format!(
        "POST {page}end HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://example.org\r\nContent-Length: 0\r\n\
         Connection: close\r\n\r\n"
    );
    assert_eq!(app.ask(&foreign).status, 403, "another page ends nothing");
    assert_eq!(app.post("end", "").status, 204);
    assert_eq!(app.child.wait().expect("an end").code(), Some(0));
}
