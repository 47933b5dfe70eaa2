//! What the numbers of an indicator are written in: its baseline, its targets and its reported values.

use rust_decimal::Decimal;

use crate::diagnostic::kinds;
use crate::fold;
use crate::ingest::cell::WrittenNumber;
use crate::ingest::conditions::WrittenCalculation;
use crate::ingest::layout::vocabulary;
use crate::ingest::table::{Field, OnFault};
use crate::model::{Amount, Lang, Text};

/// The unit of an indicator's numbers, which says what a percent sign behind one means.
#[derive(Clone, Debug, PartialEq)]
pub enum NumberUnit {
    /// Counted from rows: no number of it is a percentage.
    Count,
    /// A ratio, whose numbers are fractions of one: `60 %` is 0.6.
    Fraction,
    /// A reported value whose unit is a percentage: `60 %` is 60.
    Percent,
    /// A reported value in any other unit, by its name.
    Other(String),
}

impl NumberUnit {
    /// The unit of what is calculated so, `unit` being its name in each language and `order` the project's languages.
    pub fn of(calculation: &WrittenCalculation, unit: &Text, order: &[Lang]) -> NumberUnit {
        match calculation {
            WrittenCalculation::Ratio(..) => NumberUnit::Fraction,
            WrittenCalculation::Reported => {
                let mut names = order.iter().filter_map(|lang| unit.get(lang));
                let first = names.clone().next().unwrap_or_default().to_owned();
                if names.any(is_percent) { NumberUnit::Percent } else { NumberUnit::Other(first) }
            }
            _ => NumberUnit::Count,
        }
    }

    /// A baseline or a target of the indicator `code` in this unit. What its cell says of percent and can't be meant, or may
    /// not be, is reported there.
    pub fn convert(&self, field: &mut Field, code: &str, number: WrittenNumber) -> Decimal {
        let WrittenNumber { value, percent } = number;
        match self {
            NumberUnit::Count if percent => {
                let text = format!("{} %", in_percent(value));
                field.report(OnFault::DropRow, kinds::NotACount::Percent { text });
            }
            NumberUnit::Fraction if value > Decimal::ONE && !percent => {
                let value = value.normalize().to_string();
                field.warn(kinds::RatioOverOne { value, column: field.heading() });
            }
            NumberUnit::Percent if percent => return in_percent(value),
            NumberUnit::Percent if !value.is_zero() && value.abs() <= Decimal::ONE => {
                let (value, hundredfold) = (value.normalize().to_string(), in_percent(value).to_string());
                field.warn(kinds::SmallPercentage { indicator: code.to_owned(), value, hundredfold });
            }
            NumberUnit::Other(unit) if percent => {
                field.warn(kinds::PercentOfOtherUnit {
                    indicator: code.to_owned(),
                    percentage: in_percent(value).to_string(),
                    value: value.normalize().to_string(),
                    unit: unit.clone(),
                });
            }
            _ => {}
        }
        value
    }

    /// A reported value of the indicator `code` in this unit, as [`NumberUnit::convert`]; `percent` says that it is written
    /// in percent.
    pub fn convert_amount(&self, field: &mut Field, code: &str, amount: Amount, percent: bool) -> Amount {
        let value = self.convert(field, code, WrittenNumber { value: amount.from, percent });
        let exact = Amount::exact(value);
        amount.hedge.map_or(exact, |hedge| exact.with_hedge(hedge))
    }
}

/// A fraction in percent.
fn in_percent(fraction: Decimal) -> Decimal {
    (fraction * Decimal::ONE_HUNDRED).normalize()
}

/// Whether a unit says percent, by a sign or a word.
fn is_percent(unit: &str) -> bool {
    let key = fold::code_key(unit);
    key.contains('%') || vocabulary().percent_units.contains(&key)
}
