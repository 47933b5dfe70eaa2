use rust_decimal::Decimal;

use crate::model::{Amount, Hedge, rounding_exponent};

/// Amounts that are being added up to a sum or a reach.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AmountSum {
    pub rows: u64,
    /// Rows without an amount.
    pub blank: u64,
    from: Decimal,
    to: Decimal,
    largest: Option<Decimal>,
    hedge: Option<Hedge>,
    rounding_exponent: i32,
}

impl AmountSum {
    pub fn add(&mut self, amount: Option<Amount>) {
        self.rows += 1;
        let Some(amount) = amount else {
            self.blank += 1;
            return;
        };
        self.from = self.from.saturating_add(amount.from);
        self.to = self.to.saturating_add(amount.to);
        self.largest = Some(self.largest.map_or(amount.from, |largest| largest.max(amount.from)));
        self.hedge = Hedge::join(self.hedge, amount.hedge);
        if amount.hedge.is_some() {
            self.rounding_exponent = self.rounding_exponent.max(rounding_exponent(amount.to));
        }
    }

    /// Adds the sum of other rows.
    pub fn join(&mut self, other: &AmountSum) {
        self.rows += other.rows;
        self.blank += other.blank;
        self.from = self.from.saturating_add(other.from);
        self.to = self.to.saturating_add(other.to);
        self.largest = self.largest.max(other.largest);
        self.hedge = Hedge::join(self.hedge, other.hedge);
        self.rounding_exponent = self.rounding_exponent.max(other.rounding_exponent);
    }

    /// 0 without rows; absent where all rows are blank.
    pub fn sum(&self) -> Option<Amount> {
        if self.rows > 0 && self.rows == self.blank {
            return None;
        }
        Some(Amount { from: self.from, to: self.to, hedge: self.hedge, rounding_exponent: self.rounding_exponent })
    }

    /// From the largest single count to the sum: the counts may be of the same people.
    pub fn reach(&self) -> Option<Amount> {
        let sum = self.sum()?;
        let largest = self.largest.unwrap_or_default();
        Some(Amount { from: largest.min(sum.to), to: largest.max(sum.to), ..sum })
    }
}

/// An amount raised by a number, as a level is by its baseline.
pub(super) fn add_number(amount: Amount, value: Decimal) -> Amount {
    Amount { from: amount.from.saturating_add(value), to: amount.to.saturating_add(value), ..amount }
}

/// One amount over another; absent where the other is or may be zero.
pub(super) fn quotient(over: Amount, under: Amount) -> Option<Amount> {
    let touches_zero = under.from.min(under.to) <= Decimal::ZERO && under.from.max(under.to) >= Decimal::ZERO;
    if touches_zero {
        return None;
    }
    let mut ends = Vec::with_capacity(4);
    for a in [over.from, over.to] {
        for b in [under.from, under.to] {
            ends.push(a.checked_div(b)?);
        }
    }
    let from = ends.iter().copied().min()?;
    let to = ends.iter().copied().max()?;
    Some(Amount { from, to, hedge: Hedge::join(over.hedge, under.hedge), rounding_exponent: 0 })
}
