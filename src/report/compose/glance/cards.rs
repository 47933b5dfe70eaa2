use rust_decimal::Decimal;

use super::super::indicators::{bare_value, plan_texts};
use super::super::localizer::Localizer;
use super::is_outcome;
use crate::indicators::{Figure, Status};
use crate::model::{Amount, IndicatorId, Period};
use crate::report::document::{FigureSource, FigureText, Fraction, GlanceCard, TrendLine, TrendPoint};

/// Cards of a report that doesn't name its key figures.
const MAX_CARDS: usize = 4;

/// Counts so small that only an outcome is a card with one.
const SMALL_COUNTS: std::ops::RangeInclusive<Decimal> = Decimal::ONE..=Decimal::from_parts(3, 0, 0, false, 0);

/// The report's `key_figures`; else what is off track, then outcomes, then the largest counts of people, then others.
pub(super) fn compose_cards(localizer: &Localizer, ids: &[IndicatorId]) -> Vec<GlanceCard> {
    select(localizer, ids).into_iter().map(|id| compose_card(localizer, id)).collect()
}

fn select(localizer: &Localizer, ids: &[IndicatorId]) -> Vec<IndicatorId> {
    let input = localizer.input;
    if let Some(codes) = &input.report.key_figures {
        let by_code = |code: &String| ids.iter().copied().find(|id| input.indicator(*id).code == *code);
        return codes.iter().filter_map(by_code).take(MAX_CARDS).collect();
    }
    let level = |id: &IndicatorId| localizer.figure(*id).totals.cumulative;
    let is_small = |id: &IndicatorId| {
        let is_count = !localizer.is_ratio(*id);
        let value = level(id).and_then(|amount: Amount| amount.single());
        is_count && value.is_some_and(|value| SMALL_COUNTS.contains(&value))
    };
    let mut ranked: Vec<(u8, std::cmp::Reverse<Decimal>, usize, IndicatorId)> = ids
        .iter()
        .enumerate()
        .filter(|(_, id)| level(id).is_some() && (is_outcome(localizer, **id) || !is_small(id)))
        .map(|(at, id)| {
            let figure = &localizer.figure(*id).totals;
            let size = level(id).map_or(Decimal::ZERO, |amount| amount.to);
            let (rank, size) = match figure.status {
                Some(Status::OffTrack) => (0, Decimal::ZERO),
                Some(Status::AtRisk) => (1, Decimal::ZERO),
                _ if is_outcome(localizer, *id) => (2, Decimal::ZERO),
                _ if localizer.counts_people(*id) => (3, size),
                _ => (4, Decimal::ZERO),
            };
            (rank, std::cmp::Reverse(size), at, *id)
        })
        .collect();
    ranked.sort();
    ranked.into_iter().map(|(_, _, _, id)| id).take(MAX_CARDS).collect()
}

fn compose_card(localizer: &Localizer, id: IndicatorId) -> GlanceCard {
    let indicator = localizer.input.indicator(id);
    let figure = &localizer.figure(id).totals;
    let (hedge, value) = bare_value(localizer, id);
    GlanceCard {
        code: indicator.code.clone(),
        title: localizer.text(&indicator.title),
        unit: if localizer.is_ratio(id) { String::new() } else { localizer.unit(indicator) },
        hedge,
        value,
        plan: plan_texts(localizer, id),
        change: compose_change(localizer, id),
        progress: localizer.progress_figure(id),
        status: localizer.badge(figure.status),
        trend: compose_trend(localizer, id),
    }
}

