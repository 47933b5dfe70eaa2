use jiff::civil::Date;

use super::CountedAttendances;
use super::filter::{self, Filter};
use super::rows_by_day::RowsByDay;
use crate::model::{Condition, Indicator, PersonState, Project};

/// The attendances that an indicator would count without the conditions for which `is_left_out` holds.
pub fn attendances_without(
    project: &Project,
    indicator: &Indicator,
    is_left_out: impl Fn(&Condition) -> bool,
) -> CountedAttendances {
    let timeline = RowsByDay::new(project);
    let mut loose = indicator.clone();
    loose.conditions.retain(|condition| !is_left_out(condition));
    let rows = Filter::new(project, timeline.rows(true), &loose).matching_rows();
    CountedAttendances::new(&timeline.attendances, rows, None)
}

/// Whether a condition on a column of persons, their age or their year of birth holds for somebody on a day. Any other
/// condition doesn't.
pub fn holds_for_person(project: &Project, condition: &Condition, state: &PersonState, day: Date) -> bool {
    filter::holds_on_day(condition, state, day, &project.settings.age_bands)
}
