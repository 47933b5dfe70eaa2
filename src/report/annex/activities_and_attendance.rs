//! The sheets of activities and attendance.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::civil::Date;

use super::annex_builder::AnnexBuilder;
use super::axis_labels::{self, SharedLabels};
use super::evidence::{flag_cell, source_text};
use super::labels::ColumnList;
use super::sheet_plan::SheetSubject;
use super::workbook_model::{
    AnnexCell, AnnexColumnKind, AnnexRows, AnnexSheet, FormatId, InMemoryRows, RowIter, SheetRole,
};
use crate::disclosure::{ParticipantColumn, ReleasedAttendances};
use crate::indicators::{Key, count_attendees};
use crate::model::{Activity, ActivityId, Amount, AxisSide, Category, ColumnId, Period, Project, Value};
use crate::report::activity_period::is_listed;
use crate::report::status_labels::status_label;

/// Columns of activities that every donor knows, by their labels.
const CATEGORIES: [(&str, &str); 3] =
    [("type", "activity.type"), ("municipality", "activity.municipality"), ("partner", "activity.partner")];

/// The activities that have begun by the end of the period, those planned for it, and those without a day.
pub fn activities_sheet<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let table = &draft.project().activities;
    let labels = &draft.labels;
    let present: Vec<(ColumnId, &str)> =
        CATEGORIES.iter().filter_map(|(name, label)| Some((table.column(name)?, *label))).collect();
    let result = table.column("result");
    let mut columns = ColumnList::new(labels);
    columns.add("activity.one", AnnexColumnKind::Code);
    columns.add_texts("activity.title", AnnexColumnKind::Title);
    columns.add("activity.date", AnnexColumnKind::Date);
    columns.add("workbook.end-date", AnnexColumnKind::Date);
    columns.add_texts("activity.status", AnnexColumnKind::Word);
    columns.add("workbook.in-period", AnnexColumnKind::Flag);
    for (_, label) in &present {
        columns.add_texts(label, AnnexColumnKind::Word);
    }
    if result.is_some() {
        columns.add_texts("activity.result", AnnexColumnKind::Remark);
    }
    columns.add("activity.people", AnnexColumnKind::Number);
    columns.add("annex.source-row", AnnexColumnKind::Source);
    let columns = columns.finish();
    let begins = |activity: &Activity| activity.date.or(activity.end_date);
    let is_shown = |id: &ActivityId| begins(table.get(*id)).is_none_or(|day| day <= draft.period.end);
    let mut shown: Vec<ActivityId> = table.ids().filter(is_shown).collect();
    shown.sort_by_key(|id| (begins(table.get(*id)).unwrap_or(Date::MAX), table.code_of(*id), *id));
    let people = AttendeeCounts::new(draft);
    let flags = draft.flag_format();
    let row = |id: &ActivityId| {
        let activity = table.get(*id);
        let mut cells = vec![AnnexCell::text(table.code(activity))];
        cells.extend(labels.text_cells(&activity.title));
        cells.push(day_cell(draft, activity));
        cells.push(activity.end_date.map_or(AnnexCell::Empty, AnnexCell::Date));
        cells.extend(labels.label_cells(status_label(activity.status)));
        cells.push(flag_cell(is_listed(&draft.project().settings, draft.period, activity), flags));
        for (column, _) in &present {
            cells.extend(category_cells(draft, activity, *column));
        }
        if let Some(column) = result {
            cells.extend(result_cells(draft, activity, column));
        }
        cells.push(people.cell(draft, *id));
        cells.push(AnnexCell::text(source_text(draft.project(), activity.row)));
        cells
    };
    let rows: Vec<Vec<AnnexCell>> = shown.iter().map(row).collect();
    let mut head = labels.title_lines(|locale| locale.label("annex.activities").to_owned());
    head.extend(labels.text_lines(|locale| locale.label("workbook.activities-lines").to_owned()));
    let frozen = 1 + labels.count();
    let rows = Box::new(InMemoryRows(rows));
    draft.table_sheet(SheetSubject::Activities, (SheetRole::Lists, "activities"), head, columns, frozen, rows)
}

/// The values of an activity's cell in each language.
fn category_cells(draft: &AnnexBuilder, activity: &Activity, column: ColumnId) -> Vec<AnnexCell<'static>> {
    let words = draft.key_labels(AxisSide::Activity(column));
    let values = activity.values[usize::from(column.0)].categories();
    let joined = |language: usize| {
        let names: Vec<&str> = values.iter().map(|value| words.label(Key::Category(*value), language)).collect();
        AnnexCell::text(names.join("; "))
    };
    (0..draft.labels.locales().len()).map(joined).collect()
}

/// An activity's results, each with its title in each language.
fn result_cells(draft: &AnnexBuilder, activity: &Activity, column: ColumnId) -> Vec<AnnexCell<'static>> {
    let entries = &draft.project().activities.columns[usize::from(column.0)].entries;
    let code = |value: &Category| Some(entries.get(value.0 as usize)?.code);
    let codes: Vec<&str> = activity.values[usize::from(column.0)].categories().iter().filter_map(code).collect();
    let results = &draft.logframe().results;
    draft.labels.cells(|locale| {
        let titled = codes.iter().map(|code| match results.iter().find(|result| result.code == *code) {
            Some(result) => format!("{code} {}", draft.labels.in_language(&result.title, locale)),
            None => (*code).to_owned(),
        });
        titled.collect::<Vec<String>>().join("\n")
    })
}

