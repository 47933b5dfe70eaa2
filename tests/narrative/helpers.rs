use donor_report::report::block::{Block, Inline};

use donor_report::model::{Amount, Value};

use super::fixture::{
    assert_worded, block_text, format_problems, people_in_period, printed, project, released, render, render_in,
    render_of,
};

#[test]
fn the_sentence_of_the_contract() {
    let mk = "Од {{date period.start}} до {{date period.end}} вкупно {{actual \"I1\"}} {{plural \"I1\" one=\"бегалец доби\" other=\"бегалци добија\"}} поддршка,\nи {{actual \"I2\"}} граѓани беа запознаени.";
    assert_eq!(
        printed("mk", mk),
        "Од 1\u{a0}април\u{a0}2017 до 30\u{a0}јуни\u{a0}2017 вкупно 518 бегалци добија поддршка, и приближно\u{a0}84.000 граѓани беа запознаени."
    );
    let en = "From {{date period.start}} {{actual \"I1\"}} {{plural \"I1\" one=\"refugee\" other=\"refugees\"}}, {{actual \"I2\"}} citizens.";
    assert_eq!(printed("en", en), "From 1\u{a0}April\u{a0}2017 518 refugees, approximately\u{a0}84,000 citizens.");
}

#[test]
fn every_helper_prints_its_figure() {
    let table = [
        ("{{cumulative \"I1\"}}", "518", "518"),
        ("{{served \"I1\"}}", "539", "539"),
        ("{{actual \"I1\" in=\"2017-Q1\"}}", "400", "400"),
        ("{{target \"I1\"}}", "500", "500"),
        ("{{target \"I1\" due=true}}", "490", "490"),
        ("{{baseline \"I3\"}}", "10", "10"),
        ("{{progress \"I1\"}}", "103,6\u{a0}%", "103.6%"),
        ("{{progress \"I4\"}}", "околу\u{a0}80–160\u{a0}%", "about\u{a0}80–160%"),
        (
            "{{progress \"I4\" between=true}}",
            "околу\u{a0}меѓу 80\u{a0}% и 160\u{a0}%",
            "about\u{a0}between 80% and 160%",
        ),
        ("{{status \"I1\"}}", "остварено", "achieved"),
        ("{{actual \"I4\"}}", "околу\u{a0}16–32", "about\u{a0}16–32"),
        ("{{actual \"R1\"}}", "60,0\u{a0}%", "60.0%"),
        ("{{percent \"R1\" decimals=0}}", "60\u{a0}%", "60%"),
        ("{{target \"R1\"}}", "50,0\u{a0}%", "50.0%"),
        ("{{by \"I1\" \"sex\" \"F\"}}", "510", "510"),
        ("{{by \"I1\" \"sex\" \"женски\"}}", "510", "510"),
        ("{{by \"I1\" \"sex\" \"unknown\" of=\"cumulative\"}}", "0", "0"),
        ("{{words \"I5\" gender=\"f\"}}", "три", "three"),
        ("{{words \"I5\" gender=\"p\"}}", "тројца", "three"),
        ("{{words \"I1\"}}", "518", "518"),
        ("{{number \"I1\" decimals=1}}", "518,0", "518.0"),
        ("{{actual \"I2\" bare=true}}", "84.000", "84,000"),
        ("{{date period.end form=\"long\"}}", "30\u{a0}јуни\u{a0}2017\u{a0}г.", "30\u{a0}June\u{a0}2017"),
        ("{{date period.end form=\"day\"}}", "30\u{a0}јуни", "30\u{a0}June"),
        ("{{period.name}}", "втор квартал од 2017\u{a0}г.", "second quarter of 2017"),
        ("{{date report.date}}", "18\u{a0}јули\u{a0}2017", "18\u{a0}July\u{a0}2017"),
        ("{{project.implementer}}", "Здружение", "Association"),
        ("{{literal \"Група 484\"}}", "Група 484", "Група 484"),
        ("{{count (activities)}}", "2", "2"),
        ("{{donors}}", "Министерство", "Ministry"),
        ("{{municipalities}}", "Куманово, Бутел и Гевгелија", "Kumanovo, Butel and Gevgelija"),
        ("{{list (partners)}}", "ДРОМ и РЦОР", "DROM and RCOR"),
        ("{{list (partners) field=\"role\"}}", "партнер", "partner"),
    ];
    for (text, mk, en) in table {
        assert_eq!(printed("mk", text), mk, "{text}");
        assert_eq!(printed("en", text), en, "{text}");
    }
}

#[test]
fn a_figure_knows_its_indicator() {
    let blocks = render("en", "In **{{actual \"I1\"}}**.").expect("no problems");
    let figure = people_in_period();
    let text = |text: &str| Inline::Text { text: text.to_owned() };
    let expected = vec![text("In "), Inline::Strong { content: vec![figure] }, text(".")];
    assert_eq!(blocks, [Block::Paragraph { content: expected }]);
}

