use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Category, ColumnId, CountSideId, Level, ResultId, RowRef, Text};

/// An indicator, by its place in [`super::Logframe::indicators`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndicatorId(pub u16);

/// What an indicator counts (contract, section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calculation {
    /// Activities that are completed.
    Activities,
    /// Attendances: a person at an activity on a day.
    Attendances,
    /// Different persons; each once, at the first contact.
    People,
    /// Different persons who attended enough; each once, at the last attendance needed.
    Completed(Completion),
    /// Sum of a numeric activity column.
    Sum(ColumnId),
    /// Different values of a column.
    Distinct(DistinctColumn),
    /// People known only by head counts that may overlap: largest single count to sum.
    Reach(ColumnId),
    /// The first indicator divided by the second.
    Ratio(IndicatorId, IndicatorId),
    /// A value that people report for each period.
    Reported,
}

impl Calculation {
    /// Whether rows are counted: all but `ratio` and `reported`.
    pub fn is_counted(self) -> bool {
        !matches!(self, Calculation::Ratio(..) | Calculation::Reported)
    }

    /// Whether the parts of an axis add up to the total.
    pub fn is_additive(self) -> bool {
        matches!(
            self,
            Calculation::Activities
                | Calculation::Attendances
                | Calculation::People
                | Calculation::Completed(_)
                | Calculation::Sum(_)
        )
    }

    /// Whether its unit is a person: who came, or how many did.
    pub fn counts_persons(self) -> bool {
        matches!(
            self,
            Calculation::People | Calculation::Completed(_) | Calculation::Attendances | Calculation::Reach(_)
        ) || matches!(self, Calculation::Distinct(DistinctColumn::PersonCode))
    }

    /// Whether what it has counted may become less as activities are added: it is then a figure of the cumulative scope alone.
    pub fn may_fall(self) -> bool {
        matches!(self, Calculation::Completed(Completion::Share { .. }))
    }

    /// Whether it goes over attendances (persons' columns exist) rather than over activities.
    pub fn over_attendances(self) -> bool {
        matches!(
            self,
            Calculation::Attendances
                | Calculation::People
                | Calculation::Completed(_)
                | Calculation::Distinct(DistinctColumn::Person(_) | DistinctColumn::PersonCode | DistinctColumn::Age)
        )
    }
}

/// How much somebody must have attended to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// So many different attendances.
    Attendances(u32),
    /// A share of the completed activities with the same value in a column, for one of its values.
    Share {
        /// Above 0, up to 1.
        share: Decimal,
        /// A column of the activities.
        of: ColumnId,
    },
}

/// What `distinct` counts the different values of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DistinctColumn {
    /// A column of the activities.
    Activity(ColumnId),
    /// A column of the persons.
    Person(ColumnId),
    /// Persons, by their code.
    PersonCode,
    /// Different age bands.
    Age,
}

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A column of the activities.
    Activity(ColumnId),
    /// The day that the activity counts on.
    ActivityDate,
    /// A column of the persons.
    Person(ColumnId),
    /// The person's code.
    PersonCode,
    /// The person's age in full years, on the day that the attendance counts on.
    Age,
    /// The person's year of birth.
    BirthYear,
    /// The attendance's own date, or its activity's.
    AttendanceDate,
    /// The attendance's session.
    Session,
}

impl Subject {
    /// Whether a condition on it is decided once per activity.
    pub fn is_of_activity(self) -> bool {
        matches!(self, Subject::Activity(_) | Subject::ActivityDate)
    }
}

/// How a number or a day is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `=`
    Equal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// One alternative of a condition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Atom {
    /// The cell holds this value among its values.
    Category(Category),
    /// The cell's number compares so.
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
    /// What is compared.
    pub subject: Subject,
    /// Written with `!=`: holds if no atom does.
    pub negated: bool,
    /// The alternatives.
    pub any: Vec<Atom>,
    /// As written, for explanations.
    pub text: String,
}

/// One side of an axis: what it divides by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AxisSide {
    /// A column of the activities.
    Activity(ColumnId),
    /// A column of the persons.
    Person(ColumnId),
    /// The band of the age.
    Age,
    /// By what head counts in columns break counts down.
    Counted(CountSideId),
}

impl AxisSide {
    /// Whether it is a value of persons.
    pub fn is_personal(self) -> bool {
        matches!(self, AxisSide::Person(_) | AxisSide::Age | AxisSide::Counted(_))
    }
}

/// A disaggregation, simple or crossed.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The key in figures.json: as written in `by`, crossings normalised to ` × `.
    pub text: String,
    /// What it divides by.
    pub first: AxisSide,
    /// What each part is divided by again, if the axis is crossed.
    pub second: Option<AxisSide>,
}

impl Axis {
    /// Whether head counts in columns tell its parts apart: no row of activities is in one part of it.
    pub fn is_counted(&self) -> bool {
        [Some(self.first), self.second].into_iter().flatten().any(|side| matches!(side, AxisSide::Counted(_)))
    }

    /// Whether it discloses something of persons, so that its parts may have to be suppressed.
    pub fn is_personal(&self) -> bool {
        self.first.is_personal() || self.second.is_some_and(AxisSide::is_personal)
    }
}

/// Which way an indicator is meant to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Increase,
    /// Less is better.
    Decrease,
}

/// How reported values of several periods become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregation {
    /// They add up.
    Sum,
    /// The last one counts.
    Latest,
    /// The largest one counts.
    Maximum,
    /// Their mean.
    Average,
}

/// What is due where no period or day has a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// The share of the total target that the elapsed share of the project's time makes.
    Linear,
}

/// What a counted indicator's baseline other than 0 is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaselineUse {
    /// level = baseline + cumulative value.
    Added,
    /// Shown only; progress = level / target.
    Reference,
}

/// An indicator of the logical framework.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// As written (`I14`).
    pub code: String,
    /// What is measured.
    pub title: Text,
    /// What a number of it counts (`persons`).
    pub unit: Text,
    /// Level of the results chain, where the sheet says one.
    pub level: Option<Level>,
    /// The result that it measures.
    pub result: Option<ResultId>,
    /// How it is computed.
    pub calculation: Calculation,
    /// As written, for explanations and the annex.
    pub calculation_text: String,
    /// What a row must satisfy to be counted: all of them.
    pub conditions: Vec<Condition>,
    /// As written.
    pub where_text: String,
    /// Its disaggregations, in the order of `by`.
    pub axes: Vec<Axis>,
    /// A ratio's baseline and target are fractions.
    pub baseline: Option<Decimal>,
    /// What a baseline other than 0 means; none where there is none.
    pub baseline_use: Option<BaselineUse>,
    /// The total target.
    pub target: Option<Decimal>,
    /// Which way it is meant to move.
    pub direction: Direction,
    /// How reported values of several periods become one; only for `reported`.
    pub aggregation: Option<Aggregation>,
    /// What is due without targets of periods or days; none: what `[progress]` of project.toml says.
    pub plan: Option<Plan>,
    /// What is counted and what isn't.
    pub definition: Text,
    /// Means of verification.
    pub verification: Text,
    /// Where it was read.
    pub row: RowRef,
}

impl Indicator {
    /// Whether it starts from nothing: what rows are counted for, and reported values that are added up. A baseline is then
    /// either added or for reference; else progress is measured from it.
    pub fn starts_from_nothing(&self) -> bool {
        self.calculation.is_counted()
            || self.calculation == Calculation::Reported && self.aggregation == Some(Aggregation::Sum)
    }
}
