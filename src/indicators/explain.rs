mod completion;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::completion::MissedCompletion;
use super::exclusion_finder::ExclusionFinder;
use super::{Evidence, Exclusion, Figures, ratio};
use crate::model::{
    ActivityId, Attendance, Calculation, IndicatorId, Logframe, Period, PersonId, Project, RowRef, SheetId, SkippedRow,
};

/// The rows behind an indicator's value in a period, and how many others there are, by reason.
/// Together they are all rows of the table that the indicator counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Grouped by activity, in the order of rows.
    pub rows: Vec<ExplainedRow>,
    /// How many rows don't count, by reason.
    pub omitted: BTreeMap<Omission, u64>,
    /// What a ratio is made of; its own rows are those of both.
    pub parts: Vec<Explanation>,
    /// Of completion, who hasn't attended enough by the period's end.
    pub missed: Vec<MissedCompletion>,
}

/// A row behind an indicator's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExplainedRow {
    /// None for a reported value.
    pub activity: Option<ActivityId>,
    /// Where it is.
    pub row: RowRef,
    /// The day that it counts on, a reported value's first.
    pub day: Date,
}

/// Why a row isn't behind a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Omission {
    /// It counts in no period.
    Excluded(Exclusion),
    /// It counts, but not in this period.
    OtherPeriod,
    /// Skipped when it was read, by the reason's code.
    Skipped(&'static str),
}

/// What a row is in its project.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RowKind {
    /// An activity.
    Activity(ActivityId),
    /// An attendance, by index.
    Attendance(u32),
    /// A person of the register.
    Participant(PersonId),
    /// A reported value, by index.
    Reported(u32),
    /// Of a table that no figure is counted from: results, indicators, targets.
    Logframe,
    /// A row that ingest skipped.
    Skipped(SkippedRow),
    /// A title, a header, a blank row, a row of the lists.
    Other,
}

/// Whether a row counts in an indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct RowTrace {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Whether the row counts in it.
    pub counts: bool,
    /// Why, or why not.
    pub reason: TraceReason,
}

/// Why a row counts in an indicator, or doesn't.
#[derive(Clone, Debug, PartialEq)]
pub enum TraceReason {
    /// It counts by itself.
    Counts,
    /// The first reason why it doesn't.
    Excluded(Exclusion),
    /// A person already counted, by this row.
    CountedBefore(RowRef),
    /// A person or an activity counts by its attendances; the reason is that of the first where none counts.
    Attendances {
        /// How many of its attendances count.
        counting: u64,
        /// How many it has.
        total: u64,
        /// Why the first of them doesn't.
        reason: Option<Exclusion>,
    },
    /// It counts in a ratio by way of this indicator.
    Part(IndicatorId),
    /// The indicator counts rows of another table.
    OtherTable,
    /// A reported value of another indicator.
    OtherIndicator,
    /// Ingest skipped it.
    Skipped(SkippedRow),
}

/// Lists the rows behind an indicator's value in a period: for `people` the first contacts.
pub fn explain(project: &Project, figures: &Figures, indicator: IndicatorId, period: &Period) -> Explanation {
    explain_to_depth(
        &ExclusionFinder::new(project, figures),
        indicator,
        period,
        false,
        project.logframe.indicators.len(),
    )
}

/// The same for the value *served*: for `people` the first contact in the period of everybody who came in it.
pub fn explain_served(project: &Project, figures: &Figures, indicator: IndicatorId, period: &Period) -> Explanation {
    explain_to_depth(
        &ExclusionFinder::new(project, figures),
        indicator,
        period,
        true,
        project.logframe.indicators.len(),
    )
}

/// What a row of the project's tables is.
pub fn find_row(project: &Project, row: RowRef) -> RowKind {
    let logframe = &project.logframe;
    if let Some(skipped) = project.sources.skipped.iter().find(|skipped| skipped.row == row) {
        return RowKind::Skipped(*skipped);
    }
    // A row of a sheet whose cells are the rows of its table means the first of them.
    // A cell of a sheet whose rows are those of its table means its row.
    let is_meant = |known: RowRef| {
        let is_same_row = known.sheet == row.sheet && known.row == row.row;
        known == row || is_same_row && (row.column.is_none() || known.column.is_none())
    };
    if let Some(at) = project.activities.rows.iter().position(|activity| is_meant(activity.row)) {
        return RowKind::Activity(ActivityId(at as u32));
    }
    if let Some(at) = project.persons.attendances.iter().position(|attendance| is_meant(attendance.row)) {
        return RowKind::Attendance(at as u32);
    }
    if let Some(at) = project.persons.rows.iter().position(|person| is_meant(person.row)) {
        return RowKind::Participant(PersonId(at as u32));
    }
    if let Some(at) = logframe.reported.iter().position(|reported| is_meant(reported.row)) {
        return RowKind::Reported(at as u32);
    }
    let of_logframe = logframe.indicators.iter().any(|indicator| is_meant(indicator.row))
        || logframe.targets.iter().any(|target| is_meant(target.row))
        || logframe.results.iter().any(|result| is_meant(result.row));
    if of_logframe { RowKind::Logframe } else { RowKind::Other }
}

