use super::fixture::check;

fn problems_of(text: &str) -> Vec<String> {
    check(&[("quarterly/summary.en.md", text)])
        .into_iter()
        .filter(|line| !line.contains("missing-translation") && !line.contains("typed-figure"))
        .map(|line| line.replace("quarterly/summary.en.md", "@"))
        .collect()
}

#[test]
fn what_is_misspelt_is_reported_at_its_place() {
    let table = [
        ("x\n  {{actul \"I1\"}}", "error unknown-helper/nearest @:2:5 → actual"),
        ("{{actual \"I11\"}}", "error unknown-indicator @:1:10"),
        ("{{actual \"l1\"}}", "error unknown-indicator/nearest @:1:10 → I1"),
        ("{{actual \"QQQ\"}}", "error unknown-indicator @:1:10"),
        ("абв {{period.strt}}", "error unknown-path/nearest @:1:7 → start"),
        ("{{date perod.start}}", "error unknown-path @:1:8"),
        ("{{#if (gt (actual \"I9\") 1)}}a{{/if}}", "error unknown-indicator @:1:19"),
        ("{{#if typo}}a{{/if}}", "error unknown-path @:1:7"),
        ("{{#if false}}{{actul \"I1\"}}{{/if}}", "error unknown-helper/nearest @:1:16 → actual"),
        ("{{target \"I1\" deu=true}}", "error unknown-option/nearest @:1:19 → due"),
        ("{{words \"I1\" of=\"totl\"}}", "error unknown-word @:1:17"),
        ("{{words \"I1\" gender=\"x\"}}", "error unknown-word/nearest @:1:21 → m"),
        ("{{by \"I1\" \"sx\" \"F\"}}", "error unknown-axis/nearest @:1:11 → sex"),
        ("{{actual \"I1\" in=\"2017-QI\"}}", "error unknown-reporting-period/nearest @:1:18 → 2017-Q1"),
        ("{{actual}}", "error wrong-arguments @:1:3"),
        ("{{actual \"I1\" \"I2\"}}", "error wrong-arguments @:1:3"),
        ("{{plural \"I1\" other=\"x\"}}", "error missing-plural-form @:1:3"),
        ("{{#claim \"exeeded\" \"I1\"}}x{{/claim}}", "error unknown-claim/nearest @:1:10 → exceeded"),
        ("{{> peopel}}", "error unknown-partial @:1:5"),
        ("{{if (actual \"I1\")}}", "error helper-needs-block @:1:3"),
        ("{{#actual \"I1\"}}x{{/actual}}", "error helper-not-a-block @:1:4"),
        ("{{#results}}{{titel}}{{/results}}", "error unknown-path/nearest @:1:15 → title"),
        ("{{actual I1}}", "error unknown-path/indicator @:1:10"),
        ("{{#if (gt (actual i5) 2)}}a{{/if}}", "error unknown-path/indicator @:1:19"),
        ("{{I1}}", "error unknown-path/indicator @:1:3"),
        ("{{actual I9}}", "error unknown-path @:1:10"),
        ("{{#if (known \"I9\")}}a{{/if}}", "error unknown-indicator @:1:14"),
        ("{{#claim \"at risc\" \"I1\"}}x{{/claim}}", "error unknown-claim/nearest @:1:10 → at_risk"),
    ];
    for (text, expected) in table {
        assert_eq!(problems_of(text), [expected], "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_reported_at_its_place() {
    let table = [
        ("a {{actual \"I1\"", "error template-syntax/unclosed-tag @:1:3"),
        ("a {{actual \"I1\" and {{title \"I1\"}}", "error template-syntax/unclosed-tag @:1:3"),
        ("{{actual \"I1\"\n\n{{#if true}}b{{/if}}", "error template-syntax/unclosed-tag @:1:1"),
        ("a\n{{#if true}}b", "error template-syntax/unclosed-block @:2:1"),
        ("a {{/if}}", "error template-syntax/unopened @:1:3"),
        ("{{else}}", "error template-syntax/else @:1:1"),
        ("{{#if true}}{{/unless}}", "error template-syntax/mismatched @:1:13"),
        ("{{{actual \"I1\"}}}", "error template-syntax/raw @:1:1"),
        ("{{&project.code}}", "error template-syntax/raw @:1:1"),
        ("{{{{raw}}}} x {{{{/raw}}}}", "error template-syntax/raw @:1:1"),
        ("{{* x}}", "error template-syntax/decorator @:1:1"),
        ("{{actual (target \"I1\"}}", "error template-syntax/parenthesis @:1:10"),
        ("{{actual “I1 }} x", "error template-syntax/unclosed-tag @:1:1"),
        ("{{actual I1‘}}", "error unknown-path @:1:10"),
        ("{{}}", "error template-syntax/empty @:1:3"),
        ("{{\"I1\" \"I2\"}}", "error template-syntax/expression @:1:3"),
        ("a\u{e000}b", "error reserved-character @:1:2"),
    ];
    for (text, expected) in table {
        assert!(problems_of(text).iter().any(|line| line == expected), "{text}: {:?}", problems_of(text));
    }
}

#[test]
fn nesting_without_end_is_refused() {
    let deep = format!("{{{{actual {}\"I1\"{}}}}}", "(not ".repeat(5000), ")".repeat(5000));
    assert!(problems_of(&deep)[0].contains("template-syntax/deep"));
    let blocks = format!("{}x{}", "{{#if true}}".repeat(5000), "{{/if}}".repeat(5000));
    assert!(problems_of(&blocks).iter().any(|line| line.contains("template-syntax/deep")));
    let quotes = format!("{}x", "> ".repeat(5000));
    assert!(problems_of(&quotes).iter().any(|line| line.contains("unsupported-markdown/deep")));
}

#[test]
fn files_that_belong_nowhere_are_named() {
    let problems = check(&[
        ("quartely/summary.en.md", "a"),
        ("quarterly/2017-Q9/summary.en.md", "a"),
        ("quarterly/summary.de.md", "a"),
        ("quarterly/notes.txt", "a"),
        ("quarterly/.hidden", "a"),
    ]);
    assert_eq!(
        problems,
        [
            "warning narrative-unknown-report/nearest quartely → quarterly",
            "warning narrative-unknown-period quarterly/2017-Q9",
            "warning narrative-not-a-section quarterly/notes.txt",
            "warning narrative-unknown-language quarterly/summary.de.md",
        ]
    );
}

/// No code is worded in two files; that each has its sentences, the compiler holds.
#[test]
fn every_code_is_worded_once() {
    let mut seen = std::collections::BTreeMap::new();
    let folders = ["templates/messages", "templates/messages/phrases"];
    let entries = folders.into_iter().flat_map(|folder| std::fs::read_dir(folder).expect("a folder"));
    for path in entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()) {
        let text = std::fs::read_to_string(&path).expect("a file");
        for code in
            text.lines().filter_map(|line| line.strip_prefix('[')?.strip_suffix(']')).filter(|code| !code.contains('.'))
        {
            assert_eq!(seen.insert(code.to_owned(), path.clone()), None, "{code} in {}", path.display());
        }
    }
}
