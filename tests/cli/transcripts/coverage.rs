//! Every sentence that a command says by itself is in a transcript, in every language of messages, so that none of
//! them changes unseen. Problems of data have their sentences in ERRORS.md.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use super::{LANGUAGES, SESSIONS, root, transcript};

/// What no session can bring about: codes, why not, and which test does, if any. `transcripts/unprovoked.md` holds their
/// sentences.
const UNPROVOKED: &[(&[&str], &str)] = &[
    (
        &[
            "ask-opening",
            "ask-languages",
            "ask-languages-again",
            "ask-title",
            "ask-start",
            "ask-date-again",
            "ask-end",
            "ask-end-again",
            "ask-organisation",
            "ask-donor",
            "ask-grant",
            "ask-reports-list",
            "ask-reports",
            "ask-reports-again",
            "init-unanswered",
        ],
        "asked on a terminal only: init::a_few_questions_are_asked",
    ),
    (
        &["init-headline", "init-section"],
        "written into files of prose: init::every_report_that_is_offered_can_be_begun_with",
    ),
    (
        &["ask-sheet", "ask-sheet-again"],
        "asked on a terminal only: init::a_terminal_asks_which_table_a_sheet_holds_under_its_first_rows",
    ),
    (&["cannot-serve"], "a port must be taken: app::a_port_that_is_taken_is_told"),
    (
        &["cannot-write"],
        "standard output must be on a full disk: faults::a_full_disk_under_standard_output_is_exit_2_for_every_command",
    ),
    (&["cannot-watch"], "the system must refuse to watch a folder: no test"),
    (&["clock-before-1970"], "the clock must be wrong: clock::a_clock_before_1970_is_told_and_nothing_is_written"),
    (&["internal-fault"], "the program must have a fault: no test"),
    (&["sent-otherwise"], "a Word file must be edited: sent_word::an_overtyped_figure_of_a_word_file_is_what_was_sent"),
    (
        &["place-table-cell"],
        "a donor's form must be a Word file: forms::a_row_of_a_word_form_is_filled_for_each_indicator",
    ),
    (&["more-changes"], "many figures must change: build::of_many_changes_the_first_totals_are_listed"),
    (&["no-threads"], "the system must refuse a thread: no test"),
    (&["app-at", "app-ends", "browser-not-opened"], "said while serving: the tests of app"),
    (
        &["not-remembered"],
        "the project's folder must be read-only: memory::a_project_that_cannot_be_written_to_is_built_whole_with_one_warning",
    ),
    (
        &["periods-forgotten"],
        "what the program remembers must be lost: memory::a_lost_memory_is_told_where_an_earlier_period_was_not_submitted",
    ),
    (
        &["explain-missed", "explain-too-few"],
        "an indicator must count those who attended enough: the tests of indicators::completion",
    ),
    (&["wrote-persons"], "a report must list persons: restricted::a_build_says_which_files_hold_rows_of_persons"),
    (&["outputs-withdrawn"], "a report that was built must become restricted: the tests of restricted"),
    (
        &["records-removed", "submission-holds-rows"],
        "an earlier version of the program must have left them: the tests of memory",
    ),
    (
        &["submitted-without-rows"],
        "a report must be submitted without a key: memory::without_a_key_the_rows_behind_what_is_sent_are_not_kept_and_that_is_told",
    ),
    (
        &["passed-absent", "passed-not-accepted", "shape-made"],
        "tables must have other shapes than a row for each fact: ingest::cases, wide, forms and tracking",
    ),
    (
        &[
            "init-activity-by-sheet",
            "init-shape-counts",
            "init-shape-event-list",
            "init-shape-events",
            "init-shape-form",
            "init-shape-marks",
            "init-shape-periods",
            "init-shape-persons",
            "init-shape-present",
            "init-shape-repeat",
            "init-shape-tracked",
            "init-split",
            "init-unknown-marks",
            "init-year",
        ],
        "workbooks must have other shapes than a row for each fact: the tests of officer_workbooks",
    ),
    (&["waiting-for-lock"], "two builds must meet: faults::two_builds_at_once_take_turns_and_both_end_well"),
    (&["form-filled"], "a project must have a donor's form: forms::a_form_is_filled_in_and_the_build_says_what_it_did"),
    (
        &[
            "no-word-file",
            "review-unknown",
            "review-without-record",
            "review-by-text",
            "review-figure",
            "review-first-pages",
            "review-rows",
            "review-changed",
            "review-inserted",
            "review-struck",
            "review-moved",
            "review-comment",
            "review-nothing",
        ],
        "a Word file must have been edited: the tests of review",
    ),
    (
        &["recount-rows", "recount-lists", "recount-answer", "recount-pack-changed"],
        "a recount pack must have been filled in: the tests of audit",
    ),
    (
        &[
            "damaged-pdf",
            "verify-attachments",
            "verify-attachment",
            "verify-annex",
            "verify-annex-figure",
            "verify-pages",
            "verify-page-figure",
            "verify-inputs",
            "verify-signature",
        ],
        "a PDF must have been changed: the tests of verify",
    ),
    (&["bad-key", "signed"], "a key must be at hand, and a password be asked for: the tests of verify"),
    (&["ask-password"], "asked on a terminal only: no test"),
    (&["watching", "mended"], "said while watching: the tests of watch"),
    (&["workbook-not-made"], "the writer of workbooks must have a fault: no test"),
];

