//! Head counts in columns come to the figures of the same people as rows of attendance, and show and hide the same of them.

use std::fmt::Write;

use donor_report::disclosure::{ReleasedPart, ReleasedValue, Releases, evidence, release};
use donor_report::indicators::{self, Figures, Key, PartKey};
use donor_report::ingest;
use donor_report::model::Project;

use super::sheets::Folder;

/// Women, men, girls and boys at one activity.
pub type Heads = [usize; 4];

/// Day, municipality, and who came.
pub type Held = (&'static str, &'static str, Heads);

const SETTINGS: &str = r#"code = "TEST-1"
languages = ["en"]
start = 2017-01-01
end = 2017-12-31
title = { en = "A test" }
[periods]
quarters = true
[age]
bands = [0, 18]
[[reports]]
name = "quarterly"
periods = ["2017-Q1", "2017-Q2"]
documents = [["en"]]
"#;

const LISTS: &str = "list | code | label\ntype | training | training\nmunicipality | Butel | Butel\nmunicipality | Kumanovo | Kumanovo\n";

fn read(folder: &Folder) -> (Project, Figures, Releases) {
    let checked = ingest::read(folder.path());
    let problems: Vec<_> = checked.problems.iter().map(|problem| (problem.code, &problem.places)).collect();
    let project = checked.project.unwrap_or_else(|| panic!("{problems:?}"));
    let figures = indicators::count(&project);
    let releases = release(&project, &figures);
    (project, figures, releases)
}

fn indicators(calculation: &str, place: &str) -> String {
    format!(
        "code | title | unit | calculation | by\nI1 | People | people | {calculation} | sex; age; sex × age; sex × {place}; {place}\n"
    )
}

/// Each head as a person who came once.
fn as_persons(held: &[Held]) -> (Project, Figures, Releases) {
    let mut activities = "id | date | type | title | municipality\n".to_owned();
    let mut participants = "person | sex | birth_year\n".to_owned();
    let mut attendance = "activity | person\n".to_owned();
    let mut persons = 0;
    for (at, (day, place, heads)) in held.iter().enumerate() {
        writeln!(activities, "A{at} | @{day} | training | Training | {place}").expect("a text");
        for (count, (sex, birth)) in heads.iter().zip([("F", 1980), ("M", 1980), ("F", 2010), ("M", 2010)]) {
            for _ in 0..*count {
                persons += 1;
                writeln!(participants, "P{persons} | {sex} | {birth}").expect("a text");
                writeln!(attendance, "A{at} | P{persons}").expect("a text");
            }
        }
    }
    let folder = Folder::new();
    let sheets = [
        ("Activities", activities.as_str()),
        ("Participants", &participants),
        ("Attendance", &attendance),
        ("Indicators", &indicators("attendances", "activity.municipality")),
        ("Lists", LISTS),
    ];
    folder.book("data.xlsx", &sheets);
    folder.write("project.toml", SETTINGS);
    read(&folder)
}

const COUNTS: &str = r#"
[[tables.activities.counts]]
parts = { "Women" = "sex = F; age >= 18", "Men" = "sex = M; age >= 18", "Girls" = "sex = F; age < 18", "Boys" = "sex = M; age < 18" }
total = "Total"
"#;

pub fn as_counts(held: &[Held]) -> (Project, Figures, Releases) {
    let mut activities = "id | date | type | title | municipality | Women | Men | Girls | Boys | Total\n".to_owned();
    for (at, (day, place, heads)) in held.iter().enumerate() {
        let [women, men, girls, boys] = heads;
        let total: usize = heads.iter().sum();
        writeln!(
            activities,
            "A{at} | @{day} | training | Training | {place} | {women} | {men} | {girls} | {boys} | {total}"
        )
        .expect("a text");
    }
    let folder = Folder::new();
    let sheets = [
        ("Activities", activities.as_str()),
        ("Indicators", &indicators("sum(reached)", "municipality")),
        ("Lists", LISTS),
    ];
    folder.book("data.xlsx", &sheets);
    folder.write("project.toml", format!("{SETTINGS}{COUNTS}"));
    read(&folder)
}

