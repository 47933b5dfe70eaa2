//! The sheets of activities, participants and attendance.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::annex_builder::AnnexBuilder;
use super::axis_labels;
use super::evidence::{flag_cell, source_text};
use super::sheet_plan::SheetSubject;
use super::workbook_model::{
    AnnexCell, AnnexColumn, AnnexColumnKind, AnnexRows, AnnexSheet, AnnexTable, FormatId, InMemoryRows, RowIter,
    SheetRole,
};
use crate::disclosure::{ParticipantColumn, ParticipantsView, ReleasedAttendances};
use crate::indicators::Key;
use crate::model::{Activity, AxisSide, ColumnId, Period, Project, Value};
use crate::report::status_labels::status_label;

/// Columns of activities that every donor knows, by their labels.
const CATEGORIES: [(&str, &str); 3] =
    [("type", "activity.type"), ("municipality", "activity.municipality"), ("partner", "activity.partner")];

/// The activities up to the end of the period, and those without a day.
pub fn activities_sheet<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let table = &draft.project().activities;
    let labels = &draft.labels;
    let named = |heading: &str, kind| AnnexColumn { heading: labels.label(heading), kind };
    let mut columns = vec![
        named("activity.one", AnnexColumnKind::Code),
        named("activity.title", AnnexColumnKind::Title),
        named("activity.date", AnnexColumnKind::Date),
        named("workbook.end-date", AnnexColumnKind::Date),
        named("activity.status", AnnexColumnKind::Word),
        named("workbook.in-period", AnnexColumnKind::Flag),
    ];
    let present = CATEGORIES.iter().filter_map(|(name, label)| Some((table.column(name)?, *label)));
    let present: Vec<(ColumnId, &str)> = present.collect();
    columns.extend(present.iter().map(|(_, label)| named(label, AnnexColumnKind::Word)));
    let result = table.column("result");
    columns.extend(result.map(|_| named("activity.result", AnnexColumnKind::Code)));
    let reached = table.column("reached");
    columns.extend(reached.map(|_| named("activity.reached", AnnexColumnKind::Number)));
    columns.push(named("annex.source-row", AnnexColumnKind::Source));
    let entry_labels: Vec<Vec<String>> =
        table.columns.iter().map(|column| axis_labels::entry_labels(draft, column)).collect();
    let flags = draft.flag_format();
    let mut shown: Vec<&Activity> =
        table.rows.iter().filter(|activity| activity.counted_day().is_none_or(|day| day <= draft.period.end)).collect();
    shown.sort_by(|one, other| {
        let key = |activity: &Activity| (activity.counted_day().is_none(), activity.counted_day());
        key(one).cmp(&key(other)).then_with(|| table.code(one).cmp(table.code(other)))
    });
    let joined = |activity: &Activity, column: ColumnId| {
        let column = usize::from(column.0);
        let named = activity.values[column].categories().iter();
        let names: Vec<&str> = named.map(|category| entry_labels[column][category.0 as usize].as_str()).collect();
        names.join("; ")
    };
    let row = |activity: &&'a Activity| {
        let within = activity.counted_day().is_some_and(|day| draft.period.contains(day));
        let mut cells = vec![
            AnnexCell::text(table.code(activity)),
            AnnexCell::text(labels.text(&activity.title)),
            day_cell(draft, activity),
            activity.end_date.map_or(AnnexCell::Empty, AnnexCell::Date),
            AnnexCell::text(labels.label(status_label(activity.status))),
            flag_cell(within, flags),
        ];
        cells.extend(present.iter().map(|(column, _)| AnnexCell::text(joined(activity, *column))));
        cells.extend(result.map(|column| AnnexCell::text(joined(activity, column))));
        cells.extend(reached.map(|column| match &activity.values[usize::from(column.0)] {
            Value::Number(amount) => {
                let format = draft.format(false, &[amount.from], amount.hedge);
                AnnexCell::Number(amount.from, format)
            }
            _ => AnnexCell::Empty,
        }));
        cells.push(AnnexCell::text(source_text(draft.project(), activity.row)));
        cells
    };
    let rows: Vec<Vec<AnnexCell>> = shown.iter().map(row).collect();
    let heading = labels.label("annex.activities");
    single_table_sheet(draft, SheetSubject::Activities, heading, columns, Box::new(InMemoryRows(rows)), "activities")
}

/// The first day; only the month, where only that is known.
fn day_cell<'a>(draft: &AnnexBuilder<'a>, activity: &Activity) -> AnnexCell<'a> {
    match activity.date {
        Some(date) if activity.month_only => {
            AnnexCell::text(draft.labels.join(|locale| locale.month_in_text(date.year(), date.month())))
        }
        Some(date) => AnnexCell::Date(date),
        None => AnnexCell::Empty,
    }
}

