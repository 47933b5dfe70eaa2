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
use crate::ingest::sheets::workbook;

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
    // The guide's pictures are drawn by its command; only where they are looked at does it matter what they show.
    for name in ["page.en", "page.mk", "sheet.en", "sheet.mk"] {
        let path = folder.path().join(format!("guide/images/{name}.svg"));
        fs::copy(root().join("guide/images/cover.svg"), path).expect("a picture");
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
    assert!(folder.path().join("build/guide/guide.mk.pdf").is_file());
}

const LANGUAGES: [&str; 2] = ["en", "mk"];

/// The guide's chapters in their order.
const CHAPTERS: [&str; 14] = [
    "start", "rows", "targets", "columns", "check", "build", "prose", "forms", "people", "own", "shapes", "word",
    "sent", "trouble",
];

fn chapter(name: &str, lang: &str) -> String {
    fs::read_to_string(root().join(format!("guide/narrative/guide/{name}.{lang}.md"))).expect("a chapter")
}

/// What stands between fences of a kind (`sh`, `toml`, `handlebars`), chapter by chapter, without the indent of a list.
fn fenced(kind: &str, lang: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for name in CHAPTERS {
        let text = chapter(name, lang);
        for block in text.split("```").skip(1).step_by(2) {
            let lines: Vec<&str> = block.lines().collect();
            if let Some((first, lines)) = lines.split_first().filter(|(first, _)| **first == kind) {
                let indent = if lines.iter().all(|line| line.trim().is_empty() || line.starts_with("   ")) {
                    lines[0].len() - lines[0].trim_start().len()
                } else {
                    0
                };
                assert!(!first.is_empty());
                let lines: Vec<&str> = lines.iter().map(|line| line.get(indent..).unwrap_or_default()).collect();
                // Braces of helpers are escaped in prose.
                found.push((name, lines.join("\n").trim_end().replace("\\{{", "{{")));
            }
        }
    }
    found
}

/// The commands that the guide prints on lines of their own, in their order.
fn guide_lines(lang: &str) -> Vec<String> {
    let blocks = fenced("sh", lang);
    blocks.iter().flat_map(|(_, block)| block.lines().map(str::to_owned)).collect()
}

/// What stands between single backticks, escaped braces as they are typed.
fn spans(text: &str) -> Vec<String> {
    let outside: String = text.split("```").step_by(2).collect();
    outside.split('`').skip(1).step_by(2).map(|span| span.replace("\\{{", "{{")).collect()
}

#[test]
fn the_guide_names_the_same_commands_and_keys_in_both_languages() {
    assert!(guide_lines("en").len() >= 20);
    for kind in ["sh", "toml"] {
        assert_eq!(fenced(kind, "en"), fenced(kind, "mk"));
    }
}

/// Whether a command of the guide needs the project that its reader makes, or what came of it.
fn is_about_the_readers_project(words: &[&str]) -> bool {
    words.contains(&"inputs/my-project")
        || words.iter().any(|word| *word == "recount.xlsx" || word.starts_with("submitted/"))
}

/// Whatever the guide says of commands is so: those on lines of their own that no other test runs, and those within sentences.
#[test]
fn every_command_of_the_guide_runs() {
    let folder = fresh_clone();
    for name in ["activities", "participants", "logframe"] {
        let name = format!("{name}.xlsx");
        fs::copy(root().join("inputs/myla-2017").join(&name), folder.path().join(&name)).expect("copied");
    }
    let mut lines = guide_lines("en");
    for name in CHAPTERS {
        lines.extend(spans(&chapter(name, "en")).into_iter().filter(|span| span.starts_with("donor-report ")));
    }
    let mut run = 0;
    for line in &lines {
        let rest = match words(line).as_slice() {
            // `donor-report check`, `donor-report explain` stand in sentences for the commands with a project.
            [_, "check" | "explain"] => format!("{line} --help"),
            [_, "init", ..] if line.ends_with("my-project") => continue,
            // The reader's own project is made, filled in and sent by `a_first_report_by_the_guide`.
            words if is_about_the_readers_project(words) => continue,
            _ => line.clone(),
        };
        let output = run_line(folder.path(), &rest);
        assert_eq!(output.status.code(), Some(0), "{rest}\n{}", told(&output));
        run += 1;
    }
    assert!(run >= 12, "{lines:?}");
    assert!(folder.path().join("inputs/our-project/project.toml").is_file());
}

