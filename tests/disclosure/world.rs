//! A small invented project, counted by plain loops: what disclosure is given, without ingest and engine.

use std::collections::{BTreeMap, BTreeSet};

use donor_report::indicators::{
    AxisFigures, CountedAttendances, Coverage, Evidence, Figure, Figures, Key, PartFigures, PartKey, PeriodFigures,
};
use donor_report::model::*;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

pub const SEX: AxisSide = AxisSide::Person(ColumnId(0));
pub const STATUS: AxisSide = AxisSide::Person(ColumnId(1));
pub const PLACE: AxisSide = AxisSide::Activity(ColumnId(0));

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    pub person: u32,
    pub day: Date,
    pub sex: u32,
    pub status: u32,
    pub age: u8,
    pub place: u32,
}

#[derive(Clone, Debug)]
pub struct World {
    /// In order of day.
    pub visits: Vec<Visit>,
    pub periods: Vec<Period>,
    pub indicators: Vec<(Calculation, Vec<Axis>)>,
    pub reports: Vec<ReportSettings>,
    /// For the first indicator.
    pub conditions: Vec<Condition>,
    pub key: Option<Vec<u8>>,
}

pub fn axis(first: AxisSide, second: Option<AxisSide>) -> Axis {
    let name = |part| match part {
        SEX => "sex",
        STATUS => "status",
        PLACE => "activity.municipality",
        _ => "age",
    };
    let text = match second {
        None => name(first).to_owned(),
        Some(second) => format!("{} × {}", name(first), name(second)),
    };
    Axis { text, first, second }
}

pub fn period(code: &str, start: Date, end: Date) -> Period {
    Period { code: code.to_owned(), start, end }
}

/// The quarters of an invented year, as many as wanted.
pub fn quarters(count: i8) -> Vec<Period> {
    let quarter = |at: i8| {
        let end = date(2017, at * 3 + 3, 1).last_of_month();
        period(&format!("2017-Q{}", at + 1), date(2017, at * 3 + 1, 1), end)
    };
    (0..count).map(quarter).collect()
}

pub fn report(name: &str, periods: &[&str], limit: u32) -> ReportSettings {
    ReportSettings {
        name: name.to_owned(),
        profile: "quarterly".to_owned(),
        periods: periods.iter().map(|code| (*code).to_owned()).collect(),
        of_kind: Default::default(),
        not_ended: Vec::new(),
        dates: BTreeMap::new(),
        documents: Vec::new(),
        annexes: Vec::new(),
        donors: Vec::new(),
        indicators: None,
        key_figures: None,
        layout: LanguageLayout::Sequential,
        formats: vec![donor_report::model::DocumentFormat::Pdf],
        template: None,
        suppress_below: limit,
        limits_by_axis: BTreeMap::new(),
        participants: Participants::Pseudonymised,
        attach: true,
    }
}

/// New persons, each with one visit: how many on a day, with sex, status and age.
#[derive(Default)]
pub struct Visits {
    pub visits: Vec<Visit>,
    persons: u32,
}

impl Visits {
    pub fn new_persons(mut self, count: u32, day: Date, sex: u32, status: u32, age: u8) -> Visits {
        for _ in 0..count {
            self.visits.push(Visit { person: self.persons, day, sex, status, age, place: 0 });
            self.persons += 1;
        }
        self
    }
}

impl World {
    pub fn people(visits: Visits, periods: Vec<Period>, axes: Vec<Axis>, limit: u32) -> World {
        let codes: Vec<&str> = periods.iter().map(|period| period.code.as_str()).collect();
        let reports = vec![report("quarterly", &codes, limit)];
        World {
            visits: visits.visits,
            periods: periods.clone(),
            indicators: vec![(Calculation::People, axes)],
            reports,
            conditions: Vec::new(),
            key: None,
        }
    }

