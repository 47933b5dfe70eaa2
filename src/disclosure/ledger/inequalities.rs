use std::collections::BTreeMap;

use crate::indicators::Scope;
use crate::model::Period;

use super::Inequality;
use super::slot_layout::PeriodSlots;

/// Those first counted in a period were served in it; a longer period serves no fewer than a shorter one that begins with it,
/// and no more than the periods that it consists of do together; a person who never changes parts was counted in the part
/// where they are served.
pub(super) fn find_inequalities<'a>(
    periods: &[usize],
    slots: &BTreeMap<usize, PeriodSlots>,
    period: impl Fn(usize) -> &'a Period,
) -> Vec<Inequality> {
    let mut inequalities = Vec::new();
    let served = |at: usize| {
        let (from, to) = slots[&at].span(Scope::Served);
        [(to, 1), (from, -1)]
    };
    let negative = |terms: [(usize, i64); 2]| terms.map(|(slot, sign)| (slot, -sign));
    for &at in periods {
        let own = slots[&at];
        if own.served != own.end {
            let general = vec![(own.served, 1), (own.end, -1), (own.start, 1)];
            inequalities.push(Inequality { terms: general, constant_axes_only: false });
            inequalities.push(Inequality { terms: vec![(own.end, 1), (own.served, -1)], constant_axes_only: true });
        }
        for &other in periods.iter().filter(|&&other| other != at) {
            let (long, short) = (period(at), period(other));
            let within = long.start <= short.start && short.end <= long.end;
            if within && (long.start, long.end) != (short.start, short.end) {
                let terms = served(at).into_iter().chain(negative(served(other))).collect();
                inequalities.push(Inequality { terms, constant_axes_only: long.start != short.start });
            }
        }
        for longest_first in [true, false] {
            if let Some(tiles) = find_tiling(at, periods, &period, longest_first) {
                let terms = tiles.into_iter().flat_map(served).chain(negative(served(at))).collect();
                inequalities.push(Inequality { terms, constant_axes_only: false });
            }
        }
    }
    // A period that begins with the project has no served number of its own; its inequalities are those of levels, which rise anyway.
    inequalities.retain(|inequality| {
        inequality.terms.iter().any(|(slot, _)| slots.values().any(|p| p.served == *slot && p.served != p.end))
    });
    inequalities
}

/// Shorter periods that one after the other make up a period.
fn find_tiling<'a>(
    at: usize,
    periods: &[usize],
    period: &impl Fn(usize) -> &'a Period,
    longest_first: bool,
) -> Option<Vec<usize>> {
    let whole = period(at);
    let mut tiles = Vec::new();
    let mut start = whole.start;
    loop {
        let fits = periods.iter().copied().filter(|&other| {
            let tile = period(other);
            tile.start == start && tile.end <= whole.end && (tile.start, tile.end) != (whole.start, whole.end)
        });
        let tile = if longest_first {
            fits.max_by_key(|&o| (period(o).end, o))
        } else {
            fits.min_by_key(|&o| (period(o).end, o))
        }?;
        tiles.push(tile);
        if period(tile).end == whole.end {
            return Some(tiles);
        }
        start = period(tile).end.tomorrow().ok()?;
    }
}
