//! Who completed, against a count that is as plain as it can be.

use std::collections::BTreeSet;
use std::fmt::Write;

use donor_report::indicators::{self, Figures};
use donor_report::ingest;
use donor_report::model::{IndicatorId, Project};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::ingest::sheets::Folder;

const PERSONS: usize = 14;
const ACTIVITIES: usize = 10;
const COURSES: [&str; 3] = ["Sewing", "IT", "English"];

/// Whether a person was at an activity: another pattern for each seed.
fn attended(seed: usize, person: usize, activity: usize) -> bool {
    let number = (person + 3) * 7919 + (activity + 1) * 104_729 + seed * 15_485_863;
    !(number ^ (number >> 7) ^ (number >> 13)).is_multiple_of(3)
}

fn month(activity: usize) -> usize {
    activity + 1
}

fn course(seed: usize, activity: usize) -> &'static str {
    COURSES[(activity * (seed + 2)) % COURSES.len()]
}

fn project(seed: usize) -> (Project, Figures) {
    let mut activities = "id | date | type | title | course\n".to_owned();
    let mut attendance = "activity | person\n".to_owned();
    for activity in 0..ACTIVITIES {
        let course = course(seed, activity);
        writeln!(activities, "A{activity} | @2017-{:02}-05 | training | T | {course}", month(activity))
            .expect("a text");
        for person in (0..PERSONS).filter(|person| attended(seed, *person, activity)) {
            writeln!(attendance, "A{activity} | P{person}").expect("a text");
        }
    }
    let mut participants = "person | sex | birth_year\n".to_owned();
    for person in 0..PERSONS {
        writeln!(participants, "P{person} | {} | 1990", if person.is_multiple_of(3) { "M" } else { "F" })
            .expect("a text");
    }
    let indicators = "code | title | unit | calculation | by\n\
        I1 | Often | people | people(at_least = 5) | sex\n\
        I2 | Most | people | people(at_least = \"75 %\", of = \"course\") | sex\n\
        I3 | All | people | people |\n\
        I4 | Share | % | ratio(I1, I3) |\n\
        I5 | Share of most | % | ratio(I2, I3) |\n";
    let lists = "list | code | label\ntype | training | training\n";
    let folder = Folder::new();
    let sheets = [
        ("Activities", activities.as_str()),
        ("Participants", &participants),
        ("Attendance", &attendance),
        ("Indicators", indicators),
        ("Lists", lists),
    ];
    folder.book("data.xlsx", &sheets);
    let settings = "code = \"T-1\"\nlanguages = [\"en\"]\nstart = 2017-01-01\nend = 2017-12-31\ntitle = \"Trial\"\n\
        [periods]\nquarters = true\n[[reports]]\nname = \"quarterly\"\nperiods = [\"2017-Q1\"]\ndocuments = [[\"en\"]]\n";
    folder.write("project.toml", settings);
    let checked = ingest::read(folder.path());
    let codes: Vec<_> = checked.problems.iter().map(|problem| problem.code).collect();
    let project = checked.project.unwrap_or_else(|| panic!("{codes:?}"));
    let figures = indicators::count(&project);
    (project, figures)
}

/// Persons with five activities by a month.
fn often(seed: usize, last: usize) -> BTreeSet<usize> {
    let count = |person: usize| (0..ACTIVITIES).filter(|at| month(*at) <= last && attended(seed, person, *at)).count();
    (0..PERSONS).filter(|person| count(*person) >= 5).collect()
}

/// Persons with three quarters of a course by a month.
fn most(seed: usize, last: usize) -> BTreeSet<usize> {
    let of = |name: &'static str| (0..ACTIVITIES).filter(move |at| month(*at) <= last && course(seed, *at) == name);
    let has = |person: usize, name: &'static str| {
        let (all, own) = (of(name).count(), of(name).filter(|at| attended(seed, person, *at)).count());
        all > 0 && own * 4 >= all * 3
    };
    (0..PERSONS).filter(|person| COURSES.iter().any(|name| has(*person, name))).collect()
}

#[test]
fn completion_is_counted_as_by_hand_in_every_period() {
    for seed in 0..30 {
        let (project, figures) = project(seed);
        for period in &figures.periods {
            let (first, last) = (period.period.start.month() as usize, period.period.end.month() as usize);
            let whole = |at: usize| {
                let figure = &period.figures[at];
                let number = |amount: donor_report::model::Amount| amount.from.to_usize().expect("a number");
                (figure.period.map(number), figure.served.map(number), figure.cumulative.map(number))
            };
            let (before, now) = (often(seed, first - 1), often(seed, last));
            let new: Vec<usize> = now.difference(&before).copied().collect();
            assert_eq!(whole(0), (Some(new.len()), None, Some(now.len())), "seed {seed}, {}", period.period.code);
            assert_eq!(whole(1), (None, None, Some(most(seed, last).len())), "seed {seed}, {}", period.period.code);
            let parts = |at: usize| -> Decimal {
                let parts = &period.figures[at].axes[0].parts;
                parts.iter().filter_map(|part| part.cumulative).map(|amount| amount.from).sum()
            };
            assert_eq!(parts(0), Decimal::from(now.len()));
            assert_eq!(parts(1), Decimal::from(most(seed, last).len()));
            assert!(period.figures[4].period.is_none(), "a share has no period value in a ratio either");
            let missed = indicators::missed_completion(&project, IndicatorId(0), period.period.end);
            let missed: BTreeSet<usize> = missed.iter().map(|missed| missed.person.0 as usize).collect();
            assert!(missed.is_disjoint(&now.iter().copied().collect()), "who completed has missed nothing");
        }
    }
}

#[test]
fn rows_behind_completion_are_those_that_it_needed() {
    let (project, figures) = project(1);
    for period in &figures.periods {
        let explained = indicators::explain(&project, &figures, IndicatorId(0), &period.period);
        let counted = period.figures[0].period.expect("a number").from;
        assert_eq!(Decimal::from(explained.rows.len()), counted * Decimal::from(5), "{}", period.period.code);
        let all: u64 = explained.omitted.values().sum::<u64>() + explained.rows.len() as u64;
        assert_eq!(all as usize, project.persons.attendances.len());
    }
}
