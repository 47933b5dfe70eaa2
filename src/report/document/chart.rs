use serde::{Serialize, Serializer};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{FigureText, StatusBadge};

/// A share of a length, from 0 to 1, in ten-thousandths: the only number that a template multiplies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fraction(u16);

impl Fraction {
    /// `part` of `whole`, cut to 0 and 1; nothing of nothing is 0.
    pub fn ratio(part: Decimal, whole: Decimal) -> Fraction {
        if whole <= Decimal::ZERO || part <= Decimal::ZERO {
            return Fraction(0);
        }
        let parts = (part / whole).min(Decimal::ONE) * Decimal::from(10_000);
        Fraction(parts.round().to_u16().unwrap_or(10_000))
    }
}

impl Serialize for Fraction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 10_000.0)
    }
}

/// Actual against target, one indicator a row. `value` and `target` are places on one scale.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Bar {
    /// Code of the indicator.
    pub code: String,
    /// Beside the bar.
    pub label: String,
    /// None where there is nothing to draw: absent, or without a target.
    pub value: Option<Fraction>,
    /// The upper end where the value is an interval.
    pub value_to: Option<Fraction>,
    /// Where the total target is.
    pub target: Option<Fraction>,
    /// Where the target to date is.
    pub due: Option<Fraction>,
    /// The value lies beyond the end of the bar.
    pub beyond: bool,
    /// "518 of 500".
    pub text: FigureText,
    /// "103.6 %".
    pub progress: Option<FigureText>,
    /// Its status.
    pub status: Option<StatusBadge>,
}

/// An indicator's level at the end of each period, against what was due.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Trend {
    /// Code of the indicator.
    pub code: String,
    /// Title of the indicator.
    pub title: String,
    /// By period, earliest first.
    pub columns: Vec<PeriodColumn>,
    /// Alternative text.
    pub alt: String,
}

/// One period of a chart over time.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PeriodColumn {
    /// The period, short.
    pub label: String,
    /// Height of the value; `None` if hidden or absent.
    pub value: Option<Fraction>,
    /// Height of the target to date.
    pub due: Option<Fraction>,
    /// The value, as printed.
    pub text: FigureText,
}

/// A level over all periods as a line, with what was due as steps.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TrendLine {
    /// Two or more, from left to right.
    pub points: Vec<TrendPoint>,
    /// Words under the first and the last point.
    pub first: String,
    /// The value at its end, as printed.
    pub last: String,
    /// Alternative text.
    pub alt: String,
}

/// A level and what was due, as heights on one scale.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TrendPoint {
    /// Where it lies between the first and the last.
    pub at: Fraction,
    /// Height of the value; `None` if hidden or absent.
    pub value: Option<Fraction>,
    /// Height of the plan.
    pub due: Option<Fraction>,
}

/// Two sexes by age bands, youngest at the foot.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Pyramid {
    /// Label of the left side.
    pub left: String,
    /// Label of the right side.
    pub right: String,
    /// From top to bottom.
    pub rows: Vec<PyramidRow>,
    /// "Not shown in the chart: unknown 3."
    pub note: Option<FigureText>,
    /// Alternative text.
    pub alt: String,
}

/// One band of ages.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PyramidRow {
    /// The band.
    pub label: String,
    /// Length to the left; `None` if hidden or absent.
    pub left: Option<Fraction>,
    /// Length to the right; `None` if hidden or absent.
    pub right: Option<Fraction>,
    /// The value on the left, as printed.
    pub left_text: FigureText,
    /// The value on the right, as printed.
    pub right_text: FigureText,
}

/// Activities month by month, or in longer steps: held, under way, and planned.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ActivitiesChart {
    /// Above the chart.
    pub heading: String,
    /// Of the kinds that occur: which, and the word for it.
    pub key: Vec<ActivityKey>,
    /// Which day each activity is counted on.
    pub note: String,
    /// Earliest first.
    pub months: Vec<MonthColumn>,
    /// Alternative text.
    pub alt: String,
}

/// One month or quarter.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MonthColumn {
    /// The month, short.
    pub label: String,
    /// Another year begins here.
    pub year: Option<String>,
    /// It is of the report's own period.
    pub is_own: bool,
    /// One for each kind that occurs in it.
    pub columns: Vec<ActivityColumn>,
}

/// How far an activity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActivityKind {
    /// Completed.
    Held,
    /// Begun and not ended.
    Ongoing,
    /// Not begun.
    Planned,
}

/// A line of the legend.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ActivityKey {
    /// What it explains.
    pub kind: ActivityKind,
    /// What it is called.
    pub word: String,
}

/// Activities of one kind in one month.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ActivityColumn {
    /// Of which activities.
    pub kind: ActivityKind,
    /// A share of the highest column.
    pub height: Fraction,
    /// How many, as printed.
    pub text: String,
}