/// Each helper that the guide shows stands beside what it prints, and what it shows of blocks is prose that a report takes.
#[test]
fn every_helper_of_the_guide_prints_what_the_guide_says() {
    for lang in LANGUAGES {
        let text = chapter("prose", lang);
        let rows: Vec<Vec<&str>> =
            text.lines().filter(|line| line.starts_with("| `")).map(|line| line.split(" | ").collect()).collect();
        assert!(rows.len() >= 16, "{rows:?}");
        for row in rows {
            let shown = row[0].trim_start_matches("| ").trim_matches('`').replace("\\{{", "{{");
            assert_eq!(shown, row[1], "{lang}");
        }
    }
    let folder = fresh_clone();
    for lang in LANGUAGES {
        let blocks = fenced("handlebars", lang);
        let prose: Vec<String> = blocks.into_iter().map(|(_, block)| block).collect();
        assert!(prose.len() >= 2);
        let path = folder.path().join(format!("guide/narrative/guide/trouble.{lang}.md"));
        fs::write(path, prose.join("\n\n")).expect("prose");
    }
    let built = run_line(folder.path(), "donor-report build guide");
    assert_eq!(built.status.code(), Some(0), "{}", told(&built));
    assert_eq!(String::from_utf8_lossy(&built.stderr), "");
}

/// A donor's form as an office has it.
fn write_form(home: &Path) {
    let path = home.join("forms/grant-report.xlsx");
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, workbook(&[("Report", "Grant report\nCompleted in the period|\nCompleted in all|")]))
        .expect("a form");
    let cell = "<w:tc><w:p/></w:tc>";
    let table = format!("<w:tbl>{}</w:tbl><w:p/>", format!("<w:tr>{}</w:tr>", cell.repeat(3)).repeat(9));
    fs::write(home.join("forms/results.docx"), crate::render::form::word_with(&table, "", "")).expect("a form");
}

/// The tables of project.toml that the guide shows, put where it says: above the line `[privacy]`, or in place of it.
#[test]
fn what_the_guide_adds_to_project_toml_does_what_it_says() {
    let folder = fresh_clone();
    let home = folder.path().join("inputs/my-project");
    let line = guide_lines("en").into_iter().find(|line| words(line)[1] == "init").expect("a command");
    assert_eq!(run_line(folder.path(), &line).status.code(), Some(0));
    let blocks = fenced("toml", "en");
    let of = |chapter: &str| -> Vec<&str> {
        blocks.iter().filter(|(name, _)| *name == chapter).map(|(_, block)| block.as_str()).collect()
    };
    let path = home.join("project.toml");
    let text = fs::read_to_string(&path).expect("project.toml");
    let privacy = "[privacy]\nkey_file = \"pseudonyms.key\"\n";
    assert!(text.contains(privacy), "{text}");
    let added = [of("targets"), of("forms"), of("word"), of("people")].concat().join("\n\n");
    write_form(&home);
    let text = text.replace(privacy, &format!("{added}\n"));
    fs::write(&path, text).expect("project.toml");
    let checked = run_line(folder.path(), "donor-report check inputs/my-project");
    let told_missing = told(&checked);
    assert_eq!(checked.status.code(), Some(1), "{told_missing}");
    // All that is missing is the text of the form's sections, each by its name.
    let errors: Vec<&str> = told_missing.lines().filter(|line| line.starts_with("error[")).collect();
    assert!(!errors.is_empty() && errors.iter().all(|line| line.starts_with("error[section-missing]")), "{errors:?}");
    let profile = donor_report::report::profile::Profile::load("eu-annex-vi-interim", None).expect("a profile");
    for section in profile.sections.iter().filter(|section| section.required) {
        let name = format!("narrative/interim/{}.en.md", section.id);
        let is_told = told_missing.contains(&name);
        assert!(is_told || section.kind.code() != "prose", "{}", section.id);
        if is_told {
            let path = home.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, "Invented text of an invented project.").expect("prose");
        }
    }
    let built = run_line(folder.path(), "donor-report build inputs/my-project --report interim");
    assert_eq!(built.status.code(), Some(0), "{}", told(&built));
    assert!(folder.path().join("build/my-project/half-1/interim.en.pdf").is_file());
}

