//! Help, completions, manual pages, and complaints about the command line, in every language of messages.

use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_donor-report");

fn run(words: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(words).env_remove("DONOR_REPORT_MESSAGES").env_remove("NO_COLOR");
    command.envs(environment.iter().copied()).output().expect("the program runs")
}

fn out(words: &[&str], environment: &[(&str, &str)]) -> String {
    let output = run(words, environment);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn names() -> Vec<String> {
    let command = donor_report::cli::command_in("en");
    command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect()
}

fn is_cyrillic(text: &str) -> bool {
    text.chars().any(|letter| ('\u{400}'..='\u{4ff}').contains(&letter))
}

#[test]
fn every_command_and_flag_has_help_and_an_example_in_every_language() {
    for lang in ["en", "mk"] {
        for sub in donor_report::cli::command_in(lang).get_subcommands() {
            let name = sub.get_name();
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            let long = sub.get_long_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && is_cyrillic(&about) == (lang == "mk"), "{lang} {name}: {about}");
            assert!(long.contains(&format!("donor-report {name}")), "{lang} {name} has no example: {long}");
            for arg in sub.get_arguments().filter(|arg| !["help", "version"].contains(&arg.get_id().as_str())) {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(
                    !help.is_empty() && is_cyrillic(&help) == (lang == "mk"),
                    "{lang} {name} {}: {help}",
                    arg.get_id()
                );
            }
        }
    }
}

/// Lines keep to the terminal's width, colours stay away where they aren't wanted, here where nothing is a terminal too.
#[test]
fn nothing_but_text_is_written_and_no_line_is_too_wide() {
    for lang in ["en", "mk"] {
        for name in names() {
            let text = out(&["help", &name, "--messages", lang], &[("COLUMNS", "80"), ("NO_COLOR", "1")]);
            assert!(!text.contains('\u{1b}'), "{name}");
            let wide = text.lines().filter(|line| !line.trim_start().starts_with("donor-report"));
            let wide: Vec<&str> = wide.filter(|line| line.chars().count() > 100).collect();
            assert!(wide.is_empty(), "{name}: {wide:?}");
        }
    }
}

/// What is to be copied is one line: two examples in one paragraph, or one that is broken, can't be.
#[test]
fn every_example_is_a_line_of_its_own() {
    let english = donor_report::cli::command_in("en");
    for sub in english.get_subcommands() {
        let name = sub.get_name();
        let long = sub.get_long_about().map(ToString::to_string).unwrap_or_default();
        let examples: Vec<&str> = long.lines().filter_map(|line| line.strip_prefix("Example: ")).collect();
        assert_eq!(examples.len(), long.matches("Example").count(), "{name}: {long}");
        for lang in ["en", "mk"] {
            let shown = out(&["help", name, "--messages", lang], &[("COLUMNS", "100")]);
            for example in &examples {
                let is_whole = |line: &str| line.strip_prefix("Example: ").unwrap_or(line).trim() == *example;
                assert!(shown.lines().any(is_whole), "{lang} {name}: {example}\n{shown}");
            }
        }
    }
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = out(&["completions", shell], &[]);
        assert!(names().iter().all(|name| script.contains(name.as_str())), "{shell}");
    }
    let page = out(&["man"], &[]);
    assert!(names().iter().all(|name| page.contains(name.as_str())), "{page}");
}

#[test]
fn licences_are_shipped_with_the_program() {
    let text = out(&["licences"], &[]);
    for part in ["MIT License", "| typst |", "Apache License", "SIL OPEN FONT LICENSE"] {
        assert!(text.contains(part), "{part}");
    }
}
