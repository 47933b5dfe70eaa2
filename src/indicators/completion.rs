use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::CountedAttendances;
use super::filter::{self, Filter};
use super::row_set::RowSet;
use super::rows_by_day::{self, RowsByDay};
use crate::model::{
    ActivityId, Calculation, Category, ColumnId, Completion, Indicator, IndicatorId, PersonId, Project,
};

/// When a person has attended as much as an indicator of completion asks.
pub struct CompletionRule {
    completion: Completion,
    /// Of a share, by activity: the day from which it is among those to attend, and its values in the column.
    courses: Vec<(Date, Vec<u32>)>,
    /// What is needed by the end of each period, since it is asked for every person.
    by_end: BTreeMap<Date, Vec<Needed>>,
}

/// What a person needs of one course, or of all attendances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needed {
    /// The value in the column that a share is of.
    pub course: Option<Category>,
    /// How many attendances, or different activities.
    pub number: u64,
}

/// The rows that completion needed, by their places among a person's; the last of them is the one that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completed {
    /// Rising.
    pub rows: Vec<usize>,
}

/// Who has attended something, and not enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedCompletion {
    /// Who.
    pub person: PersonId,
    /// Of a share, the course that least is missing of.
    pub course: Option<Category>,
    /// Attendances, or different activities.
    pub attended: u64,
    /// How many would be needed.
    pub needed: u64,
}

impl CompletionRule {
    /// The rule of an indicator; `None` of one that counts something else.
    pub fn new(project: &Project, indicator: &Indicator) -> Option<CompletionRule> {
        let Calculation::Completed(completion) = indicator.calculation else { return None };
        let of = match completion {
            Completion::Attendances(_) => None,
            Completion::Share { of, .. } => Some(of),
        };
        let courses = of.map(|of| courses(project, indicator, of)).unwrap_or_default();
        let mut rule = CompletionRule { completion, courses, by_end: BTreeMap::new() };
        let ends = project.logframe.periods.iter().map(|period| period.end);
        rule.by_end = ends.map(|end| (end, rule.count_needed(end))).collect();
        Some(rule)
    }

    /// What is needed by the end of a day, for each course that has activities by then.
    pub fn needed(&self, end: Date) -> Cow<'_, [Needed]> {
        match self.by_end.get(&end) {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(self.count_needed(end)),
        }
    }

    fn count_needed(&self, end: Date) -> Vec<Needed> {
        let share = match self.completion {
            Completion::Attendances(number) => return vec![Needed { course: None, number: u64::from(number) }],
            Completion::Share { share, .. } => share,
        };
        let mut activities: BTreeMap<u32, u64> = BTreeMap::new();
        let held = self.courses.iter().filter(|(day, _)| *day <= end);
        for course in held.flat_map(|(_, courses)| courses) {
            *activities.entry(*course).or_default() += 1;
        }
        let needed = |all: u64| (share.saturating_mul(Decimal::from(all))).ceil().to_u64().unwrap_or(u64::MAX);
        let all = activities.into_iter();
        all.map(|(course, all)| Needed { course: Some(Category(course)), number: needed(all) }).collect()
    }

    /// Whether an activity is one of a course's by the end of a day.
    fn is_of(&self, activity: ActivityId, course: Category, end: Date) -> bool {
        self.courses.get(activity.0 as usize).is_some_and(|(day, courses)| *day <= end && courses.contains(&course.0))
    }

    /// Of a person's qualifying rows in their order, up to the end of a day, those that give what is needed first.
    pub fn completed(&self, rows: &[(Date, ActivityId)], needed: &[Needed], end: Date) -> Option<Completed> {
        let of_course = |needed: &Needed| {
            let rows = self.counting_rows(rows, needed.course, end);
            let wanted = usize::try_from(needed.number).ok().filter(|wanted| *wanted > 0)?;
            (rows.len() >= wanted).then(|| Completed { rows: rows[..wanted].to_vec() })
        };
        needed.iter().filter_map(of_course).min_by_key(|completed| completed.rows.last().copied())
    }

    /// The rows that count towards a course: of each activity the first; without a course, all.
    fn counting_rows(&self, rows: &[(Date, ActivityId)], course: Option<Category>, end: Date) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        let counts = |(_, (day, activity)): &(usize, &(Date, ActivityId))| {
            *day <= end && course.is_none_or(|course| self.is_of(*activity, course, end) && seen.insert(*activity))
        };
        rows.iter().enumerate().filter(counts).map(|(at, _)| at).collect()
    }
}

