//! An invented project, small enough to count by hand.

use donor_report::model::*;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

pub fn text(mk: &str, en: &str) -> Text {
    [(Lang::new("mk"), mk.to_owned()), (Lang::new("en"), en.to_owned())].into_iter().collect()
}

fn row(row: u32) -> RowRef {
    RowRef::whole(SheetId(0), row)
}

fn entry(code: &str, mk: &str, en: &str) -> (String, Text) {
    (code.to_owned(), text(mk, en))
}

fn column(name: &str, entries: Vec<(String, Text)>) -> Column {
    Column {
        name: name.to_owned(),
        label: Text::default(),
        kind: ColumnKind::Category,
        list: Some(name.to_owned()),
        entries: entries.into_iter().collect(),
    }
}

fn indicator(code: &str, titles: Text, calculation: Calculation, target: Option<u32>) -> Indicator {
    Indicator {
        code: code.to_owned(),
        title: titles,
        unit: text("лица", "people"),
        level: Some(Level::Output),
        result: Some(ResultId(1)),
        calculation,
        calculation_text: String::new(),
        conditions: Vec::new(),
        where_text: String::new(),
        axes: Vec::new(),
        baseline: None,
        baseline_use: None,
        target: target.map(Decimal::from),
        direction: Direction::Increase,
        aggregation: None,
        plan: None,
        definition: Text::default(),
        verification: text("листа на присутни", "attendance list"),
        row: row(2),
    }
}

fn activity(at: u32, day: Date, kind: u32, reached: Option<(u32, Option<Hedge>)>, status: ActivityStatus) -> Activity {
    let amount = reached.map(|(count, hedge)| Amount { hedge, ..Amount::count(u64::from(count)) });
    Activity {
        code: at,
        title: text(&format!("Измислена активност {at}"), &format!("Invented activity {at}")),
        status,
        date: Some(day),
        end_date: None,
        month_only: false,
        values: [Value::One(Category(kind)), Value::One(Category(at % 2)), amount.map_or(Value::Blank, Value::from)]
            .into(),
        row: row(at + 1),
    }
}

fn results() -> Vec<ResultNode> {
    let node = |code: &str, titles: Text, level: Level, parent: Option<u16>| ResultNode {
        code: code.to_owned(),
        title: titles,
        level: Some(level),
        parent: parent.map(ResultId),
        assumptions: Text::default(),
        row: row(2),
    };
    vec![
        node("R1", text("Институциите се поспособни", "Institutions are more able"), Level::Outcome, None),
        node("R1.1", text("Одржани се обуки", "Training is held"), Level::Output, Some(0)),
    ]
}

