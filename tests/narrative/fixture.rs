use std::collections::BTreeMap;
use std::fs;

use donor_report::diagnostic::{Catalogue, Problem};
use donor_report::disclosure::{Released, ReleasedAxis, ReleasedFigure, ReleasedPart, ReleasedPeriod, ReleasedValue};
use donor_report::indicators::{Coverage, Figure, Key, PartKey, Progress, Status};
use donor_report::locale::Locale;
use donor_report::model::{
    Activity, ActivityId, ActivityStatus, ActivityTable, AgeBands, Amount, Attendance, Axis, AxisSide, Birth,
    Calculation, Category, Column, ColumnId, ColumnKind, Direction, Donor, Hedge, Implementer, Indicator, IndicatorId,
    Lang, LanguageLayout, Level, Limits, Lists, Logframe, Participants, Partner, Period, PeriodRules, Person, PersonId,
    PersonState, PersonTable, Picture, Privacy, ProgressLimits, Project, ReportSettings, ReportedValue, ResultId,
    ResultNode, RowRef, Settings, SheetId, Sources, StateId, Text, Theme, Value,
};
use donor_report::report::block::{Block, Inline};
use donor_report::report::document::FigureSource;
use donor_report::report::narrative::{CheckRules, Narratives, ProseContext};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

pub fn text(mk: &str, en: &str) -> Text {
    [(Lang::new("mk"), mk.to_owned()), (Lang::new("en"), en.to_owned())].into_iter().collect()
}

fn row(row: u32) -> RowRef {
    RowRef::whole(SheetId(0), row)
}

pub fn period(code: &str, start: Date, end: Date) -> Period {
    Period { code: code.to_owned(), start, end }
}

fn report(name: &str, documents: &[&[&str]]) -> ReportSettings {
    ReportSettings {
        name: name.to_owned(),
        profile: "quarterly".to_owned(),
        periods: vec!["2017-Q1".to_owned(), "2017-Q2".to_owned()],
        of_kind: Default::default(),
        not_ended: Vec::new(),
        dates: BTreeMap::from([("2017-Q2".to_owned(), date(2017, 7, 18))]),
        documents: documents.iter().map(|languages| languages.iter().map(|lang| Lang::new(lang)).collect()).collect(),
        annexes: Vec::new(),
        donors: vec!["MFA".to_owned()],
        indicators: None,
        key_figures: None,
        layout: LanguageLayout::Sequential,
        formats: vec![donor_report::model::DocumentFormat::Pdf],
        template: None,
        suppress_below: 5,
        limits_by_axis: BTreeMap::new(),
        participants: Participants::None,
        attach: true,
    }
}

fn settings() -> Settings {
    Settings {
        code: "TEST-1".to_owned(),
        languages: vec![Lang::new("mk"), Lang::new("en")],
        start: date(2017, 1, 1),
        end: date(2017, 12, 31),
        data_until: None,
        draft: false,
        notice: Text::default(),
        title: text("Проект *со* <знаци>", "Project *with* <signs> {{actual}}"),
        implementer: Some(Implementer { name: text("Здружение", "Association"), logo: None }),
        donors: vec![Donor {
            code: "MFA".to_owned(),
            name: text("Министерство", "Ministry"),
            grant: None,
            amount: None,
            logo: None,
            acknowledgement: Text::default(),
        }],
        partners: vec![
            Partner { name: text("ДРОМ", "DROM"), role: text("партнер", "partner") },
            Partner { name: text("РЦОР", "RCOR"), role: Text::default() },
        ],
        periods: PeriodRules { quarters: true, ..PeriodRules::default() },
        reports: vec![report("quarterly", &[&["mk"], &["en"]]), report("final", &[&["mk", "en"]])],
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
            suppress_below: 5,
            limits_by_axis: BTreeMap::new(),
            participants: Participants::None,
            key: None,
            public: Vec::new(),
        },
        images: vec![Picture {
            large: false,
            credit: Default::default(),
            file: "images/a.jpg".to_owned(),
            alt: text("Луѓе на маса", "People at a table"),
            caption: text("Тркалезна маса", "Round table"),
        }],
        signatures: Vec::new(),
        administration: Default::default(),
        theme: Theme::default(),
        iati: BTreeMap::new(),
        limits: Limits { unpacked_mib: 4096, cells: 1_000_000, cell_length: 32_767, attachment_mib: 10 },
    }
}

