//! Random projects as officers write them, in workbooks: what ingest makes of persons under several codes, of rows that
//! contradict each other, that are undated, doubled or left out, and what the engine counts of that, against a second reading
//! of the same rows and the naive implementation over it. `RANDOM_PROJECTS=3000` tries so many instead of some hundred.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use donor_report::indicators;
use donor_report::ingest;
use donor_report::model::{
    ActivityStatus, Aggregation, BaselineUse, Birth, Direction, Hedge, IndicatorId, Op, Plan, Project, TargetKind,
};
use donor_report::report::figures;
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use super::agreement::{self, PERIODS, engine_line, normalized};
use super::case::{Act, Att, By, Calc, Case, Cond, Ind, KINDS, PLACES, SESSIONS, SEXES, STATUSES, Words, day};
use super::naive;
use crate::ingest::sheets::{Folder, workbook};

const PEOPLE: usize = 6;

/// A row of the participants table.
#[derive(Clone, Debug)]
struct Registered {
    person: usize,
    sex: Option<&'static str>,
    birth: Birth,
    status: Option<&'static str>,
    same_as: Option<usize>,
}

/// A row of attendance; one of no activity is waived, and left out.
#[derive(Clone, Debug)]
struct Attended {
    activity: Option<usize>,
    person: usize,
    day: Option<Date>,
    session: u32,
    sex: Option<&'static str>,
    age: Birth,
    status: Option<&'static str>,
}

#[derive(Clone, Debug)]
struct Rows {
    register: Vec<Registered>,
    attendance: Vec<Attended>,
}

fn one_of(list: &'static [&'static str], weight: f64) -> impl Strategy<Value = Option<&'static str>> {
    proptest::option::weighted(weight, select(list))
}

fn ages() -> impl Strategy<Value = Birth> {
    prop_oneof![3 => Just(Birth::Unknown), 3 => (14u8..20).prop_map(Birth::Age), 1 => (0u8..3).prop_map(Birth::Band)]
}

/// Births of the register: either days and years, or ages, of one project.
fn births(are_exact: bool) -> BoxedStrategy<Birth> {
    if are_exact {
        let date = (0i64..2500).prop_map(|back| Birth::Date(day("2004-06-01").checked_sub(back.days()).unwrap()));
        prop_oneof![2 => Just(Birth::Unknown), 2 => (1997i16..2004).prop_map(Birth::Year), 1 => date].boxed()
    } else {
        ages().boxed()
    }
}

fn rows() -> impl Strategy<Value = Rows> {
    let register = any::<bool>().prop_flat_map(|are_exact| {
        let row = move |person: usize| {
            let facts = (one_of(&SEXES, 0.5), births(are_exact), one_of(&STATUSES, 0.3));
            (facts, proptest::option::weighted(0.15, 0..PEOPLE)).prop_map(move |((sex, birth, status), same_as)| {
                Registered { person, sex, birth, status, same_as: same_as.filter(|other| *other != person) }
            })
        };
        let first: Vec<_> = (0..PEOPLE).map(row).collect();
        (first, proptest::collection::vec((0..PEOPLE).prop_flat_map(row), 0..3))
    });
    let attended = (
        proptest::option::weighted(0.92, 0usize..1000),
        0..PEOPLE,
        proptest::option::weighted(0.5, agreement::days()),
        0u32..3,
        one_of(&SEXES, 0.2),
        ages(),
        one_of(&STATUSES, 0.4),
    );
    let attended = attended.prop_map(|(activity, person, day, session, sex, age, status)| Attended {
        activity,
        person,
        day,
        session,
        sex,
        age,
        status,
    });
    (register, proptest::collection::vec(attended, 0..25)).prop_map(|((mut register, more), attendance)| {
        register.extend(more);
        Rows { register, attendance }
    })
}

