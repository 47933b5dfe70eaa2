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
    /// The power of ten to which the *printed* number is rounded; the value itself is never rounded. For an approximate
    /// sum, that of the last non-zero digit of its coarsest approximate part (84 000 → 3, 16 → 0). Of an average, below 0:
    /// one decimal place more than its values have, up to two (4.1 and 4.4 → -2).
    pub rounding_exponent: i32,
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
    pub fn printed_exponent(&self) -> Option<i32> {
        let exponent = self.rounding_exponent;
        (exponent < 0 || exponent > 0 && self.hedge.is_some()).then_some(exponent)
    }

    /// [`Amount::rounding_exponent`] of what is made of two amounts: the coarser of those that are approximate, else the
    /// finer.
    pub fn join_exponents(a: Amount, b: Amount) -> i32 {
        let [a, b] = [a, b].map(|amount| amount.printed_exponent().unwrap_or(0));
        if a.max(b) > 0 { a.max(b) } else { a.min(b) }
    }

    /// One end of the amount as it is printed: to [`Amount::printed_exponent`], halves away from zero.
    pub fn round_for_print(&self, end: Decimal) -> Decimal {
        let strategy = RoundingStrategy::MidpointAwayFromZero;
        let Some(exponent) = self.printed_exponent() else { return end };
        if exponent < 0 {
            return end.round_dp_with_strategy(exponent.unsigned_abs(), strategy);
        }
        let step = 10_i128.checked_pow(exponent.unsigned_abs());
        match step.and_then(|step| Decimal::try_from_i128_with_scale(step, 0).ok()) {
            Some(step) => (end / step).round_dp_with_strategy(0, strategy).saturating_mul(step),
            None => end,
        }
    }

    /// Whether the two ends differ.
    pub fn is_interval(&self) -> bool {
        self.from != self.to
    }

    /// It and another together, hedged as either is, and as coarse as [`Amount::join_exponents`] says.
    pub fn plus(self, other: Amount) -> Amount {
        Amount {
            from: self.from.saturating_add(other.from),
            to: self.to.saturating_add(other.to),
            hedge: Hedge::join(self.hedge, other.hedge),
            rounding_exponent: Amount::join_exponents(self, other),
        }
    }

    /// What it is more than another: the least and the most that it can be, hedged as either is, and as coarse as
    /// [`Amount::join_exponents`] says.
    pub fn difference(self, other: Amount) -> Amount {
        Amount {
            from: self.from.saturating_sub(other.to),
            to: self.to.saturating_sub(other.from),
            hedge: Hedge::join(self.hedge, other.hedge),
            rounding_exponent: Amount::join_exponents(self, other),
        }
    }

    /// The number where it is one; none for an interval.
    pub fn single(&self) -> Option<Decimal> {
        (self.from == self.to).then_some(self.from)
    }
}

/// The power of ten of a number's last digit that isn't zero: 84 000 → 3, 16 → 0; 0 where it is after the decimal point.
pub fn rounding_exponent(value: Decimal) -> i32 {
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