fn indicator(code: &str, calculation: Calculation, target: Option<Decimal>) -> Indicator {
    Indicator {
        code: code.to_owned(),
        title: text(&format!("Показател {code}"), &format!("Indicator {code}")),
        unit: text("лица", "persons"),
        level: Some(Level::Output),
        result: Some(ResultId(0)),
        calculation,
        calculation_text: String::new(),
        conditions: Vec::new(),
        where_text: String::new(),
        axes: Vec::new(),
        baseline: None,
        baseline_use: None,
        target,
        direction: Direction::Increase,
        aggregation: None,
        plan: None,
        definition: Text::default(),
        verification: Text::default(),
        row: row(2),
    }
}

fn figure(
    period: Option<Amount>,
    target: Option<Decimal>,
    progress: Option<(&str, &str)>,
    status: Option<Status>,
) -> Figure {
    let progress = progress.map(|(from, to)| Progress { from: decimal(from), to: decimal(to) });
    Figure {
        period,
        served: None,
        cumulative: period,
        level: period,
        target_period: None,
        target_due: target,
        is_due_by_time: false,
        target_total: target,
        progress,
        progress_due: progress,
        due_reached: None,
        status,
        axes: Vec::new(),
        coverage: Coverage::default(),
        data_until: None,
    }
}

pub fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn column(name: &str, entries: &[(&str, &str, &str)]) -> Column {
    Column {
        name: name.to_owned(),
        label: Text::default(),
        kind: ColumnKind::Category,
        list: None,
        entries: entries.iter().map(|(code, mk, en)| ((*code).to_owned(), text(mk, en))).collect(),
    }
}

fn activity(
    code: u32,
    title: (&str, &str),
    day: Option<Date>,
    status: ActivityStatus,
    values: Vec<Value>,
    at: u32,
) -> Activity {
    Activity {
        code,
        title: text(title.0, title.1),
        status,
        date: day,
        end_date: None,
        month_only: false,
        values: values.into(),
        row: row(at),
    }
}

/// The invented activities with columns of their own: partner and result; trainer, which the contract doesn't know.
fn activities() -> ActivityTable {
    let mut table = listed_activities();
    let one = |category: u32| Value::One(Category(category));
    let mut trainer = column("Обучувач / Trainer", &[("Ана", "Ана", "Ана"), ("Марко", "Марко", "Марко")]);
    trainer.entries =
        trainer.entries.iter().map(|entry| (entry.code.to_owned(), text(entry.code, entry.code))).collect();
    let columns = [
        (column("partner", &[("D", "ДРОМ", "DROM"), ("R", "РЦОР", "RCOR")]), [one(0), one(1), one(0), one(0)]),
        (column("result", &[("O1", "Исход", "Outcome")]), [one(0), Value::Blank, one(0), one(0)]),
        (trainer, [one(0), one(1), Value::Blank, one(1)]),
        (column("count", &[("x", "x", "x")]), [one(0), one(0), one(0), one(0)]),
    ];
    for (column, values) in columns {
        table.columns.push(column);
        for (row, value) in table.rows.iter_mut().zip(values) {
            row.values = row.values.iter().cloned().chain([value]).collect();
        }
    }
    for name in ["type", "municipality"] {
        let column = table.columns.iter_mut().find(|column| column.name == name).expect("a column");
        column.list = Some(name.to_owned());
    }
    table
}