/// A project whose persons' rows are those, as far as ingest takes its indicators and targets.
fn projects() -> impl Strategy<Value = (Case, Rows)> {
    (agreement::cases(), rows()).prop_map(|(mut case, mut rows)| {
        // Whoever may have been born so early that nobody looks is left to the tests of single rules.
        if case.bands.len() == 3 {
            case.bands = vec![0, 16, 18];
        }
        for act in case.activities.iter_mut().filter(|act| act.kind.is_empty()) {
            act.kind = vec![KINDS[0]];
        }
        let number = case.activities.len();
        for row in &mut rows.attendance {
            row.activity = row.activity.map(|at| at % number);
        }
        for ind in &mut case.indicators {
            let is_sum = ind.calc == Calc::Reported && ind.aggregation == Some(Aggregation::Sum);
            let starts_at_zero = is_sum || !matches!(ind.calc, Calc::Reported | Calc::Ratio(..));
            if starts_at_zero && ind.baseline_use.is_none() {
                ind.baseline_use = Some(BaselineUse::Reference);
            }
            ind.by.retain(|(first, second)| second.is_none_or(|second| second != *first));
            let mut seen = Vec::new();
            ind.by.retain(|axis| {
                !seen.contains(axis) && {
                    seen.push(*axis);
                    true
                }
            });
        }
        let (end, indicators) = (case.end, case.indicators.clone());
        let mut levels = BTreeSet::new();
        case.targets.retain(|aim| {
            let is_level = aim.kind == TargetKind::Cumulative;
            let is_final = is_level && aim.end == end && indicators[aim.indicator].target.is_some();
            !is_final && (!is_level || levels.insert((aim.indicator, aim.end)))
        });
        let mut spans: Vec<(usize, Date, Date)> = Vec::new();
        case.reported.retain(|rep| {
            let apart =
                |(of, start, end): &(usize, Date, Date)| *of != rep.indicator || *end < rep.start || rep.end < *start;
            let is_kept = spans.iter().all(apart);
            spans.push((rep.indicator, rep.start, rep.end));
            is_kept
        });
        (case, rows)
    })
}

/// What the rows come to, in plain loops: persons by their first code, attendances with all that is known of them.
fn resolve(case: &Case, rows: &Rows) -> Case {
    let mut firsts: Vec<usize> = (0..PEOPLE).collect();
    for (person, other) in rows.register.iter().filter_map(|row| Some((row.person, row.same_as?))) {
        let (a, b) = (firsts[person], firsts[other]);
        firsts.iter_mut().filter(|first| **first == a.max(b)).for_each(|first| *first = a.min(b));
    }
    let used: Vec<&Attended> = rows.attendance.iter().filter(|row| row.activity.is_some()).collect();
    let mut seen = BTreeSet::new();
    let mut attendances = Vec::new();
    for row in &used {
        let at = row.activity.unwrap();
        let person = firsts[row.person];
        let day = row.day.or(undated_day(case, &case.activities[at]));
        if !seen.insert((at, person, day, row.session)) {
            continue;
        }
        let registered: Vec<&Registered> = rows.register.iter().filter(|row| firsts[row.person] == person).collect();
        let attended: Vec<&&Attended> = used.iter().filter(|row| firsts[row.person] == person).collect();
        let sex = agreed(registered.iter().filter_map(|row| row.sex), attended.iter().filter_map(|row| row.sex));
        let of_person =
            agreed(registered.iter().filter_map(|row| row.status), attended.iter().filter_map(|row| row.status));
        attendances.push(Att {
            activity: at,
            person: person as u32,
            day: row.day,
            session: row.session,
            sex: sex.into_iter().collect(),
            status: row.status.or(of_person).into_iter().collect(),
            birth: birth(case, &registered, &attended, row),
        });
    }
    // Conditions name codes; a person is one under all of them.
    let mut indicators = case.indicators.clone();
    for cond in indicators.iter_mut().flat_map(|ind| &mut ind.conditions) {
        if let Cond::Person { any, .. } = cond {
            any.iter_mut().for_each(|person| *person = firsts[*person as usize] as u32);
        }
    }
    Case { attendances, indicators, ..case.clone() }
}

