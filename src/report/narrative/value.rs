use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::diagnostic::kinds;
use crate::indicators::Status;
use crate::model::{ActivityId, Amount, ColumnId};
use crate::report::figure_source::FigureSource;

/// What an expression evaluates to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ExprValue {
    Figure(FigureValue),
    Number(Decimal),
    /// Text from the data or from an argument; never read as Markdown.
    Text(String),
    /// Values of a list: a cell of the activities, a status, a level.
    Listed(ListedValue),
    Date(Date),
    /// A month without a day, by its first day.
    Month(Date),
    Bool(bool),
    /// Traffic light of an indicator.
    Status {
        status: Status,
        indicator: String,
    },
    Items(Rc<Vec<Item>>),
    Item(Item),
    /// A figure already written, as a word or with other decimals.
    Formatted {
        text: String,
        indicator: String,
        source: FigureSource,
    },
    Embed {
        kind: EmbedKind,
        indicator: String,
    },
    /// How many people came to an activity; counted only once prose names it.
    Attendees(ActivityId),
    Unknown(Unknown),
}

/// Values of a list, as they are printed and as they are compared: `completed` is the same value as `завршена`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ListedValue {
    pub text: String,
    /// Codes, of a column without a list the texts.
    pub codes: Vec<String>,
    pub list: ListSource,
}

/// Which list a value is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListSource {
    /// A column of the activities.
    ActivityColumn(ColumnId),
    ActivityStatus,
    Level,
}

/// What is drawn of an indicator, on a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EmbedKind {
    Chart,
    Table,
}

/// The least and the greatest value that a number may have.
pub(super) type Interval = (Decimal, Decimal);

/// A figure of an indicator with how it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FigureValue {
    pub amount: Amount,
    pub style: NumberStyle,
    /// Its code; empty if the figure is of no indicator.
    pub indicator: String,
    /// Written "between 16 and 32", not "16–32".
    pub between: bool,
    /// Written without the word of its hedge.
    pub bare: bool,
    /// Where figures.json holds it.
    pub place: Option<String>,
}

impl FigureValue {
    pub fn new(amount: Amount, style: NumberStyle, indicator: String) -> FigureValue {
        FigureValue { amount, style, indicator, between: false, bare: false, place: None }
    }