/// Two people at A2 in May, one of them twice; one at A1; one at A3, which is only planned; one at A0 in the first quarter.
fn attendances() -> Vec<Attendance> {
    let attendance = |activity: u32, person: u32, day: Option<Date>, at: u32| Attendance {
        activity: ActivityId(activity),
        person: PersonId(person),
        state: StateId(0),
        day,
        session: at,
        row: row(at),
    };
    vec![
        attendance(0, 0, None, 2),
        attendance(0, 0, Some(date(2017, 5, 3)), 3),
        attendance(0, 1, Some(date(2017, 5, 3)), 4),
        attendance(0, 2, Some(date(2017, 11, 3)), 5),
        attendance(2, 1, Some(date(2017, 5, 3)), 6),
        attendance(3, 0, None, 7),
    ]
}

fn listed_activities() -> ActivityTable {
    let number = |n: u64| Value::from(Amount::count(n));
    let one = |category: u32| Value::One(Category(category));
    let mut reached = column("reached", &[]);
    reached.kind = ColumnKind::Count;
    ActivityTable {
        head_counts: donor_report::model::HeadCounts::default(),
        columns: vec![
            column("type", &[("training", "обука", "training"), ("seminar", "семинар", "seminar")]),
            column(
                "municipality",
                &[("K", "Куманово", "Kumanovo"), ("B", "Бутел", "Butel"), ("G", "Гевгелија", "Gevgelija")],
            ),
            reached,
        ],
        rows: vec![
            activity(
                0,
                ("Втора", "Second"),
                Some(date(2017, 5, 2)),
                ActivityStatus::Completed,
                vec![one(0), one(1), number(20)],
                3,
            ),
            activity(
                1,
                ("Прва | `x` *", "First | `x` *"),
                Some(date(2017, 4, 1)),
                ActivityStatus::Completed,
                vec![one(1), one(0), Value::Blank],
                2,
            ),
            activity(2, ("Трета", "Third"), None, ActivityStatus::Planned, vec![one(0), one(2), Value::Blank], 4),
            activity(
                3,
                ("Рана", "Early"),
                Some(date(2017, 2, 1)),
                ActivityStatus::Completed,
                vec![one(0), one(2), number(7)],
                5,
            ),
        ],
        codes: ["A2", "A1", "A3", "A0"].into_iter().collect(),
    }
}

/// I1 counts people by sex (M hidden, X withheld); I2 is approximate; I3 absent; I4 an interval; I5 three activities; R1 a ratio.
pub fn project() -> Project {
    let mut people = indicator("I1", Calculation::People, Some(500.into()));
    people.axes = vec![Axis { text: "sex".to_owned(), first: AxisSide::Person(ColumnId(0)), second: None }];
    people.definition = text("Луѓе што добиле поддршка.", "People who got support.");
    let mut reported = indicator("I3", Calculation::Reported, None);
    reported.baseline = Some(10.into());
    let quarters = [
        period("2017-Q1", date(2017, 1, 1), date(2017, 3, 31)),
        period("2017-Q2", date(2017, 4, 1), date(2017, 6, 30)),
    ];
    Project {
        settings: settings(),
        sources: Sources::default(),
        lists: Lists::default(),
        logframe: Logframe {
            results: vec![ResultNode {
                code: "O1".to_owned(),
                title: text("Исход", "Outcome"),
                level: Some(Level::Outcome),
                parent: None,
                assumptions: Text::default(),
                row: row(2),
            }],
            indicators: vec![
                people,
                indicator("I2", Calculation::Reported, None),
                reported,
                indicator("I4", Calculation::Reach(ColumnId(2)), Some(20.into())),
                indicator("I5", Calculation::Activities, Some(3.into())),
                indicator("R1", Calculation::Ratio(IndicatorId(0), IndicatorId(4)), Some(decimal("0.5"))),
            ],
            targets: Vec::new(),
            reported: vec![ReportedValue {
                indicator: IndicatorId(0),
                period: quarters[1].clone(),
                value: None,
                comment: text("Повеќе обуки.", "More trainings."),
                action: Text::default(),
                source: Text::default(),
                row: row(2),
            }],
            periods: quarters.to_vec(),
        },
        activities: activities(),
        persons: PersonTable {
            columns: vec![column("sex", &[("F", "женски", "female"), ("M", "машки", "male"), ("X", "друго", "other")])],
            rows: (0..3).map(|person| Person { code: format!("U-{person}"), row: row(person + 2) }).collect(),
            states: vec![PersonState { birth: Birth::Unknown, values: vec![Value::Blank] }],
            attendances: attendances(),
            ..PersonTable::default()
        },
    }
}

