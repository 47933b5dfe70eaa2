//! What a pack is drawn from: the rows that indicators count in a period, and the activities behind them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::as_text::AsText;
use super::draw::draw;
use super::pack::{ListSubject, PACK_SCHEMA, RecountIndicator, RecountList, RecountPack, RecountRow, RecountSource};
use crate::indicators::{Evidence, Figures};
use crate::locale::Locale;
use crate::model::{
    ActivityId, Calculation, ColumnId, IndicatorId, Lang, Period, PersonId, Project, ReportSettings, RowRef, Text,
    Value,
};
use crate::report::activity_period::is_held;
use crate::report::column_names::activity_column_name;

/// The group that activities are drawn in, whatever the indicator: its samples then overlap, and one list serves many.
const LISTS: &str = "lists";

/// What to draw.
pub struct RecountRequest<'r> {
    /// The project.
    pub project: &'r Project,
    /// Its figures.
    pub figures: &'r Figures,
    /// The report.
    pub report: &'r ReportSettings,
    /// Its period.
    pub period: &'r Period,
    /// The indicators to recount; each counts rows.
    pub indicators: &'r [IndicatorId],
    /// Also activities of whatever indicator, so that one of which the data has no attendance may be drawn.
    pub with_all_lists: bool,
    /// What the draw begins from.
    pub seed: u64,
    /// Rows, and activities, to draw for each indicator.
    pub sample: u32,
}

impl RecountPack {
    /// Draws a pack.
    pub fn new(request: &RecountRequest) -> RecountPack {
        let pool = Pool::new(request);
        let Pool { project, locales, .. } = &pool;
        let codes = request.indicators.iter().map(|id| (*id, &project.logframe.indicator(*id).code));
        let (mut indicators, mut rows) = (Vec::new(), Vec::new());
        for (id, code) in codes {
            let counted = pool.counted_rows(id);
            let addresses: Vec<String> = counted.iter().map(|row| project.sources.place(row.row).to_string()).collect();
            let drawn = draw(request.seed, code, &addresses, request.sample as usize);
            rows.extend(drawn.into_iter().map(|at| pool.row(code, &counted[at])));
            let indicator = project.logframe.indicator(id);
            let is_ratio = matches!(indicator.calculation, Calculation::Ratio(..));
            let at = project.logframe.periods.iter().position(|period| period.code == request.period.code);
            let value = at.and_then(|at| request.figures.periods[at].figures[usize::from(id.0)].period);
            let write = |locale: &Locale| match &value {
                Some(value) => locale.figure(value, is_ratio),
                None => locale.absent().to_owned(),
            };
            indicators.push(RecountIndicator {
                code: code.clone(),
                title: pool.in_languages(&indicator.title),
                reported: locales.iter().map(write).collect(),
                rows: counted.len() as u64,
            });
        }
        RecountPack {
            schema: PACK_SCHEMA,
            project: project.settings.code.clone(),
            title: pool.in_languages(&project.settings.title),
            report: request.report.name.clone(),
            period: request.period.code.clone(),
            days: (AsText(request.period.start), AsText(request.period.end)),
            seed: request.seed,
            sample: request.sample,
            languages: locales.iter().map(|locale| locale.lang().as_str().to_owned()).collect(),
            indicators,
            rows,
            lists: pool.lists(),
        }
    }
}

/// A row that an indicator counts.
struct CountedRow {
    row: RowRef,
    day: Date,
    activity: Option<ActivityId>,
    person: Option<PersonId>,
}

/// What is drawn from.
struct Pool<'r> {
    request: &'r RecountRequest<'r>,
    project: &'r Project,
    locales: Vec<Locale>,
}

