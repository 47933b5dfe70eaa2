//! What the reports of one limit publish.

use std::collections::BTreeSet;

use crate::indicators::Figures;
use crate::model::{Calculation, IndicatorId, Period, Project, ReportSettings};

/// Which indicators the reports of each period show, or reports that show it beside their own. What no report shows
/// discloses nothing.
pub(super) struct Published {
    /// By period of the figures.
    indicators: Vec<BTreeSet<IndicatorId>>,
    /// Places of the periods that a report shows, in the order in which they are released; equal ends together.
    pub batches: Vec<Vec<usize>>,
}

impl Published {
    pub fn new(project: &Project, figures: &Figures, reports: &[&ReportSettings]) -> Published {
        let logframe = &project.logframe;
        let mut indicators = vec![BTreeSet::new(); figures.periods.len()];
        for report in reports {
            let of_report: BTreeSet<IndicatorId> =
                logframe.indicator_ids().filter(|id| report.shows(&logframe.indicator(*id).code)).collect();
            let own = logframe.periods.iter().enumerate().filter(|(_, period)| report.periods.contains(&period.code));
            for (at, period) in own {
                let beside = period.side_by_side(&project.settings.periods, &logframe.periods);
                for shown in beside.into_iter().chain([at]) {
                    indicators[shown].extend(&of_report);
                }
            }
        }
        let period = |at: usize| &figures.periods[at].period;
        let mut order: Vec<usize> = (0..figures.periods.len()).filter(|at| !indicators[*at].is_empty()).collect();
        order.sort_by(|&a, &b| release_order(period(a)).cmp(&release_order(period(b))));
        let mut batches: Vec<Vec<usize>> = Vec::new();
        for at in order {
            match batches.last_mut() {
                Some(batch) if period(batch[0]).end == period(at).end => batch.push(at),
                _ => batches.push(vec![at]),
            }
        }
        Published { indicators, batches }
    }

    /// The indicators that a period shows.
    pub fn shown_in(&self, period: usize) -> impl Iterator<Item = IndicatorId> {
        self.indicators[period].iter().copied()
    }

    pub fn shows(&self, period: usize, indicator: IndicatorId) -> bool {
        self.indicators[period].contains(&indicator)
    }
}

/// By end; of equal ends the longer period, then by code (contract, section 9).
fn release_order(period: &Period) -> (jiff::civil::Date, jiff::civil::Date, &str) {
    (period.end, period.start, &period.code)
}

/// The indicators of persons that a figure is counted from: itself, or the sides of a ratio.
pub(super) fn person_indicators_behind(project: &Project, id: IndicatorId) -> BTreeSet<IndicatorId> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        match project.logframe.indicator(id).calculation {
            calculation if calculation.over_attendances() => {
                found.insert(id);
            }
            Calculation::Ratio(over, under) => open.extend([over, under]),
            _ => {}
        }
    }
    found
}
