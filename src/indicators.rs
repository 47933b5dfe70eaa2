//! [`Project`] → [`Figures`] of all periods with their evidence. Pure; cannot fail; knows no language.
//!
//! ```text
//! timeline    the rows that may count at all, by day
//! days        where each day begins among them
//! places      some of them: a bit for each
//! ages        the age at every attendance
//! numbers     many numbers, as short as they may be
//! marks       which rows have which number: 64 are counted at once
//! condition   an indicator's `where`, decided once per activity and per state of a person
//! axis        the slot of every row on a disaggregation
//! tally       counts over rows: activities, attendances, people, sums, reaches, distinct values
//! reported    values that people typed
//! ratio       one indicator over another
//! target      what is due; level, progress, status
//! explain     the rows behind a figure; why a row counts, or doesn't
//! standing    the rows that a figure stands on, by what they say
//! variance    what lags behind and isn't explained
//! ```

mod ages;
mod axis;
mod condition;
mod days;
mod distinct;
mod explain;
mod figures;
mod marks;
mod numbers;
mod places;
mod ratio;
mod reported;
mod standing;
mod sum;
mod tally;
mod target;
mod timeline;
mod verdicts;

pub use explain::{ExplainedRow, Explanation, Omitted, RowKind, Trace, Why, explain, explain_served, find_row, trace};
pub use figures::{
    AxisFigures, Basis, CountedAttendance, CountedAttendances, Evidence, Figure, Figures, Key, LeftOut, Part, PartKey,
    PeriodFigures, Progress, Scope, Status,
};
pub use standing::{StandingRow, standing_count, standing_rows};

use rayon::prelude::*;
use tally::Draft;

use crate::model::{Calculation, Period, Project, Target};

/// Counts every indicator in every period.
pub fn count(project: &Project) -> Figures {
    let logframe = &project.logframe;
    let asked = ratio::axes_asked(logframe);
    let timeline = timeline::Timeline::new(project);
    let asked_of: Vec<_> = logframe.indicator_ids().zip(&asked).collect();
    let codings = axis::Codings::new(project, &timeline.attendances, &asked_of);
    // One after the other as a core gets free: some take ten times as long as others.
    let counted = asked_of.into_iter().enumerate().par_bridge().map(|(at, (id, axes))| {
        let indicator = logframe.indicator(id);
        let (drafts, rows) = match indicator.calculation {
            Calculation::Ratio(..) => (None, Evidence::Ratio),
            Calculation::Reported => {
                let (drafts, rows) = reported::reported(project, id, axes.len());
                (Some(drafts), rows)
            }
            _ => {
                let (drafts, rows) = tally::tally(project, &timeline, &codings, indicator, axes);
                (Some(drafts), rows)
            }
        };
        (at, drafts, rows)
    });
    let mut counted: Vec<_> = counted.collect();
    counted.sort_by_key(|(at, ..)| *at);
    let (mut drafts, evidence): (Vec<Option<Vec<Draft>>>, Vec<Evidence>) =
        counted.into_iter().map(|(_, drafts, rows)| (drafts, rows)).unzip();
    ratio::ratios(logframe, &asked, &mut drafts);
    let periods = logframe.periods.iter().enumerate().map(|(at, period)| {
        let figure = |id: crate::model::IndicatorId| {
            let draft = drafts[usize::from(id.0)].as_mut().and_then(|drafts| drafts.get_mut(at)).map(std::mem::take);
            figure(project, id, period, draft.unwrap_or_default())
        };
        PeriodFigures { period: period.clone(), figures: logframe.indicator_ids().map(figure).collect() }
    });
    Figures { periods: periods.collect(), evidence }
}

/// A draft set against its targets, on the indicator's own axes.
fn figure(project: &Project, id: crate::model::IndicatorId, period: &Period, mut draft: Draft) -> Figure {
    let indicator = project.logframe.indicator(id);
    let targets: Vec<&Target> = project.logframe.targets.iter().filter(|target| target.indicator == id).collect();
    let aims = target::aims(&project.settings, indicator, &targets, period);
    let standing = target::standing(project.settings.progress, indicator, draft.cumulative, &aims);
    draft.axes.resize(indicator.axes.len(), AxisFigures { parts: Vec::new() });
    Figure {
        period: draft.period,
        served: draft.served,
        cumulative: draft.cumulative,
        level: standing.level,
        target_period: aims.period,
        target_due: aims.due,
        target_total: aims.total,
        progress: standing.progress,
        progress_due: standing.progress_due,
        status: standing.status,
        axes: draft.axes,
        basis: draft.basis,
        data_until: project.settings.data_until.filter(|until| *until < period.end),
    }
}
