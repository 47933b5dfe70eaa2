//! The activities table.

use jiff::civil::Date;

use super::cell::{Reading, SlashColumn};
use super::codes::CodeBook;
use super::columns::{ColumnBuilder, approximate};
use super::conditions::Usage;
use super::fold;
use super::layout::TableKind;
use super::lists::Listing;
use super::raw::RawRow;
use super::sources::Tables;
use super::table::{Part, Role, TableRun, Verdict};
use crate::diagnostic::Problem;
use crate::model::{
    Activity, ActivityId, ActivityStatus, ActivityTable, Entry, Lang, ResultNode, RowRef, Settings, Value,
};

/// The activities with every code that stood in the table, those of faulty rows too.
#[derive(Default)]
pub struct Activities {
    pub table: ActivityTable,
    pub codes: CodeBook,
    /// By number of the code; none for a row in error, to which attendances may still refer.
    ids: Vec<Option<ActivityId>>,
    /// Where each code stands, to name it when it comes again or is nearly meant.
    places: Vec<RowRef>,
    parts: Vec<Part>,
}

/// A code of the activities table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Activity(ActivityId),
    /// Its row is in error or left out.
    Faulty,
}

impl Activities {
    pub fn known(&self, number: u32) -> Known {
        self.ids[number as usize].map_or(Known::Faulty, Known::Activity)
    }

    /// Part, row and column of a code.
    pub fn place(&self, number: u32) -> Option<(&Part, u32, u32)> {
        let place = self.places[number as usize];
        let part = self.parts.iter().find(|part| part.id == place.sheet)?;
        Some((part, place.row, part.column("id").unwrap_or_default()))
    }
}

/// What the activities' columns refer to.
pub struct Ground<'g> {
    pub settings: &'g Settings,
    pub listing: &'g Listing,
    pub usage: &'g Usage,
    /// None where the project has no results table.
    pub results: Option<(&'g CodeBook, &'g [ResultNode])>,
}

/// A column of the table with the name that a part's layout has for it.
struct Field {
    builder: ColumnBuilder,
    name: String,
}

const CATEGORIES: [&str; 5] = ["type", "status", "result", "municipality", "partner"];
const DATES: [&str; 2] = ["date", "end_date"];

pub fn read(tables: &mut Tables, run: &mut TableRun, ground: &Ground) -> Activities {
    let mut activities = Activities::default();
    let parts = tables.parts(TableKind::Activities);
    let mut fields = fields(&parts, ground);
    activities.parts = parts.clone();
    for part in &parts {
        let rows = tables.rows(run, part);
        let slashes = DATES.map(|name| slash_column(part, name, &rows));
        for row in &rows {
            run.begin(part, row);
            read_row(run, part, row, slashes, &mut fields, ground, &mut activities);
        }
        if ground.settings.languages.len() > 1 {
            for field in fields.iter().filter(|field| needs_list(field, ground)) {
                if let Some(column) = part.column(&field.name) {
                    run.problem(super::columns::untranslatable(part, column));
                }
            }
        }
    }
    activities.table.columns = fields.into_iter().map(|field| field.builder.column).collect();
    activities
}

/// Columns of free text that documents print.
fn needs_list(field: &Field, ground: &Ground) -> bool {
    field.builder.is_free()
        && !matches!(field.name.as_str(), "id" | "title")
        && (CATEGORIES.contains(&field.name.as_str()) || ground.usage.is_axis(&field.name))
        && !field.builder.column.entries.is_empty()
}