fn undated_day(case: &Case, act: &Act) -> Option<Date> {
    let held = act.end_date.or(act.date).filter(|_| act.status == ActivityStatus::Completed)?;
    let last = case.data_until.map_or(case.end, |until| until.min(case.end));
    (case.start <= held && held <= last).then_some(held)
}

/// What all rows of the register say alike; where it says nothing, what all of attendance do.
fn agreed(
    registered: impl Iterator<Item = &'static str>,
    attended: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    let registered: BTreeSet<&str> = registered.collect();
    let said = if registered.is_empty() { attended.collect() } else { registered };
    (said.len() == 1).then(|| *said.first().unwrap())
}

fn birth(case: &Case, registered: &[&Registered], attended: &[&&Attended], row: &Attended) -> Birth {
    let known: Vec<Birth> = registered.iter().map(|row| row.birth).filter(|birth| *birth != Birth::Unknown).collect();
    if !known.is_empty() {
        return exactest(case, &known);
    }
    // Days on which the person may have been born, by all ages that rows of attendance write for their days.
    let first = day("1990-01-01");
    let may_be_born = |born: Date| attended.iter().all(|row| fits(case, row, born));
    let ages: Vec<Birth> = attended.iter().map(|row| row.age).filter(|age| *age != Birth::Unknown).collect();
    if !(0..10_500).any(|days| may_be_born(first.checked_add(days.days()).unwrap())) {
        return Birth::Unknown;
    }
    match row.age {
        Birth::Unknown => exactest(case, &ages),
        age => age,
    }
}

/// The day, else the year, else the age, if nothing contradicts it.
fn exactest(case: &Case, known: &[Birth]) -> Birth {
    let agrees = |a: Birth| {
        known.iter().all(|b| match (a, *b) {
            (Birth::Date(date), Birth::Year(year)) => date.year() == year,
            (Birth::Age(age), Birth::Band(band)) => band_of(case, i32::from(age)) == Some(band),
            (a, b) => a == b,
        })
    };
    known.iter().copied().find(|birth| agrees(*birth)).unwrap_or_default()
}

fn band_of(case: &Case, age: i32) -> Option<u8> {
    (0..case.bands.len()).rev().find(|at| i32::from(case.bands[*at]) <= age).map(|at| at as u8)
}

/// Whether somebody born on a day has the age of a row on the row's day, or else on some day of the project.
fn fits(case: &Case, row: &Attended, born: Date) -> bool {
    let act = &case.activities[row.activity.unwrap()];
    let (first, last) = match row.day.or(act.end_date).or(act.date) {
        Some(day) => (day, day),
        None => (case.start, case.end),
    };
    let age_on = |day: Date| {
        let had_birthday = (day.month(), day.day()) >= (born.month(), born.day());
        i32::from(day.year() - born.year()) - i32::from(!had_birthday)
    };
    match row.age {
        Birth::Age(age) => age_on(first) <= i32::from(age) && i32::from(age) <= age_on(last),
        Birth::Band(band) => band_of(case, age_on(first)) == Some(band) && born <= last,
        _ => true,
    }
}

/// The project's folder. `order` gives the rows of each table their order.
fn write_folder(case: &Case, rows: &Rows, order: fn(String) -> String) -> Folder {
    let folder = Folder::new();
    folder.write("project.toml", project_file(case));
    let sheets = [
        ("Lists", lists()),
        ("Activities", order(activities(case))),
        ("Participants", order(register(rows, &case.bands))),
        ("Attendance", order(attendance(rows, &case.bands))),
        ("Indicators", indicators_sheet(case)),
        ("Targets", order(targets(case))),
        ("Reported", order(reported(case))),
    ];
    let sheets: Vec<(&str, &str)> = sheets.iter().map(|(name, text)| (*name, text.trim_end())).collect();
    folder.write("data.xlsx", workbook(&sheets));
    folder
}

/// The last row of a table first.
fn reversed(table: String) -> String {
    let mut lines = table.lines();
    let header = lines.next();
    header.into_iter().chain(lines.rev()).map(|line| format!("{line}\n")).collect()
}

