use rust_decimal::{Decimal, RoundingStrategy};

/// How an approximate figure is hedged (`околу`/about, `приближно`/approximately).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hedge {
    /// `околу`, about.
    About,
    /// `приближно`, approximately.
    Approximately,
}

impl Hedge {
    /// The hedge of a figure made of two: mixed hedges are *about*.
    pub fn join(a: Option<Hedge>, b: Option<Hedge>) -> Option<Hedge> {
        match (a, b) {
            (None, other) | (other, None) => other,
            (Some(a), Some(b)) if a == b => Some(a),
            _ => Some(Hedge::About),
        }
    }
}

/// A counted or reported quantity: a number, or an interval where head counts may overlap, with its hedge.
/// Absent is `Option::None` of it, never an amount of zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    /// The number, or the lower end.
    pub from: Decimal,
    /// The same number, or the upper end.
    pub to: Decimal,
    /// How it is hedged; none if it is exact.
    pub hedge: Option<Hedge>,
    /// For an approximate sum: the power of ten of the last non-zero digit of its coarsest approximate
    /// part, to which the *printed* number is rounded (84 000 → 3, 16 → 0). The value itself is never rounded.
    pub rounding_exponent: u32,
}

impl Amount {
    /// A number that is exact.
    pub fn exact(value: Decimal) -> Amount {
        Amount { from: value, to: value, hedge: None, rounding_exponent: 0 }
    }

    /// An exact whole number.
    pub fn count(value: u64) -> Amount {
        Amount::exact(Decimal::from(value))
    }

    /// The amount, called approximate.
    pub fn with_hedge(self, hedge: Hedge) -> Amount {
        Amount { hedge: Some(hedge), rounding_exponent: rounding_exponent(self.to), ..self }
    }

    /// The power of ten that the number is printed to; `None` where it is printed to its last digit.
    pub fn printed_exponent(&self) -> Option<u32> {
        self.hedge.map(|_| self.rounding_exponent).filter(|exponent| *exponent > 0)
    }

    /// One end of the amount as it is printed: to [`Amount::printed_exponent`], halves away from zero.
    pub fn round_for_print(&self, end: Decimal) -> Decimal {
        let step = self.printed_exponent().and_then(|exponent| 10_i128.checked_pow(exponent));
        match step.and_then(|step| Decimal::try_from_i128_with_scale(step, 0).ok()) {
            Some(step) => {
                let strategy = RoundingStrategy::MidpointAwayFromZero;
                (end / step).round_dp_with_strategy(0, strategy).saturating_mul(step)
            }
            None => end,
        }
    }

    /// Whether the two ends differ.
    pub fn is_interval(&self) -> bool {
        self.from != self.to
    }

    /// It and another together, hedged as either is, and as coarse as the coarser of those that are approximate.
    pub fn plus(self, other: Amount) -> Amount {
        let exponent = |amount: Amount| amount.hedge.map_or(0, |_| amount.rounding_exponent);
        Amount {
            from: self.from.saturating_add(other.from),
            to: self.to.saturating_add(other.to),
            hedge: Hedge::join(self.hedge, other.hedge),
            rounding_exponent: exponent(self).max(exponent(other)),
        }
    }

    /// What it is more than another: the least and the most that it can be, hedged as either is, and as coarse as the
    /// coarser of those that are approximate.
    pub fn difference(self, other: Amount) -> Amount {
        let exponent = |amount: Amount| amount.hedge.map_or(0, |_| amount.rounding_exponent);
        Amount {
            from: self.from.saturating_sub(other.to),
            to: self.to.saturating_sub(other.from),
            hedge: Hedge::join(self.hedge, other.hedge),
            rounding_exponent: exponent(self).max(exponent(other)),
        }
    }

    /// The number where it is one; none for an interval.
    pub fn single(&self) -> Option<Decimal> {
        (self.from == self.to).then_some(self.from)
    }
}

/// The power of ten of a number's last digit that isn't zero: 84 000 → 3, 16 → 0; 0 where it is behind the decimal point.
pub fn rounding_exponent(value: Decimal) -> u32 {
    let value = value.normalize();
    let mut digits = value.mantissa();
    let mut exponent = 0;
    if value.scale() > 0 || digits == 0 {
        return 0;
    }
    while digits % 10 == 0 {
        digits /= 10;
        exponent += 1;
    }
    exponent
}