/// How many people each activity reached: as its row says, else as many different ones as attended it.
struct AttendeeCounts {
    column: Option<ColumnId>,
    attendees: Vec<u32>,
}

impl AttendeeCounts {
    fn new(draft: &AnnexBuilder) -> AttendeeCounts {
        let project = draft.project();
        AttendeeCounts {
            column: project.activities.column("reached"),
            attendees: count_attendees(project, draft.period.end),
        }
    }

    fn cell(&self, draft: &AnnexBuilder, id: ActivityId) -> AnnexCell<'static> {
        let activity = draft.project().activities.get(id);
        let written = self.column.and_then(|column| activity.values.get(usize::from(column.0)));
        let amount = match written {
            Some(Value::Number(amount)) => **amount,
            _ => match self.attendees.get(id.0 as usize) {
                Some(&count) if count > 0 => Amount::count(count.into()),
                _ => return AnnexCell::Empty,
            },
        };
        AnnexCell::Number(amount.from, draft.format(false, &[amount.from], amount.hedge))
    }
}

/// The first day; only the month, where only that is known.
fn day_cell<'a>(draft: &AnnexBuilder<'a>, activity: &Activity) -> AnnexCell<'a> {
    match (activity.date, draft.labels.locales()) {
        (Some(date), [locale]) if activity.month_only => {
            AnnexCell::text(locale.month_in_text(date.year(), date.month()))
        }
        (Some(date), _) if activity.month_only => AnnexCell::text(format!("{:04}-{:02}", date.year(), date.month())),
        (Some(date), _) => AnnexCell::Date(date),
        (None, _) => AnnexCell::Empty,
    }
}

/// One row for each attendance counted; with details of its person for a donor who is entitled to them.
pub fn attendance_sheet<'a>(draft: &mut AnnexBuilder<'a>, view: ReleasedAttendances<'a>) -> AnnexSheet<'a> {
    let labels = &draft.labels;
    let mut columns = ColumnList::new(labels);
    columns.add("annex.person", AnnexColumnKind::Key);
    columns.add("activity.one", AnnexColumnKind::Code);
    columns.add("activity.date", AnnexColumnKind::Date);
    columns.add("workbook.in-period", AnnexColumnKind::Flag);
    let mut details = Vec::new();
    for column in view.columns() {
        let side = match column {
            ParticipantColumn::AgeBand => AxisSide::Age,
            ParticipantColumn::Person(column) => AxisSide::Person(*column),
        };
        columns.add_texts_headed(axis_labels::side_names(draft, side), AnnexColumnKind::Word);
        details.push(draft.key_labels(side));
    }
    let columns = columns.finish();
    let mut head = labels.title_lines(|locale| locale.label("annex.attendance").to_owned());
    head.extend(labels.text_lines(|locale| locale.label("workbook.not-printed").to_owned()));
    let rows = AttendanceRows {
        project: draft.project(),
        view,
        period: draft.period,
        flag: draft.flag_format(),
        details,
        languages: labels.locales().len(),
    };
    draft.table_sheet(SheetSubject::Attendance, (SheetRole::Attendance, "attendance"), head, columns, 1, Box::new(rows))
}

struct AttendanceRows<'a> {
    project: &'a Project,
    view: ReleasedAttendances<'a>,
    period: &'a Period,
    flag: FormatId,
    /// By column of the view.
    details: Vec<SharedLabels>,
    languages: usize,
}

impl AnnexRows for AttendanceRows<'_> {
    fn count(&self) -> u64 {
        self.view.count()
    }

    fn iter(&self) -> RowIter<'_> {
        let mut rows = self.view.rows();
        Box::new(move |cells| {
            let Some(row) = rows.next() else { return false };
            cells.push(AnnexCell::text(row.pseudonym));
            cells.push(AnnexCell::text(self.project.activities.code_of(row.activity)));
            cells.push(AnnexCell::Date(row.day));
            cells.push(flag_cell(self.period.contains(row.day), self.flag));
            for (words, key) in self.details.iter().zip(&row.details) {
                let labels = (0..self.languages).map(|language| words.label(*key, language));
                cells.extend(labels.map(|label| AnnexCell::Text(Cow::Borrowed(label))));
            }
            true
        })
    }

    /// Labels that rows show, not all that there are: a value that no row has must not be in the workbook.
    fn repeated_texts(&self) -> Vec<&str> {
        let mut keys: Vec<BTreeSet<Key>> = vec![BTreeSet::new(); self.details.len()];
        if !keys.is_empty() {
            for row in self.view.rows() {
                keys.iter_mut().zip(row.details).for_each(|(keys, key)| {
                    keys.insert(key);
                });
            }
        }
        let labelled = self.details.iter().zip(keys);
        labelled
            .flat_map(|(words, keys)| {
                let languages = 0..self.languages;
                languages.flat_map(move |language| keys.clone().into_iter().map(move |key| words.label(key, language)))
            })
            .collect()
    }
}
