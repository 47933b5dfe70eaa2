//! Invented projects for annexes, from a seed: every calculation, approximate and blank counts, crossed axes.

use std::collections::BTreeMap;

use donor_report::model::*;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

const SEX: AxisSide = AxisSide::Person(ColumnId(0));
const STATUS: AxisSide = AxisSide::Person(ColumnId(1));
const TYPE: AxisSide = AxisSide::Activity(ColumnId(0));
const PLACE: AxisSide = AxisSide::Activity(ColumnId(1));
const REACHED: ColumnId = ColumnId(2);

/// A text in Macedonian and English.
pub fn said(mk: &str, en: &str) -> Text {
    [(Lang::new("mk"), mk.to_owned()), (Lang::new("en"), en.to_owned())].into_iter().collect()
}

/// The same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(limit)) as u32
    }
}

/// How large an invented project is, and what its reports ask for.
#[derive(Clone, Copy)]
pub struct Size {
    pub seed: u64,
    pub activities: u32,
    pub persons: u32,
    pub attendances: u32,
    pub suppress_below: u32,
    pub participants: Participants,
}

pub fn small(seed: u64) -> Size {
    let participants = Participants::Pseudonymised;
    Size { seed, activities: 30, persons: 60, attendances: 200, suppress_below: 5, participants }
}

pub fn project(size: Size) -> Project {
    let mut dice = Dice(size.seed);
    let mut sources = Sources::default();
    let activity_sheet = sources.add(SheetSource {
        file: "activities.xlsx".into(),
        sheet: Some("Активности".into()),
        is_by_cell: false,
    });
    let person_sheet = sources.add(SheetSource { file: "persons.csv".into(), sheet: None, is_by_cell: false });
    let rows = (0..size.activities).map(|at| activity(at, activity_sheet, &mut dice)).collect();
    let states: Vec<PersonState> = (0..size.persons).map(|_| state(&mut dice)).collect();
    let attendances = (0..size.attendances).map(|at| Attendance {
        activity: ActivityId(dice.below(size.activities)),
        person: PersonId(if at < size.persons / 2 { at } else { dice.below(size.persons) }),
        state: StateId(0),
        day: None,
        session: 0,
        row: RowRef::whole(person_sheet, at + 2),
    });
    let attendances =
        attendances.map(|attendance| Attendance { state: StateId(attendance.person.0), ..attendance }).collect();
    let person = |at: u32| Person { code: format!("U-{at}"), row: RowRef::whole(person_sheet, at + 2) };
    Project {
        settings: settings(size),
        sources,
        lists: Lists::default(),
        logframe: logframe(),
        activities: ActivityTable {
            head_counts: donor_report::model::HeadCounts::default(),
            columns: activity_columns(),
            codes: (0..size.activities).map(|at| format!("A-{at:03}")).collect(),
            rows,
        },
        persons: PersonTable {
            columns: vec![
                column("sex", &[("F", "женски", "female"), ("M", "машки", "male")]),
                column("status", &[("a", "барател на азил", "asylum seeker"), ("r", "бегалец", "refugee")]),
            ],
            rows: (0..size.persons).map(person).collect(),
            states,
            attendances,
            sessions: vec![String::new()],
        },
    }
}

fn column(name: &str, entries: &[(&str, &str, &str)]) -> Column {
    let entry = |(code, mk, en): &(&str, &str, &str)| ((*code).to_owned(), said(mk, en));
    Column {
        name: name.to_owned(),
        label: Text::default(),
        kind: ColumnKind::Category,
        list: Some(name.to_owned()),
        entries: entries.iter().map(entry).collect(),
    }
}

fn activity_columns() -> Vec<Column> {
    let reached = Column {
        name: "reached".into(),
        label: Text::default(),
        kind: ColumnKind::Count,
        list: None,
        entries: Default::default(),
    };
    vec![
        column("type", &[("training", "обука", "training"), ("aid", "правна помош", "legal aid")]),
        // Labels that a criterion of COUNTIF would take for an operator or a wildcard, and two that are alike.
        column(
            "municipality",
            &[("k", "Куманово", "Kumanovo"), ("b", "<Бутел*", "<Butel*"), ("g", "Град", "Town"), ("h", "град", "town")],
        ),
        reached,
    ]
}

