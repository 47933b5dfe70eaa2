use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::localizer::Localizer;
use crate::disclosure::{ReleasedAxis, ReleasedPart, ReleasedValue};
use crate::indicators::{Key, PartKey};
use crate::model::{Axis, AxisSide, Calculation, ColumnId, IndicatorId};
use crate::report::document::{
    AxisView, CrossCell, CrossRow, CrossTable, Disaggregation, Fraction, Measure, PartRow, Pyramid, PyramidRow,
    SectionBody,
};

/// Rows of one axis in the document; the annex has them all.
const MAX_ROWS: usize = 40;
/// Columns of two axes crossed.
const MAX_ACROSS: usize = 5;

pub(super) fn compose_disaggregation(localizer: &Localizer, ids: &[IndicatorId]) -> SectionBody {
    let items = ids
        .iter()
        .filter_map(|id| {
            let indicator = localizer.input.indicator(*id);
            let figure = localizer.figure(*id);
            let axes: Vec<AxisView> = indicator
                .axes
                .iter()
                .zip(&figure.axes)
                .filter(|(_, released)| released.withheld || !released.parts.is_empty())
                .map(|(axis, released)| axis_view(localizer, *id, axis, released))
                .collect();
            (!axes.is_empty()).then(|| Disaggregation {
                code: indicator.code.clone(),
                title: localizer.text(&indicator.title),
                unit: localizer.unit(indicator),
                total: Measure {
                    label: localizer.label("axis.total").to_owned(),
                    value: localizer.amount(figure.totals.cumulative, localizer.is_ratio(*id)),
                },
                axes,
                trend: None,
            })
        })
        .collect();
    SectionBody::Disaggregation { items }
}

fn axis_view(localizer: &Localizer, id: IndicatorId, axis: &Axis, released: &ReleasedAxis) -> AxisView {
    let calculation = localizer.input.indicator(id).calculation;
    let ratio = localizer.is_ratio(id);
    let heading = axis_name(localizer, axis);
    let total_amount = localizer.figure(id).totals.cumulative;
    let total = total_amount.map(|amount| amount.to);
    let from_start = localizer.input.period().start == localizer.input.project.settings.start;
    let highest = released.parts.iter().filter_map(|part| visible_number(part.cumulative)).max().unwrap_or_default();
    let shares = from_start && adds_up(calculation);
    // A share of what is known roughly is known roughly.
    let hedged = |shown: ReleasedValue| matches!(shown, ReleasedValue::Value(Some(amount)) if amount.hedge.is_some());
    let rough = total_amount.is_some_and(|total| total.hedge.is_some())
        || released.parts.iter().any(|part| hedged(part.cumulative));
    let digits = if rough { 0 } else { 1 };
    let kept = select_largest(&released.parts);
    let parts = || released.parts.iter().zip(&kept).filter(|_| !released.withheld).map(|(part, kept)| (part, *kept));
    let crossed = cross_table(localizer, id, axis, released).filter(|_| !released.withheld);
    let rows: Vec<PartRow> = parts()
        .filter(|(_, kept)| *kept && crossed.is_none())
        .map(|(part, _)| {
            let cumulative = visible_number(part.cumulative);
            let share = || {
                let (part, total) = (cumulative?, total.filter(|total| !total.is_zero())?);
                Some(localizer.locale.percent(part.checked_div(total)?, digits))
            };
            PartRow {
                label: part_name(localizer, axis, part.key),
                value: localizer.released_value(part.cumulative, ratio),
                fraction: cumulative.map(|value| Fraction::ratio(value, highest)),
                share: if shares {
                    share()
                } else {
                    (!from_start).then(|| localizer.released_value(part.period, ratio))
                },
            }
        })
        .collect();
    let mut notes = Vec::new();
    if released.withheld {
        notes.push(localizer.label("report.axis-withheld").to_owned());
    }
    if !adds_up(calculation) {
        notes.push(localizer.label("counted.not-additive").to_owned());
    }
    if crossed.is_none() && parts().any(|(_, kept)| !kept) {
        notes.push(localizer.label("report.more-parts").to_owned());
    }
    let third = if shares && crossed.is_some() {
        String::new()
    } else if shares {
        localizer.label("report.share").to_owned()
    } else if from_start {
        String::new()
    } else {
        localizer.label("period.in-period").to_owned()
    };
    let mut columns = vec![capitalize(&heading), localizer.label("figure.cumulative").to_owned()];
    columns.extend(Some(third).filter(|heading| !heading.is_empty()));
    let pyramid = pyramid(localizer, id, axis, released, &heading).filter(|_| !released.withheld);
    AxisView { heading, columns, rows, crossed, pyramid, notes }
}

