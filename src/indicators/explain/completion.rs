use std::collections::BTreeSet;

use jiff::civil::Date;

use super::super::completion::{completed_attendances, missed_completion};
use super::super::exclusion_finder::ExclusionFinder;
use super::{Exclusion, ExplainedRow, Explanation, Omission, attended_on};
use crate::model::{Period, PersonId};

impl Explanation {
    /// The attendances that those needed who completed in a period; where completion may fall, by its end.
    pub(super) fn add_completed(&mut self, finder: &ExclusionFinder, period: &Period) {
        let ExclusionFinder { project, .. } = *finder;
        let indicator = project.logframe.indicator(self.indicator);
        let all = &project.persons.attendances;
        self.omit_skipped(project, all.iter().map(|attendance| attendance.row));
        let completed = completed_attendances(project, indicator, period.end);
        let is_meant = |day: Date| indicator.calculation.may_fall() || period.contains(day);
        let persons: BTreeSet<PersonId> =
            completed.iter().filter(|row| row.is_first && is_meant(row.day)).map(|row| row.person).collect();
        let done: BTreeSet<PersonId> = completed.iter().map(|row| row.person).collect();
        let needed: BTreeSet<u32> =
            completed.iter().filter(|row| persons.contains(&row.person)).map(|row| row.index).collect();
        for ((index, attendance), exclusion) in (0..).zip(all).zip(finder.exclusions(self.indicator)) {
            let day = attended_on(project, attendance);
            let is_done = done.contains(&attendance.person);
            match (exclusion, day) {
                (_, Some(day)) if needed.contains(&index) => {
                    let (activity, row) = (Some(attendance.activity), attendance.row);
                    self.rows.push(ExplainedRow { activity, row, day });
                }
                (Some(Exclusion::TooFew | Exclusion::CountedBefore) | None, Some(day)) if day > period.end => {
                    self.omit(Omission::OtherPeriod);
                }
                (Some(Exclusion::TooFew | Exclusion::CountedBefore) | None, _) => self.omit(if !is_done {
                    Omission::Excluded(Exclusion::TooFew)
                } else if persons.contains(&attendance.person) {
                    Omission::Excluded(Exclusion::CountedBefore)
                } else {
                    Omission::OtherPeriod
                }),
                (Some(reason), _) => self.omit(Omission::Excluded(reason)),
            }
        }
        self.missed = missed_completion(project, self.indicator, period.end);
    }
}
