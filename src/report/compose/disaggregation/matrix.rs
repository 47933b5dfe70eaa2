use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::super::localizer::Localizer;
use super::axis_names::{axis_name, part_name};
use super::{LARGE_AXIS, MAX_ROWS, adds_up, capitalize, parts_by_key, visible_number};
use crate::indicators::{PartKey, Scope};
use crate::model::{Axis, IndicatorId};
use crate::report::document::{CrossCell, FigureText, Fraction, Matrix, MatrixColumn, MatrixRow};

/// Indicators side by side in one matrix.
const MAX_ACROSS: usize = 8;

/// Simple axes with many parts that two indicators or more have, by their text; with those indicators.
pub(super) fn shared_axes(localizer: &Localizer, ids: &[IndicatorId]) -> BTreeMap<String, Vec<IndicatorId>> {
    let mut shared: BTreeMap<String, Vec<IndicatorId>> = BTreeMap::new();
    for id in ids {
        let axes = localizer.input.indicator(*id).axes.iter().zip(&localizer.figure(*id).axes);
        for (axis, released) in axes.filter(|(axis, _)| axis.second.is_none()) {
            if !released.withheld && released.parts.len() >= LARGE_AXIS {
                shared.entry(axis.text.clone()).or_default().push(*id);
            }
        }
    }
    shared.retain(|_, ids| ids.len() > 1);
    shared.values_mut().for_each(|ids| ids.truncate(MAX_ACROSS));
    shared
}

/// The values of an axis by size, those that are unknown last.
pub(super) fn compose_matrix(localizer: &Localizer, text: &str, ids: &[IndicatorId]) -> Matrix {
    let axes: Vec<(IndicatorId, &Axis, usize)> = ids
        .iter()
        .filter_map(|id| {
            let axes = &localizer.input.indicator(*id).axes;
            let at = axes.iter().position(|axis| axis.text == text)?;
            Some((*id, &axes[at], at))
        })
        .collect();
    let columns: Vec<BTreeMap<PartKey, _>> =
        axes.iter().map(|(id, _, at)| parts_by_key(&localizer.figure(*id).axes[*at])).collect();
    let number =
        |key: &PartKey, column: usize| columns[column].get(key).and_then(|part| visible_number(part.cumulative));
    let keys: BTreeSet<PartKey> = columns.iter().flat_map(|column| column.keys().copied()).collect();
    let mut keys: Vec<PartKey> = keys.into_iter().collect();
    let is_known = |key: &PartKey| matches!(key, PartKey::One(key) if super::is_known(*key));
    keys.sort_by_key(|key| {
        let sizes: Vec<_> = (0..columns.len()).map(|column| Reverse(number(key, column))).collect();
        (!is_known(key), sizes, *key)
    });
    let all = keys.len();
    keys.truncate(MAX_ROWS);
    let highest: Vec<_> = (0..columns.len())
        .map(|column| keys.iter().filter_map(|key| number(key, column)).max().unwrap_or_default())
        .collect();
    let cell = |key: &PartKey, column: usize| {
        let (id, axis, _) = axes[column];
        match columns[column].get(key) {
            None if adds_up(localizer.input.indicator(id).calculation) => {
                CrossCell { value: FigureText::plain(localizer.locale.integer(0)), fraction: None }
            }
            None => CrossCell { value: FigureText::plain(localizer.locale.absent()), fraction: None },
            Some(part) => CrossCell {
                value: localizer.part_figure(id, (axis, *key), Scope::Cumulative, part.cumulative),
                fraction: number(key, column).map(|value| Fraction::ratio(value, highest[column])),
            },
        }
    };
    let (_, first, _) = axes[0];
    let mut notes = vec![localizer.cumulative_scope()];
    if all > MAX_ROWS {
        notes.push(localizer.label("report.more-parts").to_owned());
    }
    Matrix {
        heading: capitalize(&axis_name(localizer, first)),
        columns: axes
            .iter()
            .map(|(id, _, _)| {
                let indicator = localizer.input.indicator(*id);
                MatrixColumn { code: indicator.code.clone(), title: localizer.text(&indicator.title) }
            })
            .collect(),
        rows: keys
            .iter()
            .map(|key| MatrixRow {
                label: part_name(localizer, first, *key),
                cells: (0..columns.len()).map(|column| cell(key, column)).collect(),
            })
            .collect(),
        notes,
    }
}
