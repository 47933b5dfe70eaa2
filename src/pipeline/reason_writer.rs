use crate::diagnostic::{Catalogue, Problem, ProblemKind, kinds, nearest};
use crate::indicators::{
    Exclusion, ExplainedRow, Explanation, MissedCompletion, Omission, RowKind, RowTrace, TraceReason,
};
use crate::model::{Calculation, Completion, IndicatorId, Project, RowRef};

/// Puts into words why rows count in an indicator, or don't.
pub struct ReasonWriter<'a> {
    /// The project that they are rows of.
    pub project: &'a Project,
    /// In the language of messages.
    pub catalogue: &'a Catalogue,
}

impl<'a> ReasonWriter<'a> {
    /// A sentence of the messages.
    pub fn sentence(&self, kind: impl Into<ProblemKind>) -> String {
        self.catalogue.sentences(&Problem::note(kind)).message
    }

    fn code(&self, id: IndicatorId) -> &'a str {
        &self.project.logframe.indicator(id).code
    }

    fn reason(&self, id: IndicatorId, reason: Exclusion) -> String {
        match reason {
            Exclusion::NotCompleted => self.sentence(kinds::ExplainNotCompleted),
            Exclusion::OutsideProject => self.sentence(kinds::ExplainOutsideProject),
            Exclusion::AfterDataUntil => self.sentence(kinds::ExplainAfterDataUntil),
            Exclusion::CountedBefore => self.sentence(kinds::ExplainCountedBefore::Plain),
            Exclusion::TooFew => self.sentence(kinds::ExplainTooFew),
            Exclusion::WithoutCount => self.sentence(kinds::ExplainWithoutCount),
            Exclusion::Condition(at) => {
                let conditions = &self.project.logframe.indicator(id).conditions;
                let condition = conditions.get(usize::from(at)).map(|condition| condition.text.clone());
                self.sentence(kinds::ExplainCondition { condition: condition.unwrap_or_default() })
            }
        }
    }

    /// What somebody who hasn't completed has attended, of what would be needed.
    pub fn missed(&self, id: IndicatorId, missed: &MissedCompletion) -> String {
        let person = self.project.persons.rows[missed.person.0 as usize].code.clone();
        let (attended, needed) = (missed.attended.to_string(), missed.needed.to_string());
        self.sentence(match self.course(id, missed) {
            Some(course) => kinds::ExplainMissed::Course { person, attended, needed, course },
            None => kinds::ExplainMissed::Plain { person, attended, needed },
        })
    }

    /// The code of the course that somebody misses least of, where completion is a share of courses.
    pub fn course(&self, id: IndicatorId, missed: &MissedCompletion) -> Option<String> {
        let Calculation::Completed(Completion::Share { of, .. }) = self.project.logframe.indicator(id).calculation
        else {
            return None;
        };
        let entries = &self.project.activities.columns[usize::from(of.0)].entries;
        Some(entries.get(missed.course?.0 as usize)?.code.to_owned())
    }

    /// Why a row was passed over; `like`: the row that it repeats.
    fn passed(&self, why: &'static str, like: Option<RowRef>) -> String {
        let why = why.to_owned();
        self.sentence(match like {
            Some(row) => kinds::ExplainPassed::Like { row: self.project.sources.place(row).to_string(), why },
            None => kinds::ExplainPassed::Plain { why },
        })
    }

    /// Why rows don't count, and how many.
    pub fn left_out(&self, explanation: &Explanation) -> Vec<(String, u64)> {
        let reason = |omitted: &Omission| match omitted {
            Omission::Excluded(reason) => self.reason(explanation.indicator, *reason),
            Omission::OtherPeriod => self.sentence(kinds::ExplainOtherPeriod),
            Omission::Skipped(why) => self.passed(why, None),
        };
        let mut reasons: Vec<(String, u64)> = Vec::new();
        for (omitted, count) in &explanation.omitted {
            let why = reason(omitted);
            match reasons.iter_mut().find(|(known, _)| *known == why) {
                Some((_, sum)) => *sum += count,
                None => reasons.push((why, *count)),
            }
        }
        reasons
    }

    /// Why a row counts in an indicator, or doesn't; `None` where it counts by itself.
    pub fn why(&self, kind: RowKind, trace: &RowTrace) -> Option<String> {
        Some(match &trace.reason {
            TraceReason::Counts => return None,
            TraceReason::Excluded(Exclusion::WithoutCount) if matches!(kind, RowKind::Reported(_)) => {
                self.sentence(kinds::ExplainWithoutValue)
            }
            TraceReason::Excluded(reason) => self.reason(trace.indicator, *reason),
            TraceReason::CountedBefore(row) => {
                let row = self.project.sources.place(*row).to_string();
                self.sentence(kinds::ExplainCountedBefore::Row { row })
            }
            TraceReason::Attendances { total: 0, .. } => self.sentence(kinds::ExplainNoAttendances),
            TraceReason::Attendances { counting, total, reason } => {
                let of = total.to_string();
                match reason {
                    Some(reason) => {
                        let why = self.reason(trace.indicator, *reason);
                        self.sentence(kinds::ExplainAttendances::None { of, why })
                    }
                    None => self.sentence(kinds::ExplainAttendances::Plain { counting: counting.to_string(), of }),
                }
            }
            TraceReason::Part(id) => self.sentence(kinds::ExplainPart { indicator: self.code(*id).to_owned() }),
            TraceReason::OtherIndicator => self.sentence(kinds::ExplainOtherIndicator),
            TraceReason::Skipped(skipped) => self.passed(skipped.reason, skipped.duplicate_of),
            TraceReason::OtherTable => match kind {
                RowKind::Other => self.sentence(kinds::ExplainNoRow),
                RowKind::Logframe => self.sentence(kinds::ExplainLogframe),
                _ => self.sentence(kinds::ExplainOtherTable),
            },
        })
    }
}

/// The indicator of a code, however it is capitalised.
///
/// # Errors
/// There is none; the problem names the nearest.
pub fn find_indicator(project: &Project, code: &str) -> Result<IndicatorId, Problem> {
    let indicators = &project.logframe.indicators;
    let same = |known: &str| known == code || known.to_lowercase() == code.to_lowercase();
    let found = indicators.iter().position(|indicator| same(&indicator.code));
    found.map(|at| IndicatorId(at as u16)).ok_or_else(|| {
        let codes: Vec<&str> = indicators.iter().map(|indicator| indicator.code.as_str()).collect();
        let known = codes.join(", ");
        let nearest = nearest(code, codes).map(str::to_owned);
        Problem::error(kinds::NoSuchIndicator { indicator: code.to_owned(), known, nearest })
    })
}

/// `3-5, 9`, of one sheet; of rows made of cells `K3, L3`.
pub fn row_ranges(rows: &[ExplainedRow]) -> String {
    let follows = |a: &RowRef, b: &RowRef| a.row + 1 == b.row && a.column.is_none() && b.column.is_none();
    let runs = rows.chunk_by(|a, b| follows(&a.row, &b.row));
    let run = |run: &[ExplainedRow]| match run {
        [one] => one.row.spot().to_string(),
        run => format!("{}-{}", run[0].row.row, run[run.len() - 1].row.row),
    };
    runs.map(run).collect::<Vec<String>>().join(", ")
}
