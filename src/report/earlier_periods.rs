//! Which periods stand beside a report's own, in documents and annexes alike.

use jiff::civil::Date;

use crate::model::Project;

/// The last of the periods beside `period` (an index among the project's periods) that end before it, or lie within it,
/// and have begun by the end of the data: at most `most`, earliest first.
pub(super) fn earlier_periods(project: &Project, period: usize, most: usize) -> Vec<usize> {
    let periods = &project.logframe.periods;
    let Some(own) = periods.get(period) else { return Vec::new() };
    let known = project.settings.data_until.unwrap_or(Date::MAX);
    let mut beside = own.side_by_side(&project.settings.periods, periods);
    beside.retain(|at| *at != period && periods[*at].start <= known && periods[*at].code != own.code);
    let past = beside.len().saturating_sub(most);
    beside.split_off(past)
}