fn project_file(case: &Case) -> String {
    let mut text = format!(
        "code = \"RANDOM\"\nlanguages = [\"en\"]\nstart = {}\nend = {}\ntitle = {{ en = \"Random\" }}\n",
        case.start, case.end
    );
    if let Some(until) = case.data_until {
        writeln!(text, "data_until = {until}").unwrap();
    }
    writeln!(text, "[age]\nbands = {:?}", case.bands).unwrap();
    text.push_str("[periods]\n");
    for (code, start, end) in PERIODS.iter().filter(|(code, _, _)| !code.starts_with("2017")) {
        writeln!(text, "[[periods.custom]]\ncode = \"{code}\"\nstart = {start}\nend = {end}").unwrap();
    }
    let codes: Vec<&str> = case.periods.iter().map(|(code, _, _)| *code).chain(["project"]).collect();
    writeln!(text, "[[reports]]\nname = \"final\"\nperiods = {codes:?}\ndocuments = [[\"en\"]]").unwrap();
    text.push_str("[[waive]]\nproblem = \"unknown-activity\"\ntable = \"attendance\"\nat_most = 100\n");
    text.push_str("reason = { en = \"Invented.\" }\n");
    text
}

fn lists() -> String {
    let mut text = String::from("list | code\n");
    let named = [("type", &KINDS[..]), ("municipality", &PLACES[..]), ("person.status", &STATUSES[..])];
    for (list, codes) in named {
        codes.iter().for_each(|code| writeln!(text, "{list} | {code}").unwrap());
    }
    text
}

fn on(day: Option<Date>) -> String {
    day.map(|day| format!("@{day}")).unwrap_or_default()
}

fn hedged(number: u64, hedge: Option<Hedge>) -> String {
    match hedge {
        None => number.to_string(),
        Some(Hedge::About) => format!("about {number}"),
        Some(Hedge::Approximately) => format!("approximately {number}"),
    }
}

fn activities(case: &Case) -> String {
    let mut text = String::from("id | date | end_date | type | title | status | municipality | reached\n");
    for (at, act) in case.activities.iter().enumerate() {
        let reached = act.reached.map(|(number, hedge)| hedged(number, hedge)).unwrap_or_default();
        let (kind, place) = (act.kind.join("; "), act.place.join("; "));
        let (date, end) = (on(act.date), on(act.end_date));
        let status = act.status.code();
        writeln!(text, "A-{at:02} | {date} | {end} | {kind} | Invented {at} | {status} | {place} | {reached}").unwrap();
    }
    text
}

/// `birth_date | birth_year | age | age_band`
fn birth_cells(birth: Birth, bands: &[u8]) -> String {
    match birth {
        Birth::Unknown => "| | |".to_owned(),
        Birth::Date(date) => format!("@{date} | | |"),
        Birth::Year(year) => format!("| {year} | |"),
        Birth::Age(age) => format!("| | {age} |"),
        Birth::Band(band) => {
            let low = bands[usize::from(band)];
            let code = bands.get(usize::from(band) + 1).map_or(format!("{low}+"), |next| format!("{low}-{}", next - 1));
            format!("| | | {code}")
        }
    }
}

fn register(rows: &Rows, bands: &[u8]) -> String {
    let mut text = String::from("person | sex | status | same_as | birth_date | birth_year | age | age_band\n");
    for row in &rows.register {
        let (sex, status) = (row.sex.unwrap_or_default(), row.status.unwrap_or_default());
        let same_as = row.same_as.map(|other| format!("U-{other:02}")).unwrap_or_default();
        let birth = birth_cells(row.birth, bands);
        writeln!(text, "U-{:02} | {sex} | {status} | {same_as} | {birth}", row.person).unwrap();
    }
    text
}

