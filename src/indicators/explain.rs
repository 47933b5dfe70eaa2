use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::verdicts::Judge;
use super::{Evidence, Figures, LeftOut, ratio};
use crate::model::{
    ActivityId, Attendance, Calculation, IndicatorId, Logframe, Period, PersonId, Project, RowRef, SheetId, SkippedRow,
};

/// The rows behind an indicator's value in a period, and how many were left out for which reason.
/// Together they are all rows of the table that the indicator counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    pub indicator: IndicatorId,
    /// Grouped by activity, in the order of rows.
    pub rows: Vec<ExplainedRow>,
    pub left_out: BTreeMap<Omitted, u64>,
    /// What a ratio is made of; its own rows are those of both.
    pub parts: Vec<Explanation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExplainedRow {
    /// None for a reported value.
    pub activity: Option<ActivityId>,
    pub row: RowRef,
    /// The day that it counts on, a reported value's first.
    pub day: Date,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Omitted {
    Row(LeftOut),
    /// It counts, but not in this period.
    OtherPeriod,
    /// Passed over when it was read, by the reason's code.
    Passed(&'static str),
}

/// What a row is in its project.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RowKind {
    Activity(ActivityId),
    /// By index.
    Attendance(u32),
    Participant(PersonId),
    /// By index.
    Reported(u32),
    /// Of a table that no figure is counted from: results, indicators, targets.
    Logframe,
    Passed(SkippedRow),
    /// A title, a header, a blank row, a row of the lists.
    Other,
}

/// Whether a row counts in an indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    pub indicator: IndicatorId,
    pub counts: bool,
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    Counts,
    LeftOut(LeftOut),
    /// A person already counted, by this row.
    CountedBefore(RowRef),
    /// A person or an activity counts by its attendances: so many of so many do; where none does, the reason of the first.
    Attendances {
        counting: u64,
        of: u64,
        reason: Option<LeftOut>,
    },
    /// It counts in a ratio by way of this indicator.
    Part(IndicatorId),
    /// The indicator counts rows of another table.
    OtherTable,
    /// A reported value of another indicator.
    OtherIndicator,
    Passed(SkippedRow),
}

/// Lists the rows behind an indicator's value in a period: for `people` the first contacts.
pub fn explain(project: &Project, figures: &Figures, indicator: IndicatorId, period: &Period) -> Explanation {
    explain_within(&Judge::new(project, figures), indicator, period, false, project.logframe.indicators.len())
}

/// The same for the value *served*: for `people` the first contact in the period of everybody who came in it.
pub fn explain_served(project: &Project, figures: &Figures, indicator: IndicatorId, period: &Period) -> Explanation {
    explain_within(&Judge::new(project, figures), indicator, period, true, project.logframe.indicators.len())
}

/// What a row of the project's tables is.
pub fn find_row(project: &Project, row: RowRef) -> RowKind {
    let logframe = &project.logframe;
    if let Some(passed) = project.sources.skipped.iter().find(|passed| passed.row == row) {
        return RowKind::Passed(*passed);
    }
    if let Some(at) = project.activities.rows.iter().position(|activity| activity.row == row) {
        return RowKind::Activity(ActivityId(at as u32));
    }
    if let Some(at) = project.persons.attendances.iter().position(|attendance| attendance.row == row) {
        return RowKind::Attendance(at as u32);
    }
    if let Some(at) = project.persons.rows.iter().position(|person| person.row == row) {
        return RowKind::Participant(PersonId(at as u32));
    }
    if let Some(at) = logframe.reported.iter().position(|reported| reported.row == row) {
        return RowKind::Reported(at as u32);
    }
    let of_logframe = logframe.indicators.iter().any(|indicator| indicator.row == row)
        || logframe.targets.iter().any(|target| target.row == row)
        || logframe.results.iter().any(|result| result.row == row);
    if of_logframe { RowKind::Logframe } else { RowKind::Other }
}

/// Tells of every indicator whether a row counts in it, and why not.
pub fn trace(project: &Project, figures: &Figures, row: RowKind) -> Vec<Trace> {
    let depth = project.logframe.indicators.len();
    let judge = Judge::new(project, figures);
    project.logframe.indicator_ids().map(|id| trace_in(&judge, row, id, depth)).collect()
}

