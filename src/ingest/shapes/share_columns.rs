//! Shares of targets that a tracking table has beside its values. They are never read: each is computed again, and held
//! against what the sheet says.

use rust_decimal::Decimal;

use crate::diagnostic::{Problem, kinds};
use crate::ingest::cell;
use crate::ingest::raw_row::RawRow;

/// The columns of one period.
#[derive(Clone, Debug)]
pub(super) struct ShareColumns {
    /// Of the actual value.
    pub value: u32,
    /// Of its target.
    pub target: u32,
    /// Of the share.
    pub share: u32,
    /// The heading of the share.
    pub text: String,
}

/// Decimal places of a fraction that whole percents have.
const WHOLE_PERCENT: u32 = 2;

/// What is wrong with a row's share of a period. Nothing is, where it isn't written, or value or target is blank, not a
/// number (which is reported where they are read), hedged, or a target of nothing.
pub(super) fn check_share(raw: &RawRow, columns: &ShareColumns) -> Option<Box<Problem>> {
    let share = match cell::read_decimal(raw.cell(columns.share)) {
        Ok(share) => share?,
        Err(problem) => return Some(problem),
    };
    let (value, _) = cell::read_amount(raw.cell(columns.value)).ok().flatten()?;
    let target = cell::read_decimal(raw.cell(columns.target)).ok().flatten()?.value;
    let value = value.single()?;
    let computed = value.checked_div(target)?;
    // A spreadsheet holds a share as a fraction, and shows it in percent; a number that somebody typed may be the percent.
    let written = share.value.normalize();
    let is_fraction = is_rounded(computed, written, written.scale().max(WHOLE_PERCENT));
    let percent = written.checked_div(Decimal::ONE_HUNDRED)?;
    let is_percent = !share.percent && is_rounded(computed, percent, written.scale() + WHOLE_PERCENT);
    if is_fraction || is_percent {
        return None;
    }
    let shown = |number: Decimal| number.normalize().to_string();
    let (value, target) = (shown(value), shown(target));
    let in_percent = |fraction: Decimal| shown((fraction * Decimal::ONE_HUNDRED).round_dp(1));
    let is_typed_percent = !share.percent && written.abs() > Decimal::TEN;
    let share = in_percent(if is_typed_percent { percent } else { written });
    Some(Box::new(Problem::error(kinds::ShareDiffers { share, value, target, counted: in_percent(computed) })))
}

/// Whether a number is another one rounded to some decimal places, whichever way a half was rounded.
fn is_rounded(exact: Decimal, written: Decimal, places: u32) -> bool {
    // What a spreadsheet computes in binary has up to fifteen digits that are right.
    let places = places.min(12);
    (exact - written).abs() <= Decimal::new(5, places + 1)
}