    pub fn project(&self) -> Project {
        let row = |row: usize| RowRef::whole(SheetId(0), row as u32 + 2);
        let entry = |code: &str| (code.to_owned(), Text::default());
        let column = |name: &str, codes: &[&str]| Column {
            name: name.to_owned(),
            label: Text::default(),
            kind: ColumnKind::Category,
            list: None,
            entries: codes.iter().map(|code| entry(code)).collect(),
        };
        let activities = self.visits.iter().enumerate().map(|(at, visit)| Activity {
            code: at as u32,
            title: Text::default(),
            status: ActivityStatus::Completed,
            date: Some(visit.day),
            end_date: None,
            month_only: false,
            values: [Value::One(Category(visit.place))].into(),
            row: row(at),
        });
        let persons = self.visits.iter().map(|visit| visit.person + 1).max().unwrap_or(0);
        let states = self.visits.iter().map(|visit| PersonState {
            birth: Birth::Age(visit.age),
            values: vec![Value::One(Category(visit.sex)), Value::One(Category(visit.status))],
        });
        let attendances = self.visits.iter().enumerate().map(|(at, visit)| Attendance {
            activity: ActivityId(at as u32),
            person: PersonId(visit.person),
            state: StateId(at as u32),
            day: None,
            session: 0,
            row: row(at),
        });
        let mut sources = Sources::default();
        sources.add(SheetSource {
            file: "participants.xlsx".to_owned(),
            sheet: Some("Attendance".to_owned()),
            is_by_cell: false,
        });
        Project {
            settings: self.settings(),
            sources,
            lists: Lists::default(),
            logframe: Logframe { indicators: self.indicators(), periods: self.periods.clone(), ..Logframe::default() },
            activities: ActivityTable {
                head_counts: donor_report::model::HeadCounts::default(),
                columns: vec![column("municipality", &["kumanovo", "butel"])],
                rows: activities.collect(),
                codes: (0..self.visits.len()).map(|at| format!("A-{at:05}")).collect(),
            },
            persons: PersonTable {
                columns: vec![column("sex", &["F", "M", "X"]), column("status", &["asylum", "refugee", "citizen"])],
                rows: (0..persons).map(|at| Person { code: format!("U-{at}"), row: row(at as usize) }).collect(),
                states: states.collect(),
                attendances: attendances.collect(),
                sessions: vec![String::new()],
            },
        }
    }

    fn settings(&self) -> Settings {
        Settings {
            code: "INVENTED".to_owned(),
            languages: Vec::new(),
            start: date(2017, 1, 1),
            end: date(2017, 12, 31),
            data_until: None,
            draft: false,
            notice: Text::default(),
            title: Text::default(),
            implementer: None,
            donors: Vec::new(),
            partners: Vec::new(),
            periods: PeriodRules::default(),
            reports: self.reports.clone(),
            forms: Vec::new(),
            waivers: Vec::new(),
            progress: ProgressLimits { on_track: Decimal::ONE, at_risk: Decimal::ONE, over: Decimal::TWO, plan: None },
            age_bands: AgeBands(vec![0, 18, 60]),
            privacy: Privacy {
                suppress_below: 5,
                limits_by_axis: BTreeMap::new(),
                participants: Participants::Pseudonymised,
                key: self.key.clone(),
                public: Vec::new(),
            },
            images: Vec::new(),
            signatures: Vec::new(),
            administration: Default::default(),
            theme: Theme::default(),
            iati: BTreeMap::new(),
            limits: Limits { unpacked_mib: 1, cells: 1, cell_length: 1, attachment_mib: 1 },
        }
    }

    fn indicators(&self) -> Vec<Indicator> {
        let indicators = self.indicators.iter().enumerate();
        indicators
            .map(|(at, (calculation, axes))| Indicator {
                code: format!("I{at}"),
                title: Text::default(),
                unit: Text::default(),
                level: None,
                result: None,
                calculation: *calculation,
                calculation_text: String::new(),
                conditions: if at == 0 { self.conditions.clone() } else { Vec::new() },
                where_text: String::new(),
                axes: axes.clone(),
                baseline: None,
                baseline_use: None,
                target: None,
                direction: Direction::Increase,
                aggregation: None,
                plan: None,
                definition: Text::default(),
                verification: Text::default(),
                row: RowRef::whole(SheetId(0), at as u32 + 2),
            })
            .collect()
    }

    pub fn figures(&self) -> Figures {
        let periods = self.periods.iter().map(|period| {
            let mut figures: Vec<Figure> = Vec::new();
            for (calculation, axes) in &self.indicators {
                let figure = match calculation {
                    Calculation::Ratio(over, under) => {
                        self.ratio(usize::from(over.0), usize::from(under.0), axes, period)
                    }
                    _ => self.counted(*calculation, axes, period),
                };
                figures.push(figure);
            }
            PeriodFigures { period: period.clone(), figures }
        });
        Figures { periods: periods.collect(), evidence: self.evidence() }
    }

    fn evidence(&self) -> Vec<Evidence> {
        let mut rows: Vec<(Date, u32)> = (0..).zip(&self.visits).map(|(at, visit)| (visit.day, at)).collect();
        rows.sort();
        let mut seen = BTreeSet::new();
        let first = |&(day, at): &(Date, u32)| (day, at, seen.insert(self.visits[at as usize].person));
        let first: Vec<(Date, u32, bool)> = rows.iter().map(first).collect();
        let counted = CountedAttendances::from_rows(&first, &self.project().persons.attendances);
        let of = |calculation: &Calculation| match calculation {
            Calculation::Ratio(..) => Evidence::Ratio,
            Calculation::Activities => {
                Evidence::Activities { rows: rows.iter().map(|(day, at)| (*day, ActivityId(*at))).collect() }
            }
            _ => Evidence::Attendances { rows: counted.clone() },
        };
        self.indicators.iter().map(|(calculation, _)| of(calculation)).collect()
    }

