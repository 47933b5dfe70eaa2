use rust_decimal::Decimal;

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
    pub grain: u32,
}

impl Amount {
    /// A number that is exact.
    pub fn exact(value: Decimal) -> Amount {
        Amount { from: value, to: value, hedge: None, grain: 0 }
    }

    /// An exact whole number.
    pub fn count(value: u64) -> Amount {
        Amount::exact(Decimal::from(value))
    }

    /// Whether the two ends differ.
    pub fn is_interval(&self) -> bool {
        self.from != self.to
    }

    /// The number where it is one; none for an interval.
    pub fn single(&self) -> Option<Decimal> {
        (self.from == self.to).then_some(self.from)
    }
}
