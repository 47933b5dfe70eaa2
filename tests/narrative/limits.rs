//! Prose that would take hours or gigabytes is an error at its place.

use super::fixture::{check, format_problems, printed, render, render_in};

/// What is wrong with a summary that uses these partials.
fn problems(summary: &str, partials: &[(&str, &str)]) -> Vec<String> {
    let mut files = vec![("quarterly/summary.en.md".to_owned(), summary.to_owned())];
    files.extend(partials.iter().map(|(name, text)| (format!("partials/{name}.en.md"), (*text).to_owned())));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    render_in("en", &files, 1).map_or_else(|problems| format_problems(&problems), |_| Vec::new())
}

#[test]
fn partials_that_call_each_other_again_and_again_stop_at_a_limit() {
    let names: Vec<String> = (0..8).map(|depth| format!("p{depth}")).collect();
    let texts: Vec<String> =
        (1..8).map(|depth| format!("{{{{> p{depth}}}}} ").repeat(10)).chain(["x".into()]).collect();
    let partials: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    let found = problems("One.\n\n{{> p0}}\n", &partials);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("error prose-too-much partials/p"), "{found:?}");
}

#[test]
fn loops_within_loops_stop_at_a_limit() {
    let depth = 20;
    let text = format!("One.\n\n{}x{}", "{{#each (indicators)}}".repeat(depth), "{{/each}}".repeat(depth),);
    let found = problems(&text, &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("error prose-too-much quarterly/summary.en.md:3:"), "{found:?}");
}

#[test]
fn a_loop_that_prints_more_than_a_section_may_hold_stops_at_a_limit() {
    let long = "a word ".repeat(20_000);
    let found = problems(&"{{> long}}\n\n".repeat(9), &[("long", &long)]);
    assert_eq!(found, ["error prose-too-much/text quarterly/summary.en.md:17:5"]);
}

#[test]
fn a_table_has_as_many_columns_as_a_page_can_show() {
    let table = |columns: usize| {
        format!("Words.\n\n|{}\n|{}\n|{}\n", "a|".repeat(columns), "-|".repeat(columns), "b|".repeat(columns))
    };
    assert!(render("en", &table(50)).is_ok());
    let found = "error prose-too-much/columns quarterly/summary.en.md:3:1";
    assert_eq!(printed("en", &table(51)), found);
    assert_eq!(check(&[("quarterly/summary.en.md", &table(3_000))]).iter().filter(|said| *said == found).count(), 1);
}

#[test]
fn a_section_has_a_limit_of_pieces() {
    let found = printed("en", &"a\n\n".repeat(70_000));
    assert!(found.starts_with("error prose-too-much/elements quarterly/summary.en.md:"), "{found}");
}

#[test]
fn what_officers_write_is_far_from_the_limits() {
    let list = "{{#each (indicators)}}\n- {{code}}: {{#each (indicators)}}{{code}} {{/each}}\n{{/each}}\n";
    assert_eq!(render("en", &list.repeat(50)).err(), None);
}
