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
    pub code: String,
    pub label: String,
    /// None where there is nothing to draw: absent, or without a target.
    pub value: Option<Fraction>,
    /// The upper end where the value is an interval.
    pub value_to: Option<Fraction>,
    pub target: Option<Fraction>,
    pub due: Option<Fraction>,
    /// The value lies beyond the end of the bar.
    pub beyond: bool,
    /// "518 of 500".
    pub text: FigureText,
    /// "103.6 %".
    pub progress: Option<FigureText>,
    pub status: Option<StatusBadge>,
}

/// An indicator's level at the end of each period, against what was due.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Trend {
    pub code: String,
    pub title: String,
    pub columns: Vec<PeriodColumn>,
    pub alt: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PeriodColumn {
    pub label: String,
    pub value: Option<Fraction>,
    pub due: Option<Fraction>,
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
    pub last: String,
    pub alt: String,
}

/// A level and what was due, as heights on one scale.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TrendPoint {
    /// Where it lies between the first and the last.
    pub at: Fraction,
    pub value: Option<Fraction>,
    pub due: Option<Fraction>,
}

/// Two sexes by age bands, youngest at the foot.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Pyramid {
    pub left: String,
    pub right: String,
    pub rows: Vec<PyramidRow>,
    /// "Not shown in the chart: unknown 3."
    pub note: Option<FigureText>,
    pub alt: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PyramidRow {
    pub label: String,
    pub left: Option<Fraction>,
    pub right: Option<Fraction>,
    pub left_text: FigureText,
    pub right_text: FigureText,
}

/// Activities month by month, or in longer steps: held, under way, and planned.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ActivitiesChart {
    pub heading: String,
    /// Of the kinds that occur: which, and the word for it.
    pub key: Vec<ActivityKey>,
    /// Which day each activity is counted on.
    pub note: String,
    pub months: Vec<MonthColumn>,
    pub alt: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MonthColumn {
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
    Held,
    Ongoing,
    Planned,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ActivityKey {
    pub kind: ActivityKind,
    pub word: String,
}

/// Activities of one kind in one month.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ActivityColumn {
    pub kind: ActivityKind,
    pub height: Fraction,
    pub text: String,
}
