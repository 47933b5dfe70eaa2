//! What a printed figure is to a machine.

use rust_decimal::Decimal;

/// A figure that a document prints, as machines know it.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureSource {
    /// JSON pointer into figures.json; `None` for what that file doesn't hold: a change, a share, a tally.
    pub place: Option<String>,
    /// The number, or the lower end.
    pub from: Decimal,
    /// The same number, or the upper end.
    pub to: Decimal,
}
