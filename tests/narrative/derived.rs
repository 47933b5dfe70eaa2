use donor_report::diagnostic::Catalogue;

use super::fixture::{check, printed, render_in};

#[test]
fn figures_are_made_from_several() {
    let table = [
        ("{{share \"I1\" \"sex\" \"F\"}}", "98,5\u{a0}%", "98.5%"),
        ("{{percent (share \"I1\" \"sex\" \"женски\") decimals=0}}", "98\u{a0}%", "98%"),
        ("{{change \"I1\"}}", "118", "118"),
        ("{{change \"I5\"}}", "0", "0"),
        ("{{change \"R1\"}}", "0,0 процентни поени", "0.0 percentage points"),
        ("{{change \"I2\"}}", "приближно\u{a0}0", "approximately\u{a0}0"),
        ("{{change \"I4\"}}", "околу\u{a0}-16–16", "about\u{a0}-16–16"),
        ("{{sum \"I5\" \"I5\" \"I5\"}}", "9", "9"),
        ("{{plural (sum \"I5\" \"I5\") one=\"активност\" other=\"активности\"}}", "активности", "активности"),
        ("{{#if (gt (change \"I1\") 100)}}да{{/if}}", "да", "да"),
        ("{{attended \"A2\"}} {{attended \"a0\"}}", "2 1", "2 1"),
        ("{{#activities type=\"training\"}}{{attendees}} {{attended id}}{{/activities}}", "2 2", "2 2"),
        ("{{title \"I1\"}}, {{unit \"I1\"}}", "Показател I1, лица", "Indicator I1, persons"),
        (
            "{{definition \"I1\"}} {{comment \"I1\"}}",
            "Луѓе што добиле поддршка. Повеќе обуки.",
            "People who got support. More trainings.",
        ),
        (
            "{{#indicators}}{{#if (known comment)}}{{title}} ({{unit}}): {{definition}} {{comment}}{{/if}}{{/indicators}}",
            "Показател I1 (лица): Луѓе што добиле поддршка. Повеќе обуки.",
            "Indicator I1 (persons): People who got support. More trainings.",
        ),
    ];
    for (text, mk, en) in table {
        assert_eq!(printed("mk", text), mk, "{text}");
        assert_eq!(printed("en", text), en, "{text}");
    }
}

/// The first report has none before it, and the previous of a quarter is a quarter.
#[test]
fn before_the_first_report_there_is_no_previous() {
    let text = "{{#if (known (change \"I1\"))}}{{change \"I1\"}}{{else}}first{{/if}} {{#if (known (actual \"I1\" in=previous))}}{{actual \"I1\" in=previous}}{{else}}none{{/if}}";
    let files = [("quarterly/summary.en.md", text)];
    let content = |period: usize| format!("{:?}", render_in("en", &files, period));
    assert!(content(0).contains("first none"), "{}", content(0));
    assert!(content(1).contains("118"), "{}", content(1));
    let unguarded = [("quarterly/summary.en.md", "{{change \"I1\"}}")];
    let problems = render_in("en", &unguarded, 0).expect_err("there is no previous report");
    assert_eq!(problems[0].code, "unguarded");
}

#[test]
fn what_is_hidden_is_words_and_decides_nothing() {
    let table = [
        ("{{share \"I1\" \"sex\" \"M\"}}", "not shown"),
        ("{{share \"I1\" \"sex\" \"X\"}}", "not shown"),
        (
            "{{#if (gt (share \"I1\" \"sex\" \"M\") 0.1)}}x{{/if}}",
            "error undecided-condition/suppressed quarterly/summary.en.md:1:8",
        ),
        ("{{#if (known (share \"I1\" \"sex\" \"M\"))}}x{{else}}y{{/if}}", "y"),
    ];
    for (text, expected) in table {
        assert_eq!(printed("en", text), expected, "{text}");
    }
}

