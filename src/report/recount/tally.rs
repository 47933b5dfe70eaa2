use rust_decimal::Decimal;

use super::interval::wilson_interval;
use super::pack::{RecountList, RecountPack};
use crate::model::Amount;

/// From so many rows on an interval says something.
const FEWEST_FOR_INTERVAL: u64 = 10;

/// Decimals of the ends of an interval.
const PLACES: u32 = 6;

/// What was filled in, in the order of the pack's rows and lists; `None` for a blank.
#[derive(Clone, Debug, PartialEq)]
pub struct RecountAnswers {
    /// Whether each row was found.
    pub rows: Vec<Option<bool>>,
    /// How many each list has.
    pub lists: Vec<Option<Amount>>,
}

/// What came of a recount.
#[derive(Clone, Debug, PartialEq)]
pub struct Recount {
    /// By indicator, in the pack's order: its code, its rows, and its lists where there are any.
    pub indicators: Vec<(String, RowTally, Option<ListTally>)>,
    /// The lists that were drawn from all activities; `None` where none was.
    pub all_lists: Option<ListTally>,
}

/// How many of the drawn rows are in the papers.
#[derive(Clone, Debug, PartialEq)]
pub struct RowTally {
    /// Rows that the indicator counts.
    pub population: u64,
    /// Rows that were drawn.
    pub drawn: u64,
    /// Those of them that were looked up.
    pub filled: u64,
    /// Those of them that were found.
    pub found: u64,
    /// Both ends of the 95 % interval of found ÷ looked up, from ten rows up.
    pub interval: Option<[Amount; 2]>,
}

/// How many the papers have, and the data, of the same activities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListTally {
    /// Lists that were drawn.
    pub drawn: u64,
    /// Those of them that were counted.
    pub filled: u64,
    /// What was counted on these.
    pub counted: Decimal,
    /// What the data has of these.
    pub in_data: Decimal,
}

impl RowTally {
    /// Found ÷ looked up: how much of what is reported the papers bear out. `None` where nothing was looked up.
    pub fn share(&self) -> Option<Amount> {
        Decimal::from(self.found).checked_div(Decimal::from(self.filled)).map(Amount::exact)
    }
}

impl ListTally {
    /// Recounted ÷ reported: above 1 where the data lacks some, below where it has too many. `None` where the data has
    /// none, or no list was counted.
    pub fn factor(&self) -> Option<Amount> {
        self.counted.checked_div(self.in_data).map(Amount::exact)
    }
}

/// Holds what was filled in against a pack.
pub fn tally(pack: &RecountPack, answers: &RecountAnswers) -> Recount {
    let indicator = |code: &String, population: u64| {
        let rows = pack.rows.iter().zip(&answers.rows).filter(|(row, _)| row.indicator == *code);
        let (mut drawn, mut filled, mut found) = (0, 0, 0);
        for (_, answer) in rows {
            drawn += 1;
            filled += u64::from(answer.is_some());
            found += u64::from(*answer == Some(true));
        }
        let ends = wilson_interval(found, filled, population).filter(|_| filled >= FEWEST_FOR_INTERVAL);
        let end = |end: f64| Amount::exact(Decimal::try_from(end).unwrap_or_default().round_dp(PLACES));
        RowTally { population, drawn, filled, found, interval: ends.map(|(low, high)| [end(low), end(high)]) }
    };
    let indicators = pack.indicators.iter().map(|known| {
        let lists = tally_lists(pack, answers, |list| list.indicators.contains(&known.code));
        (known.code.clone(), indicator(&known.code, known.rows), lists)
    });
    Recount { indicators: indicators.collect(), all_lists: tally_lists(pack, answers, |list| list.among_all) }
}

/// `None` without a list.
fn tally_lists(
    pack: &RecountPack,
    answers: &RecountAnswers,
    is_meant: impl Fn(&RecountList) -> bool,
) -> Option<ListTally> {
    let mut tally = ListTally { drawn: 0, filled: 0, counted: Decimal::ZERO, in_data: Decimal::ZERO };
    for (list, answer) in pack.lists.iter().zip(&answers.lists).filter(|(list, _)| is_meant(list)) {
        tally.drawn += 1;
        if let Some(counted) = answer {
            tally.filled += 1;
            tally.counted = tally.counted.saturating_add(counted.from);
            tally.in_data = tally.in_data.saturating_add(list.in_data.0);
        }
    }
    (tally.drawn > 0).then_some(tally)
}
