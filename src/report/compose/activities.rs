use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::disaggregation::capitalize;
use super::localizer::Localizer;
use crate::model::{Activity, ActivityStatus, Category, ColumnId};
use crate::report::document::{
    Activities, ActivitiesChart, ActivityColumn, ActivityKey, ActivityKind, ActivityRow, ColumnRole, CountBar,
    Fraction, MonthColumn, MunicipalityCoverage, SectionBody, TableColumn,
};
use crate::report::profile::ProfileSection;
use crate::report::status_labels::status_label;

/// Rows of activities, where the profile doesn't say: three pages.
const DEFAULT_ROWS: usize = 60;
/// Municipalities as small multiples, and types under each.
const MAX_MUNICIPALITIES: usize = 12;
const TYPES_OF_MUNICIPALITY: usize = 4;
/// Columns side by side in the chart over time.
const MAX_COLUMNS: usize = 24;

pub(super) fn compose_activities(localizer: &Localizer, section: &ProfileSection) -> SectionBody {
    let table = &localizer.input.project.activities;
    let (kind, place) = (table.column("type"), table.column("municipality"));
    let mut rows: Vec<&Activity> = table.rows.iter().filter(|activity| is_listed(localizer, activity)).collect();
    rows.sort_by_key(|activity| {
        let begins = activity.date.or(activity.end_date).unwrap_or(Date::MAX);
        (!is_held(localizer, activity), begins, activity.row)
    });
    let held: Vec<&Activity> = rows.iter().copied().filter(|activity| is_held(localizer, activity)).collect();
    let by_type = count_bars(localizer, &held, kind, None);
    let heading = |role: ColumnRole, key: &'static str| TableColumn { role, heading: localizer.label(key).to_owned() };
    let most = section.most.unwrap_or(DEFAULT_ROWS);
    let all = rows.len();
    let integer = |number: usize| localizer.locale.integer(number as u64);
    let (coverage, coverage_notes) = municipality_coverage(localizer, &held, kind, place);
    SectionBody::Activities(Box::new(Activities {
        over_time: activities_over_time(localizer),
        by_type_alt: alt_text(localizer, localizer.label("report.by-type"), &by_type),
        by_type,
        by_type_heading: localizer.label("report.by-type").to_owned(),
        coverage,
        coverage_heading: localizer.label("report.by-municipality").to_owned(),
        coverage_notes,
        table_heading: localizer.label("report.overview").to_owned(),
        columns: vec![
            heading(ColumnRole::Text, "activity.date"),
            heading(ColumnRole::Text, "activity.title"),
            heading(ColumnRole::Text, "activity.type"),
            heading(ColumnRole::Text, "activity.municipality"),
            heading(ColumnRole::Number, "activity.reached"),
            heading(ColumnRole::Text, "activity.status"),
        ],
        rows: rows.into_iter().take(most).map(|activity| activity_row(localizer, activity)).collect(),
        more: (all > most)
            .then(|| localizer.phrase("activity.more", &[("shown", &integer(most)), ("all", &integer(all))])),
    }))
}

/// Completed within the period and before the data ends.
fn is_held(localizer: &Localizer, activity: &Activity) -> bool {
    let complete = localizer.input.project.settings.data_until.unwrap_or(Date::MAX);
    activity.status == ActivityStatus::Completed
        && activity.counted_day().is_some_and(|day| localizer.input.period().contains(day) && day <= complete)
}

/// What was held in the period, what is ongoing and overlaps it, and what was planned for it, whatever came of that.
fn is_listed(localizer: &Localizer, activity: &Activity) -> bool {
    let period = localizer.input.period();
    match activity.status {
        ActivityStatus::Completed => is_held(localizer, activity),
        ActivityStatus::Ongoing => {
            activity.date.is_none_or(|begins| begins <= period.end)
                && activity.end_date.is_none_or(|ends| ends >= period.start)
        }
        _ => activity
            .last_planned_day()
            .zip(activity.date)
            .is_some_and(|(last, first)| first <= period.end && last >= period.start),
    }
}

