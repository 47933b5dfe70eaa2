use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Amount, Indicator, IndicatorId, Period, RowRef, Text};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResultId(pub u16);

/// Levels of the results chain; codes `impact`, `outcome`, `output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Impact,
    Outcome,
    Output,
}

#[derive(Clone, Debug)]
pub struct ResultNode {
    pub code: String,
    pub title: Text,
    pub level: Option<Level>,
    pub parent: Option<ResultId>,
    pub assumptions: Text,
    pub row: RowRef,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    Incremental,
    Cumulative,
}

/// What a target is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetSpan {
    Period(Period),
    Due(Date),
}

impl TargetSpan {
    pub fn end(&self) -> Date {
        match self {
            TargetSpan::Period(period) => period.end,
            TargetSpan::Due(day) => *day,
        }
    }
}

/// A target of a period or due date; an indicator's total target stands with the indicator.
#[derive(Clone, Debug)]
pub struct Target {
    pub indicator: IndicatorId,
    pub span: TargetSpan,
    pub value: Decimal,
    /// Resolved: the contract's default where the sheet says nothing.
    pub kind: TargetKind,
    pub row: RowRef,
}

/// A value that only people know, or an explanation of variance, for one period.
#[derive(Clone, Debug)]
pub struct Reported {
    pub indicator: IndicatorId,
    pub period: Period,
    pub value: Option<Amount>,
    pub comment: Text,
    pub source: Text,
    pub row: RowRef,
}

/// What the narrative, the profiles and parity are checked against; readable before the data is.
#[derive(Clone, Debug, Default)]
pub struct Logframe {
    pub results: Vec<ResultNode>,
    pub indicators: Vec<Indicator>,
    pub targets: Vec<Target>,
    pub reported: Vec<Reported>,
    /// Every period of project.toml in order of start, then end; the project as a whole last.
    pub periods: Vec<Period>,
}

impl Logframe {
    pub fn indicator(&self, id: IndicatorId) -> &Indicator {
        &self.indicators[id.0 as usize]
    }

    pub fn indicator_ids(&self) -> impl Iterator<Item = IndicatorId> + use<> {
        (0..self.indicators.len() as u16).map(IndicatorId)
    }

    pub fn result(&self, id: ResultId) -> &ResultNode {
        &self.results[id.0 as usize]
    }

    pub fn period(&self, code: &str) -> Option<&Period> {
        self.periods.iter().find(|period| period.code == code)
    }
}
