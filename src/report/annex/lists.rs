//! The sheets of activities, participants and attendance.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::draft::Draft;
use super::evidence::{flag, source};
use super::plan::Subject;
use super::rules;
use super::view::{Cell, Column, ColumnKind, FormatId, Listed, Role, Rows, Sheet, Table, Walk};
use crate::disclosure::{ParticipantColumn, ParticipantsView, ReleasedAttendances};
use crate::indicators::Key;
use crate::model::{Activity, AxisSide, ColumnId, Period, Project, Value};
use crate::report::status::status_label;

/// Columns of activities that every donor knows, by their labels.
const CATEGORIES: [(&str, &str); 3] =
    [("type", "activity.type"), ("municipality", "activity.municipality"), ("partner", "activity.partner")];

/// The activities up to the end of the period, and those without a day.
pub fn activities<'a>(draft: &mut Draft<'a>) -> Sheet<'a> {
    let table = &draft.project().activities;
    let words = &draft.words;
    let named = |heading: &str, kind| Column { heading: words.label(heading), kind };
    let mut columns = vec![
        named("activity.one", ColumnKind::Code),
        named("activity.title", ColumnKind::Title),
        named("activity.date", ColumnKind::Date),
        named("workbook.end-date", ColumnKind::Date),
        named("activity.status", ColumnKind::Word),
        named("workbook.in-period", ColumnKind::Flag),
    ];
    let present = CATEGORIES.iter().filter_map(|(name, label)| Some((table.column(name)?, *label)));
    let present: Vec<(ColumnId, &str)> = present.collect();
    columns.extend(present.iter().map(|(_, label)| named(label, ColumnKind::Word)));
    let result = table.column("result");
    columns.extend(result.map(|_| named("activity.result", ColumnKind::Code)));
    let reached = table.column("reached");
    columns.extend(reached.map(|_| named("activity.reached", ColumnKind::Number)));
    columns.push(named("annex.source-row", ColumnKind::Source));
    let labels: Vec<Vec<String>> = table.columns.iter().map(|column| rules::entry_labels(draft, column)).collect();
    let flags = draft.flag_format();
    let mut shown: Vec<&Activity> =
        table.rows.iter().filter(|activity| activity.counted_day().is_none_or(|day| day <= draft.period.end)).collect();
    shown.sort_by_key(|activity| (activity.counted_day().is_none(), activity.counted_day(), activity.row));
    let joined = |activity: &Activity, column: ColumnId| {
        let column = usize::from(column.0);
        let named = activity.values[column].categories().iter();
        let names: Vec<&str> = named.map(|category| labels[column][category.0 as usize].as_str()).collect();
        names.join("; ")
    };
    let row = |activity: &&'a Activity| {
        let within = activity.counted_day().is_some_and(|day| draft.period.contains(day));
        let mut cells = vec![
            Cell::text(activity.id.as_str()),
            Cell::text(words.text(&activity.title)),
            day(draft, activity),
            activity.end_date.map_or(Cell::Empty, Cell::Date),
            Cell::text(words.label(status_label(activity.status))),
            flag(within, flags),
        ];
        cells.extend(present.iter().map(|(column, _)| Cell::text(joined(activity, *column))));
        cells.extend(result.map(|column| Cell::text(joined(activity, column))));
        cells.extend(reached.map(|column| match &activity.values[usize::from(column.0)] {
            Value::Number(amount) => {
                let format = draft.format(false, &[amount.from], amount.hedge);
                Cell::Number(amount.from, format)
            }
            _ => Cell::Empty,
        }));
        cells.push(Cell::text(source(draft.project(), activity.row)));
        cells
    };
    let rows: Vec<Vec<Cell>> = shown.iter().map(row).collect();
    let heading = words.label("annex.activities");
    listed(draft, Subject::Activities, heading, columns, Box::new(Listed(rows)), "activities")
}

/// The first day; only the month, where only that is known.
fn day<'a>(draft: &Draft<'a>, activity: &Activity) -> Cell<'a> {
    match activity.date {
        Some(date) if activity.month_only => {
            Cell::text(draft.words.each(|locale| locale.month_in_text(date.year(), date.month())))
        }
        Some(date) => Cell::Date(date),
        None => Cell::Empty,
    }
}