/// What the guide's own persons are broken down by; those that a test writes have no such column.
const ORGANISATIONS: &str = ",people,,organisation,";
const NONE: &str = ",people,,,";

/// A column of one's own is counted, broken down and named in each language as the guide says.
#[test]
fn a_column_of_ones_own_is_read_as_the_guide_says() {
    let folder = fresh_clone();
    let home = folder.path().join("guide");
    let rows = |name: &str, text: &str| fs::write(home.join(name), text).expect("a table");
    rows("participants.csv", "person,sex,Disability\nU-01,F,yes\nU-02,M,no\nU-03,F,yes\n");
    rows("attendance.csv", "activity,person\nA-01,U-01\nA-01,U-02\nA-02,U-03\n");
    let append = |name: &str, text: &str| {
        let path = home.join(name);
        let held = fs::read_to_string(&path).expect("a file").replace(ORGANISATIONS, NONE);
        fs::write(path, format!("{}\n{text}", held.trim_end())).expect("a file");
    };
    append("lists.csv", "disability,yes,Со попреченост,With a disability\ndisability,no,Без попреченост,Without\n");
    let snippet = fenced("toml", "en").into_iter().find(|(chapter, _)| *chapter == "columns").expect("a table").1;
    append(
        "indicators.csv",
        "I4,Лица,People,лица,people,people,disability = yes,disability,,Лица.,Persons.,Листи,Lists\n",
    );
    append("project.toml", &format!("\n{snippet}\n"));
    let figures = run_line(folder.path(), "donor-report figures guide --period project --format json");
    assert_eq!(figures.status.code(), Some(0), "{}", told(&figures));
    let figures: serde_json::Value = serde_json::from_slice(&figures.stdout).expect("JSON");
    let found = figures["indicators"].as_array().expect("indicators").iter().find(|found| found["code"] == "I4");
    let found = found.expect("the indicator");
    assert_eq!(found["actual"]["cumulative"], 2, "{found}");
    assert_eq!(found["by"]["disability"]["yes"]["cumulative"], 2, "{found}");
}

