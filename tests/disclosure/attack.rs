//! A reader with every file that was published tries to work out what is hidden.
//!
//! Nothing here knows how disclosure decides, nor any of its types: it reads figures.json and the annexes. `RANDOM_PROJECTS=300`
//! tries so many instead of some thirty, `ONLY_PROJECTS=83,154` of them only these; `KEEP_RECOVERED=DIR` keeps what was broken.

use std::path::Path;
use std::process::Command;

mod attacker;
mod invented;
mod published;
mod recovered;
mod solver;

use attacker::Attacker;
use invented::{Dice, Invented, Person, Visit, day, indicator};
use published::{Line, Published, Shown};
use recovered::{Attack, attack, naively_hidden};
use solver::Answer;

/// Builds a project with the program itself.
fn build(invented: &Invented, folder: &Path) -> Published {
    invented.write(folder);
    let out = folder.join("build");
    let program = Path::new(env!("CARGO_BIN_EXE_donor-report"));
    let built =
        Command::new(program).arg("build").arg(folder).arg("--out").arg(&out).output().expect("the program runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let published = Published::read(&out);
    check_annexes(&published);
    published
}

/// Annexes say no number that figures.json doesn't: not in the sheet of data, not by how often a code stands in what
/// formulas count.
fn check_annexes(published: &Published) {
    let has = |told: &dyn Fn(&Line) -> bool| published.lines.iter().any(told);
    assert!(!published.data.is_empty(), "annexes have data");
    for told in &published.data {
        let same = |line: &Line| {
            (&line.indicator, &line.axis, &line.part, line.start, line.end, line.scope)
                == (&told.indicator, &told.axis, &told.part, told.start, told.end, told.scope)
                && match (line.shown, told.shown) {
                    // Readers of numbers may differ in the last bit.
                    (Shown::Number(one), Shown::Number(other)) => format!("{one:.12}") == format!("{other:.12}"),
                    (Shown::Below(_), Shown::Below(_)) | (Shown::Withheld, Shown::Withheld) => true,
                    _ => false,
                }
        };
        // An axis that is withheld whole has a line for itself and no part in figures.json.
        assert!(told.part.is_empty() && told.axis.is_some() || has(&same), "{told:?} is only in an annex");
    }
    for (indicator, counts) in &published.values {
        for (code, count) in counts.iter().filter(|(code, _)| *code != "withheld") {
            let same = |line: &Line| {
                line.indicator == *indicator && line.part == *code && line.shown == Shown::Number(*count as f64)
            };
            assert!(
                has(&same) || code.parse::<usize>().is_ok(),
                "{count} times {code} of {indicator} is only in an annex"
            );
        }
    }
}

fn published(invented: &Invented) -> Published {
    let folder = tempfile::tempdir().expect("a folder");
    build(invented, folder.path())
}

/// One person for each line: values of the register, and how often they came in each month.
fn invented(persons: &[(Person, &[usize])], indicator: invented::Indicator) -> Invented {
    let mut visits = Vec::new();
    for (person, (_, months)) in persons.iter().enumerate() {
        visits.extend(months.iter().map(|month| Visit { person, day: day(*month, 10), kind: 0, organisation: 0 }));
    }
    visits.sort_by_key(|visit| visit.day);
    Invented {
        persons: persons.iter().map(|(person, _)| *person).collect(),
        visits,
        indicators: vec![indicator],
        periods: vec!["project"],
        limit: "5",
        participants: "pseudonymised",
    }
}

fn assert_safe(invented: &Invented) -> Published {
    let published = published(invented);
    let found = attack(invented, &published);
    assert!(found.recovered.is_empty() && found.unavoidable == 0 && found.unknown == 0, "{found:#?}");
    published
}

/// What is shown of a part in a scope, in the last period.
fn shown(published: &Published, axis: &str, part: &str, scope: &str) -> Option<Shown> {
    let mut lines = published.lines.iter().filter(|line| line.axis.as_deref() == Some(axis) && line.part == part);
    lines.rfind(|line| line.scope == scope).map(|line| line.shown)
}

#[test]
fn nothing_published_tells_what_is_hidden() {
    let projects = std::env::var("RANDOM_PROJECTS").ok().and_then(|count| count.parse().ok()).unwrap_or(30);
    let only: Option<Vec<usize>> = std::env::var("ONLY_PROJECTS")
        .ok()
        .map(|cases| cases.split(',').map(|case| case.parse().expect("a project's number")).collect());
    let mut dice = Dice(17);
    let (mut all, mut naive, mut some_hidden) = (Attack::default(), 0, 0);
    for case in 0..projects {
        let invented = Invented::random(&mut dice);
        if only.as_ref().is_some_and(|only| !only.contains(&case)) {
            continue;
        }
        let published = published(&invented);
        let found = attack(&invented, &published);
        if let Ok(folder) = std::env::var("KEEP_RECOVERED")
            && !found.recovered.is_empty()
        {
            let folder = Path::new(&folder).join(format!("case-{case}"));
            std::fs::create_dir_all(&folder).expect("a folder");
            invented.write(&folder);
        }
        all.recovered.extend(found.recovered.into_iter().map(|line| format!("project {case}: {line}")));
        all.hidden += found.hidden;
        all.unavoidable += found.unavoidable;
        all.unknown += found.unknown;
        all.shown = (all.shown.0 + found.shown.0, all.shown.1 + found.shown.1);
        // The solver bites: hiding small numbers alone isn't enough.
        if found.hidden > 0 && some_hidden < 15 {
            some_hidden += 1;
            naive += usize::from(breaks_naive(&invented, &published));
        }
    }
    println!("{all:#?}, naive {naive} of {some_hidden}");
    assert!(all.recovered.is_empty(), "{all:#?}");
    assert!(all.unknown * 50 <= all.hidden, "the attacker gave up: {all:#?}");
    assert!(naive * 2 > some_hidden, "the attacker broke {naive} of {some_hidden} that hide small numbers alone");
}

fn breaks_naive(invented: &Invented, published: &Published) -> bool {
    let limit = invented.limit.parse().unwrap_or(4);
    let lines = naively_hidden(invented, published, limit);
    let attacker = Attacker::new(invented, published, &lines);
    attacker.small_numbers(&lines).iter().any(|terms| matches!(attacker.other_than_true(terms), Answer::Impossible))
}

#[test]
fn what_rows_tell_of_an_activitys_column_is_a_margin() {
    // One person at a training, seven at a clinic: who was at the training is hidden only if the axis is.
    let mut project = invented(
        &[
            ([0, 0, 0], &[2]),
            ([0, 0, 0], &[2]),
            ([0, 0, 0], &[2]),
            ([0, 0, 0], &[3]),
            ([1, 0, 0], &[3]),
            ([1, 0, 0], &[3]),
        ],
        indicator("I1", "people", &["sex × type"]),
    );
    project.visits.iter_mut().skip(1).for_each(|visit| visit.kind = 1);
    let published = assert_safe(&project);
    assert!(!matches!(
        shown(&published, "sex × type", "F × training", "cumulative"),
        Some(Shown::Below(_) | Shown::Number(_))
    ));
    // Where both sexes come to both, crossed parts are shown as far as they are large.
    let mut persons: Vec<(Person, &[usize])> = vec![([0, 0, 0], &[2]); 14];
    persons.extend(vec![([1, 0, 0], [2].as_slice()); 14]);
    let mut project = invented(&persons, indicator("I1", "people", &["sex × type"]));
    project.visits.iter_mut().filter(|visit| visit.person % 2 == 0).for_each(|visit| visit.kind = 1);
    let published = assert_safe(&project);
    assert_eq!(shown(&published, "sex × type", "F × training", "cumulative"), Some(Shown::Number(7.0)));
}

#[test]
fn activities_of_a_narrowed_indicator_tell_of_its_persons() {
    // How many women came to the clinic is a part of I2 as it is one of I1.
    let mut persons: Vec<(Person, &[usize])> = vec![([0, 0, 0], &[2]); 9];
    persons.extend(vec![([0, 0, 0], [3].as_slice()); 2]);
    persons.extend(vec![([1, 0, 0], [3].as_slice()); 12]);
    let mut project = invented(&persons, indicator("I1", "people", &["sex × type"]));
    project.visits.iter_mut().filter(|visit| visit.day == day(3, 10)).for_each(|visit| visit.kind = 1);
    project.indicators.push(invented::Indicator { sex: Some(0), ..indicator("I2", "people", &["type"]) });
    let published = assert_safe(&project);
    assert_eq!(shown(&published, "type", "clinic", "cumulative"), Some(Shown::Below(5)));
    assert_eq!(shown(&published, "type", "training", "cumulative"), Some(Shown::Withheld));
}

#[test]
fn columns_that_never_change_tie_served_to_cumulative() {
    // Everybody ever counted was served in the second quarter: 8, 5 and 1 by municipality.
    let mut persons: Vec<(Person, &[usize])> = vec![([0, 0, 0], &[2, 5]); 3];
    persons.extend(vec![([0, 0, 0], [5].as_slice()); 5]);
    persons.extend(vec![([0, 0, 1], [2, 5].as_slice()); 4]);
    persons.extend(vec![([0, 0, 1], [5].as_slice()); 1]);
    persons.extend(vec![([0, 0, 2], [5].as_slice()); 1]);
    let project = Invented {
        periods: vec!["2017-Q2"],
        limit: "3",
        ..invented(&persons, indicator("I1", "people", &["municipality"]))
    };
    assert_safe(&project);
    // A cross of columns that never change is one as well, over several quarters.
    let crossed = Invented {
        periods: vec!["2017-Q1", "2017-Q2", "project"],
        ..invented(&persons, indicator("I1", "people", &["sex × municipality", "municipality"]))
    };
    assert_safe(&crossed);
}

#[test]
fn attendances_are_hidden_by_the_persons_behind_them() {
    // Rows of three pseudonyms are 3, 3 and 7: only one man can have 3 of them.
    let weights = [([1, 0, 0], [2, 3, 4].as_slice()), ([0, 0, 0], &[2, 3, 4]), ([0, 0, 0], &[2, 3, 4, 5, 6, 7, 8])];
    assert_safe(&invented(&weights, indicator("I1", "attendances", &["sex"])));
    // Seven attendances of one person from Ohrid aren't shown, nor as `<5`.
    let mut persons: Vec<(Person, &[usize])> = vec![([0, 0, 0], &[2]); 12];
    persons.extend(vec![([0, 0, 1], [2].as_slice()); 8]);
    persons.push(([0, 0, 2], &[2, 3, 4, 5, 6, 7, 8]));
    let published = assert_safe(&invented(&persons, indicator("I1", "attendances", &["municipality"])));
    assert!(matches!(shown(&published, "municipality", "Ohrid", "cumulative"), Some(Shown::Withheld) | None));
    // As persons they are below the limit, and that is printed.
    let published = assert_safe(&invented(&persons, indicator("I1", "people", &["municipality"])));
    assert_eq!(shown(&published, "municipality", "Ohrid", "cumulative"), Some(Shown::Below(5)));
}

#[test]
fn a_new_value_beside_old_bounds_isnt_given_away() {
    let persons = [([0, 0, 0], [2].as_slice()), ([0, 0, 0], &[3]), ([0, 2, 0], &[8]), ([0, 1, 0], &[11])];
    let all = vec!["2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4", "project"];
    let project =
        Invented { periods: all.clone(), limit: "3", ..invented(&persons, indicator("I1", "people", &["age"])) };
    let found = attack(&project, &published(&project));
    assert!(found.recovered.is_empty(), "{found:#?}");
    // The same with more persons, so that nothing is withheld whole.
    let mut persons: Vec<(Person, &[usize])> = vec![([0, 0, 0], &[2]); 2];
    persons.extend(vec![([0, 2, 0], [2].as_slice()); 2]);
    persons.extend(vec![([0, 1, 0], [11].as_slice()); 1]);
    let project = Invented { periods: all, limit: "3", ..invented(&persons, indicator("I1", "people", &["age"])) };
    let found = attack(&project, &published(&project));
    assert!(found.recovered.is_empty(), "{found:#?}");
}

#[test]
fn other_indicators_over_the_same_persons_are_known() {
    // How many women there are is a total of its own, and its rows would name them.
    let mut persons: Vec<(Person, &[usize])> = vec![([0, 0, 0], &[2]); 9];
    persons.extend(vec![([1, 0, 0], [2].as_slice()); 9]);
    persons.extend(vec![([0, 0, 0], [3].as_slice()); 3]);
    persons.extend(vec![([1, 0, 0], [3].as_slice()); 8]);
    let mut project = invented(&persons, indicator("I1", "people", &[]));
    project.visits.iter_mut().filter(|visit| visit.day == day(3, 10)).for_each(|visit| visit.kind = 1);
    project.indicators.push(invented::Indicator { sex: Some(0), ..indicator("I2", "people", &[]) });
    project.indicators.push(invented::Indicator { kind: Some(1), ..indicator("I3", "attendances", &["sex"]) });
    let published = assert_safe(&project);
    assert!(published.texts.iter().any(|text| text.contains("aren’t listed")), "no note on the rows of I2");
    assert_eq!(published.attendances.len(), project.visits.len());
}

#[test]
fn an_axis_that_a_donor_demands_is_shown_and_known() {
    let mut persons: Vec<(Person, &[usize])> = vec![([0, 0, 0], &[2]); 2];
    persons.extend(vec![([1, 0, 0], [2].as_slice()); 10]);
    persons.extend(vec![([1, 1, 0], [2].as_slice()); 2]);
    persons.extend(vec![([0, 1, 1], [2].as_slice()); 9]);
    let axes = ["sex", "age", "sex × age", "municipality"];
    let opened =
        Invented { limit: "{ default = 5, sex = 0, age = 0 }", ..invented(&persons, indicator("I1", "people", &axes)) };
    let published = assert_safe(&opened);
    assert_eq!(shown(&published, "sex", "F", "cumulative"), Some(Shown::Number(11.0)));
    assert_eq!(shown(&published, "sex × age", "F × 0-17", "cumulative"), Some(Shown::Below(5)));
}

#[test]
fn without_participants_no_pseudonym_stands_anywhere() {
    let mut persons: Vec<(Person, &[usize])> = vec![([0, 0, 0], &[2, 5]); 6];
    persons.extend(vec![([1, 0, 0], [3].as_slice()); 3]);
    let mut project = invented(&persons, indicator("I1", "people", &["sex"]));
    project.indicators.push(indicator("I2", "attendances", &["sex × type"]));
    project.indicators.push(indicator("I3", "distinct(person)", &[]));
    let listed = published(&project);
    assert_eq!(listed.attendances.len(), project.visits.len());
    project.participants = "none";
    let none = published(&project);
    assert!(none.attendances.is_empty());
    assert!(!none.texts.iter().any(|text| text.starts_with("P-0")), "{:?}", none.texts);
    let numbers = |published: &Published| published.lines.iter().map(|line| line.shown).collect::<Vec<_>>();
    assert_eq!(numbers(&none), numbers(&listed), "who is listed changes no figure");
}
