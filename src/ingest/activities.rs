//! The activities table.

mod columns;
mod dates;

use std::borrow::Cow;

use jiff::civil::Date;

use super::cell::{self, SlashOrder};
use super::codes::{CodeId, CodeIndex};
use super::column_builder::{approximate, untranslatable_column};
use super::conditions::ColumnUsage;
use super::head_counts::{CountColumns, settle_counts};
use super::layout::{self, TableKind};
use super::lists::ListIndex;
use super::logframe;
use super::raw_row::RawRow;
use super::table::{OnFault, RowOutcome, RowReader, TableReader, TableSheet};
use super::tables::Tables;
use super::value_order::{NewNumbers, renumber};
use super::workbook::Projection;
use crate::diagnostic::{Place, Problem, ProblemKind, kinds};
use crate::model::{
    Activity, ActivityId, ActivityStatus, ActivityTable, Category, Column, ResultNode, RowRef, Settings, Text, Value,
};
use columns::{NamedColumn, build_columns, check_columns, is_untranslatable};
use dates::{ActivityDates, read_dates};

/// The activities, with every code of the table, those of faulty rows too.
#[derive(Default)]
pub struct ReadActivities {
    pub table: ActivityTable,
    pub codes: CodeIndex,
    /// By code; none for a row in error or dropped, which attendances may still refer to.
    ids: Vec<Option<ActivityId>>,
    /// The row of each code, to name it when the code is repeated or nearly matched.
    rows: Vec<RowRef>,
    sheets: Vec<TableSheet>,
}

/// What a code of the activities table refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityMatch {
    Usable(ActivityId),
    /// The activity's row is in error or dropped.
    Faulty,
}

impl ReadActivities {
    /// The activity of a code.
    pub fn get(&self, code: CodeId) -> ActivityMatch {
        self.ids[code.index()].map_or(ActivityMatch::Faulty, ActivityMatch::Usable)
    }

    /// An activity's code as first written.
    pub fn code(&self, activity: &Activity) -> &str {
        self.codes.text(CodeId(activity.code))
    }

    /// The activities alone, with their codes.
    pub fn into_table(self) -> ActivityTable {
        ActivityTable { codes: self.codes.into_texts(), ..self.table }
    }

    /// The cell of a code: sheet, row and column.
    pub fn code_cell(&self, code: CodeId) -> Option<(&TableSheet, RowRef, u32)> {
        let row = self.rows[code.index()];
        let sheet = self.sheets.iter().find(|sheet| sheet.id == row.sheet)?;
        Some((sheet, row, sheet.column("id").unwrap_or_default()))
    }
}

/// What the activities' columns refer to.
pub struct ActivityContext<'a> {
    pub settings: &'a Settings,
    pub lists: &'a ListIndex,
    pub usage: &'a ColumnUsage,
    /// Columns that break counts down.
    pub counts: CountColumns<'a>,
    /// What documents call the columns of persons, by their names; empty where project.toml doesn't say.
    pub labels: &'a dyn Fn(&str) -> Text,
    /// None where the project has no results table.
    pub results: Option<(&'a CodeIndex, &'a [ResultNode])>,
}

const DATES: [&str; 2] = ["date", "end_date"];

/// Reads the activities table.
pub fn read_activities(tables: &mut Tables, table: &mut TableReader, context: &ActivityContext) -> ReadActivities {
    let mut activities = ReadActivities::default();
    let sheets = tables.sheets(TableKind::Activities);
    let mut columns = build_columns(&sheets, context);
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    activities.table.head_counts =
        context.counts.resolve(table, &names, context.lists, &context.settings.languages, context.labels);
    activities.sheets = sheets.clone();
    for sheet in &sheets {
        // Read twice, rather than kept: a table may have more rows than memory has room for.
        let mut rows = 0;
        let slashes = DATES.map(|name| scan_slash_order(tables, sheet, name, &mut rows));
        activities.table.rows.reserve_exact(rows);
        for (name, slashes) in DATES.iter().zip(&slashes) {
            table.warn_swapped_days(sheet, sheet.column(name), slashes);
        }
        let projection = Projection::Columns(sheet.layout.column_numbers());
        let mut first_row = None;
        let read = |row: &mut RowReader, ()| {
            first_row.get_or_insert(row.raw.number);
            read_row(row, slashes, &mut columns, context, &mut activities);
        };
        tables.for_each_data_row(table, sheet, &projection, |_| (), read);
        if let Some(first) = first_row.filter(|_| sheet.layout.rows_are_codes) {
            let note = Problem::note(kinds::RowCodes { code: sheet.row_address(first) });
            table.report(note.at(Place::sheet(&sheet.file, sheet.sheet_name.as_deref())));
        }
        if context.usage.is_used("reached")
            && !context.counts.makes_reached()
            && sheets.iter().all(|sheet| sheet.column("reached").is_none())
        {
            let place = Place::sheet(&sheet.file, sheet.sheet_name.as_deref());
            table.report(layout::absent_column(&sheet.layout, "reached").at(place));
        }
        if context.settings.languages.len() > 1 {
            for untranslatable in columns.iter().filter(|column| is_untranslatable(column, context)) {
                if let Some(column) = sheet.column(&untranslatable.name) {
                    table.report(untranslatable_column(sheet, column));
                }
            }
        }
    }
    for (code, known, _) in activities.codes.find_zero_variants() {
        table.warn_zero_variant(&activities.codes, (code, known), |code| activities.code_cell(code));
    }
    check_columns(tables, table, &sheets, &columns, context, &activities.table);
    let (columns, numbers): (Vec<Column>, NewNumbers) =
        columns.into_iter().map(|column| column.builder.finish()).unzip();
    renumber(activities.table.rows.iter_mut().map(|row| &mut *row.values), &numbers);
    activities.table.columns = columns;
    activities
}

