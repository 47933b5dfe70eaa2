use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::disaggregation::capitalize;
use super::localizer::Localizer;
use crate::indicators::count_attendees;
use crate::model::{Activity, ActivityId, ActivityStatus, ActivityTable, Amount, Category, ColumnId, Value};
use crate::report::activity_period;
use crate::report::document::{
    Activities, ActivitiesChart, ActivityColumn, ActivityKey, ActivityKind, ActivityRow, ColumnRole, CountLine,
    FigureText, Fraction, MonthColumn, SectionBody, TableColumn,
};
use crate::report::profile::ProfileSection;
use crate::report::status_labels::status_label;

/// Rows of activities, where the profile doesn't say.
const DEFAULT_ROWS: usize = 10;
/// Values of a column that are counted by name.
const MAX_VALUES: usize = 12;
/// Columns side by side in the chart over time.
const MAX_COLUMNS: usize = 24;

pub(super) fn compose_activities(localizer: &Localizer, section: &ProfileSection) -> SectionBody {
    let table = &localizer.input.project.activities;
    let people = PeopleReached::new(localizer);
    let listed: Vec<ActivityId> = table.ids().filter(|id| is_listed(localizer, table.get(*id))).collect();
    let held: Vec<&Activity> =
        listed.iter().map(|id| table.get(*id)).filter(|activity| is_held(localizer, activity)).collect();
    let heading = |role: ColumnRole, key: &'static str| TableColumn { role, heading: localizer.label(key).to_owned() };
    let (most, all) = (section.most.unwrap_or(DEFAULT_ROWS), listed.len());
    let rows = select_rows(localizer, &people, listed, most);
    let counts = [("report.by-type", "type"), ("report.by-municipality", "municipality")];
    SectionBody::Activities(Box::new(Activities {
        over_time: activities_over_time(localizer),
        counts: counts
            .into_iter()
            .filter_map(|(key, column)| {
                let value = count_values(localizer, &held, table.column(column)?)?;
                Some(CountLine { label: localizer.label(key).to_owned(), value })
            })
            .collect(),
        table_heading: localizer.label(if all > most { "report.selection" } else { "report.overview" }).to_owned(),
        columns: vec![
            heading(ColumnRole::Text, "activity.date"),
            heading(ColumnRole::Text, "activity.title"),
            heading(ColumnRole::Text, "activity.type"),
            heading(ColumnRole::Text, "activity.municipality"),
            heading(ColumnRole::Number, "activity.people"),
            heading(ColumnRole::Text, "activity.status"),
        ],
        rows: rows.into_iter().map(|id| activity_row(localizer, &people, id)).collect(),
        more: (all > most).then(|| {
            let args = [("shown", localizer.counted(most)), ("all", localizer.counted(all))];
            localizer.figure_phrase("activity.more", &args)
        }),
    }))
}

/// How many people each activity reached: as its row says, else as many different ones as attended it.
struct PeopleReached {
    column: Option<ColumnId>,
    attendees: Vec<u32>,
}

impl PeopleReached {
    fn new(localizer: &Localizer) -> PeopleReached {
        let project = localizer.input.project;
        PeopleReached {
            column: project.activities.column("reached"),
            attendees: count_attendees(project, localizer.input.period().end),
        }
    }

    fn amount(&self, activities: &ActivityTable, id: ActivityId) -> Option<Amount> {
        let written = self.column.and_then(|column| activities.get(id).values.get(usize::from(column.0)));
        match written {
            Some(Value::Number(amount)) => Some(**amount),
            _ => {
                let attended = self.attendees.get(id.0 as usize).copied().filter(|count| *count > 0)?;
                Some(Amount::count(u64::from(attended)))
            }
        }
    }
}

/// The activities that matter most (those with most people, then the newest), in the order of their dates; open ones last.
fn select_rows(
    localizer: &Localizer,
    people: &PeopleReached,
    mut listed: Vec<ActivityId>,
    most: usize,
) -> Vec<ActivityId> {
    let table = &localizer.input.project.activities;
    let begins = |id: ActivityId| {
        let activity = table.get(id);
        activity.date.or(activity.end_date).unwrap_or(Date::MAX)
    };
    // Of one day by code: the order of rows says nothing.
    listed.sort_by_key(|id| {
        let reached = people.amount(table, *id).map_or(Decimal::ZERO, |amount| amount.to);
        (Reverse(reached), Reverse(begins(*id)), table.code_of(*id))
    });
    listed.truncate(most);
    listed.sort_by_key(|id| (!is_held(localizer, table.get(*id)), begins(*id), table.code_of(*id)));
    listed
}

fn is_held(localizer: &Localizer, activity: &Activity) -> bool {
    activity_period::is_held(&localizer.input.project.settings, localizer.input.period(), activity)
}

fn is_listed(localizer: &Localizer, activity: &Activity) -> bool {
    activity_period::is_listed(&localizer.input.project.settings, localizer.input.period(), activity)
}

