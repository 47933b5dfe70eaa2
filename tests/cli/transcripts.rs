//! Whole sessions of the program, verbatim: command line, standard output, standard error and exit code.
//!
//! A transcript is played from top to bottom in a fresh folder of its own and must come out as it is written.
//!
//! | line | what it is |
//! |---|---|
//! | `# …`, an empty line | a remark |
//! | `> copy FROM TO` | copies a folder of the repository; a file of it called `NAME.xlsx.txt` becomes the workbook `NAME.xlsx` |
//! | `> write FILE` | writes the indented lines below it |
//! | `> append FILE` | adds the indented lines below it |
//! | `> replace FILE` | puts the other indented lines, if any, in place of every line that holds the text of the first one |
//! | `> remove PATH` | removes a file or a folder |
//! | `$ donor-report …` | runs the program, as a shell would: `VARIABLE=value` before it, quotation marks, `\| head -N` behind it |
//! | `$ cat FILE`, `$ find PATH` | prints a text, or the paths of all files of a folder |
//! | `\| …` | a line that it wrote on standard output |
//! | `! …` | a line that it wrote on standard error |
//! | `exit N` | its exit code |
//!
//! The text of a workbook is `[Sheet]` and the rows below it, as `ingest::sheets` describes them; rows that are appended
//! to a sheet go below its others.
//!
//! `NAME.mk.txt` is the session of `NAME.txt` with `--messages mk`. `UPDATE_GOLDEN=1` writes what was printed into the
//! files; read the difference before keeping it.

mod coverage;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::build::{PROGRAM, files};
use crate::ingest::sheets::Folder;

/// A test for each session: played in English alone, or in every language of messages.
macro_rules! sessions {
    ($($name:ident: $($lang:ident)+;)+) => {
        const SESSIONS: &[(&str, &[&str])] = &[$((stringify!($name), &[$(stringify!($lang)),+])),+];
        $(#[test]
        fn $name() {
            [$(stringify!($lang)),+].into_iter().for_each(|lang| compare(stringify!($name), lang));
        })+
    };
}

sessions! {
    audit: en mk;
    build: en mk;
    build_refused: en mk;
    check: en mk;
    command_line: en mk;
    diff: en mk;
    explain: en mk;
    explain_refused: en mk;
    figures: en mk;
    help: en mk;
    init: en mk;
    init_from: en mk;
    language: en;
    mistakes: en mk;
    plan: en mk;
    portfolio: en mk;
    submit: en mk;
    verify: en mk;
}

/// The languages of messages.
const LANGUAGES: [&str; 2] = ["en", "mk"];

/// Sessions call the program by its name, so its folder is where a shell finds programs.
fn installed_path() -> OsString {
    let own = Path::new(PROGRAM).parent().map(Path::to_owned);
    let others = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(own.into_iter().chain(std::env::split_paths(&others))).expect("folders")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn transcript_path(name: &str, lang: &str) -> PathBuf {
    let file = if lang == "en" { format!("{name}.txt") } else { format!("{name}.{lang}.txt") };
    root().join("tests/cli/transcripts").join(file)
}

fn transcript(name: &str, lang: &str) -> String {
    fs::read_to_string(transcript_path(name, lang)).unwrap_or_default().replace("\r\n", "\n")
}

/// Plays a session in a language of messages and compares it with its transcript.
fn compare(name: &str, lang: &str) {
    let english = transcript(name, "en");
    assert!(english.contains("\n$ "), "{name}.txt runs nothing");
    hold(&transcript_path(name, lang), &Session::play(name, &in_language(&english, lang)));
}

/// Compares a golden file with what it should be, or writes it where that is asked for.
fn hold(path: &Path, now: &str) {
    if is_update() {
        fs::write(path, now).expect("the golden file is written");
        return;
    }
    let held = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(held == now, "{}", first_difference(path, &held, now));
}

/// Golden files are being written.
fn is_update() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

/// A session with every command in another language of messages.
fn in_language(text: &str, lang: &str) -> String {
    if lang == "en" {
        return text.to_owned();
    }
    let lines = text.split_inclusive('\n').map(|line| {
        let command = line
            .starts_with("$ ")
            .then(|| line.replacen("donor-report", &format!("donor-report --messages {lang}"), 1));
        command.unwrap_or_else(|| line.to_owned())
    });
    lines.collect()
}

/// Where a transcript first differs from what was printed, with some lines of both.
fn first_difference(path: &Path, held: &str, played: &str) -> String {
    const BEFORE: usize = 3;
    const AFTER: usize = 6;
    let (held, played): (Vec<&str>, Vec<&str>) = (held.lines().collect(), played.lines().collect());
    let at = held.iter().zip(&played).take_while(|(held, played)| held == played).count();
    let around = |lines: &[&str]| {
        let shown = lines.iter().skip(at.saturating_sub(BEFORE)).take(BEFORE.min(at) + AFTER);
        shown.map(|line| format!("    {line}\n")).collect::<String>()
    };
    format!(
        "{}:{}: the program doesn't print what the transcript holds (UPDATE_GOLDEN=1 writes what it prints)\nheld:\n{}printed:\n{}",
        path.display(),
        at + 1,
        around(&held),
        around(&played)
    )
}

/// A transcript while it is played.
struct Session<'t> {
    name: &'t str,
    folder: Folder,
    /// Path of a workbook → the text that it was made from.
    workbooks: BTreeMap<String, String>,
    played: String,
}

