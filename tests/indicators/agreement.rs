//! The engine and the naive implementation count the same on random projects, which shrink to small ones.

use std::collections::{BTreeMap, BTreeSet};

use donor_report::indicators::{
    self, CountedAttendance, CountedAttendances, Evidence, Figure, Figures, Progress, Scope, Status,
};
use donor_report::model::{
    ActivityStatus, Aggregation, Amount, BaselineUse, Birth, Direction, Hedge, IndicatorId, Op, Plan, Project,
    TargetKind,
};
use donor_report::report::figures::part_code;
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use rust_decimal::Decimal;

use super::case::{Act, Aim, Att, By, Calc, Case, Cond, Ind, KINDS, PLACES, Rep, SEXES, STATUSES, Words, day};
use super::naive::{self, Line, Triple, Value};

/// From ten days before the project to ten days after it.
pub(super) fn days() -> impl Strategy<Value = Date> {
    (0i64..140).prop_map(|offset| day("2016-12-22").checked_add(offset.days()).unwrap())
}

fn words(list: &'static [&'static str]) -> impl Strategy<Value = Words> {
    prop_oneof![1 => Just(vec![]), 6 => select(list).prop_map(|word| vec![word]), 1 => subsequence(list, 2)]
}

fn hedges() -> impl Strategy<Value = Option<Hedge>> {
    prop_oneof![4 => Just(None), 1 => Just(Some(Hedge::About)), 1 => Just(Some(Hedge::Approximately))]
}

fn acts() -> impl Strategy<Value = Act> {
    let status = prop_oneof![
        6 => Just(ActivityStatus::Completed),
        1 => Just(ActivityStatus::Ongoing),
        1 => Just(ActivityStatus::Planned)
    ];
    let reached = proptest::option::weighted(0.8, (0u64..40, hedges()));
    (status, days(), proptest::option::weighted(0.2, 0i64..30), words(&KINDS), words(&PLACES), reached).prop_map(
        |(status, date, longer, kind, place, reached)| Act {
            status,
            date: Some(date),
            end_date: longer.map(|days| date.checked_add(days.days()).unwrap()),
            kind,
            place,
            reached,
        },
    )
}

fn births() -> impl Strategy<Value = Birth> {
    prop_oneof![
        Just(Birth::Unknown),
        (1990i16..2018).prop_map(Birth::Year),
        (0i64..9000).prop_map(|back| Birth::Date(day("2017-06-01").checked_sub(back.days()).unwrap())),
        (0u8..70).prop_map(Birth::Age),
        (0u8..3).prop_map(Birth::Band),
    ]
}

fn atts() -> impl Strategy<Value = (usize, Att)> {
    (0usize..1000, 0u32..6, proptest::option::weighted(0.4, days()), words(&SEXES), words(&STATUSES), births())
        .prop_map(|(activity, person, day, sex, status, birth)| {
            (activity, Att { activity: 0, person, day, session: 0, sex, status, birth })
        })
}

fn ops() -> impl Strategy<Value = Op> {
    select(vec![Op::Equal, Op::Less, Op::LessOrEqual, Op::Greater, Op::GreaterOrEqual])
}

fn conds() -> impl Strategy<Value = Cond> {
    let any = |list: &'static [&'static str]| (any::<bool>(), subsequence(list, 1..=2));
    prop_oneof![
        any(&KINDS).prop_map(|(negated, any)| Cond::Kind { negated, any }),
        any(&PLACES).prop_map(|(negated, any)| Cond::Place { negated, any }),
        (ops(), 0u64..40).prop_map(|(op, limit)| Cond::Reached(op, limit)),
        (ops(), days()).prop_map(|(op, limit)| Cond::Held(op, limit)),
        any(&SEXES).prop_map(|(negated, any)| Cond::Sex { negated, any }),
        any(&STATUSES).prop_map(|(negated, any)| Cond::Status { negated, any }),
        (ops(), 0u8..70).prop_map(|(op, limit)| Cond::Age(op, limit)),
        (ops(), 1990i16..2018).prop_map(|(op, limit)| Cond::Born(op, limit)),
        (ops(), days()).prop_map(|(op, limit)| Cond::Attended(op, limit)),
        (proptest::bool::ANY, proptest::collection::vec(0u32..6, 1..3))
            .prop_map(|(negated, any)| Cond::Person { negated, any }),
    ]
}