fn attendance(rows: &Rows, bands: &[u8]) -> String {
    let mut text =
        String::from("activity | person | date | session | sex | status | birth_date | birth_year | age | age_band\n");
    for row in &rows.attendance {
        let activity = row.activity.map_or("B-99".to_owned(), |at| format!("A-{at:02}"));
        let (sex, status) = (row.sex.unwrap_or_default(), row.status.unwrap_or_default());
        let (date, session) = (on(row.day), SESSIONS[row.session as usize]);
        let age = birth_cells(row.age, bands);
        writeln!(text, "{activity} | U-{:02} | {date} | {session} | {sex} | {status} | {age}", row.person).unwrap();
    }
    text
}

fn calculation(calc: Calc) -> String {
    match calc {
        Calc::Activities => "activities".to_owned(),
        Calc::Attendances => "attendances".to_owned(),
        Calc::People => "people".to_owned(),
        Calc::Sum => "sum(reached)".to_owned(),
        Calc::Reach => "reach(reached)".to_owned(),
        Calc::DistinctKind => "distinct(type)".to_owned(),
        Calc::DistinctPlace => "distinct(municipality)".to_owned(),
        Calc::DistinctStatus => "distinct(person.status)".to_owned(),
        Calc::DistinctPerson => "distinct(person)".to_owned(),
        Calc::DistinctAge => "distinct(age)".to_owned(),
        Calc::Ratio(over, under) => format!("ratio(I{over}, I{under})"),
        Calc::Reported => "reported".to_owned(),
    }
}

fn condition(cond: &Cond) -> String {
    let sign = |op: Op| match op {
        Op::Equal => "=",
        Op::Less => "<",
        Op::LessOrEqual => "<=",
        Op::Greater => ">",
        Op::GreaterOrEqual => ">=",
    };
    let words = |name: &str, negated: bool, any: &Words| {
        format!("{name} {} {}", if negated { "!=" } else { "=" }, any.join(" \\p "))
    };
    match cond {
        Cond::Kind { negated, any } => words("type", *negated, any),
        Cond::Place { negated, any } => words("municipality", *negated, any),
        Cond::Reached(op, limit) => format!("reached {} {limit}", sign(*op)),
        Cond::Held(op, day) => format!("activity.date {} {day}", sign(*op)),
        Cond::Sex { negated, any } => words("sex", *negated, any),
        Cond::Status { negated, any } => words("person.status", *negated, any),
        Cond::Age(op, limit) => format!("age {} {limit}", sign(*op)),
        Cond::Born(op, limit) => format!("birth_year {} {limit}", sign(*op)),
        Cond::Attended(op, day) => format!("attendance.date {} {day}", sign(*op)),
        Cond::Person { negated, any } => {
            let codes: Vec<String> = any.iter().map(|person| format!("U-{person:02}")).collect();
            format!("person {} {}", if *negated { "!=" } else { "=" }, codes.join(" \\p "))
        }
    }
}

fn axis(by: By) -> &'static str {
    match by {
        By::Kind => "type",
        By::Place => "municipality",
        By::Sex => "sex",
        By::Status => "person.status",
        By::Age => "age",
    }
}

fn indicators_sheet(case: &Case) -> String {
    let mut text = String::from(
        "code | title | unit | calculation | where | by | baseline | baseline_use | target | direction | aggregation | plan\n",
    );
    for (at, ind) in case.indicators.iter().enumerate() {
        writeln!(text, "{}", indicator_row(at, ind)).unwrap();
    }
    text
}