fn activity_row(localizer: &Localizer, people: &PeopleReached, id: ActivityId) -> ActivityRow {
    let table = &localizer.input.project.activities;
    let activity = table.get(id);
    let cell = |name: &str| localizer.cell(activity, table.column(name));
    ActivityRow {
        date: date_text(localizer, activity),
        title: localizer.text(&activity.title),
        kind: cell("type"),
        place: cell("municipality"),
        people: people.amount(table, id).map(|amount| localizer.unplaced(Some(amount), false)),
        status: localizer.label(status_label(activity.status)).to_owned(),
        held: activity.status == ActivityStatus::Completed,
    }
}

fn date_text(localizer: &Localizer, activity: &Activity) -> String {
    match (activity.date, activity.end_date) {
        (None, None) => localizer.locale.absent().to_owned(),
        (Some(day), _) if activity.month_only => localizer.locale.month(day.year(), day.month()),
        (Some(day), Some(end)) => localizer.locale.date_range_short(day, end),
        (Some(day), None) if activity.status == ActivityStatus::Ongoing => {
            localizer.phrase("activity.since", &[("date", &localizer.locale.date_short(day))])
        }
        (Some(day), _) | (None, Some(day)) => localizer.locale.date_short(day),
    }
}

fn column_categories(activity: &Activity, column: ColumnId) -> &[Category] {
    activity.values.get(usize::from(column.0)).map(|value| value.categories()).unwrap_or_default()
}

/// Activities under each value of a column, in the order of its list; an activity with several values counts under each.
fn count_by_category(activities: &[&Activity], column: ColumnId) -> BTreeMap<Category, u64> {
    let mut counts = BTreeMap::new();
    for category in activities.iter().flat_map(|activity| column_categories(activity, column)) {
        *counts.entry(*category).or_insert(0) += 1;
    }
    counts
}

/// "seminar 3, training 2": how many activities have each value of a column, most first; equal numbers once. `None` where
/// none has a value.
fn count_values(localizer: &Localizer, activities: &[&Activity], at: ColumnId) -> Option<FigureText> {
    let column = &localizer.input.project.activities.columns[usize::from(at.0)];
    let mut counted: Vec<(Category, u64)> = count_by_category(activities, at).into_iter().collect();
    counted.sort_by_key(|(category, count)| (Reverse(*count), *category));
    let (_, first) = *counted.first()?;
    let name = |category: Category| localizer.category(column, category);
    let number = |count: u64| localizer.counted(count as usize);
    let all_equal = counted.len() > 1 && counted.iter().all(|(_, count)| *count == first);
    let mut lines: Vec<FigureText> = if all_equal && counted.len() <= MAX_VALUES {
        let names: Vec<String> = counted.iter().map(|(category, _)| name(*category)).collect();
        let args = [("n", number(first)), ("list", FigureText::plain(localizer.locale.list(&names)))];
        vec![localizer.figure_phrase("report.each", &args)]
    } else {
        let shown = counted.iter().take(MAX_VALUES);
        let count = |(category, count): &(Category, u64)| {
            let args = [("name", FigureText::plain(name(*category))), ("n", number(*count))];
            localizer.figure_phrase("report.named-count", &args)
        };
        vec![FigureText::join(shown.map(count), ", ")]
    };
    if counted.len() > MAX_VALUES {
        let others = counted.len() - MAX_VALUES;
        lines.push(localizer.figure_phrase("report.other-values", &[("n", localizer.counted(others))]));
    }
    let without = activities.iter().filter(|activity| column_categories(activity, at).is_empty()).count();
    if without > 0 {
        lines.push(localizer.figure_phrase("report.without-value", &[("n", localizer.counted(without))]));
    }
    Some(FigureText::join(lines, "; "))
}