fn fields(parts: &[Part], ground: &Ground) -> Vec<Field> {
    let has = |name: &str| parts.iter().any(|part| part.column(name).is_some());
    let mut fields = Vec::new();
    let mut add = |name: &str, builder: ColumnBuilder| fields.push(Field { builder, name: name.to_owned() });
    for name in ["id", "title"] {
        if ground.usage.names(name) {
            add(name, ColumnBuilder::free(name, false));
        }
    }
    for name in CATEGORIES.iter().filter(|name| has(name)) {
        let builder = match (*name, ground.results) {
            ("result", Some((_, nodes))) => ColumnBuilder::of_codes(name, result_entries(nodes)),
            _ => match ground.listing.for_activities(name) {
                Some(list) => ColumnBuilder::listed(name, ground.listing, list),
                None => ColumnBuilder::free(name, true),
            },
        };
        add(name, builder);
    }
    if has("reached") {
        add("reached", ColumnBuilder::counts("reached"));
    }
    if has("precision")
        && let Some(list) = ground.listing.position("precision")
    {
        add("precision", ColumnBuilder::listed("precision", ground.listing, list));
    }
    let mut seen: Vec<String> = Vec::new();
    for column in parts.iter().flat_map(|part| &part.layout.columns).filter(|column| !column.listed) {
        let key = fold::heading_key(&column.name);
        if !seen.contains(&key) {
            seen.push(key);
            let list = ground.listing.for_activities(&column.name);
            let read_as = ground.usage.read_as(&column.name);
            add(&column.name, ColumnBuilder::attribute(&column.name, list, read_as, ground.listing));
        }
    }
    fields
}

fn result_entries(nodes: &[ResultNode]) -> Vec<Entry> {
    nodes.iter().map(|node| Entry { code: node.code.clone(), label: node.title.clone() }).collect()
}

/// What the dates of a column say of how it writes its slashes.
pub fn slash_column(part: &Part, name: &str, rows: &[RawRow]) -> SlashColumn {
    let mut slashes = SlashColumn::default();
    if let Some(column) = part.column(name) {
        for reading in rows.iter().filter_map(|row| super::cell::read_date(row.cell(column)).ok().flatten()) {
            slashes.observe(reading);
        }
    }
    slashes
}

fn read_row(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    slashes: [SlashColumn; 2],
    fields: &mut [Field],
    ground: &Ground,
    activities: &mut Activities,
) {
    let languages: &[Lang] = &ground.settings.languages;
    let id_column = part.column("id");
    let id = run.key(part, row, id_column, "missing-activity").map(|id| id.into_owned());
    let title = run.translated(part, row, "title", languages, true);
    let mut values: Vec<Value> = Vec::with_capacity(fields.len());
    for field in fields.iter_mut() {
        let value = match field.name.as_str() {
            "id" => id.as_deref().map_or(Value::Blank, |id| field.builder.intern(id)),
            "title" => {
                let shown = languages.first().and_then(|first| title.in_order(first, languages));
                shown.map_or(Value::Blank, |text| field.builder.intern(text))
            }
            name => {
                let results = ground.results.map(|(codes, _)| codes);
                field.builder.read(run, part, row, column_of(part, name), ground.listing, results)
            }
        };
        values.push(value);
    }
    let at = |name: &str| fields.iter().position(|field| field.name == name);
    if let (Some(reached), Some(precision)) = (at("reached"), at("precision"))
        && values[precision].categories().first().is_some_and(|category| category.0 == 1)
        && let Value::Number(amount) = &values[reached]
    {
        values[reached] = approximate(**amount).into();
    }
    if let (Some(at), Some(column)) = (at("type"), part.column("type"))
        && values[at] == Value::Blank
        && is_blank(row, column)
    {
        let problem = Problem::error("missing-value").with("column", run.heading(part, column));
        run.fault(part, row, column, Role::Describing, problem);
    }
    let status = match at("status") {
        Some(at) => values[at].categories().first().and_then(|category| status_of(category.0)),
        None => Some(ActivityStatus::Completed),
    };
    if status.is_none()
        && let Some(column) = part.column("status")
        && is_blank(row, column)
    {
        let problem = Problem::error("missing-value").with("column", run.heading(part, column));
        run.fault(part, row, column, Role::Deciding, problem);
    }
    let (date, end_date, month_only) = dates(run, part, row, slashes, status, ground.settings);
    let number = id.as_deref().and_then(|id| register(run, part, row, id, activities));
    let verdict = run.settle();
    if let (Verdict::Use, Some(number), Some(id), Some(status)) = (verdict, number, id, status) {
        let next = ActivityId(activities.table.rows.len() as u32);
        activities.ids[number as usize] = Some(next);
        let row = part.row(row.number);
        activities.table.rows.push(Activity { id, title, status, date, end_date, month_only, values, row });
    }
}