/// The day that an attendance counts on, if its activity does.
fn attended_on(project: &Project, attendance: &Attendance) -> Option<Date> {
    attendance.day.or_else(|| project.activities.get(attendance.activity).counted_day())
}

fn explain_within(judge: &Judge, indicator: IndicatorId, period: &Period, served: bool, depth: usize) -> Explanation {
    let Judge { project, figures, .. } = *judge;
    let mut explanation = Explanation { indicator, rows: Vec::new(), left_out: BTreeMap::new(), parts: Vec::new() };
    match figures.evidence.get(usize::from(indicator.0)) {
        Some(Evidence::Activities { .. }) => {
            explanation.pass_over(project, project.activities.rows.iter().map(|activity| activity.row));
            for (id, verdict) in project.activities.ids().zip(judge.verdicts(indicator)) {
                let activity = project.activities.get(id);
                explanation.sort_out(period, Some(id), activity.row, activity.counted_day(), verdict.err());
            }
        }
        Some(Evidence::Attendances { .. }) => {
            let all = &project.persons.attendances;
            explanation.pass_over(project, all.iter().map(|attendance| attendance.row));
            let anew = if served { first_in(figures, indicator, period) } else { BTreeSet::new() };
            for (index, (attendance, verdict)) in all.iter().zip(judge.verdicts(indicator)).enumerate() {
                let reason = match verdict.err() {
                    None | Some(LeftOut::CountedBefore) if served => {
                        Some(LeftOut::CountedBefore).filter(|_| !anew.contains(&(index as u32)))
                    }
                    reason => reason,
                };
                let day = attended_on(project, attendance);
                explanation.sort_out(period, Some(attendance.activity), attendance.row, day, reason);
            }
        }
        Some(Evidence::Reported { rows }) => {
            let values = project.logframe.reported.iter().enumerate();
            for (at, reported) in values.filter(|(_, reported)| reported.indicator == indicator) {
                let inside = period.contains(reported.period.start) && period.contains(reported.period.end);
                if let Some(reason) = reported_reason(project, rows, at) {
                    explanation.omit(Omitted::Row(reason));
                } else if inside {
                    let row = ExplainedRow { activity: None, row: reported.row, day: reported.period.start };
                    explanation.rows.push(row);
                } else {
                    explanation.omit(Omitted::OtherPeriod);
                }
            }
        }
        Some(Evidence::Ratio) if depth > 0 => {
            for part in parts_of(&project.logframe, indicator) {
                let served = ratio::has_served(&project.logframe, part);
                let part = explain_within(judge, part, period, served, depth - 1);
                explanation.rows.extend(part.rows.iter().copied());
                explanation.parts.push(part);
            }
        }
        Some(Evidence::Ratio) | None => {}
    }
    explanation.rows.sort();
    explanation.rows.dedup();
    explanation
}

impl Explanation {
    fn omit(&mut self, why: Omitted) {
        *self.left_out.entry(why).or_insert(0) += 1;
    }

    fn sort_out(
        &mut self,
        period: &Period,
        activity: Option<ActivityId>,
        row: RowRef,
        day: Option<Date>,
        reason: Option<LeftOut>,
    ) {
        let nowhere =
            |reason| matches!(reason, LeftOut::NotCompleted | LeftOut::OutsideProject | LeftOut::AfterDataUntil);
        match (day, reason) {
            (_, Some(reason)) if nowhere(reason) => self.omit(Omitted::Row(reason)),
            (Some(day), None) if period.contains(day) => self.rows.push(ExplainedRow { activity, row, day }),
            (Some(day), Some(reason)) if period.contains(day) => self.omit(Omitted::Row(reason)),
            _ => self.omit(Omitted::OtherPeriod),
        }
    }

    /// Rows passed over in the sheets of a table.
    fn pass_over(&mut self, project: &Project, rows: impl Iterator<Item = RowRef>) {
        let sheets: BTreeSet<SheetId> = rows.map(|row| row.sheet).collect();
        for passed in project.sources.skipped.iter().filter(|passed| sheets.contains(&passed.row.sheet)) {
            self.omit(Omitted::Passed(passed.why));
        }
    }
}

