//! Every option of every helper, driven by the schema: an option or a word without a line in `options.txt` fails, and
//! each line is tried in every way in which an officer may write it.

use std::collections::BTreeSet;

use donor_report::report::narrative::{helper_options, helper_signatures};

use super::fixture::printed;

struct Case {
    /// `actual in`
    option: String,
    text: String,
    expected: String,
}

fn cases() -> Vec<Case> {
    let lines = include_str!("options.txt").lines().filter(|line| !line.starts_with('#'));
    let case = |line: &str| {
        let (option, rest) = line.split_once(" | ").expect("an option");
        let (text, expected) = rest.rsplit_once(" | ").expect("a text and what it prints");
        Case { option: option.to_owned(), text: text.to_owned(), expected: expected.to_owned() }
    };
    lines.map(case).collect()
}

/// What is printed, problems without their places.
fn output(text: &str) -> String {
    let printed = printed("en", text);
    match printed.strip_prefix("error ") {
        Some(problem) => format!("error {}", problem.split(' ').next().unwrap_or_default()),
        None => printed.trim_end().replace('\u{a0}', " "),
    }
}

/// The text with other marks around everything quoted.
fn with_marks(text: &str, open: char, close: char) -> String {
    let mut is_open = false;
    text.chars()
        .map(|c| match c {
            '"' => {
                is_open = !is_open;
                if is_open { open } else { close }
            }
            c => c,
        })
        .collect()
}

/// The text without marks around the options' values, where these have no blanks.
fn without_marks(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("=\"") {
        let (value, behind) = after.split_once('"').expect("a closing mark");
        out.push_str(before);
        out.push_str(&if value.contains(' ') { format!("=\"{value}\"") } else { format!("={value}") });
        rest = behind;
    }
    out + rest
}

#[test]
fn every_option_prints_the_same_quoted_or_not() {
    let mut wrong = Vec::new();
    for Case { option, text, expected } in cases() {
        let variants = [
            text.clone(),
            without_marks(&text),
            with_marks(&text, '“', '”'),
            with_marks(&text, '„', '“'),
            with_marks(&text, '”', '”'),
            with_marks(&text, '«', '»'),
            with_marks(&text, '\'', '\''),
            with_marks(&text, '‘', '’'),
            with_marks(&text, '‚', '‘'),
        ];
        for variant in variants {
            let output = output(&variant);
            if output != expected {
                wrong.push(format!("{option}: {variant} prints {output}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_option_and_every_word_of_it_is_tried() {
    let cases = cases();
    for (helper, option, words) in helper_options() {
        let name = format!("{helper} {option}");
        let own: Vec<&Case> = cases.iter().filter(|case| case.option == name).collect();
        let has_value = |case: &&Case| case.text.contains(&format!("{option}=\""));
        assert!(own.iter().any(has_value), "no line of options.txt tries `{name}`");
        for word in words {
            let is_tried = |case: &&Case| case.text.contains(&format!("{option}=\"{word}\""));
            assert!(own.iter().any(is_tried), "no line of options.txt tries `{name}` with `{word}`");
        }
    }
    let known: BTreeSet<String> =
        helper_options().into_iter().map(|(helper, option, _)| format!("{helper} {option}")).collect();
    for case in &cases {
        assert!(known.contains(&case.option), "there is no option `{}`", case.option);
    }
}

/// Helpers are called somewhere in this room's tests; a new one without a test fails here.
#[test]
fn every_helper_is_tried() {
    let tests = [
        include_str!("options.txt"),
        include_str!("helpers.rs"),
        include_str!("derived.rs"),
        include_str!("claims.rs"),
        include_str!("markdown.rs"),
    ]
    .concat();
    for helper in helper_signatures() {
        let calls = [format!("{{{{{}", helper.name), format!("({}", helper.name), format!("{{{{#{}", helper.name)];
        assert!(calls.iter().any(|call| tests.contains(call)), "no test calls `{}`", helper.name);
    }
}

#[test]
fn a_value_that_is_none_is_reported_and_not_passed_over() {
    let table = [
        ("{{#activities limit=\"two\"}}{{id}}{{/activities}}", "error count-expected"),
        ("{{#activities limit=-1}}{{id}}{{/activities}}", "error count-expected"),
        ("{{#activities limit=1.5}}{{id}}{{/activities}}", "error count-expected"),
        ("{{number \"I1\" decimals=\"many\"}}", "error count-expected"),
        ("{{target \"I1\" kind=totl}}", "error unknown-word/nearest"),
        ("{{target \"I1\" due=\"yes\"}}", "error unknown-word"),
        ("{{actual \"I1\" in=2017-Q3}}", "error unknown-reporting-period"),
        ("{{actual \"I1\" in=prevous}}", "error unknown-reporting-period/nearest"),
        ("{{#activities type=trainig}}{{id}}{{/activities}}", "error unknown-value/nearest"),
        ("{{#results parent=\"O9\"}}{{code}}{{/results}}", "error unknown-value"),
        ("{{#indicators result=O9}}{{code}}{{/indicators}}", "error unknown-value"),
        ("{{actual “I1}}", "error template-syntax/unclosed-tag"),
    ];
    for (text, expected) in table {
        assert_eq!(output(text), expected, "{text}");
    }
}

#[test]
fn an_option_may_take_what_a_name_stands_for() {
    let table = [
        ("{{#results}}{{#each (indicators result=code)}}{{code}} {{/each}}{{/results}}", "I1 I2 I3 I4 I5 R1"),
        (
            "{{#activities}}{{#each (activities type=type scope=project)}}{{id}} {{/each}}; {{/activities}}",
            "A1 ; A0 A2 ;",
        ),
        ("{{#municipalities}}{{count (activities municipality=name)}} {{/municipalities}}", "1 1 0"),
        ("{{actual \"I1\" in=period.code}}", "518"),
    ];
    for (text, expected) in table {
        assert_eq!(output(text), expected, "{text}");
    }
}

#[test]
fn texts_within_quotation_marks_may_quote() {
    let table = [
        ("{{literal „Проект „Мост“ 4“}}", "Проект „Мост“ 4"),
        ("{{literal “people’s house 4”}}", "people’s house 4"),
        ("{{literal \"Дом „Мост“ 4\"}}", "Дом „Мост“ 4"),
        ("{{literal “House 4\"}} and {{literal \"House 5”}}", "House 4 and House 5"),
        ("{{literal 2017}} and {{literal 007}} and {{literal \"1.50\"}}", "2017 and 007 and 1.50"),
        ("{{by “I1” „sex“ ‘F’}}", "510"),
        ("{{by \"I1\" sex F}}", "510"),
        ("{{#claim achieved “I1”}}so{{/claim}}", "so"),
    ];
    for (text, expected) in table {
        assert_eq!(output(text), expected, "{text}");
    }
}