/// For every indicator, whether a row counts in it, and why not.
pub fn trace(project: &Project, figures: &Figures, row: RowKind) -> Vec<RowTrace> {
    let depth = project.logframe.indicators.len();
    let finder = ExclusionFinder::new(project, figures);
    project.logframe.indicator_ids().map(|id| trace_indicator(&finder, row, id, depth)).collect()
}

/// The day that an attendance counts on, if its activity does.
fn attended_on(project: &Project, attendance: &Attendance) -> Option<Date> {
    attendance.day.or_else(|| project.activities.get(attendance.activity).counted_day())
}

fn explain_to_depth(
    finder: &ExclusionFinder,
    indicator: IndicatorId,
    period: &Period,
    served: bool,
    depth: usize,
) -> Explanation {
    let ExclusionFinder { project, figures, .. } = *finder;
    let mut explanation =
        Explanation { indicator, rows: Vec::new(), omitted: BTreeMap::new(), parts: Vec::new(), missed: Vec::new() };
    match figures.evidence.get(usize::from(indicator.0)) {
        Some(Evidence::Activities { .. }) => {
            explanation.omit_skipped(project, project.activities.rows.iter().map(|activity| activity.row));
            for (id, exclusion) in project.activities.ids().zip(finder.exclusions(indicator)) {
                let activity = project.activities.get(id);
                explanation.add_row(period, Some(id), activity.row, activity.counted_day(), exclusion);
            }
        }
        Some(Evidence::Attendances { .. })
            if matches!(project.logframe.indicator(indicator).calculation, Calculation::Completed(_)) =>
        {
            explanation.add_completed(finder, period);
        }
        Some(Evidence::Attendances { .. }) => {
            let all = &project.persons.attendances;
            explanation.omit_skipped(project, all.iter().map(|attendance| attendance.row));
            let newcomers = if served { first_attendances(figures, indicator, period) } else { BTreeSet::new() };
            for (index, (attendance, exclusion)) in all.iter().zip(finder.exclusions(indicator)).enumerate() {
                let reason = match exclusion {
                    None | Some(Exclusion::CountedBefore) if served => {
                        Some(Exclusion::CountedBefore).filter(|_| !newcomers.contains(&(index as u32)))
                    }
                    reason => reason,
                };
                let day = attended_on(project, attendance);
                explanation.add_row(period, Some(attendance.activity), attendance.row, day, reason);
            }
        }
        Some(Evidence::Reported { rows }) => {
            let values = project.logframe.reported.iter().enumerate();
            for (at, reported) in values.filter(|(_, reported)| reported.indicator == indicator) {
                let inside = period.contains(reported.period.start) && period.contains(reported.period.end);
                if let Some(reason) = reported_exclusion(project, rows, at) {
                    explanation.omit(Omission::Excluded(reason));
                } else if inside {
                    let row = ExplainedRow { activity: None, row: reported.row, day: reported.period.start };
                    explanation.rows.push(row);
                } else {
                    explanation.omit(Omission::OtherPeriod);
                }
            }
        }
        Some(Evidence::Ratio) if depth > 0 => {
            for part in ratio_sides(&project.logframe, indicator) {
                let served = ratio::has_served(&project.logframe, part);
                let part = explain_to_depth(finder, part, period, served, depth - 1);
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
    fn omit(&mut self, omission: Omission) {
        *self.omitted.entry(omission).or_insert(0) += 1;
    }

    fn add_row(
        &mut self,
        period: &Period,
        activity: Option<ActivityId>,
        row: RowRef,
        day: Option<Date>,
        reason: Option<Exclusion>,
    ) {
        let nowhere =
            |reason| matches!(reason, Exclusion::NotCompleted | Exclusion::OutsideProject | Exclusion::AfterDataUntil);
        match (day, reason) {
            (_, Some(reason)) if nowhere(reason) => self.omit(Omission::Excluded(reason)),
            (Some(day), None) if period.contains(day) => self.rows.push(ExplainedRow { activity, row, day }),
            (Some(day), Some(reason)) if period.contains(day) => self.omit(Omission::Excluded(reason)),
            _ => self.omit(Omission::OtherPeriod),
        }
    }

    /// Counts the rows that were skipped in the sheets of `rows`.
    fn omit_skipped(&mut self, project: &Project, rows: impl Iterator<Item = RowRef>) {
        let sheets: BTreeSet<SheetId> = rows.map(|row| row.sheet).collect();
        for skipped in project.sources.skipped.iter().filter(|skipped| sheets.contains(&skipped.row.sheet)) {
            self.omit(Omission::Skipped(skipped.reason));
        }
    }
}

/// For *served*: the first attendance in the period of everybody who came in it.
fn first_attendances(figures: &Figures, indicator: IndicatorId, period: &Period) -> BTreeSet<u32> {
    let mut met = BTreeSet::new();
    match &figures.evidence[usize::from(indicator.0)] {
        Evidence::Attendances { rows } => {
            rows.within(period).filter(|row| met.insert(row.person)).map(|row| row.index).collect()
        }
        Evidence::Activities { .. } | Evidence::Reported { .. } | Evidence::Ratio => BTreeSet::new(),
    }
}

fn ratio_sides(logframe: &Logframe, indicator: IndicatorId) -> Vec<IndicatorId> {
    match logframe.indicator(indicator).calculation {
        Calculation::Ratio(over, under) if over == under => vec![over],
        Calculation::Ratio(over, under) => vec![over, under],
        _ => Vec::new(),
    }
}

/// Why a reported value counts nowhere, by its index.
fn reported_exclusion(project: &Project, counting: &[u32], at: usize) -> Option<Exclusion> {
    let reported = &project.logframe.reported[at];
    let (start, end) = (project.settings.start, project.settings.end);
    if counting.contains(&(at as u32)) {
        None
    } else if reported.value.is_none() {
        Some(Exclusion::WithoutCount)
    } else if reported.period.start < start || reported.period.end > end {
        Some(Exclusion::OutsideProject)
    } else {
        Some(Exclusion::AfterDataUntil)
    }
}

fn trace_indicator(finder: &ExclusionFinder, row: RowKind, indicator: IndicatorId, depth: usize) -> RowTrace {
    let ExclusionFinder { project, figures, .. } = *finder;
    let evidence = &figures.evidence[usize::from(indicator.0)];
    if let (Evidence::Ratio, true) = (evidence, depth > 0) {
        let parts = ratio_sides(&project.logframe, indicator);
        let traces: Vec<RowTrace> = parts.iter().map(|&part| trace_indicator(finder, row, part, depth - 1)).collect();
        if let Some(part) =
            traces.iter().find(|trace| trace.counts || matches!(trace.reason, TraceReason::CountedBefore(_)))
        {
            return RowTrace { indicator, counts: true, reason: TraceReason::Part(part.indicator) };
        }
        let reason = traces.into_iter().next().map_or(TraceReason::OtherTable, |trace| trace.reason);
        return RowTrace { indicator, counts: false, reason };
    }
    let reason = match (row, evidence) {
        (RowKind::Skipped(skipped), _) => TraceReason::Skipped(skipped),
        (RowKind::Activity(id), Evidence::Activities { .. }) => {
            finder.exclusions(indicator)[id.0 as usize].map_or(TraceReason::Counts, TraceReason::Excluded)
        }
        (RowKind::Activity(id), Evidence::Attendances { .. }) => {
            trace_by_attendances(finder, indicator, |attendance| attendance.activity == id)
        }
        (RowKind::Participant(person), Evidence::Attendances { .. }) => {
            trace_by_attendances(finder, indicator, |attendance| attendance.person == person)
        }
        (RowKind::Attendance(index), Evidence::Attendances { rows }) => {
            let row = |index: u32| &project.persons.attendances[index as usize];
            match finder.exclusions(indicator)[index as usize] {
                None => TraceReason::Counts,
                Some(Exclusion::CountedBefore) => rows
                    .iter()
                    .find(|other| other.is_first && other.person == row(index).person)
                    .map_or(TraceReason::Excluded(Exclusion::CountedBefore), |other| {
                        TraceReason::CountedBefore(row(other.index).row)
                    }),
                Some(reason) => TraceReason::Excluded(reason),
            }
        }
        (RowKind::Reported(at), _) if project.logframe.reported[at as usize].indicator != indicator => {
            TraceReason::OtherIndicator
        }
        (RowKind::Reported(at), Evidence::Reported { rows }) => {
            reported_exclusion(project, rows, at as usize).map_or(TraceReason::Counts, TraceReason::Excluded)
        }
        _ => TraceReason::OtherTable,
    };
    let counts = matches!(reason, TraceReason::Counts)
        || matches!(reason, TraceReason::Attendances { counting, .. } if counting > 0);
    RowTrace { indicator, counts, reason }
}

fn trace_by_attendances(
    finder: &ExclusionFinder,
    indicator: IndicatorId,
    concerns: impl Fn(&Attendance) -> bool,
) -> TraceReason {
    let (mut counting, mut total, mut reason) = (0, 0, None);
    let attendances = finder.project.persons.attendances.iter().zip(finder.exclusions(indicator));
    for (_, exclusion) in attendances.filter(|(attendance, _)| concerns(attendance)) {
        total += 1;
        match exclusion {
            None => counting += 1,
            Some(_) => reason = reason.or(exclusion),
        }
    }
    TraceReason::Attendances { counting, total, reason: reason.filter(|_| counting == 0) }
}
