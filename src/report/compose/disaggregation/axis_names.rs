//! What axes and their parts are called.

use super::super::localizer::Localizer;
use crate::indicators::{Key, PartKey};
use crate::model::{Axis, AxisSide, ColumnId};

pub(in crate::report::compose) fn axis_name(localizer: &Localizer, axis: &Axis) -> String {
    match axis.second {
        None => side_name(localizer, axis.first),
        Some(second) => format!("{} × {}", side_name(localizer, axis.first), side_name(localizer, second)),
    }
}

pub(super) fn side_name(localizer: &Localizer, part: AxisSide) -> String {
    match part {
        AxisSide::Activity(column) => localizer.activity_column_name(activity_column(localizer, column)),
        AxisSide::Person(column) => localizer.person_column_name(person_column(localizer, column)),
        AxisSide::Counted(_) => {
            localizer.input.project.side_column(part).map(|side| localizer.column_name(side)).unwrap_or_default()
        }
        AxisSide::Age => localizer.label("axis.age").to_owned(),
    }
}

pub(super) fn activity_column<'a>(localizer: &'a Localizer, column: ColumnId) -> &'a crate::model::Column {
    &localizer.input.project.activities.columns[usize::from(column.0)]
}

pub(super) fn person_column<'a>(localizer: &'a Localizer, column: ColumnId) -> &'a crate::model::Column {
    &localizer.input.project.persons.columns[usize::from(column.0)]
}

pub(in crate::report::compose) fn part_name(localizer: &Localizer, axis: &Axis, key: PartKey) -> String {
    match (key, axis.second) {
        (PartKey::One(key), _) | (PartKey::Crossed(key, _), None) => key_name(localizer, axis.first, key),
        (PartKey::Crossed(first, second), Some(part)) => {
            format!("{}, {}", key_name(localizer, axis.first, first), key_name(localizer, part, second))
        }
    }
}

pub(super) fn key_name(localizer: &Localizer, part: AxisSide, key: Key) -> String {
    match (key, part) {
        (Key::Several, _) => localizer.label("axis.several").to_owned(),
        (Key::Unknown, _) => localizer.label("axis.unknown").to_owned(),
        (Key::Band(band), _) => {
            let (low, high) = localizer.input.project.settings.age_bands.ends(band);
            match high {
                Some(high) => localizer.phrase("axis.years", &[("from", &low.to_string()), ("to", &high.to_string())]),
                None => localizer.phrase("axis.years-and-over", &[("from", &low.to_string())]),
            }
        }
        (Key::Category(category), part) => {
            let column = localizer.input.project.side_column(part);
            column.map(|column| localizer.category(column, category)).unwrap_or_default()
        }
    }
}