#[test]
fn what_cannot_be_added_or_shared_is_an_error() {
    let table = [
        ("{{sum \"I1\" \"I5\"}}", "error not-addable/people quarterly/summary.en.md:1:7"),
        ("{{sum \"I5\" \"I4\"}}", "error not-addable/people quarterly/summary.en.md:1:12"),
        ("{{sum \"I5\" \"R1\"}}", "error not-addable quarterly/summary.en.md:1:12"),
        ("{{sum \"I5\" \"I2\"}}", "error not-addable quarterly/summary.en.md:1:12"),
        ("{{sum \"I5\"}}", "error wrong-arguments quarterly/summary.en.md:1:3"),
        ("{{attended \"A9\"}}", "error prose-unknown-activity quarterly/summary.en.md:1:12"),
        ("{{attended \"A1\"}}", "error unguarded/absent quarterly/summary.en.md:1:3"),
        ("{{attended \"A3\"}}", "error unguarded/absent quarterly/summary.en.md:1:3"),
        ("{{comment \"I5\"}}", "error unguarded/absent quarterly/summary.en.md:1:3"),
    ];
    for (text, expected) in table {
        assert_eq!(printed("en", text), expected, "{text}");
    }
}

#[test]
fn what_has_no_value_is_called_as_the_prose_asks_for_it() {
    let problems =
        render_in("en", &[("quarterly/summary.en.md", "{{attended \"A1\"}}")], 1).expect_err("no attendance");
    let sentence = Catalogue::new("en").sentences(&problems[0]).message;
    assert!(sentence.contains("`attended \"A1\"`"), "{sentence}");
}

#[test]
fn percent_of_what_is_no_fraction_names_share() {
    for text in [
        "{{percent \"I1\"}}",
        "{{percent \"I5\" decimals=\"1\"}}",
        "{{percent (by \"I1\" \"sex\" \"F\")}}",
        "{{percent (sum \"I5\" \"I5\")}}",
        "{{percent (change \"I1\")}}",
        "{{percent \"I1\" of=target}}",
        "{{percent \"I3\" of=baseline}}",
        "{{percent (count (activities))}}",
    ] {
        assert!(printed("en", text).starts_with("error no-fraction "), "{text}: {}", printed("en", text));
    }
    for (text, expected) in [
        ("{{percent \"R1\"}}", "60.0%"),
        ("{{percent (progress \"I1\")}}", "103.6%"),
        ("{{percent (share \"I1\" \"sex\" \"F\")}}", "98.5%"),
        ("{{percent 0.255 decimals=0}}", "26%"),
    ] {
        assert_eq!(printed("en", text), expected, "{text}");
    }
}

/// `indicators` within a result are its own; so it is with every field that a helper is called like.
#[test]
fn a_field_of_what_is_looped_over_comes_before_a_helper() {
    let table = [
        ("{{#each (results level=outcome)}}{{#each indicators}}{{code}} {{/each}}{{/each}}", "I1 I2 I3 I4 I5 R1 "),
        ("{{#results}}{{#indicators}}{{code}} {{/indicators}}{{/results}}", "I1 I2 I3 I4 I5 R1 "),
        ("{{#results}}{{count indicators}} {{count (indicators)}}{{/results}}", "6 6"),
        ("{{#indicators}}{{#if @first}}{{title}} {{unit}}{{/if}}{{/indicators}}", "Indicator I1 persons"),
        ("{{#activities}}{{count}} {{/activities}}", "x x "),
        ("{{#activities limit=1}}{{status}} {{date date}}{{/activities}}", "completed 1\u{a0}April\u{a0}2017"),
    ];
    for (text, expected) in table {
        assert_eq!(printed("en", text), expected.trim_end(), "{text}");
    }
}

#[test]
fn columns_of_ones_own_are_fields() {
    let table = [
        ("{{#activities}}{{trainer}} {{/activities}}", "Марко Ана "),
        ("{{#activities}}{{Обучувач}} {{/activities}}", "Марко Ана "),
        ("{{#activities}}{{[Обучувач / Trainer]}} {{this.[Trainer]}} {{/activities}}", "Марко Марко Ана Ана "),
        ("{{list (activities) field=trainer}}", "Марко and Ана"),
        ("{{#activities}}{{#if (eq trainer \"Ана\")}}{{id}}{{/if}}{{/activities}}", "A2"),
        ("{{#activities}}{{#if (eq trainer \"Петар\")}}{{id}}{{/if}}{{/activities}}", ""),
        ("{{#activities}}{{trainr}}{{/activities}}", "error unknown-path quarterly/summary.en.md:1:18"),
        (
            "{{#activities}}{{attendes}}{{/activities}}",
            "error unknown-path/nearest quarterly/summary.en.md:1:18 → attendees",
        ),
    ];
    for (text, expected) in table {
        let printed = printed("en", text);
        assert_eq!(printed.lines().next().unwrap_or_default(), expected.trim_end(), "{text}");
    }
}

