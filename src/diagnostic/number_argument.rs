//! Numbers as arguments of messages. A message is written in the reader's language, so its argument says what the number
//! is, not how it looks: `~` (about) or `≈` (approximately), the number or the two ends of an interval with `..` between
//! them, `%` behind a fraction that is written as a percentage, and `@3` where it is written to so many decimals.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::locale::{Locale, decimals_of_percents};
use crate::model::{Amount, Hedge};

/// Decimals of numbers in messages.
const NUMBER_PLACES: u32 = 4;

/// Decimals to which a percentage is kept before the locale rounds it, as documents keep it: those of the fraction.
const FRACTION_PLACES: u32 = 6;

/// The most decimals that a number has.
const MAX_PLACES: u32 = Decimal::MAX_SCALE;

const HEDGES: [(char, Hedge); 2] = [('~', Hedge::About), ('≈', Hedge::Approximately)];

/// A number, hedged or an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct NumberArgument {
    hedge: Option<Hedge>,
    ends: [Decimal; 2],
    /// A fraction that is written as a percentage.
    is_fraction: bool,
    /// Decimals to write; `None` for as many as usual.
    places: Option<u32>,
}

impl NumberArgument {
    /// The number of an argument's text; `None` if it is no number.
    pub(super) fn parse(text: &str) -> Option<NumberArgument> {
        let (text, places) = match text.split_once('@') {
            Some((text, places)) => (text, Some(places.parse().ok()?)),
            None => (text, None),
        };
        let (is_fraction, text) = text.strip_suffix('%').map_or((false, text), |rest| (true, rest));
        let hedged = HEDGES.into_iter().find_map(|(sign, hedge)| Some((Some(hedge), text.strip_prefix(sign)?)));
        let (hedge, text) = hedged.unwrap_or((None, text));
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        Some(NumberArgument { hedge, ends: [from.parse().ok()?, to.parse().ok()?], is_fraction, places })
    }

    /// The number as a language writes it.
    pub(super) fn write(&self, locale: &Locale) -> String {
        let kept = if self.is_fraction { FRACTION_PLACES } else { NUMBER_PLACES };
        let [from, to] = self.ends.map(|end| if self.places.is_some() { end } else { end.round_dp(kept) });
        let amount = Amount { from, to, hedge: self.hedge, ..Amount::exact(from) };
        match self.places {
            Some(places) => locale.figure_to(&amount, self.is_fraction, places),
            None => locale.figure(&amount, self.is_fraction),
        }
    }

    /// The ends to so many decimals, of the percentage where it is one.
    fn round(&self, places: u32) -> [Decimal; 2] {
        let places = if self.is_fraction { places + 2 } else { places };
        self.ends.map(|end| end.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero))
    }
}

/// An amount as an argument that messages write with `{name:number}`; `is_fraction` says that it is written as a percentage.
pub fn number_argument(amount: &Amount, is_fraction: bool) -> String {
    let hedge = HEDGES.into_iter().find(|(_, hedge)| amount.hedge == Some(*hedge));
    let hedge = hedge.map(|(sign, _)| sign.to_string()).unwrap_or_default();
    let sign = if is_fraction { "%" } else { "" };
    let end = |end: Decimal| if is_fraction { end } else { amount.round_for_print(end) }.normalize();
    let (from, to) = (end(amount.from), end(amount.to));
    if from == to { format!("{hedge}{from}{sign}") } else { format!("{hedge}{from}..{to}{sign}") }
}

/// Two arguments with as many decimals as it takes to tell their numbers apart, where they would be written alike:
/// `0.2352%` and `0.2348%` become 23.52 % and 23.48 %. Any other two are returned as they are.
pub fn tell_apart(old: String, new: String) -> (String, String) {
    let (Some(first), Some(second)) = (NumberArgument::parse(&old), NumberArgument::parse(&new)) else {
        return (old, new);
    };
    let usual = if first.is_fraction { decimals_of_percents(first.hedge) } else { NUMBER_PLACES };
    let is_alike = (first.hedge, first.is_fraction) == (second.hedge, second.is_fraction)
        && first.round(usual) == second.round(usual);
    let places = (usual + 1..=MAX_PLACES).find(|places| first.round(*places) != second.round(*places));
    match places.filter(|_| is_alike) {
        Some(places) => (format!("{old}@{places}"), format!("{new}@{places}")),
        None => (old, new),
    }
}
