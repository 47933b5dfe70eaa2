//! Where a row stands on an axis.

use jiff::civil::Date;

use crate::indicators::{Key, PartKey};
use crate::model::{ActivityId, Attendance, Axis, AxisPart, PersonState, Project, Value};

/// Whether an axis tells something of persons, so that its parts may have to be hidden.
pub(super) fn concerns_persons(axis: &Axis) -> bool {
    let personal = |part: AxisPart| matches!(part, AxisPart::Person(_) | AxisPart::Age);
    personal(axis.first) || axis.second.is_some_and(personal)
}

/// The part that an attendance counted on `day` stands in.
pub(super) fn of_attendance(project: &Project, axis: &Axis, attendance: &Attendance, day: Date) -> PartKey {
    let state = project.persons.state(attendance.state);
    let key = |part: AxisPart| match part {
        AxisPart::Activity(_) => of_activity_part(project, part, attendance.activity),
        AxisPart::Person(column) => state.values.get(usize::from(column.0)).map_or(Key::Unknown, of_value),
        AxisPart::Age => of_age(project, state, day),
    };
    part_key(axis, key)
}

/// The part that an activity stands in; axes of persons don't exist there.
pub(super) fn of_activity(project: &Project, axis: &Axis, activity: ActivityId) -> PartKey {
    part_key(axis, |part| of_activity_part(project, part, activity))
}

/// The band of the age on `day`, or the band itself where only that is known.
pub(super) fn of_age(project: &Project, state: &PersonState, day: Date) -> Key {
    let bands = &project.settings.age_bands;
    let band = match state.birth {
        crate::model::Birth::Band(band) => Some(band),
        birth => birth.age_on(day).and_then(|age| bands.band_of(age)),
    };
    band.map_or(Key::Unknown, Key::Band)
}

pub(super) fn of_value(value: &Value) -> Key {
    match value {
        Value::One(category) => Key::Category(*category),
        Value::Several(_) => Key::Several,
        Value::Blank | Value::Number(_) | Value::Date(_) => Key::Unknown,
    }
}

fn of_activity_part(project: &Project, part: AxisPart, activity: ActivityId) -> Key {
    match part {
        AxisPart::Activity(column) => {
            project.activities.get(activity).values.get(usize::from(column.0)).map_or(Key::Unknown, of_value)
        }
        AxisPart::Person(_) | AxisPart::Age => Key::Unknown,
    }
}

fn part_key(axis: &Axis, key: impl Fn(AxisPart) -> Key) -> PartKey {
    match axis.second {
        None => PartKey::One(key(axis.first)),
        Some(second) => PartKey::Crossed(key(axis.first), key(second)),
    }
}
