//! inputs/myla-2017, and the same in the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use donor_report::diagnostic::{Catalogue, CellListing, Problem, print_problems};
use donor_report::disclosure::release;
use donor_report::guide;
use donor_report::indicators::{Figure, Status, count};
use donor_report::ingest;
use donor_report::locale::Locale;
use donor_report::model::{Amount, Hedge, Project};
use donor_report::new_project::example;
use donor_report::report::block::{Block, Inline};
use donor_report::report::narrative::{CheckRules, Narratives, ProseContext};
use rust_decimal::Decimal;

fn inputs() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("inputs/myla-2017")
}

/// What the program holds of a folder is listed by name, so that nothing else in the folder gets into it: the files under
/// version control, no more and no fewer.
#[test]
fn the_projects_in_the_program_are_what_is_under_version_control() {
    for (folder, files) in [("inputs/myla-2017", example::FILES), ("guide", guide::FILES)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let listed: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        let mut sorted = listed.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), listed.len(), "a file is listed twice");
        for (name, content) in files {
            assert!(
                fs::read(folder.join(name)).is_ok_and(|found| found == *content),
                "{name} isn't as in {}",
                folder.display()
            );
        }
        let git = Command::new("git").args(["ls-files", "-z", "."]).current_dir(&folder).output();
        let Some(tracked) = git.ok().filter(|output| output.status.success() && !output.stdout.is_empty()) else {
            // A source archive has no version control to ask.
            return;
        };
        let tracked = String::from_utf8(tracked.stdout).expect("names in UTF-8");
        let mut tracked: Vec<&str> = tracked.split('\0').filter(|name| !name.is_empty()).collect();
        tracked.sort_unstable();
        assert_eq!(sorted, tracked);
    }
}

/// A Latin letter in a Cyrillic word looks right and is never found again.
#[test]
fn no_word_of_the_example_mixes_scripts() {
    let texts = example::FILES.iter().filter(|(name, _)| name.ends_with(".md") || name.ends_with(".toml"));
    for (name, content) in texts {
        let text = std::str::from_utf8(content).expect("UTF-8");
        for word in text.split(|letter: char| !letter.is_alphabetic()) {
            let cyrillic = word.chars().any(|letter| ('\u{400}'..='\u{4ff}').contains(&letter));
            let latin = word.chars().any(|letter| letter.is_ascii_alphabetic());
            assert!(!(cyrillic && latin), "{name}: {word}");
        }
    }
}

fn project() -> Project {
    let checked = ingest::read(&inputs());
    checked.project.unwrap_or_else(|| panic!("{}", told(&checked.problems)))
}

fn told(problems: &[Problem]) -> String {
    print_problems(problems, &Catalogue::new("en"), "inputs/myla-2017", CellListing::First)
}

#[test]
fn the_example_is_read_without_a_problem() {
    let checked = ingest::read(&inputs());
    assert!(checked.problems.is_empty(), "{}", told(&checked.problems));
    let used = |table: &str| {
        let account = checked.accounts.iter().find(|account| account.table == table);
        account.map(|account| (account.used, account.error, account.waived))
    };
    assert_eq!(used("activities"), Some((27, 0, 0)));
    assert_eq!(used("participants"), Some((562, 0, 0)));
    assert_eq!(used("indicators"), Some((17, 0, 0)));
}

fn figure<'a>(figures: &'a [(String, Figure)], code: &str) -> &'a Figure {
    &figures.iter().find(|(known, _)| known == code).expect("an indicator").1
}

fn figures(project: &Project, period: &str) -> Vec<(String, Figure)> {
    let all = count(project);
    let found = all.periods.into_iter().find(|figures| figures.period.code == period).expect("a period");
    let codes = project.logframe.indicators.iter().map(|indicator| indicator.code.clone());
    codes.zip(found.figures).collect()
}

/// What the published text says, indicator by indicator.
#[test]
fn every_value_of_the_published_text_comes_out_as_the_text_states_it() {
    let project = project();
    let figures = figures(&project, "2017-01--04");
    let stated: [(&str, u64, Option<Hedge>); 16] = [
        ("I1", 3, None),
        ("I2", 12, None),
        ("I3", 16, Some(Hedge::About)),
        ("I4", 16, Some(Hedge::About)),
        ("I5", 3, None),
        ("I6", 3, None),
        ("I7", 3, None),
        ("I8", 12, None),
        ("I9", 0, None),
        ("I10", 3, None),
        ("I11", 32, None),
        ("I12", 1, None),
        ("I13", 0, None),
        ("I14", 518, None),
        ("I15", 84_000, Some(Hedge::Approximately)),
        ("I16", 3, None),
    ];
    for (code, value, hedge) in stated {
        let cumulative = figure(&figures, code).cumulative.expect("a value");
        assert_eq!((cumulative.single(), cumulative.hedge), (Some(Decimal::from(value)), hedge), "{code}");
    }
    for code in ["I9", "I13"] {
        assert_eq!(figure(&figures, code).status, Some(Status::NotDue), "{code}");
    }
    let trained = figure(&figures, "I17").cumulative.expect("a value");
    let both = Amount {
        from: 16.into(),
        to: 32.into(),
        hedge: Some(Hedge::About),
        rounding_exponent: trained.rounding_exponent,
    };
    assert_eq!(trained, both, "the same people may have been in both courses");
}

