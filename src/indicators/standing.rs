use std::collections::BTreeMap;

use super::{Evidence, Figures};
use crate::model::{Amount, IndicatorId, Period, Project, RowRef};

/// The rows that an indicator stands on up to the end of a period, by what they say rather than by where they are, so
/// that inserting a row above them changes nothing: activity, person, day and count, parted by `|`. For `people` the
/// first contacts alone. Equal rows are told apart by a number.
pub fn standing_rows(
    project: &Project,
    figures: &Figures,
    id: IndicatorId,
    period: &Period,
) -> BTreeMap<String, RowRef> {
    let mut found = BTreeMap::new();
    match figures.evidence.get(usize::from(id.0)) {
        Some(Evidence::Activities { rows, .. }) => {
            for (day, activity) in rows.iter().filter(|(day, _)| *day <= period.end) {
                let activity = project.activities.get(*activity);
                add(&mut found, format!("{}|{day}", activity.id), activity.row);
            }
        }
        Some(Evidence::Attendances { rows, first, .. }) => {
            for ((day, at), _) in rows.iter().zip(first).filter(|((day, _), first)| **first && *day <= period.end) {
                let attendance = &project.persons.attendances[*at as usize];
                let activity = &project.activities.get(attendance.activity).id;
                let person = &project.persons.rows[attendance.person.0 as usize].code;
                let session = &project.persons.sessions[attendance.session as usize];
                add(&mut found, format!("{activity}|{person}|{day}|{session}"), attendance.row);
            }
        }
        Some(Evidence::Reported { rows }) => {
            for at in rows {
                let reported = &project.logframe.reported[*at as usize];
                if reported.period.end <= period.end {
                    add(&mut found, format!("{}|{}", reported.period.code, written(reported.value)), reported.row);
                }
            }
        }
        Some(Evidence::Ratio) | None => {}
    }
    found
}

fn written(value: Option<Amount>) -> String {
    value.map(|value| value.to.normalize().to_string()).unwrap_or_default()
}

fn add(found: &mut BTreeMap<String, RowRef>, key: String, row: RowRef) {
    let mut name = key.clone();
    let mut again = 1;
    while found.contains_key(&name) {
        again += 1;
        name = format!("{key}|{again}");
    }
    found.insert(name, row);
}