/// All activities of the project over time: completed ones that a report of this period may know, and open ones; by
/// month, of long projects by quarter, of very long ones by year.
fn activities_over_time(localizer: &Localizer) -> Option<ActivitiesChart> {
    let project = localizer.input.project;
    let known = project.settings.data_until.unwrap_or(Date::MAX).min(localizer.input.period().end);
    let (start, end) = (project.settings.start, project.settings.end);
    let own = localizer.input.period();
    let step = TimeStep::fitting(start, end);
    let mut counts: BTreeMap<((i16, i8), ActivityKind), u64> = BTreeMap::new();
    for activity in &project.activities.rows {
        let day = match activity.status {
            ActivityStatus::Ongoing => activity.date.or(activity.end_date),
            _ => activity.counted_day(),
        };
        let Some(day) = day.filter(|day| (start..=end).contains(day)) else { continue };
        let kind = match activity.status {
            ActivityStatus::Completed if day <= known => ActivityKind::Held,
            ActivityStatus::Ongoing if day <= known => ActivityKind::Ongoing,
            ActivityStatus::Planned => ActivityKind::Planned,
            _ => continue,
        };
        *counts.entry((step.column(day), kind)).or_default() += 1;
    }
    let all = step.columns(start, end);
    if all.len() < 2 || counts.is_empty() {
        return None;
    }
    let kinds = [
        (ActivityKind::Held, localizer.label("report.held")),
        (ActivityKind::Ongoing, localizer.label("report.ongoing")),
        (ActivityKind::Planned, localizer.label("report.planned")),
    ];
    let highest = Decimal::from(counts.values().copied().max().unwrap_or(1));
    let mut last_year = None;
    let mut texts = Vec::new();
    let mut months = Vec::new();
    for column in all {
        let of_kind = |(kind, word): &(ActivityKind, &str)| {
            let count = *counts.get(&(column, *kind))?;
            let text = localizer.locale.integer(count);
            let text_of_kind = localizer.phrase("report.activities-of", &[("kind", word), ("n", &text)]);
            Some((
                text_of_kind,
                ActivityColumn { kind: *kind, height: Fraction::ratio(Decimal::from(count), highest), text },
            ))
        };
        let (text_of_kind, columns): (Vec<String>, Vec<ActivityColumn>) = kinds.iter().filter_map(of_kind).unzip();
        if !text_of_kind.is_empty() {
            texts.push(format!("{}: {}", step.name(localizer, column), text_of_kind.join(", ")));
        }
        let year = (step != TimeStep::Year && last_year != Some(column.0)).then(|| column.0.to_string());
        last_year = Some(column.0);
        let own_from = step.column(own.start);
        let is_own = (own_from..=step.column(own.end)).contains(&column);
        months.push(MonthColumn { label: step.label(localizer, column), year, is_own, columns });
    }
    let occurs = |kind: ActivityKind| counts.keys().any(|(_, other)| *other == kind);
    let key = kinds.into_iter().filter(|(kind, _)| occurs(*kind));
    let heading = localizer.label("report.over-time").to_owned();
    Some(ActivitiesChart {
        key: key.map(|(kind, word)| ActivityKey { kind, word: capitalize(word) }).collect(),
        months,
        note: localizer.label("report.over-time-note").to_owned(),
        alt: localizer.phrase("report.alt-parts", &[("title", &heading), ("parts", &texts.join("; "))]),
        heading,
    })
}

/// How much time one column of the chart covers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TimeStep {
    Month,
    Quarter,
    Year,
}

impl TimeStep {
    /// The finest that leaves at most [`MAX_COLUMNS`] of them.
    fn fitting(start: Date, end: Date) -> TimeStep {
        let fine = [TimeStep::Month, TimeStep::Quarter];
        fine.into_iter().find(|step| step.columns(start, end).len() <= MAX_COLUMNS).unwrap_or(TimeStep::Year)
    }

    fn months(self) -> i8 {
        match self {
            TimeStep::Month => 1,
            TimeStep::Quarter => 3,
            TimeStep::Year => 12,
        }
    }

    /// Year, and which month or quarter of it, from 0.
    fn column(self, day: Date) -> (i16, i8) {
        (day.year(), (day.month() - 1) / self.months())
    }

    fn columns(self, start: Date, end: Date) -> Vec<(i16, i8)> {
        let (first, last) = (self.column(start), self.column(end));
        let of_year = 12 / self.months();
        (first.0..=last.0)
            .flat_map(|year| (0..of_year).map(move |part| (year, part)))
            .filter(|column| (first..=last).contains(column))
            .collect()
    }

    fn label(self, localizer: &Localizer, (year, part): (i16, i8)) -> String {
        match self {
            TimeStep::Month => localizer.label(MONTH_LABELS[usize::from(part.unsigned_abs())]).to_owned(),
            TimeStep::Quarter => ROMAN[usize::from(part.unsigned_abs())].to_owned(),
            TimeStep::Year => year.to_string(),
        }
    }

    fn name(self, localizer: &Localizer, (year, part): (i16, i8)) -> String {
        let of_year = |key: &str| localizer.phrase(key, &[("year", &year.to_string())]);
        match self {
            TimeStep::Month => localizer.locale.month_in_text(year, part + 1),
            TimeStep::Quarter => of_year(QUARTERS[usize::from(part.unsigned_abs())]),
            TimeStep::Year => of_year("span.year"),
        }
    }
}

/// Quarters under a chart, the same in every language.
const ROMAN: [&str; 4] = ["I", "II", "III", "IV"];
const QUARTERS: [&str; 4] = ["span.quarter-1", "span.quarter-2", "span.quarter-3", "span.quarter-4"];

const MONTH_LABELS: [&str; 12] = [
    "month-short.1",
    "month-short.2",
    "month-short.3",
    "month-short.4",
    "month-short.5",
    "month-short.6",
    "month-short.7",
    "month-short.8",
    "month-short.9",
    "month-short.10",
    "month-short.11",
    "month-short.12",
];
