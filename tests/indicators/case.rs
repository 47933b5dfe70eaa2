//! A small project as plain data, printed whole when a test fails; all of it is invented.

use donor_report::model::*;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// Words that cells of a column hold: one, several, or none.
pub type Words = Vec<&'static str>;

#[derive(Clone, Debug)]
pub struct Case {
    pub start: Date,
    pub end: Date,
    pub data_until: Option<Date>,
    pub bands: Vec<u8>,
    /// Beside the project as a whole.
    pub periods: Vec<(&'static str, Date, Date)>,
    pub activities: Vec<Act>,
    pub people: u32,
    pub attendances: Vec<Att>,
    pub indicators: Vec<Ind>,
    pub targets: Vec<Aim>,
    pub reported: Vec<Rep>,
}

#[derive(Clone, Debug)]
pub struct Act {
    pub status: ActivityStatus,
    pub date: Option<Date>,
    pub end_date: Option<Date>,
    pub kind: Words,
    pub place: Words,
    pub reached: Option<(u64, Option<Hedge>)>,
}

#[derive(Clone, Debug)]
pub struct Att {
    pub activity: usize,
    pub person: u32,
    pub day: Option<Date>,
    /// Index into [`SESSIONS`].
    pub session: u32,
    pub sex: Words,
    pub status: Words,
    pub birth: Birth,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Calc {
    Activities,
    Attendances,
    People,
    Sum,
    Reach,
    DistinctKind,
    DistinctPlace,
    DistinctStatus,
    DistinctPerson,
    DistinctAge,
    Ratio(usize, usize),
    Reported,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum By {
    Kind,
    Place,
    Sex,
    Status,
    Age,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Cond {
    Kind { negated: bool, any: Words },
    Place { negated: bool, any: Words },
    Reached(Op, u64),
    Held(Op, Date),
    Sex { negated: bool, any: Words },
    Status { negated: bool, any: Words },
    Age(Op, u8),
    Born(Op, i16),
    Attended(Op, Date),
    Person { negated: bool, any: Vec<u32> },
}

#[derive(Clone, Debug)]
pub struct Ind {
    pub calc: Calc,
    pub conditions: Vec<Cond>,
    pub by: Vec<(By, Option<By>)>,
    pub baseline: Option<Decimal>,
    pub baseline_use: Option<BaselineUse>,
    pub target: Option<Decimal>,
    pub direction: Direction,
    pub aggregation: Option<Aggregation>,
    pub plan: Option<Plan>,
}

#[derive(Clone, Debug)]
pub struct Aim {
    pub indicator: usize,
    /// Start none: due on the end.
    pub start: Option<Date>,
    pub end: Date,
    pub value: Decimal,
    pub kind: TargetKind,
}

#[derive(Clone, Debug)]
pub struct Rep {
    pub indicator: usize,
    pub start: Date,
    pub end: Date,
    pub value: Option<(u64, Option<Hedge>)>,
    pub comment: bool,
}

pub const KINDS: [&str; 3] = ["training", "clinic", "campaign"];
pub const PLACES: [&str; 3] = ["Kumanovo", "Butel", "Gevgelija"];
pub const SESSIONS: [&str; 3] = ["", "morning", "evening"];
pub const SEXES: [&str; 2] = ["F", "M"];
pub const STATUSES: [&str; 3] = ["refugee", "asylum seeker", "official"];

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

impl Case {
    /// The first half of 2017 in quarters, with nothing in it.
    pub fn new() -> Case {
        Case {
            start: day("2017-01-01"),
            end: day("2017-06-30"),
            data_until: None,
            bands: vec![0, 5, 12, 18, 60],
            periods: vec![
                ("2017-Q1", day("2017-01-01"), day("2017-03-31")),
                ("2017-Q2", day("2017-04-01"), day("2017-06-30")),
            ],
            activities: Vec::new(),
            people: 0,
            attendances: Vec::new(),
            indicators: Vec::new(),
            targets: Vec::new(),
            reported: Vec::new(),
        }
    }

    /// A completed activity.
    pub fn act(mut self, date: &str, kind: &'static str, place: &'static str) -> Case {
        let words = |word: &'static str| if word.is_empty() { vec![] } else { word.split(';').collect() };
        self.activities.push(Act {
            status: ActivityStatus::Completed,
            date: Some(day(date)),
            end_date: None,
            kind: words(kind),
            place: words(place),
            reached: None,
        });
        self
    }

    pub fn last_act(mut self, change: impl FnOnce(&mut Act)) -> Case {
        change(self.activities.last_mut().unwrap());
        self
    }

    /// Somebody at an activity, both by number.
    pub fn att(mut self, activity: usize, person: u32) -> Case {
        self.people = self.people.max(person + 1);
        let (sex, status) = (vec![], vec![]);
        self.attendances.push(Att { activity, person, day: None, session: 0, sex, status, birth: Birth::Unknown });
        self
    }

    pub fn last_att(mut self, change: impl FnOnce(&mut Att)) -> Case {
        change(self.attendances.last_mut().unwrap());
        self
    }

    pub fn ind(mut self, calc: Calc) -> Case {
        self.indicators.push(Ind::new(calc));
        self
    }

    pub fn last_ind(mut self, change: impl FnOnce(&mut Ind)) -> Case {
        change(self.indicators.last_mut().unwrap());
        self
    }

    /// An incremental target of the last indicator for a period.
    pub fn aim(self, start: &str, end: &str, value: &str) -> Case {
        self.any_aim(Some(day(start)), end, value, TargetKind::Incremental)
    }

    /// A cumulative target of the last indicator, due on a day.
    pub fn due(self, end: &str, value: &str) -> Case {
        self.any_aim(None, end, value, TargetKind::Cumulative)
    }

    pub fn any_aim(mut self, start: Option<Date>, end: &str, value: &str, kind: TargetKind) -> Case {
        let indicator = self.indicators.len() - 1;
        self.targets.push(Aim { indicator, start, end: day(end), value: number(value), kind });
        self
    }

    /// A reported value of the last indicator.
    pub fn rep(mut self, start: &str, end: &str, value: Option<(u64, Option<Hedge>)>) -> Case {
        let indicator = self.indicators.len() - 1;
        self.reported.push(Rep { indicator, start: day(start), end: day(end), value, comment: value.is_none() });
        self
    }

    pub fn project(&self) -> Project {
        let mut sources = Sources::default();
        let mut sheet = |file: &str, sheet: Option<&str>| {
            sources.add(SheetSource { file: file.to_owned(), sheet: sheet.map(str::to_owned), is_by_cell: false })
        };
        let activities_sheet = sheet("activities.xlsx", Some("Activities"));
        let attendance_sheet = sheet("participants.xlsx", Some("Attendance"));
        let persons_sheet = sheet("participants.xlsx", Some("Participants"));
        let indicators_sheet = sheet("indicators.csv", None);
        let reported_sheet = sheet("reported.csv", None);
        let at = |sheet, index: usize| RowRef::whole(sheet, index as u32 + 2);
        let activities = self.activities.iter().enumerate().map(|(index, act)| Activity {
            code: index as u32,
            title: Text::default(),
            status: act.status,
            date: act.date,
            end_date: act.end_date,
            month_only: false,
            values: [cell(&act.kind, &KINDS), cell(&act.place, &PLACES), reached(act.reached)].into(),
            row: at(activities_sheet, index),
        });
        let mut states: Vec<PersonState> = Vec::new();
        let mut attendances = Vec::new();
        for (index, att) in self.attendances.iter().enumerate() {
            let values = vec![cell(&att.sex, &SEXES), cell(&att.status, &STATUSES)];
            let state = PersonState { birth: att.birth, values };
            let known = states.iter().position(|known| *known == state).unwrap_or(states.len());
            if known == states.len() {
                states.push(state);
            }
            attendances.push(Attendance {
                activity: ActivityId(att.activity as u32),
                person: PersonId(att.person),
                state: StateId(known as u32),
                day: att.day,
                session: att.session,
                row: at(attendance_sheet, index),
            });
        }
        let persons = PersonTable {
            columns: vec![column("sex", &SEXES), column("status", &STATUSES)],
            rows: (0..self.people)
                .map(|index| Person { code: format!("U-{index:02}"), row: at(persons_sheet, index as usize) })
                .collect(),
            states,
            attendances,
            sessions: SESSIONS.map(str::to_owned).to_vec(),
        };
        let mut periods: Vec<Period> =
            self.periods.iter().map(|(code, start, end)| period(code, *start, *end)).collect();
        periods.sort_by_key(|period| (period.start, period.end));
        periods.push(period(Period::PROJECT, self.start, self.end));
        let targets = self.targets.iter().enumerate().map(|(index, aim)| Target {
            indicator: IndicatorId(aim.indicator as u16),
            span: match aim.start {
                Some(start) => TargetSpan::Period(period("", start, aim.end)),
                None => TargetSpan::Due(aim.end),
            },
            value: aim.value,
            kind: aim.kind,
            row: at(indicators_sheet, 100 + index),
        });
        let reported = self.reported.iter().enumerate().map(|(index, rep)| ReportedValue {
            indicator: IndicatorId(rep.indicator as u16),
            period: period("", rep.start, rep.end),
            value: rep.value.map(|(value, hedge)| Amount { hedge, ..Amount::count(value) }),
            action: Text::default(),
            comment: if rep.comment { text("Delayed by snow.") } else { Text::default() },
            source: Text::default(),
            row: at(reported_sheet, index),
        });
        let logframe = Logframe {
            results: Vec::new(),
            indicators: self
                .indicators
                .iter()
                .enumerate()
                .map(|(index, ind)| ind.indicator(index, at(indicators_sheet, index)))
                .collect(),
            targets: targets.collect(),
            reported: reported.collect(),
            periods,
        };
        Project {
            settings: self.settings(),
            sources,
            lists: Lists::default(),
            logframe,
            activities: ActivityTable {
                head_counts: donor_report::model::HeadCounts::default(),
                columns: vec![column("type", &KINDS), column("municipality", &PLACES), counts("reached")],
                rows: activities.collect(),
                codes: (0..self.activities.len()).map(|index| format!("A-{index:02}")).collect(),
            },
            persons,
        }
    }

    fn settings(&self) -> Settings {
        Settings {
            code: "TEST-01".to_owned(),
            languages: vec![Lang::new("en")],
            start: self.start,
            end: self.end,
            data_until: self.data_until,
            draft: false,
            notice: text("Invented."),
            title: text("A project for tests"),
            implementer: None,
            donors: Vec::new(),
            partners: Vec::new(),
            periods: PeriodRules::default(),
            reports: Vec::new(),
            forms: Vec::new(),
            waivers: Vec::new(),
            progress: ProgressLimits {
                on_track: number("0.9"),
                at_risk: number("0.7"),
                over: Decimal::TWO,
                plan: None,
            },
            age_bands: AgeBands(self.bands.clone()),
            privacy: Privacy {
                suppress_below: 0,
                limits_by_axis: std::collections::BTreeMap::new(),
                participants: Participants::None,
                key: None,
                public: Vec::new(),
            },
            images: Vec::new(),
            signatures: Vec::new(),
            administration: Default::default(),
            theme: Theme::default(),
            iati: std::collections::BTreeMap::new(),
            limits: Limits { unpacked_mib: 1, cells: 1, cell_length: 1, attachment_mib: 1 },
        }
    }
}

impl Ind {
    pub fn new(calc: Calc) -> Ind {
        Ind {
            calc,
            conditions: Vec::new(),
            by: Vec::new(),
            baseline: None,
            baseline_use: None,
            target: None,
            direction: Direction::Increase,
            aggregation: None,
            plan: None,
        }
    }

    fn indicator(&self, index: usize, row: RowRef) -> Indicator {
        Indicator {
            code: format!("I{index}"),
            title: text("Invented indicator"),
            unit: text("persons"),
            level: Some(Level::Output),
            result: None,
            calculation: match self.calc {
                Calc::Activities => Calculation::Activities,
                Calc::Attendances => Calculation::Attendances,
                Calc::People => Calculation::People,
                Calc::Sum => Calculation::Sum(ColumnId(2)),
                Calc::Reach => Calculation::Reach(ColumnId(2)),
                Calc::DistinctKind => Calculation::Distinct(DistinctColumn::Activity(ColumnId(0))),
                Calc::DistinctPlace => Calculation::Distinct(DistinctColumn::Activity(ColumnId(1))),
                Calc::DistinctStatus => Calculation::Distinct(DistinctColumn::Person(ColumnId(1))),
                Calc::DistinctPerson => Calculation::Distinct(DistinctColumn::PersonCode),
                Calc::DistinctAge => Calculation::Distinct(DistinctColumn::Age),
                Calc::Ratio(over, under) => Calculation::Ratio(IndicatorId(over as u16), IndicatorId(under as u16)),
                Calc::Reported => Calculation::Reported,
            },
            calculation_text: format!("{:?}", self.calc),
            conditions: self.conditions.iter().map(Cond::condition).collect(),
            where_text: String::new(),
            axes: self.by.iter().map(|(first, second)| axis(*first, *second)).collect(),
            baseline: self.baseline,
            baseline_use: self.baseline_use,
            target: self.target,
            direction: self.direction,
            aggregation: self.aggregation,
            plan: self.plan,
            definition: Text::default(),
            verification: Text::default(),
            row,
        }
    }
}

impl Cond {
    /// Whether it counts activities only.
    pub fn of_activity(&self) -> bool {
        matches!(self, Cond::Kind { .. } | Cond::Place { .. } | Cond::Reached(..) | Cond::Held(..))
    }

    fn condition(&self) -> Condition {
        let categories =
            |any: &Words, list: &[&str]| any.iter().map(|word| Atom::Category(category(word, list))).collect();
        let (subject, negated, any) = match self {
            Cond::Kind { negated, any } => (Subject::Activity(ColumnId(0)), *negated, categories(any, &KINDS)),
            Cond::Place { negated, any } => (Subject::Activity(ColumnId(1)), *negated, categories(any, &PLACES)),
            Cond::Reached(op, limit) => {
                (Subject::Activity(ColumnId(2)), false, vec![Atom::Number(*op, Decimal::from(*limit))])
            }
            Cond::Held(op, day) => (Subject::ActivityDate, false, vec![Atom::Day(*op, *day, *day)]),
            Cond::Sex { negated, any } => (Subject::Person(ColumnId(0)), *negated, categories(any, &SEXES)),
            Cond::Status { negated, any } => (Subject::Person(ColumnId(1)), *negated, categories(any, &STATUSES)),
            Cond::Age(op, limit) => (Subject::Age, false, vec![Atom::Number(*op, Decimal::from(*limit))]),
            Cond::Born(op, limit) => (Subject::BirthYear, false, vec![Atom::Number(*op, Decimal::from(*limit))]),
            Cond::Attended(op, day) => (Subject::AttendanceDate, false, vec![Atom::Day(*op, *day, *day)]),
            Cond::Person { negated, any } => {
                (Subject::PersonCode, *negated, any.iter().copied().map(Atom::Index).collect())
            }
        };
        Condition { subject, negated, any, text: format!("{self:?}") }
    }
}

impl By {
    pub fn of_activity(self) -> bool {
        matches!(self, By::Kind | By::Place)
    }

    pub fn name(self) -> &'static str {
        match self {
            By::Kind => "type",
            By::Place => "municipality",
            By::Sex => "sex",
            By::Status => "status",
            By::Age => "age",
        }
    }

    fn part(self) -> AxisSide {
        match self {
            By::Kind => AxisSide::Activity(ColumnId(0)),
            By::Place => AxisSide::Activity(ColumnId(1)),
            By::Sex => AxisSide::Person(ColumnId(0)),
            By::Status => AxisSide::Person(ColumnId(1)),
            By::Age => AxisSide::Age,
        }
    }
}

fn axis(first: By, second: Option<By>) -> Axis {
    let text = match second {
        None => first.name().to_owned(),
        Some(second) => format!("{} × {}", first.name(), second.name()),
    };
    Axis { text, first: first.part(), second: second.map(By::part) }
}

fn category(word: &str, list: &[&str]) -> Category {
    Category(list.iter().position(|entry| *entry == word).unwrap() as u32)
}

fn cell(words: &Words, list: &[&str]) -> Value {
    match words.as_slice() {
        [] => Value::Blank,
        [word] => Value::One(category(word, list)),
        words => Value::Several(words.iter().map(|word| category(word, list)).collect::<Vec<_>>().into()),
    }
}

fn reached(count: Option<(u64, Option<Hedge>)>) -> Value {
    count.map_or(Value::Blank, |(count, hedge)| Value::from(Amount { hedge, ..Amount::count(count) }))
}

fn column(name: &str, list: &[&str]) -> Column {
    let entries = list.iter().map(|code| ((*code).to_owned(), Text::default())).collect();
    Column {
        name: name.to_owned(),
        label: Text::default(),
        kind: ColumnKind::Category,
        list: Some(name.to_owned()),
        entries,
    }
}

fn counts(name: &str) -> Column {
    Column {
        name: name.to_owned(),
        label: Text::default(),
        kind: ColumnKind::Count,
        list: None,
        entries: Default::default(),
    }
}

fn period(code: &str, start: Date, end: Date) -> Period {
    Period { code: code.to_owned(), start, end }
}

fn text(words: &str) -> Text {
    [(Lang::new("en"), words.to_owned())].into_iter().collect()
}
