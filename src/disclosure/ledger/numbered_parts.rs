use std::collections::BTreeMap;
use std::ops::Range;

use crate::indicators::PartKey;
use crate::model::{AxisSide, Project};

use super::tables::{Table, side_keys};
use super::{AxisSpec, LedgerAxis, LedgerPart, axis_of};

/// The axes of a ledger and their parts.
pub(super) struct NumberedParts {
    pub axes: Vec<LedgerAxis>,
    pub parts: Vec<LedgerPart>,
    /// By axis and key.
    pub part_at: BTreeMap<(usize, PartKey), usize>,
}

/// Numbers the axes of `specs` and the parts in their tables.
pub(super) fn number_parts(
    project: &Project,
    specs: &[AxisSpec],
    mut tables: Vec<Table>,
    slot_count: usize,
) -> NumberedParts {
    let side_axes = |spec: AxisSpec| {
        let axis = |side: AxisSide| specs.iter().position(|other| *other == (side, None));
        Some([axis(spec.0)?, axis(spec.1?)?])
    };
    for (at, spec) in specs.iter().enumerate() {
        let Some(sides) = side_axes(*spec) else { continue };
        for key in tables[at].keys().copied().collect::<Vec<_>>() {
            for (side, key) in sides.into_iter().zip(side_keys(key)) {
                tables[side].entry(key).or_insert_with(|| vec![0; slot_count]);
            }
        }
    }
    let sex = project.persons.column("sex").map(AxisSide::Person);
    let mut axes: Vec<LedgerAxis> = Vec::new();
    let mut parts: Vec<LedgerPart> = Vec::new();
    let mut part_at = BTreeMap::new();
    let mut ranges = vec![0..0; specs.len()];
    // Simple axes first, so that crossed parts find their sides.
    for crossed in [false, true] {
        for (axis, table) in tables.iter_mut().enumerate().filter(|(axis, _)| specs[*axis].1.is_some() == crossed) {
            let start = parts.len();
            let sides = side_axes(specs[axis]);
            for (key, values) in std::mem::take(table) {
                let of_sides = sides.and_then(|sides| {
                    let [first, second] = side_keys(key);
                    Some([*part_at.get(&(sides[0], first))?, *part_at.get(&(sides[1], second))?])
                });
                part_at.insert((axis, key), parts.len());
                parts.push(LedgerPart { axis, sides: of_sides, values });
            }
            let unknown = |sides| LedgerPart { axis, sides, values: vec![0; slot_count] };
            match sides.map(|[first, second]| [Range::clone(&ranges[first]), Range::clone(&ranges[second])]) {
                None => parts.push(unknown(None)),
                Some([first, second]) => {
                    let (no_first, no_second) = (first.end - 1, second.end - 1);
                    parts.extend(first.map(|side| unknown(Some([side, no_second]))));
                    parts.extend((second.start..no_second).map(|side| unknown(Some([no_first, side]))));
                }
            }
            ranges[axis] = start..parts.len();
        }
    }
    for (axis, spec) in specs.iter().enumerate() {
        axes.push(LedgerAxis {
            is_personal: axis_of(*spec).is_personal(),
            constant: spec.1.is_none() && Some(spec.0) == sex,
            parts: ranges[axis].clone(),
            crosses: side_axes(*spec),
            crossed_by: Vec::new(),
            spec: *spec,
        });
    }
    for axis in 0..axes.len() {
        for side in axes[axis].crosses.into_iter().flatten() {
            axes[side].crossed_by.push(axis);
        }
    }
    NumberedParts { axes, parts, part_at }
}
