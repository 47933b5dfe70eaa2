use rust_decimal::Decimal;

use crate::model::{Amount, Hedge};

/// Amounts gathered into a sum or a reach.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gathered {
    pub rows: u64,
    pub blank: u64,
    from: Decimal,
    to: Decimal,
    largest: Option<Decimal>,
    hedge: Option<Hedge>,
    grain: u32,
}

impl Gathered {
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
            self.grain = self.grain.max(grain_of(amount.to));
        }
    }

    /// With what was gathered elsewhere.
    pub fn join(&mut self, other: &Gathered) {
        self.rows += other.rows;
        self.blank += other.blank;
        self.from = self.from.saturating_add(other.from);
        self.to = self.to.saturating_add(other.to);
        self.largest = self.largest.max(other.largest);
        self.hedge = Hedge::join(self.hedge, other.hedge);
        self.grain = self.grain.max(other.grain);
    }

    /// Nothing to add is 0; only blanks are absent.
    pub fn sum(&self) -> Option<Amount> {
        if self.rows > 0 && self.rows == self.blank {
            return None;
        }
        Some(Amount { from: self.from, to: self.to, hedge: self.hedge, grain: self.grain })
    }

    /// From the largest single count to the sum: the counts may be of the same people.
    pub fn reach(&self) -> Option<Amount> {
        let sum = self.sum()?;
        let largest = self.largest.unwrap_or_default();
        Some(Amount { from: largest.min(sum.to), to: largest.max(sum.to), ..sum })
    }
}

/// The power of ten of a whole number's last non-zero digit.
pub(super) fn grain_of(value: Decimal) -> u32 {
    let value = value.normalize();
    let mut digits = value.mantissa();
    let mut grain = 0;
    if value.scale() > 0 || digits == 0 {
        return 0;
    }
    while digits % 10 == 0 {
        digits /= 10;
        grain += 1;
    }
    grain
}

/// The sum of two amounts, as of a baseline and what came after it.
pub(super) fn plus(amount: Amount, value: Decimal) -> Amount {
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
    Some(Amount { from, to, hedge: Hedge::join(over.hedge, under.hedge), grain: 0 })
}
