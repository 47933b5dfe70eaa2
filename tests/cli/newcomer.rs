//! What a new user does: the commands of README.md and of the guide, run as they stand there.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use donor_report::diagnostic::{Catalogue, Problem, kinds};

use super::typing::Desk;

const PROGRAM: &str = env!("CARGO_BIN_EXE_donor-report");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder like a fresh clone, as far as the commands look at it.
fn fresh_clone() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["inputs", "guide"] {
        copy(&root().join(name), &folder.path().join(name));
    }
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Words of a command line without its remark.
fn words(line: &str) -> Vec<&str> {
    line.split(" #").next().unwrap_or_default().split_whitespace().collect()
}

fn run_line(folder: &Path, line: &str) -> Output {
    let words = words(line);
    assert_eq!(words[0], "donor-report");
    Command::new(PROGRAM).args(&words[1..]).current_dir(folder).stdin(Stdio::null()).output().expect("the program runs")
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A command that goes on until it is ended: it has begun once it says something, on either stream.
fn begins(folder: &Path, line: &str) {
    let words = words(line);
    let mut command = Command::new(PROGRAM);
    command.args(&words[1..]).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    let (sender, said) = channel();
    let streams: [Box<dyn Read + Send>; 2] =
        [Box::new(child.stdout.take().expect("a stream")), Box::new(child.stderr.take().expect("a stream"))];
    for stream in streams {
        let sender = sender.clone();
        std::thread::spawn(move || {
            let mut line = String::new();
            if BufReader::new(stream).read_line(&mut line).is_ok_and(|length| length > 0) {
                let _ = sender.send(line);
            }
        });
    }
    let said = said.recv_timeout(Duration::from_secs(120));
    let ended = child.try_wait().expect("a state");
    child.kill().expect("ended");
    child.wait().expect("ended");
    assert!(said.is_ok() && ended.is_none(), "{line}: {said:?}, {ended:?}");
}

#[test]
fn the_commands_of_the_readme_do_what_they_say() {
    let folder = fresh_clone();
    let text = fs::read_to_string(root().join("README.md")).expect("README.md");
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("donor-report ")).collect();
    assert!(lines.len() >= 12, "{lines:?}");
    for line in lines {
        match words(line)[1] {
            "watch" => begins(folder.path(), line),
            // Nobody sits before the tests to look at a browser.
            "app" => begins(folder.path(), &line.replacen(" app ", " app --no-open ", 1)),
            _ => {
                let output = run_line(folder.path(), line);
                assert_eq!(output.status.code(), Some(0), "{line}\n{}", told(&output));
            }
        }
    }
    assert!(folder.path().join("build/GUIDE/project/guide.mk.pdf").is_file());
}

/// The commands that the guide prints on lines of their own, in their order.
fn guide_lines(lang: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for section in ["start", "check", "build", "own", "sent"] {
        let path = root().join(format!("guide/narrative/guide/{section}.{lang}.md"));
        let text = fs::read_to_string(path).expect("a chapter");
        let own = text.lines().filter_map(|line| line.strip_prefix("**donor-report ")?.strip_suffix("**"));
        lines.extend(own.map(|rest| format!("donor-report {rest}")));
    }
    lines
}

#[test]
fn the_guide_names_the_same_commands_in_both_languages() {
    assert_eq!(guide_lines("en"), guide_lines("mk"));
}

/// The guide's own rows as they are typed into the new workbook: labels of the lists, days as a spreadsheet counts them.
fn type_guide_rows(desk: &mut Desk) -> u32 {
    let text = fs::read_to_string(root().join("guide/activities.csv")).expect("the guide's rows");
    let label = BTreeMap::from([
        ("training", "Обука"),
        ("meeting", "Состанок"),
        ("support", "Поддршка"),
        ("completed", "завршена"),
        ("planned", "планирана"),
        ("skopje", "Скопје"),
        ("kumanovo", "Куманово"),
        ("gevgelija", "Гевгелија"),
    ]);
    let mut last = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [id, date, kind, mk, en, status, place, reached] = cells.as_slice() else { panic!("{line}") };
        let day: jiff::civil::Date = date.parse().expect("a date");
        let serial = day.since(jiff::civil::date(1899, 12, 30)).expect("days").get_days().to_string();
        let row = [id, serial.as_str(), "", label[kind], mk, en, label[status], "", label[place], "", reached];
        last = desk.row("Активности", &row);
    }
    last
}

/// The rows of the sheet of lists from its first municipality on.
const LISTS: [[&str; 4]; 6] = [
    ["municipality", "skopje", "Скопје", "Skopje"],
    ["municipality", "kumanovo", "Куманово", "Kumanovo"],
    ["municipality", "gevgelija", "Гевгелија", "Gevgelija"],
    ["partner", "partner", "Партнер", "Partner"],
    ["person.status", "refugee", "Бегалец", "Refugee"],
    ["person.status", "other", "Друго", "Other"],
];