fn activity(at: u32, sheet: SheetId, dice: &mut Dice) -> Activity {
    let day = date(2030, 1, 1).checked_add(jiff::Span::new().days(dice.below(270))).unwrap();
    let place = Category(dice.below(4));
    let reached = match dice.below(6) {
        0 => Value::Blank,
        1 => Value::from(Amount { hedge: Some(Hedge::About), ..Amount::count(u64::from(dice.below(40) + 1) * 10) }),
        _ => Value::from(Amount::count(u64::from(dice.below(90)))),
    };
    let title = if at == 0 {
        said("=1+1", "+cmd|' /C calc'!A1")
    } else {
        said("Обука за права", "Training on rights")
    };
    Activity {
        code: at,
        title,
        status: if dice.below(8) == 0 { ActivityStatus::Planned } else { ActivityStatus::Completed },
        date: Some(day),
        end_date: None,
        month_only: false,
        values: [
            Value::One(Category(dice.below(2))),
            if dice.below(5) == 0 {
                Value::Several(vec![place, Category((place.0 + 1) % 4)].into())
            } else {
                Value::One(place)
            },
            reached,
        ]
        .into(),
        row: RowRef::whole(sheet, at + 2),
    }
}

fn state(dice: &mut Dice) -> PersonState {
    PersonState {
        birth: match dice.below(10) {
            0 => Birth::Unknown,
            _ => Birth::Year(1950 + dice.below(78) as i16),
        },
        values: vec![
            Value::One(Category(dice.below(2))),
            if dice.below(7) == 0 { Value::Blank } else { Value::One(Category(dice.below(2))) },
        ],
    }
}

fn axis(text: &str, first: AxisSide, second: Option<AxisSide>) -> Axis {
    Axis { text: text.to_owned(), first, second }
}

fn indicator(code: &str, calculation: Calculation) -> Indicator {
    Indicator {
        code: code.to_owned(),
        title: said(&format!("Показател {code}"), &format!("Indicator {code}")),
        unit: said("број", "number"),
        level: Some(Level::Output),
        result: None,
        calculation,
        calculation_text: String::new(),
        conditions: Vec::new(),
        where_text: String::new(),
        axes: Vec::new(),
        baseline: None,
        baseline_use: None,
        target: None,
        direction: Direction::Increase,
        aggregation: None,
        plan: None,
        definition: Text::default(),
        verification: Text::default(),
        row: RowRef::whole(SheetId(0), 2),
    }
}