fn calcs() -> impl Strategy<Value = Calc> {
    prop_oneof![
        2 => Just(Calc::Activities),
        2 => Just(Calc::Attendances),
        4 => Just(Calc::People),
        2 => Just(Calc::Sum),
        2 => Just(Calc::Reach),
        1 => select(vec![Calc::DistinctKind, Calc::DistinctPlace]),
        2 => select(vec![Calc::DistinctStatus, Calc::DistinctPerson, Calc::DistinctAge]),
        3 => (0usize..8, 0usize..8).prop_map(|(over, under)| Calc::Ratio(over, under)),
        1 => Just(Calc::Reported),
    ]
}

fn bys() -> impl Strategy<Value = (By, Option<By>)> {
    let by = || select(vec![By::Kind, By::Place, By::Sex, By::Status, By::Age]);
    (by(), proptest::option::weighted(0.4, by()))
}

fn inds() -> impl Strategy<Value = Ind> {
    let aims = (
        proptest::option::of(0i64..30),
        select(vec![None, Some(BaselineUse::Added), Some(BaselineUse::Reference)]),
        proptest::option::of(0i64..30),
        select(vec![Direction::Increase, Direction::Increase, Direction::Decrease]),
        (
            select(vec![Aggregation::Sum, Aggregation::Latest, Aggregation::Maximum, Aggregation::Average]),
            proptest::option::weighted(0.3, Just(Plan::Linear)),
        ),
    );
    let rows = (calcs(), proptest::collection::vec(conds(), 0..3), proptest::collection::vec(bys(), 0..3));
    (rows, aims).prop_map(
        |((calc, conditions, by), (baseline, baseline_use, target, direction, (aggregation, plan)))| Ind {
            calc,
            conditions,
            by,
            baseline: baseline.map(Decimal::from),
            baseline_use,
            target: target.map(Decimal::from),
            direction,
            aggregation: Some(aggregation),
            plan,
        },
    )
}

pub(super) const PERIODS: [(&str, &str, &str); 8] = [
    ("2017-01", "2017-01-01", "2017-01-31"),
    ("2017-02", "2017-02-01", "2017-02-28"),
    ("2017-03", "2017-03-01", "2017-03-31"),
    ("2017-04", "2017-04-01", "2017-04-30"),
    ("2017-Q1", "2017-01-01", "2017-03-31"),
    ("2017-Q2", "2017-04-01", "2017-04-30"),
    ("middle", "2017-01-15", "2017-03-15"),
    ("whole", "2017-01-01", "2017-04-30"),
];

fn spans() -> impl Strategy<Value = (Date, Date)> {
    select(&PERIODS[..]).prop_map(|(_, start, end)| (day(start), day(end)))
}

fn aims() -> impl Strategy<Value = (usize, Aim)> {
    let due = days().prop_map(|end| (None, end, TargetKind::Cumulative));
    let of_period = (spans(), any::<bool>()).prop_map(|((start, end), cumulative)| {
        (Some(start), end, if cumulative { TargetKind::Cumulative } else { TargetKind::Incremental })
    });
    (0usize..8, prop_oneof![1 => due, 5 => of_period], 0i64..20).prop_map(|(of, (start, end, kind), value)| {
        (of, Aim { indicator: 0, start, end, value: Decimal::from(value), kind })
    })
}

fn reps() -> impl Strategy<Value = (usize, Rep)> {
    (0usize..8, spans(), proptest::option::weighted(0.8, (0u64..50, hedges())))
        .prop_map(|(of, (start, end), value)| (of, Rep { indicator: 0, start, end, value, comment: false }))
}

pub(super) fn cases() -> impl Strategy<Value = Case> {
    let tables = (
        proptest::collection::vec(acts(), 1..8),
        proptest::collection::vec(atts(), 0..25),
        proptest::collection::vec(inds(), 1..5),
        proptest::collection::vec(aims(), 0..8),
        proptest::collection::vec(reps(), 0..5),
    );
    let frame = (
        subsequence(&PERIODS[..], 1..5),
        proptest::option::weighted(0.3, days()),
        select(vec![vec![0, 5, 12, 18, 60], vec![10, 18, 60], vec![0, 30, 150]]),
    );
    (tables, frame).prop_map(|((activities, atts, mut indicators, aims, reps), (periods, data_until, bands))| {
        let number = activities.len();
        let attendances: Vec<Att> = atts.into_iter().map(|(at, att)| Att { activity: at % number, ..att }).collect();
        settle(&mut indicators);
        let many = indicators.len();
        let mut targets: Vec<Aim> = aims.into_iter().map(|(of, aim)| Aim { indicator: of % many, ..aim }).collect();
        // One target for one span of an indicator.
        let mut seen = std::collections::BTreeSet::new();
        targets.retain(|aim| seen.insert((aim.indicator, aim.start, aim.end)));
        let mut reported: Vec<Rep> = reps.into_iter().map(|(of, rep)| Rep { indicator: of % many, ..rep }).collect();
        let mut seen = std::collections::BTreeSet::new();
        reported.retain(|rep| seen.insert((rep.indicator, rep.start, rep.end)));
        Case {
            start: day("2017-01-01"),
            end: day("2017-04-30"),
            data_until,
            bands,
            periods: periods.into_iter().map(|(code, start, end)| (code, day(start), day(end))).collect(),
            activities,
            people: 6,
            attendances,
            indicators,
            targets,
            reported,
        }
    })
}

