//! Letters about reports that have changed since they were sent.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use super::build::{ACTIVITIES, ATTENDANCE, INDICATORS, LISTS, build, files, project, run, stderr, stdout};
use crate::ingest::sheets::{Folder, parts};

const KEY: &str = "a key of many letters, for sealing rows 0123456789";

/// A project whose first quarter was sent on 18 April, as PDF and in Word.
fn sent(more: &str) -> (Folder, tempfile::TempDir) {
    sent_by(more, SIGNED)
}

/// Who signs, as project.toml names them.
const SIGNED: &str = "\n[[signatures]]\nname = { mk = \"Ана Анова\", en = \"Ana Anova\" }\nrole = { mk = \"директорка\", en = \"director\" }\n";

fn sent_by(more: &str, signed: &str) -> (Folder, tempfile::TempDir) {
    let (folder, out) = (project(), tempfile::tempdir().expect("a folder"));
    let toml = fs::read_to_string(folder.path().join("project.toml")).expect("project.toml");
    let toml = toml.replacen("documents = ", &format!("{more}formats = [\"pdf\", \"docx\"]\ndocuments = "), 1);
    folder.write("project.toml", format!("{toml}\n[privacy]\nkey_file = \"rows.key\"\n{signed}"));
    folder.write("rows.key", KEY);
    folder.write("narrative/quarterly/summary.mk.md", "Обучени се {{actual \"T1\"}} лица. Сѐ оди по план.\n");
    folder.write("narrative/quarterly/summary.en.md", "{{actual \"T1\"}} people were trained. All goes as planned.\n");
    write(&folder, ATTENDANCE);
    succeeds(&build(folder.path(), out.path(), &[]));
    let (at, to) = (folder.path().to_str().expect("a path"), out.path().to_str().expect("a path"));
    let line = [
        "submit",
        at,
        "--report",
        "quarterly",
        "--period",
        "2025-Q1",
        "--out",
        to,
        "--date",
        "2025-04-18",
        "--to",
        "MFA",
    ];
    succeeds(&run(&line));
    (folder, out)
}

fn write(folder: &Folder, attendance: &str) {
    let indicators = INDICATORS
        .replace("| calculation | target", "| calculation | by | target")
        .replace("| people | 4", "| people | sex | 4")
        .replace("| activities | 2", "| activities | | 2");
    folder.book(
        "data.xlsx",
        &[("Activities", ACTIVITIES), ("Attendance", attendance), ("Indicators", &indicators), ("Lists", LISTS)],
    );
}

fn late_row() -> String {
    ATTENDANCE.replacen("A-02 | P1", "A-01 | P9 | F | 1979\nA-02 | P1", 1)
}

fn succeeds(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(output), stderr(output));
}

fn erratum(folder: &Folder, out: &Path, more: &[&str]) -> Output {
    let (at, to) = (folder.path().to_str().expect("a path"), out.to_str().expect("a path"));
    run(&[&["diff", at, "--erratum", "--out", to], more].concat())
}

/// The letters in a folder of outputs, by their names.
fn letters(out: &Path) -> BTreeMap<String, Vec<u8>> {
    files(out).into_iter().filter(|(name, _)| name.contains(".erratum.")).collect()
}