/// For *served*: the first attendance in the period of everybody who came in it.
fn first_in(figures: &Figures, indicator: IndicatorId, period: &Period) -> BTreeSet<u32> {
    let mut met = BTreeSet::new();
    match &figures.evidence[usize::from(indicator.0)] {
        Evidence::Attendances { rows } => {
            rows.within(period).filter(|row| met.insert(row.person)).map(|row| row.index).collect()
        }
        Evidence::Activities { .. } | Evidence::Reported { .. } | Evidence::Ratio => BTreeSet::new(),
    }
}

fn parts_of(logframe: &Logframe, indicator: IndicatorId) -> Vec<IndicatorId> {
    match logframe.indicator(indicator).calculation {
        Calculation::Ratio(over, under) if over == under => vec![over],
        Calculation::Ratio(over, under) => vec![over, under],
        _ => Vec::new(),
    }
}

/// Why a reported value counts nowhere, by its index.
fn reported_reason(project: &Project, counting: &[u32], at: usize) -> Option<LeftOut> {
    let reported = &project.logframe.reported[at];
    let (start, end) = (project.settings.start, project.settings.end);
    if counting.contains(&(at as u32)) {
        None
    } else if reported.value.is_none() {
        Some(LeftOut::WithoutCount)
    } else if reported.period.start < start || reported.period.end > end {
        Some(LeftOut::OutsideProject)
    } else {
        Some(LeftOut::AfterDataUntil)
    }
}

fn trace_in(judge: &Judge, row: RowKind, indicator: IndicatorId, depth: usize) -> Trace {
    let Judge { project, figures, .. } = *judge;
    let evidence = &figures.evidence[usize::from(indicator.0)];
    if let (Evidence::Ratio, true) = (evidence, depth > 0) {
        let parts = parts_of(&project.logframe, indicator);
        let traces: Vec<Trace> = parts.iter().map(|&part| trace_in(judge, row, part, depth - 1)).collect();
        if let Some(part) = traces.iter().find(|trace| trace.counts || matches!(trace.why, Why::CountedBefore(_))) {
            return Trace { indicator, counts: true, why: Why::Part(part.indicator) };
        }
        let why = traces.into_iter().next().map_or(Why::OtherTable, |trace| trace.why);
        return Trace { indicator, counts: false, why };
    }
    let why = match (row, evidence) {
        (RowKind::Passed(passed), _) => Why::Passed(passed),
        (RowKind::Activity(id), Evidence::Activities { .. }) => {
            judge.verdicts(indicator)[id.0 as usize].err().map_or(Why::Counts, Why::LeftOut)
        }
        (RowKind::Activity(id), Evidence::Attendances { .. }) => {
            by_attendances(judge, indicator, |attendance| attendance.activity == id)
        }
        (RowKind::Participant(person), Evidence::Attendances { .. }) => {
            by_attendances(judge, indicator, |attendance| attendance.person == person)
        }
        (RowKind::Attendance(index), Evidence::Attendances { rows }) => {
            let row = |index: u32| &project.persons.attendances[index as usize];
            match judge.verdicts(indicator)[index as usize] {
                Ok(()) => Why::Counts,
                Err(LeftOut::CountedBefore) => rows
                    .iter()
                    .find(|other| other.is_first && other.person == row(index).person)
                    .map_or(Why::LeftOut(LeftOut::CountedBefore), |other| Why::CountedBefore(row(other.index).row)),
                Err(reason) => Why::LeftOut(reason),
            }
        }
        (RowKind::Reported(at), _) if project.logframe.reported[at as usize].indicator != indicator => {
            Why::OtherIndicator
        }
        (RowKind::Reported(at), Evidence::Reported { rows }) => {
            reported_reason(project, rows, at as usize).map_or(Why::Counts, Why::LeftOut)
        }
        _ => Why::OtherTable,
    };
    let counts = matches!(why, Why::Counts) || matches!(why, Why::Attendances { counting, .. } if counting > 0);
    Trace { indicator, counts, why }
}

fn by_attendances(judge: &Judge, indicator: IndicatorId, of: impl Fn(&Attendance) -> bool) -> Why {
    let (mut counting, mut number, mut reason) = (0, 0, None);
    let attendances = judge.project.persons.attendances.iter().zip(judge.verdicts(indicator));
    for (_, verdict) in attendances.filter(|(attendance, _)| of(attendance)) {
        number += 1;
        match verdict {
            Ok(()) => counting += 1,
            Err(why) => reason = reason.or(Some(why)),
        }
    }
    Why::Attendances { counting, of: number, reason: reason.filter(|_| counting == 0) }
}
