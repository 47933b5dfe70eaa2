//! Kinds of problems made from the message files, and what the build refuses in them.

use std::fs;

use donor_report::diagnostic::{
    Catalogue, CellListing, Place, Problem, Severity, fill_placeholders, kinds, number_argument, phrases,
    print_problem, tell_apart,
};
use donor_report::model::{Amount, Hedge};

#[path = "../codegen/main.rs"]
#[expect(dead_code, reason = "the build script's own main isn't run here")]
pub mod codegen;

/// What the build says of one file of messages.
fn faults_of(text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.toml"), text).expect("written");
    let mut faults = Vec::new();
    let messages = codegen::messages::read(folder.path(), &mut faults);
    codegen::types::generate(&messages, "ProblemKind", &["count"], &mut faults);
    let shown = folder.path().join("a.toml").display().to_string();
    faults.into_iter().map(|fault| fault.replace(&shown, "a.toml")).collect()
}

#[test]
fn a_kind_fills_every_sentence_of_its_code() {
    let kind = |nearest: Option<&str>| kinds::UnknownKey::Plain {
        value: "periodd".into(),
        table: "[project]".into(),
        nearest: nearest.map(str::to_owned),
    };
    let catalogue = Catalogue::new("en");
    let plain = Problem::error(kind(None));
    assert_eq!((plain.code, plain.variant, plain.severity), ("unknown-key", None, Severity::Error));
    assert_eq!(catalogue.sentences(&plain).message, "`periodd` isn't a key of [project]");
    let help = "take the line out, or see `donor-report help project` for the keys that there are";
    assert_eq!(catalogue.sentences(&plain).help.as_deref(), Some(help));
    let suggested = catalogue.sentences(&Problem::error(kind(Some("period"))));
    assert_eq!(suggested.help.as_deref(), Some("did you mean `period`?"));
    assert_eq!(catalogue.phrase(phrases::Wrote { file: "a.pdf".into() }).message, "wrote a.pdf");
}

#[test]
fn a_variant_is_worded_as_itself_and_a_count_is_the_problems_own() {
    let problem = Problem::error(kinds::WrongType::Boolean { key: "main".into() });
    assert_eq!(problem.variant, Some("boolean"));
    assert_eq!(Catalogue::new("mk").sentences(&problem).message, "`main` мора да биде true или false");
}