/// Which parts a document shows where they are too many: the largest. All hidden ones come last, whatever their values.
fn select_largest(parts: &[ReleasedPart]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(visible_number(parts[*at].cumulative)), *at));
    let mut kept = vec![false; parts.len()];
    order.into_iter().take(MAX_ROWS).for_each(|at| kept[at] = true);
    kept
}

/// Both axes of a crossed one as a table, the one with fewer values across; none where that would be too wide or long.
fn cross_table(localizer: &Localizer, id: IndicatorId, axis: &Axis, released: &ReleasedAxis) -> Option<CrossTable> {
    let second = axis.second?;
    let keys = |pick: fn((Key, Key)) -> Key| -> Vec<Key> {
        let found: BTreeSet<Key> = released.parts.iter().filter_map(|part| crossed_keys(part.key)).map(pick).collect();
        found.into_iter().collect()
    };
    let (firsts, seconds) = (keys(|(first, _)| first), keys(|(_, second)| second));
    let transposed = firsts.len() <= seconds.len();
    let (down, across) = if transposed { (seconds, firsts) } else { (firsts, seconds) };
    let (down_axis, across_axis) = if transposed { (second, axis.first) } else { (axis.first, second) };
    if across.len() > MAX_ACROSS || down.len() > MAX_ROWS || down.is_empty() {
        return None;
    }
    let at: BTreeMap<(Key, Key), &ReleasedPart> =
        released.parts.iter().filter_map(|part| Some((crossed_keys(part.key)?, part))).collect();
    let highest = at.values().filter_map(|part| visible_number(part.cumulative)).max().unwrap_or_default();
    let ratio = localizer.is_ratio(id);
    let from_start = localizer.input.period().start == localizer.input.project.settings.start;
    // Parts that add up and aren't listed are none; others are unknown.
    let nothing = if adds_up(localizer.input.indicator(id).calculation) {
        localizer.locale.integer(0)
    } else {
        localizer.locale.absent().to_owned()
    };
    let cell = |row: Key, column: Key| {
        let key = if transposed { (column, row) } else { (row, column) };
        let Some(part) = at.get(&key) else {
            return CrossCell {
                value: nothing.clone(),
                period: (!from_start).then(|| nothing.clone()),
                fraction: None,
            };
        };
        CrossCell {
            value: localizer.released_value(part.cumulative, ratio),
            period: (!from_start).then(|| localizer.released_value(part.period, ratio)),
            fraction: visible_number(part.cumulative).map(|value| Fraction::ratio(value, highest)),
        }
    };
    Some(CrossTable {
        corner: capitalize(&side_name(localizer, down_axis)),
        columns: across.iter().map(|key| key_name(localizer, across_axis, *key)).collect(),
        rows: down
            .iter()
            .map(|row| CrossRow {
                label: key_name(localizer, down_axis, *row),
                cells: across.iter().map(|column| cell(*row, *column)).collect(),
            })
            .collect(),
    })
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
        Calculation::Activities | Calculation::Attendances | Calculation::People | Calculation::Sum(_)
    )
}

/// The first letter large, as a heading begins.
pub(super) fn capitalize(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn axis_name(localizer: &Localizer, axis: &Axis) -> String {
    match axis.second {
        None => side_name(localizer, axis.first),
        Some(second) => format!("{} × {}", side_name(localizer, axis.first), side_name(localizer, second)),
    }
}

fn side_name(localizer: &Localizer, part: AxisSide) -> String {
    match part {
        AxisSide::Activity(column) => localizer.column_name(activity_column(localizer, column)),
        AxisSide::Person(column) => localizer.column_name(person_column(localizer, column)),
        AxisSide::Age => localizer.label("axis.age").to_owned(),
    }
}

fn activity_column<'a>(localizer: &'a Localizer, column: ColumnId) -> &'a crate::model::Column {
    &localizer.input.project.activities.columns[usize::from(column.0)]
}

fn person_column<'a>(localizer: &'a Localizer, column: ColumnId) -> &'a crate::model::Column {
    &localizer.input.project.persons.columns[usize::from(column.0)]
}

fn part_name(localizer: &Localizer, axis: &Axis, key: PartKey) -> String {
    match (key, axis.second) {
        (PartKey::One(key), _) | (PartKey::Crossed(key, _), None) => key_name(localizer, axis.first, key),
        (PartKey::Crossed(first, second), Some(part)) => {
            format!("{}, {}", key_name(localizer, axis.first, first), key_name(localizer, part, second))
        }
    }
}