/// From nothing to a first report by the guide: make a project, fill in ten rows, break one, mend it, build.
#[test]
fn a_first_report_by_the_guide() {
    let folder = fresh_clone();
    let home = folder.path().join("inputs/my-project");
    let lines = guide_lines("mk");
    let line = |command: &str| lines.iter().find(|line| words(line)[1] == command).expect("a command of the guide");

    let made = run_line(folder.path(), line("init"));
    assert_eq!(made.status.code(), Some(0), "{}", told(&made));
    for name in ["data.xlsx", "project.toml", "narrative/quarterly/summary.mk.md"] {
        assert!(home.join(name).is_file(), "{name}");
    }

    // Documents are drafts as long as title and donor are those that `init` wrote.
    let toml = home.join("project.toml");
    let mut text = fs::read_to_string(&toml).expect("project.toml");
    for (written, own) in [
        ("Наслов на проектот", "Обуки за млади"),
        ("Title of the project", "Training for young people"),
        ("Назив на донаторот", "Фондација Пример"),
        ("Name of the donor", "Example Foundation"),
    ] {
        text = text.replace(written, own);
    }
    fs::write(&toml, text).expect("project.toml");

    let mut desk = Desk::open(&home.join("data.xlsx"));
    // The lists begin with one municipality: its row makes place for three, since rows of one list stand together.
    let first = desk.last("Листи") - 3;
    for (row, cells) in (first..).zip(LISTS) {
        for (column, text) in (0..).zip(cells) {
            desk.cell("Листи", row, column, text);
        }
    }
    let last = type_guide_rows(&mut desk);
    desk.save();
    let checked = run_line(folder.path(), line("check"));
    assert_eq!(checked.status.code(), Some(0), "{}", told(&checked));
    assert!(told(&checked).contains("errors: 0"), "{}", told(&checked));
    let built = run_line(folder.path(), line("build"));
    assert_eq!(built.status.code(), Some(0), "{}", told(&built));
    let report = folder.path().join("build/PROJECT-01/2026-Q1/quarterly.mk.pdf");
    let good = fs::read(&report).expect("the report");

    // One row broken: told at its cell, nothing written, the last good report stays.
    let broken = last - 5;
    desk.cell("Активности", broken, 1, "31.02.2026");
    desk.save();
    let checked = run_line(folder.path(), line("check"));
    assert_eq!(checked.status.code(), Some(1));
    let cell = format!("sheet Активности, cell B{broken}");
    assert!(told(&checked).contains(&cell) && told(&checked).contains("error[invalid-date]"), "{}", told(&checked));
    assert_eq!(run_line(folder.path(), line("build")).status.code(), Some(1));
    assert_eq!(fs::read(&report).expect("the report"), good);

    // Mended, with a day of March: the figure that moved is told.
    desk.cell("Активности", broken, 1, "46096");
    desk.save();
    let built = run_line(folder.path(), line("build"));
    assert_eq!(built.status.code(), Some(0), "{}", told(&built));
    assert!(told(&built).contains("changed: 2026-Q1/quarterly I1 in the period: 4 → 5"), "{}", told(&built));
    assert!(fs::read(&report).expect("the report") != good);

    let explained = run_line(folder.path(), line("explain"));
    assert_eq!(explained.status.code(), Some(0), "{}", told(&explained));
    assert!(told(&explained).contains("data.xlsx"), "{}", told(&explained));
    let sent = run_line(folder.path(), line("submit"));
    assert_eq!(sent.status.code(), Some(0), "{}", told(&sent));
    assert!(home.join("submitted/2026-Q1/quarterly.mk.pdf").is_file());
}

/// The guide itself is made without a word of complaint, in both languages.
#[test]
fn the_guide_is_made_without_a_warning() {
    let folder = fresh_clone();
    let built = run_line(folder.path(), "donor-report build guide");
    assert_eq!(built.status.code(), Some(0), "{}", told(&built));
    assert_eq!(String::from_utf8_lossy(&built.stderr), "");
    for name in ["guide.en.pdf", "guide.mk.pdf"] {
        assert!(folder.path().join("build/GUIDE/project").join(name).is_file(), "{name}");
    }
}

/// The problem that the guide shows is told in the program's own words.
#[test]
fn the_guide_quotes_the_program() {
    for (lang, word) in [("en", "error"), ("mk", "грешка")] {
        let problem = Problem::error(kinds::InvalidDate { text: "31.02.2026".to_owned() });
        let sentence = Catalogue::new(lang).sentences(&problem).message.replace("`31.02.2026`", "“31.02.2026”");
        let path = root().join(format!("guide/narrative/guide/check.{lang}.md"));
        let text = fs::read_to_string(path).expect("a chapter");
        assert!(text.contains(&format!("> {word}[invalid-date]: {sentence}")), "{sentence}");
    }
}

/// A Latin letter in a Cyrillic word looks right and is never found again.
#[test]
fn no_word_of_the_guide_or_of_the_help_mixes_scripts() {
    let chapters = fs::read_dir(root().join("guide/narrative/guide")).expect("chapters").flatten();
    let mut files: Vec<_> = chapters.map(|entry| entry.path()).collect();
    files.push(root().join("templates/help.toml"));
    files.push(root().join("templates/messages/phrases/init.toml"));
    files.push(root().join("templates/messages/phrases/commands.toml"));
    for file in files {
        let text = fs::read_to_string(&file).expect("a text");
        for word in text.replace("\\n", " ").split(|letter: char| !letter.is_alphabetic()) {
            let cyrillic = word.chars().any(|letter| ('\u{400}'..='\u{4ff}').contains(&letter));
            let latin = word.chars().any(|letter| letter.is_ascii_alphabetic());
            assert!(!(cyrillic && latin), "{}: {word}", file.display());
        }
    }
}