pub fn released(project: &Project) -> Released {
    let part = |category: u32, shown: ReleasedValue| ReleasedPart {
        key: PartKey::One(Key::Category(Category(category))),
        period: shown,
        served: shown,
        cumulative: shown,
    };
    let sex = ReleasedAxis {
        withheld: false,
        parts: vec![
            part(0, ReleasedValue::Value(Some(Amount::count(510)))),
            part(1, ReleasedValue::Below(5)),
            part(2, ReleasedValue::Withheld),
        ],
    };
    let about = |from: u64, to: u64, hedge, rounding_exponent| Amount {
        from: from.into(),
        to: to.into(),
        hedge: Some(hedge),
        rounding_exponent,
    };
    let figures = |people: u64| {
        let reached = people >= 500;
        let progress = decimal(&people.to_string()) / Decimal::from(500);
        let mut first = figure(
            Some(Amount::count(people)),
            Some(500.into()),
            Some((&progress.to_string(), &progress.to_string())),
            Some(if reached { Status::Achieved } else { Status::OffTrack }),
        );
        first.served = Some(Amount::count(people + 21));
        (first.target_due, first.target_period) = (Some(490.into()), Some(240.into()));
        let plain = |figure: Figure| ReleasedFigure { totals: figure, axes: Vec::new() };
        vec![
            ReleasedFigure { totals: first, axes: vec![sex.clone()] },
            plain(figure(Some(about(84_017, 84_017, Hedge::Approximately, 3)), None, None, Some(Status::NoTarget))),
            plain(figure(None, None, None, None)),
            plain(figure(
                Some(about(16, 32, Hedge::About, 0)),
                Some(20.into()),
                Some(("0.8", "1.6")),
                Some(Status::Undetermined),
            )),
            plain(figure(Some(Amount::count(3)), Some(3.into()), Some(("1", "1")), Some(Status::Achieved))),
            plain(figure(
                Some(Amount::exact(decimal("0.6"))),
                Some(decimal("0.5")),
                Some(("1.2", "1.2")),
                Some(Status::Achieved),
            )),
        ]
    };
    let [first, second] = [400, 518];
    let periods = &project.logframe.periods;
    Released {
        without_evidence: Default::default(),
        suppress_below: 5,
        participants: Participants::None,
        periods: vec![
            ReleasedPeriod { period: periods[0].clone(), figures: figures(first) },
            ReleasedPeriod { period: periods[1].clone(), figures: figures(second) },
        ],
    }
}

/// A folder of prose: paths below `narrative/` with their texts.
pub fn load(project: &Project, files: &[(&str, &str)]) -> (Narratives, Vec<Problem>) {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join("narrative").join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let (narratives, problems) = Narratives::load(folder.path(), &project.settings);
    (narratives, problems)
}

pub fn check(files: &[(&str, &str)]) -> Vec<String> {
    let project = project();
    let released = released(&project);
    let (narratives, mut problems) = load(&project, files);
    let rules = CheckRules {
        released: project.settings.reports.iter().map(|report| (report.name.clone(), &released)).collect(),
        ..CheckRules::default()
    };
    problems.extend(narratives.check(&project.logframe, &project.settings, &rules));
    format_problems(&problems)
}

