//! What is broken down, and in which form: a line of words, a table, a pyramid, one matrix of several indicators.

mod axis_names;
mod cross_table;
mod matrix;
mod pyramid;

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::localizer::Localizer;
use crate::disclosure::{ReleasedAxis, ReleasedPart, ReleasedValue};
use crate::indicators::{Key, PartKey, Scope};
use crate::model::{Axis, Calculation, IndicatorId};
use crate::report::document::{AxisView, Disaggregation, FigureText, Fraction, PartRow, SectionBody};
pub(super) use axis_names::{axis_name, part_name};

/// Rows of one axis in the document; the annex has them all.
const MAX_ROWS: usize = 40;
/// Parts of an axis from which on several indicators share one table.
const LARGE_AXIS: usize = 9;
/// What isn't counted in persons is broken down from this value on.
const LEAST_VALUE: u32 = 10;

/// Indicators of persons, and others from ten on. A large axis of several indicators is shown once for all of them.
pub(super) fn compose_disaggregation(localizer: &Localizer, ids: &[IndicatorId]) -> SectionBody {
    let ids: Vec<IndicatorId> = ids.iter().copied().filter(|id| is_broken_down(localizer, *id)).collect();
    let shared = matrix::shared_axes(localizer, &ids);
    let matrices = shared.iter().map(|(text, ids)| matrix::compose_matrix(localizer, text, ids)).collect();
    let in_matrix = |axis: &Axis, id: IndicatorId| shared.get(&axis.text).is_some_and(|ids| ids.contains(&id));
    let items = ids
        .iter()
        .filter_map(|id| {
            let indicator = localizer.input.indicator(*id);
            let figure = localizer.figure(*id);
            let shown: Vec<(&Axis, AxisView)> = indicator
                .axes
                .iter()
                .zip(&figure.axes)
                .filter(|(axis, _)| !in_matrix(axis, *id))
                .filter(|(_, released)| released.withheld || !released.parts.is_empty())
                .map(|(axis, released)| (axis, axis_view(localizer, *id, axis, released)))
                .collect();
            let axes = join_equal_lines(localizer, shown);
            (!axes.is_empty()).then(|| Disaggregation {
                code: indicator.code.clone(),
                title: localizer.text(&indicator.title),
                unit: localizer.unit(indicator),
                total_heading: localizer.label("axis.total").to_owned(),
                total: localizer.cumulative_figure(*id),
                axes,
            })
        })
        .collect();
    SectionBody::Disaggregation { items, matrices }
}

/// Axes of which the same is said, in words without a figure, as one.
fn join_equal_lines(localizer: &Localizer, axes: Vec<(&Axis, AxisView)>) -> Vec<AxisView> {
    let words = |view: &AxisView| {
        let line = view.line.as_ref().filter(|line| line.pieces.iter().all(|piece| piece.figure.is_none()));
        line.map(FigureText::text)
    };
    let mut joined: Vec<(Vec<String>, AxisView)> = Vec::new();
    for (axis, view) in axes {
        let said = words(&view);
        let name = axis_name(localizer, axis);
        match joined.iter_mut().find(|(_, earlier)| said.is_some() && words(earlier) == said) {
            Some((names, _)) => names.push(name),
            None => joined.push((vec![name], view)),
        }
    }
    let headed = joined.into_iter().map(|(names, mut view)| {
        if names.len() > 1 {
            view.heading = capitalize(&localizer.locale.list(&names));
        }
        view
    });
    headed.collect()
}

fn is_broken_down(localizer: &Localizer, id: IndicatorId) -> bool {
    let value = localizer.figure(id).totals.cumulative;
    localizer.counts_people(id) || value.is_some_and(|amount| amount.to >= Decimal::from(LEAST_VALUE))
}

fn axis_view(localizer: &Localizer, id: IndicatorId, axis: &Axis, released: &ReleasedAxis) -> AxisView {
    let calculation = localizer.input.indicator(id).calculation;
    let heading = axis_name(localizer, axis);
    let mut view = AxisView {
        columns: vec![capitalize(&heading), localizer.label("figure.cumulative").to_owned()],
        heading: capitalize(&heading),
        line: None,
        rows: Vec::new(),
        crossed: None,
        pyramid: None,
        notes: Vec::new(),
    };
    if let Some(line) = line_of_words(localizer, id, axis, released) {
        view.line = Some(line);
        return view;
    }
    if let Some(pyramid) = pyramid::compose_pyramid(localizer, id, axis, released, &heading) {
        view.pyramid = Some(pyramid);
    } else if let Some(crossed) = cross_table::compose_cross_table(localizer, id, axis, released) {
        view.crossed = Some(crossed);
    } else {
        let kept = select_largest(&released.parts);
        view.rows = part_rows(localizer, id, axis, released, &kept);
        if view.rows.iter().any(|row| row.beside.is_some()) {
            let from_start = localizer.input.period().start == localizer.input.project.settings.start;
            view.columns.push(localizer.label(if from_start { "report.share" } else { "period.in-period" }).to_owned());
        }
        if kept.contains(&false) {
            view.notes.push(localizer.label("report.more-parts").to_owned());
        }
    }
    let counts = &localizer.input.project.activities.head_counts;
    if !adds_up(calculation) || counts.is_of_whom(calculation, axis) {
        view.notes.push(localizer.label("counted.not-additive").to_owned());
    }
    view
}

