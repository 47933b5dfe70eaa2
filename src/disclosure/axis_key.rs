//! The part of an axis that a row falls into.

use jiff::civil::Date;

use crate::indicators::{Key, PartKey};
use crate::model::{ActivityId, Axis, AxisSide, ColumnId, PersonState, Project, Value};

/// The part of an activity; nothing of persons is known there.
pub(super) fn activity_part(project: &Project, axis: &Axis, activity: ActivityId) -> PartKey {
    part_key(axis, |side| match side {
        AxisSide::Activity(column) => value_key(&project.activities.get(activity).values, column),
        AxisSide::Person(_) | AxisSide::Age | AxisSide::Counted(_) => Key::Unknown,
    })
}

/// The age band on `day`.
pub(super) fn age_key(project: &Project, state: &PersonState, day: Date) -> Key {
    project.settings.age_bands.band_on(state.birth, day).map_or(Key::Unknown, Key::Band)
}

/// The value in a column.
pub(super) fn value_key(values: &[Value], column: ColumnId) -> Key {
    values.get(usize::from(column.0)).map_or(Key::Unknown, Key::from_value)
}

fn part_key(axis: &Axis, side_key: impl Fn(AxisSide) -> Key) -> PartKey {
    let first = side_key(axis.first);
    axis.second.map_or(PartKey::One(first), |second| PartKey::Crossed(first, side_key(second)))
}