fn key_name(localizer: &Localizer, part: AxisSide, key: Key) -> String {
    match (key, part) {
        (Key::Several, _) => localizer.label("axis.several").to_owned(),
        (Key::Unknown, _) => localizer.label("axis.unknown").to_owned(),
        (Key::Band(band), _) => {
            let (low, high) = localizer.input.project.settings.age_bands.ends(band);
            match high {
                Some(high) => localizer.phrase("axis.years", &[("from", &low.to_string()), ("to", &high.to_string())]),
                None => localizer.phrase("axis.years-and-over", &[("from", &low.to_string())]),
            }
        }
        (Key::Category(category), AxisSide::Activity(column)) => {
            localizer.category(activity_column(localizer, column), category)
        }
        (Key::Category(category), AxisSide::Person(column)) => {
            localizer.category(person_column(localizer, column), category)
        }
        (Key::Category(_), AxisSide::Age) => String::new(),
    }
}

/// Sex by age with exactly two known sexes: bands up the middle, oldest at the top.
fn pyramid(
    localizer: &Localizer,
    id: IndicatorId,
    axis: &Axis,
    released: &ReleasedAxis,
    heading: &str,
) -> Option<Pyramid> {
    let (sex, flipped) = match (axis.first, axis.second) {
        (sex @ AxisSide::Person(_), Some(AxisSide::Age)) => (sex, false),
        (AxisSide::Age, Some(sex @ AxisSide::Person(_))) => (sex, true),
        _ => return None,
    };
    let AxisSide::Person(column) = sex else { return None };
    if person_column(localizer, column).name != "sex" {
        return None;
    }
    let mut cells: Vec<(Key, u8, &ReleasedPart)> = Vec::new();
    for part in &released.parts {
        let PartKey::Crossed(first, second) = part.key else { continue };
        let (sex, age) = if flipped { (second, first) } else { (first, second) };
        if let (Key::Category(_), Key::Band(band)) = (sex, age) {
            cells.push((sex, band, part));
        }
    }
    let mut sexes: Vec<Key> = cells.iter().map(|(sex, _, _)| *sex).collect();
    sexes.sort_unstable();
    sexes.dedup();
    let [left, right] = sexes.as_slice() else { return None };
    let mut bands: Vec<u8> = cells.iter().map(|(_, band, _)| *band).collect();
    bands.sort_unstable();
    bands.dedup();
    if bands.len() < 2 {
        return None;
    }
    let highest = cells.iter().filter_map(|(_, _, part)| visible_number(part.cumulative)).max()?;
    let cell =
        |sex: Key, band: u8| cells.iter().find(|(at, row, _)| *at == sex && *row == band).map(|(_, _, part)| part);
    let length = |sex: Key, band: u8| {
        cell(sex, band).and_then(|part| visible_number(part.cumulative)).map(|value| Fraction::ratio(value, highest))
    };
    let texts = |sex: Key, band: u8| {
        cell(sex, band).map_or_else(|| "0".to_owned(), |part| localizer.released_value(part.cumulative, false))
    };
    let rows: Vec<PyramidRow> = bands
        .iter()
        .rev()
        .map(|band| PyramidRow {
            label: localizer.input.project.settings.age_bands.code(*band).replace('-', "–"),
            left: length(*left, *band),
            right: length(*right, *band),
            left_text: texts(*left, *band),
            right_text: texts(*right, *band),
        })
        .collect();
    let (left, right) = (key_name(localizer, sex, *left), key_name(localizer, sex, *right));
    let bars = rows.iter().rev();
    let parts: Vec<String> =
        bars.map(|row| format!("{}: {left} {}, {right} {}", row.label, row.left_text, row.right_text)).collect();
    let title = format!("{} ({heading})", localizer.text(&localizer.input.indicator(id).title));
    let alt = localizer.phrase("report.alt-parts", &[("title", &title), ("parts", &parts.join("; "))]);
    let undrawn: Vec<String> = released
        .parts
        .iter()
        .filter(|part| crossed_keys(part.key).is_some_and(|(first, second)| !is_known(first) || !is_known(second)))
        .map(|part| {
            format!(
                "{}:\u{a0}{}",
                part_name(localizer, axis, part.key),
                localizer.released_value(part.cumulative, false)
            )
        })
        .collect();
    let note = (!undrawn.is_empty()).then(|| localizer.phrase("report.not-drawn", &[("parts", &undrawn.join("; "))]));
    Some(Pyramid { left, right, rows, note, alt })
}