#[test]
fn plurals_follow_the_field_of_their_option() {
    assert_eq!(printed("mk", "{{plural \"I1\" of=\"target\" one=\"а\" other=\"б\"}}"), "б");
    assert_eq!(printed("mk", "{{plural (count (activities type=\"training\")) one=\"а\" other=\"б\"}}"), "а");
}

#[test]
fn lists_are_looped_over_with_filters_and_order() {
    let table = [
        ("{{#each (activities)}}{{title}}; {{/each}}", "First | `x` *; Second; "),
        (
            "{{#activities order=\"-date\"}}{{title}}{{#unless @last}}, {{/unless}}{{/activities}}",
            "Second, First | `x` *",
        ),
        ("{{#activities type=\"обука\"}}{{title}}{{/activities}}", "Second"),
        (
            "{{#activities municipality=\"Kumanovo | Butel\"}}{{@index}}{{municipality}} {{/activities}}",
            "0Kumanovo 1Butel ",
        ),
        (
            "{{#activities status=\"planned\"}}{{title}}{{#if (known date)}}{{date date}}{{else}} without a date{{/if}}{{/activities}}",
            "Third without a date",
        ),
        (
            "{{#activities scope=\"cumulative\" limit=1}}{{title}} {{date date}} {{reached}}{{/activities}}",
            "Early 1\u{a0}February\u{a0}2017 7",
        ),
        (
            "{{#activities type=\"seminar\" scope=\"project\" as |act n|}}{{n}} {{act.title}} {{../period.code}}{{/activities}}",
            "0 First | `x` * 2017-Q2",
        ),
        ("{{#results}}{{title}}: {{#each indicators}}{{code}} {{/each}}{{/results}}", "Outcome: I1 I2 I3 I4 I5 R1 "),
        (
            "{{#indicators level=\"output\"}}{{#if (known (actual code))}}{{actual code}} {{/if}}{{/indicators}}",
            "518 approximately\u{a0}84,000 about\u{a0}16–32 3 60.0% ",
        ),
        ("{{#partners}}{{name}}{{else}}none{{/partners}}", "DROMRCOR"),
        ("{{#results parent=\"O1\"}}x{{else}}no results{{/results}}", "no results"),
        ("{{#with project}}{{code}}{{/with}}", "TEST-1"),
    ];
    for (text, expected) in table {
        assert_eq!(printed("en", text), expected.trim_end(), "{text}");
    }
}

#[test]
fn conditions_on_figures_and_statuses() {
    let table = [
        ("(gt (actual \"I1\") (target \"I1\"))", "yes"),
        ("(lt (actual \"I1\") 500)", "no"),
        ("(gte (actual \"I5\") 3)", "yes"),
        ("(lte (actual \"I5\") 2)", "no"),
        ("(eq (status \"I1\") \"achieved\")", "yes"),
        ("(ne (status \"I1\") \"achieved\")", "no"),
        ("(and (gt (actual \"I1\") 1) (not (eq (actual \"I5\") 4)))", "yes"),
        ("(or (lt (actual \"I1\") 1) (eq period.code \"2017-Q1\"))", "no"),
        ("(gt (actual \"I4\") 10)", "yes"),
        ("(known (actual \"I3\"))", "no"),
        ("(known (status \"I4\"))", "no"),
        ("(known (by \"I1\" \"sex\" \"M\"))", "no"),
        ("(known (gt (actual \"I4\") 20))", "no"),
        ("(or (gt (actual \"I4\") 20) (gt (actual \"I1\") 1))", "yes"),
        ("(gt period.end project.start)", "yes"),
    ];
    for (condition, expected) in table {
        assert_eq!(
            printed("en", &format!("{{{{#if {condition}}}}}yes{{{{else}}}}no{{{{/if}}}}")),
            expected,
            "{condition}"
        );
    }
    let chain = "{{#if (lt (actual \"I1\") 100)}}a{{else if (lt (actual \"I1\") 600)}}b{{else}}c{{/if}}";
    assert_eq!(printed("en", chain), "b");
}

#[test]
fn a_hidden_part_stands_in_words_with_a_warning() {
    let small = "{{by \"I1\" \"sex\" \"M\"}} {{plural (by \"I1\" \"sex\" \"M\") one=\"man\" other=\"men\"}}";
    assert_eq!(printed("en", small), "fewer than five men");
    assert_eq!(printed("en", "{{words (by \"I1\" \"sex\" \"X\")}}"), "not shown");
    assert_eq!(
        printed("mk", "{{by \"I1\" \"sex\" \"M\"}}, {{by \"I1\" \"sex\" \"X\"}}"),
        "помалку од пет, не се прикажува"
    );
    let project = project();
    let (_, warnings) =
        render_of(&project, &released(&project), "en", &[("quarterly/summary.en.md", small)], 1).expect("no errors");
    assert_worded(&warnings);
    let hidden: Vec<_> = warnings.iter().filter(|problem| problem.code == "hidden-in-prose").collect();
    assert_eq!(hidden.len(), 1);
    assert_eq!(hidden[0].args["shown"], "fewer than five");
}