#[test]
fn statuses_compare_as_they_are_printed_in_any_language() {
    let holds = [
        "(eq (status \"I1\") \"achieved\")",
        "(eq (status \"I1\") achieved)",
        "(eq \"Achieved\" (status \"I1\"))",
        "(eq (status \"I1\") \"остварено\")",
        "(eq (status \"I1\" in=previous) \"off track\")",
        "(eq (status \"I1\" in=previous) “off-track”)",
        "(eq (status \"I1\" in=previous) off_track)",
        "(ne (status \"I1\") \"at risk\")",
        "(ne (status \"I1\") \"под ризик\")",
        "(gte (actual \"I1\") \"518\")",
    ];
    for condition in holds {
        for lang in ["en", "mk"] {
            let text = format!("{{{{#if {condition}}}}}yes{{{{else}}}}no{{{{/if}}}}");
            assert_eq!(printed(lang, &text), "yes", "{condition} in {lang}");
        }
    }
    for (condition, expected) in [
        ("(eq (status \"I1\") \"at rsk\")", "error unknown-status/nearest quarterly/summary.en.md:1:25 → at risk"),
        ("(eq (status \"I1\") late)", "error unknown-status quarterly/summary.en.md:1:25"),
        ("(ne \"behind schedule\" (status \"I1\"))", "error unknown-status quarterly/summary.en.md:1:11"),
    ] {
        assert_eq!(printed("en", &format!("{{{{#if {condition}}}}}x{{{{/if}}}}")), expected, "{condition}");
        let files = format!("{{{{#if {condition}}}}}x{{{{/if}}}}");
        assert!(
            check(&[("quarterly/summary.en.md", &files)]).iter().any(|line| line.starts_with("error unknown-status"))
        );
    }
}

/// A value of a list is the same by its code, its label in any language or an alias.
#[test]
fn values_of_lists_compare_by_code_and_by_label() {
    for condition in ["training", "обука", "Training"] {
        let text =
            format!("{{{{#activities}}}}{{{{#if (eq type \"{condition}\")}}}}{{{{id}}}}{{{{/if}}}}{{{{/activities}}}}");
        for lang in ["en", "mk"] {
            assert_eq!(printed(lang, &text), "A2", "{condition} in {lang}");
        }
    }
    let table = [
        ("{{#activities}}{{#if (eq type training)}}{{id}}{{/if}}{{/activities}}", "A2"),
        ("{{#activities}}{{#if (eq status completed)}}{{id}} {{/if}}{{/activities}}", "A1 A2"),
        ("{{#activities}}{{#if (ne status \"завршена\")}}{{id}} {{/if}}{{/activities}}", ""),
        ("{{#results}}{{#if (eq level \"outcome\")}}{{code}}{{/if}}{{/results}}", "O1"),
        ("{{#results}}{{#if (eq level outcome)}}{{code}}{{/if}}{{/results}}", "O1"),
    ];
    for (text, expected) in table {
        for lang in ["en", "mk"] {
            assert_eq!(printed(lang, text).trim_end(), expected, "{text} in {lang}");
        }
    }
    for (text, expected) in [
        ("{{#activities}}{{#if (eq type \"trainig\")}}{{id}}{{/if}}{{/activities}}", "error unknown-value/nearest"),
        ("{{#activities}}{{#if (eq status \"done and dusted\")}}{{id}}{{/if}}{{/activities}}", "error unknown-value"),
        ("{{#results}}{{#if (eq level \"outcom\")}}{{code}}{{/if}}{{/results}}", "error unknown-value"),
    ] {
        assert!(printed("en", text).starts_with(expected), "{text}: {}", printed("en", text));
    }
}
