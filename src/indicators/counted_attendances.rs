use std::sync::Arc;

use jiff::civil::Date;

use super::day_index::{DayIndex, days_between};
use super::row_set::RowSet;
use super::rows_by_day::AttendanceByDay;
use crate::model::{ActivityId, Attendance, Period, PersonId};

/// Attendances that count, by day, code of the activity, session, then order of files and row. All indicators select from the same ones, of which what
/// they have in common is kept once.
#[derive(Clone, Debug)]
pub struct CountedAttendances {
    days: Arc<DayIndex>,
    /// Among the project's attendances.
    index: Arc<Vec<u32>>,
    activity: Arc<Vec<u32>>,
    person: Arc<Vec<u32>>,
    /// By row number in the timeline.
    rows: RowSet,
    /// Of `people`, the first contacts.
    first_contacts: Option<RowSet>,
}

/// One of [`CountedAttendances`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedAttendance {
    /// The day that it counts on.
    pub day: Date,
    /// Among the project's attendances.
    pub index: u32,
    /// The activity that was attended.
    pub activity: ActivityId,
    /// Who attended.
    pub person: PersonId,
    /// Of `people`, whether it is the person's first contact; of the others always.
    pub is_first: bool,
    /// Its number among all attendances that may count, whatever the indicator.
    pub row: u32,
}

impl CountedAttendances {
    /// `rows` of the timeline; of `people` with the first contacts among them.
    pub(super) fn new(timeline: &AttendanceByDay, rows: RowSet, first_contacts: Option<RowSet>) -> CountedAttendances {
        let AttendanceByDay { index, activity, person, .. } = timeline;
        let [index, activity, person] = [index, activity, person].map(Arc::clone);
        CountedAttendances { days: Arc::clone(&timeline.days), index, activity, person, rows, first_contacts }
    }

    /// All of `rows`, which are in the order of days: of each the day that it counts on, its index among `attendances`, and
    /// whether it is a first contact.
    pub fn from_rows(rows: &[(Date, u32, bool)], attendances: &[Attendance]) -> CountedAttendances {
        let field = |value: fn(&Attendance) -> u32| {
            Arc::new(rows.iter().map(|(_, index, _)| value(&attendances[*index as usize])).collect::<Vec<u32>>())
        };
        let start = rows.first().map_or(Date::ZERO, |(day, ..)| *day);
        let mut counts = Vec::new();
        for (day, ..) in rows {
            counts.resize(counts.len().max(days_between(start, *day) as usize + 1), 0);
            counts.iter_mut().last().into_iter().for_each(|count| *count += 1);
        }
        CountedAttendances {
            days: Arc::new(DayIndex::new(start, counts)),
            index: Arc::new(rows.iter().map(|(_, index, _)| *index).collect()),
            activity: field(|attendance| attendance.activity.0),
            person: field(|attendance| attendance.person.0),
            rows: RowSet::all(rows.len()),
            first_contacts: Some(RowSet::from_fn(rows.len(), |row| rows[row as usize].2)),
        }
    }

    /// Those up to the end of a day that any of several indicators of the same [`super::Figures`] counts, each once.
    /// `None` without an indicator.
    pub fn union<'c>(
        indicators: impl IntoIterator<Item = &'c CountedAttendances>,
        end: Date,
    ) -> Option<CountedAttendances> {
        let mut indicators = indicators.into_iter().peekable();
        let first = *indicators.peek()?;
        let rows = RowSet::union(indicators.map(|counted| &counted.rows), first.days.count_up_to(end));
        Some(CountedAttendances { rows, first_contacts: None, ..first.clone() })
    }

    /// Of `people` the first contacts alone; of the others all.
    pub fn first_contacts(&self) -> CountedAttendances {
        let rows = self.first_contacts.as_ref().unwrap_or(&self.rows).clone();
        CountedAttendances { rows, first_contacts: None, ..self.clone() }
    }

    /// Whether the attendance of a number, see [`CountedAttendance::row`], is among them.
    pub fn contains(&self, row: u32) -> bool {
        self.rows.contains(row)
    }

    /// Whether one of them counts by itself: a first contact, or the last attendance that somebody needed.
    pub fn is_first(&self, row: u32) -> bool {
        self.first_contacts.as_ref().is_none_or(|first| first.contains(row))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// By day, code of the activity, session, then order of files and row.
    pub fn iter(&self) -> impl Iterator<Item = CountedAttendance> + '_ {
        self.days.with_days(self.rows.iter()).map(|(day, row)| {
            let at = row as usize;
            CountedAttendance {
                day,
                index: self.index[at],
                activity: ActivityId(self.activity[at]),
                person: PersonId(self.person[at]),
                is_first: self.first_contacts.as_ref().is_none_or(|first| first.contains(row)),
                row,
            }
        })
    }

    /// Those on the days of a period.
    pub fn within(&self, period: &Period) -> impl Iterator<Item = CountedAttendance> + '_ {
        let (start, end) = (period.start, period.end);
        self.iter().skip_while(move |row| row.day < start).take_while(move |row| row.day <= end)
    }
}