/// One row for each person counted; with details for a donor who is entitled to them.
pub fn participants_sheet<'a>(draft: &mut AnnexBuilder<'a>, view: ParticipantsView) -> AnnexSheet<'a> {
    let labels = &draft.labels;
    let mut columns = vec![AnnexColumn { heading: labels.label("annex.person"), kind: AnnexColumnKind::Code }];
    let mut key_labels = Vec::new();
    for column in &view.columns {
        let part = match column {
            ParticipantColumn::AgeBand => AxisSide::Age,
            ParticipantColumn::Person(column) => AxisSide::Person(*column),
        };
        columns.push(AnnexColumn { heading: axis_labels::side_names(draft, part), kind: AnnexColumnKind::Word });
        key_labels.push(draft.key_labels(part));
    }
    let heading = labels.label("annex.participants");
    let rows = Box::new(ParticipantRows { view, labels: key_labels });
    single_table_sheet(draft, SheetSubject::Participants, heading, columns, rows, "participants")
}

struct ParticipantRows {
    view: ParticipantsView,
    /// By column of the view.
    labels: Vec<Arc<axis_labels::KeyLabels>>,
}

impl AnnexRows for ParticipantRows {
    fn count(&self) -> u64 {
        self.view.rows.len() as u64
    }

    fn iter(&self) -> RowIter<'_> {
        let mut rows = self.view.rows.iter();
        Box::new(move |cells| {
            let Some(row) = rows.next() else { return false };
            cells.push(AnnexCell::Text(Cow::Borrowed(&row.pseudonym)));
            for (labels, key) in self.labels.iter().zip(&row.details) {
                cells.push(AnnexCell::Text(Cow::Borrowed(labels.label(*key))));
            }
            true
        })
    }

    /// Labels that rows show, not all that there are: a value that no row has must not be in the workbook.
    fn repeated_texts(&self) -> Vec<&str> {
        let labelled = self.labels.iter().enumerate();
        labelled
            .flat_map(|(at, labels)| {
                let keys: BTreeSet<Key> =
                    self.view.rows.iter().filter_map(|row| row.details.get(at).copied()).collect();
                keys.into_iter().map(|key| labels.label(key))
            })
            .collect()
    }
}

/// One row for each attendance counted.
pub fn attendance_sheet<'a>(draft: &mut AnnexBuilder<'a>, counted: &ReleasedAttendances<'a>) -> AnnexSheet<'a> {
    let labels = &draft.labels;
    let named = |heading: &str, kind| AnnexColumn { heading: labels.label(heading), kind };
    let columns = vec![
        named("annex.person", AnnexColumnKind::Code),
        named("activity.one", AnnexColumnKind::Code),
        named("activity.date", AnnexColumnKind::Date),
        named("workbook.in-period", AnnexColumnKind::Flag),
    ];
    let heading = labels.label("annex.attendance");
    let (project, counted) = (draft.project(), counted.clone());
    let rows = AttendanceRows { project, counted, period: draft.period, flag: draft.flag_format() };
    single_table_sheet(draft, SheetSubject::Attendance, heading, columns, Box::new(rows), "attendance")
}

struct AttendanceRows<'a> {
    project: &'a Project,
    counted: ReleasedAttendances<'a>,
    period: &'a Period,
    flag: FormatId,
}

impl AnnexRows for AttendanceRows<'_> {
    fn count(&self) -> u64 {
        self.counted.count()
    }

    fn iter(&self) -> RowIter<'_> {
        let mut rows = self.counted.rows();
        Box::new(move |cells| {
            let Some(row) = rows.next() else { return false };
            cells.push(AnnexCell::text(row.pseudonym));
            cells.push(AnnexCell::text(self.project.activities.code_of(row.activity)));
            cells.push(AnnexCell::Date(row.day));
            cells.push(flag_cell(self.period.contains(row.day), self.flag));
            true
        })
    }
}

/// A sheet that is one table of all its columns.
fn single_table_sheet<'a>(
    draft: &mut AnnexBuilder<'a>,
    subject: SheetSubject,
    heading: String,
    columns: Vec<AnnexColumn>,
    rows: Box<dyn AnnexRows + 'a>,
    table: &str,
) -> AnnexSheet<'a> {
    let table = AnnexTable {
        name: draft.names.table_name(table),
        first_column: 0,
        last_column: columns.len() as u16 - 1,
        rows: u32::try_from(rows.count()).unwrap_or(u32::MAX),
    };
    AnnexSheet {
        name: draft.plan.name(subject).to_owned(),
        role: SheetRole::Lists,
        head: vec![vec![AnnexCell::Heading(heading.into())]],
        columns,
        frozen: 1,
        rows,
        tables: vec![table],
        charts: Vec::new(),
    }
}