fn logframe() -> Logframe {
    let (by_sex, by_type) = (axis("sex", SEX, None), axis("type", TYPE, None));
    let by_place = axis("municipality", PLACE, None);
    let crossed = axis("sex × age", SEX, Some(AxisSide::Age));
    let by_status = axis("status", STATUS, None);
    let women = Condition {
        subject: Subject::Person(ColumnId(0)),
        negated: false,
        any: vec![Atom::Category(Category(0))],
        text: "sex = F".into(),
    };
    let never = Condition {
        any: Vec::new(),
        text: "type = none".into(),
        subject: Subject::Activity(ColumnId(0)),
        negated: false,
    };
    let half = Some(Decimal::new(5, 1));
    let mut indicators = vec![
        Indicator {
            axes: vec![by_type.clone(), by_place.clone()],
            target: Some(40.into()),
            ..indicator("I1", Calculation::Activities)
        },
        Indicator { axes: vec![by_sex.clone()], target: Some(150.into()), ..indicator("I2", Calculation::Attendances) },
        Indicator {
            axes: vec![by_sex.clone(), crossed, by_place.clone(), by_status],
            target: Some(200.into()),
            baseline: Some(100.into()),
            baseline_use: Some(BaselineUse::Added),
            ..indicator("I3", Calculation::People)
        },
        // What is told apart before what is added up: columns of evidence are in another order.
        Indicator {
            axes: vec![by_place.clone(), by_type.clone()],
            target: Some(4.into()),
            ..indicator("I5", Calculation::Distinct(DistinctColumn::Activity(ColumnId(1))))
        },
        Indicator {
            axes: vec![by_place.clone(), by_type.clone()],
            target: Some(5000.into()),
            ..indicator("I4", Calculation::Sum(REACHED))
        },
        Indicator {
            axes: vec![by_type.clone()],
            target: Some(300.into()),
            ..indicator("I6", Calculation::Reach(REACHED))
        },
        Indicator { axes: vec![by_sex.clone()], conditions: vec![women], ..indicator("I7", Calculation::People) },
        Indicator {
            axes: vec![by_sex.clone()],
            target: half,
            baseline: Some(Decimal::new(2, 1)),
            ..indicator("I8", Calculation::Ratio(IndicatorId(6), IndicatorId(2)))
        },
        Indicator {
            direction: Direction::Decrease,
            baseline: Some(Decimal::new(125, 1)),
            target: Some(3.into()),
            aggregation: Some(Aggregation::Latest),
            ..indicator("I9", Calculation::Reported)
        },
        Indicator {
            aggregation: Some(Aggregation::Average),
            direction: Direction::Decrease,
            target: Some(1.into()),
            ..indicator("I10", Calculation::Reported)
        },
        Indicator {
            axes: vec![by_sex.clone(), by_place],
            ..indicator("I11", Calculation::Distinct(DistinctColumn::Person(ColumnId(1))))
        },
        Indicator { conditions: vec![never], target: Some(10.into()), ..indicator("I12", Calculation::People) },
        indicator("I13", Calculation::Ratio(IndicatorId(5), IndicatorId(0))),
        indicator("I14", Calculation::Ratio(IndicatorId(0), IndicatorId(11))),
        Indicator {
            axes: vec![by_sex, by_type],
            ..indicator("I15", Calculation::Distinct(DistinctColumn::PersonCode))
        },
        Indicator { aggregation: Some(Aggregation::Maximum), ..indicator("I16", Calculation::Reported) },
        Indicator {
            aggregation: Some(Aggregation::Sum),
            target: Some(30.into()),
            ..indicator("I 17/ж", Calculation::Reported)
        },
        Indicator {
            baseline: Some(12.into()),
            baseline_use: Some(BaselineUse::Reference),
            target: Some(12.into()),
            ..indicator("I18", Calculation::Activities)
        },
    ];
    for (at, result) in [(0, 1), (2, 0), (5, 1), (6, 1)] {
        indicators[at].result = Some(ResultId(result));
    }
    let result = |code: &str, level: Level, parent: Option<ResultId>| ResultNode {
        code: code.into(),
        title: said(&format!("Измислен резултат {code}"), &format!("Invented result {code}")),
        level: Some(level),
        parent,
        assumptions: said("Претпоставка", "An assumption"),
        row: RowRef::whole(SheetId(0), 2),
    };
    let results = vec![
        result("R1", Level::Outcome, None),
        result("R1.1", Level::Output, Some(ResultId(0))),
        result("R2", Level::Output, None),
    ];
    let periods = periods();
    let target = |indicator: u16, at: usize, value: u32| Target {
        indicator: IndicatorId(indicator),
        span: TargetSpan::Period(periods[at].clone()),
        value: value.into(),
        kind: TargetKind::Incremental,
        row: RowRef::whole(SheetId(0), 2),
    };
    let mut targets: Vec<Target> = [(0, 10), (1, 60), (2, 30), (4, 900), (5, 80)]
        .into_iter()
        .flat_map(|(id, value)| [target(id, 0, value), target(id, 1, value + 3)])
        .collect();
    targets.push(Target { kind: TargetKind::Cumulative, value: 9.into(), ..target(8, 0, 0) });
    targets.push(Target { kind: TargetKind::Cumulative, value: Decimal::new(3, 1), ..target(7, 1, 0) });
    let reported = |indicator: u16, at: usize, value: Option<Amount>| ReportedValue {
        indicator: IndicatorId(indicator),
        period: periods[at].clone(),
        value,
        comment: Text::default(),
        action: Text::default(),
        source: said("записник", "minutes"),
        row: RowRef::whole(SheetId(0), at as u32 + 2),
    };
    let about = |value: i64, scale: u32| {
        Some(Amount { hedge: Some(Hedge::Approximately), ..Amount::exact(Decimal::new(value, scale)) })
    };
    let exact = |value: i64, scale: u32| Some(Amount::exact(Decimal::new(value, scale)));
    let reported = vec![
        reported(8, 0, exact(11, 0)),
        reported(8, 1, exact(95, 1)),
        reported(9, 0, exact(1, 0)),
        reported(9, 1, exact(2, 0)),
        reported(9, 2, exact(4, 0)),
        reported(15, 0, exact(7, 1)),
        reported(15, 1, None),
        reported(16, 0, about(20, 0)),
        reported(16, 1, exact(7, 0)),
    ];
    Logframe { results, indicators, targets, reported, periods }
}

