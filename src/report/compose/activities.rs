use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::disaggregation::capital;
use super::voice::Voice;
use crate::model::{Activity, ActivityStatus, Category, ColumnId};
use crate::report::document::{
    Activities, ActivitiesChart, ActivityColumn, ActivityKey, ActivityKind, ActivityRow, Body, Column, ColumnRole,
    Coverage, Fraction, MonthColumn, Tally,
};
use crate::report::profile::ProfileSection;
use crate::report::status::status_label;

/// Rows of activities, where the profile doesn't say: three pages.
const ROWS: usize = 60;
/// Municipalities as small multiples, and types under each.
const PLACES: usize = 12;
const TYPES_OF_PLACE: usize = 4;
/// Columns side by side in the chart over time.
const COLUMNS: usize = 24;

pub(super) fn section(voice: &Voice, section: &ProfileSection) -> Body {
    let table = &voice.input.project.activities;
    let (kind, place) = (table.column("type"), table.column("municipality"));
    let mut rows: Vec<&Activity> = table.rows.iter().filter(|activity| in_report(voice, activity)).collect();
    rows.sort_by_key(|activity| {
        let begins = activity.date.or(activity.end_date).unwrap_or(Date::MAX);
        (!is_held(voice, activity), begins, activity.row)
    });
    let held: Vec<&Activity> = rows.iter().copied().filter(|activity| is_held(voice, activity)).collect();
    let by_type = tally(voice, &held, kind, None);
    let heading = |role: ColumnRole, key: &'static str| Column { role, heading: voice.label(key).to_owned() };
    let most = section.most.unwrap_or(ROWS);
    let all = rows.len();
    let integer = |number: usize| voice.locale.integer(number as u64);
    let (coverage, coverage_notes) = coverage(voice, &held, kind, place);
    Body::Activities(Box::new(Activities {
        over_time: over_time(voice),
        by_type_alt: alt(voice, voice.label("report.by-type"), &by_type),
        by_type,
        by_type_heading: voice.label("report.by-type").to_owned(),
        coverage,
        coverage_heading: voice.label("report.by-municipality").to_owned(),
        coverage_notes,
        table_heading: voice.label("report.overview").to_owned(),
        columns: vec![
            heading(ColumnRole::Text, "activity.date"),
            heading(ColumnRole::Text, "activity.title"),
            heading(ColumnRole::Text, "activity.type"),
            heading(ColumnRole::Text, "activity.municipality"),
            heading(ColumnRole::Number, "activity.reached"),
            heading(ColumnRole::Text, "activity.status"),
        ],
        rows: rows.into_iter().take(most).map(|activity| row(voice, activity)).collect(),
        more: (all > most).then(|| voice.phrase("activity.more", &[("shown", &integer(most)), ("all", &integer(all))])),
    }))
}

/// Completed within the period and before the data ends.
fn is_held(voice: &Voice, activity: &Activity) -> bool {
    let complete = voice.input.project.settings.data_until.unwrap_or(Date::MAX);
    activity.status == ActivityStatus::Completed
        && activity.counted_day().is_some_and(|day| voice.input.period().contains(day) && day <= complete)
}

/// What was held in the period, and what is open: dated in it or later, or without a date.
fn in_report(voice: &Voice, activity: &Activity) -> bool {
    match activity.status {
        ActivityStatus::Completed => is_held(voice, activity),
        _ => activity.counted_day().is_none_or(|day| day >= voice.input.period().start),
    }
}

fn row(voice: &Voice, activity: &Activity) -> ActivityRow {
    let table = &voice.input.project.activities;
    let cell = |name: &str| voice.cell(activity, table.column(name));
    ActivityRow {
        date: when(voice, activity),
        title: voice.text(&activity.title),
        kind: cell("type"),
        place: cell("municipality"),
        reached: cell("reached"),
        status: voice.label(status_label(activity.status)).to_owned(),
        held: activity.status == ActivityStatus::Completed,
    }
}