/// One row for each person counted; with details for a donor who is entitled to them.
pub fn participants<'a>(draft: &mut Draft<'a>, view: ParticipantsView) -> Sheet<'a> {
    let words = &draft.words;
    let mut columns = vec![Column { heading: words.label("annex.person"), kind: ColumnKind::Code }];
    let mut labels = Vec::new();
    for column in &view.columns {
        let part = match column {
            ParticipantColumn::AgeBand => AxisSide::Age,
            ParticipantColumn::Person(column) => AxisSide::Person(*column),
        };
        columns.push(Column { heading: rules::part_names(draft, part), kind: ColumnKind::Word });
        labels.push(draft.key_words(part));
    }
    let heading = words.label("annex.participants");
    let rows = Box::new(ParticipantRows { view, labels });
    listed(draft, Subject::Participants, heading, columns, rows, "participants")
}

struct ParticipantRows {
    view: ParticipantsView,
    /// By column of the view.
    labels: Vec<Arc<rules::KeyWords>>,
}

impl Rows for ParticipantRows {
    fn count(&self) -> u64 {
        self.view.rows.len() as u64
    }

    fn walk(&self) -> Walk<'_> {
        let mut rows = self.view.rows.iter();
        Box::new(move |cells| {
            let Some(row) = rows.next() else { return false };
            cells.push(Cell::Text(Cow::Borrowed(&row.pseudonym)));
            for (words, key) in self.labels.iter().zip(&row.details) {
                cells.push(Cell::Text(Cow::Borrowed(words.label(*key))));
            }
            true
        })
    }

    /// Labels that rows show, not all that there are: what no row says must not stand in the workbook.
    fn repeated(&self) -> Vec<&str> {
        let labelled = self.labels.iter().enumerate();
        labelled
            .flat_map(|(at, words)| {
                let keys: BTreeSet<Key> =
                    self.view.rows.iter().filter_map(|row| row.details.get(at).copied()).collect();
                keys.into_iter().map(|key| words.label(key))
            })
            .collect()
    }
}

/// One row for each attendance counted.
pub fn attendance<'a>(draft: &mut Draft<'a>, counted: &ReleasedAttendances<'a>) -> Sheet<'a> {
    let words = &draft.words;
    let named = |heading: &str, kind| Column { heading: words.label(heading), kind };
    let columns = vec![
        named("annex.person", ColumnKind::Code),
        named("activity.one", ColumnKind::Code),
        named("activity.date", ColumnKind::Date),
        named("workbook.in-period", ColumnKind::Flag),
    ];
    let heading = words.label("annex.attendance");
    let (project, counted) = (draft.project(), counted.clone());
    let rows = AttendanceRows { project, counted, period: draft.period, flag: draft.flag_format() };
    listed(draft, Subject::Attendance, heading, columns, Box::new(rows), "attendance")
}

struct AttendanceRows<'a> {
    project: &'a Project,
    counted: ReleasedAttendances<'a>,
    period: &'a Period,
    flag: FormatId,
}

impl Rows for AttendanceRows<'_> {
    fn count(&self) -> u64 {
        self.counted.count()
    }

    fn walk(&self) -> Walk<'_> {
        let mut rows = self.counted.rows();
        Box::new(move |cells| {
            let Some(row) = rows.next() else { return false };
            cells.push(Cell::text(row.pseudonym));
            cells.push(Cell::text(self.project.activities.get(row.activity).id.as_str()));
            cells.push(Cell::Date(row.day));
            cells.push(flag(self.period.contains(row.day), self.flag));
            true
        })
    }
}

/// A sheet that is one table of all its columns.
fn listed<'a>(
    draft: &mut Draft<'a>,
    subject: Subject,
    heading: String,
    columns: Vec<Column>,
    rows: Box<dyn Rows + 'a>,
    table: &str,
) -> Sheet<'a> {
    let table = Table {
        name: draft.names.table(table),
        first_column: 0,
        last_column: columns.len() as u16 - 1,
        rows: u32::try_from(rows.count()).unwrap_or(u32::MAX),
    };
    Sheet {
        name: draft.plan.name(subject).to_owned(),
        role: Role::Lists,
        head: vec![vec![Cell::Heading(heading.into())]],
        columns,
        frozen: 1,
        rows,
        tables: vec![table],
        charts: Vec::new(),
    }
}