/// What a message file says under a code: `message` or `help`, of the code itself or of one of its variants.
struct Sentence {
    code: String,
    lang: String,
    text: String,
    is_help: bool,
}

fn sentences(file: &str) -> Vec<Sentence> {
    let path = root().join("templates/messages").join(file);
    let table: toml::Table = toml::from_str(&fs::read_to_string(path).expect("messages")).expect("TOML");
    let mut found = Vec::new();
    for (code, entry) in &table {
        let variants = entry.get("variant").and_then(toml::Value::as_table);
        for entry in [entry].into_iter().chain(variants.into_iter().flat_map(toml::Table::values)) {
            for (kind, is_help) in [("message", false), ("help", true)] {
                let texts = entry.get(kind).and_then(toml::Value::as_table).into_iter().flatten();
                found.extend(texts.map(|(lang, text)| Sentence {
                    code: code.clone(),
                    lang: lang.clone(),
                    text: text.as_str().expect("a text").to_owned(),
                    is_help,
                }));
            }
        }
    }
    found
}

/// The lines that are printed in a language of messages, in all transcripts.
fn printed(lang: &str) -> Vec<String> {
    let names = SESSIONS.iter().filter(|(_, langs)| langs.contains(&lang)).map(|(name, _)| name);
    let lines = names.flat_map(|name| transcript(name, lang).lines().map(str::to_owned).collect::<Vec<_>>());
    lines.filter(|line| super::is_printed(line)).collect()
}

/// Whether a line says a sentence, whatever is in place of its `{arguments}`.
fn says(line: &str, sentence: &str) -> bool {
    let mut rest = line;
    sentence.split(['{', '}']).step_by(2).all(|part| {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        true
    })
}

/// Whether a line of `check` counts rows that are passed over, `1 (totals: 1)`, or one of `explain` names the reason.
fn counts(line: &str, why: &str) -> bool {
    let is_number = |rest: &str| rest.starts_with(|letter: char| letter.is_ascii_digit());
    let name = format!("{why}: ");
    line.contains(&format!("({why})")) || line.match_indices(&name).any(|(at, _)| is_number(&line[at + name.len()..]))
}

const FILES: [&str; 5] =
    ["cli.toml", "indicators.toml", "phrases/commands.toml", "phrases/init.toml", "phrases/verify.toml"];

/// Whether a command says what a file has under a code; the others are of data.
fn is_of_commands(file: &str, code: &str) -> bool {
    file != "indicators.toml" || ["no-such-", "explain-"].iter().any(|kind| code.starts_with(kind))
}

