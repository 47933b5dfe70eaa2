use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::super::localizer::Localizer;
use super::super::variance::explanations;
use super::{in_chain_order, is_beside, known_end};
use crate::indicators::{Scope, Status};
use crate::model::{Calculation, Direction, IndicatorId, Period, TargetKind, TargetSpan};
use crate::report::document::{AttentionItem, DueItem, FigureSource, FigureText};
use crate::report::figures::PlacedValue;

/// Items of the box; the rest are in the table.
const MAX_ITEMS: usize = 6;
/// The same where another language is printed beside it.
const MAX_ITEMS_BESIDE: usize = 3;
/// What is due later, in the box of what comes next.
const MAX_DUE: usize = 4;
/// The same where another language is printed beside it.
const MAX_DUE_BESIDE: usize = 2;

/// A level that is to be reached by a day.
struct NextTarget {
    day: Date,
    level: Decimal,
    /// Where figures.json holds it: the total target.
    is_total: bool,
    /// The level is there already.
    is_reached: bool,
}

/// What is off track, at risk or undetermined, what has no data, and what is due in the next period; worst first.
pub(super) fn compose_attention(
    localizer: &Localizer,
    ids: &[IndicatorId],
) -> (Vec<AttentionItem>, Option<FigureText>) {
    let next_end = next_period_end(localizer);
    let rank = |id: &IndicatorId| {
        let figure = &localizer.figure(*id).totals;
        match figure.status {
            Some(Status::OffTrack) => Some(0),
            Some(Status::AtRisk) => Some(1),
            Some(Status::Undetermined) => Some(2),
            None => Some(3),
            Some(Status::Achieved | Status::NoTarget) => None,
            Some(Status::OnTrack | Status::NotDue) => {
                next_target(localizer, *id).filter(|target| target.day <= next_end && !target.is_reached).map(|_| 4)
            }
        }
    };
    let ordered = in_chain_order(localizer, ids);
    let mut ranked: Vec<(u8, IndicatorId)> = ordered.iter().filter_map(|id| Some((rank(id)?, *id))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let most = if is_beside(localizer) { MAX_ITEMS_BESIDE } else { MAX_ITEMS };
    let more = ranked.len().saturating_sub(most);
    let note = if ranked.is_empty() {
        Some(FigureText::plain(localizer.label("glance.attention-none")))
    } else {
        (more > 0).then(|| localizer.figure_phrase("glance.more", &[("n", localizer.counted(more))]))
    };
    let items = ranked.into_iter().take(most).map(|(_, id)| compose_item(localizer, id)).collect();
    (items, note)
}

fn compose_item(localizer: &Localizer, id: IndicatorId) -> AttentionItem {
    let indicator = localizer.input.indicator(id);
    let figure = &localizer.figure(id).totals;
    let explained = explanations(localizer, id);
    let text = match figure.status {
        None if explained.is_empty() => FigureText::plain(absence_reason(localizer, id)),
        None => FigureText::default(),
        Some(Status::OffTrack | Status::AtRisk | Status::Undetermined) => late_text(localizer, id),
        Some(_) => match next_target(localizer, id) {
            Some(target) => due_text(localizer, id, &target),
            None => FigureText::default(),
        },
    };
    AttentionItem {
        code: indicator.code.clone(),
        title: localizer.text(&indicator.title),
        status: localizer.badge(figure.status),
        text,
        explanations: explained,
    }
}

/// "12 of 30 planned to date (40.0 %)".
fn late_text(localizer: &Localizer, id: IndicatorId) -> FigureText {
    let figure = &localizer.figure(id).totals;
    let actual =
        localizer.amount_figure(id, localizer.input.period, PlacedValue::Actual(Scope::Cumulative), figure.cumulative);
    match (figure.target_due, localizer.progress_due_figure(id)) {
        // "52.7% of 50.0%" would read as a product.
        (Some(_), Some(progress)) if !localizer.is_ratio(id) => {
            let args = [("actual", actual), ("due", localizer.due_figure(id)), ("progress", progress)];
            localizer.figure_phrase("glance.late", &args)
        }
        (Some(_), _) => {
            localizer.figure_phrase("glance.missed", &[("actual", actual), ("due", localizer.due_figure(id))])
        }
        (None, _) => {
            let total =
                localizer.number_figure(id, localizer.input.period, PlacedValue::TargetTotal, figure.target_total);
            localizer.figure_phrase("glance.missed", &[("actual", actual), ("due", total)])
        }
    }
}

/// "0 of 3, due by 31 August 2017"; without a value only what is planned.
fn due_text(localizer: &Localizer, id: IndicatorId, target: &NextTarget) -> FigureText {
    let own = localizer.input.period;
    let figure = &localizer.figure(id).totals;
    let actual = localizer.amount_figure(id, own, PlacedValue::Actual(Scope::Cumulative), figure.cumulative);
    let day = FigureText::plain(localizer.locale.date_in_text(target.day));
    let target = target_figure(localizer, id, target);
    if figure.cumulative.is_none() {
        return localizer.figure_phrase("glance.due-absent", &[("target", target), ("date", day)]);
    }
    let phrase = if localizer.is_ratio(id) { "glance.due-ratio" } else { "glance.due" };
    localizer.figure_phrase(phrase, &[("actual", actual), ("target", target), ("date", day)])
}

fn target_figure(localizer: &Localizer, id: IndicatorId, target: &NextTarget) -> FigureText {
    if target.is_total {
        return localizer.number_figure(id, localizer.input.period, PlacedValue::TargetTotal, Some(target.level));
    }
    let source = FigureSource { place: None, from: target.level, to: target.level };
    FigureText::figure(localizer.decimal(Some(target.level), localizer.is_ratio(id)), source)
}

/// Why an indicator has no value, where nobody has said it.
fn absence_reason(localizer: &Localizer, id: IndicatorId) -> String {
    let key = match localizer.input.indicator(id).calculation {
        Calculation::Reported => "glance.absent-reported",
        Calculation::Ratio(..) => "glance.absent-ratio",
        _ => "glance.absent-count",
    };
    localizer.label(key).to_owned()
}

/// What is due first after the next period, by day.
pub(super) fn compose_due(localizer: &Localizer, ids: &[IndicatorId], told: BTreeSet<&str>) -> Vec<DueItem> {
    let is_open = |id: &IndicatorId| {
        let status = localizer.figure(*id).totals.status;
        !told.contains(localizer.input.indicator(*id).code.as_str()) && status != Some(Status::Achieved)
    };
    let open = in_chain_order(localizer, ids).into_iter().filter(is_open);
    let mut due: Vec<(IndicatorId, NextTarget)> =
        open.filter_map(|id| Some((id, next_target(localizer, id).filter(|target| !target.is_reached)?))).collect();
    due.sort_by_key(|(_, target)| target.day);
    due.into_iter()
        .take(if is_beside(localizer) { MAX_DUE_BESIDE } else { MAX_DUE })
        .map(|(id, target)| {
            let indicator = localizer.input.indicator(id);
            DueItem {
                code: indicator.code.clone(),
                title: localizer.text(&indicator.title),
                text: due_text(localizer, id, &target),
            }
        })
        .collect()
}

/// The first day after the known ones on which more is due than now, and the level that is due then.
fn next_target(localizer: &Localizer, id: IndicatorId) -> Option<NextTarget> {
    let input = localizer.input;
    let now = localizer.figure(id).totals.level;
    let is_reached = |level: Decimal| match input.indicator(id).direction {
        Direction::Increase => now.is_some_and(|now| now.from >= level),
        Direction::Decrease => now.is_some_and(|now| now.to <= level),
    };
    let target_on =
        |day: Date, level: Decimal, is_total: bool| NextTarget { day, level, is_total, is_reached: is_reached(level) };
    let end = known_end(localizer);
    let project_end = input.project.settings.end;
    let figure = &localizer.figure(id).totals;
    let targets = input.project.logframe.targets.iter().filter(|target| target.indicator == id);
    let later = targets.filter(|target| target.span.end() > end).min_by_key(|target| target.span.end());
    let Some(target) = later else {
        // Without targets by day the total is due at the project's end.
        let level = figure.target_total.filter(|_| project_end > end)?;
        return Some(target_on(project_end, level, true));
    };
    let day = target.span.end();
    if day >= project_end && figure.target_total.is_some() {
        return figure.target_total.map(|level| target_on(day, level, true));
    }
    let ends_then = |period: &Period| period.end == day;
    let released = input.released.periods.iter().find(|released| ends_then(&released.period));
    let by_period = released.and_then(|released| released.figures.get(usize::from(id.0))?.totals.target_due);
    let is_level = target.kind == TargetKind::Cumulative || matches!(target.span, TargetSpan::Due(_));
    let level = if target.kind == TargetKind::Cumulative && is_level { Some(target.value) } else { by_period };
    level.map(|level| target_on(day, level, Some(level) == figure.target_total))
}

/// The last day of the period after the report's: of its own kind, else as many days later as it is long.
fn next_period_end(localizer: &Localizer) -> Date {
    let input = localizer.input;
    let settings = &input.project.settings;
    let end = known_end(localizer);
    let own = input.period();
    let next = input.project.logframe.periods.iter().filter(|period| period.start > own.end);
    let of_kind =
        next.filter(|period| period.calendar_kind().is_some() && period.calendar_kind() == own.calendar_kind());
    if let Some(next) = of_kind.min_by_key(|period| period.start) {
        return next.end;
    }
    let following = own.calendar_kind().and_then(|kind| {
        let first = own.end.tomorrow().ok()?;
        kind.periods(first, settings.end).into_iter().next()
    });
    if let Some(next) = following {
        return next.end;
    }
    let length = own.start.until(own.end).map_or(0, |span| span.get_days());
    end.checked_add((length + 1).days()).unwrap_or(Date::MAX).min(settings.end)
}