impl Session<'_> {
    /// Plays the steps and commands of a transcript, whatever it says of what they print, and gives it as it should be.
    fn play(name: &str, text: &str) -> String {
        let mut session = Session { name, folder: Folder::new(), workbooks: BTreeMap::new(), played: String::new() };
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            if is_printed(line) {
                continue;
            }
            writeln!(session.played, "{line}").expect("a text");
            if let Some(step) = line.strip_prefix("> ") {
                let mut content = String::new();
                while let Some(own) = lines.next_if(|line| line.starts_with(INDENT)) {
                    writeln!(session.played, "{own}").expect("a text");
                    writeln!(content, "{}", &own[INDENT.len()..]).expect("a text");
                }
                session.prepare(step, &content);
            } else if let Some(command) = line.strip_prefix("$ ") {
                session.run(command);
            } else {
                assert!(line.is_empty() || line.starts_with('#'), "{name}: {line:?} is no line of a transcript");
            }
        }
        session.played
    }

    fn prepare(&mut self, step: &str, content: &str) {
        let words = words(step);
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["copy", from, to] => self.copy(&root().join(from), to),
            ["write", file] => self.write(file, content),
            ["append", file] => self.write(file, &(self.text(file) + content)),
            ["replace", file] => {
                let (old, new) = content.split_once('\n').unwrap_or_default();
                let text = self.text(file);
                assert!(text.contains(old), "{}: {file} doesn't hold {old:?}", self.name);
                let lines = text.split_inclusive('\n');
                let text: String = lines.map(|line| if line.contains(old) { new } else { line }).collect();
                self.write(file, &text);
            }
            ["remove", path] => {
                let path = self.folder.path().join(path);
                let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                removed.unwrap_or_else(|error| panic!("{}: {}: {error}", self.name, path.display()));
            }
            _ => panic!("{}: `> {step}` is no step", self.name),
        }
    }

    fn copy(&mut self, from: &Path, to: &str) {
        let entries = fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {}: {error}", self.name, from.display()));
        for entry in entries.flatten() {
            let name = format!("{to}/{}", entry.file_name().to_string_lossy());
            let path = entry.path();
            if path.is_dir() {
                self.copy(&path, &name);
            } else if let Some(workbook) = name.strip_suffix(".txt").filter(|name| is_workbook(name)) {
                self.write(workbook, &fs::read_to_string(path).expect("a text").replace("\r\n", "\n"));
            } else {
                self.folder.write(&name, fs::read(path).expect("a file"));
            }
        }
    }

    fn text(&self, file: &str) -> String {
        match self.workbooks.get(file) {
            Some(text) => text.clone(),
            None => fs::read_to_string(self.folder.path().join(file))
                .unwrap_or_else(|error| panic!("{}: {file}: {error}", self.name)),
        }
    }

    fn write(&mut self, file: &str, content: &str) {
        if is_workbook(file) {
            let sheets = sheets(content);
            let sheets: Vec<(&str, &str)> = sheets.iter().map(|(name, rows)| (name.as_str(), rows.as_str())).collect();
            self.folder.book(file, &sheets);
            self.workbooks.insert(file.to_owned(), content.to_owned());
        } else {
            self.folder.write(file, content);
        }
    }

    /// Runs a command line and notes what it prints.
    fn run(&mut self, line: &str) {
        let (line, head) = match line.split_once(" | head -") {
            Some((line, number)) => (line, number.parse().expect("a number of lines")),
            None => (line, usize::MAX),
        };
        let words = words(line);
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["cat", file] => self.note(OUTPUT, &self.text(file), usize::MAX),
            ["find", path] => {
                let found = files(&self.folder.path().join(path));
                let paths: String = found.keys().map(|file| format!("{path}/{file}\n")).collect();
                self.note(OUTPUT, &paths, usize::MAX);
            }
            words => {
                let ended = self.run_program(words);
                self.note(OUTPUT, &String::from_utf8(ended.stdout).expect("UTF-8"), head);
                self.note(ERROR, &String::from_utf8(ended.stderr).expect("UTF-8"), usize::MAX);
                let code = ended.status.code().map_or("none".to_owned(), |code| code.to_string());
                writeln!(self.played, "{EXIT}{code}").expect("a text");
            }
        }
    }

    fn run_program(&self, words: &[&str]) -> Output {
        let program = words.iter().position(|word| *word == "donor-report");
        let program = program.unwrap_or_else(|| panic!("{}: {words:?} doesn't run the program", self.name));
        Command::new(PROGRAM)
            .args(&words[program + 1..])
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .env_remove("DONOR_REPORT_MESSAGES")
            .env_remove("NO_COLOR")
            .env("COLUMNS", "100")
            .env("PATH", installed_path())
            .envs(words[..program].iter().filter_map(|word| word.split_once('=')))
            .output()
            .expect("the program runs")
    }

    /// Notes the first lines of what was printed.
    fn note(&mut self, mark: char, printed: &str, lines: usize) {
        let printed = normalised(printed, self.folder.path());
        assert!(printed.is_empty() || printed.ends_with('\n'), "{}: no end of the last line: {printed}", self.name);
        for line in printed.lines().take(lines) {
            let gap = if line.is_empty() { "" } else { " " };
            writeln!(self.played, "{mark}{gap}{line}").expect("a text");
        }
    }
}