#[test]
fn the_quarters_add_up_and_the_first_knows_no_citizens() {
    let project = project();
    let (first, second) = (figures(&project, "2017-Q1"), figures(&project, "2017-Q2"));
    let supported = |figures: &[(String, Figure)]| figure(figures, "I14").period.and_then(|amount| amount.single());
    assert_eq!(supported(&first), Some(391.into()));
    assert_eq!(supported(&second), Some(127.into()));
    assert_eq!(figure(&first, "I15").cumulative, None, "estimated once, for January to April");
    assert!(figure(&second, "I15").cumulative.is_some());
    assert!(project.persons.attendances.len() > project.persons.rows.len());
}

/// The prose of every report and period in every language, as it is printed: nothing unguarded, untrue, typed or only in one language.
#[test]
fn the_prose_is_borne_out_by_the_data_in_both_languages() {
    let printed = prose(&project());
    for ((report, period, lang), text) in &printed {
        let name = format!("{report} {period} {lang}");
        let text = text.replace('\u{a0}', " ");
        assert!(!text.contains("84 518") && !text.contains("84.518"), "{name}");
        if report == "progress" {
            let expected: &[&str] = match lang.as_str() {
                "mk" => {
                    &["518 бегалци", "приближно 84.000 граѓани", "околу 16 лица", "103,6", "шест ориентациски сесии"]
                }
                _ => &[
                    "518 refugees",
                    "approximately 84,000 citizens",
                    "about 16 people",
                    "103.6",
                    "six orientation sessions",
                ],
            };
            for words in expected {
                assert!(text.contains(words), "{name} lacks {words}:\n{text}");
            }
        }
    }
    assert_eq!(printed.len(), 8);
}

type Printed = BTreeMap<(String, String, String), String>;

fn prose(project: &Project) -> Printed {
    let settings = &project.settings;
    let (narratives, problems) = Narratives::load(&inputs(), settings);
    assert!(problems.is_empty(), "{}", told(&problems));
    let problems = narratives.check(&project.logframe, settings, &CheckRules::default());
    assert!(problems.is_empty(), "{}", told(&problems));
    let releases = release(project, &count(project));
    let mut printed = Printed::new();
    for report in &settings.reports {
        for code in &report.periods {
            let period = project.logframe.period(code).expect("a period");
            for lang in &settings.languages {
                let locale = Locale::new(lang).expect("a language");
                let context = ProseContext { project, released: releases.for_report(report), locale: &locale };
                let sections = narratives.sections().filter(|(key, _)| key.report == report.name && key.lang == *lang);
                let sections: std::collections::BTreeSet<&str> =
                    sections.map(|(key, _)| key.section.as_str()).collect();
                let mut text = String::new();
                for section in sections {
                    match narratives.render(report, period, section, &context) {
                        Ok(section) => {
                            let blocks = section.iter().flat_map(|section| &section.blocks);
                            blocks.for_each(|block| write_block(block, &mut text));
                        }
                        Err(problems) => panic!("{}", told(&problems)),
                    }
                }
                printed.insert((report.name.clone(), code.clone(), lang.as_str().to_owned()), text);
            }
        }
    }
    printed
}

fn write_block(block: &Block, text: &mut String) {
    match block {
        Block::Heading { content, .. } | Block::Paragraph { content } => {
            content.iter().for_each(|inline| write_inline(inline, text));
            text.push('\n');
        }
        Block::List { items, .. } => items.iter().flatten().for_each(|block| write_block(block, text)),
        _ => {}
    }
}

fn write_inline(inline: &Inline, text: &mut String) {
    match inline {
        Inline::Text { text: piece } | Inline::Figure { text: piece, .. } | Inline::Code { text: piece } => {
            text.push_str(piece);
        }
        Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
            content.iter().for_each(|inline| write_inline(inline, text));
        }
        _ => text.push(' '),
    }
}

/// With a target above what was counted, "the target has been exceeded" is no longer true, and both languages are told.
#[test]
fn a_claim_that_the_data_no_longer_bears_out_is_told_in_both_languages() {
    let mut project = project();
    let indicators = &mut project.logframe.indicators;
    indicators.iter_mut().find(|indicator| indicator.code == "I14").expect("I14").target = Some(600.into());
    let settings = &project.settings;
    let (narratives, _) = Narratives::load(&inputs(), settings);
    let releases = release(&project, &count(&project));
    let report = settings.reports.iter().find(|report| report.name == "progress").expect("a report");
    let period = project.logframe.period("2017-01--04").expect("a period");
    for lang in &settings.languages {
        let locale = Locale::new(lang).expect("a language");
        let context = ProseContext { project: &project, released: releases.for_report(report), locale: &locale };
        let problems = narratives.render(report, period, "summary", &context).err().expect("an untrue sentence");
        assert_eq!(
            problems.iter().map(|problem| problem.code).collect::<Vec<_>>(),
            ["untrue-claim"],
            "{}",
            told(&problems)
        );
        assert!(told(&problems).contains(&format!("progress/summary.{}.md", lang.as_str())), "{}", told(&problems));
    }
}
