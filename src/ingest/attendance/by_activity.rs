//! Attendances compared with each other, and with the head counts of their activities.

use jiff::civil::Date;
use rayon::prelude::*;

use super::UnresolvedAttendance;
use crate::diagnostic::{Problem, kinds};
use crate::ingest::activities::ReadActivities;
use crate::ingest::codes::CodeId;
use crate::ingest::raw_row::RawRow;
use crate::ingest::table::{TableReader, TableSheet};
use crate::model::{Activity, ActivityId, ActivityStatus, RowRef, Settings, Value};

/// Indexes of attendances, grouped by activity and within it by person. Each index has its person with it, since fetching
/// it from the row each time would jump through memory.
pub struct ByActivity {
    order: Vec<(CodeId, u32)>,
    /// By activity, the end of its group.
    ends: Vec<u32>,
}

impl ByActivity {
    /// Groups the rows.
    pub fn new(activities: &ReadActivities, rows: &[UnresolvedAttendance]) -> ByActivity {
        let mut ends = vec![0u32; activities.table.rows.len()];
        rows.iter().for_each(|row| ends[row.activity.0 as usize] += 1);
        let mut sum = 0;
        for end in &mut ends {
            sum += std::mem::replace(end, sum);
        }
        let mut order = vec![(CodeId(0), 0); rows.len()];
        // Each end is first the index of its group's next row, and at last the end.
        for (at, row) in (0..).zip(rows) {
            let end = &mut ends[row.activity.0 as usize];
            order[*end as usize] = (row.person, at);
            *end += 1;
        }
        let mut rest = order.as_mut_slice();
        let mut groups = Vec::new();
        for (start, end) in starts(&ends).zip(&ends) {
            let (group, others) = rest.split_at_mut((end - start) as usize);
            groups.push(group);
            rest = others;
        }
        groups.into_par_iter().for_each(|group| group.sort_unstable());
        ByActivity { order, ends }
    }

    /// Each activity's rows, by person.
    fn groups(&self) -> impl Iterator<Item = (ActivityId, impl Iterator<Item = &[(CodeId, u32)]>)> {
        let spans = starts(&self.ends).zip(&self.ends);
        (0..).zip(spans).map(|(id, (start, &end))| {
            let group = &self.order[start as usize..end as usize];
            (ActivityId(id), group.chunk_by(|(a, _), (b, _)| a == b))
        })
    }
}

fn starts(ends: &[u32]) -> impl Iterator<Item = u32> {
    std::iter::once(0).chain(ends.iter().copied())
}

/// The day of an activity's undated attendances, if they count on it.
fn undated_day(activity: &Activity, settings: &Settings) -> Option<Date> {
    let is_known = |day: &Date| {
        (settings.start..=settings.end).contains(day) && settings.data_until.is_none_or(|until| *day <= until)
    };
    activity.counted_day().filter(|day| activity.status == ActivityStatus::Completed && is_known(day))
}

/// Indexes of rows that repeat another one, each with that one; in ascending order. A row without a day of its own is on
/// its activity's day where it counts. Where it doesn't, it must not stand for a dated row, which may.
pub fn find_doubled(
    settings: &Settings,
    activities: &ReadActivities,
    rows: &[UnresolvedAttendance],
    by_activity: &ByActivity,
) -> Vec<(u32, u32)> {
    let mut doubled: Vec<(u32, u32)> = Vec::new();
    for (id, persons) in by_activity.groups() {
        let undated_day = undated_day(activities.table.get(id), settings);
        for of_person in persons.filter(|rows| rows.len() > 1) {
            let key = |at: u32| (rows[at as usize].day.or(undated_day), rows[at as usize].session);
            let mut sorted: Vec<u32> = of_person.iter().map(|(_, at)| *at).collect();
            sorted.sort_unstable_by_key(|&at| (key(at), at));
            let equal = sorted.chunk_by(|a, b| key(*a) == key(*b));
            doubled.extend(equal.flat_map(|equal| equal.iter().skip(1).map(|&at| (at, equal[0]))));
        }
    }
    doubled.sort_unstable();
    doubled
}

/// Skips [doubled](find_doubled) rows in the account, with a note at each.
pub fn report_doubled(
    table: &mut TableReader,
    sheets: &[TableSheet],
    doubled: &[(u32, u32)],
    rows: &[UnresolvedAttendance],
) {
    let row_of = |at: u32| rows[at as usize].row;
    let repeated: Vec<(RowRef, RowRef)> = doubled.iter().map(|&(at, first)| (row_of(at), row_of(first))).collect();
    for &(at, _) in doubled {
        let row = row_of(at);
        if let Some(sheet) = sheets.iter().find(|sheet| sheet.id == row.sheet) {
            let place = sheet.place_in(&RawRow::at(row), sheet.column("person").unwrap_or_default());
            table.report(Problem::note(kinds::DoubledAttendance).at(place));
        }
    }
    table.skip_used_rows("doubled", &repeated);
}

/// Removes [doubled](find_doubled) rows.
pub fn remove_doubled(doubled: Vec<(u32, u32)>, rows: &mut Vec<UnresolvedAttendance>) {
    let mut next = doubled.into_iter().map(|(at, _)| at).peekable();
    let mut at = 0u32;
    rows.retain(|_| {
        at += 1;
        next.next_if_eq(&(at - 1)).is_none()
    });
}

/// Warns where an activity's exact head count differs from the number of different persons who attended it.
pub fn check_head_counts(
    table: &mut TableReader,
    sheets: &[TableSheet],
    activities: &ReadActivities,
    by_activity: &ByActivity,
) {
    let Some(reached) = activities.table.column("reached") else { return };
    for (id, persons) in by_activity.groups() {
        let activity = activities.table.get(id);
        let Value::Number(amount) = &activity.values[usize::from(reached.0)] else { continue };
        let persons = persons.count();
        if persons == 0 {
            continue;
        }
        let counted = rust_decimal::Decimal::from(persons);
        if amount.hedge.is_none() && amount.single() != Some(counted) && activity.status == ActivityStatus::Completed {
            let Some(sheet) = sheets.iter().find(|sheet| sheet.id == activity.row.sheet) else { continue };
            let Some(column) = sheet.column("reached") else { continue };
            let shown = amount.from.to_string();
            let kind = kinds::ReachedDiffers { reached: shown.clone(), attendees: persons.to_string() };
            let problem = Problem::warning(kind).excerpt(
                vec![
                    (sheet.heading_or_example("id"), activities.code(activity).to_owned()),
                    (sheet.heading(column), shown),
                ],
                Some(1),
            );
            let raw = RawRow::at(activity.row);
            table.finished_row(sheet, &raw).field_at(Some(column)).warn_problem(problem);
        }
    }
}
