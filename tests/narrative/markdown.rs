use donor_report::report::block::{Align, Block, Inline};
use donor_report::report::profile::count_words;

use super::fixture::{check, people_in_period, printed, render, render_in};

fn text(text: &str) -> Inline {
    Inline::Text { text: text.to_owned() }
}

fn paragraph(content: &str) -> Block {
    Block::Paragraph { content: vec![text(content)] }
}

#[test]
fn markdown_becomes_blocks() {
    let source = "## Title\n\nOne *two* [site](https://example.org)[^n].\n\n1. a\n2. b\n   - c\n\n> said\n\n| a | b |\n|---|--:|\n| {{literal \"|\"}} | {{actual \"I1\"}} |\n\n[^n]: A note.\n";
    let figure = people_in_period();
    let expected = vec![
        Block::Heading { level: 2, content: vec![text("Title")] },
        Block::Paragraph {
            content: vec![
                text("One "),
                Inline::Emphasis { content: vec![text("two")] },
                text(" "),
                Inline::Link { url: "https://example.org".to_owned(), content: vec![text("site")] },
                Inline::Footnote { content: vec![paragraph("A note.")] },
                text("."),
            ],
        },
        Block::List {
            start: Some(1),
            items: vec![
                vec![paragraph("a")],
                vec![paragraph("b"), Block::List { start: None, items: vec![vec![paragraph("c")]] }],
            ],
        },
        Block::Quote { content: vec![paragraph("said")], name: Vec::new() },
        Block::Table {
            align: vec![Align::Start, Align::End],
            header: vec![vec![text("a")], vec![text("b")]],
            rows: vec![vec![vec![text("|")], vec![figure]]],
        },
    ];
    let blocks = render("en", source).expect("no problems");
    assert_eq!(blocks, expected);
    assert_eq!(count_words(&blocks), 11);
}

#[test]
fn pictures_charts_and_tables_are_alone_in_their_paragraphs() {
    let blocks = render("mk", "![](images/a.jpg)\n\n{{chart \"I1\"}}\n\n{{table \"i1\"}}\n").expect("no problems");
    let image = Block::Image {
        large: false,
        credit: None,
        file: "images/a.jpg".to_owned(),
        alt: "Луѓе на маса".to_owned(),
        caption: vec![text("Тркалезна маса")],
    };
    let chart = Block::IndicatorChart { indicator: "I1".to_owned() };
    assert_eq!(blocks, [image, chart, Block::IndicatorTable { indicator: "I1".to_owned() }]);
    assert_eq!(printed("mk", "x {{chart \"I1\"}}"), "error not-alone quarterly/summary.mk.md");
}

#[test]
fn nothing_from_data_is_read_as_markdown_or_template() {
    assert_eq!(printed("en", "{{project.title}}"), "Project *with* <signs> {{actual}}");
    assert_eq!(printed("en", "*{{literal \"*_`<b>[x](y)\"}}*"), "*_`<b>[x](y)");
    assert_eq!(printed("en", "- {{literal \"# no heading\"}}"), "- # no heading");
}

#[test]
fn what_is_not_supported_is_reported_at_its_place() {
    let table = [
        ("a\n\n<b>x</b>", "error unsupported-markdown/html quarterly/summary.en.md:3:1"),
        ("a <i>x</i>", "error unsupported-markdown/html quarterly/summary.en.md:1:3"),
        ("a\n\n    code", "error unsupported-markdown/code quarterly/summary.en.md:3:5"),
        ("{{actual \"I1\"}} [x](javascript:alert)", "error link-address quarterly/summary.en.md:1:17"),
        ("![x](images/b.jpg)", "error unknown-image/nearest quarterly/summary.en.md:1:1 → images/a.jpg"),
        ("a[^x]", "error footnote/unknown quarterly/summary.en.md:1:2"),
        ("a\n\n[^x]: b", "error footnote/unused quarterly/summary.en.md:3:1"),
        ("see ![x](images/a.jpg)", "error not-alone/image quarterly/summary.en.md:1:1"),
    ];
    for (source, expected) in table {
        let problems = check(&[("quarterly/summary.en.md", source)]);
        assert!(problems.iter().any(|line| line == expected), "{source}: {problems:?}");
    }
}

