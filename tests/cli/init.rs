//! New projects.

use clap::Parser;
use donor_report::cli::init::{self, Fault};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    arguments: init::Arguments,
}

fn init(words: &[&str]) -> Result<Vec<std::path::PathBuf>, Fault> {
    let line = Line::try_parse_from(std::iter::once(&"init").chain(words)).expect("a command line");
    init::make(&line.arguments)
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("register.xlsx"), b"work of a year").expect("written");
    let path = folder.path().to_string_lossy().into_owned();
    assert!(matches!(init(&[&path, "--example"]), Err(Fault::NotEmpty(_))));
    assert_eq!(folder.path().read_dir().expect("the folder").count(), 1);
}

#[test]
fn an_empty_project_is_the_same_each_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let make = |name: &str| {
        let path = folder.path().join(name);
        let written = init(&[&path.to_string_lossy(), "--empty", "--code", "X-1"]).expect("a new project");
        written.into_iter().map(|file| std::fs::read(file).expect("a file")).collect::<Vec<_>>()
    };
    assert_eq!(make("one"), make("other"));
}

#[test]
fn a_code_that_cannot_name_a_folder_is_refused() {
    for code in ["../x", "a\"b", "", ".hidden"] {
        assert!(Line::try_parse_from(["init", "x", "--empty", "--code", code]).is_err(), "{code}");
    }
}
