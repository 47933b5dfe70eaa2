//! The prose of inputs/myla-2017, with its own data.

use std::path::Path;

use donor_report::diagnostic::{Catalogue, CellListing, Problem, print_problems};
use donor_report::disclosure::release;
use donor_report::indicators::count;
use donor_report::ingest;
use donor_report::locale::Locale;
use donor_report::model::Project;
use donor_report::report::block::Block;
use donor_report::report::narrative::{CheckRules, Narratives, ProseContext};
use donor_report::report::profile::count_words;

const FOLDER: &str = "inputs/myla-2017";

fn example() -> (Project, Narratives) {
    let checked = ingest::read(Path::new(FOLDER));
    let project = checked.project.expect("the example's tables are without errors");
    let (narratives, problems) = Narratives::load(Path::new(FOLDER), &project.settings);
    assert_eq!(problems, []);
    assert!(narratives.sections().count() >= 20);
    (project, narratives)
}

/// Every section of every report, period and language: (section and language, its blocks), or what is wrong.
fn render(project: &Project, narratives: &Narratives) -> (Vec<(String, Vec<Block>)>, Vec<Problem>) {
    let releases = release(project, &count(project));
    let mut sections = Vec::new();
    let mut problems = Vec::new();
    for report in &project.settings.reports {
        let released = releases.for_report(report);
        for period in report.periods.iter().filter_map(|code| project.logframe.period(code)) {
            let mut names: Vec<&str> = narratives
                .sections()
                .filter(|(key, _)| key.report == report.name)
                .map(|(key, _)| key.section.as_str())
                .collect();
            names.sort_unstable();
            names.dedup();
            for lang in &project.settings.languages {
                let locale = Locale::new(lang).expect("a language");
                let context = ProseContext { project, released, locale: &locale };
                for name in &names {
                    match narratives.render(report, period, name, &context) {
                        Ok(Some(section)) => {
                            sections.push((format!("{}/{name}.{}", period.code, lang.as_str()), section.blocks))
                        }
                        Ok(None) => {}
                        Err(found) => problems.extend(found),
                    }
                }
            }
        }
    }
    (sections, problems)
}

#[test]
fn the_example_says_the_same_in_both_languages_and_types_no_figure() {
    let (project, narratives) = example();
    let problems = narratives.check(&project.logframe, &project.settings, &CheckRules::default());
    assert_eq!(print_problems(&problems, &Catalogue::new("en"), "", CellListing::First), "");
    let (sections, problems) = render(&project, &narratives);
    assert_eq!(print_problems(&problems, &Catalogue::new("en"), "", CellListing::First), "");
    assert!(sections.len() >= 30);
    assert!(sections.iter().all(|(_, blocks)| count_words(blocks) > 5));
    let whole = format!("{sections:?}");
    let printed = whole.replace("\\u{a0}", " ");
    for written in ["518", "приближно 84.000", "approximately 84,000", "околу 16–32", "about 16–32"] {
        assert!(printed.contains(written), "{written}");
    }
}

#[test]
fn a_target_that_is_no_longer_exceeded_breaks_the_claim_in_both_languages() {
    let (mut project, narratives) = example();
    let indicator = project.logframe.indicators.iter_mut().find(|indicator| indicator.code == "I14").expect("I14");
    indicator.target = Some(600.into());
    let (_, problems) = render(&project, &narratives);
    let mut languages: Vec<&str> = problems
        .iter()
        .filter(|problem| problem.code == "untrue-claim")
        .map(|problem| problem.args["language"].as_str())
        .collect();
    languages.sort_unstable();
    languages.dedup();
    assert_eq!(languages, ["en", "mk"]);
}