/// Each shape of a table that the guide shows is read as it says, in both languages' workbooks.
#[test]
fn tables_of_another_shape_are_read_as_the_guide_says() {
    let snippets = fenced("toml", "en").into_iter().filter(|(chapter, _)| *chapter == "shapes");
    let [register, events, counts, tracking] =
        <[String; 4]>::try_from(snippets.map(|(_, text)| text).collect::<Vec<_>>()).expect("four shapes");
    let figure = |snippet: &str, files: &[(&str, Vec<u8>)], indicators: &str, code: &str| -> serde_json::Value {
        let folder = fresh_clone();
        let home = folder.path().join("guide");
        let path = home.join("project.toml");
        let text = fs::read_to_string(&path).expect("project.toml");
        // The shape replaces the tables of the same kind in the guide's project.
        let plain = ["participants", "attendance"].map(|table| format!("[tables.{table}]\nfile = \"{table}.csv\"\n"));
        let text = match snippet.contains("[tables.participants]") {
            true => plain.iter().fold(text, |text, table| text.replace(table, "")),
            false => text,
        };
        fs::write(&path, format!("{text}\n{snippet}\n")).expect("project.toml");
        for (name, content) in files {
            let path = home.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, content).expect("a table");
        }
        let path = home.join("indicators.csv");
        let held = fs::read_to_string(&path).expect("indicators").replace(ORGANISATIONS, NONE);
        fs::write(path, format!("{held}{indicators}")).expect("indicators");
        let output = run_line(folder.path(), "donor-report figures guide --period project --format json");
        assert_eq!(output.status.code(), Some(0), "{snippet}\n{}", told(&output));
        let figures: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let found = figures["indicators"].as_array().expect("indicators").iter().find(|found| found["code"] == code);
        found.expect("the indicator").clone()
    };

    let people = "I4,Лица,People,лица,people,people,,sex,,Лица.,Persons.,Листи,Lists\n";
    let sheet = "person|sex|20.01.2026|11.02.2026|23.09.2026\nU-01|F|x||x\nU-02|M|✓|-|\nU-03|F||x|";
    let found = figure(&register, &[("register.xlsx", workbook(&[("Register", sheet)]))], people, "I4");
    assert_eq!((&found["actual"]["cumulative"], &found["by"]["sex"]["F"]["cumulative"]), (&3.into(), &2.into()));

    let list =
        |code: &str, rows: &str| workbook(&[("List", &format!("Signatures|\nActivity|{code}\n|\nperson|sex\n{rows}"))]);
    let files =
        [("lists/one.xlsx", list("A-01", "U-01|F\nU-02|M")), ("lists/two.xlsx", list("A-02", "U-01|F\nU-03|M"))];
    let found = figure(&events, &files, people, "I4");
    assert_eq!((&found["actual"]["cumulative"], &found["by"]["sex"]["M"]["cumulative"]), (&3.into(), &2.into()));

    let rows = "id,date,type,title (mk),title (en),status,municipality,Women,Men,Total\n\
        A-09,2026-09-23,training,Обука,Training,completed,skopje,9,7,16\n";
    let more = "I4,Лица,People,лица,people,sum(reached),,sex,,Лица.,Persons.,Листи,Lists\n";
    let attended = "activity,person\n";
    let files = [("activities.csv", rows.into()), ("attendance.csv", attended.into())];
    let found = figure(&counts, &files, more, "I4");
    assert_eq!((&found["actual"]["cumulative"], &found["by"]["sex"]["F"]["cumulative"]), (&16.into(), &9.into()));

    let sheet = "indicator|Q1 2026 Target|Q1 2026 Actual|Q2 2026 Target|Q2 2026 Actual\nI4|2|3|4|";
    let more = "I4,Договори,Contracts,договори,contracts,reported,,,,Договори.,Contracts.,Листи,Lists\n";
    let files = [("tracking.xlsx", workbook(&[("Tracking", sheet)]))];
    let found = figure(&tracking, &files, more, "I4");
    assert_eq!((&found["actual"]["cumulative"], &found["target"]["due"]), (&3.into(), &4.into()), "{found}");
}

/// The guide is made anywhere, from the program alone: a PDF in each language and nothing else.
#[test]
fn the_guide_is_inside_the_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = run_line(folder.path(), "donor-report guide here/guides");
    assert_eq!(made.status.code(), Some(0), "{}", told(&made));
    assert_eq!(String::from_utf8_lossy(&made.stderr), "");
    let mut names: Vec<String> = fs::read_dir(folder.path().join("here/guides"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["guide.en.pdf", "guide.mk.pdf"]);
    // Again, in place of the last.
    assert_eq!(run_line(folder.path(), "donor-report guide here/guides").status.code(), Some(0));
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
    // A Word file for colleagues, and two forms of the donor.
    let blocks = fenced("toml", "mk");
    let added = blocks.iter().filter(|(chapter, text)| *chapter == "word" || text.starts_with("[[forms]]"));
    let added: Vec<&str> = added.map(|(_, text)| text.as_str()).collect();
    assert_eq!(added.len(), 3);
    write_form(&home);
    fs::write(&toml, text.replace("[privacy]", &format!("{}\n\n[privacy]", added.join("\n\n")))).expect("project.toml");

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
    let report = folder.path().join("build/my-project/2026-Q1/quarterly.mk.pdf");
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
    for form in ["grant-report.xlsx", "results.docx"] {
        assert!(folder.path().join(format!("build/my-project/2026-Q1/quarterly.{form}")).is_file(), "{form}");
    }

    // Whatever else the guide says of the reader's project.
    let done = ["init", "check", "explain", "submit", "app"];
    let mut more = 0;
    for line in lines.iter().filter(|line| is_about_the_readers_project(&words(line))) {
        if !done.contains(&words(line)[1]) {
            let output = run_line(folder.path(), line);
            assert_eq!(output.status.code(), Some(0), "{line}\n{}", told(&output));
            more += 1;
        }
    }
    assert!(more >= 5, "{lines:?}");
    begins(folder.path(), &line("app").replacen(" app ", " app --no-open ", 1));
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