#[test]
fn the_build_refuses_messages_whose_languages_differ() {
    let cases = [
        ("[a]\nmessage = { en = \"{x}\", mk = \"{x}\" }", None),
        (
            "[a]\nmessage = { en = \"{x}\", mk = \"{y}\" }",
            Some("a.toml: `a`: `message` has different {placeholders} in different languages"),
        ),
        ("[a]\nmessage = { en = \"x\" }", Some("a.toml: `a`: `message` must be in en, mk")),
        ("[a]\nhelp = { en = \"x\", mk = \"x\" }", Some("a.toml: `a` has no message")),
        ("[a]\nmessage = { en = \"x\", mk = \"x\" }\nmesage = 1", Some("a.toml: `a`: unknown key `mesage`")),
        (
            "[a]\nmessage = { en = \"x\", mk = \"x\" }\n[a.variant.b]\nhelp = { en = \"{x}\", mk = \"x\" }",
            Some("a.toml: `a`, variant `b`: `help` has different {placeholders} in different languages"),
        ),
        ("[a]\nmessage = { en = \"{type}\", mk = \"{type}\" }", Some("`a`: `{type}` can't name a field")),
    ];
    for (text, fault) in cases {
        assert_eq!(faults_of(text), fault.into_iter().collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn a_number_a_day_and_a_code_are_written_in_the_language_of_messages() {
    let restated = |old: &str| {
        let kind = kinds::Restated::Plain {
            indicator: "I1".into(),
            period: "2017-Q1".into(),
            report: "final".into(),
            scopes: "period, cumulative".into(),
            old: old.into(),
            new: "—".into(),
        };
        let sentence = |lang| Catalogue::new(lang).sentences(&Problem::warning(kind.clone())).message;
        (sentence("en"), sentence("mk"))
    };
    let wrapped = |en: &str, mk: &str| {
        (
            format!("I1 in 2017-Q1 (in the period, since the start): final said {en}, now —"),
            format!("I1 во 2017-Q1 (во периодот, од почетокот): во final стоеше {mk}, а сега е —"),
        )
    };
    assert_eq!(restated("84000.5"), wrapped("84,000.5", "84.000,5"));
    assert_eq!(restated("0.6341463414634146341463414634%"), wrapped("63.4%", "63,4 %"));
    assert_eq!(restated("~16..32"), wrapped("about 16–32", "околу 16–32"));
    assert_eq!(restated("≈84000"), wrapped("approximately 84,000", "приближно 84.000"));
    let day = kinds::EndBeforeStart { start: "2017-04-01".into(), end: "2017-03-31".into() };
    assert_eq!(
        Catalogue::new("mk").sentences(&Problem::error(day)).message,
        "завршува на 31.03.2017, пред да почне на 01.04.2017"
    );
}

#[test]
fn an_amount_is_written_as_an_argument_and_back() {
    let amount = |from: i64, to: i64, hedge| Amount { from: from.into(), to: to.into(), hedge, rounding_exponent: 0 };
    assert_eq!(number_argument(&amount(5, 5, None), false), "5");
    assert_eq!(number_argument(&amount(16, 32, Some(Hedge::About)), false), "~16..32");
    assert_eq!(number_argument(&amount(1, 1, Some(Hedge::Approximately)), true), "≈1%");
}

/// Two numbers that round to one are written with as many decimals as it takes, in each language.
#[test]
fn numbers_that_are_written_alike_are_told_apart() {
    let apart = |old: &str, new: &str| tell_apart(old.to_owned(), new.to_owned());
    let unchanged = |old: &str, new: &str| assert_eq!(apart(old, new), (old.to_owned(), new.to_owned()));
    unchanged("5", "6");
    unchanged("0.235%", "0.236%");
    unchanged("0.235%", "0.235%");
    unchanged("on track", "off track");
    unchanged("0.23456%", "5");
    unchanged("~0.23456%", "0.23464%");
    let written = |old: &str, new: &str| {
        let (old, new) = apart(old, new);
        let kind = kinds::Restated::Plain {
            indicator: "I1".into(),
            new,
            old,
            period: "2017-Q1".into(),
            report: "quarterly".into(),
            scopes: "period".into(),
        };
        let problem = Problem::warning(kind);
        ["en", "mk"].map(|lang| Catalogue::new(lang).sentences(&problem).message)
    };
    for (old, new, en, mk) in [
        ("0.23456%", "0.23464%", ["23.456%", "23.464%"], ["23,456 %", "23,464 %"]),
        ("0.2352941%", "0.2352942%", ["23.52941%", "23.52942%"], ["23,52941 %", "23,52942 %"]),
        ("~1.066%", "~1.071%", ["about 106.6%", "about 107.1%"], ["околу 106,6 %", "околу 107,1 %"]),
        ("4.26666666", "4.26667", ["4.266667", "4.266670"], ["4,266667", "4,266670"]),
        (
            "16.00001..32",
            "16..32",
            ["16.00001–32.00000", "16.00000–32.00000"],
            ["16,00001–32,00000", "16,00000–32,00000"],
        ),
    ] {
        for (message, parts) in written(old, new).iter().zip([en, mk]) {
            assert!(parts.iter().all(|part| message.contains(part)), "{old} {new}: {message}");
        }
    }
}

/// Several like problems under one sentence of their own, each with its cell.
#[test]
fn a_group_is_headed_by_its_own_sentence() {
    let at = |row: u32, indicator: &str| {
        let kind = kinds::UnexplainedVariance::Plain {
            indicator: indicator.into(),
            period: "2017-Q1".into(),
            status: "off_track".into(),
            column: "Коментар".into(),
            sheet: "Пријавено".into(),
        };
        Problem::warning(kind).at(Place::cell("data.xlsx", Some("Пријавено"), row, 3))
    };
    let mut group = at(7, "I1");
    group.add_repeat(at(8, "I2"));
    assert_eq!(
        print_problem(&group, &Catalogue::new("en"), "p", CellListing::First),
        "warning[unexplained-variance]: explanations are owed for these indicators (×2)\n  \
         --> p/data.xlsx, sheet Пријавено, cell D7: I1 in 2017-Q1: off track, and nothing explains it\n  \
         --> p/data.xlsx, sheet Пријавено, cell D8: I2 in 2017-Q1: off track, and nothing explains it\n   \
         = help: write the reason under “Коментар” of the sheet Пријавено, in a row with the indicator and the period\n"
    );
    let alone = print_problem(&at(7, "I1"), &Catalogue::new("en"), "p", CellListing::First);
    assert!(alone.starts_with("warning[unexplained-variance]: I1 in 2017-Q1: off track, and nothing"), "{alone}");
}

/// A form that no phrase stands for would print the code.
#[test]
fn the_build_refuses_a_form_without_phrases() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.toml"), "[a]\nmessage = { en = \"{x:colour}\", mk = \"{x:colour}\" }")
        .expect("written");
    let mut faults = Vec::new();
    let messages = codegen::messages::read(folder.path(), &mut faults);
    codegen::messages::check_forms([&messages, &messages], &messages, &mut faults);
    assert_eq!(faults.first().map(String::as_str), Some("`a`: no phrase begins with `colour-`"));
}

#[test]
fn braces_of_examples_in_prose_are_no_placeholders() {
    let found = |text| codegen::placeholders(text).collect::<Vec<_>>();
    assert_eq!(found("{value}: write {{else}} or {{actual \"I1\"}} {as_of}"), ["value", "as_of"]);
    assert_eq!(found("{ mk = 1 } {"), [""; 0]);
    assert_eq!(found("{old:number} of {day:date}, {Not:this} {or:This}"), ["old", "day"]);
}

#[test]
fn braces_that_are_no_placeholder_stay() {
    let filled = |text: &str| fill_placeholders(text, |name| (name != "unknown").then(|| format!("<{name}>")));
    assert_eq!(filled("{a} {b:number} {because-added}"), "<a> <b:number> <because-added>");
    for text in ["{{actual \"I1\"}}", "{{else}}", "{ mk = \"…\" }", "{unknown}", "{", "a } b", "{}"] {
        assert_eq!(filled(text), text);
    }
    assert_eq!(filled("write {{actual \"{a}\"}}"), "write {{actual \"<a>\"}}");
}

/// A date is written in the sentence as the language does, and in the cell as it is.
#[test]
fn cells_that_differ_in_their_value_alone_are_listed_with_it() {
    let problem = |row: u32, day: &str| {
        let kind = kinds::AfterDataUntil { value: day.to_owned(), until: "2024-06-30".to_owned() };
        Problem::warning(kind)
            .at(Place::cell("a.xlsx", Some("Activities"), row, 1))
            .excerpt(vec![("date".to_owned(), day.to_owned())], Some(0))
    };
    let mut group = problem(2, "2024-07-01");
    group.add_repeat(problem(3, "2024-08-02"));
    let printed = print_problem(&group, &Catalogue::new("en"), "", CellListing::First);
    assert!(printed.contains("cell B2: 2024-07-01\n") && printed.contains("cell B3: 2024-08-02\n"), "{printed}");
}