/// Makes random indicators ones that ingest would let pass: ratios over earlier ones, columns that exist.
fn settle(indicators: &mut [Ind]) {
    for at in 0..indicators.len() {
        if let Calc::Ratio(over, under) = indicators[at].calc {
            indicators[at].calc = match at {
                0 => Calc::People,
                at => Calc::Ratio(over % at, under % at),
            };
        }
        let of_persons = knows_persons(indicators, at);
        let ind = &mut indicators[at];
        if !of_persons {
            ind.conditions.retain(Cond::of_activity);
            ind.by.retain(|(first, second)| first.of_activity() && second.is_none_or(By::of_activity));
        }
        if ind.calc == Calc::Reported || matches!(ind.calc, Calc::Ratio(..)) {
            ind.conditions.clear();
        }
        if ind.calc == Calc::Reported {
            ind.by.clear();
        }
    }
}

fn knows_persons(indicators: &[Ind], at: usize) -> bool {
    match indicators[at].calc {
        Calc::Ratio(over, under) => knows_persons(indicators, over) && knows_persons(indicators, under),
        Calc::Attendances | Calc::People => true,
        Calc::DistinctStatus | Calc::DistinctPerson | Calc::DistinctAge => true,
        _ => false,
    }
}

fn value(amount: Option<Amount>) -> Value {
    amount.map(|amount| (amount.from.normalize(), amount.to.normalize(), amount.hedge))
}

pub fn engine_line(project: &Project, id: IndicatorId, figure: &Figure) -> Line {
    let indicator = project.logframe.indicator(id);
    let by = indicator.axes.iter().zip(&figure.axes).map(|(axis, counted)| {
        let part = |part: &indicators::PartFigures| {
            let values = [value(part.period), value(part.served), value(part.cumulative)];
            (part_code(project, axis, part.key).into_owned(), values)
        };
        counted.parts.iter().map(part).collect::<BTreeMap<String, Triple>>()
    });
    let fraction = |progress: Option<Progress>| progress.map(|progress| (progress.from, progress.to));
    Line {
        values: [value(figure.period), value(figure.served), value(figure.cumulative)],
        by: by.collect(),
        level: value(figure.level),
        target: [figure.target_period, figure.target_due, figure.target_total],
        progress: fraction(figure.progress),
        progress_due: fraction(figure.progress_due),
        due_reached: figure.due_reached,
        status: figure.status.map(Status::code),
    }
}

/// Trailing zeros aside.
pub fn normalized(mut line: Line) -> Line {
    let triple = |values: &mut Triple| {
        for value in values.iter_mut().flatten() {
            (value.0, value.1) = (value.0.normalize(), value.1.normalize());
        }
    };
    triple(&mut line.values);
    line.by.iter_mut().flat_map(BTreeMap::values_mut).for_each(triple);
    line
}

fn adds_up(case: &Case, at: usize) -> bool {
    matches!(case.indicators[at].calc, Calc::Activities | Calc::Attendances | Calc::People | Calc::Sum)
}

fn check_sums(case: &Case, figures: &Figures) -> Result<(), TestCaseError> {
    for counted in &figures.periods {
        for (at, figure) in counted.figures.iter().enumerate().filter(|(at, _)| adds_up(case, *at)) {
            for (axis, scope) in figure
                .axes
                .iter()
                .flat_map(|axis| [Scope::Period, Scope::Served, Scope::Cumulative].map(|scope| (axis, scope)))
            {
                let sum: Decimal = axis.parts.iter().filter_map(|part| part.value(scope)).map(|part| part.from).sum();
                let total = figure.value(scope).map_or(Decimal::ZERO, |total| total.from);
                prop_assert_eq!(sum, total, "parts of I{} in {} {:?}", at, counted.period.code, scope);
            }
        }
    }
    Ok(())
}

