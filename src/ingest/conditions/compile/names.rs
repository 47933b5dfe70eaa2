//! What the names of `where`, `by` and `calculation` mean: columns of activities or persons, and what else can be compared.

use std::collections::BTreeSet;

use super::{CompileContext, CountedRows, IndicatorErrors};
use crate::diagnostic::{kinds, nearest};
use crate::fold;
use crate::ingest::conditions::usage::{TableSide, split_side};
use crate::ingest::layout::{TableKind, vocabulary};
use crate::model::{Column, ColumnId, Subject};

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum NameMeaning {
    Column(TableSide, ColumnId),
    Special(Subject),
}

/// Why a name has no meaning.
enum NameFault {
    Unknown,
    Ambiguous,
    /// A person's column where activities are counted.
    NoPersons,
    /// Its table can't be read.
    NotChecked,
}

/// The column of a table that was found by name; `None` if there is no such table.
pub(super) fn find_column<'g>(context: &CompileContext<'g>, side: TableSide, column: ColumnId) -> Option<&'g Column> {
    let columns = match side {
        TableSide::Activity => &context.activities?.columns,
        TableSide::Person => &context.persons?.columns,
    };
    columns.get(usize::from(column.0))
}

/// What a name means among the rows that an indicator counts; `None` if nothing, which is reported.
pub(super) fn resolve_name(
    errors: &mut IndicatorErrors,
    context: &CompileContext,
    rows: CountedRows,
    name: &str,
    place: &'static str,
) -> Option<NameMeaning> {
    match find_meaning(context, rows, name) {
        Ok(named) => Some(named),
        Err(NameFault::NotChecked) => None,
        Err(NameFault::Ambiguous) => {
            errors.report(place, kinds::AmbiguousColumn { value: name.to_owned() });
            None
        }
        Err(NameFault::NoPersons) => {
            errors.report(place, kinds::UnknownColumn::Persons { value: name.to_owned() });
            None
        }
        Err(NameFault::Unknown) => {
            let known = known_names(context, rows);
            report_unknown_column(errors, place, name, known.into_iter());
            None
        }
    }
}

fn find_meaning(context: &CompileContext, rows: CountedRows, name: &str) -> Result<NameMeaning, NameFault> {
    let (side, bare) = split_side(name);
    let for_activity = activity_meaning(context, bare);
    let for_person = person_meaning(context, bare);
    let activity_missing = context.activities.is_none();
    let person_missing = context.persons.is_none();
    match (side, rows) {
        (Some(TableSide::Activity), _) | (None, CountedRows::Activities) => match (for_activity, for_person) {
            (Some(named), _) => Ok(named),
            (None, _) if activity_missing => Err(NameFault::NotChecked),
            (None, Some(_)) if side.is_none() => Err(NameFault::NoPersons),
            (None, _) => Err(NameFault::Unknown),
        },
        (Some(TableSide::Person), CountedRows::Activities) => Err(NameFault::NoPersons),
        (Some(TableSide::Person), CountedRows::Attendances) => match for_person {
            Some(named) => Ok(named),
            None if person_missing => Err(NameFault::NotChecked),
            None => Err(NameFault::Unknown),
        },
        (None, CountedRows::Attendances) => match (for_activity, for_person) {
            (Some(_), Some(_)) => Err(NameFault::Ambiguous),
            (Some(named), None) | (None, Some(named)) => Ok(named),
            (None, None) if activity_missing || person_missing => Err(NameFault::NotChecked),
            (None, None) => Err(NameFault::Unknown),
        },
    }
}

fn activity_meaning(context: &CompileContext, name: &str) -> Option<NameMeaning> {
    let table = context.activities?;
    if fold::heading_key(name) == "date" {
        return Some(NameMeaning::Special(Subject::ActivityDate));
    }
    column_id(&table.columns, name).map(|column| NameMeaning::Column(TableSide::Activity, column))
}

fn person_meaning(context: &CompileContext, name: &str) -> Option<NameMeaning> {
    let table = context.persons?;
    let special = match fold::heading_key(name).as_str() {
        "person" => Some(Subject::PersonCode),
        "age" if context.has_age => Some(Subject::Age),
        "birth year" if context.has_age => Some(Subject::BirthYear),
        "date" if context.dated => Some(Subject::AttendanceDate),
        "session" => Some(Subject::Session),
        _ => None,
    };
    special
        .map(NameMeaning::Special)
        .or_else(|| column_id(&table.columns, name).map(|column| NameMeaning::Column(TableSide::Person, column)))
}

/// Columns are found by their names as headings are: case, spaces and look-alike letters aside.
pub(super) fn column_id(columns: &[Column], name: &str) -> Option<ColumnId> {
    let key = fold::heading_key(name);
    columns.iter().position(|column| fold::heading_key(&column.name) == key).map(|at| ColumnId(at as u16))
}

/// The names of columns, for suggestions.
pub(super) fn column_names(columns: &[Column]) -> Vec<String> {
    columns.iter().map(|column| column.name.clone()).collect()
}

fn known_names(context: &CompileContext, rows: CountedRows) -> Vec<String> {
    let mut known = column_names(context.activities.map_or(&[], |table| table.columns.as_slice()));
    known.push("date".to_owned());
    if rows == CountedRows::Attendances {
        known.extend(column_names(context.persons.map_or(&[], |table| table.columns.as_slice())));
        if context.has_age {
            known.push("age".to_owned());
        }
    }
    let of_persons = (rows == CountedRows::Attendances).then_some(&context.own_of_persons);
    for own in context.own_of_activities.iter().chain(of_persons.into_iter().flatten()) {
        let key = fold::heading_key(own);
        if !known.iter().any(|name| fold::heading_key(name) == key) {
            known.push(own.clone());
        }
    }
    known
}

/// How many columns a message lists: an export of a form has hundreds.
const SHOWN_COLUMNS: usize = 30;

/// Reports a name that no column has, with the nearest of those known.
pub(super) fn report_unknown_column(
    errors: &mut IndicatorErrors,
    place: &'static str,
    name: &str,
    known: impl Iterator<Item = String>,
) {
    let mut known: Vec<String> = known.collect();
    let mut seen = BTreeSet::new();
    known.retain(|name| seen.insert(name.clone()));
    let (side, bare) = split_side(name);
    let prefix = match side {
        Some(TableSide::Activity) => "activity.",
        Some(TableSide::Person) => "person.",
        None => "",
    };
    // A heading is no name of a column, and who writes one means the column that it heads.
    let key = fold::heading_key(bare);
    let of_known_heading = [TableKind::Activities, TableKind::Participants].into_iter().find_map(|kind| {
        let column = &vocabulary().columns(kind)[vocabulary().find_column(kind, &key)?];
        known.iter().find(|known| **known == column.name)
    });
    // Who writes one word of a heading, as of one in two languages, means that column, rather than one of ours that the
    // word may head.
    let holds =
        |heading: &&String| heading.split(|c: char| !c.is_alphanumeric()).any(|word| fold::heading_key(word) == key);
    let near = (known.iter().find(holds))
        .or(of_known_heading)
        .map(String::as_str)
        .or_else(|| nearest(bare, known.iter().map(String::as_str)));
    let nearest = near.map(|near| format!("{prefix}{near}"));
    let more = if known.len() > SHOWN_COLUMNS { ", …" } else { "" };
    let shown = known.iter().take(SHOWN_COLUMNS).map(String::as_str).collect::<Vec<_>>().join(", ") + more;
    errors.report(place, kinds::UnknownColumn::Plain { value: name.to_owned(), known: shown, nearest });
}