#[test]
fn every_sentence_of_the_commands_is_in_a_transcript() {
    if super::is_update() {
        return;
    }
    let mut missing: BTreeSet<String> = BTreeSet::new();
    let mut unsaid: BTreeSet<String> = BTreeSet::new();
    for lang in LANGUAGES {
        let printed = printed(lang);
        for file in FILES {
            for sentence in sentences(file).iter().filter(|sentence| sentence.lang == lang) {
                let code = sentence.code.as_str();
                let mark = format!("[{code}]: ");
                let is_free = file.starts_with("phrases/") || code.starts_with("explain-") || sentence.is_help;
                let is_said = |line: &String| match code.starts_with("passed-") {
                    true => counts(line, &sentence.text),
                    false => (is_free || line.contains(&mark)) && says(line, &sentence.text),
                };
                if is_of_commands(file, code) && !printed.iter().any(is_said) {
                    unsaid.insert(code.to_owned());
                    missing.insert(format!("{lang} {code}: {}", sentence.text));
                }
            }
        }
    }
    let unprovoked: Vec<&str> = UNPROVOKED.iter().flat_map(|(codes, _)| codes.iter().copied()).collect();
    missing.retain(|line| !unprovoked.iter().any(|code| line.contains(&format!(" {code}: "))));
    assert!(missing.is_empty(), "no transcript says:\n{missing:#?}");
    for code in unprovoked {
        assert!(unsaid.contains(code), "{code} is in a transcript");
    }
}

#[test]
fn what_no_session_brings_about_is_held_as_it_would_be_said() {
    let mut page = "# What commands say that no transcript holds\n".to_owned();
    let sentences: Vec<Sentence> = FILES.iter().flat_map(|file| sentences(file)).collect();
    for (codes, why) in UNPROVOKED {
        write!(page, "\n## {}\n\n{why}\n", codes.join(", ")).expect("a text");
        for lang in LANGUAGES {
            page.push_str("\n```text\n");
            for code in *codes {
                for said in sentences.iter().filter(|said| said.code == *code && said.lang == lang) {
                    writeln!(page, "{}{}", if said.is_help { "  = " } else { "" }, said.text).expect("a text");
                }
            }
            page.push_str("```\n");
        }
    }
    super::hold(&root().join("tests/cli/transcripts/unprovoked.md"), &page);
}

/// Complaints about the command line are clap's own in English; others are in `templates/help.toml`.
#[test]
fn every_complaint_about_a_command_line_is_in_a_transcript() {
    if super::is_update() {
        return;
    }
    let table: toml::Table =
        toml::from_str(&fs::read_to_string(root().join("templates/help.toml")).expect("help")).expect("TOML");
    for (lang, words) in &table {
        let printed = printed(lang);
        for kind in ["errors", "values"] {
            for (name, text) in words[kind].as_table().expect("sentences") {
                let text = text.as_str().expect("a text");
                let is_said = printed.iter().any(|line| says(line, text)) || UNREACHED.contains(&name.as_str());
                assert!(is_said, "no transcript says {lang} {name}: {text}");
            }
        }
    }
}

/// Kinds of complaints that no flag of today gives, and one that needs an argument that is no text.
const UNREACHED: &[&str] = &["TooFewValues", "NoEquals", "InvalidUtf8"];

#[test]
fn every_transcript_is_played() {
    let files = fs::read_dir(root().join("tests/cli/transcripts")).expect("transcripts").flatten();
    let mut found: Vec<String> =
        files.filter_map(|file| Some(file.file_name().to_string_lossy().strip_suffix(".txt")?.to_owned())).collect();
    let mut played: Vec<String> = SESSIONS
        .iter()
        .flat_map(|(name, langs)| langs.iter().map(move |lang| (name, lang)))
        .map(|(name, lang)| if *lang == "en" { (*name).to_owned() } else { format!("{name}.{lang}") })
        .collect();
    found.sort();
    played.sort();
    assert_eq!(found, played);
}