fn when(voice: &Voice, activity: &Activity) -> String {
    match (activity.date, activity.end_date) {
        (None, None) => voice.locale.absent().to_owned(),
        (Some(day), _) if activity.month_only => voice.locale.month(day.year(), day.month()),
        (Some(day), Some(end)) => voice.locale.date_range_short(day, end),
        (Some(day), None) if activity.status == ActivityStatus::Ongoing => {
            voice.phrase("activity.since", &[("date", &voice.locale.date_short(day))])
        }
        (Some(day), _) | (None, Some(day)) => voice.locale.date_short(day),
    }
}

fn categories(activity: &Activity, column: ColumnId) -> &[Category] {
    activity.values.get(usize::from(column.0)).map(|value| value.categories()).unwrap_or_default()
}

/// Activities under each value of a column, in the order of its list; an activity of several stands under each.
fn counts(activities: &[&Activity], column: ColumnId) -> BTreeMap<Category, u64> {
    let mut counts = BTreeMap::new();
    for category in activities.iter().flat_map(|activity| categories(activity, column)) {
        *counts.entry(*category).or_insert(0) += 1;
    }
    counts
}

/// Bars are drawn on the scale of the largest number, or of a larger one that other bars are drawn on.
fn tally(voice: &Voice, activities: &[&Activity], column: Option<ColumnId>, scale: Option<u64>) -> Vec<Tally> {
    let Some(at) = column else { return Vec::new() };
    let column = &voice.input.project.activities.columns[usize::from(at.0)];
    let mut counted: Vec<(Category, u64)> = counts(activities, at).into_iter().collect();
    counted.sort_by_key(|(category, count)| (std::cmp::Reverse(*count), *category));
    let highest = Decimal::from(scale.or(counted.first().map(|(_, count)| *count)).unwrap_or(1));
    counted
        .into_iter()
        .map(|(category, count)| Tally {
            label: voice.category(column, category),
            value: voice.locale.integer(count),
            fraction: Fraction::of(Decimal::from(count), highest),
        })
        .collect()
}

fn alt(voice: &Voice, title: &str, rows: &[Tally]) -> String {
    let said: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.label, row.value)).collect();
    voice.phrase("report.alt-parts", &[("title", title), ("parts", &said.join("; "))])
}

/// The municipalities with most activities, on one scale, in the order of their list; and what they leave out.
fn coverage(
    voice: &Voice,
    held: &[&Activity],
    kind: Option<ColumnId>,
    place: Option<ColumnId>,
) -> (Vec<Coverage>, Vec<String>) {
    let Some(place) = place else { return (Vec::new(), Vec::new()) };
    let column = &voice.input.project.activities.columns[usize::from(place.0)];
    let mut places: Vec<(Category, u64)> = counts(held, place).into_iter().collect();
    places.sort_by_key(|(category, count)| (std::cmp::Reverse(*count), *category));
    let nowhere = held.iter().filter(|activity| categories(activity, place).is_empty()).count();
    let others = places.len().saturating_sub(PLACES);
    let notes = [("report.no-municipality", nowhere), ("report.other-municipalities", others)]
        .into_iter()
        .filter(|(_, number)| *number > 0)
        .map(|(key, number)| voice.phrase(key, &[("n", &voice.locale.integer(number as u64))]))
        .collect();
    places.truncate(PLACES);
    places.sort_by_key(|(category, _)| *category);
    let of_place = |category: Category| -> Vec<&Activity> {
        held.iter().copied().filter(|activity| categories(activity, place).contains(&category)).collect()
    };
    let of_kinds = |here: &[&Activity]| kind.map(|kind| counts(here, kind)).unwrap_or_default();
    let scale = places.iter().flat_map(|(category, _)| of_kinds(&of_place(*category)).into_values()).max();
    let coverage = places
        .into_iter()
        .map(|(category, count)| {
            let here = of_place(category);
            let mut rows = tally(voice, &here, kind, scale);
            let label = voice.category(column, category);
            let alt = alt(voice, &label, &rows);
            if rows.len() > TYPES_OF_PLACE {
                let mut counted: Vec<u64> = of_kinds(&here).into_values().collect();
                counted.sort_unstable_by_key(|count| std::cmp::Reverse(*count));
                let others: u64 = counted[TYPES_OF_PLACE - 1..].iter().sum();
                rows.truncate(TYPES_OF_PLACE - 1);
                rows.push(Tally {
                    label: voice.label("report.other-types").to_owned(),
                    value: voice.locale.integer(others),
                    fraction: Fraction::of(Decimal::from(others), Decimal::from(scale.unwrap_or(1))),
                });
            }
            Coverage { label, total: voice.locale.integer(count), rows, alt }
        })
        .collect();
    (coverage, notes)
}

