//! Kinds of problems made from the message files, and what the build refuses in them.

use std::fs;

use donor_report::diagnostic::{Catalogue, Problem, Severity, kinds, phrases};

#[path = "../codegen/main.rs"]
#[expect(dead_code, reason = "the build script's own main isn't run here")]
mod codegen;

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
    let kind = |nearest: Option<&str>| kinds::UnknownKey {
        value: "periodd".into(),
        table: "[project]".into(),
        nearest: nearest.map(str::to_owned),
    };
    let catalogue = Catalogue::new("en");
    let plain = Problem::error(kind(None));
    assert_eq!((plain.code, plain.variant, plain.severity), ("unknown-key", None, Severity::Error));
    assert_eq!(catalogue.sentences(&plain).message, "`periodd` isn't a key of [project]");
    assert_eq!(catalogue.sentences(&plain).help, None);
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
fn braces_of_examples_in_prose_are_no_placeholders() {
    let found = |text| codegen::placeholders(text).collect::<Vec<_>>();
    assert_eq!(found("{value}: write {{else}} or {{actual \"I1\"}} {as_of}"), ["value", "as_of"]);
    assert_eq!(found("{ mk = 1 } {"), [""; 0]);
}
