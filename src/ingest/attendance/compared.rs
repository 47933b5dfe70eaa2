//! Attendances held against each other, and against the head counts of their activities.

use rayon::prelude::*;

use crate::diagnostic::Problem;
use crate::ingest::activities::Activities;
use crate::ingest::raw::RawRow;
use crate::ingest::table::{Part, TableRun};
use crate::model::{ActivityId, ActivityStatus, Attendance, PersonId, RowRef, Value};

/// Rows by their activity, within it by their persons: whose each is, and its number. The person stands beside it, since to
/// fetch it from the row each time would go to and fro through memory.
pub struct ByActivity {
    order: Vec<(PersonId, u32)>,
    /// By activity where its rows end.
    ends: Vec<u32>,
}

impl ByActivity {
    pub fn new(activities: &Activities, rows: &[Attendance]) -> ByActivity {
        let mut ends = vec![0u32; activities.table.rows.len()];
        rows.iter().for_each(|row| ends[row.activity.0 as usize] += 1);
        let mut sum = 0;
        for end in &mut ends {
            sum += std::mem::replace(end, sum);
        }
        let mut order = vec![(PersonId(0), 0); rows.len()];
        // Each end is the place of the next row, until it is the end.
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

    /// Each activity's rows, those of a person one after the other.
    fn groups(&self) -> impl Iterator<Item = (ActivityId, impl Iterator<Item = &[(PersonId, u32)]>)> {
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

/// Accounts for [`doubled`] rows, with a note at each.
pub fn tell_doubled(run: &mut TableRun, parts: &[Part], doubled: &[(u32, u32)], rows: &[Attendance]) {
    let row_of = |at: u32| rows[at as usize].row;
    let passed: Vec<(RowRef, RowRef)> = doubled.iter().map(|&(at, first)| (row_of(at), row_of(first))).collect();
    for &(at, _) in doubled {
        let row = row_of(at);
        if let Some(part) = parts.iter().find(|part| part.id == row.sheet) {
            let place = part.place(row.row, part.column("person").unwrap_or_default());
            run.problem(Problem::note("doubled-attendance").at(place));
        }
    }
    run.move_used_to_passed("doubled", &passed);
}

/// Leaves out [`doubled`] rows.
pub fn drop_doubled(doubled: Vec<(u32, u32)>, rows: &mut Vec<Attendance>) {
    let mut next = doubled.into_iter().map(|(at, _)| at).peekable();
    let mut at = 0u32;
    rows.retain(|_| {
        at += 1;
        next.next_if_eq(&(at - 1)).is_none()
    });
}

/// Rows that say again what another says, each with that one; rising. A row without a day of its own is one on its
/// activity's day.
pub fn doubled(activities: &Activities, rows: &[Attendance], by_activity: &ByActivity) -> Vec<(u32, u32)> {
    let mut doubled: Vec<(u32, u32)> = Vec::new();
    for (id, group) in by_activity.groups() {
        let usual = activities.table.get(id).counted_day();
        for of_person in group.filter(|rows| rows.len() > 1) {
            let key = |at: u32| (rows[at as usize].day.or(usual), rows[at as usize].session);
            let mut sorted: Vec<u32> = of_person.iter().map(|(_, at)| *at).collect();
            sorted.sort_unstable_by_key(|&at| (key(at), at));
            let same = sorted.chunk_by(|a, b| key(*a) == key(*b));
            doubled.extend(same.flat_map(|again| again.iter().skip(1).map(|&at| (at, again[0]))));
        }
    }
    doubled.sort_unstable();
    doubled
}

/// Warns where an exact head count differs from the activity's different attendees.
pub fn compare_reached(run: &mut TableRun, parts: &[Part], activities: &Activities, by_activity: &ByActivity) {
    let Some(reached) = activities.table.column("reached") else { return };
    for (id, group) in by_activity.groups() {
        let activity = activities.table.get(id);
        let Value::Number(amount) = &activity.values[usize::from(reached.0)] else { continue };
        let persons = group.count();
        if persons == 0 {
            continue;
        }
        let counted = rust_decimal::Decimal::from(persons);
        if amount.hedge.is_none() && amount.single() != Some(counted) && activity.status == ActivityStatus::Completed {
            let Some(part) = parts.iter().find(|part| part.id == activity.row.sheet) else { continue };
            let Some(column) = part.column("reached") else { continue };
            let shown = amount.from.to_string();
            let problem = Problem::warning("reached-differs")
                .with("reached", shown.as_str())
                .with("attendees", persons.to_string())
                .excerpt(vec![("id".to_owned(), activity.id.clone()), ("reached".to_owned(), shown)], Some(1));
            let row = RawRow { number: activity.row.row, ..RawRow::default() };
            run.remark(part, &row, column, problem);
        }
    }
}
