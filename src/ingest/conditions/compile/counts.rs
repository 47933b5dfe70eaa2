//! Axes that break sums down by head counts in columns.

use super::names::column_id;
use super::{CompileContext, CountedRows, IndicatorErrors, TableSide, split_side};
use crate::diagnostic::kinds;
use crate::fold;
use crate::ingest::conditions::grammar::WrittenAxis;
use crate::model::{Axis, AxisSide, Calculation, ColumnId, CountSideId, HeadCounts};

/// An axis that no head counts break down, which was reported.
pub(super) struct NotCounted;

/// The axis of a sum, or of a ratio of sums, that head counts tell apart; `None` where it names something else, such as a
/// column of the activities.
pub(super) fn find_counted_axis(
    errors: &mut IndicatorErrors,
    context: &CompileContext,
    (rows, calculation): (CountedRows, Option<Calculation>),
    written: &WrittenAxis,
) -> Option<Result<Axis, NotCounted>> {
    let activities = context.activities?;
    let counts = &activities.head_counts;
    if counts.blocks.is_empty() {
        return None;
    }
    let is_ratio = matches!(calculation?, Calculation::Ratio(..));
    // A ratio over attendances takes the persons' own columns.
    if is_ratio && rows == CountedRows::Attendances {
        return None;
    }
    let meaning = |name: &str| {
        let (side, bare) = split_side(name);
        let own = column_id(&activities.columns, bare).filter(|_| side != Some(TableSide::Person));
        match own {
            Some(column) => Some(AxisSide::Activity(column)),
            None => find_side(counts, bare).map(AxisSide::Counted),
        }
    };
    let first = meaning(&written.first)?;
    let second = match &written.second {
        Some(second) => Some(meaning(second)?),
        None => None,
    };
    let counted: Vec<CountSideId> = [Some(first), second].into_iter().flatten().filter_map(counted_side).collect();
    let [one, other @ ..] = counted.as_slice() else { return None };
    let total = match calculation? {
        Calculation::Sum(column) => Some(column),
        // What its parts are broken down by is theirs to say.
        Calculation::Ratio(..) => None,
        _ => return None,
    };
    if let Some(total) = total.filter(|total| counts.block_of(*total, *one, other.first().copied()).is_none()) {
        errors.report("by", kinds::BadAxis::Counts { text: written.text.clone(), known: known_axes(counts, total) });
        return Some(Err(NotCounted));
    }
    Some(Ok(Axis { text: written.text.clone(), first, second }))
}

fn counted_side(side: AxisSide) -> Option<CountSideId> {
    match side {
        AxisSide::Counted(id) => Some(id),
        _ => None,
    }
}

fn find_side(counts: &HeadCounts, name: &str) -> Option<CountSideId> {
    let key = fold::heading_key(name);
    let at = counts.sides.iter().position(|side| fold::heading_key(&side.name) == key)?;
    Some(CountSideId(at as u16))
}

/// The axes that head counts break a total down by, as `by` writes them.
fn known_axes(counts: &HeadCounts, total: ColumnId) -> String {
    let mut known: Vec<String> = Vec::new();
    for block in counts.blocks.iter().filter(|block| block.total == total) {
        let first = counts.side(block.first).name.clone();
        known.push(match block.second {
            Some(second) => format!("{first} × {}", counts.side(second).name),
            None => first,
        });
    }
    known.join(", ")
}
