//! Profiles: ours are readable and known to the labels; faults of a project's own are told with their lines.

use donor_report::diagnostic::{Problem, Severity, Spot};
use donor_report::model::Lang;
use donor_report::report::block::{Block, Inline};
use donor_report::report::profile::{Profile, ProfileOpening, SectionKind, SectionProse, check_prose};

#[test]
fn every_shipped_profile_reads() {
    let names = Profile::shipped();
    for name in ["quarterly", "progress", "final"] {
        assert!(names.contains(&name), "{name} is shipped");
    }
    for name in names {
        let profile = Profile::load(name, None).unwrap_or_else(|problems| panic!("{name}: {problems:#?}"));
        assert!(profile.source.is_some() && profile.edition.is_some(), "{name} names its source and edition");
        assert!(!profile.title.is_empty(), "{name} has a title");
        let has = |kind| profile.sections.iter().any(|section| section.kind == kind);
        if profile.opening == ProfileOpening::Letter {
            assert!(has(SectionKind::ErratumFigures), "{name} says what a report got wrong");
            continue;
        }
        assert!(has(SectionKind::Results) || has(SectionKind::IndicatorTable), "{name} shows indicators");
    }
}

fn faults(text: &str) -> Vec<(String, Option<String>, u32)> {
    let problems = Profile::load("own", Some(("profiles/own.toml", text))).expect_err("the profile is faulty");
    problems
        .iter()
        .map(|problem| (problem.code.to_owned(), problem.args.get("nearest").cloned(), line(problem)))
        .collect()
}

fn line(problem: &Problem) -> u32 {
    match problem.places[0].spot {
        Spot::Line { line, .. } => line,
        _ => 0,
    }
}

#[test]
fn all_faults_of_a_profile_are_told_with_their_lines() {
    let text = "titel = { en = \"Report\" }\n\n[[sections]]\nid = \"summary\"\nrequird = true\n\n[[sections]]\nid = \"table\"\nkind = \"indicator-tabel\"\nword_limit = \"many\"\n";
    let told = faults(text);
    assert!(told.contains(&("profile-unknown-key".into(), Some("title".into()), 1)), "{told:?}");
    assert!(told.contains(&("profile-unknown-key".into(), Some("required".into()), 5)), "{told:?}");
    assert!(told.contains(&("profile-unknown-word".into(), Some("indicator-table".into()), 9)), "{told:?}");
    assert!(told.contains(&("profile-value".into(), None, 10)), "{told:?}");
}

#[test]
fn a_profile_that_is_not_toml_is_one_fault_with_its_line() {
    assert_eq!(faults("title = { en = \"Report\" }\n[[sections]\n"), [("profile-syntax".into(), None, 2)]);
}

#[test]
fn an_unknown_profile_gets_the_nearest_name() {
    let problems = Profile::load("quaterly", None).expect_err("there is no such profile");
    assert_eq!(problems[0].args["nearest"], "quarterly");
}

fn in_progress(section: &str, lang: &Lang) -> String {
    format!("narrative/progress/{section}.{}.md", lang.as_str())
}

fn prose(section: &str, text: &str) -> SectionProse {
    let content = vec![Inline::Text { text: text.to_owned() }];
    let blocks = if text.is_empty() { Vec::new() } else { vec![Block::Paragraph { content }] };
    SectionProse {
        section: section.to_owned(),
        lang: Lang::new("en"),
        file: format!("narrative/progress/{section}.en.md"),
        blocks: Some(blocks),
    }
}

#[test]
fn prose_is_held_against_the_profile() {
    let text = "[severity]\nmissing_section = \"error\"\n[[sections]]\nid = \"summary\"\nrequired = true\n[[sections]]\nid = \"results\"\nkind = \"results\"\nword_limit = 3\n[[sections]]\nid = \"lessons\"\nrequired = true\n";
    let profile = Profile::load("own", Some(("profiles/own.toml", text))).expect("the profile is right");
    let told = check_prose(
        &profile,
        &[Lang::new("en")],
        &[
            prose("results", "one two — three four"),
            prose("results.R1", "about a result"),
            prose("lessons", ""),
            prose("extra", "x"),
        ],
        &in_progress,
        &[],
    );
    let told: Vec<(&str, Severity, &str)> =
        told.iter().map(|problem| (problem.code, problem.severity, problem.places[0].file.as_str())).collect();
    assert_eq!(
        told,
        [
            ("section-missing", Severity::Error, "narrative/progress/summary.en.md"),
            ("section-too-long", Severity::Warning, "narrative/progress/results.en.md"),
            ("section-empty", Severity::Error, "narrative/progress/lessons.en.md"),
            ("section-unused", Severity::Warning, "narrative/progress/extra.en.md"),
        ]
    );
}

#[test]
fn signatures_that_nobody_gave_are_asked_for_once_in_project_toml() {
    let text = "[[sections]]\nid = \"results\"\nkind = \"results\"\n[[sections]]\nid = \"signatures\"\nkind = \"signatures\"\nrequired = true\n";
    let profile = Profile::load("own", Some(("profiles/own.toml", text))).expect("the profile is right");
    let languages = [Lang::new("en"), Lang::new("mk")];
    let told = check_prose(&profile, &languages, &[], &in_progress, &[]);
    let told: Vec<(&str, &str)> = told.iter().map(|problem| (problem.code, problem.places[0].file.as_str())).collect();
    assert_eq!(told, [("section-missing", "project.toml")]);
    assert_eq!(check_prose(&profile, &languages, &[], &in_progress, &[SectionKind::Signatures]).len(), 0);
}

#[test]
fn a_section_that_could_not_be_filled_in_is_not_missing_too() {
    let text =
        "[severity]\nmissing_section = \"error\"\n[[sections]]\nid = \"summary\"\nrequired = true\nword_limit = 1\n";
    let profile = Profile::load("own", Some(("profiles/own.toml", text))).expect("the profile is right");
    let faulty = SectionProse { blocks: None, ..prose("summary", "") };
    assert_eq!(check_prose(&profile, &[Lang::new("en")], &[faulty], &in_progress, &[]), []);
}

#[test]
fn a_missing_section_names_its_heading_and_its_file_and_a_misspelt_one_the_nearest() {
    let text = "[[sections]]\nid = \"2-1-summary\"\nheading = { en = \"Summary of the action\" }\nrequired = true\n";
    let own = Profile::load("own", Some(("profiles/own.toml", text))).expect("the profile is right");
    let problems = check_prose(&own, &[Lang::new("en")], &[prose("2-1-sumary", "x")], &in_progress, &[]);
    let [missing, unused] = problems.as_slice() else { panic!("{problems:#?}") };
    assert_eq!(missing.args["heading"], "Summary of the action");
    let files: Vec<&str> = missing.places.iter().map(|place| place.file.as_str()).collect();
    assert_eq!(files, ["narrative/progress/2-1-summary.en.md", "profiles/own.toml"]);
    assert_eq!(unused.args["nearest"], "2-1-summary");
    let shipped = Profile::load("quarterly", None).expect("it is shipped");
    let problems = check_prose(&shipped, &[Lang::new("en")], &[], &in_progress, &[]);
    let files: Vec<&str> =
        problems.iter().flat_map(|problem| &problem.places).map(|place| place.file.as_str()).collect();
    assert!(
        files.iter().all(|file| !file.starts_with("templates/")),
        "no path that an officer doesn't have: {files:?}"
    );
}
