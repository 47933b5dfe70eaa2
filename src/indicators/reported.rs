use rust_decimal::Decimal;

use super::Evidence;
use super::amounts::AmountSum;
use super::period_counts::PeriodCount;
use crate::model::{Aggregation, Amount, Hedge, IndicatorId, Period, Project, ReportedValue};

/// The values that people typed, where a scope wholly contains their period.
pub(super) fn count_reported(project: &Project, id: IndicatorId, axes: usize) -> (Vec<PeriodCount>, Evidence) {
    let aggregation = project.logframe.indicator(id).aggregation;
    let of_indicator =
        |reported: &&(usize, &ReportedValue)| reported.1.indicator == id && is_within_project(project, reported.1);
    let rows: Vec<(usize, &ReportedValue)> = project.logframe.reported.iter().enumerate().collect();
    let rows: Vec<(usize, &ReportedValue)> = rows.iter().filter(of_indicator).copied().collect();
    let within = |scope: &Period| {
        let inside =
            |reported: &&ReportedValue| scope.contains(reported.period.start) && scope.contains(reported.period.end);
        let values: Vec<&ReportedValue> = rows.iter().map(|(_, reported)| *reported).filter(inside).collect();
        aggregate(&values, aggregation)
    };
    let count = |period: &Period| {
        let cumulative = Period { code: String::new(), start: project.settings.start, end: period.end };
        PeriodCount {
            period: within(period),
            cumulative: within(&cumulative),
            axes: vec![super::AxisFigures { parts: Vec::new() }; axes],
            ..PeriodCount::default()
        }
    };
    let counts = project.logframe.periods.iter().map(count).collect();
    (counts, Evidence::Reported { rows: rows.iter().map(|(at, _)| *at as u32).collect() })
}

/// Whether the period of a value is inside the project and doesn't end after the data does, as an activity counts on its last day.
fn is_within_project(project: &Project, reported: &ReportedValue) -> bool {
    let settings = &project.settings;
    reported.value.is_some()
        && reported.period.start >= settings.start
        && reported.period.end <= settings.end
        && settings.data_until.is_none_or(|until| reported.period.end <= until)
}

fn aggregate(values: &[&ReportedValue], aggregation: Option<Aggregation>) -> Option<Amount> {
    let amounts = || values.iter().filter_map(|reported| reported.value);
    match aggregation {
        Some(Aggregation::Sum) => sum_of(amounts()).filter(|_| !values.is_empty()),
        Some(Aggregation::Average) => {
            let number = Decimal::from(amounts().count() as u64);
            let sum = sum_of(amounts())?;
            // One place more than the values have, up to two, as workbooks show.
            let scale =
                amounts().flat_map(|amount| [amount.from, amount.to]).map(|end| end.normalize().scale()).max()?;
            Some(Amount {
                from: sum.from.checked_div(number)?,
                to: sum.to.checked_div(number)?,
                rounding_exponent: -(scale.max((scale + 1).min(2)) as i32),
                ..sum
            })
        }
        Some(Aggregation::Maximum) => {
            let from = amounts().map(|amount| amount.from).max()?;
            let to = amounts().map(|amount| amount.to).max()?;
            let hedge = amounts().fold(None, |hedge, amount| Hedge::join(hedge, amount.hedge));
            Some(Amount { from, to, hedge, rounding_exponent: 0 })
        }
        // One reported period needs no aggregation; more without one are refused at ingest.
        Some(Aggregation::Latest) | None => {
            values.iter().max_by_key(|reported| (reported.period.end, reported.period.start, reported.row))?.value
        }
    }
}

fn sum_of(amounts: impl Iterator<Item = Amount>) -> Option<Amount> {
    let mut sum = AmountSum::default();
    amounts.for_each(|amount| sum.add(Some(amount)));
    sum.sum()
}
