//! What became of every row in an indicator. Counting keeps the rows that count; why the others don't is found when
//! somebody asks, by the same conditions.

use super::condition::Filter;
use super::timeline::{self, Timeline};
use super::{Evidence, Figures, LeftOut};
use crate::model::{IndicatorId, Project};

/// It counts, or the first reason why it doesn't.
pub(super) type Verdict = Result<(), LeftOut>;

/// Finds verdicts of a project's rows, indicator by indicator.
pub(super) struct Judge<'a> {
    pub project: &'a Project,
    pub figures: &'a Figures,
    timeline: Timeline,
    /// Before any condition.
    activities: Vec<Verdict>,
    attendances: Vec<Verdict>,
}

impl<'a> Judge<'a> {
    pub fn new(project: &'a Project, figures: &'a Figures) -> Judge<'a> {
        let activities = timeline::activity_days(project);
        let day_of = timeline::attendance_day(project, &activities);
        let attendances = project.persons.attendances.iter().map(|attendance| day_of(attendance).map(drop)).collect();
        let activities = activities.into_iter().map(|day| day.map(drop)).collect();
        Judge { project, figures, timeline: Timeline::new(project), activities, attendances }
    }

    /// One per activity of the project, or per attendance: of the rows that the indicator counts. None where it counts
    /// neither.
    pub fn verdicts(&self, indicator: IndicatorId) -> Vec<Verdict> {
        let attendances = &self.timeline.attendances;
        let filter = || Filter::new(self.project, attendances, self.project.logframe.indicator(indicator));
        // What holds and isn't among the rows that count has a blank cell where the indicator needs one.
        let failed = |condition: Option<u8>| Err(condition.map_or(LeftOut::WithoutCount, LeftOut::Condition));
        match self.figures.evidence.get(usize::from(indicator.0)) {
            Some(Evidence::Activities { rows }) => {
                let filter = filter();
                let mut verdicts = self.activities.clone();
                for id in &self.timeline.activities.ids {
                    verdicts[id.0 as usize] = failed(filter.activity(id.0));
                }
                for (_, id) in rows {
                    verdicts[id.0 as usize] = Ok(());
                }
                verdicts
            }
            Some(Evidence::Attendances { rows }) => {
                let filter = filter();
                let mut verdicts = self.attendances.clone();
                for place in 0..attendances.len() as u32 {
                    let verdict = failed(filter.attendance(attendances, attendances.seat(place)));
                    verdicts[attendances.index[place as usize] as usize] = verdict;
                }
                for row in rows.iter() {
                    let verdict = if row.is_first { Ok(()) } else { Err(LeftOut::CountedBefore) };
                    verdicts[row.index as usize] = verdict;
                }
                verdicts
            }
            Some(Evidence::Reported { .. } | Evidence::Ratio) | None => Vec::new(),
        }
    }
}