fn indicator_row(at: usize, ind: &Ind) -> String {
    let number = |number: Option<Decimal>| number.map(|number| number.to_string()).unwrap_or_default();
    let conditions: Vec<String> = ind.conditions.iter().map(condition).collect();
    let crossed = |(first, second): &(By, Option<By>)| match second {
        None => axis(*first).to_owned(),
        Some(second) => format!("{} × {}", axis(*first), axis(*second)),
    };
    let axes: Vec<String> = ind.by.iter().map(crossed).collect();
    let baseline_use = match ind.baseline_use {
        None => "",
        Some(BaselineUse::Added) => "added",
        Some(BaselineUse::Reference) => "reference",
    };
    let direction = if ind.direction == Direction::Increase { "increase" } else { "decrease" };
    let aggregation = match ind.aggregation {
        None => "",
        Some(Aggregation::Sum) => "sum",
        Some(Aggregation::Latest) => "latest",
        Some(Aggregation::Maximum) => "maximum",
        Some(Aggregation::Average) => "average",
    };
    let plan = ind.plan.map_or("", |Plan::Linear| "linear");
    [
        format!("I{at}"),
        "Invented".to_owned(),
        "things".to_owned(),
        calculation(ind.calc),
        conditions.join("; "),
        axes.join("; "),
        number(ind.baseline),
        baseline_use.to_owned(),
        number(ind.target),
        direction.to_owned(),
        aggregation.to_owned(),
        plan.to_owned(),
    ]
    .join(" | ")
}

fn code_of(start: Date, end: Date) -> &'static str {
    PERIODS
        .iter()
        .find(|(_, first, last)| (day(first), day(last)) == (start, end))
        .map_or("project", |(code, _, _)| code)
}

fn targets(case: &Case) -> String {
    let mut text = String::from("indicator | period | due | target | kind\n");
    for aim in &case.targets {
        let (period, due) = match aim.start {
            Some(start) => (code_of(start, aim.end), String::new()),
            None => ("", on(Some(aim.end))),
        };
        let kind = if aim.kind == TargetKind::Incremental { "incremental" } else { "cumulative" };
        writeln!(text, "I{} | {period} | {due} | {} | {kind}", aim.indicator, aim.value).unwrap();
    }
    text
}

fn reported(case: &Case) -> String {
    let mut text = String::from("indicator | period | value\n");
    for rep in &case.reported {
        let value = rep.value.map(|(number, hedge)| hedged(number, hedge)).unwrap_or_default();
        writeln!(text, "I{} | {} | {value}", rep.indicator, code_of(rep.start, rep.end)).unwrap();
    }
    text
}

/// How many projects are tried.
fn number() -> u32 {
    std::env::var("RANDOM_PROJECTS").ok().and_then(|number| number.parse().ok()).unwrap_or(300)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: number(), max_shrink_iters: 3000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn random_folders_are_counted_as_a_second_reading_of_their_rows((case, rows) in projects()) {
        let folder = write_folder(&case, &rows, |table| table);
        let checked = ingest::read(folder.path());
        let errors: Vec<String> = checked
            .problems
            .iter()
            .filter(|problem| problem.severity.code() == "error")
            .map(|problem| format!("{problem:?}"))
            .collect();
        prop_assert!(errors.is_empty(), "{}", errors.join("\n"));
        let project = checked.project.as_ref().unwrap();
        let counted = indicators::count(project);
        let resolved = resolve(&case, &rows);
        // Of doubled rows the first counts, so that their order matters.
        if resolved.attendances.len() == rows.attendance.iter().filter(|row| row.activity.is_some()).count() {
            let other = ingest::read(write_folder(&case, &rows, reversed).path()).project.unwrap();
            let figures_of = |project: &Project| {
                let counted = indicators::count(project);
                figures::json_lines(project, &counted, figures::select_periods(&counted, None))
            };
            prop_assert_eq!(figures_of(project), figures_of(&other), "rows in another order");
        }
        let wanted: BTreeMap<&str, (Date, Date)> = case
            .periods
            .iter()
            .map(|(code, start, end)| (*code, (*start, *end)))
            .chain([("project", (case.start, case.end))])
            .collect();
        for counted in &counted.periods {
            let Some(span) = wanted.get(counted.period.code.as_str()) else { continue };
            for (id, figure) in project.logframe.indicator_ids().zip(&counted.figures) {
                let IndicatorId(at) = id;
                let engine = engine_line(project, id, figure);
                let by_hand = naive::line(&resolved, usize::from(at), *span);
                prop_assert_eq!(engine, normalized(by_hand), "I{} in {}", at, counted.period.code);
            }
        }
    }
}