/// `error[code] file:line:column … (nearest)`, for comparing.
pub fn format_problems(problems: &[Problem]) -> Vec<String> {
    problems
        .iter()
        .map(|problem| {
            let places: Vec<String> = problem
                .places
                .iter()
                .map(|place| {
                    let file = place.file.trim_start_matches("narrative/");
                    place.spot_name().map_or(file.to_owned(), |spot| format!("{file}:{spot}"))
                })
                .collect();
            let variant = problem.variant.map(|variant| format!("/{variant}")).unwrap_or_default();
            let nearest = problem.args.get("nearest").map(|name| format!(" → {name}")).unwrap_or_default();
            format!("{} {}{variant} {}{nearest}", problem.severity.code(), problem.code, places.join(" "))
        })
        .collect()
}

/// Every problem has sentences in both languages of messages, with all their places filled.
pub fn assert_worded(problems: &[Problem]) {
    for lang in ["en", "mk"] {
        let catalogue = Catalogue::new(lang);
        for problem in problems {
            let sentences = catalogue.sentences(problem);
            assert_ne!(sentences.message, problem.code, "no sentence for {}", problem.code);
        }
    }
}

pub fn render_in(lang: &str, files: &[(&str, &str)], period: usize) -> Result<Vec<Block>, Vec<Problem>> {
    let project = project();
    render_of(&project, &released(&project), lang, files, period).map(|(blocks, _)| blocks)
}

/// A project's section with what is to be said of it.
pub fn render_of(
    project: &Project,
    released: &Released,
    lang: &str,
    files: &[(&str, &str)],
    period: usize,
) -> Result<(Vec<Block>, Vec<Problem>), Vec<Problem>> {
    let (narratives, _) = load(project, files);
    let locale = Locale::new(&Lang::new(lang)).expect("a language");
    let context = ProseContext { project, released, locale: &locale };
    let report = &project.settings.reports[0];
    let section = narratives.render(report, &project.logframe.periods[period], "summary", &context)?;
    let section = section.expect("a section");
    Ok((section.blocks, section.warnings))
}

/// One section in the second quarter.
pub fn render(lang: &str, text: &str) -> Result<Vec<Block>, Vec<Problem>> {
    render_in(lang, &[(&format!("quarterly/summary.{lang}.md"), text)], 1)
}

/// Its text, blocks parted by line breaks.
pub fn printed(lang: &str, text: &str) -> String {
    match render(lang, text) {
        Ok(blocks) => blocks.iter().map(block_text).collect::<Vec<_>>().join("\n"),
        Err(problems) => {
            assert_worded(&problems);
            format_problems(&problems).join("\n")
        }
    }
}

pub fn block_text(block: &Block) -> String {
    match block {
        Block::Paragraph { content } | Block::Heading { content, .. } => line_text(content),
        Block::List { items, .. } => {
            let item = |item: &Vec<Block>| format!("- {}", item.iter().map(block_text).collect::<Vec<_>>().join(" "));
            items.iter().map(item).collect::<Vec<_>>().join("\n")
        }
        other => format!("{other:?}"),
    }
}

fn line_text(content: &[Inline]) -> String {
    content
        .iter()
        .map(|inline| match inline {
            Inline::Text { text } | Inline::Figure { text, .. } | Inline::Code { text } => text.clone(),
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                line_text(content)
            }
            Inline::Footnote { .. } => "[note]".to_owned(),
            Inline::LineBreak => "\n".to_owned(),
        })
        .collect()
}

/// `{{actual "I1"}}` of the fixture's second quarter.
pub fn people_in_period() -> Inline {
    let value = rust_decimal::Decimal::from(518);
    let place = Some("/indicators/0/actual/period".to_owned());
    Inline::Figure {
        text: "518".to_owned(),
        indicator: "I1".to_owned(),
        id: None,
        source: Some(FigureSource { place, from: value, to: value }),
    }
}