const INDENT: &str = "    ";
const OUTPUT: char = '|';
const ERROR: char = '!';
const EXIT: &str = "exit ";

/// Whether a line of a transcript is what a command printed.
fn is_printed(line: &str) -> bool {
    line.starts_with([OUTPUT, ERROR]) || line.starts_with(EXIT)
}

fn is_workbook(name: &str) -> bool {
    name.ends_with(".xlsx")
}

/// Name and rows of every sheet, in the order in which they are first named.
fn sheets(text: &str) -> Vec<(String, String)> {
    let mut sheets: Vec<(String, String)> = Vec::new();
    let mut current = 0;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let known = sheets.iter().position(|(known, _)| known == name);
            current = known.unwrap_or(sheets.len());
            if known.is_none() {
                sheets.push((name.to_owned(), String::new()));
            }
        } else {
            let (_, rows) = sheets.get_mut(current).unwrap_or_else(|| panic!("{line:?} is in no sheet"));
            writeln!(rows, "{line}").expect("a text");
        }
    }
    sheets
}

/// The words of a line: parted by spaces, but not within quotation marks.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut word, mut quoted) = (None::<String>, None);
    for letter in line.chars() {
        match letter {
            _ if quoted == Some(letter) => quoted = None,
            '"' | '\'' if quoted.is_none() => {
                quoted = Some(letter);
                word.get_or_insert_default();
            }
            ' ' if quoted.is_none() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// Puts a word in place of each of these, which differ between machines and versions: the session's folder, the
/// program's version, what the operating system says of an error; and on Windows its separator of paths and the ending
/// of programs.
fn normalised(text: &str, folder: &Path) -> String {
    let folder = folder.to_string_lossy().into_owned();
    let real = fs::canonicalize(&folder).map(|real| real.to_string_lossy().into_owned()).unwrap_or_default();
    let mut text = text.replace(&real, "FOLDER").replace(&folder, "FOLDER");
    text = text.replace(concat!("donor-report ", env!("CARGO_PKG_VERSION")), "donor-report VERSION");
    if cfg!(windows) {
        text = text.replace('\\', "/").replace("donor-report.exe", "donor-report");
    }
    text.split_inclusive('\n').map(without_system_words).collect()
}

/// `p can't be written: Is a directory (os error 21)` → `p can't be written: SYSTEM ERROR`
fn without_system_words(line: &str) -> String {
    let Some((said, rest)) = line.split_once(" (os error ") else { return line.to_owned() };
    let (before, _) = said.rsplit_once(": ").unwrap_or(("", said));
    let (_, after) = rest.split_once(')').unwrap_or(("", rest));
    format!("{before}: SYSTEM ERROR{after}")
}