impl<'r> Pool<'r> {
    fn new(request: &'r RecountRequest) -> Pool<'r> {
        let mut languages: Vec<&Lang> = Vec::new();
        for lang in request.report.documents.iter().flatten() {
            if !languages.contains(&lang) {
                languages.push(lang);
            }
        }
        let locales = languages.into_iter().filter_map(Locale::new).collect();
        Pool { request, project: request.project, locales }
    }

    fn in_languages(&self, text: &Text) -> Vec<String> {
        let order = &self.project.settings.languages;
        let write = |locale: &Locale| text.in_order(locale.lang(), order).unwrap_or_default().to_owned();
        self.locales.iter().map(write).collect()
    }

    /// The rows that an indicator counts in the period, in the order of files; of people the first contacts.
    fn counted_rows(&self, id: IndicatorId) -> Vec<CountedRow> {
        let RecountRequest { figures, period, .. } = self.request;
        let project = self.project;
        let mut rows: Vec<CountedRow> = match figures.evidence.get(usize::from(id.0)) {
            Some(Evidence::Activities { rows }) => {
                let row = |(day, activity): &(Date, ActivityId)| CountedRow {
                    row: project.activities.get(*activity).row,
                    day: *day,
                    activity: Some(*activity),
                    person: None,
                };
                rows.iter().filter(|(day, _)| period.contains(*day)).map(row).collect()
            }
            Some(Evidence::Attendances { rows }) => rows
                .within(period)
                .filter(|row| row.is_first)
                .map(|row| CountedRow {
                    row: project.persons.attendances[row.index as usize].row,
                    day: row.day,
                    activity: Some(row.activity),
                    person: Some(row.person),
                })
                .collect(),
            Some(Evidence::Reported { rows }) => {
                let reported = rows.iter().map(|at| &project.logframe.reported[*at as usize]);
                reported
                    .filter(|value| period.contains(value.period.start) && period.contains(value.period.end))
                    .map(|value| CountedRow { row: value.row, day: value.period.end, activity: None, person: None })
                    .collect()
            }
            Some(Evidence::Ratio) | None => Vec::new(),
        };
        rows.sort_by_key(|row| (row.row, row.day));
        rows
    }

    fn row(&self, indicator: &str, counted: &CountedRow) -> RecountRow {
        let person = |person: PersonId| self.project.persons.rows[person.0 as usize].code.clone();
        RecountRow {
            indicator: indicator.to_owned(),
            activity: counted.activity.map(|id| self.project.activities.code_of(id).to_owned()),
            day: AsText(counted.day),
            person: counted.person.map(person),
            source: self.source(counted.row),
        }
    }

    fn source(&self, row: RowRef) -> RecountSource {
        let source = self.project.sources.get(row.sheet);
        let (file, sheet) = (source.file.clone(), source.sheet.clone());
        RecountSource { file, sheet, row: row.spot().to_string(), document: None }
    }

    /// The activities whose lists are to be counted, each once for what is to be counted on it.
    fn lists(&self) -> Vec<RecountList> {
        let RecountRequest { indicators, sample, seed, with_all_lists, .. } = self.request;
        let mut drawn: BTreeMap<(RowRef, Option<ColumnId>), DrawnList> = BTreeMap::new();
        let mut draw_from = |pool: BTreeSet<ActivityId>, column: Option<ColumnId>, indicator: Option<&String>| {
            let pool: Vec<ActivityId> = pool.into_iter().collect();
            let place = |id: &ActivityId| self.project.sources.place(self.project.activities.get(*id).row).to_string();
            let addresses: Vec<String> = pool.iter().map(place).collect();
            for at in draw(*seed, LISTS, &addresses, *sample as usize) {
                let row = self.project.activities.get(pool[at]).row;
                let list = drawn.entry((row, column)).or_insert_with(|| DrawnList::new(pool[at]));
                list.indicators.extend(indicator.cloned());
                list.among_all |= indicator.is_none();
            }
        };
        for id in *indicators {
            let indicator = self.project.logframe.indicator(*id);
            let column = match indicator.calculation {
                Calculation::Sum(column) | Calculation::Reach(column) => Some(column),
                other if other.over_attendances() => None,
                _ => continue,
            };
            draw_from(self.counted_activities(*id, column), column, Some(&indicator.code));
        }
        if *with_all_lists && !self.project.persons.attendances.is_empty() {
            draw_from(self.all_activities(), None, None);
        }
        let attended = self.count_attendances(drawn.values().map(|list| list.activity).collect());
        drawn.into_iter().map(|((_, column), list)| self.list(list, column, &attended)).collect()
    }

    /// The activities behind an indicator in the period; of a column those with a number.
    fn counted_activities(&self, id: IndicatorId, column: Option<ColumnId>) -> BTreeSet<ActivityId> {
        match self.request.figures.evidence.get(usize::from(id.0)) {
            Some(Evidence::Activities { rows }) => {
                let within = rows.iter().filter(|(day, _)| self.request.period.contains(*day));
                let has_number = |id: &ActivityId| column.is_none_or(|column| self.number(*id, column).is_some());
                within.map(|(_, id)| *id).filter(has_number).collect()
            }
            Some(Evidence::Attendances { rows }) => rows.within(self.request.period).map(|row| row.activity).collect(),
            _ => BTreeSet::new(),
        }
    }

    /// The activities that were held in the period, whatever the data has of them.
    fn all_activities(&self) -> BTreeSet<ActivityId> {
        let activities = &self.project.activities;
        let is_held = |id: &ActivityId| is_held(&self.project.settings, self.request.period, activities.get(*id));
        activities.ids().filter(is_held).collect()
    }

    fn number(&self, id: ActivityId, column: ColumnId) -> Option<Decimal> {
        match self.project.activities.get(id).values.get(usize::from(column.0)) {
            Some(Value::Number(amount)) => Some(amount.from),
            _ => None,
        }
    }

    /// How many attendances the data has of each of these activities.
    fn count_attendances(&self, ids: BTreeSet<ActivityId>) -> BTreeMap<ActivityId, u64> {
        let mut counts: BTreeMap<ActivityId, u64> = ids.into_iter().map(|id| (id, 0)).collect();
        for attendance in &self.project.persons.attendances {
            if let Some(count) = counts.get_mut(&attendance.activity) {
                *count += 1;
            }
        }
        counts
    }

    fn list(
        &self,
        DrawnList { activity: id, indicators, among_all }: DrawnList,
        column: Option<ColumnId>,
        attended: &BTreeMap<ActivityId, u64>,
    ) -> RecountList {
        let activity = self.project.activities.get(id);
        let name = |column: ColumnId| {
            let column = &self.project.activities.columns[usize::from(column.0)];
            self.locales.iter().map(|locale| activity_column_name(self.project, locale, column)).collect()
        };
        let attended = Decimal::from(attended.get(&id).copied().unwrap_or_default());
        RecountList {
            indicators,
            among_all,
            activity: self.project.activities.code(activity).to_owned(),
            title: self.in_languages(&activity.title),
            day: activity.counted_day().map(AsText),
            source: self.source(activity.row),
            subject: column.map_or(ListSubject::Attendances, |column| ListSubject::Column(name(column))),
            in_data: AsText(column.and_then(|column| self.number(id, column)).unwrap_or(attended).normalize()),
        }
    }
}

/// An activity that was drawn, and for what.
struct DrawnList {
    activity: ActivityId,
    indicators: Vec<String>,
    among_all: bool,
}

impl DrawnList {
    fn new(activity: ActivityId) -> DrawnList {
        DrawnList { activity, indicators: Vec::new(), among_all: false }
    }
}