/// The words of a Word file's body.
fn words(letters: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    let bytes = letters.get(name).unwrap_or_else(|| panic!("{name} among {:?}", letters.keys()));
    let (_, xml) = parts(bytes).into_iter().find(|(part, _)| part == "word/document.xml").expect("a document");
    let xml = String::from_utf8(xml).expect("XML");
    let runs = xml.split("<w:t").skip(1).filter_map(|rest| rest.split_once('>'));
    let text = runs.filter_map(|(_, rest)| rest.split_once("</w:t>")).map(|(text, _)| text).collect::<Vec<_>>();
    text.join(" ").replace('\u{a0}', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Changed targets belong in the letter too, and it is signed.
#[test]
fn a_changed_target_gives_a_letter_that_the_organisation_signs() {
    let organisation = "[implementer]\nname = { mk = \"Измислена организација\", en = \"Invented Organisation\" }\n";
    let (folder, out) = sent_by("", organisation);
    let indicators = INDICATORS.replace("| people | 4", "| people | 5");
    let sheets =
        [("Activities", ACTIVITIES), ("Attendance", ATTENDANCE), ("Indicators", indicators.as_str()), ("Lists", LISTS)];
    folder.book("data.xlsx", &sheets);
    succeeds(&erratum(&folder, out.path(), &[]));
    let made = letters(out.path());
    for (lang, expected) in [
        (
            "en",
            [
                "T1 People trained Total target 4 5 the target or the baseline was changed",
                "Figures that changed: 1",
                "Invented Organisation Name and position:",
                "Signature",
            ],
        ),
        (
            "mk",
            [
                "T1 Обучени лица Вкупно планирано 4 5 сменета е планираната или почетната вредност",
                "Сменети бројки: 1",
                "Измислена организација Име, презиме и функција:",
                "Потпис",
            ],
        ),
    ] {
        let letter = words(&made, &format!("TEST-01/2025-Q1/quarterly.erratum.{lang}.docx"));
        for text in expected {
            assert!(letter.contains(text), "{text}: {letter}");
        }
    }
}

/// A share that differs in digits alone that nobody prints has nothing to say to a donor.
#[test]
fn a_share_that_is_printed_alike_is_not_in_the_letter() {
    let (folder, out) = (project(), tempfile::tempdir().expect("a folder"));
    let toml = fs::read_to_string(folder.path().join("project.toml")).expect("project.toml");
    folder.write("project.toml", toml.replacen("documents = ", "formats = [\"docx\"]\ndocuments = ", 1));
    let reported = |readers: u32| {
        let indicators = format!(
            "{INDICATORS}
T3 | Читатели | Readers | лица | people | reported |
T4 | Жители | Residents | лица | people | reported |
T5 | Удел | Share of readers | % | % | ratio(T3, T4) |"
        );
        let values = format!("indicator | period | value\nT3 | 2025-Q1 | {readers}\nT4 | 2025-Q1 | 100000");
        let tables = [("Activities", ACTIVITIES), ("Attendance", ATTENDANCE), ("Lists", LISTS)];
        let own = [("Indicators", indicators.as_str()), ("Reported", values.as_str())];
        folder.book("data.xlsx", &[&tables[..], &own[..]].concat());
    };
    let (at, to) = (folder.path().to_str().expect("a path"), out.path().to_str().expect("a path"));
    reported(23_456);
    succeeds(&build(folder.path(), out.path(), &[]));
    succeeds(&run(&["submit", at, "--report", "quarterly", "--period", "2025-Q1", "--out", to]));
    reported(23_464);
    succeeds(&erratum(&folder, out.path(), &[]));
    let letter = words(&letters(out.path()), "TEST-01/2025-Q1/quarterly.erratum.en.docx");
    assert!(letter.contains("T3 Readers") && letter.contains("23,456 23,464"), "{letter}");
    assert!(!letter.contains("T5"), "{letter}");
    reported(24_464);
    succeeds(&erratum(&folder, out.path(), &[]));
    let letter = words(&letters(out.path()), "TEST-01/2025-Q1/quarterly.erratum.en.docx");
    assert!(letter.contains("T5 Share of readers") && letter.contains("23.5% 24.5%"), "{letter}");
}

#[test]
fn a_late_row_gives_a_letter_in_each_language_and_format() {
    let (folder, out) = sent("");
    assert!(stdout(&erratum(&folder, out.path(), &[])).contains("no figure and no sentence differs"));
    assert!(letters(out.path()).is_empty());
    write(&folder, &late_row());
    let before = files(out.path());
    let said = erratum(&folder, out.path(), &["--date", "2025-05-02"]);
    succeeds(&said);
    let made = letters(out.path());
    let names: Vec<&str> = made.keys().map(|name| name.rsplit('/').next().expect("a name")).collect();
    assert_eq!(
        names,
        [
            "quarterly.erratum.en.docx",
            "quarterly.erratum.en.pdf",
            "quarterly.erratum.mk.docx",
            "quarterly.erratum.mk.pdf"
        ]
    );
    assert!(
        before.iter().all(|(name, bytes)| files(out.path()).get(name) == Some(bytes)),
        "the reports stay as they are"
    );
    assert_eq!(stdout(&said).lines().filter(|line| line.starts_with("wrote ")).count(), 4, "{}", stdout(&said));

    let english = words(&made, "TEST-01/2025-Q1/quarterly.erratum.en.docx");
    for text in [
        "Erratum to a report",
        "Date: 2 May 2025",
        "To: MFA",
        "On 18 April 2025 we sent the document",
        "T1 People trained",
        "in the period",
        "since the start",
        "attendances entered later: 1",
        "2 people were trained.",
        "3 people were trained.",
        "Summary",
        "Ana Anova",
        "Signature",
    ] {
        assert!(english.contains(text), "{text}: {english}");
    }
    assert!(!english.contains("data.xlsx") && !english.contains("All goes as planned"), "{english}");
    let macedonian = words(&made, "TEST-01/2025-Q1/quarterly.erratum.mk.docx");
    for text in [
        "Исправка на испратен извештај",
        "До: MFA",
        "На 18 април 2025",
        "подоцна внесени присуства: 1",
        "Обучени се 2 лица.",
        "Обучени се 3 лица.",
        "Ана Анова",
    ] {
        assert!(macedonian.contains(text), "{text}: {macedonian}");
    }

    let again = tempfile::tempdir().expect("a folder");
    succeeds(&erratum(&folder, again.path(), &["--date", "2025-05-02"]));
    assert!(letters(again.path()) == made, "the same bytes");
}

#[test]
fn the_reason_is_the_officers_own_words_and_no_part_of_the_report() {
    let (folder, out) = sent("");
    folder.write("narrative/quarterly/2025-Q1/erratum.en.md", "A list was found in the archive.\n");
    folder.write("narrative/quarterly/2025-Q1/erratum.mk.md", "Најден е список во архивата.\n");
    let built = files(&out.path().join("TEST-01"));
    let checked = build(folder.path(), out.path(), &[]);
    succeeds(&checked);
    assert!(!stderr(&checked).contains("section-unused"), "{}", stderr(&checked));
    assert!(files(&out.path().join("TEST-01")) == built, "the report says what it said");
    assert!(stdout(&erratum(&folder, out.path(), &[])).contains("no figure and no sentence differs"));
    write(&folder, &late_row());
    succeeds(&erratum(&folder, out.path(), &["--report", "quarterly", "--period", "2025-Q1"]));
    let made = letters(out.path());
    let english = words(&made, "TEST-01/2025-Q1/quarterly.erratum.en.docx");
    assert!(english.contains("Why") && english.contains("A list was found in the archive."), "{english}");
    assert!(words(&made, "TEST-01/2025-Q1/quarterly.erratum.mk.docx").contains("Најден е список во архивата."));
    assert!(!english.contains("Date: "), "no date was given: {english}");

    folder.write("narrative/quarterly/2025-Q1/erratum.en.md", "{{actual \"T99\"}} people.\n");
    let refused = erratum(&folder, out.path(), &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("erratum.en.md"), "{}", stderr(&refused));
    assert!(letters(out.path()) == made, "the last good letter stays");
}

#[test]
fn parts_that_changed_are_named_where_the_report_shows_them() {
    let (folder, out) = sent("suppress_below = 0\n");
    write(&folder, &ATTENDANCE.replacen("A-01 | P2 | M", "A-01 | P2 | F", 1));
    succeeds(&erratum(&folder, out.path(), &[]));
    let made = letters(out.path());
    let english = words(&made, "TEST-01/restricted/2025-Q1/quarterly.restricted.erratum.en.docx");
    assert!(!english.contains("T1 People trained"), "the total is as it was sent: {english}");
    assert!(english.contains("sex: female; in the period, all who came in the period, since the start"), "{english}");
    assert!(
        english
            .contains("sex: male; in the period, all who came in the period, since the start 1 0 data corrected: sex"),
        "{english}"
    );

    let (folder, out) = sent("");
    write(&folder, &ATTENDANCE.replacen("A-01 | P2 | M", "A-01 | P2 | F", 1));
    succeeds(&erratum(&folder, out.path(), &[]));
    let shown = letters(out.path())
        .get("TEST-01/2025-Q1/quarterly.erratum.en.docx")
        .map(|_| words(&letters(out.path()), "TEST-01/2025-Q1/quarterly.erratum.en.docx"));
    assert!(
        shown.is_none_or(|text| !text.contains("female; in the period  0") && !text.contains(" 2 ")),
        "parts below five stay hidden"
    );
}

#[test]
fn a_letter_follows_the_profile_of_the_project_and_concerns_the_last_version() {
    let (folder, out) = sent("");
    folder.write(
        "profiles/erratum.toml",
        "title = { mk = \"Допис\", en = \"Note\" }\nopening = \"letter\"\n\n[[sections]]\nid = \"figures\"\nkind = \"erratum-figures\"\n",
    );
    write(&folder, &late_row());
    succeeds(&build(folder.path(), out.path(), &[]));
    let (at, to) = (folder.path().to_str().expect("a path"), out.path().to_str().expect("a path"));
    succeeds(&run(&["submit", at, "--report", "quarterly", "--period", "2025-Q1", "--out", to]));
    assert!(
        stdout(&erratum(&folder, out.path(), &[])).contains("no figure and no sentence differs"),
        "the second version says it"
    );
    write(&folder, ATTENDANCE);
    succeeds(&erratum(&folder, out.path(), &[]));
    let english = words(&letters(out.path()), "TEST-01/2025-Q1/quarterly.erratum.en.docx");
    assert!(english.contains("Note") && english.contains("attendances withdrawn: 1"), "{english}");
    assert!(!english.contains("Ana Anova") && !english.contains("What this letter is about"), "{english}");
}