/// The value up to the end of this period less that of the previous report's.
fn compose_change(localizer: &Localizer, id: IndicatorId) -> Option<FigureText> {
    let input = localizer.input;
    let previous = input.report.previous_period(input.period(), &input.project.logframe.periods)?;
    let earlier = input.released.periods.iter().find(|released| released.period.code == previous.code)?;
    let then = earlier.figures.get(usize::from(id.0))?.totals.cumulative?;
    let now = localizer.figure(id).totals.cumulative?;
    let period = FigureText::plain(localizer.period_name(previous));
    let difference = now.difference(then);
    if difference.from.is_zero() && difference.to.is_zero() {
        return Some(localizer.figure_phrase("glance.unchanged", &[("period", period)]));
    }
    let signed = |text: String| {
        if difference.from > Decimal::ZERO { localizer.phrase("number.signed-up", &[("n", &text)]) } else { text }
    };
    let locale = &localizer.locale;
    let signed = match difference.hedge {
        None if localizer.is_ratio(id) => signed(locale.points(&difference)),
        _ if localizer.is_ratio(id) => locale.points(&difference),
        // The sign is beside the number, behind the hedge.
        hedge => locale.hedged(&signed(locale.bare_figure(&difference)), hedge),
    };
    let source = FigureSource { place: None, from: difference.from, to: difference.to };
    let change = FigureText::figure(signed, source);
    Some(localizer.figure_phrase("glance.change", &[("n", change), ("period", period)]))
}

/// The level at the end of every period so far and of the report's own, with what was due; none where there is one only.
fn compose_trend(localizer: &Localizer, id: IndicatorId) -> Option<TrendLine> {
    let input = localizer.input;
    let settings = &input.project.settings;
    let own = input.period();
    let beside = own.side_by_side(&settings.periods, &input.project.logframe.periods);
    let known_end = |period: &Period| settings.known_days(period).end;
    let mut periods: Vec<usize> = beside.into_iter().chain([input.period]).collect();
    periods.retain(|at| settings.data_until.is_none_or(|until| input.released.periods[*at].period.start <= until));
    periods.sort_by_key(|at| known_end(&input.released.periods[*at].period));
    periods.dedup_by_key(|at| known_end(&input.released.periods[*at].period));
    let figures: Vec<(&Period, &Figure)> = periods
        .iter()
        .filter_map(|at| {
            let released = &input.released.periods[*at];
            Some((&released.period, &released.figures.get(usize::from(id.0))?.totals))
        })
        .collect();
    let levels = || figures.iter().filter_map(|(_, figure)| figure.level);
    if levels().count() < 2 {
        return None;
    }
    let due = figures.iter().filter_map(|(_, figure)| figure.target_due);
    let highest = levels().map(|level| level.to).chain(due).max().filter(|highest| *highest > Decimal::ZERO)?;
    let days =
        |from, to: jiff::civil::Date| Decimal::from(to.since(from).map_or(0, |span: jiff::Span| span.get_days()));
    let (first, last) = (known_end(figures.first()?.0), known_end(figures.last()?.0));
    let points = figures.iter().map(|(period, figure)| TrendPoint {
        at: Fraction::ratio(days(first, known_end(period)), days(first, last)),
        value: figure.level.map(|level| Fraction::ratio(level.to, highest)),
        due: figure.target_due.map(|due| Fraction::ratio(due, highest)),
    });
    // In full: it is read aloud.
    let text = |(period, figure): &(&Period, &Figure)| {
        let name = localizer.locale.period_name(&settings.known_days(period));
        let level = localizer.amount(figure.level, localizer.is_ratio(id));
        match figure.target_due {
            None => format!("{name}: {level}"),
            Some(due) => {
                let due = localizer.decimal(Some(due), localizer.is_ratio(id));
                let planned = localizer.phrase("report.of-due", &[("target", &due)]);
                format!("{name}: {level} ({planned})")
            }
        }
    };
    let title = localizer.text(&input.indicator(id).title);
    let texts: Vec<String> = figures.iter().map(text).collect();
    let name = |at: &(&Period, &Figure)| localizer.locale.period_short(&settings.known_days(at.0));
    Some(TrendLine {
        points: points.collect(),
        first: figures.first().map(name)?,
        last: figures.last().map(name)?,
        alt: localizer.phrase("report.alt-parts", &[("title", &title), ("parts", &texts.join("; "))]),
    })
}