    /// What it is to a machine.
    pub fn source(&self) -> FigureSource {
        FigureSource { place: self.place.clone(), from: self.amount.from, to: self.amount.to }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberStyle {
    Count,
    /// A fraction, printed as percents.
    Percent,
    /// The difference of two fractions, printed as percentage points.
    Points,
}

/// Fields by name; equal for what a loop goes over and for `project`, `period`, `report`.
pub(super) type Item = Rc<BTreeMap<String, ExprValue>>;

/// Something without a value, and why: it can't be printed or decided; only `known` takes it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unknown {
    pub reason: UnknownReason,
    /// As it is written in a tag: `actual "I14"`.
    pub what: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnknownReason {
    Absent,
    /// Too small to be shown, or it would give away what is. With the limit where it is shown to be below it.
    Suppressed {
        below: Option<u32>,
    },
    Undetermined,
}

impl Unknown {
    /// The tag that guards it; a call is in parentheses.
    fn guard(&self) -> String {
        let what = if self.what.contains(' ') { format!("({})", self.what) } else { self.what.clone() };
        format!("{{{{#if (known {what})}}}}")
    }

    /// The problem that it is printed without a guard in a report of a period.
    pub fn unguarded(&self, period: &str) -> kinds::Unguarded {
        let (what, guard, periods) = (self.what.clone(), self.guard(), period.to_owned());
        match self.reason {
            UnknownReason::Absent => kinds::Unguarded::Absent { what, guard, periods },
            UnknownReason::Suppressed { .. } => kinds::Unguarded::Suppressed { what, guard },
            UnknownReason::Undetermined => kinds::Unguarded::Undetermined { what, guard },
        }
    }

    /// The problem that a condition of such a report depends on it.
    pub fn undecided_condition(&self, period: &str) -> kinds::UndecidedCondition {
        let (what, guard, periods) = (self.what.clone(), self.guard(), period.to_owned());
        match self.reason {
            UnknownReason::Absent => kinds::UndecidedCondition::Absent { what, guard, periods },
            UnknownReason::Suppressed { .. } => kinds::UndecidedCondition::Suppressed { what, guard },
            UnknownReason::Undetermined => kinds::UndecidedCondition::Undetermined { what, guard },
        }
    }

    /// The problem that a claim of such a report depends on it.
    pub fn undecided_claim(&self, period: &str) -> kinds::UndecidedClaim {
        let (what, guard, periods) = (self.what.clone(), self.guard(), period.to_owned());
        match self.reason {
            UnknownReason::Absent => kinds::UndecidedClaim::Absent { what, guard, periods },
            UnknownReason::Suppressed { .. } => kinds::UndecidedClaim::Suppressed { what, guard },
            UnknownReason::Undetermined => kinds::UndecidedClaim::Undetermined { what, guard },
        }
    }
}

impl ExprValue {
    pub fn unknown(reason: UnknownReason, what: impl Into<String>) -> ExprValue {
        ExprValue::Unknown(Unknown { reason, what: what.into() })
    }

    pub fn from_items(items: Vec<Item>) -> ExprValue {
        ExprValue::Items(Rc::new(items))
    }

    pub fn text_or_absent(text: Option<&str>, what: &str) -> ExprValue {
        match text {
            Some(text) => ExprValue::Text(text.to_owned()),
            None => ExprValue::unknown(UnknownReason::Absent, what),
        }
    }

    /// The text, of values of a list as they are printed; `None` if it is no text.
    pub fn text(&self) -> Option<&str> {
        match self {
            ExprValue::Text(text) | ExprValue::Listed(ListedValue { text, .. }) => Some(text),
            _ => None,
        }
    }

    /// The least and the greatest value that a number or figure may have; equal unless it is an interval.
    pub fn bounds(&self) -> Option<Interval> {
        match self {
            ExprValue::Figure(figure) => Some((figure.amount.from, figure.amount.to)),
            ExprValue::Number(number) => Some((*number, *number)),
            // A number may stand in quotation marks.
            ExprValue::Text(text) => text.trim().parse().ok().map(|number| (number, number)),
            _ => None,
        }
    }

    /// Whether a condition holds; `None` if the value can't be a condition.
    pub fn is_truthy(&self) -> Option<bool> {
        match self {
            ExprValue::Bool(flag) => Some(*flag),
            ExprValue::Figure(_) | ExprValue::Number(_) => {
                self.bounds().map(|(from, to)| !from.is_zero() || !to.is_zero())
            }
            ExprValue::Text(text) => Some(!text.is_empty()),
            ExprValue::Items(items) => Some(!items.is_empty()),
            ExprValue::Listed(_)
            | ExprValue::Date(_)
            | ExprValue::Month(_)
            | ExprValue::Item(_)
            | ExprValue::Formatted { .. } => Some(true),
            ExprValue::Status { .. } | ExprValue::Embed { .. } | ExprValue::Attendees(_) | ExprValue::Unknown(_) => {
                None
            }
        }
    }
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CompareOp {
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
}

impl CompareOp {
    /// Whether the comparison holds for every pair of numbers out of both intervals; `None` if for some only.
    pub fn compare(self, a: Interval, b: Interval) -> Option<bool> {
        let greater = |a: Interval, b: Interval| {
            if a.0 > b.1 {
                Some(true)
            } else if a.1 <= b.0 {
                Some(false)
            } else {
                None
            }
        };
        match self {
            CompareOp::Greater => greater(a, b),
            CompareOp::LessOrEqual => greater(a, b).map(|yes| !yes),
            CompareOp::Less => greater(b, a),
            CompareOp::GreaterOrEqual => greater(b, a).map(|yes| !yes),
            CompareOp::Equal if a.0 == a.1 && b.0 == b.1 => Some(a.0 == b.0),
            CompareOp::Equal if a.1 < b.0 || b.1 < a.0 => Some(false),
            CompareOp::Equal => None,
            CompareOp::NotEqual => CompareOp::Equal.compare(a, b).map(|yes| !yes),
        }
    }
}