/// What a reader sees of each part, axis by axis; parts of ages are ordered as they are declared.
fn shown(releases: &Releases, project: &Project) -> Vec<Vec<String>> {
    let released = releases.for_report(&project.settings.reports[0]);
    let part = |part: &ReleasedPart| format!("{:?} {:?}", part.period, part.cumulative);
    let figures = released.periods.iter().flat_map(|period| &period.figures);
    let axes = figures.flat_map(|figure| &figure.axes);
    axes.map(|axis| {
        let mut parts: Vec<String> = axis.parts.iter().map(part).collect();
        parts.sort();
        parts
    })
    .collect()
}

fn counted(figures: &Figures) -> Vec<Vec<String>> {
    let axes = figures.periods.iter().flat_map(|period| &period.figures).flat_map(|figure| &figure.axes);
    axes.map(|axis| {
        let mut parts: Vec<String> =
            axis.parts.iter().map(|part| format!("{:?} {:?}", part.period, part.cumulative)).collect();
        parts.sort();
        parts
    })
    .collect()
}

pub const HELD: [&[Held]; 5] = [
    // Nothing is small.
    &[("2017-02-01", "Butel", [9, 8, 7, 6]), ("2017-05-01", "Kumanovo", [6, 6, 8, 9])],
    // A few girls in one place, over two quarters.
    &[
        ("2017-02-01", "Butel", [9, 8, 2, 6]),
        ("2017-03-01", "Kumanovo", [7, 7, 1, 12]),
        ("2017-05-01", "Kumanovo", [6, 6, 0, 9]),
    ],
    // What two reports' cumulative values would give away.
    &[("2017-02-01", "Butel", [37, 20, 5, 19]), ("2017-05-01", "Butel", [28, 30, 2, 17])],
    // Small everywhere.
    &[("2017-02-01", "Butel", [1, 2, 0, 0]), ("2017-04-01", "Butel", [0, 1, 0, 1])],
    // Nobody of one sex in a quarter.
    &[("2017-02-01", "Butel", [30, 0, 4, 0]), ("2017-05-01", "Butel", [0, 31, 0, 3])],
];

#[test]
fn head_counts_are_counted_and_hidden_as_the_same_people_are() {
    for held in HELD {
        let (persons, person_figures, person_releases) = as_persons(held);
        let (counts, count_figures, count_releases) = as_counts(held);
        assert_eq!(counted(&count_figures), counted(&person_figures), "{held:?}");
        assert_eq!(shown(&count_releases, &counts), shown(&person_releases, &persons), "{held:?}");
    }
}

#[test]
fn rows_behind_a_sum_tell_no_part_of_a_single_activity() {
    let (project, figures, releases) = as_counts(HELD[0]);
    let released = releases.for_report(&project.settings.reports[0]);
    let period = &figures.periods[0].period;
    let id = project.logframe.indicator_ids().next().expect("an indicator");
    let shown = evidence(&project, &figures, released, id, period).expect("evidence");
    for row in shown.activities() {
        let axes = project.logframe.indicator(id).axes.iter().zip(&row.keys);
        for (_, key) in axes.filter(|(axis, _)| axis.is_counted()) {
            let (PartKey::One(of_counts) | PartKey::Crossed(of_counts, _)) = key;
            assert_eq!(*of_counts, Key::Unknown);
        }
    }
}

#[test]
fn of_whom_hides_a_small_number_and_needs_no_companion_in_print() {
    let folder = Folder::new();
    let activities = "id | date | type | title | municipality | Disabled | reached\n\
        A0 | @2017-02-01 | training | Training | Butel | 3 | 40\n\
        A1 | @2017-05-01 | training | Training | Butel | 9 | 60\n";
    let indicators = "code | title | unit | calculation | by\nI1 | People | people | sum(reached) | disability\n";
    folder.book("data.xlsx", &[("Activities", activities), ("Indicators", indicators), ("Lists", LISTS)]);
    let counts = "[[tables.activities.counts]]\nparts = { Disabled = \"disability = yes\" }\nof_whom = true\n";
    folder.write("project.toml", format!("{SETTINGS}{counts}"));
    let (project, figures, releases) = read(&folder);
    let released = releases.for_report(&project.settings.reports[0]);
    let parts = |period: usize| released.periods[period].figures[0].axes[0].parts.clone();
    let values = |period: usize| -> Vec<ReleasedValue> { parts(period).iter().map(|part| part.cumulative).collect() };
    assert_eq!(values(0), [ReleasedValue::Below(5)]);
    assert_eq!(values(1), [ReleasedValue::Withheld], "with the next quarter's nine it would give the first one away");
    assert_eq!(figures.periods[0].figures[0].axes[0].parts.len(), 1);
}