/// Two quarters of 2030; training for 40 persons, about 84,000 citizens reached, one indicator without a target.
pub fn project() -> Project {
    let sexes = vec![entry("F", "женски", "female"), entry("M", "машки", "male")];
    let types = vec![entry("training", "обука", "training"), entry("seminar", "семинар", "seminar")];
    let places = vec![entry("KU", "Куманово", "Kumanovo"), entry("GE", "Гевгелија", "Gevgelija")];
    let period = |code: &str, start: Date, end: Date| Period { code: code.to_owned(), start, end };
    let (start, end) = (date(2030, 1, 1), date(2030, 6, 30));
    let mut people = indicator("I1", text("Обучени лица", "People trained"), Calculation::People, Some(50));
    people.axes = vec![
        Axis { text: "sex".into(), first: AxisSide::Person(ColumnId(0)), second: None },
        Axis { text: "sex × age".into(), first: AxisSide::Person(ColumnId(0)), second: Some(AxisSide::Age) },
    ];
    people.conditions = vec![Condition {
        subject: Subject::Activity(ColumnId(0)),
        negated: false,
        any: vec![Atom::Category(Category(0)), Atom::Category(Category(1))],
        text: "type = training | seminar".into(),
    }];
    let citizens =
        indicator("I2", text("Запознаени граѓани", "Citizens reached"), Calculation::Sum(ColumnId(2)), Some(80_000));
    let held = indicator("I3", text("Одржани активности", "Activities held"), Calculation::Activities, None);
    let places_reached = indicator(
        "I4",
        text("Опфатени општини", "Municipalities covered"),
        Calculation::Distinct(DistinctColumn::Activity(ColumnId(1))),
        Some(4),
    );
    let states = (0..40)
        .map(|at| PersonState {
            birth: Birth::Age(20 + at as u8),
            values: vec![Value::One(Category(u32::from(at % 4 == 0)))],
        })
        .collect();
    let attendances = (0..40)
        .map(|at| Attendance {
            activity: ActivityId(0),
            person: PersonId(at),
            state: StateId(at),
            day: None,
            session: 0,
            row: row(at + 2),
        })
        .collect();
    let report = ReportSettings {
        name: "progress".into(),
        profile: "progress".into(),
        periods: vec!["2030-Q1".into()],
        of_kind: Default::default(),
        not_ended: Vec::new(),
        dates: Default::default(),
        documents: vec![vec![Lang::new("mk")], vec![Lang::new("en")]],
        annexes: Vec::new(),
        donors: vec!["D".into()],
        indicators: None,
        key_figures: None,
        layout: LanguageLayout::Sequential,
        formats: vec![donor_report::model::DocumentFormat::Pdf],
        template: None,
        suppress_below: 5,
        limits_by_axis: Default::default(),
        participants: Participants::Pseudonymised,
        attach: true,
    };
    Project {
        settings: Settings {
            code: "SAMPLE-1".into(),
            languages: vec![Lang::new("mk"), Lang::new("en")],
            start,
            end,
            data_until: None,
            draft: false,
            notice: text("Пример: сѐ е измислено.", "Example: all is invented."),
            title: text("Измислен проект", "An invented project"),
            implementer: Some(Implementer {
                name: text("Измислена организација", "Invented organisation"),
                logo: None,
            }),
            donors: vec![Donor {
                code: "D".into(),
                name: text("Измислен донатор", "Invented donor"),
                grant: Some("G-1".into()),
                amount: None,
                logo: None,
                acknowledgement: Text::default(),
            }],
            partners: Vec::new(),
            periods: PeriodRules { quarters: true, ..PeriodRules::default() },
            reports: vec![report],
            forms: Vec::new(),
            waivers: vec![Waiver {
                problem: "unknown-activity".into(),
                table: "attendance".into(),
                at_most: 3,
                reason: text("стари листи", "old lists"),
            }],
            progress: ProgressLimits {
                on_track: Decimal::new(9, 1),
                at_risk: Decimal::new(7, 1),
                over: Decimal::TWO,
                plan: None,
            },
            age_bands: AgeBands(vec![0, 5, 12, 18, 60]),
            privacy: Privacy {
                suppress_below: 5,
                limits_by_axis: Default::default(),
                participants: Participants::Pseudonymised,
                key: None,
                public: Vec::new(),
            },
            images: Vec::new(),
            signatures: Vec::new(),
            administration: Default::default(),
            theme: Theme::default(),
            iati: Default::default(),
            limits: Limits { unpacked_mib: 4096, cells: 1 << 28, cell_length: 1 << 20, attachment_mib: 10 },
        },
        sources: Sources {
            sheets: vec![SheetSource { file: "data.xlsx".into(), sheet: Some("Sheet".into()), is_by_cell: false }],
            ..Sources::default()
        },
        lists: Lists::default(),
        logframe: Logframe {
            results: results(),
            indicators: vec![people, citizens, held, places_reached],
            targets: Vec::new(),
            reported: Vec::new(),
            periods: vec![
                period("2030-Q1", start, date(2030, 3, 31)),
                period("2030-Q2", date(2030, 4, 1), end),
                period("project", start, end),
            ],
        },
        activities: ActivityTable {
            head_counts: donor_report::model::HeadCounts::default(),
            columns: vec![
                column("type", types),
                column("municipality", places),
                Column { kind: ColumnKind::Count, ..column("reached", Vec::new()) },
            ],
            rows: vec![
                activity(0, date(2030, 2, 1), 0, Some((40, None)), ActivityStatus::Completed),
                activity(1, date(2030, 3, 1), 1, Some((84_000, Some(Hedge::Approximately))), ActivityStatus::Completed),
                activity(2, date(2030, 5, 1), 1, None, ActivityStatus::Completed),
                activity(3, date(2030, 6, 1), 0, None, ActivityStatus::Planned),
            ],
            codes: ["A0", "A1", "A2", "A3"].into_iter().collect(),
        },
        persons: PersonTable {
            columns: vec![column("sex", sexes)],
            rows: (0..40).map(|at| Person { code: format!("U{at}"), row: row(at + 2) }).collect(),
            states,
            attendances,
            sessions: vec![String::new()],
        },
    }
}