#[test]
fn lines_of_blocks_alone_vanish() {
    let source = "- a\n{{#each (partners)}}\n- {{name}}\n{{/each}}\n- z\n";
    assert_eq!(printed("en", source), "- a\n- DROM\n- RCOR\n- z");
    assert_eq!(printed("en", "a {{~#if true~}} b {{~/if~}} c"), "abc");
    assert_eq!(printed("en", "a {{! a note }}b {{!-- }} --}}c"), "a b c");
    assert_eq!(printed("en", "\\{{actual}}"), "{{actual}}");
}

/// A comment, or a line that holds only a tag, leaves nothing behind that Markdown would take for an indent or a gap.
#[test]
fn comments_and_lines_of_tags_leave_no_trace() {
    let table = [
        ("{{! comment }}text", "text"),
        ("{{!-- a long comment, over }} braces --}}text", "text"),
        ("{{~! comment ~}}text", "text"),
        ("a\n\n{{! comment }}text\n{{! another }}\nand more", "a\ntext and more"),
        ("{{! one }}{{! two }}{{! three }}text", "text"),
        ("- a\n{{! between }}\n- b", "- a\n- b"),
        ("{{!\nover\nlines\n}}text", "text"),
        ("a\n    {{#if true}}\nb\n    {{/if}}\nc", "a b c"),
    ];
    for (source, expected) in table {
        assert_eq!(printed("en", source), expected, "{source}");
        let problems = check(&[("quarterly/summary.en.md", source)]);
        let own = |line: &&String| !line.contains("missing-translation");
        assert_eq!(problems.iter().filter(own).count(), 0, "{source}: {problems:?}");
    }
    let table = "| a |\n|---|\n{{#each (partners)}}\n| {{name}} 7 |\n{{/each}}\n";
    let problems = check(&[("quarterly/summary.en.md", table)]);
    assert!(problems.iter().any(|line| line == "warning typed-figure quarterly/summary.en.md:4:12"), "{problems:?}");
}

#[test]
fn a_partial_is_shared_and_takes_options() {
    let files = [
        ("quarterly/summary.en.md", "Before {{> people who=\"women\"}} after."),
        ("partials/people.en.md", "{{actual \"I1\"}} {{who}}\n"),
    ];
    let blocks = render_in("en", &files, 1).expect("no problems");
    let figure = people_in_period();
    assert_eq!(blocks, [Block::Paragraph { content: vec![text("Before "), figure, text(" women after.")] }]);
    let files = [("quarterly/summary.en.md", "{{> a}}"), ("partials/a.en.md", "{{> a}}")];
    assert!(render_in("en", &files, 1).is_err());
}

#[test]
fn the_file_of_a_period_wins_over_the_reports() {
    let files = [("quarterly/summary.en.md", "all"), ("quarterly/2017-Q2/summary.en.md", "second")];
    assert_eq!(render_in("en", &files, 0), Ok(vec![paragraph("all")]));
    assert_eq!(render_in("en", &files, 1), Ok(vec![paragraph("second")]));
}

#[test]
fn the_last_line_of_a_quotation_may_name_who_said_it() {
    let quote = |content: Vec<Block>, name: &[&str]| {
        vec![Block::Quote { content, name: name.iter().map(|name| text(name)).collect() }]
    };
    for (source, blocks) in [
        ("> It helped.\n> — A participant, Butel\n", quote(vec![paragraph("It helped.")], &["A participant, Butel"])),
        ("> It helped.\n>\n> – A participant\n", quote(vec![paragraph("It helped.")], &["A participant"])),
        ("> It helped —\n> much.\n", quote(vec![paragraph("It helped — much.")], &[])),
        ("> One.\n>\n> Two — three.\n", quote(vec![paragraph("One."), paragraph("Two — three.")], &[])),
        ("It helped.\n— A participant\n", vec![paragraph("It helped. — A participant")]),
    ] {
        assert_eq!(render("en", source).expect("no problems"), blocks, "{source}");
    }
}

#[test]
fn three_hyphens_are_a_line_between_two_thoughts() {
    let blocks = render("en", "One.\n\n---\n\nTwo.\n").expect("no problems");
    assert_eq!(blocks, [paragraph("One."), Block::Rule, paragraph("Two.")]);
}