/// Equal parts, an axis with fewer than two numbers that may be shown, and one that is withheld, in words.
fn line_of_words(localizer: &Localizer, id: IndicatorId, axis: &Axis, released: &ReleasedAxis) -> Option<FigureText> {
    if released.withheld {
        return Some(FigureText::plain(localizer.label("report.axis-withheld")));
    }
    let figure = |part: &ReleasedPart| localizer.part_figure(id, (axis, part.key), Scope::Cumulative, part.cumulative);
    let name = |part: &ReleasedPart| FigureText::plain(part_name(localizer, axis, part.key));
    let visible: Vec<&ReleasedPart> =
        released.parts.iter().filter(|part| visible_number(part.cumulative).is_some()).collect();
    let is_hidden = |part: &&ReleasedPart| !matches!(part.cumulative, ReleasedValue::Value(_));
    let hidden = released.parts.iter().filter(is_hidden).count();
    match visible.as_slice() {
        [] => Some(FigureText::plain(localizer.label("report.all-too-small"))),
        [only] => {
            let shown = name(only).joined("\u{a0}", figure(only));
            Some(if hidden > 0 {
                localizer.figure_phrase("report.others-too-small", &[("part", shown)])
            } else {
                shown
            })
        }
        [first, ..] if hidden == 0 && visible.iter().all(|part| part.cumulative == first.cumulative) => {
            let names: Vec<String> = visible.iter().map(|part| part_name(localizer, axis, part.key)).collect();
            let list = FigureText::plain(localizer.locale.list(&names));
            Some(localizer.figure_phrase("report.each", &[("n", figure(first)), ("list", list)]))
        }
        _ => None,
    }
}

fn part_rows(
    localizer: &Localizer,
    id: IndicatorId,
    axis: &Axis,
    released: &ReleasedAxis,
    kept: &[bool],
) -> Vec<PartRow> {
    let total = localizer.figure(id).totals.cumulative;
    let from_start = localizer.input.period().start == localizer.input.project.settings.start;
    let highest = released.parts.iter().filter_map(|part| visible_number(part.cumulative)).max().unwrap_or_default();
    // A share of what is known roughly is known roughly.
    let hedged = |shown: ReleasedValue| matches!(shown, ReleasedValue::Value(Some(amount)) if amount.hedge.is_some());
    let is_rough =
        total.is_some_and(|total| total.hedge.is_some()) || released.parts.iter().any(|part| hedged(part.cumulative));
    let has_shares = adds_up(localizer.input.indicator(id).calculation);
    let share = |part: &ReleasedPart| {
        let total = total.map(|amount| amount.to).filter(|total| !total.is_zero())?;
        Some(localizer.share(visible_number(part.cumulative)?.checked_div(total)?, is_rough))
    };
    let shown = released.parts.iter().zip(kept).filter(|(_, kept)| **kept);
    shown
        .map(|(part, _)| PartRow {
            label: part_name(localizer, axis, part.key),
            value: localizer.part_figure(id, (axis, part.key), Scope::Cumulative, part.cumulative),
            fraction: visible_number(part.cumulative).map(|value| Fraction::ratio(value, highest)),
            beside: if !from_start {
                Some(localizer.part_figure(id, (axis, part.key), Scope::Period, part.period))
            } else if has_shares {
                share(part)
            } else {
                None
            },
        })
        .collect()
}

/// Which parts a document shows where they are too many: the largest. All hidden ones come last, whatever their values.
fn select_largest(parts: &[ReleasedPart]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(visible_number(parts[*at].cumulative)), *at));
    let mut kept = vec![false; parts.len()];
    order.into_iter().take(MAX_ROWS).for_each(|at| kept[at] = true);
    kept
}

fn parts_by_key(released: &ReleasedAxis) -> BTreeMap<PartKey, &ReleasedPart> {
    released.parts.iter().map(|part| (part.key, part)).collect()
}

fn crossed_keys(key: PartKey) -> Option<(Key, Key)> {
    match key {
        PartKey::Crossed(first, second) => Some((first, second)),
        PartKey::One(_) => None,
    }
}

/// A value of its own, not what is unknown or several.
fn is_known(key: Key) -> bool {
    matches!(key, Key::Category(_) | Key::Band(_))
}

/// A number that a reader sees, and that a length may therefore show.
fn visible_number(shown: ReleasedValue) -> Option<Decimal> {
    match shown {
        ReleasedValue::Value(amount) => amount.map(|amount| amount.to),
        ReleasedValue::Below(_) | ReleasedValue::Withheld => None,
    }
}

fn adds_up(calculation: Calculation) -> bool {
    matches!(
        calculation,
        Calculation::Activities
            | Calculation::Attendances
            | Calculation::People
            | Calculation::Completed(_)
            | Calculation::Sum(_)
    )
}

/// The first letter large, as a heading begins.
pub(super) fn capitalize(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