/// Completed activities that satisfy an indicator's conditions on activities, with their values in a column.
fn courses(project: &Project, indicator: &Indicator, of: ColumnId) -> Vec<(Date, Vec<u32>)> {
    let days = rows_by_day::activity_days(project);
    let course = |(activity, day): (&crate::model::Activity, &Result<Date, super::Exclusion>)| match day {
        Ok(day) if filter::holds_for_all(indicator, activity) => {
            let values = activity.values[usize::from(of.0)].categories().iter();
            (*day, values.map(|category| category.0).collect())
        }
        _ => (Date::MAX, Vec::new()),
    };
    project.activities.rows.iter().zip(&days).map(course).collect()
}

/// The rows of the timeline that qualify, by person.
struct QualifyingByPerson {
    rows: Vec<Vec<u32>>,
}

impl QualifyingByPerson {
    fn new(project: &Project, timeline: &RowsByDay, qualifying: &RowSet) -> QualifyingByPerson {
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); project.persons.rows.len()];
        qualifying.iter().for_each(|row| rows[timeline.attendances.person[row as usize] as usize].push(row));
        QualifyingByPerson { rows }
    }
}

/// Row numbers of the timeline: all that completion needed by the end of a day, and the one of each person that counts.
pub(super) struct CompletionRows {
    pub needed: RowSet,
    pub last: RowSet,
}

/// By a day, who has completed, of the rows that qualify.
pub(super) fn completion_rows(
    project: &Project,
    timeline: &RowsByDay,
    indicator: &Indicator,
    qualifying: &RowSet,
    end: Date,
) -> CompletionRows {
    let len = timeline.rows(true).len();
    let (mut all, mut last) = (Vec::new(), Vec::new());
    if let Some(rule) = CompletionRule::new(project, indicator) {
        let needed = rule.needed(end);
        for rows in &QualifyingByPerson::new(project, timeline, qualifying).rows {
            if let Some(completed) = rule.completed(&dated(timeline, rows), &needed, end) {
                all.extend(completed.rows.iter().map(|at| rows[*at]));
                last.extend(completed.rows.last().map(|at| rows[*at]));
            }
        }
    }
    let set = |mut rows: Vec<u32>| {
        rows.sort_unstable();
        RowSet::from_fn(len, |row| rows.binary_search(&row).is_ok())
    };
    CompletionRows { needed: set(all), last: set(last) }
}

fn dated(timeline: &RowsByDay, rows: &[u32]) -> Vec<(Date, ActivityId)> {
    let attendances = &timeline.attendances;
    let dated = rows.iter().map(|row| (attendances.days.day_of(*row), ActivityId(attendances.activity[*row as usize])));
    dated.collect()
}

/// What is behind the cumulative value of an indicator of completion at a day: the attendances that it needed, the last of
/// each person as its first contact.
pub fn completed_attendances(project: &Project, indicator: &Indicator, end: Date) -> CountedAttendances {
    let timeline = RowsByDay::new(project);
    let qualifying = Filter::new(project, timeline.rows(true), indicator).matching_rows();
    let CompletionRows { needed, last } = completion_rows(project, &timeline, indicator, &qualifying, end);
    CountedAttendances::new(&timeline.attendances, needed, Some(last))
}

/// Who has attended something that qualifies by the end of a day, and not enough.
pub fn missed_completion(project: &Project, id: IndicatorId, end: Date) -> Vec<MissedCompletion> {
    let indicator = project.logframe.indicator(id);
    let Some(rule) = CompletionRule::new(project, indicator) else { return Vec::new() };
    let timeline = RowsByDay::new(project);
    let qualifying = Filter::new(project, timeline.rows(true), indicator).matching_rows();
    let needed = rule.needed(end);
    let by_person = QualifyingByPerson::new(project, &timeline, &qualifying);
    let missed = (0..).map(PersonId).zip(&by_person.rows).filter_map(|(person, rows)| {
        let rows = dated(&timeline, rows);
        if rule.completed(&rows, &needed, end).is_some() {
            return None;
        }
        let of_course = |needed: &Needed| {
            let attended = rule.counting_rows(&rows, needed.course, end).len() as u64;
            (attended > 0).then_some(MissedCompletion {
                person,
                course: needed.course,
                attended,
                needed: needed.number,
            })
        };
        let all = needed.iter().filter_map(of_course);
        all.min_by_key(|missed| (missed.needed - missed.attended, missed.course))
    });
    missed.collect()
}