fn is_blank(row: &RawRow, column: u32) -> bool {
    super::cell::read_text(row.cell(column)).is_ok_and(|text| text.is_none())
}

/// The column of a part that a field is read from; attributes of several files are one by their folded heading.
fn column_of(part: &Part, name: &str) -> Option<u32> {
    part.column(name).or_else(|| {
        let key = fold::heading_key(name);
        let columns = part.layout.columns.iter().filter(|column| !column.listed);
        columns.into_iter().find(|column| fold::heading_key(&column.name) == key).map(|column| column.column)
    })
}

/// The number of a new code; one that is there already is a fault that names both cells.
fn register(run: &mut TableRun, part: &Part, row: &RawRow, id: &str, activities: &mut Activities) -> Option<u32> {
    let column = part.column("id")?;
    let Some(found) = activities.codes.find(id) else {
        let found = activities.codes.find_or_add(id);
        activities.ids.push(None);
        activities.places.push(part.row(row.number));
        return Some(found.number);
    };
    let other = activities.place(found.number).map(|(part, row, column)| part.describe(row, column));
    let problem = Problem::error("duplicate-code").with("value", id).with("other", other.unwrap_or_default());
    if found.folded {
        let known = activities.codes.written(found.number).to_owned();
        run.looks_alike(part, row, column, id, &known);
    }
    run.fault(part, row, column, Role::Deciding, problem);
    None
}

fn dates(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    slashes: [SlashColumn; 2],
    status: Option<ActivityStatus>,
    settings: &Settings,
) -> (Option<Date>, Option<Date>, bool) {
    let completed = status == Some(ActivityStatus::Completed);
    let mut days = [None, None];
    let mut month_only = false;
    for (at, name) in DATES.iter().enumerate() {
        let column = part.column(name);
        let errors = run.told();
        let reading = run.date(part, row, column, Role::Deciding);
        let Some(column) = column else { continue };
        match reading {
            Some(Reading::Month(_)) if completed => {
                let problem = Problem::error("month-without-day").with("column", run.heading(part, column));
                run.fault(part, row, column, Role::Deciding, problem);
            }
            Some(Reading::Month(day)) => {
                month_only |= at == 0;
                days[at] = Some(day);
            }
            Some(reading) => days[at] = run.settled(part, row, column, slashes[at], reading),
            None if at == 0 && completed && errors == run.told() => {
                let problem = Problem::error("missing-date").with("column", run.heading(part, column));
                run.fault(part, row, column, Role::Deciding, problem);
            }
            None => {}
        }
    }
    if let ([Some(start), Some(end)], Some(column)) = (days, part.column("end_date"))
        && end < start
        && !month_only
    {
        let problem = Problem::error("end-before-start").with("start", start.to_string()).with("end", end.to_string());
        run.fault(part, row, column, Role::Deciding, problem);
    }
    let counted = if days[1].is_some() { 1 } else { 0 };
    if let (Some(day), Some(column)) = (days[counted], part.column(DATES[counted])) {
        outside(run, part, row, column, day, completed, settings);
    }
    (days[0], days[1], month_only)
}

/// Warnings for a day that counts nowhere: outside the project, or after the data is complete.
pub fn outside(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    column: u32,
    day: Date,
    counts: bool,
    settings: &Settings,
) {
    if day < settings.start || day > settings.end {
        let problem = Problem::warning("date-outside-project")
            .with("value", day.to_string())
            .with("start", settings.start.to_string())
            .with("end", settings.end.to_string());
        run.remark(part, row, column, problem);
    } else if let Some(until) = settings.data_until.filter(|until| counts && day > *until) {
        let problem =
            Problem::warning("after-data-until").with("value", day.to_string()).with("until", until.to_string());
        run.remark(part, row, column, problem);
    }
}

fn status_of(entry: u32) -> Option<ActivityStatus> {
    let all = [
        ActivityStatus::Planned,
        ActivityStatus::Ongoing,
        ActivityStatus::Completed,
        ActivityStatus::Postponed,
        ActivityStatus::Cancelled,
    ];
    all.get(entry as usize).copied()
}
