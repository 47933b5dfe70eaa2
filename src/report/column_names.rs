//! What columns of activities and persons are called: one place for documents and annexes.

use crate::locale::Locale;
use crate::model::{AxisSide, Column, Project};

/// What a column of the activities is called: with whose it is, where the persons have one of that name, too.
pub(super) fn activity_column_name(project: &Project, locale: &Locale, column: &Column) -> String {
    own_column_name(locale, column, &project.persons.columns, "axis.municipality-of-activity", "axis.of-activity")
}

/// The same of a column of the persons.
pub(super) fn person_column_name(project: &Project, locale: &Locale, column: &Column) -> String {
    own_column_name(locale, column, &project.activities.columns, "axis.municipality-of-person", "axis.of-person")
}

/// What one side of a disaggregation is called.
pub(super) fn side_name(project: &Project, locale: &Locale, side: AxisSide) -> String {
    match side {
        AxisSide::Activity(column) => {
            activity_column_name(project, locale, &project.activities.columns[usize::from(column.0)])
        }
        AxisSide::Person(column) => {
            person_column_name(project, locale, &project.persons.columns[usize::from(column.0)])
        }
        AxisSide::Counted(_) => project.side_column(side).map(|column| column_name(locale, column)).unwrap_or_default(),
        AxisSide::Age => locale.label("axis.age").to_owned(),
    }
}

fn own_column_name(locale: &Locale, column: &Column, others: &[Column], municipality: &str, other: &str) -> String {
    let name = column_name(locale, column);
    if !others.iter().any(|other| other.name == column.name) {
        return name;
    }
    match column.label.get(locale.lang()) {
        None if column.name == "municipality" => locale.label(municipality).to_owned(),
        _ => locale.phrase(other, &[("name", &name)]),
    }
}

/// What a column is called in this language: a phrase for the contract's columns, else as it is headed.
pub(super) fn column_name(locale: &Locale, column: &Column) -> String {
    if let Some(label) = column.label.get(locale.lang()) {
        return label.to_owned();
    }
    let key = format!("axis.{}", column.name);
    locale.find_label(&key).map_or_else(|| column.name.clone(), str::to_owned)
}
