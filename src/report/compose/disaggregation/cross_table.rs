use std::collections::BTreeSet;

use super::super::localizer::Localizer;
use super::axis_names::{key_name, side_name};
use super::{MAX_ROWS, adds_up, capitalize, crossed_keys, parts_by_key, visible_number};
use crate::disclosure::ReleasedAxis;
use crate::indicators::{Key, PartKey, Scope};
use crate::model::{Axis, IndicatorId};
use crate::report::document::{CrossCell, CrossTable, FigureText, Fraction, MatrixRow};

/// Columns of two axes crossed.
const MAX_ACROSS: usize = 5;

/// Both axes of a crossed one as a table, the one with fewer values across; none where that would be too wide or long.
pub(super) fn compose_cross_table(
    localizer: &Localizer,
    id: IndicatorId,
    axis: &Axis,
    released: &ReleasedAxis,
) -> Option<CrossTable> {
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
    let by_key = parts_by_key(released);
    let highest = released.parts.iter().filter_map(|part| visible_number(part.cumulative)).max().unwrap_or_default();
    // Parts that add up and aren't listed are none; others are unknown.
    let nothing = if adds_up(localizer.input.indicator(id).calculation) {
        localizer.locale.integer(0)
    } else {
        localizer.locale.absent().to_owned()
    };
    let cell = |row: Key, column: Key| {
        let key = if transposed { PartKey::Crossed(column, row) } else { PartKey::Crossed(row, column) };
        match by_key.get(&key) {
            None => CrossCell { value: FigureText::plain(nothing.clone()), fraction: None },
            Some(part) => CrossCell {
                value: localizer.part_figure(id, (axis, key), Scope::Cumulative, part.cumulative),
                fraction: visible_number(part.cumulative).map(|value| Fraction::ratio(value, highest)),
            },
        }
    };
    Some(CrossTable {
        corner: capitalize(&side_name(localizer, down_axis)),
        columns: across.iter().map(|key| key_name(localizer, across_axis, *key)).collect(),
        rows: down
            .iter()
            .map(|row| MatrixRow {
                label: key_name(localizer, down_axis, *row),
                cells: across.iter().map(|column| cell(*row, *column)).collect(),
            })
            .collect(),
    })
}
