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

/// As a double click starts it: no arguments, the program beside the projects. No browser is to be found here.
#[cfg(unix)]
#[test]
fn without_arguments_it_opens_the_projects_beside_the_program() {
    let folder = small_project();
    let program = folder.path().join("donor-report");
    std::fs::copy(PROGRAM, &program).expect("a copy of the program");
    let mut command = Command::new(&program);
    command.env("PATH", "").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // While another test starts a program, that one may still hold the copy open for a moment.
    let mut child = loop {
        match command.spawn() {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => thread::sleep(Duration::from_millis(20)),
            started => break started.expect("the program runs"),
        }
    };
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    let notes = BufReader::new(child.stderr.take().expect("its notes")).lines();
    let told = notes.map_while(Result::ok).any(|note| note.contains("couldn't be opened"));
    let _ = child.kill();
    let _ = child.wait();
    assert!(line.contains("http://127.0.0.1:"), "{line}");
    assert!(told, "that no browser was found is told");
}
