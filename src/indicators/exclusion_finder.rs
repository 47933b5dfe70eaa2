use std::collections::BTreeSet;

use super::filter::Filter;
use super::rows_by_day::{self, RowsByDay, RowsOfDays};
use super::{Evidence, Exclusion, Figures};
use crate::model::{Calculation, Indicator, IndicatorId, PersonId, Project};

/// Finds why rows don't count. Counting keeps only the rows that do; why the others don't is found on request, by the same
/// conditions.
pub(super) struct ExclusionFinder<'a> {
    pub project: &'a Project,
    pub figures: &'a Figures,
    timeline: RowsByDay,
    /// Before any condition, why an activity counts nowhere.
    activities: Vec<Option<Exclusion>>,
    /// The same of attendances.
    attendances: Vec<Option<Exclusion>>,
}

impl<'a> ExclusionFinder<'a> {
    pub fn new(project: &'a Project, figures: &'a Figures) -> ExclusionFinder<'a> {
        let activities = rows_by_day::activity_days(project);
        let day_of = rows_by_day::attendance_day(project, &activities);
        let attendances = project.persons.attendances.iter().map(|attendance| day_of(attendance).err()).collect();
        let activities = activities.into_iter().map(Result::err).collect();
        ExclusionFinder { project, figures, timeline: RowsByDay::new(project), activities, attendances }
    }

    /// Per activity of the project, or per attendance, the first reason why the indicator doesn't count it; `None` where it
    /// does. Empty where the indicator counts neither.
    pub fn exclusions(&self, id: IndicatorId) -> Vec<Option<Exclusion>> {
        let indicator = self.project.logframe.indicator(id);
        match self.figures.evidence.get(usize::from(id.0)) {
            Some(Evidence::Activities { rows }) => {
                let ids = &self.timeline.activities.ids;
                let mut exclusions = self.activities.clone();
                self.exclude_uncounted(indicator, &mut exclusions, |row| ids[row].0);
                rows.iter().for_each(|(_, id)| exclusions[id.0 as usize] = None);
                exclusions
            }
            Some(Evidence::Attendances { rows }) if matches!(indicator.calculation, Calculation::Completed(_)) => {
                let index = &self.timeline.attendances.index;
                let mut exclusions = self.attendances.clone();
                self.exclude_uncounted(indicator, &mut exclusions, |row| index[row]);
                let attendances = &self.project.persons.attendances;
                let done: BTreeSet<PersonId> = rows.iter().map(|row| row.person).collect();
                // Whoever has completed needed no more.
                for (exclusion, attendance) in exclusions.iter_mut().zip(attendances) {
                    if *exclusion == Some(Exclusion::TooFew) && done.contains(&attendance.person) {
                        *exclusion = Some(Exclusion::CountedBefore);
                    }
                }
                rows.iter().for_each(|row| exclusions[row.index as usize] = None);
                exclusions
            }
            Some(Evidence::Attendances { rows }) => {
                let index = &self.timeline.attendances.index;
                let mut exclusions = self.attendances.clone();
                self.exclude_uncounted(indicator, &mut exclusions, |row| index[row]);
                for row in rows.iter() {
                    exclusions[row.index as usize] = (!row.is_first).then_some(Exclusion::CountedBefore);
                }
                exclusions
            }
            Some(Evidence::Reported { .. } | Evidence::Ratio) | None => Vec::new(),
        }
    }

    /// For every row that may count at all, why it wouldn't: a condition that fails, else a blank cell where the indicator
    /// needs a value. `index_of` is the row's place among `exclusions`.
    fn exclude_uncounted(
        &self,
        indicator: &Indicator,
        exclusions: &mut [Option<Exclusion>],
        index_of: impl Fn(usize) -> u32,
    ) {
        let rows: RowsOfDays = self.timeline.rows(indicator.calculation.over_attendances());
        let filter = Filter::new(self.project, rows, indicator);
        for row in 0..rows.len() {
            let failing = filter.first_failing(row as u32);
            let uncounted = match indicator.calculation {
                Calculation::Completed(_) => Exclusion::TooFew,
                _ => Exclusion::WithoutCount,
            };
            let exclusion = failing.map_or(uncounted, Exclusion::Condition);
            exclusions[index_of(row) as usize] = Some(exclusion);
        }
    }
}
