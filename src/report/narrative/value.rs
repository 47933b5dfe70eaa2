use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::model::Amount;

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Figure(FigureValue),
    Number(Decimal),
    /// Text from the data or from an argument; never read as Markdown.
    Text(String),
    Date(Date),
    /// A month without a day, by its first day.
    Month(Date),
    Bool(bool),
    /// Traffic light of an indicator, by code.
    Status {
        code: &'static str,
        indicator: String,
    },
    Items(Rc<Vec<Item>>),
    Item(Item),
    /// A figure already written, as a word or with other decimals.
    Written {
        text: String,
        indicator: String,
    },
    /// A chart or table of an indicator.
    Placed {
        chart: bool,
        indicator: String,
    },
    Unknown(Unknown),
}

/// A figure of an indicator with how it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FigureValue {
    pub amount: Amount,
    pub style: Style,
    pub indicator: String,
    pub between: bool,
    pub bare: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Count,
    /// A fraction, printed as percents.
    Percent,
}

/// Fields by name; equal for what a loop goes over and for `project`, `period`, `report`.
pub(super) type Item = Rc<BTreeMap<String, Value>>;

/// Something that has no value, and why: it can't be printed or decided, only asked for with `known`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unknown {
    pub why: Why,
    /// As the prose names it: `actual I14`.
    pub what: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Absent,
    Suppressed,
    Undetermined,
}

impl Why {
    /// Variant of the message.
    pub fn code(self) -> &'static str {
        match self {
            Why::Absent => "absent",
            Why::Suppressed => "suppressed",
            Why::Undetermined => "undetermined",
        }
    }
}

impl Value {
    pub fn unknown(why: Why, what: impl Into<String>) -> Value {
        Value::Unknown(Unknown { why, what: what.into() })
    }

    pub fn text_or_absent(text: Option<&str>, what: &str) -> Value {
        match text {
            Some(text) => Value::Text(text.to_owned()),
            None => Value::unknown(Why::Absent, what),
        }
    }

    /// Ends of a number or interval.
    pub fn ends(&self) -> Option<(Decimal, Decimal)> {
        match self {
            Value::Figure(figure) => Some((figure.amount.from, figure.amount.to)),
            Value::Number(number) => Some((*number, *number)),
            _ => None,
        }
    }

    /// Whether a condition holds; none where it can't be a condition.
    pub fn holds(&self) -> Option<bool> {
        match self {
            Value::Bool(flag) => Some(*flag),
            Value::Figure(_) | Value::Number(_) => self.ends().map(|(from, to)| !from.is_zero() || !to.is_zero()),
            Value::Text(text) => Some(!text.is_empty()),
            Value::Items(items) => Some(!items.is_empty()),
            Value::Date(_) | Value::Month(_) | Value::Item(_) | Value::Written { .. } => Some(true),
            Value::Status { .. } | Value::Placed { .. } | Value::Unknown(_) => None,
        }
    }
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
}

impl Comparison {
    pub fn from_name(name: &str) -> Option<Comparison> {
        Some(match name {
            "gt" => Comparison::Greater,
            "gte" => Comparison::GreaterOrEqual,
            "lt" => Comparison::Less,
            "lte" => Comparison::LessOrEqual,
            "eq" => Comparison::Equal,
            "ne" => Comparison::NotEqual,
            _ => return None,
        })
    }

    /// What holds for every number of both intervals; none where some say yes and some no.
    pub fn decide(self, a: (Decimal, Decimal), b: (Decimal, Decimal)) -> Option<bool> {
        let greater = |a: (Decimal, Decimal), b: (Decimal, Decimal)| {
            if a.0 > b.1 {
                Some(true)
            } else if a.1 <= b.0 {
                Some(false)
            } else {
                None
            }
        };
        match self {
            Comparison::Greater => greater(a, b),
            Comparison::LessOrEqual => greater(a, b).map(|yes| !yes),
            Comparison::Less => greater(b, a),
            Comparison::GreaterOrEqual => greater(b, a).map(|yes| !yes),
            Comparison::Equal if a.0 == a.1 && b.0 == b.1 => Some(a.0 == b.0),
            Comparison::Equal if a.1 < b.0 || b.1 < a.0 => Some(false),
            Comparison::Equal => None,
            Comparison::NotEqual => Comparison::Equal.decide(a, b).map(|yes| !yes),
        }
    }
}
