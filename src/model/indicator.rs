use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Category, ColumnId, Level, ResultId, RowRef, Text};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndicatorId(pub u16);

/// What an indicator counts (contract, section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calculation {
    Activities,
    Attendances,
    People,
    /// Sum of a numeric activity column.
    Sum(ColumnId),
    Distinct(DistinctColumn),
    /// People known only by head counts that may overlap: largest single count to sum.
    Reach(ColumnId),
    Ratio(IndicatorId, IndicatorId),
    Reported,
}

impl Calculation {
    /// Whether rows are counted, so that it starts from nothing: all but `ratio` and `reported`.
    pub fn is_counted(self) -> bool {
        !matches!(self, Calculation::Ratio(..) | Calculation::Reported)
    }

    /// Whether its unit is a person: who came, or how many did.
    pub fn counts_persons(self) -> bool {
        matches!(self, Calculation::People | Calculation::Attendances | Calculation::Reach(_))
            || matches!(self, Calculation::Distinct(DistinctColumn::PersonCode))
    }

    /// Whether it goes over attendances (persons' columns exist) rather than over activities.
    pub fn over_attendances(self) -> bool {
        matches!(
            self,
            Calculation::Attendances
                | Calculation::People
                | Calculation::Distinct(DistinctColumn::Person(_) | DistinctColumn::PersonCode | DistinctColumn::Age)
        )
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DistinctColumn {
    Activity(ColumnId),
    Person(ColumnId),
    PersonCode,
    /// Different age bands.
    Age,
}

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Activity(ColumnId),
    /// The day that the activity counts on.
    ActivityDate,
    Person(ColumnId),
    PersonCode,
    Age,
    BirthYear,
    /// The attendance's own date, or its activity's.
    AttendanceDate,
    Session,
}

impl Subject {
    /// Decided once per activity.
    pub fn of_activity(self) -> bool {
        matches!(self, Subject::Activity(_) | Subject::ActivityDate)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// One alternative of a condition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Atom {
    /// The cell holds this value among its values.
    Category(Category),
    Number(Op, Decimal),
    /// A day, or with equal a whole month or year: from first to last day of what was written.
    Day(Op, Date, Date),
    /// Person by index, for [`Subject::PersonCode`]; session by index, for [`Subject::Session`].
    Index(u32),
}

/// `subject = a | b`, `subject != a | b`, `subject < 18`. Holds if any atom does; negated (`!=`), if none does,
/// so that a blank satisfies only `!=`. A code that no row bears yields no atom: `=` then never holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub subject: Subject,
    pub negated: bool,
    pub any: Vec<Atom>,
    /// As written, for explanations.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxisPart {
    Activity(ColumnId),
    Person(ColumnId),
    Age,
}

/// A disaggregation, simple or crossed.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The key in figures.json: as written in `by`, crossings normalised to ` × `.
    pub text: String,
    pub first: AxisPart,
    pub second: Option<AxisPart>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Increase,
    Decrease,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregation {
    Sum,
    Latest,
    Maximum,
    Average,
}

/// What a counted indicator's baseline other than 0 is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaselineUse {
    /// level = baseline + cumulative value.
    Added,
    /// Shown only; progress = level / target.
    Reference,
}

#[derive(Clone, Debug)]
pub struct Indicator {
    pub code: String,
    pub title: Text,
    pub unit: Text,
    pub level: Option<Level>,
    pub result: Option<ResultId>,
    pub calculation: Calculation,
    /// As written, for explanations and the annex.
    pub calculation_text: String,
    pub conditions: Vec<Condition>,
    /// As written.
    pub where_text: String,
    pub axes: Vec<Axis>,
    /// A ratio's baseline and target are fractions.
    pub baseline: Option<Decimal>,
    pub baseline_use: Option<BaselineUse>,
    pub target: Option<Decimal>,
    pub direction: Direction,
    pub aggregation: Option<Aggregation>,
    pub definition: Text,
    pub verification: Text,
    pub row: RowRef,
}