fn activity_row(localizer: &Localizer, activity: &Activity) -> ActivityRow {
    let table = &localizer.input.project.activities;
    let cell = |name: &str| localizer.cell(activity, table.column(name));
    ActivityRow {
        date: date_text(localizer, activity),
        title: localizer.text(&activity.title),
        kind: cell("type"),
        place: cell("municipality"),
        reached: cell("reached"),
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

/// Bars are drawn on the scale of the largest number, or of a larger one that other bars are drawn on.
fn count_bars(
    localizer: &Localizer,
    activities: &[&Activity],
    column: Option<ColumnId>,
    scale: Option<u64>,
) -> Vec<CountBar> {
    let Some(at) = column else { return Vec::new() };
    let column = &localizer.input.project.activities.columns[usize::from(at.0)];
    let mut counted: Vec<(Category, u64)> = count_by_category(activities, at).into_iter().collect();
    counted.sort_by_key(|(category, count)| (std::cmp::Reverse(*count), *category));
    let highest = Decimal::from(scale.or(counted.first().map(|(_, count)| *count)).unwrap_or(1));
    counted
        .into_iter()
        .map(|(category, count)| CountBar {
            label: localizer.category(column, category),
            value: localizer.locale.integer(count),
            fraction: Fraction::ratio(Decimal::from(count), highest),
        })
        .collect()
}

fn alt_text(localizer: &Localizer, title: &str, rows: &[CountBar]) -> String {
    let texts: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.label, row.value)).collect();
    localizer.phrase("report.alt-parts", &[("title", title), ("parts", &texts.join("; "))])
}

/// The municipalities with most activities, on one scale, in the order of their list; and what they leave out.
fn municipality_coverage(
    localizer: &Localizer,
    held: &[&Activity],
    kind: Option<ColumnId>,
    place: Option<ColumnId>,
) -> (Vec<MunicipalityCoverage>, Vec<String>) {
    let Some(place) = place else { return (Vec::new(), Vec::new()) };
    let column = &localizer.input.project.activities.columns[usize::from(place.0)];
    let mut places: Vec<(Category, u64)> = count_by_category(held, place).into_iter().collect();
    places.sort_by_key(|(category, count)| (std::cmp::Reverse(*count), *category));
    let without_municipality = held.iter().filter(|activity| column_categories(activity, place).is_empty()).count();
    let others = places.len().saturating_sub(MAX_MUNICIPALITIES);
    let notes = [("report.no-municipality", without_municipality), ("report.other-municipalities", others)]
        .into_iter()
        .filter(|(_, number)| *number > 0)
        .map(|(key, number)| localizer.phrase(key, &[("n", &localizer.locale.integer(number as u64))]))
        .collect();
    places.truncate(MAX_MUNICIPALITIES);
    places.sort_by_key(|(category, _)| *category);
    let held_in = |category: Category| -> Vec<&Activity> {
        held.iter().copied().filter(|activity| column_categories(activity, place).contains(&category)).collect()
    };
    let count_by_type =
        |held_here: &[&Activity]| kind.map(|kind| count_by_category(held_here, kind)).unwrap_or_default();
    let scale = places.iter().flat_map(|(category, _)| count_by_type(&held_in(*category)).into_values()).max();
    let coverage = places
        .into_iter()
        .map(|(category, count)| {
            let held_here = held_in(category);
            let mut rows = count_bars(localizer, &held_here, kind, scale);
            let label = localizer.category(column, category);
            let alt = alt_text(localizer, &label, &rows);
            if rows.len() > TYPES_OF_MUNICIPALITY {
                let mut counted: Vec<u64> = count_by_type(&held_here).into_values().collect();
                counted.sort_unstable_by_key(|count| std::cmp::Reverse(*count));
                let others: u64 = counted[TYPES_OF_MUNICIPALITY - 1..].iter().sum();
                rows.truncate(TYPES_OF_MUNICIPALITY - 1);
                rows.push(CountBar {
                    label: localizer.label("report.other-types").to_owned(),
                    value: localizer.locale.integer(others),
                    fraction: Fraction::ratio(Decimal::from(others), Decimal::from(scale.unwrap_or(1))),
                });
            }
            MunicipalityCoverage { label, total: localizer.locale.integer(count), rows, alt }
        })
        .collect();
    (coverage, notes)
}

/// All activities of the project over time: completed ones that a report of this period may know, and open ones; by
/// month, of long projects by quarter, of very long ones by year.
fn activities_over_time(localizer: &Localizer) -> Option<ActivitiesChart> {
    let project = localizer.input.project;
    let known = project.settings.data_until.unwrap_or(Date::MAX).min(localizer.input.period().end);
    let (start, end) = (project.settings.start, project.settings.end);
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
            ActivityStatus::Ongoing => ActivityKind::Ongoing,
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
        months.push(MonthColumn { label: step.label(localizer, column), year, columns });
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