/// Rows of evidence are the figure of the project as a whole.
fn check_evidence(case: &Case, figures: &Figures) -> Result<(), TestCaseError> {
    let whole = figures.periods.last().unwrap();
    for (at, (evidence, figure)) in figures.evidence.iter().zip(&whole.figures).enumerate() {
        let rows = match (evidence, case.indicators[at].calc) {
            (Evidence::Activities { rows, .. }, Calc::Activities) => rows.len(),
            (Evidence::Attendances { rows }, Calc::Attendances) => rows.len(),
            (Evidence::Attendances { rows }, Calc::People) => rows.iter().filter(|row| row.is_first).count(),
            _ => continue,
        };
        prop_assert_eq!(figure.cumulative, Some(Amount::count(rows as u64)), "evidence of I{}", at);
    }
    Ok(())
}

/// What indicators count together are the rows that any of them counts, and those say whom and what they are about.
fn check_together(project: &Project, figures: &Figures) -> Result<(), TestCaseError> {
    let counted: Vec<&CountedAttendances> = figures
        .evidence
        .iter()
        .filter_map(|evidence| match evidence {
            Evidence::Attendances { rows } => Some(rows),
            _ => None,
        })
        .collect();
    for end in project.logframe.periods.iter().map(|period| period.end) {
        let any: BTreeSet<(Date, u32)> = counted
            .iter()
            .flat_map(|rows| rows.iter())
            .filter(|row| row.day <= end)
            .map(|row| (row.day, row.index))
            .collect();
        let together = CountedAttendances::union(counted.iter().copied(), end);
        let rows: Vec<CountedAttendance> = together.iter().flat_map(|rows| rows.iter()).collect();
        prop_assert_eq!(rows.len(), any.len());
        prop_assert_eq!(rows.len(), together.map_or(0, |rows| rows.len()));
        prop_assert_eq!(&rows.iter().map(|row| (row.day, row.index)).collect::<BTreeSet<_>>(), &any);
        let attendance = |row: &CountedAttendance| &project.persons.attendances[row.index as usize];
        for row in &rows {
            prop_assert_eq!((row.activity, row.person), (attendance(row).activity, attendance(row).person));
        }
        let order = |row: &CountedAttendance| {
            let attendance = attendance(row);
            let activity = project.activities.code_of(attendance.activity);
            (row.day, activity, &project.persons.sessions[attendance.session as usize], attendance.row)
        };
        prop_assert!(rows.iter().map(order).is_sorted());
    }
    Ok(())
}

/// What is explained and what is left out are all rows of the table together.
fn check_explanations(case: &Case, project: &Project, figures: &Figures) -> Result<(), TestCaseError> {
    for counted in &figures.periods {
        for (id, figure) in project.logframe.indicator_ids().zip(&counted.figures) {
            let explanation = indicators::explain(project, figures, id, &counted.period);
            let left: u64 = explanation.omitted.values().sum();
            let rows = explanation.rows.len() as u64;
            let (of_table, is_figure) = match case.indicators[usize::from(id.0)].calc {
                Calc::Activities => (case.activities.len(), true),
                Calc::Sum | Calc::Reach | Calc::DistinctKind | Calc::DistinctPlace => (case.activities.len(), false),
                Calc::Attendances | Calc::People => (case.attendances.len(), true),
                Calc::Ratio(..) | Calc::Reported => continue,
                _ => (case.attendances.len(), false),
            };
            prop_assert_eq!(rows + left, of_table as u64);
            if is_figure {
                prop_assert_eq!(Some(Amount::count(rows)), figure.period);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, max_shrink_iters: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn engine_and_naive_implementation_agree(case in cases()) {
        let project = case.project();
        let figures = indicators::count(&project);
        for counted in &figures.periods {
            for (id, figure) in project.logframe.indicator_ids().zip(&counted.figures) {
                let engine = engine_line(&project, id, figure);
                let by_hand = naive::line(&case, usize::from(id.0), (counted.period.start, counted.period.end));
                prop_assert_eq!(engine, normalized(by_hand), "I{} in {}", id.0, counted.period.code);
            }
        }
        check_sums(&case, &figures)?;
        check_evidence(&case, &figures)?;
        check_together(&project, &figures)?;
        check_explanations(&case, &project, &figures)?;
    }

    #[test]
    fn first_contacts_of_months_add_up(case in cases()) {
        let months: Vec<_> =
            PERIODS[..4].iter().map(|(code, start, end)| (*code, day(start), day(end))).collect();
        let figures = indicators::count(&Case { periods: months, ..case.clone() }.project());
        let (whole, months) = figures.periods.split_last().unwrap();
        for (at, ind) in case.indicators.iter().enumerate().filter(|(_, ind)| ind.calc == Calc::People) {
            let sum: Decimal = months.iter().map(|month| month.figures[at].period.unwrap().from).sum();
            prop_assert_eq!(sum, whole.figures[at].cumulative.unwrap().from, "{:?}", ind);
        }
    }
}
