use rust_decimal::Decimal;

use super::Evidence;
use super::sum::Gathered;
use super::tally::Draft;
use crate::model::{Aggregation, Amount, Hedge, IndicatorId, Period, Project, Reported};

/// The values that people typed, where a scope wholly contains their period.
pub(super) fn reported(project: &Project, id: IndicatorId, axes: usize) -> (Vec<Draft>, Evidence) {
    let aggregation = project.logframe.indicator(id).aggregation;
    let of_indicator = |reported: &&(usize, &Reported)| reported.1.indicator == id && counts(project, reported.1);
    let rows: Vec<(usize, &Reported)> = project.logframe.reported.iter().enumerate().collect();
    let rows: Vec<(usize, &Reported)> = rows.iter().filter(of_indicator).copied().collect();
    let within = |scope: &Period| {
        let inside =
            |reported: &&Reported| scope.contains(reported.period.start) && scope.contains(reported.period.end);
        let values: Vec<&Reported> = rows.iter().map(|(_, reported)| *reported).filter(inside).collect();
        aggregate(&values, aggregation)
    };
    let draft = |period: &Period| {
        let so_far = Period { code: String::new(), start: project.settings.start, end: period.end };
        Draft {
            period: within(period),
            cumulative: within(&so_far),
            axes: vec![super::AxisFigures { parts: Vec::new() }; axes],
            ..Draft::default()
        }
    };
    let drafts = project.logframe.periods.iter().map(draft).collect();
    (drafts, Evidence::Reported { rows: rows.iter().map(|(at, _)| *at as u32).collect() })
}

/// Whether a value stands inside the project and doesn't end after the data does, as an activity counts on its last day.
fn counts(project: &Project, reported: &Reported) -> bool {
    let settings = &project.settings;
    reported.value.is_some()
        && reported.period.start >= settings.start
        && reported.period.end <= settings.end
        && settings.data_until.is_none_or(|until| reported.period.end <= until)
}

fn aggregate(values: &[&Reported], aggregation: Option<Aggregation>) -> Option<Amount> {
    let amounts = || values.iter().filter_map(|reported| reported.value);
    match aggregation {
        Some(Aggregation::Sum) => {
            let mut gathered = Gathered::default();
            amounts().for_each(|amount| gathered.add(Some(amount)));
            gathered.sum().filter(|_| gathered.rows > 0)
        }
        Some(Aggregation::Average) => {
            let number = Decimal::from(amounts().count() as u64);
            let mut gathered = Gathered::default();
            amounts().for_each(|amount| gathered.add(Some(amount)));
            let sum = gathered.sum()?;
            Some(Amount { from: sum.from.checked_div(number)?, to: sum.to.checked_div(number)?, grain: 0, ..sum })
        }
        Some(Aggregation::Maximum) => {
            let from = amounts().map(|amount| amount.from).max()?;
            let to = amounts().map(|amount| amount.to).max()?;
            let hedge = amounts().fold(None, |hedge, amount| Hedge::join(hedge, amount.hedge));
            Some(Amount { from, to, hedge, grain: 0 })
        }
        // One reported period needs no aggregation; more without one are refused at ingest.
        Some(Aggregation::Latest) | None => {
            values.iter().max_by_key(|reported| (reported.period.end, reported.period.start, reported.row))?.value
        }
    }
}