/// In a project's first period no person was counted before, and the same sentence is true of both.
#[test]
fn a_value_of_the_period_that_leaves_out_people_counted_before_has_a_note() {
    let project = project();
    let noted = |text: &str, served: u64| {
        let mut released = released(&project);
        for period in &mut released.periods {
            period.figures[0].totals.served = Some(Amount::count(served));
        }
        let files = [("quarterly/summary.en.md", text)];
        let (_, notes) = render_of(&project, &released, "en", &files, 1).expect("no errors");
        assert_worded(&notes);
        format_problems(&notes)
    };
    let note = |column: usize| vec![format!("note first-contact-only quarterly/summary.en.md:1:{column}")];
    let table = [
        ("{{actual \"I1\"}} and again {{actual \"I1\"}}", note(3)),
        ("Women: {{share \"I1\" \"sex\" \"F\"}}", note(10)),
        ("Women: {{by \"I1\" \"sex\" \"F\" of=\"served\"}}", Vec::new()),
        ("{{served \"I1\"}} {{cumulative \"I1\"}} {{progress \"I1\"}}", Vec::new()),
        ("{{actual \"I4\"}} {{plural \"I1\" one=\"a\" other=\"b\"}}", Vec::new()),
    ];
    for (text, expected) in table {
        assert_eq!(noted(text, 600), expected, "{text}");
        assert_eq!(noted(text, 518), Vec::<String>::new(), "{text}");
    }
}

/// A training with a list of attendance has no number in its row, and is as large as the list.
#[test]
fn activities_are_ordered_by_the_people_who_came_where_no_number_is_typed() {
    let mut project = project();
    project.activities.rows[0].values[2] = Value::Blank;
    let printed = |order: &str| {
        let text = format!("{{{{#activities scope=\"cumulative\" order=\"{order}\"}}}}{{{{id}}}} {{{{/activities}}}}");
        let files = [("quarterly/summary.en.md", text.as_str())];
        let (blocks, _) = render_of(&project, &released(&project), "en", &files, 1).expect("no errors");
        blocks.iter().map(block_text).collect::<String>().trim().to_owned()
    };
    assert_eq!(printed("-reached"), "A0 A2 A1");
    assert_eq!(printed("reached"), "A1 A2 A0");
}

#[test]
fn what_has_no_value_must_be_guarded() {
    let table = [
        ("x {{actual \"I3\"}}", "error unguarded/absent quarterly/summary.en.md:1:5"),
        ("{{status \"I4\"}}", "error unguarded/undetermined quarterly/summary.en.md:1:3"),
        ("a\n\n{{#if (gt (actual \"I3\") 1)}}b{{/if}}", "error undecided-condition/absent quarterly/summary.en.md:3:8"),
        (
            "{{#if (gt (by \"I1\" \"sex\" \"M\") 1)}}b{{/if}}",
            "error undecided-condition/suppressed quarterly/summary.en.md:1:8",
        ),
        (
            "{{#if (gt (actual \"I4\") 20)}}b{{/if}}",
            "error undecided-condition/undetermined quarterly/summary.en.md:1:8",
        ),
        ("{{plural \"I3\" one=\"a\" other=\"b\"}}", "error unguarded/absent quarterly/summary.en.md:1:3"),
        ("{{#activities}}{{reached}}{{/activities}}", "error unguarded/absent quarterly/summary.en.md:1:18"),
    ];
    for (text, expected) in table {
        assert_eq!(printed("en", text), expected, "{text}");
    }
}

#[test]
fn what_cannot_be_decided_or_looped_over_is_reported() {
    let table = [
        ("{{#if (not (status \"I1\"))}}a{{else}}b{{/if}}", "error not-a-condition quarterly/summary.en.md:1:13"),
        ("{{#if (and true (status \"I1\"))}}a{{/if}}", "error not-a-condition quarterly/summary.en.md:1:18"),
        ("{{#each (results) as |r|}}{{#r}}a{{/r}}{{/each}}", "error not-a-list quarterly/summary.en.md:1:30"),
        ("{{#each (results) as |r|}}{{#each r}}a{{/each}}{{/each}}", "error not-a-list quarterly/summary.en.md:1:35"),
    ];
    for (text, expected) in table {
        assert_eq!(printed("en", text), expected, "{text}");
    }
}

#[test]
fn a_fault_of_a_partial_is_reported_when_it_is_filled_in() {
    let table = [
        ("{{> missing}}", "error unknown-partial partials/a.en.md:1:5"),
        ("{{actual}}", "error wrong-arguments partials/a.en.md:1:3"),
        ("{{#if (gt 1)}}b{{/if}}", "error wrong-arguments partials/a.en.md:1:8"),
        ("{{plural \"I1\" one=\"b\"}}", "error missing-plural-form partials/a.en.md:1:3"),
        ("{{if true}}", "error helper-needs-block partials/a.en.md:1:3"),
    ];
    for (text, expected) in table {
        let files = [("quarterly/summary.en.md", "{{> a}}"), ("partials/a.en.md", text)];
        let problems = render_in("en", &files, 1).expect_err(text);
        assert_worded(&problems);
        assert_eq!(format_problems(&problems), [expected], "{text}");
    }
}
