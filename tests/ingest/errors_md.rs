//! ERRORS.md is made from the cases: every code with an input that provokes it, what is printed, and how to mend it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use donor_report::diagnostic::{Catalogue, CellListing, Problem, Spot, print_problem};
use donor_report::reference::ProblemExample;

use super::case::all_cases;
use super::cases::{Outcome, read};

const OPENING: &str = "# Problems and how to mend them

What `donor-report` says about data, by code. Errors stop a report; warnings and notes don't. Each code is stable and can be
searched for. Where a small input provokes it in the tests, that input and the printed text are shown; elsewhere the sentences.
This page is written by a test (`UPDATE_GOLDEN=1 cargo test --release errors_md`).
";

struct Example {
    input: Option<String>,
    printed: String,
    problem: Problem,
}

fn examples(catalogue: &Catalogue) -> BTreeMap<&'static str, Example> {
    let mut examples = BTreeMap::new();
    for case in all_cases() {
        let outcome = read(&case);
        for problem in &outcome.checked.problems {
            examples.entry(problem.code).or_insert_with(|| Example {
                input: input(problem, &outcome),
                problem: problem.clone(),
                printed: print_problem(problem, catalogue, "inputs/example", CellListing::First),
            });
        }
    }
    examples
}

/// The header and the faulty row, or the faulty line of project.toml.
fn input(problem: &Problem, outcome: &Outcome) -> Option<String> {
    let place = problem.places.first()?;
    match &place.spot {
        Spot::Cell { sheet: Some(sheet), row, .. } => {
            let hidden = format!("~{sheet}");
            let rows: Vec<&str> = outcome.sheets.get(sheet).or_else(|| outcome.sheets.get(&hidden))?.lines().collect();
            let header = rows.iter().find(|line| line.contains(" | "))?;
            let faulty = rows.get(*row as usize - 1)?;
            Some(if header == faulty { (*header).to_owned() } else { format!("{header}\n{faulty}") })
        }
        Spot::Line { line, .. } => outcome.project.lines().nth(*line as usize - 1).map(str::to_owned),
        _ => None,
    }
}

fn page() -> String {
    let catalogue = Catalogue::new("en");
    let examples = examples(&catalogue);
    let mut page = OPENING.to_owned();
    for code in catalogue.codes() {
        write!(page, "\n## {code}\n\n").expect("a text");
        match examples.get(code) {
            Some(example) => {
                if let Some(input) = &example.input {
                    write!(page, "```text\n{}\n```\n\n", input.trim_end()).expect("a text");
                }
                write!(page, "```text\n{}\n```\n", example.printed.trim_end()).expect("a text");
            }
            None => {
                let (message, help) = catalogue.entry(code);
                writeln!(page, "{}", without_forms(message)).expect("a text");
                if let Some(help) = help {
                    write!(page, "\nHelp: {}\n", without_forms(help)).expect("a text");
                }
            }
        }
    }
    page
}

/// Sentences with their placeholders bare: `{old:number}` → `{old}`.
fn without_forms(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, behind) = after.split_once('}').unwrap_or((after, ""));
        let is_placeholder = inside.chars().all(|c| c.is_ascii_lowercase() || "_:-".contains(c));
        let shown = if is_placeholder { inside.split(':').next().unwrap_or_default() } else { inside };
        write!(out, "{before}{{{shown}}}").expect("a text");
        rest = behind;
    }
    (out + rest).replace('\n', " ")
}

#[test]
fn errors_md_is_what_the_cases_print() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("ERRORS.md");
    let page = page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, page).expect("written");
        return;
    }
    let held = fs::read_to_string(&path).unwrap_or_default();
    assert!(held == page, "ERRORS.md isn't what the cases print; see the difference with UPDATE_GOLDEN=1");
}

const EXAMPLES_OPENING: &str =
    "# One problem of each kind, without its sentences: they are those of templates/messages. A test writes this file from its cases
# (`UPDATE_GOLDEN=1 cargo test --release --test suite errors_md`); where no case provokes a kind, only its level is here, by hand:
# error, warning or note; profile: error or warning as the report's profile says; command: the command ends; answer: of `explain`.
";

/// `donor-report help problems CODE` shows the same problems as ERRORS.md, in each language of messages.
#[test]
fn errors_md_and_help_have_the_same_examples() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("templates/reference/examples.toml");
    let held: BTreeMap<String, ProblemExample> =
        toml::from_str(&fs::read_to_string(&path).expect("the examples")).expect("TOML");
    let catalogue = Catalogue::new("en");
    let examples = examples(&catalogue);
    let mut all = BTreeMap::new();
    let mut unsaid = Vec::new();
    for code in catalogue.codes() {
        match (examples.get(code), held.get(code)) {
            (Some(example), _) => {
                all.insert(code, ProblemExample::new(&example.problem, example.input.clone()));
            }
            (None, Some(held)) => {
                all.insert(code, held.clone().without_example());
            }
            (None, None) => unsaid.push(code),
        }
    }
    assert!(unsaid.is_empty(), "say in templates/reference/examples.toml how severe these are: {unsaid:?}");
    let page = format!("{EXAMPLES_OPENING}\n{}", toml::to_string(&all).expect("TOML"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, page).expect("written");
        return;
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "templates/reference/examples.toml isn't what the cases give; see the difference with UPDATE_GOLDEN=1"
    );
}

/// Every problem that this room's tables and project.toml can have is provoked by a case.
#[test]
fn every_code_is_provoked() {
    let catalogue = Catalogue::new("en");
    let examples = examples(&catalogue);
    let read = |name: &str| {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("templates/messages").join(name);
        fs::read_to_string(path).expect("the messages")
    };
    let text = read("ingest.toml") + &read("shapes.toml");
    let untried: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix('[')?.strip_suffix(']'))
        .filter(|code| !code.contains('.') && !examples.contains_key(code))
        .collect();
    assert!(untried.is_empty(), "no case provokes {untried:?}");
}

/// Every code that a case provokes has its sentences, with all their arguments filled in.
#[test]
fn every_problem_has_its_sentences() {
    for lang in ["en", "mk"] {
        let catalogue = Catalogue::new(lang);
        for (code, example) in examples(&catalogue) {
            assert!(catalogue.codes().any(|known| known == code), "{code} has no sentences");
            assert!(
                !example.printed.contains('{')
                    || example.printed.contains("{ mk")
                    || example.printed.contains("{period}"),
                "{lang}: {}",
                example.printed
            );
        }
    }
}