fn periods() -> Vec<Period> {
    let period = |code: &str, start: Date, end: Date| Period { code: code.to_owned(), start, end };
    vec![
        period("2030-Q1", date(2030, 1, 1), date(2030, 3, 31)),
        period("2030-Q2", date(2030, 4, 1), date(2030, 6, 30)),
        period("2030-Q3", date(2030, 7, 1), date(2030, 9, 30)),
        period("project", date(2030, 1, 1), date(2030, 9, 30)),
    ]
}

fn settings(size: Size) -> Settings {
    let languages = vec![Lang::new("mk"), Lang::new("en")];
    let report = ReportSettings {
        name: "quarterly".into(),
        profile: "quarterly".into(),
        periods: periods().into_iter().map(|period| period.code).collect(),
        of_kind: Default::default(),
        not_ended: Vec::new(),
        dates: BTreeMap::new(),
        documents: vec![languages.clone()],
        annexes: vec![languages.clone()],
        donors: vec!["D".into()],
        indicators: None,
        key_figures: None,
        layout: LanguageLayout::Sequential,
        formats: vec![donor_report::model::DocumentFormat::Pdf],
        template: None,
        suppress_below: size.suppress_below,
        limits_by_axis: BTreeMap::new(),
        participants: size.participants,
        attach: true,
    };
    let donor = Donor {
        code: "D".into(),
        name: said("Измислен донатор", "Invented donor"),
        grant: Some("G-1".into()),
        amount: None,
        logo: None,
        acknowledgement: Text::default(),
    };
    Settings {
        code: "INVENTED-1".into(),
        languages,
        start: date(2030, 1, 1),
        end: date(2030, 9, 30),
        data_until: None,
        draft: false,
        notice: said("Измислени податоци", "Invented data"),
        title: said("Измислен проект", "An invented project"),
        implementer: Some(Implementer {
            name: said("Измислено здружение", "Invented association"), logo: None
        }),
        donors: vec![donor],
        partners: Vec::new(),
        periods: PeriodRules::default(),
        reports: vec![report],
        forms: Vec::new(),
        waivers: Vec::new(),
        progress: ProgressLimits {
            on_track: Decimal::new(9, 1),
            at_risk: Decimal::new(7, 1),
            over: Decimal::TWO,
            plan: None,
        },
        age_bands: AgeBands(vec![0, 5, 12, 18, 60]),
        privacy: Privacy {
            suppress_below: size.suppress_below,
            limits_by_axis: BTreeMap::new(),
            participants: size.participants,
            key: None,
            public: Vec::new(),
        },
        images: Vec::new(),
        signatures: Vec::new(),
        administration: Default::default(),
        theme: Theme::default(),
        iati: BTreeMap::new(),
        limits: Limits { unpacked_mib: 64, cells: 1_000_000, cell_length: 32_767, attachment_mib: 10 },
    }
}