/// How a column writes dates with slashes, by reading it alone; `rows` becomes how many rows the sheet has, at the most.
fn scan_slash_order(tables: &mut Tables, sheet: &TableSheet, name: &str, rows: &mut usize) -> SlashOrder {
    let mut slashes = SlashOrder::given(sheet.options.dates);
    if let Some(column) = sheet.column(name) {
        let mut seen = 0;
        tables.scan_rows(sheet, Projection::Columns(vec![column]), |row| {
            seen += 1;
            observe_date(&mut slashes, sheet, column, row);
        });
        *rows = seen.max(*rows);
    }
    slashes
}

/// How a column of rows that are kept writes dates with slashes.
pub fn find_slash_order(sheet: &TableSheet, name: &str, rows: &[RawRow]) -> SlashOrder {
    let mut slashes = SlashOrder::given(sheet.options.dates);
    let Some(column) = sheet.column(name) else { return slashes };
    rows.iter().for_each(|row| observe_date(&mut slashes, sheet, column, row));
    slashes
}

fn observe_date(slashes: &mut SlashOrder, sheet: &TableSheet, column: u32, row: &RawRow) {
    let Some(cell) = row.cell(column) else { return };
    if let Ok(Some(reading)) = cell::read_date_as(Some(cell), sheet.date_forms_of(column)) {
        slashes.observe_cell(cell, row.number, reading);
    }
}

fn read_row(
    row: &mut RowReader,
    slashes: [SlashOrder; 2],
    columns: &mut [NamedColumn],
    context: &ActivityContext,
    activities: &mut ReadActivities,
) {
    let id = read_id(row);
    let title = row.required_text("title", &context.settings.languages);
    let mut values = read_values(row, columns, id.as_deref(), &title, context);
    if !activities.table.head_counts.blocks.is_empty() {
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        settle_counts(row, &activities.table.head_counts, &names, &mut values);
    }
    let status = read_status(row, columns, &mut values);
    let dates = read_dates(row, slashes, status, context.settings);
    let code = id.as_deref().and_then(|id| add_code(row, id, activities));
    let outcome = row.finish();
    if let (RowOutcome::Used, Some(code), Some(status)) = (outcome, code, status) {
        let held = dates.end_date.or(dates.date).filter(|_| status == ActivityStatus::Completed);
        if let Some(uncounted) = held.and_then(|day| find_uncounted(day, context.settings)) {
            row.pass_over(uncounted.reason());
        }
        activities.ids[code.index()] = Some(ActivityId(activities.table.rows.len() as u32));
        let ActivityDates { date, end_date, month_only } = dates;
        let (code, values, row) = (code.0, values.into(), row.row_ref());
        activities.table.rows.push(Activity { code, title, status, date, end_date, month_only, values, row });
    }
}

/// The activity's code; the row's own address where project.toml says so.
fn read_id<'a>(row: &mut RowReader<'a, '_>) -> Option<Cow<'a, str>> {
    if row.sheet.layout.rows_are_codes {
        return Some(Cow::Owned(row.sheet.row_address(row.raw.number)));
    }
    row.field("id").required_code_or(kinds::MissingActivity)
}

