use super::super::localizer::Localizer;
use super::is_beside;
use crate::disclosure::{ReleasedAxis, ReleasedValue};
use crate::indicators::{Key, PartKey, Scope};
use crate::model::{Axis, Calculation, IndicatorId};
use crate::report::document::FigureText;
use crate::report::figures::PlacedValue;

/// The code of women in the built-in list of sexes.
const WOMEN: &str = "F";

/// How many different people came, now and in all, and how many of them are women: by the indicator of different people
/// with the largest value.
pub(in crate::report::compose) fn count_people(localizer: &Localizer, ids: &[IndicatorId]) -> Vec<FigureText> {
    let counts = |id: &&IndicatorId| localizer.input.indicator(**id).calculation == Calculation::People;
    let in_all = |id: &&IndicatorId| localizer.figure(**id).totals.cumulative.map(|amount| amount.to);
    let widest = ids.iter().rev().filter(counts).max_by_key(in_all);
    let Some(id) = widest.copied().filter(|id| in_all(&id).is_some()) else { return Vec::new() };
    let own = localizer.input.period;
    let figure = &localizer.figure(id).totals;
    let actual = |scope: Scope| localizer.amount_figure(id, own, PlacedValue::Actual(scope), figure.value(scope));
    let title = FigureText::plain(localizer.text(&localizer.input.indicator(id).title));
    let from_start = localizer.input.period().start == localizer.input.project.settings.start;
    let mut texts = vec![if from_start || figure.served.is_none() {
        let args = [("title", title), ("all", actual(Scope::Cumulative))];
        localizer.figure_phrase("glance.people", &args)
    } else {
        let args = [
            ("title", title),
            ("served", actual(Scope::Served)),
            ("new", actual(Scope::Period)),
            ("all", actual(Scope::Cumulative)),
        ];
        localizer.figure_phrase("glance.people-now", &args)
    }];
    texts.extend(count_women(localizer, id));
    texts
}

fn count_women(localizer: &Localizer, id: IndicatorId) -> Option<FigureText> {
    let input = localizer.input;
    let figure = localizer.figure(id);
    let axes = input.indicator(id).axes.iter().zip(&figure.axes);
    let (axis, released) = axes.into_iter().find(|(axis, _)| is_sex(localizer, axis))?;
    let women = women_of(localizer, axis, released)?;
    let total = figure.totals.cumulative?;
    let ReleasedValue::Value(Some(amount)) = women.1 else { return None };
    let number = localizer.part_figure(id, (axis, women.0), Scope::Cumulative, women.1);
    let is_rough = total.hedge.is_some() || amount.hedge.is_some();
    let share = localizer.share(amount.to.checked_div(total.to)?, is_rough);
    Some(localizer.figure_phrase("glance.women", &[("n", number), ("share", share)]))
}

fn is_sex(localizer: &Localizer, axis: &Axis) -> bool {
    let column = localizer.input.project.side_column(axis.first).filter(|_| axis.first.is_personal());
    axis.second.is_none() && column.is_some_and(|column| column.name == "sex")
}

fn women_of(localizer: &Localizer, axis: &Axis, released: &ReleasedAxis) -> Option<(PartKey, ReleasedValue)> {
    let entries = &localizer.input.project.side_column(axis.first)?.entries;
    let part = released.parts.iter().find(|part| match part.key {
        PartKey::One(Key::Category(category)) => {
            entries.get(category.0 as usize).is_some_and(|entry| entry.code == WOMEN)
        }
        _ => false,
    })?;
    Some((part.key, part.cumulative))
}

/// Corrections of earlier figures, then what is approximate, incomplete or left out.
pub(super) fn compose_notes(localizer: &Localizer, ids: &[IndicatorId]) -> Vec<FigureText> {
    let input = localizer.input;
    let mut notes = vec![restated_note(localizer)];
    let find = |matches: &dyn Fn(IndicatorId) -> bool| -> Vec<IndicatorId> {
        ids.iter().copied().filter(|id| matches(*id)).collect()
    };
    let is_approximate = |id: IndicatorId| {
        let figure = &localizer.figure(id).totals;
        let amounts = [figure.period, figure.served, figure.cumulative];
        amounts.into_iter().flatten().any(|amount| amount.hedge.is_some() || amount.is_interval())
    };
    let note = |key: &'static str, ids: Vec<IndicatorId>| {
        localizer.figure_phrase(key, &[("codes", FigureText::plain(name_indicators(localizer, &ids)))])
    };
    let approximate = find(&is_approximate);
    if !approximate.is_empty() {
        notes.push(note("glance.approximate", approximate));
    }
    let incomplete = find(&|id| localizer.figure(id).totals.coverage.blank > 0);
    if !incomplete.is_empty() {
        notes.push(note("glance.incomplete", incomplete));
    }
    let left_out: u64 = input.waived.iter().map(|waived| waived.count).sum();
    if left_out > 0 {
        notes.push(localizer.figure_phrase("glance.waived", &[("n", localizer.counted(left_out as usize))]));
    }
    notes
}

/// So many indicators are named by their titles, too, where the page has one language.
const MAX_TITLES: usize = 4;

fn name_indicators(localizer: &Localizer, ids: &[IndicatorId]) -> String {
    let code = |id: &IndicatorId| localizer.input.indicator(*id).code.clone();
    if ids.len() > MAX_TITLES || is_beside(localizer) {
        return ids.iter().map(code).collect::<Vec<_>>().join(", ");
    }
    let named =
        |id: &IndicatorId| format!("{}\u{a0}{}", code(id), localizer.text(&localizer.input.indicator(*id).title));
    ids.iter().map(named).collect::<Vec<_>>().join("; ")
}

fn restated_note(localizer: &Localizer) -> FigureText {
    let restated = localizer.input.restated;
    if restated.is_empty() {
        let input = localizer.input;
        let previous = input.report.previous_period(input.period(), &input.project.logframe.periods);
        let key = if previous.is_some() { "glance.restated-none" } else { "glance.first-report" };
        return FigureText::plain(localizer.label(key));
    }
    let items = restated.iter().map(|restated| {
        let indicator = localizer.input.indicator(restated.indicator);
        let period = localizer.input.project.logframe.period(&restated.period);
        let name = period.map_or_else(|| restated.period.clone(), |period| localizer.locale.period_short(period));
        let amount = |amount| localizer.unplaced(amount, localizer.is_ratio(restated.indicator));
        let args = [
            ("indicator", FigureText::plain(indicator.code.clone())),
            ("period", FigureText::plain(name)),
            ("old", amount(restated.old)),
            ("new", amount(restated.new)),
        ];
        localizer.figure_phrase("notes.restated", &args)
    });
    localizer.figure_phrase("glance.restated", &[("list", FigureText::join(items, "; "))])
}
