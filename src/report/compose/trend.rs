use rust_decimal::Decimal;

use super::voice::Voice;
use crate::model::IndicatorId;
use crate::report::document::{Fraction, PeriodColumn, Trend};

/// Most periods side by side.
const MOST_PERIODS: usize = 8;

/// Levels at the end of each period so far, for the first indicators that have two of them or more.
pub(super) fn trends(voice: &Voice, ids: &[IndicatorId], most: usize) -> Vec<Trend> {
    let periods = periods_so_far(voice);
    if periods.len() < 2 {
        return Vec::new();
    }
    ids.iter().filter_map(|id| trend(voice, *id, &periods)).take(most).collect()
}

/// Periods that have ended by the end of this one, the shortest of those that end on one day.
fn periods_so_far(voice: &Voice) -> Vec<usize> {
    let released = &voice.input.released.periods;
    let this = voice.input.period();
    let complete = voice.input.project.settings.data_until.map_or(this.end, |day| day.min(this.end));
    let mut found: Vec<usize> = (0..released.len()).filter(|at| released[*at].period.end <= complete).collect();
    found.sort_by_key(|at| (released[*at].period.end, std::cmp::Reverse(released[*at].period.start)));
    found.dedup_by_key(|at| released[*at].period.end);
    let past = found.len().saturating_sub(MOST_PERIODS);
    found.split_off(past)
}

fn trend(voice: &Voice, id: IndicatorId, periods: &[usize]) -> Option<Trend> {
    let indicator = voice.input.indicator(id);
    let ratio = voice.is_ratio(id);
    let figures: Vec<_> = periods
        .iter()
        .map(|at| {
            let released = &voice.input.released.periods[*at];
            (&released.period, &released.figures[usize::from(id.0)].totals)
        })
        .collect();
    let highest = figures
        .iter()
        .flat_map(|(_, figure)| [figure.level.map(|level| level.to), figure.target_due])
        .flatten()
        .max()
        .filter(|highest| *highest > Decimal::ZERO)?;
    let columns: Vec<PeriodColumn> = figures
        .iter()
        .map(|(period, figure)| PeriodColumn {
            label: voice.locale.date_short(period.end),
            value: figure.level.map(|level| Fraction::of(level.to, highest)),
            due: figure.target_due.map(|due| Fraction::of(due, highest)),
            text: voice.amount(figure.level, ratio),
        })
        .collect();
    let title = voice.text(&indicator.title);
    let said: Vec<String> = columns.iter().map(|column| format!("{}: {}", column.label, column.text)).collect();
    let alt = voice.phrase("report.alt-parts", &[("title", &title), ("parts", &said.join("; "))]);
    Some(Trend { code: indicator.code.clone(), title, columns, alt })
}