fn read_values(
    row: &mut RowReader,
    columns: &mut [NamedColumn],
    id: Option<&str>,
    title: &Text,
    context: &ActivityContext,
) -> Vec<Value> {
    let languages = &context.settings.languages;
    let results = context.results.map(|(codes, _)| codes);
    let mut values: Vec<Value> = Vec::with_capacity(columns.len());
    for NamedColumn { name, builder } in columns.iter_mut() {
        values.push(match name.as_str() {
            "id" => id.map_or(Value::Blank, |id| builder.intern(id)),
            "title" => {
                let shown = languages.first().and_then(|first| title.in_order(first, languages));
                shown.map_or(Value::Blank, |text| builder.intern(text))
            }
            name => {
                let column = row.sheet.attribute_column(name);
                builder.read(row.field_at(column), context.lists, results)
            }
        });
    }
    if let (Some(reached), Some(precision)) = (position(columns, "reached"), position(columns, "precision"))
        && values[precision].categories().first().is_some_and(|category| category.0 == 1)
        && let Value::Number(amount) = &values[reached]
    {
        values[reached] = approximate(**amount).into();
    }
    let mut field = row.field("type");
    if let Some(at) = position(columns, "type")
        && values[at] == Value::Blank
        && field.exists()
        && field.is_blank()
    {
        field.report_missing(OnFault::BlankValue);
    }
    values
}

fn position(columns: &[NamedColumn], name: &str) -> Option<usize> {
    columns.iter().position(|column| column.name == name)
}

/// The activity's status; `None` if it is missing or faulty, which is reported. In a sheet without statuses every activity
/// is completed.
fn read_status(row: &mut RowReader, columns: &[NamedColumn], values: &mut [Value]) -> Option<ActivityStatus> {
    let Some(at) = position(columns, "status") else { return Some(ActivityStatus::Completed) };
    if !row.field("status").exists() {
        values[at] = Value::One(COMPLETED);
    }
    let status = values[at].categories().first().and_then(|category| status_at(category.0));
    let mut field = row.field("status");
    if status.is_none() && field.exists() && field.is_blank() {
        field.report_missing(OnFault::DropRow);
    }
    status
}

/// Adds a code. One that is in the table already is a fault that names both cells.
fn add_code(row: &mut RowReader, id: &str, activities: &mut ReadActivities) -> Option<CodeId> {
    let is_padded = row.field("id").is_padded();
    let found = activities.codes.find(id).or_else(|| activities.codes.find_padded(id, is_padded));
    let Some(found) = found else {
        let added = activities.codes.find_or_add(id);
        if is_padded {
            activities.codes.mark_padded(added.id);
        }
        activities.ids.push(None);
        activities.rows.push(row.row_ref());
        return Some(added.id);
    };
    let other = activities.code_cell(found.id).map(|(sheet, row, column)| sheet.describe(&RawRow::at(row), column));
    let mut field = row.field("id");
    if found.is_look_alike {
        field.warn_look_alike(id, activities.codes.text(found.id));
    }
    let kind = kinds::DuplicateCode { value: id.to_owned(), other: other.unwrap_or_default() };
    field.report(OnFault::DropRow, kind);
    None
}

/// What is wrong with a day that counts in no period: outside the project, or, where the row counts, after the data is
/// complete.
pub fn uncounted_day(day: Date, is_counted: bool, settings: &Settings) -> Option<ProblemKind> {
    match find_uncounted(day, settings)? {
        UncountedDay::OutsideProject => Some(logframe::date_outside_project(day, settings).into()),
        UncountedDay::AfterDataUntil(until) => {
            is_counted.then(|| kinds::AfterDataUntil { value: day.to_string(), until: until.to_string() }.into())
        }
    }
}

/// Why nothing on a day counts in any period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UncountedDay {
    OutsideProject,
    /// After the day up to which the data is complete.
    AfterDataUntil(Date),
}

impl UncountedDay {
    /// The code of the row accounting.
    pub fn reason(self) -> &'static str {
        match self {
            UncountedDay::OutsideProject => "outside-project",
            UncountedDay::AfterDataUntil(_) => "after-data-until",
        }
    }
}

/// Why a day counts in no period, if it doesn't.
pub fn find_uncounted(day: Date, settings: &Settings) -> Option<UncountedDay> {
    if day < settings.start || day > settings.end {
        return Some(UncountedDay::OutsideProject);
    }
    settings.data_until.filter(|until| day > *until).map(UncountedDay::AfterDataUntil)
}

/// The index of `completed` on the built-in list of statuses.
const COMPLETED: Category = Category(2);

/// The status at an index of the built-in list.
fn status_at(entry: u32) -> Option<ActivityStatus> {
    ActivityStatus::ALL.get(entry as usize).copied()
}
