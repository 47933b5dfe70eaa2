use donor_report::model::{Lang, List, ListEntry};

use super::fixture::{check, format_problems, load, project};
use donor_report::report::narrative::CheckRules;

const MK: &str = "# Наслов\n\n{{actual \"I1\"}} {{plural \"I1\" one=\"лице\" other=\"лица\"}} и {{words \"I5\" gender=\"f\"}}.\n\n- а\n- б\n\n{{#claim \"achieved\" \"I1\"}}да{{/claim}}\n";
const EN: &str = "# Heading\n\n{{actual \"I5\"}} and {{actual \"I1\"}}.\n\n- a\n- b\n\n{{#claim \"achieved\" \"I1\"}}yes{{/claim}}\n";

fn compare(report: &str, mk: &str, en: &str) -> Vec<String> {
    check(&[(&format!("{report}/summary.mk.md"), mk), (&format!("{report}/summary.en.md"), en)])
}

#[test]
fn the_same_figures_in_another_order_are_the_same() {
    assert_eq!(compare("final", MK, EN), Vec::<String>::new());
}

#[test]
fn another_figure_names_both_lines_and_fails_a_bilingual_document() {
    let changed = EN.replace("{{actual \"I1\"}}.", "{{cumulative \"I1\"}}.");
    let place = "parity/figure final/summary.mk.md:3:3 final/summary.en.md:3:23";
    assert_eq!(compare("final", MK, &changed), [format!("error {place}")]);
    assert_eq!(compare("quarterly", MK, &changed), [format!("warning {}", place.replace("final/", "quarterly/"))]);
}

#[test]
fn structure_is_compared_too() {
    let table = [
        (EN.replace("- a\n- b", "- a"), "parity/list final/summary.mk.md:5:1 final/summary.en.md:5:1"),
        (EN.replace("# Heading", "## Heading"), "parity/heading final/summary.mk.md:1:1 final/summary.en.md:1:1"),
        (EN.replace("# Heading", "Heading"), "parity/heading final/summary.mk.md:1:1 final/summary.en.md:1:1"),
        (
            EN.replace(" and {{actual \"I1\"}}", ""),
            "parity/missing-figure final/summary.mk.md:3:3 final/summary.en.md:1:1",
        ),
        (
            EN.replace("{{#claim \"achieved\" \"I1\"}}yes{{/claim}}", "yes"),
            "parity/missing-figure final/summary.mk.md:8:4 final/summary.en.md:3:3",
        ),
        (format!("{EN}\n| a |\n|---|\n| b |\n"), "parity/table final/summary.mk.md:1:1 final/summary.en.md:10:1"),
        (format!("{EN}\n![](images/a.jpg)\n"), "parity/missing-image final/summary.mk.md:1:1 final/summary.en.md:10:1"),
    ];
    for (en, expected) in table {
        assert_eq!(compare("final", MK, &en), [format!("error {expected}")], "{en}");
    }
}

#[test]
fn a_section_in_one_language_only_is_reported() {
    assert_eq!(
        check(&[("final/summary.mk.md", "а"), ("quarterly/summary.mk.md", "а")]),
        ["error missing-translation final/summary.mk.md", "warning missing-translation quarterly/summary.mk.md"]
    );
}

#[test]
fn a_translation_older_than_its_source_says_what_changed() {
    let project = project();
    let first = "Прв пасус.\n\nВтор пасус.\n";
    let mark = |source: &str, translation: &str| {
        let (narratives, _) = load(&project, &[("final/summary.mk.md", source), ("final/summary.en.md", translation)]);
        let problems = narratives.check(&project.logframe, &project.settings, &CheckRules::default());
        problems.into_iter().find(|problem| problem.code == "stale-translation")
    };
    assert_eq!(mark(first, "First.\n\nSecond.\n"), None);
    let stale = mark(first, "{{! translated_from: 000000 }}\nFirst.\n\nSecond.\n").expect("a stale translation");
    assert_eq!(stale.args["lines"], "1, 3");
    let current = format!("{}\nFirst.\n\nSecond.\n", stale.args["mark"]);
    assert_eq!(mark(first, &current), None);
    let changed = mark("Прв пасус.\n\nВтор, сменет пасус.\n", &current).expect("a stale translation");
    assert_eq!(changed.args["lines"], "3");
    let places: Vec<String> = changed.places.iter().filter_map(|place| place.spot_name()).collect();
    assert_eq!(places, ["1:1", "3:1"]);
}

/// Values compare by code, label in any language or alias, as they do in the figures themselves.
#[test]
fn one_value_in_another_spelling_is_the_same() {
    let mut project = project();
    let entry = |code: &str, mk: &str, en: &str, aliases: &[&str]| ListEntry {
        code: code.to_owned(),
        label: [(Lang::new("mk"), mk.to_owned()), (Lang::new("en"), en.to_owned())].into_iter().collect(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
    };
    project.lists.lists.push(List {
        name: "sex".to_owned(),
        entries: vec![entry("F", "женски", "female", &["жена"]), entry("M", "машки", "male", &[])],
    });
    let compare = |mk: &str, en: &str| {
        let (narratives, _) = load(&project, &[("final/summary.mk.md", mk), ("final/summary.en.md", en)]);
        let rules = CheckRules { lists: Some(&project.lists), ..CheckRules::default() };
        format_problems(&narratives.check(&project.logframe, &project.settings, &rules))
    };
    let by = |value: &str| format!("{{{{by \"I1\" \"sex\" \"{value}\"}}}}\n");
    for same in ["F", "f", "Женски", "female", "жена"] {
        assert_eq!(compare(&by("женски"), &by(same)), Vec::<String>::new(), "{same}");
    }
    let differing = "error parity/figure final/summary.mk.md:1:3 final/summary.en.md:1:3";
    assert_eq!(compare(&by("женски"), &by("male")), [differing]);
    // Written as in the texts, not as they are compared.
    let (narratives, _) =
        load(&project, &[("final/summary.mk.md", &by("женски")), ("final/summary.en.md", &by("male"))]);
    let rules = CheckRules { lists: Some(&project.lists), ..CheckRules::default() };
    let problems = narratives.check(&project.logframe, &project.settings, &rules);
    assert_eq!(problems[0].args["first"], "by I1 sex женски");
}