    /// The visits behind a figure in one scope: of `people`, the first of each person.
    pub fn standing(&self, calculation: Calculation, from: Date, to: Date, first_ever: bool) -> Vec<Visit> {
        let mut seen = BTreeSet::new();
        let begin = if first_ever { date(2017, 1, 1) } else { from };
        let visits = self.visits.iter().filter(|visit| begin <= visit.day && visit.day <= to);
        let kept = visits.filter(|visit| calculation != Calculation::People || seen.insert(visit.person));
        kept.filter(|visit| from <= visit.day).copied().collect()
    }

    fn scopes(&self, calculation: Calculation, period: &Period) -> [Option<Vec<Visit>>; 3] {
        let people = calculation == Calculation::People;
        [
            Some(self.standing(calculation, period.start, period.end, true)),
            people.then(|| self.standing(calculation, period.start, period.end, false)),
            Some(self.standing(calculation, date(2017, 1, 1), period.end, true)),
        ]
    }

    fn counted(&self, calculation: Calculation, axes: &[Axis], period: &Period) -> Figure {
        let scopes = self.scopes(calculation, period);
        let total = |at: usize| scopes[at].as_ref().map(|visits| Amount::count(visits.len() as u64));
        let axes = axes.iter().map(|axis| {
            let keys: BTreeSet<PartKey> = scopes[2].iter().flatten().map(|visit| key(axis, visit)).collect();
            let part = |part: PartKey| {
                let of = |at: usize| {
                    let visits = scopes[at].as_ref();
                    visits.map(|visits| {
                        Amount::count(visits.iter().filter(|visit| key(axis, visit) == part).count() as u64)
                    })
                };
                PartFigures { key: part, period: of(0), served: of(1), cumulative: of(2) }
            };
            AxisFigures { parts: keys.into_iter().map(part).collect() }
        });
        figure([total(0), total(1), total(2)], axes.collect())
    }

    fn ratio(&self, over: usize, under: usize, axes: &[Axis], period: &Period) -> Figure {
        let side = |at: usize| self.counted(self.indicators[at].0, axes, period);
        let (over, under) = (side(over), side(under));
        let of = |figure: [Option<Amount>; 3]| {
            let [period, served, cumulative] = figure;
            [served.or(period), served, cumulative]
        };
        let divide = |over: [Option<Amount>; 3], under: [Option<Amount>; 3]| {
            let (over, under) = (of(over), of(under));
            [0, 1, 2].map(|at| {
                let (over, under) = (over[at]?.single()?, under[at]?.single()?);
                over.checked_div(under).map(Amount::exact)
            })
        };
        let parts = axes.iter().enumerate().map(|(at, _)| {
            let values = |figure: &Figure, key: PartKey| {
                let part = figure.axes[at].parts.iter().find(|part| part.key == key);
                part.map_or([Some(Amount::count(0)); 3], |part| [part.period, part.served, part.cumulative])
            };
            let keys: BTreeSet<PartKey> =
                over.axes[at].parts.iter().chain(&under.axes[at].parts).map(|part| part.key).collect();
            let part = |key: PartKey| {
                let [period, served, cumulative] = divide(values(&over, key), values(&under, key));
                PartFigures { key, period, served, cumulative }
            };
            AxisFigures { parts: keys.into_iter().map(part).collect() }
        });
        let totals =
            divide([over.period, over.served, over.cumulative], [under.period, under.served, under.cumulative]);
        figure(totals, parts.collect())
    }
}

pub fn key(axis: &Axis, visit: &Visit) -> PartKey {
    let one = |part: AxisSide| match part {
        SEX => Key::Category(Category(visit.sex)),
        STATUS => Key::Category(Category(visit.status)),
        PLACE => Key::Category(Category(visit.place)),
        _ => Key::Band(u8::from(visit.age >= 18) + u8::from(visit.age >= 60)),
    };
    match axis.second {
        None => PartKey::One(one(axis.first)),
        Some(second) => PartKey::Crossed(one(axis.first), one(second)),
    }
}

fn figure([period, served, cumulative]: [Option<Amount>; 3], axes: Vec<AxisFigures>) -> Figure {
    Figure {
        period,
        served,
        cumulative,
        level: cumulative,
        target_period: None,
        target_due: None,
        is_due_by_time: false,
        target_total: None,
        progress: None,
        progress_due: None,
        due_reached: None,
        status: None,
        axes,
        coverage: Coverage::default(),
        data_until: None,
    }
}
