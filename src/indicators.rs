//! [`Project`] → [`Figures`] of all periods with their evidence. Pure; cannot fail; knows no language.
//!
//! ```text
//! rows_by_day            the rows that may count at all, by day
//! day_index              the row that each day starts at
//! row_set                a set of those rows: a bit for each
//! filter                 an indicator's `where`, decided once per activity and per state of a person
//! axis                   the part of a disaggregation that every row falls into
//! count_shares           of head counts in columns: what of a row falls into which part
//! completion             who has attended as much as is asked, and by which rows
//! period_counts          counts over rows: activities, attendances, people, sums, reaches, distinct values
//! amounts                what is added up; distinct_values: what is counted once
//! reported               values that people typed
//! ratio                  one indicator over another
//! target                 what is due; level, progress, status
//! figures                the result; counted_attendances: the attendances behind a figure
//! attendees_by_activity  how many people came to each activity, for prose
//! exclusion_finder       why a row doesn't count; explain: the rows behind a figure
//! without_conditions     what would count without some of the conditions, and whether one holds for a person
//! evidence_rows          the same rows, identified by their content
//! ```

#![warn(missing_docs)]

mod amounts;
mod attendees_by_activity;
mod axis;
mod completion;
mod count_shares;
mod counted_attendances;
mod day_index;
mod distinct_values;
mod evidence_rows;
mod exclusion;
mod exclusion_finder;
mod explain;
mod figures;
mod filter;
mod period_counts;
mod ratio;
mod reported;
mod row_set;
mod rows_by_day;
mod target;
mod without_conditions;

pub use attendees_by_activity::count_attendees;
pub use completion::{CompletionRule, MissedCompletion, Needed, completed_attendances, missed_completion};
pub use count_shares::counts_of_activity;
pub use counted_attendances::{CountedAttendance, CountedAttendances};
pub use evidence_rows::{EvidenceRow, evidence_row_count, evidence_rows};
pub use exclusion::Exclusion;
pub use explain::{
    ExplainedRow, Explanation, Omission, RowKind, RowTrace, TraceReason, explain, explain_served, find_row, trace,
};
pub use figures::{
    AxisFigures, Coverage, Evidence, Figure, Figures, Key, PartFigures, PartKey, PeriodFigures, Progress, Scope, Status,
};
pub use target::{AchievedAt, achieved_at};
pub use without_conditions::{attendances_without, holds_for_person};

use period_counts::PeriodCount;
use rayon::prelude::*;

use crate::model::{Calculation, IndicatorId, Period, Project, Target};

/// Counts every indicator in every period.
pub fn count(project: &Project) -> Figures {
    let logframe = &project.logframe;
    let axes = ratio::counted_axes(logframe);
    let timeline = rows_by_day::RowsByDay::new(project);
    let indexes = axis::AxisIndexes::new(project, &timeline, &axes);
    let count_rows = |id: IndicatorId| {
        let indicator = logframe.indicator(id);
        match indicator.calculation {
            Calculation::Ratio(..) => (None, Evidence::Ratio),
            Calculation::Reported => {
                let (counts, evidence) = reported::count_reported(project, id, axes[usize::from(id.0)].len());
                (Some(counts), evidence)
            }
            _ => {
                let (counts, evidence) =
                    period_counts::tally(project, &timeline, indicator, &indexes.for_indicator(id));
                (Some(counts), evidence)
            }
        }
    };
    let ids: Vec<IndicatorId> = logframe.indicator_ids().collect();
    // One by one as a core becomes free: some take ten times as long as others.
    let counted = ids.into_par_iter().with_max_len(1).map(count_rows);
    let (mut counts, evidence): (Vec<Option<Vec<PeriodCount>>>, Vec<Evidence>) = counted.unzip();
    ratio::fill_ratios(logframe, &axes, &mut counts);
    let periods = logframe.periods.iter().enumerate().map(|(at, period)| {
        let figure = |id: IndicatorId| {
            let count = counts[usize::from(id.0)].as_mut().and_then(|counts| counts.get_mut(at)).map(std::mem::take);
            compare_with_targets(project, id, period, count.unwrap_or_default())
        };
        PeriodFigures { period: period.clone(), figures: logframe.indicator_ids().map(figure).collect() }
    });
    Figures { periods: periods.collect(), evidence }
}

/// The figure of a count beside its targets, on the indicator's own axes.
fn compare_with_targets(project: &Project, id: IndicatorId, period: &Period, mut count: PeriodCount) -> Figure {
    let indicator = project.logframe.indicator(id);
    let all: Vec<&Target> = project.logframe.targets.iter().filter(|target| target.indicator == id).collect();
    let targets = target::period_targets(&project.settings, indicator, &all, period);
    let measured = target::measure_progress(project.settings.progress, indicator, count.cumulative, &targets);
    count.axes.resize(indicator.axes.len(), AxisFigures { parts: Vec::new() });
    Figure {
        period: count.period,
        served: count.served,
        cumulative: count.cumulative,
        level: measured.level,
        target_period: targets.period,
        target_due: targets.due,
        is_due_by_time: targets.is_due_by_time,
        target_total: targets.total,
        progress: measured.progress,
        progress_due: measured.progress_due,
        due_reached: measured.due_reached,
        status: measured.status,
        axes: count.axes,
        coverage: count.coverage,
        data_until: project.settings.data_until.filter(|until| *until < period.end),
    }
}
