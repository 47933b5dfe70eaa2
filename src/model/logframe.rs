use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Amount, Indicator, IndicatorId, Period, RowRef, Text};

/// A result, by its place in [`Logframe::results`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResultId(pub u16);

/// Levels of the results chain; codes `impact`, `outcome`, `output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// What changes in the long run.
    Impact,
    /// What changes for those whom the project serves.
    Outcome,
    /// What the project delivers.
    Output,
}

impl Level {
    /// Every level, the highest first, in the order of the built-in list.
    pub const ALL: [Level; 3] = [Level::Impact, Level::Outcome, Level::Output];

    /// The code in the built-in list.
    pub fn code(self) -> &'static str {
        match self {
            Level::Impact => "impact",
            Level::Outcome => "outcome",
            Level::Output => "output",
        }
    }
}

/// A result of the results chain.
#[derive(Clone, Debug)]
pub struct ResultNode {
    /// As written (`R1`).
    pub code: String,
    /// What is to be reached.
    pub title: Text,
    /// Level, where the sheet says one.
    pub level: Option<Level>,
    /// The result that it contributes to.
    pub parent: Option<ResultId>,
    /// Assumptions and risks.
    pub assumptions: Text,
    /// Where it was read.
    pub row: RowRef,
}

/// What a target is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// The value of the period alone.
    Incremental,
    /// The value from the project's start to the period's end.
    Cumulative,
}

/// What a target is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetSpan {
    /// A reporting period.
    Period(Period),
    /// A day.
    Due(Date),
}

impl TargetSpan {
    /// The day that it is due on.
    pub fn end(&self) -> Date {
        match self {
            TargetSpan::Period(period) => period.end,
            TargetSpan::Due(day) => *day,
        }
    }
}

/// A target of a period or due date; an indicator's total target is a field of [`Indicator`].
#[derive(Clone, Debug)]
pub struct Target {
    /// Whose target it is.
    pub indicator: IndicatorId,
    /// What it is for.
    pub span: TargetSpan,
    /// The number to reach; of a ratio a fraction.
    pub value: Decimal,
    /// Resolved: the contract's default where the sheet says nothing.
    pub kind: TargetKind,
    /// Where it was read.
    pub row: RowRef,
}

/// A value that only people know, or an explanation of variance, for one period.
#[derive(Clone, Debug)]
pub struct ReportedValue {
    /// Whose value it is.
    pub indicator: IndicatorId,
    /// For which period.
    pub period: Period,
    /// The value; none where the row only explains.
    pub value: Option<Amount>,
    /// Explanation of variance.
    pub comment: Text,
    /// What is done about the variance.
    pub action: Text,
    /// Where the value comes from.
    pub source: Text,
    /// Where it was read.
    pub row: RowRef,
}

/// What the narrative, the profiles and parity are checked against; readable before the data is.
#[derive(Clone, Debug, Default)]
pub struct Logframe {
    /// The results chain, in the order of its rows.
    pub results: Vec<ResultNode>,
    /// Indicators, in the order of their rows.
    pub indicators: Vec<Indicator>,
    /// Targets of periods and of days.
    pub targets: Vec<Target>,
    /// Values and explanations by period.
    pub reported: Vec<ReportedValue>,
    /// Every period of project.toml in order of start, then end; the project as a whole last.
    pub periods: Vec<Period>,
}

impl Logframe {
    /// The indicator of an id.
    pub fn indicator(&self, id: IndicatorId) -> &Indicator {
        &self.indicators[id.0 as usize]
    }

    /// All ids of indicators, in order.
    pub fn indicator_ids(&self) -> impl Iterator<Item = IndicatorId> + use<> {
        (0..self.indicators.len() as u16).map(IndicatorId)
    }

    /// The result of an id.
    pub fn result(&self, id: ResultId) -> &ResultNode {
        &self.results[id.0 as usize]
    }

    /// The place of a period among all, by its code.
    pub fn period_index(&self, code: &str) -> Option<usize> {
        self.periods.iter().position(|period| period.code == code)
    }

    /// The period of a code.
    pub fn period(&self, code: &str) -> Option<&Period> {
        self.periods.iter().find(|period| period.code == code)
    }
}