/// All activities of the project over time: completed ones that a report of this period may know, and open ones; by
/// month, of long projects by quarter, of very long ones by year.
fn over_time(voice: &Voice) -> Option<ActivitiesChart> {
    let project = voice.input.project;
    let known = project.settings.data_until.unwrap_or(Date::MAX).min(voice.input.period().end);
    let (start, end) = (project.settings.start, project.settings.end);
    let step = Step::of(start, end);
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
    let words = [
        (ActivityKind::Held, voice.label("report.held")),
        (ActivityKind::Ongoing, voice.label("report.ongoing")),
        (ActivityKind::Planned, voice.label("report.planned")),
    ];
    let highest = Decimal::from(counts.values().copied().max().unwrap_or(1));
    let mut last_year = None;
    let mut said = Vec::new();
    let mut months = Vec::new();
    for column in all {
        let of_kind = |(kind, word): &(ActivityKind, &str)| {
            let count = *counts.get(&(column, *kind))?;
            let text = voice.locale.integer(count);
            let told = voice.phrase("report.activities-of", &[("kind", word), ("n", &text)]);
            Some((told, ActivityColumn { kind: *kind, height: Fraction::of(Decimal::from(count), highest), text }))
        };
        let (told, columns): (Vec<String>, Vec<ActivityColumn>) = words.iter().filter_map(of_kind).unzip();
        if !told.is_empty() {
            said.push(format!("{}: {}", step.name(voice, column), told.join(", ")));
        }
        let year = (step != Step::Year && last_year != Some(column.0)).then(|| column.0.to_string());
        last_year = Some(column.0);
        months.push(MonthColumn { label: step.label(voice, column), year, columns });
    }
    let occurs = |kind: ActivityKind| counts.keys().any(|(_, other)| *other == kind);
    let key = words.into_iter().filter(|(kind, _)| occurs(*kind));
    let heading = voice.label("report.over-time").to_owned();
    Some(ActivitiesChart {
        key: key.map(|(kind, word)| ActivityKey { kind, word: capital(word) }).collect(),
        months,
        note: voice.label("report.over-time-note").to_owned(),
        alt: voice.phrase("report.alt-parts", &[("title", &heading), ("parts", &said.join("; "))]),
        heading,
    })
}

/// How much time one column of the chart over time stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Month,
    Quarter,
    Year,
}

impl Step {
    /// The finest that leaves at most [`COLUMNS`] of them.
    fn of(start: Date, end: Date) -> Step {
        let fine = [Step::Month, Step::Quarter];
        fine.into_iter().find(|step| step.columns(start, end).len() <= COLUMNS).unwrap_or(Step::Year)
    }

    fn months(self) -> i8 {
        match self {
            Step::Month => 1,
            Step::Quarter => 3,
            Step::Year => 12,
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

    fn label(self, voice: &Voice, (year, part): (i16, i8)) -> String {
        match self {
            Step::Month => voice.label(MONTH_LABELS[usize::from(part.unsigned_abs())]).to_owned(),
            Step::Quarter => ROMAN[usize::from(part.unsigned_abs())].to_owned(),
            Step::Year => year.to_string(),
        }
    }

    fn name(self, voice: &Voice, (year, part): (i16, i8)) -> String {
        let of_year = |key: &str| voice.phrase(key, &[("year", &year.to_string())]);
        match self {
            Step::Month => voice.locale.month_in_text(year, part + 1),
            Step::Quarter => of_year(QUARTERS[usize::from(part.unsigned_abs())]),
            Step::Year => of_year("span.year"),
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
