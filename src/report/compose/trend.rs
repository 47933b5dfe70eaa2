use rust_decimal::Decimal;

use super::localizer::Localizer;
use crate::model::IndicatorId;
use crate::report::document::{Fraction, PeriodColumn, Trend};

/// Most periods side by side.
const MAX_PERIODS: usize = 8;

/// Levels at the end of each period so far, for the first indicators that have two of them or more.
pub(super) fn compose_trends(localizer: &Localizer, ids: &[IndicatorId], most: usize) -> Vec<Trend> {
    let periods = ended_periods(localizer);
    if periods.len() < 2 {
        return Vec::new();
    }
    ids.iter().filter_map(|id| compose_trend(localizer, *id, &periods)).take(most).collect()
}

/// Periods that have ended by the end of this one, the shortest of those that end on one day.
fn ended_periods(localizer: &Localizer) -> Vec<usize> {
    let released = &localizer.input.released.periods;
    let this = localizer.input.period();
    let complete = localizer.input.project.settings.data_until.map_or(this.end, |day| day.min(this.end));
    let mut found: Vec<usize> = (0..released.len()).filter(|at| released[*at].period.end <= complete).collect();
    found.sort_by_key(|at| (released[*at].period.end, std::cmp::Reverse(released[*at].period.start)));
    found.dedup_by_key(|at| released[*at].period.end);
    let past = found.len().saturating_sub(MAX_PERIODS);
    found.split_off(past)
}

fn compose_trend(localizer: &Localizer, id: IndicatorId, periods: &[usize]) -> Option<Trend> {
    let indicator = localizer.input.indicator(id);
    let figures: Vec<_> = periods
        .iter()
        .map(|at| {
            let released = &localizer.input.released.periods[*at];
            (*at, &released.period, &released.figures[usize::from(id.0)].totals)
        })
        .collect();
    let highest = figures
        .iter()
        .flat_map(|(_, _, figure)| [figure.level.map(|level| level.to), figure.target_due])
        .flatten()
        .max()
        .filter(|highest| *highest > Decimal::ZERO)?;
    let columns: Vec<PeriodColumn> = figures
        .iter()
        .map(|(at, period, figure)| PeriodColumn {
            label: localizer.locale.date_short(period.end),
            value: figure.level.map(|level| Fraction::ratio(level.to, highest)),
            due: figure.target_due.map(|due| Fraction::ratio(due, highest)),
            text: localizer.signed_level_figure(id, *at, figure),
        })
        .collect();
    let title = localizer.text(&indicator.title);
    let texts: Vec<String> = columns.iter().map(|column| format!("{}: {}", column.label, column.text.text())).collect();
    let alt = localizer.phrase("report.alt-parts", &[("title", &title), ("parts", &texts.join("; "))]);
    Some(Trend { code: indicator.code.clone(), title, columns, alt })
}
